#include "gate/act.h"

enum { ACTS_MAX = 512 };

static const struct act *all[ACTS_MAX];
static size_t            count;

static bool same_place(const struct act *a, const struct act *b)
{
    /* What only this machine asks has no path. */
    return a->path && b->path && a->method == b->method &&
           str_eq(str_of(a->path), str_of(b->path));
}

static void add(const struct act *act)
{
    assert(count < ACTS_MAX && act->run);
    for (size_t i = 0; i < count; i++)
        assert(!str_eq(str_of(all[i]->name), str_of(act->name)) &&
               !same_place(all[i], act));
    all[count++] = act;
}

void acts_register(const struct act *const *tables, size_t n, bool demo)
{
    count = 0;
    for (size_t i = 0; i < n; i++)
        for (const struct act *act = tables[i]; act->name; act++)
            if (demo || !act->demo)
                add(act);
}

size_t acts_count(void)
{
    return count;
}

const struct act *acts_at(size_t i)
{
    assert(i < count);
    return all[i];
}

const struct act *acts_find(struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_of(all[i]->name), name))
            return all[i];
    return NULL;
}
