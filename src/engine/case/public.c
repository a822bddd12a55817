#include "engine/case/public.h"

#include "base/json.h"
#include "engine/case/line.h"
#include "engine/photo/photo.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/mask.h"
#include "guard/numbers.h"
#include "registry/account.h"
#include "registry/area.h"

enum { LINES_MAX = 500, PHOTOS_MAX = 60, PAGE_DEFAULT = 20 };

/* ------------------------------------------------------------- the switches */

static struct case_public as_declared(const struct a_case *it)
{
    return (struct case_public){ .county = it->row.county,
                                 .case_id = it->row.id,
                                 .private = !it->kind->shown.shown,
                                 .state = STR(""),
                                 .title = STR(""),
                                 .says = STR(""),
                                 .answer = STR(""),
                                 .agency = STR(""),
                                 .category = it->row.category,
                                 .street = it->row.street,
                                 .community = it->row.community };
}

enum rc public_of(struct op *op, const struct a_case *it, struct case_public *found)
{
    enum rc rc = public_select(op, it->row.id, found);

    if (rc == RC_NOT_FOUND)
        *found = as_declared(it);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

bool public_is_out(const struct case_public *it)
{
    return str_eq(it->state, STR("out"));
}

enum rc case_publicity(struct op *op, const struct a_case *it, bool *private,
                       struct str *says)
{
    struct case_public row;

    enum rc rc = public_of(op, it, &row);
    if (rc != RC_OK)
        return rc;
    *private = row.private;
    *says = public_is_out(&row) ? row.says : STR_NONE;
    return RC_OK;
}

/* Only who says something else than the kind does has a row. */
enum rc public_open(struct turn *turn, const struct consent *consent)
{
    struct case_public row = as_declared(turn->it);

    if (!consent->private && !consent->named)
        return RC_OK;
    row.private = row.private || consent->private;
    row.named = consent->named;
    return public_put(turn->op, &row);
}

/* Nothing of it can be seen from now on; what was reviewed is kept for the next time. */
static enum rc take_back(struct turn *turn, struct case_public *row)
{
    row->state = STR("");
    enum rc rc = photo_uncopy(turn->op, turn->it->row.id);
    return rc == RC_OK ? public_put(turn->op, row) : rc;
}

enum rc public_take_back(struct turn *turn)
{
    struct case_public row;

    enum rc rc = public_of(turn->op, turn->it, &row);
    if (rc == RC_OK && !public_is_out(&row))
        rc = fail(turn->op, RC_REFUSED, "move", "这件事没有公开，不用撤下。");
    return rc == RC_OK ? take_back(turn, &row) : rc;
}

enum rc public_consent(struct turn *turn)
{
    struct case_public row;

    if (turn->it->row.reporter != turn->op->actor->account)
        return fail(turn->op, RC_DENIED, "consent", "公开不公开，由报事的人自己定。");
    enum rc rc = public_of(turn->op, turn->it, &row);
    if (rc != RC_OK)
        return rc;
    row.private = turn->args->consent.private;
    row.named = turn->args->consent.named;
    return row.private ? take_back(turn, &row) : public_put(turn->op, &row);
}

static bool does(const struct scene_move *move, enum effect_kind effect)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == effect)
            return true;
    return false;
}

bool public_offers(struct op *op, const struct a_case *it, const struct scene_move *move)
{
    struct case_public row;
    bool gives = does(move, EFFECT_PUBLISH), takes = does(move, EFFECT_UNPUBLISH);

    if ((!gives && !takes) || public_of(op, it, &row) != RC_OK)
        return !gives && !takes;
    return gives ? !row.private && !it->row.shielded : public_is_out(&row);
}

/* --------------------------------------------------------------- the texts */

const struct field finding_fields[FINDING_NFIELDS] = {
    FIELD(struct public_finding, where, OPTIONAL, .title = STR_INIT("在哪一段")),
    FIELD(struct public_finding, title, OPTIONAL, .title = STR_INIT("像什么")),
    FIELD(struct public_finding, text, .grade = GRADE_PERSONAL, .title = STR_INIT("原样")),
    FIELD(struct public_finding, at, OPTIONAL, .title = STR_INIT("第几个字起")),
    FIELD(struct public_finding, blocks, OPTIONAL, .title = STR_INIT("不盖住不能公开")),
};

enum { TEXTS = 3 };
struct named_text {
    struct str where, title, text;
};

