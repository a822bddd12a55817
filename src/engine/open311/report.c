#include "engine/open311/report.h"

#include "base/clock.h"
#include "base/json.h"
#include "engine/case/case.h"
#include "engine/open311/open311.h"
#include "engine/open311/open311_store.h"
#include "engine/open311/service.h"
#include "guard/actor.h"
#include "guard/codes.h"

enum { NOTICES_MAX = 4 };

/* A report while it is written down as the answers of its kind's form. */
struct writing {
    struct op                *op;
    const struct report_args *args;
    struct service            service;
    struct service_parts      parts;
    struct json_out           out;
    struct str                notices[NOTICES_MAX];
    size_t                    nnotices;
};

static void notice(struct writing *w, struct str says)
{
    if (w->nnotices < NOTICES_MAX)
        w->notices[w->nnotices++] = says;
}

/* ------------------------------------------------------------------- words */

/* Where photos lie elsewhere is kept as it was told, for people to open: nothing is
 * fetched from addresses that strangers choose. */
static struct str with_links(struct op *op, struct str text, const struct list *links,
                             bool *left_out)
{
    const struct str *all = links->at;

    for (size_t i = 0; i < links->n; i++) {
        if (str_starts(all[i], STR("https://")))
            text = str_fmt(op->arena, "%.*s\n照片：%.*s", STR_ARG(text), STR_ARG(all[i]));
        else
            *left_out = true;
    }
    return text;
}

static void write_words(struct writing *w, const struct scene_field *field)
{
    bool       left_out = false;
    struct str text = w->args->description;

    if (!text.len) /* GeoReport asks for none: then it is what the service is called */
        text = service_name(&w->service);
    text = with_links(w->op, text, &w->args->media_url, &left_out);
    if (left_out)
        notice(w, STR("照片地址只收 https:// 开头的，别的没有留下。"));
    json_key(&w->out, field->name);
    json_text(&w->out, text);
}

/* ------------------------------------------------------------- other parts */

static void write_place(struct writing *w, const struct scene_field *field)
{
    const struct report_args *args = w->args;

    json_key(&w->out, field->name);
    json_open(&w->out, '{');
    if (args->found.lat != 0 || args->found.lng != 0) {
        json_key(&w->out, STR("lat"));
        json_real(&w->out, args->found.lat);
        json_key(&w->out, STR("lng"));
        json_real(&w->out, args->found.lng);
        json_key(&w->out, STR("source"));
        json_text(&w->out, STR("map"));
    }
    if (args->told.address_string.len) {
        json_key(&w->out, STR("words"));
        json_text(&w->out, args->told.address_string);
    }
    json_key(&w->out, STR("area"));
    json_text(&w->out, args->found.area);
    json_close(&w->out, '}');
}

static void write_photos(struct writing *w, const struct scene_field *field)
{
    const int64_t *ids = w->args->photos.at;

    json_key(&w->out, field->name);
    json_open(&w->out, '[');
    for (size_t i = 0; i < w->args->photos.n; i++)
        json_id(&w->out, ids[i]);
    json_close(&w->out, ']');
}

/* A number that nobody can call is left out rather than the report refused. */
static void write_phone(struct writing *w, const struct scene_field *field)
{
    struct op *op = w->op;
    struct str phone = code_clean(op->arena, CODE_PHONE, w->args->phone);

    if (!phone.len)
        return;
    if (code_says(op->arena, CODE_PHONE, phone, op->now_ms).at) {
        notice(w, STR("电话号码认不出，没有留下。"));
        return;
    }
    json_key(&w->out, field->name);
    json_text(&w->out, phone);
}

/* -------------------------------------------------------------- attributes */

static void write_yesno(struct json_out *out, struct str value)
{
    static const struct str yes[] = { STR_INIT("yes"), STR_INIT("true"), STR_INIT("1"),
                                      STR_INIT("是") };
    static const struct str no[] = { STR_INIT("no"), STR_INIT("false"), STR_INIT("0"),
                                     STR_INIT("否") };

    for (size_t i = 0; i < COUNT(yes); i++)
        if (str_eq(value, yes[i]) || str_eq(value, no[i])) {
            json_bool(out, str_eq(value, yes[i]));
            return;
        }
    json_text(out, value); /* told by the form's reader */
}

static void write_number(struct json_out *out, struct str value)
{
    int64_t number;

    if (str_int64(value, &number))
        json_int(out, number);
    else
        json_text(out, value);
}

