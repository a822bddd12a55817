#include "base/area.h"
#include "base/clock.h"
#include "rule/near.h"
#include "rule/number.h"
#include "rule/tree.h"

enum {
    QUANTITY = RULE_NUMBER | RULE_MONEY | RULE_LENGTH,
    ORDERED = QUANTITY | RULE_DATE | RULE_TIME | RULE_DURATION,
    EQUAL = ORDERED | RULE_TEXT | RULE_AREA | RULE_PERSON,
};

static void check(struct reading *r, struct rule *node);

/* ----------------------------------------------------------- saying it */

struct str tree_hint(struct reading *reading, struct str nearest)
{
    return nearest.len ? str_fmt(reading->arena, "，您是不是想写“%.*s”", STR_ARG(nearest))
                       : STR("");
}

void tree_tell(struct reading *reading, int64_t line, int64_t column, const char *format,
               ...)
{
    va_list args;

    va_start(args, format);
    struct str says = str_vfmt(reading->problems->arena, format, args);
    va_end(args);
    reading->told++;
    problem_at(reading->problems, reading->where, line, column, "%.*s", STR_ARG(says));
}

struct str rule_type_word(unsigned type)
{
    static const struct {
        unsigned   type;
        struct str one, set;
    } words[] = {
        { RULE_TRUTH, STR_INIT("条件"), STR_INIT("一组条件") },
        { RULE_NUMBER, STR_INIT("数"), STR_INIT("一组数") },
        { RULE_MONEY, STR_INIT("金额"), STR_INIT("一组金额") },
        { RULE_LENGTH, STR_INIT("长度"), STR_INIT("一组长度") },
        { RULE_TEXT, STR_INIT("文字"), STR_INIT("一组文字") },
        { RULE_DATE, STR_INIT("日期"), STR_INIT("一组日期") },
        { RULE_TIME, STR_INIT("时刻"), STR_INIT("一组时刻") },
        { RULE_DURATION, STR_INIT("时长"), STR_INIT("一组时长") },
        { RULE_PLACE, STR_INIT("位置"), STR_INIT("一组位置") },
        { RULE_AREA, STR_INIT("辖区"), STR_INIT("一组辖区") },
        { RULE_PERSON, STR_INIT("人"), STR_INIT("一组人") },
        { RULE_TARGET, STR_INIT("承办方"), STR_INIT("一组承办方") },
        { RULE_EFFECT, STR_INIT("动作"), STR_INIT("一组动作") },
        { RULE_EVENT, STR_INIT("事件"), STR_INIT("一组事件") },
        { RULE_RULE, STR_INIT("条件"), STR_INIT("一组条件") },
    };

    for (size_t i = 0; i < COUNT(words); i++)
        if (type & words[i].type)
            return type & RULE_SET ? words[i].set : words[i].one;
    return STR("一组");
}

/* "数", "位置或辖区": all that is accepted. */
static struct str accepted(struct reading *r, unsigned takes)
{
    struct str all = STR_NONE;

    if ((takes & RULE_ANY) == RULE_ANY)
        return STR("一个值");
    for (unsigned type = RULE_RULE; type; type >>= 1) {
        struct str word = rule_type_word(type);
        if (takes & type)
            all = !all.at ? word
                          : str_fmt(r->arena, "%.*s%s%.*s", STR_ARG(word),
                                    str_has(all, STR("或")) ? "、" : "或", STR_ARG(all));
    }
    return takes & RULE_SET ? str_fmt(r->arena, "一个或一组%.*s", STR_ARG(all)) : all;
}

static void tell_at(struct reading *r, const struct rule *node, const char *wrong)
{
    tree_tell(r, node->line, node->column, "“%.*s”%s。", STR_ARG(node->text), wrong);
}

/* ------------------------------------------------------ fitting literals */

