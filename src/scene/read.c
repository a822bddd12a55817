#include "scene/read.h"

#include <string.h>

enum { NAME_CHARS_MAX = 32, TEXT_CHARS_MAX = 500 };

typedef void read_key(struct reader *reader, const struct key *key, const struct node *node,
                      void *into);
static read_key read_text, read_name, read_bool, read_int, read_enum, read_level,
    read_words, read_texts, read_span_key, read_ms, read_metres_key, read_rule, read_titles,
    read_options, read_from, read_event, read_into, read_named, read_list_of;

// clang-format off
static read_key *const readers[] = {
    [KEY_TEXT] = read_text,       [KEY_NAME] = read_name,      [KEY_BOOL] = read_bool,
    [KEY_INT] = read_int,         [KEY_ENUM] = read_enum,      [KEY_LEVEL] = read_level,
    [KEY_WORDS] = read_words,     [KEY_TEXTS] = read_texts,    [KEY_SPAN] = read_span_key,
    [KEY_MS] = read_ms,           [KEY_METRES] = read_metres_key, [KEY_RULE] = read_rule,
    [KEY_STATE] = read_later,     [KEY_STATES] = read_later,   [KEY_FIELDS] = read_later,
    [KEY_EFFECTS] = read_later,   [KEY_TELL] = read_later,     [KEY_TITLES] = read_titles,
    [KEY_OPTIONS] = read_options, [KEY_FROM] = read_from,      [KEY_EVENT] = read_event,
    [KEY_INTO] = read_into,       [KEY_MAP] = read_named,      [KEY_LIST] = read_list_of,
};
// clang-format on

/* ---- mappings ---- */

/* What is left over of a rule that was cut at a comma: a key without a value. */
static bool is_rest_of_cut(const struct node *map, const struct node *node)
{
    bool cut = false;

    for (const struct node *before = map->first; before && before != node;
         before = before->next)
        cut = rule_is_cut(before) || (cut && node_missing(before));
    return cut && node_missing(node);
}

static void tell_unknown(struct reader *reader, const struct schema *schema,
                         const struct node *map, const struct node *node)
{
    if (is_rest_of_cut(map, node))
        return;
    tell(reader, node->key_at, "“%.*s”里没有“%.*s”这一项%.*s", STR_ARG(schema->title),
         STR_ARG(node->key),
         STR_ARG(meant_word(reader, schema_nearest(schema, node->key))));
}

static bool written(const struct node *map, const struct key *key)
{
    for (const struct node *node = map->first; node; node = node->next)
        if (str_eq(node->key, key->word) || str_eq(node->key, key->zh))
            return true;
    return false;
}

static void tell_missing(struct reader *reader, const struct schema *schema,
                         const struct node *map)
{
    struct str  what = str_empty(map->key) ? schema->title : map->key;
    struct spot at = str_empty(map->key) ? map->at : map->key_at;

    for (size_t i = 0; i < schema->n; i++)
        if (schema->keys[i].required && !written(map, &schema->keys[i]))
            tell(reader, at, "“%.*s”里少了“%.*s”（%.*s）：%.*s。", STR_ARG(what),
                 STR_ARG(schema->keys[i].word), STR_ARG(schema->keys[i].zh),
                 STR_ARG(schema->keys[i].doc));
}

static bool in_both_languages(struct reader *reader, const struct key *key,
                              const struct node *map, const struct node *node)
{
    for (const struct node *before = map->first; before != node; before = before->next)
        if (!str_eq(before->key, node->key) &&
            schema_key(&(struct schema){ .keys = key, .n = 1 }, before->key)) {
            tell(reader, node->key_at, "“%.*s”和第 %u 行的“%.*s”是同一项，请留一个。",
                 STR_ARG(node->key), before->key_at.line, STR_ARG(before->key));
            return true;
        }
    return false;
}

