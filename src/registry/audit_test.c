/* What the three administrators look at: lines of the journal by kind, whom and when;
 * decoys and who opened them; accounts; what waits for a second person. */
#include "registry/audit.h"

#include "gate/heads.h"
#include "town_cases.h"

static struct asking lines(struct town *t, const char *kind, const char *more)
{
    return town_ask(t, "audit", "journal.list", "{\"kind\":\"%s\"%s}", kind, more);
}

static size_t n_lines(struct town *t, const char *kind, const char *more)
{
    struct asking got = lines(t, kind, more);

    return town_items(t, &got);
}

static const char *by(struct town *t, const char *login)
{
    return str_z(&t->arena, str_fmt(&t->arena, ",\"account\":\"%lld\"",
                                    (long long)town_account(t, login)));
}

static void give(struct town *t, const char *as, const char *to)
{
    ALLOWED(town_ask(t, as, "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"社区值守\",\"role\":\"desk\","
                     "\"area\":\"" TOWN_COMMUNITY "\"}",
                     (long long)town_account(t, to)));
}

TEST(a_change_of_rights_is_found_by_who_made_it_and_by_whom_it_is_about)
{
    struct town t;

    town_open(&t, state);
    size_t before = n_lines(&t, "rights", by(&t, "sunli"));
    CHECK_INT(n_lines(&t, "rights", by(&t, "security")), 2); /* opened, given the duty */
    town_later(&t, 1000);
    give(&t, "security", "sunli");
    struct asking got = lines(&t, "rights", by(&t, "security"));
    CHECK_INT(town_items(&t, &got), 3);
    CHECK_INT(n_lines(&t, "rights", by(&t, "sunli")), before + 1);
    struct str newest = json_pick(&t.arena, town_answer(&got), "items/*");
    CHECK_TEXT(json_pick_text(&t.arena, newest, "act"), STR("hold.give"));
    CHECK_TEXT(json_pick_text(&t.arena, newest, "who"), STR("安全管理员 安全管理员"));
    CHECK_TEXT(json_pick_text(&t.arena, newest, "whom"), STR("社区书记 孙丽"));
    CHECK_TEXT(json_pick_text(&t.arena, newest, "says"),
               STR("职责：社区值守，角色：社区值守，辖区：襄城区 檀溪街道 滨湖社区"));
    CHECK_INT(n_lines(&t, "sign-in", by(&t, "sunli")), 0);
    town_close(&t);
}

TEST(only_what_happened_in_the_time_that_is_asked_for_is_shown)
{
    struct town t;

    town_open(&t, state);
    town_clock(&t, "2026-11-24T10:00:00+08:00");
    give(&t, "security", "sunli");
    CHECK_INT(n_lines(&t, "rights", ",\"since\":\"2026-11-24T00:00:00+08:00\""), 1);
    CHECK_INT(n_lines(&t, "rights",
                      ",\"since\":\"2026-11-24T00:00:00+08:00\",\"until\":"
                      "\"2026-11-24T10:00:00+08:00\""),
              0);
    town_close(&t);
}

TEST(pages_of_lines_come_to_each_of_them_once)
{
    struct town t;
    struct str  cursor = STR_NONE;
    size_t      n = 0;

    town_open(&t, state);
    for (int i = 0; i < 40; i++)
        give(&t, "security", "sunli");
    size_t all = (size_t)town_count(
        &t, "SELECT count(*) FROM audit_lines WHERE kind = 'rights' AND account = 0");
    CHECK(all > 60);
    do {
        struct str    more = cursor.at
                                 ? str_fmt(&t.arena, ",\"cursor\":\"%.*s\"", STR_ARG(cursor))
                                 : STR("");
        struct asking got = lines(&t, "rights", str_z(&t.arena, more));
        n += town_items(&t, &got);
        cursor = json_pick_text(&t.arena, town_answer(&got), "next");
    } while (cursor.at);
    CHECK_INT(n, all);
    REFUSED(lines(&t, "rights", ",\"cursor\":\"x\""), RC_INVALID,
            "这个翻页位置不对，请从头再看。");
    REFUSED(lines(&t, "cases", ""), RC_INVALID,
            "要看的是 sign-in、rights、export 或 deletion。");
    town_close(&t);
}

