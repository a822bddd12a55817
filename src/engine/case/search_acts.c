#include "engine/case/case_acts.h"
#include "engine/case/lists.h"
#include "engine/case/search.h"
#include "engine/case/view.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "guard/codes.h"
#include "guard/mask.h"
#include "registry/area.h"
#include "registry/look.h"

enum { PAGE_DEFAULT = 20, PEOPLE_MAX = 20, ACCOUNTS_MAX = 60, CALLERS_CASES = 30 };

/* ------------------------------------------------------------------ words */

/* In a body, not in a URL: what people look for stays out of logs. */
static const struct field search_fields[] = {
    FILTER_VIEW,
    FILTER_FIELDS,
    FILTER_FOUND,
    FIELD(struct list_args, cursor, .max = 60),
    FIELD(struct list_args, limit, .min = 1, .max = PAGE_MAX, .title = STR_INIT("条数")),
};

static enum rc show(struct op *op, const struct list *rows, struct str next,
                    struct view *view)
{
    struct list cards;

    enum rc rc = lists_cards(op, rows, &cards);
    if (rc == RC_OK)
        view_page(view, card_fields, CARD_NFIELDS, cards, sizeof(struct case_card), next);
    return rc;
}

static enum rc search(struct op *op, const void *in, struct view *view)
{
    struct list_args args = *(const struct list_args *)in;
    struct list      rows;
    struct str       next;

    args.whole = true;
    enum rc rc = lists_page(op, &args, &rows, &next);
    return rc == RC_OK ? show(op, &rows, next, view) : rc;
}

/* ----------------------------------------------------------------- people */

struct people_args {
    struct case_filter filter;
    struct str         name, phone, id_number, cursor;
    int64_t            limit;
};
static_assert(offsetof(struct people_args, filter) == 0, "its fields are the filter's");
static const struct field people_fields[] = {
    FILTER_FIELDS,
    FIELD(struct people_args, name, .max = 40, .grade = GRADE_PERSONAL,
          .title = STR_INIT("姓名")),
    FIELD(struct people_args, phone, .max = 24, .grade = GRADE_PERSONAL,
          .title = STR_INIT("电话")),
    FIELD(struct people_args, id_number, .max = 24, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("身份证号")),
    FIELD(struct people_args, cursor, .max = 60),
    FIELD(struct people_args, limit, .min = 1, .max = PAGE_MAX, .title = STR_INIT("条数")),
};

/* What the journal keeps of the question: not with which value. */
static struct str by(const struct people_args *args)
{
    return args->phone.len       ? STR("phone")
           : args->id_number.len ? STR("id_number")
                                 : STR("name");
}

/* Those of them in the area; a number is looked for in the whole county. */
static enum rc find_people(struct op *op, const struct people_args *args, struct str area,
                           struct list *people)
{
    struct person_query query = { .area = area,
                                  .name = args->name,
                                  .phone = args->phone,
                                  .id_number = args->id_number,
                                  .most = PEOPLE_MAX,
                                  .shielded =
                                      actor_may(op->actor, RIGHT_SHIELDED_READ, area) };

    enum rc        rc = person_search(op, &query, people);
    struct person *person = people->at;
    size_t         kept = 0;
    for (size_t i = 0; rc == RC_OK && i < people->n; i++)
        if (area_within(person[i].grid, area))
            person[kept++] = person[i];
    people->n = kept;
    return rc;
}

static enum rc accounts_of(struct op *op, const struct list *people, struct list *accounts)
{
    const struct person *person = people->at;
    int64_t             *all = arena_many(op->arena, ACCOUNTS_MAX, int64_t);
    enum rc              rc = all ? RC_OK : RC_TOO_LARGE;

    *accounts = (struct list){ all, 0 };
    for (size_t i = 0; rc == RC_OK && i < people->n; i++) {
        struct whose whose;
        rc = whose_of(op, person[i].id, &whose);
        for (size_t a = 0; rc == RC_OK && a < whose.naccounts; a++)
            if (accounts->n < ACCOUNTS_MAX)
                all[accounts->n++] = whose.accounts[a];
    }
    return rc;
}

/* Whoever is found is looked at: their day's number counts, and they see it. */
static enum rc of_people(struct op *op, const void *in, struct view *view)
{
    const struct people_args *args = in;
    struct list               people, accounts, rows;
    struct str                area, next;

