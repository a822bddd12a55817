#include "guard/sm2.h"

#include <limits.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "base/arena.h"
#include "guard/sm.h"

static const char identity[] = "1234567812345678";

/* ---- keys of OpenSSL ---- */

static BIGNUM *number_of(const unsigned char private_key[SM2_PRIVATE_BYTES])
{
    BIGNUM *number = BN_secure_new();

    return number ? BN_bin2bn(private_key, SM2_PRIVATE_BYTES, number) : NULL;
}

/* `number` NULL: the public half alone. */
static EVP_PKEY *key_of(const struct sm2_public *public_key, const BIGNUM *number)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX   *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    EVP_PKEY       *key = NULL;
    OSSL_PARAM     *params = NULL;
    int             half = number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;

    bool built =
        builder && context &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
                                         public_key->point, SM2_PUBLIC_BYTES) &&
        (!number || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number));
    if (built)
        params = OSSL_PARAM_BLD_to_param(builder);
    if (params && EVP_PKEY_fromdata_init(context) == 1)
        (void)EVP_PKEY_fromdata(context, &key, half, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* A private key is a number from 1 to the group's order less 2. */
static bool in_range(const EC_GROUP *group, const BIGNUM *number)
{
    BIGNUM *most = BN_dup(EC_GROUP_get0_order(group));
    bool    in =
        most && BN_sub_word(most, 1) && !BN_is_zero(number) && BN_cmp(number, most) < 0;

    BN_free(most);
    return in;
}

static bool point_of(const EC_GROUP *group, const BIGNUM *number,
                     struct sm2_public *public_key)
{
    EC_POINT *point = EC_POINT_new(group);
    bool      made =
        point && EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, public_key->point,
                           SM2_PUBLIC_BYTES, NULL) == SM2_PUBLIC_BYTES;

    EC_POINT_free(point);
    return made;
}

bool sm2_public_of(const unsigned char private_key[SM2_PRIVATE_BYTES],
                   struct sm2_public  *public_key)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_sm2);
    BIGNUM   *number = number_of(private_key);
    bool      made =
        group && number && in_range(group, number) && point_of(group, number, public_key);

    BN_clear_free(number);
    EC_GROUP_free(group);
    return made;
}

void sm2_make(unsigned char private_key[SM2_PRIVATE_BYTES])
{
    struct sm2_public unused;

    do /* one in four thousand million is out of range */
        randombytes_buf(private_key, SM2_PRIVATE_BYTES);
    while (!sm2_public_of(private_key, &unused));
}

/* ---- signatures ---- */

/* The identity goes in before the key does: it is part of what is hashed. */
static EVP_MD_CTX *start(EVP_PKEY *key, int (*init)(EVP_MD_CTX *, EVP_PKEY_CTX **,
                                                    const EVP_MD *, ENGINE *, EVP_PKEY *))
{
    EVP_MD_CTX   *digest = EVP_MD_CTX_new();
    EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;

    if (digest && context &&
        EVP_PKEY_CTX_set1_id(context, identity, sizeof identity - 1) == 1) {
        EVP_MD_CTX_set_pkey_ctx(digest, context);
        if (init(digest, NULL, EVP_sm3(), NULL, key) == 1)
            return digest;
    }
    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
    return NULL;
}

/* The context of the key is not the digest's to free. */
static void finish(EVP_MD_CTX *digest)
{
    EVP_PKEY_CTX *context = digest ? EVP_MD_CTX_get_pkey_ctx(digest) : NULL;

    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
}

static EVP_PKEY *private_of(const unsigned char private_key[SM2_PRIVATE_BYTES])
{
    struct sm2_public public_key;
    BIGNUM           *number = number_of(private_key);
    EVP_PKEY         *key = number && sm2_public_of(private_key, &public_key)
                                ? key_of(&public_key, number)
                                : NULL;

    BN_clear_free(number);
    return key;
}

struct str sm2_sign(struct arena *arena, const unsigned char private_key[SM2_PRIVATE_BYTES],
                    struct str text)
{
    size_t         len = SM2_SIGNATURE_MAX;
    unsigned char *into = arena_take(arena, len);
    EVP_PKEY      *key = into ? private_of(private_key) : NULL;
    EVP_MD_CTX    *digest = start(key, EVP_DigestSignInit);
    bool made = digest && EVP_DigestSign(digest, into, &len, (const unsigned char *)text.at,
                                         text.len) == 1;

    finish(digest);
    EVP_PKEY_free(key);
    return made ? str_slice((const char *)into, len) : STR_NONE;
}

bool sm2_verify(const struct sm2_public *public_key, struct str text, struct str signature)
{
    EVP_PKEY   *key = key_of(public_key, NULL);
    EVP_MD_CTX *digest = start(key, EVP_DigestVerifyInit);
    bool right = digest && EVP_DigestVerify(digest, (const unsigned char *)signature.at,
                                            signature.len, (const unsigned char *)text.at,
                                            text.len) == 1;

    finish(digest);
    EVP_PKEY_free(key);
    return right;
}

/* ---- public keys outside ---- */

struct str sm2_name(struct arena *arena, const struct sm2_public *public_key)
{
    enum { NAME_BYTES = 8 };
    unsigned char hash[SM3_BYTES];

    sm3(PARTS(PART_OF(public_key->point)), hash);
    return str_hex(arena, hash, NAME_BYTES);
}

struct str sm2_pem(struct arena *arena, const struct sm2_public *public_key)
{
    EVP_PKEY  *key = key_of(public_key, NULL);
    BIO       *bio = BIO_new(BIO_s_mem());
    struct str pem = STR_NONE;
    char      *at = NULL;

    if (key && bio && PEM_write_bio_PUBKEY(bio, key) == 1) {
        long len = BIO_get_mem_data(bio, &at);
        pem = str_copy(arena, str_slice(at, (size_t)len));
    }
    BIO_free(bio);
    EVP_PKEY_free(key);
    return pem;
}

bool sm2_pem_read(struct str *rest, struct sm2_public *public_key)
{
    BIO *bio = rest->len && rest->len <= INT_MAX ? BIO_new_mem_buf(rest->at, (int)rest->len)
                                                 : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    size_t    len = 0;
    bool      read =
        key && EVP_PKEY_is_a(key, "SM2") &&
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, public_key->point,
                                        SM2_PUBLIC_BYTES, &len) == 1 &&
        len == SM2_PUBLIC_BYTES;

    if (key)
        *rest = str_skip(*rest, rest->len - (size_t)BIO_pending(bio));
    EVP_PKEY_free(key);
    BIO_free(bio);
    return read;
}
