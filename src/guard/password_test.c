#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "guard/common_passwords.h"
#include "guard/password.h"

static struct arena arena;
static struct op    op;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    op_init(&op, &arena, 1795327387120);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* ---- what may be one ---- */

static void check_says(enum client who, const char *password, const char *says)
{
    struct policy policy = policy_default(who);

    op_init(&op, &arena, 1795327387120);
    enum rc rc =
        password_policy(&op, &policy, STR("grid.zhang"), STR("张明亮"), str_of(password));
    if (rc != (says ? RC_REFUSED : RC_OK))
        fail_msg("\"%s\": %d %.*s", password, (int)rc,
                 STR_ARG(op.problems.first ? op.problems.first->says : STR("")));
    if (says && !str_has(op.problems.first->says, str_of(says)))
        fail_msg("\"%s\": %.*s", password, STR_ARG(op.problems.first->says));
}

TEST(length_is_counted_in_characters_and_by_kind_of_account)
{
    check_says(CLIENT_RESIDENT, "kr7#mqx", "密码至少 8 个字符，还差 1 个。");
    check_says(CLIENT_RESIDENT, "kr7#mqxw", NULL);
    check_says(CLIENT_STAFF, "kr7#mqxwptc", "密码至少 12 个字符，还差 1 个。");
    check_says(CLIENT_STAFF, "kr7#mqxwptcv", NULL);
    check_says(CLIENT_ADMIN, "kr7#mqxwptcvzh", "还差 1 个");
    check_says(CLIENT_ADMIN, "kr7#mqxwptcvzhb", NULL);
    check_says(CLIENT_RESIDENT, "", "还差 8 个");
    check_says(CLIENT_RESIDENT, "青蛙跳过冰箱门外", NULL);
}

TEST(long_passwords_are_welcome_to_128_characters)
{
    char text[140];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i * i % 25);
    text[65] = 0;
    check_says(CLIENT_ADMIN, text, NULL);
    text[65] = 'x';
    text[128] = 0;
    check_says(CLIENT_ADMIN, text, NULL);
    text[128] = 'x';
    text[129] = 0;
    check_says(CLIENT_ADMIN, text, "密码最多 128 个字符。");
}

TEST(blanks_count_and_controls_do_not_pass)
{
    check_says(CLIENT_RESIDENT, " kr7#mq ", NULL);
    check_says(CLIENT_RESIDENT, "kr7#\tmqxw", "打不出来");
    check_says(CLIENT_RESIDENT, "kr7#mqxw\xff", "打不出来");
}

TEST(what_everybody_takes_is_refused_whatever_stands_around_it)
{
    const char *common[] = {
        "password",    "Password1!",     "P@ssw0rd2024",       "p@55w0rd",
        "12345678",    "88888888",       "11223344",           "abcdefgh",
        "87654321",    "qwertyuiop",     "1qaz2wsx",           "wuhan123",
        "Wuhan@2026",  "wuhan2020wuhan", "武汉加油2020",       "woaini1314",
        "zhangwei123", "5201314520",     "19850315",           "8819850315",
        "1990010188",  "13797555520",    "aaaaaaaa",           "abababab",
        "admin123456", "!!admin!!!!!!",  "linli2026",          "xiangyang420602",
        "wuhanshequ",  "社区街道1234",   "1q2w3e4r5t",         "QWE123asd",
        "iloveyou520", "mimamima",       "网格员网格员网格员",
    };

    CHECK(ncommon_passwords > 3000);
    for (size_t i = 1; i < ncommon_passwords; i++)
        CHECK(str_cmp(common_passwords[i - 1], common_passwords[i]) < 0);
    for (size_t i = 0; i < COUNT(common); i++)
        check_says(CLIENT_RESIDENT, common[i], "很容易被猜到");
}

TEST(ones_own_name_and_account_are_refused)
{
    check_says(CLIENT_RESIDENT, "xxGrid.Zhang7#", "不要有账号名或姓名");
    check_says(CLIENT_RESIDENT, "kr张明亮7#mq", "不要有账号名或姓名");
    struct policy policy = policy_default(CLIENT_RESIDENT);
    op_init(&op, &arena, 0);
    CHECK_INT(password_policy(&op, &policy, STR_NONE, STR("王"), STR("王kr7#mqxw")), RC_OK);
}

TEST(several_unrelated_words_are_a_good_password)
{
    check_says(CLIENT_ADMIN, "correct horse battery staple", NULL);
    check_says(CLIENT_ADMIN, "wuhan tiger piano coffee", NULL);
    check_says(CLIENT_STAFF, "冰箱青蛙弹钢琴去月球的下午", NULL);
}

/* ---- the queue ---- */

