/* A field table says once what a record is made of: the name it has outside,
 * its C member, its kind, whether it must be there, how long it may be and how
 * delicate it is.  The same table reads JSON into the struct (json.h), binds
 * and reads SQL (db/db.h), writes JSON, fills OpenAPI and drives masks.
 *
 *     static const struct field step_args[] = {
 *         FIELD_ID(struct step_args, id, REQUIRED),
 *         FIELD(struct step_args, version, REQUIRED),
 *         FIELD(struct step_args, note, .max = 500, .title = STR_INIT("说明")),
 *     };
 *
 * The kind follows from the C type; ids and times, both int64_t, say so.
 * Nothing is a zero value: a missing or null member leaves (and an unknown one
 * writes as null) id 0, time 0, text with at == NULL, list with n == 0.
 * `bool` and plain integers have no unknown; give them a has_ sibling if the
 * difference matters. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H
#include "base/str.h"

enum kind {
    KIND_BOOL = 1, /* bool                     true / false        BIGINT 0 or 1   */
    KIND_INT,      /* int64_t                  number              BIGINT          */
    KIND_ID,       /* int64_t, 0 = none        decimal in a string BIGINT          */
    KIND_TIME,     /* int64_t ms UTC, 0 = none ISO 8601 +08:00     BIGINT          */
    KIND_REAL,     /* double, finite           number              DOUBLE PRECISION*/
    KIND_TEXT,     /* struct str, UTF-8        string              TEXT            */
    KIND_BYTES,    /* struct str               hexadecimal string  BYTEA / BLOB    */
    KIND_STRUCT,   /* struct in place          object              not in SQL      */
    KIND_LIST,     /* struct list              array               not in SQL      */
    KIND_RAW,      /* struct str, JSON text    any value           TEXT            */
};

/* How delicate a field is (security.md §2, Data): drives mask, log, cache, export. */
enum grade { GRADE_OPEN, GRADE_INNER, GRADE_PERSONAL, GRADE_SENSITIVE };

struct list {
    void  *at; /* n elements of the table's .size bytes each */
    size_t n;
};

// clang-format off
struct field {
    struct str          name;
    struct str          json;     /* as it stands in JSON behind another; may be absent */
    enum kind           kind;
    size_t              offset;
    size_t              size;     /* of the member; of one element for a list */
    bool                required; /* in input: must be there and not null; text not blank */
    enum grade          grade;
    int64_t             min, max; /* numbers: range when min != max; text: max characters;
                                     lists: max elements; 0: the reader's own limit */
    const struct field *sub;      /* KIND_STRUCT; KIND_LIST of structs */
    size_t              nsub;
    enum kind           of;       /* KIND_LIST of scalars: their kind (KIND_ID, KIND_TEXT …) */
    struct str          title;    /* 中文 */
    struct str          note;     /* one sentence for help and OpenAPI */
};
// clang-format on

// clang-format off
#define FIELD_KIND(type, member)                   \
    _Generic(((type *)0)->member, bool: KIND_BOOL, \
        int64_t: KIND_INT,                         \
        double: KIND_REAL,                         \
        struct str: KIND_TEXT)

#define FIELD_NAME(member) .name = STR_INIT(#member), .json = STR_INIT(",\"" #member "\":")
#define FIELD_AS(as, type, member, ...)                                      \
    {                                                                        \
        FIELD_NAME(member), .kind = (as), .offset = offsetof(type, member), \
        .size = sizeof(((type *)0)->member), __VA_ARGS__                     \
    }
/* Each needs something after the member: REQUIRED, OPTIONAL, or .max = … */
#define FIELD(type, member, ...)      FIELD_AS(FIELD_KIND(type, member), type, member, __VA_ARGS__)
#define FIELD_ID(type, member, ...)   FIELD_AS(FIELD_INT64(type, member, KIND_ID), type, member, __VA_ARGS__)
#define FIELD_TIME(type, member, ...) FIELD_AS(FIELD_INT64(type, member, KIND_TIME), type, member, __VA_ARGS__)
#define FIELD_BYTES(type, member, ...) FIELD_AS(FIELD_STR(type, member, KIND_BYTES), type, member, __VA_ARGS__)
#define FIELD_RAW(type, member, ...)  FIELD_AS(FIELD_STR(type, member, KIND_RAW), type, member, __VA_ARGS__)
#define FIELD_INT64(type, member, as) _Generic(((type *)0)->member, int64_t: (as))
#define FIELD_STR(type, member, as)   _Generic(((type *)0)->member, struct str: (as))
#define FIELD_STRUCT(type, member, table, ...) \
    FIELD_AS(KIND_STRUCT, type, member, .sub = (table), .nsub = COUNT(table), __VA_ARGS__)
#define FIELD_LIST(type, member, element, table, ...)                                 \
    {                                                                                 \
        FIELD_NAME(member), .kind = _Generic(((type *)0)->member, struct list: KIND_LIST), \
        .offset = offsetof(type, member), .size = sizeof(element), .sub = (table),    \
        .nsub = COUNT(table), __VA_ARGS__                                             \
    }
/* A list of int64_t ids, texts … : FIELD_LIST_OF(struct args, photos, KIND_ID, .max = 9) */
#define FIELD_LIST_OF(type, member, scalar, ...)                                      \
    {                                                                                 \
        FIELD_NAME(member), .kind = _Generic(((type *)0)->member, struct list: KIND_LIST), \
        .offset = offsetof(type, member), .of = (scalar), .size = kind_size(scalar), __VA_ARGS__  \
    }
#define REQUIRED .required = true
#define OPTIONAL .required = false
// clang-format on

/* Size of one scalar of that kind; usable in static tables. */
#define kind_size(scalar)                                                                  \
    ((scalar) == KIND_BOOL   ? sizeof(bool)                                                \
     : (scalar) == KIND_REAL ? sizeof(double)                                              \
     : (scalar) == KIND_TEXT || (scalar) == KIND_BYTES || (scalar) == KIND_RAW             \
         ? sizeof(struct str)                                                              \
         : sizeof(int64_t))

const struct field *field_find(const struct field *fields, size_t n, struct str name);

#endif
