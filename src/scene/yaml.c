#include "scene/yaml.h"

#include <yaml.h>

#include "base/plain.h"

enum { MAP_ENTRIES_MAX = 512 };

struct walk {
    struct arena    *arena;
    struct yaml_file file;
    struct str       text;
    struct problems *problems;
    yaml_parser_t    parser;
    size_t           events;
    size_t           depth;
    size_t           flow;         /* how many of the open collections are one-line ones */
    size_t           line, offset; /* of the mark that was looked up last */
    bool             stopped;
};

static struct node *document(struct walk *walk);
static struct node *value(struct walk *walk, yaml_event_t *event);
static bool         usable_text(struct walk *walk);

struct node *yaml_tree(struct arena *arena, struct yaml_file file, struct str text,
                       struct problems *problems)
{
    struct walk walk = { .arena = arena, .file = file, .problems = problems };
    struct str  bom = STR("\xef\xbb\xbf");

    walk.text = str_starts(text, bom) ? str_skip(text, bom.len) : text;
    if (!usable_text(&walk) || !yaml_parser_initialize(&walk.parser))
        return NULL;
    yaml_parser_set_encoding(&walk.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)walk.text.at,
                                 walk.text.len);
    struct node *root = document(&walk);
    yaml_parser_delete(&walk.parser);
    return walk.stopped ? NULL : root;
}

/* ---- telling ---- */

static struct spot spot_of(const struct walk *walk, yaml_mark_t mark)
{
    return (struct spot){ walk->file.number, (uint32_t)mark.line + 1,
                          (uint32_t)mark.column + 1 };
}

#define tell(walk, spot, ...)                                                              \
    problem_at((walk)->problems, (walk)->file.name, (spot).line, (spot).column, __VA_ARGS__)

/* Tells, and ends the walk. */
#define stop(walk, spot, ...) (tell(walk, spot, __VA_ARGS__), (walk)->stopped = true)

/* Tabs are libyaml's to refuse. */
static void refuse_hidden(struct walk *walk)
{
    struct spot at = { walk->file.number, 1, 1 };

    for (struct str rest = walk->text; rest.len && !walk->stopped;) {
        uint32_t point = str_utf8_next(&rest);

        if (!plain_point(point))
            stop(walk, at, "这里有一个看不见的字符（U+%04X），请删去。", point);
        at = point == '\n' ? (struct spot){ at.file, at.line + 1, 1 }
                           : (struct spot){ at.file, at.line, at.column + 1 };
    }
}

static bool usable_text(struct walk *walk)
{
    struct spot top = { walk->file.number, 1, 1 };

    if (!walk->text.len)
        stop(walk, top, "文件是空的。");
    else if (walk->text.len > SCENE_BYTES_MAX)
        stop(walk, top, "文件太大了，最多 %d KB。", SCENE_BYTES_MAX >> 10);
    else if (!str_utf8(walk->text))
        stop(walk, top, "文件不是 UTF-8 编码。请在编辑器里另存为 UTF-8。");
    else
        refuse_hidden(walk);
    return !walk->stopped;
}

/* What libyaml says, and what to tell a person who never heard of YAML. */
static const struct {
    const char *theirs, *ours;
} sentences[] = {
    { "found a tab character", "缩进里有制表符（Tab）。请改用空格。" },
    { "found character that cannot start any token",
      "这里不能用这个符号开头。制表符请改成空格；以 @、`、% 开头的文字请用引号括起来。" },
    { "mapping values are not allowed in this context",
      "这里的冒号放错了地方。文字里有冒号时，请给整段文字加上单引号；要写下一项时，请另起一"
      "行并对齐。" },
    { "did not find expected key",
      "这一行和上面几行对不齐，或者上面有一处引号、括号没有写完。请检查缩进。" },
    { "did not find expected '-' indicator", "这个列表的每一行都要以“- ”开头，并且对齐。" },
    { "block sequence entries are not allowed", "“- ”放错了地方。列表请另起一行写。" },
    { "did not find expected ',' or ']'",
      "一行的方括号 […] "
      "没有写完，或者里面的规则有逗号、括号：在花括号和方括号里，规则要用单引号括起来。" },
    { "did not find expected ',' or '}'",
      "一行的花括号 {…} "
      "没有写完，或者里面的规则有逗号、括号：在花括号和方括号里，规则要用单引号括起来。" },
    { "could not find expected ':'", "这里少了一个冒号。冒号要用半角的“:”，后面空一格。" },
    { "found unexpected end of stream", "引号没有写完，文件就结束了。" },
    { "did not find expected node content", "这里少了内容。" },
    { "found unexpected document indicator", "引号没有写完，就遇到了“---”。" },
    { "found unknown escape character", "双引号里有不认识的反斜杠写法。请改用单引号。" },
    { "found undefined tag handle", "不能用“!”开头的标记。文字里有感叹号时请加引号。" },
    { "did not find expected alphabetic or numeric character",
      "“&”和“*”不能放在开头。文字以它们开头时请加引号。" },
    { "did not find expected comment or line break",
      "“|”或“>”的后面不能再写别的，请另起一行。" },
};

