/* Exports: nothing is made above 200 rows until a second person agrees; a file tells
 * whose it is; cells are texts; whoever is in it sees it. */
#include "engine/export/export_rules.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/export/export_work.h"
#include "engine/export/sheet.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "town_cases.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct office {
    struct town  t;
    char         folder[32];
    struct actor clock;
};

static void open_office(struct office *o, void **state)
{
    struct problems problems;

    town_open(&o->t, state);
    (void)snprintf(o->folder, sizeof o->folder, "/tmp/linli-export-XXXXXX");
    assert_non_null(mkdtemp(o->folder));
    problems_init(&problems, &o->t.arena);
    CHECK_INT(exports_open(&problems, str_of(o->folder)), RC_OK);
    o->clock = town_actor(&o->t, "*");
}

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

static void close_office(struct office *o)
{
    exports_close();
    (void)nftw(o->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    town_close(&o->t);
}

static void work(struct office *o)
{
    CHECK_INT(export_work.round(
                  &(struct worker){ .gate = o->t.gate, .db = o->t.db, .clock = &o->clock }),
              RC_OK);
}

/* Of 1940, in grid 3. */
static void given_people(struct town *t, int n)
{
    for (int i = 0; i < n;) {
        struct str homes = STR("");
        for (int h = 0; h < 50 && i < n; h++, i++)
            homes =
                str_fmt(&t->arena,
                        "%.*s%s{\"compound\":\"甲\",\"grid\":\"" TOWN_GRID
                        "\",\"people\":[{\"name\":\"老人%d\",\"birth\":\"1940-01-01\"}]}",
                        STR_ARG(homes), h ? "," : "", i);
        ALLOWED(town_ask(t, "*", "person.register", "{\"homes\":[%.*s]}", STR_ARG(homes)));
    }
}

static struct asking ask(struct town *t, const char *login, const char *format)
{
    return town_ask(t, login, "export.ask",
                    "{\"kind\":\"people\",\"area\":\"" TOWN_COMMUNITY
                    "\",\"born_until\":\"1946-11-23\",\"format\":\"%s\",\"purpose\":"
                    "\"高龄津贴核对\"}",
                    format);
}

static struct asking by_id(struct town *t, const char *login, const char *act, int64_t id)
{
    return town_ask(t, login, act, "{\"id\":\"%lld\"}", (long long)id);
}

static struct str file_of(struct office *o, const char *login, int64_t id)
{
    struct asking got = by_id(&o->t, login, "export.fetch", id);

    CHECK_INT(town_must(got), RC_OK);
    return got.view.bytes;
}

static size_t lines_with(struct str text, const char *what)
{
    size_t n = 0;

    for (struct str_cut cut = str_cut(text, '\n'); cut.head.len;
         cut = str_cut(cut.tail, '\n'))
        n += str_has(cut.head, str_of(what));
    return n;
}

TEST(a_short_list_is_made_at_once_masked_and_for_its_asker_alone_for_a_day)
{
    struct office o;

    open_office(&o, state);
    given_people(&o.t, 3);
    struct asking asked = ask(&o.t, "zhoulan", "csv");
    CHECK_INT(town_must(asked), RC_OK);
    CHECK_TEXT(town_member(&o.t, town_answer(&asked), "says"),
               STR("滨湖社区居民名单 3 行"));
    int64_t id = town_id(&o.t, &asked, "id");
    CHECK_INT(by_id(&o.t, "zhoulan", "export.fetch", id).rc, RC_NOT_FOUND); /* not yet */
    work(&o);
    struct str file = file_of(&o, "zhoulan", id);
    CHECK(str_has(file, STR("\"老**\"")) || str_has(file, STR("\"老*")));
    CHECK(!str_has(file, STR("老人0")));
    CHECK_INT(lines_with(file, "周岚 2026-11-23"), 3);
    CHECK_INT(by_id(&o.t, "sunli", "export.fetch", id).rc, RC_NOT_FOUND);
    CHECK_INT(by_id(&o.t, "mali", "export.fetch", id).rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&o.t, "SELECT fetched FROM requests"), 1);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM journal WHERE act = 'export.fetch'"),
              1);
    town_later(&o.t, DAY_MS + 60000);
    CHECK_INT(by_id(&o.t, "zhoulan", "export.fetch", id).rc, RC_NOT_FOUND);
    work(&o);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM requests WHERE state = 'gone'"), 1);
    struct str gone;
    CHECK_INT(vault_load(exports_vault(), &o.t.arena, export_file(&o.t.arena, id),
                         EXPORT_BYTES_MAX, &gone),
              RC_NOT_FOUND);
    close_office(&o);
}

