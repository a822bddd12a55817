#include "rule/parse.h"

#include "rule/number.h"

static struct rule *read_not(struct parser *p);
static struct rule *read_sum(struct parser *p);
static struct rule *read_unary(struct parser *p);

/* ---------------------------------------------------------------- tokens */

static void refill(struct parser *p)
{
    p->now = lex(&p->lexer);
    p->next = lex(&p->lexer);
}

struct token parse_take(struct parser *p)
{
    struct token taken = p->now;

    p->end = taken.end;
    p->now = p->next;
    p->next = lex(&p->lexer);
    return taken;
}

bool parse_take_if(struct parser *p, enum token_kind kind)
{
    bool there = p->now.kind == kind;

    if (there)
        (void)parse_take(p);
    return there;
}

/* What was read ahead was cut with the words of the old environment. */
void parse_env(struct parser *p, const struct rule_env *env)
{
    if (p->lexer.env == env)
        return;
    lex_back(&p->lexer, &p->now);
    p->lexer.env = env;
    refill(p);
}

struct rule *parse_refuse(struct parser *p, const char *wanted)
{
    const struct token *now = &p->now;

    if (now->kind == T_BAD)
        tree_tell(p->reading, now->line, now->column, "%s。", now->wrong);
    else if (now->kind == T_END)
        tree_tell(p->reading, now->line, now->column, "规则没有写完，后面应当是%s。",
                  wanted);
    else
        tree_tell(p->reading, now->line, now->column, "这里应当是%s，写的却是“%.*s”。",
                  wanted, STR_ARG(now->text));
    return NULL;
}

/* ----------------------------------------------------------------- nodes */

static struct rule *new_node(struct parser *p, enum rule_node kind, int64_t line,
                             int64_t column, const char *from)
{
    if (++p->nodes > RULE_NODES_MAX) {
        tree_tell(p->reading, line, column, "规则太长：最多 %d 个部分，请拆成几条。",
                  RULE_NODES_MAX);
        return NULL;
    }
    struct rule *node = arena_new(p->reading->arena, struct rule);
    if (!node) {
        tree_tell(p->reading, line, column, "规则放不下了。");
        return NULL;
    }
    node->kind = kind;
    node->line = line;
    node->column = column;
    node->text = str_slice(from, 0);
    node->height = 1;
    return node;
}

struct rule *parse_node(struct parser *p, enum rule_node kind, const struct token *at)
{
    return new_node(p, kind, at->line, at->column, p->lexer.text.at + at->at);
}

/* A node that begins where its first part does; NULL when there is none. */
static struct rule *node_over(struct parser *p, enum rule_node kind, struct rule *first)
{
    if (!first)
        return NULL;
    struct rule *node = new_node(p, kind, first->line, first->column, first->text.at);
    if (node) {
        node->first = first;
        node->height = first->height + 1;
        node->overs = first->overs;
    }
    return node;
}

bool parse_part(struct rule *node, struct rule *part)
{
    struct rule **last = &node->first;

    if (!part)
        return false;
    while (*last)
        last = &(*last)->next;
    *last = part;
    node->overs += part->overs;
    if (node->height <= part->height)
        node->height = part->height + 1;
    return true;
}

struct rule *parse_done(struct parser *p, struct rule *node)
{
    const char *end = p->lexer.text.at + p->end;

    node->text.len = (size_t)(end - node->text.at);
    if (node->height <= RULE_DEPTH_MAX)
        return node;
    tree_tell(p->reading, node->line, node->column,
              "套得太深：最多 %d 层，请拆成几条规则。", RULE_DEPTH_MAX);
    return NULL;
}

/* ---------------------------------------------------- or, and, not, test */

static struct rule *read_chain(struct parser *p, enum token_kind by, enum rule_node kind,
                               struct rule *(*part)(struct parser *))
{
    struct rule *first = part(p);

    if (!first || p->now.kind != by)
        return first;
    struct rule *node = node_over(p, kind, first);
    while (node && parse_take_if(p, by))
        if (!parse_part(node, part(p)))
            return NULL;
    return node ? parse_done(p, node) : NULL;
}

static struct rule *read_and(struct parser *p)
{
    return read_chain(p, T_AND, RULE_NODE_AND, read_not);
}

