#include "engine/case/intake.h"
#include "engine/case/reader.h"
#include "engine/case/view.h"
#include "guard/mask.h"
#include "registry/account.h"

#define F(member) FIELD(struct shown_intake, member, OPTIONAL)
const struct field shown_intake_fields[SHOWN_INTAKE_NFIELDS] = {
    FIELD(struct shown_intake, name, .grade = GRADE_PERSONAL),
    FIELD(struct shown_intake, phone, .grade = GRADE_PERSONAL),
    F(relation),
    F(note),
    F(agreed),
    F(written),
    F(by),
};

static struct str given(struct str text)
{
    return text.len ? text : STR_NONE;
}

enum rc case_show_intake(struct op *op, const struct a_case *it, struct case_whole *whole)
{
    const struct case_row *row = &it->row;
    bool                   yours = is_reporter(op, row), hidden = hides_place(op, row);
    struct intake_kept     kept;

    enum rc rc = intake_of(op, row, &kept);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct str name = given(kept.told.name), phone = given(kept.told.phone);
    if (!yours) {
        name = name.at ? mask_name(op->arena, name) : STR_NONE;
        phone = phone.at ? mask_phone(op->arena, phone) : STR_NONE;
    }
    whole->intake = (struct shown_intake){
        .name = hidden ? STR("受保护人员") : name,
        .phone = hidden ? STR_NONE : phone,
        .relation = given(kept.told.relation),
        .note = hidden ? STR_NONE : given(kept.told.note),
        .agreed = intake_agreed(kept.told.agreed),
        .written = given(kept.told.written),
        .by = account_name(op, kept.taken_by),
    };
    if (!row->reporter && whole->intake.name.at)
        whole->reporter.name = whole->intake.name;
    if (!whole->reporter.phone.at)
        whole->reporter.phone = whole->intake.phone;
    return RC_OK;
}
