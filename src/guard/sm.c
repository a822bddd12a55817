#include "guard/sm.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

static EVP_MD        *sm3_md;
static EVP_MAC       *hmac;
static EVP_CIPHER    *sm4_cipher;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static pthread_key_t  leaving; /* frees a thread's contexts when it ends */

struct contexts {
    EVP_MD_CTX     *digest;
    EVP_MAC_CTX    *mac;
    EVP_CIPHER_CTX *cipher;
};
static _Thread_local struct contexts *mine;

static void drop_contexts(void *contexts)
{
    struct contexts *old = contexts;

    EVP_MD_CTX_free(old->digest);
    EVP_MAC_CTX_free(old->mac);
    EVP_CIPHER_CTX_free(old->cipher);
    free(old);
}

static void fetch(void)
{
    sm3_md = EVP_MD_fetch(NULL, "SM3", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    sm4_cipher = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    if (pthread_key_create(&leaving, drop_contexts) != 0)
        abort();
}

bool sm_ready(void)
{
    pthread_once(&fetched, fetch);
    return sm3_md && hmac && sm4_cipher;
}

static struct contexts *new_contexts(void)
{
    char       sm3_name[] = "SM3";
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                             sm3_name, 0),
                            OSSL_PARAM_construct_end() };

    assert(sm_ready());
    struct contexts *made = calloc(1, sizeof *made);
    assert(made);
    made->digest = EVP_MD_CTX_new();
    made->mac = EVP_MAC_CTX_new(hmac);
    made->cipher = EVP_CIPHER_CTX_new();
    assert(made->digest && made->mac && made->cipher);
    assert(EVP_MAC_CTX_set_params(made->mac, params) == 1);
    assert(pthread_setspecific(leaving, made) == 0);
    return made;
}

static struct contexts *contexts(void)
{
    if (!mine)
        mine = new_contexts();
    return mine;
}

/* OpenSSL's answers: 1 is well, and nothing else can be carried on from. */
static void must(int answer)
{
    assert(answer == 1);
}

void sm3(const struct str *parts, size_t n, unsigned char hash[SM3_BYTES])
{
    EVP_MD_CTX *digest = contexts()->digest;

    must(EVP_DigestInit_ex2(digest, sm3_md, NULL));
    for (size_t i = 0; i < n; i++)
        must(EVP_DigestUpdate(digest, parts[i].at, parts[i].len));
    must(EVP_DigestFinal_ex(digest, hash, NULL));
}

struct sm3_run {
    EVP_MD_CTX *digest;
};

struct sm3_run *sm3_begin(void)
{
    assert(sm_ready());
    struct sm3_run *run = calloc(1, sizeof *run);
    assert(run);
    run->digest = EVP_MD_CTX_new();
    assert(run->digest);
    must(EVP_DigestInit_ex2(run->digest, sm3_md, NULL));
    return run;
}

void sm3_add(struct sm3_run *run, struct str part)
{
    must(EVP_DigestUpdate(run->digest, part.at, part.len));
}

void sm3_end(struct sm3_run **run, unsigned char hash[SM3_BYTES])
{
    must(EVP_DigestFinal_ex((*run)->digest, hash, NULL));
    sm3_drop(run);
}

void sm3_drop(struct sm3_run **run)
{
    if (*run)
        EVP_MD_CTX_free((*run)->digest);
    free(*run);
    *run = NULL;
}

void sm3_hmac(struct str key, const struct str *parts, size_t n,
              unsigned char mac[SM3_BYTES])
{
    EVP_MAC_CTX *context = contexts()->mac;
    size_t       len = 0;

    assert(key.len > 0);
    must(EVP_MAC_init(context, (const unsigned char *)key.at, key.len, NULL));
    for (size_t i = 0; i < n; i++)
        must(EVP_MAC_update(context, (const unsigned char *)parts[i].at, parts[i].len));
    must(EVP_MAC_final(context, mac, &len, SM3_BYTES));
    assert(len == SM3_BYTES);
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

void sm4_ctr(const unsigned char key[SM4_KEY_BYTES], const unsigned char iv[SM4_IV_BYTES],
             struct str from, unsigned char *into)
{
    EVP_CIPHER_CTX *cipher = contexts()->cipher;
    int             len = 0;

    assert(from.len <= INT_MAX);
    must(EVP_EncryptInit_ex2(cipher, sm4_cipher, key, iv, NULL));
    if (from.len)
        must(EVP_EncryptUpdate(cipher, into, &len, (const unsigned char *)from.at,
                               (int)from.len));
    assert((size_t)len == from.len);
}
