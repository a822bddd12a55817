#include "scene/scene_print.h"

#include <string.h>

#include "scene/read.h"

/* The canonical text of a scene: every key in the order of its table, what is as
 * it would be anyway left out, words in the language asked for. */
struct printer {
    struct arena           *arena;
    enum rule_words         words;
    const struct case_kind *kind; /* whose states and fields bits stand for */
    char                   *at;
    size_t                  len, room;
    bool flow; /* within {…}, where nothing stands on a line of its own */
};

static void put(struct printer *out, struct str text)
{
    if (out->len + text.len > out->room) {
        size_t room = 2 * (out->len + text.len) + 4096;
        char  *more = arena_grow(out->arena, out->at, out->room, room);

        if (!more)
            return;
        out->at = more;
        out->room = room;
    }
    if (text.len)
        memcpy(out->at + out->len, text.at, text.len);
    out->len += text.len;
}

static void put_indent(struct printer *out, int depth)
{
    put(out, STR("\n"));
    for (int i = 0; i < depth; i++)
        put(out, STR("  "));
}

static struct str word_in(const struct printer *out, const struct word *word)
{
    return out->words == RULE_ZH ? word->zh : word->word;
}

static struct str key_in(const struct printer *out, const struct key *key)
{
    return out->words == RULE_ZH ? key->zh : key->word;
}

/* ---- scalars ---- */

static bool any_of(struct str text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(characters, text.at[i]))
            return true;
    return false;
}

/* Plain where YAML reads it back as it stands, in and out of {…}. */
static bool is_plain(struct str text)
{
    char first = text.len ? text.at[0] : ' ', last = text.len ? text.at[text.len - 1] : ' ';

    return !strchr(" -?:,[]{}#&*!|>'\"%@`", first) && last != ' ' &&
           !any_of(text, ",[]{}#:\n") && !str_eq(text, STR("null")) &&
           !str_eq(text, STR("~"));
}

static void put_escaped(struct printer *out, struct str text, struct str what,
                        struct str as)
{
    for (size_t i = 0; i < text.len; i++) {
        struct str one = { text.at + i, 1 };

        put(out, str_eq(one, what) ? as : one);
    }
}

static void put_scalar(struct printer *out, struct str text)
{
    if (is_plain(text)) {
        put(out, text);
    } else if (!any_of(text, "\n")) {
        put(out, STR("'"));
        put_escaped(out, text, STR("'"), STR("''"));
        put(out, STR("'"));
    } else {
        put(out, STR("\""));
        for (size_t i = 0; i < text.len; i++) {
            struct str one = { text.at + i, 1 };

            put(out, *one.at == '\n'   ? STR("\\n")
                     : *one.at == '"'  ? STR("\\\"")
                     : *one.at == '\\' ? STR("\\\\")
                                       : one);
        }
        put(out, STR("\""));
    }
}

static void put_number(struct printer *out, int64_t number)
{
    put(out, str_fmt(out->arena, "%lld", (long long)number));
}

static void put_rule(struct printer *out, const struct scene_rule *rule)
{
    put_scalar(out, rule_print(out->arena, rule->rule, out->words));
}

static const struct unit {
    enum span_kind kind;
    int64_t        size;
    struct word    word;
} units[] = {
    { SPAN_WORKING_DAYS, 1, { STR_INIT(" working days"), STR_INIT(" 个工作日"), { 0 } } },
    { SPAN_WORKING,
      3600000,
      { STR_INIT(" working hours"), STR_INIT(" 个工作小时"), { 0 } } },
    { SPAN_REAL, 86400000, { STR_INIT(" days"), STR_INIT(" 天"), { 0 } } },
    { SPAN_REAL, 3600000, { STR_INIT(" h"), STR_INIT(" 小时"), { 0 } } },
    { SPAN_REAL, 60000, { STR_INIT(" min"), STR_INIT(" 分钟"), { 0 } } },
    { SPAN_REAL, 1000, { STR_INIT(" s"), STR_INIT(" 秒"), { 0 } } },
};

