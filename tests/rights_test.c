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
#include "engine/open311/open311.h"
#include "engine/photo/photo.h"
#include "files.h"
#include "registry/account.h"
#include "scene/scenes.h"

#define NOTICE  (((int64_t)TOWN_NUMBER << 10) + 2)
#define VISIT   (((int64_t)TOWN_NUMBER << 10) + 3)
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
    { "公众平台", "portal", "far-portal" },
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
    { "portal", "公众平台", "portal", "420602" },
    { "far-portal", "公众平台", "portal", "420606" },
    { "upper", "上级平台", "upper", "420602" },
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
#define OPEN_BY(more)                                                                        \
    "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"其他\",\"what\":" \
    "\"灯\","                                                                               \
    "\"where\":" PLACE_JSON "}" more "}"
#define OPEN_JSON OPEN_BY("")
#define OPEN_FOR(channel)                                                                  \
    OPEN_BY(",\"channel\":\"" channel "\",\"intake\":{\"name\":\"陈秀英\",\"phone\":"   \
            "\"13797555520\",\"agreed\":\"oral\",\"written\":\"2026-11-20\"}")
#define MOVE_JSON                                                                          \
    "{\"id\":\"{case}\",\"version\":{version},\"move\":\"dispatch\",\"target\":"           \
    "{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"" TOWN_GRID "\"}}"
#define BULK_JSON                                                                          \
    "{\"rows\":[{\"id\":\"{case}\",\"version\":{version}}],\"move\":\"dispatch\","         \
    "\"target\":"                                                                          \
    "{\"kind\":\"duty\",\"duty\":\"网格员\",\"area\":\"" TOWN_GRID "\"}}"
#define NOTICE_JSON "{\"id\":\"{notice}\",\"version\":1"
#define WORDING_JSON                                                                       \
    "{\"kind\":\"template\",\"area\":\"" TOWN_COMMUNITY "\",\"scene\":\"snap\",\"title\":" \
    "\"好{n}\",\"words\":\"好\"}"
#define IMPORT_JSON                                                                        \
    "{\"scene\":\"snap\",\"kind\":\"problem\",\"source\":\"12345\",\"area\":"              \
    "\"" TOWN_COMMUNITY "\"}"
#define WINDOW_JSON                                                                        \
    "{\"scene\":\"service\",\"kind\":\"application\",\"window\":\"counter\",\"area\":"     \
    "\"" TOWN_COMMUNITY "\""
#define VISIT_AT ",\"starts\":\"2026-11-30T09:10:00+08:00\"" /* a Monday */
#define UPDATE_JSON                                                                        \
    "{\"service_request_id\":\"{case}\",\"update_id\":\"u{n}\",\"status\":\"IN_"           \
    "PROGRESS\","                                                                          \
    "\"updated_datetime\":\"2026-11-23T09:00:00+08:00\",\"description\":\"还在漏\"}"

