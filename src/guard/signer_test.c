#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "guard/signer_folder.h"

struct fixture {
    struct arena           arena;
    struct problems        problems;
    char                   folder[64], name[160];
    struct signer_provider provider;
};

static void open_fixture(struct fixture *f)
{
    arena_init(&f->arena, 1 << 20);
    problems_init(&f->problems, &f->arena);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/linli-signer-XXXXXX");
    CHECK(mkdtemp(f->folder) != NULL);
}

static void close_fixture(struct fixture *f)
{
    static const char *const names[] = { "heads-1.key", "heads-1.pem", "heads-2.key",
                                         "heads-2.pem" };

    signer_close();
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(f->name, sizeof f->name, "%s/%s", f->folder, names[i]);
        (void)unlink(f->name);
    }
    (void)rmdir(f->folder);
    arena_free(&f->arena);
}

static const char *path_of(struct fixture *f, const char *name)
{
    (void)snprintf(f->name, sizeof f->name, "%s/%s", f->folder, name);
    return f->name;
}

static enum rc open_folder(struct fixture *f)
{
    return signer_folder_open(&f->problems, str_of(f->folder), &f->provider);
}

static enum rc make(struct fixture *f)
{
    return signer_folder_make(&f->problems, str_of(f->folder));
}

TEST(what_was_signed_before_a_new_key_is_checked_with_the_old_one)
{
    struct fixture f;
    struct str     first, second;

    open_fixture(&f);
    CHECK_INT(open_folder(&f), RC_NOT_FOUND);
    CHECK_INT(make(&f), RC_OK);
    CHECK_INT(open_folder(&f), RC_OK);
    signer_open(&f.provider);
    CHECK_INT(signer_sign(&f.arena, STR("one"), &first), RC_OK);
    CHECK(sm2_verify(&signer_publics()->of[0], STR("one"), first));
    signer_close();

    CHECK_INT(make(&f), RC_OK);
    CHECK_INT(unlink(path_of(&f, "heads-1.key")), 0); /* may go; its public half stays */
    CHECK_INT(open_folder(&f), RC_OK);
    signer_open(&f.provider);
    CHECK_INT(signer_publics()->n, 2);
    CHECK_INT(signer_sign(&f.arena, STR("two"), &second), RC_OK);
    CHECK(sm2_verify(&signer_publics()->of[0], STR("one"), first));
    CHECK(sm2_verify(&signer_publics()->of[1], STR("two"), second));
    CHECK(!sm2_verify(&signer_publics()->of[0], STR("two"), second));
    close_fixture(&f);
}

TEST(a_private_key_that_others_may_read_is_not_used)
{
    struct fixture f;

    open_fixture(&f);
    CHECK_INT(make(&f), RC_OK);
    CHECK_INT(chmod(path_of(&f, "heads-1.key"), 0644), 0);
    CHECK_INT(open_folder(&f), RC_REFUSED);
    CHECK(str_has(f.problems.first->says, STR("chmod 600")));
    close_fixture(&f);
}

TEST(a_public_key_that_is_not_its_private_ones_is_noticed)
{
    struct fixture f;

    open_fixture(&f);
    CHECK_INT(make(&f), RC_OK);
    CHECK_INT(make(&f), RC_OK);
    char *first = strdup(path_of(&f, "heads-1.pem"));
    CHECK(first && rename(first, path_of(&f, "heads-2.pem")) == 0);
    free(first);
    CHECK_INT(open_folder(&f), RC_REFUSED);
    CHECK(str_has(f.problems.first->says, STR("不是同号私钥的公钥")));
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_before_a_new_key_is_checked_with_the_old_one),
        cmocka_unit_test(a_private_key_that_others_may_read_is_not_used),
        cmocka_unit_test(a_public_key_that_is_not_its_private_ones_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
