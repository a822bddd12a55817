#include "rule/lex.h"
#include "rule/number.h"
#include "rule/tree.h"

enum { PATH_PARTS_MAX = 4 };

struct parser {
    struct reading *reading;
    struct lexer    lexer;
    struct token    now, next;
    size_t          end;  /* of the last token taken */
    size_t          nodes, overs;
    int             nest; /* brackets and nots under way */
};

static struct rule *read_rule(struct parser *p);
static struct rule *read_not(struct parser *p);
static struct rule *read_sum(struct parser *p);
static struct rule *read_unary(struct parser *p);

/* ---------------------------------------------------------------- tokens */

static void refill(struct parser *p)
{
    p->now = lex(&p->lexer);
    p->next = lex(&p->lexer);
}

static struct token take(struct parser *p)
{
    struct token taken = p->now;

    p->end = taken.end;
    p->now = p->next;
    p->next = lex(&p->lexer);
    return taken;
}

static bool take_if(struct parser *p, enum token_kind kind)
{
    bool there = p->now.kind == kind;

    if (there)
        (void)take(p);
    return there;
}

/* What was read ahead was cut with the words of the old environment. */
static void use_env(struct parser *p, const struct rule_env *env)
{
    if (p->lexer.env == env)
        return;
    lex_back(&p->lexer, &p->now);
    p->lexer.env = env;
    refill(p);
}

static struct rule *refuse(struct parser *p, const char *wanted)
{
    const struct token *now = &p->now;

    if (now->kind == T_BAD)
        tell(p->reading, now->line, now->column, "%s。", now->wrong);
    else if (now->kind == T_END)
        tell(p->reading, now->line, now->column, "规则没有写完，后面应当是%s。", wanted);
    else
        tell(p->reading, now->line, now->column, "这里应当是%s，写的却是“%.*s”。", wanted,
             STR_ARG(now->text));
    return NULL;
}

/* ----------------------------------------------------------------- nodes */

static struct rule *new_node(struct parser *p, enum rule_node kind, int64_t line, int64_t column,
                             const char *from)
{
    if (++p->nodes > RULE_NODES_MAX) {
        tell(p->reading, line, column, "规则太长：最多 %d 个部分，请拆成几条。", RULE_NODES_MAX);
        return NULL;
    }
    struct rule *node = arena_new(p->reading->arena, struct rule);
    if (!node) {
        tell(p->reading, line, column, "规则放不下了。");
        return NULL;
    }
    node->kind = kind;
    node->line = line;
    node->column = column;
    node->text = str_slice(from, 0);
    node->height = 1;
    return node;
}

static struct rule *node_at(struct parser *p, enum rule_node kind, const struct token *at)
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

static bool add_part(struct rule *node, struct rule *part)
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

static struct rule *done(struct parser *p, struct rule *node)
{
    const char *end = p->lexer.text.at + p->end;

    node->text.len = (size_t)(end - node->text.at);
    if (node->height <= RULE_DEPTH_MAX)
        return node;
    tell(p->reading, node->line, node->column, "套得太深：最多 %d 层，请拆成几条规则。",
         RULE_DEPTH_MAX);
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
    while (node && take_if(p, by))
        if (!add_part(node, part(p)))
            return NULL;
    return node ? done(p, node) : NULL;
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
    tell(p->reading, p->now.line, p->now.column, "套得太深：最多 %d 层，请拆成几条规则。",
         RULE_DEPTH_MAX);
    return false;
}

static struct rule *read_rule(struct parser *p)
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
        return refuse(p, "时长，例如 5 min（5 分钟）");
    (void)take(p);
    if (!number_mul(at.number, (struct rule_number){ unit->factor, 0 }, &amount) ||
        !number_whole(amount, &node->over.span.n)) {
        tell(p->reading, at.line, at.column, "“%.*s”不是整的。", STR_ARG(at.text));
        return NULL;
    }
    node->over.span.unit = unit->unit;
    node->over.index = p->overs++;
    node->overs++;
    return done(p, node);
}

static const struct rule_name *read_path(struct parser *p);

static struct rule *read_no(struct parser *p)
{
    struct token at = take(p);
    struct rule *node = node_at(p, RULE_NODE_NO, &at);

