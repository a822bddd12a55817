#include "engine/case/case.h"

#include <math.h>

#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/clock.h"
#include "engine/case/fields.h"
#include "engine/case/holder.h"
#include "engine/case/line.h"
#include "engine/case/seal.h"
#include "engine/photo/photo.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum { PEOPLE_MAX = 20, TELL_MAX = 64 };

/* What one act on a case needs while it runs. */
struct turn {
    struct op               *op;
    struct a_case           *it;
    struct answers           answers;
    struct clocks            clocks;
    const struct move_args  *args;  /* NULL: opening, or the clock */
    const struct scene_move *move;  /* NULL likewise */
    struct case_line         line;
    struct case_tell         tell[TELL_MAX];
    size_t                   ntell;
};

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

static enum rc load(struct op *op, int64_t id, struct a_case *it)
{
    *it = (struct a_case){ 0 };
    enum rc rc = case_select(op, id, &it->row);
    return rc == RC_OK ? with_scene(op, it) : rc;
}

bool case_holds(const struct actor *actor, const struct case_row *row)
{
    return actor->kind != ACTOR_NOBODY && holder_is(actor, row->holder);
}

bool case_may_see(const struct actor *actor, const struct case_row *row)
{
    return (actor->account && actor->account == row->reporter) ||
           actor_may(actor, RIGHT_CASE_READ, row->area) || case_holds(actor, row);
}

enum rc case_find(struct op *op, int64_t id, struct a_case *found)
{
    enum rc rc = load(op, id, found);
    if (rc == RC_OK && !case_may_see(op->actor, &found->row))
        rc = RC_NOT_FOUND; /* the same as for what is not there */
    return rc;
}

static unsigned relations(const struct actor *actor, const struct case_row *row)
{
    unsigned bits = 0;

    if (actor->account && actor->account == row->reporter)
        bits |= 1u << RELATION_REPORTER;
    if (case_holds(actor, row))
        bits |= 1u << RELATION_HOLDER;
    return bits;
}

static struct case_record record_of(const struct turn *turn)
{
    struct case_record record =
        answers_record(turn->op, turn->it->scene, &turn->answers, &turn->it->row);

    record.relations = relations(turn->op->actor, &turn->it->row);
    return record;
}

static enum rc start_turn(struct turn *turn, struct op *op, struct a_case *it)
{
    *turn = (struct turn){ .op = op, .it = it };
    enum rc rc = answers_load(op, it->scene, it->kind, it->row.fields, STR_NONE, &turn->answers);
    if (rc == RC_OK)
        rc = clocks_read(op, it->row.clocks, &turn->clocks);
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

    if (!from_here(it, move) || start_turn(&turn, op, &copy) != RC_OK)
        return false;
    struct case_record record = record_of(&turn);
    return case_rule_test(move->by, &record, NULL) == RULE_YES &&
           case_rule_test(move->when, &record, NULL) == RULE_YES;
}

/* -------------------------------------------------------------- telling */

/* One message a turn for each person: the last effect knows best what came of it. */
static void tell_account(struct turn *turn, int64_t account, struct str says)
{
    for (size_t i = 0; i < turn->ntell; i++)
        if (turn->tell[i].account == account) {
            turn->tell[i].says = says;
            return;
        }
    if (!account || account == turn->op->actor->account || turn->ntell == TELL_MAX)
        return;
    turn->tell[turn->ntell++] =
        (struct case_tell){ .account = account, .title = turn->it->row.title, .says = says };
}

static void tell_holder(struct turn *turn, struct holder holder, struct str says)
{
    int64_t people[PEOPLE_MAX];
    size_t  n = holder_people(turn->op, holder, people, PEOPLE_MAX);

    for (size_t i = 0; i < n; i++)
        tell_account(turn, people[i], says);
}

static struct str until_words(const struct turn *turn)
{
    if (!turn->it->row.due_ms)
        return STR("请尽快处理");
    struct str when = clock_zh(turn->op->arena, turn->it->row.due_ms, turn->op->now_ms);
    return str_fmt(turn->op->arena, "%.*s 前要办", STR_ARG(when));
}

/* ------------------------------------------------------------ who holds it */

