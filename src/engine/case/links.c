#include "engine/case/links.h"

#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/line.h"
#include "engine/case/links_store.h"
#include "engine/case/parts.h"
#include "gate/journal.h"
#include "guard/actor.h"

enum { LINES_AT_ONCE = 500 };

static bool is_open(struct str bucket)
{
    return !str_eq(bucket, STR("answered")) && !str_eq(bucket, STR("ended"));
}

bool row_is_open(const struct case_row *row)
{
    return is_open(row->bucket);
}

/* ------------------------------------------------------- the other case */

/* "1122-0003": of the newest 22 November that has been. */
static enum rc find_number(struct op *op, struct str number, int64_t *id)
{
    struct civil today = clock_civil(op->now_ms);
    int64_t      day = 0;

    if (number.len < 6 || !str_int64(str_slice(number.at, 4), &day))
        return RC_NOT_FOUND;
    struct civil then = { .year = today.year,
                          .month = (int)(day / 100),
                          .day = (int)(day % 100) };
    if (then.month * 100 + then.day > today.month * 100 + today.day)
        then.year--;
    if (then.month < 1 || then.month > 12 || then.day < 1 || then.day > 31)
        return RC_NOT_FOUND;
    int64_t begins = clock_of_civil(then);
    return case_select_number(op, number, id_floor(op->county, begins),
                              id_floor(op->county, begins + INT64_C(24) * 3600000), id);
}

static enum rc find_id(struct op *op, struct str text, int64_t *id)
{
    if (str_int64(text, id) && *id > 0)
        return RC_OK;
    return find_number(op, text, id);
}

/* What the asker may not see is not there; what lies outside their area is seen, where
 * they reported it themselves, and not theirs to link. */
static enum rc find_other(struct turn *turn, struct a_case *other)
{
    struct op *op = turn->op;
    struct str text = str_trim(turn->args->other);
    int64_t    id = 0;

    enum rc rc = find_id(op, text, &id);
    if (rc == RC_OK)
        rc = case_find(op, id, other);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, "other", "没有编号是“%.*s”的办件，或者不归您看。",
                    STR_ARG(text));
    if (rc != RC_OK)
        return rc;
    if (!actor_may(op->actor, RIGHT_CASE_READ, other->row.area) &&
        !case_holds(op->actor, &other->row))
        return fail(op, RC_DENIED, "other", "%.*s 不在您的辖区里。",
                    STR_ARG(other->row.number));
    return RC_OK;
}

/* "1122-0003 就是这一件…" */
static enum rc refuse(struct op *op, const char *says, struct str number)
{
    return fail(op, RC_REFUSED, "other", "%.*s %s", STR_ARG(number), says);
}

/* One level, one kind, one county, and both still to be handled. */
static enum rc check_pair(struct op *op, const struct case_row *later,
                          const struct case_row *first)
{
    if (later->id == first->id)
        return refuse(op, "就是这一件，请写另一件的编号。", first->number);
    if (later->county != first->county)
        return refuse(op, "在别的区县，不能并为同一件。", first->number);
    if (!str_eq(later->scene, first->scene) || !str_eq(later->kind, first->kind))
        return refuse(op, "是另一种办件，不能并为同一件。", first->number);
    if (later->first_id)
        return refuse(op, "已经随另一件一起办，请先把它分开。", later->number);
    if (first->first_id)
        return refuse(op, "自己随另一件一起办，请并到那一件。", first->number);
    if (later->linked)
        return refuse(op, "还有后报的随它一起办，请先把它们分开。", later->number);
    if (later->parts_open)
        return refuse(op, "还等协办答复，请先免去协办。", later->number);
    if (!row_is_open(first))
        return refuse(op, "已经答复过了，请照它的答复办。", first->number);
    if (!row_is_open(later))
        return refuse(op, "已经答复过了，不用并。", later->number);
    return RC_OK;
}

/* -------------------------------------------------------------- linking */

