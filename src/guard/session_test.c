#include "guard/guard_fixture.h"

#include <string.h>

#include "base/limits.h"
#include "guard/actor.h"
#include "guard/guard_store.h"
#include "guard/session.h"
#include "guard/token.h"

enum { ACCOUNT = 501 };
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static void begin(struct fixture *f, void **state)
{
    fixture_open(f, state);
    CHECK_INT(sessions_open(), RC_OK);
}

static void end(struct fixture *f)
{
    sessions_close();
    fixture_close(f);
}

static struct str sign_in(struct fixture *f, int64_t account, enum client client,
                          struct session *session)
{
    struct str token;

    f->op.address = STR("10.0.0.9");
    f->op.agent = STR("Firefox");
    CHECK_INT(session_open(&f->op,
                           &(struct session_new){ .account = account, .client = client },
                           session, &token),
              RC_OK);
    return token;
}

static enum rc find(struct fixture *f, struct str token)
{
    struct session session;

    return session_find(&f->op, token, &session);
}

TEST(the_cookie_finds_its_session_and_county)
{
    struct fixture f;
    struct session made, found;

    begin(&f, state);
    struct str token = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    CHECK_INT(token.len, 46);
    for (int i = 0; i < 2; i++) { /* from the table, then from memory */
        f.op.county = 0;
        CHECK_INT(session_find(&f.op, token, &found), RC_OK);
        CHECK(f.op.county == 7 && found.county == 7 && found.id == made.id &&
              found.account == ACCOUNT);
        CHECK(found.client == CLIENT_STAFF && found.made_ms == made.made_ms);
        CHECK(found.seen_ms == made.seen_ms && found.until_ms == made.until_ms);
    }
    end(&f);
}

TEST(only_the_hash_of_the_token_is_in_the_table)
{
    struct fixture f;
    struct session made;
    struct token   token;

    begin(&f, state);
    struct str text = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    CHECK(token_read(STR(""), text, &token));
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sessions WHERE length(token) = 32"),
              1);
    struct session_row row;
    CHECK_INT(session_row_find(&f.op, 7, PART_OF(token.hash), &row), RC_OK);
    end(&f);
}

TEST(what_is_no_token_is_nobody)
{
    struct fixture f;
    struct session made;
    char           changed[64];

    begin(&f, state);
    struct str  token = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    const char *bad[] = { "", "x", "lk_",
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_INT(find(&f, str_of(bad[i])), RC_UNAUTHENTICATED);
    for (size_t i = 0; i < token.len; i++) {
        memcpy(changed, token.at, token.len);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_INT(find(&f, str_slice(changed, token.len)), RC_UNAUTHENTICATED);
        CHECK_INT(find(&f, str_slice(token.at, i)), RC_UNAUTHENTICATED);
    }
    CHECK_INT(find(&f, STR_NONE), RC_UNAUTHENTICATED);
    end(&f);
}

TEST(an_idle_session_ends_and_a_used_one_goes_on)
{
    static const struct {
        enum client client;
        int64_t     idle_ms, whole_ms;
    } limits[] = { { CLIENT_ADMIN, 15 * MINUTE, 8 * HOUR },
                   { CLIENT_STAFF, 30 * MINUTE, 12 * HOUR },
                   { CLIENT_RESIDENT, 30 * DAY, 90 * DAY },
                   { CLIENT_KIOSK, 60 * SECOND, 10 * MINUTE } };
    struct fixture f;
    struct session made;

    begin(&f, state);
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct str idle = sign_in(&f, ACCOUNT, limits[i].client, &made);
        struct str used = sign_in(&f, ACCOUNT, limits[i].client, &made);
        int64_t    start = f.op.now_ms;
        f.op.now_ms = start + limits[i].idle_ms - 1;
        CHECK_INT(find(&f, used), RC_OK);
        CHECK_INT(session_keep(&f.op), RC_OK);
        f.op.now_ms = start + limits[i].idle_ms;
        CHECK_INT(find(&f, idle), RC_UNAUTHENTICATED);
        sessions_close(); /* five seconds later, memory has let go */
        CHECK_INT(sessions_open(), RC_OK);
        CHECK_INT(find(&f, used), RC_OK);
        while (f.op.now_ms + limits[i].idle_ms / 2 < start + limits[i].whole_ms) {
            f.op.now_ms += limits[i].idle_ms / 2;
            CHECK_INT(find(&f, used), RC_OK);
            CHECK_INT(session_keep(&f.op), RC_OK);
            sessions_close();
            CHECK_INT(sessions_open(), RC_OK);
        }
        f.op.now_ms = start + limits[i].whole_ms;
        CHECK_INT(find(&f, used), RC_UNAUTHENTICATED);
    }
    CHECK_INT(session_keep(&f.op), RC_OK);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sessions"), 0);
    end(&f);
}

