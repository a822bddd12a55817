/* Which word was most likely meant: edit distance over characters, a swap of
 * neighbours counted once, ASCII case not counted. */
#ifndef RULE_NEAR_H
#define RULE_NEAR_H
#include "rule/rule.h"

struct near { /* the nearest so far */
    struct str wanted, word, twin;
    size_t     distance;
};

struct near near_start(struct str wanted);
void near_try(struct near *near, struct str word, struct str twin); /* both are tried */

#endif
