#include "guard/signature.h"

#include "files.h"
#include "test.h"
#include "base/json.h"
#include "guard/sm.h"

/* What docs/upper.md has behind that word, in its example. */
static struct str told(struct arena *arena, const char *word)
{
    struct str page = test_file(arena, STR("docs/upper.md"));
    struct str head = str_fmt(arena, "    %s ", word);

    while (page.len) {
        struct str_cut lines = str_cut(page, '\n');
        if (str_starts(lines.head, head))
            return str_trim(str_skip(lines.head, head.len));
        page = lines.tail;
    }
    fail_msg("docs/upper.md has no example of %s", word);
    return STR_NONE;
}

static struct signature example(struct arena *arena)
{
    return (struct signature){ .key = told(arena, "key"),
                               .time = told(arena, "time"),
                               .nonce = told(arena, "nonce"),
                               .digest = told(arena, "digest"),
                               .mac = told(arena, "mac") };
}

TEST(the_example_that_others_build_by_holds)
{
    struct arena  arena;
    unsigned char hash[SM3_BYTES];

    arena_init(&arena, 1 << 20);
    struct signature      signature = example(&arena);
    struct signed_request request = { told(&arena, "way"), told(&arena, "method"),
                                      told(&arena, "target") };
    struct str            secret = str_unhex(&arena, told(&arena, "secret"));
    sm3(PARTS(told(&arena, "body")), hash);
    CHECK(signature_covers(&signature, hash));
    CHECK_TEXT(signature_mac(&arena, secret, &request, &signature), signature.mac);
    CHECK(signature_holds(&arena, secret, &request, &signature));
    arena_free(&arena);
}

TEST(a_signature_holds_for_its_own_request_and_no_other)
{
    struct arena arena;

    arena_init(&arena, 1 << 20);
    struct signature      good = example(&arena), other = good;
    struct signed_request request = { SIGN_DOWN, STR("POST"),
                                      STR("/api/v1/upper/messages") };
    struct signed_request changed[] = { { SIGN_UP, request.method, request.target },
                                        { SIGN_DOWN, STR("PUT"), request.target },
                                        { SIGN_DOWN, request.method,
                                          STR("/api/v1/upper") } };
    struct str            secret = str_unhex(&arena, told(&arena, "secret"));

    CHECK(signature_holds(&arena, secret, &request, &good));
    for (size_t i = 0; i < COUNT(changed); i++)
        CHECK(!signature_holds(&arena, secret, &changed[i], &good));
    other.time = STR("1795312800001");
    CHECK(!signature_holds(&arena, secret, &request, &other));
    other = good;
    other.nonce = STR("00112233445566778899aabbccddeefe");
    CHECK(!signature_holds(&arena, secret, &request, &other));
    other = good;
    other.digest = other.mac;
    CHECK(!signature_holds(&arena, secret, &request, &other));
    CHECK(!signature_holds(&arena, STR("another secret"), &request, &good));
    arena_free(&arena);
}

TEST(a_header_is_read_whole_or_not_at_all)
{
    static const char *const bad[] = {
        "",
        "Bearer lk_x",
        "LINLI-HMAC-SM3",
        "LINLI-HMAC-SM3 ",
        "LINLI-HMAC-SM3 key=1,time=2,nonce=00112233445566778899aabb,digest=00,mac=00",
        "LINLI-HMAC-SM3 key=1,key=1",
        "linli-hmac-sm3 key=1",
    };
    struct signature signature, again;
    struct arena     arena;

    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!signature_read(str_of(bad[i]), &signature));
    signature = example(&arena);
    struct str text = signature_write(&arena, &signature);
    CHECK(signature_read(text, &again));
    CHECK_TEXT(again.mac, signature.mac);
    CHECK_TEXT(again.key, signature.key);
    text = str_cat(&arena, text, STR(",mac="), signature.mac); /* one part twice */
    CHECK(!signature_read(text, &again));
    signature.nonce = STR("0011"); /* too short to be chance */
    CHECK(!signature_read(signature_write(&arena, &signature), &again));
    signature = example(&arena);
    signature.time = STR("-5");
    CHECK(!signature_read(signature_write(&arena, &signature), &again));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_that_others_build_by_holds),
        cmocka_unit_test(a_signature_holds_for_its_own_request_and_no_other),
        cmocka_unit_test(a_header_is_read_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
