#include "base/clock.h"
#include "engine/case/channel.h"
#include "engine/case/clock.h"
#include "engine/case/fields.h"
#include "engine/case/holder.h"
#include "engine/case/parts.h"
#include "engine/case/reader.h"
#include "engine/case/seal.h"
#include "engine/case/turn.h"
#include "engine/case/view.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum { STATIONS_MAX = 5, SOON_MS = 4 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

static bool in_bucket(const struct case_row *row, const char *bucket)
{
    return str_eq(row->bucket, str_of(bucket));
}

struct str due_state(int64_t due_ms, int64_t now_ms)
{
    return due_ms < now_ms             ? STR("late")
           : due_ms - now_ms < SOON_MS ? STR("soon")
                                       : STR("far");
}

static struct card_due due_of(const struct op *op, const struct case_row *row)
{
    struct card_due due = { .at = row->due_ms, .which = row->due_clock };

    due.state = in_bucket(row, "ended")           ? STR("done")
                : in_bucket(row, "answered")      ? STR("kept")
                : row->paused_ms || row->first_id ? STR("hold")
                : !row->due_ms                    ? STR("far")
                                                  : due_state(row->due_ms, op->now_ms);
    return due;
}

/* To a helper the part is what runs out. */
static struct card_due part_due(const struct op *op, const struct case_part *part)
{
    if (part->due_ms == PART_NEVER)
        return (struct card_due){ .which = STR("part"), .state = STR("far") };
    return (struct card_due){ .at = part->due_ms,
                              .which = STR("part"),
                              .state = due_state(part->due_ms, op->now_ms) };
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
        return str_cat(op->arena, it->kind->states[it->state].title, STR("。"));
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
    return str_cat(op->arena, title, waits ? STR("待派") : STR("在办"));
}

static struct str promise_of_case(struct op *op, struct a_case *it)
{
    const struct case_row *row = &it->row;
    bool                   late = row->due_ms && row->due_ms < op->now_ms;

    if (in_bucket(row, "ended"))
        return ended_promise(op, it);
    if (in_bucket(row, "answered"))
        return awaits_rating(op, row) ? STR("已经办好，请您看看。")
                                      : STR("已经答复，等报事人评价。");
    if (row->first_id)
        return STR("和先报的一件是同一件事，一起办，答复也会发来。");
    if (row->paused_ms)
        return str_fmt(op->arena, "暂停计时：%.*s",
                       STR_ARG(str_sentence(op->arena, row->pause_reason)));
    struct str hands = in_hands(op, it);
    if (!row->due_ms)
        return str_cat(op->arena, hands, STR("。"));
    if (late)
        return str_cat(op->arena,
                       row->supervised ? STR("已超时，正在督办，") : STR("已超时，"), hands,
                       STR("。"));
    struct str when = by_when(op, row->due_ms);
    struct str what = due_words(row->due_clock, is_reporter(op, row));
    return str_cat(op->arena, row->supervised ? STR("正在督办，") : STR(""), hands,
                   STR("，"), when, what, STR("。"));
}

/* "等您协办：查一下电梯，今天 18:00 前答复。" */
static struct str part_promise(struct op *op, const struct case_part *part)
{
    struct str when = STR("");

    if (part->due_ms < op->now_ms)
        return str_fmt(op->arena, "您的协办已超时：%.*s",
                       STR_ARG(str_sentence(op->arena, part->task)));
    if (part->due_ms != PART_NEVER)
        when = str_fmt(op->arena, "，%.*s答复", STR_ARG(by_when(op, part->due_ms)));
    return str_fmt(op->arena, "等您协办%.*s：%.*s", STR_ARG(when),
                   STR_ARG(str_sentence(op->arena, part->task)));
}

static struct str promise_of(struct op *op, struct a_case *it)
{
    const struct case_part *part = parts_mine(op, it);

    return part && !case_holds(op->actor, &it->row) ? part_promise(op, part)
                                                    : promise_of_case(op, it);
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
        station(relay,
                mine ? waits ? STR("等您处理") : STR("您在办")
                     : str_cat(op->arena, holder, waits ? STR("待派") : STR("在办")),
                "now", mine);
        if (waits)
            station(relay, STR("承办方"), "next", false);
        station(relay, you ? STR("您") : STR("居民评价"), "next", false);
    }
    return RC_OK;
}

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

/* How it came in, as it is said. */
static struct str channel_says(const struct case_row *row)
{
    enum channel channel = channel_of(row);

    return channel < CHANNEL_COUNT ? channel_title(channel) : row->channel;
}

/* Of a confidential one: where exactly, and what was photographed, is for who has it in
 * hand, who reported it, and who has opened it. */
static bool is_shut(const struct op *op, const struct a_case *it)
{
    return it->kind->confidential && !it->opened && !is_reporter(op, &it->row) &&
           !case_holds(op->actor, &it->row);
}

enum rc case_card(struct op *op, struct a_case *it, struct case_card *card)
{
    const struct case_row *row = &it->row;
    struct str             community = area_at_level(row->area, LEVEL_COMMUNITY);
    struct str             grid = area_at_level(row->area, LEVEL_GRID);
    struct str place = community.at ? community : area_at_level(row->area, LEVEL_STREET);
    bool       hidden = hides_place(op, row), shut = is_shut(op, it);
    bool       holds = case_holds(op->actor, row);
    const struct case_part *part = holds ? NULL : parts_mine(op, it);
    struct list             photos = { 0 };

    enum rc rc =
        row->photos && !shut ? answers_photos(op, it->kind, row->fields, &photos) : RC_OK;
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
        .area_name = case_area_name(op, it, place),
        .area_path = case_area_path(op, it, place),
        .grid_name = grid.at && !hidden ? case_area_name(op, it, grid) : STR_NONE,
        .place = hidden || shut ? STR("") : row->place,
        .channel = channel_says(row),
        .opened = row->opened_ms,
        .due = part ? part_due(op, part) : due_of(op, row),
        .promise = promise_of(op, it),
        .urgent = row->urgent,
        .yours = part || holds || awaits_rating(op, row),
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
