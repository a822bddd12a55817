/* A paper is a PDF with our words in it, of the typeface only what occurs. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/paper/paper.h"

enum { LONG = 120 };

static struct paper some(struct str *lines, size_t n)
{
    static struct str signs[] = { STR_INIT("甲方"), STR_INIT("乙方"), STR_INIT("调解员") };

    return (struct paper){ .title = STR("人民调解协议书"),
                           .number = STR("1122-0003"),
                           .issuer = STR("滨湖社区人民调解委员会"),
                           .day = STR("2026 年 11 月 22 日"),
                           .lines = { lines, n },
                           .signs = { signs, COUNT(signs) },
                           .code = STR("ABCDE-FGHJK-MNPQR-STVWX"),
                           .where = STR("https://linli.example.cn/#/check") };
}

static size_t times(struct str text, struct str word)
{
    size_t n = 0;

    for (; text.len >= word.len; text = str_skip(text, 1))
        n += str_starts(text, word);
    return n;
}

TEST(a_paper_is_a_pdf_of_one_page_and_holds_little_of_the_typeface)
{
    struct arena arena;
    struct str   pdf, lines[] = {
          STR("当事人：张三（3 栋 201），李四（3 栋 101）。"),
          STR("经调解，双方自愿达成如下协议：\n一、张三：修好卫生间防水，2026 年 11 月 30 "
                "日以前。"),
    };

    (void)state;
    arena_init(&arena, 8 << 20);
    struct paper paper = some(lines, COUNT(lines));
    CHECK_INT(paper_write(&arena, &paper, &pdf), RC_OK);
    CHECK(str_starts(pdf, STR("%PDF-")));
    CHECK_INT(times(pdf, STR("/FontFile")), 2);
    CHECK(pdf.len < (150 << 10));
    const char *kept = getenv("LINLI_PAPER"); /* to be looked at */
    FILE       *file = kept ? fopen(kept, "wb") : NULL;
    if (file) {
        CHECK_INT(fwrite(pdf.at, 1, pdf.len, file), pdf.len);
        CHECK_INT(fclose(file), 0);
    }
    arena_free(&arena);
}

TEST(a_long_paper_goes_on_over_pages)
{
    struct arena arena;
    struct str   pdf, lines[LONG];

    (void)state;
    arena_init(&arena, 16 << 20);
    for (size_t i = 0; i < LONG; i++)
        lines[i] = STR(
            "楼上一周内修好防水，赔五百元；楼下不再追究，双方互相道歉，以后有事好好说。");
    struct paper paper = some(lines, COUNT(lines));
    CHECK_INT(paper_write(&arena, &paper, &pdf), RC_OK);
    CHECK(str_has(pdf, STR("/Count 1")) == false || times(pdf, STR("/Type /Page")) > 3);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_a_pdf_of_one_page_and_holds_little_of_the_typeface),
        cmocka_unit_test(a_long_paper_goes_on_over_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
