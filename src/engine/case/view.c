#include "engine/case/view.h"

#include "base/clock.h"
#include "base/json.h"
#include "engine/case/clock.h"
#include "engine/case/fields.h"
#include "engine/case/holder.h"
#include "engine/case/line.h"
#include "engine/case/seal.h"
#include "gate/journal.h"
#include "guard/actor.h"
#include "guard/mask.h"
#include "registry/account.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum {
    STATIONS_MAX = 5,
    STEPS_MAX = 500,
    SOON_MS = 4 * 3600 * 1000,
    DAY_MS = 24 * 3600 * 1000
};

/* --------------------------------------------------------------- tables */

static const struct field due_fields[] = {
    FIELD_TIME(struct card_due, at, OPTIONAL),
    FIELD(struct card_due, which, OPTIONAL),
    FIELD(struct card_due, state, OPTIONAL),
};
static const struct field station_fields[] = {
    FIELD(struct card_station, label, OPTIONAL),
    FIELD(struct card_station, state, OPTIONAL),
    FIELD(struct card_station, you, OPTIONAL),
};
#define C(member) FIELD(struct case_card, member, OPTIONAL)
/* The card's fields stand in both tables: it is the first member of the whole. */
#define CARD_FIELDS                                                                        \
    FIELD_ID(struct case_card, id, OPTIONAL), C(number), C(scene), C(kind), C(kind_title), \
        C(title), C(category), C(state), C(state_title), C(bucket), C(area), C(area_name), \
        C(area_path), C(grid_name), C(place), C(channel),                                  \
        FIELD_TIME(struct case_card, opened, OPTIONAL),                                    \
        FIELD_STRUCT(struct case_card, due, due_fields, OPTIONAL),                         \
        FIELD_LIST(struct case_card, relay, struct card_station, station_fields,           \
                   OPTIONAL),                                                              \
        C(promise), C(urgent), C(yours), C(supervised), C(version),                        \
        FIELD_LIST_OF(struct case_card, photos, KIND_ID, OPTIONAL)

static_assert(offsetof(struct case_whole, card) == 0,
              "the card's offsets hold in the whole");

const struct field card_fields[] = { CARD_FIELDS };

static const struct field field_fields[] = {
    FIELD(struct shown_field, name, OPTIONAL),
    FIELD(struct shown_field, title, OPTIONAL),
    FIELD(struct shown_field, type, OPTIONAL),
    FIELD_RAW(struct shown_field, value, OPTIONAL),
    FIELD(struct shown_field, text, OPTIONAL),
};
static const struct field reporter_fields[] = {
    FIELD(struct shown_reporter, name, .grade = GRADE_PERSONAL),
    FIELD(struct shown_reporter, phone, .grade = GRADE_PERSONAL),
    FIELD(struct shown_reporter, you, OPTIONAL),
};
static const struct field holder_fields[] = {
    FIELD(struct shown_holder, title, OPTIONAL),
    FIELD(struct shown_holder, duty, OPTIONAL),
    FIELD_ID(struct shown_holder, org, OPTIONAL),
    FIELD_ID(struct shown_holder, account, OPTIONAL),
};
static const struct field move_fields[] = {
    FIELD(struct shown_move, name, OPTIONAL),
    FIELD(struct shown_move, title, OPTIONAL),
    FIELD_LIST_OF(struct shown_move, needs, KIND_TEXT, OPTIONAL),
    FIELD_LIST_OF(struct shown_move, reasons, KIND_TEXT, OPTIONAL),
    FIELD(struct shown_move, primary, OPTIONAL),
    FIELD(struct shown_move, danger, OPTIONAL),
};
static const struct field step_fields[] = {
    FIELD(struct shown_step, seq, OPTIONAL),
    FIELD_TIME(struct shown_step, at, OPTIONAL),
    FIELD(struct shown_step, act, OPTIONAL),
    FIELD(struct shown_step, move, OPTIONAL),
    FIELD(struct shown_step, title, OPTIONAL),
    FIELD(struct shown_step, text, OPTIONAL),
    FIELD(struct shown_step, who, OPTIONAL),
    FIELD(struct shown_step, state, OPTIONAL),
    FIELD_LIST_OF(struct shown_step, photos, KIND_ID, OPTIONAL),
    FIELD(struct shown_step, late, OPTIONAL),
};
static const struct field rating_fields[] = {
    FIELD(struct shown_rating, stars, OPTIONAL),
    FIELD(struct shown_rating, text, OPTIONAL),
};
const struct field whole_fields[] = {
    CARD_FIELDS,
    FIELD_LIST(struct case_whole, fields, struct shown_field, field_fields, OPTIONAL),
    FIELD_STRUCT(struct case_whole, reporter, reporter_fields, OPTIONAL),
    FIELD_STRUCT(struct case_whole, holder, holder_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, moves, struct shown_move, move_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, timeline, struct shown_step, step_fields, OPTIONAL),
    FIELD_STRUCT(struct case_whole, rating, rating_fields, OPTIONAL),
    FIELD(struct case_whole, pause_reason, OPTIONAL),
};

