#include "http/open311/open311.h"

#include "base/clock.h"
#include "base/metric.h"
#include "http/answer.h"
#include "http/open311/form.h"
#include "http/open311/parts.h"
#include "http/open311/xml.h"

#define PREFIX STR("/open311/v2/")

enum { ANSWER_BYTES_MAX = 4 << 20 }; /* a thousand requests are a fourth of it */
enum format { FORMAT_XML, FORMAT_JSON };

/* Where GeoReport's resources are, the acts behind them, and what XML calls them. */
static const struct resource {
    enum method method;
    struct str  name;
    struct str  part; /* the argument behind it in the path; absent: none */
    const char *act;
    struct str  root, item; /* item absent: one object, not a list */
    bool        repeats;    /* has no name of its own: a key is made for it */
} resources[] = {
    // clang-format off
    { GET,  STR_INIT("discovery"), { 0 },                          "open311.discovery", STR_INIT("discovery"),               { 0 },                      false },
    { GET,  STR_INIT("services"),  { 0 },                          "open311.services",  STR_INIT("services"),                STR_INIT("service"),        false },
    { GET,  STR_INIT("services"),  STR_INIT("service_code"),       "open311.service",   STR_INIT("service_definition"),      { 0 },                      false },
    { GET,  STR_INIT("requests"),  { 0 },                          "open311.requests",  STR_INIT("service_requests"),        STR_INIT("request"),        false },
    { GET,  STR_INIT("requests"),  STR_INIT("service_request_id"), "open311.request",   STR_INIT("service_requests"),        STR_INIT("request"),        false },
    { POST, STR_INIT("requests"),  { 0 },                          "case.open311",      STR_INIT("service_requests"),        STR_INIT("request"),        true  },
    { GET,  STR_INIT("tokens"),    STR_INIT("token"),              "open311.token",     STR_INIT("service_requests"),        STR_INIT("request"),        false },
    { GET,  STR_INIT("servicerequestupdates"), { 0 },              "open311.updates",   STR_INIT("service_request_updates"), STR_INIT("request_update"), false },
    { POST, STR_INIT("servicerequestupdates"), { 0 },              "case.update311",    STR_INIT("service_request_updates"), STR_INIT("request_update"), false },
    // clang-format on
};
#define PHOTO_ACT STR("photo.open311")

struct open311 {
    enum format            format;
    const struct resource *resource;
    struct str             key;   /* api_key; absent: none was sent */
    bool                   known; /* … and it was found whose */
    struct form            form;  /* query and body */
    struct gate_arg        path;  /* the argument in it; its name absent: none */
    struct parts           parts;
};

/* ------------------------------------------------------------- which resource */

struct open311 *open311_begin(struct request *r)
{
    struct str path = str_cut(r->raw, '?').head;

    if (!r->serving->open311 || !str_starts(path, PREFIX))
        return NULL;
    r->arena.budget = ARENA_IMPORT_BYTES;
    r->spare.budget = ANSWER_BYTES_MAX;
    struct open311 *o = arena_new(&r->arena, struct open311);
    if (o)
        *o = (struct open311){ .format = str_ends(path, STR(".json")) ? FORMAT_JSON
                                                                      : FORMAT_XML };
    return o;
}

/* Behind "open311", "v2": the names that are not empty, the last without its ".xml". */
static size_t read_path(struct request *r, struct str names[2])
{
    static const struct str endings[] = {
        [FORMAT_XML] = STR_INIT(".xml"), [FORMAT_JSON] = STR_INIT(".json")
    };
    struct str ending = endings[r->open311->format];
    size_t     n = 0;

    for (size_t i = 2; i < r->target->nsegments; i++) {
        struct str segment = r->target->segments[i];
        if (segment.len && n == 2)
            return 0;
        if (segment.len)
            names[n++] = segment;
    }
    if (!n || !str_ends(names[n - 1], ending))
        return 0;
    names[n - 1].len -= ending.len;
    return n;
}

