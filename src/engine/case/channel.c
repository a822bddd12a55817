#include "engine/case/channel.h"

#include "guard/actor.h"

struct row {
    enum right         right;
    enum channel_takes takes;
};
static const struct row rows[] = {
#define CHANNEL(name, word, zh, right_, takes_, note)                                      \
    [CHANNEL_##name] = { RIGHT_##right_, TAKES_##takes_ },
#include "scene/words.def"
};
static_assert(COUNT(rows) == CHANNEL_COUNT, "every channel has its right");

enum channel_takes channel_takes(enum channel channel)
{
    return rows[channel].takes;
}

enum channel channel_of(const struct case_row *row)
{
    enum channel channel;

    return channel_of_word(row->channel, &channel) ? channel : CHANNEL_COUNT;
}

static bool is_machine(const struct actor *actor)
{
    return actor->kind == ACTOR_MACHINE;
}

/* By its right alone: what a person brings in comes from anywhere. */
static bool has_right(const struct actor *actor, enum channel channel)
{
    return rows[channel].right == RIGHT_SELF ||
           actor_may(actor, rows[channel].right, STR_NONE);
}

/* A call centre's program may take down calls; what is said to be somebody's own is. */
static bool is_for(const struct actor *actor, enum channel channel)
{
    switch (rows[channel].takes) {
    case TAKES_SELF:
        return !is_machine(actor);
    case TAKES_PERSON:
    case TAKES_PLATFORM:
        return true;
    case TAKES_MACHINE:
        return is_machine(actor);
    case TAKES_PAST:
        return false;
    }
    return false;
}

/* "来电、窗口" */
static struct str taken_by_kind(struct op *op, const struct case_kind *kind)
{
    struct str titles[CHANNEL_COUNT];
    size_t     n = 0;

    for (enum channel channel = 0; channel < CHANNEL_COUNT; channel++)
        if (kind_takes(kind, channel))
            titles[n++] = channel_title(channel);
    return str_join(op->arena, titles, n, STR("、"));
}

static enum rc first_of(struct op *op, const struct case_kind *kind, enum channel *channel)
{
    for (*channel = 0; *channel < CHANNEL_COUNT; (*channel)++)
        if (kind_takes(kind, *channel) && has_right(op->actor, *channel) &&
            is_for(op->actor, *channel))
            return RC_OK;
    return fail(op, RC_DENIED, "channel", "“%.*s”只从这些渠道收：%.*s。您从这里报不了。",
                STR_ARG(kind->title), STR_ARG(taken_by_kind(op, kind)));
}

static enum rc check_kind(struct op *op, const struct case_kind *kind, enum channel channel)
{
    return kind_takes(kind, channel)
               ? RC_OK
               : fail(op, RC_REFUSED, "channel",
                      "“%.*s”不从“%.*s”收，只从这些渠道收：%.*s。", STR_ARG(kind->title),
                      STR_ARG(channel_title(channel)), STR_ARG(taken_by_kind(op, kind)));
}

enum rc channel_choose(struct op *op, const struct case_kind *kind, struct str word,
                       enum channel *channel)
{
    if (!word.len)
        return first_of(op, kind, channel);
    if (!channel_of_word(word, channel))
        return fail(op, RC_INVALID, "channel", "没有“%.*s”这个渠道。", STR_ARG(word));
    struct str title = channel_title(*channel);
    if (!has_right(op->actor, *channel))
        return fail(op, RC_DENIED, "channel", "“%.*s”不归您用，要有“%.*s”的职责。",
                    STR_ARG(title), STR_ARG(right_title(rows[*channel].right)));
    if (!is_for(op->actor, *channel))
        return fail(op, RC_DENIED, "channel", "“%.*s”%s", STR_ARG(title),
                    is_machine(op->actor) ? "是人用的，接口密钥不能用。"
                                          : "不是人用的，请换一个渠道。");
    return check_kind(op, kind, *channel);
}

enum rc channel_past(struct op *op, const struct case_kind *kind, enum channel *channel)
{
    *channel = CHANNEL_IMPORT;
    return check_kind(op, kind, *channel);
}
