#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/keeper.h"
#include "registry/person.h"
#include "registry/registry.h"

/* -------------------------------------------------------------- shielding */

struct shield_args {
    int64_t    id;
    bool       shielded;
    struct str reason;
};
static const struct field shield_fields[] = {
    FIELD_ID(struct shield_args, id, REQUIRED, .title = STR_INIT("居民")),
    FIELD(struct shield_args, shielded, REQUIRED, .title = STR_INIT("受保护")),
    FIELD(struct shield_args, reason, REQUIRED, .max = 200, .title = STR_INIT("原因")),
};

static enum rc shield(struct op *op, const void *in, struct view *view)
{
    const struct shield_args *args = in;
    struct person             person;

    (void)view;
    enum rc rc = person_find(op, args->id, &person);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_PERSON_SHIELD, person.grid))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_set_shielded(op, person.id, args->shielded);
    if (rc == RC_OK)
        rc = keepers_shield(op, person.id, args->shielded);
    if (rc == RC_OK)
        journal_about(op, person.id, person.version, person.version + 1, person.id);
    return rc;
}

const struct act shield_acts[] = {
    { .name = "person.shield",
      .method = POST,
      .path = "/people/{id}/shield",
      .title = STR_INIT("设、撤受保护人员"),
      .note = STR_INIT("住址、电话和位置只有保护专员和社区民警能看；别处查不到这个人。"),
      .right = RIGHT_PERSON_SHIELD,
      .writes = true,
      ARGS(struct shield_args, shield_fields),
      .run = shield },
    { .name = NULL },
};
