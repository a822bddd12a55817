#include "guard/passkey.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <sodium.h>

#include "base/json.h"
#include "base/log.h"

enum { USER_WAS_THERE = 1, HOST_BYTES_MAX = 253 };

static enum rc not_right(struct op *op)
{
    return fail(op, RC_REFUSED, NULL, "这把通行密钥没有通过，请再试一次。");
}

static void start(void)
{
    fido_init(0);
}

static void begin(void)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;

    pthread_once(&started, start);
}

/* ---- where and why: the browser's word ---- */

struct str passkey_rp(struct str origin)
{
    struct str     past = str_cut(str_cut(origin, '/').tail, '/').tail; /* "https://" */
    struct str     host = str_cut(past, ':').head;
    char           text[HOST_BYTES_MAX + 1];
    struct in_addr address;

    if (host.len == 0 || host.len > HOST_BYTES_MAX || host.at[0] == '[')
        return STR_NONE;
    memcpy(text, host.at, host.len);
    text[host.len] = 0;
    return inet_pton(AF_INET, text, &address) == 1 ? STR_NONE : host;
}

/* {"type":"webauthn.get","challenge":"…","origin":"https://…","crossOrigin":false} */
static bool says(struct op *op, const struct passkey_asked *asked, struct str client_data,
                 struct str type)
{
    struct problems ignored;

    problems_init(&ignored, op->arena);
    if (json_check(op->arena, client_data, &ignored) != RC_OK ||
        json_type(client_data) != JSON_OBJECT)
        return false;
    return str_eq(json_pick_text(op->arena, client_data, "type"), type) &&
           str_eq(json_pick_text(op->arena, client_data, "challenge"), asked->challenge) &&
           str_eq(json_pick_text(op->arena, client_data, "origin"), asked->origin) &&
           !str_eq(json_pick(op->arena, client_data, "crossOrigin"), STR("true"));
}

static const unsigned char *bytes(struct str s)
{
    return (const unsigned char *)s.at;
}

/* What the authenticator signs begins with the hash of whom it believes to answer. */
static bool is_for(struct str authenticator, struct str rp)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, bytes(rp), rp.len);
    return authenticator.len > sizeof hash &&
           memcmp(authenticator.at, hash, sizeof hash) == 0;
}

/* ---- a new one ---- */

static struct str copied(struct arena *arena, const unsigned char *at, size_t n)
{
    return at ? str_copy(arena, str_slice((const char *)at, n)) : STR_NONE;
}

static bool read_made(struct op *op, fido_cred_t *cred, struct str authenticator,
                      int64_t algorithm, struct passkey *made)
{
    if (fido_cred_set_type(cred, (int)algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(cred, bytes(authenticator), authenticator.len) !=
            FIDO_OK ||
        !(fido_cred_flags(cred) & USER_WAS_THERE))
        return false;
    made->algorithm = algorithm;
    made->counter = fido_cred_sigcount(cred);
    made->credential = copied(op->arena, fido_cred_id_ptr(cred), fido_cred_id_len(cred));
    made->public_key =
        copied(op->arena, fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred));
    return made->credential.len && made->public_key.len;
}

enum rc passkey_make(struct op *op, const struct passkey_asked *asked,
                     const struct passkey_told *told, int64_t algorithm,
                     struct passkey *made)
{
    *made = (struct passkey){ .rp = passkey_rp(asked->origin) };
    if (!made->rp.at || !says(op, asked, told->client_data, STR("webauthn.create")) ||
        !is_for(told->authenticator, made->rp) || algorithm < INT16_MIN || algorithm >= 0)
        return not_right(op);
    begin();
    fido_cred_t *cred = fido_cred_new();
    bool         read = cred && read_made(op, cred, told->authenticator, algorithm, made);
    fido_cred_free(&cred);
    return read ? RC_OK : not_right(op);
}

/* ---- one that shows itself ---- */

static bool verify_es256(const fido_assert_t *assertion, struct str key)
{
    es256_pk_t *pk = es256_pk_new();

    bool right = pk && es256_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
                 fido_assert_verify(assertion, 0, COSE_ES256, pk) == FIDO_OK;
    es256_pk_free(&pk);
    return right;
}

static bool verify_eddsa(const fido_assert_t *assertion, struct str key)
{
    eddsa_pk_t *pk = eddsa_pk_new();

    bool right = pk && eddsa_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
                 fido_assert_verify(assertion, 0, COSE_EDDSA, pk) == FIDO_OK;
    eddsa_pk_free(&pk);
    return right;
}

static bool verify_rs256(const fido_assert_t *assertion, struct str key)
{
    rs256_pk_t *pk = rs256_pk_new();

    bool right = pk && rs256_pk_from_ptr(pk, key.at, key.len) == FIDO_OK &&
                 fido_assert_verify(assertion, 0, COSE_RS256, pk) == FIDO_OK;
    rs256_pk_free(&pk);
    return right;
}

static bool verify(const fido_assert_t *assertion, const struct passkey *passkey)
{
    switch (passkey->algorithm) {
    case COSE_ES256:
        return verify_es256(assertion, passkey->public_key);
    case COSE_EDDSA:
        return verify_eddsa(assertion, passkey->public_key);
    case COSE_RS256:
        return verify_rs256(assertion, passkey->public_key);
    default:
        return false;
    }
}

static bool set_told(struct op *op, fido_assert_t *assertion, struct str rp,
                     const struct passkey_told *told)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const char   *z = str_z(op->arena, rp);

    crypto_hash_sha256(hash, bytes(told->client_data), told->client_data.len);
    return z && fido_assert_set_clientdata_hash(assertion, hash, sizeof hash) == FIDO_OK &&
           fido_assert_set_rp(assertion, z) == FIDO_OK &&
           fido_assert_set_count(assertion, 1) == FIDO_OK &&
           fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_authdata_raw(assertion, 0, bytes(told->authenticator),
                                        told->authenticator.len) == FIDO_OK &&
           fido_assert_set_sig(assertion, 0, bytes(told->signature), told->signature.len) ==
               FIDO_OK;
}

/* Some count how often they signed.  One that went back has a double. */
static enum rc counted(struct op *op, struct passkey *passkey, int64_t counter)
{
    if ((passkey->counter || counter) && counter <= passkey->counter) {
        log_event(LOG_WARN, "passkey.doubled", LOG_INT("passkey", passkey->id));
        return fail(
            op, RC_REFUSED, NULL,
            "这把通行密钥像是被人复制过，没有放行。请换一种方式登录，并告诉安全管理员。");
    }
    passkey->counter = counter;
    return RC_OK;
}

enum rc passkey_check(struct op *op, const struct passkey_asked *asked,
                      const struct passkey_told *told, struct passkey *passkey)
{
    int64_t counter = 0;

    if (!says(op, asked, told->client_data, STR("webauthn.get")) ||
        !str_eq(passkey->rp, passkey_rp(asked->origin)))
        return not_right(op);
    begin();
    fido_assert_t *assertion = fido_assert_new();
    bool           right = assertion && set_told(op, assertion, passkey->rp, told) &&
                 verify(assertion, passkey);
    if (right)
        counter = fido_assert_sigcount(assertion, 0);
    fido_assert_free(&assertion);
    return right ? counted(op, passkey, counter) : not_right(op);
}