static void hand_to(struct turn *turn, struct holder holder)
{
    struct case_row *row = &turn->it->row;

    row->before = row->holder;
    row->holder = holder_write(turn->op, holder);
}

/* The duty that answers at its level follows when the case goes to a duty as high
 * or higher; handing it down to a worker leaves the desk answerable. */
static void answers_for(struct turn *turn, struct holder holder)
{
    struct case_row *row = &turn->it->row;

    if (holder.kind != HOLDER_DUTY)
        return;
    if (!row->duty.len || holder.area.len <= row->duty_area.len) {
        row->duty = holder.duty;
        row->duty_area = holder.area;
    }
}

static enum rc route(struct turn *turn)
{
    struct a_case     *it = turn->it;
    struct case_record record = record_of(turn);
    struct case_target target;
    struct holder      holder;

    for (size_t i = 0; i < it->kind->nroutes; i++) {
        const struct scene_route *way = &it->kind->routes[i];
        if (case_rule_test(way->when, &record, NULL) != RULE_YES ||
            !case_rule_target(way->to, &record, &target))
            continue;
        enum rc rc = holder_of_target(turn->op, it, &target, &holder);
        if (rc == RC_REFUSED) /* nobody of that kind here: the next route */
            continue;
        if (rc != RC_OK)
            return rc;
        hand_to(turn, holder);
        it->row.duty = STR("");
        answers_for(turn, holder);
        if (!it->row.duty.len) { /* an organisation: the last route's duty answers */
            const struct scene_route *last = &it->kind->routes[it->kind->nroutes - 1];
            if (case_rule_target(last->to, &record, &target) &&
                holder_of_target(turn->op, it, &target, &holder) == RC_OK)
                answers_for(turn, holder);
        }
        return RC_OK;
    }
    return fail(turn->op, RC_REFUSED, "fields/where", "没有找到管这个地方的社区，请选到社区再发。");
}

/* --------------------------------------------------------------- effects */

static enum rc do_tell(struct turn *turn, const struct scene_effect *effect)
{
    struct case_record record = record_of(turn);
    struct case_target target;
    struct holder      holder;

    if (!case_rule_target(effect->who, &record, &target))
        return RC_OK;
    enum rc rc = holder_of_target(turn->op, turn->it, &target, &holder);
    if (rc != RC_OK)
        return rc == RC_REFUSED ? RC_OK : rc;
    tell_holder(turn, holder, line_says(turn->op, &turn->line));
    return RC_OK;
}

static enum rc do_ask_rating(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    tell_account(turn, turn->it->row.reporter, STR("已经办好了，请您看看结果，说说满不满意。"));
    return RC_OK;
}

/* At the top there is nobody above: it stays, and is supervised. */
static enum rc do_escalate(struct turn *turn, const struct scene_effect *effect)
{
    struct holder holder;

    (void)effect;
    enum rc rc = holder_above(turn->op, turn->it, &holder);
    if (rc == RC_NOT_FOUND) {
        turn->it->row.supervised = true;
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    hand_to(turn, holder);
    turn->it->row.duty = holder.duty;
    turn->it->row.duty_area = holder.area;
    tell_holder(turn, holder, STR("下级没能按时办好，上报到您这里，请接手。"));
    return RC_OK;
}

/* Those who lead where it is answered for, or on the next level that has any. */
static void tell_leaders(struct turn *turn, struct str says)
{
    const struct a_case     *it = turn->it;
    const struct scene_duty *answers = scene_duty(it->scene, it->row.duty);
    bool                     told = false;

    for (int level = answers ? answers->level : 0; level > 0 && !told; level--)
        for (size_t i = 0; i < it->scene->nduties; i++) {
            const struct scene_duty *duty = &it->scene->duties[i];
            struct str               area = area_at_level(it->row.area, level);
            if (!duty->leads || duty->level != level || !area.at)
                continue;
            tell_holder(turn, (struct holder){ HOLDER_DUTY, 0, duty->name, area }, says);
            told = true;
        }
}

static enum rc do_supervise(struct turn *turn, const struct scene_effect *effect)
{
    struct holder above;

