#include "app/settings.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 16 << 10 };

struct settings settings_read(struct arena *arena, const char *path)
{
    FILE  *file = path ? fopen(path, "re") : NULL;
    char  *text = file ? arena_take(arena, FILE_BYTES_MAX) : NULL;
    size_t len = text ? fread(text, 1, FILE_BYTES_MAX, file) : 0;

    if (file)
        (void)fclose(file);
    return (struct settings){ text ? str_slice(text, len) : STR_NONE };
}

static struct str unquoted(struct str value)
{
    bool quoted = value.len > 1 && (value.at[0] == '"' || value.at[0] == '\'') &&
                  value.at[value.len - 1] == value.at[0];

    return quoted ? str_slice(value.at + 1, value.len - 2) : value;
}

/* The last one counts, as for systemd. */
static struct str in_file(struct str text, struct str name)
{
    struct str found = STR_NONE;

    while (text.len) {
        struct str_cut lines = str_cut(text, '\n');
        struct str_cut sides = str_cut(str_trim(lines.head), '=');
        if (sides.ok && str_eq(str_trim(sides.head), name))
            found = unquoted(str_trim(sides.tail));
        text = lines.tail;
    }
    return found;
}

struct str setting(const struct settings *settings, const char *name, struct str otherwise)
{
    const char *value = getenv(name);
    struct str  found = value ? str_of(value) : in_file(settings->text, str_of(name));

    return str_empty(found) ? otherwise : found;
}

static bool blank(char c)
{
    return c == ' ' || c == ',' || c == '\t';
}

size_t settings_words(struct str value, struct str *words, size_t most)
{
    size_t n = 0;

    for (size_t at = 0; at < value.len && n < most;) {
        size_t from = at;
        while (at < value.len && !blank(value.at[at]))
            at++;
        if (at > from)
            words[n++] = str_slice(value.at + from, at - from);
        at++;
    }
    return n;
}
