/* The reader's own hands: tokens, nodes and refusals, shared by the files that
 * read rules (parse.c) and names with their arguments (parse_call.c). */
#ifndef RULE_PARSE_H
#define RULE_PARSE_H
#include "rule/lex.h"
#include "rule/tree.h"

struct parser {
    struct reading *reading;
    struct lexer    lexer;
    struct token    now, next;
    size_t          end; /* of the last token taken */
    size_t          nodes, overs;
    int             nest; /* brackets, nots and sets under way */
};

struct token parse_take(struct parser *p);
bool         parse_take_if(struct parser *p, enum token_kind kind);
/* From here on words are those of another environment. */
void parse_env(struct parser *p, const struct rule_env *env);

/* All of these give NULL (false) when something was told. */
struct rule *parse_refuse(struct parser *p, const char *wanted);
struct rule *parse_node(struct parser *p, enum rule_node kind, const struct token *at);
struct rule *parse_done(struct parser *p, struct rule *node); /* its text ends here */
bool         parse_part(struct rule *node, struct rule *part);

struct rule            *parse_rule(struct parser *p);
struct rule            *parse_name(struct parser *p);
struct rule            *parse_call(struct parser *p);
const struct rule_name *parse_path(struct parser *p);

#endif
