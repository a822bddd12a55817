/* The statements of the inbox.  Inside engine/notify/ only. */
#ifndef ENGINE_NOTIFY_NOTIFY_STORE_H
#define ENGINE_NOTIFY_NOTIFY_STORE_H
#include "engine/notify/notify.h"

struct message {
    int64_t    county, account, id, seq, at;
    struct str title, says;
    int64_t    subject;
};
/* A message that is already there (same line, same account) is left alone. */
MUST_USE enum rc message_insert(struct op *op, const struct message *message);
MUST_USE enum rc message_select(struct op *op, int64_t account, int64_t before, size_t most,
                                struct list *messages);
MUST_USE enum rc read_until_select(struct op *op, int64_t account, int64_t *until);
MUST_USE enum rc read_until_upsert(struct op *op, int64_t account, int64_t until);
MUST_USE enum rc unread_count(struct op *op, int64_t account, int64_t until, int64_t *n);

#endif
