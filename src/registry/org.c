#include "registry/org.h"

#include <string.h>

#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/org_store.h"

enum rc org_make(struct op *op, const struct org_new *made, int64_t *id)
{
    if (!area_level(made->area))
        return fail(op, RC_INVALID, "area", "“%.*s”不是辖区代码。", STR_ARG(made->area));
    *id = op_new_id(op);
    enum rc                rc = org_insert(op, &(struct org){ .id = *id,
                                                              .name = made->name,
                                                              .kind = made->kind,
                                                              .area = made->area,
                                                              .version = 1 });
    const struct org_duty *duties = made->duties.at;
    for (size_t i = 0; i < made->duties.n && rc == RC_OK; i++)
        rc = org_duty_insert(op, *id, duties[i].duty,
                             duties[i].area.at ? duties[i].area : made->area);
    return rc;
}

enum rc org_find(struct op *op, int64_t id, struct org *org)
{
    return org_select(op, id, org);
}

enum rc org_end(struct op *op, int64_t id)
{
    struct list people;

    enum rc rc = colleagues_of_org(op, id, 1, &people);
    if (rc == RC_OK && people.n)
        return fail(op, RC_REFUSED, "id", "还有人在这个单位任职，请先收回他们的职责。");
    return rc == RC_OK ? org_update_ended(op, id) : rc;
}

enum rc org_list(struct op *op, struct str area, int64_t after, size_t most,
                 struct list *orgs)
{
    return org_select_page(op, area, after, most, orgs);
}

enum rc org_with_duty(struct op *op, struct str duty, struct str area, struct org *org)
{
    enum rc rc = RC_NOT_FOUND;

    for (; area.at && rc == RC_NOT_FOUND; area = area_parent(area))
        rc = org_select_duty(op, duty, area, org);
    return rc;
}

/* Those seated in the area, then those of each area above: near ones first. */
enum rc org_serving(struct op *op, struct str area, size_t most, struct list *orgs)
{
    struct org *all = arena_many(op->arena, most, struct org);
    size_t      n = 0;

    if (!all)
        return RC_TOO_LARGE;
    for (; area.at && n < most; area = area_parent(area)) {
        struct list found;
        enum rc     rc = org_select_area(op, area, most - n, &found);
        if (rc != RC_OK)
            return rc;
        if (found.n)
            memcpy(all + n, found.at, found.n * sizeof *all);
        n += found.n;
    }
    *orgs = (struct list){ all, n };
    return RC_OK;
}
