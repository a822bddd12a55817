#include "engine/case/papers.h"

#include "base/blank.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "engine/case/reader.h"
#include "engine/case/seal.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "guard/signer.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/org.h"

const struct field paper_fields[PAPER_NFIELDS] = {
    FIELD_ID(struct shown_paper, id, OPTIONAL),
    FIELD_TIME(struct shown_paper, at, OPTIONAL),
    FIELD(struct shown_paper, title, OPTIONAL),
    FIELD(struct shown_paper, org, .title = STR_INIT("谁出具的")),
    FIELD(struct shown_paper, state,
          .note = STR_INIT("new 正在生成，valid 有效，replaced 被新的一份代替")),
    FIELD(struct shown_paper, yours, .title = STR_INIT("能取")),
};

/* What is sealed of one: what stands in it. */
static const struct field says_fields[] = {
    FIELD(struct paper, title, OPTIONAL),
    FIELD(struct paper, number, OPTIONAL),
    FIELD(struct paper, issuer, OPTIONAL),
    FIELD(struct paper, day, OPTIONAL),
    FIELD_LIST_OF(struct paper, lines, KIND_TEXT, OPTIONAL),
    FIELD_LIST_OF(struct paper, signs, KIND_TEXT, OPTIONAL),
    FIELD(struct paper, code, OPTIONAL),
    FIELD(struct paper, where, OPTIONAL),
};

/* ----------------------------------------------------- what was agreed */

static bool read_day(struct op *op, struct str text, int64_t *ms)
{
    return text.len == 10 &&
           clock_parse(str_fmt(op->arena, "%.*sT00:00:00+08:00", STR_ARG(text)), ms);
}

static struct str day_zh(struct op *op, int64_t ms)
{
    struct civil day = clock_civil(ms);

    return str_fmt(op->arena, "%lld 年 %d 月 %d 日", (long long)day.year, day.month,
                   day.day);
}

enum rc terms_check(struct op *op, struct list terms)
{
    const struct move_term *term = terms.at;
    int64_t                 by;

    for (size_t i = 0; i < terms.n; i++) {
        if (!read_day(op, term[i].by, &by))
            return fail(op, RC_INVALID, "terms", "第 %zu 条的日期写成 2026-11-30 这样。",
                        i + 1);
        if (by < clock_day_begins(op->now_ms))
            return fail(op, RC_INVALID, "terms", "第 %zu 条的日期已经过去了。", i + 1);
    }
    return RC_OK;
}

/* "张三：修好防水，2026 年 11 月 30 日以前。" a line each. */
static struct str terms_text(struct op *op, struct list terms)
{
    const struct move_term *term = terms.at;
    struct str              all = STR("");
    int64_t                 by;

    for (size_t i = 0; i < terms.n; i++)
        if (read_day(op, term[i].by, &by))
            all = str_fmt(op->arena, "%.*s%s%zu. %.*s：%.*s，%.*s以前。", STR_ARG(all),
                          i ? "\n" : "", i + 1, STR_ARG(term[i].who), STR_ARG(term[i].what),
                          STR_ARG(day_zh(op, by)));
    return all;
}

struct str terms_said(struct op *op, struct str text, struct list terms)
{
    if (!terms.n)
        return text;
    struct str all = terms_text(op, terms);
    return str_fmt(op->arena, "%.*s%s%.*s", STR_ARG(text), text.len ? "\n" : "",
                   STR_ARG(all));
}

/* ------------------------------------------------------------- the code */

/* Crockford's: without I, L, O, U, which are read as what they look like. */
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { LETTER_BITS = 5, COUNTY_CHARS = 3 };

static void code_make(int64_t county, char code[PAPER_CODE_CHARS])
{
    unsigned char chance[PAPER_CODE_CHARS];

    random_bytes(chance, sizeof chance);
    for (size_t i = 0; i < PAPER_CODE_CHARS; i++)
        code[i] = i < COUNTY_CHARS
                      ? letters[county >> (LETTER_BITS * (COUNTY_CHARS - 1 - i)) & 31]
                      : letters[chance[i] & 31];
}

/* "ABCDE-FGHJK-…" */
static struct str code_text(struct arena *arena, const char code[PAPER_CODE_CHARS])
{
    return str_fmt(arena, "%.5s-%.5s-%.5s-%.5s", code, code + PAPER_CODE_GROUP,
                   code + 2 * PAPER_CODE_GROUP, code + 3 * PAPER_CODE_GROUP);
}

/* The letter's number; -1: none. */
static int letter_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    for (int i = 0; letters[i]; i++)
        if (letters[i] == c)
            return i;
    return -1;
}

