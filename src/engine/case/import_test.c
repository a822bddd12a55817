/* Back files of a telephone centre: what is wrong is told by row and column, what is good
 * is taken once, with its own times. */
#include "town_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/clock.h"
#include "decode/decoder.h"

#define HEAD "工单编号,来电时间,办结时间,所属社区,地址,类别,来电内容,联系电话,处理结果\n"
#define GOOD                                                                                             \
    "A-1,2026-11-03 09:12,2026-11-04 15:00,滨湖社区,3 栋门口,其他,楼道灯不亮,13912345678," \
    "换了灯\n"                                                                                        \
    "A-2,2026/11/20 10:00,,滨湖社区,5 栋,垃圾卫生,垃圾没有收,,\n"

static struct asking send_bytes(struct town *t, const char *login, const char *act,
                                struct str bytes)
{
    char            path[] = "/tmp/linli-import-XXXXXX";
    int             fd = mkstemp(path);
    struct actor   *actor = arena_new(&t->arena, struct actor);
    struct asking   asking = { .arena = &t->arena,
                               .act = acts_find(str_of(act)),
                               .actor = actor,
                               .upload = str_of(path) };
    struct gate_arg args[] = { { STR("scene"), STR("snap") },
                               { STR("kind"), STR("problem") },
                               { STR("source"), STR("12345") },
                               { STR("area"), STR(TOWN_COMMUNITY) } };

    CHECK(fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
    (void)close(fd);
    *actor = town_actor(t, login);
    asking.rc = gate_read_args(&asking, args, COUNT(args), STR_NONE);
    CHECK_INT(asking.rc, RC_OK);
    gate_ask_wait(t->gate, &asking, t->db);
    (void)unlink(path);
    return asking;
}

static struct asking send(struct town *t, const char *login, const char *act,
                          const char *csv)
{
    return send_bytes(t, login, act, str_of(csv));
}

static int64_t number(struct town *t, struct asking *got, const char *name)
{
    int64_t n = -1;

    CHECK(str_int64(town_member(t, town_answer(got), name), &n));
    return n;
}

TEST(good_rows_become_cases_with_their_own_times_and_no_clock_of_a_closed_one_runs)
{
    struct town t;

    town_open(&t, state);
    for (int i = 1; i < 9; i++) /* elsewhere there are some of that name */
        (void)town_count(&t,
                         "INSERT INTO areas (code, parent, level, name, kind, source) "
                         "VALUES ('42010100100%d', '420101001', 5, '滨湖社区', '', '表')",
                         i);
    struct asking got = send(&t, "zhoulan", "case.import", HEAD GOOD);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "good"), 2);
    CHECK_INT(number(&t, &got, "bad"), 0);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE channel = 'import'"), 2);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE bucket = 'ended' AND "
                             "next_ms IS NULL AND closed_ms - opened_ms = 107280000"),
              1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE bucket = 'waiting' AND "
                             "next_ms IS NOT NULL"),
              1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM journal WHERE act = 'case.open'"), 2);
    CHECK(!town_stores(&t, "13912345678"));
    CHECK_INT(town_tick(&t), 1); /* of the open one, which is late by its own times */
    town_close(&t);
}

TEST(the_same_file_twice_makes_nothing_double)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(send(&t, "zhoulan", "case.import", HEAD GOOD));
    struct asking got = send(&t, "zhoulan", "case.import-preview", HEAD GOOD);
    CHECK_INT(number(&t, &got, "twice"), 2);
    got = send(&t, "zhoulan", "case.import", HEAD GOOD);
    CHECK_INT(number(&t, &got, "good"), 0);
    CHECK_INT(number(&t, &got, "twice"), 2);
    got = send(&t, "zhoulan", "case.import",
               HEAD "B-1,2026-11-03,2026-11-04,滨湖社区,,其他,灯,,\n"
                    "B-1,2026-11-03,2026-11-04,滨湖社区,,其他,灯,,\n");
    CHECK_INT(number(&t, &got, "good"), 1);
    CHECK_INT(number(&t, &got, "twice"), 1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 3);
    town_close(&t);
}

