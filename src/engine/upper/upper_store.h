/* The statements of the upper platform.  Inside engine/upper/ only. */
#ifndef ENGINE_UPPER_UPPER_STORE_H
#define ENGINE_UPPER_UPPER_STORE_H
#include "engine/upper/upper.h"

struct upper_key {
    int64_t    county, id, account, made_ms, made_by, until_ms;
    struct str secret; /* sealed */
};
MUST_USE enum rc upper_key_insert(struct op *op, const struct upper_key *key);
MUST_USE enum rc upper_key_find(struct op *op, int64_t id, struct upper_key *key);
/* Newest first. */
MUST_USE enum rc upper_key_select(struct op *op, int64_t account, size_t most,
                                  struct list *keys);
MUST_USE enum rc upper_key_until(struct op *op, int64_t id, int64_t until_ms);

#define WAY_OUT STR("out")
#define WAY_IN  STR("in")
struct upper_link {
    int64_t    county, case_id, account;
    struct str way, theirs;
    bool       open;
    int64_t    sent_seq, heard_seq;
};
MUST_USE enum rc upper_link_put(struct op *op, const struct upper_link *link);
MUST_USE enum rc upper_link_find(struct op *op, int64_t case_id, struct upper_link *link);
/* Handed down under that number. */
MUST_USE enum rc upper_link_theirs(struct op *op, int64_t account, struct str theirs,
                                   struct upper_link *link);

#define MESSAGE_QUEUED  STR("queued")
#define MESSAGE_WAITING STR("waiting")
#define MESSAGE_SENT    STR("sent")
#define MESSAGE_STUCK   STR("stuck")
#define MESSAGE_DROPPED STR("dropped")
struct upper_message {
    int64_t    county, id, case_id;
    struct str number;
    int64_t    seq;
    struct str kind, body, photos, state;
    int64_t    made_ms, since_ms, next_ms, tries;
    struct str why;
    int64_t    ended_ms;
};
MUST_USE enum rc upper_message_insert(struct op *op, const struct upper_message *message);
MUST_USE enum rc upper_message_find(struct op *op, int64_t id,
                                    struct upper_message *message);
/* After a try: state, when to try again, how often it was, why not. */
MUST_USE enum rc upper_message_update(struct op *op, const struct upper_message *message);
/* How many of the case are neither sent nor dropped. */
MUST_USE enum rc upper_message_open(struct op *op, int64_t case_id, int64_t *n);
/* The next of the case has its turn. */
MUST_USE enum rc upper_message_turn(struct op *op, int64_t case_id);
/* All of the case that were not sent, for that reason. */
MUST_USE enum rc upper_message_drop(struct op *op, int64_t case_id, struct str why);
/* What stands in them of a deleted person's case. */
MUST_USE enum rc upper_message_blank(struct op *op, int64_t case_id);
/* Whose turn it is by op's now, in all counties, behind the mark. */
struct upper_due {
    int64_t next_ms, id;
};
MUST_USE enum rc upper_message_due(struct op *op, struct upper_due after, size_t most,
                                   struct list *found);
/* Of a state, newest first, before `before`: struct upper_message without bodies. */
MUST_USE enum rc upper_message_page(struct op *op, struct str state, int64_t before,
                                    size_t most, struct list *found);
/* Of one county, or of all (county 0). */
MUST_USE enum rc upper_message_count(struct op *op, struct str state, int64_t *n,
                                     int64_t *oldest_ms);
MUST_USE enum rc upper_message_count_all(struct op *op, struct str state, int64_t *n,
                                         int64_t *oldest_ms);

struct upper_heard {
    int64_t    county, account;
    struct str message, digest;
    int64_t    case_id;
    struct str answer;
    int64_t    at_ms;
};
MUST_USE enum rc upper_heard_insert(struct op *op, const struct upper_heard *heard);
MUST_USE enum rc upper_heard_find(struct op *op, int64_t account, struct str message,
                                  struct upper_heard *heard);
MUST_USE enum rc upper_heard_newest(struct op *op, int64_t *at_ms); /* 0: nothing yet */

#endif