static bool fits(unsigned type, unsigned takes)
{
    if (type == 0 || type == RULE_SET) /* a mistake that was told; the empty set */
        return type == 0 || (takes & RULE_SET);
    return (type & takes & ~(unsigned)RULE_SET) &&
           (!(type & RULE_SET) || (takes & RULE_SET));
}

static void become(struct rule *node, struct rule_value value)
{
    node->literal.value = value;
    node->type = value.type;
}

static int64_t midnight(int64_t days)
{
    return days * 86400000 - 8 * 3600000;
}

/* A literal takes the type that its place asks for: "420602001" is an area
 * where one is wanted, a date the moment at which it begins. */
static void adapt_literal(struct rule *node, unsigned takes)
{
    const struct rule_value *value = &node->literal.value;
    int64_t                  when;

    if (value->type == RULE_DATE && takes & RULE_TIME)
        become(node, rule_time(midnight(value->days)));
    else if (value->type != RULE_TEXT)
        return;
    else if (takes & RULE_AREA && area_level(value->text))
        become(node, rule_area(value->text));
    else if (takes & RULE_DATE && rule_read_date(value->text, &when))
        become(node, rule_date(when));
    else if (takes & RULE_TIME && clock_parse(value->text, &when))
        become(node, rule_time(when));
}

static void set_items(struct reading *r, struct rule *set);

static void adapt(struct reading *r, struct rule *node, unsigned takes)
{
    if (fits(node->type, takes))
        return;
    if (node->kind == RULE_NODE_CONST)
        adapt_literal(node, takes);
    if (node->kind != RULE_NODE_SET)
        return;
    for (struct rule *item = node->first; item; item = item->next)
        adapt(r, item, takes & ~(unsigned)RULE_SET);
    node->type = (node->first ? node->first->type : 0) | RULE_SET;
    set_items(r, node);
}

static bool lacks_unit(const struct rule *node, unsigned wanted)
{
    return node->kind == RULE_NODE_CONST && node->type == RULE_NUMBER &&
           !node->literal.unit && (wanted & (RULE_MONEY | RULE_LENGTH | RULE_DURATION));
}

static void tell_unit(struct reading *r, const struct rule *node, unsigned wanted)
{
    const char *like = wanted & RULE_MONEY    ? "yuan（元）"
                       : wanted & RULE_LENGTH ? "m（米）"
                                              : "days（天）";

    tree_tell(r, node->line, node->column, "“%.*s”后面要写单位，例如 %.*s %s。",
              STR_ARG(node->text), STR_ARG(node->text), like);
}

/* Is the node, perhaps after adapting, of one of the types?  If not: told. */
static bool want(struct reading *r, struct rule *node, unsigned takes)
{
    adapt(r, node, takes);
    if (fits(node->type, takes))
        return true;
    struct str wanted = accepted(r, takes), is = rule_type_word(node->type);
    if (lacks_unit(node, takes))
        tell_unit(r, node, takes);
    else if (takes == RULE_AREA && node->type == RULE_TEXT)
        tell_at(r, node, "不是辖区代码：应当是 2、4、6、9、12 或 15 位数字");
    else
        tree_tell(r, node->line, node->column, "这里应当是%.*s，“%.*s”却是%.*s。",
                  STR_ARG(wanted), STR_ARG(node->text), STR_ARG(is));
    return false;
}

/* --------------------------------------------------------- closed lists */

struct choices {
    const struct rule_choice *rows;
    size_t                    n;
};

static struct choices choices_of(const struct rule *node)
{
    if (node->kind == RULE_NODE_NAME && node->name)
        return (struct choices){ node->name->choices, node->name->nchoices };
    if (node->kind == RULE_NODE_CALL)
        return (struct choices){ node->function->choices, node->function->nchoices };
    return (struct choices){ NULL, 0 };
}