TEST(each_mistake_is_told_by_row_and_column_and_the_good_rows_go)
{
    struct town t;
    const char *csv = HEAD "A-1,昨天,,滨湖社区,,其他,灯,,\n"
                           "A-2,2026-11-03,,天边社区,,其他,灯,,\n"
                           "A-3,2026-11-03,,滨湖社区,,没有的类,灯,,\n"
                           ",2026-11-03,,滨湖社区,,其他,灯,,\n"
                           "A-5,2026-11-03,2026-11-01,滨湖社区,,其他,灯,,\n"
                           "A-6,2027-11-03,,滨湖社区,,其他,灯,,\n"
                           "A-7,2026-11-03,2026-11-05,滨湖社区,,其他,灯,,\n";

    town_open(&t, state);
    struct asking got = send(&t, "zhoulan", "case.import-preview", csv);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_INT(number(&t, &got, "bad"), 6);
    CHECK_INT(number(&t, &got, "good"), 1);
    struct str wrong = town_member(&t, town_answer(&got), "wrong");
    CHECK(str_has(wrong, STR("{\"row\":2,\"column\":\"B\",\"name\":\"来电时间\",\"says\":"
                             "\"看不出是什么时间，请写成 2026-11-03 09:12。\"}")));
    CHECK(str_has(wrong, STR("{\"row\":3,\"column\":\"D\",\"name\":\"所属社区\",\"says\":"
                             "\"没有这个社区，请核对名字，或写辖区代码。\"}")));
    CHECK(str_has(wrong, STR("{\"row\":4,\"column\":\"F\",\"name\":\"类别\"")));
    CHECK(str_has(wrong, STR("{\"row\":5,\"column\":\"A\",\"name\":\"工单编号\",\"says\":"
                             "\"没有写原单号。\"}")));
    CHECK(str_has(wrong, STR("办结时间比报事时间还早。")));
    CHECK(str_has(wrong, STR("这个时间还没有到。")));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    got = send(&t, "zhoulan", "case.import", csv);
    CHECK_INT(number(&t, &got, "good"), 1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 1);
    town_close(&t);
}

TEST(a_table_without_its_columns_and_whoever_may_not_register_are_refused)
{
    struct town t;

    town_open(&t, state);
    REFUSED(send(&t, "zhoulan", "case.import", "单号,内容\n1,灯\n"), RC_REFUSED,
            "表里没有“报事时间”这一列（也可以叫来电时间）。");
    REFUSED(send(&t, "mali", "case.import", HEAD GOOD), RC_DENIED,
            "这个辖区的办件不归您登记。");
    CHECK_INT(send(&t, "sunli", "case.import", HEAD GOOD).rc, RC_DENIED);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

/* ------------------------------------------------------------------- xlsx */

/* linli-decode, which stands in the same build tree as its tests. */
static void with_decoder(struct town *t)
{
    char    path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);

    CHECK(len > 0);
    struct str self = str_slice(path, (size_t)len);
    while (self.len && self.at[self.len - 1] != '/')
        self.len--;
    decoder_stands(str_cat(&t->arena, self, STR("../linli-decode")));
}

/* The lines of a CSV as an office program saves them, times as numbers of days. */
static struct str saved(struct town *t, const char *csv, double days)
{
    char           path[] = "/tmp/linli-import-XXXXXX";
    int            fd = mkstemp(path);
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *page = workbook_add_worksheet(book, "十月");
    char          *bytes = arena_take(&t->arena, 1 << 18);
    lxw_row_t      row = 0;

