#include "registry/account.h"

#include <stdlib.h>

#include "guard/password.h"
#include "registry/account_store.h"
#include "registry/area.h"

enum { DEMO_PEOPLE_MAX = 100 };

static bool known_client(struct str client)
{
    static const struct str clients[] = { STR_INIT("resident"), STR_INIT("grid"),
                                          STR_INIT("desk") };

    for (size_t i = 0; i < COUNT(clients); i++)
        if (str_eq(clients[i], client))
            return true;
    return false;
}

enum rc account_make(struct op *op, const struct account_new *made, int64_t *id)
{
    int64_t county, other;

    if (!known_client(made->client))
        return fail(op, RC_INVALID, "client", "入口要写 resident、grid 或 desk。");
    enum rc rc = login_select(op, made->login, &county, &other);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, "login", "已经有人用“%.*s”登录了，换一个。",
                    STR_ARG(made->login));
    if (rc != RC_NOT_FOUND)
        return rc;
    *id = op_new_id(op);
    rc = account_insert(op, &(struct account){ .county = op->county,
                                               .id = *id,
                                               .login = made->login,
                                               .name = made->name,
                                               .client = made->client,
                                               .person = made->person,
                                               .password = made->password,
                                               .state = STR("active"),
                                               .version = 1,
                                               .made_ms = op->now_ms,
                                               .password_ms = op->now_ms });
    return rc == RC_OK ? login_insert(op, made->login, *id) : rc;
}

enum rc account_find(struct op *op, int64_t id, struct account *account)
{
    return account_select(op, id, account);
}

enum rc account_by_login(struct op *op, struct str login, struct account *account)
{
    int64_t county, id;

    enum rc rc = login_select(op, login, &county, &id);
    return rc == RC_OK ? account_select(op, id, account) : rc;
}

enum rc account_set_password(struct op *op, int64_t id, struct str password)
{
    return account_update_password(op, id, password);
}

enum rc account_close(struct op *op, int64_t id)
{
    return account_update_state(op, id, STR("closed"));
}

enum rc account_reopen(struct op *op, const struct account *account)
{
    int64_t county, id;

    if (!str_eq(account->state, STR("closed")))
        return fail(op, RC_REFUSED, "id", "这个账号没有停用。");
    if (login_select(op, account->login, &county, &id) == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, "id", "这个人的资料已经删除，账号不能恢复。");
    enum rc rc = account_update_password(op, account->id, STR_NONE);
    return rc == RC_OK ? account_update_state(op, account->id, STR("active")) : rc;
}

enum rc account_list(struct op *op, int64_t after, size_t most, struct list *accounts)
{
    return account_select_page(op, after, most, accounts);
}

enum rc account_named(struct op *op, struct str name, int64_t after, size_t most,
                      struct list *accounts)
{
    return account_select_name(op, name, after, most, accounts);
}

static int by_id(const void *a, const void *b)
{
    const struct account *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* In the order they were made, which is the order they are told of. */
enum rc account_demo(struct op *op, struct list *accounts)
{
    enum rc rc = account_select_demo(op, DEMO_PEOPLE_MAX, accounts);

    if (rc == RC_OK && accounts->n)
        qsort(accounts->at, accounts->n, sizeof(struct account), by_id);
    return rc;
}

enum rc hold_give(struct op *op, const struct hold_new *hold, int64_t *id)
{
    struct account account;

    if (role_of_word(hold->role) == ROLE_NONE)
        return fail(op, RC_INVALID, "role", "没有“%.*s”这种角色。", STR_ARG(hold->role));
    if (!area_level(hold->area))
        return fail(op, RC_INVALID, "area", "“%.*s”不是辖区代码。", STR_ARG(hold->area));
    enum rc rc = account_select(op, hold->account, &account);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fail(op, rc, "account", "没有这个账号。") : rc;
    *id = op_new_id(op);
    return hold_insert(op,
                       &(struct hold_row){ .county = op->county,
                                           .account = hold->account,
                                           .id = *id,
                                           .duty = hold->duty,
                                           .role = hold->role,
                                           .area = hold->area,
                                           .org = hold->org,
                                           .stands_in_for = hold->stands_in_for,
                                           .from_ms = hold->from ? hold->from : op->now_ms,
                                           .until_ms = hold->until });
}

enum rc hold_end(struct op *op, int64_t account, int64_t id)
{
    return hold_update_end(op, account, id);
}

enum rc holds_of_account(struct op *op, int64_t id, struct list *holds)
{
    struct list rows;

    enum rc           rc = hold_select(op, id, &rows);
    struct hold_kept *kept =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct hold_kept) : NULL;
    if (!kept)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct hold_row *from = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        kept[i] =
            (struct hold_kept){ from[i].id,  from[i].duty,    from[i].role,    from[i].area,
                                from[i].org, from[i].from_ms, from[i].until_ms };
    *holds = (struct list){ kept, rows.n };
    return RC_OK;
}

