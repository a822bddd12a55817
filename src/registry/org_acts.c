#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/keeper.h"
#include "registry/org.h"
#include "registry/registry.h"

enum { PAGE = 50 };

static const struct field duty_fields[] = {
    FIELD(struct org_duty, duty, REQUIRED, .max = 30, .title = STR_INIT("职责")),
    FIELD(struct org_duty, area, .max = 15, .title = STR_INIT("辖区")),
};
static const struct field make_fields[] = {
    FIELD(struct org_new, name, REQUIRED, .max = 60, .title = STR_INIT("单位名称")),
    FIELD(struct org_new, kind, REQUIRED, .max = 20, .title = STR_INIT("单位种类")),
    FIELD(struct org_new, area, REQUIRED, .max = 15, .title = STR_INIT("所在辖区")),
    FIELD_LIST(struct org_new, duties, struct org_duty, duty_fields, .max = 30,
               .title = STR_INIT("负责什么")),
};

static enum rc make_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct org_new *)in)->area);
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    const struct org_new *args = in;
    struct org            org;
    int64_t               id;

    if (!actor_may(op->actor, RIGHT_ORG_WRITE, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的单位不归您维护。");
    enum rc rc = org_make(op, args, &id);
    if (rc != RC_OK)
        return rc;
    journal_about(op, id, 0, 1, 0);
    rc = org_find(op, id, &org);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    view_struct(view, org_fields, org_nfields, &org);
    return RC_OK;
}

struct end_args {
    int64_t id;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, id, REQUIRED, .title = STR_INIT("单位")),
};

static enum rc end(struct op *op, const void *in, struct view *view)
{
    int64_t    id = ((const struct end_args *)in)->id;
    struct org org;

    (void)view;
    enum rc rc = org_find(op, id, &org);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_ORG_WRITE, org.area))
        rc = fail(op, RC_DENIED, "id", "这个辖区的单位不归您维护。");
    if (rc == RC_OK)
        rc = org_end(op, id);
    if (rc == RC_OK)
        rc = keepers_hand_over(op, (struct gone){ .org = id });
    if (rc == RC_OK)
        journal_about(op, id, org.version, org.version + 1, 0);
    return rc;
}

struct list_args {
    struct str area;
    int64_t    cursor;
};
static const struct field list_args[] = {
    FIELD(struct list_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};

static enum rc list_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct list_args *)in)->area);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    struct list             orgs;

    enum rc rc = org_list(op, args->area, args->cursor, PAGE, &orgs);
    if (rc != RC_OK)
        return rc;
    const struct org *rows = orgs.at;
    struct str        next = orgs.n == PAGE
                                 ? str_fmt(op->arena, "%lld", (long long)rows[PAGE - 1].id)
                                 : STR_NONE;
    view_page(view, org_fields, org_nfields, orgs, sizeof *rows, next);
    return RC_OK;
}

const struct act org_acts[] = {
    { .name = "org.make",
      .method = POST,
      .path = "/orgs",
      .title = STR_INIT("登记单位"),
      .right = RIGHT_ORG_WRITE,
      .writes = true,
      ARGS(struct org_new, make_fields),
      .ready = make_ready,
      .run = make },
    { .name = "org.end",
      .method = POST,
      .path = "/orgs/{id}/end",
      .title = STR_INIT("撤销单位"),
      .note = STR_INIT("不再派给它；手上的办件按分派规则转给别人。"),
      .right = RIGHT_ORG_WRITE,
      .writes = true,
      ARGS(struct end_args, end_fields),
      .run = end },
    { .name = "org.list",
      .method = GET,
      .path = "/orgs",
      .title = STR_INIT("列出单位"),
      .right = RIGHT_SELF,
      ARGS(struct list_args, list_args),
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = NULL },
};
