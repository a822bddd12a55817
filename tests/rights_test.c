/* Who may do what: every act, and every move of 随手拍, as everybody, through the real
 * gate.  What comes of it must be what tests/rights.txt says, so that whoever changes
 * a right shows it; LINLI_RIGHTS=tests/rights.txt writes the table anew.
 *
 * An act that has no row below fails the test. */
#include "town_cases.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/photo/photo.h"
#include "files.h"
#include "registry/account.h"
#include "scene/scenes.h"

#define REQUEST (((int64_t)TOWN_NUMBER << 10) + 1) /* its county is all that counts */
enum { TEXT_MAX = 4000, DAY_MS = 24 * 3600 * 1000 };

/* ------------------------------------------------------------ who asks */

/* A role twice: where it counts, and elsewhere; NULL: the role has no elsewhere. */
static const struct who {
    const char *title, *inside, *outside;
} people[] = {
    { "没登录", "", NULL },
    { "居民", "zhaojianguo", NULL },
    { "网格员", "liumin", "chentao" },
    { "社区值守", "zhoulan", "mali" },
    { "社区领导", "sunli", "far-leader" },
    { "指挥中心", "hejing", "far-centre" },
    { "承办单位", "lishifu", "far-handler" },
    { "系统管理", "system", "far-system" },
    { "安全管理", "security", "far-security" },
    { "审计管理", "audit", "far-audit" },
    { "本机", "*", NULL },
};

/* Those of another county, and one more of the first grid. */
static const struct {
    const char *login, *duty, *role, *area;
} more_people[] = {
    { "far-leader", "社区书记", "leader", TOWN_NEXT },
    { "far-centre", "区指挥中心", "centre", "420606" },
    { "far-handler", "物业", "handler", TOWN_NEXT },
    { "far-system", "系统管理员", "system", "420606" },
    { "far-security", "安全管理员", "security", "420606" },
    { "far-audit", "审计管理员", "audit", "420606" },
    { "colleague", "网格员", "grid-worker", TOWN_GRID },
};

/* ----------------------------------------------------------- what is asked */

/* Places in a body: {case} {version} {account} {me} {hold} {person} {photo} {key}
 * {session}, and {n}, which never repeats. */
struct sample {
    const char *act;
    const char *how; /* whose thing it is; "": does not matter */
    const char *body;
};
#define PLACE_JSON "{\"lat\":32.01,\"lng\":112.12,\"area\":\"" TOWN_GRID "\"}"
#define OPEN_JSON                                                                            \
    "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"其他\",\"what\":" \
    "\"灯\","                                                                               \
    "\"where\":" PLACE_JSON "}}"
#define MOVE_JSON                                                                          \
    "{\"id\":\"{case}\",\"version\":{version},\"move\":\"dispatch\",\"target\":"           \
    "{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"" TOWN_GRID "\"}}"