/* ----------------------------------------------------------------- card */

static bool is_reporter(const struct op *op, const struct case_row *row)
{
    return op->actor->account && op->actor->account == row->reporter;
}

/* Where a shielded person's case is, and how they are reached, is hidden: it may be
 * their home. */
static bool hides_place(const struct op *op, const struct case_row *row)
{
    return row->shielded && !is_reporter(op, row) &&
           !actor_may(op->actor, RIGHT_SHIELDED_READ, row->area);
}

static bool in_bucket(const struct case_row *row, const char *bucket)
{
    return str_eq(row->bucket, str_of(bucket));
}

static struct card_due due_of(const struct op *op, const struct case_row *row)
{
    struct card_due due = { .at = row->due_ms, .which = row->due_clock };

    due.state = in_bucket(row, "ended")              ? STR("done")
                : in_bucket(row, "answered")         ? STR("kept")
                : row->paused_ms                     ? STR("hold")
                : !row->due_ms                       ? STR("far")
                : row->due_ms < op->now_ms           ? STR("late")
                : row->due_ms - op->now_ms < SOON_MS ? STR("soon")
                                                     : STR("far");
    return due;
}

static bool awaits_rating(const struct op *op, const struct case_row *row)
{
    return is_reporter(op, row) && in_bucket(row, "answered");
}

/* "今天 18:00 前", "明天 9:30 前", "11 月 25 日 9:30 前" */
static struct str by_when(struct op *op, int64_t ms)
{
    struct civil due = clock_civil(ms);
    int64_t      day = (ms + 8 * 3600000) / DAY_MS - (op->now_ms + 8 * 3600000) / DAY_MS;
    const char *words = day == 0 ? "今天" : day == 1 ? "明天" : day == 2 ? "后天" : NULL;

    if (words)
        return str_fmt(op->arena, "%s %d:%02d 前", words, due.hour, due.minute);
    return str_fmt(op->arena, "%d 月 %d 日 %d:%02d 前", due.month, due.day, due.hour,
                   due.minute);
}

static struct str ended_promise(const struct op *op, const struct a_case *it)
{
    if (!it->row.stars)
        return str_fmt(op->arena, "%.*s。", STR_ARG(it->kind->states[it->state].title));
    return is_reporter(op, &it->row) ? STR("已办结，谢谢您的评价。")
                                     : STR("已办结，居民评价过了。");
}

/* In whose hands, to whom it is said. */
static struct str in_hands(struct op *op, struct a_case *it)
{
    const struct case_row *row = &it->row;
    bool                   waits = in_bucket(row, "waiting");

    if (case_holds(op->actor, row))
        return waits ? STR("等您处理") : STR("您在办");
    struct str title = case_holder_title(op, it);
    return str_fmt(op->arena, "%.*s%s", STR_ARG(title), waits ? "待派" : "在办");
}

static struct str promise_of(struct op *op, struct a_case *it)
{
    const struct case_row *row = &it->row;
    struct str             hands = in_hands(op, it);
    bool                   late = row->due_ms && row->due_ms < op->now_ms;

    if (in_bucket(row, "ended"))
        return ended_promise(op, it);
    if (in_bucket(row, "answered"))
        return awaits_rating(op, row) ? STR("已经办好，请您看看。")
                                      : STR("已经答复，等报事人评价。");
    if (row->paused_ms)
        return str_fmt(op->arena, "暂停计时：%.*s",
                       STR_ARG(str_sentence(op->arena, row->pause_reason)));
    if (!row->due_ms)
        return str_fmt(op->arena, "%.*s。", STR_ARG(hands));
    if (late)
        return str_fmt(op->arena, "已超时，%s%.*s。", row->supervised ? "正在督办，" : "",
                       STR_ARG(hands));
    struct str when = by_when(op, row->due_ms);
    return str_fmt(op->arena, "%.*s，%.*s%s。", STR_ARG(hands), STR_ARG(when),
                   str_eq(row->due_clock, STR("accept")) ? "受理"
                   : is_reporter(op, row)                ? "答复您"
                                                         : "办好");
}

