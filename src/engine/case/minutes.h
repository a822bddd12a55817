/* Minutes 笔录: what was said at a session, when and where, and who was there; as many as
 * there were sessions, sealed with the reporter's key (the county's when no person is
 * known), seen by whoever sees the inside of the case (inside.h).  The journal's line
 * tells that there was one; the words stand here alone, not in messages, nor among the
 * terms that are searched. */
#ifndef ENGINE_CASE_MINUTES_H
#define ENGINE_CASE_MINUTES_H
#include "engine/case/turn.h"

enum { MINUTES_PRESENT_MAX = 20, MINUTES_NAME_MAX = 40, MINUTES_OF_CASE_MAX = 100 };

struct minutes_row { /* as it stands in the table */
    int64_t    county, case_id, n, held_ms, account, person;
    struct str says; /* sealed */
};
struct shown_minutes {
    int64_t     n, at;
    struct str  venue;
    struct list present; /* struct str */
    struct str  text, by;
};
enum { MINUTES_NFIELDS = 6 };
extern const struct field minutes_fields[MINUTES_NFIELDS];

/* What a move says of a session; RC_REFUSED or RC_INVALID, told with the place. */
MUST_USE enum rc minutes_keep(struct turn *turn);
/* struct shown_minutes, in the order of writing; those whose key is gone are left out. */
MUST_USE enum rc minutes_show(struct op *op, const struct a_case *it, struct list *shown);

/* ---- minutes_store.c ---- */
MUST_USE enum rc minutes_insert(struct op *op, const struct minutes_row *row);
MUST_USE enum rc minutes_count(struct op *op, int64_t case_id, int64_t *n);
MUST_USE enum rc minutes_select(struct op *op, int64_t case_id, struct list *rows);

#endif
