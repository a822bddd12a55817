#include "engine/case/intake.h"

#include "base/clock.h"
#include "base/json.h"
#include "guard/actor.h"
#include "guard/codes.h"
#include "guard/mask.h"
#include "guard/seal.h"
#include "registry/keeper.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define TOLD(member, most, words)                                                          \
    FIELD(struct intake, member, .max = (most), .grade = GRADE_PERSONAL,                   \
          .title = STR_INIT(words))

const struct field intake_fields[INTAKE_NFIELDS] = {
    TOLD(name, 40, "姓名"),
    TOLD(phone, 24, "电话"),
    TOLD(relation, 20, "关系"),
    TOLD(note, 200, "说明"),
    FIELD(struct intake, agreed, .max = 10, .title = STR_INIT("本人怎样同意的"),
          .note = STR_INIT("oral、written、phone、guardian")),
    FIELD(struct intake, written, .max = 10, .title = STR_INIT("信上的日期"),
          .note = STR_INIT("2026-11-20")),
};
enum { NSEALED = 4 }; /* the first of them */

static const struct {
    struct str word, title;
} agreed[] = {
#define AGREED(name, word, zh) { STR_INIT(word), STR_INIT(zh) },
    AGREED_EACH(AGREED)
#undef AGREED
};

struct str intake_agreed(struct str word)
{
    for (size_t i = 0; i < COUNT(agreed); i++)
        if (str_eq(agreed[i].word, word))
            return agreed[i].title;
    return STR_NONE;
}

struct str intake_number(struct op *op, const struct intake *intake,
                         const struct answers *answers)
{
    struct str text = intake->phone;

    for (size_t i = 0; !text.len && i < answers->kind->nfields; i++)
        if (answers->kind->fields[i].asks == ASKS_PHONE && answers->raw[i].at &&
            !json_value_text(op->arena, answers->raw[i], &text))
            text = STR_NONE;
    return text.len ? code_clean(op->arena, CODE_PHONE, text) : STR("");
}

/* ---------------------------------------------------------------- checking */

static bool is_anything(const struct intake *intake)
{
    return intake->name.len || intake->phone.len || intake->relation.len ||
           intake->note.len || intake->agreed.len || intake->written.len;
}

static void want(struct op *op, bool given, const char *where, const char *says)
{
    if (!given)
        problem_add(&op->problems, str_of(where), "%s", says);
}

/* Each channel's own; all that is missing is told at once. */
static enum rc check_there(struct op *op, enum channel channel, const struct intake *intake,
                           struct str number)
{
    bool   name = str_trim(intake->name).len > 0;
    bool   guardian = str_eq(intake->agreed, STR("guardian"));
    size_t before = op->problems.n;

    if (channel == CHANNEL_PHONE)
        want(op, number.len, "intake/phone", "请写来电号码。");
    if (channel == CHANNEL_COUNTER)
        want(op, name, "intake/name", "请写来的人叫什么名字。");
    if (channel == CHANNEL_LETTER) {
        want(op, name, "intake/name", "请写信上署的名字；没有署名就写“匿名”。");
        want(op, intake->written.len, "intake/written", "请写信上的日期。");
    }
    if (channel == CHANNEL_BEHALF) {
        want(op, name, "intake/name", "请写是替谁报的。");
        want(op, intake->agreed.len, "intake/agreed",
             "请写本人是怎样同意的：口头、书面、电话里，或者监护人同意。");
        want(op, !guardian || str_trim(intake->note).len, "intake/note",
             "请写是哪位监护人、什么时候同意的。");
    }
    return op->problems.n > before ? RC_REFUSED : RC_OK;
}

static enum rc check_date(struct op *op, struct str written)
{
    int64_t day, today = (op->now_ms + INT64_C(8) * 3600 * 1000) / DAY_MS;

    if (!rule_read_date(written, &day))
        return fail(op, RC_INVALID, "intake/written", "信上的日期要写成 2026-11-20 这样。");
    return day > today ? fail(op, RC_INVALID, "intake/written", "信上的日期还没有到。")
                       : RC_OK;
}

static enum rc check_right(struct op *op, const struct intake *intake, struct str number)
{
    enum rc    rc = RC_OK;
    struct str wrong =
        intake->phone.len ? code_says(op->arena, CODE_PHONE, number, op->now_ms) : STR_NONE;

    if (wrong.at)
        rc = fail(op, RC_INVALID, "intake/phone", "%.*s", STR_ARG(wrong));
    if (intake->agreed.len && !intake_agreed(intake->agreed).at)
        rc = fail(op, RC_INVALID, "intake/agreed",
                  "没有“%.*s”这种同意：是口头、书面、电话里，或者监护人同意。",
                  STR_ARG(intake->agreed));
    return intake->written.len ? check_date(op, intake->written) : rc;
}