    if (!node)
        return NULL;
    if (p->now.kind != T_WORD)
        return refuse(p, "事件的名称，例如 reading（读数）");
    node->over.kind = RULE_OVER_NO;
    node->over.name = read_path(p);
    if (!take_if(p, T_FOR))
        return refuse(p, " for（持续）和时长");
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

    if (!node || !add_part(node, read_sum(p)))
        return NULL;
    if (!take_if(p, T_AND) && !take_if(p, T_TO))
        return refuse(p, " and（到）");
    return add_part(node, read_sum(p)) ? done(p, node) : NULL;
}

static struct rule *read_two(struct parser *p, enum rule_node kind, struct rule *left,
                             struct rule *(*right)(struct parser *))
{
    struct rule *node = node_over(p, kind, left);

    return node && add_part(node, right(p)) ? done(p, node) : NULL;
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
        (void)take(p);
        return read_two(p, kind, left, read_sum);
    }
    if (is_in(&p->now, &p->next)) {
        (void)take(p);
        return read_two(p, RULE_NODE_IN, left, read_unary);
    }
    return take_if(p, T_BETWEEN) ? read_between(p, left) : left;
}

/* `x not in […]` is the same as `not x in […]`. */
static struct rule *read_negated(struct parser *p, struct rule *left)
{
    (void)take(p);
    if (p->now.kind != T_IN && p->now.kind != T_AT && p->now.kind != T_BETWEEN)
        return refuse(p, " in（属于）或 between（介于）");
    struct rule *node = node_over(p, RULE_NODE_NOT, read_comparison(p, left));
    return node ? done(p, node) : NULL;
}

static struct rule *read_over(struct parser *p, struct rule *test)
{
    bool lasts = p->now.kind == T_FOR;
    bool event = !lasts && test->kind == RULE_NODE_NAME && test->name &&
                 test->name->type == RULE_EVENT;

    (void)take(p);
    struct rule *node = node_over(p, lasts ? RULE_NODE_FOR : RULE_NODE_WITHIN, test);
    if (!node)
        return NULL;
    node->over.kind = lasts ? RULE_OVER_FOR : RULE_OVER_WITHIN;
    node->over.test = event ? NULL : test;
    node->over.name = event ? test->name : NULL;
    if (!read_span(p, node))
        return NULL;
    (void)take_if(p, T_INSIDE);
    return done(p, node);
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
    (void)take(p);
    struct rule *node = node_at(p, RULE_NODE_NOT, &at);
    bool whole = node && add_part(node, read_not(p));
    p->nest--;
    return whole ? done(p, node) : NULL;
}

/* ------------------------------------------------------------ arithmetic */

static struct rule *read_term(struct parser *p)
{
    struct rule *node = read_unary(p);

    while (node && (p->now.kind == T_MUL || p->now.kind == T_DIV)) {
        enum token_kind sign = take(p).kind;
        node = read_two(p, sign == T_MUL ? RULE_NODE_MUL : RULE_NODE_DIV, node, read_unary);
    }
    return node;
}

static struct rule *read_sum(struct parser *p)
{
    struct rule *node = read_term(p);

    while (node && (p->now.kind == T_ADD || p->now.kind == T_SUB)) {
        enum token_kind sign = take(p).kind;
        node = read_two(p, sign == T_ADD ? RULE_NODE_ADD : RULE_NODE_SUB, node, read_term);
    }
    return node;
}

static struct rule *read_number(struct parser *p)
{
    struct token at = take(p);
    struct rule *node = node_at(p, RULE_NODE_CONST, &at);

    if (!node)
        return NULL;
    struct rule_const  *literal = &node->literal;
    struct rule_number  by = { at.unit ? at.unit->factor : 1, at.unit ? at.unit->scale : 0 };
    struct rule_number  amount = { 0 };
    literal->written = at.number;
    literal->unit = at.unit;
    bool fits = number_mul(at.number, by, &amount);
    literal->value = rule_decimal(amount.digits, amount.scale);
    if (at.unit)
        literal->value.type = at.unit->type;
    if (fits && literal->value.type == RULE_DURATION) {
        fits = number_whole(amount, &literal->value.span.n);
        literal->value.span.unit = at.unit->unit;
    }
    if (!fits) {
        tell(p->reading, at.line, at.column, "“%.*s”要是整的，也不能太大。", STR_ARG(at.text));
        return NULL;
    }
    return done(p, node);
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
    struct token at = take(p);
    struct rule *node = node_at(p, RULE_NODE_CONST, &at);

