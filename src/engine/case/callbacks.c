#include "engine/case/callbacks.h"

#include "base/json.h"
#include "engine/case/case_store.h"
#include "engine/case/fields.h"
#include "engine/case/filter.h"
#include "engine/case/follow_up.h"
#include "engine/case/inside.h"
#include "engine/case/intake.h"
#include "engine/case/reader.h"
#include "engine/case/seal.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/look.h"
#include "registry/person.h"

enum { PAGE_DEFAULT = 20, SAME_NUMBER_MAX = 20 };

/* ------------------------------------------------------- coming and going */

static bool has_calls(const struct case_kind *kind)
{
    for (size_t i = 0; i < kind->nmoves; i++)
        if (follow_calls(&kind->moves[i]))
            return true;
    return false;
}

enum rc callback_begin(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;

    if (!str_eq(row->bucket, STR("answered")) || !has_calls(turn->it->kind))
        return RC_OK;
    return callback_put(turn->op, &(struct callback_row){ .county = row->county,
                                                          .case_id = row->id,
                                                          .next_ms = turn->op->now_ms,
                                                          .said = STR("") });
}

enum rc callback_missed(struct turn *turn)
{
    struct callback_row row;

    enum rc rc = callback_select(turn->op, turn->it->row.id, &row);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    row.tries++;
    row.tried_ms = turn->op->now_ms;
    row.next_ms = turn->op->now_ms + CALLBACK_AGAIN_MS;
    row.said = turn->line.text.at ? turn->line.text : STR("");
    return callback_put(turn->op, &row);
}

/* -------------------------------------------------------------- who may */

static enum rc find_calls(struct op *op, const struct a_case *it, struct list *calls)
{
    const struct scene_move **mine =
        arena_many(op->arena, it->kind->nmoves + 1, const struct scene_move *);

    *calls = (struct list){ mine, 0 };
    for (size_t i = 0; mine && i < it->kind->nmoves; i++)
        if (follow_calls(&it->kind->moves[i]) && case_may_move(op, it, &it->kind->moves[i]))
            mine[calls->n++] = &it->kind->moves[i];
    return mine ? RC_OK : RC_TOO_LARGE;
}

static bool has_effect(const struct scene_move *move, enum effect_kind effect)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == effect)
            return true;
    return false;
}

/* As it is told to whoever makes the move, not theirs, not now, had it in hand: of a call
 * that reached nobody where there is one, as scenes put no conditions on that. */
static enum rc refuse(struct op *op, const struct a_case *it)
{
    struct a_case    again;
    struct move_args args = { .id = it->row.id };

    for (size_t i = 0; i < it->kind->nmoves; i++) {
        const struct scene_move *move = &it->kind->moves[i];
        if (has_effect(move, EFFECT_CALL_MISSED) || (follow_calls(move) && !args.move.at))
            args.move = move->name;
    }
    if (args.move.at)
        return case_try(op, &args, &again);
    return it->kind->calls
               ? fail(op, RC_DENIED, NULL, "报事人的电话，只有正在办这件事的人能看。")
               : fail(op, RC_REFUSED, NULL, "“%.*s”不用回访。", STR_ARG(it->kind->title));
}

/* By the scene's `calls`, while somebody has something to do for its reporter. */
static enum rc find_right(struct op *op, struct a_case *it, bool *may)
{
    struct turn turn;

    *may = false;
    if (!it->kind->calls || !follow_in_hand(it->row.bucket) ||
        !actor_may(op->actor, RIGHT_CASE_WORK, STR_NONE) || is_reporter(op, &it->row))
        return RC_OK;
    enum rc rc = turn_start(&turn, op, it);
    if (rc != RC_OK)
        return rc;
    struct case_record record = turn_record(&turn);
    *may = case_rule_test(it->kind->calls, &record, NULL) == RULE_YES;
    return RC_OK;
}

/* What the asker takes the number out for: LOOK_NUMBER, LOOK_REACH; LOOK_PAGE: they may
 * not. */
