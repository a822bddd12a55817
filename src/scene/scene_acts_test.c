#include "scene/scene_acts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "database.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "files.h"
#include "gate/gate.h"
#include "gate/journal_store.h"
#include "gate/refusals.h"
#include "guard/guard_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "registry/registry.h"
#include "scene/scene_store.h"
#include "scene/scenes.h"

/* ---- a house with scenes ---- */

enum { COUNTY = 7 };

struct house {
    struct str           where;
    struct db_catalogue *catalogue;
    struct gate         *gate;
    struct db           *db;
    struct arena         arena;
    struct op            op;
};

static const struct hold  system_hold = { .duty = STR_INIT("系统管理员"),
                                          .role = ROLE_SYSTEM,
                                          .area = STR_INIT("420602") };
static const struct hold  street_hold = { .duty = STR_INIT("系统管理员"),
                                          .role = ROLE_SYSTEM,
                                          .area = STR_INIT("420602001") };
static const struct actor system = {
    .kind = ACTOR_PERSON, .account = 9, .county = COUNTY, .holds = &system_hold, .nholds = 1
};
static const struct actor street = {
    .kind = ACTOR_PERSON, .account = 8, .county = COUNTY, .holds = &street_hold, .nholds = 1
};
static const struct actor resident = { .kind = ACTOR_PERSON,
                                       .account = 10,
                                       .county = COUNTY };
static const struct actor nobody = { .kind = ACTOR_NOBODY };

static void landed(void *context, const struct line *line)
{
    (void)context;
    scenes_landed(line);
}

static void open_house(struct house *h, void **state)
{
    struct key_provider       provider;
    static const struct act  *tables[] = { scene_acts };
    const struct stmts *const stmts[] = { &lease_stmts, &gate_stmts, &refusals_stmts,
                                          &guard_stmts, &area_stmts, &scene_stmts };
    size_t                    applied;

    *h = (struct house){ .where = test_database(state) };
    arena_init(&h->arena, 64 << 20);
    CHECK_INT(migrate(h->where, &applied), RC_OK);
    (void)test_sql(h->where, "INSERT INTO counties (number, code, from_ms, until_ms)"
                             " VALUES (7, '420602', 1, 0)");
    CHECK_INT(keys_memory_open(1, &provider), RC_OK);
    CHECK_INT(keys_open(&provider), RC_OK);
    acts_register(tables, 1, false);
    h->catalogue = db_catalogue_new(stmts, COUNT(stmts));
    CHECK_INT(db_open(h->where, DB_READ, h->catalogue, &h->db), RC_OK);
    CHECK_INT(gate_open(&(struct gate_options){ .where = h->where,
                                                .address = STR("here"),
                                                .catalogue = h->catalogue,
                                                .landed = landed },
                        &h->gate),
              RC_OK);
    op_init(&h->op, &h->arena, 1);
    h->op.db = h->db;
    h->op.county = COUNTY;
}

static void close_house(struct house *h)
{
    gate_close(&h->gate);
    db_close(&h->db);
    db_catalogue_free(&h->catalogue);
    scenes_close();
    keys_close();
    arena_free(&h->arena);
}

static struct asking ask(struct house *h, const struct actor *actor, const char *act,
                         struct str body)
{
    struct asking asking = { .arena = &h->arena,
                             .act = acts_find(str_of(act)),
                             .actor = actor };

    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(h->gate, &asking, h->db);
    return asking;
}

static struct str answer(struct asking *asking)
{
    return json_done(&asking->view.out);
}

/* ---- given ---- */

static void put_list(struct json_out *out, struct house *h, const char *name)
{
    json_open(out, '{');
    json_key(out, STR("name"));
    json_text(out, str_fmt(&h->arena, "lists/%s", name));
    json_key(out, STR("yaml"));
    json_text(out, test_file(&h->arena, str_fmt(&h->arena, "scenes/lists/%s.yaml", name)));
    json_close(out, '}');
}

static struct str body_of(struct house *h, struct str yaml)
{
    struct json_out out;

