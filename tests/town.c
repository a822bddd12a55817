#include "town.h"

#include <stdio.h>
#include <string.h>

#include "app/tables.h"
#include "base/clock.h"
#include "db/lease.h"
#include "db/migrate.h"
#include "engine/appoint/appoint.h"
#include "engine/case/case_acts.h"
#include "engine/export/export.h"
#include "engine/notify/notify.h"
#include "engine/open311/open311.h"
#include "engine/notice/notice.h"
#include "engine/upper/upper.h"
#include "engine/photo/photo.h"
#include "files.h"
#include "gate/heads.h"
#include "gate/refusals.h"
#include "gate/journal_store.h"
#include "guard/factor_store.h"
#include "guard/guard_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "guard/password.h"
#include "guard/lockout.h"
#include "guard/session.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/audit.h"
#include "registry/census.h"
#include "registry/registry.h"
#include "scene/scene_acts.h"
#include "scene/scenes.h"

enum { TOWN_BYTES = 256 << 20, SQL_MAX = 2000 };

const struct stmts *const town_stmts[] = {
    &lease_stmts,   &gate_stmts,     &heads_stmts,     &refusals_stmts, &guard_stmts,
    &factor_stmts,  &area_stmts,     &org_stmts,       &account_stmts,  &code_stmts,
    &person_stmts,  &forget_stmts,   &look_stmts,      &audit_stmts,    &scene_stmts,
    &case_stmts,    &calendar_stmts, &photo_stmts,     &notify_stmts,   &export_stmts,
    &part_stmts,    &link_stmts,     &precedent_stmts, &wording_stmts,  &search_stmts,
    &views_stmts,   &open311_stmts,  &leave_stmts,     &import_stmts,   &upper_stmts,
    &notice_stmts,  &matter_stmts,   &census_stmts,    &sight_stmts,    &intake_stmts,
    &public_stmts,  &follow_stmts,   &copy_stmts,      &minutes_stmts,  &paper_stmts,
    &appoint_stmts, &callback_stmts,
};
const size_t town_nstmts = COUNT(town_stmts);

static const struct hold machine_holds[] = {
    { .duty = STR_INIT("本机操作员"), .role = ROLE_OPERATOR, .area = STR_INIT("*") },
};
static const struct actor machine = { .kind = ACTOR_LOCAL,
                                      .name = STR_INIT("本机操作员"),
                                      .holds = machine_holds,
                                      .nholds = COUNT(machine_holds) };
static const struct actor nobody = { .kind = ACTOR_NOBODY };

/* ---- who lives and works there ---- */

static const char areas[] =
    "INSERT INTO areas (code, parent, level, name, kind, source) VALUES"
    " ('42', '', 1, '湖北省', '', 'test'), ('4206', '42', 2, '襄阳市', '', 'test'),"
    " ('420602', '4206', 3, '襄城区', '', 'test'),"
    " ('420606', '4206', 3, '樊城区', '', 'test'),"
    " ('420602004', '420602', 4, '檀溪街道', '', 'test'),"
    " ('420602004006', '420602004', 5, '檀溪社区', '', 'test'),"
    " ('420602004006001', '420602004006', 6, '第 1 网格', '', 'test'),"
    " ('420602004008', '420602004', 5, '滨湖社区', '', 'test'),"
    " ('420602004008003', '420602004008', 6, '第 3 网格', '', 'test'),"
    " ('420602004008005', '420602004008', 6, '第 5 网格', '', 'test');"
    "INSERT INTO counties (number, code, from_ms, until_ms) VALUES (7, '420602', 1, 0),"
    " (8, '420606', 1, 0), (9, '4206', 1, 0);";

static const struct worker {
    const char *login, *name, *duty, *role, *area, *client, *org;
} workers[] = {
    { "zhoulan", "周岚", "社区值守", "desk", TOWN_COMMUNITY, "desk", NULL },
    { "sunli", "孙丽", "社区书记", "leader", TOWN_COMMUNITY, "desk", NULL },
    { "liumin", "刘敏", "网格员", "grid-worker", TOWN_GRID, "grid", NULL },
    { "chentao", "陈涛", "网格员", "grid-worker", TOWN_COMMUNITY "005", "grid", NULL },
    { "mali", "马丽", "社区值守", "desk", TOWN_NEXT, "desk", NULL },
    { "wuqiang", "吴强", "街道值守", "desk", TOWN_STREET, "desk", NULL },
    { "tangrui", "唐蕊", "街道领导", "leader", TOWN_STREET, "desk", NULL },
    { "hejing", "何静", "区指挥中心", "centre", TOWN_COUNTY, "desk", NULL },
    { "lishifu", "李师傅", "物业", "handler", TOWN_COMMUNITY, "grid", "property" },
    { "gaogong", "高工", "公用事业", "handler", TOWN_COUNTY, "grid", "gas" },
    { "system", "系统管理员", "系统管理员", "system", TOWN_COUNTY, "desk", NULL },
    { "security", "安全管理员", "安全管理员", "security", TOWN_COUNTY, "desk", NULL },
    { "audit", "审计管理员", "审计管理员", "audit", TOWN_COUNTY, "desk", NULL },
};

