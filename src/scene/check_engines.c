#include "scene/checking.h"

#include "base/blank.h"
#include "base/offices.h"

/* ---- likeness ---- */

static void check_near(struct check *check, struct spot at, int64_t metres)
{
    if (metres > ALIKE_M_MAX)
        tell(check, at, "离得再远也不会是同一件事：距离最多 %d 公里。", ALIKE_M_MAX / 1000);
}

void check_alike(struct check *check)
{
    const struct scene_alike *alike = &check->kind->alike;
    const struct scene_field *field = kind_category(check->kind);

    if (!alike->distance_m)
        return;
    check_near(check, alike->at, alike->distance_m);
    check_near(check, alike->at, alike->staff_m);
    if (alike->staff_m < alike->distance_m)
        tell(check, alike->at,
             "staff（工作人员）的距离要比 distance（距离）远，不能更近。");
    for (size_t i = 0; field && i < field->noptions; i++)
        check_near(check, field->options[i].at, field->options[i].near_m);
}

/* ---- confidential ---- */

static void check_tells_nobody(struct check *check)
{
    static const struct {
        enum effect_kind kind;
        const char      *says;
    } shows[] = {
        { EFFECT_DECIDE, "保密的事不留先例：先例会给别的事的承办人看。" },
        { EFFECT_PUBLISH, "保密的事不能公开：去掉这个动作。" },
        { EFFECT_HAND_UP, "保密的事不能报上级平台：那边谁能看，这里管不了。" },
    };
    const struct case_kind *kind = check->kind;

    for (size_t m = 0; m < kind->nmoves; m++)
        for (size_t i = 0; i < kind->moves[m].neffects; i++)
            for (size_t s = 0; s < COUNT(shows); s++)
                if (kind->moves[m].effects[i].kind == shows[s].kind)
                    tell(check, kind->moves[m].effects[i].at, "%s", shows[s].says);
}

/* What shows something of it to others contradicts it. */
void check_confidential(struct check *check)
{
    const struct case_kind *kind = check->kind;

    if (!kind->confidential)
        return;
    if (kind->shown.shown)
        tell(check, kind->shown.at,
             "保密的事不能给邻居看：public（公开）的 default 要写 false。");
    if (kind->nopen311)
        tell(check, kind->open311[0].at, "保密的事不能给公众平台看：去掉 open311。");
    check_tells_nobody(check);
}

/* ---- papers ---- */

static bool is_blank(const struct case_kind *kind, struct str name)
{
    static const struct str blanks[] = { PAPER_BLANKS };

    for (size_t i = 0; i < COUNT(blanks); i++)
        if (str_eq(blanks[i], name))
            return true;
    return kind_field(kind, name) != NULL;
}

static void check_blanks(struct check *check, const struct scene_paper *paper,
                         struct str text)
{
    if (str_chars(text) > PAPER_LINE_MAX)
        tell(check, paper->at, "文书的一段最多 %d 个字。", PAPER_LINE_MAX);
    while (text.at && text.len) {
        struct blank blank = blank_next(text);
        if (blank.name.at && !is_blank(check->kind, blank.name))
            tell(check, paper->at,
                 "“{%.*s}”填不出来：它不是这类办件的字段，也不是占位的词。",
                 STR_ARG(blank.name));
        text = blank.rest;
    }
}

void check_papers(struct check *check)
{
    const struct case_kind *kind = check->kind;

    for (size_t p = 0; p < kind->npapers; p++) {
        const struct scene_paper *paper = &kind->papers[p];
        for (size_t i = 0; i < paper->non; i++)
            if (!kind_move(kind, paper->on[i]))
                tell(check, paper->at, "没有“%.*s”这个动作，出不了文书。",
                     STR_ARG(paper->on[i]));
        check_blanks(check, paper, paper->issuer);
        for (size_t i = 0; i < paper->nlines; i++)
            check_blanks(check, paper, paper->lines[i]);
        for (size_t i = 0; i < paper->nsigns; i++)
            check_blanks(check, paper, paper->signs[i]);
    }
}

/* ---- windows ---- */

static void check_hours(struct check *check, const struct scene_window *window)
{
    struct offices hours;

    if (!offices_read(window_hours(check->scratch, window), &hours))
        tell(check, window->at,
             "“%.*s”的时段要写成 9:00-11:30 这样，早的在前，最多 %d 段。",
             STR_ARG(window->title), OFFICES_MAX);
}

static void check_span_of(struct check *check, const struct scene_window *window)
{
    const int64_t minute = 60 * 1000, day = 24 * 60 * minute;

    if (window->slot_ms < WINDOW_SLOT_MINUTES_MIN * minute || window->slot_ms > day / 3 ||
        window->slot_ms % minute)
        tell(check, window->at, "一场（slot）是整分钟，最短 %d 分钟，最长 8 小时。",
             WINDOW_SLOT_MINUTES_MIN);
    if (window->ahead_ms < day || window->ahead_ms > WINDOW_AHEAD_DAYS_MAX * day)
        tell(check, window->at, "提前（ahead）最少 1 天，最多 %d 天。",
             WINDOW_AHEAD_DAYS_MAX);
    if (window->change_ms > window->ahead_ms)
        tell(check, window->at, "改约（change）比提前（ahead）还长，就谁也改不了了。");
}

