/* Holders and routes: joint handling, transfer, hand down, decisions and precedents, what
 * was filed wrongly, suspending with approval. */
#include "town_cases.h"

#include "base/clock.h"
#include "engine/case/targets.h"
#include "engine/case/precedent.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)

static struct str account_json(struct town *t, const char *login)
{
    return str_fmt(&t->arena, "{\"kind\":\"account\",\"id\":\"%lld\"}",
                   (long long)town_account(t, login));
}

static struct str org_json(struct town *t, int64_t org)
{
    return str_fmt(&t->arena, "{\"kind\":\"org\",\"id\":\"%lld\"}", (long long)org);
}

static struct asking invite(struct town *t, const char *login, int64_t id, struct str one,
                            struct str other)
{
    struct str more = str_fmt(&t->arena, ",\"text\":\"看看电梯\",\"targets\":[%.*s%s%.*s]",
                              STR_ARG(one), other.len ? "," : "", STR_ARG(other));

    return town_move(t, login, id, "invite", str_z(&t->arena, more));
}

static struct asking to_target(struct town *t, const char *login, int64_t id,
                               const char *move, struct str target)
{
    struct str more =
        str_fmt(&t->arena, ",\"text\":\"请办\",\"reason\":\"归他管\",\"target\":%.*s",
                STR_ARG(target));

    return town_move(t, login, id, move, str_z(&t->arena, more));
}

/* In hand at the desk. */
static int64_t in_hand(struct town *t, const char *category)
{
    int64_t id = town_case(t, "wangfang", category);

    ALLOWED(town_move(t, "zhoulan", id, "start", ""));
    return id;
}

static int64_t joint_case(struct town *t)
{
    int64_t id = in_hand(t, "电梯");

    ALLOWED(invite(t, "zhoulan", id, account_json(t, "chentao"), org_json(t, t->property)));
    return id;
}

static bool lists(struct town *t, const char *login, const char *bucket, int64_t id)
{
    struct asking got = town_ask(t, login, "case.list", "{\"view\":\"tasks\"%s}", bucket);

    CHECK_INT(town_must(got), RC_OK);
    return str_has(town_answer(&got), str_fmt(&t->arena, "\"%lld\"", (long long)id));
}

static const struct shown_part *part_of(const struct case_whole *it, size_t i)
{
    assert_true(i < it->parts.n);
    return (const struct shown_part *)it->parts.at + i;
}

/* --------------------------------------------------------- joint handling */

TEST(each_helper_hears_sees_and_finds_their_part_while_it_is_open)
{
    struct town t;

    town_open(&t, state);
    int64_t id = in_hand(&t, "电梯");
    CHECK(!lists(&t, "lishifu", "", id));
    CHECK_INT(town_ask(&t, "lishifu", "case.show", "{\"id\":\"%lld\"}", (long long)id).rc,
              RC_NOT_FOUND);
    ALLOWED(
        invite(&t, "zhoulan", id, account_json(&t, "chentao"), org_json(&t, t.property)));
    CHECK_TEXT(town_newest(&t, "lishifu"),
               STR("社区值守周岚请您协办：看看电梯。请在 11 月 25 日 9:00 前答复。"));
    CHECK(lists(&t, "lishifu", "", id));
    CHECK(lists(&t, "chentao", ",\"bucket\":\"handling\"", id));
    CHECK(!lists(&t, "chentao", ",\"bucket\":\"waiting\"", id));
    struct case_whole it = town_look(&t, "lishifu", id);
    CHECK_INT(it.parts.n, 2);
    CHECK_TEXT(part_of(&it, 1)->title, STR("山水家园物业"));
    CHECK_TEXT(part_of(&it, 1)->task, STR("看看电梯"));
    CHECK(part_of(&it, 1)->yours && !part_of(&it, 0)->yours && it.card.yours);
    CHECK_TEXT(it.card.promise, STR("等您协办，后天 9:00 前答复：看看电梯。"));
    CHECK_TEXT(it.card.due.which, STR("part"));
    CHECK_TEXT(it.holder.title, STR("社区值守 周岚"));
    CHECK(town_may(&t, "lishifu", id, "part_done"));
    CHECK(!town_may(&t, "lishifu", id, "answer"));

    ALLOWED(town_move(&t, "lishifu", id, "part_done", ",\"text\":\"换了钢丝绳\""));
    CHECK_TEXT(town_newest(&t, "zhoulan"),
               STR("物业李师傅答复了协办：换了钢丝绳。还等网格员 陈涛答复。"));
    CHECK(!lists(&t, "lishifu", "", id));
    CHECK_INT(town_ask(&t, "lishifu", "case.show", "{\"id\":\"%lld\"}", (long long)id).rc,
              RC_NOT_FOUND);
    it = town_look(&t, "zhoulan", id);
    CHECK_TEXT(part_of(&it, 1)->state_title, STR("已答复"));
    CHECK_TEXT(part_of(&it, 1)->answer, STR("换了钢丝绳"));
    town_close(&t);
}

