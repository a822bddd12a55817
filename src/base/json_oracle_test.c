/* The promise of json_fuzz.c on texts made here, so that every build keeps it:
 * valid ones of all kinds, and the same with a few bytes spoilt. */
#include "test.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

enum { ROUNDS = 20000, TEXT_MAX = 4000 };

struct maker {
    uint64_t state;
    char     text[TEXT_MAX + 100];
    size_t   len;
};

static size_t chance(struct maker *maker, size_t below) /* xorshift */
{
    maker->state ^= maker->state << 13;
    maker->state ^= maker->state >> 7;
    maker->state ^= maker->state << 17;
    return (size_t)(maker->state % below);
}

static void put(struct maker *maker, const char *z)
{
    size_t n = strlen(z);

    if (maker->len + n <= TEXT_MAX) {
        memcpy(maker->text + maker->len, z, n);
        maker->len += n;
    }
}

static const char *const scalars[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-17",
    "999999999999999999",
    "-999999999999999999",
    "1000000000000000000",
    "0.000000123456789012345678",
    "1.234567890123456789e3",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "0.5",
    "-0.0",
    "1e5",
    "1E-400",
    "1e308",
    "1e309",
    "-1.5e+3",
    "32.0103",
    "1.7976931348623157e308",
    "4.9e-324",
    "123456789012345.25",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "nul",
    "2026-11-22",
    "\"2026-11-22T14:03:07.120+08:00\"",
    "\"77\"",
    "\"0\"",
    "\"00ff\"",
};
static const char *const pieces[] = {
    "a",
    "井盖",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u4e95",
    "\\ud842\\udfb7",
    "𠮷",
    "é",
    " ",
    "~",
    ",",
    "]}",
    "\\n\\r\\t",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "\\x",
    "\xc0\xaf",
    "\xed\xa0\x80",
    "\n",
    "\xef\xbf\xbf",
    "\\uFFFF",
    "\\u001f",
    "\x7f",
    "\\b\\f",
    "\u202e",
};
/* Where the pieces above that are valid end. */
enum { GOOD_SCALARS = 9, GOOD_PIECES = 15 };
static const char *const keys[] = { "id",       "time",  "count", "yes", "real",
                                    "text",     "bytes", "raw",   "ids", "things",
                                    "\\u0069d", "a",     "b",     "" };
static const char *const blanks[] = { "", "", "", " ", "\n", "\t\r\n " };

#define PICK(maker, from) put((maker), (from)[chance((maker), COUNT(from))])

static void make_string(struct maker *maker, bool good)
{
    put(maker, "\"");
    for (size_t n = chance(maker, 5); n > 0; n--)
        put(maker, pieces[chance(maker, good ? GOOD_PIECES : COUNT(pieces))]);
    put(maker, "\"");
}

static void make_value(struct maker *maker, int depth, bool good);

static void make_members(struct maker *maker, int depth, bool good)
{
    size_t first = chance(maker, COUNT(keys)), n = chance(maker, 5);

    put(maker, "{");
    for (size_t i = 0; i < n; i++) {
        put(maker, i ? "," : "");
        PICK(maker, blanks);
        put(maker, "\"");
        put(maker, keys[(first + i) % COUNT(keys)]);
        put(maker, "\"");
        PICK(maker, blanks);
        put(maker, ":");
        make_value(maker, depth + 1, good);
    }
    put(maker, "}");
}

static void make_value(struct maker *maker, int depth, bool good)
{
    size_t what = chance(maker, depth > 17 ? 2 : 5);

    PICK(maker, blanks);
    if (what == 0)
        put(maker, scalars[chance(maker, good ? GOOD_SCALARS : COUNT(scalars))]);
    else if (what == 1)
        make_string(maker, good);
    else if (what == 2)
        make_members(maker, depth, good);
    else {
        put(maker, "[");
        for (size_t i = 0, n = chance(maker, 4); i < n; i++) {
            put(maker, i ? "," : "");
            make_value(maker, depth + 1, good);
        }
        put(maker, "]");
    }
    PICK(maker, blanks);
}

static void spoil(struct maker *maker)
{
    static const char bytes[] = "{}[]\",:\\u0e-+.tfn \n\x01\x80\xe4\xff";

    for (size_t n = 1 + chance(maker, 3); n > 0 && maker->len; n--) {
        size_t at = chance(maker, maker->len);
        if (chance(maker, 2)) {
            maker->text[at] = bytes[chance(maker, sizeof bytes)];
        } else {
            memmove(maker->text + at, maker->text + at + 1, maker->len - at - 1);
            maker->len--;
        }
    }
}

static bool accepted(const struct maker *maker)
{
    struct arena    arena;
    struct problems problems;

    arena_init(&arena, 1 << 20);
    problems_init(&problems, &arena);
    bool ok = json_check(&arena, str_slice(maker->text, maker->len), &problems) == RC_OK;
    arena_free(&arena);
    return ok;
}

static struct maker maker = { .state = 20261122 };

TEST(good_texts_are_accepted_by_both_readers)
{
    size_t good = 0;

    for (int i = 0; i < ROUNDS; i++) {
        maker.len = 0;
        make_value(&maker, 0, true);
        LLVMFuzzerTestOneInput((const unsigned char *)maker.text, maker.len);
        good += accepted(&maker);
    }
    CHECK(good > ROUNDS * 4 / 5); /* the rest has one key twice */
}

TEST(doubtful_and_spoilt_texts_are_judged_alike)
{
    size_t bad = 0;

    for (int i = 0; i < ROUNDS; i++) {
        maker.len = 0;
        make_value(&maker, 0, i % 2);
        LLVMFuzzerTestOneInput((const unsigned char *)maker.text, maker.len);
        spoil(&maker);
        LLVMFuzzerTestOneInput((const unsigned char *)maker.text, maker.len);
        bad += !accepted(&maker);
    }
    CHECK(bad > ROUNDS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_texts_are_accepted_by_both_readers),
        cmocka_unit_test(doubtful_and_spoilt_texts_are_judged_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
