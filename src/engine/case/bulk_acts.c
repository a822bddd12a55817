#include "engine/case/bulk.h"
#include "engine/case/case_acts.h"
#include "gate/journal.h"
#include "gate/view.h"

static const struct field seen_fields[] = {
    FIELD_ID(struct bulk_row, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD(struct bulk_row, version, .min = 0, .max = INT64_MAX, .title = STR_INIT("版本"),
          .note = STR_INIT("您看到的那一版；预览时可以不写")),
};
static const struct field preview_fields[] = {
    FIELD_LIST(struct bulk_args, rows, struct bulk_row, seen_fields, .max = BULK_MAX,
               .title = STR_INIT("哪些办件")),
    FIELD_AS(KIND_STRUCT, struct bulk_args, filter, .sub = filter_fields,
             .nsub = FILTER_NFIELDS, .title = STR_INIT("按条件选的全部"),
             .note = STR_INIT("不写 rows 时，要有 view；最多一百件，more 是还有")),
    FIELD(struct bulk_args, move, .max = 60, .title = STR_INIT("环节"),
          .note = STR_INIT("不写就只看有哪些环节可以选")),
};
static const struct field bulk_fields[] = {
    FIELD_LIST(struct bulk_args, rows, struct bulk_row, seen_fields, REQUIRED,
               .max = BULK_MAX, .title = STR_INIT("哪些办件")),
    FIELD(struct bulk_args, move, REQUIRED, .max = 60, .title = STR_INIT("环节")),
    FIELD(struct bulk_args, text, .max = 1000, .title = STR_INIT("说明")),
    FIELD(struct bulk_args, reason, .max = 500, .title = STR_INIT("原因")),
    FIELD_STRUCT(struct bulk_args, target, move_target_fields, .title = STR_INIT("派给谁")),
    FIELD_LIST(struct bulk_args, targets, struct move_target, move_targets_fields,
               .max = PARTS_PER_CASE_MAX, .title = STR_INIT("请哪几方协办")),
    FIELD(struct bulk_args, category, .max = 60, .title = STR_INIT("改成哪一类")),
};

/* What the journal keeps of the whole; each case has a line of its own beside it. */
static const struct field said_fields[] = {
    FIELD(struct bulk_args, move, OPTIONAL),
};

static const struct field end_fields[] = {
    FIELD_ID(struct bulk_end, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD(struct bulk_end, version, OPTIONAL),
    FIELD(struct bulk_end, number, OPTIONAL),
    FIELD(struct bulk_end, title, OPTIONAL),
    FIELD(struct bulk_end, state_title, OPTIONAL),
    FIELD(struct bulk_end, goes, OPTIONAL, .title = STR_INIT("能办，或办成了")),
    FIELD(struct bulk_end, rc, OPTIONAL, .title = STR_INIT("没办成时的代码")),
    FIELD(struct bulk_end, says, OPTIONAL, .title = STR_INIT("没办成的原因")),
};
static const struct field choice_fields[] = {
    FIELD_STRUCT(struct bulk_choice, shown, shown_move_fields, OPTIONAL,
                 .title = STR_INIT("环节")),
    FIELD(struct bulk_choice, may, OPTIONAL, .title = STR_INIT("其中几件可以")),
    FIELD_ID(struct bulk_choice, first, OPTIONAL,
             .title = STR_INIT("其中的一件，从它看可以派给谁")),
};
static const struct field preview_shown[] = {
    FIELD_LIST(struct bulk_preview, choices, struct bulk_choice, choice_fields, OPTIONAL),
    FIELD(struct bulk_preview, go, OPTIONAL),
    FIELD(struct bulk_preview, stay, OPTIONAL),
    FIELD(struct bulk_preview, more, OPTIONAL, .title = STR_INIT("按条件还有别的")),
    FIELD_LIST(struct bulk_preview, rows, struct bulk_end, end_fields, OPTIONAL),
};
static const struct field result_shown[] = {
    FIELD(struct bulk_result, done, OPTIONAL),
    FIELD(struct bulk_result, failed, OPTIONAL),
    FIELD_LIST(struct bulk_result, rows, struct bulk_end, end_fields, OPTIONAL),
};

/* The county of the first: one transaction stays within one. */
static enum rc enter(struct op *op, void *in)
{
    const struct bulk_args *args = in;

    if (args->rows.n == 0)
        return fail(op, RC_INVALID, "rows", "请选要办的，至少一件。");
    op->county = id_county(((const struct bulk_row *)args->rows.at)[0].id);
    return RC_OK;
}

/* Rows, or a filter that says where to look. */
static enum rc enter_found(struct op *op, void *in)
{
    const struct bulk_args *args = in;

    if (args->rows.n == 0 && args->filter.view.len)
        return RC_OK;
    if (args->rows.n && args->filter.view.len)
        return fail(op, RC_INVALID, "filter", "选好的办件和条件只能写一样。");
    return enter(op, in);
}

static enum rc preview(struct op *op, const void *in, struct view *view)
{
    struct bulk_preview preview;

    enum rc rc = bulk_preview(op, in, &preview);
    if (rc == RC_OK)
        view_struct(view, preview_shown, COUNT(preview_shown), &preview);
    return rc;
}

static enum rc enter_seen(struct op *op, void *in)
{
    const struct bulk_args *args = in;
    const struct bulk_row  *rows = args->rows.at;

    for (size_t i = 0; i < args->rows.n; i++)
        if (!rows[i].version)
            return fail(op, RC_INVALID, "rows", "每一件都要写您看到的版本。");
    return enter(op, in);
}

static enum rc bulk(struct op *op, const void *in, struct view *view)
{
    struct bulk_result result;

    enum rc rc = bulk_move(op, in, &result);
    if (rc == RC_OK)
        rc = journal_says(op, said_fields, COUNT(said_fields), in);
    if (rc == RC_OK)
        view_struct(view, result_shown, COUNT(result_shown), &result);
    return rc;
}

const struct act bulk_acts[] = {
    { .name = "case.bulk-preview",
      .method = POST,
      .path = "/cases/bulk/preview",
      .title = STR_INIT("批量办之前看看"),
      .note = STR_INIT("哪些会办、哪些不会、为什么；什么也不写下。"),
      .right = RIGHT_CASE_WORK,
      ARGS(struct bulk_args, preview_fields),
      ANSWER(struct bulk_preview, preview_shown),
      .ready = enter_found,
      .run = preview },
    { .name = "case.bulk",
      .method = POST,
      .path = "/cases/bulk",
      .title = STR_INIT("批量办一步"),
      .note = STR_INIT("和一件一件地办一样：各有各的版本、经过和结果；办不成的说明原因，"
                       "别的照办。"),
      .right = RIGHT_CASE_WORK,
      .writes = true,
      ARGS(struct bulk_args, bulk_fields),
      ANSWER(struct bulk_result, result_shown),
      .ready = enter_seen,
      .run = bulk },
    { .name = NULL },
};