bool paper_code_read(struct str text, char code[PAPER_CODE_CHARS], int64_t *county)
{
    size_t n = 0;

    *county = 0;
    for (size_t i = 0; i < text.len; i++) {
        int letter = letter_of(text.at[i]);
        if (text.at[i] == '-' || text.at[i] == ' ')
            continue;
        if (letter < 0 || n == PAPER_CODE_CHARS)
            return false;
        if (n < COUNTY_CHARS)
            *county = *county << LETTER_BITS | letter;
        code[n++] = letters[letter];
    }
    return n == PAPER_CODE_CHARS && *county <= COUNTY_MAX;
}

void paper_code_hash(const char code[PAPER_CODE_CHARS], unsigned char hash[SM3_BYTES])
{
    sm3(PARTS(STR("linli paper code"), str_slice(code, PAPER_CODE_CHARS)), hash);
}

struct str paper_signed(struct arena *arena, struct str code_hash, struct str file_hash)
{
    return str_fmt(arena, "linli paper 1 %.*s %.*s",
                   STR_ARG(str_hex(arena, code_hash.at, code_hash.len)),
                   STR_ARG(str_hex(arena, file_hash.at, file_hash.len)));
}

/* By any key that ever signed here: a row that somebody else wrote is no paper of ours. */
bool paper_is_genuine(struct arena *arena, const struct paper_row *row)
{
    const struct sm2_publics *publics = signer_publics();
    struct str                text = paper_signed(arena, row->code, row->sm3);

    for (size_t i = 0; i < publics->n; i++)
        if (sm2_verify(&publics->of[i], text, row->signature))
            return true;
    return false;
}

/* ------------------------------------------------------- what stands in it */

struct filling {
    struct turn   *turn;
    struct str     area;    /* where whoever makes it works */
    struct str     unit;    /* for whom */
    struct answers answers; /* the personal ones, too: it is for those whose they are */
};

static void find_maker(struct filling *filling)
{
    struct op             *op = filling->turn->op;
    const struct case_row *row = &filling->turn->it->row;
    const struct actor    *actor = op->actor;
    struct org             org;

    filling->area = area_name(op, row->community.len ? row->community : row->area);
    filling->unit = filling->area;
    for (size_t i = 0; i < actor->nholds; i++) {
        const struct hold *hold = &actor->holds[i];
        if (!area_within(row->area, hold->area) ||
            !(role_rights(hold->role) >> RIGHT_CASE_WORK & 1))
            continue;
        filling->area = filling->unit = area_name(op, hold->area);
        if (hold->org && org_find(op, hold->org, &org) == RC_OK)
            filling->unit = org.name;
        return;
    }
}

static struct str blank_text(const struct filling *filling, struct str name)
{
    struct turn           *turn = filling->turn;
    struct op             *op = turn->op;
    const struct case_row *row = &turn->it->row;
    const struct {
        struct str name, text;
    } known[] = {
        { STR("办件号"), row->number },
        { STR("反映人"), account_name(op, row->reporter) },
        { STR("经办人"), op->actor->name },
        { STR("日期"), day_zh(op, op->now_ms) },
        { STR("说明"), turn->args->text },
        { STR("约定"), terms_text(op, turn->args->terms) },
        { STR("类别"), row->category },
        { STR("辖区"), filling->area },
        { STR("单位"), filling->unit },
        { STR("时限"),
          row->due_ms ? clock_zh(op->arena, row->due_ms, op->now_ms) : STR("") },
    };

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(known[i].name, name))
            return known[i].text;
    const struct scene_field *field = kind_field(turn->it->kind, name);
    size_t                    i = field ? (size_t)(field - turn->it->kind->fields) : 0;
    return field && filling->answers.raw[i].at
               ? answer_text(op, field, filling->answers.raw[i], true)
               : STR("");
}

/* What people wrote is filled in as it is: {…} in it fills nothing. */
static struct str fill(const struct filling *filling, struct str text)
{
    struct arena *arena = filling->turn->op->arena;
    struct str    out = STR("");

    while (text.at && text.len) {
        struct blank blank = blank_next(text);
        out = str_fmt(arena, "%.*s%.*s%.*s", STR_ARG(out), STR_ARG(blank.before),
                      STR_ARG(blank.name.at ? blank_text(filling, blank.name) : STR("")));
        text = blank.rest;
    }
    return out;
}

static struct list fill_all(const struct filling *filling, const struct str *texts,
                            size_t n)
{
    struct str *filled = arena_many(filling->turn->op->arena, n + 1, struct str);

    for (size_t i = 0; filled && i < n; i++)
        filled[i] = fill(filling, texts[i]);
    return (struct list){ filled, filled ? n : 0 };
}

