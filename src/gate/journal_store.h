/* The journal's statements: lines, payloads, heads, cursors, kept answers and
 * counted refusals.  Inside gate/ only. */
#ifndef GATE_JOURNAL_STORE_H
#define GATE_JOURNAL_STORE_H
#include "db/db.h"
#include "gate/journal.h"

struct journal_row {
    int64_t    county, seq, at_ms;
    struct str act;
    int64_t    actor, subject, before, after;
    struct str payload_hash, hash;
    int64_t    person;
    struct str sealed;
};

struct asked_row {
    struct str body;
    int64_t    status, version;
    int64_t    person; /* whose key seals the answer; 0: the county's */
    struct str answer;
    int64_t    at_ms;
};

struct head_row {
    int64_t    seq;
    struct str hash;
};

MUST_USE enum rc journal_insert(struct op *op, const struct journal_row *row);
MUST_USE enum rc journal_rows_after(struct op *op, int64_t county, int64_t seq, size_t most,
                                    struct list *rows);
MUST_USE enum rc journal_rows_about(struct op *op, int64_t county, int64_t subject,
                                    int64_t seq, size_t most, struct list *rows);

/* The chain's end; seq 0 and no hash before the first line. */
MUST_USE enum rc journal_last(struct op *op, int64_t county, struct head_row *head);
MUST_USE enum rc journal_head(struct op *op, int64_t county, struct head_row *head);
MUST_USE enum rc journal_head_set(struct op *op, int64_t county,
                                  const struct head_row *head);

/* Numbers (int64_t) of the counties that have lines, or had some by their head or
 * lease. */
MUST_USE enum rc journal_county_numbers(struct op *op, struct list *counties);

MUST_USE enum rc cursor_find(struct op *op, int64_t county, struct str follower,
                             int64_t *seq);
MUST_USE enum rc cursor_set(struct op *op, int64_t county, struct str follower,
                            int64_t seq);

MUST_USE enum rc asked_find(struct op *op, int64_t account, struct str act, struct str key,
                            struct asked_row *row);
MUST_USE enum rc asked_keep(struct op *op, int64_t account, struct str act, struct str key,
                            const struct asked_row *row);
/* Phones repeat for days, not for weeks: the oldest of op's county, some at a time. */
enum { ASKED_AT_ONCE = 500 };
#define ASKED_KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)
MUST_USE enum rc asked_forget(struct op *op);
MUST_USE enum rc asked_forget_account(struct op *op, int64_t account);
struct refusal; /* gate/refusals.h */
MUST_USE enum rc refusal_count(struct op *op, const struct refusal *refusal);

MUST_USE enum rc installation_find(struct op *op, struct str name, struct str *value);
MUST_USE enum rc installation_set(struct op *op, struct str name, struct str value);

extern const struct stmts gate_stmts;

#endif
