/* Publicity 公开: what of a case everybody may read, three switches.  Public or not and
 * named or not are its reporter's to say, at any time; what staff note for each other
 * (`note` of a move) is never in it.  A reviewer gives it out by a move with the effect
 * `publish`: their text, beside the case's own words that stay, and copies of the photos
 * that they chose (engine/photo/).  A text with somebody's telephone or ID number is not
 * given out (guard/numbers.h).  Taking back is the effect `unpublish`, or the reporter's
 * change of mind; done twice it is as done once. */
#ifndef ENGINE_CASE_PUBLIC_H
#define ENGINE_CASE_PUBLIC_H
#include "engine/case/turn.h"

struct case_public { /* a row of its own beside the case's */
    int64_t county, case_id;
    bool private;     /* its reporter does not want it public */
    bool       named; /* and may be called by their surname */
    struct str state; /* "", out */
    struct str title, says, answer, agency, category, street, community;
    int64_t    reviewed_ms, reviewed_by;
};
/* As it is, or as the kind has it while nobody has said anything. */
MUST_USE enum rc public_of(struct op *op, const struct a_case *it,
                           struct case_public *found);
bool             public_is_out(const struct case_public *it);

/* What its reporter says when they open it. */
MUST_USE enum rc public_open(struct turn *turn, const struct consent *consent);
/* The effects, and the need `consent`. */
MUST_USE enum rc public_give_out(struct turn *turn);
MUST_USE enum rc public_take_back(struct turn *turn);
MUST_USE enum rc public_consent(struct turn *turn);
/* Is a move for it worth offering now? */
bool public_offers(struct op *op, const struct a_case *it, const struct scene_move *move);

/* For whoever reviews: what was written, what is proposed or out, and what of it stands in
 * the way.  RC_NOT_FOUND for whoever does not handle it. */
struct public_finding {
    struct str where, title, text;
    int64_t    at;
    bool       blocks;
};
struct public_photo {
    int64_t    id;
    bool       shown;
    struct str marks; /* JSON */
};
struct public_draft {
    bool private, named, out;
    struct str  title, says, answer;                         /* to begin with */
    struct str  written_title, written_says, written_answer; /* the case's own */
    struct list photos;                                      /* struct public_photo */
    struct list found;                                       /* struct public_finding */
};
enum { DRAFT_NFIELDS = 11 };
extern const struct field draft_fields[DRAFT_NFIELDS];
MUST_USE enum rc public_draft(struct op *op, int64_t id, struct public_draft *draft);

/* struct public_finding, of these texts. */
enum { FINDING_NFIELDS = 5 };
extern const struct field finding_fields[FINDING_NFIELDS];
MUST_USE enum rc          public_findings(struct op *op, const struct public_text *texts,
                                          struct list *found);

/* The list for everybody, newest first. */
struct public_shown {
    int64_t     id;
    struct str  title, says, answer, agency, category, area_name, who;
    int64_t     at;
    struct list photos; /* struct photo_address */
};
enum { SHOWN_NFIELDS = 10 };
extern const struct field shown_case_fields[SHOWN_NFIELDS];
struct public_list_args {
    struct str area, cursor;
    int64_t    limit;
};
MUST_USE enum rc public_list(struct op *op, const struct public_list_args *args,
                             struct list *shown, struct str *next);

/* public_store.c */
MUST_USE enum rc public_select(struct op *op, int64_t id, struct case_public *found);
MUST_USE enum rc public_put(struct op *op, const struct case_public *row);
MUST_USE enum rc public_blank(struct op *op, int64_t reporter);
struct public_page {
    struct str street, community; /* at most one */
    int64_t    before_ms, before_id;
    size_t     most;
};
MUST_USE enum rc public_select_page(struct op *op, const struct public_page *page,
                                    struct list *rows);

#endif