static const struct sample samples[] = {
    { "start", "", "{}" },
    { "clock.set", "", "{\"now\":\"2026-11-23T09:30:00+08:00\"}" },
    { "area.put", "",
      "{\"source\":\"表\",\"rows\":[{\"code\":\"" TOWN_GRID
      "\",\"name\":\"第 3 网格\"}]}" },
    { "area.number", "", "{\"rows\":[{\"number\":7,\"code\":\"420602\"}]}" },
    { "area.show", "", "{\"code\":\"420602\"}" },
    { "area.list", "", "{\"parent\":\"420602\"}" },
    { "org.make", "",
      "{\"name\":\"新单位\",\"kind\":\"government\",\"area\":\"" TOWN_STREET "\"}" },
    { "org.list", "", "{\"area\":\"" TOWN_COUNTY "\"}" },
    { "account.make", "",
      "{\"login\":\"new-{n}\",\"name\":\"新人\",\"client\":\"desk\",\"area\":\"420602\"}" },
    { "account.claim", "",
      "{\"login\":\"victim\",\"code\":\"AAAA2222\",\"password\":\"晚霞 竹篮 7 只 灯笼\"}" },
    { "account.code", "", "{\"id\":\"{account}\"}" },
    { "account.close", "", "{\"id\":\"{account}\"}" },
    { "account.list", "", "{\"area\":\"420602\"}" },
    { "hold.give", "",
      "{\"account\":\"{account}\",\"duty\":\"社区值守\",\"role\":\"desk\",\"area\":"
      "\"" TOWN_COMMUNITY "\"}" },
    { "hold.give", "自己的",
      "{\"account\":\"{me}\",\"duty\":\"社区值守\",\"role\":\"desk\",\"area\":"
      "\"" TOWN_COMMUNITY "\"}" },
    { "hold.end", "", "{\"account\":\"{account}\",\"hold\":\"{hold}\"}" },
    { "session.open", "", "{\"account\":\"victim\",\"password\":\"不对的密码\"}" },
    { "session.close", "", "{}" },
    { "session.end", "自己的", "{\"session\":\"{session}\"}" },
    { "session.end", "别人的", "{\"session\":\"{session}\"}" },
    { "session.list", "", "{}" },
    { "session.challenge", "自己的", "{}" },
    { "session.passkey", "自己的",
      "{\"credential\":\"AAAA\",\"client_data\":\"AAAA\",\"authenticator\":\"AAAA\","
      "\"signature\":\"AAAA\"}" },
    { "session.totp", "自己的", "{\"code\":\"000000\"}" },
    { "session.recovery", "自己的", "{\"code\":\"AAAA2222\"}" },
    { "factor.list", "自己的", "{}" },
    { "factor.totp-begin", "自己的", "{\"password\":\"不对的密码\"}" },
    { "factor.totp-confirm", "自己的", "{\"code\":\"000000\"}" },
    { "factor.totp-end", "自己的", "{\"password\":\"不对的密码\"}" },
    { "factor.passkey-begin", "自己的", "{\"password\":\"不对的密码\"}" },
    { "factor.passkey-add", "自己的",
      "{\"title\":\"手机\",\"client_data\":\"AAAA\",\"authenticator\":\"AAAA\","
      "\"algorithm\":-7}" },
    { "factor.passkey-end", "自己的", "{\"passkey\":\"1\",\"password\":\"不对的密码\"}" },
    { "factor.recovery", "自己的", "{\"password\":\"不对的密码\"}" },
    { "factor.reset", "", "{\"id\":\"{account}\"}" },
    { "factor.reset", "自己的", "{\"id\":\"{me}\"}" },
    { "session.password", "自己的",
      "{\"old\":\"不对的密码\",\"password\":\"晚霞 竹篮 7 只 灯笼\"}" },
    { "account.sign-out", "", "{\"id\":\"{account}\"}" },
    { "policy.list", "", "{\"area\":\"420602\"}" },
    { "policy.set", "",
      "{\"kind\":\"staff\",\"chars\":12,\"factor\":\"totp\",\"area\":\"420602\"}" },
    { "session.keep", "", "{\"county\":7}" },
    { "demo.people", "", "{}" },
    { "demo.sign-in", "", "{\"account\":\"{account}\"}" },
    { "key.make", "",
      "{\"title\":\"机器\",\"account\":\"{account}\",\"until\":\"2026-12-31T00:00:00+08:"
      "00\"}" },
    { "key.make", "管理员的账号",
      "{\"title\":\"机器\",\"account\":\"{admin}\",\"until\":\"2026-12-31T00:00:00+08:"
      "00\"}" },
    { "key.make", "居民的账号",
      "{\"title\":\"机器\",\"account\":\"{resident}\",\"until\":\"2026-12-31T00:00:00+08:"
      "00\"}" },
    { "key.end", "", "{\"id\":\"{key}\"}" },
    { "key.list", "", "{\"area\":\"420602\"}" },
    { "person.register", "",
      "{\"homes\":[{\"compound\":\"山水家园\",\"grid\":\"" TOWN_GRID
      "\",\"people\":[{\"name\":\"新来的\"}]}]}" },
    { "person.search", "", "{\"area\":\"" TOWN_GRID "\",\"name\":\"王芳\"}" },
    { "person.reveal", "", "{\"id\":\"{person}\",\"reason\":\"上门走访\"}" },
    { "person.look", "", "{\"id\":\"{person}\",\"reason\":\"上门走访\"}" },
    { "me.looks", "", "{}" },
    { "look.list", "", "{\"account\":\"{account}\"}" },
    { "person.shield", "", "{\"id\":\"{person}\",\"shielded\":false,\"reason\":\"解除\"}" },
    { "decoy.make", "",
      "{\"compound\":\"甲\",\"grid\":\"" TOWN_GRID
      "\",\"name\":\"诱饵\",\"birth\":\"1970-01-01\"}" },
    { "decoy.end", "", "{\"id\":\"{person}\"}" },
    { "export.ask", "",
      "{\"kind\":\"people\",\"area\":\"" TOWN_GRID
      "\",\"format\":\"csv\",\"purpose\":\"核对\"}" },
    { "export.fetch", "别人的", "{\"id\":\"{request}\"}" },
    { "deletion.ask", "", "{\"id\":\"{person}\",\"purpose\":\"到窗口来办\"}" },
    { "request.list", "我申请的", "{\"view\":\"mine\"}" },
    { "request.list", "等我定的", "{\"view\":\"waiting\"}" },
    { "request.agree", "", "{\"id\":\"{request}\"}" },
    { "request.refuse", "", "{\"id\":\"{request}\"}" },
    { "export.seen", "", "{\"id\":\"{request}\",\"people\":[]}" },
    { "export.made", "", "{\"id\":\"{request}\",\"rows\":1}" },
    { "export.gone", "", "{\"id\":\"{request}\"}" },
    { "person.delete", "没写“注销”", "{\"confirm\":\"不\"}" },
    { "person.forget", "", "{\"county\":7,\"person\":\"1\"}" },
    { "place.near", "", "{\"lat\":32.0103,\"lng\":112.1201}" },
    { "journal.heads", "", "{\"area\":\"420602\"}" },
    { "journal.keys", "", "{}" },
    { "master.rewrap", "", "{\"county\":7,\"person\":-1}" },
    { "refusal.list", "", "{\"area\":\"420602\"}" },
    { "journal.head-keep", "", "{\"line\":\"linli-head-1\"}" },
    { "scene.load", "", "{scene}" },
    { "scene.check", "", "{scene}" },
    { "scene.list", "", "{\"area\":\"420602\"}" },
    { "scene.show", "", "{\"name\":\"snap\",\"area\":\"420602\"}" },
    { "case.open", "", OPEN_JSON },
    { "case.preview", "", OPEN_JSON },
    { "case.move", "别人的", MOVE_JSON },
    { "case.move", "自己报的", MOVE_JSON },
    { "case.move", "自己手上的", MOVE_JSON },
    { "case.clock", "", "{\"id\":\"{case}\"}" },
    { "case.show", "别人的", "{\"id\":\"{case}\"}" },
    { "case.show", "自己报的", "{\"id\":\"{case}\"}" },
    { "case.show", "自己手上的", "{\"id\":\"{case}\"}" },
    { "case.list", "我报的", "{\"view\":\"mine\"}" },
    { "case.list", "我手上的", "{\"view\":\"tasks\"}" },
    { "case.list", "辖区的", "{\"view\":\"inbox\",\"area\":\"" TOWN_GRID "\"}" },
    { "case.counts", "", "{\"area\":\"" TOWN_GRID "\"}" },
    { "case.alike", "",
      "{\"scene\":\"snap\",\"kind\":\"problem\",\"lat\":32.01,\"lng\":112.12,\"area\":"
      "\"" TOWN_GRID "\"}" },
    { "case.targets", "别人的", "{\"id\":\"{case}\"}" },
    { "case.targets", "自己手上的", "{\"id\":\"{case}\"}" },
    { "photo.upload", "", "{\"area\":\"" TOWN_COUNTY "\"}" },
    { "photo.show", "自己的", "{\"id\":\"{photo}\"}" },
    { "photo.show", "别人还没用的", "{\"id\":\"{photo}\"}" },
    { "photo.show", "别人办件里的", "{\"id\":\"{photo}\"}" },
    { "photo.image", "别人还没用的", "{\"id\":\"{photo}\"}" },
    { "photo.made", "", "{\"id\":\"{photo}\",\"verdict\":\"broken\"}" },
    { "photo.drop", "", "{\"id\":\"{photo}\"}" },
    { "photo.forget", "", "{\"id\":\"{photo}\"}" },
    { "inbox.list", "", "{}" },
    { "inbox.read", "", "{\"until\":\"1\"}" },
};

