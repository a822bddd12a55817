#include "engine/case/me_too.h"

#include "base/clock.h"
#include "engine/case/links_store.h"
#include "guard/actor.h"
#include "registry/area.h"

enum { LIST_MAX = 100, FORGET_AT_ONCE = 200 };

const struct field me_too_fields[ME_TOO_NFIELDS] = {
    FIELD_ID(struct me_too_shown, id, OPTIONAL),
    FIELD(struct me_too_shown, category, OPTIONAL),
    FIELD(struct me_too_shown, state_title, OPTIONAL),
    FIELD(struct me_too_shown, place, OPTIONAL),
    FIELD(struct me_too_shown, me_too, OPTIONAL),
    FIELD_TIME(struct me_too_shown, when, OPTIONAL),
    FIELD(struct me_too_shown, you, OPTIONAL),
};

/* No finer than the community: where exactly is somebody's own. */
static struct me_too_shown show(struct op *op, const struct a_case *it, bool you)
{
    struct str community = it->row.community.len ? it->row.community : it->row.street;

    return (struct me_too_shown){
        .id = it->row.id,
        .category = it->row.category.len ? it->row.category : it->kind->title,
        .state_title = it->kind->states[it->state].title,
        .place = area_name(op, community),
        .me_too = it->row.me_too,
        .when = it->row.opened_ms,
        .you = you,
    };
}

static enum rc find(struct op *op, int64_t id, struct a_case *it)
{
    enum rc rc = case_load(op, id, it);

    return rc == RC_OK && !case_is_public(it) ? RC_NOT_FOUND : rc;
}

static enum rc check_day(struct op *op)
{
    int64_t n;

    enum rc rc = follower_count_since(op, op->actor->account, clock_day_begins(op->now_ms),
                                      ME_TOO_PER_DAY_MAX, &n);
    if (rc != RC_OK || n < ME_TOO_PER_DAY_MAX)
        return rc;
    return fail(op, RC_TOO_MANY, NULL, "您今天已经说了 %d 次“我也遇到了”，明天再说吧。",
                ME_TOO_PER_DAY_MAX);
}

static enum rc check(struct op *op, const struct a_case *it)
{
    if (!op->actor->account)
        return fail(op, RC_DENIED, NULL, "这是居民自己说的，请用您的账号登录。");
    if (it->row.reporter == op->actor->account)
        return fail(op, RC_REFUSED, NULL, "这件事就是您报的，办得怎么样会告诉您。");
    if (str_eq(it->row.bucket, STR("ended")))
        return fail(op, RC_REFUSED, NULL, "这件事已经结束了。又遇到了，请再报一次。");
    if (it->row.me_too >= ME_TOO_PER_CASE_MAX)
        return fail(op, RC_REFUSED, NULL, "已经有 %d 位邻居说遇到了，社区都知道了。",
                    ME_TOO_PER_CASE_MAX);
    return check_day(op);
}

static enum rc add(struct op *op, int64_t id, int64_t account, bool reported)
{
    struct follower_row row = { id_county(id), id, account, op->now_ms, reported };

    enum rc rc = follower_insert(op, &row);
    return rc == RC_OK ? case_count_me_too(op, id, 1) : rc;
}

enum rc me_too_say(struct op *op, int64_t id, struct me_too_shown *shown)
{
    struct follower_row row;
    struct a_case       it;

    enum rc rc = find(op, id, &it);
    if (rc != RC_OK)
        return rc;
    rc = follower_select(op, id, op->actor->account, &row);
    if (rc == RC_NOT_FOUND) {
        rc = check(op, &it);
        if (rc == RC_OK)
            rc = add(op, id, op->actor->account, false);
        it.row.me_too++;
    }
    *shown = show(op, &it, true);
    return rc;
}

enum rc me_too_take(struct op *op, int64_t id, int64_t account)
{
    bool was;

    enum rc rc = follower_delete(op, id, account, &was);
    return rc == RC_OK && was ? case_count_me_too(op, id, -1) : rc;
}

/* Also of what is public no longer: whoever followed it may leave. */
enum rc me_too_end(struct op *op, int64_t id, struct me_too_shown *shown)
{
    struct follower_row row;
    struct a_case       it;

