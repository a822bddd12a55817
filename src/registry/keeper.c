#include "registry/keeper.h"

#include "registry/account_store.h"
#include "registry/area.h"
#include "registry/person.h"

enum { ACCOUNTS_OF_PERSON_MAX = 20, SAME_NUMBER_MAX = 20 };

/* Told once, before threads start; afterwards only read. */
static const struct person_keeper *const  nobody[] = { NULL };
static const struct person_keeper *const *keepers = nobody;

void person_keepers(const struct person_keeper *const *all)
{
    keepers = all;
}

enum rc whose_subject(struct whose *whose, int64_t id)
{
    if (whose->subjects.n == SUBJECTS_MAX)
        return RC_TOO_LARGE;
    ((int64_t *)whose->subjects.at)[whose->subjects.n++] = id;
    return RC_OK;
}

enum rc whose_named(struct op *op, struct str area, struct str name, struct str phone,
                    struct whose *whose)
{
    struct person_query query = { .area = area_at_level(area, LEVEL_COUNTY),
                                  .phone = phone,
                                  .most = SAME_NUMBER_MAX,
                                  .shielded = true };
    struct list         people = { 0 };

    enum rc rc = name.len && phone.len ? person_search(op, &query, &people) : RC_OK;
    const struct person *person = people.at;
    for (size_t i = 0; rc == RC_OK && i < people.n; i++)
        if (str_eq(person[i].name, name)) {
            rc = whose_of(op, person[i].id, whose);
            if (rc != RC_OK || whose->naccounts)
                return rc;
        }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

enum rc whose_of(struct op *op, int64_t person, struct whose *whose)
{
    struct list accounts;
    int64_t    *subjects = arena_many(op->arena, SUBJECTS_MAX, int64_t);

    enum rc rc = account_select_person(op, person, ACCOUNTS_OF_PERSON_MAX, &accounts);
    if (rc != RC_OK || !subjects)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    *whose = (struct whose){ .person = person,
                             .accounts = accounts.at,
                             .naccounts = accounts.n,
                             .subjects = { subjects, 0 } };
    return RC_OK;
}

enum rc keepers_tie(struct op *op, int64_t person, struct tie *tie)
{
    struct whose whose;

    *tie = (struct tie){ .says = STR("") };
    enum rc rc = whose_of(op, person, &whose);
    for (size_t i = 0; rc == RC_OK && keepers[i]; i++) {
        rc = keepers[i]->tie ? keepers[i]->tie(op, &whose, tie) : RC_NOT_FOUND;
        if (rc != RC_NOT_FOUND)
            return rc;
        rc = RC_OK;
    }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

enum rc keepers_shield(struct op *op, int64_t person, bool shielded)
{
    struct whose whose;

    enum rc rc = whose_of(op, person, &whose);
    for (size_t i = 0; rc == RC_OK && keepers[i]; i++)
        if (keepers[i]->shield)
            rc = keepers[i]->shield(op, &whose, shielded);
    return rc;
}

enum rc keepers_forget(struct op *op, struct whose *whose)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && keepers[i]; i++)
        if (keepers[i]->forget)
            rc = keepers[i]->forget(op, whose);
    return rc;
}

enum rc keepers_hand_over(struct op *op, struct gone gone)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && keepers[i]; i++)
        if (keepers[i]->hand_over)
            rc = keepers[i]->hand_over(op, gone);
    return rc;
}
