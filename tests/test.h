/* The little that unit tests share.  A test is a sentence:
 *     TEST(a_stale_version_changes_nothing) { … CHECK(…); }
 * and a file ends with TESTS(a_stale_…, another_…) . */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"

/* cmocka's fail() gives way to ours (base/op.h), which its fail_msg() used. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                      \
    (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#define TEST(name)   static void name(void **state __attribute__((unused)))
#define CHECK(truth) assert_true(truth)
#define CHECK_TEXT(got, want)                                                              \
    do {                                                                                   \
        struct str text_ = (got), want_ = (want);                                          \
        if (!str_eq(text_, want_))                                                         \
            fail_msg("got \"%.*s\", want \"%.*s\"", STR_ARG(text_), STR_ARG(want_));       \
    } while (0)
#define CHECK_INT(got, want) assert_int_equal((got), (want))

#endif
