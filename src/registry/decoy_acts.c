/* Decoys 诱饵: persons who are nobody, and who opened them. */
#include "gate/journal.h"
#include "gate/view.h"
#include "registry/area.h"
#include "registry/forget.h"
#include "registry/look.h"
#include "registry/registry.h"

enum { PAGE = 50 };

struct decoy_args {
    struct str name, sex, birth, phone, id_number;
    struct str compound, building, unit, room, grid;
};
#define D(member, most, grade_, title_)                                                    \
    FIELD(struct decoy_args, member, .max = (most), .grade = (grade_),                     \
          .title = STR_INIT(title_))
static const struct field decoy_fields[] = {
    FIELD(struct decoy_args, name, REQUIRED, .max = 40, .title = STR_INIT("姓名")),
    D(sex, 1, GRADE_INNER, "性别"),
    D(birth, 10, GRADE_PERSONAL, "出生日期"),
    D(phone, 24, GRADE_PERSONAL, "电话"),
    D(id_number, 24, GRADE_SENSITIVE, "身份证号"),
    FIELD(struct decoy_args, compound, REQUIRED, .max = 40, .title = STR_INIT("小区")),
    D(building, 20, GRADE_PERSONAL, "楼栋"),
    D(unit, 20, GRADE_PERSONAL, "单元"),
    D(room, 20, GRADE_PERSONAL, "房号"),
    FIELD(struct decoy_args, grid, REQUIRED, .max = 15, .title = STR_INIT("网格")),
};
struct made {
    int64_t id;
};
static const struct field made_fields[] = { FIELD_ID(struct made, id, OPTIONAL) };

static enum rc decoy_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct decoy_args *)in)->grid);
}

static enum rc register_decoy(struct op *op, const struct decoy_args *args, int64_t *id)
{
    struct person_new nobody = { .name = args->name,
                                 .sex = args->sex,
                                 .birth = args->birth,
                                 .phone = args->phone,
                                 .id_number = args->id_number };
    struct home_new   home = { .compound = args->compound,
                               .building = args->building,
                               .unit = args->unit,
                               .room = args->room,
                               .grid = args->grid,
                               .people = { &nobody, 1 } };
    struct list       ids;

    enum rc rc = homes_register(op, &home, 1, &ids);
    if (rc != RC_OK)
        return rc;
    *id = *(const int64_t *)ids.at;
    return person_set_decoy(op, *id);
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    struct made made;

    enum rc rc = county_yours(op, RIGHT_DECOY_WRITE);
    if (rc == RC_OK)
        rc = register_decoy(op, in, &made.id);
    if (rc != RC_OK)
        return rc;
    journal_about(op, made.id, 0, 1, made.id);
    view->status = 201;
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

/* A resident is not there for who keeps decoys. */
static enum rc find_decoy(struct op *op, int64_t id, struct person *decoy)
{
    enum rc rc = county_yours(op, RIGHT_DECOY_WRITE);

    if (rc == RC_OK)
        rc = person_find(op, id, decoy);
    return rc == RC_OK && !decoy->decoy ? RC_NOT_FOUND : rc;
}

static enum rc end(struct op *op, const void *in, struct view *view)
{
    const struct made *args = in;
    struct person      person;

    (void)view;
    enum rc rc = find_decoy(op, args->id, &person);
    if (rc == RC_OK)
        rc = person_forget(op, args->id);
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

/* ----------------------------------------------------------------- listing */

struct list_args {
    struct str area;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};
struct decoy_shown {
    int64_t    id, made;
    struct str name, birth, address, area, area_path;
    int64_t    opened, last;
};
static const struct field decoy_shown_fields[] = {
    FIELD_ID(struct decoy_shown, id, OPTIONAL),
    FIELD_TIME(struct decoy_shown, made, OPTIONAL),
    FIELD(struct decoy_shown, name, OPTIONAL),
    FIELD(struct decoy_shown, birth, .grade = GRADE_PERSONAL),
    FIELD(struct decoy_shown, address, .grade = GRADE_PERSONAL),
    FIELD(struct decoy_shown, area, OPTIONAL),
    FIELD(struct decoy_shown, area_path, OPTIONAL),
    FIELD(struct decoy_shown, opened, OPTIONAL, .title = STR_INIT("被打开几次")),
    FIELD_TIME(struct decoy_shown, last, OPTIONAL, .title = STR_INIT("最近一次")),
};

static enum rc list_ready(struct op *op, void *in)
{
    return county_look(op, RIGHT_DECOY_WRITE, ((const struct list_args *)in)->area);
}

static enum rc show(struct op *op, const struct person *decoy, struct decoy_shown *shown)
{
    *shown = (struct decoy_shown){ .id = decoy->id,
                                   .made = decoy->made_ms,
                                   .name = decoy->name,
                                   .birth = decoy->birth,
                                   .area = decoy->grid,
                                   .area_path = area_path(op, decoy->grid, LEVEL_STREET) };
    enum rc rc = person_address(op, decoy, true, &shown->address);
    return rc == RC_OK ? looks_opened(op, decoy->id, &shown->opened, &shown->last) : rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list found;