TEST(a_hash_is_argon2id_and_only_its_password_is_right)
{
    struct str hash, again;
    bool       right;

    CHECK_INT(password_hash(&arena, STR("kr7#mqxw 青蛙"), &hash), RC_OK);
    CHECK(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK_INT(password_hash(&arena, STR("kr7#mqxw 青蛙"), &again), RC_OK);
    CHECK(!str_eq(hash, again));
    CHECK_INT(password_check(STR("kr7#mqxw 青蛙"), hash, 0, &right), RC_OK);
    CHECK(right);
    CHECK_INT(password_check(STR("kr7#mqxw 青蛙 "), hash, 0, &right), RC_OK);
    CHECK(!right);
    CHECK_INT(password_check(STR(""), hash, 0, &right), RC_OK);
    CHECK(!right);
}

TEST(bytes_beyond_the_limit_and_broken_hashes_are_just_wrong)
{
    static char long_text[PASSWORD_BYTES_MAX + 1];
    bool        right = true;
    struct str  hash;

    CHECK_INT(password_hash(&arena, STR("kr7#mqxw"), &hash), RC_OK);
    memset(long_text, 'a', sizeof long_text);
    CHECK_INT(password_check(str_slice(long_text, sizeof long_text), hash, 0, &right),
              RC_OK);
    CHECK(!right);
    CHECK_INT(password_check(STR("kr7#mqxw"), STR("$argon2id$nonsense"), 0, &right), RC_OK);
    CHECK(!right);
    CHECK_INT(password_check(STR("kr7#mqxw"), str_slice(long_text, 200), 0, &right), RC_OK);
    CHECK(!right);
}

/* Of the processor: the machine may have other things to do. */
static int64_t spent_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t work_of(struct str password, struct str hash)
{
    bool    right;
    int64_t best = INT64_MAX;

    for (int i = 0; i < 5; i++) {
        int64_t before = spent_us();
        CHECK_INT(password_check(password, hash, 0, &right), RC_OK);
        int64_t took = spent_us() - before;
        best = took < best ? took : best;
    }
    return best;
}

TEST(an_unknown_account_takes_as_long_as_a_wrong_password)
{
    struct str hash;

    CHECK_INT(password_hash(&arena, STR("kr7#mqxw"), &hash), RC_OK);
    int64_t known = work_of(STR("wrong password"), hash);
    int64_t unknown = work_of(STR("wrong password"), STR_NONE);
    print_message("one check: known %lld us, unknown %lld us\n", (long long)known,
                  (long long)unknown);
    CHECK(known > 5000 && unknown > known / 2 && unknown < known * 2);
}

static atomic_int told, refused;

static void count_told(void *context, const struct password_answer *answer)
{
    (void)context;
    told += answer->rc == RC_OK && !answer->right;
    refused += answer->rc == RC_UNAVAILABLE;
}

TEST(a_full_queue_refuses_and_closing_tells_all_that_wait)
{
    int accepted = 0;

    told = refused = 0;
    while (accepted < 200 && password_ask(STR("x"), STR_NONE, 0, count_told, NULL) == RC_OK)
        accepted++;
    CHECK(accepted >= PASSWORD_QUEUE_MAX && accepted <= PASSWORD_QUEUE_MAX + 3);
    passwords_close();
    CHECK_INT(told + refused, accepted);
    CHECK(refused > 0);
    CHECK_INT(passwords_open(), RC_OK);
}

TEST(those_held_back_wait_and_leave_room_for_others)
{
    bool    right;
    int     held = 0;
    int64_t before = clock_mono_us();

    CHECK_INT(password_check(STR("x"), STR_NONE, 300, &right), RC_OK);
    CHECK(clock_mono_us() - before >= 300000);
    while (held < 100 && password_ask(STR("x"), STR_NONE, 60000, count_told, NULL) == RC_OK)
        held++;
    CHECK_INT(held, PASSWORD_HELD_MAX);
    before = clock_mono_us();
    CHECK_INT(password_check(STR("x"), STR_NONE, 0, &right), RC_OK);
    CHECK(clock_mono_us() - before < 10000000);
}

static int open_queue(void **state)
{
    (void)state;
    return passwords_open() != RC_OK;
}

static int close_queue(void **state)
{
    (void)state;
    passwords_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest policy[] = {
        cmocka_unit_test_setup_teardown(
            length_is_counted_in_characters_and_by_kind_of_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_passwords_are_welcome_to_128_characters,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(blanks_count_and_controls_do_not_pass, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_everybody_takes_is_refused_whatever_stands_around_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ones_own_name_and_account_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(several_unrelated_words_are_a_good_password, set_up,
                                        tear_down),
    };
    const struct CMUnitTest queue[] = {
        cmocka_unit_test_setup_teardown(a_hash_is_argon2id_and_only_its_password_is_right,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            bytes_beyond_the_limit_and_broken_hashes_are_just_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            an_unknown_account_takes_as_long_as_a_wrong_password, set_up, tear_down),
        cmocka_unit_test(a_full_queue_refuses_and_closing_tells_all_that_wait),
        cmocka_unit_test(those_held_back_wait_and_leave_room_for_others),
    };
    int bad = cmocka_run_group_tests(policy, NULL, NULL);
    return bad + cmocka_run_group_tests(queue, open_queue, close_queue);
}
