#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/look.h"
#include "registry/person_view.h"
#include "registry/registry.h"

enum { HOMES_MAX = 200, PEOPLE_OF_HOME_MAX = 20, PAGE = 50 };

/* --------------------------------------------------------- registering */

static const struct field person_new_fields[] = {
    FIELD(struct person_new, name, REQUIRED, .max = 40, .title = STR_INIT("姓名")),
    FIELD(struct person_new, sex, .max = 1, .title = STR_INIT("性别"),
          .note = STR_INIT("GB/T 2261.1")),
    FIELD(struct person_new, birth, .max = 10, .grade = GRADE_PERSONAL,
          .title = STR_INIT("出生日期")),
    FIELD(struct person_new, id_number, .max = 24, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("身份证号")),
    FIELD(struct person_new, phone, .max = 24, .grade = GRADE_PERSONAL,
          .title = STR_INIT("电话")),
    FIELD(struct person_new, relation, .max = 2, .title = STR_INIT("与户主关系"),
          .note = STR_INIT("GB/T 4761")),
};
static const struct field home_fields[] = {
    FIELD(struct home_new, compound, REQUIRED, .max = 40, .title = STR_INIT("小区")),
    FIELD(struct home_new, building, .max = 20, .title = STR_INIT("楼栋")),
    FIELD(struct home_new, unit, .max = 20, .title = STR_INIT("单元")),
    FIELD(struct home_new, room, .max = 20, .title = STR_INIT("房号")),
    FIELD(struct home_new, grid, REQUIRED, .max = 15, .title = STR_INIT("网格")),
    FIELD(struct home_new, lat, .grade = GRADE_SENSITIVE, .title = STR_INIT("纬度")),
    FIELD(struct home_new, lng, .grade = GRADE_SENSITIVE, .title = STR_INIT("经度")),
    FIELD_LIST(struct home_new, people, struct person_new, person_new_fields,
               .max = PEOPLE_OF_HOME_MAX, .title = STR_INIT("住的人")),
};
struct register_args {
    struct list homes;
};
static const struct field register_fields[] = {
    FIELD_LIST(struct register_args, homes, struct home_new, home_fields, REQUIRED,
               .max = HOMES_MAX, .title = STR_INIT("住户")),
};
struct registered {
    struct list people; /* int64_t */
};
static const struct field registered_fields[] = {
    FIELD_LIST_OF(struct registered, people, KIND_ID, OPTIONAL),
};
static enum rc register_ready(struct op *op, void *in)
{
    const struct register_args *args = in;
    const struct home_new      *homes = args->homes.at;

    return args->homes.n ? county_enter(op, homes[0].grid) : RC_OK;
}

/* The journal keeps whose rows they are, not what they say. */
static enum rc register_homes(struct op *op, const void *in, struct view *view)
{
    const struct register_args *args = in;
    const struct home_new      *homes = args->homes.at;
    struct registered           answer;

    for (size_t i = 0; i < args->homes.n; i++)
        if (!actor_may(op->actor, RIGHT_PERSON_WRITE, homes[i].grid) ||
            !area_within(homes[i].grid, area_at_level(homes[0].grid, LEVEL_COUNTY)))
            return fail(op, RC_DENIED, "homes", "第 %zu 户不在您的网格里。", i + 1);
    enum rc rc = homes_register(op, homes, args->homes.n, &answer.people);
    if (rc == RC_OK)
        rc = journal_says(op, registered_fields, COUNT(registered_fields), &answer);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    view_struct(view, registered_fields, COUNT(registered_fields), &answer);
    return RC_OK;
}

/* ------------------------------------------------------------- looking */

