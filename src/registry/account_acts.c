#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/factor.h"
#include "guard/lockout.h"
#include "guard/machine.h"
#include "guard/password.h"
#include "guard/session.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/code.h"
#include "registry/keeper.h"
#include "registry/org.h"
#include "registry/registry.h"

enum { PAGE = 50 };

/* ------------------------------------------------------------- accounts */

struct make_args {
    struct str login, name, client, area;
    int64_t    person;
};
static const struct field make_fields[] = {
    FIELD(struct make_args, login, REQUIRED, .max = 40, .title = STR_INIT("登录名")),
    FIELD(struct make_args, name, REQUIRED, .max = 40, .title = STR_INIT("姓名")),
    FIELD(struct make_args, client, REQUIRED, .max = 10, .title = STR_INIT("入口"),
          .note = STR_INIT("resident、grid 或 desk")),
    FIELD_ID(struct make_args, person, .title = STR_INIT("对应的居民")),
    FIELD(struct make_args, area, .max = 15, .title = STR_INIT("属于哪里"),
          .note = STR_INIT("不写时是开账号的人自己的区县")),
};

static enum rc make_ready(struct op *op, void *in)
{
    const struct make_args *args = in;

    if (args->person)
        op->county = id_county(args->person);
    return args->area.at ? county_enter(op, args->area) : RC_OK;
}

struct made {
    int64_t    account;
    struct str login, code;
};
static const struct field made_fields[] = {
    FIELD_ID(struct made, account, OPTIONAL),
    FIELD(struct made, login, OPTIONAL),
    FIELD(struct made, code, OPTIONAL, .title = STR_INIT("开通码"),
          .note = STR_INIT("一小时内有效，只显示这一次")),
};

static enum rc make(struct op *op, const void *in, struct view *view)
{
    const struct make_args *args = in;
    struct made             made = { .login = args->login };

    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_make(op,
                          &(struct account_new){ .login = args->login,
                                                 .name = args->name,
                                                 .client = args->client,
                                                 .person = args->person },
                          &made.account);
    if (rc == RC_OK)
        rc = code_give(op, made.account, &made.code);
    if (rc != RC_OK)
        return rc;
    journal_about(op, made.account, 0, 1, args->person);
    view->status = 201;
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

/* The first password, by a one-time code. */
struct claim_args {
    struct str login, code, password;
    int64_t    account, person; /* found, and the hash made, by ready */
    struct str hash;
};
static const struct field claim_fields[] = {
    FIELD(struct claim_args, login, REQUIRED, .max = 40, .title = STR_INIT("登录名")),
    FIELD(struct claim_args, code, REQUIRED, .max = 20, .title = STR_INIT("开通码")),
    FIELD(struct claim_args, password, REQUIRED, .max = PASSWORD_CHARS_MAX,
          .grade = GRADE_SENSITIVE, .title = STR_INIT("新密码")),
};

static enum rc claim_ready(struct op *op, void *in)
{
    struct claim_args *args = in;
    struct account     account = { 0 };
    int64_t            wait_ms;

    enum rc rc = lockout_try(op, args->login, op->address, &wait_ms);
    if (rc == RC_OK)
        rc = account_by_login(op, args->login, &account);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, "code",
                    "开通码不对，或已经过了一小时。请让管理员再发一个。");
    if (rc == RC_OK)
        rc = password_fits(op, &account, args->password);
    if (rc == RC_OK)
        rc = password_hash(op->arena, args->password, &args->hash);
    args->account = account.id;
    args->person = account.person;
    return rc;
}

/* What is kept of an act with a password in it: the login alone. */
static enum rc say_login(struct op *op, struct str login)
{
    struct made said = { .login = login };

    return journal_says(op, made_fields, 2, &said);
}

static enum rc claim(struct op *op, const void *in, struct view *view)
{
    const struct claim_args *args = in;

    (void)view;
    enum rc rc = code_take(op, args->account, args->code);
    if (rc == RC_OK)
        rc = account_set_password(op, args->account, args->hash);
    if (rc == RC_OK)
        rc = session_end_all(op, args->account, 0);
    if (rc == RC_OK)
        rc = machine_keys_end_of(op, args->account); /* it is somebody's own from now on */
    if (rc != RC_OK)
        return rc;
    lockout_passed(op, args->login, op->address);
    journal_about(op, args->account, 0, 0, args->person);
    return say_login(op, args->login);
}

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("账号")),
};

