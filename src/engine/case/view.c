#include "engine/case/view.h"

#include "base/blank.h"
#include "engine/case/callbacks.h"
#include "engine/case/fields.h"
#include "engine/case/holder.h"
#include "engine/case/inside.h"
#include "engine/case/minutes.h"
#include "engine/case/papers.h"
#include "engine/case/parts.h"
#include "engine/case/public.h"
#include "engine/case/reader.h"
#include "engine/case/seal.h"

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
const struct field shown_move_fields[] = {
    FIELD(struct shown_move, name, OPTIONAL),
    FIELD(struct shown_move, title, OPTIONAL),
    FIELD_LIST_OF(struct shown_move, needs, KIND_TEXT, OPTIONAL),
    FIELD_LIST_OF(struct shown_move, reasons, KIND_TEXT, OPTIONAL),
    FIELD(struct shown_move, primary, OPTIONAL),
    FIELD(struct shown_move, danger, OPTIONAL),
    FIELD_LIST_OF(struct shown_move, categories, KIND_TEXT, OPTIONAL),
    FIELD(struct shown_move, says, OPTIONAL,
          .note = STR_INIT("要选对象的：选好以后怎么说，{对象} 是选的")),
};
static const struct field part_fields[] = {
    FIELD(struct shown_part, part, OPTIONAL),
    FIELD(struct shown_part, title, OPTIONAL),
    FIELD(struct shown_part, task, OPTIONAL),
    FIELD(struct shown_part, state, OPTIONAL),
    FIELD(struct shown_part, state_title, OPTIONAL),
    FIELD(struct shown_part, answer, OPTIONAL),
    FIELD_TIME(struct shown_part, asked, OPTIONAL),
    FIELD_TIME(struct shown_part, due, OPTIONAL),
    FIELD_TIME(struct shown_part, ended, OPTIONAL),
    FIELD(struct shown_part, late, OPTIONAL),
    FIELD(struct shown_part, yours, OPTIONAL),
};
static const struct field tenure_fields[] = {
    FIELD(struct shown_tenure, title, OPTIONAL),
    FIELD(struct shown_tenure, how, OPTIONAL),
    FIELD(struct shown_tenure, by, OPTIONAL),
    FIELD(struct shown_tenure, why, OPTIONAL),
    FIELD_TIME(struct shown_tenure, at, OPTIONAL),
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
    FIELD(struct shown_step, route, OPTIONAL),
    FIELD(struct shown_step, note, OPTIONAL, .title = STR_INIT("内部备注，只给办的人")),
};
static const struct field shown_public_fields[] = {
    FIELD(struct shown_public, private, OPTIONAL, .title = STR_INIT("报事人不愿公开")),
    FIELD(struct shown_public, named, OPTIONAL, .title = STR_INIT("公开时写上姓")),
    FIELD(struct shown_public, out, OPTIONAL, .title = STR_INIT("已经公开")),
    FIELD(struct shown_public, title, OPTIONAL),
    FIELD(struct shown_public, says, OPTIONAL),
    FIELD(struct shown_public, answer, OPTIONAL),
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
    FIELD_LIST(struct case_whole, moves, struct shown_move, shown_move_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, timeline, struct shown_step, step_fields, OPTIONAL),
    FIELD_STRUCT(struct case_whole, rating, rating_fields, OPTIONAL),
    FIELD(struct case_whole, pause_reason, OPTIONAL),
    FIELD_LIST(struct case_whole, parts, struct shown_part, part_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, holders, struct shown_tenure, tenure_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, clocks, struct shown_clock, clock_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, links, struct shown_link, link_fields, OPTIONAL),
    FIELD(struct case_whole, me_too, OPTIONAL),
    FIELD(struct case_whole, confidential, OPTIONAL),
    FIELD_LIST(struct case_whole, minutes, struct shown_minutes, minutes_fields, OPTIONAL),
    FIELD_LIST(struct case_whole, papers, struct shown_paper, paper_fields, OPTIONAL),
    FIELD(struct case_whole, shut, OPTIONAL,
          .note = STR_INIT("保密的办件还没有打开：tied 手上有它，打开就行；asks 要写原因")),
    FIELD_STRUCT(struct case_whole, intake, shown_intake_fields, OPTIONAL),
    FIELD_STRUCT(struct case_whole, public, shown_public_fields, OPTIONAL),
    FIELD(struct case_whole, calls, OPTIONAL, .note = STR_INIT("能看报事人的电话号码")),
};

