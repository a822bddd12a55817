#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/look.h"
#include "registry/person_view.h"
#include "registry/registry.h"

enum { PAGE = 50, AUDIT_PAGE = 200 };

/* -------------------------------------------------------- opening a person */

struct look_args {
    int64_t    id;
    struct str reason;
};
static const struct field look_args[] = {
    FIELD_ID(struct look_args, id, REQUIRED, .title = STR_INIT("居民")),
    FIELD(struct look_args, reason, .max = 200, .title = STR_INIT("原因"),
          .note = STR_INIT("手上没有他的事时要写；本人能看到")),
};
static const struct field reveal_args[] = {
    FIELD_ID(struct look_args, id, REQUIRED, .title = STR_INIT("居民")),
    FIELD(struct look_args, reason, REQUIRED, .max = 200, .title = STR_INIT("原因"),
          .note = STR_INIT("本人能看到")),
};

struct tie_shown {
    struct str says;
    int64_t    id;
};
static const struct field tie_fields[] = {
    FIELD(struct tie_shown, says, OPTIONAL),
    FIELD_ID(struct tie_shown, id, OPTIONAL),
};
struct page_shown {
    struct person_shown person;
    struct tie_shown    tie;
};
static const struct field page_fields[] = {
    FIELD_STRUCT(struct page_shown, person, person_shown_fields, OPTIONAL),
    FIELD_STRUCT(struct page_shown, tie, tie_fields, .title = STR_INIT("手上有他的什么事")),
};

static bool within_reach(struct op *op, const struct person *person)
{
    return actor_may(op->actor, RIGHT_PERSON_READ, person->grid);
}

/* Who is not to be seen is not there; that somebody tried stays. */
static enum rc not_there(struct op *op, int64_t id, struct view *view)
{
    view->refused = RC_NOT_FOUND;
    return look_denied(op, id);
}

/* A shielded person is there only for who has something to do for them. */
static enum rc may_open(struct op *op, const struct person *person, bool *may)
{
    struct tie tie;

    *may = within_reach(op, person);
    if (!*may || person_located(op, person))
        return RC_OK;
    enum rc rc = keepers_tie(op, person->id, &tie);
    *may = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc open_person(struct op *op, const struct look_args *args, enum look_kind kind,
                           struct view *view)
{
    struct page_shown shown = { 0 };
    struct person     person;
    struct tie        tie;
    bool              may = false;

    enum rc rc = person_find(op, args->id, &person);
    if (rc == RC_OK)
        rc = may_open(op, &person, &may);
    if (rc != RC_OK)
        return rc;
    if (!may)
        return not_there(op, person.id, view);
    if (kind == LOOK_CLEAR && !person_located(op, &person))
        return fail(op, RC_DENIED, NULL,
                    "这位居民受保护，住址和电话只有保护专员和社区民警能看。");
    rc = look_at(op, &person, kind, args->reason, &tie, &view->refused);
    if (rc != RC_OK || view->refused != RC_OK)
        return rc;
    rc = person_show(op, &person, kind == LOOK_CLEAR, &shown.person);
    shown.tie = (struct tie_shown){ tie.says, tie.id };
    if (rc == RC_OK)
        view_struct(view, page_fields, COUNT(page_fields), &shown);
    return rc;
}

static enum rc look(struct op *op, const void *in, struct view *view)
{
    return open_person(op, in, LOOK_PAGE, view);
}

static enum rc reveal(struct op *op, const void *in, struct view *view)
{
    return open_person(op, in, LOOK_CLEAR, view);
}

/* ------------------------------------------------------- who looked at me */

struct cursor_args {
    int64_t cursor;
};
static const struct field cursor_fields[] = {
    FIELD_ID(struct cursor_args, cursor, OPTIONAL),
};
struct seen {
    int64_t    id, at;
    struct str who, kind, what, tie, reason;
};
static const struct field seen_fields[] = {
    FIELD_ID(struct seen, id, OPTIONAL),
    FIELD_TIME(struct seen, at, OPTIONAL),
    FIELD(struct seen, who, .title = STR_INIT("谁")),
    FIELD(struct seen, kind, .title = STR_INIT("怎么看的"),
          .note = STR_INIT("page、clear、listed、export、case、call、number 或 reach")),
    FIELD(struct seen, what, .title = STR_INIT("看了什么")),
    FIELD(struct seen, tie, .title = STR_INIT("因为哪件事")),
    FIELD(struct seen, reason, .grade = GRADE_PERSONAL, .title = STR_INIT("写下的原因")),
};

/* For the person, in words. */
static struct str what_was_seen(struct str kind)
{
    static const struct {
        enum look_kind kind;
        struct str     says;
    } words[] = {
        { LOOK_PAGE, STR_INIT("打开了您的信息页，姓名、号码和住址是遮住的") },
        { LOOK_CLEAR, STR_INIT("看了您完整的姓名、电话、身份证号和住址") },
        { LOOK_LISTED, STR_INIT("查找居民时列出了您，姓名和号码是遮住的") },
        { LOOK_EXPORT, STR_INIT("导出了一份有您的名单") },
        { LOOK_CASE, STR_INIT("打开了您的一件保密的办件") },
        { LOOK_CALL, STR_INIT("有电话用您的号码打来，接电话的人查了用这个号码报过的事") },
        { LOOK_NUMBER, STR_INIT("为了回访，看了您完整的电话号码") },
        { LOOK_REACH, STR_INIT("为了办您报的事，看了您完整的电话号码") },
    };

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(kind, look_word(words[i].kind)))
            return words[i].says;
    return STR("");
}

static enum rc mine_ready(struct op *op, void *in)
{
    (void)in;
    if (!op->actor->person)
        return fail(op, RC_NOT_FOUND, NULL, "您的账号没有对应的居民信息。");
    op->county = id_county(op->actor->person);
    return RC_OK;
}

