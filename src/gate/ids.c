#include "gate/held.h"
#include "gate/journal_store.h"

/* Where a county's newest id is kept while it is ahead of the clock. */
static struct str mark_of(struct op *op, const struct held *held)
{
    return str_fmt(op->arena, "ids of county %lld", (long long)held->county);
}

/* In the ordinary case the clock has gone on since the last id, and all that has to be
 * known is the time of the last line: this costs nothing. */
enum rc ids_keep(struct op *op, struct held *held)
{
    int64_t last = held->ids.last;

    if (last == held->ids_kept || id_ms(last) <= op->now_ms)
        return RC_OK;
    held->ids_kept = last;
    return installation_set(op, mark_of(op, held),
                            str_fmt(op->arena, "%lld", (long long)last));
}

/* They go on after all that may have been given out. */
enum rc ids_load(struct op *op, struct held *held)
{
    struct str text;
    int64_t    marked = 0;
    int64_t    after_last_line = id_floor(held->county, held->now.at_ms + 1);

    enum rc rc = installation_find(op, mark_of(op, held), &text);
    if (rc == RC_OK && !str_int64(text, &marked))
        return RC_INTERNAL;
    held->ids = (struct id_source){
        .county = held->county,
        .last = marked > after_last_line ? marked : after_last_line,
    };
    held->ids_kept = held->ids.last;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