TEST(the_lead_closes_it_once_every_part_is_answered_or_excused)
{
    struct town t;

    town_open(&t, state);
    int64_t id = joint_case(&t);
    CHECK(town_may(&t, "zhoulan", id, "answer"));
    REFUSED(town_finish(&t, "zhoulan", id), RC_REFUSED,
            "还等网格员 陈涛、山水家园物业答复协办。请等他们答复，或者先“免去协办”。");
    ALLOWED(town_move(&t, "chentao", id, "part_done", ",\"text\":\"看过了\""));
    REFUSED(town_finish(&t, "zhoulan", id), RC_REFUSED,
            "还等山水家园物业答复协办。请等他们答复，或者先“免去协办”。");
    REFUSED(town_move(&t, "zhoulan", id, "excuse", ",\"part\":1,\"reason\":\"不用了\""),
            RC_REFUSED, "没有这一份协办，或者已经答复过了。");
    ALLOWED(town_move(&t, "zhoulan", id, "excuse", ",\"part\":2,\"reason\":\"厂家来了\""));
    CHECK_TEXT(town_newest(&t, "lishifu"),
               STR("社区值守周岚说您协办的这一份不用办了：厂家来了。"));
    CHECK(!town_may(&t, "zhoulan", id, "excuse"));
    CHECK_INT(town_move(&t, "lishifu", id, "part_done", ",\"text\":\"晚了\"").rc,
              RC_NOT_FOUND);
    ALLOWED(town_finish(&t, "zhoulan", id));
    CHECK_TEXT(town_state(&t, id), STR("answered"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_parts WHERE state = 'open'"), 0);
    town_close(&t);
}

TEST(helpers_are_asked_once_and_only_by_the_lead)
{
    struct town t;

    town_open(&t, state);
    int64_t id = joint_case(&t);
    REFUSED(invite(&t, "zhoulan", id, account_json(&t, "chentao"), STR("")), RC_REFUSED,
            "网格员 陈涛已经在协办了，不用再请。");
    REFUSED(invite(&t, "zhoulan", id, account_json(&t, "zhoulan"), STR("")), RC_REFUSED,
            "社区值守 周岚是牵头的，不用再请来协办。");
    REFUSED(invite(&t, "chentao", id, account_json(&t, "liumin"), STR("")), RC_DENIED,
            "这一步（请协办）不归您办。");
    REFUSED(town_move(&t, "zhoulan", id, "invite", ",\"text\":\"看看\""), RC_REFUSED,
            "请选请哪几方协办。");
    REFUSED(invite(&t, "zhoulan", id, account_json(&t, "wangfang"), STR("")), RC_REFUSED,
            "没有找到要派给的人或单位，请重新选。");
    REFUSED(town_move(&t, "zhoulan", id, "part_done", ",\"text\":\"替他办了\""), RC_DENIED,
            "这一步（协办答复）不归您办。");
    REFUSED(town_move(&t, "chentao", id, "part_done", ",\"text\":\"好\",\"part\":2"),
            RC_REFUSED, "这一份协办不在您手上，或者已经答复过了。");
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_parts"), 2);
    CHECK_INT(town_count(&t, "SELECT parts_open FROM cases"), 2);
    town_close(&t);
}

TEST(a_part_has_a_clock_of_its_own)
{
    struct town t;

    town_open(&t, state);
    int64_t id = joint_case(&t);
    ALLOWED(town_move(&t, "chentao", id, "part_done", ",\"text\":\"看过了\""));
    town_later(&t, 39 * HOUR); /* 80 % of two working days that are two days */
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_newest(&t, "lishifu"),
               STR("您的协办时限快到了。请在 11 月 25 日 9:00 前答复。"));
    CHECK_INT(town_tick(&t), 0); /* once */
    town_later(&t, 9 * HOUR + MINUTE);
    CHECK_INT(town_tick(&t), 1);
    CHECK_TEXT(town_newest(&t, "lishifu"), STR("您的协办超时了，请马上答复。"));
    CHECK_TEXT(town_newest(&t, "zhoulan"),
               STR("山水家园物业的协办超时了，请催一催，或者免去协办。"));
    CHECK(lists(&t, "lishifu", ",\"bucket\":\"late\"", id));
    struct case_whole it = town_look(&t, "zhoulan", id);
    CHECK(part_of(&it, 1)->late);
    CHECK_TEXT(it.holder.title, STR("社区值守 周岚")); /* the lead's own time runs on */
    town_close(&t);
}

TEST(a_case_that_its_reporter_withdraws_leaves_no_part_open)
{
    struct town t;

    town_open(&t, state);
    int64_t id = joint_case(&t);
    ALLOWED(town_move(&t, "zhoulan", id, "escalate", ",\"reason\":\"街道来办\""));
    ALLOWED(town_move(&t, "wangfang", id, "withdraw", ""));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM case_parts WHERE state = 'open'"), 0);
    CHECK_TEXT(town_newest(&t, "lishifu"),
               STR("报事人不用办了，您协办的这一份也不用办了。"));
    town_later(&t, 30 * DAY);
    CHECK_INT(town_tick(&t), 0);
    town_close(&t);
}

/* -------------------------------------------------- transfer and hand down */

TEST(a_transfer_stays_on_its_level_and_keeps_who_had_it)
{
    struct town t;

    town_open(&t, state);
    int64_t id = in_hand(&t, "电梯");
    REFUSED(to_target(&t, "zhoulan", id, "transfer", account_json(&t, "wuqiang")),
            RC_REFUSED, "转办要转给同一级的；往上请用“上报”，往下请用“派单”或“下派”。");
    REFUSED(to_target(&t, "zhoulan", id, "transfer", account_json(&t, "liumin")),
            RC_REFUSED, "转办要转给同一级的；往上请用“上报”，往下请用“派单”或“下派”。");
    REFUSED(to_target(&t, "zhoulan", id, "transfer", account_json(&t, "zhoulan")),
            RC_REFUSED, "这件事已经在社区值守 周岚手上了。");
    REFUSED(to_target(&t, "sunli", id, "transfer", org_json(&t, t.property)), RC_DENIED,
            "这一步（转办）不归您办。");
    ALLOWED(to_target(&t, "zhoulan", id, "transfer", org_json(&t, t.property)));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    struct case_whole          it = town_look(&t, "zhoulan", id);
    const struct shown_tenure *had = it.holders.at;
    CHECK_INT(it.holders.n, 3);
    CHECK_TEXT(had[0].title, STR("社区值守 周岚"));
    CHECK_TEXT(had[0].how, STR("登记分派"));
    CHECK_TEXT(had[0].why, STR("按“其他都给社区值守”分派"));
    CHECK_TEXT(had[1].how, STR("我来办"));
    CHECK_TEXT(had[2].title, STR("山水家园物业"));
    CHECK_TEXT(had[2].how, STR("转办"));
    CHECK_TEXT(had[2].why, STR("归他管"));
    CHECK_TEXT(had[2].by, STR("您"));
    town_close(&t);
}

TEST(handing_down_goes_down)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "树木绿化");
    ALLOWED(town_move(&t, "zhoulan", id, "escalate", ",\"reason\":\"要街道\""));
    REFUSED(to_target(&t, "wuqiang", id, "hand_down", account_json(&t, "tangrui")),
            RC_REFUSED, "下派要派给下面一级的；同一级请用“转办”，往上请用“上报”。");
    ALLOWED(to_target(&t, "wuqiang", id, "hand_down", account_json(&t, "chentao")));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    CHECK_TEXT(town_look(&t, "wuqiang", id).holder.title, STR("网格员 陈涛"));
    town_close(&t);
}

