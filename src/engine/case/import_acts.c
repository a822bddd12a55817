#include "engine/case/case_acts.h"
#include "engine/case/import.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"

static const struct field args_fields[] = {
    FIELD(struct import_args, scene, REQUIRED, .max = 60, .title = STR_INIT("场景")),
    FIELD(struct import_args, kind, REQUIRED, .max = 60, .title = STR_INIT("哪类办件")),
    FIELD(struct import_args, source, REQUIRED, .max = 30, .title = STR_INIT("来自哪里"),
          .note = STR_INIT("12345；同一个来源的同一个原单号只收一次")),
    FIELD(struct import_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区"),
          .note = STR_INIT("社区的名字在这里面找")),
};
static const struct field said_fields[] = {
    FIELD(struct import_args, scene, OPTIONAL),
    FIELD(struct import_args, source, OPTIONAL),
};

static const struct field column_fields[] = {
    FIELD(struct import_column, column, OPTIONAL),
    FIELD(struct import_column, name, OPTIONAL),
    FIELD(struct import_column, means, OPTIONAL),
};
static const struct field wrong_fields[] = {
    FIELD(struct import_wrong, row, OPTIONAL),
    FIELD(struct import_wrong, column, OPTIONAL),
    FIELD(struct import_wrong, name, OPTIONAL),
    FIELD(struct import_wrong, says, OPTIONAL),
};
static const struct field row_fields[] = {
    FIELD(struct import_row, row, OPTIONAL),
    FIELD_LIST_OF(struct import_row, cells, KIND_TEXT, OPTIONAL),
};
static const struct field result_fields[] = {
    FIELD(struct import_result, sheet, OPTIONAL, .title = STR_INIT("工作表")),
    FIELD(struct import_result, total, OPTIONAL, .title = STR_INIT("共几行")),
    FIELD(struct import_result, good, OPTIONAL, .title = STR_INIT("能收，或收下了")),
    FIELD(struct import_result, twice, OPTIONAL, .title = STR_INIT("以前收过的")),
    FIELD(struct import_result, bad, OPTIONAL, .title = STR_INIT("有错的")),
    FIELD_LIST(struct import_result, columns, struct import_column, column_fields,
               OPTIONAL),
    FIELD_LIST(struct import_result, wrong, struct import_wrong, wrong_fields, OPTIONAL),
    FIELD_LIST(struct import_result, rows, struct import_row, row_fields, OPTIONAL),
};

/* ------------------------------------------------------------------ the file */

static enum rc receive(struct op *op, void *in)
{
    struct import_args *args = in;

    enum rc rc = county_enter(op, args->area);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_INTAKE, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的办件不归您登记。");
    return rc == RC_OK ? import_table(op, &args->table) : rc;
}

/* ------------------------------------------------------------------ the acts */

static enum rc preview(struct op *op, const void *in, struct view *view)
{
    struct import_result result;

    enum rc rc = import_preview(op, in, &result);
    if (rc == RC_OK)
        view_struct(view, result_fields, COUNT(result_fields), &result);
    return rc;
}

static enum rc take(struct op *op, const void *in, struct view *view)
{
    struct import_result result;

    enum rc rc = import_rows(op, in, &result);
    if (rc == RC_OK)
        rc = journal_says(op, said_fields, COUNT(said_fields), in);
    if (rc == RC_OK)
        view_struct(view, result_fields, COUNT(result_fields), &result);
    return rc;
}

#define RESULT                                                                             \
    .answer = result_fields, .nanswer = COUNT(result_fields), .streams = true,             \
    .table = true, .slow = true, ARGS(struct import_args, args_fields), .ready = receive
const struct act import_acts[] = {
    { .name = "case.import-preview",
      .method = POST,
      .path = "/cases/import/preview",
      .title = STR_INIT("导入历史工单之前看看"),
      .note = STR_INIT(
          "正文是 xlsx 或 CSV，第一行是列名；什么也不写下，哪一行哪一列不对都告诉。"),
      .right = RIGHT_CASE_INTAKE,
      RESULT,
      .run = preview },
    { .name = "case.import",
      .method = POST,
      .path = "/cases/import",
      .title = STR_INIT("导入历史工单"),
      .note = STR_INIT("没有错的行都收下；以前收过的原单号不再收。"),
      .right = RIGHT_CASE_INTAKE,
      .writes = true,
      .unkept = true,
      RESULT,
      .run = take },
    { .name = NULL },
};
