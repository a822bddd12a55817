/* What happens elsewhere and concerns appointments: calendars and scenes that are loaded,
 * persons who are looked at or deleted. */
#include "engine/appoint/appoint.h"
#include "engine/appoint/rules.h"
#include "gate/journal.h"
#include "guard/actor.h"

enum { TIES_MAX = 100 };

/* What is to come is looked at again, one by one, by the clock. */
static enum rc follow(struct op *op, const struct line *line)
{
    bool changed =
        str_eq(line->act, STR("calendar.load")) || str_eq(line->act, STR("scene.load"));

    return changed ? appointments_look_again(op) : RC_OK;
}

/* Whoever keeps the window has to do with those who come to it, the day before and on it.
 */
static enum rc tie(struct op *op, const struct whose *whose, struct tie *tie)
{
    struct list rows = { 0 };
    enum rc     rc = RC_OK;

    for (size_t a = 0; a < whose->naccounts && rc == RC_OK; a++) {
        rc = appointments_of_account(op, whose->accounts[a], op->now_ms - DAY_MS, TIES_MAX,
                                     &rows);
        const struct appointment *row = rows.at;
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            if (row[i].seat && row[i].starts_ms < op->now_ms + 2 * DAY_MS &&
                actor_may(op->actor, RIGHT_APPOINT, row[i].area)) {
                tie->id = row[i].id;
                tie->says = str_fmt(op->arena, "预约 %.*s", STR_ARG(row[i].code));
                return RC_OK;
            }
    }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

static enum rc forget(struct op *op, struct whose *whose)
{
    enum rc rc = RC_OK;

    for (size_t a = 0; a < whose->naccounts && rc == RC_OK; a++)
        rc = appointments_forget(op, whose->accounts[a]);
    return rc;
}

const struct follower      appoint_follower = { .name = "appoint", .line = follow };
const struct person_keeper appoint_keeper = { .name = "appoint",
                                              .tie = tie,
                                              .forget = forget };
