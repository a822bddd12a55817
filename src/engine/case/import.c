#include "engine/case/import.h"

#include "base/area.h"
#include "base/json.h"
#include "gate/each.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "scene/scenes.h"

/* A name is looked for in the whole country, and occurs there often. */
enum { NAMESAKES = 1000 };

enum { NOWHERE = IMPORT_COLUMNS_MAX, WRONG_MAX = 500, ROWS_SHOWN_MAX = 200 };

/* What a column is: one of these, or a field of the scene by its title. */
enum column {
    COLUMN_NUMBER,
    COLUMN_OPENED,
    COLUMN_ENDED,
    COLUMN_AREA,
    COLUMN_ADDRESS,
    COLUMN_RESULT,
    COLUMN_COUNT,
};
static const struct {
    struct str means;
    bool       required;
    struct str names[8]; /* ends with an absent one */
} known[COLUMN_COUNT] = {
    [COLUMN_NUMBER] = { STR_INIT("原单号"),
                        true,
                        { STR_INIT("原单号"), STR_INIT("工单号"), STR_INIT("工单编号"),
                          STR_INIT("单号"), STR_INIT("编号") } },
    [COLUMN_OPENED] = { STR_INIT("报事时间"),
                        true,
                        { STR_INIT("报事时间"), STR_INIT("来电时间"), STR_INIT("受理时间"),
                          STR_INIT("登记时间") } },
    [COLUMN_ENDED] = { STR_INIT("办结时间"),
                       false,
                       { STR_INIT("办结时间"), STR_INIT("完成时间") } },
    [COLUMN_AREA] = { STR_INIT("辖区"),
                      true,
                      { STR_INIT("辖区"), STR_INIT("社区"), STR_INIT("所属社区") } },
    [COLUMN_ADDRESS] = { STR_INIT("地址"),
                         false,
                         { STR_INIT("地址"), STR_INIT("地点"), STR_INIT("诉求地址") } },
    [COLUMN_RESULT] = { STR_INIT("办理结果"),
                        false,
                        { STR_INIT("办理结果"), STR_INIT("处理结果"), STR_INIT("答复") } },
};
/* The words of telephone centres for the first field of its sort. */
static const struct {
    enum asks  asks;
    struct str name;
} usual[] = {
    { ASKS_TEXT, STR_INIT("来电内容") },   { ASKS_TEXT, STR_INIT("诉求内容") },
    { ASKS_TEXT, STR_INIT("内容") },       { ASKS_PHONE, STR_INIT("来电号码") },
    { ASKS_PHONE, STR_INIT("联系电话") },  { ASKS_PHONE, STR_INIT("电话") },
    { ASKS_CHOICE, STR_INIT("诉求类别") }, { ASKS_CHOICE, STR_INIT("事项类别") },
};

struct importing {
    const struct import_args *args;
    const struct case_kind   *kind;
    struct import_result     *result;
    size_t                    at[COLUMN_COUNT]; /* NOWHERE: there is none */
    const struct scene_field *fields[IMPORT_COLUMNS_MAX];
};

/* A row as it is to be taken. */
struct past_row {
    struct str       number, area;
    struct open_args open;
    struct case_past past;
};

/* ------------------------------------------------------------------- the head */

