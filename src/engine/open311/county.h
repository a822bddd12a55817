/* Which county is meant, and where in it.  Inside engine/open311/ only. */
#ifndef ENGINE_OPEN311_COUNTY_H
#define ENGINE_OPEN311_COUNTY_H
#include "base/op.h"

bool open311_here(struct op *op); /* is op's county open? */
bool open311_is_test(void);
/* op->county by a jurisdiction_id: the county's code; it may be absent where one county
 * alone is open.  RC_NOT_FOUND, told, for one that is not open. */
MUST_USE enum rc jurisdiction_enter(struct op *op, struct str jurisdiction);

/* What a report says of its place. */
struct reported_place {
    struct str lat, lng, address_string, address_id;
};
struct found_place {
    double     lat, lng; /* both 0: no point was told */
    struct str area;     /* a street at least */
};
/* By the area that address_id names; else by the nearest registered house; else by the
 * names of streets and communities in the address; else the platform's own area, where
 * that is a street or less.  RC_INVALID, told: no place, no number, outside the county. */
MUST_USE enum rc place_find(struct op *op, const struct reported_place *told,
                            struct found_place *found);

#endif
