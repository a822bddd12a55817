#include "engine/case/bulk.h"

#include <stdlib.h>

#include "base/limits.h"
#include "engine/case/lists.h"
#include "gate/each.h"

enum {
    CHOICES_MAX = SCENE_MOVES_MAX,
    PAGES_MAX = 10,
};

static struct move_args move_of(const struct bulk_args *args, const struct bulk_row *row)
{
    return (struct move_args){ .id = row->id,
                               .version = row->version,
                               .move = args->move,
                               .text = args->text,
                               .reason = args->reason,
                               .category = args->category,
                               .target = args->target,
                               .targets = args->targets };
}

static enum rc find_row(struct op *op, const struct bulk_row *row, struct a_case *it)
{
    if (id_county(row->id) != op->county) /* a transaction stays within one */
        return fail(op, RC_REFUSED, NULL, "这件是另一个区县的，请和那边的一起办。");
    enum rc rc = case_find(op, row->id, it);
    if (rc != RC_OK)
        *it = (struct a_case){ 0 }; /* nothing of what the asker may not see goes out */
    return rc;
}

/* What is asked of each case by itself cannot be said of many, nor done to them. */
static enum rc fit_for_many(struct op *op, const struct a_case *it, struct str name)
{
    const struct scene_move *move = kind_move(it->kind, name);

    return move && !move_of_many(move)
               ? fail(op, RC_REFUSED, "move", "“%.*s”要一件一件地办。",
                      STR_ARG(move->title))
               : RC_OK;
}

/* ------------------------------------------------------------- what came of it */

/* Into the memory that stays: `from` is of one row's. */
static void keep_case(struct arena *arena, const struct a_case *it, struct bulk_end *end)
{
    if (!it->kind)
        return;
    end->version = it->row.version;
    end->number = str_copy(arena, it->row.number);
    end->title = str_copy(arena, it->row.title);
    end->state_title = str_copy(arena, it->kind->states[it->state].title);
}

static void keep_end(struct arena *arena, enum rc rc, const struct problems *problems,
                     struct bulk_end *end)
{
    end->goes = rc == RC_OK;
    if (end->goes)
        return;
    end->rc = rc_word(rc);
    end->says = problems->first ? str_copy(arena, problems->first->says) : rc_title(rc);
}

/* Whoever tries ids that are not theirs is told so once, and noted like for a single one.
 */
static bool none_seen(const struct list *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        if (((const struct bulk_end *)rows->at)[i].number.len)
            return false;
    return true;
}

/* ------------------------------------------------------------------- preview */

struct choices {
    struct bulk_choice       of[CHOICES_MAX];
    const struct scene_move *moves[CHOICES_MAX];
    size_t                   n;
};

static void note_choice(struct choices *choices, const struct scene_move *move, int64_t id)
{
    size_t i = 0;

    while (i < choices->n && !str_eq(choices->moves[i]->name, move->name))
        i++;
    if (i == CHOICES_MAX)
        return;
    if (i == choices->n) {
        choices->moves[choices->n++] = move;
        choices->of[i].first = id;
    }
    choices->of[i].may++;
}

static void note_choices(struct op *op, struct a_case *it, struct choices *choices)
{
    assert(it->kind);
    for (size_t i = 0; i < it->kind->nmoves; i++) {
        const struct scene_move *move = &it->kind->moves[i];
        if (move_of_many(move) && case_may_move(op, it, move))
            note_choice(choices, move, it->row.id);
    }
}

static enum rc try_row(struct op *op, const struct bulk_args *args,
                       const struct bulk_row *row, struct a_case *it)
{
    struct move_args move = move_of(args, row);

    enum rc rc = fit_for_many(op, it, args->move);
    return rc == RC_OK ? case_try(op, &move, it) : rc;
}

/* In memory of its own: a hundred cases are more than a request may hold. */
static enum rc preview_row(struct op *around, const struct bulk_args *args,
                           const struct bulk_row *row, struct choices *choices,
                           struct bulk_end *end)
{
    struct arena  arena;
    struct op     op = *around;
    struct a_case it = { 0 };

    arena_init(&arena, ARENA_REQUEST_BYTES);
    op.arena = &arena;
    problems_init(&op.problems, &arena);
    end->id = row->id;
    enum rc rc = find_row(&op, row, &it);
    if (rc == RC_OK)
        note_choices(&op, &it, choices);
    if (rc == RC_OK && args->move.len)
        rc = try_row(&op, args, row, &it);
    keep_case(around->arena, &it, end);
    keep_end(around->arena, rc, &op.problems, end);
    arena_free(&arena);
    return rc == RC_UNAVAILABLE || rc == RC_BUSY ? rc : RC_OK;
}

static int most_first(const void *a, const void *b)
{
    const struct bulk_choice *one = a, *other = b;

    return (one->may < other->may) - (one->may > other->may);
}