static bool called(const struct str *names, size_t most, struct str name)
{
    for (size_t i = 0; i < most && names[i].at; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

static bool can_be_told(const struct scene_field *field)
{
    return field->asks != ASKS_PHOTOS && field->asks != ASKS_PLACE &&
           field->asks != ASKS_PERSON;
}

static const struct scene_field *field_of(const struct case_kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->nfields; i++)
        if (str_eq(kind->fields[i].title, name) && can_be_told(&kind->fields[i]))
            return &kind->fields[i];
    for (size_t k = 0; k < COUNT(usual); k++)
        for (size_t i = 0; i < kind->nfields && str_eq(usual[k].name, name); i++)
            if (kind->fields[i].asks == usual[k].asks)
                return &kind->fields[i];
    return NULL;
}

static struct str read_name(struct importing *im, size_t column, struct str name)
{
    for (size_t k = 0; k < COLUMN_COUNT; k++)
        if (im->at[k] == NOWHERE && called(known[k].names, COUNT(known[k].names), name)) {
            im->at[k] = column;
            return known[k].means;
        }
    im->fields[column] = field_of(im->kind, name);
    return im->fields[column] ? im->fields[column]->title : STR_NONE;
}

static bool has_field(const struct importing *im, const struct scene_field *field)
{
    for (size_t i = 0; i < im->args->table.ncolumns; i++)
        if (im->fields[i] == field)
            return true;
    return false;
}

static enum rc check_head(struct op *op, const struct importing *im)
{
    for (size_t k = 0; k < COLUMN_COUNT; k++)
        if (known[k].required && im->at[k] == NOWHERE)
            return fail(op, RC_REFUSED, "file", "表里没有“%.*s”这一列（也可以叫%.*s）。",
                        STR_ARG(known[k].means), STR_ARG(known[k].names[1]));
    for (size_t i = 0; i < im->kind->nfields; i++)
        if (im->kind->fields[i].required && can_be_told(&im->kind->fields[i]) &&
            !has_field(im, &im->kind->fields[i]))
            return fail(op, RC_REFUSED, "file", "表里没有“%.*s”这一列。",
                        STR_ARG(im->kind->fields[i].title));
    return RC_OK;
}

static enum rc read_head(struct op *op, struct importing *im)
{
    const struct table   *table = &im->args->table;
    struct import_column *columns =
        arena_many(op->arena, table->ncolumns + 1, struct import_column);

    if (!columns)
        return RC_TOO_LARGE;
    for (size_t k = 0; k < COLUMN_COUNT; k++)
        im->at[k] = NOWHERE;
    for (size_t i = 0; i < table->ncolumns; i++) {
        struct str name = table->rows[0].cells[i];
        columns[i] = (struct import_column){ table_column(op->arena, i), name,
                                             read_name(im, i, name) };
    }
    im->result->columns = (struct list){ columns, table->ncolumns };
    return check_head(op, im);
}

/* --------------------------------------------------------------------- a row */

static struct str cell(const struct importing *im, const struct table_row *row,
                       enum column column)
{
    return im->at[column] == NOWHERE ? STR("") : row->cells[im->at[column]];
}

/* Problems of a row stand at its column, named by its letter. */
static enum rc wrong(struct op *op, const struct importing *im, enum column column,
                     const char *says)
{
    struct str letter = table_column(op->arena, im->at[column]);

    return fail(op, RC_INVALID, letter.at, "%s", says);
}

static enum rc read_time(struct op *op, const struct importing *im,
                         const struct table_row *row, enum column column, int64_t *ms)
{
    struct str text = cell(im, row, column);

    *ms = 0;
    if (!text.len && !known[column].required)
        return RC_OK;
    if (!text.len)
        return wrong(op, im, column, "没有写时间。");
    if (!table_time(&im->args->table, text, ms))
        return wrong(op, im, column, "看不出是什么时间，请写成 2026-11-03 09:12。");
    return *ms > op->now_ms ? wrong(op, im, column, "这个时间还没有到。") : RC_OK;
}

/* By the name that people use: 滨湖社区, where the register has 滨湖社区居委会. */
static enum rc find_named(struct op *op, const struct importing *im, struct str name,
                          struct list *found)
{
    static const struct str ends[] = { STR_INIT(""), STR_INIT("居委会"),
                                       STR_INIT("居民委员会"), STR_INIT("委会"),
                                       STR_INIT("村民委员会") };
    enum rc                 rc = RC_OK;

    found->n = 0;
    for (size_t i = 0; rc == RC_OK && found->n == 0 && i < COUNT(ends); i++)
        rc = area_named(op, str_cat(op->arena, name, ends[i]), im->args->area, NAMESAKES,
                        found);
    return rc;
}

static enum rc read_area(struct op *op, const struct importing *im,
                         const struct table_row *row, struct str *code)
{
    struct str  name = cell(im, row, COLUMN_AREA);
    struct list found = { 0 };
    struct area area;

    *code = name;
    enum rc rc =
        area_level(name) ? area_find(op, name, &area) : find_named(op, im, name, &found);
    if (rc == RC_OK && !area_level(name)) {
        if (found.n > 1)
            return wrong(op, im, COLUMN_AREA, "有几个地方叫这个名字，请写辖区代码。");
        rc = found.n ? RC_OK : RC_NOT_FOUND;
        *code = found.n ? ((const struct area *)found.at)->code : name;
    }
    if (rc == RC_NOT_FOUND)
        return wrong(op, im, COLUMN_AREA, "没有这个社区，请核对名字，或写辖区代码。");
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_INTAKE, *code))
        return wrong(op, im, COLUMN_AREA, "这个社区不在您的辖区里。");
    return rc;
}

static void write_answer(struct json_out *out, const struct scene_field *field,
                         struct str text)
{
    int64_t number;

