/* A tree back into text, in one language, with no more brackets than needed. */
#include "base/clock.h"
#include "rule/lex.h"
#include "rule/number.h"

static const struct {
    int        binds;
    struct str words[2]; /* by enum rule_words */
} kinds[] = {
#define RULE_NODE(kind, binds, en, zh)                                                     \
    [RULE_NODE_##kind] = { binds, { STR_INIT(en), STR_INIT(zh) } },
#include "rule/node.def"
#undef RULE_NODE
};

enum {
    BINDS_NOT = 3,
    BINDS_COMPARE = 5,
    BINDS_SUM = 6,
    BINDS_TERM = 7,
    BINDS_PRIMARY = 9,
    BINDS_ALL
};

struct printer {
    struct arena   *arena;
    enum rule_words words;
    char           *at;
    size_t          len, room;
};

static void print(struct printer *p, const struct rule *node, int binds);

static void put(struct printer *p, struct str text)
{
    if (p->room - p->len < text.len) {
        size_t room = (p->room + text.len) * 2 + 64;
        char  *more = arena_grow(p->arena, p->at, p->room, room);
        if (!more)
            return; /* the arena is over: rule_print() gives nothing */
        p->at = more;
        p->room = room;
    }
    for (size_t i = 0; i < text.len; i++)
        p->at[p->len++] = text.at[i];
}

static void put_word(struct printer *p, enum rule_node kind) /* with blanks round it */
{
    put(p, STR(" "));
    put(p, kinds[kind].words[p->words]);
    put(p, STR(" "));
}

static struct str either(const struct printer *p, struct str en, struct str zh)
{
    return p->words == RULE_ZH && zh.len ? zh : en;
}

/* ---------------------------------------------------------------- leaves */

static void put_text(struct printer *p, struct str text)
{
    put(p, either(p, STR("\""), STR("“")));
    for (struct str rest = text; rest.len;) {
        struct str from = rest;
        uint32_t   point = str_utf8_next(&rest);
        if (point == '\\' || point == '"' || point == 0x201c || point == 0x201d)
            put(p, STR("\\"));
        put(p, str_slice(from.at, from.len - rest.len));
    }
    put(p, either(p, STR("\""), STR("”")));
}

static void put_number(struct printer *p, const struct rule_const *literal)
{
    const struct rule_unit_row *unit = literal->unit;
    struct str                  text = number_text(p->arena, literal->written);

    put(p, text);
    if (!unit)
        return;
    bool one = str_eq(text, STR("1"));
    if (!str_eq(unit->zh, STR("%")))
        put(p, STR(" "));
    put(p, either(p, one ? unit->one : unit->many, unit->zh));
}

/* A span of whole units, the largest that fits. */
static void put_span(struct printer *p, struct rule_span span)
{
    size_t                      n;
    const struct rule_unit_row *units = word_units(&n), *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (units[i].type == RULE_DURATION && units[i].unit == span.unit &&
            span.n % units[i].factor == 0 && (!best || units[i].factor > best->factor))
            best = &units[i];
    put_number(
        p, &(struct rule_const){ .written = { best ? span.n / best->factor : span.n, 0 },
                                 .unit = best });
}

static struct str date_text(struct arena *arena, int64_t days)
{
    struct str iso = clock_iso(arena, days * 86400000);

    return iso.len >= 10 ? str_slice(iso.at, 10) : iso;
}

static void put_literal(struct printer *p, const struct rule_const *literal)
{
    switch (literal->value.type) {
    case RULE_NUMBER:
    case RULE_MONEY:
    case RULE_LENGTH:
    case RULE_DURATION:
        put_number(p, literal);
        break;
    case RULE_DATE:
        put(p, date_text(p->arena, literal->value.days));
        break;
    case RULE_TIME:
        put(p, clock_iso(p->arena, literal->value.ms));
        break;
    case RULE_AREA:
        put_text(p, literal->value.place.area);
        break;
    default:
        put_text(p, literal->value.text);
        break;
    }
}

/* A text beside a closed list is shown by the list's word in that language. */
static void put_choice(struct printer *p, const struct rule *node,
                       const struct rule *beside)
{
    const struct rule_choice *row = NULL;

    if (beside->kind == RULE_NODE_NAME)
        row = env_choice(beside->name->choices, beside->name->nchoices,
                         node->literal.value.text);
    else if (beside->kind == RULE_NODE_CALL)
        row = env_choice(beside->function->choices, beside->function->nchoices,
                         node->literal.value.text);
    put_text(p, row ? either(p, row->word, row->zh) : node->literal.value.text);
}

static bool is_text(const struct rule *node)
{
    return node->kind == RULE_NODE_CONST && node->type == RULE_TEXT;
}

static void put_items(struct printer *p, const struct rule *set, const struct rule *beside)
{
    put(p, STR("["));
    for (const struct rule *item = set->first; item; item = item->next) {
        if (item != set->first)
            put(p, either(p, STR(", "), STR("，")));
        if (beside && is_text(item))
            put_choice(p, item, beside);
        else
            print(p, item, BINDS_PRIMARY - 1);
    }
    put(p, STR("]"));
}

/* ----------------------------------------------------------------- calls */

/* Would the argument be read as `parameter = …`? */
static bool begins_named(const struct rule_function *function, const struct rule *arg)
{
    while (arg->kind == RULE_NODE_OR || arg->kind == RULE_NODE_AND ||
           arg->kind == RULE_NODE_FOR || arg->kind == RULE_NODE_WITHIN)
        arg = arg->first;
    if (arg->kind != RULE_NODE_EQ || arg->first->kind != RULE_NODE_NAME)
        return false;
    const struct rule_name *name = arg->first->name;
    return env_param(function, name->name) < function->nparams ||
           env_param(function, name->zh) < function->nparams;
}

static void put_arguments(struct printer *p, const struct rule *call)
{
    size_t following = 0;
    bool   named = false; /* once one is: all that follow */

    for (const struct rule *arg = call->first; arg; arg = arg->next) {
        const struct rule_param *param = &call->function->params[arg->param];
        if (arg != call->first)
            put(p, either(p, STR(", "), STR("，")));
        named = named || arg->param != following || (arg->param && param->optional);
        if (named) {
            put(p, either(p, param->name, param->zh));
            put(p, STR("="));
        }
        following = param->many ? arg->param : arg->param + 1;
        print(p, arg, !named && begins_named(call->function, arg) ? BINDS_ALL : 0);
    }
}

static void put_call(struct printer *p, const struct rule *call)
{
    put(p, either(p, call->function->name, call->function->zh));
    put(p, either(p, STR("("), STR("（")));
    put_arguments(p, call);
    put(p, either(p, STR(")"), STR("）")));
}

/* ------------------------------------------------------------------ inner */

/* An operand of a comparison: a text is shown as the other side's list has it. */
static void put_side(struct printer *p, const struct rule *node, const struct rule *beside,
                     int binds)
{
    if (is_text(node))
        put_choice(p, node, beside);
    else if (node->kind == RULE_NODE_SET)
        put_items(p, node, beside);
    else
        print(p, node, binds);
}

static void put_chain(struct printer *p, const struct rule *node)
{
    for (const struct rule *part = node->first; part; part = part->next) {
        if (part != node->first)
            put_word(p, node->kind);
        print(p, part, kinds[node->kind].binds + 1);
    }
}

static void put_between(struct printer *p, const struct rule *node)
{
    const struct rule *lower = node->first->next;

    print(p, node->first, BINDS_SUM);
    put_word(p, RULE_NODE_BETWEEN);
    print(p, lower, BINDS_SUM);
    put(p, either(p, STR(" and "), STR(" 到 ")));
    print(p, lower->next, BINDS_SUM);
}

static void put_over(struct printer *p, const struct rule *node)
{
    if (node->kind == RULE_NODE_NO) {
        put(p, kinds[RULE_NODE_NO].words[p->words]);
        put(p, STR(" "));
        put(p, either(p, node->over.name->name, node->over.name->zh));
        put_word(p, RULE_NODE_FOR);
    } else {
        print(p, node->first, BINDS_COMPARE);
        put_word(p, node->kind);
    }
    put_span(p, node->over.span);
    if (node->kind == RULE_NODE_WITHIN && p->words == RULE_ZH)
        put(p, STR("内"));
}

static void put_two(struct printer *p, const struct rule *node)
{
    int                binds = kinds[node->kind].binds;
    bool               sum = binds == BINDS_SUM || binds == BINDS_TERM;
    const struct rule *left = node->first, *right = left->next;

    put_side(p, left, right, sum ? binds : BINDS_SUM);
    put_word(p, node->kind);
    put_side(p, right, left,
             sum                          ? binds + 1
             : node->kind == RULE_NODE_IN ? BINDS_PRIMARY
                                          : BINDS_SUM);
}

static void put_node(struct printer *p, const struct rule *node)
{
    switch (node->kind) {
    case RULE_NODE_OR:
    case RULE_NODE_AND:
        put_chain(p, node);
        break;
    case RULE_NODE_NOT:
        put(p, kinds[RULE_NODE_NOT].words[p->words]);
        put(p, STR(" "));
        print(p, node->first, BINDS_NOT);
        break;
    case RULE_NODE_FOR:
    case RULE_NODE_WITHIN:
    case RULE_NODE_NO:
        put_over(p, node);
        break;
    case RULE_NODE_BETWEEN:
        put_between(p, node);
        break;
    case RULE_NODE_NEGATE:
        put(p, STR("-"));
        print(p, node->first, BINDS_PRIMARY);
        break;
    case RULE_NODE_CONST:
        put_literal(p, &node->literal);
        break;
    case RULE_NODE_NAME:
        put(p, either(p, node->name->name, node->name->zh));
        break;
    case RULE_NODE_CALL:
        put_call(p, node);
        break;
    case RULE_NODE_SET:
        put_items(p, node, NULL);
        break;
    case RULE_NODE_EQ:
    case RULE_NODE_NE:
    case RULE_NODE_LT:
    case RULE_NODE_LE:
    case RULE_NODE_GT:
    case RULE_NODE_GE:
    case RULE_NODE_IN:
    case RULE_NODE_ADD:
    case RULE_NODE_SUB:
    case RULE_NODE_MUL:
    case RULE_NODE_DIV:
        put_two(p, node);
        break;
    case RULE_NODE_COUNT:
        break;
    }
}

static void print(struct printer *p, const struct rule *node, int binds)
{
    bool brackets = kinds[node->kind].binds < binds;

    if (brackets)
        put(p, either(p, STR("("), STR("（")));
    put_node(p, node);
    if (brackets)
        put(p, either(p, STR(")"), STR("）")));
}

struct str rule_print(struct arena *arena, const struct rule *rule, enum rule_words words)
{
    struct printer p = { .arena = arena, .words = words };

    print(&p, rule, 0);
    return arena->over || !p.at ? STR_NONE : str_slice(p.at, p.len);
}

/* --------------------------------------------------------- values to read */

static void put_fen(struct printer *p, struct rule_number fen)
{
    struct rule_number yuan;
    struct str         text = STR_NONE;

    if (number_div(fen, (struct rule_number){ 100, 0 }, &yuan))
        text = number_text(p->arena, yuan);
    put(p, text);
    put(p, yuan.scale == 1 ? STR("0 元") : STR(" 元"));
}

static void put_day(struct printer *p, int64_t days)
{
    struct civil at = clock_civil(days * 86400000);

    put(p, str_fmt(p->arena, "%lld 年 %d 月 %d 日", (long long)at.year, at.month, at.day));
}

static void put_value(struct printer *p, const struct rule_value *value)
{
    if (value->type & RULE_SET) {
        for (size_t i = 0; i < value->set.n; i++) {
            put(p, i ? STR("、") : STR(""));
            put_value(p, &value->set.items[i]);
        }
        return;
    }
    switch (value->type) {
    case RULE_TRUTH:
        put(p, value->truth ? STR("是") : STR("否"));
        break;
    case RULE_NUMBER:
        put(p, number_text(p->arena, value->number));
        break;
    case RULE_MONEY:
        put_fen(p, value->number);
        break;
    case RULE_LENGTH:
        put(p, number_text(p->arena, value->number));
        put(p, STR(" 米"));
        break;
    case RULE_TEXT:
        put(p, value->text);
        break;
    case RULE_DATE:
        put_day(p, value->days);
        break;
    case RULE_TIME:
        put(p, clock_zh(p->arena, value->ms, 0));
        break;
    case RULE_DURATION:
        put_span(p, value->span);
        break;
    case RULE_PLACE:
    case RULE_AREA:
        put(p, value->place.area);
        break;
    default: /* persons, targets, effects, events: shown by whoever made them */
        break;
    }
}

struct str rule_value_zh(struct arena *arena, const struct rule_value *value)
{
    struct printer p = { .arena = arena, .words = RULE_ZH };

    if (value->known)
        put_value(&p, value);
    return p.len ? str_slice(p.at, p.len) : STR_NONE;
}
