#include "http/openapi.h"

#include "base/json.h"
#include "gate/act.h"
#include "base/limits.h"
#include "http/route.h"

/* What a schema is for: nothing is said of null and strangers in answers. */
enum side { ASKED, ANSWERED };

enum { DEPTH_MAX = 8 };

static void member(struct json_out *out, const char *key, struct str text)
{
    if (!text.len)
        return;
    json_key(out, str_of(key));
    json_text(out, text);
}

static void number(struct json_out *out, const char *key, int64_t value)
{
    json_key(out, str_of(key));
    json_int(out, value);
}

static void truth(struct json_out *out, const char *key, bool value)
{
    json_key(out, str_of(key));
    json_bool(out, value);
}

static void open_member(struct json_out *out, const char *key, char bracket)
{
    json_key(out, str_of(key));
    json_open(out, bracket);
}

static void reference(struct json_out *out, const char *to)
{
    json_open(out, '{');
    member(out, "$ref", str_of(to));
    json_close(out, '}');
}

/* ---- fields ---- */

static const struct {
    struct str type, format, pattern;
    bool       nullable; /* unknown is null */
} kinds[] = {
    [KIND_BOOL] = { STR_INIT("boolean"), { 0 }, { 0 }, false },
    [KIND_INT] = { STR_INIT("integer"), STR_INIT("int64"), { 0 }, false },
    [KIND_ID] = { STR_INIT("string"), { 0 }, STR_INIT("^[1-9][0-9]{0,18}$"), true },
    [KIND_TIME] = { STR_INIT("string"), STR_INIT("date-time"), { 0 }, true },
    [KIND_REAL] = { STR_INIT("number"), STR_INIT("double"), { 0 }, false },
    [KIND_TEXT] = { STR_INIT("string"), { 0 }, { 0 }, true },
    [KIND_BYTES] = { STR_INIT("string"), { 0 }, STR_INIT("^([0-9A-Fa-f]{2})*$"), true },
    [KIND_STRUCT] = { STR_INIT("object"), { 0 }, { 0 }, false },
    [KIND_LIST] = { STR_INIT("array"), { 0 }, { 0 }, false },
    [KIND_RAW] = { { 0 }, { 0 }, { 0 }, false },
};

static void write_fields(struct json_out *out, const struct field *fields, size_t n,
                         enum side side, int depth);

static void write_type(struct json_out *out, enum kind kind, bool nullable)
{
    if (!kinds[kind].type.len)
        return;
    if (!nullable) {
        member(out, "type", kinds[kind].type);
    } else {
        open_member(out, "type", '[');
        json_text(out, kinds[kind].type);
        json_text(out, STR("null"));
        json_close(out, ']');
    }
    member(out, "format", kinds[kind].format);
    member(out, "pattern", kinds[kind].pattern);
}

static void write_items(struct json_out *out, const struct field *field, enum side side,
                        int depth)
{
    open_member(out, "items", '{');
    write_type(out, field->sub ? KIND_STRUCT : field->of, false);
    if (field->sub)
        write_fields(out, field->sub, field->nsub, side, depth + 1);
    json_close(out, '}');
}

static void write_bounds(struct json_out *out, const struct field *field)
{
    bool numeric = field->kind == KIND_INT || field->kind == KIND_REAL;

    if (numeric && field->min != field->max) {
        number(out, "minimum", field->min);
        number(out, "maximum", field->max);
    }
    if (field->kind == KIND_TEXT && field->max)
        number(out, "maxLength", field->max);
    if (field->kind == KIND_LIST && field->max)
        number(out, "maxItems", field->max);
}

static void write_field(struct json_out *out, const struct field *field, enum side side,
                        int depth)
{
    json_open(out, '{');
    write_type(out, field->kind, kinds[field->kind].nullable && !field->required);
    member(out, "title", field->title);
    member(out, "description", field->note);
    write_bounds(out, field);
    if (field->grade != GRADE_OPEN)
        number(out, "x-grade", field->grade + 1);
    if (field->kind == KIND_STRUCT)
        write_fields(out, field->sub, field->nsub, side, depth + 1);
    if (field->kind == KIND_LIST)
        write_items(out, field, side, depth);
    json_close(out, '}');
}

static void write_required(struct json_out *out, const struct field *fields, size_t n)
{
    open_member(out, "required", '[');
    for (size_t i = 0; i < n; i++)
        if (fields[i].required)
            json_text(out, fields[i].name);
    json_close(out, ']');
}

