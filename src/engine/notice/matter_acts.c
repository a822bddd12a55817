/* One list for everybody: notices and one's own matters, newest first; and the share of
 * matters that were done within a day. */
#include "base/clock.h"
#include "base/limits.h"
#include "engine/case/case.h"
#include "engine/notice/matter.h"
#include "engine/notice/notice.h"
#include "engine/notice/notice_view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/org.h"

enum { PAGE = 30, UNREAD_COUNTED_MAX = 100, PARTS_MAX = 200, ORGS_MAX = 100 };

static const int64_t DAY_MS = 24 * 3600 * 1000;

/* -------------------------------------------------------------- the one list */

struct item {
    struct str kind; /* notice, matter */
    int64_t    id, at;
    struct str title, says, state, state_title, from;
    bool       unread, waits_for_you, corrected, withdrawn, reminded;
    int64_t    until, mark;
};
#define I(member, title_) FIELD(struct item, member, .title = STR_INIT(title_))
static const struct field item_fields[] = {
    I(kind, "notice 通知，matter 自己的事"),
    FIELD_ID(struct item, id, OPTIONAL),
    FIELD_TIME(struct item, at, .title = STR_INIT("最近一次有消息")),
    I(title, "标题"),
    I(says, "一句话"),
    I(state, "状态"),
    I(state_title, "状态"),
    I(from, "哪里发的，或哪个场景"),
    I(unread, "还没看"),
    I(waits_for_you, "请您回执"),
    I(corrected, "更正过"),
    I(withdrawn, "已撤回"),
    I(reminded, "提醒过"),
    FIELD_TIME(struct item, until, OPTIONAL),
};

/* What is asked of whoever has a receipt of some version, or none. */
static void read_state(const struct op *op, const struct notice *notice,
                       const struct receipt *receipt, struct item *item)
{
    bool stands = str_eq(notice->state, NOTICE_STANDING) && notice->until_ms > op->now_ms;
    bool current = receipt->version == notice->version;

    item->unread = !current && (stands || (item->withdrawn && receipt->version));
    item->waits_for_you =
        stands && !str_eq(notice->asks, ASKS_NOTHING) && !(current && receipt->done);
}

static struct str notice_says(const struct op *op, const struct notice *notice,
                              const struct item *item)
{
    (void)op;
    if (item->withdrawn)
        return STR("这条通知撤回了");
    if (item->waits_for_you)
        return str_eq(notice->asks, ASKS_ANSWER) ? STR("请您回一句话")
                                                 : STR("请您看后点已阅");
    return notice_state_title(op, notice);
}

static enum rc show_notice(struct op *op, const struct notice_key *key, int64_t who,
                           struct item *item)
{
    struct notice  notice;
    struct receipt receipt = { 0 };

    enum rc rc = notice_select(op, key->notice, &notice);
    if (rc == RC_OK)
        rc = receipt_select(op, who, key->notice, &receipt);
    if (rc != RC_OK)
        return rc;
    *item = (struct item){ .kind = STR("notice"),
                           .id = notice.id,
                           .at = id_ms(key->mark),
                           .title = notice.title,
                           .state = notice.state,
                           .state_title = notice_state_title(op, &notice),
                           .from = area_name(op, notice.area),
                           .withdrawn = str_eq(notice.state, NOTICE_WITHDRAWN),
                           .corrected = notice.corrections > 0,
                           .reminded = notice.reminders > 0,
                           .until = notice.until_ms,
                           .mark = key->mark };
    read_state(op, &notice, &receipt, item);
    item->says = notice_says(op, &notice, item);
    return RC_OK;
}

static enum rc show_matter(struct op *op, const struct matter *matter, struct item *item)
{
    struct a_case it;

    *item = (struct item){ .mark = matter->mark };
    enum rc rc = case_find(op, matter->id, &it);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    *item = (struct item){ .kind = STR("matter"),
                           .id = matter->id,
                           .at = id_ms(matter->mark),
                           .title = it.row.title,
                           .says = it.row.number,
                           .state = it.row.bucket,
                           .state_title = it.kind->states[it.state].title,
                           .from = it.scene->title,
                           .unread = matter->mark > matter->read_mark,
                           .mark = matter->mark };
    return RC_OK;
}

struct news_args {
    int64_t cursor;
};
static const struct field news_args_fields[] = {
    FIELD_ID(struct news_args, cursor, OPTIONAL),
};

/* The next of both, newest first. */
static enum rc merge(struct op *op, struct list notices, struct list matters, int64_t who,
                     struct list *items)
{
    const struct notice_key *key = notices.at, *keys_end = key + notices.n;
    const struct matter     *matter = matters.at, *matters_end = matter + matters.n;
    struct item             *rows = arena_many(op->arena, PAGE + 1, struct item);
    size_t                   n = 0;
    enum rc                  rc = rows ? RC_OK : RC_TOO_LARGE;

