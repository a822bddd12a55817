/* Back files of a telephone centre 历史工单导入: a table (base/table.h) of which each row
 * becomes a case, with the time it came in and the channel it came by.  Columns are known
 * by their names: the centre's own number, times, area, address and result, and the fields
 * of the scene by their titles.  What is wrong is told by row and column; the good rows are
 * taken all the same, each as a step of one act (gate/each.h) with its own line.
 *
 * A number that was taken before from the same source is left out.  A case that was closed
 * there is closed here, and no clock of it runs; one that is open runs by its own times. */
#ifndef ENGINE_CASE_IMPORT_H
#define ENGINE_CASE_IMPORT_H
#include "base/table.h"
#include "engine/case/case.h"

struct import_args {
    struct str   scene, kind, source, area;
    struct table table; /* found by ready */
};
struct import_column {
    struct str column, name,
        means; /* "B", "来电时间", "报事时间"; means absent: left out */
};
struct import_wrong {
    int64_t    row;
    struct str column, name, says;
};
struct import_row { /* with something wrong, as it stands in the file */
    int64_t     row;
    struct list cells; /* struct str */
};
struct import_result {
    struct str  sheet;
    int64_t     total, good, twice, bad;
    struct list columns; /* struct import_column */
    struct list wrong;   /* struct import_wrong */
    struct list rows;    /* struct import_row */
};

/* import_file.c: the file that was received.  RC_REFUSED, told. */
MUST_USE enum rc import_table(struct op *op, struct table *table);
/* Nothing is written. */
MUST_USE enum rc import_preview(struct op *op, const struct import_args *args,
                                struct import_result *result);
MUST_USE enum rc import_rows(struct op *op, const struct import_args *args,
                             struct import_result *result);

/* ---- open.c: a case as another system had it ---- */
struct case_past {
    int64_t    opened_ms, ended_ms; /* 0: open still */
    struct str says;                /* of its journal line */
};
/* Nothing is written. */
MUST_USE enum rc case_past_try(struct op *op, const struct open_args *args,
                               const struct case_past *past);
MUST_USE enum rc case_past_open(struct op *op, const struct open_args *args,
                                const struct case_past *past, struct a_case *it);

/* ---- import_store.c ---- */
/* RC_NOT_FOUND: not yet. */
MUST_USE enum rc import_find(struct op *op, struct str source, struct str number);
MUST_USE enum rc import_put(struct op *op, struct str source, struct str number,
                            int64_t id);

#endif
