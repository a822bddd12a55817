#include "registry/person.h"

#include <math.h>

#include "base/area.h"
#include "guard/blind.h"
#include "guard/seal.h"
#include "registry/census.h"
#include "registry/area.h"
#include "registry/person_store.h"

enum { HOUSES_LOOKED_AT = 300 }; /* of one cell */

/* Houses are found near a point in a lattice of about 100 m. */
static int64_t cell_of(double lat, double lng)
{
    static const double PER_DEGREE = 1000;

    if (lat == 0 && lng == 0)
        return 0;
    return (int64_t)floor(lat * PER_DEGREE) * 1000000 + (int64_t)floor(lng * PER_DEGREE);
}

/* Enough to compare: a degree of longitude is shorter the further north it is. */
static double apart(const struct house *house, double lat, double lng)
{
    double y = house->lat - lat, x = (house->lng - lng) * cos(lat * acos(-1.0) / 180);

    return x * x + y * y;
}

enum rc house_near(struct op *op, double lat, double lng, struct str *grid)
{
    static const double CELL = 0.001; /* degrees */
    double              nearest = INFINITY;
    enum rc             rc = RC_OK;

    *grid = STR_NONE;
    for (int i = 0; i < 9 && rc == RC_OK; i++) { /* the cell and those round it */
        struct list found = { 0 };
        rc = house_select_cell(op,
                               cell_of(lat + (i / 3 - 1) * CELL, lng + (i % 3 - 1) * CELL),
                               HOUSES_LOOKED_AT, &found);
        const struct house *houses = found.at;
        for (size_t h = 0; rc == RC_OK && h < found.n; h++)
            if (apart(&houses[h], lat, lng) < nearest) {
                nearest = apart(&houses[h], lat, lng);
                *grid = houses[h].grid;
            }
    }
    return rc == RC_OK && !grid->at ? RC_NOT_FOUND : rc;
}

enum rc house_distance(struct op *op, struct str area, double lat, double lng,
                       double *metres)
{
    static const double METRES_PER_DEGREE = 111195;
    struct house        house = { 0 };

    enum rc rc = house_select_area(op, area, &house);
    if (rc == RC_OK)
        *metres = sqrt(apart(&house, lat, lng)) * METRES_PER_DEGREE;
    return rc;
}

static struct str or_blank(struct str text)
{
    return text.at ? text : STR("");
}

static enum rc check_code(struct op *op, enum code code, struct str text, size_t home,
                          size_t i)
{
    struct str says = text.len ? code_says(op->arena, code, text, op->now_ms) : STR_NONE;

    return says.at ? fail(op, RC_REFUSED, "homes", "第 %zu 户第 %zu 人：%.*s", home + 1,
                          i + 1, STR_ARG(says))
                   : RC_OK;
}

/* Telephone and ID number: checked, sealed, and indexed. */
static enum rc seal_numbers(struct op *op, const struct person_new *made, size_t home,
                            size_t i, struct person *person)
{
    struct str number = code_clean(op->arena, CODE_ID, made->id_number);
    struct str phone = code_clean(op->arena, CODE_PHONE, made->phone);

    enum rc rc = check_code(op, CODE_ID, number, home, i);
    if (rc == RC_OK)
        rc = check_code(op, CODE_PHONE, phone, home, i);
    if (rc == RC_OK && number.len)
        rc = seal(op, PLACE("people", "id_number", person->id, person->id), number,
                  &person->id_number);
    if (rc == RC_OK && phone.len)
        rc = seal(op, PLACE("people", "phone", person->id, person->id), phone,
                  &person->phone);
    person->id_index = blind(op->arena, STR("people.id_number"), CODE_ID, number);
    person->phone_index = blind(op->arena, STR("people.phone"), CODE_PHONE, phone);
    return rc;
}

static enum rc register_person(struct op *op, const struct home_new *home, size_t h,
                               size_t i, int64_t household, int64_t id)
{
    const struct person_new *made = (const struct person_new *)home->people.at + i;
    struct person            person = {
                   .county = op->county,
                   .id = id,
                   .name = made->name,
                   .sex = or_blank(made->sex),
                   .birth = or_blank(made->birth),
                   .household = household,
                   .relation = or_blank(made->relation),
                   .street = area_at_level(home->grid, LEVEL_STREET),
                   .community = area_at_level(home->grid, LEVEL_COMMUNITY),
                   .grid = home->grid,
                   .version = 1,
                   .made_ms = op->now_ms,
    };
    struct arena_mark mark = arena_mark(op->arena);

    enum rc rc = seal_numbers(op, made, h, i, &person);
    if (rc == RC_OK)
        rc = person_insert(op, &person);
    if (rc == RC_OK)
        rc = census_add(op, person.grid, 1);
    if (rc == RC_OK)
        arena_back(op->arena, mark);
    return rc;
}

