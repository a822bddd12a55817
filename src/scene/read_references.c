#include "scene/read.h"

#include <string.h>

/* ---- rules ---- */

static struct str after_scalar(const struct node *node)
{
    struct str rest = node->source;

    if (rest.len < node->text.len || node->quoted)
        return STR_NONE;
    return str_skip(rest, node->text.len);
}

/* A bare rule in a one-line form ends at the first comma or bracket of YAML's.  If
 * it then has a bracket or a quotation mark open, it went on for its writer. */
bool rule_is_cut(const struct node *node)
{
    int  open = 0;
    bool quoted = false;

    if (node->kind != NODE_SCALAR || !node->in_flow || node->quoted)
        return false;
    for (size_t i = 0; i < node->text.len; i++) {
        char c = node->text.at[i];

        quoted ^= c == '"';
        if (!quoted)
            open += (c == '(') - (c == ')');
    }
    struct str rest = after_scalar(node);
    return (open > 0 || quoted) && rest.len && strchr(",[]{}", *rest.at);
}

void tell_cut(struct reader *reader, const struct node *node)
{
    struct str rest = after_scalar(node);

    tell(reader, node_spot(node, node->text.len),
         "规则到这里被“%.1s”截断了。写在一行花括号 {…} 或方括号 […] "
         "里的规则，要整条用单引号括起来："
         "'%.*s…'。",
         rest.at, STR_ARG(node->text));
}

/* A place in the text, counted by lines and columns, as a byte. */
static size_t offset_of(struct str text, int64_t line, int64_t column)
{
    struct str rest = text;

    for (; rest.len && line > 1; line--)
        rest = str_cut(rest, '\n').tail;
    for (; rest.len && column > 1; column--)
        str_utf8_next(&rest);
    return rest.at ? (size_t)(rest.at - text.at) : text.len;
}

/* The rule of that type in a scalar; its mistakes are told where they stand in the
 * file, also behind quotation marks and line breaks.  NULL when told. */
static const struct rule *parse(struct reader *reader, const struct node *node,
                                struct str text, const struct rule_env *env, unsigned type)
{
    struct problems    told;
    size_t             before = (size_t)(text.at - node->text.at);
    struct rule_source source = { .text = str_copy(reader->arena, text),
                                  .line = 1,
                                  .column = 1 };

    problems_init(&told, reader->scratch);
    const struct rule *rule = rule_parse(reader->arena, env, source, type, &told);
    for (const struct problem *problem = told.first; problem; problem = problem->next) {
        size_t offset = before + offset_of(text, problem->line, problem->column);

        tell(reader, node_spot(node, offset), "%.*s", STR_ARG(problem->says));
    }
    return rule;
}

static const struct scene_rule *scene_rule(struct reader *reader, const struct node *node,
                                           struct str text, const struct rule_env *env,
                                           unsigned type)
{
    const struct rule *parsed = parse(reader, node, text, env, type);
    struct scene_rule *rule = parsed ? arena_new(reader->arena, struct scene_rule) : NULL;

    if (rule)
        *rule =
            (struct scene_rule){ .at = node_spot(node, (size_t)(text.at - node->text.at)),
                                 .text = rule_source_text(parsed),
                                 .rule = parsed };
    return rule;
}

static void resolve_rule(struct reader *reader, const struct later *later,
                         const struct case_envs *envs)
{
    const struct key   *key = later->key;
    struct scene_field *field = later->into;
    unsigned            type = key->type ? key->type : field_rule_type(field->asks);

    const struct scene_rule *rule = scene_rule(
        reader, later->node, str_trim(later->node->text), case_env(envs, key->about), type);

    if (rule)
        *(const struct scene_rule **)member(later->into, key->offset) = rule;
}

/* ---- constants ---- */

static const struct rule_env constants = {
    .tables = (const struct rule_table *const[]){ &rule_common }, .n = 1
};

/* What the rule language says of a bad one would lead away from what was wanted. */
static bool constant(struct reader *reader, const struct node *node, unsigned type,
                     struct rule_value *value)
{
    struct problems unsaid;
    struct str      text;