/* ------------------------------------------------ decisions and precedents */

static struct target_shown first_target(struct town *t, const char *login, int64_t id)
{
    struct asking got =
        town_ask(t, login, "case.targets", "{\"id\":\"%lld\"}", (long long)id);
    struct target_shown shown = { 0 };
    struct json_member  first;
    struct problems     problems;

    CHECK_INT(town_must(got), RC_OK);
    struct str rest = json_inside(town_member(t, town_answer(&got), "items"));
    assert_true(json_member(&t->arena, &rest, &first));
    problems_init(&problems, &t->arena);
    CHECK_INT(json_read(&t->arena, first.value, target_shown_fields, TARGET_NFIELDS, &shown,
                        &problems),
              RC_OK);
    return shown;
}

static int64_t reported(struct town *t, const char *login, const char *what)
{
    struct str fields =
        str_fmt(&t->arena,
                "{\"category\":\"占道经营\",\"what\":\"%s\",\"where\":"
                "{\"lat\":32.0103,\"lng\":112.1201,\"area\":\"" TOWN_GRID "\"}}",
                what);
    struct asking got = town_report(t, login, str_z(&t->arena, fields));

    CHECK_INT(town_must(got), RC_OK);
    return town_id(t, &got, "id");
}

TEST(what_was_decided_is_a_precedent_that_is_suggested_and_followed)
{
    struct town t;

    town_open(&t, state);
    int64_t id = reported(&t, "wangfang", "湖边步道夜里摆摊卖烧烤");
    CHECK(!first_target(&t, "zhoulan", id).precedent);
    ALLOWED(town_move(&t, "zhoulan", id, "escalate", ",\"reason\":\"说不清归谁\""));
    ALLOWED(town_move(&t, "wuqiang", id, "escalate", ",\"reason\":\"说不清归谁\""));
    REFUSED(town_move(&t, "hejing", id, "decide", ",\"reason\":\"归燃气\""), RC_REFUSED,
            "请选派给谁。");
    REFUSED(to_target(&t, "wuqiang", id, "decide", org_json(&t, t.gas)), RC_DENIED,
            "这一步（权属裁定）不归您办。");
    ALLOWED(to_target(&t, "hejing", id, "decide", org_json(&t, t.gas)));
    CHECK_TEXT(town_look(&t, "hejing", id).holder.title, STR("襄城燃气"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM precedents"), 1);

    int64_t other = reported(&t, "zhaojianguo", "楼下小店的货堆到了马路上");
    struct target_shown shown = first_target(&t, "zhoulan", other);
    CHECK(shown.precedent);
    CHECK_TEXT(shown.title, STR("先例：襄城燃气"));
    CHECK_TEXT(shown.note, STR("11 月 23 日 9:00 1123-0001 号裁定，归他管。在办 1 件"));
    CHECK_TEXT(town_look(&t, "zhoulan", other).holder.title, STR("社区值守 周岚"));

    int64_t alike = reported(&t, "zhaojianguo", "湖边步道又有人摆摊卖烧烤");
    struct case_whole        it = town_look(&t, "hejing", alike);
    const struct shown_step *opened = it.timeline.at;
    CHECK_TEXT(it.holder.title, STR("襄城燃气"));
    CHECK_TEXT(opened->route,
               STR("按先例分派：11 月 23 日 9:00 1123-0001 号裁定，归他管。"));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE duty = '社区值守'"), 3);
    town_close(&t);
}

TEST(likeness_is_counted_in_pairs_of_characters)
{
    CHECK_INT(likeness(STR("路灯不亮"), STR("楼道路灯不亮了")), 100);
    CHECK_INT(likeness(STR("路灯不亮"), STR("路灯很亮")), 33);
    CHECK_INT(likeness(STR("路灯"), STR("灯路")), 0);
    CHECK_INT(likeness(STR("路，灯"), STR("路，灯")), 0);
    CHECK_INT(likeness(STR(""), STR("路灯")), 0);
}

/* ---------------------------------------------------------- filed wrongly */

TEST(a_wrong_category_is_put_right_and_goes_to_whom_it_belongs)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "其他");
    REFUSED(town_move(&t, "zhoulan", id, "recategorise", ",\"reason\":\"是燃气\""),
            RC_REFUSED, "请选改成哪一类。");
    REFUSED(town_move(&t, "zhoulan", id, "recategorise",
                      ",\"reason\":\"是\",\"category\":\"飞碟\""),
            RC_INVALID, "类别里没有“飞碟”这一项，请从列出的里面选。");
    REFUSED(town_move(&t, "zhoulan", id, "recategorise",
                      ",\"reason\":\"是\",\"category\":\"其他\""),
            RC_REFUSED, "现在就是“其他”，请选另一类。");
    REFUSED(town_move(&t, "wangfang", id, "recategorise",
                      ",\"reason\":\"是\",\"category\":\"燃气\""),
            RC_DENIED, "这一步（改类别）不归您办。");
    ALLOWED(town_move(&t, "zhoulan", id, "recategorise",
                      ",\"reason\":\"是燃气\",\"category\":\"燃气\""));
    struct case_whole        it = town_look(&t, "zhoulan", id);
    const struct shown_step *step = it.timeline.at;
    CHECK_TEXT(it.card.category, STR("燃气"));
    CHECK_TEXT(it.holder.title, STR("襄城燃气"));
    CHECK_TEXT(step->route, STR("按“燃气、供水和煤气味交给区公用事业”分派"));
    CHECK_TEXT(town_newest(&t, "wangfang"),
               STR("您报的事改成“燃气”类，现在由襄城燃气负责，不用重新报。"));
    CHECK(lists(&t, "gaogong", "", id));
    CHECK(!lists(&t, "zhoulan", "", id));
    CHECK_INT(town_count(&t, "SELECT count(*) FROM cases WHERE fields LIKE '%%燃气%%'"), 1);
    town_close(&t);
}