TEST(only_heads_that_were_signed_here_are_kept)
{
    struct town t;

    town_open(&t, state);
    struct head forged = { .county = TOWN_NUMBER,
                           .seq = 5,
                           .at_ms = t.op.now_ms,
                           .hash = STR("12345678901234567890123456789012"),
                           .key = STR("0011223344556677"),
                           .signature = STR("1234567890123456789012345678901234567890") };
    struct str  line = head_line(&t.arena, &forged);
    REFUSED(town_ask(&t, "*", "journal.head-keep", "{\"line\":\"%.*s\"}", STR_ARG(line)),
            RC_REFUSED, "这不是本机密钥签过名的链头。");
    town_close(&t);
}

/* As on a database of the release before. */
TEST(lines_that_were_written_before_there_were_notes_are_noted_when_the_server_starts)
{
    struct town t;

    town_open(&t, state);
    give(&t, "security", "sunli");
    int64_t all = town_count(&t, "SELECT count(*) FROM audit_lines");
    (void)town_count(&t, "DELETE FROM audit_lines");
    (void)town_count(&t, "DELETE FROM cursors WHERE follower = 'audit'");
    town_restart(&t);
    give(&t, "security", "sunli");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM audit_lines"), all + 3);
    town_close(&t);
}

TEST(a_resident_who_has_deleted_themselves_leaves_the_line_and_nothing_in_it)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(town_ask(&t, "wangfang", "person.delete", "{\"confirm\":\"注销\"}"));
    struct asking got = lines(&t, "deletion", "");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(town_answer(&got), STR("person.delete")));
    CHECK(!str_has(town_answer(&got), STR("王芳")));
    town_close(&t);
}

/* --------------------------------------------------------------- refusals */

static size_t n_refused(struct town *t, const char *more)
{
    (void)town_ask(t, "audit", "inbox.read", "{\"until\":\"1\"}"); /* the next batch */
    struct asking got =
        town_ask(t, "audit", "refusal.list", "{\"act\":\"session.open\"%s}", more);

    return town_items(t, &got);
}

TEST(a_wrong_password_is_seen_where_the_account_is_and_an_unknown_one_nowhere)
{
    struct town t;

    town_open(&t, state);
    CHECK_INT(town_ask(&t, "", "session.open",
                       "{\"account\":\"zhoulan\",\"password\":\"不对的密码\"}")
                  .rc,
              RC_UNAUTHENTICATED);
    CHECK_INT(n_refused(&t, ""), 1);
    CHECK_INT(n_refused(&t, ",\"nowhere\":true"), 0);
    CHECK_INT(town_ask(&t, "", "session.open",
                       "{\"account\":\"nobody\",\"password\":\"不对的密码\"}")
                  .rc,
              RC_UNAUTHENTICATED);
    (void)town_ask(&t, "*", "session.keep", "{\"county\":0}"); /* its batch */
    CHECK_INT(n_refused(&t, ""), 1);
    CHECK_INT(n_refused(&t, ",\"nowhere\":true"), 1);
    town_close(&t);
}

/* ------------------------------------------------------------------ decoys */

static long long given_decoy(struct town *t)
{
    struct asking made =
        town_ask(t, "security", "decoy.make",
                 "{\"name\":\"范冰洁\",\"birth\":\"1981-09-16\",\"phone\":\"13911112222\","
                 "\"compound\":\"山水家园\",\"building\":\"1\",\"room\":\"1801\",\"grid\":"
                 "\"" TOWN_GRID "\"}");

    CHECK_INT(town_must(made), RC_OK);
    return (long long)town_id(t, &made, "id");
}

static struct str decoys(struct town *t)
{
    struct asking got = town_ask(t, "security", "decoy.list", "{}");

    CHECK_INT(town_must(got), RC_OK);
    return town_answer(&got);
}

TEST(decoys_are_listed_with_how_often_they_were_opened_until_they_end)
{
    struct town t;

    town_open(&t, state);
    long long decoy = given_decoy(&t);
    CHECK_TEXT(json_pick_text(&t.arena, decoys(&t), "items/*/opened"), STR("0"));
    ALLOWED(town_ask(&t, "liumin", "person.look", "{\"id\":\"%lld\",\"reason\":\"核对\"}",
                     decoy));
    struct str shown = decoys(&t);
    CHECK_TEXT(json_pick_text(&t.arena, shown, "items/*/opened"), STR("1"));
    CHECK_TEXT(json_pick_text(&t.arena, shown, "items/*/name"), STR("范冰洁"));
    struct asking hits = town_ask(&t, "security", "decoy.hits", "{\"id\":\"%lld\"}", decoy);
    CHECK_INT(town_items(&t, &hits), 1);
    CHECK(str_has(town_answer(&hits), STR("网格员 刘敏")));
    CHECK(str_has(town_answer(&hits), STR("核对")));
    ALLOWED(town_ask(&t, "security", "decoy.end", "{\"id\":\"%lld\"}", decoy));
    CHECK(!str_has(decoys(&t), STR("范冰洁")));
    town_close(&t);
}

