#include "engine/notice/notice_view.h"

#include "base/json.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

enum { TEXTS_SHOWN_MAX = 50 };

#define T(member, ...) FIELD(struct shown_text, member, __VA_ARGS__)
static const struct field text_fields[] = {
    T(version, OPTIONAL),
    T(title, OPTIONAL),
    T(words, OPTIONAL),
    T(question, OPTIONAL),
    T(reason, .title = STR_INIT("更正或撤回的原因")),
    T(state, OPTIONAL),
    FIELD_LIST_OF(struct shown_text, photos, KIND_ID, OPTIONAL),
    FIELD_TIME(struct shown_text, at, OPTIONAL),
    FIELD_TIME(struct shown_text, until, OPTIONAL),
    T(by, .title = STR_INIT("谁写的，只给工作人员看")),
    T(decided_by, OPTIONAL),
    T(why, .title = STR_INIT("退回的原因")),
};
static const struct field yours_fields[] = {
    FIELD(struct shown_yours, asked, .title = STR_INIT("是不是发给自己的")),
    FIELD_TIME(struct shown_yours, read, OPTIONAL),
    FIELD_TIME(struct shown_yours, done, OPTIONAL),
    FIELD(struct shown_yours, answer, .grade = GRADE_PERSONAL),
};
#define S(member) FIELD(struct notice_shown, member, OPTIONAL)
const struct field notice_shown_fields[NOTICE_NFIELDS] = {
    FIELD_ID(struct notice_shown, id, OPTIONAL),
    S(area),
    S(area_name),
    S(audience),
    S(audience_title),
    S(role),
    S(state),
    S(state_title),
    FIELD_LIST(struct notice_shown, houses, struct person_house, notice_house_fields,
               OPTIONAL),
    S(asks),
    S(version),
    S(newest),
    FIELD_TIME(struct notice_shown, at, OPTIONAL),
    FIELD_TIME(struct notice_shown, until, OPTIONAL),
    FIELD_TIME(struct notice_shown, reminded, OPTIONAL),
    S(reminders),
    FIELD_STRUCT(struct notice_shown, text, text_fields, OPTIONAL),
    FIELD_LIST(struct notice_shown, before, struct shown_text, text_fields, OPTIONAL),
    FIELD_STRUCT(struct notice_shown, waiting, text_fields, OPTIONAL),
    FIELD_STRUCT(struct notice_shown, yours, yours_fields, OPTIONAL),
    S(waits),
    S(may_correct),
    S(may_decide),
    S(may_withdraw),
    S(may_remind),
    S(may_watch),
};

/* ------------------------------------------------------------------- words */

struct str notice_state_title(const struct op *op, const struct notice *notice)
{
    if (str_eq(notice->state, NOTICE_WITHDRAWN))
        return STR("已撤回");
    if (str_eq(notice->state, NOTICE_WAITING))
        return STR("等复核");
    if (str_eq(notice->state, NOTICE_RETURNED))
        return STR("退回修改");
    return notice->until_ms <= op->now_ms ? STR("已到期") : STR("已发出");
}

static struct str house_title(struct op *op, const struct person_house *house)
{
    return str_fmt(op->arena, "%.*s%s%.*s%s%s%.*s%s", STR_ARG(house->compound),
                   house->building.len ? " " : "", STR_ARG(house->building),
                   house->building.len ? " 栋" : "", house->unit.len ? " " : "",
                   STR_ARG(house->unit), house->unit.len ? " 单元" : "");
}

struct str notice_audience_title(struct op *op, const struct notice *notice)
{
    struct str  place = area_name(op, notice->area);
    struct list houses;

    if (notice->role.len)
        return str_fmt(op->arena, "%.*s的%.*s", STR_ARG(place),
                       STR_ARG(role_title(role_of_word(notice->role))));
    if (notice_houses(op, notice, &houses) != RC_OK || !houses.n)
        return str_fmt(op->arena, "%.*s全体居民", STR_ARG(place));
    struct str first = house_title(op, houses.at);
    if (houses.n == 1)
        return str_fmt(op->arena, "%.*s的居民", STR_ARG(first));
    return str_fmt(op->arena, "%.*s等 %zu 处的居民", STR_ARG(first), houses.n);
}

/* ------------------------------------------------------------------- texts */

struct photos {
    struct list photos;
};
static const struct field photos_fields[] = {
    FIELD_LIST_OF(struct photos, photos, KIND_ID, OPTIONAL),
};

static struct list photos_read(struct op *op, struct str ids)
{
    struct photos   read = { 0 };
    struct problems ignored;
    struct str      object = str_fmt(op->arena, "{\"photos\":%.*s}", STR_ARG(ids));

    problems_init(&ignored, op->arena);
    if (json_read(op->arena, object, photos_fields, COUNT(photos_fields), &read,
                  &ignored) != RC_OK)
        return (struct list){ 0 };
    return read.photos;
}

