#include "engine/notice/notice.h"
#include "engine/notice/notice_view.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

enum { LEADERS_TOLD = 20 };

/* ------------------------------------------------------------ the journal */

struct said {
    struct list tell; /* struct telling */
    struct str  area, audience, role, houses, asks, state;
    struct str  title, words, question, photos, reason, why;
    int64_t     until;
    bool        out; /* readers are to hear of it */
};
#define J(member) FIELD(struct said, member, OPTIONAL)
static const struct field said_fields[] = {
    FIELD_TELL(struct said),
    J(area),
    J(audience),
    J(role),
    J(houses),
    J(asks),
    J(state),
    J(title),
    J(words),
    J(question),
    J(photos),
    J(reason),
    J(why),
    FIELD_TIME(struct said, until, OPTIONAL),
    J(out),
};

/* All that was decided with, so that the journal alone says what stood where. */
static enum rc say(struct op *op, const struct a_notice *it, int64_t before,
                   struct list tell, bool out)
{
    const struct notice      *notice = &it->row;
    const struct notice_text *text = &it->text;

    journal_about(op, notice->id, before, notice->newest, 0);
    return journal_says(op, said_fields, COUNT(said_fields),
                        &(struct said){ .tell = tell,
                                        .area = notice->area,
                                        .audience = notice->audience,
                                        .role = notice->role,
                                        .houses = notice->houses,
                                        .asks = notice->asks,
                                        .state = notice->state,
                                        .title = text->title,
                                        .words = text->words,
                                        .question = text->question,
                                        .photos = text->photos,
                                        .reason = text->reason,
                                        .why = text->why,
                                        .until = text->until_ms,
                                        .out = out });
}

enum rc notice_line_area(struct op *op, const struct line *line, struct str *area)
{
    struct said     said = { 0 };
    struct problems ignored;

    *area = STR_NONE;
    if (!str_starts(line->act, STR("notice.")) || !line->subject || !line->payload.at)
        return RC_NOT_FOUND;
    problems_init(&ignored, op->arena);
    enum rc rc = json_read(op->arena, line->payload, said_fields, COUNT(said_fields), &said,
                           &ignored);
    *area = said.area;
    return rc == RC_INVALID || !said.out ? RC_NOT_FOUND : rc;
}

/* ------------------------------------------------------------ who is told */

static enum rc tell_all(struct op *op, const int64_t *ids, size_t n, struct str title,
                        struct str says, struct list *tell)
{
    struct telling *rows = arena_many(op->arena, n + 1, struct telling);

    if (!rows)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct telling){ ids[i], title, says, true };
    *tell = (struct list){ rows, n };
    return RC_OK;
}

/* Those who may let it out, nearest first. */
static enum rc tell_leaders(struct op *op, const struct a_notice *it, struct list *tell)
{
    struct list ids;

    enum rc rc = accounts_that_may(op, RIGHT_NOTICE_AGREE, it->row.area, op->actor->account,
                                   LEADERS_TOLD, &ids);
    return rc == RC_OK
               ? tell_all(op, ids.at, ids.n, STR("有一条通知等您复核"),
                          str_fmt(op->arena, "%.*s写了“%.*s”，要您看过才发出去。",
                                  STR_ARG(op->actor->name), STR_ARG(it->text.title)),
                          tell)
               : rc;
}

/* Staff who have still to read it, one message each; residents find it in their list. */
static enum rc tell_holders(struct op *op, const struct a_notice *it, struct str title,
                            struct list *tell)
{
    struct missing first = { .name = STR(""), .area = STR("") };
    struct list    found = { 0 };

    enum rc rc = it->row.role.len ? holders_missing(op, &it->row, it->row.area, &first,
                                                    NOTICE_TOLD_MAX, &found)
                                  : RC_OK;
    const struct missing *rows = found.at;
    int64_t *ids = rc == RC_OK ? arena_many(op->arena, found.n + 1, int64_t) : NULL;
    if (!ids)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < found.n; i++)
        ids[i] = rows[i].account;
    return tell_all(op, ids, found.n, title, it->text.title, tell);
}

static enum rc say_written(struct op *op, const struct a_notice *it, int64_t before)
{
    bool        out = !it->row.waits;
    struct list tell;

    enum rc rc =
        out ? tell_holders(op, it, STR("有一条通知"), &tell) : tell_leaders(op, it, &tell);
    return rc == RC_OK ? say(op, it, before, tell, out) : rc;
}

static enum rc answer_with(struct op *op, const struct notice *notice, struct view *view)
{
    struct notice_shown shown;

    enum rc rc = notice_show(op, notice, &shown);
    view->version = notice->newest;
    if (rc == RC_OK)
        view_struct(view, notice_shown_fields, NOTICE_NFIELDS, &shown);
    return rc;
}

