#include "app/door.h"

#include "app/house.h"
#include "app/measure.h"
#include "engine/upper/upper.h"
#include "guard/machine.h"
#include "guard/session.h"
#include "registry/account.h"

static enum rc by_session(struct op *op, const struct http_credential *credential,
                          struct actor *actor)
{
    struct str     token = credential->secret;
    struct session session;

    enum rc rc = credential->recheck ? session_peek(op, token, &session)
                                     : session_find(op, token, &session);
    if (rc == RC_OK)
        rc = account_actor(op, session.account, actor);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_UNAUTHENTICATED : rc;
    /* A duty that began or ended by its date asks for a sign-in of its kind. */
    if (account_kind(actor) != session.client)
        return RC_UNAUTHENTICATED;
    actor->session = session.id;
    actor->passed = session.passed;
    actor_halve(actor, session.owes);
    return RC_OK;
}

/* What a bearer key leaves of its account's rights; never that for which one signs. */
static uint64_t rights_of(const struct machine_key *key)
{
    uint64_t rights = machine_key_rights(key);
    uint64_t anyone = UINT64_C(1) << RIGHT_ANYONE, upper = UINT64_C(1) << RIGHT_UPPER;

    return ((rights ? rights : ~UINT64_C(0)) & ~upper) | anyone;
}

static enum rc by_key(struct op *op, struct str text, struct actor *actor)
{
    struct machine_key key;
    struct list        left;

    if (!machine_county(text, &op->county))
        return RC_UNAUTHENTICATED;
    enum rc rc = machine_key_find(op, text, &key);
    if (rc == RC_OK)
        rc = account_actor(op, key.account, actor);
    if (rc == RC_OK)
        rc = machine_key_holds(op->arena, &key, actor->holds, actor->nholds, &left);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_UNAUTHENTICATED : rc;
    actor->kind = ACTOR_MACHINE;
    actor->holds = left.at;
    actor->nholds = left.n;
    actor->only = rights_of(&key);
    return RC_OK;
}

/* Each request is signed for itself: an open stream cannot be looked at again. */
static enum rc by_signature(struct op *op, const struct http_credential *credential,
                            struct actor *actor)
{
    if (credential->recheck)
        return RC_UNAUTHENTICATED;
    return upper_caller(op,
                        &(struct upper_caller){ credential->secret, credential->method,
                                                credential->target },
                        actor);
}

static enum rc who_asks(void *context, struct op *op,
                        const struct http_credential *credential, struct actor *actor)
{
    (void)context;
    switch (credential->kind) {
    case HTTP_NO_CREDENTIAL:
        return RC_OK;
    case HTTP_SESSION:
        return by_session(op, credential, actor);
    case HTTP_BEARER:
        return by_key(op, credential->secret, actor);
    case HTTP_SIGNED:
        return by_signature(op, credential, actor);
    case HTTP_LOCAL:
        *actor = house_local_actor();
        return RC_OK;
    }
    return RC_UNAUTHENTICATED;
}

static enum rc ready(void *context, struct op *op)
{
    if (gate_ready(context))
        return RC_OK;
    if (gate_stands_by(context))
        return fail(op, RC_UNAVAILABLE, NULL,
                    "这一台待命，只能查看：现在由另一台服务器办理。");
    return fail(op, RC_UNAVAILABLE, NULL, "数据库暂时连不上或写不进去，正在重试。");
}

static void measure_for(void *context, struct op *op)
{
    measure(context, op);
}

struct http_door door_of(struct gate *gate)
{
    return (struct http_door){
        .context = gate, .actor = who_asks, .ready = ready, .measure = measure_for
    };
}
