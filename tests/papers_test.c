/* Minutes and papers: kept sealed, made once, fetched by whose they are, and checked by
 * whoever holds them. */
#include "town_cases.h"

#include <string.h>

#include "dispute.h"
#include "engine/case/minutes.h"
#include "engine/case/papers.h"
#include "guard/signer_folder.h"
#include "guard/tries.h"

#define ONE "{\"id\":\"%lld\"}"
#define TERMS                                                                                       \
    ",\"text\":\"修好，赔五百元\",\"terms\":[{\"who\":\"张三\",\"what\":\"修好防水\"," \
    "\"by\":\"2030-01-01\"}]"
#define SESSION                                                                               \
    ",\"text\":\"楼上认了\",\"venue\":\"调解室\",\"present\":[\"张三\",\"李四\"]," \
    "\"held\":\"2026-11-23T09:00:00+08:00\""

/* A quarrel of Wang Fang's that Lu Ting mediates. */
static int64_t mediated(struct town *t, void **state)
{
    struct signer_provider provider;

    signer_close(); /* an earlier test's */
    CHECK_INT(signer_memory_open(&provider), RC_OK);
    signer_open(&provider);
    dispute_town(t, state);
    int64_t id = dispute_case(t, "wangfang");
    ALLOWED(town_move(t, "luting", id, "screen", ",\"text\":\"见过了\""));
    ALLOWED(town_move(t, "luting", id, "mediate", ""));
    return id;
}

/* What the worker does. */
static void make_papers(struct town *t)
{
    struct list ids;

    (void)town_account(t, "mali");
    CHECK_INT(paper_select_new(&t->op, 0, 50, &ids), RC_OK);
    for (size_t i = 0; i < ids.n; i++)
        ALLOWED(town_ask(t, "*", "paper.make", ONE, (long long)((int64_t *)ids.at)[i]));
}

static struct paper_row newest(struct town *t, int64_t case_id)
{
    struct list rows;

    (void)town_account(t, "mali");
    CHECK_INT(paper_select_case(&t->op, case_id, &rows), RC_OK);
    CHECK(rows.n > 0);
    return *(struct paper_row *)rows.at;
}

static struct str code_of(struct town *t, const struct paper_row *row)
{
    struct paper paper;

    t->op.county = row->county;
    CHECK_INT(paper_open(&t->op, row, &paper), RC_OK);
    return paper.code;
}

static struct asking checks(struct town *t, struct str code, struct str sm3)
{
    return town_ask(t, "", "paper.check", "{\"code\":\"%.*s\"%s%.*s%s}", STR_ARG(code),
                    sm3.len ? ",\"sm3\":\"" : "", STR_ARG(sm3), sm3.len ? "\"" : "");
}

static bool says(struct asking *got, const char *state)
{
    return str_has(town_answer(got), str_of(state));
}

TEST(minutes_stand_in_the_case_in_order_and_nowhere_in_clear)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "session", SESSION));
    ALLOWED(town_move(&t, "luting", id, "session", SESSION));
    ALLOWED(town_ask(&t, "luting", "look.case", ONE, (long long)id));
    struct case_whole     whole = town_look(&t, "luting", id);
    struct shown_minutes *minutes = whole.minutes.at;
    CHECK_INT(whole.minutes.n, 2);
    CHECK_INT(minutes[0].n, 1);
    CHECK_INT(minutes[1].n, 2);
    CHECK_TEXT(minutes[0].text, STR("楼上认了"));
    CHECK_INT(minutes[0].present.n, 2);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_minutes WHERE CAST(says AS TEXT)"
                             " LIKE '%%楼上认了%%'"),
              0);
    CHECK_INT(town_look(&t, "caoyong", id).minutes.n, 0); /* who has not opened it */
    town_close(&t);
}

TEST(a_session_says_when_where_who_and_what)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    CHECK_INT(town_move(&t, "luting", id, "session", ",\"text\":\"说了\"").rc, RC_REFUSED);
    CHECK_INT(town_move(&t, "luting", id, "session",
                        ",\"text\":\"说了\",\"venue\":\"室\",\"present\":[\"甲\"],"
                        "\"held\":\"2031-01-01T09:00:00+08:00\"")
                  .rc,
              RC_INVALID);
    CHECK_INT(town_move(&t, "luting", id, "session",
                        ",\"text\":\"说了\",\"venue\":\"室\",\"present\":[\"甲\",\" 甲\"],"
                        "\"held\":\"2026-11-23T09:00:00+08:00\"")
                  .rc,
              RC_INVALID);
    CHECK_INT(town_move(&t, "luting", id, "session",
                        ",\"text\":\"说了\",\"venue\":\"室\",\"present\":[\"甲\"],"
                        "\"held\":\"2020-11-23T09:00:00+08:00\"")
                  .rc,
              RC_INVALID);
    town_close(&t);
}

