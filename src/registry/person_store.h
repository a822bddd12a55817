/* The statements of people and their homes.  Inside registry/ only. */
#ifndef REGISTRY_PERSON_STORE_H
#define REGISTRY_PERSON_STORE_H
#include "registry/person.h"

struct house {
    int64_t    county, id;
    struct str compound, building, unit, room, community, grid;
    double     lat, lng;
    int64_t    cell;
};
MUST_USE enum rc house_insert(struct op *op, const struct house *house);
/* One of the area's whose place is known; RC_NOT_FOUND. */
MUST_USE enum rc house_select_area(struct op *op, struct str area, struct house *house);
/* struct house, of one cell. */
MUST_USE enum rc house_select_cell(struct op *op, int64_t cell, size_t most,
                                   struct list *houses);
MUST_USE enum rc household_insert(struct op *op, int64_t id, int64_t house, int64_t head);
MUST_USE enum rc person_insert(struct op *op, const struct person *person);
MUST_USE enum rc person_select(struct op *op, int64_t id, struct person *person);
MUST_USE enum rc person_select_shielded(struct op *op, int64_t id, bool *shielded);
MUST_USE enum rc person_select_only_shielded(struct op                 *op,
                                             const struct person_query *query,
                                             struct list               *people);
MUST_USE enum rc person_update_shielded(struct op *op, int64_t id, bool shielded);
MUST_USE enum rc person_update_decoy(struct op *op, int64_t id);
MUST_USE enum rc person_select_decoys(struct op *op, int64_t after, size_t most,
                                      struct list *people);
/* The house of a household. */
MUST_USE enum rc person_select_address(struct op *op, int64_t household,
                                       struct house *house);
MUST_USE enum rc person_select_name(struct op *op, const struct person_query *query,
                                    struct list *people);
MUST_USE enum rc person_select_phone(struct op *op, struct str index,
                                     const struct person_query *query, struct list *people);
MUST_USE enum rc person_select_id(struct op *op, struct str index,
                                  const struct person_query *query, struct list *people);

#endif