    CHECK(fd >= 0 && bytes);
    for (struct str_cut line = { .tail = str_of(csv) }; line.tail.len; row++) {
        line = str_cut(line.tail, '\n');
        lxw_col_t column = 0;
        for (struct str_cut cell = { .tail = line.head }; cell.tail.len; column++) {
            cell = str_cut(cell.tail, ',');
            if (str_eq(cell.head, STR("DAYS")))
                worksheet_write_number(page, row, column, days, NULL);
            else
                worksheet_write_string(page, row, column, str_z(&t->arena, cell.head),
                                       NULL);
        }
    }
    CHECK_INT(workbook_close(book), LXW_NO_ERROR);
    ssize_t n = pread(fd, bytes, 1 << 18, 0);
    (void)close(fd);
    (void)unlink(path);
    CHECK(n > 0);
    return str_slice(bytes, (size_t)n);
}

#define OLD 46329.3833333333 /* 2026-11-03 09:12 */

TEST(an_xlsx_is_read_behind_the_walls_and_its_mistakes_are_told_by_cell)
{
    struct town t;

    town_open(&t, state);
    with_decoder(&t);
    struct str    file = saved(&t,
                               HEAD "A-1,DAYS,2026-11-04 15:00,滨湖社区,3 栋,其他,灯不亮\n"
                                       "A-2,DAYS,,天边社区,3 栋,其他,灯不亮\n",
                               OLD);
    struct asking got = send_bytes(&t, "zhoulan", "case.import-preview", file);
    CHECK_INT(town_must(got), RC_OK);
    CHECK_TEXT(town_member(&t, town_answer(&got), "sheet"), STR("十月"));
    CHECK(str_has(town_member(&t, town_answer(&got), "wrong"),
                  STR("{\"row\":3,\"column\":\"D\"")));
    got = send_bytes(&t, "zhoulan", "case.import", file);
    CHECK_INT(number(&t, &got, "good"), 1);
    got = send_bytes(&t, "zhoulan", "case.import", file);
    CHECK_INT(number(&t, &got, "twice"), 1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE closed_ms - opened_ms"
                             " = 107280000"),
              1);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 1);
    town_close(&t);
}

TEST(a_broken_xlsx_a_merged_head_and_too_many_rows_are_refused_with_a_sentence)
{
    struct town t;
    char       *many;
    size_t      n = 0, room = 60 * (IMPORT_ROWS_MAX + 10);

    town_open(&t, state);
    with_decoder(&t);
    struct str good = saved(&t, HEAD GOOD, OLD);
    REFUSED(send_bytes(&t, "zhoulan", "case.import", str_slice(good.at, good.len / 2)),
            RC_REFUSED, "这个文件打不开，请重新存一次再传。");
    REFUSED(send_bytes(&t, "zhoulan", "case.import",
                       saved(&t, "十月工单汇总\n" HEAD GOOD, OLD)),
            RC_REFUSED, "表里没有“原单号”这一列（也可以叫工单号）。");
    many = arena_take(&t.arena, room);
    CHECK(many);
    for (int i = 0; i < IMPORT_ROWS_MAX + 2; i++)
        n += (size_t)snprintf(many + n, room - n, "A-%d,2026-11-03,x\n", i);
    REFUSED(send_bytes(&t, "zhoulan", "case.import", saved(&t, many, OLD)), RC_REFUSED,
            "行太多了，请分成几个文件，每个不超过 500 行。");
    decoder_stands(STR("/nowhere/linli-decode"));
    CHECK_INT(send_bytes(&t, "zhoulan", "case.import", good).rc, RC_UNAVAILABLE);
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases"), 0);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(
            good_rows_become_cases_with_their_own_times_and_no_clock_of_a_closed_one_runs),
        ON_BOTH(the_same_file_twice_makes_nothing_double),
        ON_BOTH(each_mistake_is_told_by_row_and_column_and_the_good_rows_go),
        ON_BOTH(a_table_without_its_columns_and_whoever_may_not_register_are_refused),
        ON_BOTH(an_xlsx_is_read_behind_the_walls_and_its_mistakes_are_told_by_cell),
        ON_BOTH(a_broken_xlsx_a_merged_head_and_too_many_rows_are_refused_with_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