    while (rc == RC_OK && n < PAGE && (key < keys_end || matter < matters_end)) {
        bool notice = matter == matters_end || (key < keys_end && key->mark > matter->mark);
        rc = notice ? show_notice(op, key++, who, &rows[n])
                    : show_matter(op, matter++, &rows[n]);
        n++;
    }
    *items = (struct list){ rows, n };
    return rc;
}

/* A matter that has gone (its person was deleted) leaves a hole. */
static size_t close_up(struct item *rows, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (rows[i].id)
            rows[kept++] = rows[i];
    return kept;
}

static enum rc news(struct op *op, const void *in, struct view *view)
{
    int64_t              before = ((const struct news_args *)in)->cursor;
    struct notice_reader reader;
    struct list          notices = { 0 }, matters = { 0 }, items = { 0 };

    enum rc rc = reader_of(op, &reader);
    if (rc == RC_OK)
        rc = keys_merged(op, reader.keys, reader.n, before, PAGE, &notices);
    if (rc == RC_OK)
        rc = matter_select_page(op, op->actor->account, before, PAGE, &matters);
    if (rc == RC_OK)
        rc = merge(op, notices, matters, reader.who, &items);
    if (rc != RC_OK)
        return rc;
    struct item *rows = items.at;
    struct str   next = items.n == PAGE
                            ? str_fmt(op->arena, "%lld", (long long)rows[PAGE - 1].mark)
                            : STR_NONE;
    items.n = close_up(rows, items.n);
    view_page(view, item_fields, COUNT(item_fields), items, sizeof *rows, next);
    return RC_OK;
}

enum rc notice_unread(struct op *op, int64_t *unread)
{
    struct notice_reader reader;
    int64_t              n = 0;

    *unread = 0;
    if (!op->actor->account)
        return RC_OK;
    enum rc rc = reader_of(op, &reader);
    for (size_t i = 0; rc == RC_OK && i < reader.n; i += KEYS_AT_ONCE) {
        size_t some = reader.n - i < KEYS_AT_ONCE ? reader.n - i : KEYS_AT_ONCE;
        rc = keys_count_unread(op, reader.keys + i, some, reader.who, UNREAD_COUNTED_MAX,
                               &n);
        *unread += n;
    }
    if (rc == RC_OK)
        rc = matter_count_unread(op, op->actor->account, UNREAD_COUNTED_MAX, &n);
    *unread += rc == RC_OK ? n : 0;
    return rc;
}

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("事项")),
};

static enum rc read_matter(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return matter_set_read(op, ((const struct id_args *)in)->id, op->actor->account);
}

/* ------------------------------------------------------------------ the share */

struct share_args {
    struct str area;
};
static const struct field share_args_fields[] = {
    FIELD(struct share_args, area, .max = 15, .title = STR_INIT("辖区"),
          .note = STR_INIT("不写是自己的；居民看得到自己住的社区和它的上级")),
};
struct share_row {
    struct str area, name;
    int64_t    org, reported, quick;
    struct str percent;
};
#define R(member, title_) FIELD(struct share_row, member, .title = STR_INIT(title_))
static const struct field share_row_fields[] = {
    R(area, "辖区"),
    R(name, "名称"),
    FIELD_ID(struct share_row, org, OPTIONAL),
    R(reported, "报来的件数"),
    R(quick, "24 小时内办结的件数"),
    R(percent, "24 小时办结率；没有报来的就没有"),
};
struct share {
    struct share_row whole;
    int64_t          from, until;
    struct str       formula;
    struct list      parts, orgs; /* struct share_row */
};
static const struct field share_fields[] = {
    FIELD_STRUCT(struct share, whole, share_row_fields, OPTIONAL),
    FIELD_TIME(struct share, from, OPTIONAL),
    FIELD_TIME(struct share, until, OPTIONAL),
    FIELD(struct share, formula, .title = STR_INIT("怎么算的")),
    FIELD_LIST(struct share, parts, struct share_row, share_row_fields, OPTIONAL),
    FIELD_LIST(struct share, orgs, struct share_row, share_row_fields, OPTIONAL),
};

static struct str percent(struct op *op, const struct matter_count *count)
{
    int64_t tenths =
        count->reported ? (count->quick * 1000 + count->reported / 2) / count->reported : 0;

    return count->reported ? str_fmt(op->arena, "%lld.%lld%%", (long long)tenths / 10,
                                     (long long)tenths % 10)
                           : STR_NONE;
}

static enum rc count_row(struct op *op, const struct share *share, struct str scope,
                         struct share_row *row)
{
    struct matter_count count = { 0 };

