#include "engine/case/search.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "engine/case/case_store.h"
#include "engine/case/lists.h"
#include "engine/case/search_store.h"
#include "engine/case/sight.h"
#include "engine/case/terms.h"
#include "guard/actor.h"
#include "registry/area.h"

enum {
    COUNTED_MAX = 256, /* of a word's rows: as many, or more */
    WINDOW_ROWS = 400, /* of a common word, looked through at once, of all streets … */
    WINDOW_LEAST = 40, /* … and of one of many */
    RUNS_MAX = 200,    /* a county's streets, the cells of a circle, somebody's accounts */
    CELLS_ACROSS_MAX = 9,
};

/* Cases in order of their ids: those of a street with the words, of a cell, of an account.
 */
struct run {
    enum { RUN_WORDS, RUN_CELL, RUN_REPORTER } of;
    int64_t key; /* the cell, the account */
    int64_t terms[SEARCH_TERMS_MAX];
    size_t  n;
    bool    common; /* also the rarest word has very many */
};

struct search {
    struct source             source;
    const struct case_filter *filter;
    struct str                area; /* absent: the source itself knows where */
    struct str               *words;
    size_t                    n;
    bool                      ask_words; /* of each row */
    struct run                runs[RUNS_MAX];
    size_t                    nruns;
};

/* ------------------------------------------------------------- the question */

static size_t digits(struct str text, size_t from)
{
    size_t n = 0;

    while (from + n < text.len && text.at[from + n] >= '0' && text.at[from + n] <= '9')
        n++;
    return n;
}

/* 1120-0047, or its beginning. */
static bool is_number(struct str word)
{
    enum { DAY = 4 };

    return word.len >= NUMBER_FIRST && digits(word, 0) == DAY && word.at[DAY] == '-' &&
           DAY + 1 + digits(word, DAY + 1) == word.len;
}

static enum rc add_words(struct op *op, struct search *search, struct str text)
{
    struct list asked;

    enum rc rc = words_asked(op->arena, text, SEARCH_WORDS_MAX - search->n, &asked);
    if (rc == RC_OK && asked.n)
        memcpy(search->words + search->n, asked.at, asked.n * sizeof(struct str));
    search->n += rc == RC_OK ? asked.n : 0;
    return rc;
}

/* Numbers of cases are taken out; the rest is cut as one text, so that ICU sees it whole.
 */
static enum rc read_words(struct op *op, struct search *search, struct str words)
{
    struct str rest = words_folded(op->arena, words), text = STR("");

    search->words = arena_many(op->arena, SEARCH_WORDS_MAX + 1, struct str);
    if (!rest.at || !search->words)
        return RC_TOO_LARGE;
    for (struct str_cut cut = { .tail = str_trim(rest) }; cut.tail.len;) {
        cut = str_cut(cut.tail, ' ');
        if (is_number(cut.head) && search->n < SEARCH_WORDS_MAX)
            search->words[search->n++] = str_cat(op->arena, STR(TERM_NUMBER), cut.head);
        else
            text = str_cat(op->arena, text, STR(" "), cut.head);
    }
    enum rc rc = add_words(op, search, text);
    if (rc == RC_OK && !search->n)
        return fail(op, RC_INVALID, "words", "请写要找的词，比如“井盖”，或者办件号。");
    return rc;
}

/* --------------------------------------------------------- where to look */

static enum rc add_run(struct op *op, struct search *search, struct run run)
{
    if (search->nruns == RUNS_MAX)
        return fail(op, RC_INVALID, "area", "范围太大了，请选小一点的辖区再找。");
    search->runs[search->nruns++] = run;
    return RC_OK;
}

struct counted {
    int64_t term, n;
    int64_t reach; /* where the last lies that was counted; 0: all were */
};

/* Of two that are common, the rarer reaches further back with as many. */
static int by_count(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;

    return x->n != y->n ? (x->n > y->n) - (x->n < y->n)
                        : (x->reach > y->reach) - (x->reach < y->reach);
}

static enum rc count_word(struct op *op, int64_t term, bool alone, struct counted *counted)
{
    *counted = (struct counted){ .term = term };
    enum rc rc = search_count(op, term, COUNTED_MAX, &counted->n);
    if (rc != RC_OK || alone || counted->n < COUNTED_MAX)
        return rc;
    return search_back(op, term, INT64_MAX, COUNTED_MAX, &counted->reach);
}