enum rc colleagues_with_duty(struct op *op, struct str duty, struct str area, size_t most,
                             struct list *colleagues)
{
    return hold_select_duty(op, duty, area, most, colleagues);
}

enum rc colleagues_of_org(struct op *op, int64_t org, size_t most, struct list *colleagues)
{
    return hold_select_org(op, org, most, colleagues);
}

enum rc colleagues_in_area(struct op *op, struct str area, size_t most,
                           struct list *colleagues)
{
    return hold_select_area(op, area, most, colleagues);
}

enum rc accounts_with_role(struct op *op, enum role role, size_t most, struct list *ids)
{
    return hold_select_role(op, role_word(role), most, ids);
}

static bool is_listed(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Those of one area alone come first of what lies in it. */
static enum rc add_those_that_may(struct op *op, enum right right, struct str area,
                                  int64_t but, size_t most, struct list *ids)
{
    struct list  found;
    struct actor actor;
    int64_t     *all = ids->at;

    enum rc                 rc = colleagues_in_area(op, area, most, &found);
    const struct colleague *colleagues = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n && ids->n < most; i++) {
        int64_t id = colleagues[i].account;
        if (!str_eq(colleagues[i].area, area))
            break;
        if (id == but || is_listed(all, ids->n, id))
            continue;
        rc = account_actor(op, id, &actor);
        if (rc == RC_OK && actor_may(&actor, right, area))
            all[ids->n++] = id;
    }
    return rc;
}

enum rc accounts_that_may(struct op *op, enum right right, struct str area, int64_t but,
                          size_t most, struct list *ids)
{
    *ids = (struct list){ .at = arena_many(op->arena, most + 1, int64_t) };
    enum rc rc = ids->at ? RC_OK : RC_TOO_LARGE;
    for (int level = area_level(area); level >= LEVEL_COUNTY && rc == RC_OK; level--)
        rc = add_those_that_may(op, right, area_at_level(area, level), but, most, ids);
    return rc;
}

struct str account_name(struct op *op, int64_t id)
{
    return called_account(op, id).name;
}

struct str account_title(struct op *op, int64_t id)
{
    struct called called = called_account(op, id);

    return called.duty.len
               ? str_fmt(op->arena, "%.*s %.*s", STR_ARG(called.duty), STR_ARG(called.name))
               : called.name;
}

bool role_administers(enum role role)
{
    return role == ROLE_SYSTEM || role == ROLE_SECURITY || role == ROLE_AUDIT;
}

bool actor_administers(const struct actor *actor)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (role_administers(actor->holds[i].role))
            return true;
    return false;
}

enum client account_kind(const struct actor *actor)
{
    if (actor_administers(actor))
        return CLIENT_ADMIN;
    return actor->nholds ? CLIENT_STAFF : CLIENT_RESIDENT;
}

enum rc account_roles(struct op *op, int64_t id, struct list *roles)
{
    return hold_select_roles(op, id, roles);
}

enum rc account_actor(struct op *op, int64_t id, struct actor *actor)
{
    struct list rows;

    enum rc      rc = account_select_acting(op, id, &rows);
    struct hold *holds =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct hold) : NULL;
    if (!holds)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    if (!rows.n)
        return RC_NOT_FOUND;
    const struct acting_row *from = rows.at;
    *actor = (struct actor){ .kind = ACTOR_PERSON,
                             .account = id,
                             .county = from->county,
                             .person = from->person,
                             .name = from->name,
                             .holds = holds };
    for (size_t i = 0; i < rows.n && from[i].duty.at; i++)
        holds[actor->nholds++] =
            (struct hold){ from[i].duty, role_of_word(from[i].role), from[i].area,
                           from[i].org, from[i].stands_in_for };
    rc = actor->person ? person_home(op, actor->person, &actor->home) : RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What is asked of a password goes by what the account is for. */
enum rc password_fits(struct op *op, const struct account *account, struct str password)
{
    struct policy policy;
    struct actor  actor;
    enum client   kind = CLIENT_STAFF;

    op->county = account->county;
    if (account_actor(op, account->id, &actor) == RC_OK && actor.nholds)
        kind = account_kind(&actor);
    else if (str_eq(account->client, STR("resident")))
        kind = CLIENT_RESIDENT;
    enum rc rc = policy_of(op, kind, &policy);
    return rc == RC_OK
               ? password_policy(op, &policy, account->login, account->name, password)
               : rc;
}
