/* The statements of notices.  Inside engine/notice/ only. */
#ifndef ENGINE_NOTICE_NOTICE_STORE_H
#define ENGINE_NOTICE_NOTICE_STORE_H
#include "base/field.h"
#include "base/op.h"
#include "engine/notice/notice.h"

#define NOTICE_WAITING   STR("waiting")
#define NOTICE_RETURNED  STR("returned")
#define NOTICE_STANDING  STR("standing")
#define NOTICE_WITHDRAWN STR("withdrawn")

struct notice {
    int64_t    county, id;
    struct str area, audience, role, houses, asks, state;
    int64_t    version, newest;
    bool       waits;
    struct str title;
    int64_t    made_by, at_ms, until_ms, reminded_ms, reminders, corrections;
};
MUST_USE enum rc notice_insert(struct op *op, const struct notice *notice);
MUST_USE enum rc notice_select(struct op *op, int64_t id, struct notice *notice);
/* What may change of it, when its newest text is still that one; RC_NOT_FOUND. */
MUST_USE enum rc notice_update(struct op *op, const struct notice *notice, int64_t newest);
MUST_USE enum rc notice_select_by(struct op *op, int64_t account, int64_t before,
                                  size_t most, struct list *notices);
/* How many that account has written since an id; counted up to `most`. */
MUST_USE enum rc notice_count_by(struct op *op, int64_t account, int64_t from, size_t most,
                                 int64_t *n);

#define TEXT_WAITING   STR("waiting")
#define TEXT_OUT       STR("out")
#define TEXT_RETURNED  STR("returned")
#define TEXT_WITHDRAWN STR("withdrawn")

struct notice_text {
    int64_t    county, notice, version;
    struct str title, words, question, photos;
    int64_t    until_ms;
    struct str reason, state;
    int64_t    written_by, written_ms, decided_by, decided_ms;
    struct str why;
};
MUST_USE enum rc text_insert(struct op *op, const struct notice_text *text);
MUST_USE enum rc text_select(struct op *op, int64_t notice, int64_t version,
                             struct notice_text *text);
/* Newest first. */
MUST_USE enum rc text_select_all(struct op *op, int64_t notice, size_t most,
                                 struct list *texts);
/* One that waits is decided; RC_NOT_FOUND when it does not wait. */
MUST_USE enum rc text_decide(struct op *op, const struct notice_text *text);

struct notice_key {
    int64_t    county;
    struct str key;
    int64_t    mark, notice, version, until_ms;
};
MUST_USE enum rc key_insert(struct op *op, const struct notice_key *key);
/* Those of a notice that begin with one of the letters from … until. */
MUST_USE enum rc keys_delete(struct op *op, int64_t notice, struct str from,
                             struct str until);
MUST_USE enum rc keys_renew(struct op *op, int64_t notice, int64_t mark);
MUST_USE enum rc key_select_page(struct op *op, struct str key, int64_t before, size_t most,
                                 struct list *keys);
/* Of at most KEYS_AT_ONCE keys together: how many stand that the reader has still to read
 * or to answer; counted up to `most` each time. */
enum { KEYS_AT_ONCE = 8 };
MUST_USE enum rc keys_count_unread(struct op *op, const struct str *keys, size_t n,
                                   int64_t reader, size_t most, int64_t *unread);

struct receipt {
    int64_t    county, reader, notice, version, account;
    struct str area;
    bool       done;
    int64_t    read_ms, done_ms;
    struct str answer; /* sealed */
};
MUST_USE enum rc receipt_put(struct op *op, const struct receipt *receipt);
/* version 0: the reader has not read it. */
MUST_USE enum rc receipt_select(struct op *op, int64_t reader, int64_t notice,
                                struct receipt *receipt);
/* All of a reader's, and what was counted of them. */
MUST_USE enum rc receipts_delete(struct op *op, int64_t reader);
/* With an answer, within an area, in its order, after (area, reader). */
MUST_USE enum rc receipts_answered(struct op *op, const struct notice *notice,
                                   struct str part, const struct receipt *after,
                                   size_t most, struct list *receipts);

struct tally {
    int64_t opened, done;
};
MUST_USE enum rc tally_add(struct op *op, const struct receipt *receipt,
                           struct tally tally);
MUST_USE enum rc tally_sum(struct op *op, const struct notice *notice, struct str part,
                           struct tally *tally);

/* RC_NOT_FOUND: nothing is said of that very area. */
MUST_USE enum rc policy_select(struct op *op, struct str area, bool *review);
MUST_USE enum rc policy_put(struct op *op, struct str area, bool review);

/* ---- who is to read ---- */

struct missing {
    int64_t    id; /* of a person, or of an account */
    struct str name, area;
    int64_t    account; /* 0: has none */
    int64_t    hold;
};
/* Persons of one grid without a receipt for what is out, by name and id; of shielded ones
 * only where they may be seen. */
MUST_USE enum rc people_missing(struct op *op, const struct notice *notice, struct str grid,
                                const struct missing *after, bool shielded, size_t most,
                                struct list *missing);
/* Those who hold the role in the area or below it, by area and hold. */
MUST_USE enum rc holders_missing(struct op *op, const struct notice *notice,
                                 struct str part, const struct missing *after, size_t most,
                                 struct list *missing);
MUST_USE enum rc holders_count(struct op *op, struct str role, struct str part, int64_t *n);
/* Of the houses with that compound and, unless empty, building and unit. */
struct person_house; /* registry/person.h */
MUST_USE enum rc house_people_count(struct op *op, const struct person_house *house,
                                    struct str part, int64_t *n);

#endif