    json_out_init(&out, &h->arena);
    json_open(&out, '{');
    json_key(&out, STR("yaml"));
    json_text(&out, yaml);
    json_key(&out, STR("lists"));
    json_open(&out, '[');
    put_list(&out, h, "duties");
    put_list(&out, h, "events");
    json_close(&out, ']');
    json_close(&out, '}');
    return json_done(&out);
}

static struct str snap(struct house *h)
{
    return test_file(&h->arena, STR("scenes/snap/scene.yaml"));
}

/* 随手拍 with one word of it replaced. */
static struct str snap_with(struct house *h, const char *from, const char *to)
{
    char *text = str_z(&h->arena, snap(h)), *at = strstr(text, from);

    CHECK(at != NULL);
    return str_fmt(&h->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* ---- the tests ---- */

TEST(a_loaded_scene_is_shown_to_everybody_who_is_signed_in)
{
    struct house h;

    open_house(&h, state);
    struct asking loading = ask(&h, &system, "scene.load", body_of(&h, snap(&h)));
    CHECK_INT(loading.rc, RC_OK);
    CHECK_INT(loading.view.status, 201);
    CHECK(str_has(answer(&loading), STR("\"version\":1,\"changed\":true")));
    CHECK(str_has(answer(&loading), STR("| 受理 | 承办方；社区值守 |")));
    struct asking showing = ask(&h, &resident, "scene.show", STR("{\"name\":\"snap\"}"));
    CHECK_INT(showing.rc, RC_OK);
    CHECK_INT(showing.view.version, 1);
    CHECK(str_has(answer(&showing),
                  STR("\"name\":\"category\",\"title\":\"类别\",\"type\":\"choice\"")));
    CHECK_INT(ask(&h, &nobody, "scene.show", STR("{\"name\":\"snap\"}")).rc,
              RC_UNAUTHENTICATED);
    CHECK_INT(ask(&h, &resident, "scene.show", STR("{\"name\":\"snip\"}")).rc,
              RC_NOT_FOUND);
    close_house(&h);
}

TEST(the_same_text_again_is_no_new_version)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(ask(&h, &system, "scene.load", body_of(&h, snap(&h))).rc, RC_OK);
    struct asking again = ask(&h, &system, "scene.load", body_of(&h, snap(&h)));
    CHECK_INT(again.rc, RC_OK);
    CHECK(str_has(answer(&again), STR("\"version\":1,\"changed\":false")));
    close_house(&h);
}

TEST(running_cases_keep_the_version_they_were_opened_under)
{
    struct house        h;
    const struct scene *now, *old, *first;

    open_house(&h, state);
    CHECK_INT(scenes_now(&h.op, STR("snap"), &now), RC_NOT_FOUND);
    CHECK_INT(ask(&h, &system, "scene.load", body_of(&h, snap(&h))).rc, RC_OK);
    CHECK_INT(scenes_now(&h.op, STR("snap"), &first), RC_OK);
    struct asking second =
        ask(&h, &system, "scene.load",
            body_of(&h, snap_with(&h, "withdrawn: 已撤回", "withdrawn: 撤回了")));
    CHECK_INT(second.rc, RC_OK);
    CHECK(str_has(answer(&second), STR("\"version\":2,\"changed\":true")));
    CHECK_INT(scenes_now(&h.op, STR("snap"), &now), RC_OK);
    CHECK_INT(now->version, 2);
    CHECK_INT(scenes_at(&h.op, STR("snap"), 1, &old), RC_OK);
    CHECK(old == first);
    CHECK_TEXT(kind_state(&old->kinds[0], STR("withdrawn"))->title, STR("已撤回"));
    CHECK_TEXT(kind_state(&now->kinds[0], STR("withdrawn"))->title, STR("撤回了"));
    CHECK_INT(scenes_at(&h.op, STR("snap"), 3, &old), RC_NOT_FOUND);
    close_house(&h);
}

TEST(a_new_version_is_told_what_it_lacks)
{
    struct house h;

    open_house(&h, state);
    CHECK_INT(ask(&h, &system, "scene.load", body_of(&h, snap(&h))).rc, RC_OK);
    struct str    body = body_of(&h, snap_with(&h, "      supervise: {", "      press: {"));
    struct asking checking = ask(&h, &system, "scene.check", body);
    CHECK_INT(checking.rc, RC_OK);
    CHECK(str_has(answer(&checking), STR("\"whole\":true")));
    CHECK(str_has(answer(&checking), STR("“身边问题”少了动作“supervise”（督办）。")));
    struct asking showing = ask(&h, &resident, "scene.show", STR("{\"name\":\"snap\"}"));
    CHECK_INT(showing.view.version, 1);
    close_house(&h);
}

TEST(a_scene_with_mistakes_is_not_loaded_and_each_is_told)
{
    struct house        h;
    const struct scene *none;

    open_house(&h, state);
    struct str body = body_of(&h, snap_with(&h, "title: 随手拍\n", "titel: 随手拍\n"));
    struct asking loading = ask(&h, &system, "scene.load", body);
    CHECK_INT(loading.rc, RC_INVALID);
    CHECK_TEXT(loading.problems.first->where, STR("scene.yaml:3:1"));
    CHECK_INT(loading.problems.n, 2);
    CHECK_INT(scenes_now(&h.op, STR("snap"), &none), RC_NOT_FOUND);
    struct asking checking = ask(&h, &system, "scene.check", body);
    CHECK_INT(checking.rc, RC_OK);
    CHECK(str_has(answer(&checking), STR("\"whole\":false")));
    CHECK(str_has(answer(&checking), STR("\"line\":4,\"column\":1")));
    close_house(&h);
}

TEST(who_holds_nothing_over_the_county_loads_nothing)
{
    struct house h;
    struct str   body;

    open_house(&h, state);
    body = body_of(&h, snap(&h));
    CHECK_INT(ask(&h, &nobody, "scene.load", body).rc, RC_UNAUTHENTICATED);
    CHECK_INT(ask(&h, &resident, "scene.load", body).rc, RC_DENIED);
    CHECK_INT(ask(&h, &street, "scene.load", body).rc, RC_DENIED);
    CHECK_INT(ask(&h, &resident, "scene.check", body).rc, RC_DENIED);
    CHECK_INT(ask(&h, &resident, "scene.list", STR("{}")).rc, RC_DENIED);
    struct asking listing = ask(&h, &system, "scene.list", STR("{}"));
    CHECK_INT(listing.rc, RC_OK);
    CHECK_TEXT(answer(&listing), STR("{\"items\":[],\"next\":null}"));
    close_house(&h);
}

TEST(scenes_come_in_the_order_of_the_home_page)
{
    struct house               h;
    const struct scene *const *scenes;
    size_t                     n;

    open_house(&h, state);
    CHECK_INT(ask(&h, &system, "scene.load", body_of(&h, snap(&h))).rc, RC_OK);
    struct str other = snap_with(&h, "scene: snap\n", "scene: aid\n");
    char      *text = str_z(&h.arena, other), *order = strstr(text, "order: 1}");
    memcpy(order, "order: 9}", 9);
    CHECK_INT(ask(&h, &system, "scene.load", body_of(&h, str_of(text))).rc, RC_OK);
    CHECK_INT(scenes_all(&h.op, &scenes, &n), RC_OK);
    CHECK_INT(n, 2);
    CHECK_TEXT(scenes[0]->name, STR("snap"));
    CHECK_TEXT(scenes[1]->name, STR("aid"));
    struct asking listing = ask(&h, &system, "scene.list", STR("{}"));
    CHECK(str_has(answer(&listing),
                  STR("\"name\":\"aid\",\"title\":\"随手拍\",\"version\":1")));
    close_house(&h);
}

/* A writer that read a version out of a batch that failed afterwards. */
TEST(what_was_rolled_back_is_not_found_again)
{
    struct house        h;
    struct id_source    ids = { .county = COUNTY };
    struct db          *db;
    const struct scene *scene;

    open_house(&h, state);
    struct str body = body_of(&h, snap(&h));
    struct str later = body_of(&h, snap_with(&h, "title: 随手拍\n", "title: 随手报\n"));
    CHECK_INT(db_open(h.where, DB_WRITE, h.catalogue, &db), RC_OK);
    struct op writing = h.op;
    writing.db = db;
    writing.ids = &ids;
    CHECK_INT(db_begin(db), RC_OK);
    CHECK_INT(scene_insert(&writing,
                           &(struct scene_head){ .id = 55,
                                                 .name = STR("snap"),
                                                 .version = 1,
                                                 .title = STR("随手拍"),
                                                 .checksum = STR("x"),
                                                 .loaded = 1 },
                           body),
              RC_OK);
    CHECK_INT(scenes_now(&writing, STR("snap"), &scene), RC_OK);
    CHECK_TEXT(scene->title, STR("随手拍"));
    db_rollback(db);
    db_close(&db);
    CHECK_INT(scenes_at(&h.op, STR("snap"), 1, &scene), RC_NOT_FOUND);
    CHECK_INT(ask(&h, &system, "scene.load", later).rc, RC_OK);
    CHECK_INT(scenes_at(&h.op, STR("snap"), 1, &scene), RC_OK);
    CHECK_TEXT(scene->title, STR("随手报"));
    close_house(&h);
}

/* ---- many at once ---- */

enum { THREADS = 4, VERSIONS = 12 };

struct reading {
    struct str                 where;
    const struct db_catalogue *catalogue;
    _Atomic bool              *over;
    bool                       good;
};

/* Never an older version after a newer one, and always a whole scene. */
static bool read_newer(struct op *op, int64_t *last)
{
    const struct scene *now = NULL;

    enum rc rc = scenes_now(op, STR("snap"), &now);
    if (rc == RC_NOT_FOUND)
        return *last == 0;
    if (rc != RC_OK || now->version < *last || !now->nkinds)
        return false;
    *last = now->version;
    return true;
}

static void *read_on(void *context)
{
    struct reading *reading = context;
    struct arena    arena;
    struct db      *db = NULL;
    int64_t         last = 0;

    arena_init(&arena, 64 << 20);
    reading->good = db_open(reading->where, DB_READ, reading->catalogue, &db) == RC_OK;
    while (reading->good && !*reading->over) {
        struct arena_mark mark = arena_mark(&arena);
        struct op         op;

        op_init(&op, &arena, 1);
        op.db = db;
        op.county = COUNTY;
        reading->good = read_newer(&op, &last);
        arena_back(&arena, mark);
    }
    db_close(&db);
    arena_free(&arena);
    return NULL;
}

TEST(readers_never_wait_and_never_see_half_a_scene)
{
    struct house   h;
    _Atomic bool   over = false;
    struct reading readings[THREADS];
    pthread_t      threads[THREADS];

    open_house(&h, state);
    for (size_t i = 0; i < THREADS; i++) {
        readings[i] =
            (struct reading){ .where = h.where, .catalogue = h.catalogue, .over = &over };
        CHECK_INT(pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    for (int v = 0; v < VERSIONS; v++) {
        char to[32];

        (void)snprintf(to, sizeof to, "title: 随手拍 %d\n", v);
        CHECK_INT(ask(&h, &system, "scene.load",
                      body_of(&h, snap_with(&h, "title: 随手拍\n", to)))
                      .rc,
                  RC_OK);
    }
    over = true;
    for (size_t i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
        CHECK(readings[i].good);
    }
    close_house(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_loaded_scene_is_shown_to_everybody_who_is_signed_in),
        ON_BOTH(the_same_text_again_is_no_new_version),
        ON_BOTH(running_cases_keep_the_version_they_were_opened_under),
        ON_BOTH(a_new_version_is_told_what_it_lacks),
        ON_BOTH(a_scene_with_mistakes_is_not_loaded_and_each_is_told),
        ON_BOTH(who_holds_nothing_over_the_county_loads_nothing),
        ON_BOTH(scenes_come_in_the_order_of_the_home_page),
        ON_BOTH(what_was_rolled_back_is_not_found_again),
        ON_BOTH(readers_never_wait_and_never_see_half_a_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