#define CALENDAR_YAML                                                                        \
    "calendar: cn\\ntitle: 日历\\nsource: 示例，待核定\\nfirst: 2026-01-01\\nlast: " \
    "2026-12-31\\nweek: {mon: [8:30-12:00]}\\n"

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
    { "org.end", "有人任职的", "{\"id\":\"{org}\"}" },
    { "org.list", "", "{\"area\":\"" TOWN_COUNTY "\"}" },
    { "account.make", "",
      "{\"login\":\"new-{n}\",\"name\":\"新人\",\"client\":\"desk\",\"area\":\"420602\"}" },
    { "account.claim", "",
      "{\"login\":\"victim\",\"code\":\"AAAA2222\",\"password\":\"晚霞 竹篮 7 只 灯笼\"}" },
    { "account.code", "", "{\"id\":\"{account}\"}" },
    { "account.close", "", "{\"id\":\"{account}\"}" },
    { "account.reopen", "没有停用的", "{\"id\":\"{account}\"}" },
    { "account.list", "", "{\"area\":\"420602\"}" },
    { "account.show", "", "{\"id\":\"{account}\"}" },
    { "hold.give", "",
      "{\"account\":\"{account}\",\"duty\":\"社区值守\",\"role\":\"desk\",\"area\":"
      "\"" TOWN_COMMUNITY "\"}" },
    { "hold.give", "自己的",
      "{\"account\":\"{me}\",\"duty\":\"社区值守\",\"role\":\"desk\",\"area\":"
      "\"" TOWN_COMMUNITY "\"}" },
    { "hold.end", "", "{\"account\":\"{account}\",\"hold\":\"{hold}\"}" },
    { "leave.make", "自己的",
      "{\"stand_in\":\"{account}\",\"until\":\"2026-11-30T09:00:00+08:00\"}" },
    { "leave.make", "别人的",
      "{\"account\":\"{resident}\",\"stand_in\":\"{account}\",\"until\":"
      "\"2026-11-30T09:00:00+08:00\"}" },
    { "leave.end", "别人的", "{\"id\":\"{account}\"}" },
    { "leave.list", "", "{}" },
    { "leave.colleagues", "", "{}" },
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
    { "decoy.list", "", "{\"area\":\"420602\"}" },
    { "decoy.hits", "", "{\"id\":\"{person}\"}" },
    { "export.ask", "",
      "{\"kind\":\"people\",\"area\":\"" TOWN_GRID
      "\",\"format\":\"csv\",\"purpose\":\"核对\"}" },
    { "export.fetch", "别人的", "{\"id\":\"{request}\"}" },
    { "deletion.ask", "", "{\"id\":\"{person}\",\"purpose\":\"到窗口来办\"}" },
    { "request.list", "我申请的", "{\"view\":\"mine\"}" },
    { "request.list", "等我定的", "{\"view\":\"waiting\"}" },
    { "request.waiting", "", "{\"area\":\"420602\"}" },
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
    { "journal.list", "", "{\"kind\":\"rights\",\"area\":\"420602\"}" },
    { "master.rewrap", "", "{\"county\":7}" },
    { "refusal.list", "", "{\"area\":\"420602\"}" },
    { "journal.head-keep", "", "{\"line\":\"linli-head-1\"}" },
    { "scene.load", "", "{scene}" },
    { "scene.check", "", "{scene}" },
    { "scene.list", "", "{\"area\":\"420602\"}" },
    { "calendar.load", "", "{\"area\":\"420602\",\"yaml\":\"" CALENDAR_YAML "\"}" },
    { "calendar.list", "", "{\"area\":\"420602\"}" },
    { "case.recount", "", "{\"county\":7}" },
    { "scene.show", "", "{\"name\":\"snap\",\"area\":\"420602\"}" },
    { "case.open", "", OPEN_JSON },
    { "case.open", "接电话", OPEN_FOR("phone") },
    { "case.open", "在窗口", OPEN_FOR("counter") },
    { "case.open", "收信", OPEN_FOR("letter") },
    { "case.open", "代办", OPEN_FOR("behalf") },
    { "case.open", "值守、巡查", OPEN_BY(",\"channel\":\"grid\"") },
    { "case.open", "上级平台的渠道", OPEN_BY(",\"channel\":\"upper\"") },
    { "case.preview", "", OPEN_JSON },
    { "case.move", "别人的", MOVE_JSON },
    { "case.move", "自己报的", MOVE_JSON },
    { "case.move", "自己手上的", MOVE_JSON },
    { "view.list", "", "{}" },
    { "view.make", "", "{\"title\":\"井盖\",\"filter\":{\"words\":\"井盖\"}}" },
    { "view.end", "别人的", "{\"id\":\"{case}\"}" },
    { "view.order", "变了的", "{\"ids\":[\"{case}\"]}" },
    { "case.search", "我手上的", "{\"view\":\"tasks\",\"words\":\"井盖\"}" },
    { "case.search", "辖区的", "{\"words\":\"井盖\",\"area\":\"" TOWN_GRID "\"}" },
    { "case.of-person", "", "{\"area\":\"" TOWN_GRID "\",\"name\":\"王芳\"}" },
    { "case.of-phone", "", "{\"phone\":\"13712345520\"}" },
    { "case.callbacks", "", "{}" },
    { "look.number", "别人的", "{\"id\":\"{case}\"}" },
    { "look.number", "自己手上的", "{\"id\":\"{case}\"}" },
    { "case.remake-words", "", "{\"county\":7}" },
    { "case.bulk-preview", "别人的", "{\"rows\":[{\"id\":\"{case}\"}]}" },
    { "case.bulk", "别人的", BULK_JSON },
    { "case.wordings", "别人的", "{\"id\":\"{case}\"}" },
    { "wording.make", "", WORDING_JSON },
    { "wording.list", "", "{\"kind\":\"template\"}" },
    { "wording.change", "没有的",
      "{\"id\":\"{case}\",\"version\":1,\"title\":\"好\",\"words\":\"好\"}" },
    { "wording.end", "没有的", "{\"id\":\"{case}\",\"version\":1}" },
    { "wording.suggest", "", "{\"typed\":\"路灯\",\"area\":\"" TOWN_COMMUNITY "\"}" },
    { "case.import-preview", "", IMPORT_JSON },
    { "case.import", "", IMPORT_JSON },
    { "case.clock", "", "{\"id\":\"{case}\"}" },
    { "case.show", "别人的", "{\"id\":\"{case}\"}" },
    { "case.show", "自己报的", "{\"id\":\"{case}\"}" },
    { "case.show", "自己手上的", "{\"id\":\"{case}\"}" },
    { "paper.fetch", "没有的", "{\"id\":\"{case}\"}" },
    { "paper.check", "没有的", "{\"code\":\"00000-00000-00000-00000\"}" },
    { "paper.make", "没有的", "{\"id\":\"{case}\"}" },
    { "look.case", "别人的", "{\"id\":\"{case}\"}" },
    { "look.case", "自己手上的", "{\"id\":\"{case}\"}" },
    { "look.of-case", "别人的", "{\"id\":\"{case}\"}" },
    { "look.of-case", "自己报的", "{\"id\":\"{case}\"}" },
    { "case.list", "我报的", "{\"view\":\"mine\"}" },
    { "case.list", "我手上的", "{\"view\":\"tasks\"}" },
    { "case.list", "辖区的", "{\"view\":\"inbox\",\"area\":\"" TOWN_GRID "\"}" },
    { "case.counts", "", "{\"area\":\"" TOWN_GRID "\"}" },
    { "case.alike", "",
      "{\"scene\":\"snap\",\"kind\":\"problem\",\"lat\":32.01,\"lng\":112.12,\"area\":"
      "\"" TOWN_GRID "\"}" },
    { "case.alike", "和别人的一件", "{\"id\":\"{case}\"}" },
    { "case.me_too", "", "{\"id\":\"{case}\"}" },
    { "case.me_too_end", "", "{\"id\":\"{case}\"}" },
    { "case.me_too_list", "", "{}" },
    { "case.targets", "别人的", "{\"id\":\"{case}\"}" },
    { "case.targets", "自己手上的", "{\"id\":\"{case}\"}" },
    { "case.draft", "别人的", "{\"id\":\"{case}\"}" },
    { "case.draft", "自己报的", "{\"id\":\"{case}\"}" },
    { "case.draft", "自己手上的", "{\"id\":\"{case}\"}" },
    { "case.check", "", "{\"says\":\"13907195566\"}" },
    { "case.public", "", "{\"area\":\"" TOWN_COUNTY "\"}" },
    { "case.rates", "",
      "{\"scene\":\"snap\",\"kind\":\"problem\",\"area\":\"" TOWN_GRID "\"}" },
    { "photo.public", "", "{\"id\":\"{photo}\",\"key\":\"0\"}" },
    { "photo.copied", "", "{\"id\":\"{photo}\"}" },
    { "photo.forget-copy", "", "{\"id\":\"{photo}\"}" },
    { "photo.open311", "", "{}" },
    { "photo.upper", "", "{}" },
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
    { "notice.write", "",
      "{\"area\":\"" TOWN_COMMUNITY
      "\",\"audience\":\"all\",\"asks\":\"read\",\"title\":\"停水\","
      "\"words\":\"明天停水\"}" },
    { "notice.correct", "",
      NOTICE_JSON ",\"title\":\"停水\",\"words\":\"好\",\"reason\":\"改期\"}" },
    { "notice.approve", "等复核的", NOTICE_JSON "}" },
    { "notice.return", "等复核的", NOTICE_JSON ",\"why\":\"写明几栋\"}" },
    { "notice.withdraw", "", "{\"id\":\"{notice}\",\"reason\":\"发错了\"}" },
    { "notice.remind", "", "{\"id\":\"{notice}\"}" },
    { "notice.show", "发出的", "{\"id\":\"{notice}\"}" },
    { "notice.show", "等复核的", "{\"id\":\"{notice}\"}" },
    { "notice.read", "", NOTICE_JSON ",\"confirms\":true}" },
    { "notice.list", "", "{\"view\":\"out\",\"area\":\"" TOWN_COMMUNITY "\"}" },
    { "notice.spread", "", "{\"id\":\"{notice}\",\"area\":\"" TOWN_GRID "\"}" },
    { "notice.absent", "", "{\"id\":\"{notice}\",\"area\":\"" TOWN_GRID "\"}" },
    { "notice.answers", "", "{\"id\":\"{notice}\",\"area\":\"" TOWN_GRID "\"}" },
    { "notice.policy", "", "{\"area\":\"" TOWN_COMMUNITY "\"}" },
    { "notice.policy-set", "", "{\"area\":\"" TOWN_GRID "\",\"review\":true}" },
    { "news.list", "", "{}" },
    { "matter.read", "别人的", "{\"id\":\"{case}\"}" },
    { "matter.read", "自己报的", "{\"id\":\"{case}\"}" },
    { "matter.share", "", "{\"area\":\"" TOWN_COMMUNITY "\"}" },
    { "appoint.windows", "", "{\"area\":\"" TOWN_COMMUNITY "\"}" },
    { "appoint.slots", "", WINDOW_JSON "}" },
    { "appoint.book", "自己约", WINDOW_JSON VISIT_AT ",\"category\":\"高龄津贴\"}" },
    { "appoint.book", "替别人约",
      WINDOW_JSON VISIT_AT ",\"category\":\"高龄津贴\",\"name\":\"陈秀英\",\"phone\":"
                           "\"13797555520\",\"agreed\":\"phone\"}" },
    { "appoint.move", "自己的", "{\"id\":\"{visit}\"" VISIT_AT "}" },
    { "appoint.move", "别人的", "{\"id\":\"{visit}\"" VISIT_AT "}" },
    { "appoint.cancel", "自己的", "{\"id\":\"{visit}\"}" },
    { "appoint.cancel", "别人的", "{\"id\":\"{visit}\",\"reason\":\"来电说病了\"}" },
    { "appoint.list", "自己的", "{}" },
    { "appoint.list", "别人的办件", "{\"case_id\":\"{case}\"}" },
    { "appoint.show", "自己的", "{\"id\":\"{visit}\"}" },
    { "appoint.show", "别人的", "{\"id\":\"{visit}\"}" },
    { "appoint.day", "", WINDOW_JSON "}" },
    { "appoint.mark", "别人的", "{\"id\":\"{visit}\",\"came\":true}" },
    { "appoint.phone", "没留电话的", "{\"id\":\"{visit}\"}" },
    { "appoint.clock", "", "{\"id\":\"{visit}\"}" },
    { "window.close", "",
      WINDOW_JSON ",\"from\":\"2026-12-14T00:00:00+08:00\",\"until\":"
                  "\"2026-12-15T00:00:00+08:00\",\"reason\":\"停电\"}" },
    { "window.closures", "", WINDOW_JSON "}" },
    { "window.open", "没有的", "{\"id\":\"{case}\"}" },
    { "case.upper", "", "{\"message\":\"m1\",\"kind\":\"accepted\",\"seq\":1}" },
    { "upper.show", "", "{\"area\":\"420602\"}" },
    { "upper.list", "", "{\"area\":\"420602\",\"state\":\"stuck\"}" },
    { "upper.again", "", "{\"id\":\"{case}\"}" },
    { "case.upper_back", "", "{\"id\":\"{case}\",\"reason\":\"不等了\"}" },
    { "upper.test", "", "{\"area\":\"420602\"}" },
    { "upper.key", "", "{\"area\":\"420602\"}" },
    { "upper.key_end", "", "{\"id\":\"{case}\"}" },
    { "upper.tried", "", "{\"id\":\"{case}\",\"why\":\"连不上\"}" },
    { "upper.ended", "", "{\"id\":\"{case}\",\"sent\":false}" },
    { "open311.discovery", "", "{}" },
    { "open311.services", "", "{}" },
    { "open311.service", "", "{\"service_code\":\"{service}\"}" },
    { "open311.requests", "", "{}" },
    { "open311.request", "", "{\"service_request_id\":\"{case}\"}" },
    { "open311.token", "", "{\"token\":\"{case}\"}" },
    { "open311.updates", "", "{}" },
    { "case.open311", "",
      "{\"service_code\":\"{service}\",\"lat\":\"32.0103\",\"long\":\"112.1201\"}" },
    { "case.update311", "别人的", UPDATE_JSON },
    { "case.update311", "自己报的", UPDATE_JSON },
};