static enum rc register_home(struct op *op, const struct home_new *home, size_t h,
                             int64_t *ids)
{
    int64_t house = op_new_id(op), household = op_new_id(op);

    if (area_level(home->grid) != LEVEL_GRID)
        return fail(op, RC_REFUSED, "homes", "第 %zu 户：要写明网格，15 位代码。", h + 1);
    for (size_t i = 0; i < home->people.n; i++)
        ids[i] = op_new_id(op);
    enum rc rc = house_insert(
        op, &(struct house){ .county = op->county,
                             .id = house,
                             .compound = home->compound,
                             .building = or_blank(home->building),
                             .unit = or_blank(home->unit),
                             .room = or_blank(home->room),
                             .community = area_at_level(home->grid, LEVEL_COMMUNITY),
                             .grid = home->grid,
                             .lat = home->lat,
                             .lng = home->lng,
                             .cell = cell_of(home->lat, home->lng) });
    if (rc == RC_OK)
        rc = household_insert(op, household, house, home->people.n ? ids[0] : 0);
    for (size_t i = 0; i < home->people.n && rc == RC_OK; i++)
        rc = register_person(op, home, h, i, household, ids[i]);
    return rc;
}

enum rc homes_register(struct op *op, const struct home_new *homes, size_t n,
                       struct list *ids)
{
    size_t people = 0;

    for (size_t i = 0; i < n; i++)
        people += homes[i].people.n;
    int64_t *made = arena_many(op->arena, people + 1, int64_t);
    if (!made)
        return RC_TOO_LARGE;
    *ids = (struct list){ made, people };
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = register_home(op, &homes[i], i, made);
        made += homes[i].people.n;
    }
    return rc;
}

enum rc person_find(struct op *op, int64_t id, struct person *person)
{
    enum rc rc = person_select(op, id, person);

    return rc == RC_OK && !person->grid.len ? RC_NOT_FOUND : rc; /* deleted */
}

enum rc person_is_shielded(struct op *op, int64_t id, bool *shielded)
{
    enum rc rc = person_select_shielded(op, id, shielded);

    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc person_set_shielded(struct op *op, int64_t id, bool shielded)
{
    return person_update_shielded(op, id, shielded);
}

enum rc person_set_decoy(struct op *op, int64_t id)
{
    return person_update_decoy(op, id);
}

enum rc decoys_list(struct op *op, int64_t after, size_t most, struct list *decoys)
{
    return person_select_decoys(op, after, most, decoys);
}

enum rc person_search(struct op *op, const struct person_query *query, struct list *people)
{
    if (query->phone.len)
        return person_select_phone(
            op, blind(op->arena, STR("people.phone"), CODE_PHONE, query->phone), query,
            people);
    if (query->id_number.len)
        return person_select_id(
            op, blind(op->arena, STR("people.id_number"), CODE_ID, query->id_number), query,
            people);
    return query->only_shielded ? person_select_only_shielded(op, query, people)
                                : person_select_name(op, query, people);
}

enum rc person_open(struct op *op, const struct person *person, struct person_clear *clear)
{
    *clear = (struct person_clear){ 0 };
    enum rc rc = unseal(op, PLACE("people", "phone", person->id, person->id), person->phone,
                        &clear->phone);
    if (rc == RC_OK)
        rc = unseal(op, PLACE("people", "id_number", person->id, person->id),
                    person->id_number, &clear->id_number);
    return rc;
}

/* "山水家园 3 栋 2 单元 302 室": what was registered, as it is said. */
enum rc person_house(struct op *op, const struct person *person, struct person_house *house)
{
    struct house found;

    enum rc rc = person->household ? person_select_address(op, person->household, &found)
                                   : RC_NOT_FOUND;
    if (rc == RC_OK)
        *house = (struct person_house){ found.community, found.compound, found.building,
                                        found.unit };
    return rc;
}

enum rc person_address(struct op *op, const struct person *person, bool clear,
                       struct str *address)
{
    struct house house;

    *address = STR("");
    enum rc rc = person->household ? person_select_address(op, person->household, &house)
                                   : RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    *address = house.compound;
    if (!clear)
        *address = str_fmt(op->arena, "%.*s ***", STR_ARG(house.compound));
    else if (house.building.len || house.unit.len || house.room.len)
        *address = str_fmt(op->arena, "%.*s %.*s%s%.*s%s%.*s%s", STR_ARG(house.compound),
                           STR_ARG(house.building), house.building.len ? " 栋 " : "",
                           STR_ARG(house.unit), house.unit.len ? " 单元 " : "",
                           STR_ARG(house.room), house.room.len ? " 室" : "");
    return address->at ? RC_OK : RC_TOO_LARGE;
}
