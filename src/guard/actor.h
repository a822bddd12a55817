/* Who acts.  An account holds duties (职责), each in an area, some for an
 * organisation, some standing in for somebody; a duty belongs to one role, and
 * the role gives rights (roles.def).  An actor is the frozen picture of this for
 * one operation.  Denied unless granted: an actor without a hold that grants the
 * right in the very area has nothing but what everybody has. */
#ifndef GUARD_ACTOR_H
#define GUARD_ACTOR_H
#include "base/area.h"
#include "base/field.h"
#include "base/op.h"

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

/* What a session still owes before it may do anything: OWES(name, word, sentence) */
// clang-format off
#define OWES_EACH(OWES)                                                                    \
    OWES(NOTHING,   "nothing",   "")                                                       \
    OWES(FACTOR,    "factor",    "登录还差一步：请用动态口令或通行密钥验证。")             \
    OWES(ENROLMENT, "enrolment", "请先绑定动态口令或通行密钥，再办别的事。")               \
    OWES(PASSWORD,  "password",  "密码到期了，请先换一个新密码。")
// clang-format on
enum owes {
#define OWES_NAME(name, word, says) OWES_##name,
    OWES_EACH(OWES_NAME)
#undef OWES_NAME
        OWES_COUNT
};
struct str owes_word(enum owes owes);

/* By what, beside the password, the session was opened: PASSED(name, word) */
#define PASSED_EACH(PASSED)                                                                \
    PASSED(NOTHING, "nothing")                                                             \
    PASSED(TOTP, "totp")                                                                   \
    PASSED(RECOVERY, "recovery")                                                           \
    PASSED(PASSKEY, "passkey")                                                             \
    PASSED(DEMO, "demo")
enum passed {
#define PASSED_NAME(name, word) PASSED_##name,
    PASSED_EACH(PASSED_NAME)
#undef PASSED_NAME
        PASSED_COUNT
};
struct str passed_word(enum passed passed);

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
    enum owes          owes;
    enum passed        passed;
    uint64_t           only; /* a bearer key's narrowing: bits of rights; 0: none */
};

uint64_t   role_rights(enum role role); /* bit RIGHT_x */
struct str role_word(enum role role);
struct str role_title(enum role role);
enum role  role_of_word(struct str word); /* ROLE_NONE when there is none */
struct str right_word(enum right right);
struct str right_title(enum right right);

/* The actor of a session that owes something: known by name, without duties, home or
 * person, so that whoever forgets to ask what it owes gives nothing away. */
void actor_halve(struct actor *actor, enum owes owes);
/* RC_OK, or RC_SECOND_FACTOR with the sentence: asked of everything but what `open`
 * names, a bit for each that may be owed (gate/act.h). */
MUST_USE enum rc actor_owes(struct op *op, const struct actor *actor, unsigned open);

/* Does some hold of the actor grant the right over that area?  An absent area
 * asks: anywhere at all. */
bool actor_may(const struct actor *actor, enum right right, struct str area);
bool actor_has_duty(const struct actor *actor, struct str duty, struct str area);
bool actor_in_org(const struct actor *actor, int64_t org);

#endif
