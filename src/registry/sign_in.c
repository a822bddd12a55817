#include "registry/sign_in.h"

#include "gate/journal.h"
#include "guard/lockout.h"
#include "guard/password.h"

#define DAY_MS INT64_C(86400000)

const struct field signed_in_fields[SIGNED_IN_FIELDS] = {
    FIELD_STRUCT(struct signed_in, me, me_fields, OPTIONAL),
    FIELD_LIST_OF(struct signed_in, recovery, KIND_TEXT, .title = STR_INIT("恢复码"),
                  .note = STR_INIT("只显示这一次")),
};

/* What the journal keeps of a sign-in: nothing that opens. */
struct said {
    int64_t    account;
    struct str client, passed, owes;
};
static const struct field said_fields[] = {
    FIELD_ID(struct said, account, OPTIONAL),
    FIELD(struct said, client, OPTIONAL),
    FIELD(struct said, passed, OPTIONAL),
    FIELD(struct said, owes, OPTIONAL),
};

enum rc asked_of(struct op *op, const struct actor *actor, struct asked_of *asked)
{
    enum rc rc = policy_of(op, account_kind(actor), &asked->policy);

    return rc == RC_OK ? factors_of(op, actor->account, &asked->have) : rc;
}

static bool password_is_due(const struct op *op, const struct account *account,
                            const struct policy *policy)
{
    return policy->days && account->password.at &&
           account->password_ms + policy->days * DAY_MS <= op->now_ms;
}

static enum rc owed_by(struct op *op, const struct actor *actor, enum passed passed,
                       enum owes *owes)
{
    struct account  account;
    struct asked_of asked;

    enum rc rc = account_find(op, actor->account, &account);
    if (rc == RC_OK)
        rc = asked_of(op, actor, &asked);
    if (rc != RC_OK)
        return rc;
    *owes = factors_owe(policy_demand(&asked.policy), passed, &asked.have);
    if (*owes == OWES_NOTHING && passed != PASSED_DEMO &&
        password_is_due(op, &account, &asked.policy))
        *owes = OWES_PASSWORD;
    return RC_OK;
}

static enum rc answer(struct op *op, struct actor *actor, const struct session *session,
                      struct str token, struct list recovery, struct view *view)
{
    struct signed_in answer = { .recovery = recovery };
    struct said      said = { actor->account, client_word(session->client),
                              passed_word(session->passed), owes_word(session->owes) };

    actor_halve(actor, session->owes);
    enum rc rc = me_of(op, actor, &answer.me);
    if (rc == RC_OK)
        rc = journal_says(op, said_fields, COUNT(said_fields), &said);
    if (rc != RC_OK)
        return rc;
    journal_about(op, actor->account, 0, 0, 0);
    view->status = 201;
    view->session = token;
    view->session_ms = session->until_ms - op->now_ms;
    view->session_strict = session->client != CLIENT_RESIDENT;
    view_struct(view, signed_in_fields, SIGNED_IN_FIELDS, &answer);
    return RC_OK;
}

enum rc sign_in(struct op *op, int64_t id, enum passed passed, struct view *view)
{
    struct session_new made = { .account = id, .passed = passed };
    struct session     session;
    struct actor       actor;
    struct str         token;

    enum rc rc = account_actor(op, id, &actor);
    if (rc == RC_OK)
        rc = owed_by(op, &actor, passed, &made.owes);
    if (rc != RC_OK)
        return rc;
    made.client = account_kind(&actor);
    rc = session_open(op, &made, &session, &token);
    return rc == RC_OK ? answer(op, &actor, &session, token, (struct list){ 0 }, view) : rc;
}

enum rc step_up(struct op *op, enum passed passed, struct list recovery, struct view *view)
{
    struct session_new made = {
        .account = op->actor->account,
        .passed = passed > op->actor->passed ? passed : op->actor->passed,
    };
    struct session session;
    struct actor   actor;
    struct str     token;

    enum rc rc = account_actor(op, made.account, &actor);
    if (rc == RC_OK)
        rc = owed_by(op, &actor, made.passed, &made.owes);
    if (rc != RC_OK)
        return rc;
    made.client = account_kind(&actor);
    rc = session_renew(op, &made, &session, &token);
    return rc == RC_OK ? answer(op, &actor, &session, token, recovery, view) : rc;
}

enum rc in_a_session(struct op *op)
{
    return op->actor->session && op->actor->kind == ACTOR_PERSON
               ? RC_OK
               : fail(op, RC_DENIED, NULL, "这件事要本人登录以后办。");
}

bool asks_password(const struct actor *actor)
{
    return actor->owes != OWES_ENROLMENT && actor->passed != PASSED_DEMO;
}

enum rc be_sure(struct op *op, struct str password)
{
    struct account account;
    int64_t        wait_ms;
    bool           right = false;

    enum rc rc = in_a_session(op);
    if (rc != RC_OK || !asks_password(op->actor))
        return rc;
    rc = account_find(op, op->actor->account, &account);
    if (rc == RC_OK)
        rc = lockout_try(op, account.login, op->address, &wait_ms);
    if (rc == RC_OK)
        rc = password_check(password, account.password, wait_ms, &right);
    if (rc == RC_OK && !right)
        return fail(op, RC_REFUSED, "password", "密码不对，请再看看。");
    if (rc == RC_OK)
        lockout_passed(op, account.login, op->address);
    return rc;
}
