/* One open stream: what it still has to say, and whose it is.  The inside of the hub
 * (live.h). */
#ifndef HTTP_LIVE_STREAM_H
#define HTTP_LIVE_STREAM_H
#include "base/limits.h"
#include "http/live.h"

/* Text of an event, shared by the streams that have yet to say it. */
struct told {
    size_t refs;
    size_t id_len; /* its "id: …" line, said with a line's last event only */
    size_t len;
    char   text[];
};

struct place {
    struct told *told;
    bool         with_id;
};

struct live_stream {
    struct live_stream    *next;
    struct live           *live;
    struct MHD_Connection *connection;
    int                    fd;
    struct address         subscriber;
    bool                   local;
    int64_t                account;

    /* under the hub's lock */
    struct place places[HTTP_STREAM_EVENTS_MAX]; /* a ring */
    size_t       first, n, said;                 /* said: bytes of the first */
    bool         greeted, beat;
    bool         asleep; /* its connection is suspended */
    bool         ended;  /* says no more */
    bool         gone;   /* the connection has let go of it */
    bool         behind; /* reads the journal from (county, seq) on; the hub changes it */
    int64_t      said_us, ended_us;

    /* the hub's alone */
    struct live_stream       *alike;     /* next in its list by account */
    struct live_stream       *next_duty; /* next of those that hold a duty, or once did */
    bool                      on_duty;
    uint64_t                  asked; /* the last line it was looked at for */
    int64_t                   county, seq;
    int64_t                   checked_us;
    enum http_credential_kind kind;
    struct str                secret, address;
    struct actor             *actor; /* one block of memory */
};

MUST_USE struct live_stream *stream_new(struct live *live, const struct live_guest *guest);
void                         stream_free(struct live_stream *stream);
/* Whose it is now.  False without memory. */
MUST_USE bool stream_belongs(struct live_stream *stream, const struct actor *actor);

/* Under the lock.  A full stream ends. */
void    stream_push(struct live_stream *stream, struct told *told, bool with_id);
ssize_t stream_say(struct live_stream *stream, char *to, size_t room, int64_t now_us);
void    stream_end(struct live_stream *stream);
void    stream_wake(struct live_stream *stream);
/* It has ended, and its reader does not even take what was said. */
bool stream_stuck(const struct live_stream *stream, int64_t now_us);
bool stream_hung_up(const struct live_stream *stream); /* the other side has closed */

MUST_USE struct told *told_new(int64_t county, int64_t seq, struct str type,
                               struct str data);
void                  told_drop(struct told *told); /* under the lock */

#endif
