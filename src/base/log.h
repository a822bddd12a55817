/* The log: one JSON object a line on standard error, for machines first.  No
 * personal data, no secrets: ids, counts, durations, names of acts.  Control
 * characters are escaped, so one event is one line. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_pair {
    const char *name;
    struct str  text; /* at == NULL: the number instead */
    int64_t     number;
};
#define LOG_TEXT(key, value) ((struct log_pair){ .name = (key), .text = (value) })
#define LOG_INT(key, value)  ((struct log_pair){ .name = (key), .number = (value) })

/* log_event(LOG_INFO, "serve.ready", LOG_INT("port", 8080)); */
#define log_event(level, event, ...)                                                       \
    log_pairs((level), (event), (const struct log_pair[]){ __VA_ARGS__ },                  \
              sizeof((const struct log_pair[]){ __VA_ARGS__ }) / sizeof(struct log_pair))
void log_pairs(enum log_level level, const char *event, const struct log_pair *pairs,
               size_t n);
void log_threshold(enum log_level lowest); /* LOG_INFO at start */

#endif
