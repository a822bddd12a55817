#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { FIRST_ROOM = 512 };
#define EACH UINT64_C(0x0101010101010101) /* of eight bytes */

void json_out_init(struct json_out *out, struct arena *arena)
{
    *out = (struct json_out){ .arena = arena };
}

/* NULL once the budget is gone, and from then on. */
static char *grow(struct json_out *out, size_t n)
{
    size_t room = out->room ? out->room * 2 : FIRST_ROOM;

    if (out->arena->over)
        return NULL;
    while (room - out->len < n)
        room *= 2;
    char *grown = arena_take_raw(out->arena, room);
    if (!grown)
        return NULL;
    if (out->len)
        memcpy(grown, out->at, out->len);
    out->at = grown;
    out->room = room;
    return out->at + out->len;
}

void json_expect(struct json_out *out, size_t n)
{
    const struct arena *arena = out->arena;

    if (n > out->room - out->len && n < (arena->budget - arena->taken) / 4)
        (void)grow(out, n);
}

/* Room for n more bytes, or NULL. */
static inline char *reserve(struct json_out *out, size_t n)
{
    return n <= out->room - out->len ? out->at + out->len : grow(out, n);
}

static inline void put(struct json_out *out, const char *at, size_t n)
{
    char *to = n ? reserve(out, n) : NULL;

    if (to) {
        memcpy(to, at, n);
        out->len += n;
    }
}

static inline void put_char(struct json_out *out, char c)
{
    put(out, &c, 1);
}

static inline void before_value(struct json_out *out)
{
    if (out->comma)
        put_char(out, ',');
    out->comma = true;
}

void json_open(struct json_out *out, char bracket)
{
    before_value(out);
    put_char(out, bracket);
    out->depth++;
    out->comma = false;
}

void json_close(struct json_out *out, char bracket)
{
    assert(out->depth > 0);
    put_char(out, bracket);
    out->depth--;
    out->comma = true;
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

/* A byte below 0x80 has its top bit set by the difference when it is less: than 0x20,
 * or, once compared, than one; and by the sum when it is 0x7f.  What a byte carries into
 * the next can only make it look special, and then each is looked at. */
static inline bool all_plain(uint64_t eight)
{
    uint64_t control = eight - EACH * 0x20;
    uint64_t quote = (eight ^ EACH * '"') - EACH;
    uint64_t escape = (eight ^ EACH * '\\') - EACH;
    uint64_t delete = eight + EACH;

    return !((control | quote | escape | delete) & ~eight & EACH * 0x80);
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* The same of sixteen bytes, as processors compare them at once. */
static inline bool sixteen_plain(sixteen bytes)
{
    uint64_t halves[2];

    __typeof__(bytes < 0x20) special =
        (bytes < 0x20) | (bytes == '"') | (bytes == '\\') | (bytes == 0x7f);
    memcpy(halves, &special, sizeof halves);
    return !(halves[0] | halves[1]);
}

/* How many bytes from `i` on are plain. */
static size_t plain_run(struct str text, size_t i)
{
    size_t   from = i;
    uint64_t eight;

    for (; text.len - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, text.at + i, sizeof eight);
        if (!all_plain(eight))
            break;
    }
    while (i < text.len && plain((unsigned char)text.at[i]))
        i++;
    return i - from;
}

/* Of less than eight bytes: two halves that overlap, or three single ones. */
static inline bool copy_few(char *to, struct str text)
{
    uint32_t head, tail;

    if (text.len >= sizeof head) {
        memcpy(&head, text.at, sizeof head);
        memcpy(&tail, text.at + text.len - sizeof tail, sizeof tail);
        memcpy(to, &head, sizeof head);
        memcpy(to + text.len - sizeof tail, &tail, sizeof tail);
        return all_plain((uint64_t)head << 32 | tail);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!plain((unsigned char)text.at[i]))
            return false;
        to[i] = text.at[i];
    }
    return true;
}

/* Copies sixteen or eight bytes at a time while they are plain; the last few go together
 * with some before them.  False: it has others, and what was copied is to be forgotten. */