/* Abuse story 3. */
static void long_list(void **state, int people)
{
    struct office o;

    open_office(&o, state);
    given_people(&o.t, people);
    if (people > EXPORT_CSV_ROWS_MAX)
        REFUSED(ask(&o.t, "zhoulan", "csv"), RC_REFUSED,
                "超过 3000 行了，请缩小范围，分几次导出。");
    struct asking asked = ask(&o.t, "zhoulan", "xlsx");
    CHECK_INT(town_must(asked), RC_OK);
    CHECK_TEXT(town_member(&o.t, town_answer(&asked), "state"), STR("waiting"));
    int64_t id = town_id(&o.t, &asked, "id");
    work(&o);
    CHECK_INT(by_id(&o.t, "zhoulan", "export.fetch", id).rc, RC_NOT_FOUND);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM looks WHERE kind = 'export'"), 0);
    CHECK_INT(town_messages(&o.t, "sunli"), 1);
    CHECK_INT(town_messages(&o.t, "tangrui"), 1); /* the street answers for it too */
    CHECK_INT(by_id(&o.t, "zhoulan", "request.agree", id).rc, RC_DENIED);
    ALLOWED(by_id(&o.t, "sunli", "request.agree", id));
    REFUSED(by_id(&o.t, "tangrui", "request.agree", id), RC_CONFLICT,
            "这个申请已经有人定了。");
    work(&o);
    CHECK(file_of(&o, "zhoulan", id).len > 1000);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM looks WHERE kind = 'export'"), people);
    CHECK_TEXT(town_newest(&o.t, "zhoulan"),
               str_fmt(&o.t.arena,
                       "滨湖社区居民名单 %d 行，24 小时内可以下载，过后自动删除。",
                       people));
    close_office(&o);
}

TEST(above_200_rows_nothing_is_made_until_another_person_agrees)
{
    long_list(state, 201);
}

TEST(five_thousand_rows_are_made_in_bounded_memory)
{
    long_list(state, 5000);
}

TEST(who_asked_cannot_agree_and_a_leader_elsewhere_does_not_see_it)
{
    struct office o;

    open_office(&o, state);
    given_people(&o.t, 201);
    struct asking asked = ask(&o.t, "sunli", "xlsx");
    CHECK_INT(town_must(asked), RC_OK);
    int64_t id = town_id(&o.t, &asked, "id");
    REFUSED(by_id(&o.t, "sunli", "request.agree", id), RC_DENIED,
            "自己申请的要由另一个人来定。");
    CHECK_INT(town_messages(&o.t, "sunli"), 0);
    static const char *const elsewhere[] = { "mali", "leader-next" };
    town_employ(&o.t, elsewhere[1], "何书记", "社区书记", "leader", TOWN_NEXT);
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        CHECK(by_id(&o.t, elsewhere[i], "request.agree", id).rc ==
              (i ? RC_NOT_FOUND : RC_DENIED));
    ALLOWED(by_id(&o.t, "tangrui", "request.refuse", id));
    work(&o);
    CHECK_INT(by_id(&o.t, "sunli", "export.fetch", id).rc, RC_NOT_FOUND);
    REFUSED(town_ask(&o.t, "mali", "export.ask",
                     "{\"kind\":\"people\",\"area\":\"" TOWN_COMMUNITY
                     "\",\"format\":\"csv\",\"purpose\":\"看\"}"),
            RC_DENIED, "这个辖区的名单不归您导出。");
    CHECK_INT(town_ask(&o.t, "liumin", "export.ask",
                       "{\"kind\":\"people\",\"area\":\"" TOWN_GRID
                       "\",\"format\":\"csv\",\"purpose\":\"看\"}")
                  .rc,
              RC_DENIED);
    CHECK_INT(ask(&o.t, "zhoulan", "pdf").rc, RC_INVALID);
    REFUSED(town_ask(&o.t, "zhoulan", "export.ask",
                     "{\"kind\":\"people\",\"area\":\"" TOWN_COMMUNITY
                     "\",\"format\":\"csv\",\"purpose\":\" \\u3000\"}"),
            RC_INVALID, "用途还没有填，请填上。");
    close_office(&o);
}

TEST(rows_stand_in_an_order_that_belongs_to_the_export)
{
    struct office o;
    int64_t       first[100], again[100], second[100];
    size_t        same = 0;

    open_office(&o, state);
    for (int64_t i = 0; i < 100; i++)
        first[i] = again[i] = second[i] = i + 1;
    export_order(11, first, 100);
    export_order(11, again, 100);
    export_order(12, second, 100);
    CHECK(memcmp(first, again, sizeof first) == 0);
    for (size_t i = 0; i < 100; i++)
        same += first[i] == second[i];
    CHECK(same < 20);
    close_office(&o);
}