/* "2026-11-22T00:00:00+08:00" is a day here. */
static struct str day_of(struct str value)
{
    enum { DAY_BYTES = 10 };

    return value.len > DAY_BYTES && value.at[DAY_BYTES] == 'T'
               ? str_slice(value.at, DAY_BYTES)
               : value;
}

static void write_attribute(struct writing *w, const struct scene_field *field,
                            struct str value)
{
    json_key(&w->out, field->name);
    if (field->asks == ASKS_YESNO)
        write_yesno(&w->out, value);
    else if (field->asks == ASKS_NUMBER)
        write_number(&w->out, value);
    else
        json_text(&w->out, field->asks == ASKS_DATE ? day_of(value) : value);
}

/* The attribute of that code; one that no form of ours asks for is nobody's mistake:
 * platforms send them along. */
static const struct sent_attribute *sent(const struct writing *w, struct str code)
{
    const struct sent_attribute *all = w->args->attributes.at;

    for (size_t i = 0; i < w->args->attributes.n; i++)
        if (str_eq(all[i].code, code))
            return &all[i];
    return NULL;
}

static enum rc write_attributes(struct writing *w)
{
    const struct case_kind *kind = w->service.kind;
    enum rc                 rc = RC_OK;

    for (size_t i = 0; i < kind->nfields; i++) {
        const struct scene_field    *field = &kind->fields[i];
        const struct sent_attribute *one = sent(w, field->name);
        if (!one || !service_attribute(&w->parts, field) || !one->values.n)
            continue;
        if (one->values.n > 1)
            rc = fail(w->op, RC_INVALID, "attribute", "%.*s只能选一个。",
                      STR_ARG(field->title));
        write_attribute(w, field, *(const struct str *)one->values.at);
    }
    return rc;
}

/* ------------------------------------------------------------------ taking */

static enum rc write_form(struct writing *w, struct str *form)
{
    const struct service_parts *parts = &w->parts;

    json_out_init(&w->out, w->op->arena);
    json_open(&w->out, '{');
    if (w->service.category) {
        json_key(&w->out, w->service.category->name);
        json_text(&w->out, w->service.option->value);
    }
    if (parts->of[PART_WORDS])
        write_words(w, parts->of[PART_WORDS]);
    if (parts->of[PART_PLACE])
        write_place(w, parts->of[PART_PLACE]);
    if (parts->of[PART_PHOTOS] && w->args->photos.n)
        write_photos(w, parts->of[PART_PHOTOS]);
    if (parts->of[PART_PHONE])
        write_phone(w, parts->of[PART_PHONE]);
    enum rc rc = write_attributes(w);
    json_close(&w->out, '}');
    *form = json_done(&w->out);
    return form->at ? rc : RC_TOO_LARGE;
}

enum rc report_ready(struct op *op, struct report_args *args)
{
    enum rc rc = jurisdiction_enter(op, args->jurisdiction_id);

    if (rc == RC_OK && op->county != op->actor->county)
        rc = fail(op, RC_DENIED, "jurisdiction_id", "这把密钥不是这个区县的。");
    if (rc == RC_OK)
        rc = place_find(op, &args->told, &args->found);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_OPEN311, args->found.area))
        rc = fail(op, RC_DENIED, "lat", "这个地点不在密钥的辖区里。");
    return rc;
}

enum rc report_take(struct op *op, const struct report_args *args,
                    struct report_taken *taken)
{
    struct writing   w = { .op = op, .args = args };
    struct open_args opening = { .channel = STR("open311"),
                                 .words_max = INT64_C(2) * OPEN311_TEXT_MAX };
    struct a_case    it;

    enum rc rc = service_find(op, args->service_code, &w.service);
    if (rc != RC_OK)
        return rc;
    w.parts = service_parts(w.service.kind);
    rc = write_form(&w, &opening.fields);
    opening.scene = w.service.scene->name;
    opening.kind = w.service.kind->name;
    if (rc == RC_OK)
        rc = case_open(op, &opening, &it);
    if (rc != RC_OK)
        return rc;
    *taken = (struct report_taken){
        .service_request_id = str_fmt(op->arena, "%lld", (long long)it.row.id),
        .service_notice =
            w.nnotices ? str_join(op->arena, w.notices, w.nnotices, STR("")) : STR_NONE,
    };
    return RC_OK;
}

/* ----------------------------------------------------------------- updates */

