/* A demonstration server of a story's own: this same program with `serve`, its
 * clock unlocked, on a free port of 127.0.0.1 with a database in a temporary
 * folder, gone when the story is over. */
#ifndef APP_STORY_SERVER_H
#define APP_STORY_SERVER_H
#include "base/str.h"

struct story_server;

/* `database`: where, NULL for a new file in the folder.  NULL when it does not
 * start; the last lines of its log are then on standard error. */
MUST_USE struct story_server *story_server_start(const char *database);
struct str                    story_server_url(const struct story_server *server);
/* `keep`: the folder with database and log stays, and its place is told. */
void story_server_stop(struct story_server **server, bool keep);

#endif
