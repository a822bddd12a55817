/* The national algorithms, by OpenSSL: SM3 (GB/T 32905), HMAC and HKDF over it,
 * SM4 in counter mode (GB/T 32907).  Algorithms are fetched once and each thread
 * keeps its own contexts, so that a short text costs one or two microseconds.
 * Inputs are lists of parts, taken as if joined:
 *
 *     sm3(PARTS(before, line), hash);
 *
 * Nothing here fails in daily life: an OpenSSL without these algorithms is found
 * by sm_ready() at the start, and later errors are broken invariants.  Signatures
 * (SM2) belong here too, beside these, once the journal's head is signed. */
#ifndef GUARD_SM_H
#define GUARD_SM_H
#include "base/str.h"

enum { SM3_BYTES = 32, SM4_KEY_BYTES = 16, SM4_IV_BYTES = 16 };

#define PARTS(...)                                                                         \
    (const struct str[]){ __VA_ARGS__ },                                                   \
        sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str)
/* Any object's bytes as a part. */
#define PART_OF(object) str_slice((const char *)(object), sizeof(object))

/* Does this machine's OpenSSL know SM3 and SM4?  False stops the start. */
bool sm_ready(void);

void sm3(const struct str *parts, size_t n, unsigned char hash[SM3_BYTES]);

/* The same over a text that comes bit by bit (files).  sm3_end() frees the run;
 * so does sm3_drop(), for a text that broke off. */
struct sm3_run;
struct sm3_run *sm3_begin(void);
void            sm3_add(struct sm3_run *run, struct str part);
void            sm3_end(struct sm3_run **run, unsigned char hash[SM3_BYTES]);
void            sm3_drop(struct sm3_run **run); /* also of NULL */

void sm3_hmac(struct str key, const struct str *parts, size_t n,
              unsigned char mac[SM3_BYTES]);

/* RFC 5869 with SM3: as many key bytes as asked for, at most 255 * 32. */
void sm3_hkdf(struct str key, struct str salt, struct str info, unsigned char *into,
              size_t n);

/* Encrypts, and run again decrypts.  An iv must never come twice with one key. */
void sm4_ctr(const unsigned char key[SM4_KEY_BYTES], const unsigned char iv[SM4_IV_BYTES],
             struct str from, unsigned char *into);

#endif
