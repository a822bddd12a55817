/* Photos through the real gate, with the real decoder beside it. */
#include "database.h"

#include <ftw.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "decode/decode_fixture.h"
#include "engine/photo/photo.h"
#include "engine/photo/photo_work.h"
#include "files.h"
#include "gate/gate.h"
#include "gate/journal_store.h"
#include "gate/refusals.h"
#include "guard/guard_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "guard/secret.h"
#include "registry/registry.h"

enum { COUNTY = 7, CASE = 4711, WAIT_MS = 20000 };

/* ---- what photos are attached to: one thing, which one more person may see ---- */

static const struct hold operator_holds[] = {
    { .duty = STR_INIT("本机"), .role = ROLE_OPERATOR, .area = STR_INIT("42") },
};
static const struct actor wang = {
    .kind = ACTOR_PERSON, .account = 9, .person = 90, .county = COUNTY
};
static const struct actor worker = { .kind = ACTOR_PERSON,
                                     .account = 10,
                                     .county = COUNTY };
static const struct actor stranger = { .kind = ACTOR_PERSON,
                                       .account = 11,
                                       .county = COUNTY };
static const struct actor timer = { .kind = ACTOR_CLOCK,
                                    .holds = operator_holds,
                                    .nholds = 1 };

static bool sees(struct op *op, int64_t owner)
{
    return owner == CASE && op->actor->account == worker.account;
}

struct tie_args {
    struct list photos;
    int64_t     owner;
};
static const struct field tie_fields[] = {
    FIELD_LIST_OF(struct tie_args, photos, KIND_ID, .max = 9),
    FIELD(struct tie_args, owner, REQUIRED, .min = 1, .max = 9999),
};

static enum rc tie(struct op *op, const void *in, struct view *view)
{
    const struct tie_args *args = in;

    (void)view;
    return photo_attach(op, args->photos.at, args->photos.n, args->owner);
}

static const struct act tie_acts[] = {
    { .name = "test.tie",
      .method = POST,
      .path = "/ties",
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct tie_args, tie_fields),
      .run = tie },
    { .name = NULL },
};

/* ---- a house with photos ---- */

struct house {
    struct str           where;
    char                 folder[32];
    struct db_catalogue *catalogue;
    struct gate         *gate;
    struct db           *db, *workers;
    struct photo_work   *work;
    struct arena         arena;
};

static void landed(void *context, const struct line *line)
{
    struct house *h = context;

    if (h->work)
        photo_work_landed(h->work, line);
}

static void start_work(struct house *h, struct str program)
{
    struct worker hands = { h->gate, h->workers, &timer };

    CHECK_INT(photo_work_start(&hands, program, &h->work), RC_OK);
}

static void open_files(struct house *h)
{
    struct key_provider provider;
    struct problems     problems;

    problems_init(&problems, &h->arena);
    CHECK_INT(keys_memory_open(1, &provider), RC_OK);
    CHECK_INT(keys_open(&provider), RC_OK);
    (void)snprintf(h->folder, sizeof h->folder, "/tmp/linli-photos-XXXXXX");
    assert_non_null(mkdtemp(h->folder));
    CHECK_INT(photos_open(&problems, str_of(h->folder)), RC_OK);
    photos_owner(sees);
}

static void open_house(struct house *h, void **state)
{
    static const struct act  *acts[] = { photo_acts, tie_acts };
    const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts, &refusals_stmts,
                                          &guard_stmts, &area_stmts, &photo_stmts,
                                          &copy_stmts };
    size_t                    applied;

    *h = (struct house){ .where = test_database(state) };
    arena_init(&h->arena, 64 << 20);
    CHECK_INT(migrate(h->where, &applied), RC_OK);
    open_files(h);
    acts_register(acts, COUNT(acts), false);
    h->catalogue = db_catalogue_new(stmts, COUNT(stmts));
    CHECK(h->catalogue != NULL);
    CHECK_INT(db_open(h->where, DB_READ, h->catalogue, &h->db), RC_OK);
    CHECK_INT(db_open(h->where, DB_READ, h->catalogue, &h->workers), RC_OK);
    struct gate_options options = { .where = h->where,
                                    .address = STR("here"),
                                    .catalogue = h->catalogue,
                                    .landed = landed,
                                    .context = h };
    CHECK_INT(gate_open(&options, &h->gate), RC_OK);
}

static void open_working_house(struct house *h, void **state)
{
    open_house(h, state);
    start_work(h, decode_program(&h->arena));
}

