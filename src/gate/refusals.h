/* Refused attempts, counted by the minute: what was refused is committed with the
 * next batch, apart from the acts, so that somebody who tries a thousand doors
 * leaves one row with a thousand in it.  Any thread counts, the writer commits.  A row
 * says from which address, as long as a minute has not too many of them: whoever comes
 * from a million addresses leaves no million rows. */
#ifndef GATE_REFUSALS_H
#define GATE_REFUSALS_H
#include "base/field.h"
#include "base/op.h"

struct refusals;

struct refusals *refusals_new(void);
void             refusals_free(struct refusals **refusals);

/* One attempt; `act` is static. */
struct refused_try {
    int64_t    county, account;
    struct str act, address; /* address absent: this machine */
    enum rc    rc;
};
void refusals_count(struct refusals *refusals, const struct refused_try *tried,
                    int64_t now_ms);
/* In the batch: writes what was counted for op->county; it counts as written only
 * when refusals_settle() says that the batch was committed. */
MUST_USE enum rc refusals_write(struct refusals *refusals, struct op *op);
void             refusals_settle(struct refusals *refusals, int64_t county, bool committed);

/* ---- kept (refusals_store.c): seven months, then the oldest go, some with a batch ---- */

enum {
    REFUSALS_AT_ONCE = 500,
    REFUSALS_MINUTE_MS = 60000,
    REFUSALS_ADDRESS_CHARS = 45, /* of an IPv6 address in text */
    REFUSALS_A_MINUTE = 600      /* rows; beyond them addresses are left out */
};
#define REFUSALS_KEPT_MS (INT64_C(210) * 24 * 3600 * 1000)

struct refusal {
    int64_t    minute, account;
    struct str act, word; /* of an rc */
    struct str address;   /* "": this machine, or one of too many */
    int64_t    times;
};
struct refusals_asked {
    int64_t        account;      /* 0: anybody's */
    struct str     act, address; /* absent: any */
    int64_t        since_minute, until_minute;
    struct refusal before; /* the last row of the page before; at first all absent */
};
/* Of op's county, newest first. */
MUST_USE enum rc refusals_before(struct op *op, const struct refusals_asked *asked,
                                 size_t most, struct list *rows);
MUST_USE enum rc refusals_forget(struct op *op);

extern const struct stmts refusals_stmts;

#endif