struct matrix {
    struct town t;
    char        folder[32], upload[64];
    int64_t     subject; /* the case that is asked about */
    int64_t     reporter, victim, me, photo, key;
    int         n;
    struct str  scene; /* a body of scene.load */
    struct str  table; /* what came of it, growing */
};

static PRINTF(2, 3) void add(struct matrix *m, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str more = str_vfmt(&m->t.arena, format, args);
    va_end(args);
    m->table = str_fmt(&m->t.arena, "%.*s%.*s", STR_ARG(m->table), STR_ARG(more));
}

/* ------------------------------------------------------------- what is given */

static int64_t owner_of(struct matrix *m, const char *login)
{
    return *login && *login != '*' ? town_account(&m->t, login) : 0;
}

static bool is(const struct sample *sample, const char *how)
{
    return strcmp(sample->how, how) == 0;
}

/* Everything as it was before each asking, in one go and without waiting for the disk.
 * The case is in hand at the gas works, reported by Wang Fang, unless it is theirs. */
static void given_things(struct matrix *m, const struct sample *sample, int64_t me)
{
    struct town *t = &m->t;
    int64_t      mine = is(sample, "自己的") ? me : m->victim;
    const char  *attached = is(sample, "别人办件里的") ? "id" : "NULL";
    const char  *photo = strcmp(sample->act, "photo.forget") == 0 ? "gone" : "new";
    struct str   holder = is(sample, "自己手上的")
                              ? str_fmt(&t->arena, "a:%lld", (long long)me)
                              : str_fmt(&t->arena, "o:%lld", (long long)t->gas);

    m->n++;
    (void)town_count(
        t,
        "PRAGMA synchronous = OFF; BEGIN IMMEDIATE;"
        "DELETE FROM sessions WHERE id = 5; DELETE FROM holds WHERE id = 5;"
        "INSERT INTO sessions (county, id, token, account, client, made_ms, seen_ms, "
        "until_ms,"
        " address, agent) VALUES (%lld, 5, 'x', %lld, 'staff', 1, 1, 9999999999999, '', "
        "'');"
        "INSERT INTO holds (county, account, id, duty, role, area, from_ms, until_ms)"
        " VALUES (7, %lld, 5, '物业', 'handler', '" TOWN_NEXT "', 1, 0);"
        "UPDATE accounts SET state = 'active' WHERE login = 'victim';"
        "UPDATE machine_keys SET ended_ms = NULL; DELETE FROM requests;"
        "INSERT INTO requests (county, id, kind, area, person, args, format, purpose, "
        "nrows,"
        " asked_by, state, fetched) VALUES (7, %lld, 'people', '" TOWN_GRID
        "', 0, '{}', 'csv', '', 300, %lld, '%s', 0);"
        "UPDATE photos SET state = '%s', uploader = %lld, owner = (SELECT %s FROM cases "
        "WHERE kind = 'problem' LIMIT 1) WHERE id = %lld;"
        "UPDATE cases SET state = 'handling', bucket = 'handling', reporter = %lld, holder "
        "= '%.*s'"
        " WHERE id = %lld; COMMIT",
        (long long)id_county(mine), (long long)mine, (long long)m->victim,
        (long long)REQUEST, (long long)m->victim,
        strncmp(sample->act, "export.", 7) == 0 ? "agreed" : "waiting", photo,
        (long long)mine, attached, (long long)m->photo,
        (long long)(is(sample, "自己报的") ? me : m->reporter), STR_ARG(holder),
        (long long)m->subject);
}

