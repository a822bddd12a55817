#include "base/id.h"

#include <assert.h>

enum {
    COUNTER_MASK = (1 << ID_COUNTER_BITS) - 1,
    MS_SHIFT = ID_COUNTY_BITS + ID_COUNTER_BITS
};
/* A year short of what 41 bits hold: room to go on from. */
#define SINCE_MAX ((INT64_C(1) << 41) - (INT64_C(1) << 35))

static int64_t first_of(int64_t county, int64_t since)
{
    return since << MS_SHIFT | county << ID_COUNTER_BITS;
}

int64_t id_floor(int64_t county, int64_t ms)
{
    assert(county >= 0 && county <= COUNTY_MAX);
    int64_t since = ms < ID_EPOCH_MS ? 0 : ms - ID_EPOCH_MS;

    return first_of(county, since > SINCE_MAX ? SINCE_MAX : since);
}

int64_t id_next(struct id_source *source, int64_t now_ms)
{
    int64_t id = id_floor(source->county, now_ms);

    if (id <= source->last) {
        int64_t since = source->last >> MS_SHIFT, counter = source->last & COUNTER_MASK;
        id =
            counter < COUNTER_MASK ? source->last + 1 : first_of(source->county, since + 1);
    }
    source->last = id;
    return id;
}

int64_t id_county(int64_t id)
{
    return id >> ID_COUNTER_BITS & COUNTY_MAX;
}

int64_t id_ms(int64_t id)
{
    return (id >> MS_SHIFT) + ID_EPOCH_MS;
}
