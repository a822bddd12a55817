/* Notices in the small town: written by the desk of 滨湖社区, let out by its secretary. */
#ifndef TESTS_NOTICES_H
#define TESTS_NOTICES_H
#include "town.h"

#define NOTICE_TO_ALL "\"audience\":\"all\",\"asks\":\"nothing\""
#define NOTICE_SAYS                                                                        \
    "\"title\":\"停水通知\",\"words\":\"明天 9:00 至 12:00 停水，请提前备水。\""
#define NOTICE_HERE "\"area\":\"" TOWN_COMMUNITY "\""

/* Written; `how`: to whom and what it asks, as members. */
struct asking notice_waiting(struct town *t, const char *how);
struct asking notice_approved(struct town *t, const char *login, int64_t id, int version);
/* Written and let out: its id. */
int64_t notice_given(struct town *t, const char *how);
/* Read, or answered by `more`: members, each with a comma before. */
struct asking notice_reads(struct town *t, const char *login, int64_t id, int version,
                           const char *more);
/* What it shows somebody at that path. */
struct str notice_seen(struct town *t, const char *login, int64_t id, const char *path);

#endif