struct matrix {
    struct town t;
    char        folder[32], upload[64], rows[64];
    int64_t     subject; /* the case that is asked about */
    int64_t     other;   /* and one that is the same thing */
    int64_t     reporter, victim, me, photo, key;
    int         n;
    struct str  scene;   /* a body of scene.load */
    struct str  service; /* a code of open311.services */
    struct str  table;   /* what came of it, growing */
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

/* Theirs this afternoon. */
static void given_visit(struct town *t, int64_t account)
{
    int64_t starts = town_at("2026-11-23T16:10:00+08:00");

    (void)town_count(
        t,
        "PRAGMA synchronous = OFF; BEGIN IMMEDIATE; DELETE FROM appointments;"
        "INSERT INTO appointments (county, id, scene, kind, at_window, area, starts_ms,"
        " ends_ms, seat, state, version, category, account, person, agreed, code, reason,"
        " reminded) VALUES (7, %lld, 'service', 'application', 'counter', '" TOWN_COMMUNITY
        "', %lld, %lld, 1, 'booked', 1, '高龄津贴', %lld, 0, '', '482913', '', 0); COMMIT",
        (long long)VISIT, (long long)starts, (long long)(starts + 20 * 60000),
        (long long)account);
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

    bool    waits = is(sample, "等复核的");
    int64_t reporter = is(sample, "自己报的") ? me : m->reporter;
    m->n++;
    given_visit(t, mine);
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
        "DELETE FROM notices; DELETE FROM notice_texts; DELETE FROM notice_receipts;"
        "INSERT INTO notices (county, id, area, audience, role, houses, asks, state,"
        " version, newest, waits, title, made_by, at_ms, until_ms, reminders, corrections)"
        " VALUES (7, %lld, '" TOWN_COMMUNITY "', 'all', '', '', 'read', '%s', %d, 1, %d,"
        " '停水', %lld, 9999999999990, 9999999999999, 0, 0);"
        "INSERT INTO notice_texts (county, notice, version, title, words, question, photos,"
        " until_ms, reason, state, written_by, written_ms, why) VALUES (7, %lld, 1, '停水',"
        " '好', '', '[]', 9999999999999, '', '%s', %lld, 1, '');"
        "UPDATE matters SET reporter = %lld;"
        "UPDATE photos SET state = '%s', uploader = %lld, owner = (SELECT %s FROM cases "
        "WHERE kind = 'problem' LIMIT 1) WHERE id = %lld;"
        "UPDATE cases SET state = 'handling', bucket = 'handling', reporter = %lld, holder "
        "= '%.*s'"
        " WHERE id = %lld; COMMIT",
        (long long)id_county(mine), (long long)mine, (long long)m->victim,
        (long long)REQUEST, (long long)m->victim,
        strncmp(sample->act, "export.", 7) == 0 ? "agreed" : "waiting", (long long)NOTICE,
        waits ? "waiting" : "standing", !waits, waits, (long long)m->victim,
        (long long)NOTICE, waits ? "waiting" : "out", (long long)m->victim,
        (long long)reporter, photo, (long long)mine, attached, (long long)m->photo,
        (long long)reporter, STR_ARG(holder), (long long)m->subject);
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
        { "notice", NOTICE },
        { "visit", VISIT },
        { "org", m->t.property },
        { "admin", town_account(&m->t, "security") },
        { "resident", town_account(&m->t, "wangfang") },
        { "person", town_count(&m->t, "SELECT id FROM people WHERE name = '王芳'") },
    };

    for (size_t i = 0; i < COUNT(values); i++)
        if (str_eq(name, str_of(values[i].name)))
            return str_fmt(&m->t.arena, "%lld", (long long)values[i].number);
    return str_eq(name, STR("scene"))     ? m->scene
           : str_eq(name, STR("service")) ? m->service
                                          : STR_NONE;
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
        asking.upload = str_of(asking.act->table ? m->rows : m->upload);
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
        struct str got =
            act->slow && !act->table && i ? STR("同左") : cell(m, sample, &people[i]);
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

