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
};
struct shown_step {
    int64_t     seq, at;
    struct str  act, move, title, text, who, state;
    struct list photos; /* int64_t */
    bool        late;
};
struct shown_rating {
    int64_t    stars;
    struct str text;
};
struct case_whole {
    struct case_card      card;
    struct list           fields;
    struct shown_reporter reporter;
    struct shown_holder   holder;
    struct list           moves, timeline;
    struct shown_rating   rating;
    struct str            pause_reason;
};
enum { WHOLE_NFIELDS = CARD_NFIELDS + 7 };
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

MUST_USE enum rc case_card(struct op *op, struct a_case *it, struct case_card *card);
MUST_USE enum rc case_whole(struct op *op, struct a_case *it, struct case_whole *whole);
/* The card with its scene looked up: for rows of a list, which share `names`. */
struct holder_names;
MUST_USE enum rc case_card_of_row(struct op *op, const struct case_row *row,
                                  struct holder_names *names, struct case_card *card);

#endif
