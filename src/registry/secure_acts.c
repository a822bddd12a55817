/* Passwords that are changed, what the security administrator does when a telephone is
 * lost, and what each kind of account is asked for. */
#include "gate/journal.h"
#include "guard/lockout.h"
#include "guard/password.h"
#include "registry/area.h"
#include "registry/registry.h"
#include "registry/sign_in.h"

/* ------------------------------------------------------- another password */

struct change_args {
    struct str old, password;
    struct str hash; /* by ready */
};
static const struct field change_fields[] = {
    FIELD(struct change_args, old, REQUIRED, .max = PASSWORD_CHARS_MAX,
          .grade = GRADE_SENSITIVE, .title = STR_INIT("原来的密码")),
    FIELD(struct change_args, password, REQUIRED, .max = PASSWORD_CHARS_MAX,
          .grade = GRADE_SENSITIVE, .title = STR_INIT("新密码")),
};

static enum rc old_is_right(struct op *op, const struct account *account, struct str old)
{
    int64_t wait_ms;
    bool    right = false;

    enum rc rc = lockout_try(op, account->login, op->address, &wait_ms);
    if (rc == RC_OK)
        rc = password_check(old, account->password, wait_ms, &right);
    if (rc == RC_OK && !right)
        return fail(op, RC_REFUSED, "old", "原来的密码不对，请再看看。");
    if (rc == RC_OK)
        lockout_passed(op, account->login, op->address);
    return rc;
}

static enum rc change_ready(struct op *op, void *in)
{
    struct change_args *args = in;
    struct account      account;

    enum rc rc = in_a_session(op);
    if (rc == RC_OK)
        rc = account_find(op, op->actor->account, &account);
    if (rc == RC_OK)
        rc = old_is_right(op, &account, args->old);
    if (rc == RC_OK && str_eq(args->old, args->password))
        return fail(op, RC_REFUSED, "password", "新密码和原来的一样，请换一个。");
    if (rc == RC_OK)
        rc = password_fits(op, &account, args->password);
    return rc == RC_OK ? password_hash(op->arena, args->password, &args->hash) : rc;
}

static enum rc change(struct op *op, const void *in, struct view *view)
{
    int64_t me = op->actor->account;

    enum rc rc = account_set_password(op, me, ((const struct change_args *)in)->hash);
    if (rc == RC_OK)
        rc = session_end_all(op, me, op->actor->session);
    return rc == RC_OK ? step_up(op, PASSED_NOTHING, (struct list){ 0 }, view) : rc;
}

/* ----------------------------------------------- the security administrator */

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("账号")),
};

/* Where accounts are hers to keep, and never her own: nobody alone gets round a factor. */
static enum rc anothers(struct op *op, int64_t id, struct account *account)
{
    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);

    if (rc == RC_OK && id == op->actor->account)
        return fail(op, RC_DENIED, "id", "不能办自己的，请另一位安全管理员来办。");
    return rc == RC_OK ? account_find(op, id, account) : rc;
}

static enum rc reset(struct op *op, const void *in, struct view *view)
{
    int64_t        id = ((const struct id_args *)in)->id;
    struct account account;

    (void)view;
    enum rc rc = anothers(op, id, &account);
    if (rc == RC_OK)
        rc = factors_reset(op, id);
    if (rc == RC_OK)
        rc = session_end_all(op, id, 0);
    if (rc == RC_OK)
        journal_about(op, id, account.version, account.version, account.person);
    return rc;
}

static enum rc sign_out(struct op *op, const void *in, struct view *view)
{
    int64_t        id = ((const struct id_args *)in)->id;
    struct account account;

    (void)view;
    enum rc rc = county_yours(op, RIGHT_ACCOUNT_WRITE);
    if (rc == RC_OK)
        rc = account_find(op, id, &account);
    if (rc == RC_OK)
        rc = session_end_all(op, id, 0);
    if (rc == RC_OK)
        journal_about(op, id, account.version, account.version, account.person);
    return rc;
}

/* ---------------------------------------------------------------- policies */

struct whose_args {
    struct str area;
};
static const struct field whose_fields[] = {
    FIELD(struct whose_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
};

static enum rc list_ready(struct op *op, void *in)
{
    return county_look(op, RIGHT_ACCOUNT_WRITE, ((const struct whose_args *)in)->area);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    static const enum client kinds[] = { CLIENT_RESIDENT, CLIENT_STAFF, CLIENT_ADMIN };
    struct policy           *policies = arena_many(op->arena, COUNT(kinds), struct policy);
    enum rc                  rc = policies ? RC_OK : RC_TOO_LARGE;

    (void)in;
    for (size_t i = 0; rc == RC_OK && i < COUNT(kinds); i++)
        rc = policy_of(op, kinds[i], &policies[i]);
    if (rc == RC_OK)
        view_page(view, policy_fields, POLICY_COLUMNS,
                  (struct list){ policies, COUNT(kinds) }, sizeof *policies, STR_NONE);
    return rc;
}

static enum rc set_ready(struct op *op, void *in)
{
    return county_look(op, RIGHT_ACCOUNT_WRITE, ((const struct policy *)in)->area);
}

static enum rc set(struct op *op, const void *in, struct view *view)
{
    const struct policy *policy = in;

    enum rc rc = policy_set(op, policy);
    if (rc == RC_OK)
        view_struct(view, policy_fields, POLICY_COLUMNS, policy);
    return rc;
}

/* --------------------------------------------------------------- the table */

const struct act secure_acts[] = {
    { .name = "session.password",
      .method = POST,
      .path = "/sessions/current/password",
      .title = STR_INIT("改密码"),
      .note = STR_INIT("别处的登录随之结束。"),
      .right = RIGHT_SELF,
      .owing = OWING(PASSWORD),
      .writes = true,
      .slow = true,
      ARGS(struct change_args, change_fields),
      .answer = signed_in_fields,
      .nanswer = SIGNED_IN_FIELDS,
      .ready = change_ready,
      .run = change },
    { .name = "factor.reset",
      .method = POST,
      .path = "/accounts/{id}/factors/reset",
      .title = STR_INIT("清掉第二重验证"),
      .note = STR_INIT(
          "手机丢了，恢复码也没有：核对本人以后由安全管理员清掉，本人下次登录重新绑定。"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .run = reset },
    { .name = "account.sign-out",
      .method = POST,
      .path = "/accounts/{id}/sign-out",
      .title = STR_INIT("结束一个账号的所有登录"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .run = sign_out },
    { .name = "policy.list",
      .method = GET,
      .path = "/policies",
      .title = STR_INIT("账号的安全要求"),
      .right = RIGHT_ACCOUNT_WRITE,
      ARGS(struct whose_args, whose_fields),
      .answer = policy_fields,
      .nanswer = POLICY_COLUMNS,
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = "policy.set",
      .method = PUT,
      .path = "/policies/{kind}",
      .title = STR_INIT("定账号的安全要求"),
      .note = STR_INIT("这一类账号要重新登录。等级保护的复杂度和更换周期在这里定。"),
      .right = RIGHT_ACCOUNT_WRITE,
      .writes = true,
      ARGS(struct policy, policy_fields),
      .answer = policy_fields,
      .nanswer = POLICY_COLUMNS,
      .ready = set_ready,
      .run = set },
    { .name = NULL },
};
