#include "app/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { QUIET_US = 2000000, BAR_EVERY_US = 100000, LINE_EVERY_US = 2000000, BAR_CHARS = 30 };

void progress_begin(struct progress *progress, const char *title, size_t total)
{
    *progress = (struct progress){ .title = title,
                                   .total = total ? total : 1,
                                   .began_us = clock_mono_us(),
                                   .terminal = isatty(STDERR_FILENO) == 1 };
}

static void tell(const struct progress *p, size_t done, int64_t now_us)
{
    int     percent = (int)(done * 100 / p->total), filled = percent * BAR_CHARS / 100;
    int64_t spent = now_us - p->began_us;
    int64_t left_s =
        done ? spent * (int64_t)(p->total - done) / (int64_t)done / 1000000 : 0;
    char bar[BAR_CHARS + 1];

    for (int i = 0; i < BAR_CHARS; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_CHARS] = 0;
    if (p->terminal)
        fprintf(stderr, "\r%s [%s] %3d %%  %lld s ", p->title, bar, percent,
                (long long)left_s);
    else
        fprintf(stderr, "%s %zu/%zu\n", p->title, done, p->total);
}

void progress_at(struct progress *p, size_t done)
{
    int64_t now_us = clock_mono_us();
    int64_t every = p->terminal ? BAR_EVERY_US : LINE_EVERY_US;

    if (now_us - p->began_us < QUIET_US || now_us - p->told_us < every)
        return;
    p->told_us = now_us;
    p->told = true;
    tell(p, done, now_us);
}

void progress_end(struct progress *p)
{
    if (!p->told)
        return;
    tell(p, p->total, clock_mono_us());
    if (p->terminal)
        fputc('\n', stderr);
}