/* One street: none, when it has not even one of the words; else the rarest first. */
static enum rc add_street(struct op *op, struct search *search, struct str street,
                          const struct str *words, size_t n)
{
    struct blind_key key;
    struct counted   counted[SEARCH_WORDS_MAX];
    struct run       run = { .of = RUN_WORDS };
    enum rc          rc = RC_OK;
    bool             none = false;

    blind_open(&key, TERMS_COLUMN, street);
    for (size_t i = 0; i < n && rc == RC_OK && !none; i++) {
        rc = count_word(op, blind_word(&key, words[i]), n == 1, &counted[i]);
        none = counted[i].n == 0;
    }
    blind_close(&key);
    if (rc != RC_OK || none)
        return rc;
    qsort(counted, n, sizeof *counted, by_count);
    run.n = n < SEARCH_TERMS_MAX ? n : SEARCH_TERMS_MAX;
    run.common = counted[0].n == COUNTED_MAX;
    for (size_t i = 0; i < run.n; i++)
        run.terms[i] = counted[i].term;
    return add_run(op, search, run);
}

static enum rc add_streets(struct op *op, struct search *search, const struct str *words,
                           size_t n)
{
    struct str  street = area_at_level(search->area, LEVEL_STREET);
    struct list streets = { 0 };

    if (street.at)
        return add_street(op, search, street, words, n);
    enum rc            rc = area_children(op, search->area, STR_NONE, RUNS_MAX, &streets);
    const struct area *one = streets.at;
    for (size_t i = 0; rc == RC_OK && i < streets.n; i++)
        rc = add_street(op, search, one[i].code, words, n);
    return rc;
}

/* Every cell of the lattice that the square round the circle touches. */
static enum rc add_cells(struct op *op, struct search *search)
{
    const double              metres_per_degree = 111195, radians = 0.017453292519943295;
    const struct case_filter *filter = search->filter;
    double  metres = filter->metres ? (double)filter->metres : FILTER_METRES_MAX;
    double  north = metres / metres_per_degree;
    double  east = metres / (metres_per_degree * cos(filter->lat * radians));
    enum rc rc = RC_OK;

    if (fabs(filter->lat) > 60)
        return fail(op, RC_INVALID, "lat", "这个位置不在国内。");
    int64_t rows = (int64_t)floor((filter->lat + north) * CELLS_PER_DEGREE) -
                   (int64_t)floor((filter->lat - north) * CELLS_PER_DEGREE);
    int64_t columns = (int64_t)floor((filter->lng + east) * CELLS_PER_DEGREE) -
                      (int64_t)floor((filter->lng - east) * CELLS_PER_DEGREE);
    assert(rows < CELLS_ACROSS_MAX && columns < CELLS_ACROSS_MAX);
    for (int64_t r = 0; r <= rows; r++)
        for (int64_t c = 0; c <= columns && rc == RC_OK; c++)
            rc = add_run(
                op, search,
                (struct run){
                    .of = RUN_CELL,
                    .key = case_cell(filter->lat - north + (double)r / CELLS_PER_DEGREE,
                                     filter->lng - east + (double)c / CELLS_PER_DEGREE) });
    return rc;
}

/* ---------------------------------------------------------------- reading */

/* Behind the mark, the newest first; *reached: nothing from there up is left out. */
static enum rc read_words_run(struct op *op, const struct search *search,
                              const struct run *run, int64_t before, size_t most,
                              struct list *ids, int64_t *reached)
{
    struct str        area = search->area;
    int64_t           spot = terms_spot(area), from = 0;
    int64_t           window = WINDOW_ROWS / (int64_t)search->nruns;
    struct terms_page page = {
        .terms = run->terms,
        .n = run->n,
        .before = before,
        .whole_street = area_level(area) <= LEVEL_STREET,
        .spot_from = spot,
        .spot_until = area_level(area) == LEVEL_COMMUNITY ? spot + 999 : spot,
        .most = most,
    };
    enum rc rc = run->common
                     ? search_back(op, run->terms[0], before,
                                   window > WINDOW_LEAST ? window : WINDOW_LEAST, &from)
                     : RC_OK;

    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    page.from = *reached = from;
    return search_select(op, &page, ids);
}

static enum rc read_run(struct op *op, const struct search *search, const struct run *run,
                        int64_t before, size_t most, struct list *ids, int64_t *reached)
{
    enum rc rc = RC_INTERNAL;

    *reached = 0;
    switch (run->of) {
    case RUN_WORDS:
        rc = read_words_run(op, search, run, before, most, ids, reached);
        break;
    case RUN_CELL:
        rc = search_select_cell(op, run->key, before, most, ids);
        break;
    case RUN_REPORTER:
        rc = search_select_reporter(op, run->key, before, most, ids);
        break;
    }
    if (rc == RC_OK && ids->n == most)
        *reached = ((const int64_t *)ids->at)[most - 1];
    return rc;
}

static int newest_first(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x < *y) - (*x > *y);
}