static void tell_syntax(struct walk *walk)
{
    const yaml_parser_t *parser = &walk->parser;
    struct str           theirs = str_of(parser->problem);
    struct spot          at = spot_of(walk, parser->problem_mark);

    if (parser->context &&
        str_eq(str_of(parser->context), STR("while scanning a quoted scalar")))
        at = spot_of(walk, parser->context_mark); /* where it opens, not the file's end */
    for (size_t i = 0; i < COUNT(sentences); i++)
        if (str_starts(theirs, str_of(sentences[i].theirs))) {
            stop(walk, at, "%s", sentences[i].ours);
            return;
        }
    stop(walk, at, "这里不是 YAML 的写法（%.*s）。", STR_ARG(theirs));
}

/* ---- events ---- */

/* False at a mistake, which has been told.  The event is the caller's to delete. */
static bool next(struct walk *walk, yaml_event_t *event)
{
    if (walk->stopped)
        return false;
    if (!yaml_parser_parse(&walk->parser, event)) {
        tell_syntax(walk);
        return false;
    }
    if (++walk->events > SCENE_EVENTS_MAX) {
        stop(walk, spot_of(walk, event->start_mark),
             "文件里的内容太多了，请分成几个场景。");
        yaml_event_delete(event);
        return false;
    }
    return true;
}

static struct node *document(struct walk *walk)
{
    struct spot  top = { walk->file.number, 1, 1 };
    struct node *root = NULL;
    yaml_event_t event;

    while (next(walk, &event)) {
        yaml_event_type_t type = event.type;
        struct spot       at = spot_of(walk, event.start_mark);

        if (type == YAML_DOCUMENT_START_EVENT && root)
            stop(walk, at, "一个文件里只能写一份，请删去“---”后面的内容。");
        else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                 type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
            root = value(walk, &event);
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    if (!walk->stopped && !root)
        stop(walk, top, "文件是空的。");
    else if (!walk->stopped && root->kind != NODE_MAP)
        stop(walk, root->at, "文件应当由“名称: 内容”这样的行组成。");
    return root;
}

static struct node *node_new(struct walk *walk, enum node_kind kind, yaml_mark_t mark)
{
    struct node *node = arena_new(walk->arena, struct node);

    if (!node) {
        stop(walk, spot_of(walk, mark), "文件里的内容太多了，请分成几个场景。");
        return NULL;
    }
    node->kind = kind;
    node->at = spot_of(walk, mark);
    node->in_flow = walk->flow > 0;
    return node;
}

/* ---- scalars ---- */

/* The byte at which a mark stands.  libyaml counts characters, so the line is
 * sought from the last mark on and the column walked. */
static struct str from_mark(struct walk *walk, yaml_mark_t mark)
{
    if (mark.line < walk->line)
        walk->line = walk->offset = 0;
    struct str rest = str_skip(walk->text, walk->offset);
    while (walk->line < mark.line && rest.len) {
        uint32_t point = str_utf8_next(&rest);

        if (point == '\r' && rest.len && *rest.at == '\n')
            str_utf8_next(&rest);
        walk->line += point == '\n' || point == '\r';
        walk->offset = (size_t)(rest.at - walk->text.at);
    }
    for (size_t i = 0; i < mark.column && rest.len; i++)
        str_utf8_next(&rest);
    return rest;
}

static struct node *scalar(struct walk *walk, const yaml_event_t *event)
{
    struct node *node = node_new(walk, NODE_SCALAR, event->start_mark);
    struct str text = { (const char *)event->data.scalar.value, event->data.scalar.length };

    if (!node)
        return NULL;
    node->text = str_copy(walk->arena, text);
    node->source = from_mark(walk, event->start_mark);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

bool node_missing(const struct node *node)
{
    return node->kind == NODE_SCALAR && !node->quoted &&
           (node->text.len == 0 || str_eq(node->text, STR("~")) ||
            str_eq(node->text, STR("null")));
}

static bool same_character(uint32_t in_source, uint32_t in_text)
{
    return in_source == in_text || (in_source == '\n' && in_text == ' ');
}

/* The text is its source without quotes, doubled quotes and folded breaks, so
 * both are walked together, and whatever the source has more is passed over. */
struct spot node_spot(const struct node *node, size_t offset)
{
    struct str  source = node->source, text = node->text;
    struct spot at = node->at, behind = at;

