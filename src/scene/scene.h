/* Scenes 场景: what a place builds by itself, as text.  A scene is one YAML file
 * and the lists it takes its choices from; scene_read() checks all of it and
 * gives back frozen structs, or every mistake at once with file, line, column and
 * what was meant.  Nothing in a scene is code: closed tables (words.def) of field
 * types, needs, effects and relations, and rules (rule/rule.h).
 *
 * A scene owns its memory, is never changed after scene_read(), and may be read
 * by any thread.  Those in force live as long as the process, every version of
 * them, because running cases keep the version they were opened under.
 *
 * Everything that was written keeps where it stands (struct spot).  Names are what
 * machines use (a case's state in the database, a field in JSON), titles are for
 * people.  Order is the order of the file. */
#ifndef SCENE_SCENE_H
#define SCENE_SCENE_H
#include "base/arena.h"
#include "base/field.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/rc.h"

struct rule; /* rule/rule.h */

enum {
    SCENE_LISTS_MAX = 32,
    SCENE_KINDS_MAX = 16,
    SCENE_FIELDS_MAX = 64, /* of one kind: bits of one word */
    SCENE_STATES_MAX = 64, /* of one kind: bits of one word */
    SCENE_MOVES_MAX = 64,
    SCENE_OPTIONS_MAX = 1000,
    SCENE_LIST_MAX = 64, /* entries of any other list */
};

enum asks {
#define ASKS(name, word, zh, note) ASKS_##name,
#include "scene/words.def"
    ASKS_COUNT
};
enum needs_bit {
#define NEEDS(name, word, zh, note) NEEDS_BIT_##name,
#include "scene/words.def"
    NEEDS_COUNT
};
enum needs {
#define NEEDS(name, word, zh, note) NEEDS_##name = 1 << NEEDS_BIT_##name,
#include "scene/words.def"
};
enum clock_name {
#define CLOCK(name, word, zh, note) CLOCK_##name,
#include "scene/words.def"
    CLOCK_COUNT
};
enum effect_kind {
#define EFFECT(name, word, zh, takes, note) EFFECT_##name,
#include "scene/words.def"
    EFFECT_COUNT
};

struct spot {
    uint32_t file;         /* 0: the scene, n: scene->lists[n - 1] */
    uint32_t line, column; /* from 1 */
};

/* A rule as it was written, parsed and checked.  Where a struct holds a pointer
 * to one, NULL means that none was written. */
struct scene_rule {
    struct spot        at;
    struct str         text;
    const struct rule *rule;
};

/* ---- how long: real time, working time, or working days by the calendar ---- */
enum span_kind { SPAN_NONE, SPAN_REAL, SPAN_WORKING, SPAN_WORKING_DAYS };
struct span {
    enum span_kind kind;
    int64_t        amount; /* ms, ms, days */
};

/* ---- fields ---- */
struct scene_option {
    struct spot at;
    struct str  value; /* what is stored and shown: 垃圾卫生 */
    struct str  group; /* absent: none */
    struct str  code;  /* GB/T 30428 class, absent: none */
    struct str  note;  /* a line for whoever chooses, absent: none */
};
struct scene_field {
    struct spot                at;
    struct str                 name, title;
    struct str                 help; /* a line below the title, absent: none */
    enum asks                  asks;
    bool                       required; /* when it is asked at all */
    bool                       voice;    /* may be spoken */
    int64_t                    max; /* text: characters, photos: how many; never 0 there */
    enum grade                 grade;   /* PERSONAL and above: sealed in storage */
    const struct scene_rule   *ask;     /* truth; NULL: always asked */
    const struct scene_rule   *fills;   /* `default`: me.phone; NULL: none */
    struct str                 from;    /* list's name, absent: options written in place */
    const struct scene_option *options; /* ASKS_CHOICE */
    size_t                     noptions;
};
struct scene_stop {
    struct spot              at;
    const struct scene_rule *when; /* never NULL */
    struct str               say;
};

/* ---- states and moves ---- */
struct scene_state {
    struct spot at;
    struct str  name, title;
};
struct scene_effect {
    struct spot      at;
    enum effect_kind kind;
    const struct scene_rule
                   *who; /* tell: a target rule (reporter, holder, duty(…)); else NULL */
    enum clock_name clock; /* pause, resume */
};
struct scene_move {
    struct spot at;
    struct str  name, title;
    struct str  told; /* what is said of it afterwards, behind who did it: 已受理 */
    uint64_t    from; /* bit i: out of states[i] */
    size_t      to;   /* states[to]; may be among `from` */
    const struct scene_rule   *by;      /* truth about the asker; never NULL */
    const struct scene_rule   *when;    /* truth about the case; NULL: always */
    unsigned                   needs;   /* NEEDS_x bits */
    const struct scene_effect *effects; /* `do`, then `tell` as EFFECT_TELL, in order */
    size_t                     neffects;
};

/* ---- deadlines, routes, likeness, openness ---- */
/* A clock starts when the case is opened and is met when the case comes into one
 * of `until`; it starts anew when a move leads out of them again (reopen). */
