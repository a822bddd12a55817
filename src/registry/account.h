/* Accounts 账号: one per person, resident or staff.  What somebody may do follows
 * from the duties 职责 that the account holds, each in an area, perhaps for an
 * organisation, perhaps standing in for somebody for a time; a duty's role gives
 * the rights (guard/roles.def).  A login is unique over all counties, by the small
 * global table `logins`. */
#ifndef REGISTRY_ACCOUNT_H
#define REGISTRY_ACCOUNT_H
#include "base/field.h"
#include "base/op.h"
#include "guard/session.h"

struct account {
    int64_t    county, id;
    struct str login, name, client;
    int64_t    person;
    struct str password;
    struct str state;
    int64_t    version, made_ms;
    int64_t    password_ms; /* when it was set */
};

struct account_new {
    struct str login, name, client; /* client: resident, grid, desk */
    int64_t    person;
    struct str password; /* argon2id text, absent: cannot sign in by password yet */
};

struct hold_new {
    int64_t    account;
    struct str duty, role, area;
    int64_t    org, stands_in_for, from, until; /* ms; from 0: now, until 0: no end */
};

struct colleague { /* somebody who holds a duty */
    int64_t    account;
    struct str name, duty, area;
    int64_t    org;
};

MUST_USE enum rc account_make(struct op *op, const struct account_new *made, int64_t *id);
MUST_USE enum rc account_find(struct op *op, int64_t id, struct account *account);
MUST_USE enum rc account_by_login(struct op *op, struct str login, struct account *account);
MUST_USE enum rc account_set_password(struct op *op, int64_t id, struct str password);
MUST_USE enum rc account_close(struct op *op, int64_t id);
/* It keeps its duties, and waits for a new password.  RC_REFUSED, told, when it is not
 * closed or its person was deleted. */
MUST_USE enum rc account_reopen(struct op *op, const struct account *account);
MUST_USE enum rc account_list(struct op *op, int64_t after, size_t most,
                              struct list *accounts);
/* Those of op's county with that very name. */
MUST_USE enum rc account_named(struct op *op, struct str name, int64_t after, size_t most,
                               struct list *accounts);

/* The people of a demonstration: logins that begin with "demo-". */
MUST_USE enum rc account_demo(struct op *op, struct list *accounts);

MUST_USE enum rc hold_give(struct op *op, const struct hold_new *hold, int64_t *id);
MUST_USE enum rc hold_end(struct op *op, int64_t account, int64_t id);
struct hold_kept { /* one that is in force */
    int64_t    id;
    struct str duty, role, area;
    int64_t    org, from_ms, until_ms; /* until 0: no end */
};
MUST_USE enum rc holds_of_account(struct op *op, int64_t id, struct list *holds);
/* The roles of an account, now or from a day that is set already: of struct str. */
MUST_USE enum rc account_roles(struct op *op, int64_t id, struct list *roles);
/* Who holds the duty in exactly that area now, in the order they took it up. */
MUST_USE enum rc colleagues_with_duty(struct op *op, struct str duty, struct str area,
                                      size_t most, struct list *colleagues);
MUST_USE enum rc colleagues_of_org(struct op *op, int64_t org, size_t most,
                                   struct list *colleagues);
/* Everybody with a duty in the area itself: for dispatching by hand. */
MUST_USE enum rc colleagues_in_area(struct op *op, struct str area, size_t most,
                                    struct list *colleagues);
/* Accounts (int64_t) that have a duty of the role somewhere in op's county. */
MUST_USE enum rc accounts_with_role(struct op *op, enum role role, size_t most,
                                    struct list *ids);
/* "网格员 刘敏", "刘敏" or "" : as others see an account. */
struct str account_title(struct op *op, int64_t id);
struct str account_name(struct op *op, int64_t id);

/* Accounts (int64_t) whose duty in the area, or in one above it within the county, gives
 * the right over it, the nearest first; but not that one. */
MUST_USE enum rc accounts_that_may(struct op *op, enum right right, struct str area,
                                   int64_t but, size_t most, struct list *ids);

/* One of the three administrators: system, security, audit. */
bool role_administers(enum role role);
bool actor_administers(const struct actor *actor);
/* What is asked of it at sign-in goes by this: admin, staff or resident. */
enum client account_kind(const struct actor *actor);

/* RC_REFUSED, told at "password", when it may not be one of the account's.  Sets the
 * county. */
MUST_USE enum rc password_fits(struct op *op, const struct account *account,
                               struct str password);

/* The frozen picture of an account for one operation: its holds that are in force. */
MUST_USE enum rc account_actor(struct op *op, int64_t id, struct actor *actor);

#endif