static enum rc last_line(struct op *op, int64_t id, int64_t *seq)
{
    struct list lines;

    enum rc rc = journal_read(op, id_county(id), id, 0, LINES_AT_ONCE, &lines);
    *seq = rc == RC_OK && lines.n ? ((const struct line *)lines.at)[lines.n - 1].seq : 0;
    return rc;
}

static enum rc put_link(struct turn *turn, const struct case_row *later,
                        const struct case_row *first, struct str how, enum link_told told)
{
    struct op       *op = turn->op;
    struct case_link before, link = {
        .county = later->county,
        .case_id = later->id,
        .link = 1,
        .first_id = first->id,
        .how = how,
        .who = news_who(turn),
        .made_ms = op->now_ms,
        .ended_who = STR(""),
        .told = told,
    };

    enum rc rc = link_select_newest(op, later->id, &before);
    if (rc == RC_OK)
        link.link = before.link + 1;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = last_line(op, first->id, &link.heard);
    return rc == RC_OK ? link_insert(op, &link) : rc;
}

static struct str until(struct op *op, const struct case_row *first)
{
    if (!first->due_ms || first->paused_ms || first->due_ms < op->now_ms)
        return STR("");
    struct str when = clock_zh(op->arena, first->due_ms, op->now_ms);
    return str_fmt(op->arena, "%.*s 前%.*s。", STR_ARG(when),
                   STR_ARG(due_words(first->due_clock, true)));
}

static void tell_joined(struct turn *turn, const struct case_row *first)
{
    turn_tell(turn, turn->it->row.reporter,
              str_fmt(turn->op->arena,
                      "您报的和先报的 %.*s 是同一件事，现在一起办。%.*s答复也会发给您。",
                      STR_ARG(first->number), STR_ARG(until(turn->op, first))));
}

enum rc links_link(struct turn *turn)
{
    struct case_row *row = &turn->it->row;
    struct op       *op = turn->op;
    struct a_case    first;

    enum rc rc = find_other(turn, &first);
    if (rc == RC_OK)
        rc = check_pair(op, row, &first.row);
    if (rc == RC_OK)
        rc = put_link(turn, row, &first.row, STR("same"), LINK_TOLD);
    if (rc == RC_OK)
        rc = case_count_linked(op, first.row.id, 1);
    if (rc != RC_OK)
        return rc;
    row->first_id = first.row.id;
    turn->line.helpers = first.row.number;
    tell_joined(turn, &first.row);
    turn_tell_holder(turn, holder_read(first.row.holder),
                     str_fmt(op->arena,
                             "%.*s把 %.*s 并到您手上的 %.*s，是同一件事。您的答复会发给"
                             "每一位报事的人。",
                             STR_ARG(news_who(turn)), STR_ARG(row->number),
                             STR_ARG(first.row.number)));
    return RC_OK;
}

/* The other one's own turn says so: its clock is woken. */
enum rc links_gather(struct turn *turn)
{
    struct op    *op = turn->op;
    struct a_case later;

    enum rc rc = find_other(turn, &later);
    if (rc == RC_OK)
        rc = check_pair(op, &later.row, &turn->it->row);
    if (rc == RC_OK)
        rc = put_link(turn, &later.row, &turn->it->row, STR("same"), LINK_NEW);
    if (rc == RC_OK)
        rc = case_put_first(op, later.row.id, turn->it->row.id);
    if (rc == RC_OK)
        rc = case_count_linked(op, turn->it->row.id, 1);
    if (rc != RC_OK)
        return rc;
    turn->it->row.linked++;
    turn->line.helpers = later.row.number;
    return RC_OK;
}

enum rc links_merge(struct turn *turn)
{
    struct case_row *row = &turn->it->row, was = *row;
    struct a_case    first;

