#include "engine/notice/notice_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "guard/actor.h"
#include "registry/area.h"

const struct field notice_house_fields[HOUSE_NFIELDS] = {
    FIELD(struct person_house, compound, REQUIRED, .max = 40, .title = STR_INIT("小区")),
    FIELD(struct person_house, building, .max = 20, .title = STR_INIT("楼栋"),
          .note = STR_INIT("不写是整个小区")),
    FIELD(struct person_house, unit, .max = 20, .title = STR_INIT("单元"),
          .note = STR_INIT("不写是整栋")),
};

/* ------------------------------------------------------------------ houses */

static struct str house_key(struct op *op, const struct person_house *house, int parts)
{
    return str_fmt(op->arena, "h:%.*s|%.*s%s%.*s%s%.*s", STR_ARG(house->community),
                   STR_ARG(house->compound), parts > 1 ? "|" : "",
                   parts > 1 ? (int)house->building.len : 0,
                   house->building.at ? house->building.at : "", parts > 2 ? "|" : "",
                   parts > 2 ? (int)house->unit.len : 0,
                   house->unit.at ? house->unit.at : "");
}

static int house_parts(const struct person_house *house)
{
    return house->unit.len ? 3 : house->building.len ? 2 : 1;
}

bool house_within(const struct person_house *home, const struct person_house *house)
{
    int parts = house_parts(house);

    return str_eq(home->community, house->community) &&
           str_eq(home->compound, house->compound) &&
           (parts < 2 || str_eq(home->building, house->building)) &&
           (parts < 3 || str_eq(home->unit, house->unit));
}

struct houses {
    struct list houses;
};
static const struct field houses_fields[] = {
    FIELD_LIST(struct houses, houses, struct person_house, notice_house_fields, OPTIONAL),
};

struct str notice_houses_write(struct op *op, struct list houses)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, houses_fields, COUNT(houses_fields), &(struct houses){ houses });
    return json_done(&out);
}

enum rc notice_houses(struct op *op, const struct notice *notice, struct list *houses)
{
    struct houses   read = { 0 };
    struct problems ignored;

    *houses = (struct list){ 0 };
    if (!notice->houses.len)
        return RC_OK;
    problems_init(&ignored, op->arena);
    enum rc rc = json_read(op->arena, notice->houses, houses_fields, COUNT(houses_fields),
                           &read, &ignored);
    struct person_house *rows = read.houses.at;
    for (size_t i = 0; i < read.houses.n; i++) {
        rows[i].community = area_at_level(notice->area, LEVEL_COMMUNITY);
        rows[i].building = rows[i].building.at ? rows[i].building : STR("");
        rows[i].unit = rows[i].unit.at ? rows[i].unit : STR("");
    }
    *houses = read.houses;
    return rc;
}

/* -------------------------------------------------------------------- keys */

static struct str people_key(struct op *op, struct str area)
{
    return str_fmt(op->arena, "p:%.*s", STR_ARG(area));
}

static struct str role_key(struct op *op, struct str role, struct str area)
{
    return str_fmt(op->arena, "r:%.*s@%.*s", STR_ARG(role), STR_ARG(area));
}

struct str staff_key(struct op *op, char letter, struct str area)
{
    return str_fmt(op->arena, "%c:%.*s", letter, STR_ARG(area));
}

enum rc notice_keys(struct op *op, const struct notice *notice, struct list *keys)
{
    struct list houses;

    enum rc     rc = notice_houses(op, notice, &houses);
    struct str *made = rc == RC_OK ? arena_many(op->arena, houses.n + 1, struct str) : NULL;
    if (!made)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct person_house *rows = houses.at;
    for (size_t i = 0; i < houses.n; i++)
        made[i] = house_key(op, &rows[i], house_parts(&rows[i]));
    if (!houses.n)
        made[0] = notice->role.len ? role_key(op, notice->role, notice->area)
                                   : people_key(op, notice->area);
    *keys = (struct list){ made, houses.n ? houses.n : 1 };
    return RC_OK;
}

static bool has_key(const struct notice_reader *reader, struct str key)
{
    for (size_t i = 0; i < reader->n; i++)
        if (str_eq(reader->keys[i], key))
            return true;
    return false;
}

static void add_key(struct notice_reader *reader, struct str key)
{
    if (reader->n < READER_KEYS_MAX && !has_key(reader, key))
        reader->keys[reader->n++] = key;
}

static enum rc add_house(struct op *op, struct notice_reader *reader)
{
    struct person       person;
    struct person_house house;

    if (!op->actor->person || id_county(op->actor->person) != op->county)
        return RC_OK;
    enum rc rc = person_find(op, op->actor->person, &person);
    if (rc == RC_OK)
        rc = person_house(op, &person, &house);
    for (int parts = 1; rc == RC_OK && parts <= house_parts(&house); parts++)
        add_key(reader, house_key(op, &house, parts));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc reader_of(struct op *op, struct notice_reader *reader)
{
    const struct actor *actor = op->actor;

    *reader = (struct notice_reader){ .who = actor->person ? actor->person : actor->account,
                                      .home = actor->home };
    for (int level = area_level(actor->home); level >= LEVEL_COUNTY; level--)
        add_key(reader, people_key(op, area_at_level(actor->home, level)));
    for (size_t i = 0; i < actor->nholds; i++) {
        const struct hold *hold = &actor->holds[i];
        for (int level = area_level(hold->area); level >= LEVEL_COUNTY; level--)
            add_key(reader,
                    role_key(op, role_word(hold->role), area_at_level(hold->area, level)));
    }
    return add_house(op, reader);
}

static struct str hold_area(const struct op *op, const struct notice *notice)
{
    for (size_t i = 0; i < op->actor->nholds; i++)
        if (str_eq(role_word(op->actor->holds[i].role), notice->role) &&
            area_within(op->actor->holds[i].area, notice->area))
            return op->actor->holds[i].area;
    return notice->area;
}

enum rc reader_has(struct op *op, const struct notice_reader *reader,
                   const struct notice *notice, struct str *area, bool *has)
{
    struct list keys = { 0 };

    *has = false;
    enum rc           rc = notice_keys(op, notice, &keys);
    const struct str *all = keys.at;
    for (size_t i = 0; rc == RC_OK && i < keys.n && !*has; i++)
        *has = has_key(reader, all[i]);
    *area = notice->role.len ? hold_area(op, notice) : reader->home;
    return rc;
}

/* ------------------------------------------------------------------- lists */

static int by_mark(const void *a, const void *b)
{
    const struct notice_key *one = a, *other = b;

    return (one->mark < other->mark) - (one->mark > other->mark);
}

enum rc keys_merged(struct op *op, const struct str *keys, size_t n, int64_t before,
                    size_t most, struct list *found)
{
    struct notice_key *all = arena_many(op->arena, n * most + 1, struct notice_key);
    size_t             nall = 0;
    struct list        page;
    enum rc            rc = all ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = key_select_page(op, keys[i], before, most, &page);
        if (rc == RC_OK && page.n) {
            memcpy(all + nall, page.at, page.n * sizeof *all);
            nall += page.n;
        }
    }
    if (rc == RC_OK && nall)
        qsort(all, nall, sizeof *all, by_mark);
    *found = (struct list){ all, nall < most ? nall : most };
    return rc;
}
