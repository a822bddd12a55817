/* What an appointment's journal line says, and to whom: they who come, and where they have
 * no account, whoever keeps the window, who then telephones.  Inside engine/appoint only.
 */
#ifndef ENGINE_APPOINT_TELLING_H
#define ENGINE_APPOINT_TELLING_H
#include "engine/appoint/rules.h"

MUST_USE enum rc tell_booked(struct op *op, const struct window *window,
                             const struct appointment *row);
MUST_USE enum rc tell_moved(struct op *op, const struct window *window,
                            const struct appointment *row);
MUST_USE enum rc tell_cancelled(struct op *op, const struct window *window,
                                const struct appointment *row);
MUST_USE enum rc tell_marked(struct op *op, const struct window *window,
                             const struct appointment *row);
MUST_USE enum rc tell_reminded(struct op *op, const struct window *window,
                               const struct appointment *row);
MUST_USE enum rc tell_displaced(struct op *op, const struct window *window,
                                const struct appointment *row);

/* What to bring, as the category's guide has it: "带上身份证、户口簿。"; or "". */
struct str appoint_bring(struct op *op, const struct window *window, struct str category);

#endif
