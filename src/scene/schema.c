#include "scene/schema.h"

#include "guard/actor.h"

// clang-format off

/* ---- closed words ---- */

#define WORD(word_, zh_)         { .word = STR_INIT(word_), .zh = STR_INIT(zh_) },
#define NOTED(word_, zh_, note_) { .word = STR_INIT(word_), .zh = STR_INIT(zh_), .doc = STR_INIT(note_) },
#define WORDS(name, title_, table)                                                     \
    const struct words name = { .title = STR_INIT(title_), .all = (table), .n = COUNT(table) }

static const struct word asks_table[] = {
#define ASKS(name, word_, zh_, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word needs_table[] = {
#define NEEDS(name, word_, zh_, of, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word clock_table[] = {
#define CLOCK(name, word_, zh_, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word effect_table[] = {
#define EFFECT(name, word_, zh_, takes, of, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word status_table[] = {
#define STATUS(name, word_, zh_, open, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word answers_table[] = {
#define ANSWERS(name, word_, zh_, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word channel_table[] = {
#define CHANNEL(name, word_, zh_, right, takes, note_) NOTED(word_, zh_, note_)
#include "scene/words.def"
};
static const struct word grade_table[] = {
    [GRADE_OPEN] = { STR_INIT("open"), STR_INIT("公开"), STR_INIT("谁都能看") },
    [GRADE_INNER] = { STR_INIT("inner"), STR_INIT("内部"), STR_INIT("办理的人能看") },
    [GRADE_PERSONAL] = { STR_INIT("personal"), STR_INIT("个人"), STR_INIT("加密保存，按职责打码") },
    [GRADE_SENSITIVE] = { STR_INIT("sensitive"), STR_INIT("敏感"),
                          STR_INIT("加密保存，写明理由才能看") },
};
static const struct word level_table[] = {
    WORD("province", "省") WORD("city", "市") WORD("county", "区县")
    WORD("street", "街道") WORD("community", "社区") WORD("grid", "网格")
};
static const struct word role_table[] = {
#define RIGHT(name, word, title)
#define ROLE(name, word, title, ...) WORD(word, title)
#include "guard/roles.def"
#undef RIGHT
#undef ROLE
};
/* Clients greet people by these; rights go by duties, never by these. */
static const struct word people_table[] = {
    WORD("resident", "居民") WORD("rider", "骑手") WORD("grid", "网格员") WORD("desk", "工作台")
    WORD("kiosk", "自助终端")
};
static const struct word weekday_table[] = {
    WORD("sun", "周日") WORD("mon", "周一") WORD("tue", "周二") WORD("wed", "周三")
    WORD("thu", "周四") WORD("fri", "周五") WORD("sat", "周六")
};
static const struct word bool_table[] = { WORD("false", "否") WORD("true", "是") };
static const struct word by_table[] = {
    WORD("area", "辖区") WORD("org", "单位") WORD("category", "类别")
    WORD("day", "日") WORD("month", "月") WORD("quarter", "季度") WORD("year", "年")
};

WORDS(asks_words, "字段类型", asks_table);
WORDS(needs_words, "要填的内容", needs_table);
WORDS(clock_words, "时限", clock_table);
WORDS(effect_words, "效果", effect_table);
WORDS(status_words, "对公众的状态", status_table);
WORDS(answers_words, "上级平台的答复", answers_table);
WORDS(channel_words, "渠道", channel_table);
WORDS(grade_words, "数据分级", grade_table);
WORDS(level_words, "辖区层级", level_table);
WORDS(people_words, "人群", people_table);
WORDS(role_words, "角色", role_table);
WORDS(bool_words, "是否", bool_table);
WORDS(by_words, "分组方式", by_table);
WORDS(weekday_words, "周几", weekday_table);

static_assert(COUNT(asks_table) == ASKS_COUNT && COUNT(needs_table) == NEEDS_COUNT &&
                  COUNT(clock_table) == CLOCK_COUNT && COUNT(effect_table) == EFFECT_COUNT &&
                  COUNT(status_table) == STATUS_COUNT &&
                  COUNT(answers_table) == ANSWERS_COUNT &&
                  COUNT(channel_table) == CHANNEL_COUNT,
              "every word of words.def");

/* ---- the tables of keys ----
 * The first argument names the key's kind and holds the member to its C type. */