static struct str value_of(struct matrix *m, struct str name)
{
    const struct {
        const char *name;
        int64_t     number;
    } values[] = {
        { "case", m->subject },
        { "version", town_version(&m->t, m->subject) },
        { "account", m->victim },
        { "me", m->me ? m->me : 1 },
        { "hold", 5 },
        { "session", 5 },
        { "photo", m->photo },
        { "key", m->key },
        { "n", m->n },
        { "request", REQUEST },
        { "admin", town_account(&m->t, "security") },
        { "resident", town_account(&m->t, "wangfang") },
        { "person", town_count(&m->t, "SELECT id FROM people WHERE name = '王芳'") },
    };

    for (size_t i = 0; i < COUNT(values); i++)
        if (str_eq(name, str_of(values[i].name)))
            return str_fmt(&m->t.arena, "%lld", (long long)values[i].number);
    return str_eq(name, STR("scene")) ? m->scene : STR_NONE;
}

/* The body with its places filled in. */
static struct str fill(struct matrix *m, const char *body)
{
    struct str out = STR(""), rest = str_of(body);

    while (rest.len) {
        struct str_cut open = str_cut(rest, '{');
        struct str_cut close = str_cut(open.tail, '}');
        struct str     value = open.ok ? value_of(m, close.head) : STR_NONE;
        out = str_fmt(&m->t.arena, "%.*s%.*s%s%.*s", STR_ARG(out), STR_ARG(open.head),
                      open.ok && !value.at ? "{" : "", STR_ARG(value));
        rest = value.at ? close.tail : open.tail;
    }
    return out;
}

