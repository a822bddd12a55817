#include "engine/export/export.h"
#include "engine/export/export_rules.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

enum { PAGE = 50, SEEN_MAX = 1000 };

/* ------------------------------------------------------------ the journal */

struct said {
    struct list tell; /* struct telling */
    struct str  kind, area, args, format, state;
    int64_t     rows;
    struct list people; /* int64_t */
};
static const struct field said_fields[] = {
    FIELD_TELL(struct said),
    FIELD(struct said, kind, OPTIONAL),
    FIELD(struct said, area, OPTIONAL),
    FIELD_RAW(struct said, args, OPTIONAL),
    FIELD(struct said, format, OPTIONAL),
    FIELD(struct said, state, OPTIONAL),
    FIELD(struct said, rows, OPTIONAL),
    FIELD_LIST_OF(struct said, people, KIND_ID, OPTIONAL),
};

static struct str what(struct op *op, const struct request *request)
{
    const struct export_source *source = export_source(request->kind);
    struct str                  place = area_name(op, request->area);

    if (!source)
        return str_fmt(op->arena, "%.*s一位居民的注销", STR_ARG(place));
    return str_fmt(op->arena, "%.*s%s %lld 行", STR_ARG(place), source->title,
                   (long long)request->nrows);
}

/* Everybody told gets the same sentence, which names no resident. */
static enum rc say(struct op *op, const struct request *request, struct list accounts,
                   struct str title, struct str says)
{
    const int64_t  *ids = accounts.at;
    struct telling *rows = arena_many(op->arena, accounts.n + 1, struct telling);

    if (!rows)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < accounts.n; i++)
        rows[i] = (struct telling){ ids[i], title, says, true };
    journal_about(op, request->id, 0, 0, 0);
    return journal_says(op, said_fields, COUNT(said_fields),
                        &(struct said){ .tell = { rows, accounts.n },
                                        .kind = request->kind,
                                        .area = request->area,
                                        .args = request->args,
                                        .format = request->format,
                                        .state = request->state,
                                        .rows = request->nrows });
}

/* ----------------------------------------------------------------- asking */

struct shown {
    int64_t    id, at;
    struct str kind, says, purpose, state, state_title, format, asked_by, decided_by;
    int64_t    rows, until;
    bool       yours, may_answer, may_fetch;
};
static const struct field shown_fields[] = {
    FIELD_ID(struct shown, id, OPTIONAL),
    FIELD_TIME(struct shown, at, OPTIONAL),
    FIELD(struct shown, kind, OPTIONAL),
    FIELD(struct shown, says, .title = STR_INIT("什么")),
    FIELD(struct shown, purpose, .grade = GRADE_PERSONAL, .title = STR_INIT("用途")),
    FIELD(struct shown, state, OPTIONAL),
    FIELD(struct shown, state_title, OPTIONAL),
    FIELD(struct shown, format, OPTIONAL),
    FIELD(struct shown, asked_by, OPTIONAL),
    FIELD(struct shown, decided_by, OPTIONAL),
    FIELD(struct shown, rows, OPTIONAL),
    FIELD_TIME(struct shown, until, OPTIONAL),
    FIELD(struct shown, yours, OPTIONAL),
    FIELD(struct shown, may_answer, OPTIONAL),
    FIELD(struct shown, may_fetch, OPTIONAL),
};

static struct str state_title(struct str state)
{
    static const struct {
        struct str state, title;
    } titles[] = {
        { STR_INIT("waiting"), STR_INIT("等另一个人同意") },
        { STR_INIT("agreed"), STR_INIT("正在生成") },
        { STR_INIT("ready"), STR_INIT("可以下载") },
        { STR_INIT("done"), STR_INIT("已办") },
        { STR_INIT("refused"), STR_INIT("没有同意") },
        { STR_INIT("gone"), STR_INIT("已过期") },
    };

    for (size_t i = 0; i < COUNT(titles); i++)
        if (str_eq(state, titles[i].state))
            return titles[i].title;
    return STR("");
}

static bool fetchable(const struct op *op, const struct request *request)
{
    return request->asked_by == op->actor->account &&
           str_eq(request->state, REQUEST_READY) && request->until_ms > op->now_ms;
}

static enum rc show(struct op *op, const struct request *request, struct shown *shown)
{
    bool yours = request->asked_by == op->actor->account;

