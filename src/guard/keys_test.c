#include "guard/guard_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard/blind.h"
#include "guard/keys_folder.h"
#include "guard/masters.h"
#include "guard/seal.h"

static void keys_in_memory(int64_t masters)
{
    struct key_provider provider;

    CHECK_INT(keys_memory_open(masters, &provider), RC_OK);
    CHECK_INT(keys_open(&provider), RC_OK);
}

/* The caches forget; the database and the provider stay. */
static void restart(const struct key_provider *provider)
{
    struct key_provider kept = *provider;

    kept.close = NULL;
    keys_close();
    CHECK_INT(keys_open(&kept), RC_OK);
}

/* ---- keys of persons ---- */

TEST(a_person_has_one_key_for_life)
{
    struct fixture      f;
    struct key_provider provider;
    struct person_key   made, found, other;

    fixture_open(&f, state);
    CHECK_INT(keys_memory_open(1, &provider), RC_OK);
    struct key_provider kept = provider;
    kept.close = NULL;
    CHECK_INT(keys_open(&kept), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &made), RC_NOT_FOUND);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &made), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &found), RC_OK);
    assert_memory_equal(&made, &found, sizeof made);
    restart(&provider);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &found), RC_OK);
    assert_memory_equal(&made, &found, sizeof made);
    CHECK_INT(keys_person(&f.op, 0, KEYS_MAKE, &other), RC_OK);
    assert_memory_not_equal(made.enc, other.enc, sizeof made.enc);
    keys_close();
    provider.close(provider.context);
    fixture_close(&f);
}

TEST(the_same_person_in_another_county_has_another_key)
{
    struct fixture    f;
    struct person_key here, there;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &here), RC_OK);
    f.op.county = 8;
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &there), RC_NOT_FOUND);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &there), RC_OK);
    assert_memory_not_equal(here.mac, there.mac, sizeof here.mac);
    keys_close();
    fixture_close(&f);
}

TEST(a_key_whose_making_was_rolled_back_is_forgotten)
{
    struct fixture    f;
    struct person_key key;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(db_begin(f.db), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &key), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &key), RC_OK);
    db_rollback(f.db);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &key), RC_NOT_FOUND);
    keys_close();
    fixture_close(&f);
}

TEST(a_destroyed_key_is_gone_at_once_and_never_made_again)
{
    struct fixture    f;
    struct person_key key;
    struct str        sealed, plain;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(seal(&f.op, PLACE("people", "phone", 1, 42), STR("13797555520"), &sealed),
              RC_OK);
    CHECK_INT(unseal(&f.op, PLACE("people", "phone", 1, 42), sealed, &plain), RC_OK);
    CHECK_INT(keys_destroy(&f.op, 42), RC_OK);
    CHECK_INT(unseal(&f.op, PLACE("people", "phone", 1, 42), sealed, &plain), RC_GONE);
    CHECK(!plain.at);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &key), RC_GONE);
    CHECK_INT(keys_destroy(&f.op, 43), RC_OK);
    CHECK_INT(keys_person(&f.op, 43, KEYS_MAKE, &key), RC_GONE);
    CHECK_INT(
        test_sql(f.where, "SELECT count(*) FROM person_keys WHERE wrapped IS NOT NULL"), 0);
    keys_close();
    fixture_close(&f);
}

TEST(a_key_copied_to_another_person_does_not_unwrap)
{
    struct fixture    f;
    struct person_key key;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &key), RC_OK);
    (void)test_sql(f.where,
                   "INSERT INTO person_keys (county, person, master, wrapped, at_ms)"
                   " SELECT county, 43, master, wrapped, at_ms FROM person_keys");
    CHECK_INT(keys_person(&f.op, 43, KEYS_FIND, &key), RC_INTERNAL);
    keys_close();
    fixture_close(&f);
}

