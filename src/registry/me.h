/* The signed-in account as its own client sees it. */
#ifndef REGISTRY_ME_H
#define REGISTRY_ME_H
#include "registry/account.h"

struct me_home {
    struct str code, name, path;
};
struct me_hold {
    struct str duty, role, role_title, area, area_name, area_path;
    int64_t    org;
    struct str org_name;
};
struct me {
    int64_t        account;
    struct str     name, kind, client;
    struct str     owes; /* what the sign-in still needs (guard/actor.h); absent: nothing */
    bool           resident;
    struct me_home home;
    struct list    holds; /* struct me_hold */
    struct list    knows; /* struct str: of name, phone, home, age what need not be asked */
};
enum { ME_NFIELDS = 9 };
extern const struct field me_fields[ME_NFIELDS];

MUST_USE enum rc me_of(struct op *op, const struct actor *actor, struct me *me);

#endif
