/* Forms as ordinary clients send them, and the XML that they read; expat is its oracle. */
#include "test.h"

#include <expat.h>
#include <string.h>

#include "http/open311/form.h"
#include "http/open311/xml.h"

enum { TEST_BYTES = 4 << 20 };

static struct arena    arena;
static struct problems problems;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    problems_init(&problems, &arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct form read_form(const char *body)
{
    struct form form = { .n = 0 };

    CHECK_INT(form_read(&arena, str_of(body), &form, &problems), RC_OK);
    return form;
}

/* ------------------------------------------------------------------- forms */

TEST(a_form_is_read_with_its_names_in_order_and_again)
{
    struct form form = read_form("b=2&a=1&b=3&attribute%5BX%5D%5B%5D=%E7%81%AF+%E5%9D%8F");

    (void)state;
    CHECK_INT(form.n, 4);
    CHECK_TEXT(form_find(&form, STR("b")), STR("2"));
    CHECK_TEXT(form.at[2].value, STR("3"));
    CHECK_TEXT(form.at[3].name, STR("attribute[X][]"));
    CHECK_TEXT(form.at[3].value, STR("灯 坏"));
    CHECK(!form_find(&form, STR("c")).at);
}

TEST(lines_end_one_way_and_what_hides_is_gone)
{
    struct form form = read_form("d=%0D%0Aone%0D%0Atwo%0Dthree%0A&e=a%E2%80%8Bb%E2%80%AEc");

    (void)state;
    CHECK_TEXT(form_find(&form, STR("d")), STR("one\ntwo\nthree"));
    CHECK_TEXT(form_find(&form, STR("e")), STR("abc"));
}

TEST(an_empty_field_was_not_sent)
{
    struct form form = read_form("a=&b&=c&&d=+%0D%0A+&e=0");

    (void)state;
    CHECK_INT(form.n, 1);
    CHECK_TEXT(form_find(&form, STR("e")), STR("0"));
}

TEST(what_is_no_form_is_told)
{
    static const char *const bad[] = { "a=%",   "a=%4",  "a=%zz",      "a=%ff",
                                       "a=%00", "%c3=1", "a=%ed%a0%80" };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct form form = { .n = 0 };
        size_t      before = problems.n;
        CHECK_INT(form_read(&arena, str_of(bad[i]), &form, &problems), RC_INVALID);
        CHECK_INT(problems.n, before + 1);
    }
}

TEST(two_hundred_fields_are_enough)
{
    static char body[4 * (OPEN311_FORM_MAX + 1) + 1];
    struct form form = { .n = 0 };

    (void)state;
    for (size_t i = 0; i <= OPEN311_FORM_MAX; i++)
        memcpy(body + 4 * i, "a=1&", 4);
    CHECK_INT(form_read(&arena, str_of(body), &form, &problems), RC_INVALID);
    CHECK_INT(form.n, OPEN311_FORM_MAX);
}

/* --------------------------------------------------------------------- XML */

struct read_back {
    char   text[4096];
    size_t n;
};

static void note(struct read_back *read, const char *text, size_t len)
{
    CHECK(read->n + len < sizeof read->text);
    memcpy(read->text + read->n, text, len);
    read->n += len;
}

static void XMLCALL opens(void *context, const XML_Char *name, const XML_Char **attributes)
{
    CHECK(!attributes[0]);
    note(context, "(", 1);
    note(context, name, strlen(name));
    note(context, ":", 1);
}

static void XMLCALL closes(void *context, const XML_Char *name)
{
    (void)name;
    note(context, ")", 1);
}

static void XMLCALL says(void *context, const XML_Char *text, int len)
{
    note(context, text, (size_t)len);
}

/* (root:(element:text)…) as expat reads it. */
static struct str read_back(const char *json, const char *root, const char *item)
{
    static struct read_back read;
    struct str              xml = xml_of(&arena, str_of(json), str_of(root), str_of(item));
    XML_Parser              parser = XML_ParserCreate(NULL);

    CHECK(str_starts(xml, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")));
    read.n = 0;
    XML_SetUserData(parser, &read);
    XML_SetElementHandler(parser, opens, closes);
    XML_SetCharacterDataHandler(parser, says);
    if (XML_Parse(parser, xml.at, (int)xml.len, 1) != XML_STATUS_OK)
        fail_msg("%s in %.*s", XML_ErrorString(XML_GetErrorCode(parser)), STR_ARG(xml));
    XML_ParserFree(parser);
    return str_slice(read.text, read.n);
}

TEST(xml_says_what_json_says)
{
    (void)state;
    CHECK_TEXT(read_back("[{\"service_code\":\"a-1\",\"metadata\":true,\"group\":null}]",
                         "services", "service"),
               STR("(services:(service:(service_code:a-1)(metadata:true)(group:)))"));
    CHECK_TEXT(read_back("{\"service_code\":\"x\",\"attributes\":[{\"order\":1,\"values\":"
                         "[{\"key\":\"k\",\"name\":\"n\"}]}]}",
                         "service_definition", ""),
               STR("(service_definition:(service_code:x)(attributes:(attribute:(order:1)"
                   "(values:(value:(key:k)(name:n))))))"));
    CHECK_TEXT(read_back("{\"formats\":[\"text/xml\",\"a\"]}", "endpoint", ""),
               STR("(endpoint:(formats:(format:text/xml)(format:a)))"));
    CHECK_TEXT(read_back("[]", "service_requests", "request"), STR("(service_requests:)"));
}

TEST(nothing_in_a_text_becomes_markup)
{
    (void)state;
    CHECK_TEXT(read_back("{\"d\":\"</d><script>&amp; ]]> \\\" ' 灯\"}", "r", ""),
               STR("(r:(d:</d><script>&amp; ]]> \" ' 灯))"));
    CHECK_TEXT(read_back("{\"d\":\"a\\r\\nb\\tc\"}", "r", ""), STR("(r:(d:a\r\nb\tc))"));
    CHECK_TEXT(read_back("{\"d\":\"\\ud83d\\ude00\"}", "r", ""), STR("(r:(d:😀))"));
}

TEST(what_xml_cannot_hold_is_left_out)
{
    (void)state;
    CHECK_TEXT(read_back("{\"d\":\"a\\u0001b\\u001fc\\u0008\"}", "r", ""),
               STR("(r:(d:abc))"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_read_with_its_names_in_order_and_again),
        cmocka_unit_test(lines_end_one_way_and_what_hides_is_gone),
        cmocka_unit_test(an_empty_field_was_not_sent),
        cmocka_unit_test(what_is_no_form_is_told),
        cmocka_unit_test(two_hundred_fields_are_enough),
        cmocka_unit_test(xml_says_what_json_says),
        cmocka_unit_test(nothing_in_a_text_becomes_markup),
        cmocka_unit_test(what_xml_cannot_hold_is_left_out),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
