#include "engine/case/targets.h"

#include "engine/case/case_store.h"
#include "engine/case/holder.h"
#include "engine/case/parts_store.h"
#include "engine/case/precedent.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/org.h"

enum { TARGETS_MAX = 60, PRECEDENTS_SHOWN = 3 };

const struct field target_shown_fields[TARGET_NFIELDS] = {
    FIELD(struct target_shown, kind, OPTIONAL),
    FIELD_ID(struct target_shown, id, OPTIONAL),
    FIELD(struct target_shown, duty, OPTIONAL),
    FIELD(struct target_shown, area, OPTIONAL),
    FIELD(struct target_shown, title, OPTIONAL),
    FIELD(struct target_shown, note, OPTIONAL),
    FIELD(struct target_shown, open, OPTIONAL),
    FIELD(struct target_shown, late, OPTIONAL),
    FIELD(struct target_shown, precedent, OPTIONAL),
};

/* "在办 3 件，超时 1 件，协办 2 份" */
static struct str load_says(struct op *op, const struct case_load *load)
{
    struct str parts[3];
    size_t     n = 0;

    if (load->open)
        parts[n++] = str_fmt(op->arena, "在办 %lld 件%s", (long long)load->open,
                             load->open == CASES_COUNTED ? "以上" : "");
    if (load->late)
        parts[n++] = str_fmt(op->arena, "超时 %lld 件", (long long)load->late);
    if (load->parts)
        parts[n++] = str_fmt(op->arena, "协办 %lld 份", (long long)load->parts);
    return n ? str_join(op->arena, parts, n, STR("，")) : STR("手上没有办件");
}

/* Whoever stands there for another reason, or has two duties, stands there once. */
static bool is_there(const struct list *found, const struct target_shown *shown)
{
    const struct target_shown *one = found->at;

    for (size_t i = 0; i < found->n; i++)
        if (one[i].id == shown->id && str_eq(one[i].kind, shown->kind) && !one[i].precedent)
            return true;
    return false;
}

static enum rc add_target(struct op *op, struct list *found, struct holder holder,
                          struct target_shown shown)
{
    struct case_load load;
    struct str       text = holder_write(op, holder);

    if (found->n == TARGETS_MAX || is_there(found, &shown))
        return RC_OK;
    enum rc rc = case_count_held(op, text, &load);
    if (rc == RC_OK)
        rc = part_count_held(op, text, &load.parts);
    shown.open = load.open;
    shown.late = load.late;
    struct str says = load_says(op, &load);
    shown.note = shown.note.len
                     ? str_fmt(op->arena, "%.*s%.*s", STR_ARG(shown.note), STR_ARG(says))
                     : says;
    ((struct target_shown *)found->at)[found->n++] = shown;
    return rc;
}

/* Who was decided to be responsible for what is alike comes before all others. */
static enum rc add_precedents(struct op *op, const struct a_case *it, struct list *found)
{
    static const struct str kinds[] = { [HOLDER_NONE] = STR_INIT(""),
                                        [HOLDER_ACCOUNT] = STR_INIT("account"),
                                        [HOLDER_ORG] = STR_INIT("org"),
                                        [HOLDER_DUTY] = STR_INIT("duty") };
    struct list             like;

    enum rc                 rc = precedents_like(op, it, PRECEDENTS_SHOWN, &like);
    const struct precedent *one = like.at;
    for (size_t i = 0; rc == RC_OK && i < like.n; i++) {
        struct holder holder = holder_read(one[i].holder);
        if (!holder_works(op, holder))
            continue;
        struct str title = holder_title(op, one[i].holder);
        rc = add_target(op, found, holder,
                        (struct target_shown){
                            .kind = kinds[holder.kind],
                            .id = holder.id,
                            .duty = holder.duty,
                            .area = holder.area,
                            .title = str_fmt(op->arena, "先例：%.*s", STR_ARG(title)),
                            .note = precedent_says(op, &one[i]),
                            .precedent = true,
                        });
    }
    return rc;
}

static enum rc add_orgs(struct op *op, struct str area, struct list *found)
{
    struct list orgs;