/* The members of an object's schema. */
static void write_fields(struct json_out *out, const struct field *fields, size_t n,
                         enum side side, int depth)
{
    open_member(out, "properties", '{');
    for (size_t i = 0; depth < DEPTH_MAX && i < n; i++) {
        json_key(out, fields[i].name);
        write_field(out, &fields[i], side, depth);
    }
    json_close(out, '}');
    if (side == ASKED) {
        write_required(out, fields, n);
        truth(out, "additionalProperties", false);
    }
}

/* ---- one act ---- */

static bool in_path(const struct act *act, struct str name)
{
    struct str rest = str_of(act->path);

    while (rest.len) {
        struct str_cut before = str_cut(rest, '{');
        struct str_cut inside = str_cut(before.tail, '}');
        if (inside.ok && str_eq(inside.head, name))
            return true;
        rest = inside.tail;
    }
    return false;
}

static void write_parameter(struct json_out *out, const struct field *field, bool path)
{
    json_open(out, '{');
    member(out, "name", field->name);
    member(out, "in", path ? STR("path") : STR("query"));
    truth(out, "required", path || field->required);
    member(out, "description", field->title);
    json_key(out, STR("schema"));
    write_field(out, field, ASKED, 0);
    json_close(out, '}');
}

static void write_parameters(struct json_out *out, const struct act *act)
{
    open_member(out, "parameters", '[');
    for (size_t i = 0; i < act->nargs; i++) {
        bool path = in_path(act, act->args[i].name);
        if (path || act->method == GET || act->table)
            write_parameter(out, &act->args[i], path);
    }
    if (act->method != GET) {
        reference(out, "#/components/parameters/X-Linli");
        reference(out, "#/components/parameters/Idempotency-Key");
    }
    json_close(out, ']');
}

static void write_file_body(struct json_out *out, bool table)
{
    static const char *const images[] = { "image/jpeg", "image/png", "image/webp", NULL };
    static const char *const tables[] = {
        "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        NULL
    };
    const char *const *types = table ? tables : images;

    for (size_t i = 0; types[i]; i++) {
        open_member(out, types[i], '{');
        open_member(out, "schema", '{');
        number(out, "maxLength", HTTP_UPLOAD_BYTES_MAX);
        json_close(out, '}');
        json_close(out, '}');
    }
}

static void write_json_body(struct json_out *out, const struct act *act)
{
    open_member(out, "application/json", '{');
    open_member(out, "schema", '{');
    member(out, "type", STR("object"));
    open_member(out, "properties", '{');
    for (size_t i = 0; i < act->nargs; i++)
        if (!in_path(act, act->args[i].name)) {
            json_key(out, act->args[i].name);
            write_field(out, &act->args[i], ASKED, 0);
        }
    json_close(out, '}');
    open_member(out, "required", '[');
    for (size_t i = 0; i < act->nargs; i++)
        if (act->args[i].required && !in_path(act, act->args[i].name))
            json_text(out, act->args[i].name);
    json_close(out, ']');
    truth(out, "additionalProperties", false);
    json_close(out, '}');
    json_close(out, '}');
}

static void write_body(struct json_out *out, const struct act *act)
{
    if (act->method == GET)
        return;
    open_member(out, "requestBody", '{');
    open_member(out, "content", '{');
    if (act->streams)
        write_file_body(out, act->table);
    else
        write_json_body(out, act);
    json_close(out, '}');
    json_close(out, '}');
}

static void write_answer_schema(struct json_out *out, const struct act *act)
{
    json_open(out, '{');
    member(out, "type", STR("object"));
    if (!act->many) {
        write_fields(out, act->answer, act->nanswer, ANSWERED, 0);
    } else {
        open_member(out, "properties", '{');
        open_member(out, "items", '{');
        member(out, "type", STR("array"));
        open_member(out, "items", '{');
        member(out, "type", STR("object"));
        write_fields(out, act->answer, act->nanswer, ANSWERED, 1);
        json_close(out, '}');
        json_close(out, '}');
        open_member(out, "next", '{');
        write_type(out, KIND_TEXT, true);
        json_close(out, '}');
        json_close(out, '}');
    }
    json_close(out, '}');
}