static enum rc show_seen(struct op *op, const struct look *look, struct seen *seen)
{
    *seen = (struct seen){ .id = look->id,
                           .at = id_ms(look->id),
                           .who = look->who,
                           .kind = look->kind,
                           .what = what_was_seen(look->kind),
                           .tie = look->tie };
    return look_reason(op, look, &seen->reason);
}

static enum rc mine(struct op *op, const void *in, struct view *view)
{
    const struct cursor_args *args = in;
    struct list               found;

    enum rc      rc = looks_at_person(op, op->actor->person, args->cursor, PAGE, &found);
    struct seen *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct seen) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct look *looks = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = show_seen(op, &looks[i], &rows[i]);
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)looks[PAGE - 1].id)
                          : STR_NONE;
    if (rc == RC_OK)
        view_page(view, seen_fields, COUNT(seen_fields), (struct list){ rows, found.n },
                  sizeof *rows, next);
    return rc;
}

/* -------------------------------------------------------------- the audit */

struct audit_args {
    int64_t account, person, from, until, cursor;
};
static const struct field audit_fields[] = {
    FIELD_ID(struct audit_args, account, .title = STR_INIT("谁看的，账号")),
    FIELD_ID(struct audit_args, person, .title = STR_INIT("看了谁，居民")),
    FIELD_TIME(struct audit_args, from, .title = STR_INIT("从什么时候")),
    FIELD_TIME(struct audit_args, until, .title = STR_INIT("到什么时候")),
    FIELD_ID(struct audit_args, cursor, OPTIONAL),
};
struct audited {
    int64_t    id, at, account, person;
    struct str who, kind, fields, tie, reason;
};
static const struct field audited_fields[] = {
    FIELD_ID(struct audited, id, OPTIONAL),
    FIELD_TIME(struct audited, at, OPTIONAL),
    FIELD_ID(struct audited, account, OPTIONAL),
    FIELD_ID(struct audited, person, OPTIONAL),
    FIELD(struct audited, who, OPTIONAL),
    FIELD(struct audited, kind, OPTIONAL),
    FIELD(struct audited, fields, .title = STR_INIT("看了哪些"),
          .note = STR_INIT("带 * 的是遮住的")),
    FIELD(struct audited, tie, OPTIONAL),
    FIELD(struct audited, reason, .grade = GRADE_PERSONAL),
};

static enum rc audit_ready(struct op *op, void *in)
{
    const struct audit_args *args = in;

    if (!args->account == !args->person)
        return fail(op, RC_INVALID, "account", "请写账号或居民中的一个。");
    op->county = id_county(args->account ? args->account : args->person);
    return county_yours(op, RIGHT_LOOK_READ);
}

static enum rc audit(struct op *op, const void *in, struct view *view)
{
    const struct audit_args *args = in;
    struct list              found;

    enum rc         rc = args->person
                             ? looks_at_person(op, args->person, args->cursor, AUDIT_PAGE, &found)
                             : looks_by_account(op, args->account, args->from, args->until,
                                                args->cursor, AUDIT_PAGE, &found);
    struct audited *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct audited) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct look *looks = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        rows[i] = (struct audited){ looks[i].id,     id_ms(looks[i].id), looks[i].account,
                                    looks[i].person, looks[i].who,       looks[i].kind,
                                    looks[i].fields, looks[i].tie,       STR_NONE };
        rc = look_reason(op, &looks[i], &rows[i].reason);
    }
    struct str next = found.n == AUDIT_PAGE
                          ? str_fmt(op->arena, "%lld", (long long)looks[found.n - 1].id)
                          : STR_NONE;
    if (rc == RC_OK)
        view_page(view, audited_fields, COUNT(audited_fields),
                  (struct list){ rows, found.n }, sizeof *rows, next);
    return rc;
}

const struct act look_acts[] = {
    { .name = "person.look",
      .method = POST,
      .path = "/people/{id}/look",
      .title = STR_INIT("打开一位居民"),
      .note =
          STR_INIT("手上有他的事，或写明原因；号码是遮住的。每一次都记下，本人能看到。"),
      .right = RIGHT_PERSON_READ,
      .writes = true,
      .unkept = true,
      .args = look_args,
      .nargs = COUNT(look_args),
      .args_size = sizeof(struct look_args),
      ANSWER(struct page_shown, page_fields),
      .run = look },
    { .name = "person.reveal",
      .method = POST,
      .path = "/people/{id}/reveal",
      .title = STR_INIT("看清楚一位居民的号码"),
      .note = STR_INIT("要写原因，本人能看到谁看过。"),
      .right = RIGHT_PERSON_READ,
      .writes = true,
      .unkept = true,
      .args = reveal_args,
      .nargs = COUNT(reveal_args),
      .args_size = sizeof(struct look_args),
      ANSWER(struct page_shown, page_fields),
      .run = reveal },
    { .name = "me.looks",
      .method = GET,
      .path = "/me/looks",
      .title = STR_INIT("谁看过我的信息"),
      .right = RIGHT_SELF,
      ARGS(struct cursor_args, cursor_fields),
      .answer = seen_fields,
      .nanswer = COUNT(seen_fields),
      .many = true,
      .ready = mine_ready,
      .run = mine },
    { .name = "look.list",
      .method = GET,
      .path = "/looks",
      .title = STR_INIT("一个账号看过谁，谁看过一位居民"),
      .right = RIGHT_LOOK_READ,
      ARGS(struct audit_args, audit_fields),
      .answer = audited_fields,
      .nanswer = COUNT(audited_fields),
      .many = true,
      .ready = audit_ready,
      .run = audit },
    { .name = NULL },
};
