#include "engine/case/turn.h"

#include "engine/case/line.h"
#include "engine/case/parts.h"
#include "engine/case/sight.h"
#include "guard/actor.h"

static unsigned relations(struct op *op, struct a_case *it)
{
    const struct actor    *actor = op->actor;
    const struct case_row *row = &it->row;
    unsigned               bits = 0;

    if (actor->account && actor->account == row->reporter)
        bits |= 1u << RELATION_REPORTER;
    if (case_holds(actor, row))
        bits |= 1u << RELATION_HOLDER;
    if (parts_mine(op, it))
        bits |= 1u << RELATION_HELPER;
    return bits;
}

static bool in_office_hours(struct op *op)
{
    struct calendar calendar;

    return calendar_find(op, op->now_ms, &calendar) == RC_OK &&
           calendar_between(&calendar, op->now_ms, op->now_ms + 1, SPAN_WORKING) == 1;
}

struct case_record turn_record(const struct turn *turn)
{
    struct case_record record =
        answers_record(turn->op, turn->it->scene, &turn->answers, &turn->it->row);

    record.relations = relations(turn->op, turn->it);
    record.parts_open = turn->it->row.parts_open;
    record.linked = turn->it->row.first_id != 0;
    record.duplicates = turn->it->row.linked;
    record.me_too = turn->it->row.me_too;
    record.supplements = turn->it->row.supplements;
    record.in_office_hours = in_office_hours;
    record.op = turn->op;
    return record;
}

enum rc turn_start(struct turn *turn, struct op *op, struct a_case *it)
{
    *turn = (struct turn){ .op = op,
                           .it = it,
                           .held_by = it->row.holder,
                           .had = it->row.holder,
                           .in = it->row.bucket };
    enum rc rc =
        answers_load(op, it->scene, it->kind, it->row.fields, STR_NONE, &turn->answers);
    if (rc == RC_OK)
        rc = clocks_read(op, it->row.clocks, &turn->clocks);
    return rc;
}

/* What a state is to a list: ended, answered (the promise is kept, the reporter is
 * asked), waiting (nobody has it to do yet: it can still be sent out), handling. */
static struct str bucket_of(const struct case_kind *kind, size_t state)
{
    if (kind->ends >> state & 1)
        return STR("ended");
    if (kind->clocks[CLOCK_RESOLVE].until >> state & 1)
        return STR("answered");
    if (state == kind->begins)
        return STR("waiting");
    for (size_t i = 0; i < kind->nmoves; i++) {
        const struct scene_move *move = &kind->moves[i];
        if ((move->from >> state & 1) && (move->needs & NEEDS_TARGET) &&
            move_leads_to(move, state) != state)
            return STR("waiting");
    }
    return STR("handling");
}

void turn_enter(struct turn *turn, size_t state)
{
    struct a_case *it = turn->it;

    it->state = state;
    it->row.state = it->kind->states[state].name;
    it->row.bucket = bucket_of(it->kind, state);
    bool answered = str_eq(it->row.bucket, STR("answered"));
    bool ended = str_eq(it->row.bucket, STR("ended"));
    if (answered)
        it->row.answered_ms = turn->op->now_ms;
    it->row.closed_ms = ended ? turn->op->now_ms : 0;
}

bool turn_is_urgent(const struct turn *turn)
{
    struct case_record record = turn_record(turn);

    return turn->it->kind->urgent &&
           case_rule_test(turn->it->kind->urgent, &record, NULL) == RULE_YES;
}

enum rc turn_settle(struct turn *turn)
{
    enum rc rc = clocks_follow(turn);
    if (rc != RC_OK)
        return rc;
    clocks_settle(turn->it, &turn->clocks);
    rc = parts_settle(turn);
    if (rc != RC_OK)
        return rc;
    turn->it->row.clocks = clocks_write(turn->op, &turn->clocks);
    return turn->it->row.clocks.at ? RC_OK : RC_TOO_LARGE;
}

enum rc turn_say(struct turn *turn, int64_t before)
{
    const struct a_case *it = turn->it;
    struct case_line    *line = &turn->line;

    line->number = it->row.number;
    line->scene = it->row.scene;
    line->kind = it->row.kind;
    line->title = it->row.title;
    line->to = it->row.state;
    line->state_title = it->kind->states[it->state].title;
    line->area = it->row.area;
    line->reporter = it->row.reporter;
    struct holder holder = holder_read(it->row.holder);
    line->holder = it->row.holder;
    line->holder_account = holder.kind == HOLDER_ACCOUNT ? holder.id : 0;
    line->holder_org = holder.kind == HOLDER_ORG ? holder.id : 0;
    line->holder_title = case_holder_title(turn->op, turn->it);
    line->supervised = it->row.supervised;
    line->version = it->row.version;
    line->tell =
        turn->all_told.at ? turn->all_told : (struct list){ turn->tell, turn->ntell };
    line->confidential = it->kind->confidential;
    sight_of_told(turn, &line->tell);
    return line_write(turn->op, it, before, line);
}