/* Sorted, each once, none that lies before what all runs have reached. */
static size_t settle(int64_t *ids, size_t n, int64_t reached)
{
    size_t kept = 0;

    qsort(ids, n, sizeof *ids, newest_first);
    for (size_t i = 0; i < n && ids[i] >= reached; i++)
        if (!kept || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}

/* Where there are many runs each gives a few rows, and the furthest behind is the mark. */
static size_t share(const struct search *search, size_t most)
{
    enum { FEW = 8 };
    size_t each = search->nruns ? 2 * most / search->nruns : 0;

    return search->nruns < 2 ? most : each > FEW ? each : FEW;
}

static enum rc more(struct op *op, struct source *source, struct page_mark after,
                    size_t most, struct found *found)
{
    struct search *search = (struct search *)source;
    size_t         n = 0, each = share(search, most);
    int64_t        before = after.id ? after.id : INT64_MAX, reached = 0, from;
    int64_t       *ids = arena_many(op->arena, search->nruns * each + 1, int64_t);
    enum rc        rc = ids ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; i < search->nruns && rc == RC_OK; i++) {
        struct list some = { 0 };
        rc = read_run(op, search, &search->runs[i], before, each, &some, &from);
        if (rc == RC_OK && some.n)
            memcpy(ids + n, some.at, some.n * sizeof *ids);
        n += rc == RC_OK ? some.n : 0;
        reached = rc == RC_OK && from > reached ? from : reached;
    }
    if (rc != RC_OK)
        return rc;
    n = settle(ids, n, reached);
    if (n > most) {
        n = most;
        reached = ids[n - 1];
    }
    found->over = reached == 0;
    found->reached = (struct page_mark){ reached, reached };
    return case_select_cards(op, ids, n, &found->rows);
}

static enum rc takes_row(struct op *op, const struct search *search,
                         const struct case_row *row, bool *taken)
{
    bool own = row->reporter && row->reporter == op->actor->account;

    *taken =
        (!search->area.at || area_within(row->area, search->area)) &&
        (!row->shielded || own || actor_may(op->actor, RIGHT_SHIELDED_READ, row->area)) &&
        (!search->n || sight_of_words(op, row, search->words, search->n));
    return *taken && search->ask_words ? terms_has(op, row, search->words, search->n, taken)
                                       : RC_OK;
}

static enum rc takes(struct op *op, struct source *source, const struct case_row *row,
                     bool *taken)
{
    return takes_row(op, (const struct search *)source, row, taken);
}

static enum rc takes_beside(struct op *op, struct source *source,
                            const struct case_row *row, bool *taken)
{
    return takes_row(op, source->beside, row, taken);
}

/* ------------------------------------------------------------- whole pages */

static enum rc begin(struct op *op, const struct case_filter *filter,
                     struct search **search)
{
    *search = arena_new(op->arena, struct search);
    if (!*search)
        return RC_TOO_LARGE;
    (*search)->source =
        (struct source){ .more = more, .mark = lists_mark_by_id, .takes = takes };
    (*search)->filter = filter;
    return filter->words.len ? read_words(op, *search, filter->words) : RC_OK;
}

enum rc search_page(struct op *op, const struct case_filter *filter, struct str cursor,
                    size_t limit, struct list *rows, struct str *next)
{
    struct search *search;

    enum rc rc = begin(op, filter, &search);
    if (rc == RC_OK)
        rc = filter_area(op, filter, &search->area);
    if (rc != RC_OK)
        return rc;
    rc = search->n ? add_streets(op, search, search->words, search->n)
                   : add_cells(op, search);
    search->ask_words = search->n > SEARCH_TERMS_MAX;
    return rc == RC_OK ? filter_page(op, filter, &search->source, cursor, limit, rows, next)
                       : rc;
}

enum rc search_beside(struct op *op, const struct case_filter *filter,
                      struct source *source)
{
    struct search *search;

    if (!filter->words.len)
        return RC_OK;
    enum rc rc = begin(op, filter, &search);
    if (rc != RC_OK)
        return rc;
    search->ask_words = true;
    source->takes = takes_beside;
    source->beside = search;
    return RC_OK;
}

enum rc search_of_people(struct op *op, const struct case_filter *filter,
                         const struct list *accounts, struct str phone, struct str cursor,
                         size_t limit, struct list *rows, struct str *next)
{
    const int64_t *account = accounts->at;
    struct search *search;
    struct str     word = STR_NONE;

    enum rc rc = begin(op, filter, &search);
    if (rc == RC_OK)
        rc = filter_area(op, filter, &search->area);
    for (size_t i = 0; rc == RC_OK && i < accounts->n; i++)
        rc = add_run(op, search, (struct run){ .of = RUN_REPORTER, .key = account[i] });
    if (rc == RC_OK && phone.len) {
        word =
            str_cat(op->arena, STR(TERM_PHONE), code_clean(op->arena, CODE_PHONE, phone));
        rc = word.at ? add_streets(op, search, &word, 1) : RC_TOO_LARGE;
    }
    if (rc != RC_OK)
        return rc;
    search->ask_words = search->n > 0;
    return filter_page(op, filter, &search->source, cursor, limit, rows, next);
}
