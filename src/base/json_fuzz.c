/* Any text at all: json_check() accepts exactly what libjansson accepts, but
 * for our limits; what it accepts can be walked and written again without
 * losing anything; and reading into a struct holds whatever comes. */
#include "base/arena.h"
#include "base/json.h"
#include "base/json_oracle.h"
#include "fuzz.h"

struct thing {
    int64_t     id, time, count;
    bool        yes;
    double      real;
    struct str  text, bytes, raw;
    struct list ids, things;
};

static const struct field inner_fields[] = {
    FIELD(struct thing, text, REQUIRED, .max = 3),
    FIELD(struct thing, count, .min = -9, .max = 9),
    FIELD_LIST_OF(struct thing, ids, KIND_TEXT, .max = 2),
};

static const struct field fields[] = {
    FIELD_ID(struct thing, id, OPTIONAL),
    FIELD_TIME(struct thing, time, OPTIONAL),
    FIELD(struct thing, count, OPTIONAL),
    FIELD(struct thing, yes, OPTIONAL),
    FIELD(struct thing, real, OPTIONAL),
    FIELD(struct thing, text, OPTIONAL),
    FIELD_BYTES(struct thing, bytes, OPTIONAL),
    FIELD_RAW(struct thing, raw, OPTIONAL),
    FIELD_LIST_OF(struct thing, ids, KIND_ID, .max = 9),
    FIELD_LIST(struct thing, things, struct thing, inner_fields, OPTIONAL),
};

static void rewrite(struct json_out *out, struct str value)
{
    enum json_type     type = json_type(value);
    bool               array = type == JSON_ARRAY;
    struct json_member member;
    struct str         text;
    int64_t            whole;
    double             real;

    if (array || type == JSON_OBJECT) {
        json_open(out, array ? '[' : '{');
        for (struct str rest = json_inside(value);
             json_member(out->arena, &rest, &member);) {
            demand(array == !member.key.at);
            if (!array)
                json_key(out, member.key);
            rewrite(out, member.value);
        }
        json_close(out, array ? ']' : '}');
    } else if (type == JSON_STRING) {
        demand(json_value_text(out->arena, value, &text));
        json_text(out, text);
    } else if (json_value_int(value, &whole)) {
        json_int(out, whole);
    } else if (type == JSON_NUMBER) {
        demand(json_value_real(value, &real));
        json_real(out, real);
    } else {
        json_raw(out, value);
    }
}

static void compare(struct arena *arena, struct str text)
{
    struct problems problems;
    struct json_out out;

    problems_init(&problems, arena);
    bool ours = json_check(arena, text, &problems) == RC_OK, theirs = oracle_accepts(text);
    demand(ours == (problems.n == 0));
    demand(ours ? theirs : !theirs || !oracle_within(text));
    if (!ours)
        return;
    json_out_init(&out, arena);
    rewrite(&out, str_trim(text));
    struct str again = json_done(&out);
    demand(oracle_same(text, again));
}

static void fill(struct arena *arena, struct str text)
{
    struct problems problems;
    struct thing    thing = { 0 };
    struct json_out out;

    problems_init(&problems, arena);
    enum rc rc = json_read(arena, text, fields, COUNT(fields), &thing, &problems);
    demand((rc == RC_OK) == (problems.n == 0));
    for (const struct problem *p = problems.first; p; p = p->next)
        demand(str_utf8(p->says) && p->line > 0 && p->column > 0);
    if (rc != RC_OK)
        return;
    demand(oracle_accepts(text));
    json_out_init(&out, arena);
    json_struct(&out, fields, COUNT(fields), &thing);
    struct thing again = { 0 };
    demand(json_read(arena, json_done(&out), fields, COUNT(fields), &again, &problems) ==
           RC_OK);
    demand(again.id == thing.id && again.count == thing.count &&
           again.things.n == thing.things.n);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena arena;
    struct str   text = str_slice((const char *)data, n);

    arena_init(&arena, 64 << 20);
    compare(&arena, text);
    fill(&arena, text);
    arena_free(&arena);
    return 0;
}
