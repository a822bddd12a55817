/* The doctor's statements.  Inside app/doctor/. */
#ifndef APP_DOCTOR_DOCTOR_STORE_H
#define APP_DOCTOR_DOCTOR_STORE_H
#include "db/db.h"

struct person_row {
    int64_t county, person;
};
/* Whose keys were made first and last, by number; RC_NOT_FOUND: nobody's. */
MUST_USE enum rc doctor_person_rows(struct op *op, struct person_row *first,
                                    struct person_row *last);

extern const struct stmts doctor_stmts;

#endif