    if (!read_scalar(reader, node, &text))
        return false;
    problems_init(&unsaid, reader->scratch);
    const struct rule *rule = rule_parse(
        reader->scratch, &constants, (struct rule_source){ .text = text }, type, &unsaid);
    if (rule && rule_constant(rule, value) && value->known)
        return true;
    tell(reader, node->at, "这里要写%s，不是“%.*s”。",
         type == RULE_LENGTH
             ? "距离，例如 250 m（250 米）"
             : "时长，例如 30 min（30 分钟）、2 h（2 小时）、3 working days（3 个工作日）",
         STR_ARG(text));
    return false;
}

/* Whole seconds, above 0; working days no more than a few years. */
static bool span_of(struct rule_span of, struct span *span)
{
    static const enum span_kind kinds[] = { [RULE_MS] = SPAN_REAL,
                                            [RULE_WORKING_MS] = SPAN_WORKING,
                                            [RULE_WORKING_DAYS] = SPAN_WORKING_DAYS };

    if (of.n <= 0 || of.unit == RULE_MONTHS || (of.unit == RULE_MS && of.n % 1000) ||
        (of.unit == RULE_WORKING_DAYS && of.n > SPAN_WORKING_DAYS_MAX) ||
        (of.unit == RULE_WORKING_MS && of.n > SPAN_WORKING_DAYS_MAX * INT64_C(3600000)))
        return false;
    *span = (struct span){ kinds[of.unit], of.n };
    return true;
}

bool read_span(struct reader *reader, const struct node *node, struct span *span)
{
    struct rule_value value;

    if (!constant(reader, node, RULE_DURATION, &value))
        return false;
    if (span_of(value.span, span))
        return true;
    tell(reader, node->at,
         "时长要是整秒，大于 0，单位用分钟、小时、天或工作日；工作日最多 %d 个。",
         SPAN_WORKING_DAYS_MAX);
    return false;
}

bool scene_span(struct arena *scratch, struct str text, struct span *span)
{
    struct rule_value value;
    struct problems   unsaid;

    problems_init(&unsaid, scratch);
    const struct rule *rule = rule_parse(
        scratch, &constants, (struct rule_source){ .text = text }, RULE_DURATION, &unsaid);
    return rule && rule_constant(rule, &value) && value.known && span_of(value.span, span);
}

bool read_metres(struct reader *reader, const struct node *node, int64_t *metres)
{
    struct rule_value value;

    if (!constant(reader, node, RULE_LENGTH, &value))
        return false;
    *metres = value.number.digits;
    for (int i = 0; i < value.number.scale; i++)
        *metres /= 10;
    if (*metres < 1 || *metres > 100000) {
        tell(reader, node->at, "距离要在 1 米到 100 公里之间。");
        return false;
    }
    return true;
}

/* ---- states and fields ---- */

/* Names of one kind's states or fields, in order. */
struct names {
    const char *what;
    const char *rows;
    size_t      n, size, name;
};

static struct str name_at(const struct names *names, size_t i)
{
    return *(const struct str *)(const void *)(names->rows + i * names->size + names->name);
}

static struct names state_names(const struct case_kind *kind)
{
    return (struct names){ "状态", (const char *)kind->states, kind->nstates,
                           sizeof(struct scene_state), offsetof(struct scene_state, name) };
}

static struct names field_names(const struct case_kind *kind)
{
    return (struct names){ "字段", (const char *)kind->fields, kind->nfields,
                           sizeof(struct scene_field), offsetof(struct scene_field, name) };
}

static struct str nearest_name(const struct names *names, struct str text)
{
    struct str all[SCENE_STATES_MAX];

    for (size_t i = 0; i < names->n; i++)
        all[i] = name_at(names, i);
    return rule_nearest_of(text, all, names->n);
}

/* Index, or names->n when told. */
static size_t find_name(struct reader *reader, const struct names *names,
                        const struct node *node, struct str text)
{
    size_t i = 0;

    while (i < names->n && !str_eq(name_at(names, i), text))
        i++;
    if (i == names->n)
        tell(reader, node->at, "没有叫“%.*s”的%s%.*s", STR_ARG(text), names->what,
             STR_ARG(meant(reader, nearest_name(names, text))));
    return i;
}

