#include "scene/checking.h"

/* ---- clocks and effects ---- */

static void check_longer(struct check *check, struct spot at, struct span limit,
                         struct span urgent)
{
    if (urgent.kind == limit.kind && urgent.amount > limit.amount)
        tell(check, at, "紧急的期限比平时的还长。");
}

static bool has_urgent(const struct scene_clock *clock)
{
    bool has = clock->urgent.kind != SPAN_NONE;

    for (size_t i = 0; i < clock->nby; i++)
        has |= clock->by[i].urgent.kind != SPAN_NONE;
    return has;
}

void check_clocks(struct check *check)
{
    const struct case_kind *kind = check->kind;

    for (enum clock_name name = 0; name < CLOCK_COUNT; name++) {
        const struct scene_clock *clock = &kind->clocks[name];

        if (clock->limit.kind == SPAN_NONE)
            continue;
        if (has_urgent(clock) && !kind->urgent)
            tell(check, clock->at,
                 "写了紧急的期限，可是没有说什么算紧急。请加一个叫 urgent 的是否字段，或写 "
                 "urgent（紧急）规则。");
        if (clock->promised && !kind_category(kind))
            tell(check, clock->at, "照承诺（promised），就要有选择（choice）的字段。");
        check_longer(check, clock->at, clock->limit, clock->urgent);
        for (size_t i = 0; i < clock->nby; i++)
            check_longer(check, clock->by[i].at, clock->by[i].limit, clock->by[i].urgent);
        if (kind->begins < kind->nstates && check_has(clock->until, kind->begins))
            tell(check, clock->at,
                 "这个时限一登记就算做到了：until（直到）里不能有开始的状态。");
    }
}

static bool asks_stars(const struct case_kind *kind)
{
    for (size_t i = 0; i < kind->nmoves; i++)
        if (kind->moves[i].needs & NEEDS_STARS)
            return true;
    return false;
}

/* What an effect works on must be asked for. */
static void check_asked(struct check *check, const struct scene_effect *effect,
                        const struct scene_move *move)
{
    static const struct {
        enum effect_kind effect;
        unsigned         needs;
    } rows[] = {
        { EFFECT_TRANSFER, NEEDS_TARGET },    { EFFECT_HAND_DOWN, NEEDS_TARGET },
        { EFFECT_INVITE, NEEDS_TARGETS },     { EFFECT_INVITE, NEEDS_TEXT },
        { EFFECT_ANSWER_PART, NEEDS_TEXT },   { EFFECT_EXCUSE_PART, NEEDS_PART },
        { EFFECT_EXCUSE_PART, NEEDS_REASON }, { EFFECT_DECIDE, NEEDS_TARGET },
        { EFFECT_DECIDE, NEEDS_REASON },      { EFFECT_RECATEGORISE, NEEDS_CATEGORY },
        { EFFECT_RELOCATE, NEEDS_PLACE },     { EFFECT_ASK_PAUSE, NEEDS_REASON },
        { EFFECT_LINK, NEEDS_CASE },          { EFFECT_GATHER, NEEDS_CASE },
        { EFFECT_MERGE, NEEDS_CASE },         { EFFECT_SPLIT, NEEDS_CATEGORY },
        { EFFECT_SPLIT, NEEDS_TEXT },         { EFFECT_HAND_UP, NEEDS_REASON },
        { EFFECT_PUBLISH, NEEDS_PUBLIC },     { EFFECT_UNPUBLISH, NEEDS_REASON },
        { EFFECT_MINUTES, NEEDS_HELD },       { EFFECT_MINUTES, NEEDS_VENUE },
        { EFFECT_MINUTES, NEEDS_PRESENT },    { EFFECT_MINUTES, NEEDS_TEXT },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].effect == effect->kind && !(move->needs & rows[i].needs))
            for (unsigned bit = 0; bit < NEEDS_COUNT; bit++)
                if (rows[i].needs >> bit & 1)
                    tell(check, effect->at,
                         "做“%.*s”，needs（要填）里就要有 %.*s（%.*s）。",
                         STR_ARG(effect_word(effect->kind)),
                         STR_ARG(needs_words.all[bit].word),
                         STR_ARG(needs_words.all[bit].zh));
}