/* -------------------------------------------------------------- what came */

static struct str word(struct matrix *m, enum rc rc)
{
    if (rc == RC_OK)
        return STR("能");
    if (rc == RC_UNAUTHENTICATED || rc == RC_DENIED || rc == RC_NOT_FOUND)
        return str_fmt(&m->t.arena, "%d", rc_status(rc));
    return rc_word(rc);
}

static struct str try(struct matrix *m, const struct sample *sample, const char *login)
{
    m->me = owner_of(m, login);
    given_things(m, sample, m->me);
    struct actor actor = town_actor(&m->t, login);
    if (actor.kind == ACTOR_PERSON && is(sample, "自己的"))
        actor.session = 5;
    struct asking asking = { .arena = &m->t.arena,
                             .act = acts_find(str_of(sample->act)),
                             .actor = &actor };

    if (asking.act->streams)
        asking.upload = str_of(m->upload);
    asking.body = fill(m, sample->body);
    asking.rc = gate_read_args(&asking, NULL, 0, asking.body);
    if (asking.rc == RC_OK)
        gate_ask_wait(m->t.gate, &asking, m->t.db);
    if (asking.rc == RC_INVALID)
        print_message("%s %.*s: %.*s\n", sample->act, STR_ARG(asking.body),
                      STR_ARG(town_told(&asking)));
    return word(m, asking.rc);
}

/* "能", or "能/403" where it differs elsewhere. */
static struct str cell(struct matrix *m, const struct sample *sample, const struct who *who)
{
    struct str here = try(m, sample, who->inside);

    if (!who->outside)
        return here;
    struct str there = try(m, sample, who->outside);
    return str_eq(here, there)
               ? here
               : str_fmt(&m->t.arena, "%.*s/%.*s", STR_ARG(here), STR_ARG(there));
}

static void ask_all(struct matrix *m, const struct sample *sample)
{
    const struct act *act = acts_find(str_of(sample->act));

    if (!act)
        fail_msg("there is no act %s", sample->act);
    add(m, "| %s%s%s |", sample->act, *sample->how ? "：" : "", sample->how);
    for (size_t i = 0; i < COUNT(people); i++) {
        struct arena_mark mark = arena_mark(&m->t.arena);
        char              came[40];
        /* A password is slow and asks nobody who they are: once is enough. */
        struct str got = act->slow && i ? STR("同左") : cell(m, sample, &people[i]);
        (void)snprintf(came, sizeof came, "%.*s", STR_ARG(got));
        arena_back(&m->t.arena, mark);
        add(m, " %s |", came);
    }
    add(m, "\n");
}

static void every_act_is_asked(void)
{
    for (size_t i = 0; i < acts_count(); i++) {
        bool asked = false;
        for (size_t s = 0; s < COUNT(samples) && !asked; s++)
            asked = strcmp(samples[s].act, acts_at(i)->name) == 0;
        if (!asked)
            fail_msg("%s is not asked: give it a row in tests/rights_test.c",
                     acts_at(i)->name);
    }
}

/* --------------------------------------------------------------- the moves */

static const struct {
    const char *title, *login;
} movers[] = {
    { "没登录", "" },          { "报事人", "wangfang" },      { "承办人", "liumin" },
    { "同网格", "colleague" }, { "社区值守", "zhoulan" },     { "社区书记", "sunli" },
    { "街道值守", "wuqiang" }, { "街道领导", "tangrui" },     { "区指挥", "hejing" },
    { "物业", "lishifu" },     { "别的居民", "zhaojianguo" }, { "别的网格", "chentao" },
    { "别的社区", "mali" },    { "系统管理", "system" },      { "安全管理", "security" },
    { "审计管理", "audit" },
};

