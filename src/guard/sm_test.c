#include "test.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>

#include "base/arena.h"
#include "guard/sm.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#define CHECK_HEX(bytes, hex) CHECK_TEXT(str_hex(&arena, (bytes), sizeof(bytes)), STR(hex))

TEST(sm3_gives_the_examples_of_gbt_32905)
{
    unsigned char hash[SM3_BYTES];
    struct str    abcd = STR("abcdabcdabcdabcd");

    sm3(PARTS(STR("abc")), hash);
    CHECK_HEX(hash, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    sm3(PARTS(abcd, abcd, abcd, abcd), hash);
    CHECK_HEX(hash, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(a_text_in_pieces_has_the_hash_of_the_whole)
{
    unsigned char whole[SM3_BYTES], pieces[SM3_BYTES], other[SM3_BYTES];

    sm3(PARTS(STR("一半另一半")), whole);
    struct sm3_run *run = sm3_begin();
    sm3_add(run, STR("一半"));
    sm3(PARTS(STR("another text in between")), other);
    sm3_add(run, STR("另一半"));
    sm3_end(&run, pieces);
    CHECK(!run);
    CHECK(memcmp(whole, pieces, SM3_BYTES) == 0);
    run = sm3_begin();
    sm3_drop(&run);
    CHECK(!run);
}

TEST(hmac_gives_the_examples_of_gmt_0042)
{
    unsigned char counted[37], cds[50], elevens[32], mac[SM3_BYTES];
    struct str    abcd = STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");

    for (size_t i = 0; i < sizeof counted; i++)
        counted[i] = (unsigned char)(i + 1);
    memset(cds, 0xcd, sizeof cds);
    memset(elevens, 0x0b, sizeof elevens);
    sm3_hmac(str_slice((char *)counted, 32), PARTS(abcd, abcd), mac);
    CHECK_HEX(mac, "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    sm3_hmac(PART_OF(counted), PARTS(PART_OF(cds)), mac);
    CHECK_HEX(mac, "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae");
    sm3_hmac(PART_OF(elevens), PARTS(STR("Hi There")), mac);
    CHECK_HEX(mac, "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e");
    sm3_hmac(STR("Jefe"), PARTS(STR("what do ya want "), STR("for nothing?")), mac);
    CHECK_HEX(mac, "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882");
}

TEST(hkdf_agrees_with_openssl_at_every_length)
{
    unsigned char ours[100], theirs[100];
    char          md[] = "SM3", key[] = "input key", salt[] = "salt", info[] = "info";
    EVP_KDF      *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);

    for (size_t n = 1; n <= sizeof ours; n++) {
        EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
        OSSL_PARAM   params[] = {
              OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, md, 0),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, strlen(key)),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt,
                                              n % 2 ? strlen(salt) : 0),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, strlen(info)),
              OSSL_PARAM_construct_end(),
        };
        CHECK_INT(EVP_KDF_derive(context, theirs, n, params), 1);
        sm3_hkdf(str_of(key), n % 2 ? str_of(salt) : STR_NONE, str_of(info), ours, n);
        assert_memory_equal(ours, theirs, n);
        EVP_KDF_CTX_free(context);
    }
    EVP_KDF_free(kdf);
}

static const unsigned char standard_key[SM4_KEY_BYTES] = { 0x01, 0x23, 0x45, 0x67,
                                                           0x89, 0xab, 0xcd, 0xef,
                                                           0xfe, 0xdc, 0xba, 0x98,
                                                           0x76, 0x54, 0x32, 0x10 };

TEST(sm4_gives_the_example_of_gbt_32907)
{
    /* One block of zeros in counter mode is the block cipher of the iv. */
    static const unsigned char zeros[16];
    unsigned char              block[16];

    sm4_ctr(standard_key, standard_key, PART_OF(zeros), block);
    CHECK_HEX(block, "681edf34d206965e86b3e94f536e4246");
}

TEST(sm4_ctr_gives_the_example_of_its_draft_and_turns_back)
{
    unsigned char iv[16], plain[64], sealed[64], opened[64];

    for (size_t i = 0; i < 16; i++)
        iv[i] = (unsigned char)i;
    for (size_t i = 0; i < 64; i++)
        plain[i] =
            (unsigned char[]){ 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xaa, 0xbb }[i / 8];
    sm4_ctr(standard_key, iv, PART_OF(plain), sealed);
    CHECK_HEX(sealed, "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
                      "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514");
    sm4_ctr(standard_key, iv, PART_OF(sealed), opened);
    assert_memory_equal(opened, plain, sizeof plain);
}

TEST(empty_texts_are_no_exception)
{
    unsigned char hash[SM3_BYTES], none[1];

    sm3(NULL, 0, hash);
    CHECK_HEX(hash, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
    sm3(PARTS(STR_NONE, STR("")), hash);
    CHECK_HEX(hash, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
    sm4_ctr(standard_key, standard_key, STR_NONE, none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sm3_gives_the_examples_of_gbt_32905),
        cmocka_unit_test(a_text_in_pieces_has_the_hash_of_the_whole),
        cmocka_unit_test(hmac_gives_the_examples_of_gmt_0042),
        cmocka_unit_test(hkdf_agrees_with_openssl_at_every_length),
        cmocka_unit_test(sm4_gives_the_example_of_gbt_32907),
        cmocka_unit_test(sm4_ctr_gives_the_example_of_its_draft_and_turns_back),
        cmocka_unit_test(empty_texts_are_no_exception),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