/* A category or a place can be put right where the kind has one. */
static bool asks_text(const struct case_kind *kind)
{
    for (size_t i = 0; i < kind->nfields; i++)
        if (kind->fields[i].asks == ASKS_TEXT)
            return true;
    return false;
}

static void check_field_named(struct check *check, const struct scene_effect *effect)
{
    if (effect->kind == EFFECT_SPLIT &&
        (!kind_category(check->kind) || !asks_text(check->kind)))
        tell(check, effect->at,
             "拆出来的那一件要有类别和文字：这类办件要有选择（choice）和文字（text）的字段"
             "。");
    if (effect->kind == EFFECT_RECATEGORISE && !kind_category(check->kind))
        tell(check, effect->at, "这类办件没有选择（choice）的字段，没有类别可以改。");
    if (effect->kind == EFFECT_RELOCATE && !kind_place(check->kind))
        tell(check, effect->at, "这类办件没有位置（place）的字段，没有位置可以改。");
}

/* Somewhere the reason was asked for, so that whoever agrees need not say it again. */
static bool reason_was_asked(const struct check *check, enum clock_name clock)
{
    for (size_t m = 0; m < check->kind->nmoves; m++) {
        const struct scene_move *move = &check->kind->moves[m];
        for (size_t i = 0; i < move->neffects; i++)
            if (move->effects[i].kind == EFFECT_ASK_PAUSE &&
                move->effects[i].clock == clock)
                return true;
    }
    return false;
}

static void check_pause(struct check *check, const struct scene_effect *effect,
                        const struct scene_move *move)
{
    const struct scene_clock *clock = &check->kind->clocks[effect->clock];

    if (clock->limit.kind == SPAN_NONE)
        tell(check, effect->at, "这类办件没有“%.*s”这个时限。",
             STR_ARG(clock_word(effect->clock)));
    else if (effect->kind != EFFECT_RESUME && clock->npause == 0)
        tell(check, effect->at, "“%.*s”时限没有写 pause（可停）的原因，不能暂停。",
             STR_ARG(clock_word(effect->clock)));
    else if (effect->kind == EFFECT_PAUSE && move && !(move->needs & NEEDS_REASON) &&
             !reason_was_asked(check, effect->clock))
        tell(check, effect->at,
             "暂停要说明原因：请在 needs（要填）里加上 reason（原因）。");
}

static bool may_be_overdue(enum effect_kind kind)
{
    return kind == EFFECT_TELL || kind == EFFECT_ESCALATE || kind == EFFECT_SUPERVISE ||
           kind == EFFECT_ROUTE;
}

/* move: NULL for what happens when a clock runs out. */
void check_effects(struct check *check, const struct scene_effect *effects, size_t n,
                   const struct scene_move *move)
{
    for (size_t i = 0; i < n; i++) {
        const struct scene_effect *effect = &effects[i];

        if (!move && !may_be_overdue(effect->kind))
            tell(check, effect->at, "超时的时候不能做“%.*s”。",
                 STR_ARG(effect_word(effect->kind)));
        else if (effect->kind == EFFECT_PAUSE || effect->kind == EFFECT_RESUME ||
                 effect->kind == EFFECT_ASK_PAUSE)
            check_pause(check, effect, move);
        else if (effect->kind == EFFECT_ASK_RATING && !asks_stars(check->kind))
            tell(check, effect->at,
                 "请人评价，就要有一个动作的 needs（要填）里有 stars（星级）。");
        if (move)
            check_asked(check, effect, move);
        if (move && effect->kind == EFFECT_MERGE &&
            (move->to >= check->kind->nstates || !check_has(check->kind->ends, move->to)))
            tell(check, effect->at, "合并以后这一件就结束了：to（到）要写一个结束的状态。");
        check_field_named(check, effect);
    }
}
