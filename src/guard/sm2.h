/* Signatures by SM2 with SM3 (GB/T 32918, the usual identity 1234567812345678), by
 * OpenSSL: what the journal's heads are signed with.  A private key is 32 bytes and
 * stands wherever its holder keeps it; a public key is a point of the curve, shown
 * outside as a PEM block that `openssl pkeyutl` reads.  A signature is the DER form
 * of its two numbers (GB/T 35276). */
#ifndef GUARD_SM2_H
#define GUARD_SM2_H
#include "base/str.h"

enum { SM2_PRIVATE_BYTES = 32, SM2_PUBLIC_BYTES = 65, SM2_SIGNATURE_MAX = 72 };

struct sm2_public {
    unsigned char point[SM2_PUBLIC_BYTES]; /* uncompressed: 4, x, y */
};

void sm2_make(unsigned char private_key[SM2_PRIVATE_BYTES]);
/* False when these bytes are no private key. */
MUST_USE bool sm2_public_of(const unsigned char private_key[SM2_PRIVATE_BYTES],
                            struct sm2_public  *public_key);

/* The signature's bytes, in the arena; absent when it could not be made. */
struct str sm2_sign(struct arena *arena, const unsigned char private_key[SM2_PRIVATE_BYTES],
                    struct str text);
MUST_USE bool sm2_verify(const struct sm2_public *public_key, struct str text,
                         struct str signature);

/* Sixteen hexadecimal digits that name a public key. */
struct str sm2_name(struct arena *arena, const struct sm2_public *public_key);
struct str sm2_pem(struct arena *arena, const struct sm2_public *public_key);
/* The next PEM block of *rest, which moves behind it.  False: none, or none of SM2. */
MUST_USE bool sm2_pem_read(struct str *rest, struct sm2_public *public_key);

#endif
