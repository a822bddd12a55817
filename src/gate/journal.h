/* The journal 日志链: one line per act, append-only, per county in a gap-free
 * sequence.  A line says which act, by whom, on what, from which version to
 * which, and holds the hash of its payload; its own hash covers all that and the
 * hash of the line before (SM3, GB/T 32905), so that a changed, removed, added or
 * swapped line shows.  The payload (what was asked and what came of it, as JSON)
 * stands beside the chain, sealed with the key of the person it is about, behind
 * a random salt: destroying that key leaves the chain whole and nothing to guess.
 *
 * Times in it do not go back, but for lines of the act "clock.back", which says by how much
 * the clock had been put back; a second or less is not worth a line, and is waited out.
 *
 * An act's function says what its line is about; the gate writes it, in the act's
 * own transaction. */
#ifndef GATE_JOURNAL_H
#define GATE_JOURNAL_H
#include "base/field.h"
#include "base/op.h"

#define JOURNAL_CLOCK_BACK STR("clock.back") /* its payload: {"by_ms": 86400000} */

struct line {
    int64_t    county, seq, at_ms;
    struct str act;
    int64_t    actor;         /* account, 0: nobody, the clock, this machine's operator */
    int64_t    subject;       /* what it is about; 0: nothing with an id */
    int64_t    before, after; /* versions of the subject */
    int64_t    person;        /* whose key seals the payload; 0: the county's */
    struct str payload;       /* JSON; sealed on its way to the table */
    struct str hash;          /* 32 bytes */
};

/* In an act: what the line is about.  Without a call the line has no subject and
 * the act's arguments as payload. */
void journal_about(struct op *op, int64_t subject, int64_t before, int64_t after,
                   int64_t person);
/* The payload instead of the arguments: what followers and the timeline need, without
 * the members that say nothing. */
MUST_USE enum rc journal_says(struct op *op, const struct field *fields, size_t n,
                              const void *from);

/* The answers that were kept for an account's idempotency keys go, in op's county. */
MUST_USE enum rc answers_forget(struct op *op, int64_t account);

/* Lines of one subject (or of a county when subject is 0) after `after_seq`, oldest
 * first, payloads opened; a payload whose key is gone is absent. */
MUST_USE enum rc journal_read(struct op *op, int64_t county, int64_t subject,
                              int64_t after_seq, size_t most, struct list *lines);

/* One line, its payload opened; RC_NOT_FOUND. */
MUST_USE enum rc journal_at(struct op *op, int64_t county, int64_t seq, struct line *line);

/* The chain by itself, line by line, from the first: RC_OK, or RC_CONFLICT with the first
 * line that does not fit told as a problem, and its sequence in *broken.  verify.h tells
 * more, and checks it against signed heads. */
MUST_USE enum rc journal_verify(struct op *op, int64_t county, int64_t *lines,
                                int64_t *broken);
/* Numbers (int64_t) of all counties that are to be verified. */
MUST_USE enum rc journal_counties(struct op *op, struct list *counties);

#endif