static inline bool copy_plain(char *to, struct str text)
{
    sixteen  bytes;
    uint64_t eight;

    if (text.len < sizeof eight)
        return copy_few(to, text);
    for (size_t i = 0; text.len >= sizeof bytes && i < text.len; i += sizeof bytes) {
        size_t at = text.len - i < sizeof bytes ? text.len - sizeof bytes : i;
        memcpy(&bytes, text.at + at, sizeof bytes);
        if (!sixteen_plain(bytes))
            return false;
        memcpy(to + at, &bytes, sizeof bytes);
    }
    if (text.len >= sizeof bytes)
        return true;
    for (size_t i = 0; i < text.len; i += sizeof eight) {
        size_t at = text.len - i < sizeof eight ? text.len - sizeof eight : i;
        memcpy(&eight, text.at + at, sizeof eight);
        if (!all_plain(eight))
            return false;
        memcpy(to + at, &eight, sizeof eight);
    }
    return true;
}

static void put_escape(struct json_out *out, unsigned char c)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    char              text[8];

    for (size_t i = 0; i + 1 < sizeof names; i += 2)
        if ((unsigned char)names[i] == c) {
            put(out, (char[]){ '\\', names[i + 1] }, 2);
            return;
        }
    (void)snprintf(text, sizeof text, "\\u%04x", c);
    put(out, text, 6);
}

static void put_escaped(struct json_out *out, struct str text)
{
    put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        size_t n = plain_run(text, i);
        put(out, text.at + i, n);
        i += n;
        if (i < text.len)
            put_escape(out, (unsigned char)text.at[i]);
    }
    put_char(out, '"');
}

/* Nearly every text is plain from end to end. */
static inline void put_string(struct json_out *out, struct str text)
{
    char *to = reserve(out, text.len + 2);

    if (!to)
        return;
    if (!copy_plain(to + 1, text)) {
        put_escaped(out, text);
        return;
    }
    to[0] = to[text.len + 1] = '"';
    out->len += text.len + 2;
}

void json_key(struct json_out *out, struct str key)
{
    before_value(out);
    put_string(out, key);
    put_char(out, ':');
    out->comma = false;
}

void json_null(struct json_out *out)
{
    before_value(out);
    put(out, "null", 4);
}

void json_text(struct json_out *out, struct str text)
{
    if (!text.at) {
        json_null(out);
        return;
    }
    before_value(out);
    put_string(out, text);
}

static inline void put_decimal(struct json_out *out, int64_t number)
{
    char     digits[24], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    for (; rest >= 100; rest /= 100) {
        *--at = (char)('0' + rest % 10);
        *--at = (char)('0' + rest / 10 % 10);
    }
    if (rest >= 10)
        *--at = (char)('0' + rest % 10);
    *--at = (char)('0' + (rest >= 10 ? rest / 10 : rest));
    if (number < 0)
        *--at = '-';
    put(out, at, (size_t)(digits + sizeof digits - at));
}

void json_int(struct json_out *out, int64_t number)
{
    before_value(out);
    put_decimal(out, number);
}

void json_real(struct json_out *out, double number)
{
    char text[40];

    if (!isfinite(number)) {
        json_null(out);
        return;
    }
    before_value(out);
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    put(out, text, strlen(text));
}

void json_bool(struct json_out *out, bool truth)
{
    before_value(out);
    put(out, truth ? "true" : "false", truth ? 4 : 5);
}

void json_id(struct json_out *out, int64_t id)
{
    if (id == 0) {
        json_null(out);
        return;
    }
    before_value(out);
    put_char(out, '"');
    put_decimal(out, id);
    put_char(out, '"');
}

static void put_digits(char *at, int n, int64_t number)
{
    for (; n > 0; n--, number /= 10)
        at[n - 1] = (char)('0' + number % 10);
}

void json_time(struct json_out *out, int64_t ms)
{
    char         text[] = "\"0000-00-00T00:00:00.000+08:00\"";
    struct civil c = clock_civil(ms);

    if (ms == 0 || c.year < 0 || c.year > 9999) {
        json_null(out);
        return;
    }
    put_digits(text + 1, 4, c.year);
    put_digits(text + 6, 2, c.month);
    put_digits(text + 9, 2, c.day);
    put_digits(text + 12, 2, c.hour);
    put_digits(text + 15, 2, c.minute);
    put_digits(text + 18, 2, c.second);
    put_digits(text + 21, 3, c.ms);
    before_value(out);
    put(out, text, sizeof text - 1);
}

