#include "test.h"

#include <string.h>

#include "base/arena.h"
#include "gate/heads.h"
#include "guard/signer_folder.h"
#include "guard/sm.h"

struct fixture {
    struct arena arena;
    struct chain end;
    struct head  head;
    struct str   line;
};

static void given_head(struct fixture *f)
{
    struct signer_provider provider;

    arena_init(&f->arena, 4 << 20);
    CHECK_INT(signer_memory_open(&provider), RC_OK);
    signer_open(&provider);
    f->end = (struct chain){ .county = 3,
                             .seq = 128,
                             .hash = "a hash of thirty-two bytes ....." };
    CHECK_INT(head_sign(&f->arena, &f->end, INT64_C(1795327387120), &f->head), RC_OK);
    f->line = head_line(&f->arena, &f->head);
}

static void close_fixture(struct fixture *f)
{
    signer_close();
    arena_free(&f->arena);
}

static bool believed(struct fixture *f, struct str line)
{
    struct head head;

    return head_read(&f->arena, line, &head) &&
           head_check(&f->arena, &head, signer_publics()) == HEAD_TRUE;
}

TEST(a_head_is_read_as_it_was_written)
{
    struct fixture f;
    struct head    read;

    given_head(&f);
    CHECK(f.line.len <= HEAD_LINE_MAX &&
          str_starts(f.line, STR("linli-head-1 county=3 seq=128 ")));
    CHECK(head_read(&f.arena, f.line, &read));
    CHECK(read.county == 3 && read.seq == 128 && read.at_ms == f.head.at_ms);
    CHECK(str_eq(read.hash, PART_OF(f.end.hash)) && str_eq(read.key, signer_key(&f.arena)));
    CHECK(believed(&f, f.line));
    close_fixture(&f);
}

TEST(a_head_of_which_any_letter_is_changed_is_not_believed)
{
    struct fixture f;

    given_head(&f);
    char *text = str_z(&f.arena, f.line);
    for (size_t i = 0; i < f.line.len; i++) {
        char was = text[i];
        for (const char *other = "0 1aF=\xe4"; *other; other++) {
            text[i] = *other;
            if (*other != was && believed(&f, str_slice(text, f.line.len)))
                fail_msg("letter %zu as '%c'", i, *other);
        }
        text[i] = was;
        if (believed(&f, str_slice(text, i)))
            fail_msg("cut off at %zu", i);
    }
    CHECK(!believed(&f, str_fmt(&f.arena, "%s ", text)));
    close_fixture(&f);
}

/* Whoever can write everything but has not the key makes one of their own. */
TEST(a_head_signed_by_another_key_is_not_believed)
{
    struct fixture         f;
    struct signer_provider provider;
    struct head            head;

    given_head(&f);
    struct sm2_publics mine = *signer_publics();
    signer_close();
    CHECK_INT(signer_memory_open(&provider), RC_OK);
    signer_open(&provider);
    CHECK_INT(head_sign(&f.arena, &f.end, f.head.at_ms, &head), RC_OK);
    CHECK(head_check(&f.arena, &head, &mine) == HEAD_UNKNOWN_KEY);
    head.key = f.head.key; /* under the name of the true one */
    CHECK(head_check(&f.arena, &head, &mine) == HEAD_FORGED);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read_as_it_was_written),
        cmocka_unit_test(a_head_of_which_any_letter_is_changed_is_not_believed),
        cmocka_unit_test(a_head_signed_by_another_key_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
