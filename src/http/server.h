/* linli over HTTP: libmicrohttpd with epoll and a pool of threads in front of the
 * gate.  A request's life: its head is checked (limits, framing, host, path, who asks,
 * how often), its body is received within its limit, its act is asked of the gate; a
 * reading act is answered at once on the same thread, a writing act suspends the
 * connection until its commit.  Everything a request needs comes from its arena and
 * goes with it.  Every answer, also a refusal and a file, carries the security
 * headers; every refusal is a problem (RFC 9457) with a Chinese sentence.
 *
 * What libmicrohttpd refuses itself before we see a request (no HTTP at all, a head
 * beyond its 48 KiB) is answered by its own fixed words.
 *
 *     GET /api/v1/…       acts, live, openapi.json        GET /api/    its page
 *     GET /healthz        the process lives               GET /readyz  it can work
 *     GET /metrics        for whoever may see them
 *     /open311/v2/…       for public platforms, where a county is open (http/open311/)
 *     GET /…              the web client
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H
#include "gate/gate.h"
#include "http/live_door.h"

struct http;

/* What a request shows to say who asks. */
enum http_credential_kind {
    HTTP_NO_CREDENTIAL,
    HTTP_SESSION,
    HTTP_BEARER,
    HTTP_SIGNED, /* by the platform above, method, target and body's digest (engine/upper/) */
    HTTP_LOCAL
};

struct http_credential {
    enum http_credential_kind kind;
    struct str                secret;  /* cookie's token, bearer key, signed header */
    struct str                method, target; /* HTTP_SIGNED: as they came */
    struct str                address; /* the client's, absent on the Unix socket */
    bool recheck; /* of an open stream: no sign that somebody is there */
};

/* What HTTP needs from above it.  Called on many threads at once. */
struct http_door {
    void *context;
    /* Who asks?  `actor` is nobody at first; what it points to comes from op's arena.
     * RC_UNAUTHENTICATED: the secret is not valid (any more). */
    enum rc (*actor)(void *context, struct op *op, const struct http_credential *credential,
                     struct actor *actor);
    /* Can work be taken: the database answers, the lease is held? */
    enum rc (*ready)(void *context, struct op *op);
    /* Sets the metrics that are known above HTTP; may be NULL.  op->db is NULL when the
     * database is away. */
    void (*measure)(void *context, struct op *op);
};

enum http_transport {
    HTTP_PLAIN,        /* listens on a loopback address only */
    HTTP_TLS,          /* here, by certificate and key */
    HTTP_BEHIND_PROXY, /* a proxy in front ends TLS; `proxies` says which */
};

struct http_texts {
    const struct str *at;
    size_t            n;
};

struct http_options {
    struct str          listen; /* "127.0.0.1:8080", "[::1]:0"; port 0 picks a free one */
    struct str          socket; /* path of the command line's Unix socket; may be absent */
    enum http_transport transport;
    struct str          tls_cert, tls_key; /* PEM, for HTTP_TLS */
    struct http_texts   origins; /* "https://linli.example.cn": pages that may change
                                    something, and the hosts we answer to.  A loopback
                                    listener adds its own. */
    struct http_texts proxies;   /* networks whose X-Forwarded-For is believed */
    struct http_texts offices;   /* networks of whole offices: HTTP_NAT_FACTOR limits */
    struct str        where;     /* database, for reading; absent: acts get none */
    const struct db_catalogue *catalogue;
    struct gate               *gate;
    struct http_door           door;
    struct live_door           live;      /* without `lines` there is no live stream */
    struct str                 web;       /* folder of the web client; may be absent */
    struct str                 spool;     /* folder for files being received */
    struct str                 version;   /* of linli, for the API description */
    bool                       open311;   /* /open311/v2/… is served */
    size_t                     threads;   /* 0: 8 */
    bool                       demo;      /* a demonstration database: loopback only */
    bool                       unlimited; /* no rates, no connections per address: only on a
                                             server whose clock is unlocked (tests, benchmarks) */
};

/* RC_REFUSED, with the reason in the log, when the options are not safe. */
MUST_USE enum rc http_start(const struct http_options *options, struct http **http);
uint16_t         http_port(const struct http *http);
/* For gate_options.landed: the live stream hears of it.  Until http_close(). */
void http_landed(struct http *http, const struct line *line);
/* Takes nothing new, finishes what was accepted, ends streams.  The gate must still
 * be open. */
void http_stop(struct http *http);
/* Once the gate is closed, so that http_landed() is not called any more. */
void http_close(struct http **http);

#endif