    was.bucket = turn->it->was; /* the move has ended it by now */
    enum rc rc = find_other(turn, &first);
    if (rc == RC_OK)
        rc = check_pair(turn->op, &was, &first.row);
    if (rc == RC_OK)
        rc = put_link(turn, row, &first.row, STR("merged"), LINK_TOLD);
    if (rc == RC_OK && row->reporter != first.row.reporter)
        rc = me_too_add(turn->op, first.row.id, row->reporter);
    if (rc != RC_OK)
        return rc;
    row->first_id = first.row.id;
    turn->line.helpers = first.row.number;
    turn_tell(turn, row->reporter,
              str_fmt(turn->op->arena,
                      "您报的和先报的 %.*s 是同一件事，已经并过去一起办。%.*s"
                      "办得怎么样，也会告诉您。",
                      STR_ARG(first.row.number), STR_ARG(until(turn->op, &first.row))));
    turn_tell_holder(
        turn, holder_read(first.row.holder),
        str_fmt(turn->op->arena, "%.*s把 %.*s 并入了您手上的 %.*s，是同一件事。",
                STR_ARG(news_who(turn)), STR_ARG(row->number), STR_ARG(first.row.number)));
    return RC_OK;
}

/* ------------------------------------------------------------ unlinking */

/* The row goes on by itself; the link stays as history. */
static enum rc part(struct turn *turn, struct case_link *link, struct str who)
{
    struct case_row *row = &turn->it->row;
    bool             ends = !link->ended_ms;
    enum rc          rc = RC_OK;

    if (ends) {
        link->ended_ms = turn->op->now_ms;
        link->ended_who = who;
    }
    link->told = LINK_END_TOLD;
    row->first_id = 0;
    if (ends && str_eq(link->how, STR("same")))
        rc = case_count_linked(turn->op, link->first_id, -1);
    if (ends && str_eq(link->how, STR("merged")))
        rc = me_too_take(turn->op, link->first_id, row->reporter);
    clocks_settle(turn->it, &turn->clocks);
    return rc == RC_OK ? link_update(turn->op, link) : rc;
}

static void tell_parted(struct turn *turn, struct str number)
{
    struct op *op = turn->op;

    turn_tell_holder(turn, holder_read(turn->it->row.holder),
                     str_fmt(op->arena, "这件不再随 %.*s 一起办了，请接着办。%.*s",
                             STR_ARG(number), STR_ARG(news_until(turn, READER_HOLDER))));
    turn_tell(turn, turn->it->row.reporter,
              str_fmt(op->arena, "您报的事和 %.*s 分开办了，由%.*s负责。%.*s",
                      STR_ARG(number), STR_ARG(news_holder(turn)),
                      STR_ARG(news_until(turn, READER_REPORTER))));
}

static struct str number_of(struct op *op, int64_t id)
{
    struct case_row row;

    return case_select(op, id, &row) == RC_OK ? row.number : STR("先报的那件");
}

static enum rc part_itself(struct turn *turn)
{
    struct case_link link;

    enum rc rc = link_select_newest(turn->op, turn->it->row.id, &link);
    if (rc == RC_OK)
        rc = part(turn, &link, news_who(turn));
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_INTERNAL : rc;
    turn->line.helpers = number_of(turn->op, link.first_id);
    tell_parted(turn, turn->line.helpers);
    return RC_OK;
}

static enum rc part_other(struct turn *turn)
{
    struct op       *op = turn->op;
    struct a_case    later;
    struct case_link link;

    enum rc rc = find_other(turn, &later);
    if (rc == RC_OK && later.row.first_id != turn->it->row.id)
        rc = refuse(op, "没有随这一件一起办。", later.row.number);
    if (rc == RC_OK)
        rc = link_select_newest(op, later.row.id, &link);
    if (rc == RC_OK && !str_eq(link.how, STR("same")))
        rc = refuse(op, "已经并进来结束了，请在那一件上撤销合并。", later.row.number);
    if (rc != RC_OK)
        return rc;
    link.ended_ms = op->now_ms;
    link.ended_who = news_who(turn);
    turn->it->row.linked--;
    turn->line.helpers = later.row.number;
    rc = link_update(op, &link);
    if (rc == RC_OK)
        rc = case_count_linked(op, turn->it->row.id, -1);
    return rc == RC_OK ? case_wake(op, later.row.id) : rc;
}