    *shown = (struct shown){
        .id = request->id,
        .at = id_ms(request->id),
        .kind = request->kind,
        .says = what(op, request),
        .state = request->state,
        .state_title = state_title(request->state),
        .format = request->format,
        .asked_by = account_title(op, request->asked_by),
        .decided_by =
            request->decided_by ? account_title(op, request->decided_by) : STR_NONE,
        .rows = request->nrows,
        .until = request->until_ms,
        .yours = yours,
        .may_answer = !yours && str_eq(request->state, REQUEST_WAITING) &&
                      actor_may(op->actor, RIGHT_PERSON_AGREE, request->area),
        .may_fetch = fetchable(op, request),
    };
    return request_purpose(op, request, &shown->purpose);
}

static enum rc answer_with(struct op *op, const struct request *request, struct view *view)
{
    struct shown shown;

    enum rc rc = show(op, request, &shown);
    if (rc == RC_OK)
        view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return rc;
}

static const struct field ask_fields[] = {
    FIELD(struct export_args, kind, REQUIRED, .max = 10, .title = STR_INIT("什么名单"),
          .note = STR_INIT("people 或 cases")),
    FIELD(struct export_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct export_args, born_from, .max = 10, .title = STR_INIT("出生不早于")),
    FIELD(struct export_args, born_until, .max = 10, .title = STR_INIT("出生不晚于")),
    FIELD(struct export_args, bucket, .max = 10, .title = STR_INIT("办件状态")),
    FIELD(struct export_args, format, REQUIRED, .max = 4, .title = STR_INIT("格式"),
          .note = STR_INIT("xlsx 或 csv")),
    FIELD(struct export_args, purpose, REQUIRED, .max = 200, .grade = GRADE_PERSONAL,
          .title = STR_INIT("用途")),
};

static enum rc ask_ready(struct op *op, void *in)
{
    return county_enter(op, ((const struct export_args *)in)->area);
}

static enum rc tell_leaders(struct op *op, const struct request *request, struct list tell)
{
    struct str thing = what(op, request), who = op->actor->name;

    return say(op, request, tell, STR("有一个申请等您定"),
               str_fmt(op->arena, "%.*s申请%s%.*s，要您同意才办。", STR_ARG(who),
                       request->person ? "" : "导出", STR_ARG(thing)));
}

static enum rc ask(struct op *op, const void *in, struct view *view)
{
    struct request request;
    struct list    tell;

    enum rc rc = export_ask(op, in, &request, &tell);
    if (rc == RC_OK)
        rc = tell_leaders(op, &request, tell);
    view->status = rc == RC_OK ? 201 : 0;
    return rc == RC_OK ? answer_with(op, &request, view) : rc;
}

struct deletion_args {
    int64_t    id;
    struct str purpose;
};
static const struct field deletion_fields[] = {
    FIELD_ID(struct deletion_args, id, REQUIRED, .title = STR_INIT("居民")),
    FIELD(struct deletion_args, purpose, REQUIRED, .max = 200, .grade = GRADE_PERSONAL,
          .title = STR_INIT("谁要求的、怎么核对的")),
};

static enum rc ask_deletion(struct op *op, const void *in, struct view *view)
{
    const struct deletion_args *args = in;
    struct request              request;
    struct list                 tell;

    enum rc rc = deletion_ask(op, args->id, args->purpose, &request, &tell);
    if (rc == RC_OK)
        rc = tell_leaders(op, &request, tell);
    view->status = rc == RC_OK ? 201 : 0;
    return rc == RC_OK ? answer_with(op, &request, view) : rc;
}

/* --------------------------------------------------------------- answering */

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("申请")),
};

static enum rc give_word(struct op *op, int64_t id, bool agrees, struct view *view)
{
    struct request request;

    enum rc rc = request_answer(op, id, agrees, &request);
    if (rc != RC_OK)
        return rc;
    struct str thing = what(op, &request), who = op->actor->name;
    rc = say(op, &request, (struct list){ &request.asked_by, 1 },
             agrees ? STR("申请同意了") : STR("申请没有同意"),
             str_fmt(op->arena, "%.*s%s了您的申请：%.*s。", STR_ARG(who),
                     agrees ? "同意" : "没有同意", STR_ARG(thing)));
    request.decided_by = op->actor->account;
    return rc == RC_OK ? answer_with(op, &request, view) : rc;
}

static enum rc agree(struct op *op, const void *in, struct view *view)
{
    return give_word(op, ((const struct id_args *)in)->id, true, view);
}

static enum rc refuse(struct op *op, const void *in, struct view *view)
{
    return give_word(op, ((const struct id_args *)in)->id, false, view);
}

/* ----------------------------------------------------------------- listing */