static void station(struct list *relay, struct str label, const char *state, bool you)
{
    struct card_station *stations = relay->at;

    if (label.len && relay->n < STATIONS_MAX)
        stations[relay->n++] = (struct card_station){ label, str_of(state), you };
}

/* Whose hands it has been in, is in, will be in: from the reporter back to them. */
static enum rc relay_of(struct op *op, struct a_case *it, struct list *relay)
{
    const struct case_row *row = &it->row;
    bool                   you = is_reporter(op, row);
    struct str             first = you ? STR("您") : STR("居民");

    *relay = (struct list){ arena_many(op->arena, STATIONS_MAX, struct card_station), 0 };
    if (!relay->at)
        return RC_TOO_LARGE;
    station(relay, first, "past", false);
    if (row->before.len && !str_eq(row->before, row->holder))
        station(relay, case_before_label(op, it), "past", false);
    struct str holder = case_holder_label(op, it);
    if (in_bucket(row, "answered")) {
        station(relay, holder, "past", false);
        station(relay, you ? STR("您评价") : STR("居民评价"), "now", you);
    } else if (in_bucket(row, "ended")) {
        station(relay, holder, "past", false);
        station(relay, it->kind->states[it->state].title, "now", false);
    } else {
        bool mine = case_holds(op->actor, row), waits = in_bucket(row, "waiting");
        station(
            relay,
            mine ? waits ? STR("等您处理") : STR("您在办")
                 : str_fmt(op->arena, "%.*s%s", STR_ARG(holder), waits ? "待派" : "在办"),
            "now", mine);
        if (waits)
            station(relay, STR("承办方"), "next", false);
        station(relay, you ? STR("您") : STR("居民评价"), "next", false);
    }
    return RC_OK;
}

const struct field outlook_fields[OUTLOOK_NFIELDS] = {
    FIELD_LIST(struct case_outlook, relay, struct card_station, station_fields, OPTIONAL),
    FIELD(struct case_outlook, promise, OPTIONAL),
    FIELD(struct case_outlook, stop, OPTIONAL),
};

enum rc case_outlook(struct op *op, const struct open_args *args,
                     struct case_outlook *outlook)
{
    struct a_case it;

    *outlook = (struct case_outlook){ .promise = STR("") };
    enum rc rc = case_preview(op, args, &it);
    if (rc == RC_REFUSED && op->problems.first) {
        outlook->stop = op->problems.first->says;
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    outlook->promise = promise_of(op, &it);
    return relay_of(op, &it, &outlook->relay);
}

/* How it came in, as it is said; a scene or a bridge may bring words of its own. */
static struct str channel_title(struct str channel)
{
    static const struct {
        struct str name, title;
    } known[] = {
        { STR_INIT("app"), STR_INIT("手机") },
        { STR_INIT("desk"), STR_INIT("值守台") },
        { STR_INIT("grid"), STR_INIT("巡查") },
    };

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(channel, known[i].name))
            return known[i].title;
    return channel;
}

enum rc case_card(struct op *op, struct a_case *it, struct case_card *card)
{
    const struct case_row *row = &it->row;
    struct str             place = row->community.len ? row->community : row->street;
    bool                   hidden = hides_place(op, row);
    struct list            photos = { 0 };

    enum rc rc = row->photos ? answers_photos(op, it->kind, row->fields, &photos) : RC_OK;
    if (rc != RC_OK)
        return rc;
    *card = (struct case_card){
        .id = row->id,
        .number = row->number,
        .scene = row->scene,
        .kind = row->kind,
        .kind_title = it->kind->title,
        .title = row->title,
        .category = row->category,
        .state = row->state,
        .state_title = it->kind->states[it->state].title,
        .bucket = row->bucket,
        .area = hidden ? place : row->area,
        .area_name = area_name(op, place),
        .area_path = area_path(op, place, LEVEL_COUNTY),
        .grid_name = row->grid.len && !hidden ? area_name(op, row->grid) : STR_NONE,
        .place = hidden ? STR("") : row->place,
        .channel = channel_title(row->channel),
        .opened = row->opened_ms,
        .due = due_of(op, row),
        .promise = promise_of(op, it),
        .urgent = row->urgent,
        .yours = case_holds(op->actor, row) || awaits_rating(op, row),
        .supervised = row->supervised,
        .version = row->version,
        .photos = photos,
    };
    return relay_of(op, it, &card->relay);
}

