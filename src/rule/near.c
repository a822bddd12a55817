#include "rule/near.h"

#include "rule/lex.h"

enum { CHARS_MAX = 32 }; /* longer words are never suggested for */

static size_t points_of(struct str word, uint32_t points[CHARS_MAX])
{
    size_t n = 0;

    for (; word.len && n < CHARS_MAX; n++) {
        uint32_t point = str_utf8_next(&word);
        points[n] = point >= 'A' && point <= 'Z' ? point + 32 : point;
    }
    return word.len ? CHARS_MAX + 1 : n;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t d = a < b ? a : b;

    return d < c ? d : c;
}

/* Three rows of the usual table: two above, one above, the one being filled. */
static size_t distance(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
    size_t rows[3][CHARS_MAX + 1];

    for (size_t k = 0; k <= nb; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= nb; k++) {
            row[k] =
                least(above[k] + 1, row[k - 1] + 1, above[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = least(row[k], above2[k - 2] + 1, row[k]);
        }
    }
    return rows[na % 3][nb];
}

struct near near_start(struct str wanted)
{
    return (struct near){ .wanted = str_utf8(wanted) ? wanted : STR_NONE,
                          .distance = SIZE_MAX };
}

static void try_one(struct near *near, struct str word, struct str shown, struct str twin)
{
    uint32_t a[CHARS_MAX], b[CHARS_MAX];
    size_t   na = points_of(near->wanted, a), nb = points_of(word, b);

    if (!nb || na > CHARS_MAX || nb > CHARS_MAX)
        return;
    size_t far = distance(a, na, b, nb), longer = na > nb ? na : nb;
    if (far < near->distance && far <= (longer < 6 ? 1 : longer / 3) && far < longer) {
        near->distance = far;
        near->word = shown;
        near->twin = twin;
    }
}

void near_try(struct near *near, struct str word, struct str twin)
{
    try_one(near, word, word, twin);
    if (twin.len)
        try_one(near, twin, twin, word);
}

struct str rule_nearest_of(struct str text, const struct str *words, size_t n)
{
    struct near near = near_start(text);

    for (size_t i = 0; i < n; i++)
        near_try(&near, words[i], STR_NONE);
    return near.word;
}

static struct str both_twins(struct arena *arena, const struct near *near)
{
    return near->twin.len
               ? str_fmt(arena, "%.*s（%.*s）", STR_ARG(near->word), STR_ARG(near->twin))
               : near->word;
}

static void try_functions(struct near *near, const struct rule_env *env)
{
    for (size_t i = 0; i < env->n; i++)
        for (size_t k = 0; k < env->tables[i]->nfunctions; k++)
            near_try(near, env->tables[i]->functions[k].name,
                     env->tables[i]->functions[k].zh);
}

struct str env_nearest_function(struct arena *arena, const struct rule_env *env,
                                struct str word)
{
    struct near near = near_start(word);

    try_functions(&near, env);
    return both_twins(arena, &near);
}

struct str rule_nearest(struct arena *arena, const struct rule_env *env, struct str text)
{
    struct near near = near_start(text);

    for (size_t i = 0; i < env->n; i++)
        for (size_t k = 0; k < env->tables[i]->nnames; k++)
            near_try(&near, env->tables[i]->names[k].name, env->tables[i]->names[k].zh);
    try_functions(&near, env);
    for (size_t i = 0; word_keyword(i).len; i++)
        near_try(&near, word_keyword(i), STR_NONE);
    return both_twins(arena, &near);
}