/* A text beside a closed list must stand in it, and becomes the row's word. */
static void check_choice(struct reading *r, struct rule *node, struct choices choices)
{
    if (node->kind == RULE_NODE_SET) {
        for (struct rule *item = node->first; item; item = item->next)
            check_choice(r, item, choices);
        set_items(r, node);
    }
    if (!choices.n || node->kind != RULE_NODE_CONST || node->type != RULE_TEXT)
        return;
    struct str  text = node->literal.value.text;
    struct near near = near_start(text);
    for (size_t i = 0; i < choices.n; i++) {
        const struct rule_choice *row = &choices.rows[i];
        if (str_eq(text, row->word) || (row->zh.len && str_eq(text, row->zh))) {
            node->literal.value.text = row->word;
            return;
        }
        near_try(&near, row->word, row->zh);
    }
    struct str hint = tree_hint(r, near.word);
    tree_tell(r, node->line, node->column, "没有“%.*s”这一项%.*s。", STR_ARG(text),
              STR_ARG(hint));
}

/* ---------------------------------------------------------------- truths */

static void check_parts(struct reading *r, struct rule *node)
{
    node->constant = true;
    for (struct rule *part = node->first; part; part = part->next) {
        check(r, part);
        node->constant = node->constant && part->constant;
    }
}

static bool want_truth(struct reading *r, struct rule *node)
{
    if (!(node->type & EQUAL) || node->type & RULE_SET)
        return want(r, node, RULE_TRUTH);
    struct str is = rule_type_word(node->type);
    tree_tell(r, node->line, node->column,
              "“%.*s”是%.*s，不是条件；条件要比较，例如写上 = 或 > 再写一个值。",
              STR_ARG(node->text), STR_ARG(is));
    return false;
}

static void check_truths(struct reading *r, struct rule *node)
{
    check_parts(r, node);
    node->type = RULE_TRUTH;
    for (struct rule *part = node->first; part; part = part->next)
        (void)want_truth(r, part);
}

static void check_over(struct reading *r, struct rule *node)
{
    check_parts(r, node);
    node->type = RULE_TRUTH;
    node->constant = false;
    if (!r->env->lasting)
        tree_tell(r, node->line, node->column,
                  "这里只看当前的一条记录，不能写时间上的先后。");
    else if (node->over.test)
        (void)want_truth(r, node->first);
    if (node->kind == RULE_NODE_NO && node->over.name &&
        node->over.name->type != RULE_EVENT)
        tree_tell(r, node->line, node->column, "“%.*s”不是事件，no（无）后面要写事件。",
                  STR_ARG(node->over.name->name));
    if (node->kind != RULE_NODE_WITHIN && node->over.span.unit != RULE_MS)
        tree_tell(r, node->line, node->column, "持续多久要写成分钟、小时或天。");
}

/* ----------------------------------------------------------- comparisons */

static unsigned moment_as_date(unsigned type) /* a time may be compared with a date */
{
    return type == RULE_TIME ? RULE_DATE : type;
}

static bool bare_code(const struct rule *node, const struct rule *beside)
{
    return node->kind == RULE_NODE_CONST && node->type == RULE_NUMBER &&
           beside->type == RULE_AREA;
}

