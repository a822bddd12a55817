/* The town where quarrels are mediated: by Lu Ting in the community, by Cao Yong in its
 * street, and by one more in another street. */
#ifndef TESTS_DISPUTE_H
#define TESTS_DISPUTE_H
#include "town.h"

void    dispute_town(struct town *t, void **state);
int64_t dispute_case(struct town *t, const char *login); /* of whoever signs in as that */

#endif
