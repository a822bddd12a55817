#include "app/keep/deletions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "db/db.h"

enum { NOTED_AT_ONCE = 10000, DELETIONS_BYTES_MAX = 64 << 20, LINE_BYTES_MIN = 6 };
#define AGAIN_MS                                                                           \
    (INT64_C(24) * 3600 * 1000) /* two servers' clocks are not that far apart */

static atomic_bool landed = true; /* what an earlier process did not come to */

static const struct field deletion_fields[] = {
    FIELD(struct deletion, county, REQUIRED),
    FIELD(struct deletion, person, REQUIRED),
    FIELD(struct deletion, at_ms, REQUIRED),
};
static const struct stmt since = {
    .name = "deletions_since",
    .sql = "SELECT :names FROM person_deletions WHERE at_ms > $1"
           " ORDER BY at_ms, county, person LIMIT $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(deletion_fields),
};
const struct stmts deletion_stmts = {
    .all = (const struct stmt *const[]){ &since, NULL },
};

void deletions_landed(const struct line *line)
{
    if (str_starts(line->act, STR("person.")) || str_starts(line->act, STR("request.")))
        landed = true;
}

bool deletions_waiting(void)
{
    return landed;
}

struct str deletions_path(struct arena *arena, struct str home)
{
    return str_fmt(arena, "%.*s/deletions", STR_ARG(home));
}

/* ---- reading ---- */

static bool read_whole(int file, struct arena *arena, struct str *text)
{
    struct stat stat;

    if (fstat(file, &stat) != 0 || stat.st_size > DELETIONS_BYTES_MAX)
        return false;
    size_t len = (size_t)stat.st_size;
    char  *at = arena_take(arena, len + 1);
    *text = str_slice(at, len);
    return at && pread(file, at, len, 0) == (ssize_t)len;
}

static bool read_line(struct str line, struct deletion *deletion)
{
    struct str_cut county = str_cut(line, ' '), person = str_cut(county.tail, ' ');

    return str_int64(county.head, &deletion->county) &&
           str_int64(person.head, &deletion->person) &&
           str_int64(person.tail, &deletion->at_ms) && deletion->county >= 0 &&
           deletion->county <= COUNTY_MAX && deletion->person > 0;
}

/* A last line without its end was cut off by a crash, and is written again. */
static bool read_lines(struct arena *arena, struct str text, struct list *deletions)
{
    struct deletion *all =
        arena_many(arena, text.len / LINE_BYTES_MIN + 1, struct deletion);
    size_t n = 0;

    for (struct str_cut line = str_cut(text, '\n'); all && line.ok;
         line = str_cut(line.tail, '\n'))
        if (line.head.len && !read_line(line.head, &all[n++]))
            return false;
    *deletions = (struct list){ all, n };
    return all;
}

enum rc deletions_read(struct problems *problems, struct arena *arena, struct str path,
                       struct list *deletions)
{
    struct str text = STR("");
    char      *z = str_z(arena, path);
    int        file = z ? open(z, O_RDONLY | O_CLOEXEC) : -1;

    *deletions = (struct list){ 0 };
    if (file < 0 && errno == ENOENT)
        return RC_OK;
    bool good =
        file >= 0 && read_whole(file, arena, &text) && read_lines(arena, text, deletions);
    if (file >= 0)
        close(file);
    if (good)
        return RC_OK;
    problem_add(problems, path, "注销名单读不懂：每行应当是三个数字。");
    return RC_REFUSED;
}

/* ---- noting ---- */

static bool has(const struct list *noted, const struct deletion *one)
{
    const struct deletion *all = noted->at;

    for (size_t i = noted->n; i > 0; i--)
        if (all[i - 1].county == one->county && all[i - 1].person == one->person)
            return true;
    return false;
}

/* On the disk, or as if nothing had been written. */
static bool append(int file, struct arena *arena, const struct deletion *one)
{
    off_t      end = lseek(file, 0, SEEK_END);
    struct str line = str_fmt(arena, "%lld %lld %lld\n", (long long)one->county,
                              (long long)one->person, (long long)one->at_ms);

    if (line.at && write(file, line.at, line.len) == (ssize_t)line.len)
        return true;
    if (end >= 0 && ftruncate(file, end) != 0)
        return false; /* the next reader takes it for a line that was cut off */
    return false;
}

static bool ends_line(int file)
{
    char  last = '\n';
    off_t end = lseek(file, 0, SEEK_END);

    return end <= 0 || (pread(file, &last, 1, end - 1) == 1 && last == '\n');
}

static enum rc note_into(struct op *op, int file, struct str path)
{
    struct list     noted, rows = { 0 };
    struct problems ignored;

    problems_init(&ignored, op->arena);
    enum rc rc = deletions_read(&ignored, op->arena, path, &noted);
    if (rc != RC_OK)
        return rc;
    const struct deletion *all = noted.at;
    int64_t                from_ms = noted.n ? all[noted.n - 1].at_ms - AGAIN_MS : 0;
    rc =
        db_all(op->db, op->arena, &since, DB_VALUES(DB_INT(from_ms), DB_INT(NOTED_AT_ONCE)),
               sizeof(struct deletion), NOTED_AT_ONCE, &rows);
    const struct deletion *one = rows.at;
    if (rc == RC_OK && !ends_line(file) && write(file, "\n", 1) != 1)
        rc = RC_UNAVAILABLE;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        if (!has(&noted, &one[i]) && !append(file, op->arena, &one[i]))
            rc = RC_UNAVAILABLE;
    landed = landed || rows.n == NOTED_AT_ONCE; /* there are more */
    return rc == RC_OK && fsync(file) != 0 ? RC_UNAVAILABLE : rc;
}

enum rc deletions_note(struct op *op, struct str home)
{
    struct str path = deletions_path(op->arena, home);
    char      *z = str_z(op->arena, path);
    int file = z ? open(z, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    bool had = atomic_exchange(&landed, false);

    enum rc rc =
        file >= 0 && flock(file, LOCK_EX) == 0 ? note_into(op, file, path) : RC_UNAVAILABLE;
    if (file >= 0)
        close(file);
    if (rc == RC_OK)
        return rc;
    landed = had || landed;
    log_event(LOG_ERROR, "deletions.not_noted", LOG_TEXT("rc", rc_word(rc)),
              LOG_TEXT("why", str_of(strerror(errno))));
    return rc;
}
