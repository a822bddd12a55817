#include "engine/case/follow_up.h"
#include "engine/case/public.h"
#include "engine/case/turn.h"

#include <math.h>

#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/import.h"
#include "engine/case/intake.h"
#include "engine/case/links.h"
#include "engine/case/refile.h"
#include "engine/case/search.h"
#include "engine/case/seal.h"
#include "engine/case/sight.h"
#include "engine/photo/photo.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/person.h"
#include "scene/scenes.h"

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
    struct str   day = str_fmt(op->arena, "%02d%02d-", today.month, today.day);
    int64_t      n;

    enum rc rc = case_last_number(op, clock_day_begins(op->now_ms), day, &n);
    if (rc == RC_OK)
        row->number = str_fmt(op->arena, "%.*s%04lld", STR_ARG(day), (long long)n + 1);
    return rc;
}

enum rc case_put_at(struct op *op, struct str code, const struct case_place *place,
                    struct case_row *row)
{
    struct area area;

    row->area = code;
    if (area_level(row->area) < LEVEL_STREET)
        return fail(op, RC_INVALID, "fields/where", "还不知道在哪个社区，请选一下社区。");
    enum rc rc = area_find(op, row->area, &area);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND
                   ? fail(op, RC_INVALID, "fields/where", "没有这个辖区，请重新选社区。")
                   : rc;
    row->street = area_at_level(row->area, LEVEL_STREET);
    row->community = area_at_level(row->area, LEVEL_COMMUNITY);
    row->grid = area_at_level(row->area, LEVEL_GRID);
    if (!row->community.at)
        row->community = STR("");
    if (!row->grid.at)
        row->grid = STR("");
    row->lat = place->lat;
    row->lng = place->lng;
    row->cell = case_cell(row->lat, row->lng);
    row->place = place->words.at ? place->words : STR("");
    return RC_OK;
}

/* Where it is: as told, else where the reporter lives. */
static enum rc place_case(struct op *op, const struct answers *answers,
                          struct case_row *row)
{
    struct str area = answers->place.area.at ? answers->place.area
                      : op->actor->home.at   ? op->actor->home
                                             : STR("");

    return case_put_at(op, area, &answers->place, row);
}

static enum rc find_kind(struct op *op, const struct open_args *args, struct a_case *it)
{
    enum rc rc = scenes_now(op, args->scene, &it->scene);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_NOT_FOUND, "scene", "没有“%.*s”这个场景。",
                    STR_ARG(args->scene));
    if (rc != RC_OK)
        return rc;
    it->kind = scene_kind(it->scene, args->kind);
    if (!it->kind)
        return fail(op, RC_NOT_FOUND, "kind", "“%.*s”里没有“%.*s”这类办件。",
                    STR_ARG(it->scene->title), STR_ARG(args->kind));
    return RC_OK;
}

static enum rc store_answers(struct op *op, const struct answers *answers,
                             struct case_row *row)
{
    struct str personal = answers_write(op, answers, true);

    row->fields = answers_write(op, answers, false);
    row->photos = (int64_t)answers->photos.n;
    if (!row->fields.at)
        return RC_TOO_LARGE;
    return personal.at ? case_seal(op, row, personal, &row->sealed) : RC_OK;
}

static struct case_row blank_row(const struct turn *turn, const struct open_args *args)
{
    const struct op     *op = turn->op;
    const struct a_case *it = turn->it;

    return (struct case_row){
        .county = op->county,
        .scene = it->scene->name,
        .scene_version = it->scene->version,
        .kind = it->kind->name,
        .version = 1,
        .channel = args->channel,
        .title = turn->answers.title,
        .category = turn->answers.category,
        .reporter = op->actor->account,
        .person = op->actor->person,
        .number = STR(""),
        .holder = STR(""),
        .before = STR(""),
        .duty = STR(""),
        .duty_area = STR(""),
        .opened_ms = op->now_ms,
        .pause_reason = STR(""),
        .due_clock = STR(""),
        .rating = STR(""),
        .clocks = STR(""),
    };
}

