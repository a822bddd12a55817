#include "base/json.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_scan.h"
#include "base/plain.h"

/* What a member or element should be and where it goes. */
struct slot {
    const struct field *field;
    enum kind           kind;  /* of the member, or of the list's elements */
    const struct place *place; /* an absent name: an element */
    void               *to;
};

static void read_object(struct scan *scan, const struct place *place,
                        const struct field *fields, size_t n, char *into);

/* Limits are the field's own, not those of its list's elements. */
static bool is_member(const struct slot *slot)
{
    return slot->place->name.at != NULL;
}

/* "情况", or “what” when the field has no title; "照片第 3 项" in a list. */
static struct str label(struct arena *arena, const struct slot *slot)
{
    const struct field *field = slot->field;
    struct str          title = !str_empty(field->title)
                                    ? field->title
                                    : str_fmt(arena, "“%.*s”", STR_ARG(field->name));

    if (is_member(slot))
        return title;
    return str_fmt(arena, "%.*s第 %zu 项", STR_ARG(title), slot->place->index + 1);
}

static PRINTF(4, 5) void tell(struct scan *scan, const struct slot *slot, const char *at,
                              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str says = str_vfmt(scan->arena, format, args);
    va_end(args);
    struct str who = label(scan->arena, slot);
    scan_tell(scan, slot->place, at, "%.*s%.*s", STR_ARG(who), STR_ARG(says));
}

/* The sentence when the value is of another kind. */
static const char *const wants[] = {
    [KIND_BOOL] = "只能填是（true）或否（false）。",
    [KIND_INT] = "要填整数。",
    [KIND_ID] = "要填编号，就是引号里的一串数字。",
    [KIND_TIME] = "要填时间，写成 2026-11-22T14:03:07+08:00 这样。",
    [KIND_REAL] = "要填数字。",
    [KIND_TEXT] = "要填文字。",
    [KIND_BYTES] = "要填引号里的十六进制数字。",
    [KIND_STRUCT] = "要填写在 { } 里的一组内容。",
    [KIND_LIST] = "要填写在 [ ] 里的一列内容。",
};

static bool opens(enum kind kind, char c)
{
    switch (kind) {
    case KIND_BOOL:
        return c == 't' || c == 'f';
    case KIND_INT:
    case KIND_REAL:
        return c == '-' || (c >= '0' && c <= '9');
    case KIND_ID:
    case KIND_TIME:
    case KIND_TEXT:
    case KIND_BYTES:
        return c == '"';
    case KIND_STRUCT:
        return c == '{';
    case KIND_LIST:
        return c == '[';
    case KIND_RAW:
        break;
    }
    return true;
}

static bool has_range(const struct slot *slot)
{
    return is_member(slot) && slot->field->min != slot->field->max;
}

static size_t max_of(const struct slot *slot)
{
    return is_member(slot) ? (size_t)slot->field->max : 0;
}

static void tell_range(struct scan *scan, const struct slot *slot, struct str number)
{
    tell(scan, slot, number.at, "要在 %lld 到 %lld 之间，现在是 %.*s。",
         (long long)slot->field->min, (long long)slot->field->max, STR_ARG(number));
}

static void read_int(struct scan *scan, const struct slot *slot)
{
    const struct field *field = slot->field;
    struct number       number;
    int64_t             value;

    if (!scan_number(scan, slot->place, &number))
        return;
    if (!number_int(number, &value))
        tell(scan, slot, number.text.at, "%s", wants[KIND_INT]);
    else if (has_range(slot) && (value < field->min || value > field->max))
        tell_range(scan, slot, number.text);
    else
        *(int64_t *)slot->to = value;
}

static void read_real(struct scan *scan, const struct slot *slot)
{
    const struct field *field = slot->field;
    struct number       number;
    double              value;

    if (!scan_number(scan, slot->place, &number))
        return;
    if (!number_real(number, &value))
        tell(scan, slot, number.text.at, "太大了，系统记不下。");
    else if (has_range(slot) && (value < (double)field->min || value > (double)field->max))
        tell_range(scan, slot, number.text);
    else
        *(double *)slot->to = value;
}

