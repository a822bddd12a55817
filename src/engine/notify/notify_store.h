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
/* All messages of an account; what was told of a subject, in other words. */
MUST_USE enum rc messages_delete(struct op *op, int64_t account);
MUST_USE enum rc message_blank(struct op *op, int64_t subject, struct str title,
                               struct str says);
MUST_USE enum rc read_until_select(struct op *op, int64_t account, int64_t *until);
MUST_USE enum rc read_until_upsert(struct op *op, int64_t account, int64_t until);
MUST_USE enum rc unread_count(struct op *op, int64_t account, int64_t until, int64_t *n);

#endif
