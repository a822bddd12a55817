/* Signed heads of the journal 链头.  A chain without a key proves nothing against whoever
 * can write its table: they recompute every hash.  So the end of each county's chain is
 * signed (guard/signer.h) every minute in which it moved, and when the server stops, and
 * handed out: a line in a file, and an act that the audit administrator asks.  Once
 * somebody else has it, nothing before it can be changed without a trace (verify.h).
 *
 * A head is one line of text, for people, files and other programs alike; what is signed
 * is the line itself up to the blank before "sm2=":
 *
 *     linli-head-1 county=3 seq=128 at=2026-11-22T14:03:07.120+08:00 hash=… key=… sm2=…
 */
#ifndef GATE_HEADS_H
#define GATE_HEADS_H
#include "base/field.h"
#include "base/op.h"
#include "gate/chain.h"
#include "guard/sm2.h"

struct sm2_publics;

struct head {
    int64_t    county, seq, at_ms;
    struct str hash; /* 32 bytes */
    struct str key;  /* sm2_name() of the key that signed */
    struct str signature;
};
enum { HEAD_LINE_MAX = 400 };

/* The line, without a line feed; absent when the arena's budget is gone. */
struct str head_line(struct arena *arena, const struct head *head);
/* False for a line that is not exactly as head_line() writes one. */
MUST_USE bool head_read(struct arena *arena, struct str line, struct head *head);

MUST_USE enum rc head_sign(struct arena *arena, const struct chain *end, int64_t now_ms,
                           struct head *head);
enum head_trust { HEAD_TRUE, HEAD_FORGED, HEAD_UNKNOWN_KEY };
enum head_trust head_check(struct arena *arena, const struct head *head,
                           const struct sm2_publics *publics);

/* ---- kept (heads_store.c) ---- */

/* The same again changes nothing. */
MUST_USE enum rc heads_keep(struct op *op, const struct head *head);
/* The newest; seq 0 when there is none yet. */
MUST_USE enum rc heads_last(struct op *op, int64_t county, struct head *head);
/* Those after line `seq`, in order. */
MUST_USE enum rc heads_after(struct op *op, int64_t county, int64_t seq, size_t most,
                             struct list *heads);
/* *seq: heads_after() it begins with the first that was signed since. */
MUST_USE enum rc heads_since(struct op *op, int64_t county, int64_t at_ms, int64_t *seq);

extern const struct stmts heads_stmts;

#endif