#define PLACE(area)                                                                           \
    ",\"reason\":\"报错了\",\"place\":{\"lat\":32.02,\"lng\":112.13,\"words\":\"东门\"," \
    "\"source\":\"map\",\"area\":\"" area "\"}"

TEST(a_wrong_place_is_put_right_and_goes_to_the_desk_there)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "其他");
    REFUSED(town_move(&t, "zhoulan", id, "relocate", PLACE("420606001001")), RC_REFUSED,
            "新位置不在襄城区，请上报，由上一级交给那边。");
    REFUSED(town_move(&t, "zhoulan", id, "relocate", ",\"reason\":\"报错了\",\"place\":7"),
            RC_INVALID, "位置要给出坐标或文字说明。");
    REFUSED(town_move(&t, "zhoulan", id, "relocate",
                      ",\"reason\":\"报错了\",\"place\":{\"words\":\"那边\"}"),
            RC_INVALID, "请选到社区。");
    ALLOWED(town_move(&t, "zhoulan", id, "relocate", PLACE(TOWN_NEXT)));
    struct case_whole it = town_look(&t, "mali", id);
    CHECK_TEXT(it.holder.title, STR("社区值守 马丽"));
    CHECK_TEXT(it.card.place, STR("东门"));
    CHECK_INT(town_ask(&t, "zhoulan", "case.show", "{\"id\":\"%lld\"}", (long long)id).rc,
              RC_NOT_FOUND);
    CHECK(str_has(town_newest(&t, "wangfang"), STR("不用重新报。")));
    /* Counted where it is, and no more where it was. */
    CHECK_INT(
        town_count(&t,
                   "SELECT n FROM case_counts WHERE level = 5 AND area = '" TOWN_COMMUNITY
                   "' AND bucket = 'waiting'"),
        0);
    CHECK_INT(town_count(&t,
                         "SELECT n FROM case_counts WHERE level = 5 AND area = '" TOWN_NEXT
                         "' AND bucket = 'waiting'"),
              1);
    town_close(&t);
}