static bool blank(struct str text)
{
    while (text.len) {
        uint32_t point = str_utf8_next(&text);
        if (point > ' ' && point != 0xa0 && point != 0x3000)
            return false;
    }
    return true;
}

static void take_text(struct scan *scan, const struct slot *slot, const char *at,
                      struct str text)
{
    size_t max = max_of(slot);

    text = plain_text(scan->arena, text);
    scan->broken |= !text.at;
    if (slot->field->required && is_member(slot) && blank(text))
        tell(scan, slot, at, "还没有填，请填上。");
    else if (max && text.len > max && str_chars(text) > max)
        tell(scan, slot, at, "最多写 %zu 个字，现在有 %zu 个。", max, str_chars(text));
    else
        *(struct str *)slot->to = text;
}

static void take_bytes(struct scan *scan, const struct slot *slot, const char *at,
                       struct str text)
{
    size_t     max = max_of(slot);
    struct str bytes = str_unhex(scan->arena, text);

    if (!bytes.at)
        tell(scan, slot, at, "%s", wants[KIND_BYTES]);
    else if (max && bytes.len > max)
        tell(scan, slot, at, "最多 %zu 个字节，现在有 %zu 个。", max, bytes.len);
    else
        *(struct str *)slot->to = bytes;
}

static void read_string(struct scan *scan, const struct slot *slot)
{
    const char *at = scan->at;
    struct str  text;
    int64_t     number;

    if (!scan_string(scan, slot->place, &text))
        return;
    if (slot->kind == KIND_TEXT) {
        take_text(scan, slot, at, text);
    } else if (slot->kind == KIND_BYTES) {
        take_bytes(scan, slot, at, text);
    } else if (slot->kind == KIND_ID ? str_int64(text, &number) && number > 0
                                     : clock_parse(text, &number)) {
        *(int64_t *)slot->to = number;
    } else {
        tell(scan, slot, at, "%s", wants[slot->kind]);
    }
}

static void read_value(struct scan *scan, const struct slot *slot);

/* Room for one more element: doubled, since most lists are short. */
static void *next_element(struct scan *scan, const struct field *field, struct list *list,
                          size_t *room)
{
    if (list->n == *room) {
        size_t more = *room ? *room * 2 : 4;
        void  *grown =
            arena_grow(scan->arena, list->at, *room * field->size, more * field->size);
        if (!grown) {
            scan->broken = true;
            return NULL;
        }
        list->at = grown;
        *room = more;
    }
    return (char *)list->at + list->n++ * field->size;
}

static void read_list(struct scan *scan, const struct slot *slot)
{
    const struct field *field = slot->field;
    struct list         list = { 0 };
    struct place        here = { .up = slot->place };
    size_t              room = 0;
    size_t              max = field->max ? (size_t)field->max : JSON_MEMBERS_MAX;
    const char         *at = scan->at;

    for (scan_enter(scan, slot->place, '['); scan_more(scan, slot->place, ']', here.index);
         here.index++) {
        struct slot element = { field, field->sub ? KIND_STRUCT : field->of, &here, NULL };
        if (here.index >= max)
            scan_value(scan, &here, NULL);
        else if ((element.to = next_element(scan, field, &list, &room)))
            read_value(scan, &element);
    }
    if (!scan->broken && here.index > max)
        tell(scan, slot, at, "最多 %zu 项，现在有 %zu 项。", max, here.index);
    *(struct list *)slot->to = list;
}

static void read_kind(struct scan *scan, const struct slot *slot)
{
    switch (slot->kind) {
    case KIND_BOOL:
        *(bool *)slot->to = *scan->at == 't';
        (void)scan_word(scan, slot->place, *scan->at == 't' ? STR("true") : STR("false"));
        return;
    case KIND_INT:
        read_int(scan, slot);
        return;
    case KIND_REAL:
        read_real(scan, slot);
        return;
    case KIND_ID:
    case KIND_TIME:
    case KIND_TEXT:
    case KIND_BYTES:
        read_string(scan, slot);
        return;
    case KIND_STRUCT:
        read_object(scan, slot->place, slot->field->sub, slot->field->nsub, slot->to);
        return;
    case KIND_LIST:
        read_list(scan, slot);
        return;
    case KIND_RAW:
        (void)scan_value(scan, slot->place, slot->to);
        return;
    }
    assert(false && "a kind");
}