static enum rc find_purpose(struct op *op, struct a_case *it, enum look_kind *purpose)
{
    struct list calls;
    bool        may = false;

    enum rc rc = find_calls(op, it, &calls);
    if (rc == RC_OK && !calls.n)
        rc = find_right(op, it, &may);
    *purpose = rc == RC_OK && calls.n ? LOOK_NUMBER : may ? LOOK_REACH : LOOK_PAGE;
    return rc;
}

/* ----------------------------------------------------------------- the list */

struct waiting {
    struct source    source;
    struct str       area;
    struct list      read;  /* struct callback_row: those behind the last mark */
    struct callback *found; /* those that are meant, in the page's order */
    size_t           n;
};

static const struct callback_row *row_of(const struct waiting *waiting, int64_t id)
{
    const struct callback_row *row = waiting->read.at;

    for (size_t i = 0; i < waiting->read.n; i++)
        if (row[i].case_id == id)
            return &row[i];
    return NULL;
}

static struct page_mark mark_by_time(const struct case_row *row)
{
    return (struct page_mark){ row->sort_ms, row->id };
}

/* Cards in the order of their call-backs: when is the time by which they are sorted. */
static enum rc more(struct op *op, struct source *source, struct page_mark after,
                    size_t most, struct found *found)
{
    struct waiting *waiting = (struct waiting *)source;
    int64_t        *ids = arena_many(op->arena, most + 1, int64_t);

    enum rc rc = ids ? callback_select_page(op, after.sort, after.id, most, &waiting->read)
                     : RC_TOO_LARGE;
    if (rc != RC_OK)
        return rc;
    const struct callback_row *row = waiting->read.at;
    size_t                     n = waiting->read.n;
    for (size_t i = 0; i < n; i++)
        ids[i] = row[i].case_id;
    found->over = n < most;
    if (n)
        found->reached = (struct page_mark){ row[n - 1].next_ms, row[n - 1].case_id };
    rc = case_select_cards(op, ids, n, &found->rows);
    struct case_row *card = found->rows.at;
    for (size_t i = 0; rc == RC_OK && i < found->rows.n; i++)
        card[i].sort_ms = row_of(waiting, card[i].id)->next_ms;
    return rc;
}

static enum rc takes(struct op *op, struct source *source, const struct case_row *row,
                     bool *taken)
{
    struct waiting            *waiting = (struct waiting *)source;
    const struct callback_row *of = row_of(waiting, row->id);
    struct a_case              it;
    struct list                calls;

    *taken = area_within(row->area, waiting->area);
    if (!*taken)
        return RC_OK;
    enum rc rc = case_load(op, row->id, &it);
    if (rc == RC_OK)
        rc = find_calls(op, &it, &calls);
    *taken = rc == RC_OK && calls.n > 0;
    if (*taken)
        waiting->found[waiting->n++] = (struct callback){ .row = it.row,
                                                          .tries = of->tries,
                                                          .tried_ms = of->tried_ms,
                                                          .next_ms = of->next_ms,
                                                          .said = of->said,
                                                          .calls = calls };
    return rc;
}

/* One more may have been found than there is room for: the next page's first. */
enum rc callbacks_page(struct op *op, const struct callbacks_args *args, struct list *found,
                       struct str *next)
{
    size_t             limit = args->limit ? (size_t)args->limit : PAGE_DEFAULT;
    struct case_filter filter = { .area = args->area };
    struct waiting     waiting = {
            .source = { .more = more, .mark = mark_by_time, .takes = takes },
            .found = arena_many(op->arena, limit + 2, struct callback),
    };
    struct list rows = { 0 };

    enum rc rc = waiting.found ? filter_area(op, &filter, &waiting.area) : RC_TOO_LARGE;
    if (rc == RC_OK)
        rc = filter_page(op, &filter, &waiting.source, args->cursor, limit, &rows, next);
    *found = (struct list){ waiting.found, rows.n };
    return rc;
}

