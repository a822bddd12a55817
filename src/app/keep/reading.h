/* An archive read from its head to its end: its grammar, its tables against this
 * program's schema, its rows against their sums.  Whoever takes what is in it is told
 * piece by piece; nobody takes anything when it is only verified. */
#ifndef APP_KEEP_READING_H
#define APP_KEEP_READING_H
#include "app/keep/archive.h"
#include "app/progress.h"

/* Each may be NULL. */
struct archive_taker {
    void *context;
    enum rc (*table)(void *context, const struct table *table);
    enum rc (*row)(void *context, const struct table *table, const struct db_value *row);
    enum rc (*table_end)(void *context, const struct table *table,
                         const struct table_sum *sum);
    enum rc (*file)(void *context, struct str path);
    enum rc (*data)(void *context, struct str bytes);
    enum rc (*file_end)(void *context);
};

struct archive_told {
    int64_t tables, rows, files, file_bytes;
};

/* The first frame.  RC_REFUSED, told, when it is of another kind, of a newer version of
 * linli or of another installation's index key. */
MUST_USE enum rc archive_read_head(struct archive_in *in, struct problems *problems,
                                   struct str kind, struct archive_head *head);
/* All that comes behind it. */
MUST_USE enum rc archive_read(struct archive_in *in, const struct schema *schema,
                              const struct archive_taker *taker, struct progress *progress,
                              struct archive_told *told);

#endif
