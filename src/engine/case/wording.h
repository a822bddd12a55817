/* What staff keep to write with 常用文字: templates of answers 答复模板, by scene, state
 * and category, with a public and an inner text in which the case's own number, deadline
 * and holder are filled in; and articles on policies 政策问答, which say where they are
 * written and until when they hold, and are suggested while somebody types.
 *
 * Each is kept for an area, by whoever keeps words there, and serves the cases in it.
 * Articles are found by a table of words (base/words.h) of what is in force. */
#ifndef ENGINE_CASE_WORDING_H
#define ENGINE_CASE_WORDING_H
#include "engine/case/case.h"

struct wording {
    int64_t    county, id, version;
    struct str kind, area, scene, state, categories, title, words, inner_words, source;
    int64_t    until_ms, made_by, made_ms;
    bool       ended;
};
#define WORDING_TEMPLATE STR("template")
#define WORDING_ARTICLE  STR("article")

struct wording_args {
    int64_t     id, version; /* of the one that is changed */
    struct str  kind, area, scene, state;
    struct list categories; /* struct str */
    struct str  title, words, inner_words, source;
    int64_t     until;
};

MUST_USE enum rc wording_make(struct op *op, const struct wording_args *args,
                              struct wording *made);
/* All of it anew; kind, area and scene stay. */
MUST_USE enum rc wording_change(struct op *op, const struct wording_args *args,
                                struct wording *changed);
MUST_USE enum rc wording_end(struct op *op, int64_t id, int64_t version,
                             struct wording *ended);
/* Newest first, before an id. */
MUST_USE enum rc wording_list(struct op *op, struct str kind, int64_t before, size_t most,
                              struct list *found);
/* Those that fit a case, what is to be filled in filled in: its own category first. */
MUST_USE enum rc wording_for_case(struct op *op, struct a_case *it, struct list *found);
/* Articles that what was typed speaks of, for an area and perhaps a category. */
MUST_USE enum rc wording_suggest(struct op *op, struct str typed, struct str area,
                                 struct str category, struct list *found);

/* ---- wording_store.c ---- */
MUST_USE enum rc wording_insert(struct op *op, const struct wording *wording);
MUST_USE enum rc wording_select(struct op *op, int64_t id, struct wording *wording);
/* Compare-and-set on version - 1; RC_NOT_FOUND. */
MUST_USE enum rc wording_update(struct op *op, const struct wording *wording);
MUST_USE enum rc wording_select_kept(struct op *op, struct str kind, int64_t before,
                                     size_t most, struct list *found);
MUST_USE enum rc wording_select_templates(struct op *op, struct str scene, size_t most,
                                          struct list *found);
MUST_USE enum rc wording_term_put(struct op *op, int64_t id, struct str term);
MUST_USE enum rc wording_terms_end(struct op *op, int64_t id);
/* Ids (int64_t) of the articles with that word, newest first. */
MUST_USE enum rc wording_select_term(struct op *op, struct str term, size_t most,
                                     struct list *ids);

#endif
