#include "engine/case/case.h"

#include "engine/case/case_store.h"
#include "engine/case/follow_up.h"
#include "engine/case/line.h"
#include "engine/case/papers.h"
#include "engine/case/links.h"
#include "engine/case/parts.h"
#include "engine/case/public.h"
#include "engine/case/search.h"
#include "engine/case/sight.h"
#include "engine/case/turn.h"
#include "engine/photo/photo.h"
#include "guard/actor.h"
#include "scene/scenes.h"

/* ----------------------------------------------------------- finding a case */

static size_t state_index(const struct case_kind *kind, struct str name)
{
    const struct scene_state *state = kind_state(kind, name);

    return state ? (size_t)(state - kind->states) : 0;
}

static enum rc with_scene(struct op *op, struct a_case *it)
{
    enum rc rc = scenes_at(op, it->row.scene, it->row.scene_version, &it->scene);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_INTERNAL : rc;
    it->kind = scene_kind(it->scene, it->row.kind);
    if (!it->kind)
        return RC_INTERNAL;
    it->state = state_index(it->kind, it->row.state);
    return RC_OK;
}

enum rc case_load(struct op *op, int64_t id, struct a_case *it)
{
    *it = (struct a_case){ 0 };
    enum rc rc = case_select(op, id, &it->row);
    it->was = it->row.bucket;
    return rc == RC_OK ? with_scene(op, it) : rc;
}

bool case_is_public(const struct a_case *it)
{
    return it->kind->shown.shown && !it->row.shielded;
}

bool case_holds(const struct actor *actor, const struct case_row *row)
{
    return actor->kind != ACTOR_NOBODY && holder_is(actor, row->holder);
}

enum rc case_find(struct op *op, int64_t id, struct a_case *found)
{
    enum rc rc = case_load(op, id, found);
    if (rc == RC_OK && !case_may_see(op, found))
        rc = RC_NOT_FOUND; /* the same as for what is not there */
    return rc;
}

static bool from_here(const struct a_case *it, const struct scene_move *move)
{
    return move->from >> it->state & 1;
}

bool case_may_move(struct op *op, const struct a_case *it, const struct scene_move *move)
{
    struct turn   turn;
    struct a_case copy = *it;

    if (!from_here(it, move) || turn_start(&turn, op, &copy) != RC_OK)
        return false;
    struct case_record record = turn_record(&turn);
    return case_rule_test(move->by, &record, NULL) == RULE_YES &&
           case_rule_test(move->when, &record, NULL) == RULE_YES &&
           !(follow_judges(move) && follow_handled(op, &copy));
}

/* --------------------------------------------------------------- moving */

/* Somebody was faster: who, and what. */
static enum rc told_who(struct op *op, const struct a_case *it)
{
    struct str says = line_newest(op, it);

    return fail(op, RC_CONFLICT, NULL, "%.*s请看最新情况再办。", STR_ARG(says));
}

static enum rc check_move(struct turn *turn)
{
    const struct a_case     *it = turn->it;
    const struct scene_move *move = turn->move;
    struct case_record       record = turn_record(turn);

