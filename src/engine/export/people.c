#include "engine/export/export.h"
#include "engine/export/export_store.h"
#include "guard/actor.h"
#include "registry/person_view.h"

static const struct str columns[] = { STR_INIT("姓名"),     STR_INIT("性别"),
                                      STR_INIT("出生年份"), STR_INIT("电话"),
                                      STR_INIT("身份证号"), STR_INIT("住址"),
                                      STR_INIT("辖区") };

static enum rc ids(struct op *op, const struct export_args *args, size_t most,
                   struct list *found)
{
    return people_select_ids(op, args->area, args->born_from.at ? args->born_from : STR(""),
                             args->born_until.at ? args->born_until : STR("9999"), most,
                             found);
}

static struct str sex_title(struct str sex)
{
    return str_eq(sex, STR("1")) ? STR("男") : str_eq(sex, STR("2")) ? STR("女") : STR("");
}

/* Masked, as on the screen: a file goes further than a screen does. */
static enum rc row(struct op *op, int64_t id, struct str *cells)
{
    struct person       person;
    struct person_shown shown;

    enum rc rc = person_find(op, id, &person);
    if (rc == RC_OK && (person.shielded || person.decoy ||
                        !actor_may(op->actor, RIGHT_PERSON_EXPORT, person.grid)))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_show(op, &person, false, &shown);
    if (rc != RC_OK)
        return rc;
    const struct str made[] = { shown.name,     sex_title(shown.sex), shown.birth,
                                shown.phone,    shown.id_number,      shown.address,
                                shown.area_path };
    for (size_t i = 0; i < COUNT(made); i++)
        cells[i] = made[i];
    return RC_OK;
}

const struct export_source people_export = {
    .kind = "people",
    .title = "居民名单",
    .people = true,
    .right = RIGHT_PERSON_READ,
    .columns = columns,
    .ncolumns = COUNT(columns),
    .ids = ids,
    .row = row,
};