const struct field outlook_fields[OUTLOOK_NFIELDS] = {
    FIELD_LIST(struct case_outlook, relay, struct card_station, station_fields, OPTIONAL),
    FIELD(struct case_outlook, promise, OPTIONAL),
    FIELD(struct case_outlook, stop, OPTIONAL),
};

/* ------------------------------------------------------------ whole page */

static bool tells_where(const struct scene_field *field)
{
    return field->asks == ASKS_PLACE || field->asks == ASKS_PHONE;
}

enum rc case_show_fields(struct op *op, struct a_case *it, struct case_whole *whole)
{
    struct answers answers;
    struct str     opened;
    bool           clear = is_reporter(op, &it->row), hidden = hides_place(op, &it->row);

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

/* A clock that stands does so for one of its scene's reasons: the choice there is. */
static const struct scene_clock *stops_clock(const struct case_kind  *kind,
                                             const struct scene_move *move)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == EFFECT_ASK_PAUSE ||
            (move->effects[i].kind == EFFECT_PAUSE && (move->needs & NEEDS_REASON)))
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

static enum rc show_categories(struct op *op, const struct a_case *it, struct list *shown)
{
    const struct scene_field *field = kind_category(it->kind);
    size_t                    n = field ? field->noptions : 0;
    struct str               *words = arena_many(op->arena, n + 1, struct str);

    *shown = (struct list){ words, 0 };
    for (size_t i = 0; words && i < n; i++)
        if (!str_eq(field->options[i].value, it->row.category))
            words[shown->n++] = field->options[i].value;
    return words ? RC_OK : RC_TOO_LARGE;
}

enum rc case_show_move(struct op *op, const struct a_case *it,
                       const struct scene_move *move, struct shown_move *shown)
{
    struct str *needs = arena_many(op->arena, NEEDS_COUNT, struct str);
    size_t      n = 0;

    if (!needs)
        return RC_TOO_LARGE;
    for (unsigned bit = 0; bit < NEEDS_COUNT; bit++)
        if (move->needs >> bit & 1)
            needs[n++] = needs_word((enum needs_bit)bit);
    size_t to = move_leads_to(move, it->state);
    bool   ends = it->kind->ends >> to & 1; /* before anybody has answered: for good */
    *shown = (struct shown_move){
        .name = move->name,
        .title = move->title,
        .needs = { needs, n },
        .danger = ends && !str_eq(it->row.bucket, STR("answered")),
        .says = blank_next(move->told).name.at ? move->told : STR_NONE,
    };
    enum rc rc =
        move->needs & NEEDS_CATEGORY ? show_categories(op, it, &shown->categories) : RC_OK;
    return rc == RC_OK ? show_reasons(op, stops_clock(it->kind, move), &shown->reasons)
                       : rc;
}

static enum rc show_moves(struct op *op, const struct a_case *it, struct list *moves)
{
    struct shown_move *shown =
        arena_many(op->arena, it->kind->nmoves + 1, struct shown_move);
    size_t n = 0;

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < it->kind->nmoves; i++) {
        if (!case_may_move(op, it, &it->kind->moves[i]) ||
            !public_offers(op, it, &it->kind->moves[i]))
            continue;
        enum rc rc = case_show_move(op, it, &it->kind->moves[i], &shown[n]);
        if (rc != RC_OK)
            return rc;
        shown[n].primary = n == 0;
        n++;
    }
    *moves = (struct list){ shown, n };
    return RC_OK;
}

static struct str part_state(const struct case_part *part)
{
    return part_is_open(part)                     ? STR("等答复")
           : str_eq(part->state, STR("answered")) ? STR("已答复")
                                                  : STR("已免去");
}

