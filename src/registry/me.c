#include "registry/me.h"

#include "registry/area.h"
#include "registry/org.h"
#include "registry/person.h"

static const struct field home_fields[] = {
    FIELD(struct me_home, code, OPTIONAL),
    FIELD(struct me_home, name, OPTIONAL),
    FIELD(struct me_home, path, OPTIONAL),
};
static const struct field hold_fields[] = {
    FIELD(struct me_hold, duty, OPTIONAL),       FIELD(struct me_hold, role, OPTIONAL),
    FIELD(struct me_hold, role_title, OPTIONAL), FIELD(struct me_hold, area, OPTIONAL),
    FIELD(struct me_hold, area_name, OPTIONAL),  FIELD(struct me_hold, area_path, OPTIONAL),
    FIELD_ID(struct me_hold, org, OPTIONAL),     FIELD(struct me_hold, org_name, OPTIONAL),
};
const struct field me_fields[ME_NFIELDS] = {
    FIELD_ID(struct me, account, OPTIONAL),
    FIELD(struct me, name, OPTIONAL),
    FIELD(struct me, kind, OPTIONAL),
    FIELD(struct me, client, OPTIONAL),
    FIELD(struct me, owes, OPTIONAL),
    FIELD(struct me, resident, OPTIONAL),
    FIELD_STRUCT(struct me, home, home_fields, OPTIONAL),
    FIELD_LIST(struct me, holds, struct me_hold, hold_fields, OPTIONAL),
    FIELD_LIST_OF(struct me, knows, KIND_TEXT, OPTIONAL),
};

static struct me_hold show_hold(struct op *op, const struct hold *hold)
{
    struct org org = { 0 };

    bool has_org = hold->org && org_find(op, hold->org, &org) == RC_OK;
    return (struct me_hold){
        .duty = hold->duty,
        .role = role_word(hold->role),
        .role_title = role_title(hold->role),
        .area = hold->area,
        .area_name = area_name(op, hold->area),
        .area_path = area_path(op, hold->area, LEVEL_CITY),
        .org = hold->org,
        .org_name = has_org ? org.name : STR_NONE,
    };
}

/* Only that it is known: forms fill it in by themselves (scene's `default`). */
static struct list known_of(struct op *op, const struct actor *actor)
{
    enum { MOST = 4 };
    struct str   *knows = arena_many(op->arena, MOST, struct str);
    struct person person = { 0 };
    size_t        n = 0;

    if (!knows || !actor->person || person_find(op, actor->person, &person) != RC_OK)
        return (struct list){ knows, 0 };
    if (actor->name.len)
        knows[n++] = STR("name");
    if (person.phone.len)
        knows[n++] = STR("phone");
    if (actor->home.len)
        knows[n++] = STR("home");
    if (person.birth.len)
        knows[n++] = STR("age");
    return (struct list){ knows, n };
}

enum rc me_of(struct op *op, const struct actor *actor, struct me *me)
{
    static const struct str kinds[] = {
        [ACTOR_NOBODY] = STR_INIT("nobody"),   [ACTOR_PERSON] = STR_INIT("person"),
        [ACTOR_MACHINE] = STR_INIT("machine"), [ACTOR_LOCAL] = STR_INIT("local"),
        [ACTOR_CLOCK] = STR_INIT("clock"),
    };
    struct account  account = { 0 };
    struct me_hold *holds = arena_many(op->arena, actor->nholds + 1, struct me_hold);

    enum rc rc = actor->account ? account_find(op, actor->account, &account) : RC_OK;
    if (rc != RC_OK || !holds)
        return rc != RC_OK ? rc : RC_TOO_LARGE;
    for (size_t i = 0; i < actor->nholds; i++)
        holds[i] = show_hold(op, &actor->holds[i]);
    *me = (struct me){
        .account = actor->account,
        .name = actor->name,
        .kind = kinds[actor->kind],
        .client = account.client,
        .owes = actor->owes ? owes_word(actor->owes) : STR_NONE,
        .resident = actor->person != 0,
        .holds = { holds, actor->nholds },
        .knows = known_of(op, actor),
    };
    if (actor->home.at)
        me->home = (struct me_home){ actor->home, area_name(op, actor->home),
                                     area_path(op, actor->home, LEVEL_STREET) };
    return RC_OK;
}
