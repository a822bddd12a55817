/* The statements of areas and county numbers.  Inside registry/ only. */
#ifndef REGISTRY_AREA_STORE_H
#define REGISTRY_AREA_STORE_H
#include "registry/area.h"

MUST_USE enum rc area_select(struct op *op, struct str code, struct area *area);
MUST_USE enum rc area_select_children(struct op *op, struct str parent, struct str after,
                                      size_t most, struct list *areas);
MUST_USE enum rc area_select_named(struct op *op, struct str name, size_t most,
                                   struct list *areas);
MUST_USE enum rc area_upsert(struct op *op, const struct area *area);
MUST_USE enum rc county_select(struct op *op, struct str code, int64_t *number);
MUST_USE enum rc county_select_code(struct op *op, int64_t number, struct str *code);
MUST_USE enum rc county_insert(struct op *op, int64_t number, struct str code);

#endif