    json_key(out, field->name);
    if (field->asks == ASKS_YESNO && (str_eq(text, STR("是")) || str_eq(text, STR("否"))))
        json_bool(out, str_eq(text, STR("是")));
    else if (field->asks == ASKS_NUMBER && str_int64(text, &number))
        json_int(out, number);
    else
        json_text(out, text);
}

static void write_place(struct json_out *out, const struct scene_field *field,
                        struct str area, struct str address)
{
    json_key(out, field->name);
    json_open(out, '{');
    json_key(out, STR("area"));
    json_text(out, area);
    json_key(out, STR("source"));
    json_text(out, STR("words"));
    if (address.len) {
        json_key(out, STR("words"));
        json_text(out, address);
    }
    json_close(out, '}');
}

/* The scene's fields as somebody would have filled them in. */
static struct str answers_of(struct op *op, const struct importing *im,
                             const struct table_row *row, struct str area)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_open(&out, '{');
    for (size_t i = 0; i < im->args->table.ncolumns; i++)
        if (im->fields[i] && row->cells[i].len)
            write_answer(&out, im->fields[i], row->cells[i]);
    for (size_t i = 0; i < im->kind->nfields; i++)
        if (im->kind->fields[i].asks == ASKS_PLACE)
            write_place(&out, &im->kind->fields[i], area, cell(im, row, COLUMN_ADDRESS));
    for (size_t i = 0; i < im->kind->nfields; i++) /* not the importer's own number */
        if (im->kind->fields[i].fills && !has_field(im, &im->kind->fields[i])) {
            json_key(&out, im->kind->fields[i].name);
            json_null(&out);
        }
    json_close(&out, '}');
    return json_done(&out);
}

static enum rc read_row(struct op *op, const struct importing *im,
                        const struct table_row *row, struct past_row *past)
{
    struct str result = cell(im, row, COLUMN_RESULT);

    *past = (struct past_row){ .number = cell(im, row, COLUMN_NUMBER) };
    enum rc rc = past->number.len ? RC_OK : wrong(op, im, COLUMN_NUMBER, "没有写原单号。");
    if (rc == RC_OK)
        rc = read_time(op, im, row, COLUMN_OPENED, &past->past.opened_ms);
    if (rc == RC_OK)
        rc = read_time(op, im, row, COLUMN_ENDED, &past->past.ended_ms);
    if (rc == RC_OK && past->past.ended_ms && past->past.ended_ms < past->past.opened_ms)
        rc = wrong(op, im, COLUMN_ENDED, "办结时间比报事时间还早。");
    if (rc == RC_OK)
        rc = read_area(op, im, row, &past->area);
    if (rc != RC_OK)
        return rc;
    past->open = (struct open_args){ .scene = im->args->scene,
                                     .kind = im->args->kind,
                                     .fields = answers_of(op, im, row, past->area),
                                     .words_max = IMPORT_CELL_BYTES_MAX };
    past->past.says =
        str_fmt(op->arena, "从 %.*s 导入，原单号 %.*s。%.*s", STR_ARG(im->args->source),
                STR_ARG(past->number),
                STR_ARG(result.len ? str_sentence(op->arena, result) : STR("")));
    return past->open.fields.at ? RC_OK : RC_TOO_LARGE;
}

/* ------------------------------------------------------------ what came of it */

/* "fields/what" of the scene's reader is the column that it came from. */
static size_t column_at(const struct importing *im, struct str where)
{
    struct str_cut cut = str_cut(where, '/');

    for (size_t i = 0; i < im->args->table.ncolumns; i++)
        if (str_eq(where,
                   ((const struct import_column *)im->result->columns.at)[i].column) ||
            (cut.ok && im->fields[i] && str_eq(cut.tail, im->fields[i]->name)))
            return i;
    return NOWHERE;
}

static void note_wrong(struct op *op, const struct importing *im,
                       const struct table_row *row, const struct problem *problem)
{
    struct import_wrong *all = im->result->wrong.at;
    size_t               column = column_at(im, problem->where);

    if (im->result->wrong.n == WRONG_MAX)
        return;
    all[im->result->wrong.n++] = (struct import_wrong){
        .row = row->number,
        .column = column == NOWHERE ? STR_NONE : table_column(op->arena, column),
        .name = column == NOWHERE ? STR_NONE : im->args->table.rows[0].cells[column],
        .says = str_copy(op->arena, problem->says),
    };
}

static void note_row(const struct importing *im, const struct table_row *row)
{
    struct import_row *all = im->result->rows.at;

    if (im->result->rows.n < ROWS_SHOWN_MAX)
        all[im->result->rows.n++] =
            (struct import_row){ row->number, { row->cells, im->args->table.ncolumns } };
}

