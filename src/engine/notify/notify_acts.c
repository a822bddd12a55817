#include "engine/notify/notify_store.h"
#include "base/limits.h"
#include "gate/view.h"
#include "guard/actor.h"

enum { PAGE_DEFAULT = 50 };

struct shown {
    int64_t    id, at;
    struct str title, says;
    int64_t    subject;
    bool       read;
};
static const struct field shown_fields[] = {
    FIELD_ID(struct shown, id, OPTIONAL),
    FIELD_TIME(struct shown, at, OPTIONAL),
    FIELD(struct shown, title, OPTIONAL),
    FIELD(struct shown, says, OPTIONAL),
    { .name = STR_INIT("case"),
      .kind = KIND_ID,
      .offset = offsetof(struct shown, subject),
      .size = sizeof(int64_t) },
    FIELD(struct shown, read, OPTIONAL),
};

struct list_args {
    int64_t cursor, limit;
};
static const struct field list_args[] = {
    FIELD_ID(struct list_args, cursor, OPTIONAL),
    FIELD(struct list_args, limit, .min = 1, .max = PAGE_MAX, .title = STR_INIT("条数")),
};

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    size_t                  most = args->limit ? (size_t)args->limit : PAGE_DEFAULT;
    struct list             found;
    int64_t                 until;

    enum rc rc = message_select(op, op->actor->account, args->cursor, most, &found);
    if (rc == RC_OK)
        rc = read_until_select(op, op->actor->account, &until);
    struct shown *rows =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct shown) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct message *messages = found.at;
    for (size_t i = 0; i < found.n; i++)
        rows[i] = (struct shown){ messages[i].id,      messages[i].at,
                                  messages[i].title,   messages[i].says,
                                  messages[i].subject, messages[i].id <= until };
    struct str next = found.n == most
                          ? str_fmt(op->arena, "%lld", (long long)messages[most - 1].id)
                          : STR_NONE;
    view_page(view, shown_fields, COUNT(shown_fields), (struct list){ rows, found.n },
              sizeof *rows, next);
    return RC_OK;
}

struct read_args {
    int64_t until;
};
static const struct field read_args[] = {
    FIELD_ID(struct read_args, until, REQUIRED, .title = STR_INIT("读到哪一条")),
};

static enum rc mark_read(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return read_until_upsert(op, op->actor->account, ((const struct read_args *)in)->until);
}

const struct act notify_acts[] = {
    { .name = "inbox.list",
      .method = GET,
      .path = "/inbox",
      .title = STR_INIT("看消息"),
      .right = RIGHT_SELF,
      ARGS(struct list_args, list_args),
      .answer = shown_fields,
      .nanswer = COUNT(shown_fields),
      .many = true,
      .run = list },
    { .name = "inbox.read",
      .method = POST,
      .path = "/inbox/read",
      .title = STR_INIT("消息已读"),
      .right = RIGHT_SELF,
      .writes = true,
      .quiet = true,
      ARGS(struct read_args, read_args),
      .run = mark_read },
    { .name = NULL },
};
