/* A PostgreSQL on another machine must prove which one it is. */
#include "test.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/examine.h"

static enum rc opened(struct str where)
{
    struct db *db = NULL;

    enum rc rc = db_open(where, DB_READ, NULL, &db);
    db_close(&db);
    return rc;
}

/* 192.0.2.0/24 is nobody's: what is refused is refused before anything is sent. */
TEST(a_distant_database_without_a_checked_certificate_is_not_spoken_to)
{
    static const char *const refused[] = {
        "postgresql://linli@192.0.2.1/linli",
        "postgresql://linli@192.0.2.1/linli?sslmode=require",
        "postgresql://linli@db.example.cn/linli?sslmode=verify-ca",
        "postgresql://linli@localhost,192.0.2.1/linli",
        "postgresql://linli@localhost/linli?hostaddr=192.0.2.1",
        "postgresql://linli@127.0.0.1.example.cn/linli",
        "postgresql:///linli?service=elsewhere",
    };

    struct arena       arena;
    struct examination found;

    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (opened(str_of(refused[i])) != RC_DENIED)
            fail_msg("%s: spoken to", refused[i]);
        examine(&arena, str_of(refused[i]), false, &found); /* the doctor's */
        if (found.reached || !str_has(found.says, STR("verify-full")))
            fail_msg("%s: examined", refused[i]);
    }
    arena_free(&arena);
}

TEST(a_database_on_this_machine_needs_no_certificate)
{
    static const char *const tried[] = {
        "postgresql://linli@127.0.0.1:1/linli",
        "postgresql://linli@localhost:1/linli",
        "postgresql:///linli?host=/nowhere",
    };

    for (size_t i = 0; i < COUNT(tried); i++)
        CHECK_INT(opened(str_of(tried[i])), RC_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_distant_database_without_a_checked_certificate_is_not_spoken_to),
        cmocka_unit_test(a_database_on_this_machine_needs_no_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
