#include "engine/case/case.h"

#include "engine/case/callbacks.h"
#include "engine/case/case_store.h"
#include "engine/case/holder.h"
#include "engine/case/intake.h"
#include "engine/case/me_too.h"
#include "engine/case/parts_store.h"
#include "engine/case/precedent.h"
#include "engine/case/public.h"
#include "engine/case/search.h"
#include "engine/case/views.h"

enum { CASES_AT_ONCE = 200 };

/* The next of their cases, newest first, before `before` (0: from the newest). */
static enum rc next_cases(struct op *op, int64_t account, int64_t before, struct list *rows)
{
    return case_select_mine(op, account, before, CASES_AT_ONCE, rows);
}

/* ------------------------------------------------------------------ ties */

static bool ties(struct op *op, const struct case_row *row)
{
    struct a_case it = { .row = *row };

    return !str_eq(row->bucket, STR("ended")) &&
           (case_holds(op->actor, row) || parts_mine(op, &it));
}

/* Among the newest: who reports more than that is known by sight. */
static enum rc tie(struct op *op, const struct whose *whose, struct tie *tie)
{
    struct list rows = { 0 };
    enum rc     rc = RC_OK;

    for (size_t a = 0; a < whose->naccounts && rc == RC_OK; a++) {
        rc = next_cases(op, whose->accounts[a], 0, &rows);
        const struct case_row *row = rows.at;
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            if (ties(op, &row[i])) {
                tie->id = row[i].id;
                tie->says = str_fmt(op->arena, "办件 %.*s", STR_ARG(row[i].number));
                return RC_OK;
            }
    }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

/* ------------------------------------------------- shielding and deleting */

/* Tells the keepers behind which cases were theirs. */
static enum rc name_subjects(struct op *op, struct whose *whose, int64_t account)
{
    struct list rows;
    int64_t     before = 0;
    enum rc     rc;

    do {
        struct arena_mark mark = arena_mark(op->arena);
        rc = next_cases(op, account, before, &rows);
        const struct case_row *row = rows.at;
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
            rc = whose_subject(whose, row[i].id);
            before = row[i].id;
        }
        arena_back(op->arena, mark);
    } while (rc == RC_OK && rows.n == CASES_AT_ONCE);
    return rc;
}

static enum rc shield(struct op *op, struct whose *whose, bool shielded)
{
    enum rc rc = RC_OK;

    for (size_t a = 0; a < whose->naccounts && rc == RC_OK; a++) {
        rc = name_subjects(op, whose, whose->accounts[a]);
        if (rc == RC_OK && shielded)
            rc = public_blank(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = case_mark_shielded(op, whose->accounts[a], shielded);
    }
    return rc;
}

/* Those that were named from the `first` on: nobody finds them by what stood in them, and
 * who took them down for whom is gone. */
static enum rc forget_words(struct op *op, const struct whose *whose, size_t first)
{
    const int64_t *id = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = first; i < whose->subjects.n && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = search_forget(op, id[i]);
        if (rc == RC_OK)
            rc = intake_forget(op, id[i]);
        if (rc == RC_OK)
            rc = callback_delete(op, id[i]);
        arena_back(op->arena, mark);
    }
    return rc;
}

static enum rc forget(struct op *op, struct whose *whose)
{
    enum rc rc = RC_OK;

    for (size_t a = 0; a < whose->naccounts && rc == RC_OK; a++) {
        size_t first = whose->subjects.n;
        rc = name_subjects(op, whose, whose->accounts[a]);
        if (rc == RC_OK)
            rc = forget_words(op, whose, first);
        if (rc == RC_OK)
            rc = views_forget(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = part_blank(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = precedent_blank(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = me_too_forget(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = public_blank(op, whose->accounts[a]);
        if (rc == RC_OK)
            rc = case_blank(op, whose->accounts[a], STR("已注销居民的事"));
    }
    return rc;
}

/* The clock finds nobody there and gives each to whoever the scene's rows name: many may
 * be on one's hands, and closing an account must not wait for them. */
static enum rc hand_over(struct op *op, struct gone gone)
{
    struct holder holder = { gone.account ? HOLDER_ACCOUNT : HOLDER_ORG,
                             gone.account ? gone.account : gone.org, STR_NONE, STR_NONE };

    return case_wake_held(op, holder_write(op, holder));
}

const struct person_keeper case_keeper = {
    .name = "case", .tie = tie, .shield = shield, .forget = forget, .hand_over = hand_over
};
