/* Lists that leave the house 导出, and other things that need a second person.  Somebody
 * asks for a list with its purpose.  Up to EXPORT_ALONE_MAX rows it is made at once;
 * above that nothing is made until another person, who answers for the area, agrees.
 * The same way the counter asks for the deletion of a resident.
 *
 *     waiting ─┬─ agreed ── ready ── gone        an export
 *              ├─ done                           a deletion
 *              └─ refused
 *
 * A file says on every page who made it and when, in an order of rows that belongs to
 * this export alone (export_order), so that a list which turns up somewhere is known
 * again without its head.  It is masked as on the screen; shielded persons and decoys
 * are not in it; everybody in it sees that they were.  It lies sealed for a day and is
 * fetched by its asker alone. */
#ifndef ENGINE_EXPORT_EXPORT_H
#define ENGINE_EXPORT_EXPORT_H
#include "base/limits.h"
#include "gate/act.h"

struct stmts; /* db/db.h */

extern const struct act   export_acts[];
extern const struct stmts export_stmts;

enum {
    EXPORT_LIFE_MS = 24 * 3600 * 1000,
    EXPORT_COLUMNS_MAX = 12,
    EXPORT_BYTES_MAX = 900 << 10, /* of a file: it is answered from a request's memory */
};

struct export_args {
    struct str kind, area, born_from, born_until, bucket, format, purpose;
};

/* What can be listed: a row in a closed table, told once by app. */
struct export_source {
    const char       *kind, *title; /* "people", "居民名单" */
    bool              people;       /* ids are persons', who see it */
    enum right        right;        /* over the area, of the asker */
    const struct str *columns;      /* 中文 */
    size_t            ncolumns;
    /* Ids (int64_t) of what op's actor may list; at most `most`. */
    enum rc (*ids)(struct op *op, const struct export_args *args, size_t most,
                   struct list *ids);
    /* One row's cells; RC_NOT_FOUND: not (any more) for op's actor, left out. */
    enum rc (*row)(struct op *op, int64_t id, struct str *cells);
};
extern const struct export_source people_export;
void                              exports_told(const struct export_source *const *sources);

const struct export_source *export_source(struct str kind);

/* The vault below that folder; keys_open() comes first. */
MUST_USE enum rc exports_open(struct problems *problems, struct str files);
void             exports_close(void);

/* Puts ids into the order of this export: the same for the same export, another for
 * every other, known to whoever has the index key. */
void export_order(int64_t export, int64_t *ids, size_t n);

#endif
