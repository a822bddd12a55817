/* The statements of looks.  Inside registry/ only. */
#ifndef REGISTRY_LOOK_STORE_H
#define REGISTRY_LOOK_STORE_H
#include "registry/look.h"

MUST_USE enum rc look_insert(struct op *op, const struct look *look);
/* What an account spent since an id, and whether on this very person. */
MUST_USE enum rc look_count_costs(struct op *op, int64_t account, int64_t since_id,
                                  int64_t *spent);
MUST_USE enum rc look_count_paid(struct op *op, int64_t account, int64_t person,
                                 int64_t since_id, struct str kind, int64_t *times);
/* Of a person, an account between two ids, newest first. */
MUST_USE enum rc look_count_opened(struct op *op, int64_t person, int64_t *times,
                                   int64_t *last);
MUST_USE enum rc look_select_person(struct op *op, int64_t person, int64_t before,
                                    size_t most, struct list *looks);
MUST_USE enum rc look_select_case(struct op *op, int64_t case_id, int64_t before,
                                  size_t most, struct list *looks);
/* The id of an account's last look at it, 0: none. */
MUST_USE enum rc look_last_case(struct op *op, int64_t account, int64_t case_id,
                                int64_t *last);
MUST_USE enum rc look_select_account(struct op *op, int64_t account, int64_t from_id,
                                     int64_t before, size_t most, struct list *looks);

#endif
