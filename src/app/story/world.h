/* What a running story knows: the server it talks to, the people it may speak as,
 * the scene it is about, and the things it has made.  The names in its sentences
 * are looked up here.  Answers of the server are kept as JSON and picked from by
 * path ("holder/title"); what a step asks lives in `scratch` and goes with it. */
#ifndef APP_STORY_WORLD_H
#define APP_STORY_WORLD_H
#include "app/story/http.h"
#include "app/story/parse.h"
#include "base/json.h"

enum { STORY_ITEMS_MAX = 64, STORY_PEOPLE_MAX = 200 };

struct story_person {
    struct str account, name, title, area, client; /* client: resident, grid, desk */
    struct str cookie;                             /* absent: not signed in yet */
    bool       nobody;                             /* somebody who does not sign in */
};

struct story_item { /* a case, a notice, an appointment */
    struct str           label, id;
    enum story_thing     thing;
    struct str           kind; /* cases: as the scene has it, JSON */
    struct story_person *maker;
};

struct story_outcome { /* of one of the acts that were done last */
    struct story_person *who;
    int64_t              status;
    struct str           says;
};

struct story_world {
    struct arena        *arena;   /* as long as the story */
    struct arena         scratch; /* as long as a step */
    struct story_http   *http;
    const struct story  *story;
    struct str           scene, scene_name; /* JSON; snap */
    struct story_person  people[STORY_PEOPLE_MAX];
    size_t               npeople;
    struct story_item    items[STORY_ITEMS_MAX];
    size_t               nitems;
    struct story_item   *at_hand[THINGS]; /* made or acted on last; [0]: of all */
    struct story_outcome done[STORY_TOGETHER_MAX];
    size_t               ndone;
    uint64_t             seed;      /* of photos and keys */
    struct str           want, got; /* of the step that did not come true */
};

/* Reads the people and the scene; false with want and got. */
MUST_USE bool story_world_open(struct story_world *world, struct arena *arena,
                               struct story_http *http, const struct story *story);
void          story_world_close(struct story_world *world);

/* What was expected, then what came; false, so that it can be returned. */
bool story_want(struct story_world *world, const char *format, ...) PRINTF(2, 3);
bool story_got(struct story_world *world, const char *format, ...) PRINTF(2, 3);

/* NULL with want and got when there is no such person, thing or entry. */
struct story_person *story_person(struct story_world *world, struct str name);
struct story_item   *story_item(struct story_world *world, struct str label);
MUST_USE bool story_item_add(struct story_world *world, const struct story_item *item);
/* It is what was acted on last. */
void story_take_up(struct story_world *world, struct story_item *item);
/* What things of that sort are called; where they stand in the interface: /cases */
struct str story_noun(enum story_thing thing);
struct str story_path(enum story_thing thing);
/* Where this one stands, or what belongs to it: /notices/12/spread */
struct str story_item_path(struct story_world *world, const struct story_item *item,
                           const char *of);
/* The member of scene JSON `of` (cases, moves, fields, states) called `name` by title
 * or name; `what` is how people call such a thing. */
struct str story_titled(struct story_world *world, struct str of, const char *list,
                        struct str name, const char *what);

/* Asks as somebody who is signed in first, and again when the clock has ended the
 * session or the server asks for patience. */
struct story_request story_ask(struct story_world *world, struct story_person *who,
                               const char *method, struct str path, struct str body);
struct story_request story_get(struct story_world *world, struct story_person *who,
                               struct str path);
void          story_ask_all(struct story_world *world, struct story_person *const *who,
                            struct story_request *requests, size_t n);
MUST_USE bool story_sign_in(struct story_world *world, struct story_person *who);
bool          story_ok(const struct story_request *request); /* 2xx */
/* `got` is what the server said. */
bool story_answered(struct story_world *world, const struct story_request *request);
MUST_USE bool story_now(struct story_world *world, int64_t *now_ms); /* the server's */
/* "403 这件事不归您管" */
struct str story_says(struct arena *arena, const struct story_request *request);

#endif
