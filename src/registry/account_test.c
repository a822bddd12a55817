/* Accounts, one-time codes, duties and organisations. */
#include "registry/account.h"

#include "registry/account_store.h"
#include "registry/called.h"
#include "registry/org.h"
#include "town.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define PASSWORD "晚霞 竹篮 7 只 灯笼"

static struct str made_code(struct town *t, struct asking *made)
{
    CHECK_INT(town_must(*made), RC_OK);
    return town_member(t, town_answer(made), "code");
}

static struct asking make(struct town *t, const char *login)
{
    return town_ask(t, "security", "account.make",
                    "{\"login\":\"%s\",\"name\":\"新同事\",\"client\":\"desk\"}", login);
}

static struct asking claim(struct town *t, const char *login, struct str code)
{
    return town_ask(t, "", "account.claim",
                    "{\"login\":\"%s\",\"code\":\"%.*s\",\"password\":\"" PASSWORD "\"}",
                    login, STR_ARG(code));
}

TEST(a_login_is_one_persons_over_all_counties)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = make(&t, "newone");
    CHECK_INT(got.view.status, 201);
    REFUSED(make(&t, "newone"), RC_CONFLICT, "已经有人用“newone”登录了，换一个。");
    got = town_ask(&t, "*", "account.make",
                   "{\"login\":\"newone\",\"name\":\"别区的\",\"client\":\"desk\",\"area\":"
                   "\"420606\"}");
    REFUSED(got, RC_CONFLICT, "已经有人用“newone”登录了，换一个。");
    got = town_ask(&t, "security", "account.make",
                   "{\"login\":\"other\",\"name\":\"谁\",\"client\":\"wall\"}");
    REFUSED(got, RC_INVALID, "入口要写 resident、grid 或 desk。");
    CHECK_TEXT(town_where(&got), STR("client"));
    town_close(&t);
}

/* A key to an account that nobody signs in with yet would act as whoever claims it. */
TEST(a_machines_key_to_an_account_ends_when_a_person_claims_it)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = make(&t, "newone");
    struct str code = made_code(&t, &got);
    ALLOWED(town_ask(&t, "*", "key.make",
                     "{\"title\":\"采集机\",\"account\":\"%lld\","
                     "\"until\":\"2026-12-31T00:00:00+08:00\"}",
                     (long long)town_id(&t, &got, "account")));
    ALLOWED(claim(&t, "newone", code));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM machine_keys WHERE ended_ms IS NULL"),
              0);
    town_close(&t);
}

/* Sealed with the person's key, it goes when they do. */
TEST(what_the_journal_keeps_of_a_claim_is_its_persons)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    int64_t person = town_count(&t, "SELECT max(id) FROM people");
    got = town_ask(&t, "security", "account.make",
                   "{\"login\":\"newone\",\"name\":\"居民\",\"client\":\"resident\","
                   "\"person\":\"%lld\"}",
                   (long long)person);
    struct str code = made_code(&t, &got);
    ALLOWED(claim(&t, "newone", code));
    CHECK_INT(town_count(&t, "SELECT p.person FROM journal_payloads p JOIN journal j"
                             " ON j.county = p.county AND j.seq = p.seq"
                             " WHERE j.act = 'account.claim'"),
              person);
    town_close(&t);
}

TEST(a_one_time_code_sets_the_first_password_once)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = make(&t, "newone");
    struct str code = made_code(&t, &got);
    CHECK_INT(code.len, 8);
    REFUSED(claim(&t, "newone", STR("AAAA2222")), RC_REFUSED,
            "开通码不对，或已经过了一小时。请让管理员再发一个。");
    REFUSED(claim(&t, "nobodyhere", code), RC_REFUSED,
            "开通码不对，或已经过了一小时。请让管理员再发一个。");
    ALLOWED(claim(&t, "newone", code));
    REFUSED(claim(&t, "newone", code), RC_REFUSED,
            "开通码不对，或已经过了一小时。请让管理员再发一个。");
    ALLOWED(town_ask(&t, "", "session.open",
                     "{\"account\":\"newone\",\"password\":\"" PASSWORD "\"}"));
    REFUSED(town_ask(&t, "", "session.open",
                     "{\"account\":\"newone\",\"password\":\"晚霞 竹篮 8 只 灯笼\"}"),
            RC_UNAUTHENTICATED, "登录名或密码不对，请再看看。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM account_codes c JOIN logins l"
                             " ON l.account = c.account WHERE l.login = 'newone'"),
              0);
    town_close(&t);
}

