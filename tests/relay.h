/* A relay between a program under test and PostgreSQL, which breaks connections at
 * the worst moments: for real, on 127.0.0.1. */
#ifndef TESTS_RELAY_H
#define TESTS_RELAY_H
#include <pthread.h>
#include <stdint.h>

#include "base/str.h"

enum relay_mode {
    RELAY,
    SWALLOW_COMMIT, /* the next COMMIT is done, but its answer never comes */
    CUT_AT_COMMIT,  /* the connection ends while the server is doing it */
    DOWN,           /* nobody gets through, and nobody is left */
};

enum { RELAY_PAIRS_MAX = 16 };

struct relay_pair {
    int  client, server;
    bool swallowing;
};

struct relay {
    int                     listener;
    uint16_t                server_port;
    _Atomic enum relay_mode mode;
    _Atomic enum relay_mode then; /* after a COMMIT was swallowed or cut */
    _Atomic size_t    cut_in;    /* the n-th piece that a client says ends its connection */
    _Atomic bool      cut_heard; /* … after the server has heard it */
    _Atomic bool      stopping;
    pthread_t         thread;
    struct relay_pair pairs[RELAY_PAIRS_MAX];
    size_t            n;
    char              where[512]; /* the database, through the relay */
};

void relay_start(struct relay *relay, struct str where);
void relay_stop(struct relay *relay);

#endif