/* Two things that are compared; told when they cannot be. */
static void check_pair(struct reading *r, struct rule *a, struct rule *b, unsigned takes)
{
    if (!a->type || !b->type)
        return;
    if (moment_as_date(a->type) != moment_as_date(b->type)) {
        adapt(r, b, a->type);
        adapt(r, a, b->type);
    }
    unsigned type = moment_as_date(a->type);
    if (lacks_unit(b, a->type)) {
        tell_unit(r, b, a->type);
    } else if (lacks_unit(a, b->type)) {
        tell_unit(r, a, b->type);
    } else if (a->type == RULE_TRUTH || b->type == RULE_TRUTH) {
        tell_at(r, a->type == RULE_TRUTH ? a : b,
                "本身就是条件，直接写就行；要反过来，前面写 not（非）");
    } else if (bare_code(a, b) || bare_code(b, a)) {
        tell_at(r, bare_code(a, b) ? a : b, "要放在引号里，才是辖区代码");
    } else if (type != moment_as_date(b->type)) {
        struct str         left = rule_type_word(a->type), right = rule_type_word(b->type);
        const struct rule *at = b->kind == RULE_NODE_CONST ? b : a;
        tree_tell(r, at->line, at->column, "“%.*s”是%.*s，“%.*s”是%.*s，不能比较。",
                  STR_ARG(a->text), STR_ARG(left), STR_ARG(b->text), STR_ARG(right));
    } else if (!fits(type, takes)) {
        struct str is = rule_type_word(type);
        tree_tell(r, a->line, a->column, "“%.*s”是%.*s，%s。", STR_ARG(a->text),
                  STR_ARG(is), fits(type, EQUAL) ? "只能写 = 或 !=，没有大小" : "不能比较");
    } else {
        check_choice(r, b, choices_of(a));
        check_choice(r, a, choices_of(b));
    }
}

static void check_compare(struct reading *r, struct rule *node)
{
    bool equal = node->kind == RULE_NODE_EQ || node->kind == RULE_NODE_NE;

    check_parts(r, node);
    node->type = RULE_TRUTH;
    check_pair(r, node->first, node->first->next, equal ? EQUAL : ORDERED);
}

static void check_between(struct reading *r, struct rule *node)
{
    struct rule *thing = node->first, *lower = thing->next, *upper = lower->next;
    size_t       before = r->told;

    check_parts(r, node);
    node->type = RULE_TRUTH;
    check_pair(r, thing, lower, ORDERED);
    if (r->told == before)
        check_pair(r, thing, upper, ORDERED);
}

static void check_in(struct reading *r, struct rule *node)
{
    struct rule *thing = node->first, *set = thing->next;

    check_parts(r, node);
    node->type = RULE_TRUTH;
    if (!thing->type || !set->type)
        return;
    if (thing->kind == RULE_NODE_CONST && set->type == (RULE_AREA | RULE_SET))
        adapt(r, thing, RULE_AREA);
    if (thing->type == RULE_PLACE || thing->type == RULE_AREA) {
        (void)want(r, set, RULE_AREA | (set->type & RULE_SET));
    } else if (!(set->type & RULE_SET)) {
        tell_at(r, set,
                "不是一组；in（属于）后面要写方括号的一组，例如 [\"治安\", \"燃气\"]");
    } else if (!fits(thing->type, EQUAL)) {
        tell_at(r, thing, "不是单个的值，不能放在 in（属于）前面");
    } else if (want(r, set, thing->type | RULE_SET)) {
        check_choice(r, set, choices_of(thing));
    }
}

/* ------------------------------------------------------------ arithmetic */

static const struct {
    enum rule_node kind;
    unsigned       left, right, gives; /* gives 0: the type of the left one */
} sums[] = {
    // clang-format off
    { RULE_NODE_ADD, RULE_NUMBER,   RULE_NUMBER },
    { RULE_NODE_ADD, RULE_MONEY,    RULE_MONEY },
    { RULE_NODE_ADD, RULE_LENGTH,   RULE_LENGTH },
    { RULE_NODE_ADD, RULE_DURATION, RULE_DURATION },
    { RULE_NODE_ADD, RULE_DATE,     RULE_DURATION },
    { RULE_NODE_ADD, RULE_TIME,     RULE_DURATION },
    { RULE_NODE_SUB, RULE_NUMBER,   RULE_NUMBER },
    { RULE_NODE_SUB, RULE_MONEY,    RULE_MONEY },
    { RULE_NODE_SUB, RULE_LENGTH,   RULE_LENGTH },
    { RULE_NODE_SUB, RULE_DURATION, RULE_DURATION },
    { RULE_NODE_SUB, RULE_DATE,     RULE_DURATION },
    { RULE_NODE_SUB, RULE_TIME,     RULE_DURATION },
    { RULE_NODE_SUB, RULE_DATE,     RULE_DATE,     RULE_DURATION },
    { RULE_NODE_SUB, RULE_TIME,     RULE_TIME,     RULE_DURATION },
    { RULE_NODE_MUL, QUANTITY | RULE_DURATION, RULE_NUMBER },
    { RULE_NODE_MUL, RULE_NUMBER,   RULE_MONEY,    RULE_MONEY },
    { RULE_NODE_MUL, RULE_NUMBER,   RULE_LENGTH,   RULE_LENGTH },
    { RULE_NODE_MUL, RULE_NUMBER,   RULE_DURATION, RULE_DURATION },
    { RULE_NODE_DIV, QUANTITY | RULE_DURATION, RULE_NUMBER },
    { RULE_NODE_DIV, RULE_MONEY,    RULE_MONEY,    RULE_NUMBER },
    { RULE_NODE_DIV, RULE_LENGTH,   RULE_LENGTH,   RULE_NUMBER },
    { RULE_NODE_DIV, RULE_DURATION, RULE_DURATION, RULE_NUMBER },
    // clang-format on
};