TEST(using_a_session_is_written_down_seldom)
{
    struct fixture f;
    struct session made;

    begin(&f, state);
    struct str token = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    f.op.now_ms += MINUTE;
    CHECK_INT(find(&f, token), RC_OK);
    CHECK_INT(session_keep(&f.op), RC_OK);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM sessions WHERE seen_ms > made_ms"),
              0);
    f.op.now_ms += MINUTE;
    CHECK_INT(find(&f, token), RC_OK);
    CHECK_INT(session_keep(&f.op), RC_OK);
    CHECK_INT(
        test_sql(f.where, "SELECT count(*) FROM sessions WHERE seen_ms = made_ms + 120000"),
        1);
    end(&f);
}

TEST(an_open_stream_keeps_no_kiosk_signed_in)
{
    struct fixture f;
    struct session made, seen;

    begin(&f, state);
    struct str token = sign_in(&f, ACCOUNT, CLIENT_KIOSK, &made);
    for (int64_t end = made.until_ms; f.op.now_ms + 5000 < end;) {
        f.op.now_ms += 5000;
        CHECK_INT(session_peek(&f.op, token, &seen), RC_OK);
        CHECK_INT(session_keep(&f.op), RC_OK);
    }
    f.op.now_ms = made.until_ms;
    CHECK_INT(session_peek(&f.op, token, &seen), RC_UNAUTHENTICATED);
    CHECK_INT(find(&f, token), RC_UNAUTHENTICATED);
    end(&f);
}

TEST(an_ended_session_is_ended_at_once)
{
    struct fixture f;
    struct session one, two, foreign;

    begin(&f, state);
    struct str token = sign_in(&f, ACCOUNT, CLIENT_STAFF, &one);
    struct str other = sign_in(&f, ACCOUNT, CLIENT_STAFF, &two);
    struct str third = sign_in(&f, ACCOUNT + 1, CLIENT_STAFF, &foreign);
    CHECK_INT(find(&f, token), RC_OK);
    CHECK_INT(session_end(&f.op, ACCOUNT, foreign.id), RC_NOT_FOUND);
    CHECK_INT(session_end(&f.op, ACCOUNT, one.id), RC_OK);
    CHECK_INT(find(&f, token), RC_UNAUTHENTICATED);
    CHECK_INT(session_end(&f.op, ACCOUNT, one.id), RC_NOT_FOUND);
    CHECK_INT(find(&f, other), RC_OK);
    CHECK_INT(session_end_all(&f.op, ACCOUNT, 0), RC_OK);
    CHECK_INT(find(&f, other), RC_UNAUTHENTICATED);
    CHECK_INT(find(&f, third), RC_OK);
    end(&f);
}

TEST(all_but_the_current_one_can_be_ended)
{
    struct fixture f;
    struct session keep, gone;

    begin(&f, state);
    struct str kept = sign_in(&f, ACCOUNT, CLIENT_RESIDENT, &keep);
    struct str away = sign_in(&f, ACCOUNT, CLIENT_RESIDENT, &gone);
    CHECK(find(&f, kept) == RC_OK && find(&f, away) == RC_OK);
    CHECK_INT(session_end_all(&f.op, ACCOUNT, keep.id), RC_OK);
    CHECK_INT(find(&f, kept), RC_OK);
    CHECK_INT(find(&f, away), RC_UNAUTHENTICATED);
    end(&f);
}

TEST(a_rolled_back_ending_leaves_the_session)
{
    struct fixture f;
    struct session made;

    begin(&f, state);
    struct str token = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    CHECK_INT(find(&f, token), RC_OK);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(session_end(&f.op, ACCOUNT, made.id), RC_OK);
    db_rollback(f.db);
    CHECK_INT(find(&f, token), RC_OK);
    end(&f);
}

TEST(one_session_too_many_ends_the_oldest)
{
    struct fixture f;
    struct session made;
    struct str     tokens[SESSIONS_PER_ACCOUNT + 1];
    struct list    shown;

    begin(&f, state);
    for (size_t i = 0; i < COUNT(tokens); i++) {
        f.op.now_ms += SECOND;
        tokens[i] = sign_in(&f, ACCOUNT, CLIENT_RESIDENT, &made);
    }
    CHECK_INT(find(&f, tokens[0]), RC_UNAUTHENTICATED);
    for (size_t i = 1; i < COUNT(tokens); i++)
        CHECK_INT(find(&f, tokens[i]), RC_OK);
    CHECK_INT(session_list(&f.op, ACCOUNT, &shown), RC_OK);
    CHECK_INT(shown.n, SESSIONS_PER_ACCOUNT);
    end(&f);
}

