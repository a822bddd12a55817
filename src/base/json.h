/* JSON (RFC 8259), strict and without a tree.  Reading goes straight into a
 * struct by its field table, writing straight from it.  Refused, each with
 * line, column and field, and as many at once as can be told apart: unknown
 * and duplicate members, missing required ones, wrong kinds, numbers that do
 * not fit, texts and lists that are too long, bad UTF-8, lone surrogates, characters
 * that hide or turn others round (plain.h), depth over 16, anything after the value.  Texts
 * are unescaped into the arena only when they need it, otherwise they borrow from the
 * input. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/field.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/rc.h"

/* Reads one object into *into (zeroed by the caller or prefilled with
 * defaults).  RC_INVALID with the problems told; RC_TOO_LARGE when the arena's
 * budget is gone. */
MUST_USE enum rc json_read(struct arena *arena, struct str text, const struct field *fields,
                           size_t n, void *into, struct problems *problems);
/* The same for an object that stands inside another text (a KIND_RAW member):
 * `where` is put before the field names in problems, "fields" → "fields/what". */
MUST_USE enum rc json_read_at(struct arena *arena, struct str text, struct str where,
                              const struct field *fields, size_t n, void *into,
                              struct problems *problems);

/* Walking a value whose shape is known only at run time (scene fields).  The
 * text must have been checked: it comes from KIND_RAW or json_check(). */
MUST_USE enum rc json_check(struct arena *arena, struct str text,
                            struct problems *problems);
enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};
enum json_type json_type(struct str value);
struct json_member {
    struct str key;   /* unescaped; absent in an array */
    struct str value; /* raw */
};
/* for (struct str rest = json_inside(object); json_member(arena, &rest, &member);) */
struct str json_inside(struct str value);
bool       json_member(struct arena *arena, struct str *rest, struct json_member *member);
/* A quick look before the long one: false, and no member is called so, if names are
 * written without escapes, as ours are.  True says little. */
bool          json_may_have(struct str object, struct str name);
MUST_USE bool json_value_text(struct arena *arena, struct str value, struct str *text);
MUST_USE bool json_value_int(struct str value, int64_t *number);
MUST_USE bool json_value_real(struct str value, double *number);

/* Picking from such a value by a path of member names (problems, *, says, with slashes);
 * "*" is every element.  Absent when there is nothing. */
struct str json_pick(struct arena *arena, struct str value, const char *path); /* raw */
/* As text: of a string what it says, of null nothing, of others their raw text. */
struct str json_pick_text(struct arena *arena, struct str value, const char *path);
/* All scalars at the path as texts, at most that many. */
size_t json_pick_all(struct arena *arena, struct str value, struct str path,
                     struct str *texts, size_t max);

/* Writing.  Commas are put by the writer; an unbalanced text is an assert. */
struct json_out {
    struct arena *arena;
    char         *at;
    size_t        len, room;
    int           depth;
    bool          comma; /* something stands before at this level */
    bool          brief; /* members that say nothing are left out: what we read ourselves */
    int64_t       day_ms;   /* when the day began of which a time was written last, */
    char          date[10]; /* and how it is written */
};
void json_out_init(struct json_out *out, struct arena *arena);
void json_expect(struct json_out *out, size_t n);   /* about so many bytes are to come */
void json_open(struct json_out *out, char bracket); /* '{' or '[' */
void json_close(struct json_out *out, char bracket);
void json_key(struct json_out *out, struct str key);
void json_text(struct json_out *out, struct str text); /* absent: null */
void json_int(struct json_out *out, int64_t number);
void json_real(struct json_out *out, double number); /* shortest that reads back the same */
void json_bool(struct json_out *out, bool truth);
void json_null(struct json_out *out);
void json_id(struct json_out *out, int64_t id);          /* "123", 0: null */
void json_time(struct json_out *out, int64_t ms);        /* ISO 8601, 0: null */
void json_raw(struct json_out *out, struct str checked); /* absent: null */
/* Members of the struct without the braces; and one member from a value. */
void json_members(struct json_out *out, const struct field *fields, size_t n,
                  const void *from);
void json_struct(struct json_out *out, const struct field *fields, size_t n,
                 const void *from);
/* The finished text; absent when the arena's budget was gone. */
struct str json_done(struct json_out *out);

#endif
