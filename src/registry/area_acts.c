#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/registry.h"

enum { ROWS_MAX = 500, CHILDREN_PAGE = 200 };

static const struct field row_fields[] = {
    FIELD(struct area_row, code, REQUIRED, .max = 15, .title = STR_INIT("代码")),
    FIELD(struct area_row, name, REQUIRED, .max = 60, .title = STR_INIT("名称")),
};

struct put_args {
    struct list rows;
    struct str  source;
};
static const struct field put_args[] = {
    FIELD_LIST(struct put_args, rows, struct area_row, row_fields, REQUIRED,
               .max = ROWS_MAX, .title = STR_INIT("辖区"),
               .note = STR_INIT("上级在前，下级在后")),
    FIELD(struct put_args, source, REQUIRED, .max = 200, .title = STR_INIT("来源")),
};
struct changed {
    int64_t changed;
};
static const struct field changed_fields[] = { FIELD(struct changed, changed, OPTIONAL) };

/* They are the same for all counties: each keeps its own part of them. */
static enum rc keeps(struct op *op, size_t i, struct str code)
{
    if (!area_level(code) || actor_may(op->actor, RIGHT_AREA_WRITE, code))
        return RC_OK; /* what is no code is told by whoever reads it */
    return fail(op, RC_DENIED, "rows", "第 %zu 行：%.*s 不在您维护的辖区里。", i + 1,
                STR_ARG(code));
}

static enum rc put(struct op *op, const void *in, struct view *view)
{
    const struct put_args *args = in;
    const struct area_row *rows = args->rows.at;
    struct changed         answer = { 0 };
    enum rc                rc = RC_OK;

    for (size_t i = 0; i < args->rows.n && rc == RC_OK; i++)
        rc = keeps(op, i, rows[i].code);
    if (rc != RC_OK)
        return rc;
    rc = area_put(op, args->rows.at, args->rows.n, args->source, &answer.changed);
    if (rc == RC_OK)
        view_struct(view, changed_fields, COUNT(changed_fields), &answer);
    return rc;
}

struct number {
    int64_t    number;
    struct str code;
};
static const struct field number_fields[] = {
    FIELD(struct number, number, REQUIRED, .min = 1, .max = COUNTY_MAX,
          .title = STR_INIT("编号")),
    FIELD(struct number, code, REQUIRED, .max = 6, .title = STR_INIT("代码")),
};
struct number_args {
    struct list rows;
};
static const struct field number_args[] = {
    FIELD_LIST(struct number_args, rows, struct number, number_fields, REQUIRED,
               .max = ROWS_MAX, .title = STR_INIT("编号")),
};

static enum rc number(struct op *op, const void *in, struct view *view)
{
    const struct number_args *args = in;
    const struct number      *rows = args->rows.at;

    for (size_t i = 0; i < args->rows.n; i++) {
        enum rc rc = keeps(op, i, rows[i].code);
        if (rc == RC_OK)
            rc = county_put(op, rows[i].number, rows[i].code);
        if (rc != RC_OK)
            return rc;
    }
    view_struct(view, changed_fields, COUNT(changed_fields),
                &(struct changed){ (int64_t)args->rows.n });
    return RC_OK;
}

struct shown {
    struct str code, parent, name, path, level_title;
    int64_t    level;
};
static const struct field shown_fields[] = {
    FIELD(struct shown, code, OPTIONAL),   FIELD(struct shown, name, OPTIONAL),
    FIELD(struct shown, level, OPTIONAL),  FIELD(struct shown, level_title, OPTIONAL),
    FIELD(struct shown, parent, OPTIONAL), FIELD(struct shown, path, OPTIONAL),
};

static struct shown shown_of(struct op *op, const struct area *area)
{
    return (struct shown){
        .code = area->code,
        .parent = area->parent.len ? area->parent : STR_NONE,
        .name = area->name,
        .level = area->level,
        .level_title = area_level_title((int)area->level),
        .path = area_path(op, area->code, LEVEL_PROVINCE),
    };
}

struct code_args {
    struct str code;
};
static const struct field code_args[] = {
    FIELD(struct code_args, code, REQUIRED, .max = 15, .title = STR_INIT("代码")),
};

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct code_args *args = in;
    struct area             area;

    enum rc rc = area_find(op, args->code, &area);
    if (rc != RC_OK)
        return rc;
    struct shown shown = shown_of(op, &area);
    view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return RC_OK;
}

struct list_args {
    struct str parent, name, cursor;
};
static const struct field list_args[] = {
    FIELD(struct list_args, parent, .max = 12, .title = STR_INIT("上级")),
    FIELD(struct list_args, name, .max = 60, .title = STR_INIT("名称")),
    FIELD(struct list_args, cursor, .max = 15),
};

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    struct list             found;

    enum rc rc = args->name.at
                     ? area_named(op, args->name, args->parent.at ? args->parent : STR(""),
                                  CHILDREN_PAGE, &found)
                     : area_children(op, args->parent, args->cursor, CHILDREN_PAGE, &found);
    if (rc != RC_OK)
        return rc;
    struct shown *rows = arena_many(op->arena, found.n + 1, struct shown);
    if (!rows)
        return RC_TOO_LARGE;
    const struct area *areas = found.at;
    for (size_t i = 0; i < found.n; i++)
        rows[i] = shown_of(op, &areas[i]);
    struct str next =
        !args->name.at && found.n == CHILDREN_PAGE ? areas[found.n - 1].code : STR_NONE;
    view_page(view, shown_fields, COUNT(shown_fields), (struct list){ rows, found.n },
              sizeof *rows, next);
    return RC_OK;
}

const struct act area_acts[] = {
    { .name = "area.put",
      .method = POST,
      .path = "/areas",
      .title = STR_INIT("装入辖区"),
      .note = STR_INIT("新增或改名；已有的代码只改名称。"),
      .right = RIGHT_AREA_WRITE,
      .writes = true,
      ARGS(struct put_args, put_args),
      ANSWER(struct changed, changed_fields),
      .run = put },
    { .name = "area.number",
      .method = POST,
      .path = "/counties",
      .title = STR_INIT("登记县区的永久编号"),
      .note = STR_INIT("编号一经登记不再改变。"),
      .right = RIGHT_AREA_WRITE,
      .writes = true,
      ARGS(struct number_args, number_args),
      ANSWER(struct changed, changed_fields),
      .run = number },
    { .name = "area.show",
      .method = GET,
      .path = "/areas/{code}",
      .title = STR_INIT("看一个辖区"),
      .right = RIGHT_ANYONE,
      ARGS(struct code_args, code_args),
      ANSWER(struct shown, shown_fields),
      .run = show },
    { .name = "area.list",
      .method = GET,
      .path = "/areas",
      .title = STR_INIT("列出下级辖区"),
      .note = STR_INIT("按上级列出，或按名称查找：名称会重复，以代码为准。"),
      .right = RIGHT_ANYONE,
      ARGS(struct list_args, list_args),
      ANSWER(struct shown, shown_fields),
      .many = true,
      .run = list },
    { .name = NULL },
};