TEST(shielded_persons_and_decoys_are_in_no_file)
{
    struct office o;

    open_office(&o, state);
    given_people(&o.t, 4);
    (void)town_count(&o.t, "UPDATE people SET shielded = 1 WHERE name = '老人1'");
    (void)town_count(&o.t, "UPDATE people SET decoy = 1 WHERE name = '老人2'");
    struct asking asked = ask(&o.t, "zhoulan", "csv");
    int64_t       id = town_id(&o.t, &asked, "id");
    CHECK_TEXT(town_member(&o.t, town_answer(&asked), "rows"), STR("2"));
    /* … also when they are shielded between asking and making. */
    (void)town_count(&o.t, "UPDATE people SET shielded = 1 WHERE name = '老人3'");
    work(&o);
    CHECK_INT(lines_with(file_of(&o, "zhoulan", id), "周岚"), 1);
    close_office(&o);
}

TEST(whoever_is_in_a_file_sees_it)
{
    struct office o;

    open_office(&o, state);
    struct asking asked = town_ask(&o.t, "zhoulan", "export.ask",
                                   "{\"kind\":\"people\",\"area\":\"" TOWN_COMMUNITY
                                   "\",\"format\":\"csv\",\"purpose\":\"核对\"}");
    CHECK_INT(town_must(asked), RC_OK);
    work(&o);
    struct asking got = town_ask(&o.t, "wangfang", "me.looks", "{}");
    CHECK(str_has(town_answer(&got), STR("导出了一份有您的名单")));
    CHECK(str_has(town_answer(&got), STR("社区值守 周岚（滨湖社区）")));
    close_office(&o);
}

TEST(cases_are_listed_as_their_asker_may_see_them)
{
    struct office o;

    open_office(&o, state);
    int64_t one = town_case(&o.t, "wangfang", "树木绿化");
    ALLOWED(town_send(&o.t, "zhoulan", one, "liumin"));
    int64_t other = town_case(&o.t, "zhaojianguo", "树木绿化");
    ALLOWED(town_send(&o.t, "zhoulan", other, "liumin"));
    (void)town_count(&o.t, "UPDATE cases SET shielded = 1 WHERE id = %lld",
                     (long long)other);
    struct asking asked = town_ask(&o.t, "zhoulan", "export.ask",
                                   "{\"kind\":\"cases\",\"area\":\"" TOWN_COMMUNITY
                                   "\",\"bucket\":\"handling\",\"format\":\"csv\","
                                   "\"purpose\":\"周报\"}");
    CHECK_INT(town_must(asked), RC_OK);
    work(&o);
    struct str file = file_of(&o, "zhoulan", town_id(&o.t, &asked, "id"));
    CHECK_INT(lines_with(file, "树木绿化"), 1);
    CHECK_INT(lines_with(file, "网格员 刘敏"), 1);
    CHECK_INT(lines_with(file, "情况："), 1);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM looks"), 0);
    close_office(&o);
}

TEST(the_counter_has_a_resident_deleted_when_a_second_person_agrees)
{
    struct office o;

    open_office(&o, state);
    long long wangfang =
        (long long)town_count(&o.t, "SELECT id FROM people WHERE name = '王芳'");
    struct asking asked =
        town_ask(&o.t, "zhoulan", "deletion.ask",
                 "{\"id\":\"%lld\",\"purpose\":\"本人到窗口，核对了证件\"}", wangfang);
    CHECK_INT(town_must(asked), RC_OK);
    int64_t id = town_id(&o.t, &asked, "id");
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM person_deletions"), 0);
    CHECK_INT(by_id(&o.t, "zhoulan", "request.agree", id).rc, RC_DENIED);
    ALLOWED(by_id(&o.t, "sunli", "request.agree", id));
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM person_deletions"), 1);
    CHECK_INT(town_count(&o.t, "SELECT count(*) FROM people WHERE name = '王芳'"), 0);
    CHECK_INT(town_ask(&o.t, "mali", "deletion.ask", "{\"id\":\"%lld\",\"purpose\":\"x\"}",
                       (long long)town_count(&o.t, "SELECT id FROM people WHERE name ="
                                                   " '赵建国'"))
                  .rc,
              RC_NOT_FOUND);
    struct asking mine = town_ask(&o.t, "zhoulan", "request.list", "{\"view\":\"mine\"}");
    CHECK(str_has(town_answer(&mine), STR("已办")));
    struct asking waiting =
        town_ask(&o.t, "sunli", "request.list", "{\"view\":\"waiting\"}");
    CHECK_INT(town_items(&o.t, &waiting), 0);
    close_office(&o);
}

/* ---- the sheet itself ---- */

