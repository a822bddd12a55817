/* Cases of 随手拍 in the small town: given, moved, looked at. */
#ifndef TESTS_TOWN_CASES_H
#define TESTS_TOWN_CASES_H
#include "town.h"

#include "engine/case/view.h"

/* In grid 3 unless another area is named. */
int64_t       town_case(struct town *t, const char *login, const char *category);
int64_t       town_case_in(struct town *t, const char *login, const char *category,
                           const char *area);
struct asking town_report(struct town *t, const char *login, const char *fields);
/* `more`: members after the move's name, each with a comma before. */
struct asking town_move(struct town *t, const char *login, int64_t id, const char *move,
                        const char *more);
struct asking town_move_at(struct town *t, const char *login, int64_t id, int64_t version,
                           const char *move, const char *more);
/* dispatch to an account or an organisation; answer with a new photo. */
struct asking town_send(struct town *t, const char *login, int64_t id, const char *to);
struct asking town_send_org(struct town *t, const char *login, int64_t id, int64_t org);
struct asking town_finish(struct town *t, const char *login, int64_t id);

struct case_whole town_look(struct town *t, const char *login, int64_t id);
struct str        town_state(struct town *t, int64_t id);
int64_t           town_version(struct town *t, int64_t id);
int64_t           town_due(struct town *t, int64_t id); /* ms, 0 when nothing is due */
bool              town_may(struct town *t, const char *login, int64_t id, const char *move);
int64_t           town_photo(struct town *t, const char *login); /* ready, not used yet */

size_t     town_messages(struct town *t, const char *login);
struct str town_newest(struct town *t, const char *login); /* what it says; "" when none */
/* Every case whose clock has come is looked at, as the timer does; how many. */
size_t town_tick(struct town *t);

#endif
