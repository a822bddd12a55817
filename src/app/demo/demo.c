#include "app/demo/demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/decoding.h"
#include "app/demo/cases.h"
#include "app/demo/people.h"
#include "app/house.h"
#include "app/progress.h"
#include "app/timer.h"
#include "base/clock.h"
#include "engine/case/case.h"
#include "engine/photo/photo.h"
#include "registry/account.h"

enum {
    SEED = 20261122,
    DAYS = 40,
    CASES = 420,
    RESIDENT_ACCOUNTS = 40,
    HOMES_AT_ONCE = 60,
    DEMO_BYTES = 64 << 20,
    MINUTE = 60 * 1000,
    HOUR = 60 * MINUTE,
};
#define DAY (INT64_C(24) * HOUR)

/* ---------------------------------------------------------------- staff */

struct staff {
    const char *login, *name, *duty, *role, *area, *client;
    const char *org; /* NULL: none */
};
static const struct staff staff[] = {
    { "demo-zhoulan", "周岚", "社区值守", "desk", DEMO_COMMUNITY, "desk", NULL },
    { "demo-liumin", "刘敏", "网格员", "grid-worker", DEMO_COMMUNITY "003", "grid", NULL },
    { "demo-chentao", "陈涛", "网格员", "grid-worker", DEMO_COMMUNITY "005", "grid", NULL },
    { "demo-sunli", "孙丽", "社区书记", "leader", DEMO_COMMUNITY, "desk", NULL },
    { "demo-wuqiang", "吴强", "街道值守", "desk", DEMO_STREET, "desk", NULL },
    { "demo-tangrui", "唐蕊", "街道领导", "leader", DEMO_STREET, "desk", NULL },
    { "demo-hejing", "何静", "区指挥中心", "centre", DEMO_COUNTY, "desk", NULL },
    { "demo-zhengkai", "郑凯", "市指挥中心", "centre", "4206", "desk", NULL },
    { "demo-lishifu", "李师傅", "物业", "handler", DEMO_COMMUNITY, "grid", "山水家园物业" },
    { "demo-gaogong", "高工", "公用事业", "handler", DEMO_COUNTY, "grid", "襄城燃气" },
    { "demo-mali", "马丽", "社区值守", "desk", "420602004006", "desk", NULL },
    { "grid-01", "徐静", "网格员", "grid-worker", DEMO_COMMUNITY "001", "grid", NULL },
    { "grid-02", "胡勇", "网格员", "grid-worker", DEMO_COMMUNITY "002", "grid", NULL },
    { "grid-04", "朱红", "网格员", "grid-worker", DEMO_COMMUNITY "004", "grid", NULL },
    { "grid-06", "林涛", "网格员", "grid-worker", DEMO_COMMUNITY "006", "grid", NULL },
    { "grid-07", "郭敏", "网格员", "grid-worker", DEMO_COMMUNITY "007", "grid", NULL },
    { "grid-08", "罗刚", "网格员", "grid-worker", DEMO_COMMUNITY "008", "grid", NULL },
    { "grid-09", "梁艳", "网格员", "grid-worker", DEMO_COMMUNITY "009", "grid", NULL },
    { "grid-10", "宋杰", "网格员", "grid-worker", DEMO_COMMUNITY "010", "grid", NULL },
    { "grid-11", "谢芳", "网格员", "grid-worker", DEMO_COMMUNITY "011", "grid", NULL },
    { "grid-12", "韩磊", "网格员", "grid-worker", DEMO_COMMUNITY "012", "grid", NULL },
    { "grid-13", "冯雪", "网格员", "grid-worker", DEMO_COMMUNITY "013", "grid", NULL },
    { "admin-system", "系统管理员", "系统管理员", "system", DEMO_COUNTY, "desk", NULL },
    { "admin-security", "安全管理员", "安全管理员", "security", DEMO_COUNTY, "desk", NULL },
    { "admin-audit", "审计管理员", "审计管理员", "audit", DEMO_COUNTY, "desk", NULL },
};
enum { DESK = 0, PROPERTY = 8, GRID_WORKERS_FROM = 11 };