static void tell_sum(struct reading *r, const struct rule *node)
{
    const struct rule *a = node->first, *b = a->next;
    struct str         left = rule_type_word(a->type), right = rule_type_word(b->type);
    const char        *verb = node->kind == RULE_NODE_ADD   ? "相加"
                              : node->kind == RULE_NODE_SUB ? "相减"
                              : node->kind == RULE_NODE_MUL ? "相乘"
                                                            : "相除";

    tree_tell(r, node->line, node->column, "“%.*s”是%.*s，“%.*s”是%.*s，不能%s。",
              STR_ARG(a->text), STR_ARG(left), STR_ARG(b->text), STR_ARG(right), verb);
}

static void check_arithmetic(struct reading *r, struct rule *node)
{
    struct rule *a = node->first, *b = a->next;

    check_parts(r, node);
    if (!a->type || !b->type)
        return;
    for (size_t i = 0; i < COUNT(sums); i++)
        if (sums[i].kind == node->kind && fits(a->type, sums[i].left) &&
            fits(b->type, sums[i].right)) {
            node->type = sums[i].gives ? sums[i].gives : a->type;
            return;
        }
    bool     shift = node->kind == RULE_NODE_ADD || node->kind == RULE_NODE_SUB;
    unsigned moved = shift && a->type & (RULE_DATE | RULE_TIME) ? RULE_DURATION : a->type;
    if (lacks_unit(b, moved))
        tell_unit(r, b, moved);
    else
        tell_sum(r, node);
}

static void check_negate(struct reading *r, struct rule *node)
{
    check_parts(r, node);
    if (want(r, node->first, QUANTITY | RULE_DURATION))
        node->type = node->first->type;
}

/* ----------------------------------------------------------------- leaves */

static void check_const(struct reading *r, struct rule *node)
{
    (void)r;
    node->constant = true;
    node->type = node->literal.value.type;
}

static void check_name(struct reading *r, struct rule *node)
{
    (void)r;
    node->type = node->name ? node->name->type : 0;
}

/* Constant sets are made once, here. */
static void set_items(struct reading *r, struct rule *set)
{
    size_t n = 0;

    if (!set->constant)
        return;
    for (const struct rule *item = set->first; item; item = item->next)
        n++;
    struct rule_value *items = arena_many(r->arena, n, struct rule_value);
    if (!items)
        return; /* the arena is over: rule_parse() looks */
    n = 0;
    for (const struct rule *item = set->first; item; item = item->next)
        if (rule_constant(item, &items[n]))
            n++;
    set->literal.value = rule_set(set->type, items, n);
}

