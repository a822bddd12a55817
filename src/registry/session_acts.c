#include "gate/journal.h"
#include "gate/view.h"
#include "guard/lockout.h"
#include "guard/password.h"
#include "guard/factor.h"
#include "registry/registry.h"
#include "registry/sign_in.h"

/* ------------------------------------------------------------ signing in */

struct open_args {
    struct str account, password;
    int64_t    found; /* by ready */
};
static const struct field open_fields[] = {
    FIELD(struct open_args, account, REQUIRED, .max = 40, .title = STR_INIT("登录名")),
    FIELD(struct open_args, password, REQUIRED, .max = PASSWORD_CHARS_MAX,
          .grade = GRADE_SENSITIVE, .title = STR_INIT("密码")),
};

static enum rc wrong(struct op *op)
{
    return fail(op, RC_UNAUTHENTICATED, NULL, "登录名或密码不对，请再看看。");
}

/* Known or not, right or not: the same answer after the same time. */
static enum rc open_ready(struct op *op, void *in)
{
    struct open_args *args = in;
    struct account    account = { 0 };
    int64_t           wait_ms = 0;
    bool              right = false;

    enum rc rc = account_by_login(op, args->account, &account);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    bool active = rc == RC_OK && str_eq(account.state, STR("active"));
    if (rc == RC_OK)
        op->county = account.county; /* which counts the tries, and sees them */
    rc = lockout_try(op, args->account, op->address, &wait_ms);
    if (rc == RC_OK)
        rc = password_check(args->password, active ? account.password : STR_NONE, wait_ms,
                            &right);
    if (rc != RC_OK)
        return rc;
    if (!right)
        return wrong(op);
    lockout_passed(op, args->account, op->address);
    args->found = account.id;
    return RC_OK;
}

static enum rc open_session(struct op *op, const void *in, struct view *view)
{
    enum rc rc = sign_in(op, ((const struct open_args *)in)->found, PASSED_NOTHING, view);

    return rc == RC_NOT_FOUND ? wrong(op) : rc;
}

/* ----------------------------------------------------------- signing out */

static enum rc close_session(struct op *op, const void *in, struct view *view)
{
    (void)in;
    enum rc rc = op->actor->session
                     ? session_end(op, op->actor->account, op->actor->session)
                     : RC_OK;
    view->session = STR("");
    return rc;
}

struct end_args {
    int64_t session;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, session, REQUIRED, .title = STR_INIT("登录")),
};

static enum rc end_session(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return session_end(op, op->actor->account, ((const struct end_args *)in)->session);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list shown;

    (void)in;
    enum rc rc = session_list(op, op->actor->account, &shown);
    if (rc == RC_OK)
        view_page(view, session_shown_fields, SESSION_SHOWN_FIELDS, shown,
                  sizeof(struct session_shown), STR_NONE);
    return rc;
}

/* ---------------------------------------------------------- housekeeping */

struct county_args {
    int64_t county;
};
static const struct field county_fields[] = {
    FIELD(struct county_args, county, OPTIONAL, .min = 0, .max = COUNTY_MAX),
};

static enum rc to_county(struct op *op, void *in)
{
    op->county = ((const struct county_args *)in)->county;
    return RC_OK;
}

static enum rc keep(struct op *op, const void *in, struct view *view)
{
    (void)in;
    (void)view;
    enum rc rc = session_keep(op);
    if (rc == RC_OK)
        rc = challenges_sweep(op);
    return rc == RC_OK ? lockout_keep(op) : rc;
}

/* --------------------------------------------------------- demonstration */

struct demo_args {
    int64_t account;
};
static const struct field demo_fields[] = {
    FIELD_ID(struct demo_args, account, REQUIRED, .title = STR_INIT("账号")),
};

static enum rc demo_ready(struct op *op, void *in)
{
    op->county = id_county(((const struct demo_args *)in)->account);
    return RC_OK;
}

static enum rc demo_open(struct op *op, const void *in, struct view *view)
{
    enum rc rc = sign_in(op, ((const struct demo_args *)in)->account, PASSED_DEMO, view);

