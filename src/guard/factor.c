#include "guard/factor.h"

#include <sodium.h>

#include "base/random.h"
#include "guard/factor_store.h"
#include "guard/seal.h"
#include "guard/slip.h"
#include "guard/totp.h"

enum { CHALLENGE_BYTES = 32 };
#define SLIP_PURPOSE STR("recovery")

static const struct str purposes[] = {
    [PURPOSE_MAKE] = STR_INIT("make"), [PURPOSE_SHOW] = STR_INIT("show")
};

/* ---- what there is, and what is owed ---- */

enum rc factors_of(struct op *op, int64_t account, struct factors *factors)
{
    struct totp_row row = { 0 };

    *factors = (struct factors){ 0 };
    enum rc rc = factor_rows_count(op, account, &factors->passkeys, &factors->recovery);
    if (rc == RC_OK)
        rc = totp_row_find(op, account, &row);
    factors->totp_ms = rc == RC_OK ? row.confirmed : 0;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Who has a factor is asked for it, demanded or not.  A code on paper opens the door once,
 * but where a passkey is demanded only to the room where a new one is made. */
enum owes factors_owe(enum demand demand, enum passed passed, const struct factors *have)
{
    bool any = have->totp_ms || have->passkeys;

    if (passed == PASSED_DEMO)
        return OWES_NOTHING;
    if (passed == PASSED_NOTHING && any)
        return OWES_FACTOR;
    if (demand == DEMAND_NONE)
        return OWES_NOTHING;
    if (demand == DEMAND_TOTP)
        return passed == PASSED_NOTHING ? OWES_ENROLMENT : OWES_NOTHING;
    if (passed == PASSED_PASSKEY)
        return OWES_NOTHING;
    return passed == PASSED_TOTP && have->passkeys ? OWES_FACTOR : OWES_ENROLMENT;
}

/* ---- 动态口令 ---- */

static enum rc wrong_code(struct op *op)
{
    return fail(op, RC_REFUSED, "code",
                "动态口令不对，或刚刚用过。请等手机上换了新的六位数再填。");
}

enum rc totp_begin(struct op *op, int64_t account, struct str *secret)
{
    unsigned char *made = arena_take(op->arena, TOTP_SECRET_BYTES);
    struct str     sealed;

    if (!made)
        return RC_TOO_LARGE;
    totp_secret(made);
    *secret = str_slice((const char *)made, TOTP_SECRET_BYTES);
    enum rc rc = seal(op, PLACE("totps", "secret", account, 0), *secret, &sealed);
    return rc == RC_OK ? totp_row_pending(op, account, sealed) : rc;
}

/* The half minute that the code is of, when it is later than the last. */
static enum rc step_of(struct op *op, int64_t account, struct str sealed, int64_t last,
                       struct str code, int64_t *step)
{
    struct str secret;

    enum rc rc = unseal(op, PLACE("totps", "secret", account, 0), sealed, &secret);
    if (rc != RC_OK)
        return rc;
    *step = totp_step(secret, code, op->now_ms, last);
    return *step ? RC_OK : wrong_code(op);
}

enum rc totp_confirm(struct op *op, int64_t account, struct str code)
{
    struct totp_row row = { 0 };
    int64_t         step;

    enum rc rc = totp_row_find(op, account, &row);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !row.pending.at))
        return fail(op, RC_REFUSED, "code", "没有等着确认的动态口令，请重新扫码。");
    if (rc == RC_OK)
        rc = step_of(op, account, row.pending, 0, code, &step);
    return rc == RC_OK ? totp_row_confirm(op, account, step) : rc;
}

enum rc totp_pass(struct op *op, int64_t account, struct str code)
{
    struct totp_row row = { 0 };
    int64_t         step;

    enum rc rc = totp_row_find(op, account, &row);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !row.confirmed))
        return fail(op, RC_REFUSED, "code", "这个账号没有绑定动态口令。");
    if (rc == RC_OK)
        rc = step_of(op, account, row.secret, row.step, code, &step);
    return rc == RC_OK ? totp_row_step(op, account, step) : rc;
}

enum rc totp_end(struct op *op, int64_t account)
{
    return totp_row_end(op, account);
}

/* ---- 通行密钥 ---- */

