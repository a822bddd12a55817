/* The second factor: passing it, and keeping one's own.  Whoever is half signed in can do
 * nothing but this; what changes a factor ends the other sessions of the account and gives
 * this one another token. */
#include <sodium.h>

#include "gate/journal.h"
#include "guard/lockout.h"
#include "guard/qr.h"
#include "guard/totp.h"
#include "registry/registry.h"
#include "registry/sign_in.h"

enum { TITLE_CHARS_MAX = 40, CLIENT_DATA_CHARS_MAX = 4000, BYTES_CHARS_MAX = 4000 };
#define ISSUER STR("邻里")

/* What the journal keeps: whose, and which; nothing that opens. */
struct said {
    int64_t    account;
    struct str factor;
};
static const struct field said_fields[] = {
    FIELD_ID(struct said, account, OPTIONAL),
    FIELD(struct said, factor, OPTIONAL),
};

static enum rc say(struct op *op, struct str factor)
{
    const struct said said = { op->actor->account, factor };

    journal_about(op, op->actor->account, 0, 0, 0);
    return journal_says(op, said_fields, COUNT(said_fields), &said);
}

static enum rc signed_in_ready(struct op *op, void *in)
{
    (void)in;
    return in_a_session(op);
}

/* The answers of a browser are bytes in base64url. */
static struct str bytes_of(struct op *op, struct str text)
{
    unsigned char *bytes = arena_take(op->arena, text.len + 1);
    size_t         n = 0;