/* Rules, nots and sets are the only ways to nest, and come through here. */
static bool go_in(struct parser *p)
{
    if (++p->nest <= RULE_DEPTH_MAX)
        return true;
    tree_tell(p->reading, p->now.line, p->now.column,
              "套得太深：最多 %d 层，请拆成几条规则。", RULE_DEPTH_MAX);
    return false;
}

struct rule *parse_rule(struct parser *p)
{
    if (!go_in(p))
        return NULL;
    struct rule *node = read_chain(p, T_OR, RULE_NODE_OR, read_and);
    p->nest--;
    return node;
}

static struct rule *read_span(struct parser *p, struct rule *node)
{
    const struct rule_unit_row *unit = p->now.unit;
    struct rule_number          amount;
    struct token                at = p->now;

    if (at.kind != T_NUMBER || !unit || unit->type != RULE_DURATION)
        return parse_refuse(p, "时长，例如 5 min（5 分钟）");
    (void)parse_take(p);
    if (!number_mul(at.number, (struct rule_number){ unit->factor, 0 }, &amount) ||
        !number_whole(amount, &node->over.span.n)) {
        tree_tell(p->reading, at.line, at.column, "“%.*s”不是整的。", STR_ARG(at.text));
        return NULL;
    }
    node->over.span.unit = unit->unit;
    node->over.index = p->overs++;
    node->overs++;
    return parse_done(p, node);
}

static struct rule *read_no(struct parser *p)
{
    struct token at = parse_take(p);
    struct rule *node = parse_node(p, RULE_NODE_NO, &at);

    if (!node)
        return NULL;
    if (p->now.kind != T_WORD)
        return parse_refuse(p, "事件的名称，例如 reading（读数）");
    node->over.kind = RULE_OVER_NO;
    node->over.name = parse_path(p);
    if (!parse_take_if(p, T_FOR))
        return parse_refuse(p, " for（持续）和时长");
    return read_span(p, node);
}

static bool begins_event(const struct parser *p)
{
    const struct rule_name *name =
        p->next.kind == T_WORD ? env_name(p->lexer.env, &p->next.text, 1) : NULL;

    return name && name->type == RULE_EVENT;
}

static struct rule *read_between(struct parser *p, struct rule *left)
{
    struct rule *node = node_over(p, RULE_NODE_BETWEEN, left);

    if (!node || !parse_part(node, read_sum(p)))
        return NULL;
    if (!parse_take_if(p, T_AND) && !parse_take_if(p, T_TO))
        return parse_refuse(p, " and（到）");
    return parse_part(node, read_sum(p)) ? parse_done(p, node) : NULL;
}

static struct rule *read_two(struct parser *p, enum rule_node kind, struct rule *left,
                             struct rule *(*right)(struct parser *))
{
    struct rule *node = node_over(p, kind, left);

    return node && parse_part(node, right(p)) ? parse_done(p, node) : NULL;
}

static enum rule_node compares(enum token_kind kind) /* CONST: does not */
{
    static const enum rule_node nodes[] = {
        [T_EQ] = RULE_NODE_EQ, [T_NE] = RULE_NODE_NE, [T_ISNT] = RULE_NODE_NE,
        [T_LT] = RULE_NODE_LT, [T_LE] = RULE_NODE_LE, [T_GT] = RULE_NODE_GT,
        [T_GE] = RULE_NODE_GE,
    };

    return kind < COUNT(nodes) && nodes[kind] ? nodes[kind] : RULE_NODE_CONST;
}

static bool is_in(const struct token *token, const struct token *then)
{
    return token->kind == T_IN || (token->kind == T_AT && then->kind != T_NUMBER);
}

static struct rule *read_comparison(struct parser *p, struct rule *left)
{
    enum rule_node kind = compares(p->now.kind);

    if (kind != RULE_NODE_CONST) {
        (void)parse_take(p);
        return read_two(p, kind, left, read_sum);
    }
    if (is_in(&p->now, &p->next)) {
        (void)parse_take(p);
        return read_two(p, RULE_NODE_IN, left, read_unary);
    }
    return parse_take_if(p, T_BETWEEN) ? read_between(p, left) : left;
}

