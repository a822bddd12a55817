#include "engine/case/case_acts.h"
#include "engine/case/views.h"
#include "gate/view.h"

static const struct field kept_fields[] = {
    FIELD_ID(struct kept_view, id, OPTIONAL),
    FIELD(struct kept_view, title, OPTIONAL),
    FIELD_AS(KIND_STRUCT, struct kept_view, filter, .sub = filter_fields,
             .nsub = FILTER_NFIELDS),
};
static const struct field make_fields[] = {
    FIELD(struct kept_view, title, REQUIRED, .max = 20, .title = STR_INIT("叫什么")),
    FIELD_AS(KIND_STRUCT, struct kept_view, filter, REQUIRED, .sub = filter_fields,
             .nsub = FILTER_NFIELDS, .title = STR_INIT("筛选条件")),
};

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list views;

    (void)in;
    enum rc rc = views_list(op, &views);
    if (rc == RC_OK)
        view_page(view, kept_fields, COUNT(kept_fields), views, sizeof(struct kept_view),
                  STR_NONE);
    return rc;
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    struct kept_view made = *(const struct kept_view *)in;

    enum rc rc = views_make(op, &made);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    view_struct(view, kept_fields, COUNT(kept_fields), &made);
    return RC_OK;
}

struct end_args {
    int64_t id;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, id, REQUIRED, .title = STR_INIT("视图")),
};

static enum rc end(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return views_end(op, ((const struct end_args *)in)->id);
}

struct order_args {
    struct list ids;
};
static const struct field order_fields[] = {
    FIELD_LIST_OF(struct order_args, ids, KIND_ID, REQUIRED, .max = VIEWS_PER_ACCOUNT_MAX,
                  .title = STR_INIT("排好的视图")),
};

static enum rc order(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return views_order(op, &((const struct order_args *)in)->ids);
}

const struct act views_acts[] = {
    { .name = "view.list",
      .method = GET,
      .path = "/views",
      .title = STR_INIT("列出我的视图"),
      .right = RIGHT_SELF,
      .answer = kept_fields,
      .nanswer = COUNT(kept_fields),
      .many = true,
      .run = list },
    { .name = "view.make",
      .method = POST,
      .path = "/views",
      .title = STR_INIT("存为我的视图"),
      .note = STR_INIT("同名的换成新的条件；最多 20 个。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct kept_view, make_fields),
      .answer = kept_fields,
      .nanswer = COUNT(kept_fields),
      .run = make },
    { .name = "view.end",
      .method = POST,
      .path = "/views/{id}/end",
      .title = STR_INIT("去掉我的视图"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct end_args, end_fields),
      .run = end },
    { .name = "view.order",
      .method = POST,
      .path = "/views/order",
      .title = STR_INIT("排我的视图"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct order_args, order_fields),
      .run = order },
    { .name = NULL },
};
