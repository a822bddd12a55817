#include "test.h"

#include "guard/actor.h"

static const struct hold li_holds[] = {
    { .duty = STR_INIT("网格员"),
      .role = ROLE_GRID_WORKER,
      .area = STR_INIT("420602001001001") },
    { .duty = STR_INIT("社区值守"),
      .role = ROLE_DESK,
      .area = STR_INIT("420602001002"),
      .org = 7 },
    { .duty = STR_INIT("旧职责"), .role = ROLE_AUDIT, .area = STR_INIT("42060") },
};
static const struct actor li = {
    .kind = ACTOR_PERSON, .account = 1, .holds = li_holds, .nholds = COUNT(li_holds)
};
static const struct actor nobody = { .kind = ACTOR_NOBODY };

TEST(areas_are_compared_on_level_boundaries)
{
    CHECK(area_within(STR("420602001"), STR("420602")));
    CHECK(area_within(STR("420602"), STR("420602")));
    CHECK(!area_within(STR("4206"), STR("420602")));
    CHECK(!area_within(STR("420602"), STR("42060")));
    CHECK(!area_within(STR("4206021"), STR("420602")));
    CHECK(!area_within(STR("420602001"), STR("")));
    CHECK(!area_within(STR_NONE, STR("42")));
    CHECK(!area_within(STR("4206021x1"), STR("420602")));
}

TEST(levels_are_2_4_6_9_12_and_15_digits)
{
    const char *codes[] = { "42",        "4206",         "420602",
                            "420602001", "420602001002", "420602001002003" };

    for (int i = 0; i < 6; i++)
        CHECK_INT(area_level(str_of(codes[i])), i + 1);
    CHECK_INT(area_level(STR("")), 0);
    CHECK_INT(area_level(STR("420")), 0);
    CHECK_INT(area_level(STR("4２")), 0);
    CHECK_INT(area_level(STR("4206020010020031")), 0);
}

TEST(what_is_not_granted_in_the_very_area_is_denied)
{
    CHECK(actor_may(&li, RIGHT_PERSON_WRITE, STR("420602001001001")));
    CHECK(!actor_may(&li, RIGHT_PERSON_WRITE, STR("420602001001002")));
    CHECK(!actor_may(&li, RIGHT_PERSON_WRITE, STR("420602001001")));
    CHECK(actor_may(&li, RIGHT_PERSON_READ, STR("420602001002009")));
    CHECK(!actor_may(&li, RIGHT_PERSON_WRITE, STR("420602001002009")));
    CHECK(actor_may(&li, RIGHT_PERSON_WRITE, STR_NONE));
    CHECK(!actor_may(&li, RIGHT_ACCOUNT_WRITE, STR_NONE));
    CHECK(!actor_may(&li, RIGHT_PERSON_READ, STR("")));
}

TEST(a_hold_in_an_area_that_is_no_level_grants_nothing)
{
    CHECK(!actor_may(&li, RIGHT_JOURNAL_READ, STR("420602")));
    CHECK(!actor_may(&li, RIGHT_JOURNAL_READ, STR_NONE));
}

TEST(somebody_not_signed_in_may_only_what_anyone_may)
{
    for (enum right right = 0; right < RIGHT_COUNT; right++)
        CHECK_INT(actor_may(&nobody, right, STR_NONE), right == RIGHT_ANYONE);
    CHECK(actor_may(&li, RIGHT_SELF, STR_NONE));
}

TEST(a_duty_reaches_as_far_as_its_area)
{
    CHECK(actor_has_duty(&li, STR("社区值守"), STR("420602001002003")));
    CHECK(!actor_has_duty(&li, STR("社区值守"), STR("420602001001003")));
    CHECK(actor_has_duty(&li, STR("社区值守"), STR_NONE));
    CHECK(!actor_has_duty(&li, STR("街道领导"), STR_NONE));
}

TEST(an_organisation_must_be_one_of_the_actors_own)
{
    CHECK(actor_in_org(&li, 7));
    CHECK(!actor_in_org(&li, 8));
    CHECK(!actor_in_org(&li, 0));
}

TEST(the_three_administrators_share_no_writing_right)
{
    const uint64_t read = UINT64_C(1) << RIGHT_SCENE_READ;
    uint64_t       system = role_rights(ROLE_SYSTEM), security = role_rights(ROLE_SECURITY),
             audit = role_rights(ROLE_AUDIT);

    CHECK_INT(system & security, 0);
    CHECK_INT(system & audit & ~read, 0);
    CHECK_INT(security & audit, 0);
    CHECK_INT((system | security | audit) >> RIGHT_CASE_READ & 1, 0);
}

TEST(roles_are_found_by_their_word)
{
    for (enum role role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
        CHECK_INT(role_of_word(role_word(role)), role);
        CHECK(role_title(role).len > 0);
    }
    CHECK_INT(role_of_word(STR("root")), ROLE_NONE);
    CHECK_INT(role_of_word(STR("")), ROLE_NONE);
    CHECK_INT(role_rights(ROLE_NONE), 0);
    CHECK_TEXT(right_word(RIGHT_CASE_READ), STR("case.read"));
    CHECK_TEXT(right_title(RIGHT_CASE_READ), STR("看辖区内的办件"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_compared_on_level_boundaries),
        cmocka_unit_test(levels_are_2_4_6_9_12_and_15_digits),
        cmocka_unit_test(what_is_not_granted_in_the_very_area_is_denied),
        cmocka_unit_test(a_hold_in_an_area_that_is_no_level_grants_nothing),
        cmocka_unit_test(somebody_not_signed_in_may_only_what_anyone_may),
        cmocka_unit_test(a_duty_reaches_as_far_as_its_area),
        cmocka_unit_test(an_organisation_must_be_one_of_the_actors_own),
        cmocka_unit_test(the_three_administrators_share_no_writing_right),
        cmocka_unit_test(roles_are_found_by_their_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