/* `x not in […]` is the same as `not x in […]`. */
static struct rule *read_negated(struct parser *p, struct rule *left)
{
    (void)parse_take(p);
    if (p->now.kind != T_IN && p->now.kind != T_AT && p->now.kind != T_BETWEEN)
        return parse_refuse(p, " in（属于）或 between（介于）");
    struct rule *node = node_over(p, RULE_NODE_NOT, read_comparison(p, left));
    return node ? parse_done(p, node) : NULL;
}

static struct rule *read_over(struct parser *p, struct rule *test)
{
    bool lasts = p->now.kind == T_FOR;
    bool event = !lasts && test->kind == RULE_NODE_NAME && test->name &&
                 test->name->type == RULE_EVENT;

    (void)parse_take(p);
    struct rule *node = node_over(p, lasts ? RULE_NODE_FOR : RULE_NODE_WITHIN, test);
    if (!node)
        return NULL;
    node->over.kind = lasts ? RULE_OVER_FOR : RULE_OVER_WITHIN;
    node->over.test = event ? NULL : test;
    node->over.name = event ? test->name : NULL;
    if (!read_span(p, node))
        return NULL;
    (void)parse_take_if(p, T_INSIDE);
    return parse_done(p, node);
}

static struct rule *read_test(struct parser *p)
{
    if (p->now.kind == T_NO || (p->now.kind == T_HAVENT && begins_event(p)))
        return read_no(p);
    struct rule *node = read_sum(p);
    if (node)
        node = p->now.kind == T_NOT ? read_negated(p, node) : read_comparison(p, node);
    if (node && (p->now.kind == T_FOR || p->now.kind == T_WITHIN || p->now.kind == T_AT))
        node = read_over(p, node);
    return node;
}

static struct rule *read_not(struct parser *p)
{
    struct token at = p->now;

    if (at.kind != T_NOT && at.kind != T_ISNT && (at.kind != T_HAVENT || begins_event(p)))
        return read_test(p);
    if (!go_in(p))
        return NULL;
    (void)parse_take(p);
    struct rule *node = parse_node(p, RULE_NODE_NOT, &at);
    bool         whole = node && parse_part(node, read_not(p));
    p->nest--;
    return whole ? parse_done(p, node) : NULL;
}

/* ------------------------------------------------------------ arithmetic */

static struct rule *read_term(struct parser *p)
{
    struct rule *node = read_unary(p);

    while (node && (p->now.kind == T_MUL || p->now.kind == T_DIV)) {
        enum token_kind sign = parse_take(p).kind;
        node = read_two(p, sign == T_MUL ? RULE_NODE_MUL : RULE_NODE_DIV, node, read_unary);
    }
    return node;
}

static struct rule *read_sum(struct parser *p)
{
    struct rule *node = read_term(p);

    while (node && (p->now.kind == T_ADD || p->now.kind == T_SUB)) {
        enum token_kind sign = parse_take(p).kind;
        node = read_two(p, sign == T_ADD ? RULE_NODE_ADD : RULE_NODE_SUB, node, read_term);
    }
    return node;
}

static struct rule *read_number(struct parser *p)
{
    struct token at = parse_take(p);
    struct rule *node = parse_node(p, RULE_NODE_CONST, &at);

    if (!node)
        return NULL;
    struct rule_const *literal = &node->literal;
    struct rule_number by = { at.unit ? at.unit->factor : 1, at.unit ? at.unit->scale : 0 };
    struct rule_number amount = { 0 };
    literal->written = at.number;
    literal->unit = at.unit;
    bool fits = number_mul(at.number, by, &amount);
    literal->value = rule_decimal(amount.digits, amount.scale);
    if (at.unit)
        literal->value.type = at.unit->type;
    if (fits && at.unit && literal->value.type == RULE_DURATION) {
        fits = number_whole(amount, &literal->value.span.n);
        literal->value.span.unit = at.unit->unit;
    }
    if (!fits) {
        tree_tell(p->reading, at.line, at.column, "“%.*s”要是整的，也不能太大。",
                  STR_ARG(at.text));
        return NULL;
    }
    return parse_done(p, node);
}

