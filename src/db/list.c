#include "db/list.h"

#include <string.h>

#include "db/catalogue.h"

size_t list_combinations(const struct list_query *query)
{
    size_t n = 1;

    assert(query->ndimensions <= LIST_DIMENSIONS_MAX);
    for (size_t i = 0; i < query->ndimensions; i++) {
        assert(query->dimensions[i].nchoices &&
               query->dimensions[i].nchoices <= LIST_CHOICES_MAX);
        n *= query->dimensions[i].nchoices;
        assert(n <= LIST_VARIANTS_MAX);
    }
    return n;
}

/* A combination's number and back: digits of mixed radix, the first dimension
 * leading. */
static size_t number_of(const struct list_query *query, const size_t *choice)
{
    size_t number = 0;

    for (size_t i = 0; i < query->ndimensions; i++) {
        assert(choice[i] < query->dimensions[i].nchoices);
        number = number * query->dimensions[i].nchoices + choice[i];
    }
    return number;
}

static void choice_of(const struct list_query *query, size_t number, size_t *choice)
{
    for (size_t i = query->ndimensions; i-- > 0;) {
        choice[i] = number % query->dimensions[i].nchoices;
        number /= query->dimensions[i].nchoices;
    }
}

/* ---- composing one statement ---- */

struct composer {
    struct arena *arena;
    struct str    name, sql;
    enum kind     params[STMT_PARAMS_MAX];
    size_t        nparams; /* as declared */
    size_t        nmarks;  /* as they occur */
};

/* The fragment with each "?" outside quotes numbered. */
static void add_text(struct composer *c, const char *sql)
{
    bool quoted = false;

    if (c->sql.len)
        c->sql = str_fmt(c->arena, "%.*s ", STR_ARG(c->sql));
    for (const char *from = sql, *at = sql;; at++) {
        quoted ^= *at == '\'';
        if (*at && (*at != '?' || quoted))
            continue;
        struct str part = str_slice(from, (size_t)(at - from));
        c->sql = *at ? str_fmt(c->arena, "%.*s%.*s$%zu", STR_ARG(c->sql), STR_ARG(part),
                               ++c->nmarks)
                     : str_fmt(c->arena, "%.*s%.*s", STR_ARG(c->sql), STR_ARG(part));
        if (!*at)
            return;
        from = at + 1;
    }
}

static void add_fragment(struct composer *c, const char *sql, const enum kind *params,
                         size_t n)
{
    assert(c->nparams + n <= STMT_PARAMS_MAX);
    if (sql && *sql)
        add_text(c, sql);
    for (size_t i = 0; i < n; i++)
        c->params[c->nparams++] = params[i];
    assert(c->nmarks == c->nparams); /* a fragment declares the parameters it writes */
}

static const struct stmt *finish(struct composer *c, const struct list_query *query)
{
    struct stmt *stmt = arena_new(c->arena, struct stmt);
    enum kind   *params = arena_many(c->arena, c->nparams, enum kind);
    const char  *name = str_z(c->arena, c->name), *sql = str_z(c->arena, c->sql);

    if (c->arena->over)
        return NULL;
    memcpy(params, c->params, c->nparams * sizeof *params);
    *stmt = (struct stmt){ .name = name,
                           .sql = sql,
                           .params = params,
                           .nparams = c->nparams,
                           .row = query->row,
                           .nrow = query->nrow };
    return stmt;
}

static const struct stmt *compose(struct arena *arena, const struct list_query *query,
                                  const size_t *choice)
{
    struct composer c = { .arena = arena, .name = str_of(query->name), .sql = STR("") };

    add_fragment(&c, query->head, query->head_params, query->nhead_params);
    for (size_t i = 0; i < query->ndimensions; i++) {
        const struct list_choice *picked = &query->dimensions[i].choices[choice[i]];
        add_fragment(&c, picked->sql, picked->params, picked->nparams);
        c.name = str_fmt(arena, "%.*s.%zu", STR_ARG(c.name), choice[i]);
    }
    add_fragment(&c, query->tail, query->tail_params, query->ntail_params);
    return finish(&c, query);
}

const struct stmt *const *list_compose(struct arena *arena, const struct list_query *query)
{
    size_t              n = list_combinations(query), choice[LIST_DIMENSIONS_MAX];
    const struct stmt **stmts = arena_many(arena, n, const struct stmt *);

    for (size_t i = 0; stmts && i < n; i++) {
        choice_of(query, i, choice);
        if (!query->keep || query->keep(choice))
            stmts[i] = compose(arena, query, choice);
    }
    return arena->over ? NULL : stmts;
}

const struct stmt *list_pick(const struct db_catalogue *catalogue,
                             const struct list_query *query, const size_t *choice)
{
    for (size_t i = 0; i < catalogue->nlists; i++)
        if (catalogue->lists[i].query == query)
            return catalogue->lists[i].stmts[number_of(query, choice)];
    assert(false && "a list that is not in the catalogue");
    return NULL;
}
