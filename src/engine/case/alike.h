/* What may be the same thing 附近报过: shown before a report is sent, and beside a case to
 * those who handle it.  Looked for by place (the lattice of case_cell()), by the family of
 * its category, by how long ago, and ranked with the likeness of its words:
 *
 *     40 × (1 − distance ÷ the farthest) + 30 × words that both have ÷ words of both
 *     + 20 × (1 − age ÷ the oldest) + 10 if the category is the very same
 *
 * Words are read of the ten that are best by all else.  Why each is suggested is said.  A
 * neighbour sees of what is public a category, a state and a band of distance; a word by
 * itself does not tell whether somebody wrote it, as texts are alike only when a third of
 * all their words are in both.  Staff see number and title of what lies in their areas,
 * farther away. */
#ifndef ENGINE_CASE_ALIKE_H
#define ENGINE_CASE_ALIKE_H
#include "engine/case/case.h"

struct alike_args {
    struct str scene, kind, category, area;
    double     lat, lng;
    struct str words; /* what is being written */
    int64_t    id;    /* of a case instead: what may be the same as it */
};
struct alike_shown {
    int64_t     id;
    struct str  category, state_title, distance, promise;
    int64_t     when;
    struct list why; /* struct str: 80 米, 同类, 3 天前, 词语相近 */
    int64_t     me_too;
    bool        you;           /* reported it, or met it, too */
    struct str  number, title; /* absent to neighbours */
};
enum { ALIKE_NFIELDS = 11 };
extern const struct field alike_shown_fields[ALIKE_NFIELDS];
MUST_USE enum rc          alike_find(struct op *op, const struct alike_args *args,
                                     struct list *found);

#endif
