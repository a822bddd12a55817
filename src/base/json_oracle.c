#include "base/json_oracle.h"

#include <dlfcn.h>
#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/plain.h"

static struct {
    __typeof__(&json_loadb)             load;
    __typeof__(&json_delete)            discard;
    __typeof__(&json_equal)             equal;
    __typeof__(&json_array_size)        array_size;
    __typeof__(&json_array_get)         array_get;
    __typeof__(&json_object_size)       object_size;
    __typeof__(&json_object_iter)       object_iter;
    __typeof__(&json_object_iter_next)  object_next;
    __typeof__(&json_object_iter_key)   object_key;
    __typeof__(&json_object_iter_value) object_value;
    __typeof__(&json_string_length)     string_length;
    __typeof__(&json_string_value)      string_value;
} jansson;

static void find_jansson(void)
{
    const struct {
        const char *name;
        void      **to;
    } wanted[] = {
        { "json_loadb", (void **)&jansson.load },
        { "json_delete", (void **)&jansson.discard },
        { "json_equal", (void **)&jansson.equal },
        { "json_array_size", (void **)&jansson.array_size },
        { "json_array_get", (void **)&jansson.array_get },
        { "json_object_size", (void **)&jansson.object_size },
        { "json_object_iter", (void **)&jansson.object_iter },
        { "json_object_iter_next", (void **)&jansson.object_next },
        { "json_object_iter_key", (void **)&jansson.object_key },
        { "json_object_iter_value", (void **)&jansson.object_value },
        { "json_string_length", (void **)&jansson.string_length },
        { "json_string_value", (void **)&jansson.string_value },
    };

    if (jansson.load)
        return;
    void *library = dlopen("libjansson.so.4", RTLD_NOW | RTLD_LOCAL);
    assert(library);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        *wanted[i].to = dlsym(library, wanted[i].name);
        assert(*wanted[i].to);
    }
}

static json_t *load(struct str text, size_t more)
{
    find_jansson();
    return jansson.load(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | more,
                        NULL);
}

static void discard(json_t *value)
{
    if (value && value->refcount != (size_t)-1 && --value->refcount == 0)
        jansson.discard(value);
}

bool oracle_accepts(struct str text)
{
    json_t *value = load(text, 0);
    bool    accepted = value != NULL;

    discard(value);
    return accepted;
}

static bool shown(struct str text)
{
    while (text.len)
        if (!plain_point(str_utf8_next(&text)))
            return false;
    return true;
}

static size_t run_of(struct str text, const char *bytes)
{
    size_t n = 0;

    while (n < text.len && text.at[n] && strchr(bytes, text.at[n]))
        n++;
    return n;
}

static bool within(json_t *value, int depth)
{
    if (json_is_string(value))
        return jansson.string_length(value) <= JSON_TEXT_MAX &&
               shown(str_of(jansson.string_value(value)));
    if (!json_is_array(value) && !json_is_object(value))
        return true;
    bool   array = json_is_array(value);
    size_t n = array ? jansson.array_size(value) : jansson.object_size(value);
    if (n > JSON_MEMBERS_MAX || depth == JSON_DEPTH_MAX)
        return false;
    bool ok = true;
    for (size_t i = 0; array && ok && i < n; i++)
        ok = within(jansson.array_get(value, i), depth + 1);
    for (void *i = array ? NULL : jansson.object_iter(value); ok && i;
         i = jansson.object_next(value, i))
        ok = strlen(jansson.object_key(i)) <= JSON_TEXT_MAX &&
             shown(str_of(jansson.object_key(i))) &&
             within(jansson.object_value(i), depth + 1);
    return ok;
}

/* Whether what a number is written with, wherever it stands, is no longer than one may
 * be.  Inside strings too; the fuzzer can afford to miss those. */
static bool short_numbers(struct str text)
{
    while (text.len) {
        struct str run = str_slice(text.at, run_of(text, "0123456789+-.eE"));
        size_t     zeros = run_of(run, "-0."), digits = 0;
        for (size_t i = zeros; i < run.len && run.at[i] != 'e' && run.at[i] != 'E'; i++)
            digits += run.at[i] >= '0' && run.at[i] <= '9';
        if (run.len > JSON_NUMBER_MAX || digits > JSON_DIGITS_MAX)
            return false;
        text = str_skip(text, run.len + 1);
    }
    return true;
}

bool oracle_within(struct str text)
{
    json_t *value = load(text, 0);
    bool inside = short_numbers(text) && !memchr(text.at, 0, text.len) && within(value, 0);

    discard(value);
    return inside;
}

bool oracle_same(struct str text, struct str other)
{
    /* 1.0 is written as 1, so whole numbers are compared as reals. */
    json_t *a = load(text, JSON_DECODE_INT_AS_REAL),
           *b = load(other, JSON_DECODE_INT_AS_REAL);
    bool same = a && b && jansson.equal(a, b);

    discard(a);
    discard(b);
    return same;
}
