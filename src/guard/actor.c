#include "guard/actor.h"

#include "base/str.h"

#define RIGHT(name, word, title) [RIGHT_##name] = { STR_INIT(word), STR_INIT(title) },
#define ROLE(name, word, title, ...)
static const struct right_row {
    struct str word, title;
} rights[RIGHT_COUNT] = {
#include "guard/roles.def"
};
#undef RIGHT
#undef ROLE

#define RIGHT(name, word, title)
#define ROLE(name, word, title, ...)                                                       \
    [ROLE_##name] = { STR_INIT(word), STR_INIT(title),                                     \
                      (const enum right[]){ __VA_ARGS__ },                                 \
                      sizeof((const enum right[]){ __VA_ARGS__ }) / sizeof(enum right) },
static const struct role_row {
    struct str        word, title;
    const enum right *rights;
    size_t            nrights;
} roles[ROLE_COUNT] = {
#include "guard/roles.def"
};
#undef RIGHT
#undef ROLE

uint64_t role_rights(enum role role)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < roles[role].nrights; i++)
        bits |= UINT64_C(1) << roles[role].rights[i];
    return bits;
}

struct str role_word(enum role role)
{
    return roles[role].word;
}

struct str role_title(enum role role)
{
    return roles[role].title;
}

enum role role_of_word(struct str word)
{
    for (enum role role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
        if (str_eq(roles[role].word, word))
            return role;
    return ROLE_NONE;
}

struct str right_word(enum right right)
{
    return rights[right].word;
}

struct str right_title(enum right right)
{
    return rights[right].title;
}

static const struct owes_row {
    struct str  word;
    const char *says;
} owed[] = {
#define OWES_ROW(name, word, says) [OWES_##name] = { STR_INIT(word), says },
    OWES_EACH(OWES_ROW)
#undef OWES_ROW
};

struct str owes_word(enum owes owes)
{
    return owed[owes].word;
}

struct str passed_word(enum passed passed)
{
    static const struct str words[] = {
#define PASSED_WORD(name, word) [PASSED_##name] = STR_INIT(word),
        PASSED_EACH(PASSED_WORD)
#undef PASSED_WORD
    };

    return words[passed];
}

void actor_halve(struct actor *actor, enum owes owes)
{
    actor->owes = owes;
    if (owes == OWES_NOTHING)
        return;
    actor->holds = NULL;
    actor->nholds = 0;
    actor->person = 0;
    actor->home = STR_NONE;
}

enum rc actor_owes(struct op *op, const struct actor *actor, unsigned open)
{
    if (actor->owes == OWES_NOTHING || open >> actor->owes & 1)
        return RC_OK;
    return fail(op, RC_SECOND_FACTOR, NULL, "%s", owed[actor->owes].says);
}

static bool covers(const struct hold *hold, struct str area)
{
    if (str_eq(hold->area, AREA_EVERYWHERE))
        return true;
    return area.at ? area_within(area, hold->area) : area_level(hold->area) > 0;
}

bool actor_may(const struct actor *actor, enum right right, struct str area)
{
    if (right == RIGHT_ANYONE)
        return true;
    if (actor->only && !(actor->only >> right & 1))
        return false;
    if (right == RIGHT_SELF)
        return actor->kind != ACTOR_NOBODY;
    for (size_t i = 0; i < actor->nholds; i++)
        if (role_rights(actor->holds[i].role) >> right & 1 &&
            covers(&actor->holds[i], area))
            return true;
    return false;
}

bool actor_has_duty(const struct actor *actor, struct str duty, struct str area)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (str_eq(actor->holds[i].duty, duty) && covers(&actor->holds[i], area))
            return true;
    return false;
}

bool actor_in_org(const struct actor *actor, int64_t org)
{
    for (size_t i = 0; org && i < actor->nholds; i++)
        if (actor->holds[i].org == org)
            return true;
    return false;
}