/* Without the backslashes; in the arena only when there are any. */
static struct str unescape(struct parser *p, struct str text)
{
    if (!str_has(text, STR("\\")))
        return text;
    char  *plain = arena_take(p->reading->arena, text.len);
    size_t n = 0;
    for (size_t i = 0; plain && i < text.len; i++) {
        i += text.at[i] == '\\' && i + 1 < text.len;
        plain[n++] = text.at[i];
    }
    return plain ? str_slice(plain, n) : STR_NONE;
}

static struct rule *read_literal(struct parser *p)
{
    struct token at = parse_take(p);
    struct rule *node = parse_node(p, RULE_NODE_CONST, &at);

    if (!node)
        return NULL;
    node->literal.value = at.kind == T_DATE   ? rule_date(at.when)
                          : at.kind == T_TIME ? rule_time(at.when)
                                              : rule_text(unescape(p, at.text));
    return parse_done(p, node);
}

static struct rule *read_set(struct parser *p)
{
    struct rule *node = parse_node(p, RULE_NODE_SET, &p->now);

    if (!node || !go_in(p))
        return NULL;
    (void)parse_take(p);
    while (p->now.kind != T_SET_END) {
        if (!parse_part(node, read_unary(p)))
            return NULL;
        if (!parse_take_if(p, T_COMMA) && p->now.kind != T_SET_END)
            return parse_refuse(p, "逗号或 ]");
    }
    (void)parse_take(p);
    p->nest--;
    return parse_done(p, node);
}

static struct rule *read_brackets(struct parser *p)
{
    struct token open = parse_take(p);
    struct rule *inner = parse_rule(p);

    if (inner && !parse_take_if(p, T_CLOSE))
        return parse_refuse(p, "右括号");
    if (!inner)
        return NULL;
    inner->text = str_slice(p->lexer.text.at + open.at, p->end - open.at);
    inner->line = open.line;
    inner->column = open.column;
    return inner;
}

static struct rule *read_primary(struct parser *p)
{
    switch ((int)p->now.kind) {
    case T_NUMBER:
        return read_number(p);
    case T_TEXT:
    case T_DATE:
    case T_TIME:
        return read_literal(p);
    case T_SET:
        return read_set(p);
    case T_OPEN:
        return read_brackets(p);
    case T_WORD:
        return p->next.kind == T_OPEN ? parse_call(p) : parse_name(p);
    default:
        return parse_refuse(p, "一个名称、数、文字或括号");
    }
}

static struct rule *read_unary(struct parser *p)
{
    struct token at = p->now;

    if (!parse_take_if(p, T_SUB))
        return read_primary(p);
    struct rule *node = parse_node(p, RULE_NODE_NEGATE, &at);
    return node && parse_part(node, read_primary(p)) ? parse_done(p, node) : NULL;
}

/* --------------------------------------------------------------- the door */

static struct rule *read_all(struct parser *p)
{
    struct rule *rule;

    refill(p);
    if (p->now.kind == T_END) {
        tree_tell(p->reading, p->now.line, p->now.column, "规则是空的。");
        return NULL;
    }
    rule = parse_rule(p);
    if (rule && p->now.kind != T_END)
        return parse_refuse(p, " and（且）、or（或），或者到此为止");
    return rule;
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' && text.at[i] != '\t' && text.at[i] != '\n' &&
            text.at[i] != '\r')
            return false;
    return str_utf8(text);
}

struct rule *tree_read(struct reading *reading, struct rule_source source)
{
    struct parser p = {
        .reading = reading,
        .lexer = { .env = reading->env,
                   .line = source.line ? source.line : 1,
                   .column = source.column ? source.column : 1 },
    };

    if (source.text.len > RULE_TEXT_MAX) {
        tree_tell(reading, p.lexer.line, p.lexer.column, "规则太长：最多 %d 字节。",
                  RULE_TEXT_MAX);
        return NULL;
    }
    if (!is_plain(source.text)) {
        tree_tell(reading, p.lexer.line, p.lexer.column,
                  "规则里有看不见的字符，或者不是 UTF-8 文字。");
        return NULL;
    }
    p.lexer.text = str_copy(reading->arena, str_empty(source.text) ? STR("") : source.text);
    if (!p.lexer.text.at) {
        tree_tell(reading, p.lexer.line, p.lexer.column, "规则放不下了。");
        return NULL;
    }
    return read_all(&p);
}
