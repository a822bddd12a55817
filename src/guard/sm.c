#include "guard/sm.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "guard/sm3.h"
#include "guard/sm4_x86.h"

static EVP_CIPHER    *sm4_cipher;
static bool           sm4_x86;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static pthread_key_t  leaving; /* frees a thread's context when it ends */

static _Thread_local EVP_CIPHER_CTX *mine;

static void drop_context(void *context)
{
    EVP_CIPHER_CTX_free(context);
}

static void fetch(void)
{
    sm4_cipher = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    sm4_x86 = sm4_x86_ready();
    if (pthread_key_create(&leaving, drop_context) != 0)
        abort();
}

bool sm_ready(void)
{
    pthread_once(&fetched, fetch);
    return sm4_cipher != NULL;
}

/* ---- SM3 ---- */

static void take_all(struct sm3_state *state, const struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sm3_take(state, parts[i]);
}

void sm3(const struct str *parts, size_t n, unsigned char hash[SM3_BYTES])
{
    struct sm3_state state;

    sm3_start(&state);
    take_all(&state, parts, n);
    sm3_finish(&state, hash);
}

struct sm3_run {
    struct sm3_state state;
};

struct sm3_run *sm3_begin(void)
{
    struct sm3_run *run = calloc(1, sizeof *run);

    assert(run);
    sm3_start(&run->state);
    return run;
}

void sm3_add(struct sm3_run *run, struct str part)
{
    sm3_take(&run->state, part);
}

void sm3_end(struct sm3_run **run, unsigned char hash[SM3_BYTES])
{
    sm3_finish(&(*run)->state, hash);
    sm3_drop(run);
}

void sm3_drop(struct sm3_run **run)
{
    free(*run);
    *run = NULL;
}

/* ---- HMAC and HKDF ---- */

/* RFC 2104: the key, filled up to a block, under two masks. */
static void start_pad(const unsigned char key[SM3_BLOCK_BYTES], unsigned char mask,
                      struct sm3_state *state)
{
    unsigned char pad[SM3_BLOCK_BYTES];

    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] = key[i] ^ mask;
    sm3_start(state);
    sm3_take(state, PART_OF(pad));
    sodium_memzero(pad, sizeof pad);
}

void sm3_hmac(struct str key, const struct str *parts, size_t n,
              unsigned char mac[SM3_BYTES])
{
    unsigned char    whole[SM3_BLOCK_BYTES] = { 0 }, inside[SM3_BYTES];
    struct sm3_state inner, outer;

    assert(key.len > 0);
    if (key.len > sizeof whole)
        sm3(PARTS(key), whole);
    else
        memcpy(whole, key.at, key.len);
    start_pad(whole, 0x36, &inner);
    start_pad(whole, 0x5c, &outer);
    take_all(&inner, parts, n);
    sm3_finish(&inner, inside);
    sm3_take(&outer, PART_OF(inside));
    sm3_finish(&outer, mac);
    sodium_memzero(whole, sizeof whole);
    sodium_memzero(&inner, sizeof inner);
    sodium_memzero(&outer, sizeof outer);
}

void sm3_hkdf(struct str key, struct str salt, struct str info, unsigned char *into,
              size_t n)
{
    static const unsigned char zeros[SM3_BYTES];
    unsigned char              extracted[SM3_BYTES], block[SM3_BYTES], count = 0;
    struct str                 before = STR("");

    assert(n <= 255 * SM3_BYTES);
    sm3_hmac(str_empty(salt) ? PART_OF(zeros) : salt, PARTS(key), extracted);
    while (n > 0) {
        size_t piece = n < SM3_BYTES ? n : SM3_BYTES;
        count++;
        sm3_hmac(PART_OF(extracted), PARTS(before, info, str_slice((char *)&count, 1)),
                 block);
        memcpy(into, block, piece);
        before = PART_OF(block);
        into += piece;
        n -= piece;
    }
    sodium_memzero(extracted, sizeof extracted);
    sodium_memzero(block, sizeof block);
}

/* ---- SM4 ---- */

static EVP_CIPHER_CTX *context(void)
{
    if (!mine) {
        assert(sm_ready());
        mine = EVP_CIPHER_CTX_new();
        assert(mine && pthread_setspecific(leaving, mine) == 0);
    }
    return mine;
}

/* OpenSSL's answers: 1 is well, and nothing else can be carried on from. */
static void must(int answer)
{
    assert(answer == 1);
}

void sm4_openssl_ctr(const unsigned char key[SM4_KEY_BYTES],
                     const unsigned char iv[SM4_IV_BYTES], struct str from,
                     unsigned char *into)
{
    EVP_CIPHER_CTX *cipher = context();
    int             len = 0;

    assert(from.len <= INT_MAX);
    must(EVP_EncryptInit_ex2(cipher, sm4_cipher, key, iv, NULL));
    if (from.len)
        must(EVP_EncryptUpdate(cipher, into, &len, (const unsigned char *)from.at,
                               (int)from.len));
    assert((size_t)len == from.len);
}

void sm4_ctr(const unsigned char key[SM4_KEY_BYTES], const unsigned char iv[SM4_IV_BYTES],
             struct str from, unsigned char *into)
{
    assert(sm_ready());
    if (sm4_x86)
        sm4_x86_ctr(key, iv, from, into);
    else
        sm4_openssl_ctr(key, iv, from, into);
}