    while (source.len && text.len) {
        struct str rest = text;
        uint32_t   point = str_utf8_next(&source);

        if (same_character(point, str_utf8_next(&rest))) {
            if ((size_t)(text.at - node->text.at) >= offset)
                return at;
            text = rest;
            behind = (struct spot){ at.file, at.line, at.column + 1 };
        }
        at = point == '\n' ? (struct spot){ at.file, at.line + 1, 1 }
                           : (struct spot){ at.file, at.line, at.column + 1 };
    }
    return behind;
}

/* ---- collections ---- */

static void refuse_properties(struct walk *walk, const yaml_event_t *event)
{
    const unsigned char *anchor = NULL, *tag = NULL;

    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    }
    if (anchor)
        stop(walk, spot_of(walk, event->start_mark),
             "不能用“&”给内容起名再引用。请把内容写全；文字以“&”开头时请加引号。");
    else if (tag)
        stop(walk, spot_of(walk, event->start_mark),
             "不能用“!”开头的标记。文字里有感叹号时请加引号。");
}

static void add(struct node *into, struct node ***last, struct node *node)
{
    **last = node;
    *last = &node->next;
    into->n++;
}

static bool one_line(const yaml_event_t *start)
{
    return start->type == YAML_SEQUENCE_START_EVENT
               ? start->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
               : start->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
}

static struct node *list(struct walk *walk, const yaml_event_t *start)
{
    struct node  *into = node_new(walk, NODE_LIST, start->start_mark);
    struct node **last = into ? &into->first : NULL;
    yaml_event_t  event;

    while (into && next(walk, &event)) {
        yaml_event_type_t type = event.type;
        struct node *node = type == YAML_SEQUENCE_END_EVENT ? NULL : value(walk, &event);

        yaml_event_delete(&event);
        if (!node)
            break;
        add(into, &last, node);
    }
    return into;
}

static const struct node *twin(const struct node *map, struct str key)
{
    for (const struct node *node = map->first; node; node = node->next)
        if (str_eq(node->key, key))
            return node;
    return NULL;
}

/* The key's own node, NULL when it is not a word or the mapping is too long. */
static struct node *key_of(struct walk *walk, const struct node *into, yaml_event_t *event)
{
    struct spot at = spot_of(walk, event->start_mark);

    if (into->n >= MAP_ENTRIES_MAX) {
        stop(walk, at, "这里的项目太多了，最多 %d 项。", MAP_ENTRIES_MAX);
        return NULL;
    }
    if (event->type != YAML_SCALAR_EVENT && event->type != YAML_ALIAS_EVENT) {
        stop(walk, at, "冒号前面应当是一个词，这里却是一组内容。");
        return NULL;
    }
    return value(walk, event);
}

static struct node *map_entry(struct walk *walk, const struct node *into,
                              yaml_event_t *event)
{
    struct node *key = key_of(walk, into, event);
    yaml_event_t value_event;

    if (!key || !next(walk, &value_event))
        return NULL;
    struct node *node = value(walk, &value_event);
    yaml_event_delete(&value_event);
    if (!node)
        return NULL;
    node->key = key->text;
    node->key_at = key->at;
    return node;
}

static struct node *map(struct walk *walk, const yaml_event_t *start)
{
    struct node  *into = node_new(walk, NODE_MAP, start->start_mark);
    struct node **last = into ? &into->first : NULL;
    yaml_event_t  event;

    while (into && next(walk, &event)) {
        yaml_event_type_t type = event.type;
        struct node      *node =
            type == YAML_MAPPING_END_EVENT ? NULL : map_entry(walk, into, &event);

        yaml_event_delete(&event);
        if (!node)
            break;
        const struct node *before = twin(into, node->key);
        if (before)
            tell(walk, node->key_at, "“%.*s”写了两遍，前一处在第 %u 行。",
                 STR_ARG(node->key), before->key_at.line);
        else
            add(into, &last, node);
    }
    return into;
}

static struct node *collection(struct walk *walk, const yaml_event_t *start)
{
    struct node *node;

    if (++walk->depth > SCENE_DEPTH_MAX) {
        stop(walk, spot_of(walk, start->start_mark), "套得太深了，最多 %d 层。",
             SCENE_DEPTH_MAX);
        return NULL;
    }
    walk->flow += one_line(start);
    node = start->type == YAML_MAPPING_START_EVENT ? map(walk, start) : list(walk, start);
    walk->flow -= one_line(start);
    walk->depth--;
    return walk->stopped ? NULL : node;
}

static struct node *value(struct walk *walk, yaml_event_t *event)
{
    if (event->type == YAML_ALIAS_EVENT) {
        stop(walk, spot_of(walk, event->start_mark),
             "不能用“*”引用别处的内容。请把内容写全；文字以“*”开头时请加引号。");
        return NULL;
    }
    refuse_properties(walk, event);
    if (walk->stopped)
        return NULL;
    return event->type == YAML_SCALAR_EVENT ? scalar(walk, event) : collection(walk, event);
}