static enum rc find_answers(struct filling *filling)
{
    struct op           *op = filling->turn->op;
    const struct a_case *it = filling->turn->it;
    struct str           opened;

    enum rc rc = case_unseal(op, &it->row, &opened);
    return rc == RC_OK ? answers_load(op, it->scene, it->kind, it->row.fields, opened,
                                      &filling->answers)
                       : rc;
}

static enum rc compose(struct turn *turn, const struct scene_paper *of, struct str code,
                       struct paper *paper)
{
    struct op     *op = turn->op;
    struct filling filling = { .turn = turn };

    enum rc rc = find_answers(&filling);
    if (rc != RC_OK)
        return rc;
    find_maker(&filling);
    *paper = (struct paper){
        .title = of->title,
        .number = turn->it->row.number,
        .issuer = fill(&filling, of->issuer),
        .day = day_zh(op, op->now_ms),
        .lines = fill_all(&filling, of->lines, of->nlines),
        .signs = fill_all(&filling, of->signs, of->nsigns),
        .code = code,
        .where = op->origin.at ? str_fmt(op->arena, "%.*s/#/check", STR_ARG(op->origin))
                               : STR_NONE,
    };
    return RC_OK;
}

static enum rc seal_says(struct op *op, const struct paper *paper, struct paper_row *row)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, says_fields, COUNT(says_fields), paper);
    struct str plain = json_done(&out);
    return plain.at
               ? seal(op, PLACE("papers", "says", row->id, row->person), plain, &row->says)
               : RC_TOO_LARGE;
}

enum rc paper_open(struct op *op, const struct paper_row *row, struct paper *paper)
{
    struct problems ignored;
    struct str      plain;

    *paper = (struct paper){ 0 };
    enum rc rc =
        unseal(op, PLACE("papers", "says", row->id, row->person), row->says, &plain);
    if (rc != RC_OK)
        return rc;
    problems_init(&ignored, op->arena);
    return json_read(op->arena, plain, says_fields, COUNT(says_fields), paper, &ignored);
}

/* ------------------------------------------------------------- making one */

static enum rc issue(struct turn *turn, const struct scene_paper *of)
{
    struct op       *op = turn->op;
    unsigned char    hash[SM3_BYTES];
    char             code[PAPER_CODE_CHARS];
    struct paper     paper = { 0 };
    struct paper_row row = { .county = turn->it->row.county,
                             .id = op_new_id(op),
                             .case_id = turn->it->row.id,
                             .kind = of->name,
                             .title = of->title,
                             .account = op->actor->account,
                             .person = turn->it->row.person,
                             .state = STR("new") };

    code_make(row.county, code);
    paper_code_hash(code, hash);
    row.code = str_slice((const char *)hash, sizeof hash);
    enum rc rc = compose(turn, of, code_text(op->arena, code), &paper);
    row.org = paper.issuer;
    if (rc == RC_OK)
        rc = paper_replace(op, row.case_id, row.kind);
    if (rc == RC_OK)
        rc = seal_says(op, &paper, &row);
    return rc == RC_OK ? paper_insert(op, &row) : rc;
}

static bool made_by(const struct scene_paper *paper, const struct scene_move *move)
{
    for (size_t i = 0; i < paper->non; i++)
        if (str_eq(paper->on[i], move->name))
            return true;
    return false;
}

enum rc papers_after_move(struct turn *turn)
{
    const struct case_kind *kind = turn->it->kind;
    enum rc                 rc = RC_OK;

    for (size_t i = 0; i < kind->npapers && rc == RC_OK; i++)
        if (made_by(&kind->papers[i], turn->move))
            rc = issue(turn, &kind->papers[i]);
    return rc;
}

/* ---------------------------------------------------------------- showing */

enum rc papers_show(struct op *op, struct a_case *it, struct list *shown)
{
    struct list rows = { 0 };
    bool        yours = is_reporter(op, &it->row) || case_holds(op->actor, &it->row);

    enum rc rc = it->kind->npapers ? paper_select_case(op, it->row.id, &rows) : RC_OK;
    struct shown_paper *all =
        rc == RC_OK ? arena_many(op->arena, rows.n + 1, struct shown_paper) : NULL;
    if (!all)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct paper_row *row = rows.at;
    for (size_t i = 0; i < rows.n; i++)
        all[i] = (struct shown_paper){ .id = row[i].id,
                                       .at = id_ms(row[i].id),
                                       .title = row[i].title,
                                       .org = row[i].org,
                                       .state = row[i].state,
                                       .yours = yours && row[i].sm3.len > 0 };
    *shown = (struct list){ all, rows.n };
    return RC_OK;
}
