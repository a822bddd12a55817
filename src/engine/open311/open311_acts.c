#include "base/json.h"
#include "engine/open311/county.h"
#include "engine/open311/open311.h"
#include "engine/open311/report.h"
#include "engine/open311/service.h"
#include "engine/open311/shown.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"

#define JURISDICTION(type)                                                                 \
    FIELD(type, jurisdiction_id, .max = 60, .title = STR_INIT("哪个区县"),                 \
          .note = STR_INIT("区县代码；只开通了一个时可以不写"))

/* ---------------------------------------------------------------- discovery */

struct county_args {
    struct str jurisdiction_id;
};
static const struct field county_fields[] = { JURISDICTION(struct county_args) };

/* The act belongs to the county that is named; every argument struct begins so. */
static enum rc enter(struct op *op, void *in)
{
    return jurisdiction_enter(op, ((const struct county_args *)in)->jurisdiction_id);
}

struct endpoint {
    struct str  specification, url, changeset, type;
    struct list formats; /* struct str */
};
struct discovery {
    struct str  changeset, contact, key_service;
    struct list endpoints;
};
static const struct field endpoint_fields[] = {
    FIELD(struct endpoint, specification, OPTIONAL),
    FIELD(struct endpoint, url, OPTIONAL),
    FIELD(struct endpoint, changeset, OPTIONAL),
    FIELD(struct endpoint, type, OPTIONAL),
    FIELD_LIST_OF(struct endpoint, formats, KIND_TEXT, OPTIONAL),
};
static const struct field discovery_fields[] = {
    FIELD(struct discovery, changeset, OPTIONAL),
    FIELD(struct discovery, contact, OPTIONAL),
    FIELD(struct discovery, key_service, OPTIONAL),
    FIELD_LIST(struct discovery, endpoints, struct endpoint, endpoint_fields, OPTIONAL),
};
/* When what is offered here last changed its shape. */
#define CHANGESET STR("2026-11-22T00:00:00+08:00")

/* Clients put the resource's name right behind the address: it ends with "/". */
static enum rc discover(struct op *op, const void *in, struct view *view)
{
    struct str      formats[] = { STR("text/xml"), STR("application/json") }, county;
    struct endpoint endpoint = {
        .specification = STR("http://wiki.open311.org/GeoReport_v2"),
        .url = str_fmt(op->arena, "%.*s/open311/v2/", STR_ARG(op->origin)),
        .changeset = CHANGESET,
        .type = open311_is_test() ? STR("test") : STR("production"),
        .formats = { formats, COUNT(formats) },
    };

    (void)in;
    enum rc rc = county_code(op, op->county, &county);
    if (rc != RC_OK)
        return rc;
    struct str name = area_name(op, county);
    view_struct(
        view, discovery_fields, COUNT(discovery_fields),
        &(struct discovery){
            .changeset = CHANGESET,
            .contact = str_fmt(op->arena, "%.*s：本平台的系统管理员", STR_ARG(name)),
            .key_service = str_fmt(op->arena,
                                   "接口密钥请向%.*s的系统管理员申请，说明是哪个"
                                   "平台、用在哪些街道社区。",
                                   STR_ARG(name)),
            .endpoints = { &endpoint, 1 },
        });
    return RC_OK;
}

/* ----------------------------------------------------------------- services */

static enum rc list_services(struct op *op, const void *in, struct view *view)
{
    struct list services;

    (void)in;
    enum rc               rc = services_all(op, &services);
    struct shown_service *shown = arena_many(op->arena, SERVICES_MAX, struct shown_service);
    for (size_t i = 0; shown && rc == RC_OK && i < services.n; i++)
        rc = service_show(op, (const struct service *)services.at + i, &shown[i]);
    if (rc != RC_OK || !shown)
        return shown ? rc : RC_TOO_LARGE;
    view_page(view, shown_service_fields, SHOWN_SERVICE_FIELDS,
              (struct list){ shown, services.n }, sizeof *shown, STR_NONE);
    return RC_OK;
}