static enum rc find_resource(struct request *r)
{
    struct open311 *o = r->open311;
    struct str      names[2];
    size_t          n = read_path(r, names);
    enum rc         rc = RC_NOT_FOUND;

    r->allow = STR_NONE;
    for (size_t i = 0; n && i < COUNT(resources); i++) {
        const struct resource *one = &resources[i];
        if (!str_eq(one->name, names[0]) || (n == 2) != (one->part.len > 0))
            continue;
        rc = rc == RC_OK ? rc : RC_METHOD;
        r->allow = r->allow.at ? STR("GET, HEAD, POST") : method_word(one->method);
        if (one->method != r->method)
            continue;
        o->resource = one;
        if (n == 2)
            o->path = (struct gate_arg){ one->part, names[1] };
        rc = RC_OK;
    }
    return rc;
}

/* ------------------------------------------------------------------- who asks */

/* Found once, as soon as its key is known; without one, nobody. */
static enum rc find_actor(struct request *r)
{
    struct open311 *o = r->open311;

    if (o->known)
        return RC_OK;
    struct str key = form_find(&o->form, STR("api_key"));
    if (!key.at)
        return r->method == GET ? RC_OK : RC_UNAUTHENTICATED;
    o->key = key;
    enum rc rc = admit_key(r, key);
    o->known = rc == RC_OK;
    return rc;
}

static enum rc may_store(void *context)
{
    struct request *r = context;

    enum rc rc = find_actor(r);
    if (rc == RC_OK && !actor_may(&r->actor, RIGHT_OPEN311, STR_NONE))
        rc = RC_DENIED;
    return rc;
}

/* --------------------------------------------------------------------- bodies */

static enum rc read_query(struct request *r)
{
    struct open311 *o = r->open311;
    enum rc         rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < r->target->nquery; i++)
        rc = form_add(&r->arena, &o->form, r->target->query[i].name,
                      r->target->query[i].value, &r->op.problems);
    return rc;
}

static bool is_type(struct request *r, struct str type)
{
    struct str sent = str_trim(str_cut(r->heads.content_type, ';').head);

    return same_word(sent, type);
}

/* A form with a charset is a form still; all of them are read as UTF-8. */
static enum rc find_body(struct request *r)
{
    struct open311 *o = r->open311;
    int64_t         length = 0;

    r->body.most = HTTP_BODY_BYTES_MAX;
    if (r->method == GET)
        return body_expected(r) ? fail(&r->op, RC_INVALID, NULL, "查询请求不带内容。")
                                : RC_OK;
    if (is_type(r, STR("multipart/form-data"))) {
        r->body.most = OPEN311_UPLOAD_BYTES_MAX;
        o->parts = (struct parts){ .arena = &r->arena,
                                   .spool = r->serving->spool,
                                   .problems = &r->op.problems,
                                   .form = &o->form,
                                   .may_store = may_store,
                                   .context = r,
                                   .fd = -1 };
        r->parts = &o->parts;
    } else if (!is_type(r, STR("application/x-www-form-urlencoded"))) {
        return fail(
            &r->op, RC_UNSUPPORTED, "Content-Type",
            "内容要写成 application/x-www-form-urlencoded 或 multipart/form-data。");
    }
    bool told = r->heads.content_length.at && str_int64(r->heads.content_length, &length);
    return told && length > (int64_t)r->body.most ? RC_TOO_LARGE : RC_OK;
}

static enum MHD_Result serve(struct request *r);

enum rc open311_find(struct request *r)
{
    enum rc rc = find_resource(r);

    if (rc != RC_OK)
        return rc;
    r->route.act = acts_find(str_of(r->open311->resource->act));
    if (!r->route.act)
        return RC_NOT_FOUND;
    r->next = serve;
    rc = read_query(r);
    if (rc == RC_OK && r->method == GET)
        rc = find_actor(r);
    return rc == RC_OK ? find_body(r) : rc;
}

