#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { LOG_LINE_BYTES = 64 << 10, LOG_TEXT_BYTES = 1 << 10 };

static _Atomic enum log_level threshold = LOG_INFO;

void log_threshold(enum log_level lowest)
{
    threshold = lowest;
}

/* What a library says may be of any length; a cut text is better than no line. */
static struct str short_text(struct str text)
{
    size_t n = text.len < LOG_TEXT_BYTES ? text.len : LOG_TEXT_BYTES;

    while (n < text.len && n > 0 && ((unsigned char)text.at[n] & 0xc0) == 0x80)
        n--;
    return str_slice(text.at, n);
}

void log_pairs(enum log_level level, const char *event, const struct log_pair *pairs,
               size_t n)
{
    static const char *const words[] = { "debug", "info", "warn", "error" };
    struct arena             arena;
    struct json_out          out;

    if (level < threshold)
        return;
    arena_init(&arena, LOG_LINE_BYTES);
    json_out_init(&out, &arena);
    json_open(&out, '{');
    json_key(&out, STR("at"));
    json_text(&out, clock_iso(&arena, clock_now_ms()));
    json_key(&out, STR("level"));
    json_text(&out, str_of(words[level]));
    json_key(&out, STR("event"));
    json_text(&out, str_of(event));
    for (size_t i = 0; i < n; i++) {
        json_key(&out, str_of(pairs[i].name));
        if (pairs[i].text.at)
            json_text(&out, short_text(pairs[i].text));
        else
            json_int(&out, pairs[i].number);
    }
    json_close(&out, '}');
    struct str line = str_fmt(&arena, "%.*s\n", STR_ARG(json_done(&out)));
    if (line.len) {
        ssize_t wrote = write(STDERR_FILENO, line.at, line.len);
        (void)wrote; /* nowhere left to complain */
    }
    arena_free(&arena);
}
