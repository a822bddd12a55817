/* Lists with filters and orders, without formatted SQL and without "$2 IS NULL
 * OR …".  A list is static data: a head, several dimensions (a filter, an order,
 * a cursor), each a closed set of choices with its own fragment and parameters.
 * At start every combination is composed into one statement, registered and
 * prepared like any other; asking for a combination picks it.  A test asks the
 * engine for the plan of each and refuses scans and sorts.
 *
 * Fragments write parameters as "?"; they are numbered in order of composition:
 * the head's first, then each dimension's in turn, then the tail's. */
#ifndef DB_LIST_H
#define DB_LIST_H
#include "db/db.h"

enum { LIST_DIMENSIONS_MAX = 6, LIST_CHOICES_MAX = 12, LIST_VARIANTS_MAX = 400 };

struct list_choice {
    const char      *sql; /* "AND community = ?" or "" */
    const enum kind *params;
    size_t           nparams;
};
struct list_dimension {
    const char               *name;
    const struct list_choice *choices;
    size_t                    nchoices;
};
struct list_query {
    const char                  *name;
    const char                  *head; /* "SELECT … FROM cases WHERE county = ?" */
    const enum kind             *head_params;
    size_t                       nhead_params;
    const struct list_dimension *dimensions;
    size_t                       ndimensions;
    const char                  *tail; /* "LIMIT ?" */
    const enum kind             *tail_params;
    size_t                       ntail_params;
    const struct field          *row;
    size_t                       nrow;
    /* Combinations that make no sense are left out: true keeps. */
    bool (*keep)(const size_t *choice);
};

/* choice[i] is the index picked in dimension i.  NULL when that combination was
 * left out.  The values are bound in the order of composition. */
const struct stmt *list_pick(const struct db_catalogue *catalogue,
                             const struct list_query *query, const size_t *choice);

#endif
