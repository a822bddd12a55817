/* The statements of deletions.  Inside registry/ only. */
#ifndef REGISTRY_FORGET_STORE_H
#define REGISTRY_FORGET_STORE_H
#include "registry/forget.h"

MUST_USE enum rc deletion_insert(struct op *op, int64_t person);
MUST_USE enum rc deletion_select_left(struct op *op, size_t most, struct list *left);
/* Each writes over what stands in clear. */
MUST_USE enum rc person_blank(struct op *op, int64_t person);
MUST_USE enum rc account_blank(struct op *op, int64_t account, struct str login);

#endif
