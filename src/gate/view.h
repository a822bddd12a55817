/* What an act answers: JSON written by field tables, with the version that the
 * ETag and compare-and-set go by.  A view is empty until something is written;
 * an act that writes nothing answers 204. */
#ifndef GATE_VIEW_H
#define GATE_VIEW_H
#include "base/json.h"

struct view {
    struct json_out out;
    int64_t         version; /* of the thing shown, 0: none */
    int             status;  /* 0: 200, or 204 when nothing was written */
    /* Nothing is answered but this code, with op's problems; what the act wrote stays: a
     * refusal that is journaled, and told to somebody. */
    enum rc refused;
    /* A file instead of JSON (photos): set by view_file. */
    struct str type; /* media type; absent: JSON */
    struct str bytes;
    /* Set-Cookie for sessions: the token, or "" to clear. */
    struct str session;
    int64_t    session_ms;
    bool       session_strict; /* SameSite=Strict, for consoles */
};

void view_init(struct view *view, struct arena *arena);
void view_struct(struct view *view, const struct field *fields, size_t n, const void *from);
/* {"items": […], "next": "cursor" or null} */
void view_page(struct view *view, const struct field *fields, size_t n, struct list rows,
               size_t row_size, struct str next);
void view_file(struct view *view, struct str type, struct str bytes);

/* Where a page in order of two keys ended: "next" writes it, "cursor" brings it back.
 * False: we never wrote that. */
struct page_mark {
    int64_t sort, id;
};
struct str    page_mark_write(struct arena *arena, struct page_mark mark);
MUST_USE bool page_mark_read(struct str cursor, struct page_mark *mark);

#endif
