/* Papers 文书: what a scene's `papers` say is made whenever one of their moves is: an
 * agreement, a notice of acceptance.  The move keeps what stands in it, filled in, and a
 * check code; a worker makes the PDF (engine/paper/), which is kept sealed, and signs
 * (SM2, guard/signer.h) its SM3 together with the code's.
 *
 *     new ── valid ── replaced      by the next of its kind for that case
 *
 * The case's reporter and whoever holds it now fetch it, and each fetching stands in the
 * journal.  Whoever has the paper in hand checks it without an account: the code says
 * that it is genuine, from whom and of which day, and nothing else; with the file's SM3,
 * whether it is unchanged.
 *
 * A code is the county and 85 bits of chance, in letters and digits that are not taken
 * for one another: 20 of them, in groups of five.  The table holds its SM3. */
#ifndef ENGINE_CASE_PAPERS_H
#define ENGINE_CASE_PAPERS_H
#include "engine/case/turn.h"
#include "engine/paper/paper.h"
#include "guard/sm.h"

enum {
    PAPER_TERMS_MAX = 20,
    PAPERS_OF_CASE_MAX = 50,
    PAPER_CODE_CHARS = 20, /* without the hyphens */
};

struct paper_row { /* as it stands in the table, without the file */
    int64_t    county, id, case_id;
    struct str kind, title, org;
    int64_t    account, person;
    struct str code, says, state, sm3, signature;
};

/* ---- papers.c ---- */
/* Dates of what was agreed are dates, and not past. */
MUST_USE enum rc terms_check(struct op *op, struct list terms);
/* The text with what was agreed below it, a line each. */
struct str       terms_said(struct op *op, struct str text, struct list terms);
MUST_USE enum rc papers_after_move(struct turn *turn);

/* As its holders see it. */
struct shown_paper {
    int64_t    id, at;
    struct str title, org, state;
    bool       yours; /* to fetch */
};
enum { PAPER_NFIELDS = 6 };
extern const struct field paper_fields[PAPER_NFIELDS];
MUST_USE enum rc          papers_show(struct op *op, struct a_case *it, struct list *shown);

/* What stands in it; RC_GONE when the key is. */
MUST_USE enum rc paper_open(struct op *op, const struct paper_row *row,
                            struct paper *paper);
/* Reads letters as they are typed; false when it is no code. */
MUST_USE bool paper_code_read(struct str text, char code[PAPER_CODE_CHARS],
                              int64_t *county);
void paper_code_hash(const char code[PAPER_CODE_CHARS], unsigned char hash[SM3_BYTES]);
/* What is signed of it. */
struct str paper_signed(struct arena *arena, struct str code_hash, struct str file_hash);
bool       paper_is_genuine(struct arena *arena, const struct paper_row *row);

/* ---- papers_store.c ---- */
MUST_USE enum rc paper_insert(struct op *op, const struct paper_row *row);
MUST_USE enum rc paper_replace(struct op *op, int64_t case_id, struct str kind);
MUST_USE enum rc paper_select(struct op *op, int64_t id, struct paper_row *row);
MUST_USE enum rc paper_select_code(struct op *op, struct str code_hash,
                                   struct paper_row *row);
MUST_USE enum rc paper_select_case(struct op *op, int64_t case_id, struct list *rows);
/* Ids (int64_t) of those that wait for their file, of all counties. */
MUST_USE enum rc paper_select_new(struct op *op, int64_t after, size_t most,
                                  struct list *ids);
MUST_USE enum rc paper_made(struct op *op, int64_t id, struct str file, struct str sm3,
                            struct str signature);
/* Its words are gone with their person: there is nothing to make. */
MUST_USE enum rc paper_gone(struct op *op, int64_t id);
MUST_USE enum rc paper_file(struct op *op, int64_t id, struct str *sealed);

#endif