static void check_set(struct reading *r, struct rule *node)
{
    check_parts(r, node);
    node->type = (node->first ? node->first->type : 0) | RULE_SET;
    for (struct rule *item = node->first; item; item = item->next) {
        if (!item->type || item->type & RULE_SET || item->type == RULE_EVENT) {
            if (item->type)
                tell_at(r, item, "不能放在一组里");
            node->type = 0;
            return;
        }
        if (!want(r, item, node->first->type)) {
            node->type = 0;
            return;
        }
    }
    set_items(r, node);
}

static void check_argument(struct reading *r, struct rule *argument,
                           const struct rule_param *param)
{
    if (param->takes & RULE_RULE) {
        (void)want_truth(r, argument);
        return;
    }
    if (!want(r, argument, param->takes))
        return;
    check_choice(r, argument, (struct choices){ param->choices, param->nchoices });
    if (argument->type & RULE_SET && !argument->constant && argument->kind == RULE_NODE_SET)
        tell_at(r, argument, "里只能写固定的值");
}

static void check_call(struct reading *r, struct rule *node)
{
    const struct rule_env *outer = r->env;

    node->type = node->function->gives;
    for (struct rule *arg = node->first; arg; arg = arg->next) {
        const struct rule_param *param = &node->function->params[arg->param];
        r->env = param->takes & RULE_RULE && param->env ? param->env : outer;
        check(r, arg);
        check_argument(r, arg, param);
    }
    r->env = outer;
}

/* ---------------------------------------------------------------- the whole */

typedef void check_fn(struct reading *r, struct rule *node);

static check_fn *const checks[] = {
    // clang-format off
    [RULE_NODE_OR] = check_truths,     [RULE_NODE_AND] = check_truths,
    [RULE_NODE_NOT] = check_truths,    [RULE_NODE_FOR] = check_over,
    [RULE_NODE_WITHIN] = check_over,   [RULE_NODE_NO] = check_over,
    [RULE_NODE_EQ] = check_compare,    [RULE_NODE_NE] = check_compare,
    [RULE_NODE_LT] = check_compare,    [RULE_NODE_LE] = check_compare,
    [RULE_NODE_GT] = check_compare,    [RULE_NODE_GE] = check_compare,
    [RULE_NODE_IN] = check_in,         [RULE_NODE_BETWEEN] = check_between,
    [RULE_NODE_ADD] = check_arithmetic, [RULE_NODE_SUB] = check_arithmetic,
    [RULE_NODE_MUL] = check_arithmetic, [RULE_NODE_DIV] = check_arithmetic,
    [RULE_NODE_NEGATE] = check_negate, [RULE_NODE_CONST] = check_const,
    [RULE_NODE_NAME] = check_name,     [RULE_NODE_CALL] = check_call,
    [RULE_NODE_SET] = check_set,
    // clang-format on
};
static_assert(COUNT(checks) == RULE_NODE_COUNT, "every kind of node is checked");

static void check(struct reading *r, struct rule *node) /* depth: RULE_DEPTH_MAX */
{
    checks[node->kind](r, node);
}

void tree_check(struct reading *reading, struct rule *rule, unsigned expected)
{
    check(reading, rule);
    if (!rule->type)
        return;
    if (expected == RULE_TRUTH)
        (void)want_truth(reading, rule);
    else
        (void)want(reading, rule, expected);
}

const struct rule *rule_parse(struct arena *arena, const struct rule_env *env,
                              struct rule_source source, unsigned expected,
                              struct problems *problems)
{
    struct reading reading = {
        .arena = arena, .env = env, .where = source.where, .problems = problems
    };

    struct rule *rule = tree_read(&reading, source);
    if (rule)
        tree_check(&reading, rule, expected);
    if (rule && !reading.told && arena->over)
        tree_tell(&reading, rule->line, rule->column, "规则放不下了。");
    return reading.told ? NULL : rule;
}

unsigned rule_type(const struct rule *rule)
{
    return rule->type;
}

struct str rule_source_text(const struct rule *rule)
{
    return rule->text;
}

size_t rule_overs(const struct rule *rule)
{
    return rule->overs;
}
