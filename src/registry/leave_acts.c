#include "base/clock.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "gate/view.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/leave.h"
#include "registry/registry.h"

static const struct field new_fields[] = {
    FIELD_ID(struct leave_new, account, .title = STR_INIT("谁请假"),
             .note = STR_INIT("不写就是自己；替别人安排的，要领导他办事的每个辖区")),
    FIELD_ID(struct leave_new, stand_in, REQUIRED, .title = STR_INIT("谁来代")),
    FIELD_TIME(struct leave_new, from, .title = STR_INIT("从什么时候"),
               .note = STR_INIT("不写就是现在")),
    FIELD_TIME(struct leave_new, until, REQUIRED, .title = STR_INIT("到什么时候")),
    FIELD(struct leave_new, reason, .max = 100, .title = STR_INIT("为什么")),
};

struct shown_leave {
    int64_t    id, account, stand_in, from, until;
    struct str name, stand_in_name, reason;
};
static const struct field shown_fields[] = {
    FIELD_ID(struct shown_leave, id, OPTIONAL),
    FIELD_ID(struct shown_leave, account, OPTIONAL),
    FIELD(struct shown_leave, name, OPTIONAL),
    FIELD_ID(struct shown_leave, stand_in, OPTIONAL),
    FIELD(struct shown_leave, stand_in_name, OPTIONAL),
    FIELD_TIME(struct shown_leave, from, OPTIONAL),
    FIELD_TIME(struct shown_leave, until, OPTIONAL),
    FIELD(struct shown_leave, reason, OPTIONAL),
};

/* Why somebody is away is not for who stands in. */
static struct shown_leave show(struct op *op, const struct leave *leave)
{
    bool stands_in = op->actor->account == leave->stand_in;

    return (struct shown_leave){ .id = leave->id,
                                 .account = leave->account,
                                 .name = account_title(op, leave->account),
                                 .stand_in = leave->stand_in,
                                 .stand_in_name = account_title(op, leave->stand_in),
                                 .from = leave->from_ms,
                                 .until = leave->until_ms,
                                 .reason = stands_in ? STR_NONE : leave->reason };
}

/* ------------------------------------------------------------ the journal */

struct said {
    struct list tell; /* struct telling */
    int64_t     account, stand_in, from, until;
    struct str  reason;
};
static const struct field said_fields[] = {
    FIELD_TELL(struct said),
    FIELD_ID(struct said, account, OPTIONAL),
    FIELD_ID(struct said, stand_in, OPTIONAL),
    FIELD_TIME(struct said, from, OPTIONAL),
    FIELD_TIME(struct said, until, OPTIONAL),
    FIELD(struct said, reason, OPTIONAL),
};

/* Both are told, but for who did it. */
static enum rc say(struct op *op, const struct leave *leave, struct str to_stand_in,
                   struct str to_away)
{
    struct telling tell[2];
    size_t         n = 0;
    struct said    said = { .account = leave->account,
                            .stand_in = leave->stand_in,
                            .from = leave->from_ms,
                            .until = leave->until_ms,
                            .reason = leave->reason };

    if (leave->stand_in != op->actor->account)
        tell[n++] = (struct telling){ leave->stand_in, STR("代班"), to_stand_in, true };
    if (leave->account != op->actor->account)
        tell[n++] = (struct telling){ leave->account, STR("代班"), to_away, true };
    said.tell = (struct list){ tell, n };
    journal_about(op, leave->account, 0, 0, 0);
    return journal_says(op, said_fields, COUNT(said_fields), &said);
}

/* ------------------------------------------------------------------ acts */

static enum rc make(struct op *op, const void *in, struct view *view)
{
    struct leave leave;