TEST(the_list_shows_the_newest_first_and_which_is_mine)
{
    struct fixture f;
    struct session first, second;
    struct list    list;

    begin(&f, state);
    (void)sign_in(&f, ACCOUNT, CLIENT_STAFF, &first);
    f.op.now_ms += MINUTE;
    (void)sign_in(&f, ACCOUNT, CLIENT_RESIDENT, &second);
    f.op.actor = &(const struct actor){ .kind = ACTOR_PERSON,
                                        .account = ACCOUNT,
                                        .session = first.id };
    CHECK_INT(session_list(&f.op, ACCOUNT, &list), RC_OK);
    const struct session_shown *shown = list.at;
    CHECK_INT(list.n, 2);
    CHECK(shown[0].id == second.id && !shown[0].current && shown[1].current);
    CHECK_TEXT(shown[1].client, STR("staff"));
    CHECK_TEXT(shown[1].address, STR("10.0.0.9"));
    f.op.now_ms += 12 * HOUR;
    CHECK_INT(session_list(&f.op, ACCOUNT, &list), RC_OK);
    CHECK_INT(list.n, 1);
    end(&f);
}

TEST(headers_are_cut_to_what_a_table_should_hold)
{
    struct fixture f;
    struct session made;
    struct str     token;
    struct list    list;
    char           agent[300];

    begin(&f, state);
    memset(agent, 'a', sizeof agent);
    memcpy(agent + 199, "\xe6\xad\xa6", 3);
    const struct session_new asked = { .account = ACCOUNT, .client = CLIENT_STAFF };
    f.op.address = STR("::1\r\nX: y");
    f.op.agent = str_slice(agent, sizeof agent);
    CHECK_INT(session_open(&f.op, &asked, &made, &token), RC_OK);
    f.op.address = STR_NONE;
    f.op.agent = STR("\xff");
    CHECK_INT(session_open(&f.op, &asked, &made, &token), RC_OK);
    CHECK_INT(session_list(&f.op, ACCOUNT, &list), RC_OK);
    const struct session_shown *shown = list.at;
    CHECK_TEXT(shown[1].address, STR("::1"));
    CHECK_INT(shown[1].agent.len, 199);
    CHECK_TEXT(shown[0].agent, STR(""));
    end(&f);
}

TEST(a_clock_put_back_a_little_ends_no_session)
{
    struct fixture f;
    struct session made;

    begin(&f, state);
    for (enum client client = 0; client < CLIENT_COUNT; client++) {
        struct str token = sign_in(&f, ACCOUNT + client, client, &made);
        f.op.now_ms -= 20 * MINUTE;
        CHECK_INT(find(&f, token), RC_OK);
        f.op.now_ms += 20 * MINUTE;
    }
    end(&f);
}

TEST(a_session_from_a_clock_that_was_years_ahead_does_not_last_for_years)
{
    struct fixture f;
    struct session made;

    begin(&f, state);
    struct str before = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    f.op.now_ms += 3 * 365 * DAY;
    struct str ahead = sign_in(&f, ACCOUNT, CLIENT_STAFF, &made);
    CHECK_INT(find(&f, ahead), RC_OK);
    f.op.now_ms -= 3 * 365 * DAY;
    CHECK_INT(find(&f, ahead), RC_UNAUTHENTICATED);
    CHECK_INT(find(&f, before), RC_OK); /* nobody swept it meanwhile */
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(the_cookie_finds_its_session_and_county),
        ON_BOTH(only_the_hash_of_the_token_is_in_the_table),
        ON_SQLITE(what_is_no_token_is_nobody),
        ON_BOTH(an_idle_session_ends_and_a_used_one_goes_on),
        ON_BOTH(using_a_session_is_written_down_seldom),
        ON_BOTH(an_open_stream_keeps_no_kiosk_signed_in),
        ON_BOTH(an_ended_session_is_ended_at_once),
        ON_BOTH(all_but_the_current_one_can_be_ended),
        ON_BOTH(a_rolled_back_ending_leaves_the_session),
        ON_BOTH(one_session_too_many_ends_the_oldest),
        ON_BOTH(the_list_shows_the_newest_first_and_which_is_mine),
        ON_BOTH(headers_are_cut_to_what_a_table_should_hold),
        ON_BOTH(a_clock_put_back_a_little_ends_no_session),
        ON_BOTH(a_session_from_a_clock_that_was_years_ahead_does_not_last_for_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
