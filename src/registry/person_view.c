#include "registry/person_view.h"

#include "guard/actor.h"
#include "guard/mask.h"
#include "registry/area.h"

#define P(member, grade_, title_)                                                          \
    FIELD(struct person_shown, member, .grade = (grade_), .title = STR_INIT(title_))
const struct field person_shown_fields[PERSON_SHOWN_NFIELDS] = {
    FIELD_ID(struct person_shown, id, OPTIONAL),
    P(name, GRADE_PERSONAL, "姓名"),
    P(sex, GRADE_INNER, "性别"),
    P(birth, GRADE_PERSONAL, "出生日期，遮住时只有年份"),
    P(phone, GRADE_PERSONAL, "电话"),
    P(id_number, GRADE_SENSITIVE, "身份证号"),
    P(address, GRADE_PERSONAL, "住址"),
    P(area, GRADE_INNER, "网格"),
    P(area_path, GRADE_INNER, "辖区"),
    FIELD(struct person_shown, shielded, .title = STR_INIT("受保护，住址、电话不显示")),
};

bool person_located(const struct op *op, const struct person *person)
{
    return !person->shielded || actor_may(op->actor, RIGHT_SHIELDED_READ, person->grid);
}

static void show_numbers(struct op *op, const struct person_clear *numbers, bool clear,
                         struct person_shown *shown)
{
    shown->phone = clear || !numbers->phone.len ? numbers->phone
                                                : mask_phone(op->arena, numbers->phone);
    shown->id_number = clear || !numbers->id_number.len
                           ? numbers->id_number
                           : mask_id(op->arena, numbers->id_number);
}

enum rc person_show(struct op *op, const struct person *person, bool clear,
                    struct person_shown *shown)
{
    struct person_clear numbers;

    *shown = (struct person_shown){
        .id = person->id,
        .name = clear ? person->name : mask_name(op->arena, person->name),
        .shielded = person->shielded,
    };
    if (!person_located(op, person))
        return RC_OK;
    enum rc rc = person_open(op, person, &numbers);
    if (rc != RC_OK && rc != RC_GONE)
        return rc;
    show_numbers(op, &numbers, clear, shown);
    shown->sex = person->sex;
    shown->birth =
        clear || person->birth.len < 4 ? person->birth : str_slice(person->birth.at, 4);
    shown->area = person->grid;
    shown->area_path = area_path(op, person->grid, LEVEL_STREET);
    return person_address(op, person, clear, &shown->address);
}