void read_map(struct reader *reader, const struct schema *schema, const struct node *node,
              void *into)
{
    if (node->kind != NODE_MAP) {
        tell(reader, node->at, "“%.*s”应当由“名称: 内容”组成。", STR_ARG(schema->title));
        return;
    }
    for (const struct node *child = node->first; child; child = child->next) {
        const struct key *key = schema_key(schema, child->key);

        if (!key)
            tell_unknown(reader, schema, node, child);
        else if (!in_both_languages(reader, key, node, child))
            readers[key->kind](reader, key, child, into);
    }
    tell_missing(reader, schema, node);
}

static void read_into(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    void *sub = member(into, key->offset);

    memcpy(member(sub, key->sub->at), &node->at, sizeof node->at);
    read_map(reader, key->sub, node, sub);
    if (key->sub->finish)
        key->sub->finish(sub);
}

/* ---- arrays of structs ---- */

static size_t most_of(const struct key *key)
{
    return key->most ? (size_t)key->most : SCENE_LIST_MAX;
}

/* Room for a struct per child; NULL when there are none or too many. */
static char *rows(struct reader *reader, const struct key *key, const struct node *node,
                  enum node_kind kind)
{
    if (node->kind != kind || node->n == 0) {
        tell(reader, node->at,
             kind == NODE_MAP ? "“%.*s”应当由“名称: 内容”这样的行组成。"
                              : "“%.*s”应当是一个列表，每一项以“- ”开头。",
             STR_ARG(key->word));
        return NULL;
    }
    if (node->n > most_of(key)) {
        tell(reader, node->at, "“%.*s”最多 %zu 项，这里有 %zu 项。", STR_ARG(key->word),
             most_of(key), node->n);
        return NULL;
    }
    return arena_array(reader->arena, node->n, key->sub->size);
}

bool is_name(struct str text)
{
    if (str_empty(text) || str_chars(text) > NAME_CHARS_MAX)
        return false;
    for (struct str rest = text; rest.len;) {
        uint32_t point = str_utf8_next(&rest);
        bool     ascii = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') ||
                     point == '_' || point == '-' || point == '.';

        if (!ascii && !(point >= 0x3400 && point <= 0x9fff) &&
            !(point >= 'A' && point <= 'Z'))
            return false;
    }
    return true;
}

static bool usable_name(struct reader *reader, struct str name, struct spot at)
{
    if (is_name(name))
        return true;
    tell(reader, at, "“%.*s”不能当名称。名称用小写字母、数字、“_”或汉字，最多 %d 个字。",
         STR_ARG(name), NAME_CHARS_MAX);
    return false;
}

static void read_rows(struct reader *reader, const struct key *key, const struct node *node,
                      void *into, char *array)
{
    const struct schema *sub = key->sub;
    char                *row = array;

    set_array(key, into, array, node->n);
    if (sub == &case_schema)
        reader->kinds = (struct case_kind *)(void *)array;
    for (const struct node *child = node->first; child;
         child = child->next, row += sub->size) {
        if (node->kind == NODE_MAP) {
            struct str name = str_copy(reader->arena, child->key);

            (void)usable_name(reader, child->key, child->key_at);
            memcpy(row + sub->name, &name, sizeof name);
        }
        memcpy(row + sub->at, node->kind == NODE_MAP ? &child->key_at : &child->at,
               sizeof(struct spot));
        if (sub == &case_schema)
            reader->kind = (struct case_kind *)(void *)row;
        read_map(reader, sub, child, row);
        if (sub->finish)
            sub->finish(row);
    }
    if (sub == &case_schema)
        reader->kind = NULL;
}

static void read_named(struct reader *reader, const struct key *key,
                       const struct node *node, void *into)
{
    char *array = rows(reader, key, node, NODE_MAP);

    if (array)
        read_rows(reader, key, node, into, array);
}

static void read_list_of(struct reader *reader, const struct key *key,
                         const struct node *node, void *into)
{
    char *array = rows(reader, key, node, NODE_LIST);

    if (array)
        read_rows(reader, key, node, into, array);
}

