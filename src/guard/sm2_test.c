#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "guard/sm2.h"

enum { BYTES = 1 << 20 };

static const struct str text = STR_INIT("the head of a chain");

TEST(a_signature_holds_for_its_text_and_its_key_alone)
{
    struct arena      arena;
    unsigned char     mine[SM2_PRIVATE_BYTES], other[SM2_PRIVATE_BYTES];
    struct sm2_public public_key, another;

    arena_init(&arena, BYTES);
    sm2_make(mine);
    sm2_make(other);
    CHECK(sm2_public_of(mine, &public_key) && sm2_public_of(other, &another));
    struct str signature = sm2_sign(&arena, mine, text);
    CHECK(signature.at && signature.len <= SM2_SIGNATURE_MAX);
    CHECK(sm2_verify(&public_key, text, signature));
    CHECK(!sm2_verify(&another, text, signature));
    CHECK(!sm2_verify(&public_key, STR("the head of a chaim"), signature));
    CHECK(!sm2_verify(&public_key, text, STR("")));
    arena_free(&arena);
}

TEST(a_signature_with_any_bit_changed_is_refused)
{
    struct arena      arena;
    unsigned char     mine[SM2_PRIVATE_BYTES];
    struct sm2_public public_key;

    arena_init(&arena, BYTES);
    sm2_make(mine);
    CHECK(sm2_public_of(mine, &public_key));
    struct str signature = sm2_sign(&arena, mine, text);
    char      *bytes = arena_take(&arena, signature.len);
    CHECK(bytes != NULL);
    memcpy(bytes, signature.at, signature.len);
    for (size_t bit = 0; bit < signature.len * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        CHECK(!sm2_verify(&public_key, text, str_slice(bytes, signature.len)));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    arena_free(&arena);
}

/* GB/T 32918.5-2017, annex A: private key, public key, and the signature of "message
 * digest" with the usual identity. */
TEST(the_standards_own_signature_is_accepted)
{
    struct arena      arena;
    struct sm2_public public_key;

    arena_init(&arena, BYTES);
    struct str key = str_unhex(
        &arena, STR("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"));
    CHECK(sm2_public_of((const unsigned char *)key.at, &public_key));
    CHECK_TEXT(str_hex(&arena, public_key.point, SM2_PUBLIC_BYTES),
               STR("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                   "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"));
    struct str signature = str_unhex(
        &arena, STR("3046022100F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7E"
                    "ACEEE720B3022100B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4"
                    "840B69C485BBC1AA"));
    CHECK(sm2_verify(&public_key, STR("message digest"), signature));
    CHECK(!sm2_verify(&public_key, STR("message digesu"), signature));
    arena_free(&arena);
}

TEST(what_is_out_of_range_is_no_private_key)
{
    struct sm2_public public_key;
    unsigned char     zero[SM2_PRIVATE_BYTES] = { 0 }, most[SM2_PRIVATE_BYTES];

    memset(most, 0xff, sizeof most);
    CHECK(!sm2_public_of(zero, &public_key));
    CHECK(!sm2_public_of(most, &public_key));
}

TEST(public_keys_go_out_and_come_back_one_after_the_other)
{
    struct arena      arena;
    unsigned char     mine[SM2_PRIVATE_BYTES];
    struct sm2_public keys[2], read;

    arena_init(&arena, BYTES);
    for (size_t i = 0; i < 2; i++) {
        sm2_make(mine);
        CHECK(sm2_public_of(mine, &keys[i]));
    }
    struct str rest = str_fmt(&arena, "%.*s%.*s", STR_ARG(sm2_pem(&arena, &keys[0])),
                              STR_ARG(sm2_pem(&arena, &keys[1])));
    CHECK(str_starts(rest, STR("-----BEGIN PUBLIC KEY-----")));
    for (size_t i = 0; i < 2; i++) {
        CHECK(sm2_pem_read(&rest, &read));
        CHECK(memcmp(&read, &keys[i], sizeof read) == 0);
    }
    CHECK(!sm2_pem_read(&rest, &read));
    CHECK_INT(sm2_name(&arena, &keys[0]).len, 16);
    CHECK(!str_eq(sm2_name(&arena, &keys[0]), sm2_name(&arena, &keys[1])));
    arena_free(&arena);
}

TEST(what_is_no_public_key_of_sm2_is_refused)
{
    struct sm2_public read;
    struct str        texts[] = {
               STR(""),
               STR("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
               /* of P-256 */
               STR("-----BEGIN PUBLIC KEY-----\n"
                          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0dPpcNb9tLvgg3MvkBi0QJrypxBK\n"
                          "gk/Ty8/TCUnVAdkU/mxxwgboWnrg73S77lrPAfBQL54ibGx1xNVIJMNH1g==\n"
                          "-----END PUBLIC KEY-----\n"),
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        CHECK(!sm2_pem_read(&texts[i], &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_holds_for_its_text_and_its_key_alone),
        cmocka_unit_test(a_signature_with_any_bit_changed_is_refused),
        cmocka_unit_test(the_standards_own_signature_is_accepted),
        cmocka_unit_test(what_is_out_of_range_is_no_private_key),
        cmocka_unit_test(public_keys_go_out_and_come_back_one_after_the_other),
        cmocka_unit_test(what_is_no_public_key_of_sm2_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