enum rc challenge_give(struct op *op, enum purpose purpose, struct str *challenge)
{
    unsigned char bytes[CHALLENGE_BYTES];
    char          text[sodium_base64_ENCODED_LEN(CHALLENGE_BYTES,
                                                 sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

    random_bytes(bytes, sizeof bytes);
    (void)sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *challenge = str_copy(op->arena, str_of(text));
    return challenge_row_put(op, op->actor->session, purposes[purpose], *challenge,
                             op->now_ms + CHALLENGE_MS);
}

/* Gone with the answer, whatever it is worth. */
static enum rc challenge_take(struct op *op, enum purpose purpose,
                              struct passkey_asked *asked)
{
    asked->origin = op->origin;
    enum rc rc =
        challenge_row_take(op, op->actor->session, purposes[purpose], &asked->challenge);
    return rc == RC_NOT_FOUND
               ? fail(op, RC_REFUSED, NULL, "等得太久了，请再点一次通行密钥。")
               : rc;
}

enum rc passkeys_of(struct op *op, int64_t account, struct list *shown)
{
    return passkey_rows_of(op, account, PASSKEYS_MAX, shown);
}

enum rc passkey_add(struct op *op, int64_t account, struct str title,
                    const struct passkey_told *told, int64_t algorithm)
{
    struct passkey_asked asked;
    struct passkey       made;
    struct factors       have;

    enum rc rc = factors_of(op, account, &have);
    if (rc == RC_OK && have.passkeys == PASSKEYS_MAX)
        return fail(op, RC_REFUSED, NULL, "最多 %d 把通行密钥，请先删掉不用的。",
                    PASSKEYS_MAX);
    if (rc == RC_OK)
        rc = challenge_take(op, PURPOSE_MAKE, &asked);
    if (rc == RC_OK)
        rc = passkey_make(op, &asked, told, algorithm, &made);
    if (rc != RC_OK)
        return rc;
    made.id = op_new_id(op);
    rc = passkey_row_add(op, account, title, &made);
    return rc == RC_CONFLICT ? fail(op, rc, NULL, "这把通行密钥已经绑定过了。") : rc;
}

enum rc passkey_pass(struct op *op, int64_t account, struct str credential,
                     const struct passkey_told *told)
{
    struct passkey_asked asked;
    struct passkey       passkey = { 0 };

    enum rc rc = challenge_take(op, PURPOSE_SHOW, &asked);
    if (rc == RC_OK)
        rc = passkey_row_find(op, account, credential, &passkey);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, NULL, "这把通行密钥不是这个账号的。");
    if (rc == RC_OK)
        rc = passkey_check(op, &asked, told, &passkey);
    return rc == RC_OK ? passkey_row_used(op, account, passkey.id, passkey.counter) : rc;
}

enum rc passkey_end(struct op *op, int64_t account, int64_t id)
{
    return passkey_row_end(op, account, id);
}

/* ---- 恢复码 ---- */

enum rc recovery_give(struct op *op, int64_t account, struct list *codes)
{
    struct str *texts = arena_many(op->arena, RECOVERY_CODES, struct str);

    enum rc rc = texts ? recovery_rows_end(op, account) : RC_TOO_LARGE;
    for (size_t i = 0; rc == RC_OK && i < RECOVERY_CODES; i++) {
        unsigned char hash[SM3_BYTES];
        texts[i] = slip_new(op->arena);
        slip_hash(SLIP_PURPOSE, account, texts[i], hash);
        rc = texts[i].at ? recovery_row_add(op, account, PART_OF(hash)) : RC_TOO_LARGE;
    }
    *codes = (struct list){ texts, RECOVERY_CODES };
    return rc;
}

enum rc recovery_pass(struct op *op, int64_t account, struct str code)
{
    unsigned char hash[SM3_BYTES];

    slip_hash(SLIP_PURPOSE, account, code, hash);
    enum rc rc = recovery_row_take(op, account, PART_OF(hash));
    return rc == RC_NOT_FOUND
               ? fail(op, RC_REFUSED, "code", "恢复码不对，或已经用过了。每个只能用一次。")
               : rc;
}

enum rc factors_reset(struct op *op, int64_t account)
{
    enum rc rc = totp_row_end(op, account);

    if (rc == RC_OK)
        rc = passkey_rows_end(op, account);
    return rc == RC_OK ? recovery_rows_end(op, account) : rc;
}

enum rc challenges_sweep(struct op *op)
{
    return challenge_rows_sweep(op);
}
