/* The file of a backup: frames, sealed as one stream (guard/file_seal.h), so that nothing
 * of it can be read without the backup key and nothing changed, left out or cut off
 * without being seen.
 *
 *     HEAD  (TABLE ROWS… SUM)…  (FILE DATA…)…  END
 *
 * It knows no engine: what one wrote the other reads.  It is written beside its name and
 * takes that name when it is whole; what was broken off leaves nothing but, after a kill,
 * a ".part" that the next backup into that folder removes. */
#ifndef APP_KEEP_ARCHIVE_H
#define APP_KEEP_ARCHIVE_H
#include "app/keep/rows.h"
#include "base/problem.h"
#include "guard/file_seal.h"

enum frame {
    FRAME_HEAD = 'H',  /* struct archive_head as JSON */
    FRAME_TABLE = 'T', /* name and columns, as archive_table() writes them */
    FRAME_ROWS = 'R',
    FRAME_SUM = 'S',  /* struct table_sum: the count as 8 bytes, big-endian, and the SM3 */
    FRAME_FILE = 'F', /* size as 8 bytes, path */
    FRAME_DATA = 'D',
    FRAME_END = 'E',
};
enum { FRAME_BYTES_MAX = ROWS_ROOM };

#define ARCHIVE_BACKUP STR("backup")
#define ARCHIVE_KEYS   STR("keys") /* of persons, apart: they are kept 30 days at most */

struct archive_head {
    struct str kind;
    int64_t    made_ms;
    int64_t    migration; /* the newest that the database had */
    struct str schema;    /* a hash of all of them */
    struct str index;     /* says whether an index key is the same; tells nothing of it */
};
enum { ARCHIVE_HEAD_NFIELDS = 5 };
extern const struct field archive_head_fields[ARCHIVE_HEAD_NFIELDS];
/* Of this installation and of the first migrations, without its time; the keys must be
 * open. */
MUST_USE enum rc archive_head_make(struct arena *arena, struct str kind, int64_t migration,
                                   struct archive_head *head);
/* "name column kind column kind …" */
struct str archive_table(struct arena *arena, const struct table *table);

/* ---- writing; every refusal is told as a problem ---- */
struct archive_out;
MUST_USE enum rc archive_create(struct problems *problems, struct str path,
                                const unsigned char  key[FILE_KEY_BYTES],
                                struct archive_out **out);
MUST_USE enum rc archive_put(struct archive_out *out, enum frame frame, struct str payload);
/* FRAME_END, to the disk, and under its name. */
MUST_USE enum rc archive_finish(struct archive_out **out);
void             archive_drop(struct archive_out **out); /* also of NULL */
int64_t          archive_bytes(const struct archive_out *out);
/* Removes what killed backups have left in a folder. */
void archive_sweep(struct str folder);

/* ---- reading ---- */
struct archive_in;
MUST_USE enum rc archive_open(struct problems *problems, struct str path,
                              const unsigned char key[FILE_KEY_BYTES],
                              struct archive_in **in);
/* The payload is good until the next frame.  RC_CONFLICT, told: broken. */
MUST_USE enum rc archive_next(struct archive_in *in, enum frame *frame,
                              struct str *payload);
void             archive_close(struct archive_in **in); /* also of NULL */
/* How much there is, and how much of it was read. */
size_t archive_size(const struct archive_in *in);
size_t archive_read_so_far(const struct archive_in *in);
/* "坏在中间", for whoever finds that a frame does not say what it must. */
enum rc archive_broken(struct archive_in *in);

#endif