/* Handed down is what the street's desk has in hand. */
static struct str holder_for(struct matrix *m, const struct scene_move *move)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == EFFECT_HAND_DOWN)
            return STR("d:街道值守@" TOWN_STREET);
    return str_fmt(&m->t.arena, "a:%lld", (long long)town_account(&m->t, "liumin"));
}

static bool about_parts(const struct scene_move *move)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == EFFECT_ANSWER_PART ||
            move->effects[i].kind == EFFECT_EXCUSE_PART)
            return true;
    return false;
}

/* The property company helps, where a move is about that. */
static void put_parts(struct matrix *m, const struct scene_move *move)
{
    (void)town_count(&m->t,
                     "DELETE FROM case_hands; DELETE FROM case_parts;"
                     " UPDATE cases SET parts_open = %d",
                     about_parts(move));
    if (about_parts(move))
        (void)town_count(
            &m->t,
            "INSERT INTO case_parts (county, case_id, part, holder, task, state,"
            " asked_by, asked_ms, warn_ms, due_ms, warned, late, answer) VALUES"
            " (%d, %lld, 1, 'o:%lld', '看看', 'open', 0, 0, 0, %lld, 0, 0, '')",
            TOWN_NUMBER, (long long)m->subject, (long long)m->t.property,
            (long long)clock_now_ms() + DAY_MS);
}

