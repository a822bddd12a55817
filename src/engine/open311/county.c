#include "engine/open311/county.h"

#include "base/area.h"
#include "base/json.h"
#include "engine/open311/open311.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/person.h"

/* ------------------------------------------------------------- which county */

/* Told once, before threads start; afterwards only read. */
static struct open311_options options;

void open311_told(const struct open311_options *told)
{
    assert(told->n <= OPEN311_COUNTIES_MAX);
    options = *told;
}

bool open311_is_test(void)
{
    return options.test;
}

static bool is_open(struct str county)
{
    for (size_t i = 0; i < options.n; i++)
        if (str_eq(options.counties[i], county))
            return true;
    return false;
}

bool open311_here(struct op *op)
{
    struct str county;

    return options.n && county_code(op, op->county, &county) == RC_OK && is_open(county);
}

enum rc jurisdiction_enter(struct op *op, struct str jurisdiction)
{
    struct str county = jurisdiction;

    if (!options.n)
        return fail(op, RC_NOT_FOUND, NULL, "这里没有开通公众平台接口。");
    if (!county.len && options.n > 1)
        return fail(op, RC_INVALID, "jurisdiction_id",
                    "这里有几个区县，请用 jurisdiction_id 写明是哪一个（区县代码）。");
    if (!county.len)
        county = options.counties[0];
    if (!is_open(county))
        return fail(op, RC_NOT_FOUND, "jurisdiction_id", "没有这个区县，或者没有开通。");
    enum rc rc = county_of_area(op, county, &op->county);
    return rc == RC_NOT_FOUND ? fail(op, rc, "jurisdiction_id", "没有登记这个区县。") : rc;
}

/* -------------------------------------------------------------- where in it */

enum { CHILDREN_MAX = 1000 };

static enum rc no_number(struct op *op, const char *where)
{
    return fail(op, RC_INVALID, where, "坐标要写成小数度数（WGS-84），例如 32.0103。");
}

/* Trailing zeros are cut by some, down to "32."; others write "+32". */
static bool read_degrees(struct str text, double *degrees)
{
    if (str_starts(text, STR("+")))
        text = str_skip(text, 1);
    if (str_ends(text, STR(".")))
        text.len--;
    return json_value_real(text, degrees);
}

static enum rc read_point(struct op *op, const struct reported_place *told,
                          struct found_place *found)
{
    if (!told->lat.len != !told->lng.len)
        return fail(op, RC_INVALID, told->lat.len ? "long" : "lat",
                    "lat 和 long 要一起写。");
    if (told->lat.len && !read_degrees(told->lat, &found->lat))
        return no_number(op, "lat");
    if (told->lng.len && !read_degrees(told->lng, &found->lng))
        return no_number(op, "long");
    return RC_OK;
}

static enum rc by_house(struct op *op, struct found_place *found)
{
    if (found->lat == 0 && found->lng == 0)
        return RC_NOT_FOUND;
    return house_near(op, found->lat, found->lng, &found->area);
}

/* The longest of their names that stands in the text. */
static enum rc named_child(struct op *op, struct str parent, struct str text,
                           struct str *code)
{
    struct list children;
    size_t      longest = 0;

    enum rc            rc = area_children(op, parent, STR_NONE, CHILDREN_MAX, &children);
    const struct area *all = children.at;
    for (size_t i = 0; rc == RC_OK && i < children.n; i++)
        if (all[i].name.len > longest && str_has(text, all[i].name)) {
            *code = all[i].code;
            longest = all[i].name.len;
        }
    return rc == RC_OK && !longest ? RC_NOT_FOUND : rc;
}

static enum rc by_words(struct op *op, struct str county, struct str text,
                        struct found_place *found)
{
    struct str code;

    if (!text.len)
        return RC_NOT_FOUND;
    enum rc rc = named_child(op, county, text, &found->area);
    if (rc != RC_OK)
        return rc;
    rc = named_child(op, found->area, text, &code);
    if (rc == RC_OK)
        found->area = code;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc by_platform(struct op *op, struct found_place *found)
{
    const struct actor *actor = op->actor;

    for (size_t i = 0; i < actor->nholds; i++)
        if (area_level(actor->holds[i].area) >= LEVEL_STREET) {
            found->area = actor->holds[i].area;
            return RC_OK;
        }
    return RC_NOT_FOUND;
}

static enum rc by_id(struct op *op, struct str id, struct found_place *found)
{
    struct area area;

    if (area_level(id) < LEVEL_STREET || area_find(op, id, &area) != RC_OK)
        return fail(op, RC_INVALID, "address_id",
                    "address_id 要是街道、社区或网格的代码。");
    found->area = id;
    return RC_OK;
}

static enum rc find_area(struct op *op, struct str county,
                         const struct reported_place *told, struct found_place *found)
{
    if (told->address_id.len)
        return by_id(op, told->address_id, found);
    enum rc rc = by_house(op, found);
    if (rc == RC_NOT_FOUND)
        rc = by_words(op, county, told->address_string, found);
    if (rc == RC_NOT_FOUND)
        rc = by_platform(op, found);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_INVALID, told->lat.len ? "lat" : "address_string",
                    "认不出这是%s哪个社区：附近没有登记过的房屋。请在 address_string "
                    "里写明街道和社区，或用 address_id 写社区代码。",
                    told->lat.len ? "本区县" : "");
    return rc;
}

/* An address that names a street of ours does not bring a point here that is elsewhere. */
static enum rc check_point(struct op *op, const struct found_place *found)
{
    static const double FAR_M = 30000;
    double              metres = 0;

    if (found->lat == 0 && found->lng == 0)
        return RC_OK;
    enum rc rc = house_distance(op, found->area, found->lat, found->lng, &metres);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    return metres > FAR_M ? fail(op, RC_INVALID, "lat", "这个地点不在本区县。") : RC_OK;
}

enum rc place_find(struct op *op, const struct reported_place *told,
                   struct found_place *found)
{
    struct str county;

    *found = (struct found_place){ 0 };
    if (!told->lat.len && !told->lng.len && !told->address_string.len &&
        !told->address_id.len)
        return fail(op, RC_INVALID, "lat",
                    "请写明地点：lat 和 long，或者 address_string，或者 address_id。");
    enum rc rc = read_point(op, told, found);
    if (rc == RC_OK)
        rc = county_code(op, op->county, &county);
    if (rc == RC_OK)
        rc = find_area(op, county, told, found);
    if (rc == RC_OK && !area_within(found->area, county))
        return fail(op, RC_INVALID, told->lat.len ? "lat" : "address_id",
                    "这个地点不在本区县。");
    return rc == RC_OK ? check_point(op, found) : rc;
}