/* The case as it would be, nothing written.  `past`: as another system had it. */
static enum rc draft(struct turn *turn, const struct open_args *args,
                     const struct case_past *past)
{
    struct op     *op = turn->op;
    struct a_case *it = turn->it;
    enum channel   channel;

    *it = (struct a_case){ 0 };
    enum rc rc = find_kind(op, args, it);
    if (rc == RC_OK)
        rc = past ? channel_past(op, it->kind, &channel)
                  : channel_choose(op, it->kind, args->channel, &channel);
    if (rc == RC_OK)
        rc = answers_read(op, it->scene, it->kind, args->fields, args->words_max,
                          &turn->answers);
    if (rc != RC_OK)
        return rc;
    it->row = blank_row(turn, args);
    it->row.channel = channel_word(channel);
    rc = place_case(op, &turn->answers, &it->row);
    if (rc != RC_OK)
        return rc;
    it->row.urgent = turn_is_urgent(turn);
    turn_enter(turn, it->kind->begins);
    rc = turn_route(turn);
    if (rc == RC_OK)
        rc = clocks_enter(turn, STATE_NEW);
    return rc == RC_OK ? turn_settle(turn) : rc;
}

/* Cut out of another: the same reporter and place, its own answers, holder and clocks. */
enum rc case_open_beside(struct turn *from, const struct answers *answers,
                         struct a_case *it)
{
    const struct case_row *row = &from->it->row;
    struct turn            turn = { .op = from->op, .it = it, .answers = *answers };

    *it = (struct a_case){ .scene = from->it->scene, .kind = from->it->kind };
    it->row = blank_row(&turn, &(struct open_args){ .channel = row->channel });
    it->row.reporter = row->reporter;
    it->row.person = row->person;
    it->row.shielded = row->shielded;
    enum rc rc = case_put_at(turn.op, row->area, &answers->place, &it->row);
    if (rc != RC_OK)
        return rc;
    it->row.urgent = turn_is_urgent(&turn);
    turn_enter(&turn, it->kind->begins);
    rc = turn_route(&turn);
    if (rc == RC_OK)
        rc = clocks_enter(&turn, STATE_NEW);
    if (rc == RC_OK)
        rc = turn_settle(&turn);
    it->row.id = op_new_id(turn.op);
    if (rc == RC_OK)
        rc = number_case(turn.op, &it->row);
    if (rc == RC_OK)
        rc = store_answers(turn.op, &turn.answers, &it->row);
    if (rc == RC_OK)
        rc = case_insert(turn.op, &it->row);
    if (rc == RC_OK)
        rc = sight_keep(turn.op, it);
    return rc == RC_OK ? search_keep_new(turn.op, it) : rc;
}

enum rc case_preview(struct op *op, const struct open_args *args, struct a_case *it)
{
    struct turn turn = { .op = op, .it = it };

    enum rc rc = draft(&turn, args, NULL);
    if (rc == RC_OK)
        it->row.fields = answers_write(op, &turn.answers, false);
    return rc == RC_OK && !it->row.fields.at ? RC_TOO_LARGE : rc;
}

/* Told once, before threads start; afterwards only read. */
static int64_t ceiling = CASES_PER_DAY_MAX;

void case_ceiling(int64_t a_day)
{
    ceiling = a_day;
}

/* Never a silent drop: there are people who take the next one. */
static enum rc check_day(struct op *op)
{
    int64_t n = 0;

    if (!ceiling || actor_may(op->actor, RIGHT_CASE_INTAKE, STR_NONE) ||
        actor_may(op->actor, RIGHT_OPEN311, STR_NONE) ||
        actor_may(op->actor, RIGHT_UPPER, STR_NONE))
        return RC_OK;
    enum rc rc =
        case_count_since(op, op->actor->account,
                         id_floor(op->county, clock_day_begins(op->now_ms)), ceiling, &n);
    if (rc == RC_OK && n >= ceiling)
        return fail(op, RC_TOO_MANY, NULL,
                    "您今天已经报了 %lld 件。还有要报的，请到社区窗口，或打社区值守电话，"
                    "我们替您登记。",
                    (long long)ceiling);
    return rc;
}

