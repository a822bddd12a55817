/* 通行密钥: a key pair that lives in a telephone, a computer or a key on a ring and signs
 * what we ask (WebAuthn).  What the browser brings back is judged here, by libfido2 for
 * what the authenticator said and signed, by ourselves for what the browser says about
 * where and why: it must answer the very challenge, come from our own page, and not from
 * inside somebody else's.
 *
 * Whose make the authenticator is nobody asks (attestation "none"): the county's staff
 * use the telephones they have.  That somebody was there is demanded; that it knew them
 * by finger or face is not, since the password came before. */
#ifndef GUARD_PASSKEY_H
#define GUARD_PASSKEY_H
#include "base/op.h"

struct passkey {
    int64_t    id;
    struct str credential, rp;
    int64_t    algorithm; /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
    struct str public_key;
    int64_t    counter;
};

struct passkey_asked {
    struct str challenge; /* base64url, as it was given out */
    struct str origin;    /* the page: "https://linli.example.cn" */
};

struct passkey_told {
    struct str client_data, authenticator, signature; /* bytes */
};

/* "linli.example.cn" of an origin: whom a key is for.  Absent when it is an address and
 * no name, where browsers make no keys. */
struct str passkey_rp(struct str origin);

/* A new one.  RC_REFUSED with a sentence. */
MUST_USE enum rc passkey_make(struct op *op, const struct passkey_asked *asked,
                              const struct passkey_told *told, int64_t algorithm,
                              struct passkey *made);
/* One that was made before shows itself; passkey->counter grows. */
MUST_USE enum rc passkey_check(struct op *op, const struct passkey_asked *asked,
                               const struct passkey_told *told, struct passkey *passkey);

#endif
