/* Arguments of an act from three places, made one JSON object, so that a single
 * strict reader tells every problem at once. */
#include <string.h>

#include "gate/gate.h"

/* A number or truth in a URL has no quotes; one that isn't keeps them and is told
 * of by the reader as what it is. */
static void put_argument(struct json_out *out, const struct field *field, struct str value)
{
    int64_t number;
    double  real;
    bool    bare = field && ((field->kind == KIND_INT && str_int64(value, &number)) ||
                          (field->kind == KIND_REAL && json_value_real(value, &real)) ||
                          (field->kind == KIND_BOOL &&
                           (str_eq(value, STR("true")) || str_eq(value, STR("false")))));

    if (bare)
        json_raw(out, value);
    else
        json_text(out, value);
}

static bool is_object(struct str text)
{
    return text.len >= 2 && text.at[0] == '{' && text.at[text.len - 1] == '}';
}

/* Members from the URL first, then those of the body. */
static struct str merged(struct asking *asking, const struct gate_arg *args, size_t n,
                         struct str body)
{
    struct json_out   out;
    const struct act *act = asking->act;

    json_out_init(&out, asking->arena);
    json_open(&out, '{');
    for (size_t i = 0; i < n; i++) {
        json_key(&out, args[i].name);
        put_argument(&out, field_find(act->args, act->nargs, args[i].name), args[i].value);
    }
    struct str inside =
        body.len ? str_trim(str_slice(body.at + 1, body.len - 2)) : STR_NONE;
    if (inside.len)
        json_raw(&out, inside);
    json_close(&out, '}');
    return json_done(&out);
}

enum rc gate_read_args(struct asking *asking, const struct gate_arg *args, size_t n,
                       struct str body)
{
    const struct act *act = asking->act;

    problems_init(&asking->problems, asking->arena);
    asking->args = arena_take(asking->arena, act->args_size ? act->args_size : 1);
    body = str_trim(body);
    bool       alone = body.len && (n == 0 || !is_object(body));
    struct str text = alone ? body : merged(asking, args, n, body);
    asking->body = text;
    if (!asking->args || !text.at)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < n; i++) /* a URL is not checked by anybody before */
        if (!str_utf8(args[i].value) || !str_utf8(args[i].name)) {
            problem_add(&asking->problems, STR_NONE, "网址里有认不出的字符。");
            return RC_INVALID;
        }
    return json_read(asking->arena, text, act->args, act->nargs, asking->args,
                     &asking->problems);
}
