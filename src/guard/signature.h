/* Signatures between linli and the platform.  Both sides hold one secret of 32 bytes; a
 * request is signed over
 *
 *     LINLI-HMAC-SM3 \n direction \n METHOD \n target \n time \n nonce \n digest
 *
 * (no blanks; direction is "up" from linli to the platform, "down" the other way, so that
 * neither can be thrown back at its sender; target is path and query as sent; time in
 * milliseconds since 1970; digest the SM3 of the body in hexadecimal) and says so in
 *
 *     Authorization: LINLI-HMAC-SM3 key=…,time=…,nonce=…,digest=…,mac=…
 *
 * Answers are not signed: TLS says who gave them. */
#ifndef GUARD_SIGNATURE_H
#define GUARD_SIGNATURE_H
#include "base/arena.h"
#include "base/str.h"

#define SIGN_SCHEME STR("LINLI-HMAC-SM3")
#define SIGN_UP     STR("up")
#define SIGN_DOWN   STR("down")

struct signature {
    struct str key, time, nonce, digest, mac;
};
/* What the header says, every part once and well formed; false when not. */
MUST_USE bool signature_read(struct str authorization, struct signature *signature);
struct str    signature_write(struct arena *arena, const struct signature *signature);

struct signed_request {
    struct str direction, method, target;
};
/* What is signed; and its HMAC-SM3 in hexadecimal. */
struct str signature_text(struct arena *arena, const struct signed_request *request,
                          const struct signature *signature);
struct str signature_mac(struct arena *arena, struct str secret,
                         const struct signed_request *request,
                         const struct signature      *signature);
/* In the same time, whatever differs. */
bool signature_holds(struct arena *arena, struct str secret,
                     const struct signed_request *request,
                     const struct signature      *signature);
/* Does the body have the digest that was signed? */
bool signature_covers(const struct signature *signature, const unsigned char hash[32]);

#endif
