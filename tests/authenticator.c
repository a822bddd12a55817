#include "authenticator.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <sodium.h>

#include "base/random.h"
#include "test.h"

enum { POINT = 32, THERE = 0x01, MADE = 0x40, ROOM = 512 };

void authenticator_open(struct authenticator *it)
{
    *it = (struct authenticator){ .pair = EVP_EC_gen("P-256"), .counts = true };
    assert_non_null(it->pair);
    random_bytes(it->credential, sizeof it->credential);
}

void authenticator_close(struct authenticator *it)
{
    EVP_PKEY_free(it->pair);
}

static struct str browser_says(struct arena *arena, const struct page *page,
                               const char *type)
{
    return str_fmt(arena,
                   "{\"type\":\"%s\",\"challenge\":\"%.*s\",\"origin\":\"%.*s\","
                   "\"crossOrigin\":%s}",
                   type, STR_ARG(page->challenge), STR_ARG(page->origin),
                   page->framed ? "true" : "false");
}

/* Behind what was put. */
static unsigned char *put(unsigned char *to, const void *from, size_t n)
{
    memcpy(to, from, n);
    return to + n;
}

static unsigned char *room(struct arena *arena)
{
    unsigned char *bytes = arena_take(arena, ROOM);

    if (!bytes)
        abort();
    return bytes;
}

/* Whom it answers, whether somebody touched it, how often it signed. */
static size_t head(struct authenticator *it, unsigned char *to, struct str rp,
                   unsigned flags)
{
    if (it->counts)
        it->counter++;
    crypto_hash_sha256(to, (const unsigned char *)rp.at, rp.len);
    size_t n = crypto_hash_sha256_BYTES;
    to[n++] = (unsigned char)((it->absent ? 0 : THERE) | flags);
    for (int shift = 24; shift >= 0; shift -= 8)
        to[n++] = (unsigned char)(it->counter >> shift);
    return n;
}

/* COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y} */
static unsigned char *put_public(struct authenticator *it, unsigned char *to)
{
    static const unsigned char before_x[] = { 0xa5, 1, 2,    3,    0x26,
                                              0x20, 1, 0x21, 0x58, POINT },
                               before_y[] = { 0x22, 0x58, POINT };
    unsigned char point[1 + 2 * POINT];
    size_t        len = 0;

    CHECK(EVP_PKEY_get_octet_string_param(it->pair, "pub", point, sizeof point, &len));
    CHECK_INT(len, sizeof point);
    to = put(to, before_x, sizeof before_x);
    to = put(to, point + 1, POINT);
    to = put(to, before_y, sizeof before_y);
    return put(to, point + 1 + POINT, POINT);
}

struct passkey_told authenticator_makes(struct authenticator *it, struct arena *arena,
                                        const struct page *page)
{
    static const unsigned char make[16] = { 0 };
    unsigned char             *first = room(arena);
    unsigned char             *to = first + head(it, first, page->rp, MADE);

    to = put(to, make, sizeof make);
    *to++ = 0;
    *to++ = sizeof it->credential;
    to = put(to, it->credential, sizeof it->credential);
    to = put_public(it, to);
    return (struct passkey_told){
        .client_data = browser_says(arena, page, "webauthn.create"),
        .authenticator = str_slice((const char *)first, (size_t)(to - first))
    };
}

static struct str sign(struct authenticator *it, struct arena *arena,
                       struct str authenticator, struct str client_data)
{
    unsigned char hash[crypto_hash_sha256_BYTES], *signature = room(arena);
    size_t        len = ROOM;
    EVP_MD_CTX   *run = EVP_MD_CTX_new();

    crypto_hash_sha256(hash, (const unsigned char *)client_data.at, client_data.len);
    CHECK(EVP_DigestSignInit(run, NULL, EVP_sha256(), NULL, it->pair) == 1);
    CHECK(EVP_DigestSignUpdate(run, authenticator.at, authenticator.len) == 1);
    CHECK(EVP_DigestSignUpdate(run, hash, sizeof hash) == 1);
    CHECK(EVP_DigestSignFinal(run, signature, &len) == 1);
    EVP_MD_CTX_free(run);
    return str_slice((const char *)signature, len);
}

struct passkey_told authenticator_shows(struct authenticator *it, struct arena *arena,
                                        const struct page *page)
{
    unsigned char      *to = room(arena);
    size_t              n = head(it, to, page->rp, 0);
    struct passkey_told told = { .client_data = browser_says(arena, page, "webauthn.get"),
                                 .authenticator = str_slice((const char *)to, n) };

    told.signature = sign(it, arena, told.authenticator, told.client_data);
    return told;
}

struct str base64url(struct arena *arena, struct str bytes)
{
    size_t room =
        sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_take(arena, room);

    (void)sodium_bin2base64(text, room, (const unsigned char *)bytes.at, bytes.len,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_of(text);
}
