/* The statements of organisations.  Inside registry/ only. */
#ifndef REGISTRY_ORG_STORE_H
#define REGISTRY_ORG_STORE_H
#include "registry/org.h"

MUST_USE enum rc org_insert(struct op *op, const struct org *org);
MUST_USE enum rc org_duty_insert(struct op *op, int64_t org, struct str duty,
                                 struct str area);
/* RC_NOT_FOUND: none of that id that has not ended. */
MUST_USE enum rc org_update_ended(struct op *op, int64_t id);
MUST_USE enum rc org_select(struct op *op, int64_t id, struct org *org);
MUST_USE enum rc org_select_page(struct op *op, struct str area, int64_t after, size_t most,
                                 struct list *orgs);
/* With the duty in exactly that area. */
MUST_USE enum rc org_select_duty(struct op *op, struct str duty, struct str area,
                                 struct org *org);
MUST_USE enum rc org_select_area(struct op *op, struct str area, size_t most,
                                 struct list *orgs);

#endif