struct search_args {
    struct str area, name, phone, id_number;
    bool       shielded;
    int64_t    cursor;
};
static const struct field search_fields[] = {
    FIELD(struct search_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct search_args, name, .max = 40, .grade = GRADE_PERSONAL,
          .title = STR_INIT("姓名")),
    FIELD(struct search_args, phone, .max = 24, .grade = GRADE_PERSONAL,
          .title = STR_INIT("电话")),
    FIELD(struct search_args, id_number, .max = 24, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("身份证号")),
    FIELD(struct search_args, shielded, .title = STR_INIT("列出受保护的"),
          .note = STR_INIT("只有保护专员能列；不用写姓名")),
    FIELD_ID(struct search_args, cursor, OPTIONAL),
};

/* What the journal keeps of the question: not with which value. */
static struct str by(const struct search_args *args)
{
    return args->phone.len       ? STR("phone")
           : args->id_number.len ? STR("id_number")
           : args->shielded      ? STR("shielded")
                                 : STR("name");
}

static enum rc check_search(struct op *op, const struct search_args *args)
{
    if (!actor_may(op->actor, RIGHT_PERSON_READ, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的居民不归您管。");
    if (args->shielded && !actor_may(op->actor, RIGHT_PERSON_SHIELD, args->area))
        return fail(op, RC_DENIED, "shielded", "受保护人员的名单只有保护专员能看。");
    if (!args->shielded && !args->name.len && !args->phone.len && !args->id_number.len)
        return fail(op, RC_INVALID, "name", "请写姓名、电话或身份证号中的一样。");
    return RC_OK;
}

/* A number is looked for in the whole county. */
static size_t keep_within(struct person *people, size_t n, struct str area)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (area_within(people[i].grid, area))
            people[kept++] = people[i];
    return kept;
}

/* A body, not a URL: numbers of people stay out of logs. */
static enum rc search(struct op *op, const void *in, struct view *view)
{
    const struct search_args *args = in;
    struct list               found;
    struct person_query       query = { .area = args->area,
                                        .name = args->name,
                                        .phone = args->phone,
                                        .id_number = args->id_number,
                                        .after = args->cursor,
                                        .most = PAGE,
                                        .shielded =
                                            actor_may(op->actor, RIGHT_SHIELDED_READ, args->area),
                                        .only_shielded = args->shielded };

    enum rc rc = check_search(op, args);
    if (rc == RC_OK)
        rc = person_search(op, &query, &found);
    if (rc != RC_OK)
        return rc;
    struct person *people = found.at;
    int64_t        last = found.n ? people[found.n - 1].id : 0;
    size_t         n = keep_within(people, found.n, args->area);
    rc = look_through(op, args->area, by(args), people, n, &view->refused);
    if (rc != RC_OK || view->refused != RC_OK)
        return rc;
    struct person_shown *rows = arena_many(op->arena, n + 1, struct person_shown);
    if (!rows)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = person_show(op, &people[i], false, &rows[i]);
    if (rc != RC_OK)
        return rc;
    struct str next =
        found.n == PAGE ? str_fmt(op->arena, "%lld", (long long)last) : STR_NONE;
    view_page(view, person_shown_fields, PERSON_SHOWN_NFIELDS, (struct list){ rows, n },
              sizeof *rows, next);
    return RC_OK;
}

const struct act person_acts[] = {
    { .name = "person.register",
      .method = POST,
      .path = "/people",
      .title = STR_INIT("登记住户"),
      .note = STR_INIT("一次最多 200 户；有一户不对，整批不登记。"),
      .right = RIGHT_PERSON_WRITE,
      .writes = true,
      ARGS(struct register_args, register_fields),
      ANSWER(struct registered, registered_fields),
      .ready = register_ready,
      .run = register_homes },
    { .name = "person.search",
      .method = POST,
      .path = "/people/search",
      .title = STR_INIT("找居民"),
      .note = STR_INIT("按姓名，或准确的电话、身份证号；号码是遮住的。"),
      .right = RIGHT_PERSON_READ,
      .writes = true,
      .unkept = true,
      ARGS(struct search_args, search_fields),
      .answer = person_shown_fields,
      .nanswer = PERSON_SHOWN_NFIELDS,
      .many = true,
      .run = search },
    { .name = NULL },
};
