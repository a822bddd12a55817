#include "http/open311/xml.h"

#include <string.h>

#include "base/json.h"

enum { SCRATCH_BYTES_MAX = 8 << 20 };

struct xml {
    struct arena *scratch; /* for texts with escapes */
    char         *at;      /* NULL: only counted */
    size_t        len;
};

static void put(struct xml *xml, struct str text)
{
    if (xml->at && text.len)
        memcpy(xml->at + xml->len, text.at, text.len);
    xml->len += text.len;
}

/* A carriage return would be read as a line feed. */
static struct str escaped(uint32_t point)
{
    switch (point) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&apos;");
    case '\r':
        return STR("&#13;");
    default:
        return STR_NONE;
    }
}

/* XML 1.0, production 2; what UTF-8 cannot hold (surrogates) does not come. */
static bool is_xml(uint32_t point)
{
    return point >= 0x20 ? point != 0xfffe && point != 0xffff
                         : point == '\t' || point == '\n' || point == '\r';
}

static void put_text(struct xml *xml, struct str text)
{
    while (text.len) {
        const char *at = text.at;
        uint32_t    point = str_utf8_next(&text);
        struct str  as = escaped(point);
        if (is_xml(point))
            put(xml, as.at ? as : str_slice(at, (size_t)(text.at - at)));
    }
}

static void put_tag(struct xml *xml, const char *open, struct str name, const char *close)
{
    put(xml, str_of(open));
    put(xml, name);
    put(xml, str_of(close));
}

/* attributes → attribute */
static struct str singular(struct str name)
{
    return str_ends(name, STR("s")) ? str_slice(name.at, name.len - 1) : name;
}

static void put_value(struct xml *xml, struct str name, struct str item, struct str value);

static void put_members(struct xml *xml, struct str item, struct str value)
{
    struct json_member member;

    for (struct str rest = json_inside(value); json_member(xml->scratch, &rest, &member);) {
        struct str name = member.key.at ? member.key : item;
        put_value(xml, name, singular(name), member.value);
    }
}

static void put_scalar(struct xml *xml, struct str value)
{
    struct str text;

    if (json_type(value) != JSON_STRING)
        put(xml, value);
    else if (json_value_text(xml->scratch, value, &text))
        put_text(xml, text);
}

static void put_value(struct xml *xml, struct str name, struct str item, struct str value)
{
    enum json_type type = json_type(value);

    if (type == JSON_NULL) {
        put_tag(xml, "<", name, "/>");
        return;
    }
    put_tag(xml, "<", name, ">");
    if (type == JSON_OBJECT || type == JSON_ARRAY)
        put_members(xml, item, value);
    else
        put_scalar(xml, value);
    put_tag(xml, "</", name, ">");
}

static void put_document(struct xml *xml, struct str json, struct str root, struct str item)
{
    put(xml, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"));
    put_value(xml, root, item, json);
    put(xml, STR("\n"));
}

/* Twice: as long as it will be, then there. */
struct str xml_of(struct arena *arena, struct str json, struct str root, struct str item)
{
    struct arena scratch;
    struct xml   xml = { .scratch = &scratch };

    arena_init(&scratch, SCRATCH_BYTES_MAX);
    put_document(&xml, json, root, item);
    size_t len = xml.len;
    xml.at = arena_take(arena, len);
    xml.len = 0;
    if (xml.at)
        put_document(&xml, json, root, item);
    bool whole = xml.at && !scratch.over && xml.len == len;
    arena_free(&scratch);
    return whole ? str_slice(xml.at, len) : STR_NONE;
}