TEST(a_new_master_wraps_the_old_keys_again)
{
    static const unsigned char one[KEY_BYTES] = { 1 }, two[KEY_BYTES] = { 2 };
    struct fixture             f;
    struct person_key          before, after;
    int64_t                    person = -1, done;

    fixture_open(&f, state);
    struct masters *masters = masters_new();
    assert_non_null(masters);
    masters_put(masters, 1, one);
    struct key_provider provider = masters_provider(masters, STR("test"));
    struct key_provider kept = provider;
    kept.close = NULL;
    CHECK_INT(keys_open(&kept), RC_OK);
    CHECK_INT(keys_person(&f.op, 0, KEYS_MAKE, &before), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &before), RC_OK);
    CHECK_INT(keys_destroy(&f.op, 43), RC_OK);
    masters_put(masters, 2, two);
    CHECK_INT(keys_rewrap(&f.op, &person, &done), RC_OK);
    CHECK(done == 2 && person == 42);
    CHECK_INT(keys_rewrap(&f.op, &person, &done), RC_OK);
    CHECK_INT(done, 0);
    CHECK_INT(test_sql(f.where, "SELECT count(*) FROM person_keys WHERE master = 2"), 2);
    restart(&provider);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &after), RC_OK);
    assert_memory_equal(&before, &after, sizeof before);
    keys_close();
    provider.close(provider.context);
    fixture_close(&f);
}

/* ---- many threads ---- */

enum { THREADS = 4, ROUNDS = 400, PERSONS = 20 };

struct reader {
    struct fixture *f;
    struct str     *sealed; /* one value of each person */
    int             wrong;
};

/* Opens values again and again, each thread with a connection of its own. */
static void *read_on(void *context)
{
    struct reader *reader = context;
    struct arena   memory;
    struct op      op;
    struct str     plain;

    arena_init(&memory, 8 << 20);
    op_init(&op, &memory, reader->f->op.now_ms);
    op.county = 7;
    bool opened = db_open(reader->f->where, DB_READ, reader->f->catalogue, &op.db) == RC_OK;
    for (int i = 0; opened && i < ROUNDS; i++) {
        int64_t           person = 1 + i % PERSONS;
        struct arena_mark mark = arena_mark(&memory);
        enum rc           rc = unseal(&op, PLACE("people", "phone", 1, person),
                                      reader->sealed[person - 1], &plain);
        reader->wrong += rc != RC_OK && rc != RC_GONE;
        arena_back(&memory, mark);
    }
    reader->wrong += !opened;
    db_close(&op.db);
    arena_free(&memory);
    return NULL;
}

TEST(threads_share_the_keys_while_some_are_destroyed)
{
    struct fixture f;
    struct str     sealed[PERSONS], plain;
    struct reader  readers[THREADS];
    pthread_t      threads[THREADS];

    fixture_open(&f, state);
    keys_in_memory(1);
    for (int64_t person = 1; person <= PERSONS; person++)
        CHECK_INT(seal(&f.op, PLACE("people", "phone", 1, person), STR("13797555520"),
                       &sealed[person - 1]),
                  RC_OK);
    for (int i = 0; i < THREADS; i++) {
        readers[i] = (struct reader){ &f, sealed, 0 };
        CHECK_INT(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int64_t person = 1; person <= PERSONS / 2; person++)
        CHECK_INT(keys_destroy(&f.op, person), RC_OK);
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
        CHECK_INT(readers[i].wrong, 0);
    }
    for (int64_t person = 1; person <= PERSONS; person++)
        CHECK_INT(
            unseal(&f.op, PLACE("people", "phone", 1, person), sealed[person - 1], &plain),
            person <= PERSONS / 2 ? RC_GONE : RC_OK);
    keys_close();
    fixture_close(&f);
}

/* ---- sealed values ---- */

TEST(a_sealed_value_opens_only_where_it_was_sealed)
{
    struct fixture f;
    struct str     sealed, plain;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(seal(&f.op, PLACE("people", "phone", 1, 42), STR("13797555520"), &sealed),
              RC_OK);
    CHECK_INT(sealed.len, 11 + SEAL_OVERHEAD);
    CHECK(!str_has(sealed, STR("1379755")));
    CHECK_INT(unseal(&f.op, PLACE("people", "phone", 1, 42), sealed, &plain), RC_OK);
    CHECK_TEXT(plain, STR("13797555520"));
    const struct place *others[] = { PLACE("people", "phone", 2, 42),
                                     PLACE("people", "phones", 1, 42),
                                     PLACE("peoplep", "hone", 1, 42),
                                     PLACE("cases", "phone", 1, 42) };
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT(unseal(&f.op, others[i], sealed, &plain), RC_INTERNAL);
    CHECK_INT(unseal(&f.op, PLACE("people", "phone", 1, 43), sealed, &plain), RC_GONE);
    CHECK_INT(keys_person(&f.op, 43, KEYS_MAKE, &(struct person_key){ 0 }), RC_OK);
    CHECK_INT(unseal(&f.op, PLACE("people", "phone", 1, 43), sealed, &plain), RC_INTERNAL);
    keys_close();
    fixture_close(&f);
}