static struct str written(struct arena *arena, enum sheet_format format,
                          const struct str *cells, size_t n)
{
    static const struct str columns[] = { STR_INIT("姓名"), STR_INIT("住址") };
    struct sheet_head head = { STR("名单"), STR("周岚 2026-11-23 09:31"), columns, 2 };
    struct sheet     *sheet;
    int               file = memfd_create("sheet", 0);
    char              path[40];

    assert_true(file >= 0);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    CHECK_INT(sheet_open(path, format, &head, &sheet), RC_OK);
    for (size_t i = 0; i + 1 < n; i += 2)
        CHECK_INT(sheet_row(sheet, cells + i), RC_OK);
    CHECK_INT(sheet_close(&sheet), RC_OK);
    off_t size = lseek(file, 0, SEEK_END);
    char *bytes = arena_take(arena, (size_t)size);
    assert_true(pread(file, bytes, (size_t)size, 0) == size);
    close(file);
    return str_slice(bytes, (size_t)size);
}

static const struct str tricks[] = {
    STR_INIT("=HYPERLINK(\"http://x\")"),
    STR_INIT("+1"),
    STR_INIT("-1"),
    STR_INIT("@SUM(1)"),
    STR_INIT("\tx"),
    STR_INIT("\rx"),
    STR_INIT("好\"人"),
    STR_INIT("1-2"),
};

TEST(a_csv_cell_that_could_be_a_formula_is_text)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, 1 << 20);
    struct str               csv = written(&arena, SHEET_CSV, tricks, COUNT(tricks));
    static const char *const wanted[] = { "\"'=HYPERLINK(\"\"http://x\"\")\",\"'+1\",",
                                          "\"'-1\",\"'@SUM(1)\",", "\"'\tx\",\"'\rx\",",
                                          "\"好\"\"人\",\"1-2\"," };
    for (size_t i = 0; i < COUNT(wanted); i++)
        CHECK(str_has(csv, str_of(wanted[i])));
    arena_free(&arena);
}

/* What a part of a zip file holds, unpacked from where its bytes begin. */
static struct str part_of(struct arena *arena, struct str zip, const char *name)
{
    enum { HEAD = 30, MOST = 1 << 18 };
    size_t n = strlen(name);

    for (size_t i = 0; i + HEAD + n < zip.len; i++) {
        const unsigned char *head = (const unsigned char *)zip.at + i;
        if (memcmp(head, "PK\3\4", 4) != 0 || memcmp(head + HEAD, name, n) != 0)
            continue;
        size_t skip =
            HEAD + (size_t)(head[26] + head[27] * 256 + head[28] + head[29] * 256);
        z_stream       z = { .next_in = (unsigned char *)(uintptr_t)(head + skip),
                             .avail_in = (unsigned)(zip.len - i - skip),
                             .next_out = arena_take(arena, MOST),
                             .avail_out = MOST };
        unsigned char *out = z.next_out;
        CHECK_INT(inflateInit2(&z, -MAX_WBITS), Z_OK);
        CHECK_INT(inflate(&z, Z_FINISH), Z_STREAM_END);
        (void)inflateEnd(&z);
        return str_slice((const char *)out, z.total_out);
    }
    fail_msg("no %s in the file", name);
    return STR_NONE;
}

TEST(an_xlsx_holds_typed_texts_and_every_page_says_whose_it_is)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, 1 << 20);
    struct str xlsx = written(&arena, SHEET_XLSX, tricks, COUNT(tricks));
    struct str page = part_of(&arena, xlsx, "xl/worksheets/sheet1.xml");
    struct str texts = part_of(&arena, xlsx, "xl/sharedStrings.xml");
    CHECK(!str_has(page, STR("<f>")) && !str_has(page, STR("hyperlink")));
    CHECK(str_has(page, STR("t=\"s\"")));
    CHECK(str_has(texts, STR("=HYPERLINK(\"http://x\")")));
    CHECK(str_has(page, STR("&amp;L周岚 2026-11-23 09:31")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_short_list_is_made_at_once_masked_and_for_its_asker_alone_for_a_day),
        ON_BOTH(above_200_rows_nothing_is_made_until_another_person_agrees),
        ON_SQLITE(five_thousand_rows_are_made_in_bounded_memory),
        ON_BOTH(who_asked_cannot_agree_and_a_leader_elsewhere_does_not_see_it),
        ON_SQLITE(rows_stand_in_an_order_that_belongs_to_the_export),
        ON_BOTH(shielded_persons_and_decoys_are_in_no_file),
        ON_BOTH(whoever_is_in_a_file_sees_it),
        ON_BOTH(cases_are_listed_as_their_asker_may_see_them),
        ON_BOTH(the_counter_has_a_resident_deleted_when_a_second_person_agrees),
        cmocka_unit_test(a_csv_cell_that_could_be_a_formula_is_text),
        cmocka_unit_test(an_xlsx_holds_typed_texts_and_every_page_says_whose_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