static enum rc show_choices(struct op *op, struct choices *choices, struct list *shown)
{
    struct bulk_choice *all = arena_many(op->arena, choices->n + 1, struct bulk_choice);

    for (size_t i = 0; all && i < choices->n; i++) {
        struct a_case it;
        all[i] = choices->of[i];
        enum rc rc = case_find(op, all[i].first, &it);
        if (rc == RC_OK)
            rc = case_show_move(op, &it, choices->moves[i], &all[i].shown);
        if (rc != RC_OK)
            return rc;
    }
    if (!all)
        return RC_TOO_LARGE;
    qsort(all, choices->n, sizeof *all, most_first);
    *shown = (struct list){ all, choices->n };
    return RC_OK;
}

static enum rc preview_rows(struct op *op, const struct bulk_args *args,
                            struct bulk_preview *preview)
{
    struct choices  *choices = arena_new(op->arena, struct choices);
    struct bulk_end *ends = arena_many(op->arena, args->rows.n + 1, struct bulk_end);
    enum rc          rc = choices && ends ? RC_OK : RC_TOO_LARGE;

    preview->rows = (struct list){ ends, args->rows.n };
    for (size_t i = 0; i < args->rows.n && rc == RC_OK; i++) {
        rc = preview_row(op, args, (const struct bulk_row *)args->rows.at + i, choices,
                         &ends[i]);
        *(ends[i].goes ? &preview->go : &preview->stay) += 1;
    }
    if (rc == RC_OK && none_seen(&preview->rows))
        return RC_NOT_FOUND;
    return rc == RC_OK ? show_choices(op, choices, &preview->choices) : rc;
}

/* ------------------------------------------------------- all that is found */

/* A page of a search may be short and not the last. */
static enum rc find_all(struct op *op, const struct case_filter *filter, struct list *found,
                        bool *more)
{
    struct bulk_row *rows = arena_many(op->arena, BULK_MAX, struct bulk_row);
    struct list_args asked = { .filter = *filter, .limit = BULK_MAX, .whole = true };
    enum rc          rc = rows ? RC_OK : RC_TOO_LARGE;

    *found = (struct list){ rows, 0 };
    *more = true;
    for (int page = 0; rc == RC_OK && *more && asked.limit && page < PAGES_MAX; page++) {
        struct list            some = { 0 };
        struct str             next = STR_NONE;
        const struct case_row *row;
        rc = lists_page(op, &asked, &some, &next);
        row = some.at;
        for (size_t i = 0; rc == RC_OK && i < some.n; i++)
            rows[found->n++] = (struct bulk_row){ row[i].id, row[i].version };
        asked.limit = (int64_t)(BULK_MAX - found->n);
        asked.cursor = next;
        *more = next.at != NULL;
    }
    return rc;
}

enum rc bulk_preview(struct op *op, const struct bulk_args *args,
                     struct bulk_preview *preview)
{
    struct bulk_args these = *args;

    *preview = (struct bulk_preview){ 0 };
    if (args->rows.n)
        return preview_rows(op, args, preview);
    enum rc rc = find_all(op, &args->filter, &these.rows, &preview->more);
    if (rc != RC_OK || !these.rows.n)
        return rc;
    op->county = id_county(((const struct bulk_row *)these.rows.at)->id);
    return preview_rows(op, &these, preview);
}

/* -------------------------------------------------------------------- moving */

struct moving { /* one of them */
    const struct bulk_args *args;
    const struct bulk_row  *row;
    struct arena           *arena; /* of the act around */
    struct bulk_end        *end;
};

static enum rc move_one(struct op *op, void *context)
{
    const struct moving *moving = context;
    struct move_args     args = move_of(moving->args, moving->row);
    struct a_case        it = { 0 };

    enum rc rc = find_row(op, moving->row, &it);
    if (rc == RC_OK)
        rc = fit_for_many(op, &it, args.move);
    if (rc == RC_OK)
        rc = case_move(op, &args, &it);
    keep_case(moving->arena, &it, moving->end);
    return rc;
}

enum rc bulk_move(struct op *op, const struct bulk_args *args, struct bulk_result *result)
{
    const struct bulk_row *rows = args->rows.at;
    struct bulk_end       *ends = arena_many(op->arena, args->rows.n + 1, struct bulk_end);

    if (!ends)
        return RC_TOO_LARGE;
    *result = (struct bulk_result){ .rows = { ends, args->rows.n } };
    for (size_t i = 0; i < args->rows.n; i++) {
        struct moving   moving = { args, &rows[i], op->arena, &ends[i] };
        struct each_end end;
        ends[i].id = rows[i].id;
        enum rc rc = gate_each(op, "case.move", move_one, &moving, &end);
        if (rc != RC_OK)
            return rc;
        keep_end(op->arena, end.rc, &end.problems, &ends[i]);
        *(ends[i].goes ? &result->done : &result->failed) += 1;
    }
    return none_seen(&result->rows) ? RC_NOT_FOUND : RC_OK;
}