/* ---------------------------------------------------------------- routing */

TEST(the_row_that_decided_is_told_in_words)
{
    struct town t;

    town_open(&t, state);
    int64_t                  id = town_case(&t, "wangfang", "燃气");
    struct case_whole        it = town_look(&t, "wangfang", id);
    const struct shown_step *step = it.timeline.at;
    CHECK_TEXT(step->route, STR("按“燃气、供水和煤气味交给区公用事业”分派"));
    /* A grid without a worker: the desk takes it up, and that is told. */
    id = town_case_in(&t, "wangfang", "市容环境", TOWN_NEXT "001");
    it = town_look(&t, "wangfang", id);
    step = it.timeline.at;
    CHECK_TEXT(step->route,
               STR("按“市容和垃圾先给网格员”分派；网格员现在没有人，由社区值守接"));
    town_close(&t);
}

TEST(a_place_known_only_to_its_street_goes_to_the_streets_desk)
{
    struct town t;

    town_open(&t, state);
    int64_t                  id = town_case_in(&t, "wangfang", "其他", TOWN_STREET);
    struct case_whole        it = town_look(&t, "wangfang", id);
    const struct shown_step *step = it.timeline.at;
    CHECK_TEXT(it.holder.title, STR("街道值守 吴强"));
    CHECK_TEXT(step->route, STR("没有规则适合，交给街道值守"));
    town_close(&t);
}

