/* The words of the language as Markdown, from the tables that the parser reads. */
#include "rule/lex.h"

struct page {
    struct arena *arena;
    struct str   *parts;
    size_t        n, room;
};

static const struct {
    enum token_kind kind;
    struct str      en, zh; /* canonical */
    struct str      doc;
} rows[] = {
    // clang-format off
    { T_AND, STR_INIT("and"), STR_INIT("且"), STR_INIT("两边都成立") },
    { T_OR, STR_INIT("or"), STR_INIT("或"), STR_INIT("有一边成立；比“且”松，混用时加括号更清楚") },
    { T_NOT, STR_INIT("not"), STR_INIT("非"), STR_INIT("反过来") },
    { T_EQ, STR_INIT("="), STR_INIT("="), STR_INIT("相同") },
    { T_NE, STR_INIT("!="), STR_INIT("≠"), STR_INIT("不同") },
    { T_LT, STR_INIT("<"), STR_INIT("<"), STR_INIT("小于、早于") },
    { T_LE, STR_INIT("<="), STR_INIT("≤"), STR_INIT("小于或等于") },
    { T_GT, STR_INIT(">"), STR_INIT(">"), STR_INIT("大于、晚于") },
    { T_GE, STR_INIT(">="), STR_INIT("≥"), STR_INIT("大于或等于") },
    { T_BETWEEN, STR_INIT("between … and …"), STR_INIT("介于 … 到 …"), STR_INIT("在两个值之间，两头都算") },
    { T_IN, STR_INIT("in"), STR_INIT("属于"), STR_INIT("是方括号里的一个；辖区：就是它，或者在它下面") },
    { T_FOR, STR_INIT("for 5 min"), STR_INIT("持续 5 分钟"), STR_INIT("这么久一直成立") },
    { T_WITHIN, STR_INIT("within 5 min"), STR_INIT("在 5 分钟内"), STR_INIT("这么久之内成立过") },
    { T_NO, STR_INIT("no … for 6 h"), STR_INIT("无 … 持续 6 小时"), STR_INIT("这么久没有发生过") },
    // clang-format on
};

static void add(struct page *page, struct str text)
{
    if (page->n == page->room) {
        size_t      room = page->room * 2 + 64, size = sizeof *page->parts;
        struct str *more =
            arena_grow(page->arena, page->parts, page->room * size, room * size);
        if (!more)
            return;
        page->parts = more;
        page->room = room;
    }
    page->parts[page->n++] = text;
}

static void add_cell(struct page *page, struct str text)
{
    add(page, STR(" | "));
    add(page, text);
}

static void add_spellings(struct page *page, enum token_kind kind, struct str except)
{
    bool first = true;

    add(page, STR(" | "));
    for (size_t i = 0; word_keyword(i).len; i++) {
        struct str word = word_keyword(i);
        bool       english = word.at[0] > 0 && word.at[0] < 0x7f;
        if (word_kind(word) != kind || english || str_starts(except, word))
            continue;
        if (!first)
            add(page, STR("、"));
        add(page, word);
        first = false;
    }
}

static void add_operators(struct page *page)
{
    add(page, STR("| 英文 | 中文 | 中文也可以写 | 意思 |\n| --- | --- | --- | --- |\n"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        add(page, STR("| `"));
        add(page, rows[i].en);
        add(page, STR("` | `"));
        add(page, rows[i].zh);
        add(page, STR("`"));
        add_spellings(page, rows[i].kind, rows[i].zh);
        add_cell(page, rows[i].doc);
        add(page, STR(" |\n"));
    }
}

static void add_units(struct page *page)
{
    size_t                      n;
    const struct rule_unit_row *units = word_units(&n);

    add(page, STR("\n| 单位 | 中文 | 也可以写 | 得到 |\n| --- | --- | --- | --- |\n"));
    for (size_t i = 0; i < n; i++) {
        add(page, STR("| `"));
        add(page, units[i].many);
        add(page, STR("` | `"));
        add(page, units[i].zh);
        add(page, STR("` | "));
        for (size_t k = 0; k < COUNT(units[i].also) && units[i].also[k].len; k++) {
            add(page, k ? STR("、") : STR(""));
            add(page, units[i].also[k]);
        }
        add_cell(page, rule_type_word(units[i].type));
        add(page, STR(" |\n"));
    }
}

static void add_signature(struct page *page, const struct rule_function *function, bool zh)
{
    add(page, zh ? function->zh : function->name);
    add(page, zh ? STR("（") : STR("("));
    for (size_t i = 0; i < function->nparams; i++) {
        const struct rule_param *param = &function->params[i];
        if (i)
            add(page, zh ? STR("，") : STR(", "));
        add(page, zh ? param->zh : param->name);
        if (param->optional)
            add(page, STR("?"));
        if (param->many)
            add(page, STR(" …"));
    }
    add(page, zh ? STR("）") : STR(")"));
}

static void add_row(struct page *page, unsigned type, struct str doc)
{
    add(page, STR("`"));
    add_cell(page, rule_type_word(type));
    add_cell(page, doc);
    add(page, STR(" |\n"));
}

static void add_table(struct page *page, const struct rule_table *table)
{
    add(page, STR("\n| "));
    add(page, table->title);
    add(page, STR(" | 中文 | 得到 | 说明 |\n| --- | --- | --- | --- |\n"));
    for (size_t i = 0; i < table->nnames; i++) {
        add(page, STR("| `"));
        add(page, table->names[i].name);
        add(page, STR("` | `"));
        add(page, table->names[i].zh);
        add_row(page, table->names[i].type, table->names[i].doc);
    }
    for (size_t i = 0; i < table->nfunctions; i++) {
        add(page, STR("| `"));
        add_signature(page, &table->functions[i], false);
        add(page, STR("` | `"));
        add_signature(page, &table->functions[i], true);
        add_row(page, table->functions[i].gives, table->functions[i].doc);
    }
}

struct str rule_words(struct arena *arena, const struct rule_env *env)
{
    struct page page = { .arena = arena };

    add_operators(&page);
    add_units(&page);
    for (size_t i = 0; i < env->n; i++)
        add_table(&page, env->tables[i]);
    return arena->over ? STR_NONE : str_join(arena, page.parts, page.n, STR(""));
}