/* ----------------------------------------------------------------- writing */

#define WORDS(type, path)                                                                  \
    FIELD(type, title, REQUIRED, .max = NOTICE_TITLE_MAX, .title = STR_INIT("标题")),      \
        FIELD(type, words, REQUIRED, .max = NOTICE_WORDS_MAX, .title = STR_INIT("内容")),  \
        FIELD(type, question, .max = NOTICE_ANSWER_MAX,                                    \
              .title = STR_INIT("请大家回答什么")),                                        \
        FIELD_LIST_OF(type, photos, KIND_ID, .max = PHOTOS_PER_CASE_MAX,                   \
                      .title = STR_INIT("照片")),                                          \
        FIELD_TIME(type, until, .title = STR_INIT("有效期到"),                             \
                   .note = STR_INIT("不写是 30 天"))

struct write_args {
    struct str  area, audience, role, asks;
    struct list houses;
    struct str  title, words, question;
    struct list photos;
    int64_t     until;
};
static const struct field write_fields[] = {
    FIELD(struct write_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct write_args, audience, REQUIRED, .max = 10, .title = STR_INIT("发给谁"),
          .note = STR_INIT("all 全体居民，role 某种职责的人，houses 某些楼栋的居民")),
    FIELD(struct write_args, role, .max = 20, .title = STR_INIT("哪种角色")),
    FIELD(struct write_args, asks, REQUIRED, .max = 10, .title = STR_INIT("要不要回执"),
          .note = STR_INIT("nothing 不用，read 已阅，answer 回一句话")),
    FIELD_LIST(struct write_args, houses, struct person_house, notice_house_fields,
               .max = NOTICE_HOUSES_MAX, .title = STR_INIT("哪些楼栋")),
    WORDS(struct write_args, ""),
};

static enum rc write_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct write_args *)in)->area);
}

static enum rc write(struct op *op, const void *in, struct view *view)
{
    const struct write_args *args = in;
    struct a_notice          it;

    enum rc rc = notice_write(op,
                              &(struct notice_new){
                                  .area = args->area,
                                  .audience = args->audience,
                                  .role = args->role,
                                  .asks = args->asks,
                                  .houses = args->houses,
                                  .words = { args->title, args->words, args->question,
                                             args->photos, args->until },
                              },
                              &it);
    if (rc == RC_OK)
        rc = say_written(op, &it, 0);
    view->status = rc == RC_OK ? 201 : 0;
    return rc == RC_OK ? answer_with(op, &it.row, view) : rc;
}

struct correct_args {
    int64_t     id, version;
    struct str  title, words, question, reason;
    struct list photos;
    int64_t     until;
};
static const struct field correct_fields[] = {
    FIELD_ID(struct correct_args, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct correct_args, version, REQUIRED, .min = 1, .max = INT32_MAX,
          .title = STR_INIT("看到的是第几版")),
    WORDS(struct correct_args, ""),
    FIELD(struct correct_args, reason, REQUIRED, .max = 200,
          .title = STR_INIT("为什么更正"), .note = STR_INIT("读过的人都看得到")),
};

static enum rc correct(struct op *op, const void *in, struct view *view)
{
    const struct correct_args *args = in;
    struct a_notice            it;

    enum rc rc =
        notice_correct(op, args->id, args->version,
                       &(struct notice_words){ args->title, args->words, args->question,
                                               args->photos, args->until },
                       args->reason, &it);
    if (rc == RC_OK)
        rc = say_written(op, &it, args->version);
    return rc == RC_OK ? answer_with(op, &it.row, view) : rc;
}

/* ---------------------------------------------------------------- deciding */

struct decide_args {
    int64_t    id, version;
    struct str why;
};
static const struct field approve_fields[] = {
    FIELD_ID(struct decide_args, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct decide_args, version, REQUIRED, .min = 1, .max = INT32_MAX,
          .title = STR_INIT("看到的是第几版")),
};
static const struct field return_fields[] = {
    FIELD_ID(struct decide_args, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct decide_args, version, REQUIRED, .min = 1, .max = INT32_MAX,
          .title = STR_INIT("看到的是第几版")),
    FIELD(struct decide_args, why, REQUIRED, .max = 200, .title = STR_INIT("为什么退回")),
};

/* Its writer, and when it goes out to staff, they. */
static enum rc tell_decided(struct op *op, const struct a_notice *it, struct list *tell)
{
    bool        returned = str_eq(it->text.state, TEXT_RETURNED);
    struct list writer, holders = { 0 };

