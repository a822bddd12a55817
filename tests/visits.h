/* The town where people come to a window: that of the community's service centre, which
 * Deng Li 邓丽 (dengli) keeps. */
#ifndef TESTS_VISITS_H
#define TESTS_VISITS_H
#include "town.h"

#define VISIT_WINDOW_IN(area)                                                              \
    "\"scene\":\"service\",\"kind\":\"application\",\"window\":\"counter\",\"area\":"      \
    "\"" area "\""
#define VISIT_WINDOW  VISIT_WINDOW_IN(TOWN_COMMUNITY)
#define VISIT_TUESDAY "2026-11-24T09:10:00+08:00"
#define VISIT_LATER   "2026-11-24T09:30:00+08:00"

struct str visit_scene(struct town *t); /* as it is delivered */
void       visit_load(struct town *t, struct str yaml);
void       visit_town(struct town *t, void **state);

struct asking visit_book(struct town *t, const char *login, const char *starts);
/* `who`: members of the body, of whom staff book for. */
struct asking visit_book_for(struct town *t, const char *login, const char *starts,
                             const char *who);
/* … which must be taken: its id. */
int64_t visit_booked(struct town *t, const char *login, const char *starts);
/* An act of one's or the window's; `more`: members, each with a comma before. */
struct asking visit_change(struct town *t, const char *login, const char *act, int64_t id,
                           const char *more);
struct asking visit_mark(struct town *t, const char *login, int64_t id, bool came);
/* What it shows somebody at that path. */
struct str visit_seen(struct town *t, const char *login, int64_t id, const char *what);

#endif
