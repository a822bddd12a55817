#include "app/demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/demo/maker.h"
#include "app/demo/people.h"
#include "app/progress.h"
#include "base/clock.h"

enum { SEED = 20261122, HOMES_AT_ONCE = 60, PEOPLE_AT_HOME = 8 };
#define DAY (INT64_C(24) * 3600 * 1000)

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
    { "upper", "襄阳市事件平台", "上级平台", "upper", DEMO_COUNTY, "desk", NULL },
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
    { "demo-qinlan", "秦岚", "热线坐席", "desk", DEMO_COUNTY, "desk", NULL },
    { "demo-zhengyu", "郑宇", "回访员", "desk", DEMO_COUNTY, "desk", NULL },
    { "demo-shiwei", "石伟", "市容管理", "handler", DEMO_COUNTY, "grid",
      "襄城区城市管理执法局" },
    { "demo-fanghua", "方华", "企业党组织", "handler", DEMO_COUNTY, "desk",
      "汉江速递党支部" },
    { "demo-yuanjun", "袁军", "行业工委", "handler", DEMO_COUNTY, "desk",
      "襄城区快递外卖行业工委" },
    { "demo-penglin", "彭琳", "行业主管", "handler", DEMO_COUNTY, "desk",
      "襄城区交通运输局" },
    { "demo-luting", "卢婷", "调解员", "handler", DEMO_COMMUNITY, "grid", NULL },
    { "demo-caoyong", "曹勇", "街道调解", "handler", DEMO_STREET, "desk", NULL },
    { "demo-dengli", "邓丽", "服务专员", "desk", DEMO_COMMUNITY, "desk", NULL },
    { "demo-pengfei", "彭飞", "区民政", "handler", DEMO_COUNTY, "desk", "襄城区民政局" },
    { "demo-shenyan", "沈燕", "政务服务", "desk", DEMO_COUNTY, "desk",
      "襄城区政务服务中心" },
    { "demo-fangzheng", "方正", "系统管理员", "system", DEMO_COUNTY, "desk", NULL },
    { "demo-anning", "安宁", "安全管理员", "security", DEMO_COUNTY, "desk", NULL },
    { "demo-jiming", "纪明", "审计管理员", "audit", DEMO_COUNTY, "desk", NULL },
    { "demo-wenjing", "温静", "保护专员", "protector", DEMO_STREET, "desk", NULL },
    { "demo-shilei", "石磊", "社区民警", "police", DEMO_COMMUNITY, "desk", NULL },
};
static const struct {
    const char *name, *kind, *area, *duty;
} departments[] = {
    { "襄城燃气", "utility", DEMO_COUNTY, "公用事业" },
    { "襄城区城市管理执法局", "government", DEMO_COUNTY, "市容管理" },
    { "襄城区住房和城乡建设局", "government", DEMO_COUNTY, "物业监管" },
    { "汉江速递党支部", "company", DEMO_COUNTY, "企业党组织" },
    { "襄城区快递外卖行业工委", "government", DEMO_COUNTY, "行业工委" },
    { "襄城区交通运输局", "government", DEMO_COUNTY, "行业主管" },
    { "襄城区民政局", "government", DEMO_COUNTY, "区民政" },
    { "襄城区政务服务中心", "government", DEMO_COUNTY, "政务服务" },
    { "襄城管网所", "utility", DEMO_STREET, "管网" },
    { "檀溪街道办事处", "government", DEMO_STREET, "综合协调" },
    { "檀溪派出所", "government", DEMO_STREET, "治安" },
};

/* ----------------------------------------------------------- the maker */

void demo_new_scratch(struct maker *m)
{
    arena_free(&m->scratch);
    arena_init(&m->scratch, DEMO_BYTES);
}

struct str demo_ask_as(struct maker *m, const struct actor *actor, const char *act,
                       struct str body)
{
    struct house_answer answer = house_ask(m->house, &m->scratch, actor, act, body);

    if (answer.rc != RC_OK && m->rc == RC_OK && actor->kind == ACTOR_LOCAL) {
        fprintf(stderr, "%s\n", act);
        ask_tell(&answer.problems, answer.rc);
        m->rc = answer.rc;
    }
    return answer.rc == RC_OK ? answer.text.at ? answer.text : STR("{}") : STR_NONE;
}

struct str demo_ask(struct maker *m, const char *act, struct str body)
{
    struct actor local = house_local_actor();

    if (m->rc != RC_OK)
        return STR_NONE;
    demo_new_scratch(m);
    return demo_ask_as(m, &local, act, str_copy(&m->scratch, body));
}

int64_t demo_id(struct maker *m, struct str answer, const char *path)
{
    int64_t    id = 0;
    struct str text = answer.at ? json_pick_text(&m->scratch, answer, path) : STR_NONE;

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
    (void)demo_ask(m, "area.put", json_done(&out));
}

static int64_t make_org(struct maker *m, struct str name, struct str kind, struct str area,
                        struct str duty)
{
    struct str body = str_fmt(&m->arena,
                              "{\"name\":\"%.*s\",\"kind\":\"%.*s\",\"area\":\"%.*s\","
                              "\"duties\":[{\"duty\":\"%.*s\"}]}",
                              STR_ARG(name), STR_ARG(kind), STR_ARG(area), STR_ARG(duty));