    if (case_rule_test(move->by, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_DENIED, "move", "这一步（%.*s）不归您办。",
                    STR_ARG(move->title));
    if (!from_here(it, move))
        return fail(turn->op, RC_REFUSED, "move", "这件事现在是“%.*s”，不能“%.*s”。",
                    STR_ARG(it->kind->states[it->state].title), STR_ARG(move->title));
    if (case_rule_test(move->when, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_REFUSED, "move", "现在不能“%.*s”：%.*s",
                    STR_ARG(move->title),
                    STR_ARG(move->say.at ? move->say : STR("条件不满足。")));
    if (follow_judges(move) && follow_handled(turn->op, turn->it))
        return fail(turn->op, RC_DENIED, "move",
                    "办过这件事的人不能评价它，也不能回访，请别的人来。");
    return RC_OK;
}

static enum rc check_needs(struct turn *turn)
{
    static const struct {
        unsigned    need;
        const char *where, *says;
    } needs[] = {
        { NEEDS_REASON, "reason", "请写明原因。" },
        { NEEDS_TEXT, "text", "请写几句办得怎么样。" },
        { NEEDS_PHOTO, "photos", "请至少拍一张照片。" },
        { NEEDS_TARGET, "target", "请选派给谁。" },
        { NEEDS_STARS, "stars", "请选满意程度。" },
        { NEEDS_TARGETS, "targets", "请选请哪几方协办。" },
        { NEEDS_PART, "part", "请选是哪一份协办。" },
        { NEEDS_CATEGORY, "category", "请选改成哪一类。" },
        { NEEDS_PLACE, "place", "请选改到哪里。" },
        { NEEDS_CASE, "other", "请写是哪一件，写编号。" },
        { NEEDS_NOTE, "note", "请写备注。" },
        { NEEDS_PUBLIC, "public/title", "请写公开的题目。" },
        { NEEDS_HELD, "held", "请写是什么时候。" },
        { NEEDS_VENUE, "venue", "请写在什么地方。" },
        { NEEDS_PRESENT, "present", "请写在场的有谁。" },
        { NEEDS_TERMS, "terms", "请写约定了什么：谁、在哪天以前、做什么。" },
    };
    const struct move_args *args = turn->args;
    const bool              given[] = { str_trim(args->reason).len > 0,
                                        str_trim(args->text).len > 0,
                                        args->photos.n > 0,
                                        args->target.kind.at != NULL,
                                        args->stars > 0,
                                        args->targets.n > 0,
                                        args->part > 0,
                                        str_trim(args->category).len > 0,
                                        args->place.at != NULL,
                                        str_trim(args->other).len > 0,
                                        str_trim(args->note).len > 0,
                                        str_trim(args->public.title).len > 0,
                                        args->held > 0,
                                        str_trim(args->venue).len > 0,
                                        args->present.n > 0,
                                        args->terms.n > 0 };
    size_t                  missing = 0;

    for (size_t i = 0; i < COUNT(needs); i++)
        if ((turn->move->needs & needs[i].need) && !given[i]) {
            problem_add(&turn->op->problems, str_of(needs[i].where), "%s", needs[i].says);
            missing++;
        }
    return missing ? RC_REFUSED : terms_check(turn->op, args->terms);
}

static enum rc send_to_target(struct turn *turn)
{
    struct holder holder;

    if (!(turn->move->needs & NEEDS_TARGET))
        return RC_OK;
    enum rc rc = holder_chosen(turn->op, &turn->args->target, &holder);
    if (rc != RC_OK)
        return rc;
    turn_hand_to(turn, holder);
    turn_answers_for(turn, holder);
    turn->line.target = holder_title(turn->op, turn->it->row.holder);
    return RC_OK;
}

/* A declared reason stops the clocks while it stands; the next move lets them run. */
static enum rc let_clocks_run(struct turn *turn)
{
    enum { ASIDE = NEEDS_NOTE | NEEDS_CONSENT | NEEDS_PUBLIC }; /* nothing is worked on */

    return turn->it->row.paused_ms && !(turn->move->needs & ASIDE) ? clocks_resume(turn)
                                                                   : RC_OK;
}

static enum rc rate(struct turn *turn)
{
    if (!(turn->move->needs & NEEDS_STARS))
        return RC_OK;
    turn->it->row.stars = turn->args->stars;
    turn->it->row.rating = turn->args->text.at ? turn->args->text : STR("");
    return follow_rated(turn);
}

/* What is meant for those who handle it comes from one of them. */
static enum rc check_note(const struct turn *turn)
{
    return !str_trim(turn->args->note).len || case_may_read_notes(turn->op, turn->it)
               ? RC_OK
               : fail(turn->op, RC_DENIED, "note", "内部备注由办的人来写。");
}

static enum rc apply(struct turn *turn)
{
    struct a_case          *it = turn->it;
    const struct move_args *args = turn->args;
    size_t                  from = it->state;

    turn->line = (struct case_line){
        .move = turn->move->name,
        .move_title = turn->move->title,
        .from = it->row.state,
        .who = turn->op->actor->name,
        .text = terms_said(turn->op, args->text, args->terms),
        .reason = args->reason,
        .photos = args->photos,
        .stars = args->stars,
        .note = str_trim(args->note).len ? args->note : STR_NONE,
    };
    size_t  to = move_leads_to(turn->move, it->state);
    enum rc rc = rate(turn);
    if (rc == RC_OK)
        rc = parts_close(turn, to);
    if (rc == RC_OK && turn->move->needs & NEEDS_CONSENT)
        rc = public_consent(turn);
    if (rc == RC_OK)
        rc = let_clocks_run(turn);
    if (rc == RC_OK)
        rc = send_to_target(turn);
    if (rc == RC_OK && to != it->state)
        turn_enter(turn, to);
    if (rc == RC_OK)
        rc = clocks_enter(turn, from);
    if (rc == RC_OK)
        rc = clocks_word(turn);
    if (rc == RC_OK)
        rc = clocks_follow(turn);
    if (rc != RC_OK)
        return rc;
    clocks_settle(it, &turn->clocks); /* what is said of it says until when */
    if (turn->line.target.len)
        turn_tell_holder(turn, holder_read(it->row.holder), news_of(turn, READER_HOLDER));
    rc = turn_effects(turn, turn->move->effects, turn->move->neffects);
    if (rc == RC_OK)
        rc = papers_after_move(turn);
    return rc == RC_OK ? links_after_move(turn) : rc;
}

/* What the clock says of a case it says of all: nobody finds anything by it. */
static struct str said_by_people(const struct turn *turn)
{
    return turn->op->actor->account || turn->line.who.len ? turn->line.text : STR_NONE;
}

static enum rc store(struct turn *turn)
{
    struct a_case *it = turn->it;

    enum rc rc = turn_settle(turn);
    if (rc == RC_OK)
        rc = links_spread(turn);
    if (rc == RC_OK)
        rc = follow_settle(turn, turn->in);
    if (rc != RC_OK)
        return rc;
    if (turn->again)
        it->row.next_ms = turn->op->now_ms;
    int64_t before = it->row.version++;
    rc = case_update(turn->op, &it->row, it->was);
    if (rc == RC_NOT_FOUND)
        return RC_CONFLICT;
    if (rc == RC_OK)
        rc = search_keep_more(turn->op, &it->row, said_by_people(turn));
    if (rc == RC_OK)
        rc = sight_keep(turn->op, it);
    return rc == RC_OK ? turn_say(turn, before) : rc;
}

/* As far as can be said without what the move needs. */
static enum rc begin_move(struct turn *turn, struct op *op, const struct move_args *args,
                          struct a_case *it)
{
    enum rc rc = case_find(op, args->id, it);
    if (rc == RC_OK)
        rc = turn_start(turn, op, it);
    if (rc != RC_OK)
        return rc;
    turn->args = args;
    turn->move = kind_move(it->kind, args->move);
    if (!turn->move)
        return fail(op, RC_INVALID, "move", "没有“%.*s”这一步。", STR_ARG(args->move));
    if (args->version && args->version != it->row.version)
        return told_who(op, it);
    return check_move(turn);
}

enum rc case_try(struct op *op, const struct move_args *args, struct a_case *it)
{
    struct turn turn;

    return begin_move(&turn, op, args, it);
}

enum rc case_move(struct op *op, const struct move_args *args, struct a_case *it)
{
    struct turn turn;

    enum rc rc = begin_move(&turn, op, args, it);
    if (rc == RC_OK)
        rc = check_needs(&turn);
    if (rc == RC_OK)
        rc = check_note(&turn);
    if (rc == RC_OK)
        rc = apply(&turn);
    if (rc == RC_OK)
        rc = photo_attach(op, args->photos.at, args->photos.n, it->row.id);
    if (rc != RC_OK)
        return rc;
    it->row.photos += (int64_t)args->photos.n;
    return store(&turn);
}

enum rc case_remark(struct op *op, int64_t id, struct str text, struct str title,
                    struct list photos, struct a_case *it)
{
    struct turn turn;

    enum rc rc = case_find(op, id, it);
    if (rc == RC_OK && it->row.reporter != op->actor->account)
        return fail(op, RC_DENIED, NULL, "只有报事的人能补充。");
    if (rc == RC_OK)
        rc = turn_start(&turn, op, it);
    if (rc == RC_OK)
        rc = photo_attach(op, photos.at, photos.n, id);
    if (rc != RC_OK)
        return rc;
    turn.line = (struct case_line){ .move = STR("remark"),
                                    .move_title = title,
                                    .from = it->row.state,
                                    .who = op->actor->name,
                                    .text = text,
                                    .photos = photos };
    turn_tell_holder(&turn, holder_read(it->row.holder),
                     str_fmt(op->arena, "%.*s%.*s：%.*s", STR_ARG(news_who(&turn)),
                             STR_ARG(title), STR_ARG(str_sentence(op->arena, text))));
    it->row.photos += (int64_t)photos.n;
    return store(&turn);
}

/* -------------------------------------------------------------- the clock */

/* "受理、首次答复超时了。", of those whose bits are set; none: nothing. */
static struct str clocks_say(struct op *op, unsigned bits, const char *says)
{
    static const struct str words[CLOCK_COUNT] = {
        [CLOCK_ACCEPT] = STR_INIT("受理"),
        [CLOCK_ANSWER] = STR_INIT("首次答复"),
        [CLOCK_RESOLVE] = STR_INIT("办结"),
        [CLOCK_UPDATE] = STR_INIT("进展答复"),
    };
    struct str names[CLOCK_COUNT];
    size_t     n = 0;

    for (size_t i = 0; i < CLOCK_COUNT; i++)
        if (bits >> i & 1)
            names[n++] = words[i];
    return n ? str_fmt(op->arena, "%.*s%s",
                       STR_ARG(str_join(op->arena, names, n, STR("、"))), says)
             : STR("");
}

/* Whatever one look found: after a stop, several clocks may have run out at once. */
static struct str look_says(struct turn *turn, struct clocks_due due, struct str part_says)
{
    unsigned again = 0;

    for (size_t i = 0; i < CLOCK_COUNT; i++)
        if (turn->clocks.of[i].missed > 1)
            again |= due.late & 1u << i;
    return str_cat(turn->op->arena, clocks_say(turn->op, due.late & ~again, "超时了。"),
                   clocks_say(turn->op, again, "又超时了。"),
                   clocks_say(turn->op, due.warned, "时限快到了。"), part_says);
}

enum rc case_due(struct op *op, const struct due_case *after, size_t most,
                 struct list *found)
{
    return case_select_due(op, op->now_ms, after, most, found);
}

/* Nothing has happened to the case: only when it is looked at again, by today's calendar.
 */
static enum rc retime(struct turn *turn)
{
    struct case_row *row = &turn->it->row;
    struct str       clocks = clocks_write(turn->op, &turn->clocks);
    int64_t          next_ms = row->next_ms;

    if (!clocks.at)
        return RC_TOO_LARGE;
    clocks_settle(turn->it, &turn->clocks);
    if (turn->again)
        row->next_ms = turn->op->now_ms;
    enum rc rc = parts_settle(turn);
    if (rc != RC_OK || (str_eq(clocks, row->clocks) && next_ms == row->next_ms))
        return rc;
    row->clocks = clocks;
    return case_retime(turn->op, row);
}

static enum rc look(struct turn *turn, struct op *op, int64_t id, int64_t until_ms,
                    struct a_case *it)
{
    enum rc rc = case_load(op, id, it);
    if (rc == RC_OK)
        rc = turn_start(turn, op, it);
    return rc == RC_OK ? clocks_today(turn, until_ms) : rc;
}

enum rc case_again(struct op *op, int64_t id)
{
    struct turn   turn;
    struct a_case it;

    enum rc rc = look(&turn, op, id, INT64_MAX, &it);
    if (rc != RC_OK)
        return rc;
    turn.again = it.row.first_id && it.row.next_ms; /* it was woken to hear of the first */
    return retime(&turn);
}

/* Whoever had it works here no more: it goes to whoever the scene's rows name.  Nobody
 * there either: it stays, and its clocks bring it up. */
static enum rc give_on(struct turn *turn, bool *given)
{
    struct case_row *row = &turn->it->row;
    struct str       had = row->holder;

    *given = false;
    if (holder_works(turn->op, holder_read(had)))
        return RC_OK;
    struct str was = holder_title(turn->op, had);
    turn->line = (struct case_line){ .move = STR("vacant"), .from = row->state };
    enum rc rc = turn_route(turn);
    if (rc != RC_OK || str_eq(row->holder, had))
        return rc == RC_REFUSED ? RC_OK : rc;
    turn->line.text = str_fmt(turn->op->arena, "%.*s不在岗了，转给%.*s。", STR_ARG(was),
                              STR_ARG(holder_title(turn->op, row->holder)));
    rc = clocks_follow(turn);
    if (rc != RC_OK)
        return rc;
    turn_tell_holder(turn, holder_read(row->holder),
                     str_fmt(turn->op->arena, "%.*s%.*s", STR_ARG(turn->line.text),
                             STR_ARG(news_until(turn, READER_HOLDER))));
    *given = true;
    return RC_OK;
}

enum rc case_clock(struct op *op, int64_t id)
{
    struct turn   turn;
    struct a_case found, *it = &found;

    enum rc rc = look(&turn, op, id, op->now_ms, it);
    if (rc != RC_OK)
        return rc;
    struct str part_says;
    bool       said;
    rc = links_look(&turn, &said);
    if (rc != RC_OK || said)
        return rc == RC_OK ? store(&turn) : rc;
    rc = give_on(&turn, &said);
    if (rc != RC_OK || said)
        return rc == RC_OK ? store(&turn) : rc;
    struct clocks_due due = clocks_look(it, &turn.clocks, op->now_ms);
    rc = parts_look(&turn, &part_says);
    if (rc != RC_OK)
        return rc;
    if (!due.late && !due.warned && !part_says.len)
        return retime(&turn);
    turn.line = (struct case_line){ .move = due.late ? STR("overdue") : STR("warn"),
                                    .from = it->row.state,
                                    .text = look_says(&turn, due, part_says),
                                    .late = due.late != 0 };
    if (!due.late && !due.warned)
        rc = RC_OK; /* a helper's, who was told, and the lead */
    else if (due.late)
        rc = turn_effects(&turn, it->kind->overdue, it->kind->noverdue);
    else
        turn_tell_holder(&turn, holder_read(it->row.holder),
                         str_fmt(op->arena, "%.*s%.*s", STR_ARG(turn.line.text),
                                 STR_ARG(news_until(&turn, READER_HOLDER))));
    return rc == RC_OK ? store(&turn) : rc;
}