    (void)effect;
    turn->it->row.supervised = true;
    tell_holder(turn, holder_read(turn->it->row.holder), STR("这件事已被督办，请马上处理。"));
    if (holder_above(turn->op, turn->it, &above) == RC_OK)
        tell_holder(turn, above, STR("下级有一件事超时，已督办。"));
    tell_leaders(turn, STR("您这里有一件事已被督办，请过问。"));
    return RC_OK;
}

static enum rc do_take(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    if (turn->op->actor->account)
        hand_to(turn, (struct holder){ HOLDER_ACCOUNT, turn->op->actor->account, STR_NONE,
                                       STR_NONE });
    return RC_OK;
}

/* Back to whoever had it before; after that, to whoever answers for it. */
static enum rc do_give_back(struct turn *turn, const struct scene_effect *effect)
{
    struct case_row *row = &turn->it->row;
    struct holder    before = holder_read(row->before);

    (void)effect;
    if (before.kind == HOLDER_NONE || str_eq(row->before, row->holder))
        before = (struct holder){ HOLDER_DUTY, 0, row->duty, row->duty_area };
    hand_to(turn, before);
    tell_holder(turn, before, STR("这件事退回到您这里，请看原因。"));
    return RC_OK;
}

static enum rc do_route(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    return route(turn);
}

static bool may_stand(const struct scene_clock *clock, struct str reason)
{
    for (size_t i = 0; i < clock->npause; i++)
        if (str_starts(str_trim(reason), clock->pause[i]))
            return true;
    return clock->npause == 0;
}

/* For one of the scene's reasons, perhaps with more words behind it. */
static enum rc do_pause(struct turn *turn, const struct scene_effect *effect)
{
    struct op                *op = turn->op;
    const struct scene_clock *clock = &turn->it->kind->clocks[effect->clock];

    if (!may_stand(clock, turn->line.reason))
        return fail(op, RC_REFUSED, "reason", "暂停计时要写明是哪一种原因：%.*s。",
                    STR_ARG(str_join(op->arena, clock->pause, clock->npause, STR("、"))));
    clocks_pause(turn->it, op->now_ms, turn->line.reason);
    return RC_OK;
}

static enum rc do_resume(struct turn *turn, const struct scene_effect *effect)
{
    (void)effect;
    return clocks_resume(turn->op, turn->it, &turn->clocks);
}

typedef enum rc effect_run(struct turn *turn, const struct scene_effect *effect);
static effect_run *const effect_runs[] = {
    [EFFECT_TELL] = do_tell,           [EFFECT_ASK_RATING] = do_ask_rating,
    [EFFECT_ESCALATE] = do_escalate,   [EFFECT_SUPERVISE] = do_supervise,
    [EFFECT_TAKE] = do_take,           [EFFECT_GIVE_BACK] = do_give_back,
    [EFFECT_ROUTE] = do_route,         [EFFECT_PAUSE] = do_pause,
    [EFFECT_RESUME] = do_resume,
};
static_assert(COUNT(effect_runs) == EFFECT_COUNT, "every effect of a scene is run");

/* ------------------------------------------------------------- finishing */

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
        if ((move->from >> state & 1) && (move->needs & NEEDS_TARGET) && move->to != state)
            return STR("waiting");
    }
    return STR("handling");
}

static void enter_state(struct turn *turn, size_t state)
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

static enum rc settle(struct turn *turn)
{
    clocks_settle(turn->it, &turn->clocks);
    turn->it->row.clocks = clocks_write(turn->op, &turn->clocks);
    return turn->it->row.clocks.at ? RC_OK : RC_TOO_LARGE;
}

static enum rc say_line(struct turn *turn, int64_t before)
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
    line->holder_title = holder_title(turn->op, it->row.holder);
    line->supervised = it->row.supervised;
    line->version = it->row.version;
    line->tell = (struct list){ turn->tell, turn->ntell };
    return line_write(turn->op, it, before, line);
}

/* -------------------------------------------------------------- opening */

int64_t case_cell(double lat, double lng)
{
    if (lat == 0 && lng == 0)
        return 0;
    return (int64_t)floor(lat * CELLS_PER_DEGREE) * 100000 +
           (int64_t)floor(lng * CELLS_PER_DEGREE);
}