/* In the largest unit that it is a whole number of. */
struct str span_text(struct arena *arena, struct span span, enum rule_words words)
{
    for (size_t i = 0; i < COUNT(units); i++) {
        const struct unit *unit = &units[i];
        struct str         word = words == RULE_ZH ? unit->word.zh : unit->word.word;

        if (unit->kind == span.kind && span.amount % unit->size == 0)
            return str_fmt(arena, "%lld%.*s", (long long)(span.amount / unit->size),
                           STR_ARG(word));
    }
    return STR_NONE; /* fractions of a second, and no span at all */
}

static void put_metres(struct printer *out, int64_t metres)
{
    put_number(out, metres);
    put(out, out->words == RULE_ZH ? STR(" 米") : STR(" m"));
}

/* ---- lists ---- */

static void put_comma(struct printer *out, size_t *n)
{
    if ((*n)++)
        put(out, STR(", "));
}

static void put_words(struct printer *out, const struct words *words, uint64_t bits)
{
    size_t n = 0;

    put(out, STR("["));
    for (size_t i = 0; i < words->n; i++)
        if (bits >> i & 1) {
            put_comma(out, &n);
            put_scalar(out, word_in(out, &words->all[i]));
        }
    put(out, STR("]"));
}

/* Names of the states or fields that the bits stand for. */
static void put_bits(struct printer *out, uint64_t bits, bool states)
{
    size_t n = 0;

    put(out, STR("["));
    for (size_t i = 0; i < SCENE_STATES_MAX; i++)
        if (bits >> i & 1) {
            put_comma(out, &n);
            put_scalar(out, states ? out->kind->states[i].name : out->kind->fields[i].name);
        }
    put(out, STR("]"));
}

static void put_texts(struct printer *out, const struct words *words,
                      const struct str *texts, size_t count)
{
    size_t n = 0;

    put(out, STR("["));
    for (size_t i = 0; i < count; i++) {
        size_t known = words ? words_find(words, texts[i]) : 0;

        put_comma(out, &n);
        put_scalar(out,
                   words && known < words->n ? word_in(out, &words->all[known]) : texts[i]);
    }
    put(out, STR("]"));
}

static struct str effect_text(struct printer *out, const struct scene_effect *effect)
{
    struct str word = word_in(out, &effect_words.all[effect->kind]), argument = STR_NONE;

    if (effect->who)
        argument = rule_print(out->arena, effect->who->rule, out->words);
    else if (effect->kind == EFFECT_PAUSE || effect->kind == EFFECT_RESUME ||
             effect->kind == EFFECT_ASK_PAUSE)
        argument = word_in(out, &clock_words.all[effect->clock]);
    return str_empty(argument)
               ? word
               : str_fmt(out->arena, "%.*s(%.*s)", STR_ARG(word), STR_ARG(argument));
}

static void put_effects(struct printer *out, const struct scene_effect *effects,
                        size_t count)
{
    size_t n = 0;

    put(out, STR("["));
    for (size_t i = 0; i < count; i++) {
        put_comma(out, &n);
        put_scalar(out, effect_text(out, &effects[i]));
    }
    put(out, STR("]"));
}

static void put_titles(struct printer *out, const struct scene_state *states, size_t count)
{
    size_t n = 0;

    put(out, STR("{"));
    for (size_t i = 0; i < count; i++) {
        put_comma(out, &n);
        put_scalar(out, states[i].name);
        put(out, STR(": "));
        put_scalar(out, states[i].title);
    }
    put(out, STR("}"));
}

static void put_map(struct printer *out, const struct schema *schema, const void *from,
                    int depth, bool one_line);

static bool is_there(const struct key *key, const void *from);

static void put_option(struct printer *out, const struct scene_option *option)
{
    bool alone = true; /* its value comes first */

    for (size_t i = 1; i < option_schema.n; i++)
        alone &= !is_there(&option_schema.keys[i], option);
    if (alone)
        put_scalar(out, option->value);
    else
        put_map(out, &option_schema, option, 0, true);
}

/* Grouped options as {group: […], …}, groups as they follow one another. */
static void put_options(struct printer *out, const struct scene_option *options,
                        size_t count)
{
    bool grouped = count && !str_empty(options[0].group);

    put(out, grouped ? STR("{") : STR("["));
    for (size_t i = 0; i < count; i++) {
        bool opens = grouped && (i == 0 || !str_eq(options[i].group, options[i - 1].group));

        if (opens && i)
            put(out, STR("]"));
        if (i)
            put(out, STR(", "));
        if (opens) {
            put_scalar(out, options[i].group);
            put(out, STR(": ["));
        }
        put_option(out, &options[i]);
    }
    put(out, grouped ? STR("]}") : STR("]"));
}

