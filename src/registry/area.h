/* Areas 辖区: provinces, cities, counties, streets, communities and grids, each
 * named by its code of 2, 4, 6, 9, 12 or 15 digits (the statistics bureau's,
 * trimmed; three more for a grid).  An area lies below another when its code
 * starts with the other's, on a level boundary.  They are reference data, the same
 * for all counties, and come by import; grids are drawn by the county itself.
 * Names are not unique ("滨湖社区" occurs eight times in four cities) and are never
 * keys.
 *
 * Every province, city and county also has a permanent number (data/counties.csv),
 * which its ids carry and its rows start with; the code is a dated attribute of
 * the number.
 *
 * Names are looked up for every card on every screen, so those that were asked for
 * stay in memory (bounded); an import empties that. */
#ifndef REGISTRY_AREA_H
#define REGISTRY_AREA_H
#include "base/field.h"
#include "base/op.h"
#include "guard/actor.h"

enum area_levels {
    LEVEL_PROVINCE = 1,
    LEVEL_CITY,
    LEVEL_COUNTY,
    LEVEL_STREET,
    LEVEL_COMMUNITY,
    LEVEL_GRID
};

struct area {
    struct str code, parent;
    int64_t    level;
    struct str name; /* short: 滨湖社区 */
    struct str kind, source;
};

struct area_row { /* of an import */
    struct str code, name;
};

struct str area_level_title(int level);
/* The code cut to a level: ("420602004008", LEVEL_STREET) → "420602004"; absent when
 * the code is shorter than that. */
struct str area_at_level(struct str code, int level);
struct str area_parent(struct str code); /* absent for a province */
/* "滨湖社区居委会" → "滨湖社区", "茅圻村村民委员会" → "茅圻村"; borrowed. */
struct str area_short_name(struct str name);

MUST_USE enum rc area_find(struct op *op, struct str code, struct area *area);
/* The name, or the code when there is no such area: for screens. */
struct str area_name(struct op *op, struct str code);
/* 湖北省 襄阳市 襄城区 檀溪街道 滨湖社区, joined by spaces, from `from_level` on. */
struct str       area_path(struct op *op, struct str code, int from_level);
MUST_USE enum rc area_children(struct op *op, struct str parent, struct str after,
                               size_t most, struct list *areas);
/* Areas of that very name within an area; "": anywhere. */
MUST_USE enum rc area_named(struct op *op, struct str name, struct str within, size_t most,
                            struct list *areas);
/* Adds or renames.  RC_REFUSED for a code that is no code or has no parent; told by row. */
MUST_USE enum rc area_put(struct op *op, const struct area_row *rows, size_t n,
                          struct str source, int64_t *changed);

/* The permanent number of the county (or city or province) that the area lies in
 * today, by the longest code that has one.  RC_NOT_FOUND. */
MUST_USE enum rc county_of_area(struct op *op, struct str code, int64_t *number);
/* For an act's ready(): the act belongs to the county of that area.  RC_REFUSED, told,
 * when the area lies in none that is registered. */
MUST_USE enum rc county_enter(struct op *op, struct str area);
/* Does the asker hold the right over op's whole county?  RC_DENIED, told. */
MUST_USE enum rc county_yours(struct op *op, enum right right);
/* The same for the county of the area named; when none is named, for their own. */
MUST_USE enum rc county_look(struct op *op, enum right right, struct str area);
MUST_USE enum rc county_code(struct op *op, int64_t number, struct str *code);
/* The same again changes nothing; RC_REFUSED, told, for a second code of a number or a
 * second number of a code. */
MUST_USE enum rc county_put(struct op *op, int64_t number, struct str code);

/* Called for every line that has been committed (gate_options.landed): after an import
 * the names are read again. */
void area_landed(const struct line *line);
void area_memory_empty(void);

extern const struct field area_fields[];
extern const size_t       area_nfields;

#endif