    enum rc rc = decoys_list(op, ((const struct list_args *)in)->cursor, PAGE, &found);
    struct decoy_shown *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct decoy_shown) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct person *decoys = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = show(op, &decoys[i], &rows[i]);
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)decoys[PAGE - 1].id)
                          : STR_NONE;
    if (rc == RC_OK)
        view_page(view, decoy_shown_fields, COUNT(decoy_shown_fields),
                  (struct list){ rows, found.n }, sizeof *rows, next);
    return rc;
}

struct hits_args {
    int64_t id, cursor;
};
static const struct field hits_fields[] = {
    FIELD_ID(struct hits_args, id, REQUIRED, .title = STR_INIT("诱饵人员")),
    FIELD_ID(struct hits_args, cursor, OPTIONAL),
};
struct hit {
    int64_t    id, at, account;
    struct str who, kind, reason;
};
static const struct field hit_fields[] = {
    FIELD_ID(struct hit, id, OPTIONAL),
    FIELD_TIME(struct hit, at, OPTIONAL),
    FIELD_ID(struct hit, account, OPTIONAL),
    FIELD(struct hit, who, OPTIONAL),
    FIELD(struct hit, kind, .note = STR_INIT("page、clear 或 listed")),
    FIELD(struct hit, reason, .grade = GRADE_PERSONAL, .title = STR_INIT("写下的原因")),
};

static enum rc show_hits(struct op *op, struct list found, struct view *view)
{
    const struct look *looks = found.at;
    struct hit        *rows = arena_many(op->arena, found.n + 1, struct hit);
    enum rc            rc = rows ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        rows[i] = (struct hit){ looks[i].id,  id_ms(looks[i].id), looks[i].account,
                                looks[i].who, looks[i].kind,      STR_NONE };
        rc = look_reason(op, &looks[i], &rows[i].reason);
    }
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)looks[PAGE - 1].id)
                          : STR_NONE;
    if (rc == RC_OK)
        view_page(view, hit_fields, COUNT(hit_fields), (struct list){ rows, found.n },
                  sizeof *rows, next);
    return rc;
}

static enum rc hits(struct op *op, const void *in, struct view *view)
{
    const struct hits_args *args = in;
    struct person           decoy;
    struct list             found;

    enum rc rc = find_decoy(op, args->id, &decoy);
    if (rc == RC_OK)
        rc = looks_at_person(op, args->id, args->cursor, PAGE, &found);
    return rc == RC_OK ? show_hits(op, found, view) : rc;
}

const struct act decoy_acts[] = {
    { .name = "decoy.make",
      .method = POST,
      .path = "/decoys",
      .title = STR_INIT("设一个诱饵人员"),
      .note = STR_INIT("谁打开，安全管理员马上知道；打开的人看不出来。统计和导出里没有。"),
      .right = RIGHT_DECOY_WRITE,
      .writes = true,
      .unkept = true,
      ARGS(struct decoy_args, decoy_fields),
      ANSWER(struct made, made_fields),
      .ready = decoy_ready,
      .run = make },
    { .name = "decoy.end",
      .method = POST,
      .path = "/decoys/{id}/end",
      .title = STR_INIT("撤一个诱饵人员"),
      .right = RIGHT_DECOY_WRITE,
      .writes = true,
      ARGS(struct made, made_fields),
      .run = end },
    { .name = "decoy.list",
      .method = GET,
      .path = "/decoys",
      .title = STR_INIT("诱饵人员"),
      .note = STR_INIT("还在的那些，各被打开过几次。"),
      .right = RIGHT_DECOY_WRITE,
      ARGS(struct list_args, list_fields),
      ANSWER(struct decoy_shown, decoy_shown_fields),
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = "decoy.hits",
      .method = GET,
      .path = "/decoys/{id}/hits",
      .title = STR_INIT("谁打开过一个诱饵人员"),
      .right = RIGHT_DECOY_WRITE,
      ARGS(struct hits_args, hits_fields),
      ANSWER(struct hit, hit_fields),
      .many = true,
      .run = hits },
    { .name = NULL },
};