    if (!args->name.len && !args->phone.len && !args->id_number.len)
        return fail(op, RC_INVALID, "name", "请写姓名、电话或身份证号中的一样。");
    enum rc rc = filter_area(op, &args->filter, &area);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_PERSON_READ, area))
        return fail(op, RC_DENIED, "area", "这个辖区的居民不归您管。");
    if (rc == RC_OK)
        rc = find_people(op, args, area, &people);
    if (rc == RC_OK)
        rc = look_through(op, area, by(args), people.at, people.n, &view->refused);
    if (rc != RC_OK || view->refused != RC_OK)
        return rc;
    rc = accounts_of(op, &people, &accounts);
    if (rc == RC_OK)
        rc = search_of_people(op, &args->filter, &accounts, args->phone, args->cursor,
                              args->limit ? (size_t)args->limit : PAGE_DEFAULT, &rows,
                              &next);
    return rc == RC_OK ? show(op, &rows, next, view) : rc;
}

/* --------------------------------------------------------------- callers */

struct calling_args {
    struct str phone, area;
};
static const struct field calling_args[] = {
    FIELD(struct calling_args, phone, REQUIRED, .max = 24, .grade = GRADE_PERSONAL,
          .title = STR_INIT("来电号码")),
    FIELD(struct calling_args, area, .max = 15, .title = STR_INIT("辖区")),
};
struct calling {
    struct str  phone; /* masked */
    struct list names; /* struct str, masked: who is registered by it */
    int64_t     open;
    struct list cases; /* struct case_card */
};
static const struct field calling_fields[] = {
    FIELD(struct calling, phone, .grade = GRADE_PERSONAL, .title = STR_INIT("号码")),
    FIELD_LIST_OF(struct calling, names, KIND_TEXT, .grade = GRADE_PERSONAL,
                  .title = STR_INIT("登记的人")),
    FIELD(struct calling, open, OPTIONAL, .title = STR_INIT("没办完的几件")),
    FIELD_LIST(struct calling, cases, struct case_card, card_fields, OPTIONAL),
};

static enum rc mask_names(struct op *op, const struct list *people, struct list *names)
{
    const struct person *person = people->at;
    struct str          *name = arena_many(op->arena, people->n + 1, struct str);

    *names = (struct list){ name, people->n };
    for (size_t i = 0; name && i < people->n; i++)
        name[i] = mask_name(op->arena, person[i].name);
    return name ? RC_OK : RC_TOO_LARGE;
}

/* What is open stands first, each half in its order: the newest on top. */
static enum rc open_first(struct op *op, const struct list *rows, struct list *sorted,
                          int64_t *open)
{
    const struct case_row *row = rows->at;
    struct case_row       *kept = arena_many(op->arena, rows->n + 1, struct case_row);
    size_t                 n = 0;

    if (!kept)
        return RC_TOO_LARGE;
    for (int ended = 0; ended < 2; ended++) {
        for (size_t i = 0; i < rows->n; i++)
            if (str_eq(row[i].bucket, STR("ended")) == (ended == 1))
                kept[n++] = row[i];
        *open = ended ? *open : (int64_t)n;
    }
    *sorted = (struct list){ kept, n };
    return RC_OK;
}

static enum rc find_caller(struct op *op, struct str phone, struct str area,
                           struct calling *calling, struct view *view)
{
    struct list people, accounts, rows;
    struct str  next;

    enum rc rc = find_people(op, &(struct people_args){ .phone = phone }, area, &people);
    if (rc == RC_OK)
        rc = look_calling(op, area, people.at, people.n, &view->refused);
    if (rc != RC_OK || view->refused != RC_OK)
        return rc;
    rc = accounts_of(op, &people, &accounts);
    if (rc == RC_OK)
        rc = search_of_people(op, &(struct case_filter){ .area = area }, &accounts, phone,
                              STR_NONE, CALLERS_CASES, &rows, &next);
    if (rc == RC_OK)
        rc = open_first(op, &rows, &rows, &calling->open);
    if (rc == RC_OK)
        rc = lists_cards(op, &rows, &calling->cases);
    return rc == RC_OK ? mask_names(op, &people, &calling->names) : rc;
}

