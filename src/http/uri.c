#include "http/uri.h"

#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of "%HH" at the start of `text`, -1 for anything else. */
static int escaped_byte(struct str text)
{
    if (text.len < 3)
        return -1;
    int high = hex_digit(text.at[1]), low = hex_digit(text.at[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

struct str uri_decoded(struct arena *arena, struct str raw, enum uri_text kind)
{
    char  *to = arena_take(arena, raw.len + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < raw.len; i++) {
        int c = (unsigned char)raw.at[i];
        if (c == '%') {
            c = escaped_byte(str_skip(raw, i));
            i += 2;
        } else if (c == '+' && kind != URI_PATH) {
            c = ' ';
        }
        bool line = kind == URI_FORM && (c == '\n' || c == '\r' || c == '\t');
        if ((c < 0x20 && !line) || c == 0x7f)
            return STR_NONE;
        to[n++] = (char)c;
    }
    struct str text = str_slice(to, n);
    return to && str_utf8(text) ? text : STR_NONE;
}

/* No segment may hold what a file system takes for a separator. */
static bool one_segment(struct str text)
{
    return text.at && !(text.len && memchr(text.at, '/', text.len)) &&
           !(text.len && memchr(text.at, '\\', text.len));
}

static bool dots(struct str text)
{
    return str_eq(text, STR(".")) || str_eq(text, STR(".."));
}

static enum rc read_path(struct arena *arena, struct str raw, struct target *target,
                         struct problems *problems)
{
    struct str rest = str_skip(raw, 1);

    for (bool more = true; more;) {
        struct str_cut parts = str_cut(rest, '/');
        struct str     segment = uri_decoded(arena, parts.head, URI_PATH);
        if (!one_segment(segment)) {
            problem_add(problems, STR_NONE, "网址里有认不出的字符。");
            return RC_INVALID;
        }
        if (dots(segment) || target->nsegments == HTTP_SEGMENTS_MAX)
            return RC_NOT_FOUND;
        target->segments[target->nsegments++] = segment;
        rest = parts.tail;
        more = parts.ok;
    }
    struct str path = str_join(arena, target->segments, target->nsegments, STR("/"));
    target->path = str_fmt(arena, "/%.*s", STR_ARG(path));
    return RC_OK;
}

static bool asked_before(const struct target *target, struct str name)
{
    for (size_t i = 0; i < target->nquery; i++)
        if (str_eq(target->query[i].name, name))
            return true;
    return false;
}

static enum rc read_pair(struct arena *arena, struct str raw, struct target *target,
                         struct problems *problems)
{
    struct str_cut parts = str_cut(raw, '=');
    struct str     name = uri_decoded(arena, parts.head, URI_QUERY);
    struct str     value = parts.ok ? uri_decoded(arena, parts.tail, URI_QUERY) : STR("");

    if (str_empty(name) || !value.at)
        problem_add(problems, STR_NONE, "网址里有认不出的字符。");
    else if (asked_before(target, name))
        problem_add(problems, name, "网址里同一个参数出现了两次，请只留一个。");
    else if (target->nquery == HTTP_QUERY_MAX)
        problem_add(problems, STR_NONE, "网址里的参数太多了，最多 %d 个。", HTTP_QUERY_MAX);
    else {
        target->query[target->nquery++] = (struct gate_arg){ name, value };
        return RC_OK;
    }
    return RC_INVALID;
}

static enum rc read_query(struct arena *arena, struct str rest, struct target *target,
                          struct problems *problems)
{
    enum rc rc = RC_OK;

    while (rc == RC_OK && rest.len) {
        struct str_cut parts = str_cut(rest, '&');
        rc = read_pair(arena, parts.head, target, problems);
        rest = parts.tail;
    }
    return rc;
}

enum rc target_parse(struct arena *arena, struct str raw, struct target *target,
                     struct problems *problems)
{
    struct str_cut parts = str_cut(raw, '?');
    struct str     path = parts.head;

    *target = (struct target){ 0 };
    if (raw.len > HTTP_URL_BYTES_MAX)
        return RC_URI_TOO_LONG;
    if (!str_starts(path, STR("/"))) {
        problem_add(problems, STR_NONE, "网址要以“/”开头。");
        return RC_INVALID;
    }
    enum rc rc = read_path(arena, path, target, problems);
    if (rc == RC_OK && parts.ok)
        rc = read_query(arena, parts.tail, target, problems);
    return rc;
}

bool same_word(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

size_t cookie_find(struct str header, struct str name, struct str *value)
{
    size_t found = 0;

    *value = STR_NONE;
    while (header.len) {
        struct str_cut parts = str_cut(header, ';');
        struct str_cut pair = str_cut(str_trim(parts.head), '=');
        if (pair.ok && str_eq(pair.head, name) && ++found == 1)
            *value = pair.tail;
        header = parts.tail;
    }
    if (found != 1)
        *value = STR_NONE;
    return found;
}

struct str bearer_of(struct str authorization)
{
    struct str_cut parts = str_cut(authorization, ' ');

    return parts.ok && same_word(parts.head, STR("Bearer")) ? str_trim(parts.tail)
                                                            : STR_NONE;
}

bool etag_listed(struct str list, struct str etag)
{
    while (list.len) {
        struct str_cut parts = str_cut(list, ',');
        struct str     one = str_trim(parts.head);
        if (str_starts(one, STR("W/")))
            one = str_skip(one, 2);
        if (str_eq(one, STR("*")) || str_eq(one, etag))
            return true;
        list = parts.tail;
    }
    return false;
}

static bool weight_is_zero(struct str parameters)
{
    struct str weight = str_trim(parameters);

    if (!str_starts(weight, STR("q=0")))
        return false;
    for (weight = str_skip(weight, 3); weight.len; weight = str_skip(weight, 1))
        if (weight.at[0] != '.' && weight.at[0] != '0')
            return false;
    return true;
}

bool encoding_taken(struct str list, struct str encoding)
{
    while (list.len) {
        struct str_cut parts = str_cut(list, ',');
        struct str_cut one = str_cut(parts.head, ';');
        if (same_word(str_trim(one.head), encoding))
            return !weight_is_zero(one.tail);
        list = parts.tail;
    }
    return false;
}

bool media_is(struct str content_type, struct str wanted)
{
    struct str_cut parts = str_cut(content_type, ';');

    if (!same_word(str_trim(parts.head), wanted))
        return false;
    return !parts.ok || same_word(str_trim(parts.tail), STR("charset=utf-8"));
}

bool event_id_parse(struct str text, int64_t *county, int64_t *seq)
{
    struct str_cut parts = str_cut(text, '-');

    return parts.ok && str_int64(parts.head, county) && str_int64(parts.tail, seq) &&
           *county >= 0 && *seq >= 0;
}