/* RC_CONFLICT: it was taken before. */
static void note_end(struct op *op, const struct importing *im, const struct table_row *row,
                     enum rc rc, const struct problems *problems)
{
    struct problem plain = { .where = STR(""), .says = rc_title(rc) };

    if (rc == RC_OK) {
        im->result->good++;
    } else if (rc == RC_CONFLICT) {
        im->result->twice++;
    } else {
        im->result->bad++;
        note_row(im, row);
        for (const struct problem *one = problems->first; one; one = one->next)
            note_wrong(op, im, row, one);
        if (!problems->first)
            note_wrong(op, im, row, &plain);
    }
}

static enum rc taken_before(struct op *op, const struct importing *im,
                            const struct past_row *past)
{
    enum rc rc = import_find(op, im->args->source, past->number);

    return rc == RC_OK ? RC_CONFLICT : rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc begin(struct op *op, const struct import_args *args, struct importing *im,
                     struct import_result *result)
{
    const struct scene *scene;

    *result = (struct import_result){
        .sheet = args->table.sheet,
        .total = (int64_t)args->table.n - 1,
        .wrong.at = arena_many(op->arena, WRONG_MAX, struct import_wrong),
        .rows.at = arena_many(op->arena, ROWS_SHOWN_MAX, struct import_row),
    };
    *im = (struct importing){ .args = args, .result = result };
    if (!result->wrong.at || !result->rows.at)
        return RC_TOO_LARGE;
    enum rc rc = scenes_now(op, args->scene, &scene);
    if (rc == RC_OK)
        im->kind = scene_kind(scene, args->kind);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !im->kind))
        return fail(op, RC_INVALID, "kind", "没有这类办件。");
    return rc == RC_OK ? read_head(op, im) : rc;
}

/* ------------------------------------------------------------------- preview */

static bool told_earlier(const struct importing *im, size_t n)
{
    const struct table_row *rows = im->args->table.rows;
    struct str              number = cell(im, &rows[n], COLUMN_NUMBER);

    for (size_t i = 1; i < n; i++)
        if (str_eq(cell(im, &rows[i], COLUMN_NUMBER), number))
            return true;
    return false;
}

static enum rc preview_row(struct op *around, const struct importing *im, size_t n)
{
    const struct table_row *row = &im->args->table.rows[n];
    struct op               op = *around;
    struct arena            arena;
    struct past_row         past;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    op.arena = &arena;
    problems_init(&op.problems, &arena);
    enum rc rc = read_row(&op, im, row, &past);
    if (rc == RC_OK)
        rc = told_earlier(im, n) ? RC_CONFLICT : taken_before(&op, im, &past);
    if (rc == RC_OK)
        rc = case_past_try(&op, &past.open, &past.past);
    note_end(around, im, row, rc, &op.problems);
    arena_free(&arena);
    return rc == RC_UNAVAILABLE || rc == RC_BUSY ? rc : RC_OK;
}

enum rc import_preview(struct op *op, const struct import_args *args,
                       struct import_result *result)
{
    struct importing im;

    enum rc rc = begin(op, args, &im, result);
    for (size_t i = 1; rc == RC_OK && i < args->table.n; i++)
        rc = preview_row(op, &im, i);
    return rc;
}

/* -------------------------------------------------------------------- taking */

struct taking {
    const struct importing *im;
    const struct table_row *row;
};

static enum rc take_row(struct op *op, void *context)
{
    const struct taking *taking = context;
    struct past_row      past;
    struct a_case        it;

    enum rc rc = read_row(op, taking->im, taking->row, &past);
    if (rc == RC_OK)
        rc = taken_before(op, taking->im, &past);
    if (rc == RC_OK)
        rc = case_past_open(op, &past.open, &past.past, &it);
    return rc == RC_OK ? import_put(op, taking->im->args->source, past.number, it.row.id)
                       : rc;
}

enum rc import_rows(struct op *op, const struct import_args *args,
                    struct import_result *result)
{
    struct importing im;

    enum rc rc = begin(op, args, &im, result);
    for (size_t i = 1; rc == RC_OK && i < args->table.n; i++) {
        struct taking   taking = { &im, &args->table.rows[i] };
        struct each_end end;
        rc = gate_each(op, "case.open", take_row, &taking, &end);
        if (rc == RC_OK)
            note_end(op, &im, taking.row, end.rc, &end.problems);
    }
    return rc;
}
