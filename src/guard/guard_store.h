/* The tables of the guard, for its own files; others see guard_stmts alone.
 * Every function works in op's county. */
#ifndef GUARD_GUARD_STORE_H
#define GUARD_GUARD_STORE_H
#include "base/field.h"
#include "base/op.h"
#include "guard/session.h"

extern const struct stmts guard_stmts;

/* ---- person_keys ---- */
struct key_row {
    int64_t    person, master;
    struct str wrapped; /* absent: destroyed */
};
MUST_USE enum rc key_row_find(struct op *op, int64_t person, struct key_row *row);
MUST_USE enum rc key_row_add(struct op *op, const struct key_row *row);
MUST_USE enum rc key_row_destroy(struct op *op, int64_t person);
/* Keys after `person` that another master than `newest` wraps: of key_row. */
MUST_USE enum rc key_rows_to_rewrap(struct op *op, int64_t person, int64_t newest,
                                    size_t most, struct list *rows);
MUST_USE enum rc key_row_rewrap(struct op *op, const struct key_row *row);

/* ---- sessions ---- */
struct session_row {
    int64_t    id, account, made_ms, seen_ms, until_ms;
    struct str token, client, passed, owes, address, agent;
};
MUST_USE enum rc session_row_add(struct op *op, const struct session_row *row);
MUST_USE enum rc session_row_find(struct op *op, int64_t county, struct str token,
                                  struct session_row *row);
/* An account's sessions, newest first: of session_row. */
MUST_USE enum rc session_rows_of(struct op *op, int64_t account, size_t most,
                                 struct list *rows);
/* *token is that of the deleted row.  RC_NOT_FOUND when it is not the account's. */
MUST_USE enum rc session_row_end(struct op *op, int64_t account, int64_t id,
                                 struct str *token);
MUST_USE enum rc session_row_seen(struct op *op, int64_t id, int64_t seen_ms,
                                  int64_t until_ms);
MUST_USE enum rc session_rows_end_kind(struct op *op, struct str client);
MUST_USE enum rc session_rows_sweep(struct op *op, size_t most);

/* ---- machine_keys ---- */
struct machine_row {
    int64_t    id, account, made_ms, made_by, until_ms, ended_ms;
    struct str token, title, areas, rights;
};
MUST_USE enum rc machine_row_add(struct op *op, const struct machine_row *row);
MUST_USE enum rc machine_row_find(struct op *op, int64_t county, struct str token,
                                  struct machine_row *row);
MUST_USE enum rc machine_row_end(struct op *op, int64_t id);
MUST_USE enum rc machine_rows_end_of(struct op *op, int64_t account);
/* All keys of the county after `id`: of machine_row. */
MUST_USE enum rc machine_rows_after(struct op *op, int64_t id, size_t most,
                                    struct list *rows);

/* ---- sign_in_fails ---- */
struct fails_row {
    struct str mark;
    int64_t    fails, last_ms;
};
MUST_USE enum rc fails_row_put(struct op *op, const struct fails_row *row);
MUST_USE enum rc fails_rows_since(struct op *op, int64_t last_ms, size_t most,
                                  struct list *rows);
MUST_USE enum rc fails_rows_sweep(struct op *op, int64_t last_ms);

#endif