/* The other case: what is linked to, what follows, what it was put into. */
static void put_links(struct matrix *m, const struct scene_move *move)
{
    bool follows = str_eq(move->name, STR("unlink")) || str_eq(move->name, STR("unmerge"));
    bool leads = str_eq(move->name, STR("release"));
    long long subject = m->subject, other = m->other;

    (void)town_count(&m->t,
                     "DELETE FROM case_links; UPDATE cases SET state = 'handling', bucket ="
                     " 'handling', first_id = 0, linked = 0, closed_ms = NULL");
    if (!follows && !leads)
        return;
    (void)town_count(
        &m->t,
        "INSERT INTO case_links (county, case_id, link, first_id, how, who,"
        " made_ms, ended_who, told, heard) VALUES (%d, %lld, 1, %lld, '%s', '',"
        " 0, '', 1, 0);"
        "UPDATE cases SET first_id = %lld, closed_ms = %lld WHERE id = %lld;"
        "UPDATE cases SET linked = 1 WHERE id = %lld",
        TOWN_NUMBER, follows ? subject : other, follows ? other : subject,
        str_eq(move->name, STR("unmerge")) ? "merged" : "same", follows ? other : subject,
        (long long)clock_now_ms(), follows ? subject : other, follows ? other : subject);
}

static void put_into(struct matrix *m, const struct case_kind *kind,
                     const struct scene_move *move)
{
    size_t     state = (size_t)__builtin_ctzll(move->from);
    struct str holder = holder_for(m, move);

    put_parts(m, move);
    put_links(m, move);
    (void)town_count(
        &m->t,
        "PRAGMA synchronous = OFF;"
        "UPDATE case_public SET state = 'out';"
        "UPDATE cases SET state = '%.*s', holder = '%.*s', before = '', category = '燃气',"
        " area = '" TOWN_GRID "', community = '" TOWN_COMMUNITY "', grid = '" TOWN_GRID "',"
        " pause_reason = '等待材料',"
        " reporter = %lld, duty = '社区值守', duty_area = '" TOWN_COMMUNITY "',"
        " answered_ms = %lld WHERE id = %lld",
        STR_ARG(kind->states[state].name), STR_ARG(holder), (long long)m->reporter,
        (long long)(clock_now_ms() - 4 * (int64_t)DAY_MS), (long long)m->subject);
}

