#include "engine/case/minutes.h"

#include "base/clock.h"
#include "base/json.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "registry/account.h"

/* What is sealed of one. */
struct said {
    struct str  venue, text;
    struct list present; /* struct str */
};
static const struct field said_fields[] = {
    FIELD(struct said, venue, OPTIONAL),
    FIELD(struct said, text, OPTIONAL),
    FIELD_LIST_OF(struct said, present, KIND_TEXT, OPTIONAL),
};

const struct field minutes_fields[MINUTES_NFIELDS] = {
    FIELD(struct shown_minutes, n, .title = STR_INIT("第几次")),
    FIELD_TIME(struct shown_minutes, at, .title = STR_INIT("什么时候")),
    FIELD(struct shown_minutes, venue, .title = STR_INIT("在哪里")),
    FIELD_LIST_OF(struct shown_minutes, present, KIND_TEXT,
                  .title = STR_INIT("在场的有谁")),
    FIELD(struct shown_minutes, text, .title = STR_INIT("说了什么")),
    FIELD(struct shown_minutes, by, .title = STR_INIT("谁记的")),
};

/* -------------------------------------------------------------- checking */

static enum rc check_held(struct turn *turn)
{
    int64_t held_ms = turn->args->held;

    if (held_ms > turn->op->now_ms)
        return fail(turn->op, RC_INVALID, "held", "这个时间还没有到，开过以后再记。");
    if (clock_day_begins(held_ms) < clock_day_begins(turn->it->row.opened_ms))
        return fail(turn->op, RC_INVALID, "held",
                    "这个时间比登记还早，请看看日期有没有写错。");
    return RC_OK;
}

/* Trimmed, each once. */
static enum rc check_present(struct turn *turn, struct list *present)
{
    const struct list *given = &turn->args->present;
    const struct str  *name = given->at;
    struct str        *kept = arena_many(turn->op->arena, given->n, struct str);

    if (!kept)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < given->n; i++) {
        kept[i] = str_trim(name[i]);
        if (!kept[i].len || str_chars(kept[i]) > MINUTES_NAME_MAX)
            return fail(turn->op, RC_INVALID, "present",
                        "在场的人一个一个写，每个最多 %d 个字。", MINUTES_NAME_MAX);
        for (size_t j = 0; j < i; j++)
            if (str_eq(kept[i], kept[j]))
                return fail(turn->op, RC_INVALID, "present", "“%.*s”写了两遍。",
                            STR_ARG(kept[i]));
    }
    *present = (struct list){ kept, given->n };
    return RC_OK;
}

/* --------------------------------------------------------------- keeping */

/* Several stand on one case: which of them belongs to the place, too. */
static struct place place_of(struct op *op, const struct minutes_row *row)
{
    return (struct place){ .table = STR("case_minutes"),
                           .column = str_fmt(op->arena, "says/%lld", (long long)row->n),
                           .row = row->case_id,
                           .person = row->person };
}

static enum rc seal_said(struct op *op, const struct said *said, struct minutes_row *row)
{
    struct place    place = place_of(op, row);
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, said_fields, COUNT(said_fields), said);
    struct str plain = json_done(&out);
    return plain.at ? seal(op, &place, plain, &row->says) : RC_TOO_LARGE;
}

enum rc minutes_keep(struct turn *turn)
{
    struct op         *op = turn->op;
    struct said        said = { .venue = str_trim(turn->args->venue),
                                .text = str_trim(turn->args->text) };
    struct minutes_row row = { .county = turn->it->row.county,
                               .case_id = turn->it->row.id,
                               .held_ms = turn->args->held,
                               .account = op->actor->account,
                               .person = turn->it->row.person };

    enum rc rc = check_held(turn);
    if (rc == RC_OK)
        rc = check_present(turn, &said.present);
    if (rc == RC_OK)
        rc = minutes_count(op, row.case_id, &row.n);
    if (rc == RC_OK && row.n >= MINUTES_OF_CASE_MAX)
        return fail(op, RC_REFUSED, "move", "这件事已经记了 %d 份，不能再记了。",
                    MINUTES_OF_CASE_MAX);
    row.n++;
    if (rc == RC_OK)
        rc = seal_said(op, &said, &row);
    if (rc != RC_OK)
        return rc;
    struct str when = clock_zh(op->arena, row.held_ms, 0);
    turn->line.text = str_fmt(op->arena, "第 %lld 次，%.*s，内容在笔录里。",
                              (long long)row.n, STR_ARG(when));
    return minutes_insert(op, &row);
}

/* --------------------------------------------------------------- showing */

static enum rc show_one(struct op *op, const struct minutes_row *row,
                        struct shown_minutes *shown)
{
    struct place    place = place_of(op, row);
    struct problems ignored;
    struct said     said = { 0 };
    struct str      plain;

    enum rc rc = unseal(op, &place, row->says, &plain);
    if (rc != RC_OK)
        return rc;
    problems_init(&ignored, op->arena);
    rc = json_read(op->arena, plain, said_fields, COUNT(said_fields), &said, &ignored);
    *shown = (struct shown_minutes){ .n = row->n,
                                     .at = row->held_ms,
                                     .venue = said.venue,
                                     .present = said.present,
                                     .text = said.text,
                                     .by = account_title(op, row->account) };
    return rc;
}

enum rc minutes_show(struct op *op, const struct a_case *it, struct list *shown)
{
    struct list rows;

    enum rc               rc = minutes_select(op, it->row.id, &rows);
    struct shown_minutes *all =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct shown_minutes) : NULL;
    if (!all)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct minutes_row *row = rows.at;
    *shown = (struct list){ all, 0 };
    for (size_t i = 0; i < rows.n && rc == RC_OK; i++) {
        rc = show_one(op, &row[i], &all[shown->n]);
        shown->n += rc == RC_OK;
        if (rc == RC_GONE)
            rc = RC_OK;
    }
    return rc;
}