enum rc links_unlink(struct turn *turn)
{
    if (turn->it->row.first_id)
        return part_itself(turn);
    if (str_trim(turn->args->other).len)
        return part_other(turn);
    return fail(turn->op, RC_REFUSED, "move", "这件没有随别的一起办，不用分开。");
}

enum rc links_after_move(struct turn *turn)
{
    struct case_row *row = &turn->it->row;
    struct case_link link;

    if (!row->first_id)
        return RC_OK;
    if (row->parts_open)
        return fail(turn->op, RC_REFUSED, "move",
                    "这件随 %.*s 一起办，要请协办，请在那一件上请。",
                    STR_ARG(number_of(turn->op, row->first_id)));
    if (is_open(turn->it->was) || !row_is_open(row))
        return RC_OK;
    enum rc rc = link_select_newest(turn->op, row->id, &link);
    return rc == RC_OK ? part(turn, &link, news_who(turn)) : rc;
}

/* ------------------------------------------------------------ spreading */

static bool tells_reporter(const struct turn *turn)
{
    for (size_t i = 0; i < turn->ntell; i++)
        if (turn->it->row.reporter && turn->tell[i].account == turn->it->row.reporter)
            return true;
    return false;
}

enum rc links_spread(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;
    enum rc                rc = RC_OK;

    if (!row->linked && !row->me_too)
        return RC_OK;
    if (!tells_reporter(turn) && is_open(turn->it->was) == row_is_open(row))
        return RC_OK;
    if (row->linked)
        rc = case_wake_linked(turn->op, row->id);
    return rc == RC_OK && row->me_too ? me_too_tell(turn) : rc;
}

/* -------------------------------------------------------- by the clock */

static void say(struct turn *turn, struct str move, struct str title, struct str number)
{
    turn->line = (struct case_line){
        .move = move,
        .move_title = title,
        .helpers = number,
        .from = turn->it->row.state,
    };
}

static enum rc let_go(struct turn *turn, struct case_link *link, struct str number)
{
    enum rc rc = part(turn, link, link->ended_who.len ? link->ended_who : STR("平台"));

    if (rc != RC_OK)
        return rc;
    say(turn, STR("unlink"), STR("分开办"), number);
    turn->line.who = link->ended_who;
    tell_parted(turn, number);
    return RC_OK;
}

static enum rc begin(struct turn *turn, struct case_link *link,
                     const struct case_row *first)
{
    bool split = str_eq(link->how, STR("split"));

    link->told = LINK_TOLD;
    say(turn, split ? STR("split") : STR("link"),
        split ? STR("拆分登记，出自") : STR("并为同一件"), first->number);
    turn->line.who = link->who;
    if (!split) {
        tell_joined(turn, first);
        turn->again = true; /* what the first has heard meanwhile */
    } else {
        turn->it->row.first_id = 0;
        clocks_settle(turn->it, &turn->clocks);
        turn_tell_holder(turn, holder_read(turn->it->row.holder),
                         str_fmt(turn->op->arena, "%.*s从 %.*s 拆出一件，请办理。%.*s",
                                 STR_ARG(link->who), STR_ARG(first->number),
                                 STR_ARG(news_until(turn, READER_HOLDER))));
        turn_tell(turn, turn->it->row.reporter,
                  str_fmt(turn->op->arena,
                          "您报的 %.*s 说了两件事，另一件单独登记为 %.*s，由%.*s负责。%.*s",
                          STR_ARG(first->number), STR_ARG(turn->it->row.number),
                          STR_ARG(news_holder(turn)),
                          STR_ARG(news_until(turn, READER_REPORTER))));
    }
    return link_update(turn->op, link);
}