enum rc case_card_of_row(struct op *op, const struct case_row *row,
                         struct holder_names *names, struct case_card *card)
{
    struct a_case it = { .row = *row, .names = names };

    enum rc rc = scenes_at(op, row->scene, row->scene_version, &it.scene);
    if (rc != RC_OK)
        return rc;
    it.kind = scene_kind(it.scene, row->kind);
    const struct scene_state *state = it.kind ? kind_state(it.kind, row->state) : NULL;
    if (!state)
        return RC_INTERNAL;
    it.state = (size_t)(state - it.kind->states);
    return case_card(op, &it, card);
}

/* ------------------------------------------------------------ whole page */

/* Personal answers in clear: the reporter's own, and for whoever must act on it. */
static bool sees_clear(const struct op *op, const struct case_row *row)
{
    return is_reporter(op, row);
}

static bool tells_where(const struct scene_field *field)
{
    return field->asks == ASKS_PLACE || field->asks == ASKS_PHONE;
}

static enum rc show_fields(struct op *op, struct a_case *it, struct case_whole *whole)
{
    struct answers answers;
    struct str     opened;
    bool           clear = sees_clear(op, &it->row), hidden = hides_place(op, &it->row);

    enum rc rc = case_unseal(op, &it->row, &opened);
    if (rc == RC_OK)
        rc = answers_load(op, it->scene, it->kind, it->row.fields, opened, &answers);
    struct shown_field *fields =
        rc == RC_OK ? arena_many(op->arena, it->kind->nfields + 1, struct shown_field)
                    : NULL;
    if (!fields)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    size_t n = 0;
    for (size_t i = 0; i < it->kind->nfields; i++) {
        const struct scene_field *field = &it->kind->fields[i];
        bool                      seen = clear || field->grade < GRADE_PERSONAL;
        if (!answers.raw[i].at || (hidden && tells_where(field)))
            continue;
        fields[n++] = (struct shown_field){
            .name = field->name,
            .title = field->title,
            .type = asks_word(field->asks),
            .value = seen ? answers.raw[i] : STR_NONE,
            .text = answer_text(op, field, answers.raw[i], seen),
        };
        if (field->asks == ASKS_PHONE)
            whole->reporter.phone = fields[n - 1].text;
    }
    whole->fields = (struct list){ fields, n };
    return RC_OK;
}

static struct str masked_name(struct op *op, int64_t account, bool clear)
{
    struct str name = account_name(op, account);

    return clear || !name.len ? name : mask_name(op->arena, name);
}

/* A clock that stands does so for one of its scene's reasons: the choice there is. */
static const struct scene_clock *stops_clock(const struct case_kind  *kind,
                                             const struct scene_move *move)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == EFFECT_PAUSE)
            return &kind->clocks[move->effects[i].clock];
    return NULL;
}

static enum rc show_reasons(struct op *op, const struct scene_clock *clock,
                            struct list *reasons)
{
    size_t      n = clock ? clock->npause : 0;
    struct str *words = arena_many(op->arena, n + 1, struct str);

    *reasons = (struct list){ words, n };
    for (size_t i = 0; words && i < n; i++)
        words[i] = clock->pause[i];
    return words ? RC_OK : RC_TOO_LARGE;
}

static enum rc show_move(struct op *op, const struct a_case *it,
                         const struct scene_move *move, struct shown_move *shown)
{
    struct str *needs = arena_many(op->arena, NEEDS_COUNT, struct str);
    size_t      n = 0;

    if (!needs)
        return RC_TOO_LARGE;
    for (unsigned bit = 0; bit < NEEDS_COUNT; bit++)
        if (move->needs >> bit & 1)
            needs[n++] = needs_word((enum needs_bit)bit);
    bool ends = it->kind->ends >> move->to & 1; /* before anybody has answered: for good */
    *shown = (struct shown_move){
        .name = move->name,
        .title = move->title,
        .needs = { needs, n },
        .danger = ends && !in_bucket(&it->row, "answered"),
    };
    return show_reasons(op, stops_clock(it->kind, move), &shown->reasons);
}

