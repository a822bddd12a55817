/* A turn: one act on a case while it runs, from the row as it stood to the line that
 * tells of it.  open.c, and case.c for moves and the clock, each make one, let effects
 * change it, and store it.  Inside engine/case only. */
#ifndef ENGINE_CASE_TURN_H
#define ENGINE_CASE_TURN_H
#include "engine/case/case.h"
#include "engine/case/clock.h"
#include "engine/case/fields.h"
#include "engine/case/holder.h"

enum { TURN_TELL_MAX = 64 };

struct turn {
    struct op               *op;
    struct a_case           *it;
    struct answers           answers;
    struct clocks            clocks;
    const struct move_args  *args;    /* NULL: opening, or the clock */
    const struct scene_move *move;    /* NULL likewise */
    struct str               held_by; /* until now, for clocks_follow() */
    struct str               had, in; /* the holder and the bucket when it began */
    struct case_line         line;
    struct telling           tell[TURN_TELL_MAX];
    size_t                   ntell;
    struct list              all_told; /* with neighbours who met it; NULL: those above */
    bool                     again;    /* the clock looks once more, at once */
};

/* Of a case that stands: its answers and clocks. */
MUST_USE enum rc   turn_start(struct turn *turn, struct op *op, struct a_case *it);
struct case_record turn_record(const struct turn *turn); /* as rules see it */
void               turn_enter(struct turn *turn, size_t state);
/* Looked at by today's calendar, and nothing else. */
MUST_USE enum rc case_again(struct op *op, int64_t id);
/* Into the row: clocks, and when it is next to be looked at. */
MUST_USE enum rc turn_settle(struct turn *turn);
/* The journal line; `before` is the version that was. */
MUST_USE enum rc turn_say(struct turn *turn, int64_t before);

/* effects.c: one message a turn for each person, the last one said. */
void turn_tell(struct turn *turn, int64_t account, struct str says);
void turn_tell_holder(struct turn *turn, struct holder holder, struct str says);
void turn_hand_to(struct turn *turn, struct holder holder);
void turn_answers_for(struct turn *turn, struct holder holder);
/* By the declared duty of the last route: who answers for a case that an organisation or
 * a colleague holds. */
void turn_answers_by_route(struct turn *turn);
/* route.c: to whoever the scene's rows name, with the row told in the line. */
MUST_USE enum rc turn_route(struct turn *turn);
bool             turn_is_urgent(const struct turn *turn);
MUST_USE enum rc turn_effects(struct turn *turn, const struct scene_effect *effects,
                              size_t n);

/* news.c: what people are told, in whole sentences.  Dates are written out: a message
 * is read tomorrow, too. */
enum reader {
    READER_REPORTER, /* wants to know until when there is an answer */
    READER_HOLDER,   /* has it to do */
    READER_OTHER,
};
struct str news_holder(const struct turn *turn); /* "网格员刘敏" */
struct str news_who(const struct turn *turn);    /* "社区值守周岚", "居民王*" */
/* "社区值守周岚已受理。": who did what, with their words; and until when it is to be done.
 */
struct str news_done(const struct turn *turn, enum reader reader);
struct str news_until(const struct turn *turn, enum reader reader);
/* What is owed by then: 受理, 办好, 告诉您进展. */
struct str due_words(struct str clock, bool to_reporter);
struct str news_of(const struct turn *turn, enum reader reader); /* both */
struct str news_escalated(const struct turn *turn, struct str from);
struct str news_taken_away(const struct turn *turn);
struct str news_supervised(const struct turn *turn);

#endif
