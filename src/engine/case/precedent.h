/* Precedents 先例: who was decided to be responsible 权属裁定, kept with the words of the
 * case and the reason.  What is alike (same category, words shared) is suggested first to
 * whoever dispatches by hand, and followed by routing where the scene says
 * `precedents: true`, in the community it was decided for. */
#ifndef ENGINE_CASE_PRECEDENT_H
#define ENGINE_CASE_PRECEDENT_H
#include "engine/case/turn.h"

struct precedent {
    int64_t    county, id;
    struct str scene, kind, category, area, words, holder, reason;
    int64_t    case_id;
    struct str number;
    int64_t    decided_by, decided_ms;
};

/* Keeps the turn's holder as decided, for its reason. */
MUST_USE enum rc precedent_keep(struct turn *turn);
/* Those most like the case, at most `most`, one for each holder: struct precedent. */
MUST_USE enum rc precedents_like(struct op *op, const struct a_case *it, size_t most,
                                 struct list *found);
/* The one that routing follows; RC_NOT_FOUND. */
MUST_USE enum rc precedent_for(struct op *op, const struct a_case *it,
                               struct precedent *found);
/* "11 月 20 日 0047 号裁定，理由：…" */
struct str precedent_says(struct op *op, const struct precedent *precedent);
/* How many pairs of characters next to each other both have, per 100 of the shorter. */
int likeness(struct str a, struct str b);

/* ---- precedent_store.c ---- */
MUST_USE enum rc precedent_insert(struct op *op, const struct precedent *precedent);
/* Of the category, newest first. */
MUST_USE enum rc precedent_select(struct op *op, struct str scene, struct str category,
                                  size_t most, struct list *found);
MUST_USE enum rc precedent_blank(struct op *op, int64_t reporter);

#endif
