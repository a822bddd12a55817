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
    for (size_t i = 0; i < rows.n; i++) {
        json_struct(out, fields, n, (const char *)rows.at + i * row_size);
        if (i == 0) /* the others will be about as long */
            json_expect(out, rows.n * (out->len + out->len / 8));
    }
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

struct str page_mark_write(struct arena *arena, struct page_mark mark)
{
    return str_fmt(arena, "%lld-%lld", (long long)mark.sort, (long long)mark.id);
}

bool page_mark_read(struct str cursor, struct page_mark *mark)
{
    struct str_cut cut = str_cut(cursor, '-');

    return cut.ok && str_int64(cut.head, &mark->sort) && str_int64(cut.tail, &mark->id) &&
           mark->id > 0;
}