#define MUST .required = true
#define MAY  .required = false
#define KEY(kind_, ctype, type_, member, word_, zh_, doc_, ...)                          \
    { .kind = _Generic(((type_ *)0)->member, ctype: (kind_)), .offset = offsetof(type_, member), \
      .word = STR_INIT(word_), .zh = STR_INIT(zh_), .doc = STR_INIT(doc_), __VA_ARGS__ }
#define ARRAY(kind_, element, type_, member, word_, zh_, doc_, ...)                      \
    KEY(kind_, const element *, type_, member, word_, zh_, doc_,                         \
        .count = offsetof(type_, n##member), __VA_ARGS__)
#define INTO(type_, member, schema_, word_, zh_, doc_, ...)                              \
    { .kind = KEY_INTO, .offset = offsetof(type_, member), .sub = &(schema_),            \
      .word = STR_INIT(word_), .zh = STR_INIT(zh_), .doc = STR_INIT(doc_), __VA_ARGS__ }
#define RULE(type_, member, about_, expects, word_, zh_, doc_, ...)                      \
    KEY(KEY_RULE, const struct scene_rule *, type_, member, word_, zh_, doc_,            \
        .about = (about_), .type = (expects), __VA_ARGS__)
#define ROWS(table_, type_, title_, ...)                                                 \
    { .title = STR_INIT(title_), .keys = (table_), .n = COUNT(table_), .size = sizeof(type_), \
      __VA_ARGS__ }
#define ROWS_AT(table_, type_, title_, ...) \
    ROWS(table_, type_, title_, .at = offsetof(type_, at), __VA_ARGS__)
#define NAMED(type_)  .name = offsetof(type_, name)
#define LINE          .one_line = true
#define BLOCK         .one_line = false

#define TEXT(...)    KEY(KEY_TEXT, struct str, __VA_ARGS__)
#define NAME(...)    KEY(KEY_NAME, struct str, __VA_ARGS__)
#define TRUTH(...)   KEY(KEY_BOOL, bool, __VA_ARGS__)
#define NUMBER(...)  KEY(KEY_INT, int64_t, __VA_ARGS__)
#define SPAN(...)    KEY(KEY_SPAN, struct span, __VA_ARGS__)
#define STATES(...)  KEY(KEY_STATES, uint64_t, __VA_ARGS__)
#define FIELDS(...)  KEY(KEY_FIELDS, uint64_t, __VA_ARGS__)
#define TEXTS(...)   ARRAY(KEY_TEXTS, struct str, __VA_ARGS__)
#define EFFECTS(...) ARRAY(KEY_EFFECTS, struct scene_effect, __VA_ARGS__)

static const struct key home_keys[] = {
    TEXTS(struct scene_home, people, "for", "给谁", "首页上给哪些人看", .words = &people_words, MUST),
    NAME(struct scene_home, icon, "icon", "图标", "首页上的图标", MUST),
    TEXT(struct scene_home, says, "says", "一句话", "标题下面的一句话，说它是做什么的", .most = 40, MAY),
    NUMBER(struct scene_home, order, "order", "次序", "首页上排第几", .most = 999, MAY),
};
static const struct schema home_schema = ROWS_AT(home_keys, struct scene_home, "首页", LINE);

static const struct key material_keys[] = {
    TEXT(struct scene_material, title, "title", "标题", "要带什么", .most = 40, MUST),
    TEXT(struct scene_material, example, "example", "样例", "合格的是什么样", .most = 100, MAY),
    TRUTH(struct scene_material, original, "original", "原件", "要看原件，复印件不行", MAY),
};
static const struct schema material_schema =
    ROWS_AT(material_keys, struct scene_material, "材料", LINE);

static const struct key option_keys[] = {
    TEXT(struct scene_option, value, "value", "值", "选项本身", .most = 20, MUST),
    TEXT(struct scene_option, code, "code", "代码", "标准里的类别代码", .most = 20, MAY),
    TEXT(struct scene_option, note, "note", "说明", "给选的人看的一句话", .most = 60, MAY),
    KEY(KEY_METRES, int64_t, struct scene_option, near_m, "near", "多近",
        "这一类离得多近算可能是同一件事；不写就照“相似”里的距离", MAY),
    TEXT(struct scene_option, guide.who, "who", "谁能办", "服务事项：谁能办", .most = 200, MAY),
    TEXT(struct scene_option, guide.says, "guide", "指南", "服务事项：怎么办", MAY),
    KEY(KEY_LIST, const struct scene_material *, struct scene_option, guide.materials, "materials", "材料",
        "服务事项：要带的材料", .count = offsetof(struct scene_option, guide.nmaterials),
        .sub = &material_schema, MAY),
    KEY(KEY_TEXTS, const struct str *, struct scene_option, guide.steps, "steps", "步骤",
        "服务事项：一步一步怎样办", .count = offsetof(struct scene_option, guide.nsteps), MAY),
    SPAN(struct scene_option, guide.promise, "promise", "承诺", "服务事项：承诺多久办好；要写来源", MAY),
    TEXT(struct scene_option, guide.result, "result", "结果", "服务事项：办好了得到什么", .most = 100, MAY),
    TEXT(struct scene_option, guide.fetch, "fetch", "领取", "服务事项：结果怎样领、怎样送", .most = 100, MAY),
    TEXT(struct scene_option, guide.source, "source", "来源", "出自哪个文件；没有出处写“示例，待核定”", .most = 100, MAY),
};
const struct schema option_schema = ROWS_AT(option_keys, struct scene_option, "选项", LINE);

static const struct key field_keys[] = {
    TEXT(struct scene_field, title, "title", "标题", "填写时看到的名称", .most = 20, MUST),
    KEY(KEY_ENUM, enum asks, struct scene_field, asks, "type", "类型", "填什么样的内容",
        .words = &asks_words, MUST),
    KEY(KEY_FROM, struct str, struct scene_field, from, "from", "取自", "选项从哪个列表文件来", MAY),
    ARRAY(KEY_OPTIONS, struct scene_option, struct scene_field, options, "options", "选项",
          "直接写出的选项", MAY),
    TRUTH(struct scene_field, required, "required", "必填", "不填就不能送出", MAY),
    NUMBER(struct scene_field, max, "max", "最多", "文字最多几个字，照片最多几张", .most = 10000, MAY),
    TRUTH(struct scene_field, voice, "voice", "可说", "可以用说的代替打字", MAY),
    TEXT(struct scene_field, help, "help", "说明", "标题下面的一句说明", .most = 100, MAY),
    RULE(struct scene_field, ask, ABOUT_INPUT, RULE_TRUTH, "ask", "何时问", "满足这条规则才问", MAY),
    RULE(struct scene_field, fills, ABOUT_INPUT, 0, "default", "默认", "先替人填上的内容", MAY),
    KEY(KEY_ENUM, enum grade, struct scene_field, grade, "grade", "分级", "谁能看，是否加密保存",
        .words = &grade_words, MAY),
};

enum { TEXT_CHARS = 500 };

static void finish_field(void *row)
{
    struct scene_field *field = row;

    if (!field->max)
        field->max = field->asks == ASKS_TEXT ? TEXT_CHARS : field->asks == ASKS_PHOTOS ? PHOTOS_PER_CASE_MAX : 0;
}

static const struct schema field_schema =
    ROWS_AT(field_keys, struct scene_field, "字段", NAMED(struct scene_field), LINE,
            .finish = finish_field);

static const struct key stop_keys[] = {
    RULE(struct scene_stop, when, ABOUT_INPUT, RULE_TRUTH, "when", "当", "满足这条规则就不往下填", MUST),
    TEXT(struct scene_stop, say, "say", "说", "对填写的人说的话", .most = 200, MUST),
};
static const struct schema stop_schema = ROWS_AT(stop_keys, struct scene_stop, "劝阻", LINE);

static const struct key move_keys[] = {
    TEXT(struct scene_move, title, "title", "标题", "按钮上的字", .most = 12, MUST),
    STATES(struct scene_move, from, "from", "从", "在哪些状态下能办", MUST),
    KEY(KEY_STATE, size_t, struct scene_move, to, "to", "到", "办了以后是什么状态；不写就留在原来的状态", MAY),
    RULE(struct scene_move, by, ABOUT_ASKER, RULE_TRUTH, "by", "由", "谁能办", MUST),
    RULE(struct scene_move, when, ABOUT_CASE, RULE_TRUTH, "when", "当", "满足这条规则才能办", MAY),
    KEY(KEY_WORDS, unsigned, struct scene_move, needs, "needs", "要填", "办的时候要填什么",
        .words = &needs_words, MAY),
    TEXTS(struct scene_move, first, "first", "先找", "选对象时，担任哪些职责的人排在前面", MAY),
    EFFECTS(struct scene_move, effects, "do", "做", "办了以后接着做什么", MAY),
    TEXT(struct scene_move, told, "told", "说成",
         "消息里跟在办的人后面的话，例如“已受理”；要选对象的，可以写“请{对象}来调解”", .most = 20, MAY),
    KEY(KEY_ENUM, enum platform_answer, struct scene_move, upper, "upper", "平台答复",
        "上级平台这样答复时，就替它办这一步", .words = &answers_words, MAY),
    TEXT(struct scene_move, say, "say", "说", "不满足 when 时对办的人说的话", .most = 200, MAY),
    { .kind = KEY_TELL, .offset = offsetof(struct scene_move, effects),
      .count = offsetof(struct scene_move, neffects), .word = STR_INIT("tell"),
      .zh = STR_INIT("告知"), .doc = STR_INIT("告知谁；是 do: tell(…) 的简写") },
};

static void finish_move(void *row)
{
    ((struct scene_move *)row)->to = MOVE_STAYS;
}

static const struct schema move_schema =
    ROWS_AT(move_keys, struct scene_move, "动作", NAMED(struct scene_move), LINE,
            .finish = finish_move);

static const struct key limit_of_keys[] = {
    RULE(struct scene_limit, when, ABOUT_CASE, RULE_TRUTH, "when", "当", "满足这条规则时", MUST),
    SPAN(struct scene_limit, limit, "limit", "期限", "多久", MUST),
    SPAN(struct scene_limit, urgent, "urgent", "紧急", "紧急的多久", MAY),
};
static const struct schema limit_of_schema = ROWS_AT(limit_of_keys, struct scene_limit, "分类期限", LINE);

static const struct key clock_keys[] = {
    SPAN(struct scene_clock, limit, "limit", "期限", "多久", MUST),
    SPAN(struct scene_clock, urgent, "urgent", "紧急", "紧急的多久", MAY),
    STATES(struct scene_clock, until, "until", "直到", "到了哪些状态就算做到", MAY),
    TEXTS(struct scene_clock, pause, "pause", "可停", "可以因为哪些原因暂停", MAY),
    ARRAY(KEY_LIST, struct scene_limit, struct scene_clock, by, "by", "分类",
          "哪些事另有期限；从上往下，先满足的算", .sub = &limit_of_schema, MAY),
    TRUTH(struct scene_clock, each_holder, "each_holder", "换人重算", "换了承办方就从头算", MAY),
    TRUTH(struct scene_clock, promised, "promised", "照承诺", "类别里写了承诺的，照承诺的期限", MAY),
};
static const struct schema clock_schema = ROWS_AT(clock_keys, struct scene_clock, "时限", LINE);

static const struct key clocks_keys[] = {
#define CLOCK(name, word_, zh_, note_)                                                   \
    { .kind = KEY_INTO, .offset = CLOCK_##name * sizeof(struct scene_clock),             \
      .sub = &clock_schema, .word = STR_INIT(word_), .zh = STR_INIT(zh_),                \
      .doc = STR_INIT(note_) },
#include "scene/words.def"
};
static const struct schema clocks_schema = ROWS(clocks_keys, struct scene_clock[CLOCK_COUNT], "各个时限", BLOCK);

static const struct key parts_keys[] = {
    SPAN(struct scene_parts, limit, "limit", "期限", "每一份多久要答复", MUST),
    SPAN(struct scene_parts, urgent, "urgent", "紧急", "紧急的多久", MAY),
};
static const struct schema parts_schema = ROWS_AT(parts_keys, struct scene_parts, "协办", LINE);

static const struct key route_keys[] = {
    TEXT(struct scene_route, title, "title", "标题", "这一条说的是什么，写进办件的经过：按“…”分派", .most = 40, MAY),
    RULE(struct scene_route, when, ABOUT_CASE, RULE_TRUTH, "when", "当", "满足这条规则时", MAY),
    RULE(struct scene_route, to, ABOUT_TARGET, RULE_TARGET, "to", "给", "交给谁", MUST),
};
static const struct schema route_schema = ROWS_AT(route_keys, struct scene_route, "分派", LINE);

static const struct key alike_keys[] = {
    KEY(KEY_METRES, int64_t, struct scene_alike, distance_m, "distance", "距离",
        "多近，不写就是 250 米；选项另写了 near 的照选项", MAY),
    KEY(KEY_METRES, int64_t, struct scene_alike, staff_m, "staff", "工作人员",
        "给工作人员看的多近，不写就是 1 公里", MAY),
    KEY(KEY_MS, int64_t, struct scene_alike, within_ms, "within", "时间内", "多久以内", MUST),
    FIELDS(struct scene_alike, same, "same", "相同", "哪些字段要相同；选择的字段同一组就算", MAY),
};

static void finish_alike(void *row)
{
    struct scene_alike *alike = row;

    if (!alike->distance_m)
        alike->distance_m = ALIKE_M;
    if (!alike->staff_m)
        alike->staff_m = alike->distance_m > ALIKE_STAFF_M ? alike->distance_m : ALIKE_STAFF_M;
}

static const struct schema alike_schema =
    ROWS_AT(alike_keys, struct scene_alike, "相似", LINE, .finish = finish_alike);

static const struct key public_keys[] = {
    TRUTH(struct scene_public, shown, "default", "默认", "邻居是否看得到", MUST),
    FIELDS(struct scene_public, hide, "hide", "隐去", "哪些字段不给邻居看", MAY),
    FIELDS(struct scene_public, review, "review", "先审", "哪些字段要有人先看过", MAY),
};
static const struct schema public_schema = ROWS_AT(public_keys, struct scene_public, "公开", LINE);

static const struct key rate_keys[] = {
    TEXT(struct scene_rate, title, "title", "标题", "叫什么率", .most = 12, MUST),
    RULE(struct scene_rate, of, ABOUT_RESULT, RULE_TRUTH, "of", "分母", "哪些答复算在内；不写就是全部", MAY),
    RULE(struct scene_rate, good, ABOUT_RESULT, RULE_TRUTH, "good", "分子", "其中哪些算好", MUST),
};
static const struct schema rate_schema =
    ROWS_AT(rate_keys, struct scene_rate, "率", NAMED(struct scene_rate), LINE);

static const struct key status_keys[] = {
    STATES(struct scene_status, in, "in", "在", "在哪些状态下", MUST),
    KEY(KEY_ENUM, enum public_status, struct scene_status, status, "status", "说成",
        "公众平台上看到什么", .words = &status_words, MUST),
};
static const struct schema status_schema = ROWS_AT(status_keys, struct scene_status, "公众状态", LINE);

static const struct key paper_keys[] = {
    TEXT(struct scene_paper, title, "title", "标题", "文书叫什么", .most = 30, MUST),
    TEXTS(struct scene_paper, on, "on", "每当", "办了哪些动作就出一份；再出一份，上一份作废", MUST),
    TEXT(struct scene_paper, issuer, "issuer", "出具", "哪个单位出具的", .most = 60, MUST),
    TEXTS(struct scene_paper, lines, "lines", "正文", "一条一段；{…} 里写字段的名称或占位的词", MUST),
    TEXTS(struct scene_paper, signs, "signs", "签字", "谁在上面签字", MAY),
};
static const struct schema paper_schema =
    ROWS_AT(paper_keys, struct scene_paper, "文书", NAMED(struct scene_paper), BLOCK);

static const struct key window_keys[] = {
    TEXT(struct scene_window, title, "title", "标题", "窗口叫什么", .most = 20, MUST),
    TEXT(struct scene_window, duty, "duty", "职责", "谁值守：哪里有人担任这个职责，哪里就有一个这样的窗口", .most = 20, MUST),
    TEXTS(struct scene_window, items, "items", "事项", "约哪些类别的事；不写就都能约", MAY),
    KEY(KEY_WORDS, unsigned, struct scene_window, week, "week", "周几",
        "只在一周的哪几天开；不写就是上班的日子都开，调休上班的也开", .words = &weekday_words, MAY),
    TEXTS(struct scene_window, hours, "hours", "时段", "几点到几点，例如 9:00-11:30；不写就照日历的办公时段，写了的也不超出它", MAY),
    KEY(KEY_MS, int64_t, struct scene_window, slot_ms, "slot", "每场", "一个时段多长", MUST),
    NUMBER(struct scene_window, people, "people", "人数", "一个时段约几个人；不写就是 1 个", .most = WINDOW_PEOPLE_MAX, MAY),
    KEY(KEY_MS, int64_t, struct scene_window, ahead_ms, "ahead", "提前", "最早提前多久能约，按整天算", MUST),
    NUMBER(struct scene_window, open, "open", "同时", "一个人同时能约几次；不写就是 1 次", .most = APPOINTMENTS_OPEN_MAX, MAY),
    KEY(KEY_MS, int64_t, struct scene_window, change_ms, "change", "改约", "最迟提前多久能自己改、自己取消；不写就是到点以前", MAY),
    NUMBER(struct scene_window, missed, "missed", "爽约", "没来几次以后，要打电话或者到窗口才能约；不写就不管", .most = 20, MAY),
    KEY(KEY_MS, int64_t, struct scene_window, missed_ms, "missed_within", "爽约期限",
        "没来的次数往前数多久；不写就是 90 天", MAY),
};

enum { MISSED_DAYS = 90 };

static void finish_window(void *row)
{
    struct scene_window *window = row;

    if (!window->people)
        window->people = 1;
    if (!window->open)
        window->open = 1;
    if (!window->missed_ms)
        window->missed_ms = MISSED_DAYS * INT64_C(24) * 3600 * 1000;
}

static const struct schema window_schema =
    ROWS_AT(window_keys, struct scene_window, "窗口", NAMED(struct scene_window), LINE,
            .finish = finish_window);

static const struct key kind_keys[] = {
    TEXT(struct case_kind, title, "title", "标题", "这类办件叫什么", .most = 20, MUST),
    ARRAY(KEY_MAP, struct scene_field, struct case_kind, fields, "fields", "字段", "要填的内容",
          .sub = &field_schema, .most = SCENE_FIELDS_MAX, MUST),
    RULE(struct case_kind, urgent, ABOUT_URGENCY, RULE_TRUTH, "urgent", "紧急",
         "满足这条规则就算紧急；不写时看名叫 urgent 的是否字段", MAY),
    ARRAY(KEY_LIST, struct scene_stop, struct case_kind, stops, "stop", "劝阻", "哪些事不在这里办",
          .sub = &stop_schema, MAY),
    ARRAY(KEY_TITLES, struct scene_state, struct case_kind, states, "states", "状态",
          "有哪些状态", .most = SCENE_STATES_MAX, MUST),
    KEY(KEY_STATE, size_t, struct case_kind, begins, "begins", "开始于", "一登记是什么状态", MUST),
    STATES(struct case_kind, ends, "ends", "结束于", "到了哪些状态就结束", MUST),
    ARRAY(KEY_MAP, struct scene_move, struct case_kind, moves, "moves", "动作", "怎样一步步办",
          .sub = &move_schema, .most = SCENE_MOVES_MAX, MUST),
    INTO(struct case_kind, clocks, clocks_schema, "clocks", "时限", "多久要办到哪一步", MAY),
    ARRAY(KEY_EFFECTS, struct scene_effect, struct case_kind, overdue, "overdue", "超时",
          "超过时限做什么", MAY),
    ARRAY(KEY_LIST, struct scene_route, struct case_kind, routes, "route", "分派",
          "一登记交给谁；从上往下，先满足的算", .sub = &route_schema, MUST),
    TRUTH(struct case_kind, precedents, "precedents", "按先例", "裁定过的同样的事，先照先例分派", MAY),
    INTO(struct case_kind, parts, parts_schema, "parts", "协办", "联办时每一份的期限；不写就和办件一样", MAY),
    INTO(struct case_kind, alike, alike_schema, "alike", "相似", "怎样算同一件事", MAY),
    INTO(struct case_kind, shown, public_schema, "public", "公开", "邻居能看到什么", MAY),
    TRUTH(struct case_kind, confidential, "confidential", "保密",
          "只给经手的人看：报的、承办和承办过的、协办的，以及凭职责办得了它的；别人查不到", MAY),
    RULE(struct case_kind, calls, ABOUT_ASKER, RULE_TRUTH, "calls", "看电话",
         "谁在办的时候能看报事人的电话，好联系他：看一次记一次，本人看得到；不写就谁也不能", MAY),
    KEY(KEY_WORDS, unsigned, struct case_kind, channels, "channels", "渠道",
        "从哪些渠道收；不写就是哪个渠道都收", .words = &channel_words, MAY),
    ARRAY(KEY_MAP, struct scene_rate, struct case_kind, rates, "rates", "三率",
          "怎样算办得好：分子除以分母，按单位、辖区、时间统计", .sub = &rate_schema, .most = SCENE_RATES_MAX, MAY),
    ARRAY(KEY_LIST, struct scene_status, struct case_kind, open311, "open311", "公众平台",
          "写了就能由公众平台（Open311）报来、看到；没有列出的状态是收到，结束的是结束",
          .sub = &status_schema, MAY),
    ARRAY(KEY_MAP, struct scene_paper, struct case_kind, papers, "papers", "文书",
          "出哪些文书：有核验码的 PDF，谁拿着都能核对", .sub = &paper_schema, .most = SCENE_LIST_MAX, MAY),
    ARRAY(KEY_MAP, struct scene_window, struct case_kind, windows, "windows", "窗口",
          "哪些窗口能预约：几点到几点、一场几个人、提前多久", .sub = &window_schema, .most = SCENE_KINDS_MAX, MAY),
};

/* Not 0, which is a state: nobody may take what was not written for the first. */
static void finish_kind(void *row)
{
    ((struct case_kind *)row)->begins = SIZE_MAX;
}

const struct schema case_schema =
    ROWS_AT(kind_keys, struct case_kind, "办件", NAMED(struct case_kind), BLOCK,
            .finish = finish_kind);

static const struct key earn_keys[] = {
    { .kind = KEY_EVENT, .offset = offsetof(struct scene_earn, kind),
      .count = offsetof(struct scene_earn, state), .word = STR_INIT("on"), .zh = STR_INIT("每当"),
      .doc = STR_INIT("哪类办件到了哪个状态"), MUST },
    RULE(struct scene_earn, when, ABOUT_POINTS, RULE_TRUTH, "when", "当", "满足这条规则时", MAY),
    RULE(struct scene_earn, points, ABOUT_POINTS, RULE_NUMBER, "points", "得", "得几分", MUST),
    RULE(struct scene_earn, audit, ABOUT_TARGET, RULE_TARGET, "audit", "审核", "由谁审核", MAY),
};
static const struct schema earn_schema = ROWS_AT(earn_keys, struct scene_earn, "得分", LINE);

static const struct key limit_keys[] = {
    NUMBER(struct scene_points, day_max, "day", "每日", "一天最多几分", .most = 1000000, MAY),
    TRUTH(struct scene_points, per_person, "person", "按人", "按人计，不按账号计", MAY),
};
static const struct schema limit_schema = ROWS(limit_keys, struct scene_points, "上限", LINE);

static const struct key points_keys[] = {
    NAME(struct scene_points, book, "book", "账本", "记在哪本账上", MUST),
    ARRAY(KEY_LIST, struct scene_earn, struct scene_points, earns, "earn", "得分",
          "做什么得分；从上往下，先满足的算", .sub = &earn_schema, MUST),
    { .kind = KEY_INTO, .offset = 0, .sub = &limit_schema, .word = STR_INIT("limit"),
      .zh = STR_INIT("上限"), .doc = STR_INIT("最多得几分"), MAY },
};
static const struct schema points_schema = ROWS_AT(points_keys, struct scene_points, "积分", BLOCK);

static const struct key indicator_keys[] = {
    TEXT(struct scene_indicator, title, "title", "标题", "指标叫什么", .most = 20, MUST),
    { .kind = KEY_EVENT, .offset = offsetof(struct scene_indicator, kind),
      .count = offsetof(struct scene_indicator, state), .word = STR_INIT("of"),
      .zh = STR_INIT("统计"), .doc = STR_INIT("哪类办件到了哪个状态"), MUST },
    { .kind = KEY_NAME, .offset = offsetof(struct scene_indicator, good),
      .word = STR_INIT("good"), .zh = STR_INIT("达标"), .doc = STR_INIT("怎样算好：时限.on_time"), MAY },
    TEXTS(struct scene_indicator, by, "by", "分组", "按什么分组", .words = &by_words, MAY),
};
static const struct schema indicator_schema =
    ROWS_AT(indicator_keys, struct scene_indicator, "指标", NAMED(struct scene_indicator), LINE);

static const struct key scene_keys[] = {
    NAME(struct scene, name, "scene", "场景", "场景的名称，通常和文件夹同名", MUST),
    TEXT(struct scene, title, "title", "标题", "场景叫什么", .most = 20, MUST),
    INTO(struct scene, home, home_schema, "home", "首页", "首页上放在哪里", MUST),
    ARRAY(KEY_MAP, struct case_kind, struct scene, kinds, "cases", "办件", "有哪几类办件",
          .sub = &case_schema, .most = SCENE_KINDS_MAX, MUST),
    INTO(struct scene, points, points_schema, "points", "积分", "做什么得积分", MAY),
    ARRAY(KEY_MAP, struct scene_indicator, struct scene, indicators, "indicators", "指标",
          "怎样算办得好", .sub = &indicator_schema, .most = SCENE_LIST_MAX, MAY),
    TEXTS(struct scene, stories, "stories", "故事", "验收用的故事文件", MAY),
};
const struct schema scene_schema = ROWS(scene_keys, struct scene, "场景", BLOCK);

static const struct key duty_keys[] = {
    KEY(KEY_NAME, struct str, struct scene_duty, role, "role", "角色", "有哪些权限",
        .words = &role_words, MUST),
    KEY(KEY_LEVEL, int, struct scene_duty, level, "level", "层级", "在哪一级辖区",
        .words = &level_words, MUST),
    NAME(struct scene_duty, above, "above", "上报给", "办不了时上报给哪个职责", MAY),
    TRUTH(struct scene_duty, leads, "leads", "督办", "督办时要告知", MAY),
};
static const struct schema duty_schema =
    ROWS_AT(duty_keys, struct scene_duty, "职责", NAMED(struct scene_duty), LINE);

static const struct key duties_keys[] = {
    ARRAY(KEY_MAP, struct scene_duty, struct scene, duties, "duties", "职责", "有哪些职责",
          .sub = &duty_schema, .most = SCENE_LIST_MAX, MUST),
};
const struct schema duties_schema = ROWS(duties_keys, struct scene, "职责列表", BLOCK);

static const struct key list_keys[] = {
    ARRAY(KEY_OPTIONS, struct scene_option, struct scene_field, options, "options", "选项",
          "一个一个写，或者“组: 选项”", MUST),
};
const struct schema list_schema = ROWS(list_keys, struct scene_field, "列表", BLOCK);

// clang-format on

/* ---- looking up ---- */

const struct key *schema_key(const struct schema *schema, struct str word)
{
    for (size_t i = 0; i < schema->n; i++)
        if (str_eq(schema->keys[i].word, word) || str_eq(schema->keys[i].zh, word))
            return &schema->keys[i];
    return NULL;
}

enum { NEAR_MAX = 2 * SCENE_LIST_MAX };

struct word schema_nearest(const struct schema *schema, struct str word)
{
    struct str all[NEAR_MAX];
    size_t     n = 0;

    for (size_t i = 0; i < schema->n && n + 2 <= NEAR_MAX; i++) {
        all[n++] = schema->keys[i].word;
        all[n++] = schema->keys[i].zh;
    }
    const struct key *key = schema_key(schema, rule_nearest_of(word, all, n));
    return key ? (struct word){ .word = key->word, .zh = key->zh }
               : (struct word){ .word = STR_NONE };
}

size_t words_find(const struct words *words, struct str word)
{
    size_t i = 0;

    while (i < words->n && !str_eq(words->all[i].word, word) &&
           !str_eq(words->all[i].zh, word))
        i++;
    return i;
}

struct word words_nearest(const struct words *words, struct str word)
{
    struct str all[NEAR_MAX];
    size_t     n = 0;

    for (size_t i = 0; i < words->n && n + 2 <= NEAR_MAX; i++) {
        all[n++] = words->all[i].word;
        all[n++] = words->all[i].zh;
    }
    size_t i = words_find(words, rule_nearest_of(word, all, n));
    return i < words->n ? words->all[i] : (struct word){ .word = STR_NONE };
}