/* `states: {new: 待受理, …}` */
static void read_titles(struct reader *reader, const struct key *key,
                        const struct node *node, void *into)
{
    struct scene_state *states;

    if (node->kind != NODE_MAP || node->n == 0 || node->n > most_of(key)) {
        tell(reader, node->at, "“%.*s”应当是“名称: 标题”，1 至 %zu 个。",
             STR_ARG(key->word), most_of(key));
        return;
    }
    states = arena_many(reader->arena, node->n, struct scene_state);
    if (!states)
        return;
    set_array(key, into, states, node->n);
    for (const struct node *child = node->first; child; child = child->next, states++) {
        (void)usable_name(reader, child->key, child->key_at);
        *states = (struct scene_state){ .at = child->key_at,
                                        .name = str_copy(reader->arena, child->key) };
        read_text(reader, &(struct key){ .most = 8 }, child, &states->title);
    }
}

/* ---- texts and numbers ---- */

bool read_scalar(struct reader *reader, const struct node *node, struct str *text)
{
    bool ok = node->kind == NODE_SCALAR && !node_missing(node) &&
              !str_empty(str_trim(node->text));

    if (ok)
        *text = str_trim(node->text);
    else
        tell(reader, node->at,
             node->kind == NODE_SCALAR ? "冒号或“-”后面少了内容。"
                                       : "这里应当只有一段文字。");
    return ok;
}

static void read_text(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    struct str text;
    size_t     most = key->most ? (size_t)key->most : TEXT_CHARS_MAX;

    if (!read_scalar(reader, node, &text))
        return;
    if (str_chars(text) > most) {
        tell(reader, node->at, "这段文字有 %zu 个字，最多 %zu 个。", str_chars(text), most);
        return;
    }
    *(struct str *)member(into, key->offset) = str_copy(reader->arena, text);
}

/* "网格员": is one of the words, whose index is given; words->n when told. */
static size_t read_word(struct reader *reader, const struct words *words,
                        const struct node *node)
{
    struct str text;

    if (!read_scalar(reader, node, &text))
        return words->n;
    size_t i = words_find(words, text);
    if (i == words->n)
        tell(reader, node->at, "没有“%.*s”这种%.*s%.*s", STR_ARG(text),
             STR_ARG(words->title),
             STR_ARG(meant_word(reader, words_nearest(words, text))));
    return i;
}

static void read_name(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    struct str *name = member(into, key->offset), text;

    if (key->words) {
        size_t i = read_word(reader, key->words, node);
        if (i < key->words->n)
            *name = key->words->all[i].word;
    } else if (read_scalar(reader, node, &text) && usable_name(reader, text, node->at)) {
        *name = str_copy(reader->arena, text);
    }
}

static void read_bool(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    struct str text;

    if (!read_scalar(reader, node, &text))
        return;
    size_t i = words_find(&bool_words, text);
    if (i < bool_words.n)
        *(bool *)member(into, key->offset) = i == 1;
    else
        tell(reader, node->at, "这里要写 true（是）或 false（否），不是“%.*s”。",
             STR_ARG(text));
}

static void read_int(struct reader *reader, const struct key *key, const struct node *node,
                     void *into)
{
    struct str text;
    int64_t    number;

    if (!read_scalar(reader, node, &text))
        return;
    if (!str_int64(text, &number) || number < 1 || number > key->most)
        tell(reader, node->at, "这里应当是 1 至 %lld 的整数，不是“%.*s”。",
             (long long)key->most, STR_ARG(text));
    else
        *(int64_t *)member(into, key->offset) = number;
}

static void read_enum(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    unsigned i = (unsigned)read_word(reader, key->words, node);

    static_assert(sizeof(enum asks) == sizeof i && sizeof(enum grade) == sizeof i, "enums");
    memcpy(member(into, key->offset), &i, sizeof i);
}

static void read_level(struct reader *reader, const struct key *key,
                       const struct node *node, void *into)
{
    size_t i = read_word(reader, key->words, node);

    if (i < key->words->n)
        *(int *)member(into, key->offset) = (int)i + 1;
}

struct items node_items(const struct node *node)
{
    return node->kind == NODE_LIST ? (struct items){ node->first, node->n }
                                   : (struct items){ node, 1 };
}