struct scene_clock {
    struct spot       at;
    struct span       limit;  /* SPAN_NONE: this clock was not declared */
    struct span       urgent; /* SPAN_NONE: same as limit */
    uint64_t          until;  /* bits of states; accept: all but `begins` unless written */
    const struct str *pause;  /* reasons for which it may stand */
    size_t            npause;
};
struct scene_route {
    struct spot              at;
    const struct scene_rule *when; /* truth; NULL: always (the last one) */
    const struct scene_rule *to;   /* target; never NULL */
};
struct scene_alike {
    struct spot at;
    int64_t     distance_m; /* 0: not declared */
    int64_t     within_ms;
    uint64_t    same; /* bits of fields that must agree */
};
struct scene_public {
    struct spot at;
    bool        shown;  /* `default`: open to neighbours once reviewed */
    uint64_t    hide;   /* bits of fields; personal ones are always hidden */
    uint64_t    review; /* bits of fields a person looks at first */
};

struct case_kind {
    struct spot               at;
    struct str                name, title;
    const struct scene_field *fields;
    size_t                    nfields;
    const struct scene_rule
        *urgent; /* truth; the yesno field `urgent` unless written; NULL: never */
    const struct scene_stop   *stops;
    size_t                     nstops;
    const struct scene_state  *states;
    size_t                     nstates;
    size_t                     begins; /* states[begins] */
    uint64_t                   ends;   /* bits of states */
    const struct scene_move   *moves;
    size_t                     nmoves;
    struct scene_clock         clocks[CLOCK_COUNT];
    const struct scene_effect *overdue; /* when any clock runs out */
    size_t                     noverdue;
    const struct scene_route  *routes; /* first that holds; the last holds always */
    size_t                     nroutes;
    struct scene_alike         alike;
    struct scene_public        shown;
};

/* ---- duties: lists/duties, the same for every scene of a place ---- */
struct scene_duty {
    struct spot at;
    struct str  name;  /* 社区值守 */
    struct str  role;  /* word of guard/roles.def */
    int         level; /* of the area it is held in: 2 city … 6 grid (area_level) */
    struct str  above; /* who takes over when it is handed up; absent: nobody */
    bool        leads; /* told when something is supervised */
};

/* ---- checked now, paid and counted by later engines ---- */
struct scene_earn {
    struct spot              at;
    struct str               kind, state; /* on: problem.closed */
    const struct scene_rule *when;        /* truth; NULL: always */
    const struct scene_rule *points;      /* number */
    const struct scene_rule *audit;       /* target; NULL: nobody needs to look */
};
struct scene_points {
    struct spot              at;
    struct str               book; /* absent: the scene gives no points */
    const struct scene_earn *earns;
    size_t                   nearns;
    int64_t                  day_max; /* 0: none */
    bool                     per_person;
};
struct scene_indicator {
    struct spot       at;
    struct str        name, title;
    struct str        kind, state; /* of: problem.closed */
    struct str        good;        /* resolve.on_time */
    const struct str *by;          /* area, org, month */
    size_t            nby;
};

struct scene_home {
    struct spot       at;
    const struct str *people; /* `for`: resident, rider, … */
    size_t            npeople;
    struct str        icon;
    int64_t           order;
};

struct scene_list {  /* a file beside the scene, kept with it */
    struct str name; /* "lists/events" */
    struct str text;
    struct str file; /* as told in mistakes; absent: the name */
};

struct scene {
    struct arena                  arena; /* owns everything below */
    struct str                    file;  /* as told in mistakes */
    struct str                    text;  /* the YAML it was read from */
    struct str                    name, title;
    int64_t                       version; /* given by whoever keeps it; 0: not kept */
    struct scene_home             home;
    const struct case_kind       *kinds;
    size_t                        nkinds;
    struct scene_points           points;
    const struct scene_indicator *indicators;
    size_t                        nindicators;
    const struct str             *stories;
    size_t                        nstories;
    const struct scene_duty      *duties;
    size_t                        nduties;
    const struct scene_list      *lists;
    size_t                        nlists;
};

/* ---- reading ---- */
struct scene_pack {
    struct str               file; /* "scenes/snap/scene.yaml" */
    struct str               text;
    const struct scene_list *lists; /* must hold "lists/duties" and all that `from` names */
    size_t                   nlists;
    int64_t                  version;
};
/* RC_INVALID with every mistake told (where: the file, with line and column);
 * RC_TOO_LARGE.  The texts are copied. */
MUST_USE enum rc scene_read(const struct scene_pack *pack, struct problems *problems,
                            struct scene **scene);
void             scene_free(
                struct scene **scene); /* also of NULL; only those that nobody else has seen */

/* ---- looking things up: NULL when there is none ---- */
const struct case_kind   *scene_kind(const struct scene *scene, struct str name);
const struct scene_duty  *scene_duty(const struct scene *scene, struct str name);
const struct scene_field *kind_field(const struct case_kind *kind, struct str name);
const struct scene_state *kind_state(const struct case_kind *kind, struct str name);
const struct scene_move  *kind_move(const struct case_kind *kind, struct str name);

struct str asks_word(enum asks asks);
struct str needs_word(enum needs_bit needs);
struct str clock_word(enum clock_name clock);
struct str effect_word(enum effect_kind effect);

#endif
