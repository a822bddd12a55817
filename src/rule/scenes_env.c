/* The tables that the rules in scene files stand on, as far as their types go:
 * enough to parse every rule that was written in the design of scenes. */
#include "rule/world.h"

#define NAME(n, z, t)                                                                      \
    {                                                                                      \
        .name = STR_INIT(n), .zh = STR_INIT(z), .type = (t)                                \
    }
#define PARAM(n, z, t)                                                                     \
    {                                                                                      \
        .name = STR_INIT(n), .zh = STR_INIT(z), .takes = (t)                               \
    }
#define MAYBE(n, z, t)                                                                     \
    {                                                                                      \
        .name = STR_INIT(n), .zh = STR_INIT(z), .takes = (t), .optional = true             \
    }
#define DUTY                                                                               \
    {                                                                                      \
        .name = STR_INIT("duty"), .zh = STR_INIT("职责"), .takes = RULE_TEXT,              \
        .optional = true, .names = STR_INIT("duty")                                        \
    }
#define FUNCTION(n, z, g, p)                                                               \
    {                                                                                      \
        .name = STR_INIT(n), .zh = STR_INIT(z), .gives = (g), .params = (p),               \
        .nparams = COUNT(p), .run = nothing                                                \
    }

static void nothing(struct rule_run *run, const struct rule_record *record,
                    const struct rule_function *function, const struct rule_value *args,
                    size_t nargs, struct rule_value *result)
{
    (void)run, (void)record, (void)function, (void)args, (void)nargs, (void)result;
}

// clang-format off
static const struct rule_param text_param[] = { PARAM("name", "名称", RULE_TEXT) };
static const struct rule_param area_param[] = { PARAM("area", "辖区", RULE_AREA) };
static const struct rule_param number_param[] = { PARAM("n", "几家", RULE_NUMBER) };
static const struct rule_param truth_param[] = { PARAM("rule", "条件", RULE_RULE) };
static const struct rule_param target_param[] = { PARAM("who", "谁", RULE_TARGET) };
static const struct rule_param count_params[] = {
    PARAM("of", "范围", RULE_PERSON | RULE_SET), PARAM("rule", "条件", RULE_RULE) };
static const struct rule_param duty_params[] = {
    DUTY,
    MAYBE("of", "谁的", RULE_PERSON),
    MAYBE("area", "辖区", RULE_AREA) };
static const struct rule_param org_params[] = {
    MAYBE("org", "单位", RULE_TARGET),
    DUTY,
    MAYBE("area", "辖区", RULE_AREA) };
static const struct rule_param window_params[] = {
    PARAM("reading", "读数", RULE_NUMBER), PARAM("duration", "时长", RULE_DURATION) };
static const struct rule_param last_params[] = {
    PARAM("kind", "种类", RULE_EVENT), PARAM("duration", "时长", RULE_DURATION) };

static const struct rule_choice categories[] = {
    { STR_INIT("治安") }, { STR_INIT("燃气") }, { STR_INIT("井盖缺失") }, { STR_INIT("火情") },
    { STR_INIT("市容环境") }, { STR_INIT("供水") }, { STR_INIT("安全隐患") },
};

static const struct rule_name case_names[] = {
    { .name = STR_INIT("category"), .zh = STR_INIT("类别"), .type = RULE_TEXT,
      .choices = categories, .nchoices = COUNT(categories) },
    NAME("urgent", "紧急", RULE_TRUTH), NAME("answered_at", "答复时间", RULE_TIME),
    NAME("county", "本区县", RULE_AREA), NAME("area", "辖区", RULE_AREA),
    NAME("address", "住址", RULE_PLACE), NAME("home", "家", RULE_PLACE),
    NAME("offer.area", "事项.辖区", RULE_AREA), NAME("vote.area", "表决.辖区", RULE_AREA),
    NAME("resolve.on_time", "办结.按时", RULE_TRUTH), NAME("me.phone", "我.电话", RULE_TEXT),
    NAME("age", "年龄", RULE_NUMBER), NAME("wearer", "佩戴人", RULE_PERSON),
    NAME("household", "家里人", RULE_PERSON | RULE_SET), NAME("death", "去世", RULE_TRUTH),
};
static const struct rule_function case_functions[] = {
    FUNCTION("graded", "定级", RULE_TRUTH, text_param),
    FUNCTION("table", "查表", RULE_NUMBER, text_param),
    FUNCTION("tag", "标签", RULE_TRUTH, text_param),
    FUNCTION("skill", "技能", RULE_TRUTH, text_param),
    FUNCTION("lives_in", "住在", RULE_TRUTH, area_param),
    FUNCTION("registered_in", "户籍在", RULE_TRUTH, area_param),
    FUNCTION("moved_out", "迁出", RULE_TRUTH, area_param),
    FUNCTION("household", "家里有", RULE_TRUTH, truth_param),
    FUNCTION("count", "人数", RULE_NUMBER, count_params),
    FUNCTION("compare", "比价", RULE_NUMBER, number_param),
};
static const struct rule_table case_table = {
    STR_INIT("办件"), case_names, COUNT(case_names), case_functions, COUNT(case_functions) };