static void read_words(struct reader *reader, const struct key *key,
                       const struct node *node, void *into)
{
    struct items items = node_items(node);
    unsigned     bits = 0;

    for (const struct node *item = items.first; items.n--; item = item->next) {
        size_t i = read_word(reader, key->words, item);
        if (i < key->words->n)
            bits |= 1u << i;
    }
    *(unsigned *)member(into, key->offset) = bits;
}

static void read_texts(struct reader *reader, const struct key *key,
                       const struct node *node, void *into)
{
    struct items items = node_items(node);
    struct str  *texts = arena_many(reader->arena, items.n, struct str);

    if (!texts || items.n > most_of(key)) {
        tell(reader, node->at, "“%.*s”最多 %zu 项。", STR_ARG(key->word), most_of(key));
        return;
    }
    set_array(key, into, texts, items.n);
    for (const struct node *item = items.first; items.n--; item = item->next, texts++)
        (key->words ? read_name : read_text)(
            reader, &(struct key){ .words = key->words, .most = 100 }, item, texts);
}

static void read_span_key(struct reader *reader, const struct key *key,
                          const struct node *node, void *into)
{
    (void)!read_span(reader, node, member(into, key->offset));
}

static void read_ms(struct reader *reader, const struct key *key, const struct node *node,
                    void *into)
{
    struct span span;

    if (!read_span(reader, node, &span))
        return;
    if (span.kind != SPAN_REAL)
        tell(reader, node->at, "这里要写实际的时长，例如 30 days，不能用工作时间。");
    else
        *(int64_t *)member(into, key->offset) = span.amount;
}

static void read_metres_key(struct reader *reader, const struct key *key,
                            const struct node *node, void *into)
{
    (void)!read_metres(reader, node, member(into, key->offset));
}

/* ---- options ---- */

static void read_option(struct reader *reader, const struct node *node, struct str group,
                        struct scene_option *option)
{
    option->at = node->at;
    option->group = group;
    if (node->kind == NODE_MAP)
        read_map(reader, &option_schema, node, option);
    else
        read_text(reader, &option_schema.keys[0], node, option);
}

static size_t count_options(const struct node *node)
{
    size_t n = 0;

    if (node->kind != NODE_MAP)
        return node_items(node).n;
    for (const struct node *group = node->first; group; group = group->next)
        n += node_items(group).n;
    return n;
}

static void tell_twins(struct reader *reader, const struct scene_option *options, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (!str_empty(options[i].value) &&
                str_eq(options[i].value, options[j].value)) {
                tell(reader, options[i].at, "选项“%.*s”写了两遍，前一处在第 %u 行。",
                     STR_ARG(options[i].value), options[j].at.line);
                break;
            }
}

static void read_options(struct reader *reader, const struct key *key,
                         const struct node *node, void *into)
{
    size_t               n = count_options(node), i = 0;
    struct scene_option *options = arena_many(reader->arena, n, struct scene_option);
    bool                 grouped = node->kind == NODE_MAP;

    if (!options || n == 0 || n > SCENE_OPTIONS_MAX) {
        tell(reader, node->at, "选项要有 1 至 %d 个。", SCENE_OPTIONS_MAX);
        return;
    }
    set_array(key, into, options, n);
    for (const struct node *group = grouped ? node->first : node; group;
         group = group->next) {
        struct items items = node_items(group);
        struct str   name = grouped ? str_copy(reader->arena, group->key) : STR_NONE;

        for (const struct node *item = items.first; items.n--; item = item->next)
            read_option(reader, item, name, &options[i++]);
        if (!grouped)
            break;
    }
    tell_twins(reader, options, n);
}

