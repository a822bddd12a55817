/* Any text is read or refused, never more.  What is read prints to text that
 * reads back as the same rule, in both languages; runs on a record that knows
 * some things and not others, in its steps; and can be explained. */
#include "rule/world.h"
#include "fuzz.h"

/* Values that depend on the name, so that the same rule gives the same result. */
static void fetch(const struct rule_record *record, const struct rule_name *name,
                  struct rule_value *value)
{
    (void)record;
    uint64_t hash = str_hash(name->name);

    if (hash % 4 == 0)
        return;
    switch (name->type) {
    case RULE_TRUTH:
        *value = rule_truth_value(hash & 1);
        break;
    case RULE_NUMBER:
        *value = rule_decimal((int64_t)hash, (int)(hash % 10));
        break;
    case RULE_MONEY:
        *value = rule_money((int64_t)hash);
        break;
    case RULE_TEXT:
        *value = rule_text(name->nchoices ? name->choices[0].word : name->zh);
        break;
    case RULE_DATE:
        *value = rule_date((int64_t)(hash % 100000) - 50000);
        break;
    case RULE_TIME:
        *value = rule_time((int64_t)hash);
        break;
    case RULE_AREA:
        *value = rule_area(STR("420602001"));
        break;
    case RULE_PLACE:
        *value = rule_at(32.01, 112.15, STR("420602001002"));
        break;
    default:
        break;
    }
}

static enum rule_truth over(const struct rule_record *record, const struct rule_over *over,
                            enum rule_truth now)
{
    (void)record;
    return over->index % 2 ? RULE_UNKNOWN : now;
}

static const struct rule *parse(struct arena *arena, const struct rule_env *env,
                                struct str text, unsigned expected)
{
    struct problems    problems;
    struct rule_source source = { .text = text };

    problems_init(&problems, arena);
    const struct rule *rule = rule_parse(arena, env, source, expected, &problems);
    demand(!rule == (problems.n > 0));
    return rule;
}

static void check(struct arena *arena, const struct rule_env *env, const struct rule *rule)
{
    struct rule_record record = {
        .fetch = fetch, .over = over, .arena = arena, .now_ms = 1772330400000
    };
    struct rule_value value = rule_value(rule, &record, NULL);
    struct str en = rule_print(arena, rule, RULE_EN), zh = rule_print(arena, rule, RULE_ZH);
    size_t     n;

    demand(en.at && zh.at);
    (void)rule_value_zh(arena, &value);
    demand(rule_mentions(arena, rule, &n) != NULL);
    if (rule_type(rule) == RULE_TRUTH)
        demand(rule_explain(arena, rule, &record, &n) != NULL && n > 0);
    if (en.len > RULE_TEXT_MAX || zh.len > RULE_TEXT_MAX)
        return;
    const struct rule *from_en = parse(arena, env, en, rule_type(rule));
    const struct rule *from_zh = parse(arena, env, zh, rule_type(rule));
    demand(from_en && from_zh);
    demand(str_eq(rule_print(arena, from_en, RULE_EN), en));
    demand(str_eq(rule_print(arena, from_zh, RULE_EN), en));
    if (rule_type(rule) == RULE_TRUTH)
        demand(rule_test(rule, &record, NULL) == rule_test(from_zh, &record, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct rule_env *const envs[] = { &alarm_env, &by_env, &to_env };
    struct arena                        arena;

    arena_init(&arena, 8 << 20);
    struct str         text = str_slice((const char *)bytes, size);
    const struct rule *rule = parse(&arena, envs[size % COUNT(envs)], text, RULE_ANY);
    if (rule)
        check(&arena, envs[size % COUNT(envs)], rule);
    arena_free(&arena);
    return 0;
}
