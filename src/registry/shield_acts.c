#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/forget.h"
#include "registry/keeper.h"
#include "registry/person.h"
#include "registry/registry.h"

/* -------------------------------------------------------------- shielding */

struct shield_args {
    int64_t    id;
    bool       shielded;
    struct str reason;
};
static const struct field shield_fields[] = {
    FIELD_ID(struct shield_args, id, REQUIRED, .title = STR_INIT("居民")),
    FIELD(struct shield_args, shielded, REQUIRED, .title = STR_INIT("受保护")),
    FIELD(struct shield_args, reason, REQUIRED, .max = 200, .title = STR_INIT("原因")),
};

static enum rc shield(struct op *op, const void *in, struct view *view)
{
    const struct shield_args *args = in;
    struct person             person;

    (void)view;
    enum rc rc = person_find(op, args->id, &person);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_PERSON_SHIELD, person.grid))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_set_shielded(op, person.id, args->shielded);
    if (rc == RC_OK)
        rc = keepers_shield(op, person.id, args->shielded);
    if (rc == RC_OK)
        journal_about(op, person.id, person.version, person.version + 1, person.id);
    return rc;
}

/* ----------------------------------------------------------------- decoys */

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

static enum rc end(struct op *op, const void *in, struct view *view)
{
    const struct made *args = in;
    struct person      person;

    (void)view;
    enum rc rc = county_yours(op, RIGHT_DECOY_WRITE);
    if (rc == RC_OK)
        rc = person_find(op, args->id, &person);
    if (rc == RC_OK && !person.decoy)
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_forget(op, args->id);
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

const struct act shield_acts[] = {
    { .name = "person.shield",
      .method = POST,
      .path = "/people/{id}/shield",
      .title = STR_INIT("设、撤受保护人员"),
      .note = STR_INIT("住址、电话和位置只有保护专员和社区民警能看；别处查不到这个人。"),
      .right = RIGHT_PERSON_SHIELD,
      .writes = true,
      ARGS(struct shield_args, shield_fields),
      .run = shield },
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
    { .name = NULL },
};
