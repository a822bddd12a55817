#include "engine/case/turn.h"

#include "base/clock.h"
#include "engine/case/line.h"
#include "guard/actor.h"
#include "guard/mask.h"

/* "网格员 刘敏" stands so on a card; inside a sentence it is one word. */
static struct str one_word(struct op *op, struct str title)
{
    struct str_cut cut = str_cut(title, ' ');

    return str_fmt(op->arena, "%.*s%.*s", STR_ARG(cut.head), STR_ARG(cut.tail));
}

static struct str holder_name(const struct turn *turn)
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

/* What was done, behind who did it: "已受理", "派单给了网格员刘敏". */
static struct str deed(const struct turn *turn, enum reader reader)
{
    const struct scene_move *move = turn->move;
    struct arena            *arena = turn->op->arena;

    if (move->needs & NEEDS_TARGET)
        return reader == READER_HOLDER
                   ? str_fmt(arena, "%.*s给您", STR_ARG(move->title))
                   : str_fmt(arena, "%.*s给了%.*s", STR_ARG(move->title),
                             STR_ARG(holder_name(turn)));
    if (move->needs & NEEDS_STARS)
        return str_fmt(arena, "评了“%.*s”", STR_ARG(star_words(turn->line.stars)));
    return move->told.len ? move->told : str_fmt(arena, "办了“%.*s”", STR_ARG(move->title));
}

/* What is said to whom it is given to is theirs alone. */
static struct str words(const struct turn *turn, enum reader reader)
{
    if ((turn->move->needs & NEEDS_TARGET) && reader != READER_HOLDER)
        return STR("");
    return str_trim(turn->line.text.len ? turn->line.text : turn->line.reason);
}

struct str news_until(const struct turn *turn, enum reader reader)
{
    const struct case_row *row = &turn->it->row;
    bool                   accept = str_eq(row->due_clock, STR("accept"));

    if (!row->due_ms || row->paused_ms || reader == READER_OTHER)
        return STR("");
    if (row->due_ms < turn->op->now_ms)
        return reader == READER_HOLDER ? STR("时限已过，请马上处理。") : STR("");
    struct str when = clock_zh(turn->op->arena, row->due_ms, turn->op->now_ms);
    if (reader == READER_HOLDER)
        return str_fmt(turn->op->arena, "请在 %.*s 前%s。", STR_ARG(when),
                       accept ? "受理" : "办好");
    return str_fmt(turn->op->arena, "%.*s 前%s。", STR_ARG(when),
                   accept ? "受理" : "答复您");
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
    return str_fmt(turn->op->arena, "%.*s没能按时办好，上报到您这里，请接手。",
                   STR_ARG(one_word(turn->op, from)));
}

struct str news_taken_away(const struct turn *turn)
{
    return str_fmt(turn->op->arena, "%.*s已上报给%.*s。", STR_ARG(turn->line.text),
                   STR_ARG(holder_name(turn)));
}

/* For those who look on: what happened, and whose hands it is in. */
struct str news_supervised(const struct turn *turn)
{
    struct arena *arena = turn->op->arena;
    struct str happened = turn->line.late ? turn->line.text : news_done(turn, READER_OTHER);

    return str_fmt(arena, "%.*s由%.*s负责，已督办，请您过问。", STR_ARG(happened),
                   STR_ARG(holder_name(turn)));
}