    if (!node)
        return NULL;
    node->literal.value = at.kind == T_DATE ? rule_date(at.when)
                        : at.kind == T_TIME ? rule_time(at.when)
                                            : rule_text(unescape(p, at.text));
    return done(p, node);
}

static struct rule *read_set(struct parser *p)
{
    struct rule *node = node_at(p, RULE_NODE_SET, &p->now);

    if (!node || !go_in(p))
        return NULL;
    (void)take(p);
    while (p->now.kind != T_SET_END) {
        if (!add_part(node, read_unary(p)))
            return NULL;
        if (!take_if(p, T_COMMA) && p->now.kind != T_SET_END)
            return refuse(p, "逗号或 ]");
    }
    (void)take(p);
    p->nest--;
    return done(p, node);
}

static struct rule *read_brackets(struct parser *p)
{
    (void)take(p);
    struct rule *inner = read_rule(p);
    if (inner && !take_if(p, T_CLOSE))
        return refuse(p, "右括号");
    return inner;
}

/* ----------------------------------------------------- names, functions */

static void unknown_word(struct parser *p, const struct token *at, struct str word, bool called)
{
    struct arena *arena = p->reading->arena;
    struct str    near = called ? env_nearest_function(arena, p->lexer.env, word) : STR_NONE;
    struct str    hint = perhaps(p->reading,
                                 near.len ? near : rule_nearest(arena, p->lexer.env, word));

    tell(p->reading, at->line, at->column, "这里不认识“%.*s”%.*s。", STR_ARG(word), STR_ARG(hint));
}

static const struct rule_name *read_path(struct parser *p)
{
    struct token at = p->now;
    struct str   parts[PATH_PARTS_MAX] = { take(p).text };
    size_t       n = 1;

    while (n < PATH_PARTS_MAX && p->now.kind == T_DOT && p->next.kind == T_WORD) {
        (void)take(p);
        parts[n++] = take(p).text;
    }
    const struct rule_name *name = env_name(p->lexer.env, parts, n);
    struct str word = str_slice(p->lexer.text.at + at.at, p->end - at.at);
    const struct rule_function *function = name ? NULL : env_function(p->lexer.env, word);
    if (function)
        tell(p->reading, at.line, at.column, "“%.*s”后面要有括号，写成 %.*s(…)。", STR_ARG(word),
             STR_ARG(word));
    else if (!name)
        unknown_word(p, &at, word, false);
    return name;
}

static struct rule *read_name(struct parser *p)
{
    struct rule *node = node_at(p, RULE_NODE_NAME, &p->now);

    if (!node)
        return NULL;
    node->name = read_path(p);
    return done(p, node);
}

/* Keeps arguments in the order of the parameters. */
static bool add_argument(struct rule *call, struct rule *argument, size_t param)
{
    struct rule **at = &call->first;

    while (*at && (*at)->param <= param)
        at = &(*at)->next;
    struct rule *after = *at;
    *at = NULL;
    argument->param = param;
    bool added = add_part(call, argument);
    argument->next = after;
    return added;
}

static bool has_argument(const struct rule *call, size_t param)
{
    for (const struct rule *arg = call->first; arg; arg = arg->next)
        if (arg->param == param)
            return true;
    return false;
}

/* The parameter that the next argument is for: the one it names, or `following`.
 * SIZE_MAX when there is none: told. */
static size_t which_param(struct parser *p, const struct rule *call, size_t following)
{
    const struct rule_function *function = call->function;
    bool equals = p->next.kind == T_EQ && (str_eq(p->next.text, STR("=")) ||
                                           str_eq(p->next.text, STR("＝")));
    size_t param = p->now.kind == T_WORD && equals ? env_param(function, p->now.text)
                                                   : function->nparams;
    struct token at = p->now;

    if (param < function->nparams) {
        (void)take(p);
        (void)take(p);
    } else if (following < function->nparams) {
        param = following;
    } else {
        tell(p->reading, at.line, at.column, "%.*s 最多 %zu 个参数，这里多了。",
             STR_ARG(function->name), function->nparams);
        return SIZE_MAX;
    }
    if (!function->params[param].many && has_argument(call, param)) {
        tell(p->reading, at.line, at.column, "参数 %.*s 写了两次。",
             STR_ARG(function->params[param].name));
        return SIZE_MAX;
    }
    return param;
}

