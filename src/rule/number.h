/* Exact decimals.  What does not fit into 64 bits is refused (false), never
 * wrapped; products and quotients keep RULE_SCALE_MAX decimals, rounded half
 * away from zero.  Results have no trailing zeros after the point. */
#ifndef RULE_NUMBER_H
#define RULE_NUMBER_H
#include "rule/rule.h"

typedef bool number_op(struct rule_number a, struct rule_number b, struct rule_number *out);

number_op     number_add, number_sub, number_mul, number_div; /* div: false for zero too */
int           number_cmp(struct rule_number a, struct rule_number b);
MUST_USE bool number_neg(struct rule_number a, struct rule_number *out);
/* Digits with at most one point between them; false: too long. */
MUST_USE bool number_read(struct str text, struct rule_number *out);
/* The nearest whole number; false when it is not whole. */
MUST_USE bool number_whole(struct rule_number a, int64_t *n);
int64_t       number_round(struct rule_number a);
struct str    number_text(struct arena *arena, struct rule_number n);

#endif
