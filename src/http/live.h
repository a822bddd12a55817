/* The live stream: what happens, told to whoever may know it, as server-sent events.
 *
 * The hub is a reader of the journal.  The writer's thread only notes that a county
 * has grown (live_landed); the hub's own thread reads the new lines with its own
 * connection, has each turned into events by the door, asks for the streams of those
 * named and of all who hold a duty whether they may know, and wakes those who may.  A
 * stream that resumes (Last-Event-ID) is served the lines behind that from the journal in
 * the same way; one that is more than HTTP_STREAM_RESUME_MAX behind is refused with RC_GONE
 * and its client loads anew.  A line is told at least once: its id stands on the last event
 * that a stream gets of it.
 *
 * Whose a stream is, is asked again every HTTP_STREAM_RECHECK_MS, so that an ended
 * session or a lost duty takes its stream along.  A reader that does not empty its
 * HTTP_STREAM_EVENTS_MAX places is dropped; it resumes.
 *
 * Threads: live_join, live_read and live_end run on libmicrohttpd's.  One lock guards
 * what a stream has to say; whose it is and its memory are the hub's alone. */
#ifndef HTTP_LIVE_H
#define HTTP_LIVE_H
#include <microhttpd.h>

#include "http/address.h"
#include "http/readers.h"
#include "http/server.h"

struct live;
struct live_stream;

struct live_options {
    struct http_door door;
    struct live_door live;
    struct readers  *readers; /* NULL: without a database */
    bool             unlimited;
};

/* What a new stream is made of; copied. */
struct live_guest {
    struct MHD_Connection *connection;
    int                    fd;
    struct address         address;
    bool                   local; /* not counted by address */
    struct http_credential credential;
    const struct actor    *actor;
    bool                   resumes;
    int64_t                county, seq; /* the last event it has seen */
};

MUST_USE struct live *live_open(const struct live_options *options);
/* Every stream ends, none is taken any more; their connections must be let run on. */
void live_finish(struct live *live);
void live_close(struct live **live); /* the daemons have stopped */

/* A county's journal has grown to that line.  No waiting. */
void live_landed(struct live *live, int64_t county, int64_t seq);

/* Can everything after that line still be told? RC_GONE. */
MUST_USE enum rc live_reaches(struct live *live, struct op *op, int64_t county,
                              int64_t seq);
/* RC_TOO_MANY: per account or address; RC_UNAVAILABLE: finishing.  The stream is given
 * back by live_end(). */
MUST_USE enum rc live_join(struct live *live, const struct live_guest *guest,
                           struct live_stream **stream);
/* Of the answer: its content reader and its end. */
ssize_t live_read(void *stream, uint64_t position, char *to, size_t room);
void    live_end(void *stream);
size_t  live_count(struct live *live);

#endif