void check_windows(struct check *check)
{
    const struct case_kind *kind = check->kind;

    for (size_t w = 0; w < kind->nwindows; w++) {
        const struct scene_window *window = &kind->windows[w];
        if (!scene_duty(check->scene, window->duty))
            tell(check, window->at, "没有“%.*s”这个职责，窗口没有人值守。",
                 STR_ARG(window->duty));
        for (size_t i = 0; i < window->nitems; i++)
            if (!kind_option(kind, window->items[i]))
                tell(check, window->at, "类别里没有“%.*s”，窗口约不了它。",
                     STR_ARG(window->items[i]));
        check_hours(check, window);
        check_span_of(check, window);
    }
}

/* ---- public platforms ---- */

/* What arrives from outside is a text and a point on the map; nobody there knows whom the
 * register calls by which number. */
static void check_open311_fields(struct check *check, struct spot at)
{
    bool placed = false;

    for (size_t i = 0; i < check->kind->nfields; i++) {
        const struct scene_field *field = &check->kind->fields[i];

        placed |= field->asks == ASKS_PLACE;
        if (field->asks == ASKS_PERSON && field->required && !field->ask)
            tell(check, field->at, "公众平台填不了“%.*s”：不能是必填的人员。",
                 STR_ARG(field->name));
    }
    if (!placed)
        tell(check, at,
             "公众平台报来的事要有地点：这类办件还没有类型为 place（位置）的字段。");
}

void check_open311(struct check *check)
{
    const struct case_kind *kind = check->kind;
    uint64_t                told = 0;

    if (kind->nopen311)
        check_open311_fields(check, kind->open311[0].at);
    if (kind->nopen311 && !kind_takes(kind, CHANNEL_OPEN311))
        tell(check, kind->open311[0].at,
             "写了 open311，渠道里却没有它：channels 加上 open311，或者去掉这一段。");
    for (size_t i = 0; i < kind->nopen311; i++) {
        const struct scene_status *row = &kind->open311[i];
        if (row->status >= STATUS_COUNT)
            continue; /* no such word: told when it was read */
        bool open = status_is_open(row->status);
        if (told & row->in)
            tell(check, row->at, "这里的状态前面已经写过，公众平台不知道听哪一条的。");
        if (open && (row->in & kind->ends))
            tell(check, row->at, "已经结束的状态不能说成“%.*s”：公众会以为还在办。",
                 STR_ARG(status_word(row->status)));
        told |= row->in;
    }
}

/* ---- the upper platform ---- */

/* It brings words, reasons and photos; nobody there knows our people. */
static void check_answer(struct check *check, const struct scene_move *move, bool *seen)
{
    const unsigned brings = NEEDS_REASON | NEEDS_TEXT | NEEDS_PHOTO;

    if (move->needs & ~brings)
        tell(check, move->at, "上级平台办不了“%.*s”：它只能带文字、原因和照片来。",
             STR_ARG(move->name));
    if ((move->upper == ANSWERS_RETURNED || move->upper == ANSWERS_RESOLVED) &&
        !move_does(move, EFFECT_GIVE_BACK))
        tell(check, move->at,
             "“%.*s”以后要有人接：请写 do: give_back（退还），还给报上去的一方。",
             STR_ARG(move->name));
    seen[move->upper] = true;
}

/* What was handed up must be able to come back. */
void check_upper(struct check *check)
{
    bool                     seen[ANSWERS_COUNT] = { false };
    const struct scene_move *up = NULL;

    for (size_t m = 0; m < check->kind->nmoves; m++) {
        const struct scene_move *move = &check->kind->moves[m];
        if (move_does(move, EFFECT_HAND_UP))
            up = move;
        if (move->upper != ANSWERS_NOTHING && move->upper < ANSWERS_COUNT)
            check_answer(check, move, seen);
    }
    if (up && (!seen[ANSWERS_RETURNED] || !seen[ANSWERS_RESOLVED]))
        tell(check, up->at,
             "报上去的事要能退回、能办结：再写两个动作，一个 upper: returned，一个 upper: "
             "resolved。");
}

/* ---- indicators ---- */

void check_indicators(struct check *check)
{
    for (size_t i = 0; i < check->scene->nindicators; i++) {
        const struct scene_indicator *indicator = &check->scene->indicators[i];
        const struct case_kind       *kind = scene_kind(check->scene, indicator->kind);
        struct str_cut                cut = str_cut(indicator->good, '.');
        size_t                        clock = words_find(&clock_words, cut.head);

        if (str_empty(indicator->good) || !kind)
            continue;
        if (clock == clock_words.n || !str_eq(cut.tail, STR("on_time")))
            tell(check, indicator->at,
                 "good（达标）要写“时限.on_time”，例如 resolve.on_time。");
        else if (kind->clocks[clock].limit.kind == SPAN_NONE)
            tell(check, indicator->at, "“%.*s”没有“%.*s”这个时限。", STR_ARG(kind->name),
                 STR_ARG(cut.head));
    }
}
