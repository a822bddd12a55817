#include "app/doctor/doctor_store.h"

static const struct field person_fields[] = {
    FIELD(struct person_row, county, OPTIONAL),
    FIELD(struct person_row, person, OPTIONAL),
};
static const struct stmt first_person = {
    .name = "doctor_first_person",
    .sql = "SELECT county, person FROM person_keys WHERE wrapped IS NOT NULL"
           " ORDER BY county, person LIMIT 1",
    DB_ROW(person_fields),
};
static const struct stmt last_person = {
    .name = "doctor_last_person",
    .sql = "SELECT county, person FROM person_keys WHERE wrapped IS NOT NULL"
           " ORDER BY county DESC, person DESC LIMIT 1",
    DB_ROW(person_fields),
};

const struct stmts doctor_stmts = {
    .all = (const struct stmt *const[]){ &first_person, &last_person, NULL },
};

enum rc doctor_person_rows(struct op *op, struct person_row *first, struct person_row *last)
{
    enum rc rc = db_one(op->db, op->arena, &first_person, DB_NONE, first);

    return rc == RC_OK ? db_one(op->db, op->arena, &last_person, DB_NONE, last) : rc;
}