static int64_t make_org(struct town *t, const char *name, const char *kind,
                        const char *area, const char *duty)
{
    struct asking made = town_ask(t, "*", "org.make",
                                  "{\"name\":\"%s\",\"kind\":\"%s\",\"area\":\"%s\","
                                  "\"duties\":[{\"duty\":\"%s\"}]}",
                                  name, kind, area, duty);

    CHECK_INT(made.rc, RC_OK);
    return town_id(t, &made, "id");
}

static void make_worker(struct town *t, const struct worker *one)
{
    int64_t       org = !one->org ? 0 : strcmp(one->org, "gas") == 0 ? t->gas : t->property;
    struct asking made = town_ask(t, "*", "account.make",
                                  "{\"login\":\"%s\",\"name\":\"%s\",\"client\":\"%s\","
                                  "\"area\":\"" TOWN_COUNTY "\"}",
                                  one->login, one->name, one->client);

    CHECK_INT(made.rc, RC_OK);
    struct str of = org ? str_fmt(&t->arena, ",\"org\":\"%lld\"", (long long)org) : STR("");
    ALLOWED(town_ask(
        t, "*", "hold.give",
        "{\"account\":\"%lld\",\"duty\":\"%s\",\"role\":\"%s\",\"area\":\"%s\"%.*s}",
        (long long)town_id(t, &made, "account"), one->duty, one->role, one->area,
        STR_ARG(of)));
}

static void make_residents(struct town *t)
{
    static const char *const residents[][2] = { { "wangfang", "王芳" },
                                                { "zhaojianguo", "赵建国" } };
    struct asking            made = town_ask(
                   t, "*", "person.register",
                   "{\"homes\":[{\"compound\":\"山水家园\",\"building\":\"3\",\"room\":\"302\","
                              "\"grid\":\"" TOWN_GRID "\",\"lat\":32.0103,\"lng\":112.1201,\"people\":["
                              "{\"name\":\"王芳\",\"sex\":\"2\",\"birth\":\"1988-05-02\",\"phone\":"
                              "\"13712345520\","
                              "\"id_number\":\"420602198805020026\"},"
                              "{\"name\":\"赵建国\",\"sex\":\"1\",\"birth\":\"1951-01-30\",\"phone\":"
                              "\"13800138000\"}]}]}");

    CHECK_INT(made.rc, RC_OK);
    struct json_member member;
    struct str         people = town_member(t, town_answer(&made), "people");
    size_t             i = 0;
    for (struct str rest = json_inside(people); json_member(&t->arena, &rest, &member);
         i++) {
        struct str id;
        assert_true(json_value_text(&t->arena, member.value, &id));
        ALLOWED(town_ask(t, "*", "account.make",
                         "{\"login\":\"%s\",\"name\":\"%s\",\"client\":\"resident\","
                         "\"person\":\"%.*s\"}",
                         residents[i][0], residents[i][1], STR_ARG(id)));
    }
}

/* ---- the scene ---- */

static void put_list(struct json_out *out, struct arena *arena, const char *name)
{
    json_open(out, '{');
    json_key(out, STR("name"));
    json_text(out, str_fmt(arena, "lists/%s", name));
    json_key(out, STR("yaml"));
    json_text(out, test_file(arena, str_fmt(arena, "scenes/lists/%s.yaml", name)));
    json_close(out, '}');
}

void town_load_text(struct town *t, struct str yaml, const char *const *lists)
{
    struct json_out out;
    struct actor    system = town_actor(t, "system");

    json_out_init(&out, &t->arena);
    json_open(&out, '{');
    json_key(&out, STR("yaml"));
    json_text(&out, yaml);
    json_key(&out, STR("lists"));
    json_open(&out, '[');
    for (; *lists; lists++)
        put_list(&out, &t->arena, *lists);
    json_close(&out, ']');
    json_close(&out, '}');
    ALLOWED(town_ask_as(t, &system, "scene.load", json_done(&out)));
}

