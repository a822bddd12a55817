#include "engine/notice/matter.h"

#include "base/clock.h"
#include "engine/case/case.h"
#include "engine/notice/notice.h"
#include "gate/journal.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

struct str matter_area_scope(struct op *op, struct str area)
{
    return str_fmt(op->arena, "a:%.*s", STR_ARG(area));
}

struct str matter_org_scope(struct op *op, int64_t org)
{
    return str_fmt(op->arena, "o:%lld", (long long)org);
}

/* ----------------------------------------------------------------- counting */

/* Its area at each level from the county down, and who answers for it. */
static void scopes_of(struct op *op, const struct matter *matter,
                      struct str scopes[MATTER_SCOPES])
{
    size_t n = 0;

    for (int level = area_level(matter->area); level >= LEVEL_COUNTY; level--)
        scopes[n++] = matter_area_scope(op, area_at_level(matter->area, level));
    if (matter->org)
        scopes[n++] = matter_org_scope(op, matter->org);
    while (n < MATTER_SCOPES)
        scopes[n++] = STR("");
}

static enum rc count_it(struct op *op, const struct matter *matter, int64_t by)
{
    struct str scopes[MATTER_SCOPES];

    if (!matter->area.len)
        return RC_OK;
    scopes_of(op, matter, scopes);
    return matter_count_day(op, scopes, matter->day_ms,
                            (struct matter_count){ by, matter->quick ? by : 0 });
}

static bool counts_alike(const struct matter *a, const struct matter *b)
{
    return str_eq(a->area, b->area) && a->org == b->org && a->quick == b->quick;
}

static enum rc recount(struct op *op, const struct matter *was, const struct matter *now)
{
    if (counts_alike(was, now))
        return RC_OK;
    enum rc rc = count_it(op, was, -1);
    return rc == RC_OK ? count_it(op, now, 1) : rc;
}

/* ---------------------------------------------------------------- following */

static int64_t org_of_account(struct op *op, int64_t account)
{
    struct actor actor;

    if (account_actor(op, account, &actor) != RC_OK)
        return 0;
    for (size_t i = 0; i < actor.nholds; i++)
        if (actor.holds[i].org)
            return actor.holds[i].org;
    return 0;
}

static bool is_counted(const struct a_case *it)
{
    return !it->kind->confidential && (!it->row.closed_ms || it->row.answered_ms);
}

static bool is_quick(const struct case_row *row)
{
    bool done = str_eq(row->bucket, STR("answered")) || str_eq(row->bucket, STR("ended"));

    return done && row->answered_ms && row->answered_ms - row->opened_ms <= MATTER_QUICK_MS;
}

static bool tells_reporter(const struct case_line *said, int64_t reporter)
{
    const struct telling *rows = said->tell.at;

    for (size_t i = 0; i < said->tell.n; i++)
        if (rows[i].account == reporter)
            return true;
    return false;
}

/* News is what somebody else did and the reporter is told of. */
static void note_news(struct op *op, const struct line *line, const struct case_line *said,
                      const struct matter *was, struct matter *now)
{
    bool own = line->actor == now->reporter;

    if (!was->mark || own || tells_reporter(said, now->reporter))
        now->mark = op_new_id(op);
    if (!was->mark || own)
        now->read_mark = now->mark;
}

static enum rc keep_matter(struct op *op, const struct line *line,
                           const struct case_line *said, const struct a_case *it)
{
    struct matter was = { .area = STR("") };

    enum rc rc = matter_select(op, it->row.id, &was);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    struct matter now = was;
    now.county = it->row.county;
    now.id = it->row.id;
    now.reporter = it->row.reporter;
    now.day_ms = clock_day_begins(it->row.opened_ms);
    now.area = is_counted(it) ? it->row.area : STR("");
    now.org = said->holder_org       ? said->holder_org
              : said->holder_account ? org_of_account(op, said->holder_account)
                                     : 0;
    now.quick = is_quick(&it->row);
    note_news(op, line, said, &was, &now);
    rc = recount(op, &was, &now);
    return rc == RC_OK ? matter_put(op, &now) : rc;
}

static enum rc follow(struct op *op, const struct line *line)
{
    struct case_line said;
    struct a_case    it;

    enum rc rc = case_line_read(op, line, &said);
    if (rc == RC_OK)
        rc = case_load(op, line->subject, &it);
    if (rc == RC_OK)
        rc = keep_matter(op, line, &said, &it);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

const struct follower notice_follower = { .name = "notice", .line = follow };