static struct str told_to(const struct case_line *step, int64_t account)
{
    const struct telling *all = step->tell.at;

    for (size_t i = 0; account && i < step->tell.n; i++)
        if (all[i].account == account)
            return all[i].says;
    return STR("");
}

/* Into the state of the same name. */
static enum rc enter(struct turn *turn, const struct scene_state *state)
{
    size_t from = turn->it->state;

    turn_enter(turn, (size_t)(state - turn->it->kind->states));
    return clocks_enter(turn, from);
}

/* One line of the first, as far as it says something to this case. */
static enum rc hear(struct turn *turn, const struct a_case *first, struct case_link *link,
                    const struct line *line, bool *said)
{
    struct case_line          step;
    struct op                *op = turn->op;
    const struct scene_state *state = NULL;

    if (case_line_read(op, line, &step) != RC_OK || !step.move_title.len)
        return RC_OK;
    struct str says = told_to(&step, first->row.reporter);
    size_t     to = 0;
    while (to < first->kind->nstates && !str_eq(first->kind->states[to].name, step.to))
        to++;
    bool ends = to < first->kind->nstates && (first->kind->ends >> to & 1);
    bool answers = ends || (first->kind->clocks[CLOCK_RESOLVE].until >> to & 1);
    bool own = line->actor && line->actor == first->row.reporter;

    *said = true;
    if (ends && own && row_is_open(&turn->it->row))
        return let_go(turn, link, first->row.number); /* their own matter is over */
    if (answers && row_is_open(&turn->it->row)) {
        state = kind_state(turn->it->kind, step.to);
        if (!state)
            return let_go(turn, link, first->row.number);
    }
    *said = state || (says.len && row_is_open(&turn->it->row));
    if (!*said)
        return RC_OK;
    if (!says.len)
        says =
            str_fmt(op->arena, "%.*s%.*s：%.*s", STR_ARG(step.who),
                    STR_ARG(step.move_title), STR_ARG(str_sentence(op->arena, step.text)));
    say(turn, STR("follow"), str_fmt(op->arena, "随先报的：%.*s", STR_ARG(step.move_title)),
        first->row.number);
    turn->line.who = step.who;
    turn->line.text = says;
    turn_tell(turn, turn->it->row.reporter,
              str_fmt(op->arena, "和您报的是同一件事：%.*s", STR_ARG(says)));
    return state ? enter(turn, state) : RC_OK;
}

static enum rc follow(struct turn *turn, const struct a_case *first, struct case_link *link,
                      bool *said)
{
    struct list lines;
    size_t      i = 0;

    enum rc rc = journal_read(turn->op, link->county, link->first_id, link->heard,
                              LINES_AT_ONCE, &lines);
    const struct line *line = lines.at;
    for (; rc == RC_OK && !*said && i < lines.n; i++) {
        link->heard = line[i].seq;
        rc = hear(turn, first, link, &line[i], said);
    }
    if (rc == RC_OK && i > 0)
        rc = link_update(turn->op, link);
    turn->again = i < lines.n || lines.n == LINES_AT_ONCE;
    return rc;
}

enum rc links_look(struct turn *turn, bool *said)
{
    struct case_link link;
    struct a_case    first;

    *said = false;
    if (!turn->it->row.first_id)
        return RC_OK;
    enum rc rc = link_select_newest(turn->op, turn->it->row.id, &link);
    if (rc == RC_OK)
        rc = case_load(turn->op, link.first_id, &first);
    if (rc != RC_OK || str_eq(link.how, STR("merged")))
        return rc == RC_NOT_FOUND ? RC_INTERNAL : rc;
    *said = true;
    if (link.ended_ms)
        return let_go(turn, &link, first.row.number);
    if (link.told == LINK_NEW)
        return begin(turn, &link, &first.row);
    *said = false;
    return follow(turn, &first, &link, said);
}
