/* By what notices and their readers find each other.  A notice stands under a few keys,
 * however many are to read it:
 *
 *     p:420602004008             everybody who lives in the area
 *     h:420602004008|山水家园|3   the people of some houses
 *     r:grid-worker@420602004    those who hold a role in the area
 *
 * Whoever asks has a key for each level of where they live and of where they hold a
 * duty; a notice is theirs when one of its keys is among them. */
#ifndef ENGINE_NOTICE_NOTICE_KEYS_H
#define ENGINE_NOTICE_NOTICE_KEYS_H
#include "engine/notice/notice_store.h"
#include "registry/person.h"

enum { READER_KEYS_MAX = 96 };

struct notice_reader {
    int64_t who; /* whose receipts: the person, or the account of who is none; 0: nobody */
    struct str home;
    struct str keys[READER_KEYS_MAX];
    size_t     n;
};
/* op's actor, in op's county. */
MUST_USE enum rc reader_of(struct op *op, struct notice_reader *reader);
/* Is it theirs to read?  *area: where they are counted. */
MUST_USE enum rc reader_has(struct op *op, const struct notice_reader *reader,
                            const struct notice *notice, struct str *area, bool *has);

/* struct str, of its readers. */
MUST_USE enum rc notice_keys(struct op *op, const struct notice *notice, struct list *keys);
/* Of staff who look at lists: s all that went out in an area, b of the houses of a
 * community, w what waits for a second person. */
struct str staff_key(struct op *op, char letter, struct str area);

/* What stands under any of those keys, newest first, before a mark (0: the newest):
 * struct notice_key. */
MUST_USE enum rc keys_merged(struct op *op, const struct str *keys, size_t n,
                             int64_t before, size_t most, struct list *found);

/* struct person_house, of the text that is kept. */
MUST_USE enum rc notice_houses(struct op *op, const struct notice *notice,
                               struct list *houses);
struct str       notice_houses_write(struct op *op, struct list houses);
enum { HOUSE_NFIELDS = 3 };
extern const struct field notice_house_fields[HOUSE_NFIELDS];
/* Does somebody who lives there belong to that house, or group of houses? */
bool house_within(const struct person_house *home, const struct person_house *house);

#endif