/* The list file of that number, once. */
static const struct read_list *read_list(struct reader *reader, uint32_t file)
{
    const struct scene_list *list = &reader->scene->lists[file - 1];
    struct read_list        *read = &reader->lists[file - 1];
    struct scene_field       holder = { .name = STR_NONE };
    uint32_t                 before = reader->file;

    if (read->done)
        return read;
    read->done = true;
    struct node *root = yaml_tree(
        reader->scratch, (struct yaml_file){ file_name(reader->scene, file), file },
        list->text, reader->problems);
    reader->file = file;
    if (root)
        read_map(reader, &list_schema, root, &holder);
    reader->file = before;
    read->options = holder.options;
    read->noptions = holder.noptions;
    return read;
}

static struct str nearest_list(const struct scene *scene, struct str text)
{
    struct str names[SCENE_LISTS_MAX];

    for (size_t i = 0; i < scene->nlists; i++)
        names[i] = scene->lists[i].name;
    return rule_nearest_of(text, names, scene->nlists);
}

static void read_from(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    struct scene_field *field = into;
    struct str         *from = member(into, key->offset), text;

    if (!read_scalar(reader, node, &text))
        return;
    *from = str_copy(reader->arena, text);
    for (size_t i = 0; i < reader->scene->nlists; i++)
        if (str_eq(reader->scene->lists[i].name, text)) {
            const struct read_list *list = read_list(reader, (uint32_t)i + 1);

            field->options = list->options;
            field->noptions = list->noptions;
            return;
        }
    tell(reader, node->at, "没有列表文件“%.*s.yaml”%.*s", STR_ARG(text),
         STR_ARG(meant(reader, nearest_list(reader->scene, text))));
}

/* ---- what refers to others ---- */

void read_later(struct reader *reader, const struct key *key, const struct node *node,
                void *into)
{
    struct later *later = arena_new(reader->scratch, struct later);

    if (!later)
        return;
    *later = (struct later){ .key = key, .node = node, .into = into, .kind = reader->kind };
    *reader->last = later;
    reader->last = &later->next;
}

/* Stands in a scene until its rule has been read, and for good where it can't be:
 * written, and meaning nothing, so that nobody is told that it is missing. */
const struct scene_rule unreadable_rule;

static void read_rule(struct reader *reader, const struct key *key, const struct node *node,
                      void *into)
{
    struct str text;

    if (!read_scalar(reader, node, &text))
        return;
    *(const struct scene_rule **)member(into, key->offset) = &unreadable_rule;
    if (rule_is_cut(node))
        tell_cut(reader, node);
    else
        read_later(reader, key, node, into);
}

/* problem.closed: kept as texts now, looked up later. */
static void read_event(struct reader *reader, const struct key *key,
                       const struct node *node, void *into)
{
    struct str text;

    if (!read_scalar(reader, node, &text))
        return;
    struct str_cut cut = str_cut(text, '.');
    if (!cut.ok || str_empty(cut.head) || str_empty(cut.tail)) {
        tell(reader, node->at, "这里要写“办件.状态”，例如 problem.closed。");
        return;
    }
    *(struct str *)member(into, key->offset) = str_copy(reader->arena, cut.head);
    *(struct str *)member(into, key->count) = str_copy(reader->arena, cut.tail);
    read_later(reader, key, node, into);
}

/* ---- small things ---- */

void *member(void *into, size_t offset)
{
    return (char *)into + offset;
}

void set_array(const struct key *key, void *into, const void *array, size_t n)
{
    memcpy(member(into, key->offset), &array, sizeof array);
    memcpy(member(into, key->count), &n, sizeof n);
}

struct str file_name(const struct scene *scene, uint32_t file)
{
    const struct scene_list *list = file ? &scene->lists[file - 1] : NULL;

    return !list ? scene->file : str_empty(list->file) ? list->name : list->file;
}

struct str meant(struct reader *reader, struct str nearest)
{
    if (str_empty(nearest))
        return STR("。");
    return str_fmt(reader->scratch, "，您是不是想写“%.*s”？", STR_ARG(nearest));
}

struct str meant_word(struct reader *reader, struct word nearest)
{
    if (str_empty(nearest.word))
        return STR("。");
    return str_fmt(reader->scratch, "，您是不是想写“%.*s（%.*s）”？", STR_ARG(nearest.word),
                   STR_ARG(nearest.zh));
}
