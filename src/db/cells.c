#include "db/cells.h"

#include <string.h>

struct db_value db_text_value(enum kind kind, struct str text)
{
    assert(kind == KIND_TEXT || kind == KIND_BYTES || kind == KIND_RAW);
    return (struct db_value){ .kind = kind, .null = text.at == NULL, .text = text };
}

struct db_value cell_of(const struct field *field, const void *record)
{
    const char *member = (const char *)record + field->offset;

    switch (field->kind) {
    case KIND_BOOL:
        return DB_BOOL(*(const bool *)member);
    case KIND_INT:
        return DB_INT(*(const int64_t *)(const void *)member);
    case KIND_ID:
        return DB_ID(*(const int64_t *)(const void *)member);
    case KIND_TIME:
        return DB_TIME(*(const int64_t *)(const void *)member);
    case KIND_REAL:
        return DB_REAL(*(const double *)(const void *)member);
    case KIND_TEXT:
    case KIND_BYTES:
    case KIND_RAW:
        return db_text_value(field->kind, *(const struct str *)(const void *)member);
    case KIND_STRUCT:
    case KIND_LIST:
        break;
    }
    assert(false && "not in SQL");
    return (struct db_value){ .null = true };
}

void cell_into(const struct field *field, const struct db_value *value, void *record,
               struct texts *texts)
{
    char *member = (char *)record + field->offset;

    switch (field->kind) {
    case KIND_BOOL:
        *(bool *)member = !value->null && value->number != 0;
        return;
    case KIND_INT:
    case KIND_ID:
    case KIND_TIME:
        *(int64_t *)(void *)member = value->null ? 0 : value->number;
        return;
    case KIND_REAL:
        *(double *)(void *)member = value->null ? 0 : value->real;
        return;
    case KIND_TEXT:
    case KIND_BYTES:
    case KIND_RAW:
        *(struct str *)(void *)member = value->null ? STR_NONE : value->text;
        if (!value->null)
            texts_add(texts, (struct str *)(void *)member);
        return;
    case KIND_STRUCT:
    case KIND_LIST:
        break;
    }
    assert(false && "not in SQL");
}

void cells_keep(struct arena *arena, const struct texts *texts)
{
    char *room = texts->n ? arena_take_raw(arena, texts->bytes) : NULL;

    for (size_t i = 0; i < texts->n; i++) {
        struct str *text = texts->of[i];
        *text = room ? str_put(room, *text) : STR_NONE;
        room += room ? text->len + 1 : 0;
    }
}