static void close_house(struct house *h)
{
    photo_work_stop(&h->work);
    gate_close(&h->gate);
    photos_close();
    keys_close();
    db_close(&h->db);
    db_close(&h->workers);
    db_catalogue_free(&h->catalogue);
    arena_free(&h->arena);
    test_remove_folder(h->folder);
}

/* ---- asking ---- */

static struct asking ask(struct house *h, const struct actor *actor, const char *act,
                         struct str body, struct str upload)
{
    struct asking asking = {
        .arena = &h->arena, .act = acts_find(str_of(act)), .actor = actor, .upload = upload
    };

    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(h->gate, &asking, h->db);
    return asking;
}

static struct asking sent(struct house *h, const struct actor *actor, struct str bytes)
{
    struct str path = str_fmt(&h->arena, "%s/upload", h->folder);
    FILE      *file = fopen(str_z(&h->arena, path), "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at ? bytes.at : "", 1, bytes.len, file), bytes.len);
    fclose(file);
    return ask(h, actor, "photo.upload", STR_NONE, path);
}

static struct str told(struct asking *asking)
{
    return asking->problems.first ? asking->problems.first->says : STR_NONE;
}

struct answer {
    int64_t    id;
    struct str state, says, place;
    int64_t    width, height;
};
static const struct field answer_fields[] = {
    FIELD_ID(struct answer, id, REQUIRED), FIELD(struct answer, state, REQUIRED),
    FIELD(struct answer, says, OPTIONAL),  FIELD_RAW(struct answer, place, OPTIONAL),
    FIELD(struct answer, width, OPTIONAL), FIELD(struct answer, height, OPTIONAL),
};

static struct answer answer_of(struct house *h, struct asking *asking)
{
    struct answer   answer = { 0 };
    struct problems problems;

    CHECK_INT(asking->rc, RC_OK);
    problems_init(&problems, &h->arena);
    CHECK_INT(json_read(&h->arena, json_done(&asking->view.out), answer_fields,
                        COUNT(answer_fields), &answer, &problems),
              RC_OK);
    return answer;
}

static int64_t send_photo(struct house *h, const struct actor *actor, struct str bytes)
{
    struct asking asking = sent(h, actor, bytes);
    struct answer answer = answer_of(h, &asking);

    CHECK_INT(asking.view.status, 201);
    CHECK_TEXT(answer.state, STR("new"));
    return answer.id;
}

static struct asking look(struct house *h, const struct actor *actor, int64_t id)
{
    return ask(h, actor, "photo.show",
               str_fmt(&h->arena, "{\"id\":\"%lld\"}", (long long)id), STR_NONE);
}

static struct asking image(struct house *h, const struct actor *actor, int64_t id,
                           const char *size)
{
    return ask(h, actor, "photo.image",
               str_fmt(&h->arena, "{\"id\":\"%lld\",\"size\":\"%s\"}", (long long)id, size),
               STR_NONE);
}

static struct answer wait_for(struct house *h, int64_t id)
{
    for (int64_t until_us = clock_mono_us() + WAIT_MS * INT64_C(1000);;) {
        struct asking asking = look(h, &wang, id);
        struct answer answer = answer_of(h, &asking);
        if (!str_eq(answer.state, STR("new")))
            return answer;
        assert_true(clock_mono_us() < until_us);
        usleep(20000);
    }
}

static struct asking tie_to(struct house *h, const struct actor *actor, int64_t id,
                            int owner)
{
    return ask(
        h, actor, "test.tie",
        str_fmt(&h->arena, "{\"photos\":[\"%lld\"],\"owner\":%d}", (long long)id, owner),
        STR_NONE);
}

static int files_found;

static int count_file(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)ftw;
    files_found += kind == FTW_F && !strstr(name, "vault.key");
    return 0;
}

static int files_in(struct house *h, const char *vault)
{
    files_found = 0;
    nftw(str_z(&h->arena, str_fmt(&h->arena, "%s/%s", h->folder, vault)), count_file, 16,
         FTW_PHYS);
    return files_found;
}

static struct str photo(struct house *h)
{
    return picture_saved(&h->arena, picture_halves(800, 600), ".jpg");
}

/* ---- promises ---- */