TEST(whoever_keeps_decoys_learns_nothing_of_residents_by_it)
{
    struct town t;

    town_open(&t, state);
    long long wangfang =
        (long long)town_count(&t, "SELECT id FROM people WHERE name = '王芳'");
    ALLOWED(town_ask(&t, "liumin", "person.look", "{\"id\":\"%lld\",\"reason\":\"核对\"}",
                     wangfang));
    CHECK_INT(town_ask(&t, "security", "decoy.hits", "{\"id\":\"%lld\"}", wangfang).rc,
              RC_NOT_FOUND);
    CHECK(!str_has(decoys(&t), STR("王芳")));
    town_close(&t);
}

/* ---------------------------------------------------------------- accounts */

TEST(accounts_are_found_by_name_and_by_login_and_shown_with_their_duties)
{
    struct town t;

    town_open(&t, state);
    struct asking named = town_ask(&t, "security", "account.list", "{\"find\":\"刘敏\"}"),
                  known =
                      town_ask(&t, "security", "account.list", "{\"find\":\" liumin \"}"),
                  other = town_ask(&t, "security", "account.list", "{\"find\":\"无此人\"}");
    CHECK_INT(town_items(&t, &named), 1);
    CHECK_INT(town_items(&t, &known), 1);
    CHECK_INT(town_items(&t, &other), 0);
    struct asking shown = town_ask(&t, "security", "account.show", "{\"id\":\"%lld\"}",
                                   (long long)town_account(&t, "liumin"));
    CHECK_INT(town_must(shown), RC_OK);
    struct str holds = town_member(&t, town_answer(&shown), "holds");
    CHECK(str_has(holds, STR("\"role_title\":\"网格员\"")));
    CHECK_TEXT(town_member(&t, town_answer(&shown), "totp"), STR("false"));
    CHECK(!str_has(town_answer(&shown), STR("argon2")));
    town_close(&t);
}

/* ------------------------------------------------------- a second person's */

TEST(the_audit_sees_what_waits_for_a_second_person_and_cannot_answer_it)
{
    struct town t;

    town_open(&t, state);
    long long wangfang =
        (long long)town_count(&t, "SELECT id FROM people WHERE name = '王芳'");
    ALLOWED(town_ask(&t, "zhoulan", "deletion.ask",
                     "{\"id\":\"%lld\",\"purpose\":\"本人到窗口\"}", wangfang));
    struct asking got = town_ask(&t, "audit", "request.waiting", "{}");
    CHECK_INT(town_items(&t, &got), 1);
    CHECK(str_has(town_answer(&got), STR("\"may_answer\":false")));
    CHECK(!str_has(town_answer(&got), STR("王芳")));
    CHECK_INT(town_ask(&t, "sunli", "request.waiting", "{}").rc, RC_DENIED);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_change_of_rights_is_found_by_who_made_it_and_by_whom_it_is_about),
        ON_BOTH(only_what_happened_in_the_time_that_is_asked_for_is_shown),
        ON_BOTH(pages_of_lines_come_to_each_of_them_once),
        ON_BOTH(
            lines_that_were_written_before_there_were_notes_are_noted_when_the_server_starts),
        ON_BOTH(a_resident_who_has_deleted_themselves_leaves_the_line_and_nothing_in_it),
        ON_BOTH(a_wrong_password_is_seen_where_the_account_is_and_an_unknown_one_nowhere),
        ON_BOTH(only_heads_that_were_signed_here_are_kept),
        ON_BOTH(decoys_are_listed_with_how_often_they_were_opened_until_they_end),
        ON_BOTH(whoever_keeps_decoys_learns_nothing_of_residents_by_it),
        ON_BOTH(accounts_are_found_by_name_and_by_login_and_shown_with_their_duties),
        ON_BOTH(the_audit_sees_what_waits_for_a_second_person_and_cannot_answer_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