static void resolve_bits(struct reader *reader, const struct later *later,
                         const struct names *names)
{
    struct items items = node_items(later->node);
    uint64_t     bits = 0;
    bool         whole = true;
    struct str   text;

    for (const struct node *item = items.first; items.n--; item = item->next) {
        size_t i = read_scalar(reader, item, &text) ? find_name(reader, names, item, text)
                                                    : names->n;
        if (i < names->n)
            bits |= UINT64_C(1) << i;
        else
            whole = false;
    }
    if (whole) /* nothing is concluded from a half */
        *(uint64_t *)member(later->into, later->key->offset) = bits;
}

static void resolve_state(struct reader *reader, const struct later *later)
{
    struct names names = state_names(later->kind);
    size_t      *state = member(later->into, later->key->offset);
    struct str   text;

    *state = SIZE_MAX; /* written, and not one of them: nothing is concluded from it */
    if (!read_scalar(reader, later->node, &text))
        return;
    size_t i = find_name(reader, &names, later->node, text);
    if (i < names.n)
        *state = i;
}

static void resolve_event(struct reader *reader, const struct later *later)
{
    const struct scene *scene = reader->scene;
    struct str          kind_name = *(struct str *)member(later->into, later->key->offset);
    struct str          state = *(struct str *)member(later->into, later->key->count);
    struct names        kinds = { "办件", (const char *)scene->kinds, scene->nkinds,
                                  sizeof(struct case_kind), offsetof(struct case_kind, name) };
    size_t              i = find_name(reader, &kinds, later->node, kind_name);

    if (i == kinds.n)
        return;
    struct names states = state_names(&scene->kinds[i]);
    (void)find_name(reader, &states, later->node, state);
}

/* ---- effects ---- */

enum takes { TAKES_NONE, TAKES_WHO, TAKES_CLOCK };
static const enum takes takes_of[] = {
#define EFFECT(name, word, zh, takes, of, note) [EFFECT_##name] = TAKES_##takes,
#include "scene/words.def"
};

/* "tell(reporter)" in its two parts; a bare word has no argument. */
struct call {
    struct str word, argument;
};

/* Where the first bracket of either width opens; text.len when none does. */
static size_t bracket(struct str text, size_t *width)
{
    size_t at = 0;

    for (; at < text.len; at++) {
        struct str rest = str_skip(text, at);

        *width = str_starts(rest, STR("(")) ? 1 : str_starts(rest, STR("（")) ? 3 : 0;
        if (*width)
            break;
    }
    return at;
}

static bool split_call(struct str text, struct call *call)
{
    size_t width = 0, at = bracket(text, &width);
    size_t close = str_ends(text, STR(")")) ? 1 : str_ends(text, STR("）")) ? 3 : 0;

    *call = (struct call){ .word = str_trim(str_slice(text.at, at)) };
    if (at == text.len)
        return true;
    if (!close)
        return false;
    call->argument =
        str_trim(str_slice(text.at + at + width, text.len - at - width - close));
    return true;
}

static bool clock_argument(struct reader *reader, const struct node *node, struct call call,
                           struct scene_effect *effect)
{
    size_t clock = words_find(&clock_words, call.argument);

    if (clock == clock_words.n) {
        tell(reader, node->at,
             "“%.*s”的括号里要写哪个时限：accept、first_answer、resolve 或 update。",
             STR_ARG(call.word));
        return false;
    }
    effect->clock = (enum clock_name)clock;
    return true;
}

static bool effect_argument(struct reader *reader, const struct node *node,
                            const struct rule_env *env, struct call call,
                            struct scene_effect *effect)
{
    enum takes takes = takes_of[effect->kind];

    if (takes == TAKES_CLOCK)
        return clock_argument(reader, node, call, effect);
    if ((takes == TAKES_NONE) != str_empty(call.argument)) {
        tell(reader, node->at,
             takes == TAKES_NONE ? "“%.*s”的后面不用写括号。"
                                 : "“%.*s”的括号里要写给谁，例如 tell(reporter)。",
             STR_ARG(call.word));
        return false;
    }
    if (takes == TAKES_WHO)
        effect->who = scene_rule(reader, node, call.argument, env, RULE_TARGET);
    return takes == TAKES_NONE || effect->who;
}