static void put_into(struct matrix *m, const struct case_kind *kind, size_t state)
{
    (void)town_count(
        &m->t,
        "PRAGMA synchronous = OFF;"
        "UPDATE cases SET state = '%.*s', holder = 'a:%lld', before = '',"
        " reporter = %lld, duty = '社区值守', duty_area = '" TOWN_COMMUNITY "',"
        " answered_ms = %lld WHERE id = %lld",
        STR_ARG(kind->states[state].name), (long long)town_account(&m->t, "liumin"),
        (long long)m->reporter, (long long)(clock_now_ms() - 4 * (int64_t)DAY_MS),
        (long long)m->subject);
}

static enum rc step(struct matrix *m, const struct scene_move *move, const char *login)
{
    struct town *t = &m->t;
    struct str   photo = STR(""), target = STR(""), name = move->name;

    if (move->needs & NEEDS_PHOTO && *login)
        photo =
            str_fmt(&t->arena, ",\"photos\":[\"%lld\"]", (long long)town_photo(t, login));
    if (move->needs & NEEDS_TARGET)
        target = str_fmt(&t->arena, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                         (long long)town_account(t, "chentao"));
    struct str more =
        str_fmt(&t->arena, ",\"reason\":\"等待材料\",\"text\":\"好\",\"stars\":5%.*s%.*s",
                STR_ARG(photo), STR_ARG(target));
    return town_move(t, login, m->subject, str_z(&t->arena, name), str_z(&t->arena, more))
        .rc;
}

static void move_all(struct matrix *m, const struct case_kind *kind,
                     const struct scene_move *move)
{
    size_t from = (size_t)__builtin_ctzll(move->from);

    add(m, "| %.*s |", STR_ARG(move->title));
    for (size_t i = 0; i < COUNT(movers); i++) {
        struct arena_mark mark = arena_mark(&m->t.arena);
        char              came[40];
        put_into(m, kind, from);
        struct str got = word(m, step(m, move, movers[i].login));
        (void)snprintf(came, sizeof came, "%.*s", STR_ARG(got));
        arena_back(&m->t.arena, mark);
        add(m, " %s |", came);
    }
    add(m, "\n");
}

/* ---------------------------------------------------------- the two tables */

static int remove_one(const char *name, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(name);
}

static bool sees(struct op *op, int64_t owner)
{
    struct a_case it;

    return case_find(op, owner, &it) == RC_OK;
}

static void open_files(struct matrix *m)
{
    struct problems problems;

    problems_init(&problems, &m->t.arena);
    (void)snprintf(m->folder, sizeof m->folder, "/tmp/linli-rights-XXXXXX");
    assert_non_null(mkdtemp(m->folder));
    CHECK_INT(photos_open(&problems, str_of(m->folder)), RC_OK);
    photos_owner(sees);
    (void)snprintf(m->upload, sizeof m->upload, "%s/upload", m->folder);
    FILE *file = fopen(m->upload, "we");
    assert_non_null(file);
    (void)fputs("\xff\xd8\xff\xe0 a picture's beginning", file);
    (void)fclose(file);
}

static struct str listed(struct matrix *m, const char *name)
{
    struct json_out out;

    json_out_init(&out, &m->t.arena);
    json_text(&out, test_file(&m->t.arena, str_fmt(&m->t.arena, "scenes/%s.yaml", name)));
    return json_done(&out);
}

static void make_people(struct matrix *m)
{
    for (size_t i = 0; i < COUNT(more_people); i++) {
        bool          far = str_eq(str_of(more_people[i].area), STR("420606"));
        struct asking made = town_ask(
            &m->t, "*", "account.make",
            "{\"login\":\"%s\",\"name\":\"某人\",\"client\":\"desk\",\"area\":\"%s\"}",
            more_people[i].login, far ? "420606" : "420602");
        CHECK_INT(town_must(made), RC_OK);
        ALLOWED(town_ask(
            &m->t, "*", "hold.give",
            "{\"account\":\"%lld\",\"duty\":\"%s\",\"role\":\"%s\",\"area\":\"%s\"}",
            (long long)town_id(&m->t, &made, "account"), more_people[i].duty,
            more_people[i].role, more_people[i].area));
    }
}

