/* What the acts and the worker of exports share. */
#ifndef ENGINE_EXPORT_EXPORT_RULES_H
#define ENGINE_EXPORT_EXPORT_RULES_H
#include "engine/export/export.h"
#include "engine/export/export_store.h"
#include "guard/vault.h"

struct vault *exports_vault(void);
struct str    export_file(struct arena *arena, int64_t id);

/* What was asked, back from the row. */
MUST_USE enum rc export_read_args(struct op *op, const struct request *request,
                                  struct export_args *args);
/* Checks, counts, and keeps the request; *tell: who may agree (int64_t), none when
 * nobody has to. */
MUST_USE enum rc export_ask(struct op *op, const struct export_args *args,
                            struct request *request, struct list *tell);
MUST_USE enum rc deletion_ask(struct op *op, int64_t person, struct str purpose,
                              struct request *request, struct list *tell);
/* The second person's word. */
MUST_USE enum rc request_answer(struct op *op, int64_t id, bool agrees,
                                struct request *request);
MUST_USE enum rc request_purpose(struct op *op, const struct request *request,
                                 struct str *purpose);
/* Everybody on a page of it sees that they were. */
MUST_USE enum rc export_seen(struct op *op, int64_t id, const int64_t *people, size_t n);

#endif
