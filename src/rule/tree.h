/* Between the stages of rule_parse(): reading makes the tree, checking gives
 * every node its type.  Both tell problems in the same way. */
#ifndef RULE_TREE_H
#define RULE_TREE_H
#include "rule/node.h"

struct reading {
    struct arena          *arena;
    const struct rule_env *env;
    struct str             where;
    struct problems       *problems;
    size_t                 told; /* problems of this rule */
};

void tree_tell(struct reading *reading, int64_t line, int64_t column, const char *format,
               ...) PRINTF(4, 5);
/* "，您是不是想写 heart（心率）", or nothing. */
struct str tree_hint(struct reading *reading, struct str nearest);

struct rule *tree_read(struct reading *reading, struct rule_source source); /* NULL: told */
void         tree_check(struct reading *reading, struct rule *rule, unsigned expected);

#endif