static enum rc read_status(struct op *op, struct str word, enum public_status *status)
{
    for (int i = 0; i < STATUS_COUNT; i++)
        if (str_eq(status_word((enum public_status)i), word)) {
            *status = (enum public_status)i;
            return RC_OK;
        }
    return fail(op, RC_INVALID, "status", "没有“%.*s”这种状态。", STR_ARG(word));
}

/* A platform's clock that is fast would make everything after it look old. */
static enum rc read_said(struct op *op, struct str text, int64_t *said_ms)
{
    if (!clock_parse(text, said_ms))
        return fail(op, RC_INVALID, "updated_datetime",
                    "时间要写成 2026-11-22T14:03:07+08:00，带时区。");
    if (*said_ms > op->now_ms)
        *said_ms = op->now_ms;
    return RC_OK;
}

/* Is what it says newer than all that is known? */
static enum rc is_newer(struct op *op, int64_t id, int64_t said_ms, bool *newer)
{
    struct request_row row = { 0 };
    int64_t            heard_ms = 0;

    enum rc rc = open311_heard_newest(op, id, &heard_ms);
    if (rc == RC_OK)
        rc = open311_select(op, id, &row);
    if (rc == RC_NOT_FOUND)
        rc = RC_OK;
    *newer = said_ms >= heard_ms && said_ms >= row.changed_ms;
    return rc;
}

/* Does the move lead where the platform says the matter stands: to a state of that very
 * word, or at least from open to closed or back? */
static bool leads_there(const struct a_case *it, const struct scene_move *move,
                        enum public_status wanted)
{
    enum public_status to = kind_status(it->kind, move->to);
    bool               plain = wanted == STATUS_OPEN || wanted == STATUS_CLOSED ||
                 wanted == STATUS_FIXED || wanted == STATUS_REOPENED;

    return to == wanted || (plain && status_is_open(to) == status_is_open(wanted));
}

static bool can_give(const struct scene_move *move, const struct update_args *args)
{
    unsigned gives = NEEDS_REASON | NEEDS_TEXT | (args->photos.n ? NEEDS_PHOTO : 0);

    return (move->needs & ~gives) == 0;
}

/* The first of the reporter's moves that does what is meant; NULL: it stays as it is. */
static const struct scene_move *move_meant(struct op *op, const struct a_case *it,
                                           const struct update_args *args,
                                           enum public_status        wanted)
{
    enum public_status now = kind_status(it->kind, it->state);

    if (now == wanted || status_is_open(now) == status_is_open(wanted))
        return NULL;
    for (size_t i = 0; i < it->kind->nmoves; i++) {
        const struct scene_move *move = &it->kind->moves[i];
        if (leads_there(it, move, wanted) && can_give(move, args) &&
            case_may_move(op, it, move))
            return move;
    }
    return NULL;
}

static enum rc make_move(struct op *op, const struct scene_move *move,
                         const struct update_args *args, struct str words,
                         struct a_case *it)
{
    struct move_args making = { .id = args->id,
                                .version = it->row.version,
                                .move = move->name,
                                .text = words,
                                .reason = words,
                                .photos = args->photos };

    return case_move(op, &making, it);
}

static enum rc check_update(struct op *op, const struct update_args *args,
                            enum public_status *status, int64_t *said_ms)
{
    enum rc rc = read_status(op, args->status, status);

    return rc == RC_OK ? read_said(op, args->updated_datetime, said_ms) : rc;
}

enum rc update_take(struct op *op, const struct update_args *args)
{
    enum public_status status;
    struct a_case      it;
    int64_t            said_ms;
    bool               newer = false, left_out = false;

    enum rc rc = check_update(op, args, &status, &said_ms);
    if (rc == RC_OK)
        rc = case_find(op, args->id, &it);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && it.row.reporter != op->actor->account))
        return fail(op, RC_NOT_FOUND, "service_request_id", "没有这件诉求。");
    if (rc == RC_OK)
        rc = is_newer(op, args->id, said_ms, &newer);
    if (rc == RC_OK)
        rc = open311_heard_add(op, args->update_id, args->id, said_ms);
    if (rc == RC_CONFLICT)
        return fail(op, rc, "update_id", "这条进展已经收到过。");
    if (rc != RC_OK)
        return rc;
    struct str words = with_links(op, args->description, &args->media_url, &left_out);
    const struct scene_move *move = newer ? move_meant(op, &it, args, status) : NULL;
    return move ? make_move(op, move, args, words, &it)
                : case_remark(op, args->id, words, STR("补充"), args->photos, &it);
}