static bool read_argument(struct parser *p, struct rule *call, size_t *following)
{
    size_t param = which_param(p, call, *following);

    if (param == SIZE_MAX)
        return false;
    const struct rule_param *row = &call->function->params[param];
    const struct rule_env   *outer = p->lexer.env;
    use_env(p, row->takes & RULE_RULE && row->env ? row->env : outer);
    struct rule *argument = read_rule(p);
    use_env(p, outer);
    if (!argument || !add_argument(call, argument, param))
        return false;
    *following = row->many ? param : param + 1;
    return true;
}

static bool has_all(struct parser *p, const struct rule *call, const struct token *at)
{
    const struct rule_function *function = call->function;

    for (size_t i = 0; i < function->nparams; i++) {
        const struct rule_param *param = &function->params[i];
        if (param->optional || has_argument(call, i))
            continue;
        tell(p->reading, at->line, at->column, "%.*s 还少参数 %.*s（%.*s）。",
             STR_ARG(function->name), STR_ARG(param->name), STR_ARG(param->zh));
        return false;
    }
    return true;
}

static bool read_arguments(struct parser *p, struct rule *call)
{
    size_t following = 0, n = 0;

    while (p->now.kind != T_CLOSE) {
        if (++n > RULE_ARGS_MAX)
            return refuse(p, "右括号：参数太多了");
        if (!read_argument(p, call, &following))
            return false;
        if (!take_if(p, T_COMMA) && p->now.kind != T_CLOSE)
            return refuse(p, "逗号或右括号");
    }
    (void)take(p);
    return true;
}

static struct rule *read_call(struct parser *p)
{
    struct token at = take(p);
    struct rule *node = node_at(p, RULE_NODE_CALL, &at);

    if (!node)
        return NULL;
    node->function = env_function(p->lexer.env, at.text);
    if (!node->function) {
        if (env_name(p->lexer.env, &at.text, 1))
            tell(p->reading, at.line, at.column, "“%.*s”后面不带括号。", STR_ARG(at.text));
        else
            unknown_word(p, &at, at.text, true);
        return NULL;
    }
    (void)take(p); /* the bracket */
    return read_arguments(p, node) && has_all(p, node, &at) ? done(p, node) : NULL;
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
        return p->next.kind == T_OPEN ? read_call(p) : read_name(p);
    default:
        return refuse(p, "一个名称、数、文字或括号");
    }
}

static struct rule *read_unary(struct parser *p)
{
    struct token at = p->now;

    if (!take_if(p, T_SUB))
        return read_primary(p);
    struct rule *node = node_at(p, RULE_NODE_NEGATE, &at);
    return node && add_part(node, read_primary(p)) ? done(p, node) : NULL;
}

/* --------------------------------------------------------------- the door */

static struct rule *read_all(struct parser *p)
{
    struct rule *rule;

    refill(p);
    if (p->now.kind == T_END) {
        tell(p->reading, p->now.line, p->now.column, "规则是空的。");
        return NULL;
    }
    rule = read_rule(p);
    if (rule && p->now.kind != T_END)
        return refuse(p, " and（且）、or（或），或者到此为止");
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
        tell(reading, p.lexer.line, p.lexer.column, "规则太长：最多 %d 字节。", RULE_TEXT_MAX);
        return NULL;
    }
    if (!is_plain(source.text)) {
        tell(reading, p.lexer.line, p.lexer.column, "规则里有看不见的字符，或者不是 UTF-8 文字。");
        return NULL;
    }
    p.lexer.text = str_copy(reading->arena, str_empty(source.text) ? STR("") : source.text);
    if (!p.lexer.text.at) {
        tell(reading, p.lexer.line, p.lexer.column, "规则放不下了。");
        return NULL;
    }
    return read_all(&p);
}
