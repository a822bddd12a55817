/* The same thing reported twice 同一件事.  A later report is linked to the first, or merged
 * into it; a report of two things is split in two.
 *
 * A linked case stays a case of its own, with its own reporter, number and rating, and
 * follows the first: whatever that one's reporter is told, its reporter is told, and when
 * the first is answered or ended by those who handle it, it comes into the same state.
 * When the first is withdrawn by its reporter, or the follower's own says that it is not
 * solved, the link is over and the follower goes on by itself.  Its deadlines run on but
 * nothing fires meanwhile, as the first's do; when the link is over, what has come due
 * fires at once, so that nobody gains time by linking.  Links have one level: what follows
 * is not followed.  Both are of one kind and one county.
 *
 * A merged case has ended; its reporter hears of the answers to the first.
 *
 * An act changes one case and writes one line.  What follows from it for another case is
 * that one's own turn: its clock is made to look at once, and sees by its link what there
 * is to do. */
#ifndef ENGINE_CASE_LINKS_H
#define ENGINE_CASE_LINKS_H
#include "engine/case/turn.h"

enum link_told { LINK_NEW, LINK_TOLD, LINK_END_TOLD };
struct case_link {
    int64_t    county, case_id, link, first_id;
    struct str how; /* same, merged, split */
    struct str who; /* as neighbours may read it */
    int64_t    made_ms, ended_ms;
    struct str ended_who;
    int64_t    told; /* enum link_told: in the later case's own lines */
    int64_t    heard;
};

/* ---- what a turn does: the effects ---- */
MUST_USE enum rc links_link(struct turn *turn);
MUST_USE enum rc links_gather(struct turn *turn);
MUST_USE enum rc links_unlink(struct turn *turn);
MUST_USE enum rc links_merge(struct turn *turn);
MUST_USE enum rc links_split(struct turn *turn);
/* A follower that its reporter has reopened goes on by itself; and it has no helpers. */
MUST_USE enum rc links_after_move(struct turn *turn);
/* Those who follow are made to look, neighbours who met it are told. */
MUST_USE enum rc links_spread(struct turn *turn);
/* By the clock: what the link has to say to this case.  `said`: the turn has a line. */
MUST_USE enum rc links_look(struct turn *turn, bool *said);

/* open.c: another case, cut out of the turn's. */
MUST_USE enum rc case_open_beside(struct turn *from, const struct answers *answers,
                                  struct a_case *it);

bool row_is_open(const struct case_row *row); /* neither answered nor ended */

#endif
