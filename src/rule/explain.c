/* Why a rule held or not, clause by clause, for the people it is about. */
#include "rule/lex.h"

struct teller {
    struct arena             *arena;
    const struct rule_record *record;
    struct rule_clause       *clauses;
    size_t                    n;
};

static bool is_chain(const struct rule *node)
{
    return node->kind == RULE_NODE_AND || node->kind == RULE_NODE_OR;
}

static size_t count_clauses(const struct rule *node)
{
    size_t n = 0;

    if (!is_chain(node))
        return 1;
    for (const struct rule *part = node->first; part; part = part->next)
        n += count_clauses(part);
    return n;
}

/* The datum that a clause looks at: the first name in it, or else the first call
 * that gives more than a yes or no. */
static const struct rule *datum_of(const struct rule *node)
{
    bool tells = node->kind == RULE_NODE_NAME ||
                 (node->kind == RULE_NODE_CALL && node->type != RULE_TRUTH);

    if (tells && node->type != RULE_EVENT)
        return node;
    if (node->kind == RULE_NODE_CALL) /* what it makes of its arguments is its own */
        return NULL;
    for (const struct rule *part = node->first; part; part = part->next) {
        const struct rule *datum = datum_of(part);
        if (datum)
            return datum;
    }
    return NULL;
}

static struct str shown(struct arena *arena, const struct rule *datum,
                        const struct rule_value *value)
{
    const struct rule_choice *row = NULL;

    if (value->known && value->type == RULE_TEXT && datum->kind == RULE_NODE_NAME)
        row = env_choice(datum->name->choices, datum->name->nchoices, value->text);
    else if (value->known && value->type == RULE_TEXT)
        row = env_choice(datum->function->choices, datum->function->nchoices, value->text);
    return row && row->zh.len ? row->zh : rule_value_zh(arena, value);
}

static void look_at_datum(struct teller *t, const struct rule *node,
                          struct rule_clause *clause)
{
    const struct rule *datum = datum_of(node);

    if (!datum)
        return;
    struct rule_value value = rule_value(datum, t->record, NULL);
    clause->name = rule_print(t->arena, datum, RULE_ZH);
    clause->value = shown(t->arena, datum, &value);
    clause->from = value.known ? value.note : STR_NONE;
}

static struct str sentence(struct arena *arena, const struct rule_clause *clause, bool bare)
{
    static const char *const says[] = {
        [RULE_NO] = "不符合", [RULE_YES] = "符合", [RULE_UNKNOWN] = "无法判断"
    };
    struct str from =
        clause->from.len ? str_fmt(arena, "（%.*s）", STR_ARG(clause->from)) : STR("");

    if (clause->truth == RULE_UNKNOWN)
        return str_fmt(arena, "无法判断「%.*s」：还不知道%.*s。", STR_ARG(clause->rule),
                       STR_ARG(clause->missing));
    if (bare || !clause->value.len)
        return str_fmt(arena, "%s「%.*s」%.*s。", says[clause->truth],
                       STR_ARG(clause->rule), STR_ARG(from));
    const char *blank = (clause->value.at[0] & 0x80) ? "" : " "; /* between 汉字 and 83 */
    return str_fmt(arena, "%.*s是%s%.*s%.*s，%s「%.*s」。", STR_ARG(clause->name), blank,
                   STR_ARG(clause->value), STR_ARG(from), says[clause->truth],
                   STR_ARG(clause->rule));
}

static void tell_clause(struct teller *t, const struct rule *node)
{
    struct rule_clause *clause = &t->clauses[t->n++];
    struct rule_why     why;

    clause->truth = rule_test(node, t->record, &why);
    clause->line = node->line;
    clause->column = node->column;
    clause->rule = rule_print(t->arena, node, RULE_ZH);
    if (clause->truth == RULE_UNKNOWN)
        clause->missing = why.missing;
    look_at_datum(t, node, clause);
    const struct rule *test = node->kind == RULE_NODE_NOT ? node->first : node;
    clause->says =
        sentence(t->arena, clause, test->kind == RULE_NODE_NAME || is_chain(test));
}

static void tell_all(struct teller *t, const struct rule *node)
{
    if (!is_chain(node)) {
        tell_clause(t, node);
        return;
    }
    for (const struct rule *part = node->first; part; part = part->next)
        tell_all(t, part);
}

const struct rule_clause *rule_explain(struct arena *arena, const struct rule *rule,
                                       const struct rule_record *record, size_t *n)
{
    assert(rule->type == RULE_TRUTH);
    struct teller t = { .arena = arena, .record = record };

    *n = 0;
    t.clauses = arena_many(arena, count_clauses(rule), struct rule_clause);
    if (!t.clauses)
        return NULL;
    tell_all(&t, rule);
    *n = t.n;
    return arena->over ? NULL : t.clauses;
}
