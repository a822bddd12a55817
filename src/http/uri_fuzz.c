/* Everything of a request that we take apart ourselves.  The first byte says what the
 * rest is. */
#include "http/address.h"
#include "http/uri.h"
#include "fuzz.h"

static void fuzz_target(struct str text)
{
    struct arena    arena;
    struct problems problems;
    struct target   target;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    problems_init(&problems, &arena);
    if (target_parse(&arena, text, &target, &problems) == RC_OK) {
        assert(target.nsegments > 0 && str_starts(target.path, STR("/")));
        for (size_t i = 0; i < target.nsegments; i++) {
            assert(str_utf8(target.segments[i]) && !str_has(target.segments[i], STR("/")));
            assert(!str_eq(target.segments[i], STR("..")));
        }
    }
    arena_free(&arena);
}

static void fuzz_headers(struct str text)
{
    struct str     value;
    struct address peer = { { [10] = 0xff, [11] = 0xff, [12] = 10 } };
    struct network network = { peer, 104 };
    int64_t        county, seq;

    size_t found = cookie_find(text, STR("linli"), &value);
    assert((found == 1) == (value.at != NULL));
    (void)bearer_of(text);
    (void)etag_listed(text, STR("\"a\""));
    (void)encoding_taken(text, STR("gzip"));
    (void)media_is(text, STR("application/json"));
    assert(!event_id_parse(text, &county, &seq) || (county >= 0 && seq >= 0));
    (void)address_behind(peer, text, (struct networks){ &network, 1 });
    assert(!network_parse(text, &network) || network.bits <= 128);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
    struct str text = n ? str_slice((const char *)bytes + 1, n - 1) : STR("");

    if (n && bytes[0] % 2)
        fuzz_target(text);
    else
        fuzz_headers(text);
    return 0;
}
