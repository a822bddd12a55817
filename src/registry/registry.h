/* What the registry puts on the program's tables: acts and statements, for app. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H
#include "gate/act.h"

struct stmts; /* db/db.h */

extern const struct act area_acts[], org_acts[], account_acts[], session_acts[],
    factor_acts[], secure_acts[], key_acts[], person_acts[], place_acts[], forget_acts[],
    look_acts[], shield_acts[], decoy_acts[], leave_acts[];
extern const struct stmts area_stmts, org_stmts, account_stmts, code_stmts, person_stmts,
    forget_stmts, look_stmts, leave_stmts;

#endif
