#include "decode/wire.h"

#include <math.h>

static const struct {
    struct str word, says;
} table[] = {
#define VERDICT(name, word, says) [VERDICT_##name] = { STR_INIT(word), STR_INIT(says) },
#include "decode/verdict.def"
#undef VERDICT
};
static_assert(COUNT(table) == VERDICT_COUNT, "every verdict has its row");
static_assert(sizeof(struct decode_answer) == 56, "no padding travels");

struct str verdict_word(enum verdict verdict)
{
    assert(verdict < VERDICT_COUNT);
    return table[verdict].word;
}

struct str verdict_says(enum verdict verdict)
{
    assert(verdict < VERDICT_COUNT);
    return table[verdict].says;
}

static bool between(int64_t low, int64_t value, int64_t high)
{
    return low <= value && value <= high;
}

static bool place_whole(const struct decode_answer *answer)
{
    if (!answer->has_place)
        return true;
    return answer->has_place == 1 && fabs(answer->lat) <= 90 && fabs(answer->lng) <= 180;
}

static bool picture_whole(const struct decode_answer *answer)
{
    return between(1, answer->width, DECODE_SIDE_MAX) &&
           between(1, answer->height, DECODE_SIDE_MAX) &&
           between(1, answer->orientation, 8) &&
           between(1, answer->screen_bytes, DECODE_SCREEN_BYTES_MAX) &&
           between(1, answer->thumb_bytes, DECODE_THUMB_BYTES_MAX) && place_whole(answer);
}

static bool table_whole(const struct decode_answer *answer)
{
    return between(0, answer->screen_bytes, DECODE_TABLE_BYTES_MAX) &&
           between(0, answer->thumb_bytes, DECODE_NAME_BYTES_MAX) &&
           between(0, answer->since_1904, 1);
}

bool decode_answer_whole(const struct decode_answer *answer, size_t got,
                         const struct decode_ask *ask)
{
    if (got != sizeof *answer || answer->magic != DECODE_ANSWER_MAGIC ||
        answer->job != ask->job)
        return false;
    if (!between(0, answer->verdict, VERDICT_COUNT - 1))
        return false;
    if (answer->verdict != VERDICT_OK)
        return true;
    return ask->what == DECODE_TABLE ? table_whole(answer) : picture_whole(answer);
}