void json_raw(struct json_out *out, struct str checked)
{
    if (!checked.at) {
        json_null(out);
        return;
    }
    before_value(out);
    put(out, checked.at, checked.len);
}

static void put_scalar(struct json_out *out, enum kind kind, const void *at)
{
    switch (kind) {
    case KIND_BOOL:
        json_bool(out, *(const bool *)at);
        return;
    case KIND_INT:
        json_int(out, *(const int64_t *)at);
        return;
    case KIND_ID:
        json_id(out, *(const int64_t *)at);
        return;
    case KIND_TIME:
        json_time(out, *(const int64_t *)at);
        return;
    case KIND_REAL:
        json_real(out, *(const double *)at);
        return;
    case KIND_TEXT:
        json_text(out, *(const struct str *)at);
        return;
    case KIND_BYTES:
        json_text(out, ((const struct str *)at)->at
                           ? str_hex(out->arena, ((const struct str *)at)->at,
                                     ((const struct str *)at)->len)
                           : STR_NONE);
        return;
    case KIND_RAW:
        json_raw(out, *(const struct str *)at);
        return;
    case KIND_STRUCT:
    case KIND_LIST:
        break;
    }
    assert(false && "a scalar");
}

void json_struct(struct json_out *out, const struct field *fields, size_t n,
                 const void *from)
{
    json_open(out, '{');
    json_members(out, fields, n, from);
    json_close(out, '}');
}

static void put_list(struct json_out *out, const struct field *field,
                     const struct list *list)
{
    json_open(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        const char *element = (const char *)list->at + i * field->size;
        if (field->sub)
            json_struct(out, field->sub, field->nsub, element);
        else
            put_scalar(out, field->of, element);
    }
    json_close(out, ']');
}

/* What reads back the same when it is left out. */
static bool says_nothing(const struct field *field, const void *at)
{
    switch (field->kind) {
    case KIND_BOOL:
        return !*(const bool *)at;
    case KIND_INT:
    case KIND_ID:
    case KIND_TIME:
        return *(const int64_t *)at == 0;
    case KIND_TEXT:
    case KIND_BYTES:
    case KIND_RAW:
        return !((const struct str *)at)->at;
    case KIND_LIST:
        return ((const struct list *)at)->n == 0;
    case KIND_REAL:
    case KIND_STRUCT:
        break;
    }
    return false;
}

/* Few bytes without a call: two pieces of a fixed size that may overlap. */
static inline void copy_name(char *to, struct str name)
{
    uint64_t head, tail;
    uint32_t first, last;

    if (name.len >= 4 && name.len <= 8) {
        memcpy(&first, name.at, sizeof first);
        memcpy(&last, name.at + name.len - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + name.len - sizeof last, &last, sizeof last);
    } else if (name.len > 8 && name.len <= 16) {
        memcpy(&head, name.at, sizeof head);
        memcpy(&tail, name.at + name.len - sizeof tail, sizeof tail);
        memcpy(to, &head, sizeof head);
        memcpy(to + name.len - sizeof tail, &tail, sizeof tail);
    } else {
        memcpy(to, name.at, name.len);
    }
}

/* A member of a C struct: its name needs no look. */
static void put_name(struct json_out *out, struct str name)
{
    char *to = reserve(out, name.len + 4);

    if (!to)
        return;
    if (out->comma)
        *to++ = ',';
    *to++ = '"';
    copy_name(to, name);
    to += name.len;
    *to++ = '"';
    *to++ = ':';
    out->len = (size_t)(to - out->at);
    out->comma = false;
}

void json_members(struct json_out *out, const struct field *fields, size_t n,
                  const void *from)
{
    for (size_t i = 0; i < n; i++) {
        const char *at = (const char *)from + fields[i].offset;
        if (out->brief && says_nothing(&fields[i], at))
            continue;
        put_name(out, fields[i].name);
        if (fields[i].kind == KIND_STRUCT)
            json_struct(out, fields[i].sub, fields[i].nsub, at);
        else if (fields[i].kind == KIND_LIST)
            put_list(out, &fields[i], (const struct list *)(const void *)at);
        else
            put_scalar(out, fields[i].kind, at);
    }
}

struct str json_done(struct json_out *out)
{
    assert(out->depth == 0);
    return out->arena->over || !out->at ? STR_NONE : str_slice(out->at, out->len);
}