static void open_matrix(struct matrix *m, void **state)
{
    *m = (struct matrix){ .table = STR("") };
    town_open(&m->t, state);
    open_files(m);
    make_people(m);
    struct asking made = town_ask(
        &m->t, "*", "account.make",
        "{\"login\":\"victim\",\"name\":\"机器\",\"client\":\"desk\",\"area\":\"420602\"}");
    m->victim = town_id(&m->t, &made, "account");
    made = town_ask(
        &m->t, "system", "key.make",
        "{\"title\":\"机器\",\"account\":\"%lld\",\"until\":\"2026-12-31T00:00:00+08:00\"}",
        (long long)m->victim);
    m->key = town_id(&m->t, &made, "id");
    m->reporter = town_account(&m->t, "wangfang");
    m->subject = town_case(&m->t, "wangfang", "燃气");
    m->photo = town_photo(&m->t, "wangfang");
    struct str scene = listed(m, "snap/scene"), duties = listed(m, "lists/duties"),
               events = listed(m, "lists/events");
    m->scene = str_fmt(&m->t.arena,
                       "{\"yaml\":%.*s,\"area\":\"420602\",\"lists\":[{\"name\":\"lists/"
                       "duties\",\"yaml\":%.*s},"
                       "{\"name\":\"lists/events\",\"yaml\":%.*s}]}",
                       STR_ARG(scene), STR_ARG(duties), STR_ARG(events));
}

static void close_matrix(struct matrix *m)
{
    photos_close();
    town_close(&m->t);
    assert_int_equal(nftw(m->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void print_heads(struct matrix *m, const char *what, const char *(*title)(size_t),
                        size_t n)
{
    add(m, "| %s |", what);
    for (size_t i = 0; i < n; i++)
        add(m, " %s |", title(i));
    add(m, "\n| --- |");
    for (size_t i = 0; i < n; i++)
        add(m, " --- |");
    add(m, "\n");
}

static const char *person_title(size_t i)
{
    return people[i].title;
}

static const char *mover_title(size_t i)
{
    return movers[i].title;
}

static void print_acts(struct matrix *m)
{
    add(m, "# 谁能做什么\n\n由 tests/rights_test.c "
           "一件一件真的试出来，和这里不一样就不通过。\n"
           "能：办成了；401：要先登录；403：不归他管；404：不告诉他有没有。\n"
           "斜线前是在自己的辖区里，斜线后是同一种角色、别处的人；没有斜线就是一样。\n\n"
           "## 操作\n\n");
    print_heads(m, "操作", person_title, COUNT(people));
    for (size_t i = 0; i < COUNT(samples); i++)
        ask_all(m, &samples[i]);
}

static void print_moves(struct matrix *m)
{
    const struct scene *scene;

    (void)town_account(&m->t, "mali");
    CHECK_INT(scenes_now(&m->t.op, STR("snap"), &scene), RC_OK);
    add(m, "\n## 随手拍的每一步\n\n王芳报的事，在第 3 网格刘敏手上。\n\n");
    print_heads(m, "动作", mover_title, COUNT(movers));
    for (size_t i = 0; i < scene->kinds[0].nmoves; i++)
        move_all(m, &scene->kinds[0], &scene->kinds[0].moves[i]);
}

/* The first line that differs, for whoever reads the log. */
static void compare(struct matrix *m)
{
    const char *path = getenv("LINLI_RIGHTS");
    struct str  got = m->table, want = STR("");

    if (path) {
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        assert_int_equal(fwrite(got.at, 1, got.len, file), got.len);
        assert_int_equal(fclose(file), 0);
        return;
    }
    want = test_file(&m->t.arena, STR("tests/rights.txt"));
    while (got.len || want.len) {
        struct str_cut a = str_cut(got, '\n'), b = str_cut(want, '\n');
        if (!str_eq(a.head, b.head))
            fail_msg("tests/rights.txt says\n%.*s\nbut it is\n%.*s", STR_ARG(b.head),
                     STR_ARG(a.head));
        got = a.tail;
        want = b.tail;
    }
}

TEST(everybody_may_do_what_the_table_says_and_nothing_else)
{
    struct matrix m;

    open_matrix(&m, state);
    every_act_is_asked();
    print_acts(&m);
    print_moves(&m);
    compare(&m);
    close_matrix(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(everybody_may_do_what_the_table_says_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