TEST(routes_know_what_time_it_is)
{
    struct town t;

    town_open(&t, state);
    CHECK_TEXT(town_look(&t, "hejing", town_case(&t, "wangfang", "治安")).holder.title,
               STR("社区值守 周岚"));
    town_clock(&t, "2026-11-23T22:30:00+08:00");
    CHECK_TEXT(town_look(&t, "hejing", town_case(&t, "wangfang", "治安")).holder.title,
               STR("街道值守 吴强"));
    town_load_scene(&t, "category = \"治安\" and (hour >= 22 or hour < 6)",
                    "not office_hours or weekday > 5");
    CHECK_TEXT(town_look(&t, "hejing", town_case(&t, "wangfang", "其他")).holder.title,
               STR("街道值守 吴强"));
    town_clock(&t, "2026-11-24T10:00:00+08:00");
    CHECK_TEXT(town_look(&t, "hejing", town_case(&t, "wangfang", "其他")).holder.title,
               STR("社区值守 周岚"));
    town_clock(&t, "2026-11-28T10:00:00+08:00"); /* Saturday */
    CHECK_TEXT(town_look(&t, "hejing", town_case(&t, "wangfang", "其他")).holder.title,
               STR("街道值守 吴强"));
    town_close(&t);
}

/* ------------------------------------------------- suspending with approval */

TEST(a_case_is_suspended_when_somebody_who_leads_agrees)
{
    struct town t;

    town_open(&t, state);
    int64_t id = town_case(&t, "wangfang", "照明电路");
    ALLOWED(town_send(&t, "zhoulan", id, "liumin"));
    ALLOWED(town_move(&t, "liumin", id, "suspend", ",\"reason\":\"等待材料：灯具\""));
    struct case_whole it = town_look(&t, "wangfang", id);
    CHECK_TEXT(it.card.state_title, STR("暂缓待批"));
    CHECK(!str_eq(it.card.due.state, STR("hold"))); /* it runs until somebody agrees */
    CHECK_TEXT(town_newest(&t, "sunli"), STR("网格员刘敏申请暂缓：等待材料：灯具。"));
    REFUSED(town_move(&t, "liumin", id, "allow", ""), RC_DENIED,
            "这一步（同意暂缓）不归您办。");
    REFUSED(town_move(&t, "zhoulan", id, "allow", ""), RC_DENIED,
            "这一步（同意暂缓）不归您办。");
    REFUSED(town_move(&t, "sunli", id, "decline", ""), RC_REFUSED, "请写明原因。");
    ALLOWED(town_move(&t, "sunli", id, "decline", ",\"reason\":\"库房有\""));
    CHECK_TEXT(town_state(&t, id), STR("handling"));
    CHECK_TEXT(town_newest(&t, "liumin"), STR("社区书记孙丽不同意暂缓：库房有。请在 11 月 "
                                              "26 日 9:00 前办好。"));
    ALLOWED(town_move(&t, "liumin", id, "suspend", ",\"reason\":\"等待材料：灯具\""));
    ALLOWED(town_move(&t, "sunli", id, "allow", ""));
    it = town_look(&t, "wangfang", id);
    CHECK_TEXT(it.card.due.state, STR("hold"));
    CHECK_TEXT(it.card.promise, STR("暂停计时：等待材料：灯具。"));
    CHECK_TEXT(town_newest(&t, "wangfang"), STR("社区书记孙丽同意暂缓：等待材料：灯具。"));
    town_close(&t);
}

/* -------------------------------------------------------------- stand-ins */

#define UNTIL "\"until\":\"2026-11-27T09:00:00+08:00\""

static struct asking leave(struct town *t, const char *login, const char *stand_in,
                           const char *more)
{
    return town_ask(t, login, "leave.make", "{\"stand_in\":\"%lld\"%s," UNTIL "}",
                    (long long)town_account(t, stand_in), more);
}