static enum rc read_body(struct request *r)
{
    struct open311 *o = r->open311;

    if (r->parts)
        return parts_end(r->parts);
    return form_read(&r->arena, str_slice(r->body.at, r->body.len), &o->form,
                     &r->op.problems);
}

/* ------------------------------------------------------------------ arguments */

/* "attribute[code]" and "attribute[code][]" → code; absent for another name. */
static struct str attribute_of(struct str name)
{
    if (!str_starts(name, STR("attribute[")))
        return STR_NONE;
    struct str_cut cut = str_cut(str_skip(name, 10), ']');

    bool whole = cut.ok && (!cut.tail.len || str_eq(cut.tail, STR("[]")));
    return whole && cut.head.len ? cut.head : STR_NONE;
}

/* By name, then by value: the order in which clients send says nothing. */
static void insert(struct form_pair *sorted, size_t n, struct form_pair pair)
{
    for (; n; n--) {
        int order = str_cmp(pair.name, sorted[n - 1].name);
        if (order > 0 || (order == 0 && str_cmp(pair.value, sorted[n - 1].value) >= 0))
            break;
        sorted[n] = sorted[n - 1];
    }
    sorted[n] = pair;
}

static struct form in_order(const struct form *form)
{
    struct form sorted = { .n = form->n };

    for (size_t i = 0; i < form->n; i++)
        insert(sorted.at, i, form->at[i]);
    return sorted;
}

