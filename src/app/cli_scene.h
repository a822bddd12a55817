/* `linli scene check|show|new|load`: what a community's own engineer works with.
 * argv[0] is the subcommand.  Results go to standard output, mistakes as
 * file:line:column: sentence to standard error; 0 when all is well, 1 when the
 * scene has mistakes, 2 when the command was not understood. */
#ifndef APP_CLI_SCENE_H
#define APP_CLI_SCENE_H
#include "base/problem.h"
#include "base/str.h"

struct scene;

/* Asks an act with a JSON body and shows its answer; gives the exit code. */
typedef int cli_ask(void *context, struct str act, struct str body);

/* A scene from its file or folder; NULL when it has mistakes, which have been printed. */
struct scene *cli_scene_read(struct arena *arena, const char *path);
void          cli_tell(const struct problems *problems); /* file:line:column: sentence */

int cli_scene_check(int argc, char **argv); /* FILE [--was OLD] */
int cli_scene_show(int argc, char **argv);  /* FILE [--lang zh|en] [--json] */
int cli_scene_new(int argc, char **argv);   /* NAME [TITLE] [--in scenes] */
/* FILE [--area 420602]: the area says whose, where the account does not. */
int cli_scene_load(int argc, char **argv, cli_ask *ask, void *context);

#endif