static enum rc number_case(struct op *op, struct case_row *row)
{
    struct civil today = clock_civil(op->now_ms);
    int64_t      n;
    struct str   day = str_fmt(op->arena, "%04lld-%02d-%02d", (long long)today.year, today.month,
                               today.day);

    enum rc rc = case_next_number(op, day, &n);
    if (rc == RC_OK)
        row->number = str_fmt(op->arena, "%02d%02d-%04lld", today.month, today.day, (long long)n);
    return rc;
}

/* Where it is: as told, else where the reporter lives. */
static enum rc place_case(struct op *op, const struct answers *answers, struct case_row *row)
{
    struct area area;

    row->area = answers->place.area.at ? answers->place.area
              : op->actor->home.at     ? op->actor->home : STR("");
    if (area_level(row->area) < LEVEL_STREET)
        return fail(op, RC_INVALID, "fields/where", "还不知道在哪个社区，请选一下社区。");
    enum rc rc = area_find(op, row->area, &area);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fail(op, RC_INVALID, "fields/where", "没有这个辖区，请重新选社区。")
                                  : rc;
    row->street = area_at_level(row->area, LEVEL_STREET);
    row->community = area_at_level(row->area, LEVEL_COMMUNITY);
    row->grid = area_at_level(row->area, LEVEL_GRID);
    if (!row->community.at)
        row->community = STR("");
    if (!row->grid.at)
        row->grid = STR("");
    row->lat = answers->place.lat;
    row->lng = answers->place.lng;
    row->cell = case_cell(row->lat, row->lng);
    row->place = answers->place.words.at ? answers->place.words : STR("");
    return RC_OK;
}

static enum rc find_kind(struct op *op, const struct open_args *args, struct a_case *it)
{
    enum rc rc = scenes_now(op, args->scene, &it->scene);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_NOT_FOUND, "scene", "没有“%.*s”这个场景。", STR_ARG(args->scene));
    if (rc != RC_OK)
        return rc;
    it->kind = scene_kind(it->scene, args->kind);
    if (!it->kind)
        return fail(op, RC_NOT_FOUND, "kind", "“%.*s”里没有“%.*s”这类办件。",
                    STR_ARG(it->scene->title), STR_ARG(args->kind));
    return RC_OK;
}

static enum rc store_answers(struct op *op, const struct answers *answers, struct case_row *row)
{
    struct str personal = answers_write(op, answers, true);

    row->fields = answers_write(op, answers, false);
    row->photos = (int64_t)answers->photos.n;
    if (!row->fields.at)
        return RC_TOO_LARGE;
    return personal.at ? case_seal(op, row, personal, &row->sealed) : RC_OK;
}

static enum rc attach(struct turn *turn, const struct list *photos)
{
    return photo_attach(turn->op, photos->at, photos->n, turn->it->row.id);
}

static struct case_row blank_row(const struct turn *turn, const struct open_args *args)
{
    const struct op     *op = turn->op;
    const struct a_case *it = turn->it;

    return (struct case_row){
        .county = op->county, .scene = it->scene->name, .scene_version = it->scene->version,
        .kind = it->kind->name, .version = 1,
        .channel = args->channel.at ? args->channel : STR("app"),
        .title = turn->answers.title, .category = turn->answers.category,
        .reporter = op->actor->account, .person = op->actor->person,
        .number = STR(""), .holder = STR(""), .before = STR(""), .duty = STR(""),
        .duty_area = STR(""), .opened_ms = op->now_ms, .pause_reason = STR(""),
        .due_clock = STR(""), .rating = STR(""), .clocks = STR(""),
    };
}

static bool is_urgent(const struct turn *turn)
{
    struct case_record record = record_of(turn);

    return turn->it->kind->urgent &&
           case_rule_test(turn->it->kind->urgent, &record, NULL) == RULE_YES;
}

/* The case as it would be, nothing written. */
static enum rc draft(struct turn *turn, const struct open_args *args)
{
    struct op     *op = turn->op;
    struct a_case *it = turn->it;

