/* Looking words up in the tables of an environment: only while parsing, never
 * while a rule runs. */
#include "rule/lex.h"

static bool is(struct str word, struct str name, struct str zh)
{
    return str_eq(word, name) || (zh.len && str_eq(word, zh));
}

static bool same_path(const struct rule_name *row, const struct str *parts, size_t n)
{
    struct str name = row->name, zh = row->zh;

    for (size_t i = 0; i < n; i++) {
        struct str_cut in_name = str_cut(name, '.'), in_zh = str_cut(zh, '.');
        if (!is(parts[i], in_name.head, in_zh.head) || in_name.ok != (i + 1 < n))
            return false;
        name = in_name.tail;
        zh = in_zh.tail;
    }
    return true;
}

const struct rule_name *env_name(const struct rule_env *env, const struct str *parts,
                                 size_t n)
{
    for (size_t i = 0; i < env->n; i++)
        for (size_t k = 0; k < env->tables[i]->nnames; k++)
            if (same_path(&env->tables[i]->names[k], parts, n))
                return &env->tables[i]->names[k];
    return NULL;
}

const struct rule_function *env_function(const struct rule_env *env, struct str word)
{
    for (size_t i = 0; i < env->n; i++)
        for (size_t k = 0; k < env->tables[i]->nfunctions; k++)
            if (is(word, env->tables[i]->functions[k].name,
                   env->tables[i]->functions[k].zh))
                return &env->tables[i]->functions[k];
    return NULL;
}

size_t env_param(const struct rule_function *function, struct str word)
{
    for (size_t i = 0; i < function->nparams; i++)
        if (is(word, function->params[i].name, function->params[i].zh))
            return i;
    return function->nparams;
}

static bool is_part(struct str path, struct str word)
{
    for (struct str_cut cut = { .tail = path, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, '.');
        if (cut.head.len && str_eq(cut.head, word))
            return true;
    }
    return false;
}

static bool table_knows(const struct rule_table *table, struct str word)
{
    for (size_t i = 0; i < table->nnames; i++)
        if (is_part(table->names[i].name, word) || is_part(table->names[i].zh, word))
            return true;
    for (size_t i = 0; i < table->nfunctions; i++)
        if (is(word, table->functions[i].name, table->functions[i].zh) ||
            env_param(&table->functions[i], word) < table->functions[i].nparams)
            return true;
    return false;
}

bool env_knows(const struct rule_env *env, struct str word)
{
    for (size_t i = 0; i < env->n; i++)
        if (table_knows(env->tables[i], word))
            return true;
    return false;
}

const struct rule_choice *env_choice(const struct rule_choice *choices, size_t n,
                                     struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (is(text, choices[i].word, choices[i].zh))
            return &choices[i];
    return NULL;
}
