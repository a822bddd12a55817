/* A notice as those who may see it see it. */
#ifndef ENGINE_NOTICE_NOTICE_VIEW_H
#define ENGINE_NOTICE_NOTICE_VIEW_H
#include "engine/notice/notice_rules.h"

struct shown_text {
    int64_t     version;
    struct str  title, words, question, reason, state;
    struct list photos; /* int64_t */
    int64_t     at, until;
    struct str  by, decided_by, why; /* for staff */
};
struct shown_yours {
    bool       asked; /* it is the asker's to read */
    int64_t    read, done;
    struct str answer;
};
struct notice_shown {
    int64_t            id;
    struct str         area, area_name, audience, audience_title, role, state, state_title;
    struct list        houses; /* struct person_house */
    struct str         asks;
    int64_t            version, newest, at, until, reminded, reminders;
    struct shown_text  text;    /* that is out, or waits to be */
    struct list        before;  /* struct shown_text: what stood earlier */
    struct shown_text  waiting; /* for staff: what is to replace it; version 0: nothing */
    struct shown_yours yours;
    bool               waits, may_correct, may_decide, may_withdraw, may_remind, may_watch;
};
enum { NOTICE_NFIELDS = 26 };
extern const struct field notice_shown_fields[NOTICE_NFIELDS];
MUST_USE enum rc          notice_show(struct op *op, const struct notice *notice,
                                      struct notice_shown *shown);

/* Another than the writer of what waits, who may let it out. */
bool       notice_may_decide(struct op *op, const struct notice *notice);
struct str notice_state_title(const struct op *op, const struct notice *notice);
/* 滨湖社区全体居民, 山水家园 3 栋等 2 处的居民, 檀溪街道的网格员 */
struct str notice_audience_title(struct op *op, const struct notice *notice);

#endif
