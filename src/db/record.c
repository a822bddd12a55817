#include "db/record.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 8192 };

struct text {
    char   at[TEXT_BYTES];
    size_t len;
    bool   over;
};

static void put(struct text *out, struct str piece)
{
    out->over |= piece.len > sizeof out->at - out->len;
    if (out->over)
        return;
    memcpy(out->at + out->len, piece.at, piece.len);
    out->len += piece.len;
}

/* What stands for one field; `n` counts parameters, from 1. */
typedef void put_one(struct text *out, const struct field *field, size_t n);

static void put_name(struct text *out, const struct field *field, size_t n)
{
    (void)n;
    put(out, field->name);
}

static void put_value(struct text *out, const struct field *field, size_t n)
{
    char number[24];

    (void)field;
    (void)snprintf(number, sizeof number, "$%zu", n);
    put(out, str_of(number));
}

static void put_set(struct text *out, const struct field *field, size_t n)
{
    put(out, field->name);
    put(out, STR(" = "));
    put_value(out, field, n);
}

static void put_excluded(struct text *out, const struct field *field, size_t n)
{
    (void)n;
    put(out, field->name);
    put(out, STR(" = excluded."));
    put(out, field->name);
}

static const struct word {
    struct str word;
    put_one   *put;
    bool       without_keys;
} words[] = {
    { STR_INIT(":names"), put_name, false },
    { STR_INIT(":values"), put_value, false },
    { STR_INIT(":sets"), put_set, true },
    { STR_INIT(":excluded"), put_excluded, true },
};

static const struct word *word_at(struct str rest)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_starts(rest, words[i].word))
            return &words[i];
    return NULL;
}

static void put_word(struct text *out, const struct stmt *stmt, const struct word *word)
{
    const struct field *fields = stmt->record ? stmt->record : stmt->row;
    size_t              n = stmt->record ? stmt->nrecord : stmt->nrow;
    size_t              first = word->without_keys ? stmt->nkeys : 0;

    for (size_t i = first; i < n; i++) {
        put(out, i > first ? STR(", ") : STR(""));
        word->put(out, &fields[i], i + 1);
    }
}

/* A ":" that begins none of the words stays, for the catalogue to refuse. */
static void put_all(struct text *out, const struct stmt *stmt)
{
    for (struct str rest = str_of(stmt->sql); rest.len;) {
        const struct word *word = word_at(rest);
        if (word)
            put_word(out, stmt, word);
        else
            put(out, str_slice(rest.at, 1));
        rest = str_skip(rest, word ? word->word.len : 1);
    }
}

static const enum kind *kinds_of(struct arena *arena, const struct stmt *stmt)
{
    enum kind *kinds = arena_many(arena, stmt->nrecord, enum kind);

    for (size_t i = 0; kinds && i < stmt->nrecord; i++)
        kinds[i] = stmt->record[i].kind;
    return kinds;
}

const struct stmt *record_compose(struct arena *arena, const struct stmt *stmt)
{
    struct text text = { .len = 0 };

    if (!stmt->record && !strchr(stmt->sql, ':'))
        return stmt;
    put_all(&text, stmt);
    struct stmt *whole = arena_new(arena, struct stmt);
    const char  *sql = str_z(arena, str_slice(text.at, text.len));
    if (!whole || !sql || text.over)
        return NULL;
    *whole = *stmt;
    whole->sql = sql;
    if (stmt->record) {
        assert(!stmt->params);
        whole->params = kinds_of(arena, stmt);
        whole->nparams = stmt->nrecord;
    }
    return whole->params || !whole->nparams ? whole : NULL;
}