void town_load_scene(struct town *t, const char *from, const char *to)
{
    struct str yaml = test_file(&t->arena, STR("scenes/snap/scene.yaml"));

    if (from) {
        char *text = str_z(&t->arena, yaml), *at = strstr(text, from);
        assert_non_null(at);
        yaml =
            str_fmt(&t->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    }
    town_load_text(t, yaml, (const char *const[]){ "duties", "events", NULL });
}

void town_employ(struct town *t, const char *login, const char *name, const char *duty,
                 const char *role, const char *area)
{
    struct asking made = town_ask(t, "*", "account.make",
                                  "{\"login\":\"%s\",\"name\":\"%s\",\"client\":\"desk\","
                                  "\"area\":\"" TOWN_COUNTY "\"}",
                                  login, name);

    CHECK_INT(town_must(made), RC_OK);
    ALLOWED(town_ask(t, "*", "hold.give",
                     "{\"account\":\"%lld\",\"duty\":\"%s\",\"role\":\"%s\","
                     "\"area\":\"%s\"}",
                     (long long)town_id(t, &made, "account"), duty, role, area));
}

/* ---- open and close ---- */

static void landed(void *context, const struct line *line)
{
    (void)context;
    scenes_landed(line);
    area_landed(line);
}

/* What a failed test left open, so that the next one does not meet its threads. */
static struct gate         *left_gate;
static struct db           *left_db;
static struct db_catalogue *left_catalogue;

static void remember(const struct town *t)
{
    left_gate = t->gate;
    left_db = t->db;
    left_catalogue = t->catalogue;
}

static void close_all(struct gate **gate, struct db **db, struct db_catalogue **catalogue)
{
    gate_close(gate);
    db_close(db);
    db_catalogue_free(catalogue);
    scenes_close();
    area_memory_empty();
    passwords_close();
    sessions_close();
    keys_close();
    remember(&(struct town){ 0 });
}

static void open_gate(struct town *t)
{
    CHECK_INT(gate_open(&(struct gate_options){ .where = t->where,
                                                .address = STR("here"),
                                                .catalogue = t->catalogue,
                                                .followers = &tables_followers,
                                                .landed = landed },
                        &t->gate),
              RC_OK);
    remember(t);
}

static void open_keys(void)
{
    struct key_provider provider;

    CHECK_INT(keys_memory_open(1, &provider), RC_OK);
    CHECK_INT(keys_open(&provider), RC_OK);
    CHECK_INT(sessions_open(), RC_OK);
    CHECK_INT(passwords_open(), RC_OK);
}

void town_open(struct town *t, void **state)
{
    size_t applied;

    if (left_gate)
        close_all(&left_gate, &left_db, &left_catalogue);
    *t = (struct town){ .where = test_database(state) };
    arena_init(&t->arena, TOWN_BYTES);
    clock_unlock();
    lockout_forget(); /* of the town before, whose wrong tries came from here too */
    town_clock(t, TOWN_BEGINS);
    CHECK_INT(migrate(t->where, &applied), RC_OK);
    (void)test_sql(t->where, areas);
    open_keys();
    tables_acts(true);
    t->catalogue = db_catalogue_new(town_stmts, town_nstmts);
    assert_non_null(t->catalogue);
    CHECK_INT(db_open(t->where, DB_READ, t->catalogue, &t->db), RC_OK);
    open_gate(t);
    t->property = make_org(t, "山水家园物业", "property", TOWN_COMMUNITY, "物业");
    t->gas = make_org(t, "襄城燃气", "utility", TOWN_COUNTY, "公用事业");
    for (size_t i = 0; i < COUNT(workers); i++)
        make_worker(t, &workers[i]);
    make_residents(t);
    town_load_scene(t, NULL, NULL);
}

void town_restart(struct town *t)
{
    gate_close(&t->gate);
    scenes_close();
    open_gate(t);
}

void town_close(struct town *t)
{
    close_all(&t->gate, &t->db, &t->catalogue);
    arena_free(&t->arena);
}

/* ---- time ---- */

int64_t town_at(const char *iso)
{
    int64_t ms;

    assert_true(clock_parse(str_of(iso), &ms));
    return ms;
}

void town_clock(struct town *t, const char *iso)
{
    (void)t;
    assert_true(clock_set_ms(town_at(iso)));
}

void town_later(struct town *t, int64_t ms)
{
    (void)t;
    assert_true(clock_set_ms(clock_now_ms() + ms));
}

/* ---- asking ---- */

static void fresh_op(struct town *t)
{
    op_init(&t->op, &t->arena, clock_now_ms());
    t->op.db = t->db;
    t->op.county = TOWN_NUMBER;
}

int64_t town_account(struct town *t, const char *login)
{
    struct account account;

    fresh_op(t);
    CHECK_INT(account_by_login(&t->op, str_of(login), &account), RC_OK);
    return account.id;
}

struct actor town_actor(struct town *t, const char *login)
{
    struct actor actor;

    if (!*login)
        return nobody;
    if (*login == '*')
        return machine;
    int64_t id = town_account(t, login);
    CHECK_INT(account_actor(&t->op, id, &actor), RC_OK);
    return actor;
}

struct asking town_ask_keyed(struct town *t, const struct actor *actor, const char *act,
                             struct str body, const char *key)
{
    struct asking asking = { .arena = &t->arena,
                             .act = acts_find(str_of(act)),
                             .actor = actor,
                             .body = body,
                             .key = key ? str_of(key) : STR_NONE };

    if (!asking.act)
        fail_msg("there is no act %s", act);
    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(t->gate, &asking, t->db);
    return asking;
}

struct asking town_ask_as(struct town *t, const struct actor *actor, const char *act,
                          struct str body)
{
    return town_ask_keyed(t, actor, act, body, NULL);
}

struct asking town_ask(struct town *t, const char *login, const char *act, const char *body,
                       ...)
{
    va_list      args;
    struct actor actor = town_actor(t, login);

    va_start(args, body);
    struct str text = str_vfmt(&t->arena, body, args);
    va_end(args);
    return town_ask_as(t, &actor, act, text);
}

struct str town_answer(struct asking *asking)
{
    return asking->rc == RC_OK && asking->view.out.len ? json_done(&asking->view.out)
                                                       : STR_NONE;
}

struct str town_told(const struct asking *asking)
{
    return asking->problems.first ? asking->problems.first->says : STR_NONE;
}

struct str town_where(const struct asking *asking)
{
    return asking->problems.first ? asking->problems.first->where : STR_NONE;
}

enum rc town_must(struct asking asking)
{
    if (asking.rc != RC_OK)
        print_error("%s: %.*s\n", asking.act->name, STR_ARG(town_told(&asking)));
    return asking.rc;
}

struct str town_member(struct town *t, struct str object, const char *name)
{
    struct json_member member;
    struct str         text;

    for (struct str rest = object.at ? json_inside(object) : STR("");
         json_member(&t->arena, &rest, &member);)
        if (str_eq(member.key, str_of(name)))
            return json_type(member.value) == JSON_STRING &&
                           json_value_text(&t->arena, member.value, &text)
                       ? text
                       : member.value;
    fail_msg("no %s in %.*s", name, STR_ARG(object));
    return STR_NONE;
}

int64_t town_id(struct town *t, struct asking *asking, const char *name)
{
    int64_t id;

    assert_true(str_int64(town_member(t, town_answer(asking), name), &id));
    return id;
}

size_t town_items(struct town *t, struct asking *asking)
{
    struct json_member member;
    size_t             n = 0;

    struct str items = town_member(t, town_answer(asking), "items");
    for (struct str rest = json_inside(items); json_member(&t->arena, &rest, &member);)
        n++;
    return n;
}

int64_t town_count(struct town *t, const char *sql, ...)
{
    char    text[SQL_MAX];
    va_list args;

    va_start(args, sql);
    int n = vsnprintf(text, sizeof text, sql, args);
    va_end(args);
    assert_in_range(n, 1, SQL_MAX - 1);
    return test_sql(t->where, text);
}

/* ---- what stands there in clear ---- */

static bool stands_in_the_file(struct town *t, const char *what)
{
    static const char *const tails[] = { "", "-wal" };
    static char              chunk[1 << 20];
    bool                     found = false;

    for (size_t i = 0; i < COUNT(tails); i++) {
        struct str path = str_fmt(&t->arena, "%.*s%s", STR_ARG(t->where), tails[i]);
        FILE      *file = fopen(str_z(&t->arena, path), "re");
        size_t     kept = 0;
        for (size_t n;
             file && (n = fread(chunk + kept, 1, sizeof chunk - kept, file)) > 0;) {
            size_t have = kept + n;
            found = found || memmem(chunk, have, what, strlen(what));
            kept = have < strlen(what) ? have : strlen(what) - 1;
            memmove(chunk, chunk + have - kept, kept);
        }
        if (file)
            (void)fclose(file);
    }
    return found;
}

bool town_stores(struct town *t, const char *what)
{
    if (!str_starts(t->where, STR("postgresql://"))) {
        (void)town_count(t, "PRAGMA wal_checkpoint(TRUNCATE)");
        return stands_in_the_file(t, what);
    }
    return town_count(t,
                      "SELECT count(*) FROM (SELECT CAST(database_to_xml(true, false, '')"
                      " AS text) AS everything) AS x WHERE everything LIKE '%%%s%%'",
                      what) > 0;
}

long long town_person(struct town *t, const char *name)
{
    return (long long)town_count(t, "SELECT id FROM people WHERE name = '%s'", name);
}

struct asking town_look_up(struct town *t, const char *login, long long person,
                           const char *reason)
{
    return town_ask(t, login, "person.look", "{\"id\":\"%lld\",\"reason\":\"%s\"}", person,
                    reason);
}