TEST(one_changed_bit_anywhere_is_noticed)
{
    struct arena      arena;
    struct person_key key = { .county = 7, .person = 42 };

    arena_init(&arena, 1 << 20);
    struct str sealed = seal_with(&arena, &key, PLACE("t", "c", 1, 42), STR("糖尿病"));
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        struct str changed = str_copy(&arena, sealed);
        char      *bytes = arena_take(&arena, sealed.len);
        memcpy(bytes, changed.at, sealed.len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        CHECK(
            !unseal_with(&arena, &key, PLACE("t", "c", 1, 42), str_slice(bytes, sealed.len))
                 .at);
    }
    for (size_t n = 0; n < sealed.len; n++)
        CHECK(
            !unseal_with(&arena, &key, PLACE("t", "c", 1, 42), str_slice(sealed.at, n)).at);
    CHECK_TEXT(unseal_with(&arena, &key, PLACE("t", "c", 1, 42), sealed), STR("糖尿病"));
    arena_free(&arena);
}

TEST(equal_values_never_look_equal)
{
    struct arena      arena;
    struct person_key key = { .county = 7, .person = 42 };

    arena_init(&arena, 1 << 16);
    struct str one = seal_with(&arena, &key, PLACE("t", "c", 1, 42), STR("same"));
    struct str two = seal_with(&arena, &key, PLACE("t", "c", 1, 42), STR("same"));
    CHECK(!str_eq(one, two));
    arena_free(&arena);
}

TEST(an_absent_value_stays_absent_and_an_empty_one_empty)
{
    struct fixture f;
    struct str     sealed, plain;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(seal(&f.op, PLACE("t", "c", 1, 42), STR_NONE, &sealed), RC_OK);
    CHECK(!sealed.at);
    CHECK_INT(unseal(&f.op, PLACE("t", "c", 1, 42), STR_NONE, &plain), RC_OK);
    CHECK(!plain.at);
    CHECK_INT(seal(&f.op, PLACE("t", "c", 1, 42), STR(""), &sealed), RC_OK);
    CHECK_INT(unseal(&f.op, PLACE("t", "c", 1, 42), sealed, &plain), RC_OK);
    CHECK(plain.at && plain.len == 0);
    keys_close();
    fixture_close(&f);
}

TEST(a_full_arena_refuses_instead_of_sealing_half)
{
    struct fixture f;
    struct str     sealed;

    fixture_open(&f, state);
    keys_in_memory(1);
    CHECK_INT(keys_person(&f.op, 42, KEYS_MAKE, &(struct person_key){ 0 }), RC_OK);
    CHECK_INT(keys_person(&f.op, 42, KEYS_FIND, &(struct person_key){ 0 }), RC_OK);
    arena_free(&f.arena);
    arena_init(&f.arena, 16384);
    struct str large = { f.where.at, 20000 };
    CHECK_INT(seal(&f.op, PLACE("t", "c", 1, 42), large, &sealed), RC_TOO_LARGE);
    CHECK(!sealed.at);
    keys_close();
    fixture_close(&f);
}

/* ---- blind index ---- */

