/* Text as a slice: a pointer and a length, immutable, never NUL-terminated.
 * Everything that comes from outside or from a table is a `struct str`; a C
 * string exists only where a library asks for one, made by str_z().  Slices
 * borrow: they live as long as the arena or literal they point into.  An
 * absent text has at == NULL, an empty one has at != NULL and len == 0; both
 * are str_empty().  All functions that build text take the arena first and
 * give an absent text back when the arena's budget is gone (arena.h). */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/lang.h"

struct arena;

struct str {
    const char *at;
    size_t      len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal)                                                                  \
    {                                                                                      \
        "" literal, sizeof(literal) - 1                                                    \
    }
#define STR_NONE ((struct str){ NULL, 0 })
/* For "%.*s".  Lengths above INT_MAX are cut; nothing here is that long.  The argument is
 * evaluated more than once: a call that costs something gets a name first. */
#define STR_ARG(s) (int)((s).len), ((s).at ? (s).at : "")

struct str_cut {
    struct str head, tail;
    bool       ok; /* the separator was there */
};

/* Borrows a C string; NULL is absent. */
static inline struct str str_of(const char *z)
{
    return (struct str){ z, z ? strlen(z) : 0 };
}

static inline struct str str_slice(const char *at, size_t len)
{
    return (struct str){ at, len };
}

static inline bool str_empty(struct str s)
{
    return s.len == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Without its first n bytes; it has them. */
static inline struct str str_skip(struct str s, size_t n)
{
    assert(n <= s.len);
    return (struct str){ n ? s.at + n : s.at, s.len - n }; /* s.at may be NULL then */
}

int            str_cmp(struct str a, struct str b); /* by bytes, as C collation */
bool           str_starts(struct str s, struct str head);
bool           str_ends(struct str s, struct str tail);
bool           str_has(struct str s, struct str part);
struct str     str_trim(struct str s); /* white space at both ends, wide one, too */
struct str_cut str_cut(struct str s, char separator);
uint64_t       str_hash(struct str s); /* for tables in memory, not for security */

/* The whole text must be one decimal number without "+", blanks or leading
 * zeros; false when it is not or does not fit. */
MUST_USE bool str_int64(struct str s, int64_t *value);

/* UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool str_utf8(struct str s);
size_t
str_utf8_first(struct str s); /* bytes of its first character, 0: ill-formed; not empty */
uint32_t str_utf8_next(struct str *rest); /* rest must be valid and not empty */
size_t   str_chars(struct str s);         /* code points of valid text */
size_t   str_utf8_put(uint32_t point, char out[4]);

/* The same bytes there, without a call for the few that most texts are: pieces of a fixed
 * size, of which two may overlap. */
static inline void str_bytes(char *to, struct str s)
{
    uint64_t head, tail;
    uint32_t first, last;

    if (s.len > 8 && s.len <= 16) {
        memcpy(&head, s.at, sizeof head);
        memcpy(&tail, s.at + s.len - sizeof tail, sizeof tail);
        memcpy(to, &head, sizeof head);
        memcpy(to + s.len - sizeof tail, &tail, sizeof tail);
    } else if (s.len >= 4 && s.len <= 8) {
        memcpy(&first, s.at, sizeof first);
        memcpy(&last, s.at + s.len - sizeof last, sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + s.len - sizeof last, &last, sizeof last);
    } else if (s.len) {
        memcpy(to, s.at, s.len);
    }
}

/* With a zero byte behind it: room for one more. */
static inline struct str str_put(char *to, struct str s)
{
    str_bytes(to, s);
    to[s.len] = '\0';
    return str_slice(to, s.len);
}

struct str str_copy(struct arena *arena, struct str s);
char      *str_z(struct arena *arena, struct str s); /* NULL when the budget is gone */
struct str str_fmt(struct arena *arena, const char *format, ...) PRINTF(2, 3);
struct str str_vfmt(struct arena *arena, const char *format, va_list args) PRINTF(2, 0);
struct str str_join(struct arena *arena, const struct str *parts, size_t n,
                    struct str between);
/* The texts one after the other. */
#define str_cat(arena, ...)                                                                \
    str_join((arena), (const struct str[]){ __VA_ARGS__ },                                 \
             COUNT(((const struct str[]){ __VA_ARGS__ })), STR_NONE)
struct str str_sentence(struct arena *arena,
                        struct str    s); /* closed by 。 if nothing closes it */
struct str str_hex(struct arena *arena, const void *bytes, size_t n);
/* Lower- or upper-case digits, an even number of them; absent when not. */
struct str str_unhex(struct arena *arena, struct str hex);

#endif