TEST(a_photo_is_taken_made_and_shown)
{
    struct house h;

    open_working_house(&h, state);
    int64_t       id = send_photo(&h, &wang, picture_telling(&h.arena, photo(&h)));
    struct answer answer = wait_for(&h, id);
    CHECK_TEXT(answer.state, STR("ready"));
    CHECK(answer.width == 600 && answer.height == 800);
    CHECK(str_has(answer.place, STR("32.0435")) && str_has(answer.place, STR("112.14")));
    const char *const sizes[] = { "screen", "thumb" };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct asking asking = image(&h, &wang, id, sizes[i]);
        CHECK_INT(asking.rc, RC_OK);
        CHECK_TEXT(asking.view.type, STR("image/jpeg"));
        CHECK(str_starts(asking.view.bytes, STR("\xff\xd8\xff")));
        CHECK(!str_has(asking.view.bytes, STR("SECRET")));
    }
    CHECK_INT(image(&h, &wang, id, "whole").rc, RC_INVALID);
    CHECK_INT(files_in(&h, "photos"), 2);
    for (int i = 0; i < 100 && files_in(&h, "arrivals"); i++)
        usleep(20000); /* removed after the row was written */
    CHECK_INT(files_in(&h, "arrivals"), 0);
    close_house(&h);
}

TEST(nobody_else_sees_it_until_it_is_attached_and_its_place_never)
{
    struct house h;

    open_working_house(&h, state);
    int64_t id = send_photo(&h, &wang, picture_telling(&h.arena, photo(&h)));
    wait_for(&h, id);
    CHECK_INT(look(&h, &worker, id).rc, RC_NOT_FOUND);
    CHECK_INT(image(&h, &worker, id, "thumb").rc, RC_NOT_FOUND);
    CHECK_INT(look(&h, &wang, id + 1).rc, RC_NOT_FOUND);
    CHECK_INT(tie_to(&h, &wang, id, CASE).rc, RC_OK);
    struct asking asking = look(&h, &worker, id);
    CHECK(!answer_of(&h, &asking).place.at);
    CHECK_INT(image(&h, &worker, id, "thumb").rc, RC_OK);
    CHECK_INT(look(&h, &stranger, id).rc, RC_NOT_FOUND);
    CHECK_INT(image(&h, &stranger, id, "screen").rc, RC_NOT_FOUND);
    close_house(&h);
}