/* ---- values by their key ---- */

static const void *part(const void *from, size_t offset)
{
    return (const char *)from + offset;
}

static size_t count_of(const struct key *key, const void *from)
{
    size_t n;

    memcpy(&n, part(from, key->count), sizeof n);
    return n;
}

static const void *array_of(const struct key *key, const void *from)
{
    const void *array;

    memcpy(&array, part(from, key->offset), sizeof array);
    return array;
}

static unsigned enum_of(const void *at)
{
    unsigned value;

    memcpy(&value, at, sizeof value);
    return value;
}

static bool any_there(const struct schema *schema, const void *from)
{
    for (size_t i = 0; i < schema->n; i++)
        if (is_there(&schema->keys[i], from))
            return true;
    return false;
}

/* Would leaving it out change what is read back? */
static bool is_there(const struct key *key, const void *from)
{
    const void *at = part(from, key->offset);

    switch (key->kind) {
    case KEY_TEXT:
    case KEY_NAME:
    case KEY_FROM:
    case KEY_EVENT:
        return !str_empty(*(const struct str *)at);
    case KEY_BOOL:
        return key->required || *(const bool *)at;
    case KEY_INT:
    case KEY_MS:
    case KEY_METRES:
        return *(const int64_t *)at != 0;
    case KEY_ENUM:
        return key->required || enum_of(at);
    case KEY_WORDS:
        return enum_of(at) != 0;
    case KEY_LEVEL:
        return true;
    case KEY_STATE:
        return *(const size_t *)at != MOVE_STAYS;
    case KEY_STATES:
    case KEY_FIELDS:
        return *(const uint64_t *)at != 0;
    case KEY_SPAN:
        return ((const struct span *)at)->kind != SPAN_NONE;
    case KEY_RULE:
        return *(const struct scene_rule *const *)at != NULL;
    case KEY_TELL:
        return false; /* stands among the effects */
    case KEY_OPTIONS:
        return count_of(key, from) && str_empty(((const struct scene_field *)from)->from);
    case KEY_TEXTS:
    case KEY_EFFECTS:
    case KEY_TITLES:
    case KEY_MAP:
    case KEY_LIST:
        return count_of(key, from) != 0;
    case KEY_INTO:
        return any_there(key->sub, at);
    }
    return false;
}

static bool fits_line(const struct schema *schema, const void *from);

/* Rows of what stands in one line itself. */
static void put_flow(struct printer *out, const struct key *key, const void *from)
{
    const char *row = array_of(key, from);
    size_t      n = 0;

    put(out, STR("["));
    for (size_t left = count_of(key, from); left--; row += key->sub->size) {
        put_comma(out, &n);
        put_map(out, key->sub, row, 0, true);
    }
    put(out, STR("]"));
}

static void put_rows(struct printer *out, const struct key *key, const void *from,
                     int depth)
{
    const struct schema *sub = key->sub;
    const char          *row = array_of(key, from);

    for (size_t n = count_of(key, from); n--; row += sub->size) {
        if (sub == &case_schema)
            out->kind = (const struct case_kind *)(const void *)row;
        put_indent(out, depth);
        if (key->kind == KEY_LIST) {
            put(out, STR("- "));
        } else {
            put_scalar(out, *(const struct str *)part(row, sub->name));
            put(out, sub->one_line ? STR(": ") : STR(":"));
        }
        put_map(out, sub, row, depth + 1, sub->one_line);
    }
}

static void put_event(struct printer *out, const struct key *key, const void *from)
{
    put(out, *(const struct str *)part(from, key->offset));
    put(out, STR("."));
    put(out, *(const struct str *)part(from, key->count));
}

static void put_enum(struct printer *out, const struct key *key, const void *at)
{
    put(out, word_in(out, &key->words->all[enum_of(at)]));
}