static enum rc show_parts(struct op *op, struct a_case *it, struct list *shown)
{
    struct case_parts *parts;

    enum rc            rc = parts_of(op, it, &parts);
    struct shown_part *rows =
        rc == RC_OK ? arena_many(op->arena, parts->n + 1, struct shown_part) : NULL;
    if (!rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < parts->n; i++) {
        const struct case_part *part = &parts->all[i];
        rows[i] = (struct shown_part){
            .part = part->part,
            .title = holder_title(op, part->holder),
            .task = part->task,
            .state = part->state,
            .state_title = part_state(part),
            .answer = part->answer,
            .asked = part->asked_ms,
            .due = part->due_ms == PART_NEVER ? 0 : part->due_ms,
            .ended = part->ended_ms,
            .late = part->late || (part_is_open(part) && part->due_ms < op->now_ms),
            .yours = part_is_open(part) && holder_is(op->actor, part->holder),
        };
    }
    *shown = (struct list){ rows, parts->n };
    return RC_OK;
}

static enum rc show_public(struct op *op, const struct a_case *it,
                           struct shown_public *shown)
{
    struct case_public row;

    enum rc rc = public_of(op, it, &row);
    if (rc != RC_OK)
        return rc;
    bool out = public_is_out(&row);
    *shown = (struct shown_public){ .private = row.private || it->row.shielded,
                                    .named = row.named,
                                    .out = out,
                                    .title = out ? row.title : STR_NONE,
                                    .says = out ? row.says : STR_NONE,
                                    .answer = out ? row.answer : STR_NONE };
    return RC_OK;
}

static enum rc show_inside(struct op *op, struct a_case *it, struct case_whole *whole)
{
    enum rc rc = show_parts(op, it, &whole->parts);
    if (rc == RC_OK)
        rc = case_show_fields(op, it, whole);
    if (rc == RC_OK)
        rc = case_show_timeline(op, it, whole);
    if (rc == RC_OK)
        rc = minutes_show(op, it, &whole->minutes);
    if (rc == RC_OK)
        rc = papers_show(op, it, &whole->papers);
    if (rc == RC_OK)
        rc = case_show_intake(op, it, whole);
    if (rc == RC_OK)
        rc = case_show_links(op, it, &whole->links);
    if (rc == RC_OK)
        rc = callback_may(op, it, &whole->calls);
    return rc == RC_OK ? show_public(op, it, &whole->public) : rc;
}

enum rc case_whole(struct op *op, struct a_case *it, struct case_whole *whole)
{
    struct holder holder = holder_read(it->row.holder);
    bool          you = is_reporter(op, &it->row);
    enum inside   inside;

    *whole = (struct case_whole){
        .reporter = { .name = hides_place(op, &it->row)
                                  ? STR("受保护人员")
                                  : masked_name(op, it->row.reporter,
                                                you || came_from_outside(&it->row)),
                      .you = you },
        .holder = { .title = case_holder_title(op, it),
                    .duty = holder.duty,
                    .org = holder.kind == HOLDER_ORG ? holder.id : 0,
                    .account = holder.kind == HOLDER_ACCOUNT ? holder.id : 0 },
        .rating = { it->row.stars, it->row.rating.len ? it->row.rating : STR_NONE },
        .pause_reason = it->row.pause_reason.len ? it->row.pause_reason : STR_NONE,
        .me_too = it->row.me_too,
        .confidential = it->kind->confidential,
    };
    enum rc rc = inside_of(op, it, &inside);
    it->opened = rc == RC_OK && inside == INSIDE_OPEN;
    if (rc == RC_OK)
        rc = case_card(op, it, &whole->card);
    if (rc == RC_OK)
        rc = show_moves(op, it, &whole->moves);
    if (rc == RC_OK)
        rc = case_show_clocks(op, it, &whole->clocks);
    if (rc != RC_OK || inside == INSIDE_OPEN)
        return rc == RC_OK ? show_inside(op, it, whole) : rc;
    whole->shut = inside_word(inside);
    whole->rating.text = STR_NONE;
    whole->card.photos = (struct list){ 0 };
    return RC_OK;
}