    return rc == RC_NOT_FOUND ? wrong(op) : rc;
}

struct demo_person {
    int64_t    account;
    struct str name, title, area_name, client;
};
static const struct field demo_person_fields[] = {
    FIELD_ID(struct demo_person, account, OPTIONAL),
    FIELD(struct demo_person, name, OPTIONAL),
    FIELD(struct demo_person, title, OPTIONAL),
    FIELD(struct demo_person, area_name, OPTIONAL),
    FIELD(struct demo_person, client, OPTIONAL),
};

static enum rc demo_people(struct op *op, const void *in, struct view *view)
{
    struct list found;

    (void)in;
    enum rc             rc = account_demo(op, &found);
    struct demo_person *people =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct demo_person) : NULL;
    if (!people)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct account *accounts = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        struct actor actor;
        struct me    me = { 0 };
        rc = account_actor(op, accounts[i].id, &actor);
        if (rc == RC_OK)
            rc = me_of(op, &actor, &me);
        const struct me_hold *hold = me.holds.n ? me.holds.at : NULL;
        people[i] = (struct demo_person){
            .account = accounts[i].id,
            .name = accounts[i].name,
            .title = hold ? hold->duty : STR("居民"),
            .area_name = hold ? (hold->org_name.at ? hold->org_name : hold->area_name)
                              : me.home.path,
            .client = accounts[i].client,
        };
    }
    if (rc == RC_OK)
        view_page(view, demo_person_fields, COUNT(demo_person_fields),
                  (struct list){ people, found.n }, sizeof *people, STR_NONE);
    return rc;
}

const struct act session_acts[] = {
    { .name = "session.open",
      .method = POST,
      .path = "/sessions",
      .title = STR_INIT("登录"),
      .note = STR_INIT("要第二重验证的账号，me.owes 说还差什么，办完才能做别的事。"),
      .right = RIGHT_ANYONE,
      .owing = OWING_ANYTHING,
      .writes = true,
      .slow = true,
      ARGS(struct open_args, open_fields),
      .answer = signed_in_fields,
      .nanswer = SIGNED_IN_FIELDS,
      .ready = open_ready,
      .run = open_session },
    { .name = "session.close",
      .method = DELETE,
      .path = "/sessions/current",
      .title = STR_INIT("退出登录"),
      .right = RIGHT_SELF,
      .owing = OWING_ANYTHING,
      .writes = true,
      .run = close_session },
    { .name = "session.end",
      .method = DELETE,
      .path = "/sessions/{session}",
      .title = STR_INIT("结束一个登录"),
      .note = STR_INIT("手机丢了，从别处结束它。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct end_args, end_fields),
      .run = end_session },
    { .name = "session.list",
      .method = GET,
      .path = "/sessions",
      .title = STR_INIT("我在哪些地方登录着"),
      .right = RIGHT_SELF,
      .answer = session_shown_fields,
      .nanswer = SESSION_SHOWN_FIELDS,
      .many = true,
      .run = list },
    { .name = "session.keep",
      .title = STR_INIT("记下登录的使用"),
      .right = RIGHT_LOCAL,
      .writes = true,
      .quiet = true,
      ARGS(struct county_args, county_fields),
      .ready = to_county,
      .run = keep },
    { .name = "demo.people",
      .method = GET,
      .path = "/demo/people",
      .title = STR_INIT("演示的人"),
      .right = RIGHT_ANYONE,
      .owing = OWING_ANYTHING,
      .demo = true,
      .answer = demo_person_fields,
      .nanswer = COUNT(demo_person_fields),
      .many = true,
      .run = demo_people },
    { .name = "demo.sign-in",
      .method = POST,
      .path = "/demo/sessions",
      .title = STR_INIT("一点即登录"),
      .right = RIGHT_ANYONE,
      .owing = OWING_ANYTHING,
      .demo = true,
      .writes = true,
      ARGS(struct demo_args, demo_fields),
      .answer = signed_in_fields,
      .nanswer = SIGNED_IN_FIELDS,
      .ready = demo_ready,
      .run = demo_open },
    { .name = NULL },
};
