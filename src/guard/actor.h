/* Who acts.  An account holds duties (职责), each in an area, some for an
 * organisation, some standing in for somebody; a duty belongs to one role, and
 * the role gives rights (roles.def).  An actor is the frozen picture of this for
 * one operation.  Denied unless granted: an actor without a hold that grants the
 * right in the very area has nothing but what everybody has. */
#ifndef GUARD_ACTOR_H
#define GUARD_ACTOR_H
#include "base/area.h"
#include "base/field.h"
#include "base/rc.h"

/* RIGHT(name, word, 中文) */
enum right {
#define RIGHT(name, word, title) RIGHT_##name,
#define ROLE(name, word, title, ...)
#include "guard/roles.def"
#undef RIGHT
#undef ROLE
    RIGHT_COUNT
};
static_assert(RIGHT_COUNT <= 64, "rights are bits of one word");

enum role {
    ROLE_NONE,
#define RIGHT(name, word, title)
#define ROLE(name, word, title, ...) ROLE_##name,
#include "guard/roles.def"
#undef RIGHT
#undef ROLE
    ROLE_COUNT
};

/* Of the machine's operator and the clock, never of an account: no code of an area
 * looks like this, and hold.give takes codes only. */
#define AREA_EVERYWHERE STR("*")

struct hold {
    struct str duty; /* "社区值守" */
    enum role  role;
    struct str area;          /* code, whole levels: 2, 4, 6, 9, 12 or 15 digits */
    int64_t    org;           /* 0: none */
    int64_t    stands_in_for; /* account, 0: holds it itself */
};

enum actor_kind {
    ACTOR_NOBODY,  /* not signed in */
    ACTOR_PERSON,  /* somebody with an account */
    ACTOR_MACHINE, /* a bearer key */
    ACTOR_LOCAL,   /* whoever runs the command line on this machine */
    ACTOR_CLOCK,   /* timers */
};

struct actor {
    enum actor_kind    kind;
    int64_t            account; /* 0: none */
    int64_t            county;  /* the account's */
    int64_t            person;  /* the resident behind it, 0: none known */
    int64_t            session; /* 0: none */
    struct str         name;    /* as colleagues and residents see it */
    struct str         home;    /* the person's grid or community code; may be absent */
    const struct hold *holds;
    size_t             nholds;
    uint64_t           only; /* a bearer key's narrowing: bits of rights; 0: none */
};

uint64_t   role_rights(enum role role); /* bit RIGHT_x */
struct str role_word(enum role role);
struct str role_title(enum role role);
enum role  role_of_word(struct str word); /* ROLE_NONE when there is none */
struct str right_word(enum right right);
struct str right_title(enum right right);

/* Does some hold of the actor grant the right over that area?  An absent area
 * asks: anywhere at all. */
bool actor_may(const struct actor *actor, enum right right, struct str area);
bool actor_has_duty(const struct actor *actor, struct str duty, struct str area);
bool actor_in_org(const struct actor *actor, int64_t org);

#endif