static enum rc renew_code(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct account        account;
    struct made           made = { .account = args->id };

    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_find(op, args->id, &account);
    if (rc == RC_OK)
        rc = code_give(op, args->id, &made.code);
    if (rc != RC_OK)
        return rc;
    made.login = account.login;
    journal_about(op, args->id, account.version, account.version, account.person);
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

static enum rc close_account(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_close(op, args->id);
    if (rc == RC_OK)
        rc = session_end_all(op, args->id, 0);
    if (rc == RC_OK)
        rc = keepers_hand_over(op, (struct gone){ .account = args->id });
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

/* Back, with the duties it has kept and a password of its own choosing. */
static enum rc reopen(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct account        account;
    struct made           made = { .account = args->id };

    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_find(op, args->id, &account);
    if (rc == RC_OK)
        rc = account_reopen(op, &account);
    if (rc == RC_OK)
        rc = code_give(op, args->id, &made.code);
    if (rc != RC_OK)
        return rc;
    made.login = account.login;
    journal_about(op, args->id, account.version, account.version + 1, account.person);
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

struct page_args {
    struct str area, find;
    int64_t    cursor;
};
static const struct field page_fields[] = {
    FIELD(struct page_args, find, .max = 40, .title = STR_INIT("找谁"),
          .note = STR_INIT("写全姓名或登录名")),
    FIELD(struct page_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_ID(struct page_args, cursor, OPTIONAL),
};
static const struct field shown_fields[] = {
    FIELD_ID(struct account, id, OPTIONAL),   FIELD(struct account, login, OPTIONAL),
    FIELD(struct account, name, OPTIONAL),    FIELD(struct account, client, OPTIONAL),
    FIELD(struct account, state, OPTIONAL),   FIELD_TIME(struct account, made_ms, OPTIONAL),
    FIELD(struct account, version, OPTIONAL),
};

static enum rc list_ready(struct op *op, void *in)
{
    return county_look(op, RIGHT_ACCOUNT_WRITE, ((const struct page_args *)in)->area);
}

/* By login there is one at most, and only in this county. */
static enum rc find_login(struct op *op, struct str login, struct list *found)
{
    struct account *one = arena_many(op->arena, 1, struct account);

    *found = (struct list){ one, 0 };
    if (!one)
        return RC_TOO_LARGE;
    enum rc rc = account_by_login(op, login, one);
    found->n = rc == RC_OK && one->county == op->county;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc find(struct op *op, const struct page_args *args, struct list *found)
{
    struct str text = str_trim(args->find);

    if (!text.len)
        return account_list(op, args->cursor, PAGE, found);
    enum rc rc = account_named(op, text, args->cursor, PAGE, found);
    return rc == RC_OK && found->n == 0 && !args->cursor ? find_login(op, text, found) : rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct page_args *args = in;
    struct list             found;

    enum rc rc = find(op, args, &found);
    if (rc != RC_OK)
        return rc;
    const struct account *rows = found.at;
    struct str            next = found.n == PAGE
                                     ? str_fmt(op->arena, "%lld", (long long)rows[PAGE - 1].id)
                                     : STR_NONE;
    view_page(view, shown_fields, COUNT(shown_fields), found, sizeof *rows, next);
    return RC_OK;
}

struct hold_shown {
    int64_t    hold;
    struct str duty, role, role_title, area, area_path, org_name;
    int64_t    from, until;
};
static const struct field hold_shown_fields[] = {
    FIELD_ID(struct hold_shown, hold, OPTIONAL),
    FIELD(struct hold_shown, duty, OPTIONAL),
    FIELD(struct hold_shown, role, OPTIONAL),
    FIELD(struct hold_shown, role_title, OPTIONAL),
    FIELD(struct hold_shown, area, OPTIONAL),
    FIELD(struct hold_shown, area_path, OPTIONAL),
    FIELD(struct hold_shown, org_name, OPTIONAL),
    FIELD_TIME(struct hold_shown, from, OPTIONAL),
    FIELD_TIME(struct hold_shown, until, OPTIONAL),
};
struct whole {
    struct account account;
    bool           has_password, totp;
    int64_t        passkeys;
    struct list    holds; /* struct hold_shown */
};
static const struct field whole_fields[] = {
    FIELD_STRUCT(struct whole, account, shown_fields, OPTIONAL),
    FIELD(struct whole, has_password, OPTIONAL, .title = STR_INIT("设过密码")),
    FIELD(struct whole, totp, OPTIONAL, .title = STR_INIT("绑了动态口令")),
    FIELD(struct whole, passkeys, OPTIONAL, .title = STR_INIT("几把通行密钥")),
    FIELD_LIST(struct whole, holds, struct hold_shown, hold_shown_fields, OPTIONAL),
};

static struct hold_shown show_hold(struct op *op, const struct hold_kept *hold)
{
    struct org org = { 0 };

    bool has_org = hold->org && org_find(op, hold->org, &org) == RC_OK;
    return (struct hold_shown){ .hold = hold->id,
                                .duty = hold->duty,
                                .role = hold->role,
                                .role_title = role_title(role_of_word(hold->role)),
                                .area = hold->area,
                                .area_path = area_path(op, hold->area, LEVEL_CITY),
                                .org_name = has_org ? org.name : STR_NONE,
                                .from = hold->from_ms,
                                .until = hold->until_ms };
}

static enum rc show_holds(struct op *op, struct list kept, struct list *shown)
{
    const struct hold_kept *holds = kept.at;
    struct hold_shown      *rows = arena_many(op->arena, kept.n + 1, struct hold_shown);

    for (size_t i = 0; rows && i < kept.n; i++)
        rows[i] = show_hold(op, &holds[i]);
    *shown = (struct list){ rows, kept.n };
    return rows ? RC_OK : RC_TOO_LARGE;
}

static enum rc show(struct op *op, const void *in, struct view *view)
{
    int64_t        id = ((const struct id_args *)in)->id;
    struct whole   whole = { 0 };
    struct factors have;
    struct list    kept;

    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_find(op, id, &whole.account);
    if (rc == RC_OK)
        rc = factors_of(op, id, &have);
    if (rc == RC_OK)
        rc = holds_of_account(op, id, &kept);
    if (rc == RC_OK)
        rc = show_holds(op, kept, &whole.holds);
    if (rc != RC_OK)
        return rc;
    whole.has_password = whole.account.password.len > 0;
    whole.totp = have.totp_ms != 0;
    whole.passkeys = have.passkeys;
    view_struct(view, whole_fields, COUNT(whole_fields), &whole);
    return RC_OK;
}

/* --------------------------------------------------------------- duties */

static const struct field hold_fields[] = {
    FIELD_ID(struct hold_new, account, REQUIRED, .title = STR_INIT("账号")),
    FIELD(struct hold_new, duty, REQUIRED, .max = 30, .title = STR_INIT("职责")),
    FIELD(struct hold_new, role, REQUIRED, .max = 20, .title = STR_INIT("角色")),
    FIELD(struct hold_new, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD_ID(struct hold_new, org, .title = STR_INIT("单位")),
    FIELD_ID(struct hold_new, stands_in_for, .title = STR_INIT("代谁")),
    FIELD_TIME(struct hold_new, from, .title = STR_INIT("从什么时候")),
    FIELD_TIME(struct hold_new, until, .title = STR_INIT("到什么时候")),
};
static enum rc give_ready(struct op *op, void *in)
{
    op->county = id_county(((const struct hold_new *)in)->account);
    return RC_OK;
}

struct hold_made {
    int64_t hold;
};
static const struct field hold_made_fields[] = { FIELD_ID(struct hold_made, hold,
                                                          OPTIONAL) };

static enum rc account_is_open(struct op *op, int64_t id)
{
    struct actor actor;

    enum rc rc = account_actor(op, id, &actor);
    return rc == RC_NOT_FOUND ? fail(op, rc, "account", "没有这个账号，或者已经停用。")
                              : rc;
}

/* Nobody gives duties to themselves or where they keep no accounts, and the three
 * administrators stay apart from one another and from all other work. */
static enum rc check_hold(struct op *op, const struct hold_new *args)
{
    enum role   role = role_of_word(args->role);
    struct list roles;

    if (args->account == op->actor->account)
        return fail(op, RC_DENIED, "account", "不能给自己加职责，请另一位安全管理员来办。");
    if (role == ROLE_OPERATOR)
        return fail(op, RC_DENIED, "role", "“本机操作员”只在命令行上，不能授予账号。");
    if (area_level(args->area) && !actor_may(op->actor, RIGHT_ACCOUNT_WRITE, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的职责不归您授予。");
    enum rc           rc = account_roles(op, args->account, &roles);
    const struct str *held = roles.at;
    for (size_t i = 0; rc == RC_OK && i < roles.n; i++)
        if (role_of_word(held[i]) != role &&
            (role_administers(role) || role_administers(role_of_word(held[i]))))
            return fail(op, RC_REFUSED, "role",
                        "系统、安全、审计三种管理员要由不同的人担任，也不办其他业务。");
    return rc == RC_OK ? account_is_open(op, args->account) : rc;
}

static enum rc give(struct op *op, const void *in, struct view *view)
{
    struct hold_made made;

    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = check_hold(op, in);
    if (rc == RC_OK)
        rc = hold_give(op, in, &made.hold);
    if (rc == RC_OK) /* what one may do is what one signed in for */
        rc = session_end_all(op, ((const struct hold_new *)in)->account, 0);
    if (rc != RC_OK)
        return rc;
    journal_about(op, ((const struct hold_new *)in)->account, 0, 0, 0);
    view->status = 201;
    view_struct(view, hold_made_fields, COUNT(hold_made_fields), &made);
    return RC_OK;
}

struct end_args {
    int64_t account, hold;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, account, REQUIRED, .title = STR_INIT("账号")),
    FIELD_ID(struct end_args, hold, REQUIRED, .title = STR_INIT("职责编号")),
};

static enum rc end_ready(struct op *op, void *in)
{
    op->county = id_county(((const struct end_args *)in)->account);
    return RC_OK;
}

static enum rc take_back(struct op *op, const void *in, struct view *view)
{
    const struct end_args *args = in;

    (void)view;
    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = hold_end(op, args->account, args->hold);
    if (rc == RC_OK)
        rc = session_end_all(op, args->account, 0);
    if (rc == RC_OK)
        journal_about(op, args->account, 0, 0, 0);
    return rc;
}

const struct act account_acts[] = {
    { .name = "account.make",
      .method = POST,
      .path = "/accounts",
      .title = STR_INIT("开一个账号"),
      .note = STR_INIT("得到一个开通码，本人用它设第一个密码。"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct make_args, make_fields),
      ANSWER(struct made, made_fields),
      .ready = make_ready,
      .run = make },
    { .name = "account.claim",
      .method = POST,
      .path = "/accounts/claim",
      .title = STR_INIT("用开通码设密码"),
      .right = RIGHT_ANYONE,
      .owing = OWING_ANYTHING,
      .writes = true,
      .slow = true,
      ARGS(struct claim_args, claim_fields),
      .ready = claim_ready,
      .run = claim },
    { .name = "account.code",
      .method = POST,
      .path = "/accounts/{id}/code",
      .title = STR_INIT("再发一个开通码"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      ANSWER(struct made, made_fields),
      .run = renew_code },
    { .name = "account.close",
      .method = POST,
      .path = "/accounts/{id}/close",
      .title = STR_INIT("停用账号"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .note = STR_INIT("立刻不能再用；手上的办件按分派规则转给别人。"),
      .run = close_account },
    { .name = "account.reopen",
      .method = POST,
      .path = "/accounts/{id}/reopen",
      .title = STR_INIT("恢复停用的账号"),
      .note = STR_INIT("职责还在；用新的开通码设密码后才能登录。"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      ANSWER(struct made, made_fields),
      .run = reopen },
    { .name = "account.list",
      .method = GET,
      .path = "/accounts",
      .title = STR_INIT("列出账号"),
      .right = RIGHT_ACCOUNT_WRITE,
      ARGS(struct page_args, page_fields),
      .answer = shown_fields,
      .nanswer = COUNT(shown_fields),
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = "account.show",
      .method = GET,
      .path = "/accounts/{id}",
      .title = STR_INIT("看一个账号"),
      .note = STR_INIT("现在的职责，绑了哪些第二重验证。"),
      .right = RIGHT_ACCOUNT_WRITE,
      ARGS(struct id_args, id_fields),
      ANSWER(struct whole, whole_fields),
      .run = show },
    { .name = "hold.give",
      .method = POST,
      .path = "/holds",
      .title = STR_INIT("授予职责"),
      .note = STR_INIT("代班写明代谁、到什么时候。"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct hold_new, hold_fields),
      ANSWER(struct hold_made, hold_made_fields),
      .ready = give_ready,
      .run = give },
    { .name = "hold.end",
      .method = POST,
      .path = "/holds/end",
      .title = STR_INIT("收回职责"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct end_args, end_fields),
      .ready = end_ready,
      .run = take_back },
    { .name = NULL },
};
