#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { FIRST_ROOM = 512, DAY_MS = 24 * 3600 * 1000 };
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

/* Of eight to sixteen: two halves that overlap, looked at together. */
static inline bool copy_some(char *to, struct str text)
{
    uint64_t halves[2];
    sixteen  bytes;
    char    *tail = to + text.len - sizeof *halves;

    memcpy(&halves[0], text.at, sizeof *halves);
    memcpy(&halves[1], text.at + text.len - sizeof *halves, sizeof *halves);
    memcpy(to, &halves[0], sizeof *halves);
    memcpy(tail, &halves[1], sizeof *halves);
    memcpy(&bytes, halves, sizeof bytes);
    return sixteen_plain(bytes);
}

/* Copies sixteen bytes at a time while they are plain; the last few go together with some
 * before them.  False: it has others, and what was copied is to be forgotten. */
static inline bool copy_plain(char *to, struct str text)
{
    sixteen bytes;
    size_t  i = 0;

    if (text.len < sizeof(uint64_t))
        return copy_few(to, text);
    if (text.len <= sizeof bytes)
        return copy_some(to, text);
    for (; i < text.len; i += sizeof bytes) {
        size_t at = text.len - i < sizeof bytes ? text.len - sizeof bytes : i;
        memcpy(&bytes, text.at + at, sizeof bytes);
        if (!sixteen_plain(bytes))
            return false;
        memcpy(to + at, &bytes, sizeof bytes);
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

/* ---- numbers, times and truths: SHORT_BYTES at most, each says where it ends ---- */

enum { SHORT_BYTES = 40, DIGITS_MAX = 20 }; /* with the marks of a name and a text */

static inline char *decimal_to(char *to, int64_t number)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char     digits[2 * DIGITS_MAX] = { 0 }, *at = digits + DIGITS_MAX;

    if (number < 0)
        *to++ = '-';
    for (; rest >= 10; rest /= 100) {
        *--at = (char)('0' + rest % 10);
        *--at = (char)('0' + rest / 10 % 10);
    }
    if (rest || at == digits + DIGITS_MAX)
        *--at = (char)('0' + rest);
    memcpy(to, at, DIGITS_MAX); /* a fixed size is no call */
    return to + (digits + DIGITS_MAX - at);
}

/* A member's name, which needs no look: it is C's. */
static inline char *name_to(char *to, bool comma, const struct field *field)
{
    struct str text = field->json;

    if (text.at) {
        text = comma ? text : str_skip(text, 1);
        str_bytes(to, text);
        return to + text.len;
    }
    if (comma)
        *to++ = ',';
    *to++ = '"';
    str_bytes(to, field->name);
    to += field->name.len;
    *to++ = '"';
    *to++ = ':';
    return to;
}

static inline char *null_to(char *to)
{
    memcpy(to, "null", 4);
    return to + 4;
}

static inline char *id_to(char *to, int64_t id)
{
    if (!id)
        return null_to(to);
    *to++ = '"';
    to = decimal_to(to, id);
    *to++ = '"';
    return to;
}

static inline char *bool_to(char *to, bool truth)
{
    memcpy(to, truth ? "true " : "false", 5);
    return to + (truth ? 4 : 5);
}

/* NULL: it is to be escaped. */
static inline char *text_to(char *to, struct str text)
{
    if (!copy_plain(to + 1, text))
        return NULL;
    to[0] = to[text.len + 1] = '"';
    return to + text.len + 2;
}

static inline void digits_to(char *at, int n, int number)
{
    for (; n > 0; n--, number /= 10)
        at[n - 1] = (char)('0' + number % 10);
}

/* Many times of one text are of one day. */
static bool know_day(struct json_out *out, int64_t ms)
{
    struct civil c = clock_civil(ms);

    if (c.year < 0 || c.year > 9999)
        return false;
    memcpy(out->date, "0000-00-00", sizeof out->date);
    digits_to(out->date, 4, (int)c.year);
    digits_to(out->date + 5, 2, c.month);
    digits_to(out->date + 8, 2, c.day);
    out->day_ms = ms - (((c.hour * 60LL + c.minute) * 60 + c.second) * 1000 + c.ms);
    return true;
}

static inline char *time_to(struct json_out *out, char *to, int64_t ms)
{
    static const char shape[32] = "\"0000-00-00T00:00:00.000+08:00\"";

    if (!ms || ((!out->day_ms || ms < out->day_ms || ms - out->day_ms >= DAY_MS) &&
                !know_day(out, ms)))
        return null_to(to);
    int rest = (int)(ms - out->day_ms);
    memcpy(to, shape, sizeof shape);
    memcpy(to + 1, out->date, sizeof out->date);
    digits_to(to + 12, 2, rest / 3600000);
    digits_to(to + 15, 2, rest / 60000 % 60);
    digits_to(to + 18, 2, rest / 1000 % 60);
    digits_to(to + 21, 3, rest % 1000);
    return to + sizeof shape - 1;
}

/* A value of which SHORT_BYTES and its text's are enough; NULL: it is none. */
static inline char *value_to(struct json_out *out, char *to, enum kind kind, const void *at)
{
    switch (kind) {
    case KIND_TEXT:
        return ((const struct str *)at)->at ? text_to(to, *(const struct str *)at)
                                            : null_to(to);
    case KIND_BOOL:
        return bool_to(to, *(const bool *)at);
    case KIND_INT:
        return decimal_to(to, *(const int64_t *)at);
    case KIND_ID:
        return id_to(to, *(const int64_t *)at);
    case KIND_TIME:
        return time_to(out, to, *(const int64_t *)at);
    case KIND_REAL:
    case KIND_BYTES:
    case KIND_STRUCT:
    case KIND_LIST:
    case KIND_RAW:
        break;
    }
    return NULL;
}

/* Nearly every text is plain from end to end. */
static inline void put_string(struct json_out *out, struct str text)
{
    char *to = reserve(out, text.len + 2);
    char *end = to ? text_to(to, text) : NULL;

    if (end)
        out->len = (size_t)(end - out->at);
    else if (to)
        put_escaped(out, text);
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

/* A number, a time or a truth. */
static inline void put_short(struct json_out *out, enum kind kind, const void *at)
{
    before_value(out);
    char *to = reserve(out, SHORT_BYTES);
    if (to)
        out->len = (size_t)(value_to(out, to, kind, at) - out->at);
}

void json_int(struct json_out *out, int64_t number)
{
    put_short(out, KIND_INT, &number);
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
    put_short(out, KIND_BOOL, &truth);
}

void json_id(struct json_out *out, int64_t id)
{
    put_short(out, KIND_ID, &id);
}

void json_time(struct json_out *out, int64_t ms)
{
    put_short(out, KIND_TIME, &ms);
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
    case KIND_INT:
    case KIND_ID:
    case KIND_TIME:
        put_short(out, kind, at);
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

static void put_long(struct json_out *out, const struct field *field, const void *at)
{
    if (field->kind == KIND_STRUCT)
        json_struct(out, field->sub, field->nsub, at);
    else if (field->kind == KIND_LIST)
        put_list(out, field, at);
    else
        put_scalar(out, field->kind, at);
}

/* Where it goes on is kept here while short values are written: `out` would be read and
 * written again with each byte, which may be one of its own for all that C knows. */
void json_members(struct json_out *out, const struct field *fields, size_t n,
                  const void *from)
{
    const struct field *last = fields + n;
    char               *to = reserve(out, SHORT_BYTES);
    bool                comma = out->comma, brief = out->brief;

    if (!to)
        return;
    char *end = out->at + out->room;
    for (const struct field *field = fields; field < last; field++) {
        const char *at = (const char *)from + field->offset;
        if (brief && says_nothing(field, at))
            continue;
        size_t most = field->name.len + SHORT_BYTES;
        if (field->kind == KIND_TEXT)
            most += ((const struct str *)(const void *)at)->len;
        if ((size_t)(end - to) < most) {
            out->len = (size_t)(to - out->at);
            if (!(to = grow(out, most)))
                return;
            end = out->at + out->room;
        }
        to = name_to(to, comma, field);
        char *next = value_to(out, to, field->kind, at);
        comma = true;
        if (next) {
            to = next;
            continue;
        }
        out->len = (size_t)(to - out->at);
        out->comma = false;
        put_long(out, field, at);
        to = out->at + out->len;
        end = out->at + out->room;
    }
    out->len = (size_t)(to - out->at);
    out->comma = comma;
}

struct str json_done(struct json_out *out)
{
    assert(out->depth == 0);
    return out->arena->over || !out->at ? STR_NONE : str_slice(out->at, out->len);
}