    enum rc rc = matter_count_sum(op, scope, share->from, share->until, &count);
    row->reported = count.reported;
    row->quick = count.quick;
    row->percent = percent(op, &count);
    return rc;
}

static enum rc count_area(struct op *op, const struct share *share, struct str area,
                          struct share_row *row)
{
    *row = (struct share_row){ .area = area, .name = area_name(op, area) };
    return count_row(op, share, matter_area_scope(op, area), row);
}

static enum rc count_parts(struct op *op, struct share *share, struct str area)
{
    struct list below;

    enum rc           rc = area_children(op, area, STR(""), PARTS_MAX, &below);
    struct share_row *rows =
        rc == RC_OK ? arena_many(op->arena, below.n + 1, struct share_row) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < below.n && rc == RC_OK; i++)
        rc = count_area(op, share, ((const struct area *)below.at)[i].code, &rows[i]);
    share->parts = (struct list){ rows, below.n };
    return rc;
}

/* Organisations of the area (of a small one those that serve it, from above too) that had
 * anything to do. */
static enum rc count_orgs(struct op *op, struct share *share, struct str area)
{
    struct list found;

    bool              near = area_level(area) >= LEVEL_COMMUNITY;
    enum rc           rc = near ? org_serving(op, area, ORGS_MAX, &found)
                                : org_list(op, area, 0, ORGS_MAX, &found);
    struct share_row *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct share_row) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct org *orgs = found.at;
    size_t            n = 0;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        rows[n] = (struct share_row){ .org = orgs[i].id,
                                      .name = orgs[i].name,
                                      .area = orgs[i].area };
        rc = count_row(op, share, matter_org_scope(op, orgs[i].id), &rows[n]);
        n += rows[n].reported > 0;
    }
    share->orgs = (struct list){ rows, n };
    return rc;
}

static bool lives_in(const struct op *op, struct str area)
{
    return op->actor->home.len && area_within(op->actor->home, area);
}

/* Staff see the areas that they answer for, residents those that they live in. */
static enum rc share_ready(struct op *op, void *in)
{
    struct share_args *args = in;

    for (size_t i = 0; !args->area.at && i < op->actor->nholds; i++)
        if (role_rights(op->actor->holds[i].role) >> RIGHT_CASE_READ & 1)
            args->area = op->actor->holds[i].area;
    if (!args->area.at && op->actor->home.len)
        args->area = area_at_level(op->actor->home, LEVEL_COMMUNITY);
    if (area_level(args->area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_CASE_READ, args->area) && !lives_in(op, args->area))
        return fail(op, RC_DENIED, "area", "您不住在这个辖区，也不管这里的办件。");
    return county_enter(op, args->area);
}

static enum rc share(struct op *op, const void *in, struct view *view)
{
    struct str   area = ((const struct share_args *)in)->area;
    int64_t      today = clock_day_begins(op->now_ms);
    struct share shown = {
        .from = today - (MATTER_DAYS + 1) * DAY_MS,
        .until = today - DAY_MS,
        .formula =
            STR("报来后 24 小时内有了办结答复、之后没有重办的件数 ÷ 报来的件数。统计到前天"
                "为止的 30 天，每一件都已满 24 小时；夜里和节假日也算时间。不予受理、"
                "撤回、合并的和保密的不算在内。"),
    };

    enum rc rc = count_area(op, &shown, area, &shown.whole);
    if (rc == RC_OK && actor_may(op->actor, RIGHT_CASE_READ, area))
        rc = count_parts(op, &shown, area);
    if (rc == RC_OK && actor_may(op->actor, RIGHT_CASE_READ, area))
        rc = count_orgs(op, &shown, area);
    if (rc == RC_OK)
        view_struct(view, share_fields, COUNT(share_fields), &shown);
    return rc;
}

const struct act matter_acts[] = {
    { .name = "news.list",
      .method = GET,
      .path = "/news",
      .title = STR_INIT("百姓通"),
      .note = STR_INIT("发给自己的通知和自己报的事，一张清单，新的在前。"),
      .right = RIGHT_SELF,
      ARGS(struct news_args, news_args_fields),
      ANSWER(struct item, item_fields),
      .many = true,
      .run = news },
    { .name = "matter.read",
      .method = POST,
      .path = "/matters/{id}/receipt",
      .title = STR_INIT("自己的事看过了"),
      .right = RIGHT_SELF,
      .writes = true,
      .quiet = true,
      ARGS(struct id_args, id_fields),
      .run = read_matter },
    { .name = "matter.share",
      .method = GET,
      .path = "/matters/share",
      .title = STR_INIT("24 小时办结率"),
      .right = RIGHT_SELF,
      ARGS(struct share_args, share_args_fields),
      ANSWER(struct share, share_fields),
      .ready = share_ready,
      .run = share },
    { .name = NULL },
};
