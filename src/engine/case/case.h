/* Cases 办件: something a neighbour reported, moving through the states that its
 * scene declares.  The engine knows no scene: what can be done, by whom, until
 * when and what follows is read from the frozen scene that the case was opened
 * under.  A case changes only by case_open(), case_move() and case_clock(), each a
 * compare-and-set on the version that the caller saw: two people acting at once
 * means one RC_CONFLICT, told with who did what.  Nobody's case is ever without a
 * holder 承办方.
 *
 * Expected: RC_NOT_FOUND (also for what the actor may not see), RC_DENIED (not
 * yours to do), RC_REFUSED (not from this state, or something is missing, told),
 * RC_CONFLICT, RC_INVALID (fields, told one by one). */
#ifndef ENGINE_CASE_CASE_H
#define ENGINE_CASE_CASE_H
#include "base/field.h"
#include "base/op.h"
#include "engine/export/export.h"
#include "registry/keeper.h"
#include "scene/scene.h"

struct case_row { /* as it stands in the table */
    int64_t    county, id;
    struct str number, scene;
    int64_t    scene_version;
    struct str kind, state, bucket;
    int64_t    version;
    struct str channel, title, category;
    bool       urgent;
    struct str fields, sealed;
    int64_t    reporter, person;
    struct str area, street, community, grid;
    double     lat, lng;
    int64_t    cell;
    struct str place, holder, before, duty, duty_area;
    bool       supervised;
    int64_t    opened_ms, answered_ms, closed_ms;
    struct str clocks;
    int64_t    due_ms;
    struct str due_clock;
    int64_t    paused_ms;
    struct str pause_reason;
    int64_t    next_ms, sort_ms, stars;
    struct str rating;
    int64_t    photos;
    bool       shielded; /* its reporter is: where it is is shown to two roles alone */
};

/* A case with the scene it lives by. */
struct a_case {
    struct case_row         row;
    const struct scene     *scene;
    const struct case_kind *kind;
    size_t                  state; /* kind->states[state] */
    struct str              was;   /* the bucket when it was read */
    struct holder_names    *names; /* holder.h; NULL: nobody has asked yet */
};

struct open_args {
    struct str scene, kind;
    struct str fields;  /* JSON object, by the scene's fields */
    struct str channel; /* absent: app */
};

struct move_target {
    struct str kind; /* account, org, duty */
    int64_t    id;
    struct str duty, area;
};

struct move_args {
    int64_t            id, version;
    struct str         move, text, reason;
    struct list        photos; /* int64_t */
    struct move_target target;
    int64_t            stars;
};

/* A resident reports so many a day; the next is told of counter and telephone, whose
 * staff take it (CASES_PER_DAY_MAX).  RC_TOO_MANY. */
/* Another number for this process, 0: none; before threads start, for load tests. */
void case_ceiling(int64_t a_day);

MUST_USE enum rc case_open(struct op *op, const struct open_args *args,
                           struct a_case *opened);
/* What case_open() would make of it now, without an id; nothing is written. */
MUST_USE enum rc case_preview(struct op *op, const struct open_args *args,
                              struct a_case *it);
MUST_USE enum rc case_move(struct op *op, const struct move_args *args,
                           struct a_case *moved);
/* The clock: warns at 80 %, marks what is late and does what the scene says then.
 * Does nothing when there is nothing to do yet. */
MUST_USE enum rc case_clock(struct op *op, int64_t id, struct a_case *now);

/* The cases of all counties that case_clock() must look at by op's now: ids. */
MUST_USE enum rc case_due(struct op *op, size_t most, struct list *ids);

/* The case if the actor may see it: its reporter, whoever holds it, and who may
 * read cases in its area. */
MUST_USE enum rc case_find(struct op *op, int64_t id, struct a_case *found);
bool             case_may_see(const struct actor *actor, const struct case_row *row);
bool             case_holds(const struct actor *actor, const struct case_row *row);
/* Is the move open to the actor now? */
bool case_may_move(struct op *op, const struct a_case *it, const struct scene_move *move);

/* What followers, the timeline and the live stream read of a journal line. */
struct case_tell {
    int64_t    account;
    struct str title, says;
};
struct case_line {
    struct str  number, scene, kind, title, move, move_title;
    struct str  from, to;    /* states, by name */
    struct str  state_title; /* of `to` */
    struct str  area;
    int64_t     reporter;
    struct str  holder, holder_title;
    int64_t     holder_account, holder_org; /* 0: a duty's, or the other one */
    struct str  who; /* as neighbours may read it: 网格员 刘敏 */
    struct str  text, reason, target;
    struct list photos; /* int64_t */
    int64_t     stars;
    bool        late, supervised;
    struct list tell; /* struct case_tell */
    int64_t     version;
};
enum { CASE_LINE_NFIELDS = 25 };
extern const struct field case_line_fields[CASE_LINE_NFIELDS];
/* Of a line whose act is about a case; RC_NOT_FOUND for others and for payloads
 * whose key is gone. */
MUST_USE enum rc case_line_read(struct op *op, const struct line *line,
                                struct case_line *into);

/* What cases keep of persons (registry/keeper.h): the tie of whoever works on an open
 * one of theirs; their words, gone when they are deleted. */
extern const struct person_keeper case_keeper;
/* … and what of them can be listed in a file (engine/export/). */
extern const struct export_source case_export;

/* Likeness is looked for in a lattice of about 500 m: a place's cell, 0 for none. */
#define CELLS_PER_DEGREE 200.0
int64_t case_cell(double lat, double lng);

#endif
