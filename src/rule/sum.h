/* Arithmetic on known values that check.c found to fit together.  False when
 * there is no result: it does not fit, a divisor is zero, units differ, or only
 * the county's calendar could tell (working time). */
#ifndef RULE_SUM_H
#define RULE_SUM_H
#include "rule/node.h"

/* `gives`: the type of the result. */
bool sum_added(const struct rule_value *a, const struct rule_value *b, unsigned gives,
               struct rule_value *value);
bool sum_subtracted(const struct rule_value *a, const struct rule_value *b, unsigned gives,
                    struct rule_value *value);
bool sum_scaled(const struct rule_value *a, const struct rule_value *b, enum rule_node kind,
                unsigned gives, struct rule_value *value); /* MUL or DIV */
bool sum_negated(const struct rule_value *a, struct rule_value *value);

int64_t value_days(const struct rule_value *value); /* of a date, or of a time's day */

#endif