TEST(what_is_no_photo_is_told_at_once_and_leaves_nothing)
{
    struct house h;

    open_house(&h, state);
    struct asking svg = sent(&h, &wang, STR("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    CHECK_INT(svg.rc, RC_REFUSED);
    CHECK(str_has(told(&svg), STR("这不是照片")));
    struct asking heic = sent(&h, &wang,
                              STR("\0\0\0\x18"
                                  "ftypheic\0\0\0\0mif1heic"));
    CHECK_INT(heic.rc, RC_UNSUPPORTED);
    CHECK(str_has(told(&heic), STR("HEIC")));
    CHECK_INT(sent(&h, &wang, STR("")).rc, RC_REFUSED);
    CHECK_INT(ask(&h, &wang, "photo.upload", STR_NONE, STR_NONE).rc, RC_REFUSED);
    char *large = arena_take(&h.arena, PHOTO_BYTES_MAX + 1);
    memcpy(large, "\xff\xd8\xff", 3);
    CHECK_INT(sent(&h, &wang, str_slice(large, PHOTO_BYTES_MAX + 1)).rc, RC_TOO_LARGE);
    CHECK_INT(sent(&h, &timer, photo(&h)).rc, RC_DENIED);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM photos"), 0);
    CHECK_INT(files_in(&h, "arrivals"), 0);
    close_house(&h);
}

TEST(half_a_photo_is_refused_with_a_sentence_and_cannot_be_attached)
{
    struct house h;

    open_working_house(&h, state);
    struct str    whole = photo(&h);
    int64_t       id = send_photo(&h, &wang, str_slice(whole.at, whole.len / 2));
    struct answer answer = wait_for(&h, id);
    CHECK_TEXT(answer.state, STR("refused"));
    CHECK(str_has(answer.says, STR("没有传完整")));
    CHECK_INT(image(&h, &wang, id, "screen").rc, RC_NOT_FOUND);
    struct asking asking = tie_to(&h, &wang, id, CASE);
    CHECK_INT(asking.rc, RC_REFUSED);
    CHECK(str_has(told(&asking), STR("第 1 张照片没有收下")));
    CHECK_INT(files_in(&h, "photos"), 0);
    close_house(&h);
}

TEST(only_ones_own_photos_are_attached_and_to_one_thing)
{
    struct house h;

    open_house(&h, state);
    int64_t       id = send_photo(&h, &wang, photo(&h));
    struct asking asking = tie_to(&h, &stranger, id, CASE);
    CHECK_INT(asking.rc, RC_REFUSED);
    CHECK(str_has(told(&asking), STR("找不到了")));
    CHECK_INT(tie_to(&h, &wang, id + 1, CASE).rc, RC_REFUSED);
    CHECK_INT(tie_to(&h, &wang, id, CASE).rc, RC_OK); /* not made yet, and yet attached */
    CHECK_INT(tie_to(&h, &wang, id, CASE).rc, RC_OK);
    asking = tie_to(&h, &wang, id, CASE + 1);
    CHECK_INT(asking.rc, RC_REFUSED);
    CHECK(str_has(told(&asking), STR("另一件事")));
    close_house(&h);
}

TEST(sixty_a_day_are_enough)
{
    struct house h;

    open_house(&h, state);
    struct str bytes = picture_saved(&h.arena, picture_flat(8, 8, 1), ".png");
    for (int i = 0; i < PHOTOS_PER_DAY_MAX; i++)
        send_photo(&h, &wang, bytes);
    struct asking asking = sent(&h, &wang, bytes);
    CHECK_INT(asking.rc, RC_TOO_MANY);
    CHECK(str_has(told(&asking), STR("60 张")));
    send_photo(&h, &worker, bytes);
    CHECK_INT(files_in(&h, "arrivals"), PHOTOS_PER_DAY_MAX + 1);
    close_house(&h);
}

TEST(when_five_hundred_wait_the_next_is_told_so_and_later_taken)
{
    struct house h;

    open_house(&h, state);
    test_sql(h.where, "INSERT INTO photos (county, id, uploader, person, state, verdict,"
                      " arrived, bytes, width, height)"
                      " WITH RECURSIVE n(i) AS"
                      "  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                      " SELECT 7, i, 12, 0, 'new', '', 'a', 1, 0, 0 FROM n");
    struct asking asking = sent(&h, &wang, photo(&h));
    CHECK_INT(asking.rc, RC_BUSY);
    CHECK_TEXT(told(&asking), STR("现在传照片的人太多，请过几分钟再传。"));
    test_sql(h.where, "UPDATE photos SET state = 'ready', arrived = '' WHERE id = 250");
    (void)send_photo(&h, &wang, photo(&h));
    close_house(&h);
}

TEST(without_a_decoder_photos_wait_and_are_made_later)
{
    struct house h;

    open_house(&h, state);
    start_work(&h, STR("/nowhere/linli-decode"));
    int64_t id = send_photo(&h, &wang, photo(&h));
    usleep(300000);
    struct asking asking = look(&h, &wang, id);
    CHECK_TEXT(answer_of(&h, &asking).state, STR("new"));
    CHECK_INT(image(&h, &wang, id, "screen").rc, RC_NOT_FOUND);
    photo_work_stop(&h.work);
    start_work(&h, decode_program(&h.arena));
    CHECK_TEXT(wait_for(&h, id).state, STR("ready"));
    close_house(&h);
}

TEST(an_original_that_is_lost_holds_nobody_up)
{
    struct house h;

    open_house(&h, state);
    int64_t lost = send_photo(&h, &wang, photo(&h));
    test_sql(h.where, "UPDATE photos SET arrived = 'nowhere'");
    int64_t next = send_photo(&h, &wang, photo(&h));
    start_work(&h, decode_program(&h.arena));
    CHECK_TEXT(wait_for(&h, next).state, STR("ready"));
    CHECK_TEXT(wait_for(&h, lost).state, STR("refused"));
    close_house(&h);
}

static bool file_has(struct house *h, const char *ending, struct str part)
{
    char *at = arena_take(&h->arena, 4 << 20);
    FILE *file = fopen(
        str_z(&h->arena, str_fmt(&h->arena, "%.*s%s", STR_ARG(h->where), ending)), "re");

    assert_non_null(at);
    size_t len = file ? fread(at, 1, 4 << 20, file) : 0;
    if (file)
        fclose(file);
    return str_has(str_slice(at, len), part);
}

/* Every child of this process is a decoder; they are found by their parent. */
static void kill_decoders(void)
{
    glob_t found;

    if (glob("/proc/[0-9]*/stat", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int   process = 0, parent = 0;
        FILE *stat = fopen(found.gl_pathv[i], "re");
        if (stat && fscanf(stat, "%d (linli-decode) %*c %d", &process, &parent) == 2 &&
            parent == getpid())
            kill(process, SIGKILL);
        if (stat)
            fclose(stat);
    }
    globfree(&found);
}

TEST(a_decoder_that_is_killed_again_and_again_holds_nobody_up)
{
    struct house h;
    int64_t      ids[5];

    open_working_house(&h, state);
    for (size_t i = 0; i < COUNT(ids); i++)
        ids[i] = send_photo(&h, &wang, photo(&h));
    for (int i = 0; i < 20; i++) {
        kill_decoders();
        usleep(10000);
    }
    for (size_t i = 0; i < COUNT(ids); i++)
        wait_for(&h, ids[i]); /* ready, or lost when it died over it twice */
    CHECK_TEXT(wait_for(&h, send_photo(&h, &wang, photo(&h))).state, STR("ready"));
    close_house(&h);
}

TEST(where_it_was_taken_stands_nowhere_in_clear)
{
    struct house h;

    open_working_house(&h, state);
    wait_for(&h, send_photo(&h, &wang, picture_telling(&h.arena, photo(&h))));
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM photos WHERE place IS NOT NULL"), 1);
    CHECK(file_has(&h, "-wal", STR("photo.made")) || file_has(&h, "", STR("photo.made")));
    CHECK(!file_has(&h, "-wal", STR("32.0435")) && !file_has(&h, "", STR("32.0435")));
    close_house(&h);
}

TEST(no_statement_reads_a_whole_table)
{
    struct house    h;
    struct db_value values[16];

    open_house(&h, state);
    for (const struct stmt *const *stmt = photo_stmts.all; *stmt; stmt++) {
        for (size_t i = 0; i < (*stmt)->nparams; i++)
            values[i] = (struct db_value){ .kind = (*stmt)->params[i], .number = 1 };
        struct str plan = db_plan(h.db, &h.arena, *stmt, values, (*stmt)->nparams);
        if (str_has(plan, STR("SCAN photos\n")) || str_has(plan, STR("TEMP B-TREE")))
            fail_msg("%s: %.*s", (*stmt)->name, STR_ARG(plan));
    }
    close_house(&h);
}

TEST(what_is_attached_to_nothing_goes_after_a_day)
{
    struct house h;

    open_working_house(&h, state);
    int64_t kept = send_photo(&h, &wang, photo(&h)),
            loose = send_photo(&h, &wang, photo(&h));
    wait_for(&h, kept);
    wait_for(&h, loose);
    CHECK_INT(tie_to(&h, &wang, kept, CASE).rc, RC_OK);
    CHECK(clock_set_ms(clock_now_ms() + 25 * INT64_C(3600000)));
    wait_for(&h, send_photo(&h, &wang, photo(&h))); /* wakes the worker */
    CHECK_INT(look(&h, &wang, loose).rc, RC_NOT_FOUND);
    CHECK_INT(look(&h, &worker, kept).rc, RC_OK);
    CHECK_INT(test_sql(h.where, "SELECT count(*) FROM photos"), 2);
    CHECK_INT(files_in(&h, "photos"), 4);
    close_house(&h);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (VIPS_INIT(argv[0]))
        return 1;
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_photo_is_taken_made_and_shown),
        ON_BOTH(nobody_else_sees_it_until_it_is_attached_and_its_place_never),
        ON_BOTH(what_is_no_photo_is_told_at_once_and_leaves_nothing),
        ON_BOTH(half_a_photo_is_refused_with_a_sentence_and_cannot_be_attached),
        ON_BOTH(only_ones_own_photos_are_attached_and_to_one_thing),
        ON_BOTH(sixty_a_day_are_enough),
        ON_BOTH(without_a_decoder_photos_wait_and_are_made_later),
        ON_BOTH(an_original_that_is_lost_holds_nobody_up),
        ON_SQLITE(a_decoder_that_is_killed_again_and_again_holds_nobody_up),
        ON_SQLITE(where_it_was_taken_stands_nowhere_in_clear),
        ON_SQLITE(no_statement_reads_a_whole_table),
        ON_BOTH(when_five_hundred_wait_the_next_is_told_so_and_later_taken),
        ON_BOTH(what_is_attached_to_nothing_goes_after_a_day),
    };
    clock_unlock();
    secret_allow_swap();
    log_threshold((enum log_level)(LOG_ERROR + 1));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    vips_shutdown();
    return failed;
}
