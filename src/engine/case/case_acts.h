/* What the case engine puts on the program's tables, for app. */
#ifndef ENGINE_CASE_CASE_ACTS_H
#define ENGINE_CASE_CASE_ACTS_H
#include "gate/act.h"

struct stmts; /* db/db.h */

extern const struct act case_acts[], calendar_acts[], bulk_acts[], link_acts[],
    wording_acts[], import_acts[], inside_acts[], paper_acts[];
extern const struct stmts case_stmts, calendar_stmts, part_stmts, precedent_stmts,
    link_stmts, wording_stmts, import_stmts, public_stmts, follow_stmts, minutes_stmts,
    paper_stmts;
extern const struct act   search_acts[], views_acts[], callback_acts[];
extern const struct stmts search_stmts, views_stmts, sight_stmts, intake_stmts,
    callback_stmts;

#endif
