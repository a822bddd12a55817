#include "app/signing.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "gate/heads.h"

/* ---- the file ---- */

static int open_file(struct arena *arena, struct str folder, int64_t now_ms)
{
    struct civil now = clock_civil(now_ms);
    char        *within = str_z(arena, folder);
    char *path = str_z(arena, str_fmt(arena, "%.*s/%04lld-%02d.heads", STR_ARG(folder),
                                      (long long)now.year, now.month));

    if (!within || !path || (mkdir(within, 0750) != 0 && errno != EEXIST))
        return -1;
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
}

/* Where whole lines end: a power cut may have left half of one. */
static off_t end_of_lines(int file)
{
    off_t end = lseek(file, 0, SEEK_END);
    char  last = '\n';

    while (end > 0 && pread(file, &last, 1, end - 1) == 1 && last != '\n')
        end--;
    return end;
}

static bool add_line(int file, struct str line)
{
    off_t end = end_of_lines(file);

    if (end < 0 || ftruncate(file, end) != 0)
        return false;
    if (pwrite(file, line.at, line.len, end) == (ssize_t)line.len && fsync(file) == 0)
        return true;
    (void)!ftruncate(file, end);
    return false;
}

static bool export(struct house *house, struct arena *arena, const struct head *head,
                   struct str line)
{
    struct str folder = house->config->heads;
    int        file = open_file(arena, folder, head->at_ms);
    bool       done = file >= 0 && add_line(file, str_fmt(arena, "%.*s\n", STR_ARG(line)));

    if (!done)
        log_event(LOG_ERROR, "heads.not_exported", LOG_TEXT("folder", folder),
                  LOG_TEXT("says", str_of(strerror(errno))));
    if (file >= 0)
        (void)close(file);
    return done;
}

/* ---- a round ---- */

static enum rc keep(struct house *house, struct db *db, struct arena *arena,
                    struct str line)
{
    struct actor  actor = house_clock_actor();
    struct asking asking = { .arena = arena,
                             .act = acts_find(STR("journal.head-keep")),
                             .actor = &actor };

    asking.rc = gate_read_args(&asking, NULL, 0,
                               str_fmt(arena, "{\"line\":\"%.*s\"}", STR_ARG(line)));
    if (asking.rc == RC_OK)
        gate_ask_wait(house->gate, &asking, db);
    return asking.rc;
}

static enum rc sign_county(struct house *house, struct db *db, struct arena *arena,
                           int64_t county)
{
    struct op    op;
    struct chain end;
    struct head  head;

    op_init(&op, arena, clock_now_ms());
    op.db = db;
    gate_chain_end(house->gate, county, &end);
    enum rc rc = heads_last(&op, county, &head);
    if (rc != RC_OK || head.seq == end.seq || !end.seq)
        return rc;
    if (head.seq > end.seq)
        log_event(LOG_ERROR, "heads.journal_is_shorter_than_signed",
                  LOG_INT("county", county), LOG_INT("signed", head.seq),
                  LOG_INT("lines", end.seq));
    rc = head_sign(arena, &end, op.now_ms, &head);
    if (rc != RC_OK)
        return rc;
    struct str line = head_line(arena, &head);
    return export(house, arena, &head, line) ? keep(house, db, arena, line)
                                             : RC_UNAVAILABLE;
}

void signing_round(struct house *house, struct db *db, struct arena *arena)
{
    int64_t counties[COUNTY_MAX + 1];
    size_t  n = gate_counties(house->gate, counties, COUNT(counties));
    bool    all = true;

    for (size_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(arena);
        enum rc           rc = sign_county(house, db, arena, counties[i]);
        all &= rc == RC_OK;
        if (rc != RC_OK)
            log_event(LOG_WARN, "heads.not_signed", LOG_INT("county", counties[i]),
                      LOG_TEXT("rc", rc_word(rc)));
        arena_back(arena, mark);
    }
    if (all)
        metric_set(METRIC_SIGNED_AT, 0, clock_now_ms() / 1000);
}
