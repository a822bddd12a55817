/* A client for tests over real sockets, which may misbehave. */
#ifndef HTTP_HTTP_FIXTURE_H
#define HTTP_HTTP_FIXTURE_H
#include "http/server.h"
#include "test.h"

extern struct http *http; /* the server under test */

/* A database with a gate, for a group of tests (SQLite). */
struct house {
    struct str           where;
    struct db_catalogue *catalogue;
    struct gate         *gate;
};
extern struct house house;
int                 house_open(void **state, const struct act *acts);
int                 house_close(void **state);

int  reach(void);
int  reach_local(const char *path);
void say(int fd, const char *bytes, size_t len);
void say_text(int fd, const char *text);
/* What comes until the other side closes, or for at most that long; in a buffer of the
 * thread's own. */
struct str hear(int fd, long wait_ms);
/* The same, until that part has come. */
struct str hear_part(int fd, struct str part, long wait_ms);
bool       hung_up(int fd, long wait_ms);

struct str talk(const char *bytes, size_t len);
/* One request that asks for the end of the connection, so that the answer is whole. */
struct str ask(const char *method, const char *path, const char *headers, const char *body);
int        status_of(struct str answer);
size_t     times(struct str text, struct str part);

#define CHANGES                      "X-Linli: 1\r\nContent-Type: application/json\r\n"
#define PHOTO                        "X-Linli: 1\r\nContent-Type: image/jpeg\r\n"
#define CHECK_STATUS(answer, status) CHECK_INT(status_of(answer), (status))
#define CHECK_HAS(answer, part)                                                            \
    do {                                                                                   \
        struct str whole_ = (answer);                                                      \
        if (!str_has(whole_, STR(part)))                                                   \
            fail_msg("no \"%s\" in %.*s", (part), STR_ARG(whole_));                        \
    } while (0)

#endif
