#include "base/clock.h"
#include "engine/case/case_store.h"
#include "engine/case/holder.h"
#include "engine/case/view.h"
#include "guard/actor.h"
#include "registry/area.h"

enum { PAGE = 200 };

static const struct str columns[] = {
    STR_INIT("办件号"), STR_INIT("类别"), STR_INIT("标题"),     STR_INIT("状态"),
    STR_INIT("辖区"),   STR_INIT("地点"), STR_INIT("报事时间"), STR_INIT("来源"),
    STR_INIT("承办方"), STR_INIT("时限"), STR_INIT("办结时间"), STR_INIT("填的内容"),
};

static enum case_scope scope_of(struct str area)
{
    switch (area_level(area)) {
    case LEVEL_STREET:
        return SCOPE_STREET;
    case LEVEL_COMMUNITY:
        return SCOPE_COMMUNITY;
    case LEVEL_GRID:
        return SCOPE_GRID;
    default:
        return SCOPE_COUNTY;
    }
}

/* Page by page, so that the rows themselves are not all in memory. */
static enum rc ids(struct op *op, const struct export_args *args, size_t most,
                   struct list *found)
{
    struct case_page page = { .scope = scope_of(args->area),
                              .within = args->area,
                              .bucket = args->bucket.at ? args->bucket : STR("handling"),
                              .most = PAGE };
    int64_t         *all = arena_many(op->arena, most, int64_t);
    struct list      rows = { .n = PAGE };
    enum rc          rc = all ? RC_OK : RC_TOO_LARGE;

    for (found->n = 0; rc == RC_OK && rows.n == PAGE && found->n < most;) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = case_select_page(op, &page, &rows);
        const struct case_row *row = rows.at;
        for (size_t i = 0; rc == RC_OK && i < rows.n && found->n < most; i++) {
            page.after_sort = row[i].sort_ms;
            page.after_id = row[i].id;
            all[found->n++] = row[i].id;
        }
        arena_back(op->arena, mark);
    }
    found->at = all;
    return rc;
}

/* What the scene asked for, by its titles: "情况：灯不亮；回电：139****5678".  Cases of
 * several scenes stand in one list, so it is one column. */
static enum rc filled_in(struct op *op, struct a_case *it, struct str *text)
{
    struct case_whole whole = { 0 };

    enum rc                   rc = case_show_fields(op, it, &whole);
    const struct shown_field *fields = whole.fields.at;
    *text = STR("");
    for (size_t i = 0; rc == RC_OK && i < whole.fields.n; i++)
        if (fields[i].text.len)
            *text = str_fmt(op->arena, "%.*s%s%.*s：%.*s", STR_ARG(*text),
                            text->len ? "；" : "", STR_ARG(fields[i].title),
                            STR_ARG(fields[i].text));
    return rc;
}

static struct str when(struct op *op, int64_t ms)
{
    return ms ? clock_zh(op->arena, ms, 0) : STR("");
}

static enum rc row(struct op *op, int64_t id, struct str *cells)
{
    struct a_case    it;
    struct case_card card;
    struct str       filled;

    enum rc rc = case_find(op, id, &it);
    if (rc == RC_OK && it.row.shielded)
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = case_card(op, &it, &card);
    if (rc == RC_OK && it.kind->confidential) /* each look at its inside is one of its own */
        filled = STR("保密，请打开这一件看");
    else if (rc == RC_OK)
        rc = filled_in(op, &it, &filled);
    if (rc != RC_OK)
        return rc;
    const struct str made[] = { card.number,
                                card.category,
                                card.title,
                                card.state_title,
                                card.area_path,
                                card.place,
                                when(op, card.opened),
                                card.channel,
                                case_holder_title(op, &it),
                                when(op, it.row.due_ms),
                                when(op, it.row.closed_ms),
                                filled };
    for (size_t i = 0; i < COUNT(made); i++)
        cells[i] = made[i];
    return RC_OK;
}

const struct export_source case_export = {
    .kind = "cases",
    .title = "办件清单",
    .right = RIGHT_CASE_READ,
    .columns = columns,
    .ncolumns = COUNT(columns),
    .ids = ids,
    .row = row,
};
