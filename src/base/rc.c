#include "base/rc.h"

static const struct {
    int        status;
    struct str word, title;
} table[] = {
#define RC(name, status, word, title)                                                      \
    [RC_##name] = { status, STR_INIT(word), STR_INIT(title) },
#include "base/rc.def"
#undef RC
};
static_assert(COUNT(table) == RC_COUNT, "every code has its row");

int rc_status(enum rc rc)
{
    assert(rc < RC_COUNT);
    return table[rc].status;
}

struct str rc_word(enum rc rc)
{
    assert(rc < RC_COUNT);
    return table[rc].word;
}

struct str rc_title(enum rc rc)
{
    assert(rc < RC_COUNT);
    return table[rc].title;
}