static enum rc step(struct matrix *m, const struct scene_move *move, const char *login)
{
    struct town *t = &m->t;
    struct str   photo = STR(""), target = STR(""), name = move->name, part = STR("");

    if (move->needs & NEEDS_PHOTO && *login)
        photo =
            str_fmt(&t->arena, ",\"photos\":[\"%lld\"]", (long long)town_photo(t, login));
    if (move->needs & NEEDS_TARGET)
        target = str_fmt(&t->arena, ",\"target\":{\"kind\":\"account\",\"id\":\"%lld\"}",
                         (long long)town_account(t, "chentao"));
    if (move->needs & NEEDS_TARGETS)
        target = str_fmt(&t->arena, ",\"targets\":[{\"kind\":\"account\",\"id\":\"%lld\"}]",
                         (long long)town_account(t, "chentao"));
    if (move->needs & NEEDS_PART)
        part = STR(",\"part\":1");
    if (move->needs & NEEDS_NOTE)
        part = STR(",\"note\":\"内部说一句\"");
    if (move->needs & NEEDS_PUBLIC)
        part = STR(",\"public\":{\"title\":\"积水\"}");
    struct str more = str_fmt(
        &t->arena,
        ",\"reason\":\"等待材料\",\"text\":\"好\",\"stars\":5,\"category\":\"供水\","
        "\"other\":\"%lld\",\"place\":{\"words\":\"东门\",\"area\":\"" TOWN_NEXT
        "\"}%.*s%.*s%.*s",
        (long long)m->other, STR_ARG(photo), STR_ARG(target), STR_ARG(part));
    return town_move(t, login, m->subject, str_z(&t->arena, name), str_z(&t->arena, more))
        .rc;
}