static void name_texts(const struct public_text *texts, struct named_text named[TEXTS])
{
    named[0] = (struct named_text){ STR("title"), STR("题目"), texts->title };
    named[1] = (struct named_text){ STR("says"), STR("反映的内容"), texts->says };
    named[2] = (struct named_text){ STR("answer"), STR("答复"), texts->answer };
}

static void add_findings(struct list *all, struct str where, const struct list *found)
{
    const struct number_found *number = found->at;
    struct public_finding     *into = all->at;

    for (size_t i = 0; i < found->n; i++)
        into[all->n++] = (struct public_finding){ .where = where,
                                                  .title = number_title(number[i].kind),
                                                  .text = number[i].text,
                                                  .at = number[i].at,
                                                  .blocks = number_blocks(number[i].kind) };
}

enum rc public_findings(struct op *op, const struct public_text *texts, struct list *found)
{
    struct named_text named[TEXTS];
    struct list       of[TEXTS];
    size_t            n = 0;

    name_texts(texts, named);
    for (size_t i = 0; i < TEXTS; i++) {
        enum rc rc = numbers_find(op->arena, named[i].text, &of[i]);
        if (rc != RC_OK)
            return RC_TOO_LARGE;
        n += of[i].n;
    }
    *found = (struct list){ arena_many(op->arena, n + 1, struct public_finding), 0 };
    for (size_t i = 0; found->at && i < TEXTS; i++)
        add_findings(found, named[i].where, &of[i]);
    return found->at ? RC_OK : RC_TOO_LARGE;
}

/* Every number that stands in the way is told, at its place. */
static enum rc check_texts(struct op *op, const struct public_text *texts)
{
    struct list found;
    size_t      blocking = 0;

    enum rc rc = public_findings(op, texts, &found);
    if (rc != RC_OK)
        return rc;
    const struct public_finding *one = found.at;
    for (size_t i = 0; i < found.n; i++) {
        if (!one[i].blocks)
            continue;
        struct str where = str_cat(op->arena, STR("public/"), one[i].where);
        problem_add(&op->problems, where,
                    "第 %lld 个字起的“%.*s”像%.*s，请用 × 盖住几位再公开。",
                    (long long)one[i].at, STR_ARG(one[i].text), STR_ARG(one[i].title));
        blocking++;
    }
    return blocking ? RC_REFUSED : RC_OK;
}

/* ------------------------------------------------------------- giving out */

/* An organisation by its name; people by their duty and where, never by their own name. */
static struct str agency_of(struct op *op, const struct case_row *row)
{
    struct holder holder = holder_read(row->holder);

    if (holder.kind == HOLDER_ORG || holder.kind == HOLDER_DUTY)
        return holder_title(op, row->holder);
    return row->duty.len
               ? str_cat(op->arena, area_name(op, row->duty_area), STR(" "), row->duty)
               : STR("");
}

static enum rc check_willing(struct turn *turn, const struct case_public *row)
{
    if (turn->it->row.shielded)
        return fail(turn->op, RC_REFUSED, "move", "报事人是受保护人员，这件事不能公开。");
    if (row->private)
        return fail(turn->op, RC_REFUSED, "move", "报事人不愿意公开，这件事不能公开。");
    return RC_OK;
}

static struct str or_empty(struct str text)
{
    return text.at ? str_trim(text) : STR("");
}

enum rc public_give_out(struct turn *turn)
{
    const struct public_text *given = &turn->args->public;
    struct op                *op = turn->op;
    struct case_public        row;

    enum rc rc = public_of(op, turn->it, &row);
    if (rc == RC_OK)
        rc = check_willing(turn, &row);
    if (rc == RC_OK)
        rc = check_texts(op, given);
    if (rc == RC_OK)
        rc = photo_copy(op, turn->it->row.id, &given->photos);
    if (rc != RC_OK)
        return rc;
    row.state = STR("out");
    row.title = str_trim(given->title);
    row.says = or_empty(given->says);
    row.answer = or_empty(given->answer);
    row.agency = agency_of(op, &turn->it->row);
    row.category = turn->it->row.category;
    row.street = turn->it->row.street;
    row.community = turn->it->row.community;
    row.reviewed_ms = op->now_ms;
    row.reviewed_by = op->actor->account;
    return public_put(op, &row);
}

/* --------------------------------------------------------------- reviewing */

