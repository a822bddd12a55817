/* A case's journal lines: writing one, and reading what happened. */
#ifndef ENGINE_CASE_LINE_H
#define ENGINE_CASE_LINE_H
#include "engine/case/case.h"

MUST_USE enum rc line_write(struct op *op, const struct a_case *it, int64_t before,
                            const struct case_line *line);
/* "周岚 11 月 22 日 14:03 受理了这件事，": the newest line, for a conflict. */
struct str line_newest(struct op *op, const struct a_case *it);

#endif
