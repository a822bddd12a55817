#include "base/json.h"

struct picking {
    struct arena *arena;
    struct str   *values;
    size_t        n, max;
};

static void pick(struct picking *picking, struct str value, struct str path)
{
    struct json_member member;
    struct str_cut     cut = str_cut(path, '/');

    if (str_empty(path)) {
        if (picking->n < picking->max)
            picking->values[picking->n++] = value;
        return;
    }
    for (struct str rest = json_inside(value); json_member(picking->arena, &rest, &member);)
        if (str_eq(cut.head, STR("*")) || (member.key.at && str_eq(cut.head, member.key)))
            pick(picking, member.value, cut.tail);
}

struct str json_pick(struct arena *arena, struct str value, const char *path)
{
    struct str     found = STR_NONE;
    struct picking picking = { arena, &found, 0, 1 };

    pick(&picking, value, str_of(path));
    return found;
}

static struct str shown(struct arena *arena, struct str value)
{
    struct str text;

    if (json_type(value) == JSON_STRING && json_value_text(arena, value, &text))
        return text;
    return json_type(value) == JSON_NULL ? STR_NONE : value;
}

struct str json_pick_text(struct arena *arena, struct str value, const char *path)
{
    return shown(arena, json_pick(arena, value, path));
}

size_t json_pick_all(struct arena *arena, struct str value, struct str path,
                     struct str *texts, size_t max)
{
    struct picking picking = { arena, texts, 0, max };
    size_t         n = 0;

    pick(&picking, value, path);
    for (size_t i = 0; i < picking.n; i++) {
        enum json_type type = json_type(texts[i]);
        if (type != JSON_ARRAY && type != JSON_OBJECT && type != JSON_NULL)
            texts[n++] = shown(arena, texts[i]);
    }
    return n;
}