static void put_name(struct printer *out, const struct key *key, struct str name)
{
    size_t known = key->words ? words_find(key->words, name) : 0;

    put_scalar(out, key->words ? word_in(out, &key->words->all[known]) : name);
}

static void put_value(struct printer *out, const struct key *key, const void *from,
                      int depth)
{
    const void *at = part(from, key->offset);

    switch (key->kind) {
    case KEY_TEXT:
    case KEY_FROM:
        put_scalar(out, *(const struct str *)at);
        break;
    case KEY_NAME:
        put_name(out, key, *(const struct str *)at);
        break;
    case KEY_BOOL:
        put(out, word_in(out, &bool_words.all[*(const bool *)at]));
        break;
    case KEY_INT:
        put_number(out, *(const int64_t *)at);
        break;
    case KEY_ENUM:
        put_enum(out, key, at);
        break;
    case KEY_LEVEL:
        put(out, word_in(out, &key->words->all[*(const int *)at - 1]));
        break;
    case KEY_WORDS:
        put_words(out, key->words, enum_of(at));
        break;
    case KEY_TEXTS:
        put_texts(out, key->words, array_of(key, from), count_of(key, from));
        break;
    case KEY_SPAN:
        put(out, span_text(out->arena, *(const struct span *)at, out->words));
        break;
    case KEY_MS:
        put(out, span_text(out->arena, (struct span){ SPAN_REAL, *(const int64_t *)at },
                           out->words));
        break;
    case KEY_METRES:
        put_metres(out, *(const int64_t *)at);
        break;
    case KEY_RULE:
        put_rule(out, *(const struct scene_rule *const *)at);
        break;
    case KEY_STATE:
        put_scalar(out, out->kind->states[*(const size_t *)at].name);
        break;
    case KEY_STATES:
    case KEY_FIELDS:
        put_bits(out, *(const uint64_t *)at, key->kind == KEY_STATES);
        break;
    case KEY_EFFECTS:
        put_effects(out, array_of(key, from), count_of(key, from));
        break;
    case KEY_TITLES:
        put_titles(out, array_of(key, from), count_of(key, from));
        break;
    case KEY_OPTIONS:
        put_options(out, array_of(key, from), count_of(key, from));
        break;
    case KEY_EVENT:
        put_event(out, key, from);
        break;
    case KEY_INTO:
        put_map(out, key->sub, at, depth + 1, fits_line(key->sub, at));
        break;
    case KEY_MAP:
    case KEY_LIST:
        (out->flow ? put_flow(out, key, from) : put_rows(out, key, from, depth + 1));
        break;
    case KEY_TELL:
        break;
    }
}

/* Rows stand below one another, and so does what holds them. */
static bool fits_line(const struct schema *schema, const void *from)
{
    for (size_t i = 0; i < schema->n; i++)
        if (schema->keys[i].kind == KEY_LIST && is_there(&schema->keys[i], from))
            return false;
    return schema->one_line;
}

static bool in_block(const struct printer *out, const struct key *key, const void *from)
{
    if (out->flow)
        return false;
    return key->kind == KEY_MAP || key->kind == KEY_LIST ||
           (key->kind == KEY_INTO && !fits_line(key->sub, part(from, key->offset)));
}

static void put_map(struct printer *out, const struct schema *schema, const void *from,
                    int depth, bool one_line)
{
    size_t n = 0;
    bool   flows = out->flow;

    out->flow |= one_line;
    if (one_line)
        put(out, STR("{"));
    for (size_t i = 0; i < schema->n; i++) {
        const struct key *key = &schema->keys[i];

        if (!is_there(key, from))
            continue;
        if (one_line)
            put_comma(out, &n);
        else
            put_indent(out, depth);
        put(out, key_in(out, key));
        put(out, in_block(out, key, from) ? STR(":") : STR(": "));
        put_value(out, key, from, depth);
    }
    if (one_line)
        put(out, STR("}"));
    out->flow = flows;
}

struct str scene_print(struct arena *arena, const struct scene *scene,
                       enum rule_words words)
{
    struct printer out = { .arena = arena, .words = words };

    put_map(&out, &scene_schema, scene, 0, false);
    put(&out, STR("\n"));
    if (arena->over)
        return STR_NONE;
    return str_skip(str_slice(out.at, out.len), 1); /* each line begins with its break */
}
