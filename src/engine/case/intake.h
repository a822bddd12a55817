/* Taking down 登记: a case of somebody who did not write it themselves.  They telephoned,
 * stood at the counter, wrote a letter, or somebody reports on their behalf 代办; whoever
 * takes it down is not its reporter.  Who it was, how they agreed that it is reported for
 * them and who noted that is kept beside the case, names and telephones sealed, and told in
 * the journal's line.  Somebody known by that name and telephone who has an account has
 * the case among their own, hears of it and rates it; whoever took it down sees of it what
 * their duties let them see.  Inside engine/case only. */
#ifndef ENGINE_CASE_INTAKE_H
#define ENGINE_CASE_INTAKE_H
#include "engine/case/channel.h"
#include "engine/case/turn.h"

/* How the person agreed: AGREED(name, word, 中文) */
// clang-format off
#define AGREED_EACH(AGREED)                      \
    AGREED(ORAL,     "oral",     "口头同意")     \
    AGREED(WRITTEN,  "written",  "书面同意")     \
    AGREED(PHONE,    "phone",    "电话里同意")   \
    AGREED(GUARDIAN, "guardian", "监护人同意")
// clang-format on

enum { INTAKE_NFIELDS = 6 };
extern const struct field intake_fields[INTAKE_NFIELDS]; /* struct intake, as it is told */

/* What the channel asks for is there, and nothing that it does not.  RC_REFUSED for what is
 * missing, RC_INVALID for what is wrong, told at "intake/…". */
MUST_USE enum rc intake_check(struct op *op, enum channel channel,
                              const struct intake *intake, const struct answers *answers);
/* Whose the case is: nobody's, or theirs who is registered by that name and telephone and
 * has an account. */
MUST_USE enum rc intake_find_person(struct op *op, const struct intake *intake,
                                    const struct answers *answers, struct case_row *row);
/* The number that was told, or that stands in the form; "": none. */
struct str intake_number(struct op *op, const struct intake *intake,
                         const struct answers *answers);
/* Beside the case, in the act that opens it. */
MUST_USE enum rc intake_keep(struct turn *turn, const struct intake *intake);

struct intake_kept {
    struct intake told;
    int64_t       taken_by; /* account */
};
/* RC_NOT_FOUND: its reporter wrote it. */
MUST_USE enum rc intake_of(struct op *op, const struct case_row *row,
                           struct intake_kept *kept);

/* intake_store.c */
struct intake_row {
    int64_t    county, case_id, taken_by;
    struct str agreed, written, sealed;
};
MUST_USE enum rc intake_insert(struct op *op, const struct intake_row *row);
MUST_USE enum rc intake_select(struct op *op, int64_t case_id, struct intake_row *row);
MUST_USE enum rc intake_forget(struct op *op, int64_t case_id);

#endif
