#include "db/catalogue.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/record.h"

enum { CATALOGUE_BYTES = 32 << 20 };

static void fault(struct db_catalogue *catalogue, const struct stmt *stmt, const char *says)
{
    catalogue->faults++;
    log_event(LOG_ERROR, "db.statement", LOG_TEXT("name", str_of(stmt->name)),
              LOG_TEXT("says", str_of(says)));
}

/* ---- the text: what both engines read alike ---- */

/* Past a quoted word or a comment that begins at `at`; `at` when none does. */
static const char *skip_quoted(const char *at)
{
    const char *end = at;

    if (*at == '\'' || *at == '"')
        end = strchr(at + 1, *at);
    else if (at[0] == '-' && at[1] == '-')
        end = strchr(at, '\n');
    else
        return at;
    return end ? end + 1 : at + strlen(at);
}

/* The parameter at `at`, behind its "$"; 0 when it is none.  SQLite takes
 * "$1::type" for a name of its own, so nothing may stick to the number. */
static unsigned long parameter(const char *at, const char **end)
{
    if (!isdigit((unsigned char)*at))
        return 0;
    char         *after;
    unsigned long number = strtoul(at, &after, 10);

    *end = after;
    return *after == ':' || *after == '_' || isalnum((unsigned char)*after) ? 0 : number;
}

static const char *text_fault(const struct stmt *stmt)
{
    uint64_t seen = 0;

    for (const char *at = stmt->sql; *at;) {
        const char *past = skip_quoted(at);
        if (past != at) {
            at = past;
        } else if (strchr("?:@#;", *at)) {
            return "only $n stands for a parameter, one statement, no \"::\"";
        } else if (*at == '$') {
            unsigned long number = parameter(at + 1, &at);
            if (number == 0 || number > stmt->nparams)
                return "a parameter is not $1 to $n of the declared ones";
            seen |= (uint64_t)1 << (number - 1);
        } else {
            at++;
        }
    }
    size_t   n = stmt->nparams;
    uint64_t all = n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
    return seen == all ? NULL : "a declared parameter does not occur";
}

/* Rows only: no tables, settings or transactions. */
static bool about_rows(const char *sql)
{
    static const char *const verbs[] = { "SELECT ", "INSERT INTO ", "UPDATE ",
                                         "DELETE FROM ", "WITH " };

    for (size_t i = 0; i < COUNT(verbs); i++)
        if (str_starts(str_of(sql), str_of(verbs[i])))
            return true;
    return false;
}

static bool scalar(enum kind kind)
{
    return kind >= KIND_BOOL && kind <= KIND_RAW && kind != KIND_STRUCT &&
           kind != KIND_LIST;
}

static const char *kinds_fault(const struct stmt *stmt)
{
    for (size_t i = 0; i < stmt->nparams; i++)
        if (!scalar(stmt->params[i]))
            return "a parameter is not a scalar";
    for (size_t i = 0; i < stmt->nrow; i++)
        if (!scalar(stmt->row[i].kind))
            return "a column is not a scalar";
    return NULL;
}

static const char *stmt_fault(const struct stmt *stmt)
{
    if (!about_rows(stmt->sql))
        return "it does not begin with SELECT, INSERT INTO, UPDATE, DELETE FROM or WITH";
    if (strlen(stmt->name) > STMT_NAME_MAX)
        return "the name is too long";
    if (stmt->nparams > STMT_PARAMS_MAX)
        return "too many parameters";
    if (stmt->nrow > STMT_COLUMNS_MAX)
        return "too many columns";
    const char *says = text_fault(stmt);
    return says ? says : kinds_fault(stmt);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct stmt *const *)a)->name,
                  (*(const struct stmt *const *)b)->name);
}

