#include "base/field.h"

const struct field *field_find(const struct field *fields, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}
