#include "base/json_scan.h"

#include <string.h>

enum rc json_check(struct arena *arena, struct str text, struct problems *problems)
{
    struct scan scan = scan_of(arena, text, problems);
    size_t      before = problems->n;

    if (scan_value(&scan, NULL, NULL))
        (void)scan_end(&scan);
    return arena->over ? RC_TOO_LARGE : problems->n > before ? RC_INVALID : RC_OK;
}

enum json_type json_type(struct str value)
{
    switch (str_empty(value) ? 'n' : value.at[0]) {
    case 'n':
        return JSON_NULL;
    case 'f':
        return JSON_FALSE;
    case 't':
        return JSON_TRUE;
    case '"':
        return JSON_STRING;
    case '[':
        return JSON_ARRAY;
    case '{':
        return JSON_OBJECT;
    default:
        return JSON_NUMBER;
    }
}

struct str json_inside(struct str value)
{
    value = str_trim(value);
    enum json_type type = json_type(value);
    bool           inside = value.len >= 2 && (type == JSON_ARRAY || type == JSON_OBJECT);

    return inside ? str_trim(str_slice(value.at + 1, value.len - 2)) : STR_NONE;
}

/* Length of the string that opens s, both quotes included. */
static size_t string_length(struct str s)
{
    size_t i = 1;

    while (i < s.len) {
        const char *quote = memchr(s.at + i, '"', s.len - i);
        size_t      end = quote ? (size_t)(quote - s.at) : s.len;
        const char *escape = memchr(s.at + i, '\\', end - i);
        if (!escape)
            return quote ? end + 1 : s.len;
        i = (size_t)(escape - s.at) + 2;
    }
    return s.len;
}

/* Of a value's characters those that say where it ends. */
static const bool telling[256] = {
    ['"'] = true, [','] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true
};

/* Length of the value that opens s; it was checked, so brackets match. */
static size_t value_length(struct str s)
{
    size_t i = 0;
    int    depth = 0;

    while (i < s.len) {
        char c = s.at[i];
        if (!telling[(unsigned char)c]) {
            i++;
            continue;
        }
        bool closing = c == '}' || c == ']';
        if (depth == 0 && (c == ',' || closing))
            break;
        depth += (c == '{' || c == '[') - closing;
        i += c == '"' ? string_length(str_skip(s, i)) : 1;
    }
    return i;
}

static struct str past_blanks(struct str s)
{
    while (s.len &&
           (s.at[0] == ' ' || s.at[0] == '\t' || s.at[0] == '\n' || s.at[0] == '\r'))
        s = str_skip(s, 1);
    return s;
}

bool json_member(struct arena *arena, struct str *rest, struct json_member *member)
{
    *member = (struct json_member){ 0 };
    if (str_empty(*rest))
        return false;
    if (rest->at[0] == '"') {
        size_t     n = string_length(*rest);
        struct str behind = past_blanks(str_skip(*rest, n));
        if (behind.len && behind.at[0] == ':') {
            if (!json_value_text(arena, str_slice(rest->at, n), &member->key))
                return false;
            *rest = past_blanks(str_skip(behind, 1));
        }
    }
    size_t n = value_length(*rest);
    member->value = str_trim(str_slice(rest->at, n));
    *rest = past_blanks(str_skip(*rest, n));
    if (rest->len && rest->at[0] == ',')
        *rest = past_blanks(str_skip(*rest, 1));
    return true;
}

bool json_may_have(struct str object, struct str name)
{
    const char *at;

    while (name.len && object.len && (at = memchr(object.at, name.at[0], object.len))) {
        object = str_skip(object, (size_t)(at - object.at));
        if (str_starts(object, name))
            return true;
        object = str_skip(object, 1);
    }
    return false;
}

bool json_value_text(struct arena *arena, struct str value, struct str *text)
{
    struct scan scan = scan_of(arena, value, NULL);

    if (value.len >= 2 && value.at[0] == '"' && !memchr(value.at, '\\', value.len)) {
        *text = str_slice(value.at + 1, value.len - 2);
        return true;
    }
    return scan_peek(&scan) == '"' && scan_string(&scan, NULL, text);
}

static bool value_number(struct str value, struct number *number)
{
    struct scan scan = scan_of(NULL, value, NULL);
    char        c = scan_peek(&scan);

    return (c == '-' || (c >= '0' && c <= '9')) && scan_number(&scan, NULL, number);
}

bool json_value_int(struct str value, int64_t *number)
{
    struct number read;

    return value_number(value, &read) && number_int(read, number);
}

bool json_value_real(struct str value, double *number)
{
    struct number read;

    return value_number(value, &read) && number_real(read, number);
}