static void check(struct db_catalogue *catalogue)
{
    const struct stmt **sorted =
        arena_many(&catalogue->arena, catalogue->n, const struct stmt *);

    for (size_t i = 0; i < catalogue->n; i++) {
        const char *says = stmt_fault(catalogue->stmts[i]);
        if (says)
            fault(catalogue, catalogue->stmts[i], says);
    }
    if (!sorted || !catalogue->n)
        return;
    memcpy(sorted, catalogue->stmts, catalogue->n * sizeof *sorted);
    qsort(sorted, catalogue->n, sizeof *sorted, by_name);
    for (size_t i = 1; i < catalogue->n; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            fault(catalogue, sorted[i], "two statements have this name");
}

/* ---- slots ---- */

static size_t *place(const struct db_catalogue *catalogue, const struct stmt *stmt)
{
    size_t at = ((uintptr_t)stmt >> 4) * 0x9e3779b97f4a7c15u >> 20 & catalogue->mask;

    while (catalogue->table[at] && catalogue->told[catalogue->table[at] - 1] != stmt)
        at = (at + 1) & catalogue->mask;
    return &catalogue->table[at];
}

size_t catalogue_slot(const struct db_catalogue *catalogue, const struct stmt *stmt)
{
    assert(catalogue);
    size_t found = *place(catalogue, stmt);

    assert(found);
    return found - 1;
}

static bool add(struct db_catalogue *catalogue, const struct stmt *stmt)
{
    size_t *slot = place(catalogue, stmt);

    if (*slot)
        return true;
    assert(catalogue->n < catalogue->room);
    catalogue->stmts[catalogue->n] = record_compose(&catalogue->arena, stmt);
    if (!catalogue->stmts[catalogue->n])
        return false;
    catalogue->told[catalogue->n++] = stmt;
    *slot = catalogue->n;
    return true;
}

/* ---- making ---- */

struct sizes {
    size_t stmts, lists;
};

static struct sizes count(const struct stmts *const *tables, size_t n)
{
    struct sizes sizes = { 0 };

    for (size_t i = 0; i < n; i++) {
        for (const struct stmt *const *stmt = tables[i]->all; stmt && *stmt; stmt++)
            sizes.stmts++;
        for (const struct list_query *const *l = tables[i]->lists; l && *l; l++) {
            sizes.stmts += list_combinations(*l);
            sizes.lists++;
        }
    }
    return sizes;
}

static bool make_room(struct db_catalogue *catalogue, struct sizes sizes)
{
    size_t places = 16;

    while (places < sizes.stmts * 2)
        places *= 2;
    catalogue->room = sizes.stmts;
    catalogue->mask = places - 1;
    catalogue->stmts = arena_many(&catalogue->arena, sizes.stmts, const struct stmt *);
    catalogue->told = arena_many(&catalogue->arena, sizes.stmts, const struct stmt *);
    catalogue->lists = arena_many(&catalogue->arena, sizes.lists, struct list_variants);
    catalogue->table = arena_many(&catalogue->arena, places, size_t);
    return !catalogue->arena.over;
}

static bool add_list(struct db_catalogue *catalogue, const struct list_query *query)
{
    const struct stmt *const *stmts = list_compose(&catalogue->arena, query);

    if (!stmts)
        return false;
    for (size_t i = 0; i < list_combinations(query); i++)
        if (stmts[i] && !add(catalogue, stmts[i]))
            return false;
    catalogue->lists[catalogue->nlists++] = (struct list_variants){ query, stmts };
    return true;
}

static bool fill(struct db_catalogue *catalogue, const struct stmts *const *tables,
                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (const struct stmt *const *stmt = tables[i]->all; stmt && *stmt; stmt++)
            if (!add(catalogue, *stmt))
                return false;
        for (const struct list_query *const *l = tables[i]->lists; l && *l; l++)
            if (!add_list(catalogue, *l))
                return false;
    }
    return true;
}

struct db_catalogue *db_catalogue_new(const struct stmts *const *tables, size_t n)
{
    struct db_catalogue *catalogue = calloc(1, sizeof *catalogue);

    if (!catalogue)
        return NULL;
    arena_init(&catalogue->arena, CATALOGUE_BYTES);
    if (!make_room(catalogue, count(tables, n)) || !fill(catalogue, tables, n))
        db_catalogue_free(&catalogue);
    else
        check(catalogue);
    return catalogue;
}

void db_catalogue_free(struct db_catalogue **catalogue)
{
    if (!*catalogue)
        return;
    arena_free(&(*catalogue)->arena);
    free(*catalogue);
    *catalogue = NULL;
}
