#include "http/open311/form.h"

#include <string.h>

#include "base/plain.h"
#include "http/uri.h"

/* Shown characters and line ends alone: what hides, or turns others round, may have come
 * along when somebody copied a text, and is no reason to refuse a report. */
static struct str shown(struct arena *arena, struct str text)
{
    char  *to = arena_take(arena, text.len + 1);
    size_t n = 0;

    while (to && text.len) {
        const char *at = text.at;
        uint32_t    point = str_utf8_next(&text);
        size_t      len = (size_t)(text.at - at);
        bool        line = point == '\n' || (point == '\r' && !str_starts(text, STR("\n")));
        if (line)
            to[n++] = '\n';
        else if (point == '\t' || (point >= 0x20 && point != 0x7f && plain_point(point))) {
            memcpy(to + n, at, len);
            n += len;
        }
    }
    return to ? str_trim(str_slice(to, n)) : STR_NONE;
}

enum rc form_add(struct arena *arena, struct form *form, struct str name, struct str value,
                 struct problems *problems)
{
    if (!str_utf8(name) || !str_utf8(value)) {
        problem_add(problems, STR_NONE, "内容要用 UTF-8 编码。");
        return RC_INVALID;
    }
    if (form->n == OPEN311_FORM_MAX) {
        problem_add(problems, STR_NONE, "填的项太多了，最多 %d 项。", OPEN311_FORM_MAX);
        return RC_INVALID;
    }
    name = shown(arena, name);
    value = shown(arena, value);
    if (!name.at || !value.at)
        return RC_TOO_LARGE;
    if (name.len && value.len)
        form->at[form->n++] = (struct form_pair){ name, value };
    return RC_OK;
}

static enum rc read_pair(struct arena *arena, struct str raw, struct form *form,
                         struct problems *problems)
{
    struct str_cut cut = str_cut(raw, '=');
    struct str     name = uri_decoded(arena, cut.head, URI_FORM);
    struct str     value = uri_decoded(arena, cut.tail, URI_FORM);

    if (!raw.len)
        return RC_OK;
    if (name.at && value.at)
        return form_add(arena, form, name, value, problems);
    problem_add(problems, STR_NONE, "表单里有认不出的字符。");
    return RC_INVALID;
}

enum rc form_read(struct arena *arena, struct str body, struct form *form,
                  struct problems *problems)
{
    enum rc rc = RC_OK;

    while (rc == RC_OK && body.len) {
        struct str_cut cut = str_cut(body, '&');
        rc = read_pair(arena, cut.head, form, problems);
        body = cut.tail;
    }
    return rc;
}

struct str form_find(const struct form *form, struct str name)
{
    for (size_t i = 0; i < form->n; i++)
        if (str_eq(form->at[i].name, name))
            return form->at[i].value;
    return STR_NONE;
}
