/* Words as they are kept and asked for (search.h): numbers under the index key.  Inside
 * engine/case/ only. */
#ifndef ENGINE_CASE_TERMS_H
#define ENGINE_CASE_TERMS_H
#include "base/words.h"
#include "base/limits.h"
#include "engine/case/search_store.h"
#include "guard/blind.h"

#define TERMS_COLUMN STR("case_terms.term")
/* What is more than a word begins with a sign that no word has. */
#define TERM_NUMBER "#"
#define TERM_PHONE  "@"
enum { NUMBER_FIRST = 7 }; /* 1120-00: the shortest beginning of a number that is kept */

/* 420602001: what is read at once. */
struct str terms_street(struct str area);
/* Community and grid: 420602001002003 → 2003. */
int64_t terms_spot(struct str area);
/* All that a case is found by, none twice. */
struct terms {
    int64_t at[TERMS_PER_CASE_MAX];
    size_t  n;
};
MUST_USE enum rc terms_of(struct op *op, const struct a_case *it, struct terms *terms);
/* A number's, besides. */
MUST_USE enum rc terms_add_number(struct op *op, const struct case_row *row,
                                  struct terms *terms);
/* As they stand in case_found_by, and back: how many. */
MUST_USE enum rc terms_row(struct op *op, const struct case_row *row,
                           const struct terms *terms, struct found_by *kept);
size_t           terms_unpack(struct str bytes, int64_t *terms, size_t most);
/* Does the case have all these words? */
MUST_USE enum rc terms_has(struct op *op, const struct case_row *row,
                           const struct str *words, size_t n, bool *has);

#endif