    enum rc rc = case_load(op, id, &it);
    if (rc != RC_OK)
        return rc;
    rc = follower_select(op, id, op->actor->account, &row);
    if (rc == RC_OK) {
        rc = me_too_take(op, id, op->actor->account);
        it.row.me_too--;
    } else if (rc == RC_NOT_FOUND && case_is_public(&it)) {
        rc = RC_OK; /* undone before */
    }
    *shown = show(op, &it, false);
    return rc;
}

enum rc me_too_list(struct op *op, struct list *shown)
{
    struct list rows = { 0 };

    *shown = (struct list){ arena_many(op->arena, LIST_MAX, struct me_too_shown), 0 };
    enum rc rc =
        shown->at ? followed_by(op, op->actor->account, LIST_MAX, &rows) : RC_TOO_LARGE;
    const struct follower_row *row = rows.at;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        struct a_case it;
        rc = case_load(op, row[i].case_id, &it);
        if (rc == RC_OK && case_is_public(&it))
            ((struct me_too_shown *)shown->at)[shown->n++] = show(op, &it, true);
    }
    return rc;
}

/* Who said so before has reported it, too. */
enum rc me_too_add(struct op *op, int64_t id, int64_t account)
{
    struct follower_row row;

    if (!account)
        return RC_OK;
    enum rc rc = follower_select(op, id, account, &row);
    return rc == RC_NOT_FOUND ? add(op, id, account, true) : rc;
}

/* ---------------------------------------------------------------- telling */

/* What people wrote to one another is theirs: what was done, and how it stands. */
static struct str public_words(const struct turn *turn)
{
    const struct a_case *it = turn->it;
    struct arena        *arena = turn->op->arena;
    struct str           done = STR("");

    if (turn->move && !(turn->move->needs & NEEDS_TARGET))
        done =
            str_fmt(arena, "%.*s%.*s，", STR_ARG(news_who(turn)),
                    STR_ARG(turn->move->told.len ? turn->move->told : turn->move->title));
    return str_fmt(arena, "您也遇到的“%.*s”：%.*s现在是“%.*s”。",
                   STR_ARG(it->row.category.len ? it->row.category : it->kind->title),
                   STR_ARG(done), STR_ARG(it->kind->states[it->state].title));
}

static bool is_told(const struct turn *turn, int64_t account)
{
    for (size_t i = 0; i < turn->ntell; i++)
        if (turn->tell[i].account == account)
            return true;
    return account == turn->op->actor->account;
}

/* Whose report was merged into it hears what its reporter hears. */
static struct str whole_words(const struct turn *turn, struct str otherwise)
{
    for (size_t i = 0; i < turn->ntell; i++)
        if (turn->tell[i].account == turn->it->row.reporter)
            return str_fmt(turn->op->arena, "您报的事并入了 %.*s：%.*s",
                           STR_ARG(turn->it->row.number), STR_ARG(turn->tell[i].says));
    return otherwise;
}

enum rc me_too_tell(struct turn *turn)
{
    struct list     rows;
    struct str      says = public_words(turn), whole = whole_words(turn, says);
    struct telling *all = NULL;

    enum rc rc = followers_of_case(turn->op, turn->it->row.id, &rows);
    if (rc == RC_OK)
        all = arena_many(turn->op->arena, rows.n + TURN_TELL_MAX, struct telling);
    if (!all)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    size_t n = 0;
    for (; n < turn->ntell; n++)
        all[n] = turn->tell[n];
    const struct follower_row *row = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        if (!is_told(turn, row[i].account))
            all[n++] = (struct telling){ .account = row[i].account,
                                         .title = STR("我也遇到的"),
                                         .says = row[i].reported ? whole : says,
                                         .apart = true };
    turn->all_told = (struct list){ all, n };
    return RC_OK;
}

enum rc me_too_forget(struct op *op, int64_t account)
{
    struct list rows;
    enum rc     rc;

    do {
        rc = followed_by(op, account, FORGET_AT_ONCE, &rows);
        const struct follower_row *row = rows.at;
        for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
            rc = me_too_take(op, row[i].case_id, account);
    } while (rc == RC_OK && rows.n == FORGET_AT_ONCE);
    return rc;
}
