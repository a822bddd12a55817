/* Inside scene/: the parts of check_scene(), each in the file of its concern. */
#ifndef SCENE_CHECKING_H
#define SCENE_CHECKING_H
#include "scene/check.h"
#include "scene/read.h"

struct check {
    const struct scene     *scene;
    const struct case_kind *kind; /* the one that is checked */
    struct arena           *scratch;
    struct problems        *problems;
};

/* What a rule mentions; NULL and *n untouched when it could not be read. */
const struct rule_mention *check_mentions(struct check            *check,
                                          const struct scene_rule *rule, size_t *n);
static inline bool         check_has(uint64_t bits, size_t i)
{
    return bits >> i & 1;
}

/* check_times.c: clocks, and what happens by moves and when they run out (then without a
 * move). */
void check_clocks(struct check *check);
void check_effects(struct check *check, const struct scene_effect *effects, size_t n,
                   const struct scene_move *move);

/* check_engines.c: what the scene says to single engines. */
void check_alike(struct check *check);
void check_confidential(struct check *check);
void check_papers(struct check *check);
void check_windows(struct check *check);
void check_open311(struct check *check);
void check_upper(struct check *check);
void check_indicators(struct check *check);

#endif