TEST(an_agreement_is_a_paper_that_anybody_can_check)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    struct paper_row row = newest(&t, id);
    struct str       code = code_of(&t, &row);
    CHECK_INT(checks(&t, code, STR("")).rc, RC_NOT_FOUND); /* not made yet */
    REFUSED(checks(&t, STR("七号"), STR("")), RC_NOT_FOUND,
            "没有这个核验码，请照着纸上的再看一遍。");
    make_papers(&t);
    row = newest(&t, id);
    struct str    sm3 = str_hex(&t.arena, row.sm3.at, row.sm3.len);
    struct asking got = checks(&t, code, STR(""));
    CHECK(says(&got, "genuine"));
    CHECK(says(&got, "人民调解委员会"));
    CHECK(!says(&got, "张三") && !says(&got, "协议"));
    got = checks(&t, code, sm3);
    CHECK(says(&got, "genuine"));
    sm3 = str_cat(&t.arena, str_slice(sm3.at, 63),
                  str_ends(sm3, STR("0")) ? STR("1") : STR("0"));
    got = checks(&t, code, sm3);
    CHECK(says(&got, "changed"));
    town_close(&t);
}

#define TERM(by)                                                                           \
    ",\"text\":\"修好\",\"terms\":[{\"who\":\"张三\",\"what\":\"修好\",\"by\":\"" by "\"}" \
                                                                                     "]"

TEST(what_was_agreed_is_to_be_done_by_a_day_to_come)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    REFUSED(town_move(&t, "luting", id, "agree", TERM("月底")), RC_INVALID,
            "第 1 条的日期写成 2026-11-30 这样。");
    REFUSED(town_move(&t, "luting", id, "agree", TERM("2026-02-30")), RC_INVALID,
            "第 1 条的日期写成 2026-11-30 这样。");
    REFUSED(town_move(&t, "luting", id, "agree", TERM("2026-11-22")), RC_INVALID,
            "第 1 条的日期已经过去了。");
    ALLOWED(town_move(&t, "luting", id, "agree", TERM("2026-11-23")));
    town_close(&t);
}

TEST(an_agreement_says_between_whom_and_what_each_does)
{
    struct town  t;
    struct paper paper;
    int64_t      id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    struct paper_row row = newest(&t, id);
    CHECK_INT(paper_open(&t.op, &row, &paper), RC_OK);
    const struct str *lines = paper.lines.at;
    CHECK_TEXT(lines[0], STR("当事人：张三和李四"));
    CHECK(str_has(lines[3], STR("修好，赔五百元")));
    CHECK(str_has(lines[4], STR("张三：修好防水，2030 年 1 月 1 日以前")));
    CHECK(str_has(((const struct str *)paper.signs.at)[2], STR("卢婷")));
    town_close(&t);
}

TEST(a_paper_is_fetched_by_its_reporter_and_holder_alone_and_each_time_is_journaled)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    long long paper = (long long)newest(&t, id).id;
    CHECK_INT(town_ask(&t, "wangfang", "paper.fetch", ONE, paper).rc, RC_NOT_FOUND);
    make_papers(&t);
    struct asking got = town_ask(&t, "wangfang", "paper.fetch", ONE, paper);
    CHECK_INT(town_must(got), RC_OK);
    CHECK(str_starts(got.view.bytes, STR("%PDF-")));
    CHECK_INT(town_ask(&t, "luting", "paper.fetch", ONE, paper).rc, RC_OK);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'paper.fetch'"), 2);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM looks WHERE kind = 'case'"), 1);
    static const char *const others[] = { "caoyong",     "zhoulan", "sunli",
                                          "zhaojianguo", "liumin",  "audit" };
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(town_ask(&t, others[i], "paper.fetch", ONE, paper).rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM papers WHERE CAST(file AS TEXT)"
                             " LIKE '%%PDF%%'"),
              0);
    town_close(&t);
}

TEST(a_new_agreement_takes_the_place_of_the_old)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    make_papers(&t);
    struct paper_row first = newest(&t, id);
    struct str       code = code_of(&t, &first);
    ALLOWED(town_move(&t, "wangfang", id, "broken", ",\"reason\":\"一分没给\""));
    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    make_papers(&t);
    struct asking got = checks(&t, code, STR(""));
    CHECK(says(&got, "replaced"));
    struct paper_row second = newest(&t, id);
    CHECK(second.id != first.id);
    got = checks(&t, code_of(&t, &second), STR(""));
    CHECK(says(&got, "genuine"));
    town_close(&t);
}

