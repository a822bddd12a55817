#include "guard/guard_fixture.h"

#include "guard/machine.h"

#define DAY INT64_C(86400000)

static struct machine_key asked(struct fixture *f)
{
    static struct str areas[] = { STR_INIT("420602001") },
                      rights[] = { STR_INIT("case.read") };

    return (struct machine_key){
        .account = 501,
        .title = STR("市中心医院"),
        .until = f->op.now_ms + 365 * DAY,
        .areas = { areas, 1 },
        .rights = { rights, 1 },
    };
}

TEST(a_bearer_text_finds_its_key)
{
    struct fixture     f;
    struct machine_key found;
    struct str         text;
    int64_t            county;

    fixture_open(&f, state);
    struct machine_key key = asked(&f);
    CHECK_INT(machine_key_make(&f.op, &key, &text), RC_OK);
    CHECK(str_starts(text, STR("lk_")) && text.len == 49);
    CHECK(machine_county(text, &county) && county == 7);
    CHECK(!machine_county(str_skip(text, 3), &county));
    f.op.county = 0;
    CHECK_INT(machine_key_find(&f.op, text, &found), RC_OK);
    CHECK(found.id == key.id && found.account == 501 && found.county == 7);
    CHECK_TEXT(found.title, STR("市中心医院"));
    CHECK_TEXT(((const struct str *)found.areas.at)[0], STR("420602001"));
    CHECK_INT(machine_key_find(&f.op, STR("lk_x"), &found), RC_UNAUTHENTICATED);
    CHECK_INT(machine_key_find(&f.op, str_skip(text, 3), &found), RC_UNAUTHENTICATED);
    fixture_close(&f);
}

TEST(a_key_ends_by_its_date_or_by_hand)
{
    struct fixture     f;
    struct machine_key found, second;
    struct str         text, other;
    struct list        list;

    fixture_open(&f, state);
    struct machine_key key = asked(&f);
    second = key;
    CHECK_INT(machine_key_make(&f.op, &key, &text), RC_OK);
    CHECK_INT(machine_key_make(&f.op, &second, &other), RC_OK);
    CHECK_INT(machine_key_end(&f.op, key.id), RC_OK);
    CHECK_INT(machine_key_find(&f.op, text, &found), RC_UNAUTHENTICATED);
    CHECK_INT(machine_key_end(&f.op, key.id), RC_NOT_FOUND);
    CHECK_INT(machine_key_end(&f.op, 12345), RC_NOT_FOUND);
    CHECK_INT(machine_key_list(&f.op, 0, 200, &list), RC_OK);
    const struct machine_key *keys = list.at;
    CHECK(list.n == 2 && keys[0].ended == f.op.now_ms && keys[1].ended == 0);
    CHECK_INT(machine_key_list(&f.op, keys[0].id, 200, &list), RC_OK);
    CHECK_INT(list.n, 1);
    f.op.now_ms = second.until;
    CHECK_INT(machine_key_find(&f.op, other, &found), RC_UNAUTHENTICATED);
    fixture_close(&f);
}

TEST(every_mistake_in_what_is_asked_gets_its_sentence)
{
    struct fixture f;
    struct str     text, areas[] = { STR_INIT("42060"), STR_INIT("武汉") },
                     rights[] = { STR_INIT("root") };

    fixture_open(&f, state);
    struct machine_key key = { .title = STR("  "),
                               .until = f.op.now_ms,
                               .areas = { areas, 2 },
                               .rights = { rights, 1 } };
    CHECK_INT(machine_key_make(&f.op, &key, &text), RC_INVALID);
    CHECK_INT(f.op.problems.n, 5);
    key = asked(&f);
    key.until = f.op.now_ms + 731 * DAY;
    CHECK_INT(machine_key_make(&f.op, &key, &text), RC_INVALID);
    fixture_close(&f);
}

TEST(a_key_leaves_only_what_it_and_its_account_have_in_common)
{
    static const struct hold holds[] = {
        { .duty = STR_INIT("指挥中心"), .role = ROLE_CENTRE, .area = STR_INIT("420602") },
        { .duty = STR_INIT("社区值守"),
          .role = ROLE_DESK,
          .area = STR_INIT("420602001002") },
        { .duty = STR_INIT("社区值守"),
          .role = ROLE_DESK,
          .area = STR_INIT("420602002001") },
    };
    struct fixture f;
    struct list    left;

    fixture_open(&f, state);
    struct machine_key key = asked(&f);
    CHECK_INT(machine_key_holds(&f.arena, &key, holds, COUNT(holds), &left), RC_OK);
    const struct hold *cut = left.at;
    CHECK_INT(left.n, 2);
    CHECK_TEXT(cut[0].area, STR("420602001"));
    CHECK_TEXT(cut[1].area, STR("420602001002"));
    struct actor actor = { .kind = ACTOR_MACHINE,
                           .account = 501,
                           .holds = cut,
                           .nholds = left.n,
                           .only = machine_key_rights(&key) };
    CHECK(actor_may(&actor, RIGHT_CASE_READ, STR("420602001005")));
    CHECK(!actor_may(&actor, RIGHT_CASE_WORK, STR("420602001005")));
    CHECK(!actor_may(&actor, RIGHT_CASE_READ, STR("420602002001")));
    CHECK(!actor_may(&actor, RIGHT_SELF, STR_NONE));
    CHECK(actor_may(&actor, RIGHT_ANYONE, STR_NONE));
    key.areas.n = key.rights.n = 0;
    CHECK_INT(machine_key_holds(&f.arena, &key, holds, COUNT(holds), &left), RC_OK);
    CHECK_INT(left.n, 3);
    CHECK_INT(machine_key_rights(&key), 0);
    fixture_close(&f);
}

TEST(a_right_that_is_no_longer_known_grants_nothing)
{
    static struct str        old[] = { STR_INIT("case.teleport") };
    struct machine_key       key = { .rights = { old, 1 } };
    static const struct hold hold = { .role = ROLE_DESK, .area = STR_INIT("42") };
    struct actor             actor = {
                    .account = 1, .holds = &hold, .nholds = 1, .only = machine_key_rights(&key)
    };

    for (enum right right = RIGHT_ANYONE + 1; right < RIGHT_COUNT; right++)
        CHECK(!actor_may(&actor, right, STR_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_bearer_text_finds_its_key),
        ON_BOTH(a_key_ends_by_its_date_or_by_hand),
        ON_SQLITE(every_mistake_in_what_is_asked_gets_its_sentence),
        ON_SQLITE(a_key_leaves_only_what_it_and_its_account_have_in_common),
        cmocka_unit_test(a_right_that_is_no_longer_known_grants_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
