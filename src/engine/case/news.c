#include "engine/case/turn.h"

#include "base/blank.h"
#include "base/clock.h"
#include "engine/case/line.h"
#include "engine/case/reader.h"
#include "guard/actor.h"
#include "guard/mask.h"

/* "网格员 刘敏" stands so on a card; inside a sentence it is one word. */
static struct str one_word(struct op *op, struct str title)
{
    struct str_cut cut = str_cut(title, ' ');

    return str_fmt(op->arena, "%.*s%.*s", STR_ARG(cut.head), STR_ARG(cut.tail));
}

struct str news_holder(const struct turn *turn)
{
    return one_word(turn->op, case_holder_title(turn->op, turn->it));
}

struct str news_who(const struct turn *turn)
{
    const struct actor *actor = turn->op->actor;
    struct arena       *arena = turn->op->arena;

    if (actor->nholds)
        return str_fmt(arena, "%.*s%.*s", STR_ARG(actor->holds[0].duty),
                       STR_ARG(actor->name));
    if (actor->account && actor->account == turn->it->row.reporter)
        return str_fmt(arena, "居民%.*s", STR_ARG(mask_name(arena, actor->name)));
    return actor->name.len ? actor->name : STR("平台");
}

static struct str star_words(int64_t stars)
{
    return stars >= 5 ? STR("满意") : stars >= 3 ? STR("还行") : STR("不满意");
}

/* "派单给了网格员刘敏", or as the scene says it: "请调解员卢婷来调解". */
static struct str handed(const struct turn *turn, enum reader reader)
{
    const struct scene_move *move = turn->move;
    struct arena            *arena = turn->op->arena;
    bool                     you = reader == READER_HOLDER;
    struct str               target = you ? STR("您") : news_holder(turn);

    if (blank_next(move->told).name.at)
        return move_says(arena, move, target);
    return str_fmt(arena, you ? "%.*s给%.*s" : "%.*s给了%.*s", STR_ARG(move->title),
                   STR_ARG(target));
}

/* By its reporter, or by whoever asked them. */
static struct str judged(const struct turn *turn)
{
    struct str words = star_words(turn->line.stars);

    if (is_reporter(turn->op, &turn->it->row) || !turn->move->told.len)
        return str_fmt(turn->op->arena, "评了“%.*s”", STR_ARG(words));
    return str_fmt(turn->op->arena, "%.*s，居民说“%.*s”", STR_ARG(turn->move->told),
                   STR_ARG(words));
}

/* What was done, behind who did it: "已受理". */
static struct str deed(const struct turn *turn, enum reader reader)
{
    const struct scene_move *move = turn->move;

    if (move->needs & NEEDS_TARGET)
        return handed(turn, reader);
    if (move->needs & NEEDS_STARS)
        return judged(turn);
    return move->told.len ? move->told
                          : str_fmt(turn->op->arena, "办了“%.*s”", STR_ARG(move->title));
}

/* What is said to whom it is given to is theirs alone. */
static struct str words(const struct turn *turn, enum reader reader)
{
    if ((turn->move->needs & NEEDS_TARGET) && reader != READER_HOLDER)
        return STR("");
    return str_trim(turn->line.text.len ? turn->line.text : turn->line.reason);
}

struct str due_words(struct str clock, bool to_reporter)
{
    static const struct str words[][2] = {
        [CLOCK_ACCEPT] = { STR_INIT("受理"), STR_INIT("受理") },
        [CLOCK_ANSWER] = { STR_INIT("首次答复"), STR_INIT("首次答复您") },
        [CLOCK_RESOLVE] = { STR_INIT("办好"), STR_INIT("答复您") },
        [CLOCK_UPDATE] = { STR_INIT("答复进展"), STR_INIT("告诉您进展") },
    };
    size_t i = 0;

    while (i + 1 < CLOCK_COUNT && !str_eq(clock, clock_word((enum clock_name)i)))
        i++;
    return words[i][to_reporter];
}

struct str news_until(const struct turn *turn, enum reader reader)
{
    const struct case_row *row = &turn->it->row;
    if (!row->due_ms || row->paused_ms || reader == READER_OTHER)
        return STR("");
    if (row->due_ms < turn->op->now_ms)
        return reader == READER_HOLDER ? STR("时限已过，请马上处理。") : STR("");
    struct str when = clock_zh(turn->op->arena, row->due_ms, turn->op->now_ms);
    struct str what = due_words(row->due_clock, reader == READER_REPORTER);
    return str_fmt(turn->op->arena,
                   reader == READER_HOLDER ? "请在 %.*s 前%.*s。" : "%.*s 前%.*s。",
                   STR_ARG(when), STR_ARG(what));
}

struct str news_done(const struct turn *turn, enum reader reader)
{
    struct arena *arena = turn->op->arena;
    struct str    said = words(turn, reader);
    struct str    done =
        str_fmt(arena, "%.*s%.*s", STR_ARG(news_who(turn)), STR_ARG(deed(turn, reader)));

    if (said.len)
        done = str_fmt(arena, "%.*s：%.*s", STR_ARG(done), STR_ARG(said));
    return str_sentence(arena, done);
}

struct str news_of(const struct turn *turn, enum reader reader)
{
    return str_fmt(turn->op->arena, "%.*s%.*s", STR_ARG(news_done(turn, reader)),
                   STR_ARG(news_until(turn, reader)));
}

/* Why somebody above has it now. */
struct str news_escalated(const struct turn *turn, struct str from)
{
    if (!turn->line.late)
        return news_of(turn, READER_HOLDER);
    struct str who = one_word(turn->op, from), until = news_until(turn, READER_HOLDER);
    return str_fmt(turn->op->arena, "%.*s没能按时办好，上报到您这里，请接手。%.*s",
                   STR_ARG(who), STR_ARG(until));
}

struct str news_taken_away(const struct turn *turn)
{
    return str_fmt(turn->op->arena, "%.*s已上报给%.*s。", STR_ARG(turn->line.text),
                   STR_ARG(news_holder(turn)));
}

/* For those who look on: what happened, and whose hands it is in. */
struct str news_supervised(const struct turn *turn)
{
    struct arena *arena = turn->op->arena;
    struct str happened = turn->line.late ? turn->line.text : news_done(turn, READER_OTHER);

    return str_fmt(arena, "%.*s由%.*s负责，已督办，请您过问。", STR_ARG(happened),
                   STR_ARG(news_holder(turn)));
}
