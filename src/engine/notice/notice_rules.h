/* What the acts of this engine share. */
#ifndef ENGINE_NOTICE_NOTICE_RULES_H
#define ENGINE_NOTICE_NOTICE_RULES_H
#include "base/limits.h"
#include "engine/notice/notice_keys.h"

#define ASKS_NOTHING    STR("nothing")
#define ASKS_READ       STR("read")
#define ASKS_ANSWER     STR("answer")
#define AUDIENCE_ALL    STR("all")
#define AUDIENCE_ROLE   STR("role")
#define AUDIENCE_HOUSES STR("houses")

struct notice_words { /* as they are written */
    struct str  title, words, question;
    struct list photos; /* int64_t */
    int64_t     until;  /* 0: NOTICE_DAYS */
};
struct notice_new {
    struct str          area, audience, role, asks;
    struct list         houses; /* struct person_house */
    struct notice_words words;
};
enum { NOTICE_DAYS = 30 };

/* A notice with the text that is spoken of. */
struct a_notice {
    struct notice      row;
    struct notice_text text;
};

/* In writing acts.  RC_INVALID, RC_DENIED, RC_REFUSED, RC_TOO_MANY, each told. */
MUST_USE enum rc notice_write(struct op *op, const struct notice_new *made,
                              struct a_notice *it);
/* A new text of one that is out, or of one that was returned; version: of the newest that
 * the writer has seen. */
MUST_USE enum rc notice_correct(struct op *op, int64_t id, int64_t version,
                                const struct notice_words *words, struct str reason,
                                struct a_notice *it);
/* A second person: lets the newest text out, or returns it (why is not empty). */
MUST_USE enum rc notice_decide(struct op *op, int64_t id, int64_t version, struct str why,
                               struct a_notice *it);
MUST_USE enum rc notice_withdraw(struct op *op, int64_t id, struct str reason,
                                 struct a_notice *it);
MUST_USE enum rc notice_remind(struct op *op, int64_t id, struct a_notice *it);

/* op's actor has opened the text of that version, and perhaps says so or answers. */
struct notice_said {
    int64_t    id, version;
    bool       confirms;
    struct str answer;
};
MUST_USE enum rc notice_receive(struct op *op, const struct notice_said *said,
                                struct a_notice *it, struct receipt *receipt);
/* What its reader answered; absent when nothing was, or the person was deleted. */
MUST_USE enum rc notice_answer(struct op *op, const struct receipt *receipt,
                               struct str *answer);

/* One that op's actor may see: staff of its area, and once it is out its readers and the
 * staff of what lies in its area.  RC_NOT_FOUND. */
MUST_USE enum rc notice_find(struct op *op, int64_t id, struct notice *notice);
bool             notice_is_out(const struct notice *notice);
/* Does a second person look at notices of that area? */
MUST_USE enum rc notice_review(struct op *op, struct str area, bool *review);

/* Of the people or holders within a part of its area. */
struct notice_count {
    int64_t should, opened, done;
};
MUST_USE enum rc notice_counted(struct op *op, const struct notice *notice, struct str part,
                                struct notice_count *count);

#endif
