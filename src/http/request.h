/* One request, from its first line to the end of its answer; the inside of http/.
 * libmicrohttpd calls request_step() again and again: once with the head, then with
 * each piece of the body, then without one, and after each resume.  `next` is the
 * step that this call without a piece means. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H
#include <microhttpd.h>

#include "guard/sm.h"
#include "http/files.h"
#include "http/links.h"
#include "http/live.h"
#include "http/rate.h"
#include "http/readers.h"
#include "http/route.h"
#include "http/server.h"
#include "http/slow.h"
#include "http/uri.h"

/* What requests are served with; made by server.c, constant while it runs. */
struct serving {
    struct http_door  door;
    struct gate      *gate;
    struct router    *router;
    struct readers   *readers; /* NULL: without a database */
    struct slow      *slow;
    struct links     *links;
    struct rates     *rates; /* NULL: off */
    struct files     *files;
    struct live      *live; /* NULL: none */
    struct networks   proxies, offices;
    struct http_texts origins;
    struct str        spool;
    bool              secure;    /* the browser sees TLS */
    bool              open311;   /* is served */
    bool              demo;      /* anybody may read the description of the interface */
    _Atomic bool      stopping;  /* nothing new is admitted */
    _Atomic bool      closing;   /* and nothing more goes to the gate */
    _Atomic size_t    under_way; /* requests whose answer is not over */
    _Atomic size_t suspended; /* of them with the gate; must be 0 before the daemon stops */
};

/* The headers we know; borrowed from the connection. */
struct heads {
    struct str host, origin, content_type, content_length, transfer, cookie, authorization,
        ours, key, if_none_match, last_event, forwarded, encoding, agent, request;
    size_t n, bytes;
    bool   repeated; /* one of those that may stand once only */
};

struct body {
    char           *at;
    size_t          len, room, most;
    int             fd;   /* of the file being received, -1 */
    struct str      path; /* absent: none */
    struct sm3_run *hash; /* of the file */
    unsigned char   hashed[SM3_BYTES];
};

struct request {
    struct serving        *serving;
    struct MHD_Connection *connection;
    struct link           *link;
    struct open311        *open311; /* NULL: not a request of Open311's (http/open311/) */
    struct parts          *parts;   /* NULL: the body is no form in parts */
    struct arena           arena;
    struct arena           spare; /* to say that the arena is used up */
    struct op              op;    /* for finding out who asks */
    struct str             raw;   /* path and query as sent */
    struct str             id;
    struct str             word;   /* the method as sent */
    enum method            method; /* 0: none of an act's; HEAD is a GET */
    struct heads           heads;
    struct target         *target; /* in the arena, as it is large */
    struct route           route;
    const char            *place;   /* what is asked for, for the metrics */
    struct address         address; /* the client's, behind proxies */
    struct http_credential credential;
    struct actor           actor;
    struct body            body;
    struct asking          asking;
    struct slow_job        slow;
    void (*apart)(struct request *request); /* what it does */
    bool       admitted;                    /* its head was seen */
    bool       told;                        /* its answer is counted in the metrics */
    bool       counted;                     /* in under_way */
    enum rc    refused;
    struct str allow;
    int64_t    retry_s;
    enum MHD_Result (*next)(struct request *request);
};

/* Registered with libmicrohttpd. */
void *request_begin(void *serving, const char *uri, struct MHD_Connection *connection);
enum MHD_Result request_step(void *serving, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version,
                             const char *piece, size_t *len, void **context);
void request_over(void *serving, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode how);

/* Its answer is on the way. */
void request_told(struct request *request, unsigned status);

/* admit.c: everything that is checked before the body is read.  Sets `next`. */
enum rc admit(struct request *request);
/* Who asks, by a key that stands elsewhere than in the head; and how often. */
enum rc admit_key(struct request *request, struct str key);

/* body.c.  RC_TOO_LARGE once it is beyond its limit: the rest is let go by. */
bool    body_expected(const struct request *request);
enum rc body_begin(struct request *request);
enum rc body_take(struct request *request, const char *piece, size_t len);
void    body_end(struct request *request);  /* received */
void    body_drop(struct request *request); /* the request is over: no file stays */
/* Before the first request: those of a server that was killed. */
void body_sweep(struct str spool);

/* serve.c.  From serve_later() on the request is somebody else's: `run` is called on a
 * thread that may wait, or by the caller when it is NULL; and once asking.done() was
 * called, `next` answers.  False when the server is closing. */
MUST_USE bool serve_later(struct request *request,
                          enum MHD_Result (*next)(struct request *request));
void          serve_apart(struct request *request, void (*run)(struct request *request));
void          serve_ask(struct request *request); /* asks r->asking of the gate */
void          serve_refuse(struct request *request, enum rc rc);
/* An asking of the request's, nothing read yet. */
struct asking serve_asking(struct request *request, const struct act *act);

/* serve.c: what `next` can be. */
enum MHD_Result serve_act(struct request *request);
enum MHD_Result serve_options(struct request *request);
enum MHD_Result serve_live(struct request *request);
enum MHD_Result serve_file(struct request *request);
enum MHD_Result serve_health(struct request *request);
enum MHD_Result serve_ready(struct request *request);
enum MHD_Result serve_metrics(struct request *request);

#endif
