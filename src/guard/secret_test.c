#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/cache.h"
#include "guard/secret.h"

TEST(a_secret_begins_zeroed_and_can_be_hidden)
{
    static const unsigned char zeros[100];
    struct secret             *secret = secret_new(100);

    assert_non_null(secret);
    CHECK_INT(secret_size(secret), 100);
    assert_memory_equal(secret_at(secret), zeros, 100);
    memset(secret_at(secret), 7, 100);
    secret_hide(secret);
    secret_show(secret);
    CHECK_INT(secret_at(secret)[99], 7);
    secret_free(&secret);
    CHECK(!secret);
    secret_free(&secret);
}

static const struct cache_plan plan = {
    .sets = 2, .key_size = 8, .value_size = 8, .keep_ms = 1000
};

static bool holds(struct cache *cache, int64_t key)
{
    int64_t value = 0;

    return cache_find(cache, &key, &value) && value == key * 10;
}

static void keep(struct cache *cache, int64_t key)
{
    int64_t value = key * 10;

    cache_keep(cache, &key, &value);
}

TEST(a_cache_is_bounded_and_finds_what_is_new)
{
    struct cache *cache = cache_new(&plan);
    int           kept = 0;

    for (int64_t key = 1; key <= 100; key++) {
        keep(cache, key);
        CHECK(holds(cache, key));
    }
    for (int64_t key = 1; key <= 100; key++)
        kept += holds(cache, key);
    CHECK(kept <= 8);
    keep(cache, 100);
    keep(cache, 100);
    CHECK(holds(cache, 100));
    cache_free(&cache);
}

TEST(what_was_dropped_is_not_kept_while_in_doubt)
{
    struct cache_plan one_set = plan;
    one_set.sets = 1;
    struct cache *cache = cache_new(&one_set);

    keep(cache, 1);
    keep(cache, 2);
    cache_drop(cache, &(int64_t){ 1 });
    CHECK(!holds(cache, 1));
    CHECK(holds(cache, 2));
    keep(cache, 1);
    CHECK(!holds(cache, 1));
    cache_free(&cache);
}

TEST(an_old_entry_is_read_again)
{
    struct cache_plan short_lived = plan;
    short_lived.keep_ms = -1;
    struct cache *cache = cache_new(&short_lived);

    keep(cache, 1);
    CHECK(!holds(cache, 1));
    cache_free(&cache);
}

enum { ALL_WELL, NOT_PREPARED, NOT_REFUSED, NOT_ALLOWED, LIMIT_IGNORED };

/* In a process of its own that may lock nothing. */
static int without_lockable_memory(void)
{
    static char         page[4096];
    const struct rlimit none = { 0, 0 };
    struct cache_plan   secret_plan = plan;

    secret_plan.secret = true;
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0))
        return NOT_PREPARED;
    if (mlock(page, sizeof page) == 0)
        return LIMIT_IGNORED;
    if (secret_new(100) || cache_new(&secret_plan))
        return NOT_REFUSED;
    secret_allow_swap();
    struct secret *secret = secret_new(100);
    return secret ? ALL_WELL : NOT_ALLOWED;
}

TEST(memory_that_cannot_be_locked_is_refused_unless_the_operator_says_so)
{
    int status;

    pid_t child = fork();
    if (child == 0)
        _exit(without_lockable_memory());
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    if (WEXITSTATUS(status) == LIMIT_IGNORED)
        skip(); /* the address sanitizer takes mlock() away */
    CHECK_INT(WEXITSTATUS(status), ALL_WELL);
}

TEST(values_of_a_secret_cache_are_found_like_others)
{
    struct cache_plan secret_plan = plan;

    secret_plan.secret = true;
    struct cache *cache = cache_new(&secret_plan);
    assert_non_null(cache);
    keep(cache, 1);
    CHECK(holds(cache, 1));
    cache_free(&cache);
}

static long locked_kb(void)
{
    char  line[200];
    long  kb = -1;
    FILE *status = fopen("/proc/self/status", "re");

    assert_non_null(status);
    while (fgets(line, sizeof line, status))
        if (strncmp(line, "VmLck:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    (void)fclose(status);
    return kb;
}

TEST(a_secret_stands_in_locked_memory)
{
    long           before = locked_kb();
    struct secret *secret = secret_new(100);

    assert_non_null(secret);
    long now = locked_kb();
    secret_free(&secret);
    if (now == 0)
        skip(); /* the address sanitizer takes mlock() away */
    CHECK(now > before);
}

/* In a process of its own, which stays so. */
static int without_dumps(void)
{
    struct rlimit core;

    secret_no_dumps();
    bool shut = prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &core) == 0 &&
                core.rlim_cur == 0 && core.rlim_max == 0;
    return shut ? ALL_WELL : NOT_REFUSED;
}

TEST(no_core_file_is_left_and_nobody_looks_in)
{
    int status;

#ifdef __SANITIZE_ADDRESS__
    skip(); /* the leak checker must look in */
#endif
    pid_t child = fork();
    if (child == 0)
        _exit(without_dumps());
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == ALL_WELL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_begins_zeroed_and_can_be_hidden),
        cmocka_unit_test(a_cache_is_bounded_and_finds_what_is_new),
        cmocka_unit_test(what_was_dropped_is_not_kept_while_in_doubt),
        cmocka_unit_test(an_old_entry_is_read_again),
        cmocka_unit_test(a_secret_stands_in_locked_memory),
        cmocka_unit_test(no_core_file_is_left_and_nobody_looks_in),
        cmocka_unit_test(values_of_a_secret_cache_are_found_like_others),
        cmocka_unit_test(
            memory_that_cannot_be_locked_is_refused_unless_the_operator_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
