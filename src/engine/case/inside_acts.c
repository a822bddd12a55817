#include "engine/case/case_acts.h"
#include "engine/case/inside.h"
#include "engine/case/reader.h"
#include "engine/case/view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/look.h"

enum { PAGE = 50 };

struct look_args {
    int64_t    id;
    struct str reason;
};
static const struct field look_fields[] = {
    FIELD_ID(struct look_args, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD(struct look_args, reason, .max = 200, .title = STR_INIT("原因"),
          .note = STR_INIT("不在您手上时要写；报的人能看到")),
};

static enum rc look(struct op *op, const void *in, struct view *view)
{
    const struct look_args *args = in;
    struct case_whole       whole;
    struct a_case           it;

    enum rc rc = case_find(op, args->id, &it);
    if (rc == RC_OK)
        rc = inside_look(op, &it, args->reason);
    if (rc == RC_OK)
        rc = case_whole(op, &it, &whole);
    if (rc != RC_OK)
        return rc;
    view->version = it.row.version;
    view_struct(view, whole_fields, WHOLE_NFIELDS, &whole);
    return RC_OK;
}

/* ----------------------------------------------------------- who looked */

struct looks_args {
    int64_t id, cursor;
};
static const struct field looks_fields[] = {
    FIELD_ID(struct looks_args, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD_ID(struct looks_args, cursor, OPTIONAL),
};
struct looked {
    int64_t    id, at;
    struct str who, tie, reason;
};
static const struct field looked_fields[] = {
    FIELD_ID(struct looked, id, OPTIONAL),
    FIELD_TIME(struct looked, at, OPTIONAL),
    FIELD(struct looked, who, .title = STR_INIT("谁")),
    FIELD(struct looked, tie, .title = STR_INIT("因为手上有它")),
    FIELD(struct looked, reason, .grade = GRADE_PERSONAL, .title = STR_INIT("写下的原因")),
};

/* Who reported it, and the audit administrator, who does not see the case itself. */
static enum rc may_see_looks(struct op *op, int64_t id)
{
    struct a_case it;

    enum rc rc = case_load(op, id, &it);
    if (rc == RC_OK && !is_reporter(op, &it.row) &&
        !actor_may(op->actor, RIGHT_LOOK_READ, it.row.area))
        rc = RC_NOT_FOUND;
    return rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct looks_args *args = in;
    struct list              found = { 0 };

    enum rc rc = may_see_looks(op, args->id);
    if (rc == RC_OK)
        rc = looks_at_case(op, args->id, args->cursor, PAGE, &found);
    struct looked *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct looked) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct look *looks = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        rows[i] = (struct looked){ .id = looks[i].id,
                                   .at = id_ms(looks[i].id),
                                   .who = looks[i].who,
                                   .tie = looks[i].tie };
        rc = look_reason(op, &looks[i], &rows[i].reason);
    }
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)looks[PAGE - 1].id)
                          : STR_NONE;
    if (rc == RC_OK)
        view_page(view, looked_fields, COUNT(looked_fields), (struct list){ rows, found.n },
                  sizeof *rows, next);
    return rc;
}

const struct act inside_acts[] = {
    { .name = "look.case",
      .method = POST,
      .path = "/cases/{id}/look",
      .title = STR_INIT("打开一件保密的办件"),
      .note =
          STR_INIT("在自己手上，或写明原因；每一次都记下，报的人能看到。半小时内不用再打"
                   "开。"),
      .right = RIGHT_SELF,
      .writes = true,
      .unkept = true,
      ARGS(struct look_args, look_fields),
      .answer = whole_fields,
      .nanswer = WHOLE_NFIELDS,
      .run = look },
    { .name = "look.of-case",
      .method = GET,
      .path = "/cases/{id}/looks",
      .title = STR_INIT("谁看过这件保密的办件"),
      .note = STR_INIT("报的人和审计管理员看得到。"),
      .right = RIGHT_SELF,
      ARGS(struct looks_args, looks_fields),
      .answer = looked_fields,
      .nanswer = COUNT(looked_fields),
      .many = true,
      .run = list },
    { .name = NULL },
};
