/* The commands of `linli`, one function each: (config, argc, argv) with argv[0] the
 * command's own word; the exit code: 0 done, 1 it failed or was refused, 2 it was
 * not understood. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H
#include "app/config.h"

typedef int command_run(struct config *config, int argc, char **argv);

command_run command_init, command_serve, command_migrate, command_area, command_scene,
    command_act, command_story, command_journal, command_metrics, command_doctor;
command_run command_calendar, command_due, command_search;
command_run command_backup, command_restore, command_move, command_keys;

/* "account make name=周岚 …": any act as noun and verb; -1 when there is none. */
int command_noun(struct config *config, int argc, char **argv);

/* `keys rotate|rewrap|list`; -1 when it is another word. */
command_run command_rotate;

/* The public keys of the journal's heads, for whoever is to check on us. */
int journal_print_keys(const struct config *config);

/* Value of `--name VALUE`, absent when it is not there; `--name` alone by has(). */
struct str option(int argc, char **argv, const char *name);
bool       option_has(int argc, char **argv, const char *name);

#endif