    enum rc rc = tell_all(op, &it->text.written_by, 1,
                          returned ? STR("通知退回了") : STR("通知发出去了"),
                          returned ? str_fmt(op->arena, "“%.*s”退回修改：%.*s",
                                             STR_ARG(it->text.title), STR_ARG(it->text.why))
                                   : it->text.title,
                          &writer);
    if (rc == RC_OK && !returned)
        rc = tell_holders(op, it, STR("有一条通知"), &holders);
    struct telling *rows =
        rc == RC_OK ? arena_many(op->arena, holders.n + 1, struct telling) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    rows[0] = *(const struct telling *)writer.at;
    for (size_t i = 0; i < holders.n; i++)
        rows[i + 1] = ((const struct telling *)holders.at)[i];
    *tell = (struct list){ rows, holders.n + 1 };
    return RC_OK;
}

static enum rc decide(struct op *op, const void *in, struct view *view)
{
    const struct decide_args *args = in;
    struct a_notice           it;
    struct list               tell;

    enum rc rc = notice_decide(op, args->id, args->version,
                               args->why.at ? str_trim(args->why) : STR(""), &it);
    if (rc == RC_OK)
        rc = tell_decided(op, &it, &tell);
    if (rc == RC_OK)
        rc = say(op, &it, args->version, tell, str_eq(it.text.state, TEXT_OUT));
    return rc == RC_OK ? answer_with(op, &it.row, view) : rc;
}

struct withdraw_args {
    int64_t    id;
    struct str reason;
};
static const struct field withdraw_fields[] = {
    FIELD_ID(struct withdraw_args, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct withdraw_args, reason, REQUIRED, .max = 200,
          .title = STR_INIT("为什么撤回"), .note = STR_INIT("读过的人都看得到")),
};

static enum rc withdraw(struct op *op, const void *in, struct view *view)
{
    const struct withdraw_args *args = in;
    struct a_notice             it;
    struct list                 tell = { 0 };

    enum rc rc = notice_withdraw(op, args->id, args->reason, &it);
    if (rc == RC_OK)
        rc = say(op, &it, it.row.newest - 1, tell, notice_is_out(&it.row));
    return rc == RC_OK ? answer_with(op, &it.row, view) : rc;
}

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("通知")),
};

static enum rc remind(struct op *op, const void *in, struct view *view)
{
    struct a_notice it;
    struct list     tell;

    enum rc rc = notice_remind(op, ((const struct id_args *)in)->id, &it);
    if (rc == RC_OK)
        rc = tell_holders(op, &it, STR("请看一条通知"), &tell);
    if (rc == RC_OK)
        rc = say(op, &it, it.row.newest, tell, true);
    return rc == RC_OK ? answer_with(op, &it.row, view) : rc;
}

/* ----------------------------------------------------------------- reading */

static enum rc show(struct op *op, const void *in, struct view *view)
{
    struct notice notice;

    enum rc rc = notice_find(op, ((const struct id_args *)in)->id, &notice);
    return rc == RC_OK ? answer_with(op, &notice, view) : rc;
}

static const struct field read_fields[] = {
    FIELD_ID(struct notice_said, id, REQUIRED, .title = STR_INIT("通知")),
    FIELD(struct notice_said, version, REQUIRED, .min = 1, .max = INT32_MAX,
          .title = STR_INIT("看到的是第几版")),
    FIELD(struct notice_said, confirms, .title = STR_INIT("已阅"),
          .note = STR_INIT("要回执的通知：看过了，告诉发通知的人")),
    FIELD(struct notice_said, answer, .max = NOTICE_ANSWER_MAX, .grade = GRADE_PERSONAL,
          .title = STR_INIT("回一句话")),
};

static enum rc read_it(struct op *op, const void *in, struct view *view)
{
    const struct notice_said *said = in;
    struct a_notice           it;
    struct receipt            receipt;

    enum rc rc = notice_receive(op, said, &it, &receipt);
    if (rc != RC_OK)
        return rc;
    journal_about(op, said->id, said->version, said->version, op->actor->person);
    return answer_with(op, &it.row, view);
}

/* ---------------------------------------------------------------- policies */

struct policy {
    struct str area, area_name;
    bool       review;
};
static const struct field policy_fields[] = {
    FIELD(struct policy, area, OPTIONAL),
    FIELD(struct policy, area_name, OPTIONAL),
    FIELD(struct policy, review, .title = STR_INIT("发之前要另一个人复核")),
};
struct policy_args {
    struct str area;
    bool       review;
};
static const struct field policy_look[] = {
    FIELD(struct policy_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
};
static const struct field policy_set[] = {
    FIELD(struct policy_args, area, REQUIRED, .max = 15, .title = STR_INIT("社区或网格")),
    FIELD(struct policy_args, review, REQUIRED, .title = STR_INIT("要不要复核")),
};

static enum rc policy_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct policy_args *)in)->area);
}

