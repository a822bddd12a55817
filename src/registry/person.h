/* Residents 居民 with their homes: a person lives in a household 户, a household
 * in a house 房屋, a house stands in a grid.  Names and birth dates stand in clear,
 * because they are searched; telephone and ID number are sealed with the person's
 * own key and found only exactly, by blind index.  Everybody else sees them masked;
 * in clear only by an act with a reason, which the person can see (look.h). */
#ifndef REGISTRY_PERSON_H
#define REGISTRY_PERSON_H
#include "base/field.h"
#include "base/op.h"

struct person {
    int64_t    county, id;
    struct str name, sex, birth;
    struct str id_number, id_index, phone, phone_index; /* sealed and blind */
    int64_t    household;
    struct str relation, street, community, grid;
    int64_t    version, made_ms;
    bool       shielded; /* where they are is shown to two roles alone */
    bool       decoy;    /* nobody: whoever opens it is told of (look.h) */
};

struct person_new {
    struct str name, sex, birth, id_number, phone, relation;
};
struct home_new { /* a house with the household in it */
    struct str  compound, building, unit, room, grid;
    double      lat, lng;
    struct list people; /* struct person_new; the first is the head */
};

/* Registers homes with their people; told by number of home and person.  *ids: the
 * people's ids in order. */
MUST_USE enum rc homes_register(struct op *op, const struct home_new *homes, size_t n,
                                struct list *ids);
/* The grid of the nearest registered house, when one stands within about 100 m (at most
 * 300 of each cell are looked at); RC_NOT_FOUND. */
MUST_USE enum rc house_near(struct op *op, double lat, double lng, struct str *grid);
/* How far, in metres, the point is from some registered house of the area: enough to tell
 * what lies elsewhere.  RC_NOT_FOUND when none of them has a place. */
MUST_USE enum rc house_distance(struct op *op, struct str area, double lat, double lng,
                                double *metres);
MUST_USE enum rc person_find(struct op *op, int64_t id, struct person *person);
/* Nobody there is not shielded. */
MUST_USE enum rc person_is_shielded(struct op *op, int64_t id, bool *shielded);
MUST_USE enum rc person_set_shielded(struct op *op, int64_t id, bool shielded);
/* From now on they are nobody. */
MUST_USE enum rc person_set_decoy(struct op *op, int64_t id);
/* Those of op's county, by id. */
MUST_USE enum rc decoys_list(struct op *op, int64_t after, size_t most,
                             struct list *decoys);
/* By name within an area, or by exact telephone or ID number. */
struct person_query {
    struct str area, name, phone, id_number;
    int64_t    after;
    size_t     most;
    bool       shielded;      /* those too */
    bool       only_shielded; /* all of them in the area, whatever they are called */
};
MUST_USE enum rc person_search(struct op *op, const struct person_query *query,
                               struct list *people);
struct person_clear {
    struct str phone, id_number;
};
MUST_USE enum rc person_open(struct op *op, const struct person *person,
                             struct person_clear *clear);
/* Which house they live in, below its community; RC_NOT_FOUND. */
struct person_house {
    struct str community, compound, building, unit;
};
MUST_USE enum rc person_house(struct op *op, const struct person *person,
                              struct person_house *house);
/* Where they live, in words; without building and room unless clear; "": not known. */
MUST_USE enum rc person_address(struct op *op, const struct person *person, bool clear,
                                struct str *address);

#endif