struct service_args {
    struct str jurisdiction_id, service_code;
};
static const struct field service_fields[] = {
    JURISDICTION(struct service_args),
    FIELD(struct service_args, service_code, REQUIRED, .max = 200,
          .title = STR_INIT("服务")),
};

static enum rc define_service(struct op *op, const void *in, struct view *view)
{
    const struct service_args *args = in;
    struct service             service;
    struct shown_definition    shown;

    enum rc rc = service_find(op, args->service_code, &service);
    if (rc == RC_OK)
        rc = service_define(op, &service, &shown);
    if (rc == RC_OK)
        view_struct(view, definition_fields, DEFINITION_FIELDS, &shown);
    return rc;
}

/* ----------------------------------------------------------------- requests */

static const struct field requests_fields[] = {
    JURISDICTION(struct requests_args),
    FIELD(struct requests_args, service_request_id, .max = 2000, .title = STR_INIT("编号")),
    FIELD(struct requests_args, service_code, .max = 4000, .title = STR_INIT("服务")),
    FIELD(struct requests_args, start_date, .max = 40, .title = STR_INIT("从")),
    FIELD(struct requests_args, end_date, .max = 40, .title = STR_INIT("到")),
    FIELD(struct requests_args, status, .max = 40, .title = STR_INIT("open、closed")),
};

static enum rc list_requests(struct op *op, const void *in, struct view *view)
{
    struct list shown;

    enum rc rc = requests_shown(op, in, &shown);
    if (rc == RC_OK)
        view_page(view, shown_request_fields, SHOWN_REQUEST_FIELDS, shown,
                  sizeof(struct shown_request), STR_NONE);
    return rc;
}

struct request_args {
    struct str jurisdiction_id, service_request_id;
};
static const struct field request_fields[] = {
    JURISDICTION(struct request_args),
    FIELD(struct request_args, service_request_id, REQUIRED, .max = 60,
          .title = STR_INIT("编号")),
};

static enum rc show_request(struct op *op, const void *in, struct view *view)
{
    const struct request_args *args = in;
    struct shown_request       shown;

    enum rc rc = request_shown(op, args->service_request_id, &shown);
    if (rc == RC_OK)
        view_page(view, shown_request_fields, SHOWN_REQUEST_FIELDS,
                  (struct list){ &shown, 1 }, sizeof shown, STR_NONE);
    return rc;
}

/* Every report gets its number at once, so no token is ever given out; whoever asks
 * nevertheless, with the number for a token, is told that number. */
struct token_args {
    struct str jurisdiction_id, token;
};
struct token_shown {
    struct str service_request_id, token;
};
static const struct field token_fields[] = {
    JURISDICTION(struct token_args),
    FIELD(struct token_args, token, REQUIRED, .max = 60, .title = STR_INIT("凭据")),
};
static const struct field token_shown_fields[] = {
    FIELD(struct token_shown, service_request_id, OPTIONAL),
    FIELD(struct token_shown, token, OPTIONAL),
};

static enum rc show_token(struct op *op, const void *in, struct view *view)
{
    const struct token_args *args = in;
    struct shown_request     shown;

    enum rc rc = request_shown(op, args->token, &shown);
    if (rc == RC_OK)
        view_page(view, token_shown_fields, COUNT(token_shown_fields),
                  (struct list){ &(struct token_shown){ args->token, args->token }, 1 },
                  sizeof(struct token_shown), STR_NONE);
    return rc;
}

/* ------------------------------------------------------------------ updates */

struct updates_args {
    struct str jurisdiction_id, start_date, end_date;
};
static const struct field updates_fields[] = {
    JURISDICTION(struct updates_args),
    FIELD(struct updates_args, start_date, .max = 40, .title = STR_INIT("从")),
    FIELD(struct updates_args, end_date, .max = 40, .title = STR_INIT("到")),
};

static enum rc list_updates(struct op *op, const void *in, struct view *view)
{
    const struct updates_args *args = in;
    struct list                shown;