static void move_all(struct matrix *m, const struct case_kind *kind,
                     const struct scene_move *move)
{
    add(m, "| %.*s |", STR_ARG(move->title));
    for (size_t i = 0; i < COUNT(movers); i++) {
        struct arena_mark mark = arena_mark(&m->t.arena);
        char              came[40];
        put_into(m, kind, move);
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
    (void)snprintf(m->rows, sizeof m->rows, "%s/rows", m->folder);
    file = fopen(m->rows, "we");
    assert_non_null(file);
    (void)fputs("原单号,报事时间,辖区,类别,情况\nA-1,2026-11-03,滨湖社区,其他,灯\n", file);
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

static const struct str open_county[] = { STR_INIT(TOWN_COUNTY) };

static void open_matrix(struct matrix *m, void **state)
{
    *m = (struct matrix){ .table = STR("") };
    open311_told(&(struct open311_options){ open_county, COUNT(open_county), true });
    town_open(&m->t, state);
    open_files(m);
    make_people(m);
    town_load_text(&m->t, test_file(&m->t.arena, STR("scenes/service/scene.yaml")),
                   (const char *const[]){ "duties", "services", NULL });
    town_employ(&m->t, "counter", "邓丽", "服务专员", "desk", TOWN_COMMUNITY);
    struct asking services = town_ask(&m->t, "", "open311.services", "{}");
    m->service =
        json_pick_text(&m->t.arena, town_answer(&services), "items/*/service_code");
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
    m->other = town_case(&m->t, "wangfang", "燃气");
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