static const struct {
    const char *name, *kind, *area, *duty;
} departments[] = {
    { "襄城燃气", "utility", DEMO_COUNTY, "公用事业" },
    { "襄城区城市管理执法局", "government", DEMO_COUNTY, "市容管理" },
    { "襄城区住房和城乡建设局", "government", DEMO_COUNTY, "物业监管" },
    { "襄城管网所", "utility", DEMO_STREET, "管网" },
    { "檀溪街道办事处", "government", DEMO_STREET, "综合协调" },
    { "檀溪派出所", "government", DEMO_STREET, "治安" },
};

/* ----------------------------------------------------------- the maker */

struct reporter {
    int64_t account;
    struct str name;
    int     grid;
};

struct maker {
    const struct config *config;
    struct house        *house;
    struct decoding     *decoding;
    struct arena         arena; /* for what stays */
    struct arena         scratch;
    struct dice          dice;
    int64_t              accounts[COUNT(staff)];
    int64_t              property_org;
    struct reporter      reporters[RESIDENT_ACCOUNTS];
    size_t               nreporters;
    enum rc              rc;
};

static struct str ask_as(struct maker *m, const struct actor *actor, const char *act,
                         struct str body)
{
    struct house_answer answer = house_ask(m->house, &m->scratch, actor, act, body);

    if (answer.rc != RC_OK && m->rc == RC_OK && actor->kind == ACTOR_LOCAL) {
        fprintf(stderr, "%s %.*s\n", act, STR_ARG(body));
        ask_tell(&answer.problems, answer.rc);
        m->rc = answer.rc;
    }
    return answer.rc == RC_OK ? answer.text.at ? answer.text : STR("{}") : STR_NONE;
}

static struct str ask(struct maker *m, const char *act, struct str body)
{
    struct actor local = house_local_actor();

    if (m->rc != RC_OK)
        return STR_NONE;
    arena_free(&m->scratch);
    arena_init(&m->scratch, DEMO_BYTES);
    struct str sent = str_copy(&m->scratch, body);
    return ask_as(m, &local, act, sent);
}

static struct str text_member(struct arena *arena, struct str object, const char *name)
{
    struct json_member member;
    struct str         text;

    for (struct str rest = json_inside(object); json_member(arena, &rest, &member);)
        if (str_eq(member.key, str_of(name)))
            return json_type(member.value) == JSON_STRING &&
                           json_value_text(arena, member.value, &text)
                       ? text : member.value;
    return STR_NONE;
}

static int64_t id_member(struct arena *arena, struct str object, const char *name)
{
    int64_t    id = 0;
    struct str text = object.at ? text_member(arena, object, name) : STR_NONE;

    return str_int64(text, &id) ? id : 0;
}

/* ------------------------------------------------------ places and people */

