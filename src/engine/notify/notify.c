#include "engine/notify/notify.h"

#include "base/json.h"
#include "base/limits.h"
#include "engine/notify/notify_store.h"

/* Those whom an act tells, and the neighbours who met what it is about. */
enum { TOLD_MAX = ME_TOO_PER_CASE_MAX + 100 };

static struct str tell_member(struct arena *arena, struct str payload)
{
    struct json_member member;

    if (!payload.at || json_type(payload) != JSON_OBJECT)
        return STR_NONE;
    for (struct str rest = json_inside(payload); json_member(arena, &rest, &member);)
        if (str_eq(member.key, STR("tell")) && json_type(member.value) == JSON_ARRAY)
            return member.value;
    return STR_NONE;
}

static size_t count(struct arena *arena, struct str list)
{
    struct json_member member;
    size_t             n = 0;

    for (struct str rest = json_inside(list); json_member(arena, &rest, &member);)
        n++;
    return n;
}

enum rc notify_told(struct arena *arena, struct str payload, struct list *told)
{
    struct str         list = tell_member(arena, payload);
    struct json_member member;
    struct problems    ignored;

    *told = (struct list){ 0 };
    if (!list.at)
        return RC_OK;
    size_t          n = count(arena, list);
    struct telling *rows = arena_many(arena, n, struct telling);
    if (!rows || n > TOLD_MAX)
        return RC_TOO_LARGE;
    told->at = rows;
    problems_init(&ignored, arena);
    for (struct str rest = json_inside(list); json_member(arena, &rest, &member);) {
        enum rc rc = json_read(arena, member.value, telling_fields, TELLING_NFIELDS,
                               &rows[told->n], &ignored);
        if (rc != RC_OK)
            return rc;
        told->n++;
    }
    return RC_OK;
}

static enum rc follow(struct op *op, const struct line *line)
{
    struct list told;

    enum rc               rc = notify_told(op->arena, line->payload, &told);
    const struct telling *rows = told.at;
    for (size_t i = 0; i < told.n && rc == RC_OK; i++)
        rc = message_insert(
            op, &(struct message){ .county = line->county,
                                   .account = rows[i].account,
                                   .id = op_new_id(op),
                                   .seq = line->seq,
                                   .at = line->at_ms,
                                   .title = rows[i].title,
                                   .says = rows[i].says,
                                   .subject = rows[i].apart ? 0 : line->subject });
    return rc;
}

static enum rc forget(struct op *op, struct whose *whose)
{
    const int64_t *subjects = whose->subjects.at;

    enum rc rc =
        message_blank(op, whose->person, STR("已注销居民的事"), STR("内容已经删除。"));
    for (size_t i = 0; i < whose->naccounts && rc == RC_OK; i++)
        rc = messages_delete(op, whose->accounts[i]);
    for (size_t i = 0; i < whose->subjects.n && rc == RC_OK; i++)
        rc = message_blank(op, subjects[i], STR("已注销居民的事"), STR("内容已经删除。"));
    return rc;
}

/* Where somebody is may stand in what was told of their cases. */
static enum rc shield(struct op *op, struct whose *whose, bool shielded)
{
    const int64_t *subjects = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; shielded && i < whose->subjects.n && rc == RC_OK; i++)
        rc = message_blank(op, subjects[i], STR("受保护人员的事"), STR("请打开办件查看。"));
    return rc;
}

const struct person_keeper notify_keeper = { .name = "notify",
                                             .shield = shield,
                                             .forget = forget };
const struct follower      notify_follower = { .name = "notify", .line = follow };

enum rc notify_unread(struct op *op, int64_t account, int64_t *unread)
{
    int64_t until;

    enum rc rc = read_until_select(op, account, &until);
    return rc == RC_OK ? unread_count(op, account, until, unread) : rc;
}