    return demo_id(m, demo_ask(m, "org.make", body), "id");
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
        orgs[n++] =
            (struct named_org){ demo_compounds[i].property,
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
    struct str body =
        person ? str_fmt(&m->arena,
                         "{\"login\":\"%.*s\",\"name\":\"%.*s\",\"client\":\"%s\","
                         "\"person\":\"%lld\"}",
                         STR_ARG(login), STR_ARG(name), client, (long long)person)
               : str_fmt(&m->arena,
                         "{\"login\":\"%.*s\",\"name\":\"%.*s\",\"client\":\"%s\",\"area\":"
                         "\"" DEMO_COUNTY "\"}",
                         STR_ARG(login), STR_ARG(name), client);

    return demo_id(m, demo_ask(m, "account.make", body), "account");
}

/* The people whom the mishaps pass through. */
static void note_role(struct maker *m, const struct staff *one, int64_t account)
{
    static const struct {
        const char *login;
        size_t      at;
    } roles[] = {
        { "demo-zhoulan", offsetof(struct maker, desk) },
        { "demo-sunli", offsetof(struct maker, leader) },
        { "demo-wuqiang", offsetof(struct maker, street) },
        { "demo-zhengyu", offsetof(struct maker, caller) },
        { "demo-hejing", offsetof(struct maker, centre) },
        { "demo-lishifu", offsetof(struct maker, property) },
        { "demo-gaogong", offsetof(struct maker, gas) },
    };
    struct str area = str_of(one->area);

    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(roles[i].login, one->login) == 0)
            *(int64_t *)(void *)((char *)m + roles[i].at) = account;
    if (strcmp(one->duty, "网格员") == 0)
        m->grid_workers[(area.at[area.len - 2] - '0') * 10 + area.at[area.len - 1] - '0'] =
            account;
}

static void make_staff(struct maker *m, const struct named_org *orgs)
{
    static_assert(COUNT(staff) <= DEMO_STAFF_MAX, "all have a place");
    for (size_t i = 0; i < COUNT(staff) && m->rc == RC_OK; i++) {
        int64_t    org = org_id(orgs, staff[i].org);
        int64_t    account = make_account(m, str_of(staff[i].login), str_of(staff[i].name),
                                          staff[i].client, 0);
        struct str with =
            org ? str_fmt(&m->arena, ",\"org\":\"%lld\"", (long long)org) : STR("");
        (void)demo_ask(m, "hold.give",
                       str_fmt(&m->arena,
                               "{\"account\":\"%lld\",\"duty\":\"%s\",\"role\":\"%s\","
                               "\"area\":\"%s\"%.*s}",
                               (long long)account, staff[i].duty, staff[i].role,
                               staff[i].area, STR_ARG(with)));
        m->staff[m->nstaff++] = account;
        note_role(m, &staff[i], account);
    }
    m->property_org = org_id(orgs, "山水家园物业");
}

/* The heads of the very first homes get accounts, and report. */
static void make_reporter(struct maker *m, int home, struct str name, int64_t person)
{
    struct str login =
        str_fmt(&m->arena, home < 2 ? "demo-resident-%d" : "resident-%03d", home + 1);

    m->reporters[m->nreporters++] = make_account(m, login, name, "resident", person);
}

static void register_chunk(struct maker *m, int from, int n)
{
    struct arena    arena;
    struct json_out out;
    int             heads[HOMES_AT_ONCE], people = 0;
    struct str      names[HOMES_AT_ONCE], ids[HOMES_AT_ONCE * PEOPLE_AT_HOME] = { 0 };
    int64_t         person;

    arena_init(&arena, DEMO_BYTES);
    json_out_init(&out, &arena);
    json_open(&out, '{');
    json_key(&out, STR("homes"));
    json_open(&out, '[');
    for (int i = 0; i < n; i++) {
        heads[i] = people;
        people += demo_home(&m->dice, from + i, &out, &arena, &names[i]);
    }
    json_close(&out, ']');
    json_close(&out, '}');
    struct str answer = demo_ask(m, "person.register", json_done(&out));
    size_t     got = answer.at ? json_pick_all(&arena, str_copy(&arena, answer),
                                               STR("people/*"), ids, COUNT(ids))
                               : 0;
    for (int i = 0; i < n && got == (size_t)people && m->nreporters < DEMO_REPORTERS; i++)
        if (str_int64(ids[heads[i]], &person))
            make_reporter(m, from + i, names[i], person);
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

/* -------------------------------------------------------------- all of it */

static void landed(void *context, const struct line *line)
{
    workers_landed(((struct maker *)context)->workers, line);
}

int64_t demo_begin(void)
{
    int64_t now_ms = clock_now_ms();

    clock_unlock(); /* this process only */
    (void)clock_set_ms(clock_day_begins(now_ms) - DEMO_DAYS * DAY);
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
        m.rc = workers_start(m.house, &m.workers);
    if (m.rc != RC_OK) {
        ask_tell(&problems, m.rc);
        return 1;
    }
    m.rc = house_mark(m.house, HOUSE_DEMO);
    make_grids(&m);
    make_orgs(&m, orgs);
    make_staff(&m, orgs);
    make_people(&m);
    demo_live(&m, now_ms);
    workers_stop(&m.workers);
    house_close(&m.house);
    arena_free(&m.scratch);
    arena_free(&m.arena);
    return m.rc == RC_OK ? 0 : 1;
}