TEST(who_stands_in_has_what_the_other_had_while_it_lasts)
{
    struct town t;

    town_open(&t, state);
    int64_t duty = town_case(&t, "wangfang", "树木绿化"), own = in_hand(&t, "电梯");
    CHECK_INT(town_move(&t, "mali", duty, "accept", "").rc, RC_NOT_FOUND);
    struct asking made =
        leave(&t, "zhoulan", "mali", ",\"from\":\"2026-11-24T09:00:00+08:00\"");
    ALLOWED(made);
    CHECK_TEXT(town_newest(&t, "mali"),
               STR("11 月 24 日 9:00 到 11 月 27 日 9:00，请您代社区值守 周岚办件。"));
    CHECK_INT(town_move(&t, "mali", duty, "accept", "").rc, RC_NOT_FOUND); /* not yet */
    town_clock(&t, "2026-11-24T09:00:01+08:00");
    CHECK(lists(&t, "mali", "", duty) && lists(&t, "mali", "", own));
    CHECK(town_may(&t, "mali", own, "answer"));
    ALLOWED(town_move(&t, "mali", duty, "accept", ""));
    size_t told = town_messages(&t, "mali");
    (void)town_case(&t, "zhaojianguo", "树木绿化");
    CHECK_INT(town_messages(&t, "mali"), told + 1);
    CHECK(lists(&t, "zhoulan", "", own)); /* who is away may still look */
    ALLOWED(town_ask(&t, "zhoulan", "leave.end", "{\"id\":\"%lld\"}",
                     (long long)town_id(&t, &made, "id")));
    CHECK_TEXT(town_newest(&t, "mali"), STR("社区值守 周岚回来了，您的代班到此为止。"));
    CHECK(!lists(&t, "mali", "", own));
    CHECK_INT(town_move(&t, "mali", own, "invite", "").rc, RC_NOT_FOUND);
    CHECK_INT(town_ask(&t, "zhoulan", "leave.end", "{\"id\":\"%lld\"}",
                       (long long)town_id(&t, &made, "id"))
                  .rc,
              RC_NOT_FOUND);
    town_close(&t);
}

TEST(it_ends_by_itself_and_is_passed_on_to_nobody)
{
    struct town t;

    town_open(&t, state);
    int64_t own = in_hand(&t, "电梯");
    ALLOWED(leave(&t, "zhoulan", "mali", ""));
    ALLOWED(leave(&t, "mali", "wuqiang", "")); /* only mali's own duties go on */
    CHECK(lists(&t, "mali", "", own));
    CHECK(!lists(&t, "wuqiang", "", own));
    town_clock(&t, "2026-11-27T09:00:01+08:00");
    CHECK(!lists(&t, "mali", "", own));
    CHECK_INT(town_ask(&t, "mali", "case.show", "{\"id\":\"%lld\"}", (long long)own).rc,
              RC_NOT_FOUND);
    town_close(&t);
}

TEST(leave_is_ones_own_or_set_by_who_leads_there)
{
    struct town t;

    town_open(&t, state);
    struct str for_liumin =
        str_fmt(&t.arena, ",\"account\":\"%lld\"", (long long)town_account(&t, "liumin"));
    const char *of = str_z(&t.arena, for_liumin);
    CHECK_INT(leave(&t, "zhoulan", "chentao", of).rc, RC_NOT_FOUND);
    CHECK_INT(leave(&t, "mali", "chentao", of).rc, RC_NOT_FOUND);
    CHECK_INT(leave(&t, "security", "chentao", of).rc, RC_NOT_FOUND);
    ALLOWED(leave(&t, "sunli", "chentao", of));
    CHECK(str_has(town_newest(&t, "liumin"), STR("由网格员 陈涛代您办件。")));
    struct asking mine = town_ask(&t, "chentao", "leave.list", "{}");
    CHECK_INT(town_items(&t, &mine), 1);
    town_close(&t);
}

TEST(a_stand_in_is_a_colleague_who_works_and_is_there)
{
    struct town t;

    town_open(&t, state);
    REFUSED(leave(&t, "zhoulan", "zhoulan", ""), RC_REFUSED,
            "不能由自己代自己，请选一位同事。");
    REFUSED(leave(&t, "zhoulan", "wangfang", ""), RC_REFUSED,
            "请选一位在本区县有办件职责的同事来代。");
    REFUSED(leave(&t, "zhoulan", "security", ""), RC_REFUSED,
            "请选一位在本区县有办件职责的同事来代。");
    REFUSED(leave(&t, "wangfang", "zhoulan", ""), RC_REFUSED, "这个账号没有可以代的职责。");
    REFUSED(leave(&t, "security", "zhoulan", ""), RC_REFUSED, "这个账号没有可以代的职责。");
    REFUSED(leave(&t, "zhoulan", "mali", ",\"from\":\"2026-11-28T09:00:00+08:00\""),
            RC_REFUSED, "代到什么时候，要晚于开始和现在。");
    REFUSED(town_ask(&t, "zhoulan", "leave.make",
                     "{\"stand_in\":\"%lld\",\"until\":\"2027-11-27T09:00:00+08:00\"}",
                     (long long)town_account(&t, "mali")),
            RC_REFUSED, "一次最多代 62 天；再长请安全管理员调整职责。");
    ALLOWED(leave(&t, "zhoulan", "mali", ""));
    REFUSED(leave(&t, "zhoulan", "wuqiang", ""), RC_REFUSED,
            "这段时间已经安排了代班，请先结束那一次。");
    REFUSED(leave(&t, "wuqiang", "zhoulan", ""), RC_REFUSED,
            "这位同事那几天也请了假，请另选一位。");
    town_close(&t);
}

