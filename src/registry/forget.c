#include "registry/forget.h"

#include "gate/journal.h"
#include "guard/keys.h"
#include "guard/factor.h"
#include "guard/session.h"
#include "registry/account_store.h"
#include "registry/census.h"
#include "registry/forget_store.h"
#include "registry/keeper.h"
#include "registry/person.h"

static enum rc close_accounts(struct op *op, const struct whose *whose)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < whose->naccounts && rc == RC_OK; i++) {
        int64_t    id = whose->accounts[i];
        struct str login = str_fmt(op->arena, "gone-%lld", (long long)id);
        rc = answers_forget(op, id);
        if (rc == RC_OK && id_county(id) == op->county)
            rc = session_end_all(op, id, 0);
        if (rc == RC_OK)
            rc = factors_reset(op, id);
        if (rc == RC_OK)
            rc = account_blank(op, id, login);
    }
    return rc;
}

/* One fewer lives where they did; of those who are gone already nothing is left. */
static enum rc leave_census(struct op *op, int64_t id)
{
    struct person person;

    enum rc rc = id_county(id) == op->county ? person_find(op, id, &person) : RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = census_add(op, person.grid, -1);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc person_forget(struct op *op, int64_t person)
{
    struct whose whose;

    enum rc rc = whose_of(op, person, &whose);
    if (rc == RC_OK)
        rc = keepers_forget(op, &whose);
    if (rc == RC_OK)
        rc = close_accounts(op, &whose);
    if (rc == RC_OK)
        rc = leave_census(op, person);
    if (rc == RC_OK)
        rc = person_blank(op, person);
    if (rc == RC_OK)
        rc = keys_destroy(op, person);
    return rc == RC_OK ? deletion_insert(op, person) : rc;
}

enum rc person_may_go(struct op *op, int64_t person)
{
    struct whose whose;
    struct list  holds;

    enum rc rc = whose_of(op, person, &whose);
    for (size_t i = 0; rc == RC_OK && i < whose.naccounts; i++) {
        rc = hold_select(op, whose.accounts[i], &holds);
        if (rc == RC_OK && holds.n)
            return fail(op, RC_REFUSED, NULL,
                        "这位居民还担任职责，请先请安全管理员收回，再来注销。");
    }
    return rc;
}

enum rc persons_left(struct op *op, size_t most, struct list *left)
{
    return deletion_select_left(op, most, left);
}
