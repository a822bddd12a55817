/* Demonstration servers of a story's own: this same program, its clock unlocked, on
 * a free port of 127.0.0.1.  The demonstration is made once (`init --demo`) in a
 * temporary folder, the ground; each server stands on a copy of it, so that no
 * story sees what another did.  A database that is not a file is not copied: then
 * all stories share one server. */
#ifndef APP_STORY_SERVER_H
#define APP_STORY_SERVER_H
#include "base/str.h"

struct story_ground;
struct story_server;

/* `database`: postgresql://…, empty; NULL: a file.  NULL when it could not be made;
 * what was said is then on standard error. */
MUST_USE struct story_ground *story_ground_make(const char *database);
/* A demonstration that somebody has made before, in its folder; it stays. */
MUST_USE struct story_ground *story_ground_of(const char *folder);
void                          story_ground_remove(struct story_ground **ground);

MUST_USE struct story_server *story_server_start(const struct story_ground *ground);
struct str                    story_server_url(const struct story_server *server);
/* `keep`: the folder with database and log stays, and its place is told. */
void story_server_stop(struct story_server **server, bool keep);

#endif
