#include "guard/passkey.h"

#include "authenticator.h"
#include "guard/sm.h"
#include "test.h"

static const struct page ours = { STR_INIT("https://linli.example.cn:8443"),
                                  STR_INIT("linli.example.cn"), STR_INIT("Zm9v"), false };

struct scene {
    struct arena         arena;
    struct op            op;
    struct authenticator key;
    struct passkey       made;
};

static struct passkey_asked asked_of(const struct page *page)
{
    return (struct passkey_asked){ page->challenge, page->origin };
}

static enum rc make(struct scene *s, const struct page *page)
{
    struct passkey_asked asked = asked_of(&ours);
    struct passkey_told  told = authenticator_makes(&s->key, &s->arena, page);

    op_init(&s->op, &s->arena, 1795327387120);
    return passkey_make(&s->op, &asked, &told, -7, &s->made);
}

static enum rc show(struct scene *s, const struct page *page)
{
    struct passkey_asked asked = asked_of(&ours);
    struct passkey_told  told = authenticator_shows(&s->key, &s->arena, page);

    op_init(&s->op, &s->arena, 1795327387120);
    return passkey_check(&s->op, &asked, &told, &s->made);
}

static void begin(struct scene *s)
{
    *s = (struct scene){ .made = { 0 } };
    arena_init(&s->arena, 1 << 20);
    authenticator_open(&s->key);
    CHECK_INT(make(s, &ours), RC_OK);
}

static void end(struct scene *s)
{
    authenticator_close(&s->key);
    arena_free(&s->arena);
}

TEST(a_key_that_was_made_here_opens_again_and_again)
{
    struct scene s;

    begin(&s);
    CHECK_TEXT(s.made.credential, PART_OF(s.key.credential));
    CHECK_TEXT(s.made.rp, STR("linli.example.cn"));
    CHECK_INT(s.made.counter, 1);
    CHECK_INT(show(&s, &ours), RC_OK);
    CHECK_INT(show(&s, &ours), RC_OK);
    CHECK_INT(s.made.counter, 3);
    end(&s);
}

/* Each in a way that a thief could send it, when it is made and when it is shown. */
TEST(what_answers_something_else_is_refused)
{
    static const struct page wrong[] = {
        { STR_INIT("https://linli.example.cn:8443"), STR_INIT("linli.example.cn"),
          STR_INIT("YmFy"), false },
        { STR_INIT("https://linli.example.cn"), STR_INIT("linli.example.cn"),
          STR_INIT("Zm9v"), false },
        { STR_INIT("https://evil.example"), STR_INIT("linli.example.cn"), STR_INIT("Zm9v"),
          false },
        { STR_INIT("https://linli.example.cn:8443"), STR_INIT("evil.example"),
          STR_INIT("Zm9v"), false },
        { STR_INIT("https://linli.example.cn:8443"), STR_INIT("linli.example.cn"),
          STR_INIT("Zm9v"), true },
    };
    struct scene s;

    begin(&s);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CHECK_INT(show(&s, &wrong[i]), RC_REFUSED);
        struct passkey kept = s.made;
        CHECK_INT(make(&s, &wrong[i]), RC_REFUSED);
        s.made = kept;
    }
    CHECK_INT(show(&s, &ours), RC_OK);
    end(&s);
}

TEST(nobody_there_is_nobody_signed_in)
{
    struct scene s;

    begin(&s);
    struct passkey kept = s.made;
    s.key.absent = true;
    CHECK_INT(show(&s, &ours), RC_REFUSED);
    CHECK_INT(make(&s, &ours), RC_REFUSED);
    s.key.absent = false;
    s.made = kept;
    CHECK_INT(show(&s, &ours), RC_OK);
    end(&s);
}

TEST(another_key_or_a_changed_answer_does_not_open)
{
    struct scene         s;
    struct authenticator other;
    struct passkey_asked asked = asked_of(&ours);

    begin(&s);
    authenticator_open(&other);
    struct passkey_told told = authenticator_shows(&other, &s.arena, &ours);
    CHECK_INT(passkey_check(&s.op, &asked, &told, &s.made), RC_REFUSED);
    told = authenticator_shows(&s.key, &s.arena, &ours);
    char *changed = str_z(&s.arena, told.signature);
    changed[told.signature.len - 1] ^= 1;
    told.signature = str_slice(changed, told.signature.len);
    CHECK_INT(passkey_check(&s.op, &asked, &told, &s.made), RC_REFUSED);
    told.signature = STR("");
    CHECK_INT(passkey_check(&s.op, &asked, &told, &s.made), RC_REFUSED);
    told = authenticator_shows(&s.key, &s.arena, &ours);
    told.authenticator.len -= 1;
    CHECK_INT(passkey_check(&s.op, &asked, &told, &s.made), RC_REFUSED);
    authenticator_close(&other);
    end(&s);
}

TEST(a_key_that_counts_backwards_has_a_double)
{
    struct scene s;

    begin(&s);
    s.key.counter = 9;
    CHECK_INT(show(&s, &ours), RC_OK);
    s.key.counter = 9; /* the double's next is ten, too */
    CHECK_INT(show(&s, &ours), RC_REFUSED);
    CHECK(str_has(s.op.problems.first->says, STR("复制")));
    CHECK_INT(s.made.counter, 10);
    CHECK_INT(show(&s, &ours), RC_OK);
    end(&s);
}

TEST(a_key_that_does_not_count_is_one_too)
{
    struct scene s;

    begin(&s);
    s.key.counts = false;
    s.key.counter = 0;
    CHECK_INT(make(&s, &ours), RC_OK);
    CHECK_INT(show(&s, &ours), RC_OK);
    CHECK_INT(show(&s, &ours), RC_OK);
    end(&s);
}

TEST(keys_are_made_for_names_not_for_addresses)
{
    CHECK_TEXT(passkey_rp(STR("https://linli.example.cn")), STR("linli.example.cn"));
    CHECK_TEXT(passkey_rp(STR("http://localhost:8080")), STR("localhost"));
    CHECK(!passkey_rp(STR("http://127.0.0.1:8080")).at);
    CHECK(!passkey_rp(STR("http://[::1]:8080")).at);
    CHECK(!passkey_rp(STR("https:/")).at);
    CHECK(!passkey_rp(STR_NONE).at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_was_made_here_opens_again_and_again),
        cmocka_unit_test(what_answers_something_else_is_refused),
        cmocka_unit_test(nobody_there_is_nobody_signed_in),
        cmocka_unit_test(another_key_or_a_changed_answer_does_not_open),
        cmocka_unit_test(a_key_that_counts_backwards_has_a_double),
        cmocka_unit_test(a_key_that_does_not_count_is_one_too),
        cmocka_unit_test(keys_are_made_for_names_not_for_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