static const struct field photo_fields[] = {
    FIELD_ID(struct public_photo, id, OPTIONAL),
    FIELD(struct public_photo, shown, OPTIONAL, .title = STR_INIT("公开")),
    FIELD_RAW(struct public_photo, marks, OPTIONAL, .title = STR_INIT("打码的地方")),
};
#define D(member) FIELD(struct public_draft, member, OPTIONAL)
const struct field draft_fields[DRAFT_NFIELDS] = {
    D(private),
    D(named),
    D(out),
    D(title),
    D(says),
    D(answer),
    D(written_title),
    D(written_says),
    D(written_answer),
    FIELD_LIST(struct public_draft, photos, struct public_photo, photo_fields, OPTIONAL),
    FIELD_LIST(struct public_draft, found, struct public_finding, finding_fields, OPTIONAL),
};

/* What was reported, in all texts that may be shown at all. */
static struct str written_says(struct op *op, const struct a_case *it,
                               const struct answers *answers)
{
    struct str says = STR("");

    for (size_t i = 0; i < it->kind->nfields; i++) {
        const struct scene_field *field = &it->kind->fields[i];
        bool                      hidden = it->kind->shown.hide >> i & 1;
        if (field->asks != ASKS_TEXT || field->grade >= GRADE_PERSONAL || hidden ||
            !answers->raw[i].at)
            continue;
        struct str text = answer_text(op, field, answers->raw[i], false);
        says = str_cat(op->arena, says, says.len ? STR("\n") : STR(""), text);
    }
    return says;
}

static bool is_answer(const struct a_case *it, const struct case_line *line)
{
    const struct scene_state *state = kind_state(it->kind, line->to);
    size_t                    i = state ? (size_t)(state - it->kind->states) : 0;

    return state && (it->kind->clocks[CLOCK_RESOLVE].until >> i & 1) && line->text.len &&
           !str_eq(line->from, line->to);
}

static void add_photos(struct list *all, const struct list *ids)
{
    struct public_photo *into = all->at;

    for (size_t i = 0; i < ids->n && all->n < PHOTOS_MAX; i++)
        into[all->n++] = (struct public_photo){ .id = ((const int64_t *)ids->at)[i],
                                                .marks = STR("[]") };
}

/* The last answer and all photos, from what happened. */
static enum rc read_lines(struct op *op, const struct a_case *it,
                          struct public_draft *draft)
{
    struct list lines;

    enum rc rc = journal_read(op, it->row.county, it->row.id, 0, LINES_MAX, &lines);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct line *line = (const struct line *)lines.at + i;
        struct case_line   said;
        if (case_line_read(op, line, &said) != RC_OK)
            continue;
        if (is_answer(it, &said) && line->actor != it->row.reporter)
            draft->written_answer = said.text;
        add_photos(&draft->photos, &said.photos);
    }
    return rc;
}

static enum rc mark_shown(struct op *op, const struct a_case *it,
                          struct public_draft *draft)
{
    struct list          copies;
    struct public_photo *photos = draft->photos.at;

    enum rc rc = photo_copies(op, it->row.id, &copies);
    for (size_t c = 0; rc == RC_OK && c < copies.n; c++) {
        const struct photo_address *copy = (const struct photo_address *)copies.at + c;
        for (size_t i = 0; i < draft->photos.n; i++)
            if (photos[i].id == copy->photo) {
                photos[i].shown = true;
                photos[i].marks = copy->marks;
            }
    }
    return rc;
}

static enum rc draw_up(struct op *op, const struct a_case *it, struct public_draft *draft)
{
    struct answers     answers;
    struct case_public row;

    enum rc rc = answers_load(op, it->scene, it->kind, it->row.fields, STR_NONE, &answers);
    if (rc == RC_OK)
        rc = public_of(op, it, &row);
    if (rc != RC_OK)
        return rc;
    bool before = row.reviewed_ms != 0;
    draft->private = row.private || it->row.shielded;
    draft->named = row.named;
    draft->out = public_is_out(&row);
    draft->written_title = it->row.title;
    draft->written_says = written_says(op, it, &answers);
    rc = read_lines(op, it, draft);
    draft->title = before ? row.title : draft->written_title;
    draft->says = before ? row.says : draft->written_says;
    draft->answer = before && row.answer.len ? row.answer : draft->written_answer;
    return rc;
}

enum rc public_draft(struct op *op, int64_t id, struct public_draft *draft)
{
    struct a_case it;

