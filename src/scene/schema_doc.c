#include "scene/schema.h"

/* docs/scenes.md ends with these tables; a test holds it to them. */
struct page {
    struct arena        *arena;
    struct str           text;
    const struct schema *done[32];
    size_t               n;
};

#define add(page, ...)                                                                     \
    ((page)->text = str_fmt((page)->arena, "%.*s%.*s", STR_ARG((page)->text),              \
                            STR_ARG(str_fmt((page)->arena, __VA_ARGS__))))

/* What is written behind the colon. */
static struct str kind_text(const struct key *key)
{
    static const struct str texts[] = {
        [KEY_TEXT] = STR_INIT("文字"),
        [KEY_NAME] = STR_INIT("名称"),
        [KEY_BOOL] = STR_INIT("是或否"),
        [KEY_INT] = STR_INIT("数"),
        [KEY_ENUM] = STR_INIT("词"),
        [KEY_LEVEL] = STR_INIT("词"),
        [KEY_WORDS] = STR_INIT("一组词"),
        [KEY_TEXTS] = STR_INIT("一组文字"),
        [KEY_SPAN] = STR_INIT("时长"),
        [KEY_MS] = STR_INIT("时长"),
        [KEY_METRES] = STR_INIT("距离"),
        [KEY_RULE] = STR_INIT("规则"),
        [KEY_STATE] = STR_INIT("状态"),
        [KEY_STATES] = STR_INIT("一组状态"),
        [KEY_FIELDS] = STR_INIT("一组字段"),
        [KEY_EFFECTS] = STR_INIT("一组效果"),
        [KEY_TELL] = STR_INIT("告知谁，一组规则"),
        [KEY_TITLES] = STR_INIT("名称: 标题"),
        [KEY_OPTIONS] = STR_INIT("一组选项，或者“组: 选项”"),
        [KEY_FROM] = STR_INIT("列表的名称"),
        [KEY_EVENT] = STR_INIT("办件.状态"),
        [KEY_INTO] = STR_INIT(""),
        [KEY_MAP] = STR_INIT("名称，每个"),
        [KEY_LIST] = STR_INIT("列表，每条"),
    };

    return texts[key->kind];
}

static void add_key(struct page *page, const struct key *key)
{
    struct str words =
        key->words ? str_fmt(page->arena, "：%.*s", STR_ARG(key->words->title)) : STR("");
    struct str sub =
        key->sub ? str_fmt(page->arena, "见“%.*s”", STR_ARG(key->sub->title)) : STR("");

    add(page, "| `%.*s` | `%.*s` | %.*s%.*s%.*s | %s | %.*s |\n", STR_ARG(key->word),
        STR_ARG(key->zh), STR_ARG(kind_text(key)), STR_ARG(words), STR_ARG(sub),
        key->required ? "要写" : "", STR_ARG(key->doc));
}

static bool first_time(struct page *page, const struct schema *schema)
{
    for (size_t i = 0; i < page->n; i++)
        if (page->done[i] == schema)
            return false;
    assert(page->n < COUNT(page->done));
    page->done[page->n++] = schema;
    return true;
}

/* The schema's own table, then those below it. */
static void add_schema(struct page *page, const struct schema *schema)
{
    if (!first_time(page, schema))
        return;
    add(page,
        "\n### %.*s\n\n| 英文 | 中文 | 内容 | | 说明 |\n| --- | --- | --- | --- | --- |\n",
        STR_ARG(schema->title));
    for (size_t i = 0; i < schema->n; i++)
        add_key(page, &schema->keys[i]);
    for (size_t i = 0; i < schema->n; i++)
        if (schema->keys[i].sub)
            add_schema(page, schema->keys[i].sub);
}

static void add_words(struct page *page, const struct words *words)
{
    add(page, "\n| %.*s | 中文 | 说明 |\n| --- | --- | --- |\n", STR_ARG(words->title));
    for (size_t i = 0; i < words->n; i++)
        add(page, "| `%.*s` | `%.*s` | %.*s |\n", STR_ARG(words->all[i].word),
            STR_ARG(words->all[i].zh), STR_ARG(words->all[i].doc));
}

struct str schema_markdown(struct arena *arena)
{
    static const struct schema *const schemas[] = { &scene_schema, &list_schema,
                                                    &option_schema, &duties_schema };
    static const struct words *const  words[] = { &asks_words,   &grade_words, &needs_words,
                                                  &effect_words, &clock_words, &people_words,
                                                  &role_words,   &level_words, &by_words,
                                                  &bool_words,   &status_words,
                                                  &answers_words, &channel_words,
                                                  &weekday_words };
    struct page                       page = { .arena = arena, .text = STR("") };

    for (size_t i = 0; i < COUNT(schemas); i++)
        add_schema(&page, schemas[i]);
    add(&page, "\n### 固定的词\n");
    for (size_t i = 0; i < COUNT(words); i++)
        add_words(&page, words[i]);
    add(&page, "\n### 规则里的词\n\n字段的名称和标题都能用；此外还有：\n%.*s",
        STR_ARG(case_words(arena)));
    return page.text;
}