static bool could(struct town *t, const char *login, const char *colleague)
{
    struct asking asked = town_ask(t, login, "leave.colleagues", "{}");
    struct str    id =
        str_fmt(&t->arena, "\"account\":\"%lld\"", (long long)town_account(t, colleague));

    CHECK_INT(asked.rc, RC_OK);
    return str_has(town_answer(&asked), id);
}

TEST(who_could_stand_in_are_colleagues_near_by_who_are_there)
{
    struct town t;

    town_open(&t, state);
    CHECK(could(&t, "zhoulan", "sunli") && could(&t, "zhoulan", "chentao"));
    CHECK(!could(&t, "zhoulan", "zhoulan"));  /* oneself */
    CHECK(!could(&t, "zhoulan", "wangfang")); /* a resident */
    CHECK(!could(&t, "zhoulan", "mali"));     /* of another community */
    CHECK(could(&t, "chentao", "liumin") && could(&t, "wuqiang", "mali"));
    CHECK(!could(&t, "security", "zhoulan") && !could(&t, "wangfang", "zhoulan"));
    ALLOWED(leave(&t, "sunli", "chentao", ""));
    CHECK(!could(&t, "zhoulan", "sunli")); /* away by now */
    town_close(&t);
}

TEST(why_somebody_is_away_is_not_for_who_stands_in)
{
    struct town t;

    town_open(&t, state);
    ALLOWED(leave(&t, "zhoulan", "mali", ",\"reason\":\"去医院复查\""));
    struct asking own = town_ask(&t, "zhoulan", "leave.list", "{}");
    CHECK(str_has(town_answer(&own), STR("去医院复查")));
    struct asking stands_in = town_ask(&t, "mali", "leave.list", "{}");
    CHECK_INT(town_items(&t, &stands_in), 1);
    CHECK(!str_has(town_answer(&stands_in), STR("去医院复查")));
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(who_could_stand_in_are_colleagues_near_by_who_are_there),
        ON_BOTH(why_somebody_is_away_is_not_for_who_stands_in),
        ON_BOTH(who_stands_in_has_what_the_other_had_while_it_lasts),
        ON_BOTH(it_ends_by_itself_and_is_passed_on_to_nobody),
        ON_BOTH(leave_is_ones_own_or_set_by_who_leads_there),
        ON_BOTH(a_stand_in_is_a_colleague_who_works_and_is_there),
        ON_BOTH(each_helper_hears_sees_and_finds_their_part_while_it_is_open),
        ON_BOTH(the_lead_closes_it_once_every_part_is_answered_or_excused),
        ON_BOTH(helpers_are_asked_once_and_only_by_the_lead),
        ON_BOTH(a_part_has_a_clock_of_its_own),
        ON_BOTH(a_case_that_its_reporter_withdraws_leaves_no_part_open),
        ON_BOTH(a_transfer_stays_on_its_level_and_keeps_who_had_it),
        ON_BOTH(handing_down_goes_down),
        ON_BOTH(what_was_decided_is_a_precedent_that_is_suggested_and_followed),
        cmocka_unit_test(likeness_is_counted_in_pairs_of_characters),
        ON_BOTH(a_wrong_category_is_put_right_and_goes_to_whom_it_belongs),
        ON_BOTH(a_wrong_place_is_put_right_and_goes_to_the_desk_there),
        ON_BOTH(the_row_that_decided_is_told_in_words),
        ON_BOTH(a_place_known_only_to_its_street_goes_to_the_streets_desk),
        ON_SQLITE(routes_know_what_time_it_is),
        ON_BOTH(a_case_is_suspended_when_somebody_who_leads_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
