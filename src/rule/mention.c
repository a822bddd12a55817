/* What a rule names: for checks that it exists and may be used. */
#include "rule/node.h"

struct finder {
    struct rule_mention *found; /* NULL: only counted */
    size_t               n;
};

static void add(struct finder *finder, const struct rule *node, struct rule_mention mention)
{
    mention.line = node->line;
    mention.column = node->column;
    if (finder->found)
        finder->found[finder->n] = mention;
    finder->n++;
}

static void find(struct finder *finder, const struct rule *node,
                 const struct rule_param *param)
{
    if (node->kind == RULE_NODE_NAME)
        add(finder, node, (struct rule_mention){ .name = node->name });
    if (node->kind == RULE_NODE_NO)
        add(finder, node, (struct rule_mention){ .name = node->over.name });
    if (node->kind == RULE_NODE_CALL)
        add(finder, node, (struct rule_mention){ .function = node->function });
    if (node->kind == RULE_NODE_CONST && node->type == RULE_AREA)
        add(finder, node,
            (struct rule_mention){ .text = node->literal.value.place.area,
                                   .kind = STR("area") });
    if (node->kind == RULE_NODE_CONST && node->type == RULE_TEXT && param &&
        param->names.len)
        add(finder, node,
            (struct rule_mention){ .text = node->literal.value.text,
                                   .kind = param->names });
    for (const struct rule *part = node->first; part; part = part->next)
        find(finder, part,
             node->kind == RULE_NODE_CALL  ? &node->function->params[part->param]
             : node->kind == RULE_NODE_SET ? param
                                           : NULL);
}

const struct rule_mention *rule_mentions(struct arena *arena, const struct rule *rule,
                                         size_t *n)
{
    struct finder finder = { 0 };

    find(&finder, rule, NULL);
    finder.found = arena_many(arena, finder.n, struct rule_mention);
    *n = finder.found ? finder.n : 0;
    finder.n = 0;
    if (finder.found)
        find(&finder, rule, NULL);
    return finder.found;
}
