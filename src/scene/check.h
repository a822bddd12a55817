/* What no single line shows: whether a scene's parts fit each other.  Everything
 * is told; a kind whose states could not be read is not walked. */
#ifndef SCENE_CHECK_H
#define SCENE_CHECK_H
#include "scene/scene_env.h"

void check_scene(const struct scene *scene, struct arena *scratch,
                 struct problems *problems);

/* ---- who may do what (P5), from the moves' `by` ---- */
struct maker {
    struct str who;     /* 社区值守; 社区值守 且 承办方; 谁都可以 */
    struct str but;     /* ，承办方除外; or "" */
    bool       depends; /* and on what the case says */
};
/* All smallest sets of duties and relations that satisfy the move's `by`; none when
 * nobody ever can.  NULL when the rule names more of them than can be tried. */
enum { BY_WORDS_MAX = 8 };
const struct maker *move_makers(struct arena *arena, const struct scene *scene,
                                const struct case_kind *kind, const struct scene_move *move,
                                size_t *n);
/* The table as text, a line per move and maker. */
struct str scene_table(struct arena *arena, const struct scene *scene);

/* ---- a new version beside the one in force (P7) ---- */
/* One sentence for each thing that running cases have and the new one lacks. */
struct str scene_changes(struct arena *arena, const struct scene *old,
                         const struct scene *now);

#endif