static void make_grids(struct maker *m)
{
    struct json_out out;

    json_out_init(&out, &m->arena);
    json_open(&out, '{');
    json_key(&out, STR("source"));
    json_text(&out, STR("演示"));
    json_key(&out, STR("rows"));
    json_open(&out, '[');
    for (int grid = 1; grid <= DEMO_GRIDS + 2; grid++) {
        bool other = grid > DEMO_GRIDS;
        json_open(&out, '{');
        json_key(&out, STR("code"));
        json_text(&out, other ? str_fmt(&m->arena, "420602004006%03d", grid - DEMO_GRIDS)
                              : demo_grid(&m->arena, grid));
        json_key(&out, STR("name"));
        json_text(&out, str_fmt(&m->arena, "第 %d 网格", other ? grid - DEMO_GRIDS : grid));
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_close(&out, '}');
    (void)ask(m, "area.put", json_done(&out));
}

static int64_t make_org(struct maker *m, struct str name, struct str kind, struct str area,
                        struct str duty)
{
    struct str body = str_fmt(&m->arena,
                              "{\"name\":\"%.*s\",\"kind\":\"%.*s\",\"area\":\"%.*s\","
                              "\"duties\":[{\"duty\":\"%.*s\"}]}",
                              STR_ARG(name), STR_ARG(kind), STR_ARG(area), STR_ARG(duty));

    return id_member(&m->scratch, ask(m, "org.make", body), "id");
}

struct named_org {
    struct str name;
    int64_t    id;
};
enum { ORGS = DEMO_COMPOUNDS + COUNT(departments) };

static void make_orgs(struct maker *m, struct named_org *orgs)
{
    size_t n = 0;

    for (size_t i = 0; i < DEMO_COMPOUNDS; i++)
        orgs[n++] = (struct named_org){ demo_compounds[i].property,
                                        make_org(m, demo_compounds[i].property, STR("property"),
                                                 STR(DEMO_COMMUNITY), STR("物业")) };
    for (size_t i = 0; i < COUNT(departments); i++)
        orgs[n++] = (struct named_org){
            str_of(departments[i].name),
            make_org(m, str_of(departments[i].name), str_of(departments[i].kind),
                     str_of(departments[i].area), str_of(departments[i].duty))
        };
}

static int64_t org_id(const struct named_org *orgs, const char *name)
{
    for (size_t i = 0; name && i < ORGS; i++)
        if (str_eq(orgs[i].name, str_of(name)))
            return orgs[i].id;
    return 0;
}

static int64_t make_account(struct maker *m, struct str login, struct str name,
                            const char *client, int64_t person)
{
    struct str body = person ? str_fmt(&m->arena, "{\"login\":\"%.*s\",\"name\":\"%.*s\",\"client\":\"%s\",\"person\":\"%lld\"}",
                                       STR_ARG(login), STR_ARG(name), client, (long long)person)
                             : str_fmt(&m->arena, "{\"login\":\"%.*s\",\"name\":\"%.*s\",\"client\":\"%s\",\"area\":\"" DEMO_COUNTY "\"}",
                                       STR_ARG(login), STR_ARG(name), client);

    return id_member(&m->scratch, ask(m, "account.make", body), "account");
}

static void make_staff(struct maker *m, const struct named_org *orgs)
{
    for (size_t i = 0; i < COUNT(staff) && m->rc == RC_OK; i++) {
        int64_t org = org_id(orgs, staff[i].org);
        m->accounts[i] = make_account(m, str_of(staff[i].login), str_of(staff[i].name),
                                      staff[i].client, 0);
        struct str with = org ? str_fmt(&m->arena, ",\"org\":\"%lld\"", (long long)org) : STR("");
        (void)ask(m, "hold.give",
                  str_fmt(&m->arena, "{\"account\":\"%lld\",\"duty\":\"%s\",\"role\":\"%s\",\"area\":\"%s\"%.*s}",
                          (long long)m->accounts[i], staff[i].duty, staff[i].role, staff[i].area,
                          STR_ARG(with)));
    }
    m->property_org = org_id(orgs, "山水家园物业");
}

/* A chunk of homes; the heads of the very first become reporters with accounts. */
static void register_chunk(struct maker *m, int from, int n)
{
    struct arena    arena;
    struct json_out out;
    int             heads[HOMES_AT_ONCE];
    struct str      names[HOMES_AT_ONCE];
    int             people = 0;

    arena_init(&arena, DEMO_BYTES);
    json_out_init(&out, &arena);
    json_open(&out, '{');
    json_key(&out, STR("homes"));
    json_open(&out, '[');
    for (int i = 0; i < n; i++) {
        size_t before = out.len;
        heads[i] = people;
        people += demo_home(&m->dice, from + i, &out, &arena);
        struct str home = str_slice(out.at + before, out.len - before);
        struct str list = str_skip(home, (size_t)((char *)memmem(home.at, home.len, "\"people\"", 8) - home.at));
        const char *name = memmem(list.at, list.len, "\"name\":\"", 8);
        struct str rest = str_skip(list, (size_t)(name + 8 - list.at));
        names[i] = str_copy(&m->arena, str_cut(rest, '"').head);
    }
    json_close(&out, ']');
    json_close(&out, '}');
    struct str answer = ask(m, "person.register", json_done(&out));
    struct str ids = answer.at ? text_member(&m->scratch, answer, "people") : STR_NONE;
    int64_t    all[HOMES_AT_ONCE * 8];
    int        got = 0;
    struct json_member member;
    for (struct str rest = json_inside(ids); ids.at && json_member(&m->scratch, &rest, &member);) {
        struct str text;
        if (json_value_text(&m->scratch, member.value, &text) && str_int64(text, &all[got]))
            got++;
    }
    for (int i = 0; i < n && got == people && m->nreporters < RESIDENT_ACCOUNTS; i++) {
        bool shown = from + i < 2;
        struct str login = shown ? str_fmt(&m->arena, "demo-resident-%d", i + 1)
                                 : str_fmt(&m->arena, "resident-%03d", i + 1);
        m->reporters[m->nreporters++] = (struct reporter){
            make_account(m, login, names[i], "resident", all[heads[i]]), names[i], 0
        };
    }
    arena_free(&arena);
}

static void make_people(struct maker *m)
{
    struct progress progress;

    progress_begin(&progress, "居民", DEMO_HOUSEHOLDS);
    for (int from = 0; from < DEMO_HOUSEHOLDS && m->rc == RC_OK; from += HOMES_AT_ONCE) {
        int left = DEMO_HOUSEHOLDS - from;
        register_chunk(m, from, left < HOMES_AT_ONCE ? left : HOMES_AT_ONCE);
        progress_at(&progress, (size_t)from);
    }
    progress_end(&progress);
}

/* ---------------------------------------------------------------- cases */

enum stage { STAGE_OPENED, STAGE_ACCEPTED, STAGE_SENT, STAGE_ANSWERED, STAGE_DONE };

struct story { /* one mishap's life, as it was planned */
    int64_t                   at_ms; /* of its next step */
    enum stage                stage;
    int64_t                   id;
    const struct demo_mishap *mishap;
    const struct reporter    *reporter;
    int64_t                   handler; /* account */
    int                       grid;
    int                       luck; /* 0 … 99 */
};

static bool become(struct maker *m, int64_t account, struct actor *actor)
{
    struct op op;

    op_init(&op, &m->scratch, clock_now_ms());
    op.db = m->house->db;
    return account_actor(&op, account, actor) == RC_OK;
}

static int64_t version_of(struct maker *m, const struct actor *actor, int64_t id)
{
    struct op     op;
    struct a_case it;

    op_init(&op, &m->scratch, clock_now_ms());
    op.db = m->house->db;
    op.actor = actor;
    op.county = id_county(id);
    return case_find(&op, id, &it) == RC_OK ? it.row.version : 0;
}

static int64_t add_photo(struct maker *m, const struct actor *actor, struct str name)
{
    struct str    path = str_fmt(&m->scratch, "%.*s/data/demo/%.*s.jpg",
                                 STR_ARG(m->config->share), STR_ARG(name));
    struct asking asking = { .arena = &m->scratch, .act = acts_find(STR("photo.upload")),
                             .actor = actor, .upload = path };

    asking.rc = gate_read_args(&asking, NULL, 0, STR("{}"));
    if (asking.rc == RC_OK)
        gate_ask_wait(m->house->gate, &asking, m->house->db);
    return asking.rc == RC_OK ? id_member(&m->scratch, json_done(&asking.view.out), "id") : 0;
}

static bool move(struct maker *m, struct story *s, int64_t account, const char *name,
                 struct str more)
{
    struct actor actor;

    if (!become(m, account, &actor))
        return false;
    int64_t version = version_of(m, &actor, s->id);
    struct str body = str_fmt(&m->scratch, "{\"id\":\"%lld\",\"version\":%lld,\"move\":\"%s\"%.*s}",
                              (long long)s->id, (long long)version, name, STR_ARG(more));
    return version && ask_as(m, &actor, "case.move", body).at;
}

static void open_case(struct maker *m, struct story *s)
{
    const struct demo_mishap   *p = s->mishap;
    const struct demo_compound *compound = &demo_compounds[dice_below(&m->dice, DEMO_COMPOUNDS)];
    struct actor                actor;

    s->grid = compound->first_grid + (int)dice_below(&m->dice, (uint64_t)compound->grids);
    if (!become(m, s->reporter->account, &actor))
        return;
    int64_t    photo = s->luck % 3 ? add_photo(m, &actor, p->before) : 0;
    struct str photos = photo ? str_fmt(&m->scratch, "\"photos\":[\"%lld\"],", (long long)photo)
                              : STR("");
    struct str body = str_fmt(
        &m->scratch,
        "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"%.*s\",\"what\":\"%.*s\",%.*s"
        "\"where\":{\"lat\":%.5f,\"lng\":%.5f,\"source\":\"gps\",\"words\":\"%.*s %.*s\",\"area\":\"%.*s\"}}}",
        STR_ARG(p->category), STR_ARG(p->what), STR_ARG(photos),
        compound->lat + (double)dice_below(&m->dice, 300) / 1e5,
        compound->lng + (double)dice_below(&m->dice, 300) / 1e5, STR_ARG(compound->name),
        STR_ARG(p->place), STR_ARG(demo_grid(&m->scratch, s->grid)));
    struct str answer = ask_as(m, &actor, "case.open", body);
    s->id = answer.at ? id_member(&m->scratch, answer, "id") : 0;
    s->stage = s->id ? STAGE_OPENED : STAGE_DONE;
    s->at_ms += (int64_t)(10 + dice_below(&m->dice, 80)) * MINUTE;
}

static int64_t grid_worker(const struct maker *m, int grid)
{
    struct str area;
    char       code[16];

    (void)snprintf(code, sizeof code, DEMO_COMMUNITY "%03d", grid);
    area = str_of(code);
    for (size_t i = 0; i < COUNT(staff); i++)
        if (str_eq(str_of(staff[i].area), area))
            return m->accounts[i];
    return m->accounts[DESK];
}

static void step_opened(struct maker *m, struct story *s)
{
    if (s->luck < 4) { /* not for the community */
        (void)move(m, s, m->accounts[DESK], "refuse", STR(",\"reason\":\"不在社区管的范围里，已告知您找产权单位。\""));
        s->stage = STAGE_DONE;
        return;
    }
    bool accepted = move(m, s, m->accounts[DESK], "accept", STR(""));
    s->stage = accepted ? STAGE_ACCEPTED : STAGE_SENT; /* a grid worker has it already */
    s->handler = grid_worker(m, s->grid);
    s->at_ms += (int64_t)(5 + dice_below(&m->dice, 100)) * MINUTE;
}

static void step_accepted(struct maker *m, struct story *s)
{
    bool property = s->luck % 4 == 0;
    struct str target =
        property ? str_fmt(&m->scratch, ",\"target\":{\"kind\":\"org\",\"id\":\"%lld\"},\"text\":\"请今天去看一下。\"",
                           (long long)m->property_org)
                 : str_fmt(&m->scratch, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"},\"text\":\"请先到现场看。\"",
                           (long long)s->handler);

    if (property)
        s->handler = m->accounts[PROPERTY];
    if (s->luck >= 4 && s->luck < 9) { /* lies about until it is late */
        s->stage = STAGE_DONE;
        return;
    }
    s->stage = move(m, s, m->accounts[DESK], "dispatch", target) ? STAGE_SENT : STAGE_DONE;
    s->at_ms += (int64_t)(2 + dice_below(&m->dice, 40)) * HOUR;
}

static void step_sent(struct maker *m, struct story *s)
{
    struct actor actor;

    if (s->luck >= 9 && s->luck < 13) { /* nobody comes */
        s->stage = STAGE_DONE;
        return;
    }
    if (!become(m, s->handler, &actor))
        return;
    int64_t photo = add_photo(m, &actor, s->mishap->after);
    (void)move(m, s, s->handler, "start", STR(""));
    bool answered = photo && move(m, s, s->handler, "answer",
                                  str_fmt(&m->scratch, ",\"text\":\"%.*s\",\"photos\":[\"%lld\"]",
                                          STR_ARG(s->mishap->answer), (long long)photo));
    s->stage = answered ? STAGE_ANSWERED : STAGE_DONE;
    s->at_ms += (int64_t)(1 + dice_below(&m->dice, 50)) * HOUR;
}

static void step_answered(struct maker *m, struct story *s)
{
    if (s->luck >= 90) { /* not solved, and once more */
        (void)move(m, s, s->reporter->account, "reopen", STR(",\"reason\":\"昨天又坏了，没有修好。\""));
        s->stage = STAGE_DONE;
        return;
    }
    if (s->luck < 80)
        (void)move(m, s, s->reporter->account, "rate",
                   str_fmt(&m->scratch, ",\"stars\":%d,\"text\":\"%s\"", s->luck < 60 ? 5 : s->luck < 72 ? 4 : 3,
                           s->luck < 60 ? "办得快，谢谢。" : s->luck < 72 ? "办好了。" : "能办，就是慢了点。"));
    s->stage = STAGE_DONE;
}

static void step(struct maker *m, struct story *s)
{
    arena_free(&m->scratch);
    arena_init(&m->scratch, DEMO_BYTES);
    if (!s->id) {
        open_case(m, s);
        return;
    }
    static void (*const steps[])(struct maker *, struct story *) = {
        [STAGE_OPENED] = step_opened, [STAGE_ACCEPTED] = step_accepted,
        [STAGE_SENT] = step_sent, [STAGE_ANSWERED] = step_answered,
    };
    steps[s->stage](m, s);
}

static struct story *next_story(struct story *stories, size_t n)
{
    struct story *next = NULL;

    for (size_t i = 0; i < n; i++)
        if (stories[i].stage != STAGE_DONE && (!next || stories[i].at_ms < next->at_ms))
            next = &stories[i];
    return next;
}

/* Mishaps come through the day and evening, more of them lately. */
static void plan(struct maker *m, struct story *stories, int64_t begin_ms)
{
    for (size_t i = 0; i < CASES; i++) {
        int64_t day = (int64_t)(i * DAYS / CASES);
        stories[i] = (struct story){
            .at_ms = begin_ms + day * DAY + (int64_t)(7 * 60 + dice_below(&m->dice, 14 * 60)) * MINUTE,
            .mishap = &demo_mishaps[dice_below(&m->dice, demo_nmishaps)],
            .reporter = &m->reporters[dice_below(&m->dice, 5) ? dice_below(&m->dice, m->nreporters) : 0],
            .luck = (int)dice_below(&m->dice, 100),
        };
    }
}

static int64_t midnight_of(int64_t ms)
{
    struct civil c = clock_civil(ms);

    return clock_of_civil((struct civil){ .year = c.year, .month = c.month, .day = c.day });
}

static void live_through(struct maker *m, int64_t now_ms)
{
    struct story   *stories = arena_many(&m->arena, CASES, struct story);
    struct progress progress;
    int64_t         begin_ms = midnight_of(now_ms) - (DAYS - 1) * DAY;

    if (!stories)
        return;
    plan(m, stories, begin_ms);
    progress_begin(&progress, "办件", DAYS);
    for (struct story *s; m->rc == RC_OK && (s = next_story(stories, CASES)) && s->at_ms < now_ms;) {
        (void)clock_set_ms(s->at_ms);
        arena_free(&m->scratch);
        arena_init(&m->scratch, DEMO_BYTES);
        m->rc = timer_round(m->house, m->house->db, &m->scratch);
        step(m, s);
        progress_at(&progress, (size_t)((s->at_ms - begin_ms) / DAY));
    }
    (void)clock_set_ms(now_ms);
    progress_end(&progress);
}

static void landed(void *context, const struct line *line)
{
    decoding_landed(((struct maker *)context)->decoding, line);
}

int64_t demo_begin(void)
{
    int64_t now_ms = clock_now_ms();

    clock_unlock(); /* this process only */
    (void)clock_set_ms(midnight_of(now_ms) - DAYS * DAY);
    return now_ms;
}

int demo_make(const struct config *config, int64_t now_ms)
{
    struct maker     m = { .config = config, .dice = { SEED } };
    struct named_org orgs[ORGS];
    struct problems  problems;

    arena_init(&m.arena, DEMO_BYTES);
    arena_init(&m.scratch, DEMO_BYTES);
    problems_init(&problems, &m.arena);
    m.rc = house_open(config, landed, &m, &problems, &m.house);
    if (m.rc == RC_OK)
        m.rc = decoding_start(m.house, &m.decoding);
    if (m.rc != RC_OK) {
        ask_tell(&problems, m.rc);
        return 1;
    }
    m.rc = house_mark(m.house, HOUSE_DEMO);
    make_grids(&m);
    make_orgs(&m, orgs);
    make_staff(&m, orgs);
    make_people(&m);
    live_through(&m, now_ms);
    decoding_stop(&m.decoding);
    house_close(&m.house);
    arena_free(&m.scratch);
    arena_free(&m.arena);
    return m.rc == RC_OK ? 0 : 1;
}