static void write_responses(struct json_out *out, const struct act *act)
{
    open_member(out, "responses", '{');
    open_member(out, "2XX", '{');
    member(out, "description", act->title.len ? act->title : STR("好了"));
    if (act->nanswer) {
        open_member(out, "content", '{');
        open_member(out, "application/json", '{');
        json_key(out, STR("schema"));
        write_answer_schema(out, act);
        json_close(out, '}');
        json_close(out, '}');
    }
    json_close(out, '}');
    json_key(out, STR("default"));
    reference(out, "#/components/responses/problem");
    json_close(out, '}');
}

static void write_security(struct json_out *out, const struct act *act)
{
    static const char *const ways[] = { "session", "key" };

    open_member(out, "security", '[');
    for (size_t i = 0; act->right != RIGHT_ANYONE && i < COUNT(ways); i++) {
        json_open(out, '{');
        open_member(out, ways[i], '[');
        json_close(out, ']');
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void write_act(struct json_out *out, const struct act *act)
{
    json_open(out, '{');
    member(out, "operationId", str_of(act->name));
    open_member(out, "tags", '[');
    json_text(out, str_cut(str_of(act->name), '.').head);
    json_close(out, ']');
    member(out, "summary", act->title);
    member(out, "description", act->note);
    member(out, "x-right", right_word(act->right));
    member(out, "x-right-title", right_title(act->right));
    if (act->demo)
        truth(out, "x-demo", true);
    write_security(out, act);
    write_parameters(out, act);
    write_body(out, act);
    write_responses(out, act);
    json_close(out, '}');
}

/* ---- the whole ---- */

static bool same_path(size_t i, size_t j)
{
    const char *a = acts_at(i)->path, *b = acts_at(j)->path;

    return a && b && str_eq(str_of(a), str_of(b));
}

static bool path_seen(size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_path(i, j))
            return true;
    return false;
}

static struct str lower(struct arena *arena, struct str word)
{
    char *text = arena_take(arena, word.len + 1);

    for (size_t i = 0; text && i < word.len; i++)
        text[i] = (char)(word.at[i] | 0x20);
    return str_slice(text, text ? word.len : 0);
}

static void write_paths(struct json_out *out)
{
    open_member(out, "paths", '{');
    for (size_t i = 0; i < acts_count(); i++) {
        if (!acts_at(i)->path || path_seen(i))
            continue;
        open_member(out, acts_at(i)->path, '{');
        for (size_t j = i; j < acts_count(); j++)
            if (same_path(i, j)) {
                json_key(out, lower(out->arena, method_word(acts_at(j)->method)));
                write_act(out, acts_at(j));
            }
        json_close(out, '}');
    }
    json_close(out, '}');
}

static void write_limits(struct json_out *out)
{
    open_member(out, "x-limits", '[');
    for (const struct limit *limit = limit_rows; limit->name.at; limit++) {
        json_open(out, '{');
        member(out, "name", limit->name);
        number(out, "number", limit->number);
        member(out, "unit", limit->unit);
        member(out, "answer", limit->answer);
        member(out, "why", limit->why);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* What does not depend on the acts. */
static const char components[] =
    "{\"securitySchemes\":{"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-linli\"},"
    "\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
    "\"parameters\":{"
    "\"X-Linli\":{\"name\":\"X-Linli\",\"in\":\"header\",\"required\":true,"
    "\"schema\":{\"const\":\"1\"}},"
    "\"Idempotency-Key\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
    "\"description\":\"再发一次得到同一个回答\","
    "\"schema\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]{8,64}$\"}}},"
    "\"responses\":{\"problem\":{\"description\":\"没有办成，原因在 detail\",\"content\":{"
    "\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
    "problem\"}}}}},"
    "\"schemas\":{\"problem\":{\"type\":\"object\",\"properties\":{"
    "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"problems\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"where\":{\"type\":[\"string\",\"null\"]},\"says\":{\"type\":\"string\"}}}},"
    "\"request\":{\"type\":\"string\"}}}}}";

struct str openapi_text(struct arena *arena, struct str version)
{
    struct json_out out;

    json_out_init(&out, arena);
    json_open(&out, '{');
    member(&out, "openapi", STR("3.1.0"));
    open_member(&out, "info", '{');
    member(&out, "title", STR("linli 邻里"));
    member(&out, "version", version.len ? version : STR("0"));
    json_close(&out, '}');
    open_member(&out, "servers", '[');
    json_open(&out, '{');
    member(&out, "url", STR("/api/v1"));
    json_close(&out, '}');
    json_close(&out, ']');
    write_paths(&out);
    json_key(&out, STR("components"));
    json_raw(&out, str_of(components));
    write_limits(&out);
    json_close(&out, '}');
    return json_done(&out);
}
