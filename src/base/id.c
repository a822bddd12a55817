#include "base/id.h"

#include <assert.h>

enum {
    COUNTER_MASK = (1 << ID_COUNTER_BITS) - 1,
    MS_SHIFT = ID_COUNTY_BITS + ID_COUNTER_BITS
};

int64_t id_floor(int64_t county, int64_t ms)
{
    assert(county >= 0 && county <= COUNTY_MAX && ms >= ID_EPOCH_MS);
    return (ms - ID_EPOCH_MS) << MS_SHIFT | county << ID_COUNTER_BITS;
}

int64_t id_next(struct id_source *source, int64_t now_ms)
{
    int64_t id = id_floor(source->county, now_ms);

    if (id <= source->last) {
        int64_t ms = id_ms(source->last), counter = source->last & COUNTER_MASK;
        id = counter < COUNTER_MASK ? source->last + 1 : id_floor(source->county, ms + 1);
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
