/* Finding cases by words, by number, and near a place.  What a case is found by is kept
 * beside it, written in the transaction of the turn that changed it: the words
 * (base/words.h) of its title, place, category and clear answers, of what was said to its
 * reporter on the way, its number with the beginnings of it, and telephones that were given
 * with it.  The table holds none of these, but numbers made of word and street under the
 * index key (guard/blind.h); the page that shows what was found reads the cases themselves.
 *
 * A search is read street by street from the rarest of its words, the newest case first,
 * and looks at so many rows for a page and no more: what lies further back is the next
 * page's.  So it costs about the same among ten thousand cases and among a million.
 *
 * Whoever searches finds what they may list: cases of their areas, those in their hands,
 * those they reported.  A shielded person's cases are found by nobody but the two roles
 * that may know where these are, and by themselves. */
#ifndef ENGINE_CASE_SEARCH_H
#define ENGINE_CASE_SEARCH_H
#include "engine/case/filter.h"

/* ---- in a turn ---- */
/* Everything a case is found by, anew: when it was opened, or changed its words or place.
 */
MUST_USE enum rc search_keep(struct op *op, const struct a_case *it);
/* For the first time. */
MUST_USE enum rc search_keep_new(struct op *op, const struct a_case *it);
/* What people said on the way, besides. */
MUST_USE enum rc search_keep_more(struct op *op, const struct case_row *row,
                                  struct str text);
MUST_USE enum rc search_forget(struct op *op, int64_t id);
/* A chunk of making the whole table of words anew from the cases: first what stands in it
 * and should not goes, then each case is kept again.  How far it came is kept with it, so
 * that whoever is broken off is asked again, and goes on; searching and turns go on
 * meanwhile, and what is right is never away.  After a change of how texts are cut
 * (base/words.h), or when somebody was at the table. */
struct rebuilt {
    bool    resumed, over;
    int64_t cases, permille; /* since it was begun */
};
MUST_USE enum rc search_rebuild(struct op *op, struct rebuilt *done);

/* ---- asking ---- */
/* The newest first.  RC_INVALID, told, for words that say nothing. */
MUST_USE enum rc search_page(struct op *op, const struct case_filter *filter,
                             struct str cursor, size_t limit, struct list *rows,
                             struct str *next);
/* A source that reads in an order of its own asks for the filter's words with every row. */
MUST_USE enum rc search_beside(struct op *op, const struct case_filter *filter,
                               struct source *source);
/* Cases that these accounts reported, or that were reported with that telephone (absent:
 * none), in the filter's area. */
MUST_USE enum rc search_of_people(struct op *op, const struct case_filter *filter,
                                  const struct list *accounts /* int64_t */,
                                  struct str phone, struct str cursor, size_t limit,
                                  struct list *rows, struct str *next);

#endif
