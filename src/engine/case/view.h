/* A case as its readers see it: the card of a list and the whole page, for this
 * reader, masked where they may not see more.  Clients draw them without knowing
 * the scene. */
#ifndef ENGINE_CASE_VIEW_H
#define ENGINE_CASE_VIEW_H
#include "engine/case/case.h"

struct card_due {
    int64_t    at;
    struct str which, state; /* far, soon, late, hold, kept, done */
};
struct card_station {
    struct str label, state; /* past, now, next */
    bool       you;
};
struct case_card {
    int64_t    id;
    struct str number, scene, kind, kind_title, title, category, state, state_title, bucket;
    struct str area, area_name, area_path, grid_name, place, channel;
    int64_t    opened;
    struct card_due due;
    struct list     relay; /* struct card_station */
    struct str      promise;
    bool            urgent, yours, supervised;
    int64_t         version;
    struct list     photos; /* int64_t */
};
enum { CARD_NFIELDS = 25 };
extern const struct field card_fields[CARD_NFIELDS];

struct shown_field {
    struct str name, title, type, value, text; /* value: JSON, absent when masked */
};
struct shown_reporter {
    struct str name, phone;
    bool       you;
};
struct shown_holder {
    struct str title, duty;
    int64_t    org, account;
};
struct shown_move {
    struct str  name, title;
    struct list needs;   /* struct str */
    struct list reasons; /* struct str: those a clock may stand for; none: any words */
    bool        primary, danger;
    struct list categories; /* struct str: which it can be made, when it asks for one */
    struct str says; /* 请{对象}来调解: how it is said that it was given to somebody */
};
enum { MOVE_NFIELDS = 8 };
extern const struct field shown_move_fields[MOVE_NFIELDS];
MUST_USE enum rc          case_show_move(struct op *op, const struct a_case *it,
                                         const struct scene_move *move, struct shown_move *shown);
/* A helper's part of it 联办. */
struct shown_part {
    int64_t    part;
    struct str title, task, state, state_title, answer;
    int64_t    asked, due, ended;
    bool       late, yours;
};
/* Who had it, since when, and how it came to them. */
struct shown_tenure {
    struct str title, how, by, why;
    int64_t    at;
};
struct shown_step {
    int64_t     seq, at;
    struct str  act, move, title, text, who, state;
    struct list photos; /* int64_t */
    bool        late;
    struct str  route; /* by which row it went to whom */
    struct str  note;  /* absent for those who do not handle it */
};
struct shown_clock { /* one that was started */
    struct str which, title, state;
    int64_t    at, missed;
};
struct shown_rating {
    int64_t    stars;
    struct str text;
};
/* The same thing, reported again: what follows what. */
struct shown_link {
    int64_t    id; /* 0: the reader may not open it */
    struct str number, how, says, state_title, who;
    int64_t    at, ended;
    bool       first; /* the other one is the first */
};
/* For whom somebody else took it down, and who. */
struct shown_intake {
    struct str name, phone, relation, note, agreed, written, by;
};
/* What is public of it, and what its reporter wants. */
struct shown_public {
    bool private, named, out;
    struct str title, says, answer; /* when it is out */
};
struct case_whole {
    struct case_card      card;
    struct list           fields;
    struct shown_reporter reporter;
    struct shown_holder   holder;
    struct list           moves, timeline;
    struct shown_rating   rating;
    struct str            pause_reason;
    struct list           parts;   /* struct shown_part */
    struct list           holders; /* struct shown_tenure, the first holder first */
    struct list           clocks;  /* struct shown_clock */
    struct list           links;   /* struct shown_link */
    int64_t               me_too;  /* neighbours who met it, too */
    bool                  confidential;
    struct list           minutes; /* struct shown_minutes */
    struct list           papers;  /* struct shown_paper */
    struct str            shut;    /* inside.h: what its reader lacks to see the inside */
    struct shown_intake   intake;
    struct shown_public public;
    bool calls; /* its reader may take out the reporter's number */
};
enum { WHOLE_NFIELDS = CARD_NFIELDS + 19 };
extern const struct field whole_fields[WHOLE_NFIELDS];

/* Before it is sent: whose hands it will pass through, what is promised, or the
 * sentence that says why it is not taken. */
struct case_outlook {
    struct list relay; /* struct card_station */
    struct str  promise, stop;
};
enum { OUTLOOK_NFIELDS = 3 };
extern const struct field outlook_fields[OUTLOOK_NFIELDS];
MUST_USE enum rc          case_outlook(struct op *op, const struct open_args *args,
                                       struct case_outlook *outlook);

enum { CLOCK_NFIELDS = 5 };
extern const struct field clock_fields[CLOCK_NFIELDS];
MUST_USE enum rc          case_show_clocks(struct op *op, const struct a_case *it,
                                           struct list *shown);
/* The newest step on top, and who had it. */
MUST_USE enum rc case_show_timeline(struct op *op, struct a_case *it,
                                    struct case_whole *whole);
enum { SHOWN_INTAKE_NFIELDS = 7 };
extern const struct field shown_intake_fields[SHOWN_INTAKE_NFIELDS];
/* Names and numbers masked but for its reporter; who it is of stands as its reporter. */
MUST_USE enum rc case_show_intake(struct op *op, const struct a_case *it,
                                  struct case_whole *whole);
enum { LINK_NFIELDS = 9 };
extern const struct field link_fields[LINK_NFIELDS];
MUST_USE enum rc          case_show_links(struct op *op, const struct a_case *it,
                                          struct list *shown);
/* Of one that runs: late, soon, far. */
struct str due_state(int64_t due_ms, int64_t now_ms);

MUST_USE enum rc case_card(struct op *op, struct a_case *it, struct case_card *card);
/* Only what was filled in, masked for op's actor: whole's fields, and the reporter's phone.
 */
MUST_USE enum rc case_show_fields(struct op *op, struct a_case *it,
                                  struct case_whole *whole);
MUST_USE enum rc case_whole(struct op *op, struct a_case *it, struct case_whole *whole);
/* The card with its scene looked up: for rows of a list, which share `names`. */
struct holder_names;
MUST_USE enum rc case_card_of_row(struct op *op, const struct case_row *row,
                                  struct holder_names *names, struct case_card *card);

#endif