struct list_args {
    struct str view, area;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, view, REQUIRED, .max = 10, .title = STR_INIT("看哪些"),
          .note = STR_INIT("mine 我申请的，waiting 等我定的")),
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("辖区")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};

static enum rc list_ready(struct op *op, void *in)
{
    struct list_args *args = in;

    if (str_eq(args->view, STR("mine")))
        return RC_OK;
    if (!str_eq(args->view, STR("waiting")))
        return fail(op, RC_INVALID, "view", "要看的是 mine 或 waiting。");
    for (size_t i = 0; !args->area.at && i < op->actor->nholds; i++)
        if (role_rights(op->actor->holds[i].role) >> RIGHT_PERSON_AGREE & 1)
            args->area = op->actor->holds[i].area;
    if (!args->area.at || !actor_may(op->actor, RIGHT_PERSON_AGREE, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的申请不归您定。");
    return county_enter(op, args->area);
}

static enum rc show_all(struct op *op, struct list found, struct str next,
                        struct view *view)
{
    const struct request *requests = found.at;
    struct shown         *rows = arena_many(op->arena, found.n + 1, struct shown);
    enum rc               rc = rows ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = show(op, &requests[i], &rows[i]);
    if (rc == RC_OK)
        view_page(view, shown_fields, COUNT(shown_fields), (struct list){ rows, found.n },
                  sizeof *rows, next);
    return rc;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    struct list             found;
    bool                    mine = str_eq(args->view, STR("mine"));

    enum rc rc =
        mine ? request_select_mine(op, op->actor->account, args->cursor, PAGE, &found)
             : request_select_waiting(op, args->area, PAGE, &found);
    if (rc != RC_OK)
        return rc;
    const struct request *requests = found.at;
    struct str            next = mine && found.n == PAGE
                                     ? str_fmt(op->arena, "%lld", (long long)requests[PAGE - 1].id)
                                     : STR_NONE;
    return show_all(op, found, next, view);
}

/* For the audit: what waits anywhere in a county, and for nobody's word of hers. */
struct waiting_args {
    struct str area;
};
static const struct field waiting_fields[] = {
    FIELD(struct waiting_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
};

static enum rc waiting_ready(struct op *op, void *in)
{
    struct waiting_args *args = in;

    enum rc rc = county_look(op, RIGHT_LOOK_READ, args->area);
    return rc == RC_OK ? county_code(op, op->county, &args->area) : rc;
}

static enum rc list_waiting(struct op *op, const void *in, struct view *view)
{
    struct list found;

    enum rc rc =
        request_select_waiting(op, ((const struct waiting_args *)in)->area, PAGE, &found);
    return rc == RC_OK ? show_all(op, found, STR_NONE, view) : rc;
}

/* ---------------------------------------------------------------- fetching */

struct fetch_args {
    int64_t    id;
    struct str bytes, type; /* found by ready */
};
static const struct field fetch_fields[] = {
    FIELD_ID(struct fetch_args, id, REQUIRED, .title = STR_INIT("导出")),
};

/* RC_NOT_FOUND for everybody but the asker, and when its day is over. */
static enum rc fetch_ready(struct op *op, void *in)
{
    struct fetch_args *args = in;
    struct request     request;

    enum rc rc = request_select(op, args->id, &request);
    if (rc == RC_OK && !fetchable(op, &request))
        rc = RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc;
    args->type =
        str_eq(request.format, STR("csv"))
            ? STR("text/csv; charset=utf-8")
            : STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return vault_load(exports_vault(), op->arena, export_file(op->arena, args->id),
                      EXPORT_BYTES_MAX, &args->bytes);
}

static enum rc fetch(struct op *op, const void *in, struct view *view)
{
    const struct fetch_args *args = in;
    struct request           request;

    enum rc rc = request_select(op, args->id, &request);
    if (rc == RC_OK && !fetchable(op, &request))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = request_fetched(op, args->id);
    if (rc != RC_OK)
        return rc;
    journal_about(op, args->id, 0, 0, 0);
    view_file(view, args->type, args->bytes);
    return RC_OK;
}

/* ------------------------------------------------------------ the worker's */

struct seen_args {
    int64_t     id;
    struct list people; /* int64_t */
};
static const struct field seen_fields[] = {
    FIELD_ID(struct seen_args, id, REQUIRED),
    FIELD_LIST_OF(struct seen_args, people, KIND_ID, REQUIRED, .max = SEEN_MAX),
};

static enum rc seen(struct op *op, const void *in, struct view *view)
{
    const struct seen_args *args = in;

    (void)view;
    enum rc rc = export_seen(op, args->id, args->people.at, args->people.n);
    if (rc != RC_OK)
        return rc;
    journal_about(op, args->id, 0, 0, 0);
    return journal_says(op, said_fields, COUNT(said_fields),
                        &(struct said){ .people = args->people });
}

struct made_args {
    int64_t id, rows;
};
static const struct field made_fields[] = {
    FIELD_ID(struct made_args, id, REQUIRED),
    FIELD(struct made_args, rows, OPTIONAL, .min = 0, .max = EXPORT_ROWS_MAX),
};

static enum rc made(struct op *op, const void *in, struct view *view)
{
    const struct made_args *args = in;
    struct request          request;

    (void)view;
    enum rc rc = request_made(op, args->id, args->rows, op->now_ms + EXPORT_LIFE_MS);
    if (rc == RC_OK)
        rc = request_select(op, args->id, &request);
    if (rc != RC_OK)
        return rc;
    struct str thing = what(op, &request);
    return say(
        op, &request, (struct list){ &request.asked_by, 1 }, STR("导出好了"),
        str_fmt(op->arena, "%.*s，24 小时内可以下载，过后自动删除。", STR_ARG(thing)));
}

static enum rc gone(struct op *op, const void *in, struct view *view)
{
    const struct made_args *args = in;

    (void)view;
    enum rc rc = request_expired(op, args->id);
    if (rc == RC_NOT_FOUND) /* or its asker is gone */
        rc = request_decide(op, args->id, REQUEST_AGREED, REQUEST_GONE);
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

#define LIST_ANSWER .answer = shown_fields, .nanswer = COUNT(shown_fields)
const struct act export_acts[] = {
    { .name = "export.ask",
      .method = POST,
      .path = "/exports",
      .title = STR_INIT("申请导出名单"),
      .note = STR_INIT("200 行以内马上生成；再多要另一个负责这个辖区的人同意。"),
      .right = RIGHT_PERSON_EXPORT,
      .writes = true,
      ARGS(struct export_args, ask_fields),
      LIST_ANSWER,
      .ready = ask_ready,
      .run = ask },
    { .name = "export.fetch",
      .method = POST,
      .path = "/exports/{id}/file",
      .title = STR_INIT("下载导出的名单"),
      .note = STR_INIT("只有申请的人能下载，24 小时内。"),
      .right = RIGHT_PERSON_EXPORT,
      .writes = true,
      .unkept = true,
      ARGS(struct fetch_args, fetch_fields),
      .ready = fetch_ready,
      .run = fetch },
    { .name = "deletion.ask",
      .method = POST,
      .path = "/people/{id}/deletion",
      .title = STR_INIT("窗口申请注销一位居民"),
      .note = STR_INIT("另一个人同意以后才办，办了找不回来。"),
      .right = RIGHT_PERSON_EXPORT,
      .writes = true,
      ARGS(struct deletion_args, deletion_fields),
      LIST_ANSWER,
      .run = ask_deletion },
    { .name = "request.list",
      .method = GET,
      .path = "/requests",
      .title = STR_INIT("要第二个人同意的申请"),
      .right = RIGHT_PERSON_EXPORT,
      ARGS(struct list_args, list_fields),
      LIST_ANSWER,
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = "request.waiting",
      .method = GET,
      .path = "/requests/waiting",
      .title = STR_INIT("还在等第二个人的申请"),
      .note = STR_INIT("整个区县的，给审计管理员看；要定的人在 /requests 里看自己的。"),
      .right = RIGHT_LOOK_READ,
      ARGS(struct waiting_args, waiting_fields),
      LIST_ANSWER,
      .many = true,
      .ready = waiting_ready,
      .run = list_waiting },
    { .name = "request.agree",
      .method = POST,
      .path = "/requests/{id}/agree",
      .title = STR_INIT("同意申请"),
      .right = RIGHT_PERSON_AGREE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      LIST_ANSWER,
      .run = agree },
    { .name = "request.refuse",
      .method = POST,
      .path = "/requests/{id}/refuse",
      .title = STR_INIT("不同意申请"),
      .right = RIGHT_PERSON_AGREE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      LIST_ANSWER,
      .run = refuse },
    { .name = "export.seen",
      .title = STR_INIT("记下导出里有谁"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct seen_args, seen_fields),
      .run = seen },
    { .name = "export.made",
      .title = STR_INIT("导出生成好了"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct made_args, made_fields),
      .run = made },
    { .name = "export.gone",
      .title = STR_INIT("导出过期"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct made_args, made_fields),
      .run = gone },
    { .name = NULL },
};
