/* The tree of a parsed rule, for those who run rules their own way: the tag
 * engine compiles it to bitmaps, the sense engine to windows.  A rule is its
 * top node, and every truth below it (an argument, the test under `for`) is a
 * rule in its own right.  Built and checked by rule_parse(), then frozen. */
#ifndef RULE_NODE_H
#define RULE_NODE_H
#include "rule/rule.h"

enum rule_node {
#define RULE_NODE(kind, binds, en, zh) RULE_NODE_##kind,
#include "rule/node.def"
#undef RULE_NODE
    RULE_NODE_COUNT
};

struct rule_unit_row {            /* of a number: `5 min` is 5 × 60000 ms */
    struct str     one, many, zh; /* canonical: "day", "days", "天" */
    struct str     also[3];
    unsigned       type;
    int64_t        factor; /* times 10^-scale; of ms, months, metres, fen */
    int            scale;
    enum rule_unit unit; /* of a duration */
};

struct rule_const {
    struct rule_value           value;
    struct rule_number          written; /* a number as it was written, */
    const struct rule_unit_row *unit;    /* with its unit, NULL: none */
};

struct rule {
    enum rule_node kind;
    unsigned       type;
    struct rule   *first, *next; /* parts, in order; next: the parent's following part */
    struct str     text;         /* the rule's source, from here to its end */
    int64_t        line, column;
    int            height; /* 1: no parts */
    size_t         overs;  /* FOR, WITHIN and NO in it */
    size_t         param;  /* of an argument: its parameter's row */
    bool           constant;
    union {
        struct rule_const           literal; /* CONST; SET when constant */
        const struct rule_name     *name;
        const struct rule_function *function;
        struct rule_over            over;
    };
};

#endif