/* Of somebody for whom it is taken down the asker is not the reporter. */
static enum rc take_down(struct turn *turn, const struct intake *intake)
{
    struct case_row *row = &turn->it->row;
    enum channel     channel = channel_of(row);

    enum rc rc = intake_check(turn->op, channel, intake, &turn->answers);
    if (rc == RC_OK && channel_takes(channel) == TAKES_PERSON)
        rc = intake_find_person(turn->op, intake, &turn->answers, row);
    if (rc == RC_OK && row->person)
        rc = person_is_shielded(turn->op, row->person, &row->shielded);
    return rc;
}

static enum rc keep(struct turn *turn)
{
    struct case_row *row = &turn->it->row;

    row->id = op_new_id(turn->op);
    enum rc rc = number_case(turn->op, row);
    if (rc == RC_OK)
        rc = store_answers(turn->op, &turn->answers, row);
    return rc == RC_OK ? case_insert(turn->op, row) : rc;
}

enum rc case_open(struct op *op, const struct open_args *args, struct a_case *it)
{
    struct turn turn = { .op = op, .it = it };

    enum rc rc = check_day(op);
    if (rc == RC_OK)
        rc = draft(&turn, args, NULL);
    if (rc == RC_OK)
        rc = take_down(&turn, &args->intake);
    if (rc != RC_OK)
        return rc;
    rc = keep(&turn);
    if (rc == RC_OK)
        rc = intake_keep(&turn, &args->intake);
    if (rc == RC_OK)
        rc = sight_keep(op, it);
    if (rc == RC_OK)
        rc = search_keep_new(op, it);
    if (rc == RC_OK)
        rc = public_open(&turn, &args->consent);
    if (rc == RC_OK)
        rc = follow_settle(&turn, STR(""));
    if (rc == RC_OK)
        rc = photo_attach(op, turn.answers.photos.at, turn.answers.photos.n, it->row.id);
    if (rc != RC_OK)
        return rc;
    turn.line.photos = turn.answers.photos;
    turn_tell_holder(&turn, holder_read(it->row.holder),
                     str_fmt(op->arena, "%.*s报来一件%.*s。%.*s", STR_ARG(news_who(&turn)),
                             STR_ARG(it->kind->title),
                             STR_ARG(news_until(&turn, READER_HOLDER))));
    return turn_say(&turn, 0);
}

/* ------------------------------------------------- as another system had it */

static enum rc close_past(struct turn *turn)
{
    struct a_case *it = turn->it;
    size_t         from = it->state, end = 0;

    while (!(it->kind->ends >> end & 1))
        end++; /* every kind has one */
    turn_enter(turn, end);
    it->row.answered_ms = turn->op->now_ms;
    enum rc rc = clocks_enter(turn, from);
    return rc == RC_OK ? turn_settle(turn) : rc;
}

/* By the clock of then.  Who reported it is not known here. */
static enum rc draft_past(struct turn *turn, const struct open_args *args,
                          const struct case_past *past)
{
    struct op *op = turn->op, then = *op;

    then.now_ms = past->opened_ms;
    turn->op = &then;
    enum rc rc = draft(turn, args, past);
    then.now_ms = past->ended_ms;
    if (rc == RC_OK && past->ended_ms)
        rc = close_past(turn);
    op->problems = then.problems;
    turn->op = op;
    turn->it->row.reporter = turn->it->row.person = 0;
    return rc;
}

enum rc case_past_try(struct op *op, const struct open_args *args,
                      const struct case_past *past)
{
    struct a_case it;
    struct turn   turn = { .op = op, .it = &it };

    return draft_past(&turn, args, past);
}

enum rc case_past_open(struct op *op, const struct open_args *args,
                       const struct case_past *past, struct a_case *it)
{
    struct turn turn = { .op = op, .it = it };

    enum rc rc = draft_past(&turn, args, past);
    if (rc == RC_OK)
        rc = keep(&turn);
    turn.line.text = past->says;
    return rc == RC_OK ? turn_say(&turn, 0) : rc;
}
