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
    SCENE_RATES_MAX = 8, /* of one kind */
    SCENE_LIST_MAX = 64, /* entries of any other list */
};

enum asks {
#define ASKS(name, word, zh, note) ASKS_##name,
#include "scene/words.def"
    ASKS_COUNT
};
enum needs_bit {
#define NEEDS(name, word, zh, of, note) NEEDS_BIT_##name,
#include "scene/words.def"
    NEEDS_COUNT
};
enum needs {
#define NEEDS(name, word, zh, of, note) NEEDS_##name = 1 << NEEDS_BIT_##name,
#include "scene/words.def"
};
enum clock_name {
#define CLOCK(name, word, zh, note) CLOCK_##name,
#include "scene/words.def"
    CLOCK_COUNT
};
enum effect_kind {
#define EFFECT(name, word, zh, takes, of, note) EFFECT_##name,
#include "scene/words.def"
    EFFECT_COUNT
};

enum public_status {
#define STATUS(name, word, zh, open, note) STATUS_##name,
#include "scene/words.def"
    STATUS_COUNT
};

enum channel {
#define CHANNEL(name, word, zh, right, takes, note) CHANNEL_##name,
#include "scene/words.def"
    CHANNEL_COUNT
};

enum platform_answer {
#define ANSWERS(name, word, zh, note) ANSWERS_##name,
#include "scene/words.def"
    ANSWERS_COUNT
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
enum { SPAN_WORKING_DAYS_MAX = 500 }; /* and as many hours of working time */

/* ---- fields ---- */
/* What is brought along to a service: 材料. */
struct scene_material {
    struct spot at;
    struct str  title;
    struct str  example;  /* what a right one looks like, absent: none */
    bool        original; /* a copy does not do */
};
/* An option that is a service 服务事项 says how it is had; what was not written is absent.
 */
struct scene_guide {
    struct str                   who;  /* who may ask for it */
    struct str                   says; /* how it goes, in a few sentences */
    const struct scene_material *materials;
    size_t                       nmaterials;
    const struct str            *steps;
    size_t                       nsteps;
    struct span                  promise; /* for clocks with `promised` */
    struct str                   result, fetch;
    struct str                   source; /* where all this was taken from */
};
struct scene_option {
    struct spot at;
    struct str  value;  /* what is stored and shown: 垃圾卫生 */
    struct str  group;  /* absent: none */
    struct str  code;   /* GB/T 30428 class, absent: none */
    struct str  note;   /* a line for whoever chooses, absent: none */
    int64_t     near_m; /* another report within it may be the same thing; 0: the kind's */
    struct scene_guide guide;
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
/* A move's `to` when none was written: the case stays in the state it is in. */
#define MOVE_STAYS  (SIZE_MAX - 1)
#define TOLD_TARGET "对象"
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
    struct str
        told; /* what is said of it afterwards, behind who did it: 已受理; 请{对象}来调解
                 (TOLD_TARGET): where whoever it is given to is named */
    struct str say;  /* why not, when `when` does not hold; absent: no more than that */
    uint64_t   from; /* bit i: out of states[i] */
    size_t     to;   /* states[to]; may be among `from`; MOVE_STAYS: where it is */
    const struct scene_rule   *by;    /* truth about the asker; never NULL */
    const struct scene_rule   *when;  /* truth about the case; NULL: always */
    unsigned                   needs; /* NEEDS_x bits */
    const struct str          *first; /* duties: who is offered before others */
    size_t                     nfirst;
    const struct scene_effect *effects; /* `do`, then `tell` as EFFECT_TELL, in order */
    size_t                     neffects;
    enum platform_answer       upper; /* the upper platform's, when it answers that */
};

/* ---- deadlines, routes, likeness, openness ---- */
/* A clock starts when the case is opened (update: when the reporter was first told
 * something) and is met when the case comes into one of `until`; it starts anew when a move
 * leads out of them again (reopen).  engine/case/clock.h has the rest. */
struct scene_limit { /* of some cases: the first whose rule holds */
    struct spot              at;
    const struct scene_rule *when;          /* truth; never NULL */
    struct span              limit, urgent; /* urgent SPAN_NONE: same as limit */
};
struct scene_clock {
    struct spot               at;
    struct span               limit;  /* SPAN_NONE: this clock was not declared */
    struct span               urgent; /* SPAN_NONE: same as limit */
    const struct scene_limit *by;     /* looked through before the two above */
    size_t                    nby;
    uint64_t          until; /* bits of states; accept: all but `begins` unless written */
    const struct str *pause; /* reasons for which it may stand */
    size_t            npause;
    bool              each_holder; /* starts anew for whoever it is handed to */
    bool              promised; /* as long as the category's guide promises, if it does */
};
/* Parts of joint handling 联办 have a clock of their own each. */
struct scene_parts {
    struct spot at;
    struct span limit;  /* SPAN_NONE: as long as the case's own deadline */
    struct span urgent; /* SPAN_NONE: same as limit */
};
struct scene_route {
    struct spot              at;
    struct str               title; /* what it says, for people; absent: the rule itself */
    const struct scene_rule *when;  /* truth; NULL: always (the last one) */
    const struct scene_rule *to;    /* target; never NULL */
};
enum { ALIKE_M = 250, ALIKE_STAFF_M = 1000, ALIKE_M_MAX = 2000 };
struct scene_alike {
    struct spot at;
    int64_t     distance_m; /* 0: not declared */
    int64_t     staff_m;    /* for those who handle what is reported there */
    int64_t     within_ms;
    uint64_t    same; /* bits of fields that must agree; choices: by their family */
};
struct scene_public {
    struct spot at;
    bool        shown;  /* `default`: open to neighbours once reviewed */
    uint64_t    hide;   /* bits of fields; personal ones are always hidden */
    uint64_t    review; /* bits of fields a person looks at first */
};
/* A rate 率 over the answers of a time: good ones among those that count. */
struct scene_rate {
    struct spot              at;
    struct str               name, title;
    const struct scene_rule *of;   /* truth; NULL: every answer */
    const struct scene_rule *good; /* truth; never NULL */
};
/* How the states are told to the public: a kind that tells of any is open to public
 * platforms (engine/open311/).  A state that is in none is OPEN, or CLOSED at an end. */
struct scene_status {
    struct spot        at;
    uint64_t           in; /* bits of states */
    enum public_status status;
};

/* What is put on paper 文书: a file with a check code, made whenever one of those moves is.
 * In its texts {…} is filled in: a field's name, or one of PAPER_BLANKS. */
struct scene_paper {
    struct spot       at;
    struct str        name, title;
    const struct str *on; /* moves */
    size_t            non;
    struct str        issuer;
    const struct str *lines; /* paragraphs */
    size_t            nlines;
    const struct str *signs; /* who signs by hand, absent: nobody */
    size_t            nsigns;
};
enum { PAPER_LINE_MAX = 300 };
#define PAPER_BLANKS                                                                       \
    STR_INIT("办件号"), STR_INIT("反映人"), STR_INIT("经办人"), STR_INIT("日期"),          \
        STR_INIT("说明"), STR_INIT("约定"), STR_INIT("类别"), STR_INIT("辖区"),            \
        STR_INIT("单位"), STR_INIT("时限")

/* A window 窗口 that takes appointments 预约 (engine/appoint/): there is one in every area
 * in which somebody holds its duty.  It is open in its hours while offices are, on days
 * that are worked; one that names days of the week on those of them alone, so not on a
 * Sunday that is worked for a holiday. */
struct scene_window {
    struct spot       at;
    struct str        name, title;
    struct str        duty;  /* of scene->duties: who keeps it */
    const struct str *items; /* values of the category; none: all of them */
    size_t            nitems;
    unsigned          week;  /* bits: 0 Sunday; 0: every day that is worked */
    const struct str *hours; /* "9:00-11:30"; none: while offices are open */
    size_t            nhours;
    int64_t           slot_ms;
    int64_t           people;   /* of one slot */
    int64_t           ahead_ms; /* so far ahead, in whole days */
    int64_t           open;     /* that one person may have before them */
    int64_t change_ms; /* at the latest so long before, one may move or cancel it */
    int64_t missed;    /* so often not come, and it is for staff to book; 0: never */
    int64_t missed_ms; /* within so long */
};
enum {
    WINDOW_AHEAD_DAYS_MAX = 60,
    WINDOW_SLOT_MINUTES_MIN = 10,
    WINDOW_PEOPLE_MAX = 100,
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
    bool                       precedents; /* what was decided before comes before them */
    struct scene_parts         parts;
    struct scene_alike         alike;
    struct scene_public        shown;
    bool                       confidential; /* seen only by who has a hand in it */
    const struct scene_rule   *calls;        /* truth about the asker; NULL: nobody by it */
    unsigned                   channels;     /* bits: by which it comes in; 0: by any */
    const struct scene_rate   *rates;
    size_t                     nrates;
    const struct scene_status *open311;
    size_t                     nopen311; /* 0: not open to public platforms */
    const struct scene_paper  *papers;
    size_t                     npapers;
    const struct scene_window *windows;
    size_t                     nwindows;
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
    struct str        says; /* absent: the kind's title stands there */
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

/* "3 working days", "2 小时"; false when it is no span of time. */
MUST_USE bool scene_span(struct arena *scratch, struct str text, struct span *span);

/* ---- looking things up: NULL when there is none ---- */
const struct case_kind    *scene_kind(const struct scene *scene, struct str name);
const struct scene_duty   *scene_duty(const struct scene *scene, struct str name);
const struct scene_field  *kind_field(const struct case_kind *kind, struct str name);
const struct scene_state  *kind_state(const struct case_kind *kind, struct str name);
const struct scene_move   *kind_move(const struct case_kind *kind, struct str name);
const struct scene_window *kind_window(const struct case_kind *kind, struct str name);

/* What the state is to the public, by the kind's table; and whether that is open. */
enum public_status kind_status(const struct case_kind *kind, size_t state);
bool               status_is_open(enum public_status status);

struct str status_word(enum public_status status);
/* Of one family: the same option, or two of one group. */
bool field_is_akin(const struct scene_field *field, struct str one, struct str other);
/* How near a report of that category must be to be suggested as the same thing. */
int64_t kind_near_m(const struct case_kind *kind, struct str category);
/* What the category's guide promises; SPAN_NONE: nothing. */
struct span kind_promise(const struct case_kind *kind, struct str category);
/* The category's option; NULL: there is none. */
const struct scene_option *kind_option(const struct case_kind *kind, struct str category);
/* Does the window take appointments for that category? */
bool       window_takes(const struct scene_window *window, struct str category);
struct str window_hours(struct arena *arena, const struct scene_window *window);
struct str asks_word(enum asks asks);
bool       move_does(const struct scene_move *move, enum effect_kind effect);
/* Can it be made of many cases at once?  Not when what it asks or does is about one. */
bool move_of_many(const struct scene_move *move);
/* What is said of it, behind who made it: 已受理, 请{对象}来调解 with the target in its
 * place. */
struct str move_says(struct arena *arena, const struct scene_move *move, struct str target);
struct str answers_word(enum platform_answer answer);
struct str channel_word(enum channel channel);
struct str channel_title(enum channel channel); /* 来电 */
/* By its word; false for any other. */
MUST_USE bool channel_of_word(struct str word, enum channel *channel);
bool          kind_takes(const struct case_kind *kind, enum channel channel);
/* Where the move leads from `from`. */
size_t move_leads_to(const struct scene_move *move, size_t from);
/* The choice that lists and routes call the category: the first; NULL: none. */
const struct scene_field *kind_category(const struct case_kind *kind);
const struct scene_field *kind_place(const struct case_kind *kind); /* likewise */
struct str                needs_word(enum needs_bit needs);
struct str                clock_word(enum clock_name clock);
struct str                clock_title(enum clock_name clock);
struct str                effect_word(enum effect_kind effect);

#endif