/* --------------------------------------------------------------- the number */

/* Registered under whom: theirs whose the case is. */
static enum rc registered_number(struct op *op, int64_t id, struct str *number)
{
    struct person       person;
    struct person_clear clear = { 0 };

    enum rc rc = id ? person_find(op, id, &person) : RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_open(op, &person, &clear);
    *number = clear.phone;
    return rc == RC_NOT_FOUND || rc == RC_GONE ? RC_OK : rc;
}

/* What was told when it was taken down, what stands in the form, else the register's. */
static enum rc find_number(struct op *op, const struct a_case *it, struct str *number)
{
    struct intake_kept kept;
    struct answers     answers;
    struct str         opened;

    enum rc rc = intake_of(op, &it->row, &kept);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = case_unseal(op, &it->row, &opened);
    if (rc == RC_OK)
        rc = answers_load(op, it->scene, it->kind, it->row.fields, opened, &answers);
    if (rc != RC_OK)
        return rc;
    *number = intake_number(op, &kept.told, &answers);
    return number->len ? RC_OK : registered_number(op, it->row.person, number);
}

/* Whose number it is: the case's person, else who is registered by it. */
static enum rc find_owners(struct op *op, const struct a_case *it, struct str number,
                           struct list *people)
{
    struct person *one = arena_many(op->arena, 1, struct person);

    if (!it->row.person)
        return person_search(
            op,
            &(struct person_query){ .area = area_at_level(it->row.area, LEVEL_COUNTY),
                                    .phone = number,
                                    .most = SAME_NUMBER_MAX,
                                    .shielded = true },
            people);
    *people = (struct list){ one, 1 };
    return one ? person_find(op, it->row.person, one) : RC_TOO_LARGE;
}

/* Whoever may call gets it once it is written down that they did. */
static enum rc look(struct op *op, struct a_case *it, enum look_kind purpose,
                    struct str number)
{
    const char *as = purpose == LOOK_NUMBER ? "回访" : "在办";
    struct str  tie = str_fmt(op->arena, "%s办件 %.*s", as, STR_ARG(it->row.number));
    struct list people;

    enum rc rc = inside_look(op, it, STR_NONE);
    if (rc == RC_OK)
        rc = find_owners(op, it, number, &people);
    return rc == RC_OK
               ? look_number(op, purpose,
                             &(struct looked_case){ it->row.id, 0, it->row.area, tie },
                             people.at, people.n)
               : rc;
}

enum rc callback_may(struct op *op, struct a_case *it, bool *may)
{
    enum look_kind purpose;
    struct str     number = STR("");

    enum rc rc = find_purpose(op, it, &purpose);
    *may = rc == RC_OK && purpose != LOOK_PAGE && !hides_place(op, &it->row);
    if (*may)
        rc = find_number(op, it, &number);
    *may = *may && number.len;
    return rc;
}

static enum rc refuse_shielded(struct op *op, enum look_kind purpose)
{
    return fail(op, RC_DENIED, NULL,
                "这位居民受保护，电话只有保护专员和社区民警能看，请找他们来%s。",
                purpose == LOOK_NUMBER ? "回访" : "联系");
}

enum rc callback_number(struct op *op, int64_t id, struct str *number)
{
    struct a_case  it;
    enum look_kind purpose = LOOK_PAGE;

    *number = STR("");
    enum rc rc = case_find(op, id, &it);
    if (rc == RC_OK)
        rc = find_purpose(op, &it, &purpose);
    if (rc == RC_OK && purpose == LOOK_PAGE)
        return refuse(op, &it);
    if (rc == RC_OK && hides_place(op, &it.row))
        return refuse_shielded(op, purpose);
    if (rc == RC_OK)
        rc = find_number(op, &it, number);
    if (rc == RC_OK && !number->len)
        return fail(op, RC_REFUSED, NULL, "这件事没有留下电话，打不了。");
    return rc == RC_OK ? look(op, &it, purpose, *number) : rc;
}