    *it = (struct a_case){ 0 };
    enum rc rc = find_kind(op, args, it);
    if (rc == RC_OK)
        rc = answers_read(op, it->scene, it->kind, args->fields, &turn->answers);
    if (rc != RC_OK)
        return rc;
    it->row = blank_row(turn, args);
    rc = place_case(op, &turn->answers, &it->row);
    if (rc != RC_OK)
        return rc;
    it->row.urgent = is_urgent(turn);
    enter_state(turn, it->kind->begins);
    rc = route(turn);
    if (rc == RC_OK)
        rc = clocks_enter(op, it, &turn->clocks, it->state);
    return rc == RC_OK ? settle(turn) : rc;
}

enum rc case_preview(struct op *op, const struct open_args *args, struct a_case *it)
{
    struct turn turn = { .op = op, .it = it };

    enum rc rc = draft(&turn, args);
    if (rc == RC_OK)
        it->row.fields = answers_write(op, &turn.answers, false);
    return rc == RC_OK && !it->row.fields.at ? RC_TOO_LARGE : rc;
}

enum rc case_open(struct op *op, const struct open_args *args, struct a_case *it)
{
    struct turn turn = { .op = op, .it = it };

    enum rc rc = draft(&turn, args);
    if (rc != RC_OK)
        return rc;
    it->row.id = op_new_id(op);
    rc = number_case(op, &it->row);
    if (rc == RC_OK)
        rc = store_answers(op, &turn.answers, &it->row);
    if (rc == RC_OK)
        rc = case_insert(op, &it->row);
    if (rc == RC_OK)
        rc = attach(&turn, &turn.answers.photos);
    if (rc != RC_OK)
        return rc;
    struct str until = until_words(&turn);
    turn.line.photos = turn.answers.photos;
    tell_holder(&turn, holder_read(it->row.holder),
                str_fmt(op->arena, "新来一件%.*s，%.*s。", STR_ARG(it->kind->title),
                        STR_ARG(until)));
    return say_line(&turn, 0);
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
    struct case_record       record = record_of(turn);

    if (case_rule_test(move->by, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_DENIED, "move", "这一步（%.*s）不归您办。",
                    STR_ARG(move->title));
    if (!from_here(it, move))
        return fail(turn->op, RC_REFUSED, "move", "这件事现在是“%.*s”，不能“%.*s”。",
                    STR_ARG(it->kind->states[it->state].title), STR_ARG(move->title));
    if (case_rule_test(move->when, &record, NULL) != RULE_YES)
        return fail(turn->op, RC_REFUSED, "move", "现在不能“%.*s”：条件不满足。",
                    STR_ARG(move->title));
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
    };
    const struct move_args *args = turn->args;
    const bool given[] = { str_trim(args->reason).len > 0, str_trim(args->text).len > 0,
                           args->photos.n > 0, args->target.kind.at != NULL, args->stars > 0 };
    size_t missing = 0;

    for (size_t i = 0; i < COUNT(needs); i++)
        if ((turn->move->needs & needs[i].need) && !given[i]) {
            problem_add(&turn->op->problems, str_of(needs[i].where), "%s", needs[i].says);
            missing++;
        }
    return missing ? RC_REFUSED : RC_OK;
}

static enum rc send_to_target(struct turn *turn)
{
    struct holder holder;

    if (!(turn->move->needs & NEEDS_TARGET))
        return RC_OK;
    enum rc rc = holder_chosen(turn->op, &turn->args->target, &holder);
    if (rc != RC_OK)
        return rc;
    hand_to(turn, holder);
    answers_for(turn, holder);
    turn->line.target = holder_title(turn->op, turn->it->row.holder);
    struct str until = until_words(turn);
    tell_holder(turn, holder, str_fmt(turn->op->arena, "派给您一件事，%.*s。", STR_ARG(until)));
    return RC_OK;
}

/* A declared reason stops the clocks while it stands; the next move lets them run. */
static enum rc let_clocks_run(struct turn *turn)
{
    return turn->it->row.paused_ms ? clocks_resume(turn->op, turn->it, &turn->clocks) : RC_OK;
}

static enum rc run_effects(struct turn *turn, const struct scene_effect *effects, size_t n)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = effect_runs[effects[i].kind](turn, &effects[i]);
    return rc;
}

