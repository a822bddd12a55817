/* Where a setting is looked for: in the environment, else in the installed program's
 * file, so that `linli` on the command line and the service mean the same
 * installation.  The file is systemd's EnvironmentFile: NAME=VALUE, # comments. */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H
#include "base/arena.h"
#include "base/str.h"

#define SETTINGS_FILE "/etc/linli/linli.conf"

struct settings {
    struct str text; /* of the file; absent: none */
};

/* `path` may be NULL. */
struct settings settings_read(struct arena *arena, const char *path);
struct str setting(const struct settings *settings, const char *name, struct str otherwise);
/* Separated by blanks or commas; how many, at most `most`. */
size_t settings_words(struct str value, struct str *words, size_t most);

#endif