static enum rc show_policy(struct op *op, const void *in, struct view *view)
{
    const struct policy_args *args = in;
    struct policy policy = { .area = args->area, .area_name = area_name(op, args->area) };

    if (!actor_may(op->actor, RIGHT_NOTICE_WATCH, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的通知不归您看。");
    enum rc rc = notice_review(op, args->area, &policy.review);
    if (rc == RC_OK)
        view_struct(view, policy_fields, COUNT(policy_fields), &policy);
    return rc;
}

/* By somebody a level above: whoever writes there must not free themselves of it. */
static enum rc set_policy(struct op *op, const void *in, struct view *view)
{
    const struct policy_args *args = in;

    if (area_level(args->area) < LEVEL_COMMUNITY)
        return fail(op, RC_REFUSED, "area",
                    "街道以上的通知一律要另一个人复核；可以定的是社区和网格。");
    if (!actor_may(op->actor, RIGHT_NOTICE_AGREE, area_parent(args->area)))
        return fail(op, RC_DENIED, "area", "这个辖区要不要复核，由上一级定。");
    enum rc rc = policy_put(op, args->area, args->review);
    return rc == RC_OK ? show_policy(op, in, view) : rc;
}

#define SHOWN .answer = notice_shown_fields, .nanswer = NOTICE_NFIELDS
const struct act notice_acts[] = {
    { .name = "notice.write",
      .method = POST,
      .path = "/notices",
      .title = STR_INIT("写一条通知"),
      .note = STR_INIT("要复核的辖区，另一个人同意后才发出去。"),
      .right = RIGHT_NOTICE_WRITE,
      .writes = true,
      ARGS(struct write_args, write_fields),
      SHOWN,
      .ready = write_ready,
      .run = write },
    { .name = "notice.correct",
      .method = POST,
      .path = "/notices/{id}/corrections",
      .title = STR_INIT("更正通知，或改好退回的"),
      .note = STR_INIT("原来的留着，看得到；读过的人会再看到一次。"),
      .right = RIGHT_NOTICE_WRITE,
      .writes = true,
      ARGS(struct correct_args, correct_fields),
      SHOWN,
      .run = correct },
    { .name = "notice.approve",
      .method = POST,
      .path = "/notices/{id}/approval",
      .title = STR_INIT("同意发出通知"),
      .right = RIGHT_NOTICE_AGREE,
      .writes = true,
      ARGS(struct decide_args, approve_fields),
      SHOWN,
      .run = decide },
    { .name = "notice.return",
      .method = POST,
      .path = "/notices/{id}/return",
      .title = STR_INIT("退回通知"),
      .right = RIGHT_NOTICE_AGREE,
      .writes = true,
      ARGS(struct decide_args, return_fields),
      SHOWN,
      .run = decide },
    { .name = "notice.withdraw",
      .method = POST,
      .path = "/notices/{id}/withdrawal",
      .title = STR_INIT("撤回通知"),
      .right = RIGHT_NOTICE_WRITE,
      .writes = true,
      ARGS(struct withdraw_args, withdraw_fields),
      SHOWN,
      .run = withdraw },
    { .name = "notice.remind",
      .method = POST,
      .path = "/notices/{id}/reminders",
      .title = STR_INIT("提醒还没看的人"),
      .note = STR_INIT("一天最多一次，夜里不提醒。"),
      .right = RIGHT_NOTICE_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      SHOWN,
      .run = remind },
    { .name = "notice.show",
      .method = GET,
      .path = "/notices/{id}",
      .title = STR_INIT("看一条通知"),
      .right = RIGHT_SELF,
      ARGS(struct id_args, id_fields),
      SHOWN,
      .run = show },
    { .name = "notice.read",
      .method = POST,
      .path = "/notices/{id}/receipt",
      .title = STR_INIT("通知看过了，或回执"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct notice_said, read_fields),
      SHOWN,
      .run = read_it },
    { .name = "notice.policy",
      .method = GET,
      .path = "/notices/policy",
      .title = STR_INIT("通知要不要复核"),
      .right = RIGHT_NOTICE_WATCH,
      ARGS(struct policy_args, policy_look),
      ANSWER(struct policy, policy_fields),
      .ready = policy_ready,
      .run = show_policy },
    { .name = "notice.policy-set",
      .method = PUT,
      .path = "/notices/policy",
      .title = STR_INIT("定通知要不要复核"),
      .note = STR_INIT("由上一级的人定；街道以上一律要复核。"),
      .right = RIGHT_NOTICE_AGREE,
      .writes = true,
      ARGS(struct policy_args, policy_set),
      ANSWER(struct policy, policy_fields),
      .ready = policy_ready,
      .run = set_policy },
    { .name = NULL },
};