/* While it rings: which cases are that number's.  No reason is asked for: there is one. */
static enum rc of_phone(struct op *op, const void *in, struct view *view)
{
    const struct calling_args *args = in;
    struct calling             calling = { 0 };
    struct str                 phone = code_clean(op->arena, CODE_PHONE, args->phone), area;
    struct str                 wrong = code_says(op->arena, CODE_PHONE, phone, op->now_ms);

    if (wrong.at)
        return fail(op, RC_INVALID, "phone", "%.*s", STR_ARG(wrong));
    enum rc rc = filter_area(op, &(struct case_filter){ .area = args->area }, &area);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_PHONE, area))
        return fail(op, RC_DENIED, "area", "这个辖区的电话不归您接。");
    if (rc == RC_OK)
        rc = find_caller(op, phone, area, &calling, view);
    calling.phone = mask_phone(op->arena, phone);
    if (rc == RC_OK && view->refused == RC_OK)
        view_struct(view, calling_fields, COUNT(calling_fields), &calling);
    return rc;
}

/* ---------------------------------------------------------------- keeping */

struct rebuild_args {
    int64_t county;
};
static const struct field rebuild_args_fields[] = {
    FIELD(struct rebuild_args, county, REQUIRED, .min = 0, .max = COUNTY_MAX,
          .title = STR_INIT("区县的永久编号")),
};
static const struct field rebuilt_fields[] = {
    FIELD(struct rebuilt, resumed, OPTIONAL, .title = STR_INIT("接着上次的做")),
    FIELD(struct rebuilt, over, OPTIONAL, .title = STR_INIT("都做完了")),
    FIELD(struct rebuilt, cases, OPTIONAL, .title = STR_INIT("重做了几件")),
    FIELD(struct rebuilt, permille, OPTIONAL, .title = STR_INIT("做到千分之几")),
};

static enum rc to_county(struct op *op, void *in)
{
    op->county = ((const struct rebuild_args *)in)->county;
    return RC_OK;
}

static enum rc rebuild(struct op *op, const void *in, struct view *view)
{
    struct rebuilt done;

    (void)in;
    enum rc rc = search_rebuild(op, &done);
    if (rc == RC_OK)
        view_struct(view, rebuilt_fields, COUNT(rebuilt_fields), &done);
    return rc;
}

const struct act search_acts[] = {
    { .name = "case.search",
      .method = POST,
      .path = "/cases/search",
      .title = STR_INIT("找办件"),
      .note =
          STR_INIT("按词、办件号、地点和条件找；只找得到自己能看的。一页没找满也可能还有"
                   "下一页：再往前找。"),
      .right = RIGHT_SELF,
      ARGS(struct list_args, search_fields),
      .answer = card_fields,
      .nanswer = CARD_NFIELDS,
      .many = true,
      .run = search },
    { .name = "case.of-person",
      .method = POST,
      .path = "/cases/of-person",
      .title = STR_INIT("按人找办件"),
      .note = STR_INIT("按准确的电话、身份证号，或姓名；记入“谁看过我的信息”，算在每天的"
                       "次数里。"),
      .right = RIGHT_PERSON_READ,
      .writes = true,
      .unkept = true,
      ARGS(struct people_args, people_fields),
      .answer = card_fields,
      .nanswer = CARD_NFIELDS,
      .many = true,
      .run = of_people },
    { .name = "case.of-phone",
      .method = POST,
      .path = "/cases/of-phone",
      .title = STR_INIT("来电号码报过什么"),
      .note = STR_INIT("没办完的在前；以“来电”为由记入“谁看过我的信息”，一天有次数。"),
      .right = RIGHT_CASE_PHONE,
      .writes = true,
      .unkept = true,
      ARGS(struct calling_args, calling_args),
      ANSWER(struct calling, calling_fields),
      .run = of_phone },
    { .name = "case.remake-words",
      .method = POST,
      .path = "/cases/remake-words",
      .title = STR_INIT("重做办件的检索词"),
      .note = STR_INIT("一次一段，记着做到哪里；linli search rebuild 做完全部。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct rebuild_args, rebuild_args_fields),
      ANSWER(struct rebuilt, rebuilt_fields),
      .ready = to_county,
      .run = rebuild },
    { .name = NULL },
};