static struct shown_text show_text(struct op *op, const struct notice_text *text,
                                   bool staff)
{
    struct shown_text shown = {
        .version = text->version,
        .title = text->title,
        .words = text->words,
        .question = text->question.len ? text->question : STR_NONE,
        .reason = text->reason.len ? text->reason : STR_NONE,
        .state = text->state,
        .photos = photos_read(op, text->photos),
        .at = text->decided_ms ? text->decided_ms : text->written_ms,
        .until = text->until_ms,
    };

    if (!staff)
        return shown;
    shown.by = account_title(op, text->written_by);
    shown.decided_by = text->decided_by ? account_title(op, text->decided_by) : STR_NONE;
    shown.why = text->why.len ? text->why : STR_NONE;
    return shown;
}

static bool was_out(const struct notice_text *text)
{
    return str_eq(text->state, TEXT_OUT) || str_eq(text->state, TEXT_WITHDRAWN);
}

/* What is out stands on top, what stood earlier below, what waits apart. */
static enum rc show_texts(struct op *op, const struct notice *notice, bool staff,
                          struct notice_shown *shown)
{
    struct list texts;

    enum rc rc = text_select_all(op, notice->id, TEXTS_SHOWN_MAX, &texts);
    if (rc != RC_OK)
        return rc;
    const struct notice_text *rows = texts.at;
    struct shown_text *before = arena_many(op->arena, texts.n + 1, struct shown_text);
    if (!before)
        return RC_TOO_LARGE;
    int64_t out = notice_is_out(notice) ? notice->version : notice->newest;
    for (size_t i = 0; i < texts.n; i++) {
        struct shown_text text = show_text(op, &rows[i], staff);
        if (text.version == out)
            shown->text = text;
        else if (text.version < out && (was_out(&rows[i]) || staff))
            before[shown->before.n++] = text;
        else if (text.version > out && staff)
            shown->waiting = text;
    }
    shown->before.at = before;
    return RC_OK;
}

/* ------------------------------------------------------------------- yours */

static enum rc show_yours(struct op *op, const struct notice *notice,
                          struct shown_yours *yours)
{
    struct notice_reader reader;
    struct receipt       receipt = { 0 };
    struct str           area;

    enum rc rc = reader_of(op, &reader);
    if (rc == RC_OK)
        rc = reader_has(op, &reader, notice, &area, &yours->asked);
    if (rc == RC_OK && yours->asked)
        rc = receipt_select(op, reader.who, notice->id, &receipt);
    if (rc != RC_OK || !receipt.version || receipt.version != notice->version)
        return rc;
    yours->read = receipt.read_ms;
    yours->done = receipt.done_ms;
    return notice_answer(op, &receipt, &yours->answer);
}

static void show_rights(const struct op *op, const struct notice *notice,
                        struct notice_shown *to)
{
    bool writes = actor_may(op->actor, RIGHT_NOTICE_WRITE, notice->area);
    bool withdrawn = str_eq(notice->state, NOTICE_WITHDRAWN);
    bool stands = str_eq(notice->state, NOTICE_STANDING) && notice->until_ms > op->now_ms;

    to->may_correct = writes && !withdrawn && !notice->waits;
    to->may_withdraw = writes && !withdrawn;
    to->may_remind = writes && stands;
    to->may_watch = actor_may(op->actor, RIGHT_NOTICE_WATCH, STR_NONE);
}

/* Another than its writer. */
bool notice_may_decide(struct op *op, const struct notice *notice)
{
    struct notice_text text;

    return notice->waits && actor_may(op->actor, RIGHT_NOTICE_AGREE, notice->area) &&
           text_select(op, notice->id, notice->newest, &text) == RC_OK &&
           text.written_by != op->actor->account;
}

enum rc notice_show(struct op *op, const struct notice *notice, struct notice_shown *shown)
{
    bool staff = actor_may(op->actor, RIGHT_NOTICE_WATCH, notice->area);

    *shown = (struct notice_shown){
        .id = notice->id,
        .area = notice->area,
        .area_name = area_name(op, notice->area),
        .audience = notice->audience,
        .audience_title = notice_audience_title(op, notice),
        .role = notice->role.len ? notice->role : STR_NONE,
        .state = notice->state,
        .state_title = notice_state_title(op, notice),
        .asks = notice->asks,
        .version = notice->version,
        .newest = notice->newest,
        .at = notice->at_ms,
        .until = notice->until_ms,
        .reminded = notice->reminded_ms,
        .reminders = notice->reminders,
        .waits = notice->waits,
        .may_decide = notice_may_decide(op, notice),
    };
    show_rights(op, notice, shown);
    enum rc rc = notice_houses(op, notice, &shown->houses);
    if (rc == RC_OK)
        rc = show_texts(op, notice, staff, shown);
    return rc == RC_OK ? show_yours(op, notice, &shown->yours) : rc;
}