TEST(the_blind_index_finds_a_number_however_it_is_written)
{
    struct arena arena;
    struct str   column = STR("people.phone");

    arena_init(&arena, 1 << 16);
    keys_in_memory(1);
    struct str phone = blind(&arena, column, CODE_MOBILE, STR("13797555520"));
    CHECK_INT(phone.len, BLIND_BYTES);
    CHECK(str_eq(phone, blind(&arena, column, CODE_MOBILE, STR("+86 137-9755-5520"))));
    CHECK(!str_eq(phone, blind(&arena, column, CODE_MOBILE, STR("13797555521"))));
    CHECK(!str_eq(phone,
                  blind(&arena, STR("accounts.phone"), CODE_MOBILE, STR("13797555520"))));
    CHECK(str_eq(blind(&arena, column, CODE_ID, STR("11010519491231002x")),
                 blind(&arena, column, CODE_ID, STR("110105 19491231 002X"))));
    CHECK(!blind(&arena, column, CODE_MOBILE, STR(" ")).at);
    CHECK(!blind(&arena, column, CODE_MOBILE, STR_NONE).at);
    keys_close();
    arena_free(&arena);
}

/* ---- the folder ---- */

static struct arena    arena;
static struct problems problems;
static char            folder[64];

static int folder_set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    problems_init(&problems, &arena);
    (void)snprintf(folder, sizeof folder, "/tmp/linli-keys-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static const char *in_folder(const char *name)
{
    return str_z(&arena, str_fmt(&arena, "%s/%s", folder, name));
}

static int folder_tear_down(void **state)
{
    static const char *names[] = { "index.key", "master-1.key", "master-2.key",
                                   "master-3.key" };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        (void)unlink(in_folder(names[i]));
    (void)rmdir(folder);
    arena_free(&arena);
    return 0;
}

static void index_of_folder(unsigned char index[KEY_BYTES])
{
    struct key_provider provider;

    CHECK_INT(keys_folder_open(&problems, str_of(folder), &provider), RC_OK);
    CHECK_TEXT(provider.name, STR("folder"));
    CHECK_INT(provider.index_key(provider.context, index), RC_OK);
    provider.close(provider.context);
}

TEST(the_folder_is_made_once_and_opens_the_same_keys)
{
    unsigned char first[KEY_BYTES], again[KEY_BYTES];
    struct stat   stat_of;

    (void)state;
    CHECK_INT(keys_folder_init(&problems, str_of(folder)), RC_OK);
    CHECK_INT(stat(in_folder("master-1.key"), &stat_of), 0);
    CHECK_INT(stat_of.st_mode & 0777, 0600);
    CHECK_INT(stat_of.st_size, 65);
    index_of_folder(first);
    CHECK_INT(keys_folder_init(&problems, str_of(folder)), RC_CONFLICT);
    index_of_folder(again);
    assert_memory_equal(first, again, KEY_BYTES);
}

TEST(what_an_older_master_wrapped_is_still_opened_after_rotation)
{
    struct key_provider provider;
    unsigned char       key[KEY_BYTES] = { 1, 2, 3 }, back[KEY_BYTES];
    struct str          old, fresh, bound = STR("bound");
    int64_t             old_master, fresh_master;

    CHECK_INT(keys_folder_init(&problems, str_of(folder)), RC_OK);
    CHECK_INT(keys_folder_open(&problems, str_of(folder), &provider), RC_OK);
    CHECK_INT(provider.wrap(provider.context, &arena, bound, key, &old_master, &old),
              RC_OK);
    provider.close(provider.context);
    CHECK_INT(keys_folder_rotate(&problems, str_of(folder)), RC_OK);
    CHECK_INT(keys_folder_open(&problems, str_of(folder), &provider), RC_OK);
    CHECK_INT(provider.wrap(provider.context, &arena, bound, key, &fresh_master, &fresh),
              RC_OK);
    CHECK(old_master == 1 && fresh_master == 2 && provider.newest(provider.context) == 2);
    CHECK_INT(provider.unwrap(provider.context, 1, bound, old, back), RC_OK);
    assert_memory_equal(key, back, KEY_BYTES);
    CHECK_INT(provider.unwrap(provider.context, 2, bound, old, back), RC_INTERNAL);
    CHECK_INT(provider.unwrap(provider.context, 1, STR("other"), old, back), RC_INTERNAL);
    CHECK_INT(provider.unwrap(provider.context, 3, bound, old, back), RC_INTERNAL);
    CHECK_INT(provider.unwrap(provider.context, 1, bound, STR(""), back), RC_INTERNAL);
    provider.close(provider.context);
    CHECK_INT(unlink(in_folder("master-1.key")), 0);
    CHECK_INT(keys_folder_open(&problems, str_of(folder), &provider), RC_OK);
    CHECK_INT(provider.unwrap(provider.context, 1, bound, old, back), RC_INTERNAL);
    CHECK_INT(provider.unwrap(provider.context, 2, bound, fresh, back), RC_OK);
    provider.close(provider.context);
}

static void check_refused(const char *says)
{
    struct key_provider provider;

    problems_init(&problems, &arena);
    CHECK_INT(keys_folder_open(&problems, str_of(folder), &provider), RC_REFUSED);
    CHECK(problems.n >= 1);
    if (!str_has(problems.first->says, str_of(says)))
        fail_msg("said %.*s", STR_ARG(problems.first->says));
}

static void write_file(const char *name, const char *text)
{
    int file = open(in_folder(name), O_WRONLY | O_TRUNC | O_CREAT, 0600);

    CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
}

TEST(keys_that_others_can_read_or_change_are_refused)
{
    CHECK_INT(keys_folder_init(&problems, str_of(folder)), RC_OK);
    CHECK_INT(chmod(in_folder("master-1.key"), 0644), 0);
    check_refused("master-1.key 别人也能读或改");
    CHECK_INT(chmod(in_folder("master-1.key"), 0600), 0);
    CHECK_INT(chmod(in_folder("index.key"), 0620), 0);
    check_refused("index.key 别人也能读或改");
    CHECK_INT(chmod(in_folder("index.key"), 0440), 0);
    CHECK_INT(chmod(folder, 0777), 0);
    check_refused("chmod 700");
    CHECK_INT(chmod(folder, 0700), 0);
    CHECK_INT(unlink(in_folder("index.key")), 0);
    CHECK_INT(symlink(in_folder("master-1.key"), in_folder("index.key")), 0);
    check_refused("index.key 打不开");
}

TEST(missing_and_broken_keys_are_told_apart)
{
    check_refused("index.key 不在");
    CHECK_INT(keys_folder_rotate(&problems, str_of(folder)), RC_REFUSED);
    CHECK_INT(keys_folder_init(&problems, str_of(folder)), RC_OK);
    write_file("master-1.key", "abcd\n");
    check_refused("master-1.key 不是 64 位十六进制数字");
    write_file("master-1.key",
               "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg\n");
    check_refused("不是 64 位");
    write_file("master-1.key",
               "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n\n");
    check_refused("不是 64 位");
    CHECK_INT(unlink(in_folder("master-1.key")), 0);
    check_refused("master-1.key 不在");
    struct key_provider provider;
    CHECK_INT(keys_folder_open(&problems, STR("/nowhere/at/all"), &provider), RC_REFUSED);
    CHECK_INT(keys_folder_init(&problems, STR("/nowhere/at/all")), RC_REFUSED);
}

#define IN_FOLDER(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_person_has_one_key_for_life),
        ON_BOTH(the_same_person_in_another_county_has_another_key),
        ON_BOTH(a_key_whose_making_was_rolled_back_is_forgotten),
        ON_BOTH(a_destroyed_key_is_gone_at_once_and_never_made_again),
        ON_BOTH(a_key_copied_to_another_person_does_not_unwrap),
        ON_BOTH(a_new_master_wraps_the_old_keys_again),
        ON_BOTH(threads_share_the_keys_while_some_are_destroyed),
        ON_BOTH(a_sealed_value_opens_only_where_it_was_sealed),
        cmocka_unit_test(one_changed_bit_anywhere_is_noticed),
        cmocka_unit_test(equal_values_never_look_equal),
        ON_SQLITE(an_absent_value_stays_absent_and_an_empty_one_empty),
        ON_SQLITE(a_full_arena_refuses_instead_of_sealing_half),
        cmocka_unit_test(the_blind_index_finds_a_number_however_it_is_written),
        IN_FOLDER(the_folder_is_made_once_and_opens_the_same_keys),
        IN_FOLDER(what_an_older_master_wrapped_is_still_opened_after_rotation),
        IN_FOLDER(keys_that_others_can_read_or_change_are_refused),
        IN_FOLDER(missing_and_broken_keys_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
