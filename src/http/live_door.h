/* What the live stream needs from above it: turning a line of the journal into
 * events, and saying who may know.  Called on the hub's thread, one call at a time. */
#ifndef HTTP_LIVE_DOOR_H
#define HTTP_LIVE_DOOR_H
#include "gate/journal.h"
#include "guard/actor.h"

enum { LIVE_ACCOUNTS_MAX = 8, LIVE_EVENTS_MAX = 64 };

/* Whom an event is for: those who hold `right` over `area`, those named, and everybody who
 * lives there. */
struct live_audience {
    int64_t    county;
    enum right right; /* RIGHT_ANYONE: nobody by area, only those named */
    struct str area;
    bool       residents;
    int64_t    org; /* its people too; 0: none */
    int64_t    accounts[LIVE_ACCOUNTS_MAX];
    size_t     naccounts;
};

struct live_event {
    struct str           type; /* "case", "inbox" */
    struct str           data; /* JSON on one line */
    struct live_audience audience;
};

struct live_door {
    void *context;
    /* Lines of a county after a sequence, oldest first, at most that many (journal_read).
     */
    enum rc (*lines)(void *context, struct op *op, int64_t county, int64_t after_seq,
                     size_t most, struct list *lines);
    /* The events of a line: a list of struct live_event in op's arena, often empty, at
     * most LIVE_EVENTS_MAX. */
    enum rc (*events)(void *context, struct op *op, const struct line *line,
                      struct list *events);
    /* Asked for those that the audience names, and for everybody who holds a duty; for
     * residents, of everybody there is.  Nobody else can hear of it. */
    bool (*may)(void *context, const struct actor *actor,
                const struct live_audience *audience);
};

#endif