/* It is read from paper: small letters and blanks are what people type. */
TEST(a_one_time_code_is_read_as_people_type_it)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = make(&t, "newone");
    struct str code = made_code(&t, &got);
    char       typed[16];
    size_t     n = 0;
    for (size_t i = 0; i < code.len; i++) {
        if (i == 4)
            typed[n++] = ' ';
        typed[n++] = code.at[i] >= 'A' ? (char)(code.at[i] + 'a' - 'A') : code.at[i];
    }
    ALLOWED(claim(&t, "newone", str_slice(typed, n)));
    town_close(&t);
}

TEST(a_one_time_code_lasts_an_hour_and_a_new_one_ends_the_old)
{
    struct town   t;
    struct asking got;

    town_open(&t, state);
    got = make(&t, "newone");
    struct str first = made_code(&t, &got);
    long long  id = (long long)town_account(&t, "newone");
    town_later(&t, HOUR + 1);
    CHECK_INT(claim(&t, "newone", first).rc, RC_REFUSED);
    got = town_ask(&t, "security", "account.code", "{\"id\":\"%lld\"}", id);
    struct str second = made_code(&t, &got);
    got = town_ask(&t, "security", "account.code", "{\"id\":\"%lld\"}", id);
    struct str third = made_code(&t, &got);
    town_later(&t, HOUR - MINUTE);
    CHECK_INT(claim(&t, "newone", second).rc, RC_REFUSED);
    ALLOWED(claim(&t, "newone", third));
    town_close(&t);
}

