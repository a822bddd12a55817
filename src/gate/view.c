#include "gate/view.h"

void view_init(struct view *view, struct arena *arena)
{
    *view = (struct view){ 0 };
    json_out_init(&view->out, arena);
}

void view_struct(struct view *view, const struct field *fields, size_t n, const void *from)
{
    json_struct(&view->out, fields, n, from);
}

void view_page(struct view *view, const struct field *fields, size_t n, struct list rows,
               size_t row_size, struct str next)
{
    struct json_out *out = &view->out;

    json_open(out, '{');
    json_key(out, STR("items"));
    json_open(out, '[');
    for (size_t i = 0; i < rows.n; i++)
        json_struct(out, fields, n, (const char *)rows.at + i * row_size);
    json_close(out, ']');
    json_key(out, STR("next"));
    json_text(out, next);
    json_close(out, '}');
}

void view_file(struct view *view, struct str type, struct str bytes)
{
    view->type = type;
    view->bytes = bytes;
}