static bool resolve_effect(struct reader *reader, const struct node *node,
                           const struct rule_env *env, struct scene_effect *effect)
{
    struct str  text;
    struct call call;

    if (!read_scalar(reader, node, &text))
        return false;
    if (rule_is_cut(node)) {
        tell_cut(reader, node);
        return false;
    }
    if (!split_call(text, &call)) {
        tell(reader, node_spot(node, text.len), "这里少了右括号。");
        return false;
    }
    size_t kind = words_find(&effect_words, call.word);
    if (kind == effect_words.n) {
        tell(reader, node->at, "没有“%.*s”这种效果%.*s", STR_ARG(call.word),
             STR_ARG(meant_word(reader, words_nearest(&effect_words, call.word))));
        return false;
    }
    *effect = (struct scene_effect){ .at = node->at, .kind = (enum effect_kind)kind };
    return effect_argument(reader, node, env, call, effect);
}

/* `tell: reporter` */
static bool resolve_tell(struct reader *reader, const struct node *node,
                         const struct rule_env *env, struct scene_effect *effect)
{
    struct str text;

    if (!read_scalar(reader, node, &text))
        return false;
    *effect = (struct scene_effect){ .at = node->at, .kind = EFFECT_TELL };
    effect->who = scene_rule(reader, node, text, env, RULE_TARGET);
    return effect->who;
}

static void add_effects(const struct later *later, struct arena *arena,
                        const struct scene_effect *more, size_t n)
{
    const struct key    *key = later->key;
    struct scene_effect *all;
    const void *old = *(const struct scene_effect **)member(later->into, key->offset);
    size_t      before = *(size_t *)member(later->into, key->count);

    all = arena_many(arena, before + n, struct scene_effect);
    if (!all)
        return;
    if (before)
        memcpy(all, old, before * sizeof *all);
    if (n)
        memcpy(all + before, more, n * sizeof *all);
    set_array(key, later->into, all, before + n);
}

static void resolve_effects(struct reader *reader, const struct later *later,
                            const struct rule_env *env)
{
    struct items        items = node_items(later->node);
    struct scene_effect effects[SCENE_LIST_MAX];
    size_t              n = 0;

    for (const struct node *item = items.first; items.n-- && n < SCENE_LIST_MAX;
         item = item->next)
        n += later->key->kind == KEY_TELL ? resolve_tell(reader, item, env, &effects[n])
                                          : resolve_effect(reader, item, env, &effects[n]);
    add_effects(later, reader->arena, effects, n);
}

/* ---- all of them ---- */

static const struct case_kind *kind_of(const struct reader *reader,
                                       const struct later  *later)
{
    const struct scene_earn *earn = later->into;

    return later->kind ? later->kind : scene_kind(reader->scene, earn->kind);
}

static void resolve(struct reader *reader, const struct later *later,
                    const struct case_envs *envs)
{
    struct names names;

    switch ((int)later->key->kind) {
    case KEY_RULE:
        resolve_rule(reader, later, envs);
        break;
    case KEY_STATE:
        resolve_state(reader, later);
        break;
    case KEY_STATES:
        names = state_names(later->kind);
        resolve_bits(reader, later, &names);
        break;
    case KEY_FIELDS:
        names = field_names(later->kind);
        resolve_bits(reader, later, &names);
        break;
    case KEY_EFFECTS:
    case KEY_TELL:
        resolve_effects(reader, later, case_env(envs, ABOUT_TARGET));
        break;
    }
}

void read_references(struct reader *reader, struct case_envs *const *envs)
{
    for (const struct later *later = reader->first; later; later = later->next) {
        if (later->key->kind == KEY_EVENT) {
            resolve_event(reader, later);
            continue;
        }
        const struct case_kind *kind = kind_of(reader, later);
        if (kind)
            resolve(reader, later, envs[kind - reader->scene->kinds]);
    }
}