    enum rc rc = leave_make(op, in, &leave);
    if (rc != RC_OK)
        return rc;
    struct shown_leave shown = show(op, &leave);
    struct str         from = clock_zh(op->arena, leave.from_ms, op->now_ms);
    struct str         until = clock_zh(op->arena, leave.until_ms, op->now_ms);
    view->status = 201;
    view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return say(op, &leave,
               str_fmt(op->arena, "%.*s 到 %.*s，请您代%.*s办件。", STR_ARG(from),
                       STR_ARG(until), STR_ARG(shown.name)),
               str_fmt(op->arena, "%.*s 到 %.*s，由%.*s代您办件。", STR_ARG(from),
                       STR_ARG(until), STR_ARG(shown.stand_in_name)));
}

struct end_args {
    int64_t id;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, id, REQUIRED, .title = STR_INIT("哪一次")),
};

static enum rc end_leave(struct op *op, const void *in, struct view *view)
{
    const struct end_args *args = in;
    struct leave           leave;

    (void)view;
    enum rc rc = leave_end(op, args->id, &leave);
    if (rc != RC_OK)
        return rc;
    return say(op, &leave,
               str_fmt(op->arena, "%.*s回来了，您的代班到此为止。",
                       STR_ARG(account_title(op, leave.account))),
               STR("您的代班提前结束了，办件回到您手上。"));
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list leaves;

    (void)in;
    enum rc             rc = leave_list(op, &leaves);
    struct shown_leave *rows =
        rc == RC_OK ? arena_many(op->arena, leaves.n + 1, struct shown_leave) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < leaves.n; i++)
        rows[i] = show(op, (const struct leave *)leaves.at + i);
    view_page(view, shown_fields, COUNT(shown_fields), (struct list){ rows, leaves.n },
              sizeof *rows, STR_NONE);
    return RC_OK;
}

/* -------------------------------------------------------------- colleagues */

enum { COLLEAGUES_MAX = 60 };

struct shown_colleague {
    int64_t    account;
    struct str name, duty, area_name;
};
static const struct field colleague_fields[] = {
    FIELD_ID(struct shown_colleague, account, OPTIONAL),
    FIELD(struct shown_colleague, name, OPTIONAL),
    FIELD(struct shown_colleague, duty, OPTIONAL),
    FIELD(struct shown_colleague, area_name, OPTIONAL),
};

static enum rc list_colleagues(struct op *op, const void *in, struct view *view)
{
    struct list found;

    (void)in;
    enum rc                 rc = leave_colleagues(op, COLLEAGUES_MAX, &found);
    struct shown_colleague *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct shown_colleague) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < found.n; i++) {
        const struct colleague *one = (const struct colleague *)found.at + i;
        rows[i] = (struct shown_colleague){ one->account, one->name, one->duty,
                                            area_name(op, one->area) };
    }
    view_page(view, colleague_fields, COUNT(colleague_fields),
              (struct list){ rows, found.n }, sizeof *rows, STR_NONE);
    return RC_OK;
}

const struct act leave_acts[] = {
    { .name = "leave.make",
      .method = POST,
      .path = "/leaves",
      .title = STR_INIT("请假，请同事代班"),
      .note = STR_INIT("自己请，或者领导安排；这段时间代班的人有他的职责。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct leave_new, new_fields),
      ANSWER(struct shown_leave, shown_fields),
      .run = make },
    { .name = "leave.end",
      .method = POST,
      .path = "/leaves/{id}/end",
      .title = STR_INIT("提前结束代班"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct end_args, end_fields),
      .run = end_leave },
    { .name = "leave.list",
      .method = GET,
      .path = "/leaves",
      .title = STR_INIT("我的请假和代班"),
      .right = RIGHT_SELF,
      ANSWER(struct shown_leave, shown_fields),
      .many = true,
      .run = list },
    { .name = "leave.colleagues",
      .method = GET,
      .path = "/leaves/colleagues",
      .title = STR_INIT("谁能代我的班"),
      .note = STR_INIT("同一个单位的在前，然后是同一个社区的；现在不在岗的不列。"),
      .right = RIGHT_SELF,
      ANSWER(struct shown_colleague, colleague_fields),
      .many = true,
      .run = list_colleagues },
    { .name = NULL },
};
