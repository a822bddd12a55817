#include "base/json.h"
#include "base/log.h"
#include "engine/case/case_acts.h"
#include "engine/case/inside.h"
#include "engine/case/papers.h"
#include "engine/case/reader.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "guard/signer.h"
#include "guard/tries.h"

/* --------------------------------------------------------- fetching one */

struct fetch_args {
    int64_t    id;
    struct str sealed; /* found by ready */
};
static const struct field fetch_fields[] = {
    FIELD_ID(struct fetch_args, id, REQUIRED, .title = STR_INIT("文书")),
};

/* The case's reporter and whoever holds it; to everybody else there is none. */
static enum rc find_theirs(struct op *op, int64_t id, struct paper_row *row,
                           struct a_case *it)
{
    enum rc rc = paper_select(op, id, row);
    if (rc == RC_OK)
        rc = case_find(op, row->case_id, it);
    if (rc == RC_OK && !row->sm3.len)
        rc = RC_NOT_FOUND;
    if (rc == RC_OK && !is_reporter(op, &it->row) && !case_holds(op->actor, &it->row))
        rc = RC_NOT_FOUND;
    return rc;
}

static enum rc fetch_ready(struct op *op, void *in)
{
    struct fetch_args *args = in;
    struct paper_row   row;
    struct a_case      it;

    enum rc rc = find_theirs(op, args->id, &row, &it);
    return rc == RC_OK ? paper_file(op, args->id, &args->sealed) : rc;
}

/* Fetching the paper of a confidential case is a look at its inside. */
static enum rc fetch(struct op *op, const void *in, struct view *view)
{
    const struct fetch_args *args = in;
    struct paper_row         row;
    struct a_case            it;
    struct str               pdf;

    enum rc rc = find_theirs(op, args->id, &row, &it);
    if (rc == RC_OK)
        rc = unseal(op, PLACE("papers", "file", row.id, row.person), args->sealed, &pdf);
    if (rc == RC_OK)
        rc = inside_look(op, &it, STR_NONE);
    if (rc != RC_OK)
        return rc;
    journal_about(op, row.id, 0, 0, row.person);
    view_file(view, STR("application/pdf"), pdf);
    return RC_OK;
}

/* ------------------------------------------------------------ checking one */

struct check_args {
    struct str code, sm3;
};
static const struct field check_fields[] = {
    FIELD(struct check_args, code, REQUIRED, .max = 40, .title = STR_INIT("核验码")),
    FIELD(struct check_args, sm3, .max = 64, .title = STR_INIT("文件的 SM3"),
          .note = STR_INIT("64 个十六进制数字，写了就看文件有没有改过")),
};
struct checked {
    struct str state, org;
    int64_t    at;
};
static const struct field checked_fields[] = {
    FIELD(struct checked, state,
          .note = STR_INIT("genuine 是真的，changed 文件改过，replaced 已作废")),
    FIELD(struct checked, org, .title = STR_INIT("谁出具的")),
    FIELD_TIME(struct checked, at, .title = STR_INIT("哪天出具的")),
};

static enum rc check_ready(struct op *op, void *in)
{
    const struct check_args *args = in;
    char                     code[PAPER_CODE_CHARS];

    enum rc rc = tries_begin(op);
    if (rc == RC_OK && !paper_code_read(args->code, code, &op->county))
        rc = fail(op, RC_NOT_FOUND, "code", "没有这个核验码，请照着纸上的再看一遍。");
    return rc;
}

static struct str state_of(struct op *op, const struct paper_row *row, struct str sm3)
{
    struct str given = sm3.at ? str_unhex(op->arena, sm3) : STR_NONE;

    if (sm3.at && !str_eq(given, row->sm3))
        return STR("changed");
    return row->state;
}

static enum rc check(struct op *op, const void *in, struct view *view)
{
    const struct check_args *args = in;
    char                     code[PAPER_CODE_CHARS];
    unsigned char            hash[SM3_BYTES];
    struct paper_row         row;

    if (!paper_code_read(args->code, code, &op->county))
        return RC_NOT_FOUND;
    paper_code_hash(code, hash);
    enum rc rc = paper_select_code(op, str_slice((const char *)hash, sizeof hash), &row);
    if (rc == RC_OK && (!row.sm3.len || !paper_is_genuine(op->arena, &row)))
        rc = RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, "code", "没有这个核验码，请照着纸上的再看一遍。");
    if (rc != RC_OK)
        return rc;
    tries_passed(op);
    struct str state = state_of(op, &row, args->sm3);
    view_struct(
        view, checked_fields, COUNT(checked_fields),
        &(struct checked){ .state = str_eq(state, STR("valid")) ? STR("genuine") : state,
                           .org = row.org,
                           .at = id_ms(row.id) });
    return RC_OK;
}

/* ------------------------------------------------------------ the worker's */

struct make_args {
    int64_t       id;
    struct str    pdf, signature; /* made by ready; absent: its words are gone */
    unsigned char sm3[SM3_BYTES];
};
static const struct field make_fields[] = {
    FIELD_ID(struct make_args, id, REQUIRED),
};

static enum rc make_ready(struct op *op, void *in)
{
    struct make_args *args = in;
    struct paper_row  row;
    struct paper      paper;

    op->county = id_county(args->id);
    args->pdf = STR_NONE;
    enum rc rc = paper_select(op, args->id, &row);
    if (rc == RC_OK)
        rc = paper_open(op, &row, &paper);
    if (rc == RC_OK)
        rc = paper_write(op->arena, &paper, &args->pdf);
    if (rc != RC_OK)
        return rc == RC_GONE ? RC_OK : rc;
    sm3(PARTS(args->pdf), args->sm3);
    struct str text = paper_signed(op->arena, row.code,
                                   str_slice((const char *)args->sm3, sizeof args->sm3));
    return signer_sign(op->arena, text, &args->signature);
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    const struct make_args *args = in;
    struct paper_row        row;
    struct str              sealed;

    (void)view;
    enum rc rc = paper_select(op, args->id, &row);
    if (rc != RC_OK)
        return rc;
    journal_about(op, row.id, 0, 0, row.person);
    if (!args->pdf.at)
        return paper_gone(op, row.id);
    rc = seal(op, PLACE("papers", "file", row.id, row.person), args->pdf, &sealed);
    return rc == RC_OK ? paper_made(op, row.id, sealed,
                                    str_slice((const char *)args->sm3, sizeof args->sm3),
                                    args->signature)
                       : rc;
}

const struct act paper_acts[] = {
    { .name = "paper.fetch",
      .method = POST,
      .path = "/papers/{id}/file",
      .title = STR_INIT("取一份文书"),
      .note = STR_INIT("报的人和承办的人；每次都记下。"),
      .right = RIGHT_SELF,
      .writes = true,
      .unkept = true,
      ARGS(struct fetch_args, fetch_fields),
      .ready = fetch_ready,
      .run = fetch },
    { .name = "paper.check",
      .method = GET,
      .path = "/papers/check",
      .title = STR_INIT("核对一份文书"),
      .note = STR_INIT("不用登录：是不是真的，哪个单位哪天出具的，别的都不说。"),
      .right = RIGHT_ANYONE,
      ARGS(struct check_args, check_fields),
      ANSWER(struct checked, checked_fields),
      .ready = check_ready,
      .run = check },
    { .name = "paper.make",
      .title = STR_INIT("生成文书"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct make_args, make_fields),
      .ready = make_ready,
      .run = make },
    { .name = NULL },
};
