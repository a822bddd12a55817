/* Names, and functions with their arguments. */
#include "rule/parse.h"

enum { PATH_PARTS_MAX = 4 };

static void unknown_word(struct parser *p, const struct token *at, struct str word,
                         bool called)
{
    struct arena *arena = p->reading->arena;
    struct str near = called ? env_nearest_function(arena, p->lexer.env, word) : STR_NONE;
    struct str hint =
        tree_hint(p->reading, near.len ? near : rule_nearest(arena, p->lexer.env, word));

    tree_tell(p->reading, at->line, at->column, "这里不认识“%.*s”%.*s。", STR_ARG(word),
              STR_ARG(hint));
}

const struct rule_name *parse_path(struct parser *p)
{
    struct token at = p->now;
    struct str   parts[PATH_PARTS_MAX] = { parse_take(p).text };
    size_t       n = 1;

    while (n < PATH_PARTS_MAX && p->now.kind == T_DOT && p->next.kind == T_WORD) {
        (void)parse_take(p);
        parts[n++] = parse_take(p).text;
    }
    const struct rule_name     *name = env_name(p->lexer.env, parts, n);
    struct str                  word = str_slice(p->lexer.text.at + at.at, p->end - at.at);
    const struct rule_function *function = name ? NULL : env_function(p->lexer.env, word);
    if (function)
        tree_tell(p->reading, at.line, at.column, "“%.*s”后面要有括号，写成 %.*s(…)。",
                  STR_ARG(word), STR_ARG(word));
    else if (!name)
        unknown_word(p, &at, word, false);
    return name;
}

struct rule *parse_name(struct parser *p)
{
    struct rule *node = parse_node(p, RULE_NODE_NAME, &p->now);

    if (!node)
        return NULL;
    node->name = parse_path(p);
    return parse_done(p, node);
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
    bool added = parse_part(call, argument);
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
    bool                        equals = p->next.kind == T_EQ &&
                  (str_eq(p->next.text, STR("=")) || str_eq(p->next.text, STR("＝")));
    size_t       param = p->now.kind == T_WORD && equals ? env_param(function, p->now.text)
                                                         : function->nparams;
    struct token at = p->now;

    if (param < function->nparams) {
        (void)parse_take(p);
        (void)parse_take(p);
    } else if (following < function->nparams) {
        param = following;
    } else {
        tree_tell(p->reading, at.line, at.column, "%.*s 最多 %zu 个参数，这里多了。",
                  STR_ARG(function->name), function->nparams);
        return SIZE_MAX;
    }
    if (!function->params[param].many && has_argument(call, param)) {
        tree_tell(p->reading, at.line, at.column, "参数 %.*s 写了两次。",
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
    parse_env(p, row->takes & RULE_RULE && row->env ? row->env : outer);
    struct rule *argument = parse_rule(p);
    parse_env(p, outer);
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
        tree_tell(p->reading, at->line, at->column, "%.*s 还少参数 %.*s（%.*s）。",
                  STR_ARG(function->name), STR_ARG(param->name), STR_ARG(param->zh));
        return false;
    }
    return true;
}

static bool read_arguments(struct parser *p, struct rule *call)
{
    size_t following = 0, n = 0;

    assert(call->function->nparams <= RULE_PARAMS_MAX);
    while (p->now.kind != T_CLOSE) {
        if (++n > RULE_ARGS_MAX)
            return parse_refuse(p, "右括号：参数太多了");
        if (!read_argument(p, call, &following))
            return false;
        if (!parse_take_if(p, T_COMMA) && p->now.kind != T_CLOSE)
            return parse_refuse(p, "逗号或右括号");
    }
    (void)parse_take(p);
    return true;
}

struct rule *parse_call(struct parser *p)
{
    struct token at = parse_take(p);
    struct rule *node = parse_node(p, RULE_NODE_CALL, &at);

    if (!node)
        return NULL;
    node->function = env_function(p->lexer.env, at.text);
    if (!node->function) {
        if (env_name(p->lexer.env, &at.text, 1))
            tree_tell(p->reading, at.line, at.column, "“%.*s”后面不带括号。",
                      STR_ARG(at.text));
        else
            unknown_word(p, &at, at.text, true);
        return NULL;
    }
    (void)parse_take(p); /* the bracket */
    return read_arguments(p, node) && has_all(p, node, &at) ? parse_done(p, node) : NULL;
}