enum rc intake_check(struct op *op, enum channel channel, const struct intake *intake,
                     const struct answers *answers)
{
    if (channel_takes(channel) != TAKES_PERSON)
        return is_anything(intake)
                   ? fail(op, RC_REFUSED, "intake",
                          "“%.*s”是自己报的，不写别人；替别人报请选“代办”。",
                          STR_ARG(channel_title(channel)))
                   : RC_OK;
    struct str number = intake_number(op, intake, answers);
    enum rc    rc = check_right(op, intake, number);
    return rc == RC_OK ? check_there(op, channel, intake, number) : rc;
}

/* ------------------------------------------------------------- whose it is */

enum rc intake_find_person(struct op *op, const struct intake *intake,
                           const struct answers *answers, struct case_row *row)
{
    struct whose whose;

    row->reporter = row->person = 0;
    enum rc rc = whose_named(op, row->area, str_trim(intake->name),
                             intake_number(op, intake, answers), &whose);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    if (whose.accounts[0] == op->actor->account)
        return fail(op, RC_REFUSED, "intake/name", "自己的事不用代办，请自己报。");
    row->person = whose.person;
    row->reporter = whose.accounts[0];
    return RC_OK;
}

/* ----------------------------------------------------------------- keeping */

#define PLACE_OF(row) PLACE("case_intakes", "sealed", (row)->id, (row)->person)

/* "代王**登记，本人口头同意，周岚记下。" */
static struct str says(struct turn *turn, enum channel channel, const struct intake *intake)
{
    struct arena *arena = turn->op->arena;
    struct str    name = str_trim(intake->name);

    name = name.len ? mask_name(arena, name) : STR("没有留姓名的人");
    switch ((unsigned)channel) {
    case CHANNEL_BEHALF:
        return str_fmt(arena, "代%.*s登记，%.*s，%.*s记下。", STR_ARG(name),
                       STR_ARG(intake_agreed(intake->agreed)),
                       STR_ARG(turn->op->actor->name));
    case CHANNEL_LETTER:
        return str_fmt(arena, "来信登记：%.*s，信上的日期是 %.*s。", STR_ARG(name),
                       STR_ARG(intake->written));
    case CHANNEL_COUNTER:
        return str_fmt(arena, "到窗口来的是%.*s。", STR_ARG(name));
    default:
        return str_fmt(arena, "打来电话的是%.*s。", STR_ARG(name));
    }
}

/* They did not write it themselves: they are told that it is there, and by whom. */
static void tell_person(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;

    if (row->reporter)
        turn_tell(turn, row->reporter,
                  str_fmt(turn->op->arena,
                          "%.*s替您登记了一件%.*s，办件号 %.*s。不是您的意思，请告诉社区。",
                          STR_ARG(news_who(turn)), STR_ARG(turn->it->kind->title),
                          STR_ARG(row->number)));
}

enum rc intake_keep(struct turn *turn, const struct intake *intake)
{
    struct op             *op = turn->op;
    const struct case_row *row = &turn->it->row;
    enum channel           channel = channel_of(row);
    struct json_out        out;

    if (channel_takes(channel) != TAKES_PERSON)
        return RC_OK;
    json_out_init(&out, op->arena);
    json_struct(&out, intake_fields, NSEALED, intake);
    struct intake_row kept = { .county = row->county,
                               .case_id = row->id,
                               .taken_by = op->actor->account,
                               .agreed = intake->agreed.at ? intake->agreed : STR(""),
                               .written = intake->written.at ? intake->written : STR("") };
    struct str        clear = json_done(&out);
    enum rc rc = clear.at ? seal(op, PLACE_OF(row), clear, &kept.sealed) : RC_TOO_LARGE;
    if (rc != RC_OK)
        return rc;
    turn->line.move_title = str_cat(op->arena, channel_title(channel), STR("登记"));
    turn->line.text = says(turn, channel, intake);
    tell_person(turn);
    return intake_insert(op, &kept);
}

enum rc intake_of(struct op *op, const struct case_row *row, struct intake_kept *kept)
{
    struct intake_row found;
    struct str        clear;

    *kept = (struct intake_kept){ 0 };
    enum rc rc = intake_select(op, row->id, &found);
    if (rc != RC_OK)
        return rc;
    rc = unseal(op, PLACE_OF(row), found.sealed, &clear);
    if (rc == RC_OK)
        rc =
            json_read(op->arena, clear, intake_fields, NSEALED, &kept->told, &op->problems);
    kept->taken_by = found.taken_by;
    kept->told.agreed = found.agreed;
    kept->told.written = found.written;
    return rc == RC_GONE ? RC_OK : rc;
}