TEST(a_row_that_was_not_signed_here_is_no_paper)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    make_papers(&t);
    struct paper_row row = newest(&t, id);
    struct str       code = code_of(&t, &row);
    (void)town_count(&t, "UPDATE papers SET sm3 = code");
    CHECK_INT(checks(&t, code, STR("")).rc, RC_NOT_FOUND);
    town_close(&t);
}

TEST(guessing_codes_is_slow)
{
    struct town t;

    dispute_town(&t, state);
    tries_forget();
    t.op.address = STR("192.0.2.7");
    for (int i = 0; i < PAPER_CODES_MAX; i++)
        CHECK_INT(tries_begin(&t.op), RC_OK);
    CHECK_INT(tries_begin(&t.op), RC_TOO_MANY);
    t.op.address = STR("192.0.2.8");
    CHECK_INT(tries_begin(&t.op), RC_OK);
    tries_passed(&t.op);
    t.op.address = STR("192.0.2.7");
    t.op.now_ms += PAPER_CODES_MS;
    CHECK_INT(tries_begin(&t.op), RC_OK);
    town_close(&t);
}

/* Through the act, from an address. */
static enum rc tries(struct town *t, struct str code, const char *address)
{
    struct actor  nobody = town_actor(t, "");
    struct asking asking = { .arena = &t->arena,
                             .act = acts_find(STR("paper.check")),
                             .actor = &nobody,
                             .address = str_of(address) };
    struct str    body = str_fmt(&t->arena, "{\"code\":\"%.*s\"}", STR_ARG(code));

    CHECK_INT(gate_read_args(&asking, NULL, 0, body), RC_OK);
    gate_ask_wait(t->gate, &asking, t->db);
    return asking.rc;
}

TEST(who_guesses_waits_and_who_has_the_paper_does_not)
{
    struct town t;
    int64_t     id = mediated(&t, state);

    ALLOWED(town_move(&t, "luting", id, "agree", TERMS));
    make_papers(&t);
    struct paper_row row = newest(&t, id);
    struct str       code = code_of(&t, &row), wrong = STR("007AB-CDEFG-HJK01-23456");
    tries_forget();
    for (int i = 0; i < PAPER_CODES_MAX; i++) {
        CHECK_INT(tries(&t, code, "192.0.2.7"), RC_OK); /* uses none up */
        CHECK_INT(tries(&t, i % 2 ? wrong : STR("no code"), "192.0.2.7"), RC_NOT_FOUND);
    }
    CHECK_INT(tries(&t, wrong, "192.0.2.7"), RC_TOO_MANY);
    CHECK_INT(tries(&t, code, "192.0.2.7"), RC_TOO_MANY); /* nothing is told any more */
    CHECK_INT(tries(&t, code, "192.0.2.8"), RC_OK);
    town_close(&t);
}

TEST(a_code_is_read_as_it_is_typed)
{
    char    code[PAPER_CODE_CHARS], same[PAPER_CODE_CHARS];
    int64_t county;

    (void)state;
    CHECK(paper_code_read(STR("007AB-CDEFG-HJK01-23456"), code, &county));
    CHECK_INT(county, 7);
    CHECK(paper_code_read(STR("oo7ab cdefg hjkoi 23456"), same, &county));
    CHECK(memcmp(code, same, sizeof code) == 0);
    CHECK(!paper_code_read(STR("007AB-CDEFG-HJK01-2345"), code, &county));
    CHECK(!paper_code_read(STR("007AB-CDEFG-HJK01-234567"), code, &county));
    CHECK(!paper_code_read(STR("007AB-CDEFG-HJK01-2345U"), code, &county));
    CHECK(!paper_code_read(STR("ZZZAB-CDEFG-HJK01-23456"), code, &county));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(minutes_stand_in_the_case_in_order_and_nowhere_in_clear),
        ON_BOTH(a_session_says_when_where_who_and_what),
        ON_BOTH(an_agreement_is_a_paper_that_anybody_can_check),
        ON_BOTH(
            a_paper_is_fetched_by_its_reporter_and_holder_alone_and_each_time_is_journaled),
        ON_BOTH(what_was_agreed_is_to_be_done_by_a_day_to_come),
        ON_BOTH(an_agreement_says_between_whom_and_what_each_does),
        ON_BOTH(a_new_agreement_takes_the_place_of_the_old),
        ON_BOTH(a_row_that_was_not_signed_here_is_no_paper),
        ON_SQLITE(guessing_codes_is_slow),
        ON_BOTH(who_guesses_waits_and_who_has_the_paper_does_not),
        ON_SQLITE(a_code_is_read_as_it_is_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