    enum rc rc = case_find(op, id, &it);
    if (rc == RC_OK && !case_may_read_notes(op, &it))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK && it.kind->confidential)
        rc = fail(op, RC_REFUSED, NULL, "这类事是保密的，不公开。");
    *draft = (struct public_draft){
        .written_answer = STR(""),
        .photos = { arena_many(op->arena, PHOTOS_MAX, struct public_photo), 0 },
    };
    if (rc == RC_OK && !draft->photos.at)
        rc = RC_TOO_LARGE;
    if (rc == RC_OK)
        rc = draw_up(op, &it, draft);
    if (rc == RC_OK)
        rc = mark_shown(op, &it, draft);
    struct public_text texts = { draft->title, draft->says, draft->answer, { 0 } };
    return rc == RC_OK ? public_findings(op, &texts, &draft->found) : rc;
}

/* --------------------------------------------------------- for everybody */

static const struct field address_fields[] = {
    FIELD_ID(struct photo_address, id, OPTIONAL),
    FIELD(struct photo_address, key, OPTIONAL),
};
#define S(member) FIELD(struct public_shown, member, OPTIONAL)
const struct field shown_case_fields[SHOWN_NFIELDS] = {
    FIELD_ID(struct public_shown, id, OPTIONAL),
    S(title),
    S(says),
    S(answer),
    S(agency),
    S(category),
    S(area_name),
    S(who),
    FIELD_TIME(struct public_shown, at, OPTIONAL),
    FIELD_LIST(struct public_shown, photos, struct photo_address, address_fields, OPTIONAL),
};

static enum rc show(struct op *op, const struct case_public *row,
                    struct public_shown *shown)
{
    struct str who = STR("居民");

    if (row->named) {
        struct a_case it;
        enum rc       rc = case_load(op, row->case_id, &it);
        if (rc != RC_OK)
            return rc;
        struct str name = mask_name(op->arena, account_name(op, it.row.reporter));
        who = name.len ? str_cat(op->arena, STR("居民 "), name) : who;
    }
    *shown = (struct public_shown){
        .id = row->case_id,
        .title = row->title,
        .says = row->says,
        .answer = row->answer,
        .agency = row->agency,
        .category = row->category,
        .area_name = area_name(op, row->community.len ? row->community : row->street),
        .who = who,
        .at = row->reviewed_ms,
    };
    return photo_copies_ready(op, row->case_id, &shown->photos);
}

/* The area that is asked about, else the street where the asker lives or works. */
static enum rc find_page(struct op *op, const struct public_list_args *args,
                         struct public_page *page)
{
    struct str area =
        args->area.at ? args->area : area_at_level(op->actor->home, LEVEL_STREET);
    int level = area.at ? area_level(area) : 0;

    if (!args->area.at && !area.at)
        return RC_OK; /* their own county */
    if (level < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (level >= LEVEL_COMMUNITY)
        page->community = area_at_level(area, LEVEL_COMMUNITY);
    else if (level == LEVEL_STREET)
        page->street = area;
    enum rc rc = county_of_area(op, area, &op->county);
    return rc == RC_NOT_FOUND ? fail(op, RC_REFUSED, "area", "没有这个辖区。") : rc;
}

enum rc public_list(struct op *op, const struct public_list_args *args, struct list *shown,
                    struct str *next)
{
    struct public_page page = { .before_ms = INT64_MAX };
    struct page_mark   mark;
    struct list        rows;
    size_t             most = args->limit ? (size_t)args->limit : PAGE_DEFAULT;

    enum rc rc = find_page(op, args, &page);
    if (rc != RC_OK)
        return rc;
    if (args->cursor.at && !page_mark_read(args->cursor, &mark))
        return fail(op, RC_INVALID, "cursor", "这个翻页的位置认不出。");
    if (args->cursor.at) {
        page.before_ms = mark.sort;
        page.before_id = mark.id;
    }
    page.most = most + 1;
    rc = public_select_page(op, &page, &rows);
    if (rc != RC_OK)
        return rc;
    const struct case_public *row = rows.at;
    size_t                    n = rows.n < most ? rows.n : most;
    *next = rows.n > most
                ? page_mark_write(op->arena, (struct page_mark){ row[n - 1].reviewed_ms,
                                                                 row[n - 1].case_id })
                : STR_NONE;
    struct public_shown *all = arena_many(op->arena, n + 1, struct public_shown);
    *shown = (struct list){ all, n };
    for (size_t i = 0; all && rc == RC_OK && i < n; i++)
        rc = show(op, &row[i], &all[i]);
    return all ? rc : RC_TOO_LARGE;
}