static void rate(struct turn *turn)
{
    if (!(turn->move->needs & NEEDS_STARS))
        return;
    turn->it->row.stars = turn->args->stars;
    turn->it->row.rating = turn->args->text.at ? turn->args->text : STR("");
}

static enum rc apply(struct turn *turn)
{
    struct a_case          *it = turn->it;
    const struct move_args *args = turn->args;

    turn->line = (struct case_line){
        .move = turn->move->name, .move_title = turn->move->title, .from = it->row.state,
        .who = turn->op->actor->name, .text = args->text, .reason = args->reason,
        .photos = args->photos, .stars = args->stars,
    };
    rate(turn);
    enum rc rc = let_clocks_run(turn);
    if (rc == RC_OK)
        rc = send_to_target(turn);
    if (rc == RC_OK && turn->move->to != it->state)
        enter_state(turn, turn->move->to);
    if (rc == RC_OK)
        rc = clocks_enter(turn->op, it, &turn->clocks, it->state);
    turn->line.state_title = it->kind->states[it->state].title;
    if (rc == RC_OK)
        rc = run_effects(turn, turn->move->effects, turn->move->neffects);
    return rc;
}

static enum rc store(struct turn *turn)
{
    struct a_case *it = turn->it;

    enum rc rc = settle(turn);
    if (rc != RC_OK)
        return rc;
    int64_t before = it->row.version++;
    rc = case_update(turn->op, &it->row);
    if (rc == RC_NOT_FOUND)
        return RC_CONFLICT;
    return rc == RC_OK ? say_line(turn, before) : rc;
}

enum rc case_move(struct op *op, const struct move_args *args, struct a_case *it)
{
    struct turn turn;

    enum rc rc = case_find(op, args->id, it);
    if (rc != RC_OK)
        return rc;
    rc = start_turn(&turn, op, it);
    if (rc != RC_OK)
        return rc;
    turn.args = args;
    turn.move = kind_move(it->kind, args->move);
    if (!turn.move)
        return fail(op, RC_INVALID, "move", "没有“%.*s”这一步。", STR_ARG(args->move));
    if (args->version != it->row.version)
        return told_who(op, it);
    rc = check_move(&turn);
    if (rc == RC_OK)
        rc = check_needs(&turn);
    if (rc == RC_OK)
        rc = apply(&turn);
    if (rc == RC_OK)
        rc = attach(&turn, &args->photos);
    if (rc != RC_OK)
        return rc;
    it->row.photos += (int64_t)args->photos.n;
    return store(&turn);
}

/* -------------------------------------------------------------- the clock */

static struct str clock_says(struct turn *turn, struct clocks_due due)
{
    static const struct str names[] = {
        [CLOCK_ACCEPT] = STR_INIT("受理"), [CLOCK_ANSWER] = STR_INIT("首次答复"),
        [CLOCK_RESOLVE] = STR_INIT("办结"),
    };
    unsigned bits = due.late ? due.late : due.warned;

    for (size_t i = 0; i < COUNT(names); i++)
        if (bits >> i & 1)
            return str_fmt(turn->op->arena, due.late ? "%.*s超时了。" : "%.*s时限快到了。",
                           STR_ARG(names[i]));
    return STR("");
}

enum rc case_due(struct op *op, size_t most, struct list *ids)
{
    return case_select_due(op, most, ids);
}

enum rc case_clock(struct op *op, int64_t id, struct a_case *it)
{
    struct turn turn;

    enum rc rc = load(op, id, it);
    if (rc == RC_OK)
        rc = start_turn(&turn, op, it);
    if (rc != RC_OK)
        return rc;
    struct clocks_due due = clocks_look(it, &turn.clocks, op->now_ms);
    if (!due.late && !due.warned)
        return RC_OK;
    turn.line = (struct case_line){ .move = due.late ? STR("overdue") : STR("warn"),
                                    .from = it->row.state, .text = clock_says(&turn, due),
                                    .late = due.late != 0 };
    if (due.late)
        rc = run_effects(&turn, it->kind->overdue, it->kind->noverdue);
    else
        tell_holder(&turn, holder_read(it->row.holder), turn.line.text);
    return rc == RC_OK ? store(&turn) : rc;
}
