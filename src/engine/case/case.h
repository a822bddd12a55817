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
#include "base/offices.h"
#include "base/op.h"
#include "engine/export/export.h"
#include "gate/telling.h"
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
    bool       shielded;    /* its reporter is: where it is is shown to two roles alone */
    int64_t    parts_open;  /* joint handling: of how many helpers an answer is awaited */
    int64_t    first_id;    /* links.h: the case that this one follows, 0: none */
    int64_t    linked;      /* how many follow this one */
    int64_t    me_too;      /* how many neighbours met it, too */
    int64_t    supplements; /* how often its reporter was asked for more */
};

/* A case with the scene it lives by. */
struct a_case {
    struct case_row         row;
    const struct scene     *scene;
    const struct case_kind *kind;
    size_t                  state;  /* kind->states[state] */
    struct str              was;    /* the bucket when it was read */
    struct holder_names    *names;  /* holder.h; NULL: nobody has asked yet */
    struct case_parts      *parts;  /* parts.h; likewise */
    bool                    opened; /* confidential, and its inside is open to the asker */
};

/* For whom a case is taken down; all absent: it is the asker's own (intake.h). */
struct intake {
    struct str name, phone, relation, note;
    struct str agreed;  /* oral, written, phone, guardian */
    struct str written; /* "2026-11-20": the date on a letter */
};

struct str intake_agreed(struct str word); /* 口头同意; absent for none */

/* What a reporter says of publicity (public.h). */
struct consent {
    bool private, named;
};
/* What a reviewer gives out. */
struct public_text {
    struct str  title, says, answer;
    struct list photos; /* struct photo_wish */
};

struct open_args {
    struct str     scene, kind;
    struct str     fields;  /* JSON object, by the scene's fields */
    struct str     channel; /* absent: the first that is the asker's (channel.h) */
    struct intake  intake;
    struct consent consent;
    /* Texts may be that long, where the scene's forms allow less: 0: they may not. */
    int64_t words_max;
};

struct move_target {
    struct str kind; /* account, org, duty */
    int64_t    id;
    struct str duty, area;
    struct str task; /* of several: what this one is asked for; absent: the move's text */
};

/* Who does what by when, as both sides agreed: 约定. */
struct move_term {
    struct str who, what, by; /* by: 2026-11-30 */
};

struct move_args {
    int64_t            id, version;
    struct str         move, text, reason;
    struct list        photos; /* int64_t */
    struct move_target target;
    int64_t            stars;
    struct list        targets; /* struct move_target */
    int64_t            part;
    struct str         category;
    struct str         place; /* JSON, as a field of that kind */
    struct str         other; /* another case, by its number or its id */
    struct str         note;  /* for those alone who handle it */
    struct consent     consent;
    struct public_text public;
    int64_t     held; /* of a session: when it was */
    struct str  venue;
    struct list present; /* struct str */
    struct list terms;   /* struct move_term */
};

extern const struct field move_target_fields[4];  /* of `target` */
extern const struct field move_targets_fields[5]; /* of each of `targets` */

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
/* Is the move open to op's actor at that version (0: whichever it is)?  What it needs is
 * not looked at; nothing is written. */
MUST_USE enum rc case_try(struct op *op, const struct move_args *args, struct a_case *it);
/* Words of its reporter's between two moves: a line, and its holder hears of them. */
MUST_USE enum rc case_remark(struct op *op, int64_t id, struct str text, struct str title,
                             struct list photos /* int64_t */, struct a_case *it);
/* The clock: warns at 80 %, marks what is late and does what the scene says then.
 * Does nothing when there is nothing to do yet. */
MUST_USE enum rc case_clock(struct op *op, int64_t id);

/* The cases of all counties that case_clock() must look at by op's now, in order, behind
 * `after` (all zero: from the first). */
struct due_case {
    int64_t next_ms, id;
};
MUST_USE enum rc case_due(struct op *op, const struct due_case *after, size_t most,
                          struct list *found);
/* Counties (int64_t) whose cases are to be reckoned again by a calendar that was loaded;
 * case.recount does the next of them. */
MUST_USE enum rc case_recounts(struct op *op, struct list *counties);

/* What the engine says of a deadline, day by day, for `linli due`: of a span, or of each
 * clock of a kind. */
struct case_reckoning {
    struct str              file, calendar; /* the calendar's file, and its text */
    int64_t                 from_ms;
    struct span             span; /* SPAN_NONE: the kind's clocks */
    const struct scene     *scene;
    const struct case_kind *kind;
    struct str              category;
    bool                    urgent;
};
MUST_USE enum rc case_reckon(struct arena *arena, const struct case_reckoning *asked,
                             struct problems *problems, struct str *says);

/* The days of op's county from `day` (since 1970, in Beijing) on, as its calendar has them.
 */
struct open_day {
    int64_t        begins_ms; /* its midnight */
    int            weekday;   /* 0 Sunday */
    bool           works;
    struct offices offices; /* when they are open */
    struct str     title;   /* 国庆节; empty: none */
};
MUST_USE enum rc case_open_days(struct op *op, int64_t day, size_t n,
                                struct open_day *days);

/* The case if the actor may see it: its reporter, whoever holds it, and who may
 * read cases in its area; of a confidential kind fewer (sight.h). */
MUST_USE enum rc case_find(struct op *op, int64_t id, struct a_case *found);
/* … or whoever asks: for engines that decide themselves what they show of it. */
MUST_USE enum rc case_load(struct op *op, int64_t id, struct a_case *found);
bool             case_may_see(struct op *op, struct a_case *it);
/* … with what is inside it (inside.h): its photos. */
bool case_inside(struct op *op, int64_t id);
/* Do neighbours see that there is such a case: category, state, about where? */
bool case_is_public(const struct a_case *it);
/* Does the actor handle it: what staff note for each other is theirs to read. */
bool case_may_read_notes(struct op *op, struct a_case *it);
bool case_holds(const struct actor *actor, const struct case_row *row);
/* Is the move open to the actor now? */
bool case_may_move(struct op *op, const struct a_case *it, const struct scene_move *move);

/* Does its reporter keep it private; and what was reported, as it was reviewed (absent
 * while it is not public). */
MUST_USE enum rc case_publicity(struct op *op, const struct a_case *it, bool *private,
                                struct str *says);

/* What followers, the timeline and the live stream read of a journal line. */
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
    struct list tell; /* struct telling */
    int64_t     version;
    struct str  helpers;      /* whose parts it is about */
    struct str  route;        /* by which row of the routes it went to its holder */
    bool        confidential; /* sight.h: only those named in it may hear of it */
    struct str  note;         /* for those alone who handle it */
};
enum { CASE_LINE_NFIELDS = 29 };
extern const struct field case_line_fields[CASE_LINE_NFIELDS];
/* Of a line whose act is about a case; RC_NOT_FOUND for others and for payloads
 * whose key is gone. */
MUST_USE enum rc case_line_read(struct op *op, const struct line *line,
                                struct case_line *into);

/* Is op's county connected to a platform above it (engine/upper/)?  Told once, before
 * threads start; none: nothing can be handed up. */
typedef bool case_connected(struct op *op);
void         case_platform(case_connected *asked);

/* What cases keep of persons (registry/keeper.h): the tie of whoever works on an open
 * one of theirs; their words, gone when they are deleted. */
extern const struct person_keeper case_keeper;
/* … and what of them can be listed in a file (engine/export/). */
extern const struct export_source case_export;

/* Likeness is looked for in a lattice of about 500 m: a place's cell, 0 for none. */
#define CELLS_PER_DEGREE 200.0
int64_t case_cell(double lat, double lng);

#endif
