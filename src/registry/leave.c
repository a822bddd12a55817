#include "registry/leave.h"

#include "guard/actor.h"
#include "registry/account.h"
#include "registry/account_store.h"
#include "registry/area.h"

enum { LEAVES_MAX = 20 };
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Of their own, and such that somebody else may do it for a time. */
static bool can_be_passed(const struct hold *hold)
{
    return !hold->stands_in_for && !role_administers(hold->role) &&
           (role_rights(hold->role) >> RIGHT_CASE_WORK & 1);
}

static bool works(const struct actor *actor)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (can_be_passed(&actor->holds[i]))
            return true;
    return false;
}

static bool leads_over(const struct actor *actor, struct str area)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (actor->holds[i].role == ROLE_LEADER && area_within(area, actor->holds[i].area))
            return true;
    return false;
}

/* Everywhere where they work. */
static bool leads(const struct actor *actor, const struct actor *away)
{
    for (size_t i = 0; i < away->nholds; i++)
        if (can_be_passed(&away->holds[i]) && !leads_over(actor, away->holds[i].area))
            return false;
    return works(away);
}

static enum rc check_time(struct op *op, const struct leave *leave)
{
    if (leave->until_ms <= op->now_ms || leave->until_ms <= leave->from_ms)
        return fail(op, RC_REFUSED, "until", "代到什么时候，要晚于开始和现在。");
    if (leave->until_ms - leave->from_ms > LEAVE_DAYS_MAX * DAY_MS)
        return fail(op, RC_REFUSED, "until", "一次最多代 %d 天；再长请安全管理员调整职责。",
                    LEAVE_DAYS_MAX);
    return RC_OK;
}

/* Is the account away at some moment of it? */
static enum rc check_free(struct op *op, const struct leave *leave, int64_t account,
                          const char *where, const char *says)
{
    struct list found;

    enum rc             rc = leave_select_away(op, account, LEAVES_MAX, &found);
    const struct leave *other = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        if (other[i].from_ms < leave->until_ms && leave->from_ms < other[i].until_ms)
            return fail(op, RC_REFUSED, where, "%s", says);
    return rc;
}

static enum rc check_stand_in(struct op *op, const struct leave *leave)
{
    struct actor stand_in;

    if (leave->stand_in == leave->account)
        return fail(op, RC_REFUSED, "stand_in", "不能由自己代自己，请选一位同事。");
    enum rc rc = account_actor(op, leave->stand_in, &stand_in);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (rc == RC_NOT_FOUND || stand_in.county != leave->county || !works(&stand_in))
        return fail(op, RC_REFUSED, "stand_in", "请选一位在本区县有办件职责的同事来代。");
    return check_free(op, leave, leave->stand_in, "stand_in",
                      "这位同事那几天也请了假，请另选一位。");
}

static enum rc pass_holds(struct op *op, const struct leave *leave,
                          const struct actor *away)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < away->nholds && rc == RC_OK; i++) {
        const struct hold *hold = &away->holds[i];
        if (can_be_passed(hold))
            rc = hold_insert(op, &(struct hold_row){ .county = leave->county,
                                                     .account = leave->stand_in,
                                                     .id = op_new_id(op),
                                                     .duty = hold->duty,
                                                     .role = role_word(hold->role),
                                                     .area = hold->area,
                                                     .org = hold->org,
                                                     .stands_in_for = leave->account,
                                                     .from_ms = leave->from_ms,
                                                     .until_ms = leave->until_ms });
    }
    return rc;
}

static enum rc check_away(struct op *op, const struct leave *leave, struct actor *away)
{
    enum rc rc = account_actor(op, leave->account, away);
    if (rc != RC_OK)
        return rc;
    if (leave->account != op->actor->account && !leads(op->actor, away))
        return RC_NOT_FOUND; /* the same as for what is not there */
    return works(away) ? RC_OK
                       : fail(op, RC_REFUSED, "account", "这个账号没有可以代的职责。");
}

enum rc leave_make(struct op *op, const struct leave_new *made, struct leave *leave)
{
    struct actor away;

    *leave = (struct leave){
        .county = op->county,
        .account = made->account ? made->account : op->actor->account,
        .stand_in = made->stand_in,
        .from_ms = made->from ? made->from : op->now_ms,
        .until_ms = made->until,
        .reason = str_trim(made->reason).len ? str_trim(made->reason) : STR(""),
        .made_by = op->actor->account,
        .made_ms = op->now_ms,
    };
    enum rc rc = check_away(op, leave, &away);
    if (rc == RC_OK)
        rc = check_time(op, leave);
    if (rc == RC_OK)
        rc = check_stand_in(op, leave);
    if (rc == RC_OK)
        rc = check_free(op, leave, leave->account, "account",
                        "这段时间已经安排了代班，请先结束那一次。");
    if (rc != RC_OK)
        return rc;
    leave->id = op_new_id(op);
    rc = leave_insert(op, leave);
    return rc == RC_OK ? pass_holds(op, leave, &away) : rc;
}

