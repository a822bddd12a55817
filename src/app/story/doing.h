/* The inside of act.c: one act on its way to the server.  value.c writes what was filled in
 * as its field takes it, target.c whom it is given to; body.c is all that is sent of a
 * case, deed.c of a notice or an appointment. */
#ifndef APP_STORY_DOING_H
#define APP_STORY_DOING_H
#include "app/story/world.h"

struct doing {
    struct story_world     *world;
    const struct story_act *act;
    struct story_person    *who;
    enum story_thing        thing; /* that is made, or something is done to */
    struct story_item      *about; /* what it is done to */
    struct str              kind;  /* cases: the scene's kind, JSON */
    struct str              move;  /* cases: the scene's move, JSON */
    const struct deed      *deed;  /* notices, appointments: what is done */
    struct json_out         out;
};

/* False with want and got: the story cannot even ask. */
MUST_USE bool doing_put_value(struct doing *doing, struct str type, struct str value);
MUST_USE bool doing_put_target(struct doing *doing);
MUST_USE bool doing_put_report(struct doing *doing);
MUST_USE bool doing_put_move(struct doing *doing);
MUST_USE bool doing_find_deed(struct doing *doing);
MUST_USE bool doing_put_deed(struct doing *doing);
MUST_USE bool doing_put_made(struct doing *doing);
/* Where that is asked for: /notices/12/receipt */
struct str doing_deed_path(struct doing *doing);
/* What things are made with, or what is done to them, as the table of needs has it. */
MUST_USE bool doing_put_needs(struct doing *doing);
bool doing_gives(const struct doing *doing, const char *member); /* that one of them */
/* That member of the thing, as this person sees it: the version that they act on. */
MUST_USE bool doing_put_version(struct doing *doing, const char *member);
/* The code of an area, by its name or as it stands. */
MUST_USE bool doing_area(struct doing *doing, struct str name, struct str *code);

/* What stands between two of those marks. */
struct piece {
    struct str text, rest;
};
MUST_USE bool piece_next(struct piece *piece, struct str mark);

#endif