    if (!bytes || sodium_base642bin(bytes, text.len + 1, text.at, text.len, NULL, &n, NULL,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return STR_NONE;
    return str_slice((const char *)bytes, n);
}

static struct str text_of(struct op *op, struct str bytes)
{
    size_t room =
        sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_take(op->arena, room);

    if (!text)
        return STR_NONE;
    (void)sodium_bin2base64(text, room, (const unsigned char *)bytes.at, bytes.len,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(text);
}

/* ------------------------------------------------------------- passing it */

struct code_args {
    struct str code;
};
static const struct field code_fields[] = {
    FIELD(struct code_args, code, REQUIRED, .max = 20, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("验证码")),
};

/* Counted before it is looked at: what is refused leaves nothing in the database. */
static enum rc code_ready(struct op *op, void *in)
{
    enum rc rc = in_a_session(op);

    (void)in;
    return rc == RC_OK ? lockout_try_code(op, op->actor->account, op->address) : rc;
}

static enum rc pass_totp(struct op *op, const void *in, struct view *view)
{
    enum rc rc = totp_pass(op, op->actor->account, ((const struct code_args *)in)->code);

    if (rc != RC_OK)
        return rc;
    lockout_passed_code(op, op->actor->account, op->address);
    return step_up(op, PASSED_TOTP, (struct list){ 0 }, view);
}

static enum rc pass_recovery(struct op *op, const void *in, struct view *view)
{
    enum rc rc =
        recovery_pass(op, op->actor->account, ((const struct code_args *)in)->code);

    if (rc != RC_OK)
        return rc;
    lockout_passed_code(op, op->actor->account, op->address);
    return step_up(op, PASSED_RECOVERY, (struct list){ 0 }, view);
}

struct challenge {
    struct str  challenge, rp, rp_name;
    struct str  user, login, name; /* of a new key */
    struct list credentials;       /* that may answer, or are there already */
};
static const struct field challenge_fields[] = {
    FIELD(struct challenge, challenge, OPTIONAL, .note = STR_INIT("五分钟，只用一次")),
    FIELD(struct challenge, rp, OPTIONAL),
    FIELD(struct challenge, rp_name, OPTIONAL),
    FIELD(struct challenge, user, OPTIONAL),
    FIELD(struct challenge, login, OPTIONAL),
    FIELD(struct challenge, name, OPTIONAL),
    FIELD_LIST_OF(struct challenge, credentials, KIND_TEXT, .max = PASSKEYS_MAX),
};

/* Those that were made for this host: a browser knows no others here. */
static enum rc credentials_of(struct op *op, struct challenge *answer)
{
    struct list shown;

    enum rc rc = passkeys_of(op, op->actor->account, &shown);
    if (rc != RC_OK)
        return rc;
    const struct passkey_shown *rows = shown.at;
    struct str                 *texts = arena_many(op->arena, shown.n + 1, struct str);
    answer->credentials.at = texts;
    for (size_t i = 0; texts && i < shown.n; i++)
        if (str_eq(rows[i].rp, answer->rp))
            texts[answer->credentials.n++] = text_of(op, rows[i].credential);
    return texts ? RC_OK : RC_TOO_LARGE;
}

static enum rc make_challenge(struct op *op, enum purpose purpose, struct challenge *answer)
{
    *answer = (struct challenge){ .rp = passkey_rp(op->origin), .rp_name = ISSUER };
    if (!answer->rp.at)
        return fail(op, RC_REFUSED, NULL,
                    "用数字地址打开的网页不能用通行密钥，请用网站的名字打开。");
    enum rc rc = challenge_give(op, purpose, &answer->challenge);
    return rc == RC_OK ? credentials_of(op, answer) : rc;
}

static enum rc ask_passkey(struct op *op, const void *in, struct view *view)
{
    struct challenge answer;

    (void)in;
    enum rc rc = make_challenge(op, PURPOSE_SHOW, &answer);
    if (rc == RC_OK && answer.credentials.n == 0)
        return fail(op, RC_REFUSED, NULL, "这个账号在这个网址还没有通行密钥。");
    if (rc != RC_OK)
        return rc;
    view_struct(view, challenge_fields, COUNT(challenge_fields), &answer);
    return RC_OK;
}

struct shown_args {
    struct str credential, client_data, authenticator, signature;
};
static const struct field shown_fields[] = {
    FIELD(struct shown_args, credential, REQUIRED, .max = BYTES_CHARS_MAX),
    FIELD(struct shown_args, client_data, REQUIRED, .max = CLIENT_DATA_CHARS_MAX),
    FIELD(struct shown_args, authenticator, REQUIRED, .max = BYTES_CHARS_MAX),
    FIELD(struct shown_args, signature, REQUIRED, .max = BYTES_CHARS_MAX),
};

/* Opens nothing; what it did stays: the challenge is gone with the answer, whatever that
 * was worth. */
static enum rc refused_for_good(struct op *op, enum rc rc, struct view *view)
{
    if (rc != RC_REFUSED)
        return rc;
    view->refused = rc;
    return say(op, STR("refused"));
}

static enum rc pass_passkey(struct op *op, const void *in, struct view *view)
{
    const struct shown_args *args = in;
    struct passkey_told      told = { .client_data = bytes_of(op, args->client_data),
                                      .authenticator = bytes_of(op, args->authenticator),
                                      .signature = bytes_of(op, args->signature) };
    struct str               credential = bytes_of(op, args->credential);

    if (!told.client_data.at || !told.authenticator.at || !told.signature.at ||
        !credential.at)
        return fail(op, RC_INVALID, NULL, "通行密钥的回答不完整，请再试一次。");
    enum rc rc = passkey_pass(op, op->actor->account, credential, &told);
    return rc == RC_OK ? step_up(op, PASSED_PASSKEY, (struct list){ 0 }, view)
                       : refused_for_good(op, rc, view);
}

/* ------------------------------------------------------------- one's own */

struct key_shown {
    int64_t    id;
    struct str title;
    int64_t    made, used;
};
static const struct field key_fields[] = {
    FIELD_ID(struct key_shown, id, OPTIONAL),
    FIELD(struct key_shown, title, OPTIONAL, .title = STR_INIT("名字")),
    FIELD_TIME(struct key_shown, made, .title = STR_INIT("绑定时间")),
    FIELD_TIME(struct key_shown, used, .title = STR_INIT("最近使用")),
};
struct factors_shown {
    struct str  demand, owes;
    int64_t     totp;
    struct list passkeys;
    int64_t     keys, recovery;
    bool        asks;
};
static const struct field factors_fields[] = {
    FIELD(struct factors_shown, demand, OPTIONAL, .title = STR_INIT("要求"),
          .note = STR_INIT("none、totp 或 passkey")),
    FIELD(struct factors_shown, owes, OPTIONAL, .title = STR_INIT("还差什么")),
    FIELD_TIME(struct factors_shown, totp, .title = STR_INIT("动态口令绑定时间")),
    FIELD_LIST(struct factors_shown, passkeys, struct key_shown, key_fields, OPTIONAL),
    FIELD(struct factors_shown, keys, OPTIONAL, .title = STR_INIT("几把通行密钥")),
    FIELD(struct factors_shown, recovery, OPTIONAL, .title = STR_INIT("还剩几个恢复码")),
    FIELD(struct factors_shown, asks, OPTIONAL, .title = STR_INIT("改动要再填一次密码")),
};

static enum rc keys_shown(struct op *op, struct list *keys)
{
    struct list found;

    enum rc rc = passkeys_of(op, op->actor->account, &found);
    if (rc != RC_OK)
        return rc;
    const struct passkey_shown *rows = found.at;
    struct key_shown           *into = arena_many(op->arena, found.n + 1, struct key_shown);
    for (size_t i = 0; into && i < found.n; i++)
        into[i] =
            (struct key_shown){ rows[i].id, rows[i].title, rows[i].made, rows[i].used };
    *keys = (struct list){ into, found.n };
    return into ? RC_OK : RC_TOO_LARGE;
}

/* Of op's account with all its duties, also while its session is half. */
static enum rc asked_of_me(struct op *op, struct asked_of *asked)
{
    struct actor actor;

    enum rc rc = in_a_session(op);
    if (rc == RC_OK)
        rc = account_actor(op, op->actor->account, &actor);
    return rc == RC_OK ? asked_of(op, &actor, asked) : rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct asked_of      asked;
    struct factors_shown answer = { .owes = owes_word(op->actor->owes) };

    (void)in;
    enum rc rc = asked_of_me(op, &asked);
    if (rc == RC_OK && op->actor->owes != OWES_FACTOR)
        rc = keys_shown(op, &answer.passkeys);
    if (rc != RC_OK)
        return rc;
    answer.asks = asks_password(op->actor);
    answer.demand = asked.policy.factor;
    answer.totp = asked.have.totp_ms;
    answer.keys = asked.have.passkeys;
    answer.recovery = asked.have.recovery;
    view_struct(view, factors_fields, COUNT(factors_fields), &answer);
    return RC_OK;
}

struct sure_args {
    struct str password;
};
static const struct field sure_fields[] = {
    FIELD(struct sure_args, password, .max = 128, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("密码"), .note = STR_INIT("第一次绑定时不用写")),
};

static enum rc sure(struct op *op, void *in)
{
    return be_sure(op, ((const struct sure_args *)in)->password);
}

/* The first factor comes with codes on paper for the day it is lost. */
static enum rc enrolled(struct op *op, enum passed passed, struct view *view)
{
    struct factors have;
    struct list    codes = { 0 };

    enum rc rc = factors_of(op, op->actor->account, &have);
    if (rc == RC_OK && have.recovery == 0)
        rc = recovery_give(op, op->actor->account, &codes);
    if (rc == RC_OK)
        rc = session_end_all(op, op->actor->account, op->actor->session);
    return rc == RC_OK ? step_up(op, passed, codes, view) : rc;
}

/* ---- 动态口令 ---- */

struct totp_shown {
    struct str secret, uri, path;
    int64_t    size;
};
static const struct field totp_fields[] = {
    FIELD(struct totp_shown, secret, OPTIONAL, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("密钥，只显示这一次")),
    FIELD(struct totp_shown, uri, OPTIONAL, .grade = GRADE_SENSITIVE),
    FIELD(struct totp_shown, size, OPTIONAL, .title = STR_INIT("二维码每边几格")),
    FIELD(struct totp_shown, path, OPTIONAL, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("二维码，SVG 路径")),
};

static enum rc begin_totp(struct op *op, const void *in, struct view *view)
{
    struct account    account;
    struct totp_shown answer = { 0 };
    struct str        secret;

    (void)in;
    enum rc rc = account_find(op, op->actor->account, &account);
    if (rc == RC_OK)
        rc = totp_begin(op, account.id, &secret);
    if (rc == RC_OK)
        rc = say(op, STR("totp"));
    if (rc != RC_OK)
        return rc;
    answer.secret = totp_text(op->arena, secret);
    answer.uri = totp_uri(op->arena, secret, ISSUER, account.login);
    struct qr qr = qr_of(op->arena, answer.uri);
    answer.size = qr.size;
    answer.path = qr.path;
    view_struct(view, totp_fields, COUNT(totp_fields), &answer);
    return RC_OK;
}

static enum rc confirm_totp(struct op *op, const void *in, struct view *view)
{
    enum rc rc = totp_confirm(op, op->actor->account, ((const struct code_args *)in)->code);

    if (rc != RC_OK)
        return rc;
    lockout_passed_code(op, op->actor->account, op->address);
    return enrolled(op, PASSED_TOTP, view);
}

/* Is what is left still enough? */
static enum rc enough_without(struct op *op, int64_t totps, int64_t passkeys)
{
    struct asked_of asked;

    enum rc rc = asked_of_me(op, &asked);
    if (rc != RC_OK)
        return rc;
    enum demand demand = policy_demand(&asked.policy);
    int64_t     left = asked.have.passkeys - passkeys;
    if (demand == DEMAND_TOTP)
        left += (asked.have.totp_ms != 0) - totps;
    if (demand == DEMAND_NONE || left > 0 || (demand == DEMAND_PASSKEY && totps))
        return RC_OK;
    return fail(op, RC_REFUSED, NULL,
                "您的账号要有第二重验证，请先绑定另一种，再解除这一种。");
}

static enum rc end_totp(struct op *op, const void *in, struct view *view)
{
    (void)in;
    enum rc rc = enough_without(op, 1, 0);
    if (rc == RC_OK)
        rc = totp_end(op, op->actor->account);
    if (rc == RC_OK)
        rc = session_end_all(op, op->actor->account, op->actor->session);
    return rc == RC_OK ? step_up(op, PASSED_NOTHING, (struct list){ 0 }, view) : rc;
}

/* ---- 通行密钥 ---- */

static enum rc begin_passkey(struct op *op, const void *in, struct view *view)
{
    struct account   account;
    struct challenge answer;

    (void)in;
    enum rc rc = account_find(op, op->actor->account, &account);
    if (rc == RC_OK)
        rc = make_challenge(op, PURPOSE_MAKE, &answer);
    if (rc == RC_OK)
        rc = say(op, STR("passkey"));
    if (rc != RC_OK)
        return rc;
    answer.user = text_of(op, str_fmt(op->arena, "%lld", (long long)op->actor->account));
    answer.login = account.login;
    answer.name = account.name;
    view_struct(view, challenge_fields, COUNT(challenge_fields), &answer);
    return RC_OK;
}

struct add_args {
    struct str title, client_data, authenticator;
    int64_t    algorithm;
};
static const struct field add_fields[] = {
    FIELD(struct add_args, title, REQUIRED, .max = TITLE_CHARS_MAX,
          .title = STR_INIT("给它起个名字")),
    FIELD(struct add_args, client_data, REQUIRED, .max = CLIENT_DATA_CHARS_MAX),
    FIELD(struct add_args, authenticator, REQUIRED, .max = BYTES_CHARS_MAX),
    FIELD(struct add_args, algorithm, REQUIRED, .min = -65535, .max = -1,
          .note = STR_INIT("COSE：-7、-8 或 -257")),
};

static enum rc add_passkey(struct op *op, const void *in, struct view *view)
{
    const struct add_args *args = in;
    struct passkey_told    told = { .client_data = bytes_of(op, args->client_data),
                                    .authenticator = bytes_of(op, args->authenticator) };

    if (!told.client_data.at || !told.authenticator.at)
        return fail(op, RC_INVALID, NULL, "通行密钥的回答不完整，请再试一次。");
    enum rc rc = passkey_add(op, op->actor->account, args->title, &told, args->algorithm);
    return rc == RC_OK ? enrolled(op, PASSED_PASSKEY, view)
                       : refused_for_good(op, rc, view);
}

struct end_args {
    int64_t    passkey;
    struct str password;
};
static const struct field end_fields[] = {
    FIELD_ID(struct end_args, passkey, REQUIRED, .title = STR_INIT("通行密钥")),
    FIELD(struct end_args, password, .max = 128, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("密码")),
};

static enum rc end_ready(struct op *op, void *in)
{
    return be_sure(op, ((const struct end_args *)in)->password);
}

static enum rc end_passkey(struct op *op, const void *in, struct view *view)
{
    enum rc rc = enough_without(op, 0, 1);

    if (rc == RC_OK)
        rc = passkey_end(op, op->actor->account, ((const struct end_args *)in)->passkey);
    if (rc == RC_OK)
        rc = session_end_all(op, op->actor->account, op->actor->session);
    return rc == RC_OK ? step_up(op, PASSED_NOTHING, (struct list){ 0 }, view) : rc;
}

/* ---- 恢复码 ---- */

struct codes_shown {
    struct list recovery;
};
static const struct field codes_fields[] = {
    FIELD_LIST_OF(struct codes_shown, recovery, KIND_TEXT, .title = STR_INIT("恢复码"),
                  .note = STR_INIT("只显示这一次，旧的作废")),
};

static enum rc renew_recovery(struct op *op, const void *in, struct view *view)
{
    struct codes_shown answer;

    (void)in;
    enum rc rc = recovery_give(op, op->actor->account, &answer.recovery);
    if (rc == RC_OK)
        rc = say(op, STR("recovery"));
    if (rc != RC_OK)
        return rc;
    view_struct(view, codes_fields, COUNT(codes_fields), &answer);
    return RC_OK;
}

/* --------------------------------------------------------------- the table */

#define ANSWERS_SIGNED_IN .answer = signed_in_fields, .nanswer = SIGNED_IN_FIELDS

const struct act factor_acts[] = {
    { .name = "session.challenge",
      .method = POST,
      .path = "/sessions/current/challenge",
      .title = STR_INIT("要一道通行密钥的题"),
      .right = RIGHT_SELF,
      .owing = OWING(FACTOR),
      .writes = true,
      .unkept = true,
      .quiet = true,
      ANSWER(struct challenge, challenge_fields),
      .ready = signed_in_ready,
      .run = ask_passkey },
    { .name = "session.passkey",
      .method = POST,
      .path = "/sessions/current/passkey",
      .title = STR_INIT("用通行密钥验证"),
      .right = RIGHT_SELF,
      .owing = OWING(FACTOR),
      .writes = true,
      ARGS(struct shown_args, shown_fields),
      ANSWERS_SIGNED_IN,
      .ready = signed_in_ready,
      .run = pass_passkey },
    { .name = "session.totp",
      .method = POST,
      .path = "/sessions/current/totp",
      .title = STR_INIT("用动态口令验证"),
      .right = RIGHT_SELF,
      .owing = OWING(FACTOR),
      .writes = true,
      ARGS(struct code_args, code_fields),
      ANSWERS_SIGNED_IN,
      .ready = code_ready,
      .run = pass_totp },
    { .name = "session.recovery",
      .method = POST,
      .path = "/sessions/current/recovery",
      .title = STR_INIT("用恢复码验证"),
      .right = RIGHT_SELF,
      .owing = OWING(FACTOR),
      .writes = true,
      ARGS(struct code_args, code_fields),
      ANSWERS_SIGNED_IN,
      .ready = code_ready,
      .run = pass_recovery },
    { .name = "factor.list",
      .method = GET,
      .path = "/factors",
      .title = STR_INIT("我的第二重验证"),
      .right = RIGHT_SELF,
      .owing = OWING(FACTOR) | OWING(ENROLMENT),
      ANSWER(struct factors_shown, factors_fields),
      .run = list },
    { .name = "factor.totp-begin",
      .method = POST,
      .path = "/factors/totp",
      .title = STR_INIT("绑定动态口令：得到二维码"),
      .right = RIGHT_SELF,
      .owing = OWING(ENROLMENT),
      .writes = true,
      .unkept = true,
      .slow = true,
      ARGS(struct sure_args, sure_fields),
      ANSWER(struct totp_shown, totp_fields),
      .ready = sure,
      .run = begin_totp },
    { .name = "factor.totp-confirm",
      .method = POST,
      .path = "/factors/totp/confirm",
      .title = STR_INIT("绑定动态口令：填六位数"),
      .right = RIGHT_SELF,
      .owing = OWING(ENROLMENT),
      .writes = true,
      ARGS(struct code_args, code_fields),
      ANSWERS_SIGNED_IN,
      .ready = code_ready,
      .run = confirm_totp },
    { .name = "factor.totp-end",
      .method = POST,
      .path = "/factors/totp/end",
      .title = STR_INIT("解除动态口令"),
      .right = RIGHT_SELF,
      .writes = true,
      .slow = true,
      ARGS(struct sure_args, sure_fields),
      ANSWERS_SIGNED_IN,
      .ready = sure,
      .run = end_totp },
    { .name = "factor.passkey-begin",
      .method = POST,
      .path = "/factors/passkeys/begin",
      .title = STR_INIT("绑定通行密钥：得到一道题"),
      .right = RIGHT_SELF,
      .owing = OWING(ENROLMENT),
      .writes = true,
      .unkept = true,
      .slow = true,
      ARGS(struct sure_args, sure_fields),
      ANSWER(struct challenge, challenge_fields),
      .ready = sure,
      .run = begin_passkey },
    { .name = "factor.passkey-add",
      .method = POST,
      .path = "/factors/passkeys",
      .title = STR_INIT("绑定通行密钥：交回答案"),
      .right = RIGHT_SELF,
      .owing = OWING(ENROLMENT),
      .writes = true,
      ARGS(struct add_args, add_fields),
      ANSWERS_SIGNED_IN,
      .ready = signed_in_ready,
      .run = add_passkey },
    { .name = "factor.passkey-end",
      .method = POST,
      .path = "/factors/passkeys/{passkey}/end",
      .title = STR_INIT("解除通行密钥"),
      .right = RIGHT_SELF,
      .writes = true,
      .slow = true,
      ARGS(struct end_args, end_fields),
      ANSWERS_SIGNED_IN,
      .ready = end_ready,
      .run = end_passkey },
    { .name = "factor.recovery",
      .method = POST,
      .path = "/factors/recovery",
      .title = STR_INIT("换一组恢复码"),
      .right = RIGHT_SELF,
      .writes = true,
      .unkept = true,
      .slow = true,
      ARGS(struct sure_args, sure_fields),
      ANSWER(struct codes_shown, codes_fields),
      .ready = sure,
      .run = renew_recovery },
    { .name = NULL },
};