enum rc leave_end(struct op *op, int64_t id, struct leave *leave)
{
    struct actor away;

    enum rc rc = leave_select(op, id, leave);
    if (rc == RC_OK)
        rc = check_away(op, leave, &away);
    return rc == RC_OK ? leave_update_end(op, leave) : rc;
}

enum rc leave_list(struct op *op, struct list *leaves)
{
    struct list   away, standing;
    struct leave *all = arena_many(op->arena, 2 * LEAVES_MAX, struct leave);

    *leaves = (struct list){ all, 0 };
    if (!all)
        return RC_TOO_LARGE;
    enum rc rc = leave_select_away(op, op->actor->account, LEAVES_MAX, &away);
    if (rc == RC_OK)
        rc = leave_select_standing(op, op->actor->account, LEAVES_MAX, &standing);
    for (size_t i = 0; rc == RC_OK && i < away.n; i++)
        all[leaves->n++] = ((const struct leave *)away.at)[i];
    for (size_t i = 0; rc == RC_OK && i < standing.n; i++)
        all[leaves->n++] = ((const struct leave *)standing.at)[i];
    return rc;
}

/* ------------------------------------------------------------- who could */

/* Whoever is away now has somebody who stands in already. */
static enum rc could(struct op *op, int64_t account, bool *could)
{
    struct actor actor;
    struct list  stand_ins;

    *could = false;
    enum rc rc = account_actor(op, account, &actor);
    if (rc == RC_OK)
        rc = leave_stand_ins(op, account, 1, &stand_ins);
    if (rc == RC_OK)
        *could = !stand_ins.n && works(&actor);
    return rc;
}

static bool is_listed(const struct list *colleagues, int64_t account)
{
    const struct colleague *one = colleagues->at;

    for (size_t i = 0; i < colleagues->n; i++)
        if (one[i].account == account)
            return true;
    return false;
}

static enum rc add_colleagues(struct op *op, const struct list *found, size_t most,
                              struct list *colleagues)
{
    const struct colleague *one = found->at;
    enum rc                 rc = RC_OK;
    bool                    fits;

    for (size_t i = 0; i < found->n && colleagues->n < most && rc == RC_OK; i++) {
        if (one[i].account == op->actor->account || is_listed(colleagues, one[i].account))
            continue;
        rc = could(op, one[i].account, &fits);
        if (rc == RC_OK && fits)
            ((struct colleague *)colleagues->at)[colleagues->n++] = one[i];
    }
    return rc;
}

static enum rc near_hold(struct op *op, const struct hold *hold, bool org, size_t most,
                         struct list *colleagues)
{
    struct list found = { 0 };
    struct str  area = area_at_level(hold->area, LEVEL_COMMUNITY);
    enum rc     rc = RC_OK;

    if (org && hold->org)
        rc = colleagues_of_org(op, hold->org, most, &found);
    else if (!org)
        rc = colleagues_in_area(op, area.at ? area : hold->area, most, &found);
    return rc == RC_OK ? add_colleagues(op, &found, most, colleagues) : rc;
}

enum rc leave_colleagues(struct op *op, size_t most, struct list *colleagues)
{
    const struct actor *actor = op->actor;
    enum rc             rc = RC_OK;

    *colleagues = (struct list){ arena_many(op->arena, most, struct colleague), 0 };
    if (!colleagues->at)
        return RC_TOO_LARGE;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < actor->nholds && rc == RC_OK; i++)
            if (can_be_passed(&actor->holds[i]))
                rc = near_hold(op, &actor->holds[i], pass == 0, most, colleagues);
    return rc;
}

enum rc leave_stand_ins(struct op *op, int64_t account, size_t most, struct list *ids)
{
    struct list found;
    int64_t    *all = arena_many(op->arena, most + 1, int64_t);

    *ids = (struct list){ all, 0 };
    if (!all)
        return RC_TOO_LARGE;
    enum rc rc =
        leave_select_away(op, account, most < LEAVES_MAX ? most : LEAVES_MAX, &found);
    const struct leave *leave = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        if (leave[i].from_ms <= op->now_ms)
            all[ids->n++] = leave[i].stand_in;
    return rc;
}
