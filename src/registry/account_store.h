/* The statements of accounts and organisations.  Inside registry/ only. */
#ifndef REGISTRY_ACCOUNT_STORE_H
#define REGISTRY_ACCOUNT_STORE_H
#include "registry/account.h"
#include "registry/called.h"

MUST_USE enum rc account_insert(struct op *op, const struct account *account);
MUST_USE enum rc login_insert(struct op *op, struct str login, int64_t account);
MUST_USE enum rc account_select(struct op *op, int64_t id, struct account *account);
/* Of an active account: who it is, and a row for each duty in force, in the order they were
 * taken up, or one in which `duty` is absent. */
struct acting_row {
    int64_t    county, person, hold;
    struct str name, duty, role, area;
    int64_t    org, stands_in_for;
};
MUST_USE enum rc account_select_acting(struct op *op, int64_t id, struct list *rows);
/* Its duty absent when it has none now. */
MUST_USE enum rc account_select_called(struct op *op, int64_t id, struct called *called);
MUST_USE enum rc login_select(struct op *op, struct str login, int64_t *county,
                              int64_t *account);
MUST_USE enum rc account_select_page(struct op *op, int64_t after, size_t most,
                                     struct list *accounts);
MUST_USE enum rc account_select_name(struct op *op, struct str name, int64_t after,
                                     size_t most, struct list *accounts);
MUST_USE enum rc account_select_demo(struct op *op, size_t most, struct list *accounts);
/* Ids (int64_t) of the accounts of a person. */
MUST_USE enum rc account_select_person(struct op *op, int64_t person, size_t most,
                                       struct list *ids);
MUST_USE enum rc account_update_password(struct op *op, int64_t id, struct str password);
MUST_USE enum rc account_update_state(struct op *op, int64_t id, struct str state);

struct hold_row {
    int64_t    county, account, id;
    struct str duty, role, area;
    int64_t    org, stands_in_for, from_ms, until_ms;
};
MUST_USE enum rc hold_insert(struct op *op, const struct hold_row *hold);
MUST_USE enum rc hold_update_end(struct op *op, int64_t account, int64_t id);
MUST_USE enum rc hold_select(struct op *op, int64_t account, struct list *holds);
/* Of struct str. */
MUST_USE enum rc hold_select_roles(struct op *op, int64_t account, struct list *roles);
MUST_USE enum rc hold_select_duty(struct op *op, struct str duty, struct str area,
                                  size_t most, struct list *colleagues);
MUST_USE enum rc hold_select_org(struct op *op, int64_t org, size_t most,
                                 struct list *colleagues);
MUST_USE enum rc hold_select_area(struct op *op, struct str area, size_t most,
                                  struct list *colleagues);
MUST_USE enum rc hold_select_role(struct op *op, struct str role, size_t most,
                                  struct list *ids);
/* The person's home, as deep as it is known; RC_NOT_FOUND. */
MUST_USE enum rc person_home(struct op *op, int64_t person, struct str *area);

#endif