static enum rc show_moves(struct op *op, const struct a_case *it, struct list *moves)
{
    struct shown_move *shown =
        arena_many(op->arena, it->kind->nmoves + 1, struct shown_move);
    size_t n = 0;

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < it->kind->nmoves; i++) {
        if (!case_may_move(op, it, &it->kind->moves[i]))
            continue;
        enum rc rc = show_move(op, it, &it->kind->moves[i], &shown[n]);
        if (rc != RC_OK)
            return rc;
        shown[n].primary = n == 0;
        n++;
    }
    *moves = (struct list){ shown, n };
    return RC_OK;
}

static struct str step_who(struct op *op, const struct a_case *it, const struct line *line,
                           const struct case_line *step)
{
    if (line->actor == 0)
        return STR("到时自动");
    if (line->actor == op->actor->account)
        return STR("您");
    if (line->actor == it->row.reporter) {
        struct str name =
            hides_place(op, &it->row) ? STR("") : masked_name(op, line->actor, false);
        if (!name.len)
            return STR("居民");
        return str_fmt(op->arena, "居民 %.*s", STR_ARG(name));
    }
    struct str title = account_title(op, line->actor);
    return title.len ? title : step->who;
}

static struct str step_title(struct op *op, const struct a_case *it,
                             const struct case_line *step)
{
    if (step->move_title.len && step->target.len)
        return str_fmt(op->arena, "%.*s，交给%.*s", STR_ARG(step->move_title),
                       STR_ARG(step->target));
    if (step->move_title.len)
        return step->move_title;
    if (step->move.len) /* the clock's */
        return step->late ? str_fmt(op->arena, "%.*s现在由%.*s负责。", STR_ARG(step->text),
                                    STR_ARG(step->holder_title))
                          : step->text;
    return it->row.photos ? str_fmt(op->arena, "用%.*s发出，%zu 张照片",
                                    STR_ARG(it->scene->title), step->photos.n)
                          : str_fmt(op->arena, "用%.*s发出", STR_ARG(it->scene->title));
}

static enum rc show_step(struct op *op, const struct a_case *it, const struct line *line,
                         struct shown_step *shown)
{
    struct case_line step;

    enum rc rc = case_line_read(op, line, &step);
    if (rc == RC_NOT_FOUND) {
        *shown = (struct shown_step){ .seq = line->seq,
                                      .at = line->at_ms,
                                      .act = line->act,
                                      .title = STR("内容已按本人要求删除") };
        return RC_OK;
    }
    bool said_by_person = step.move_title.len > 0;
    *shown = (struct shown_step){
        .seq = line->seq,
        .at = line->at_ms,
        .act = line->act,
        .move = step.move,
        .title = step_title(op, it, &step),
        .text = !said_by_person ? STR_NONE
                : step.text.len ? step.text
                                : step.reason,
        .who = step_who(op, it, line, &step),
        .state = step.state_title,
        .photos = step.photos,
        .late = step.late,
    };
    return rc;
}

static enum rc show_timeline(struct op *op, const struct a_case *it, struct list *timeline)
{
    struct list lines;

    enum rc rc = journal_read(op, it->row.county, it->row.id, 0, STEPS_MAX, &lines);
    if (rc != RC_OK)
        return rc;
    struct shown_step *steps = arena_many(op->arena, lines.n + 1, struct shown_step);
    if (!steps)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < lines.n && rc == RC_OK; i++) /* newest on top */
        rc = show_step(op, it, (const struct line *)lines.at + lines.n - 1 - i, &steps[i]);
    *timeline = (struct list){ steps, lines.n };
    return rc;
}

enum rc case_whole(struct op *op, struct a_case *it, struct case_whole *whole)
{
    struct holder holder = holder_read(it->row.holder);
    bool          you = is_reporter(op, &it->row);

    *whole = (struct case_whole){
        .reporter = { .name = hides_place(op, &it->row)
                                  ? STR("受保护人员")
                                  : masked_name(op, it->row.reporter, you),
                      .you = you },
        .holder = { .title = case_holder_title(op, it),
                    .duty = holder.duty,
                    .org = holder.kind == HOLDER_ORG ? holder.id : 0,
                    .account = holder.kind == HOLDER_ACCOUNT ? holder.id : 0 },
        .rating = { it->row.stars, it->row.rating.len ? it->row.rating : STR_NONE },
        .pause_reason = it->row.pause_reason.len ? it->row.pause_reason : STR_NONE,
    };
    enum rc rc = case_card(op, it, &whole->card);
    if (rc == RC_OK)
        rc = show_fields(op, it, whole);
    if (rc == RC_OK)
        rc = show_moves(op, it, &whole->moves);
    if (rc == RC_OK)
        rc = show_timeline(op, it, &whole->timeline);
    return rc;
}