static void read_value(struct scan *scan, const struct slot *slot)
{
    char        c = scan_peek(scan);
    const char *at = scan->at;

    if (c == 'n' && is_member(slot)) {
        if (scan_word(scan, slot->place, STR("null")) && slot->field->required)
            tell(scan, slot, at, "还没有填，请填上。");
    } else if (opens(slot->kind, c)) {
        read_kind(scan, slot);
    } else if (scan_value(scan, slot->place, NULL)) {
        tell(scan, slot, at, "%s", wants[slot->kind]);
    }
}

/* Members mostly come in the table's order, so look where the last one was
 * left first. */
static size_t find_index(const struct field *fields, size_t n, struct str name,
                         size_t guess)
{
    for (size_t i = 0; i < n; i++, guess++) {
        guess = guess < n ? guess : 0;
        if (str_eq(fields[guess].name, name))
            return guess;
    }
    return n;
}

struct seen {
    uint64_t bits[JSON_MEMBERS_MAX / 64];
};

static bool see(struct seen *seen, size_t i)
{
    uint64_t bit = 1ull << i % 64;
    bool     before = seen->bits[i / 64] & bit;

    seen->bits[i / 64] |= bit;
    return !before;
}

static void tell_missing(struct scan *scan, const struct place *place, const char *at,
                         const struct field *fields, size_t n, struct seen *seen)
{
    for (size_t i = 0; i < n; i++) {
        struct place here = { .up = place, .name = fields[i].name };
        struct slot  slot = { &fields[i], fields[i].kind, &here, NULL };
        if (fields[i].required && see(seen, i))
            tell(scan, &slot, at, "还没有填，请填上。");
    }
}

/* One member whose name was just read; `key` is where. */
static void read_member(struct scan *scan, const struct field *field,
                        const struct place *place, const char *key, bool first, void *to)
{
    struct slot slot = { field, field->kind, place, to };

    if (first) {
        read_value(scan, &slot);
    } else {
        tell(scan, &slot, key, "写了两遍，请只留一个。");
        scan_value(scan, place, NULL);
    }
}

static void read_object(struct scan *scan, const struct place *place,
                        const struct field *fields, size_t n, char *into)
{
    struct seen  seen = { 0 };
    struct place here = { .up = place };
    size_t       at = 0, done = 0;
    const char  *from = scan->at;

    assert(n <= JSON_MEMBERS_MAX);
    for (scan_enter(scan, place, '{'); scan_more(scan, place, '}', done); done++) {
        scan_peek(scan);
        const char *key = scan->at;
        if (!scan_key(scan, place, &here.name))
            return;
        at = find_index(fields, n, here.name, at);
        if (at < n) {
            read_member(scan, &fields[at], &here, key, see(&seen, at),
                        into + fields[at].offset);
            at++;
        } else if (scan_value(scan, &here, NULL)) {
            scan_tell(scan, &here, key, "没有“%.*s”这一项。", STR_ARG(here.name));
        }
    }
    if (!scan->broken)
        tell_missing(scan, place, from, fields, n, &seen);
}

static enum rc read_text(struct arena *arena, struct str text, const struct place *place,
                         const struct field *fields, size_t n, void *into,
                         struct problems *problems)
{
    struct scan scan = scan_of(arena, text, problems);
    size_t      before = problems->n;

    scan_peek(&scan);
    read_object(&scan, place, fields, n, into);
    (void)scan_end(&scan);
    return arena->over ? RC_TOO_LARGE : problems->n > before ? RC_INVALID : RC_OK;
}

enum rc json_read(struct arena *arena, struct str text, const struct field *fields,
                  size_t n, void *into, struct problems *problems)
{
    return read_text(arena, text, NULL, fields, n, into, problems);
}

enum rc json_read_at(struct arena *arena, struct str text, struct str where,
                     const struct field *fields, size_t n, void *into,
                     struct problems *problems)
{
    struct place place = { .name = where };

    return read_text(arena, text, str_empty(where) ? NULL : &place, fields, n, into,
                     problems);
}
