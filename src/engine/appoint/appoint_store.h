/* Statements of appointments and of closed windows.  Inside engine/appoint only. */
#ifndef ENGINE_APPOINT_APPOINT_STORE_H
#define ENGINE_APPOINT_APPOINT_STORE_H
#include "base/field.h"
#include "base/op.h"

#define STATE_BOOKED    STR("booked")
#define STATE_DISPLACED STR("displaced")
#define STATE_CANCELLED STR("cancelled")
#define STATE_CAME      STR("came")
#define STATE_MISSED    STR("missed")

/* Which window, by name. */
struct window_key {
    struct str scene, kind, at_window, area;
};
struct appointment {
    int64_t    county, id;
    struct str scene, kind, at_window, area;
    int64_t    starts_ms, ends_ms, seat; /* seat 0: it takes none up */
    struct str state;
    int64_t    version;
    struct str category;
    int64_t    case_id, account, person, taken_by;
    struct str agreed, code, sealed, reason;
    bool       reminded;
    int64_t    next_ms;
};
struct closure {
    int64_t    county, id;
    struct str scene, kind, at_window, area;
    int64_t    from_ms, until_ms;
    struct str reason;
    int64_t    account;
};

MUST_USE enum rc appointment_insert(struct op *op, const struct appointment *row);
/* All that may change; RC_CONFLICT unless row->version is one more than what stands. */
MUST_USE enum rc appointment_update(struct op *op, const struct appointment *row);
MUST_USE enum rc appointment_select(struct op *op, int64_t id, struct appointment *row);
/* A window's from … until (not it), in order. */
MUST_USE enum rc appointments_of_window(struct op *op, const struct window_key *key,
                                        int64_t from_ms, int64_t until_ms, size_t most,
                                        struct list *rows);
/* Of an account, the latest first. */
MUST_USE enum rc appointments_of_account(struct op *op, int64_t account, int64_t from_ms,
                                         size_t most, struct list *rows);
/* Those of an account that are booked, in order. */
MUST_USE enum rc appointments_ahead(struct op *op, int64_t account, int64_t from_ms,
                                    size_t most, struct list *rows);
/* To how many it did not come. */
MUST_USE enum rc appointments_missed(struct op *op, int64_t account, int64_t from_ms,
                                     int64_t *n);
MUST_USE enum rc appointments_of_case(struct op *op, int64_t case_id, size_t most,
                                      struct list *rows);
/* How many the account booked since; id carries when. */
MUST_USE enum rc appointments_booked_since(struct op *op, int64_t account, int64_t from_ms,
                                           int64_t *n);

/* Of each slot of a window how many seats are taken; those with none are left out. */
struct taken {
    int64_t starts_ms, ends_ms, n;
};
MUST_USE enum rc seats_taken(struct op *op, const struct window_key *key, int64_t from_ms,
                             int64_t until_ms, size_t most, struct list *taken);
/* Which of one slot, in order: int64_t. */
MUST_USE enum rc seats_of_slot(struct op *op, const struct window_key *key,
                               int64_t starts_ms, size_t most, struct list *seats);

MUST_USE enum rc closure_insert(struct op *op, const struct closure *closure);
MUST_USE enum rc closure_select(struct op *op, int64_t id, struct closure *closure);
MUST_USE enum rc closure_delete(struct op *op, int64_t id);
/* Those of a window that last beyond from_ms, in order. */
MUST_USE enum rc closures_of_window(struct op *op, const struct window_key *key,
                                    int64_t from_ms, size_t most, struct list *closures);

/* Everything that is booked and to come is looked at again: the county's calendar or
 * scenes have changed. */
MUST_USE enum rc appointments_look_again(struct op *op);
/* The same for a window's within a time; *n: how many. */
MUST_USE enum rc appointments_look_at(struct op *op, const struct window_key *key,
                                      int64_t from_ms, int64_t until_ms, int64_t *n);
/* Of a deleted person: what was sealed goes, seats to come are free again. */
MUST_USE enum rc appointments_forget(struct op *op, int64_t account);

#endif