/* The attributes in order of their codes, each with its values: [{"code", "values"}]. */
static void put_attributes(struct json_out *out, const struct form *form)
{
    struct form_pair sorted[OPEN311_FORM_MAX];
    size_t           n = 0;

    for (size_t i = 0; i < form->n; i++) {
        struct str code = attribute_of(form->at[i].name);
        if (code.at)
            insert(sorted, n++, (struct form_pair){ code, form->at[i].value });
    }
    json_open(out, '[');
    for (size_t i = 0; i < n;) {
        struct str code = sorted[i].name;
        json_open(out, '{');
        json_key(out, STR("code"));
        json_text(out, code);
        json_key(out, STR("values"));
        json_open(out, '[');
        for (; i < n && str_eq(sorted[i].name, code); i++)
            json_text(out, sorted[i].value);
        json_close(out, ']');
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void put_all(struct json_out *out, const struct form *form, struct str name)
{
    json_open(out, '[');
    for (size_t i = 0; i < form->n; i++)
        if (str_eq(form->at[i].name, name))
            json_text(out, form->at[i].value);
    json_close(out, ']');
}

static void put_ids(struct json_out *out, const struct str *ids, size_t n)
{
    json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        json_text(out, ids[i]);
    json_close(out, ']');
}

static void put_argument(struct request *r, struct json_out *out, const struct form *form,
                         const struct field *field, const struct str *photos,
                         size_t nphotos)
{
    const struct open311 *o = r->open311;
    bool                  here = o->path.name.at && str_eq(o->path.name, field->name);
    struct str            value = here ? o->path.value : form_find(form, field->name);

    if (field->kind == KIND_LIST) {
        json_key(out, field->name);
        if (str_eq(field->name, STR("attributes")))
            put_attributes(out, form);
        else if (str_eq(field->name, STR("photos")))
            put_ids(out, photos, nphotos);
        else
            put_all(out, form, field->name);
    } else if (value.at) {
        json_key(out, field->name);
        json_text(out, value);
    }
}

/* What the act takes of all that was sent, in the order of its own table. */
static struct str arguments(struct request *r, const struct form *form,
                            const struct str *photos, size_t n)
{
    const struct act *act = r->route.act;
    struct json_out   out;

    json_out_init(&out, &r->arena);
    json_open(&out, '{');
    for (size_t i = 0; i < act->nargs; i++)
        put_argument(r, &out, form, &act->args[i], photos, n);
    json_close(&out, '}');
    return json_done(&out);
}

/* ------------------------------------------------------- the same once more */

/* Who said it is part of what was said, though it is not kept. */
static const struct str said_by[] = { STR_INIT("device_id"), STR_INIT("account_id"),
                                      STR_INIT("email"), STR_INIT("first_name"),
                                      STR_INIT("last_name") };

static struct str repeat_key(struct request *r, struct str said)
{
    const struct open311 *o = r->open311;
    struct sm3_run       *run = sm3_begin();
    unsigned char         hash[SM3_BYTES];

    sm3_add(run, o->key);
    sm3_add(run, said);
    for (size_t i = 0; i < COUNT(said_by); i++) {
        sm3_add(run, STR("\n"));
        sm3_add(run, form_find(&o->form, said_by[i]));
    }
    for (size_t i = 0; i < o->parts.nfiles; i++)
        sm3_add(run, PART_OF(o->parts.files[i].hash));
    sm3_end(&run, hash);
    return str_hex(&r->arena, hash, sizeof hash);
}

static enum rc read_asking(struct request *r, const struct str *photos, size_t n)
{
    const struct form *form = &r->open311->form;
    struct form        sorted = in_order(form);
    struct str         said = arguments(r, &sorted, NULL, 0);

    if (!said.at)
        return RC_TOO_LARGE;
    r->asking = serve_asking(r, r->route.act);
    if (r->open311->resource->repeats) {
        r->asking.key = repeat_key(r, said);
        r->asking.key_ms = OPEN311_REPEAT_MS;
    }
    enum rc rc = gate_read_args(&r->asking, NULL, 0, arguments(r, form, photos, n));
    r->asking.body = said; /* photos that are sent again have new numbers */
    return rc;
}

/* --------------------------------------------------------------------- photos */

static enum rc bring_photo(struct request *r, const struct received *file, struct db *db,
                           struct str *id)
{
    struct asking asking = serve_asking(r, acts_find(PHOTO_ACT));

    asking.upload = file->path;
    asking.file = PART_OF(file->hash);
    enum rc rc = gate_read_args(&asking, NULL, 0, STR("{}"));
    if (rc != RC_OK)
        return rc;
    gate_ask_wait(r->serving->gate, &asking, db);
    r->asking.problems = asking.problems;
    if (asking.rc == RC_OK)
        *id = json_pick_text(&r->arena, json_done(&asking.view.out), "id");
    return asking.rc;
}

/* On a thread that may wait: each photo is an act of its own, then the report. */
static void bring_photos(struct request *r)
{
    struct open311 *o = r->open311;
    struct str      ids[PHOTOS_PER_CASE_MAX];
    struct db      *db = NULL;
    enum rc rc = r->serving->readers && readers_mine(r->serving->readers, &db) != RC_OK
                     ? RC_UNAVAILABLE
                     : RC_OK;
    void (*done)(struct asking * asking) = r->asking.done;

    for (size_t i = 0; rc == RC_OK && i < o->parts.nfiles; i++)
        rc = bring_photo(r, &o->parts.files[i], db, &ids[i]);
    if (rc == RC_OK)
        rc = read_asking(r, ids, o->parts.nfiles);
    r->asking.done = done;
    if (rc == RC_OK)
        serve_ask(r);
    else
        serve_refuse(r, rc);
}

/* --------------------------------------------------------------------- serving */

static enum MHD_Result answer(struct request *r);

static enum MHD_Result serve(struct request *r)
{
    enum rc rc = r->method == GET ? RC_OK : read_body(r);

    if (rc == RC_OK)
        rc = find_actor(r);
    if (rc != RC_OK)
        return open311_problem(r, rc, &r->op.problems);
    rc = read_asking(r, NULL, 0);
    if (rc != RC_OK)
        return open311_problem(r, rc, &r->asking.problems);
    if (r->method == GET) {
        serve_ask(r);
        return answer(r);
    }
    if (!serve_later(r, answer))
        return open311_problem(r, RC_UNAVAILABLE, &r->asking.problems);
    if (r->parts && r->parts->nfiles)
        serve_apart(r, bring_photos);
    else
        serve_ask(r);
    return MHD_YES;
}

/* --------------------------------------------------------------------- answers */

/* To say that the request's arena is used up. */
static struct arena *room(struct request *r)
{
    return r->arena.over ? &r->spare : &r->arena;
}

static enum MHD_Result say(struct request *r, unsigned status, struct str text)
{
    bool xml = r->open311->format == FORMAT_XML;

    return answer_send(r, &(struct answer){
                              .status = text.at ? status : 503,
                              .type = xml ? STR("text/xml; charset=utf-8")
                                          : STR("application/json; charset=utf-8"),
                              .body = text.at ? text : STR(""),
                              .allow = status == 405 ? r->allow : STR_NONE,
                              .retry_s = answer_retry(r, (int)status),
                              .repeated = r->asking.repeated,
                              .close = status >= 400 && body_expected(r),
                          });
}

/* A thousand requests take some megabytes to put together; while they are on their way,
 * to whoever reads slowly, only the text itself is held. */
static enum MHD_Result send_list(struct request *r, struct str json)
{
    const struct resource *resource = r->open311->resource;
    bool                   xml = r->open311->format == FORMAT_XML;

    if (resource->item.at)
        json = json_pick(&r->arena, json, "items");
    struct str      text = xml ? xml_of(&r->spare, json, resource->root, resource->item)
                               : str_copy(&r->spare, json);
    enum MHD_Result sent =
        say(r, r->asking.view.status ? (unsigned)r->asking.view.status : 200, text);
    if (r->method == GET) { /* others have files to remove */
        r->open311 = NULL;
        arena_free(&r->arena);
    }
    return sent;
}

static enum MHD_Result answer(struct request *r)
{
    struct json_out *out = &r->asking.view.out;

    if (r->asking.rc != RC_OK)
        return open311_problem(r, r->asking.rc, &r->asking.problems);
    struct str json = json_done(out);
    return json.at ? send_list(r, json) : open311_problem(r, RC_NO_MEMORY, NULL);
}

/* GeoReport knows 400, 403 and 404; where HTTP has a better word for what the client can
 * do about it (later, smaller, otherwise), it is that. */
static unsigned status_of(enum rc rc)
{
    unsigned status = (unsigned)rc_status(rc);

    if (rc == RC_UNAUTHENTICATED)
        return 403;
    return status == 409 || status == 410 || status == 412 || status == 422 ? 400 : status;
}

static void put_error(struct json_out *out, unsigned status, struct str where,
                      struct str says)
{
    json_open(out, '{');
    json_key(out, STR("code"));
    json_int(out, status);
    json_key(out, STR("description"));
    json_text(out, str_empty(where)
                       ? says
                       : str_fmt(out->arena, "%.*s：%.*s", STR_ARG(where), STR_ARG(says)));
    json_close(out, '}');
}

static struct str title_of(const struct request *r, enum rc rc)
{
    if (rc == RC_UNAUTHENTICATED)
        return r->open311->key.at ? STR("api_key 不对，或者已经失效。")
                                  : STR("请写 api_key；照片要排在它后面。");
    return rc_title(rc);
}

enum MHD_Result open311_problem(struct request *r, enum rc rc,
                                const struct problems *problems)
{
    unsigned        status = status_of(rc);
    struct json_out out;

    metric_count(METRIC_HTTP_REFUSALS, rc_word(rc).at);
    json_out_init(&out, room(r));
    json_open(&out, '[');
    for (const struct problem *one = problems ? problems->first : NULL; one;
         one = one->next)
        put_error(&out, status, one->where, one->says);
    if (!problems || !problems->first)
        put_error(&out, status, STR_NONE, title_of(r, rc));
    json_close(&out, ']');
    struct str json = json_done(&out);
    return say(r, status,
               r->open311->format == FORMAT_XML && json.at
                   ? xml_of(room(r), json, STR("errors"), STR("error"))
                   : json);
}
