/* Ids: 41 bits of milliseconds since 2024, 12 bits of county, 10 bits of
 * counter, so that an id finds its county by itself and new rows land at the
 * end of their index.  They grow strictly within a county, also when the clock
 * steps back: then the last millisecond is used up, and the next one is
 * borrowed.  One source per county, used by that county's writer alone.  Ids
 * are positive and strings in JSON; 0 is no id. */
#ifndef BASE_ID_H
#define BASE_ID_H
#include <stdint.h>

enum { ID_COUNTY_BITS = 12, ID_COUNTER_BITS = 10, COUNTY_MAX = (1 << ID_COUNTY_BITS) - 1 };
#define ID_EPOCH_MS 1704067200000 /* 2024-01-01T00:00:00Z; 41 bits last until 2093 */

struct id_source {
    int64_t county; /* 0 … COUNTY_MAX */
    int64_t last;   /* newest id given out, 0 for none */
};

int64_t id_next(struct id_source *source, int64_t now_ms);
int64_t id_county(int64_t id);
int64_t id_ms(int64_t id);
/* The smallest id that `county` could give at that time: for "since" bounds.  A clock that
 * is before 2024 or beyond 2093 is taken for the nearest time that ids have. */
int64_t id_floor(int64_t county, int64_t ms);

#endif