    enum rc           rc = org_serving(op, area, TARGETS_MAX, &orgs);
    const struct org *org = orgs.at;
    for (size_t i = 0; rc == RC_OK && i < orgs.n; i++)
        rc = add_target(op, found,
                        (struct holder){ HOLDER_ORG, org[i].id, STR_NONE, STR_NONE },
                        (struct target_shown){
                            .kind = STR("org"), .id = org[i].id, .title = org[i].name });
    return rc;
}

/* With the area, where it is not the case's own community. */
static enum rc add_colleague(struct op *op, const struct case_row *row,
                             const struct colleague *one, struct list *found)
{
    struct str title =
        str_fmt(op->arena, "%.*s %.*s", STR_ARG(one->duty), STR_ARG(one->name));
    struct str area =
        str_eq(one->area, row->community) ? STR_NONE : area_name(op, one->area);

    if (area.at)
        title = str_fmt(op->arena, "%.*s（%.*s）", STR_ARG(title), STR_ARG(area));
    return add_target(op, found,
                      (struct holder){ HOLDER_ACCOUNT, one->account, STR_NONE, STR_NONE },
                      (struct target_shown){ .kind = STR("account"),
                                             .id = one->account,
                                             .duty = one->duty,
                                             .area = one->area,
                                             .title = title });
}

/* Those of the case's own grid first, then the rest of the community. */
static enum rc add_colleagues(struct op *op, const struct case_row *row, bool own_grid,
                              struct list *found)
{
    struct list people;

    enum rc rc = colleagues_in_area(op, row->community, TARGETS_MAX, &people);
    const struct colleague *one = people.at;
    for (size_t i = 0; rc == RC_OK && i < people.n; i++) {
        bool here = row->grid.len && str_eq(one[i].area, row->grid);
        if (!one[i].org && here == own_grid)
            rc = add_colleague(op, row, &one[i], found);
    }
    return rc;
}

/* The street's own people, to whom the county hands it down: in order of areas they
 * come before those of the communities. */
static enum rc add_street(struct op *op, const struct case_row *row, struct list *found)
{
    struct list people;

    enum rc                 rc = colleagues_in_area(op, row->street, TARGETS_MAX, &people);
    const struct colleague *one = people.at;
    for (size_t i = 0; rc == RC_OK && i < people.n && str_eq(one[i].area, row->street); i++)
        if (!one[i].org)
            rc = add_colleague(op, row, &one[i], found);
    return rc;
}

/* Those whose duties the scene names for that move, each in the area at its level. */
static enum rc add_first(struct op *op, const struct a_case *it,
                         const struct scene_move *move, struct list *found)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; move && i < move->nfirst && rc == RC_OK; i++) {
        const struct scene_duty *duty = scene_duty(it->scene, move->first[i]);
        struct str  area = duty ? area_at_level(it->row.area, duty->level) : STR_NONE;
        struct list people = { 0 };
        if (area.at)
            rc = colleagues_with_duty(op, duty->name, area, TARGETS_MAX, &people);
        const struct colleague *one = people.at;
        for (size_t p = 0; rc == RC_OK && p < people.n; p++)
            rc = add_colleague(op, &it->row, &one[p], found);
    }
    return rc;
}

enum rc targets_of(struct op *op, const struct a_case *it, struct str name,
                   struct list *found)
{
    const struct case_row   *row = &it->row;
    const struct scene_move *move = name.len ? kind_move(it->kind, name) : NULL;
    struct str               area = row->community.len ? row->community : row->street;

    if (name.len && !move)
        return fail(op, RC_INVALID, "move", "没有“%.*s”这一步。", STR_ARG(name));
    *found = (struct list){ arena_many(op->arena, TARGETS_MAX, struct target_shown), 0 };
    if (!found->at)
        return RC_TOO_LARGE;
    enum rc rc = add_precedents(op, it, found);
    if (rc == RC_OK)
        rc = add_first(op, it, move, found);
    if (rc == RC_OK && row->community.len)
        rc = add_colleagues(op, row, true, found);
    if (rc == RC_OK)
        rc = add_orgs(op, area, found);
    if (rc == RC_OK && row->community.len)
        rc = add_colleagues(op, row, false, found);
    if (rc == RC_OK)
        rc = add_street(op, row, found);
    return rc;
}
