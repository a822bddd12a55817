#include "guard/signature.h"

#include <sodium.h>

#include "guard/sm.h"

enum { HEX_DIGITS = 2 * SM3_BYTES, NONCE_MIN = 16, NONCE_MAX = 64, NUMBER_MAX = 19 };

static bool is_hex(struct str text, size_t min, size_t max)
{
    bool clean = text.len >= min && text.len <= max;

    for (size_t i = 0; clean && i < text.len; i++)
        clean = (text.at[i] >= '0' && text.at[i] <= '9') ||
                (text.at[i] >= 'a' && text.at[i] <= 'f');
    return clean;
}

static bool is_number(struct str text)
{
    int64_t number;

    return text.len <= NUMBER_MAX && str_int64(text, &number) && number > 0;
}

/* One "name=value" into its member, which must not have been there. */
static bool take(struct signature *signature, struct str part)
{
    const struct {
        struct str  name;
        struct str *into;
    } members[] = {
        { STR("key"), &signature->key },     { STR("time"), &signature->time },
        { STR("nonce"), &signature->nonce }, { STR("digest"), &signature->digest },
        { STR("mac"), &signature->mac },
    };
    struct str_cut sides = str_cut(str_trim(part), '=');

    for (size_t i = 0; sides.ok && i < COUNT(members); i++)
        if (str_eq(members[i].name, sides.head) && !members[i].into->at) {
            *members[i].into = sides.tail;
            return true;
        }
    return false;
}

bool signature_read(struct str authorization, struct signature *signature)
{
    struct str_cut head = str_cut(authorization, ' ');
    struct str     rest = head.tail;
    bool           good = head.ok && str_eq(head.head, SIGN_SCHEME);

    *signature = (struct signature){ 0 };
    while (good && rest.len) {
        struct str_cut parts = str_cut(rest, ',');
        good = take(signature, parts.head);
        rest = parts.tail;
    }
    return good && is_number(signature->key) && is_number(signature->time) &&
           is_hex(signature->nonce, NONCE_MIN, NONCE_MAX) &&
           is_hex(signature->digest, HEX_DIGITS, HEX_DIGITS) &&
           is_hex(signature->mac, HEX_DIGITS, HEX_DIGITS);
}

struct str signature_write(struct arena *arena, const struct signature *signature)
{
    return str_fmt(
        arena, "LINLI-HMAC-SM3 key=%.*s,time=%.*s,nonce=%.*s,digest=%.*s,mac=%.*s",
        STR_ARG(signature->key), STR_ARG(signature->time), STR_ARG(signature->nonce),
        STR_ARG(signature->digest), STR_ARG(signature->mac));
}

struct str signature_text(struct arena *arena, const struct signed_request *request,
                          const struct signature *signature)
{
    const struct str lines[] = { SIGN_SCHEME,      request->direction, request->method,
                                 request->target,  signature->time,    signature->nonce,
                                 signature->digest };

    return str_join(arena, lines, COUNT(lines), STR("\n"));
}

struct str signature_mac(struct arena *arena, struct str secret,
                         const struct signed_request *request,
                         const struct signature      *signature)
{
    unsigned char mac[SM3_BYTES];
    struct str    text = signature_text(arena, request, signature);

    if (!text.at)
        return STR_NONE;
    sm3_hmac(secret, PARTS(text), mac);
    return str_hex(arena, mac, sizeof mac);
}

bool signature_holds(struct arena *arena, struct str secret,
                     const struct signed_request *request,
                     const struct signature      *signature)
{
    struct str mac = signature_mac(arena, secret, request, signature);

    return mac.at && mac.len == signature->mac.len &&
           sodium_memcmp(mac.at, signature->mac.at, mac.len) == 0;
}

bool signature_covers(const struct signature *signature, const unsigned char hash[32])
{
    char hex[HEX_DIGITS + 1];

    (void)sodium_bin2hex(hex, sizeof hex, hash, SM3_BYTES);
    return str_eq(str_slice(hex, HEX_DIGITS), signature->digest);
}