static const struct rule_name by_names[] = {
    NAME("reporter", "报告人", RULE_TRUTH), NAME("holder", "承办方", RULE_TRUTH),
    NAME("member", "报到党员", RULE_TRUTH), NAME("volunteer", "志愿者", RULE_TRUTH),
    NAME("beneficiary", "受益人", RULE_TRUTH), NAME("verified", "已实名", RULE_TRUTH),
    NAME("employer.org", "工作单位.本单位", RULE_TRUTH), NAME("organiser", "组织者", RULE_TRUTH),
};
static const struct rule_function by_functions[] = {
    FUNCTION("duty", "职责", RULE_TRUTH, duty_params),
};
static const struct rule_table by_table = {
    STR_INIT("谁可以"), by_names, COUNT(by_names), by_functions, COUNT(by_functions) };

static const struct rule_name to_names[] = {
    NAME("reporter", "报告人", RULE_TARGET), NAME("holder", "承办方", RULE_TARGET),
    NAME("family", "家人", RULE_TARGET), NAME("partner", "共建单位", RULE_TARGET),
    NAME("resident_delegates", "居民代表", RULE_TARGET), NAME("ask_rating", "请评价", RULE_EFFECT),
    NAME("escalate", "上报", RULE_EFFECT), NAME("before_payment", "发放前", RULE_EFFECT),
};
static const struct rule_function to_functions[] = {
    FUNCTION("duty", "职责", RULE_TARGET, duty_params),
    FUNCTION("org", "单位", RULE_TARGET, org_params),
    FUNCTION("team", "队伍", RULE_TARGET, area_param),
    FUNCTION("neighbour", "邻居", RULE_TARGET, text_param),
    FUNCTION("list", "名单", RULE_TARGET, target_param),
    FUNCTION("tell", "告诉", RULE_EFFECT, target_param),
};
static const struct rule_table to_table = {
    STR_INIT("给谁"), to_names, COUNT(to_names), to_functions, COUNT(to_functions) };

static const struct rule_name alarm_names[] = {
    NAME("heart", "心率", RULE_NUMBER), NAME("battery", "电量", RULE_NUMBER),
    NAME("worn", "戴着", RULE_TRUTH), NAME("reading", "读数", RULE_EVENT),
    NAME("measure_again", "再测一次", RULE_EVENT),
};
static const struct rule_function alarm_functions[] = {
    FUNCTION("event", "发生", RULE_TRUTH, text_param),
    FUNCTION("sum", "合计", RULE_NUMBER, window_params),
    FUNCTION("avg", "平均", RULE_NUMBER, window_params),
    FUNCTION("min", "最低", RULE_NUMBER, window_params),
    FUNCTION("max", "最高", RULE_NUMBER, window_params),
    FUNCTION("rate", "变化", RULE_NUMBER, window_params),
    FUNCTION("last", "最近", RULE_NUMBER, last_params),
};
static const struct rule_table alarm_table = {
    STR_INIT("告警"), alarm_names, COUNT(alarm_names), alarm_functions, COUNT(alarm_functions) };

static const struct rule_table *const by_tables[] = { &case_table, &by_table, &rule_common };
static const struct rule_table *const to_tables[] = { &case_table, &to_table, &rule_common };
static const struct rule_table *const alarm_tables[] = { &alarm_table, &case_table, &rule_common };
// clang-format on

const struct rule_env by_env = { by_tables, COUNT(by_tables), false };
const struct rule_env to_env = { to_tables, COUNT(to_tables), false };
const struct rule_env alarm_env = { alarm_tables, COUNT(alarm_tables), true };
