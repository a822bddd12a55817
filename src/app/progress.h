/* Progress of what takes longer than two seconds: a bar on a terminal, plain lines
 * elsewhere, nothing when it was quick. */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *title;
    size_t      total;
    int64_t     began_us, told_us;
    bool        terminal, told;
};

void progress_begin(struct progress *progress, const char *title, size_t total);
void progress_at(struct progress *progress, size_t done);
void progress_end(struct progress *progress);

#endif
