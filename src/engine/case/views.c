#include "engine/case/views.h"

#include <stdlib.h>

#include "base/json.h"
#include "engine/case/views_store.h"
#include "guard/actor.h"
#include "guard/seal.h"

/* With the county's key: it is the account's, not a resident's. */
static const struct place *place_of(struct arena *arena, int64_t id)
{
    struct place *place = arena_new(arena, struct place);

    if (place)
        *place = (struct place){ STR("case_views"), STR("filter"), id, 0 };
    return place;
}

static int by_place(const void *a, const void *b)
{
    const struct view_row *x = a, *y = b;

    return x->place != y->place ? (x->place > y->place) - (x->place < y->place)
                                : (x->id > y->id) - (x->id < y->id);
}

static enum rc rows_of(struct op *op, struct list *rows)
{
    enum rc rc = views_select(op, op->actor->account, rows);

    if (rc == RC_OK && rows->n)
        qsort(rows->at, rows->n, sizeof(struct view_row), by_place);
    return rc;
}

static enum rc open_view(struct op *op, const struct view_row *row, struct kept_view *view)
{
    const struct place *place = place_of(op->arena, row->id);
    struct problems     ignored;
    struct str          text;

    *view = (struct kept_view){ .id = row->id, .title = row->title };
    problems_init(&ignored, op->arena);
    enum rc rc = place ? unseal(op, place, row->filter, &text) : RC_TOO_LARGE;
    if (rc == RC_OK)
        rc = json_read(op->arena, text, filter_fields, FILTER_NFIELDS, &view->filter,
                       &ignored);
    return rc == RC_INVALID ? RC_INTERNAL : rc;
}

enum rc views_list(struct op *op, struct list *views)
{
    struct list rows;

    enum rc                rc = rows_of(op, &rows);
    const struct view_row *row = rows.at;
    struct kept_view      *view =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct kept_view) : NULL;
    if (!view)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < rows.n && rc == RC_OK; i++)
        rc = open_view(op, &row[i], &view[i]);
    *views = (struct list){ view, rows.n };
    return rc;
}

static struct str filter_text(struct op *op, const struct case_filter *filter)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    out.brief = true;
    json_struct(&out, filter_fields, FILTER_NFIELDS, filter);
    return json_done(&out);
}

enum rc views_make(struct op *op, struct kept_view *view)
{
    struct view_row  now = { .county = op->county, .account = op->actor->account };
    enum filter_view asked;
    struct list      rows;

    enum rc rc = filter_check(op, &view->filter, &asked);
    if (rc == RC_OK)
        rc = rows_of(op, &rows);
    if (rc != RC_OK)
        return rc;
    const struct view_row *row = rows.at;
    now.title = str_trim(view->title);
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq(row[i].title, now.title))
            now.id = row[i].id;
    if (!now.id && rows.n == VIEWS_PER_ACCOUNT_MAX)
        return fail(op, RC_REFUSED, "title", "最多存 %d 个视图，请先去掉不用的。",
                    VIEWS_PER_ACCOUNT_MAX);
    now.place = rows.n ? row[rows.n - 1].place + 1 : 1;
    now.id = view->id = now.id ? now.id : op_new_id(op);
    view->title = now.title;
    const struct place *place = place_of(op->arena, now.id);
    struct str          text = filter_text(op, &view->filter);
    if (!place || !text.at)
        return RC_TOO_LARGE;
    rc = seal(op, place, text, &now.filter);
    return rc == RC_OK ? views_put(op, &now) : rc;
}

enum rc views_end(struct op *op, int64_t id)
{
    return views_delete(op, op->actor->account, id);
}

static bool is_among(const struct list *ids, int64_t id)
{
    const int64_t *one = ids->at;

    for (size_t i = 0; i < ids->n; i++)
        if (one[i] == id)
            return true;
    return false;
}

enum rc views_order(struct op *op, const struct list *ids)
{
    struct list    rows;
    const int64_t *id = ids->at;

    enum rc                rc = rows_of(op, &rows);
    const struct view_row *row = rows.at;
    bool                   same = rc == RC_OK && rows.n == ids->n;
    for (size_t i = 0; same && i < rows.n; i++)
        same = is_among(ids, row[i].id);
    if (rc == RC_OK && !same)
        return fail(op, RC_CONFLICT, "ids", "视图刚才变了，请看最新的再排。");
    for (size_t i = 0; rc == RC_OK && i < ids->n; i++)
        rc = views_place(op, op->actor->account, id[i], (int64_t)i + 1);
    return rc;
}

enum rc views_forget(struct op *op, int64_t account)
{
    return views_delete_all(op, account);
}