    enum rc rc = updates_shown(op, args->start_date, args->end_date, &shown);
    if (rc == RC_OK)
        view_page(view, shown_update_fields, SHOWN_UPDATE_FIELDS, shown,
                  sizeof(struct shown_update), STR_NONE);
    return rc;
}

/* ---------------------------------------------------------------- reporting */

static const struct field attribute_fields[] = {
    FIELD(struct sent_attribute, code, REQUIRED, .max = 200),
    FIELD_LIST_OF(struct sent_attribute, values, KIND_TEXT, .max = 100),
};
#define TOLD(member, ...)                                                                  \
    {                                                                                      \
        .name = STR_INIT(#member), .kind = KIND_TEXT,                                      \
        .offset = offsetof(struct report_args, told.member), .size = sizeof(struct str),   \
        __VA_ARGS__                                                                        \
    }
static const struct field report_fields[] = {
    JURISDICTION(struct report_args),
    FIELD(struct report_args, service_code, REQUIRED, .max = 200,
          .title = STR_INIT("服务")),
    TOLD(lat, .max = 40, .grade = GRADE_SENSITIVE, .title = STR_INIT("纬度")),
    { .name = STR_INIT("long"),
      .kind = KIND_TEXT,
      .offset = offsetof(struct report_args, told.lng),
      .size = sizeof(struct str),
      .max = 40,
      .grade = GRADE_SENSITIVE,
      .title = STR_INIT("经度") },
    TOLD(address_string, .max = 200, .grade = GRADE_PERSONAL, .title = STR_INIT("地点")),
    TOLD(address_id, .max = 15, .grade = GRADE_PERSONAL, .title = STR_INIT("辖区代码")),
    FIELD(struct report_args, description, .max = OPEN311_TEXT_MAX,
          .title = STR_INIT("情况")),
    FIELD(struct report_args, phone, .max = 60, .grade = GRADE_PERSONAL,
          .title = STR_INIT("电话")),
    FIELD_LIST(struct report_args, attributes, struct sent_attribute, attribute_fields,
               .max = OPEN311_FORM_MAX, .title = STR_INIT("别的内容")),
    FIELD_LIST_OF(struct report_args, media_url, KIND_TEXT, .max = OPEN311_NAMED_MAX,
                  .title = STR_INIT("照片地址")),
    FIELD_LIST_OF(struct report_args, photos, KIND_ID, .max = PHOTOS_PER_CASE_MAX,
                  .title = STR_INIT("照片")),
};
static const struct field taken_fields[] = {
    FIELD(struct report_taken, service_request_id, OPTIONAL),
    FIELD(struct report_taken, service_notice, OPTIONAL),
    FIELD(struct report_taken, account_id, OPTIONAL),
};

static enum rc ready_report(struct op *op, void *in)
{
    return report_ready(op, in);
}

static enum rc take_report(struct op *op, const void *in, struct view *view)
{
    struct report_taken taken;

    enum rc rc = report_take(op, in, &taken);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    view_page(view, taken_fields, COUNT(taken_fields), (struct list){ &taken, 1 },
              sizeof taken, STR_NONE);
    return RC_OK;
}

static const struct field update_fields[] = {
    { .name = STR_INIT("service_request_id"),
      .kind = KIND_ID,
      .offset = offsetof(struct update_args, id),
      .size = sizeof(int64_t),
      REQUIRED,
      .title = STR_INIT("编号") },
    FIELD(struct update_args, update_id, REQUIRED, .max = 100,
          .title = STR_INIT("进展编号")),
    FIELD(struct update_args, status, REQUIRED, .max = 40, .title = STR_INIT("状态")),
    FIELD(struct update_args, updated_datetime, REQUIRED, .max = 40,
          .title = STR_INIT("时间")),
    FIELD(struct update_args, description, REQUIRED, .max = OPEN311_TEXT_MAX,
          .title = STR_INIT("进展")),
    FIELD_LIST_OF(struct update_args, media_url, KIND_TEXT, .max = OPEN311_NAMED_MAX,
                  .title = STR_INIT("照片地址")),
    FIELD_LIST_OF(struct update_args, photos, KIND_ID, .max = PHOTOS_PER_CASE_MAX,
                  .title = STR_INIT("照片")),
};
struct heard {
    struct str update_id;
};
static const struct field heard_fields[] = { FIELD(struct heard, update_id, OPTIONAL) };

/* In the county of the key: a number of another county is none there. */
static enum rc ready_update(struct op *op, void *in)
{
    struct str county;

    (void)in;
    op->county = op->actor->county;
    enum rc rc = county_code(op, op->county, &county);
    return rc == RC_OK ? jurisdiction_enter(op, county) : rc;
}

static enum rc take_update(struct op *op, const void *in, struct view *view)
{
    const struct update_args *args = in;

    enum rc rc = update_take(op, args);
    if (rc == RC_OK)
        view_page(view, heard_fields, COUNT(heard_fields),
                  (struct list){ &(struct heard){ args->update_id }, 1 },
                  sizeof(struct heard), STR_NONE);
    return rc;
}

/* Lines of cases are told by the names of their acts: those two are case.… */
const struct act open311_acts[] = {
    { .name = "open311.discovery",
      .title = STR_INIT("公众平台接口在哪里"),
      .right = RIGHT_ANYONE,
      ARGS(struct county_args, county_fields),
      ANSWER(struct discovery, discovery_fields),
      .ready = enter,
      .run = discover },
    { .name = "open311.services",
      .title = STR_INIT("公众平台能报什么"),
      .right = RIGHT_ANYONE,
      ARGS(struct county_args, county_fields),
      .answer = shown_service_fields,
      .nanswer = SHOWN_SERVICE_FIELDS,
      .many = true,
      .ready = enter,
      .run = list_services },
    { .name = "open311.service",
      .title = STR_INIT("一项服务要填什么"),
      .right = RIGHT_ANYONE,
      ARGS(struct service_args, service_fields),
      .answer = definition_fields,
      .nanswer = DEFINITION_FIELDS,
      .ready = enter,
      .run = define_service },
    { .name = "open311.requests",
      .title = STR_INIT("公众能看的诉求"),
      .right = RIGHT_ANYONE,
      ARGS(struct requests_args, requests_fields),
      .answer = shown_request_fields,
      .nanswer = SHOWN_REQUEST_FIELDS,
      .many = true,
      .ready = enter,
      .run = list_requests },
    { .name = "open311.request",
      .title = STR_INIT("公众能看的一件诉求"),
      .right = RIGHT_ANYONE,
      ARGS(struct request_args, request_fields),
      .answer = shown_request_fields,
      .nanswer = SHOWN_REQUEST_FIELDS,
      .many = true,
      .ready = enter,
      .run = show_request },
    { .name = "open311.token",
      .title = STR_INIT("凭据对应哪件诉求"),
      .right = RIGHT_ANYONE,
      ARGS(struct token_args, token_fields),
      .answer = token_shown_fields,
      .nanswer = COUNT(token_shown_fields),
      .many = true,
      .ready = enter,
      .run = show_token },
    { .name = "open311.updates",
      .title = STR_INIT("公众能看的进展"),
      .right = RIGHT_ANYONE,
      ARGS(struct updates_args, updates_fields),
      .answer = shown_update_fields,
      .nanswer = SHOWN_UPDATE_FIELDS,
      .many = true,
      .ready = enter,
      .run = list_updates },
    { .name = "case.open311",
      .title = STR_INIT("公众平台报来一件事"),
      .right = RIGHT_OPEN311,
      .writes = true,
      ARGS(struct report_args, report_fields),
      .answer = taken_fields,
      .nanswer = COUNT(taken_fields),
      .many = true,
      .ready = ready_report,
      .run = take_report },
    { .name = "case.update311",
      .title = STR_INIT("公众平台报来进展"),
      .right = RIGHT_OPEN311,
      .writes = true,
      ARGS(struct update_args, update_fields),
      .answer = heard_fields,
      .nanswer = COUNT(heard_fields),
      .many = true,
      .ready = ready_update,
      .run = take_update },
    { .name = NULL },
};