TEST(a_closed_account_is_nobody_and_holds_nothing)
{
    struct town  t;
    struct actor actor;
    struct list  found;

    town_open(&t, state);
    int64_t id = town_account(&t, "zhoulan");
    ALLOWED(town_ask(&t, "security", "account.close", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(account_actor(&t.op, id, &actor), RC_NOT_FOUND);
    CHECK_INT(colleagues_with_duty(&t.op, STR("社区值守"), STR(TOWN_COMMUNITY), 5, &found),
              RC_OK);
    CHECK_INT(found.n, 0);
    CHECK_INT(
        town_ask(&t, "security", "account.close", "{\"id\":\"%lld\"}", (long long)t.gas).rc,
        RC_NOT_FOUND);
    REFUSED(town_ask(&t, "security", "account.close", "{\"id\":\"4711\"}"), RC_DENIED,
            "这个区县的这类事不归您管。");
    town_close(&t);
}

/* ---- duties ---- */

static struct asking give(struct town *t, const char *by, const char *login,
                          const char *role, const char *area, const char *more)
{
    return town_ask(
        t, by, "hold.give",
        "{\"account\":\"%lld\",\"duty\":\"社区值守\",\"role\":\"%s\",\"area\":\"%s\"%s}",
        (long long)town_account(t, login), role, area, more);
}

static size_t at_the_desk(struct town *t)
{
    struct list found;

    (void)town_account(t, "mali"); /* the operation's time is now */
    CHECK_INT(colleagues_with_duty(&t->op, STR("社区值守"), STR(TOWN_COMMUNITY), 9, &found),
              RC_OK);
    return found.n;
}

TEST(a_duty_holds_from_its_beginning_until_its_end)
{
    struct town t;

    town_open(&t, state);
    CHECK_INT(at_the_desk(&t), 1);
    ALLOWED(give(
        &t, "security", "mali", "desk", TOWN_COMMUNITY,
        ",\"from\":\"2026-11-23T10:00:00+08:00\",\"until\":\"2026-11-23T12:00:00+08:00\""));
    CHECK_INT(at_the_desk(&t), 1);
    town_clock(&t, "2026-11-23T10:00:01+08:00");
    CHECK_INT(at_the_desk(&t), 2);
    CHECK(actor_may(&(struct actor){ 0 }, RIGHT_SELF, STR_NONE) == false);
    struct actor mali = town_actor(&t, "mali");
    CHECK(actor_may(&mali, RIGHT_CASE_READ, STR(TOWN_GRID)));
    town_clock(&t, "2026-11-23T12:00:01+08:00");
    CHECK_INT(at_the_desk(&t), 1);
    mali = town_actor(&t, "mali");
    CHECK(!actor_may(&mali, RIGHT_CASE_READ, STR(TOWN_GRID)));
    town_close(&t);
}

TEST(somebody_stands_in_and_it_is_known_for_whom)
{
    struct town t;

    town_open(&t, state);
    struct str more = str_fmt(
        &t.arena, ",\"stands_in_for\":\"%lld\",\"until\":\"2026-11-30T00:00:00+08:00\"",
        (long long)town_account(&t, "zhoulan"));
    ALLOWED(give(&t, "security", "chentao", "desk", TOWN_COMMUNITY, str_z(&t.arena, more)));
    struct actor chentao = town_actor(&t, "chentao");
    CHECK_INT(chentao.nholds, 2);
    CHECK_INT(chentao.holds[1].stands_in_for, town_account(&t, "zhoulan"));
    CHECK(actor_has_duty(&chentao, STR("社区值守"), STR(TOWN_COMMUNITY)));
    CHECK_INT(at_the_desk(&t), 2);
    town_close(&t);
}

TEST(an_ended_duty_ends_the_sessions_too)
{
    struct town t;

    town_open(&t, state);
    struct asking got = give(&t, "security", "mali", "desk", TOWN_COMMUNITY, "");
    int64_t       hold = town_id(&t, &got, "hold");
    long long     mali = (long long)town_account(&t, "mali");
    ALLOWED(town_ask(&t, "", "demo.sign-in", "{\"account\":\"%lld\"}", mali));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM sessions"), 1);
    ALLOWED(town_ask(&t, "security", "hold.end", "{\"account\":\"%lld\",\"hold\":\"%lld\"}",
                     mali, (long long)hold));
    CHECK_INT(at_the_desk(&t), 1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM sessions"), 0);
    CHECK_INT(town_ask(&t, "security", "hold.end",
                       "{\"account\":\"%lld\",\"hold\":\"%lld\"}", mali, (long long)hold)
                  .rc,
              RC_NOT_FOUND);
    town_close(&t);
}

TEST(nobody_gives_what_is_not_theirs_to_give)
{
    struct town t;

    town_open(&t, state);
    REFUSED(give(&t, "security", "security", "desk", TOWN_COMMUNITY, ""), RC_DENIED,
            "不能给自己加职责，请另一位安全管理员来办。");
    REFUSED(give(&t, "security", "mali", "operator", TOWN_COUNTY, ""), RC_DENIED,
            "“本机操作员”只在命令行上，不能授予账号。");
    REFUSED(give(&t, "security", "mali", "system", TOWN_COUNTY, ""), RC_REFUSED,
            "系统、安全、审计三种管理员要由不同的人担任，也不办其他业务。");
    REFUSED(give(&t, "security", "audit", "desk", TOWN_COUNTY, ""), RC_REFUSED,
            "系统、安全、审计三种管理员要由不同的人担任，也不办其他业务。");
    REFUSED(give(&t, "security", "mali", "desk", "4206", ""), RC_DENIED,
            "这个辖区的职责不归您授予。");
    REFUSED(give(&t, "security", "mali", "desk", "420606", ""), RC_DENIED,
            "这个辖区的职责不归您授予。");
    REFUSED(give(&t, "security", "mali", "chief", TOWN_COMMUNITY, ""), RC_INVALID,
            "没有“chief”这种角色。");
    REFUSED(give(&t, "security", "mali", "desk", "*", ""), RC_INVALID, "“*”不是辖区代码。");
    town_close(&t);
}

/* ---- organisations ---- */

TEST(an_organisation_with_the_duty_is_the_nearest_one_upwards)
{
    struct town t;
    struct org  org;
    struct list found;

    town_open(&t, state);
    (void)town_account(&t, "mali");
    CHECK_INT(org_with_duty(&t.op, STR("公用事业"), STR(TOWN_GRID), &org), RC_OK);
    CHECK_INT(org.id, t.gas);
    ALLOWED(town_ask(&t, "system", "org.make",
                     "{\"name\":\"檀溪水厂\",\"kind\":\"utility\",\"area\":\"" TOWN_STREET
                     "\",\"duties\":[{\"duty\":\"公用事业\"}]}"));
    CHECK_INT(org_with_duty(&t.op, STR("公用事业"), STR(TOWN_GRID), &org), RC_OK);
    CHECK_TEXT(org.name, STR("檀溪水厂"));
    CHECK_INT(org_with_duty(&t.op, STR("环卫"), STR(TOWN_GRID), &org), RC_NOT_FOUND);
    CHECK_INT(org_serving(&t.op, STR(TOWN_COMMUNITY), 9, &found), RC_OK);
    CHECK_INT(found.n, 3); /* its own, the street's, the county's */
    CHECK_INT(((struct org *)found.at)[0].id, t.property);
    REFUSED(town_ask(&t, "system", "org.make",
                     "{\"name\":\"别区的\",\"kind\":\"utility\",\"area\":\"420606\"}"),
            RC_DENIED, "这个辖区的单位不归您维护。");
    town_close(&t);
}

TEST(who_is_of_an_organisation_or_an_area_is_found)
{
    struct town t;
    struct list found;

    town_open(&t, state);
    (void)town_account(&t, "mali");
    CHECK_INT(colleagues_of_org(&t.op, t.property, 9, &found), RC_OK);
    CHECK_INT(found.n, 1);
    CHECK_TEXT(((struct colleague *)found.at)->name, STR("李师傅"));
    CHECK_INT(colleagues_in_area(&t.op, STR(TOWN_COMMUNITY), 20, &found), RC_OK);
    CHECK_INT(found.n, 5);
    CHECK_TEXT(((struct colleague *)found.at)[4].name, STR("陈涛"));
    CHECK_TEXT(account_title(&t.op, town_account(&t, "liumin")), STR("网格员 刘敏"));
    town_close(&t);
}

/* Duties begin and end by the asker's clock. */
TEST(what_somebody_is_called_is_believed_for_five_seconds)
{
    struct town t;

    town_open(&t, state);
    CHECK_INT(called_open(), RC_OK);
    int64_t id = town_account(&t, "liumin");
    CHECK_TEXT(account_title(&t.op, id), STR("网格员 刘敏"));
    (void)town_count(&t, "UPDATE accounts SET name = '刘小敏' WHERE login = 'liumin'");
    CHECK_TEXT(account_title(&t.op, id), STR("网格员 刘敏"));
    t.op.now_ms += 6000;
    CHECK_TEXT(account_title(&t.op, id), STR("网格员 刘小敏"));
    called_close();
    town_close(&t);
}

TEST(a_change_of_accounts_or_duties_is_shown_at_once)
{
    struct town t;

    town_open(&t, state);
    CHECK_INT(called_open(), RC_OK);
    int64_t id = town_account(&t, "zhoulan");
    CHECK_TEXT(called_alone(&t.op, STR("社区值守"), STR(TOWN_COMMUNITY)).name, STR("周岚"));
    ALLOWED(town_ask(&t, "security", "account.close", "{\"id\":\"%lld\"}", (long long)id));
    CHECK_INT(called_alone(&t.op, STR("社区值守"), STR(TOWN_COMMUNITY)).name.len, 0);
    called_close();
    town_close(&t);
}

static size_t on_duty(struct town *t, int64_t *account)
{
    return called_on_duty(&t->op, STR("社区值守"), STR(TOWN_COMMUNITY), account, 1);
}

/* While a writer's transaction is open nobody else changes a duty; what it changes itself
 * is seen, and seen to be undone. */
TEST(who_is_on_duty_is_asked_once_a_transaction_and_again_after_a_change)
{
    struct town t;
    struct db  *writer;
    int64_t     account;

    town_open(&t, state);
    int64_t id = town_account(&t, "zhoulan");
    int64_t hold =
        town_count(&t, "SELECT id FROM holds WHERE account = %lld", (long long)id);
    CHECK_INT(db_open(t.where, DB_WRITE, t.catalogue, &writer), RC_OK);
    t.op.db = writer;
    CHECK_INT(db_begin(writer), RC_OK);
    CHECK_INT(on_duty(&t, &account), 1);
    CHECK(account == id);
    (void)db_fail_at(1, RC_INTERNAL);
    CHECK_INT(on_duty(&t, &account), 1);
    CHECK_INT(db_fail_at(0, RC_OK), 1); /* no statement ran */
    CHECK_INT(hold_update_end(&t.op, id, hold), RC_OK);
    CHECK_INT(on_duty(&t, &account), 0);
    db_rollback(writer);
    CHECK_INT(db_begin(writer), RC_OK);
    CHECK_INT(on_duty(&t, &account), 1);
    db_rollback(writer);
    t.op.db = t.db;
    db_close(&writer);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_login_is_one_persons_over_all_counties),
        ON_BOTH(a_one_time_code_sets_the_first_password_once),
        ON_BOTH(a_one_time_code_is_read_as_people_type_it),
        ON_BOTH(a_one_time_code_lasts_an_hour_and_a_new_one_ends_the_old),
        ON_BOTH(a_closed_account_is_nobody_and_holds_nothing),
        ON_BOTH(a_duty_holds_from_its_beginning_until_its_end),
        ON_BOTH(somebody_stands_in_and_it_is_known_for_whom),
        ON_BOTH(an_ended_duty_ends_the_sessions_too),
        ON_BOTH(nobody_gives_what_is_not_theirs_to_give),
        ON_BOTH(an_organisation_with_the_duty_is_the_nearest_one_upwards),
        ON_BOTH(who_is_of_an_organisation_or_an_area_is_found),
        ON_BOTH(a_machines_key_to_an_account_ends_when_a_person_claims_it),
        ON_BOTH(what_the_journal_keeps_of_a_claim_is_its_persons),
        ON_BOTH(what_somebody_is_called_is_believed_for_five_seconds),
        ON_BOTH(a_change_of_accounts_or_duties_is_shown_at_once),
        ON_BOTH(who_is_on_duty_is_asked_once_a_transaction_and_again_after_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
