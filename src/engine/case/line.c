#include "engine/case/line.h"

#include "base/clock.h"
#include "base/json.h"
#include "gate/journal.h"
#include "registry/account.h"

/* Whom it tells comes first: a follower looks for it in every line. */
const struct field case_line_fields[CASE_LINE_NFIELDS] = {
    FIELD_TELL(struct case_line),
    FIELD(struct case_line, number, OPTIONAL),
    FIELD(struct case_line, scene, OPTIONAL),
    FIELD(struct case_line, kind, OPTIONAL),
    FIELD(struct case_line, title, OPTIONAL),
    FIELD(struct case_line, move, OPTIONAL),
    FIELD(struct case_line, move_title, OPTIONAL),
    FIELD(struct case_line, from, OPTIONAL),
    FIELD(struct case_line, to, OPTIONAL),
    FIELD(struct case_line, state_title, OPTIONAL),
    FIELD(struct case_line, area, OPTIONAL),
    FIELD_ID(struct case_line, reporter, OPTIONAL),
    FIELD(struct case_line, holder, OPTIONAL),
    FIELD(struct case_line, holder_title, OPTIONAL),
    FIELD_ID(struct case_line, holder_account, OPTIONAL),
    FIELD_ID(struct case_line, holder_org, OPTIONAL),
    FIELD(struct case_line, who, OPTIONAL),
    FIELD(struct case_line, text, OPTIONAL),
    FIELD(struct case_line, reason, OPTIONAL),
    FIELD(struct case_line, target, OPTIONAL),
    FIELD_LIST_OF(struct case_line, photos, KIND_ID, OPTIONAL),
    FIELD(struct case_line, stars, OPTIONAL),
    FIELD(struct case_line, late, OPTIONAL),
    FIELD(struct case_line, supervised, OPTIONAL),
    FIELD(struct case_line, version, OPTIONAL),
    FIELD(struct case_line, helpers, OPTIONAL),
    FIELD(struct case_line, route, OPTIONAL),
    FIELD(struct case_line, confidential, OPTIONAL),
    FIELD(struct case_line, note, OPTIONAL),
};

enum rc line_write(struct op *op, const struct a_case *it, int64_t before,
                   const struct case_line *line)
{
    journal_about(op, it->row.id, before, it->row.version, it->row.person);
    return journal_says(op, case_line_fields, CASE_LINE_NFIELDS, line);
}

enum rc case_line_read(struct op *op, const struct line *line, struct case_line *into)
{
    struct problems ignored;

    *into = (struct case_line){ 0 };
    if (!str_starts(line->act, STR("case.")) || !line->subject || !line->payload.at)
        return RC_NOT_FOUND;
    problems_init(&ignored, op->arena);
    enum rc rc = json_read(op->arena, line->payload, case_line_fields, CASE_LINE_NFIELDS,
                           into, &ignored);
    return rc == RC_INVALID ? RC_NOT_FOUND : rc;
}

struct str line_newest(struct op *op, const struct a_case *it)
{
    struct case_line read;
    struct list      lines;

    enum rc rc = journal_read(op, it->row.county, it->row.id, 0, 200, &lines);
    if (rc != RC_OK || lines.n == 0)
        return STR("刚才已经有人办过了，");
    const struct line *newest = (const struct line *)lines.at + lines.n - 1;
    if (case_line_read(op, newest, &read) != RC_OK || !read.move_title.len)
        return STR("刚才已经有人办过了，");
    struct str when = clock_zh(op->arena, newest->at_ms, op->now_ms);
    return str_fmt(op->arena, "%.*s在 %.*s 已经办了“%.*s”，", STR_ARG(read.who),
                   STR_ARG(when), STR_ARG(read.move_title));
}
