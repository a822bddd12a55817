/* A server for tests whose acts say back what they were asked: read, written, slow, with a
 * photo, with a session, broken. */
#ifndef HTTP_HTTP_ECHO_H
#define HTTP_HTTP_ECHO_H
#include <stdatomic.h>

#include "http/http_fixture.h"

extern atomic_int  echo_runs;      /* how often an act ran */
extern atomic_bool echo_released;  /* until then the slow one prepares itself */
extern enum rc     echo_readiness; /* what /readyz says */
extern char        echo_spool[], echo_socket[];

/* Its door, for servers of a test's own. */
enum rc echo_actor(void *context, struct op *op, const struct http_credential *shown,
                   struct actor *actor);
enum rc echo_ready(void *context, struct op *op);

int echo_prepare(void **state);
int echo_clean(void **state);
int echo_without_limits(void **state);
int echo_with_limits(void **state);
int echo_stop(void **state);

#define WITHOUT_LIMITS(test)                                                               \
    cmocka_unit_test_setup_teardown(test, echo_without_limits, echo_stop)
#define WITH_LIMITS(test) cmocka_unit_test_setup_teardown(test, echo_with_limits, echo_stop)

#endif
