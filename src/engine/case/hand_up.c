#include "engine/case/hand_up.h"

#include "guard/actor.h"
#include "registry/account.h"

/* Told once, before threads start; afterwards only read. */
static case_connected *connected;

void case_platform(case_connected *asked)
{
    connected = asked;
}

/* 0: there is none. */
static enum rc platform(struct op *op, int64_t *account)
{
    struct list ids = { 0 };

    enum rc rc = accounts_with_role(op, ROLE_UPPER, 1, &ids);
    *account = rc == RC_OK && ids.n ? *(const int64_t *)ids.at : 0;
    return rc;
}

/* Whoever hands it up goes on answering for it here. */
static void answered_here_by(struct turn *turn)
{
    const struct actor *actor = turn->op->actor;

    for (size_t i = 0; i < actor->nholds; i++)
        if (scene_duty(turn->it->scene, actor->holds[i].duty))
            turn_answers_for(turn, (struct holder){ HOLDER_DUTY, 0, actor->holds[i].duty,
                                                    actor->holds[i].area });
}

enum rc turn_hand_up(struct turn *turn)
{
    struct op *op = turn->op;
    int64_t    account = 0;

    enum rc rc = connected && connected(op) ? platform(op, &account) : RC_OK;
    if (rc != RC_OK)
        return rc;
    if (!account)
        return fail(op, RC_REFUSED, "move", "本区县还没有接上级平台，报不上去。");
    if (account == turn->it->row.reporter)
        return fail(op, RC_REFUSED, "move",
                    "这件事就是上级平台交下来的。办不了请写明原因退回去。");
    answered_here_by(turn);
    turn_hand_to(turn, (struct holder){ HOLDER_ACCOUNT, account, STR_NONE, STR_NONE });
    return RC_OK;
}

enum rc turn_is_up(struct turn *turn, bool *up)
{
    struct holder holder = holder_read(turn->it->row.holder);
    int64_t       account = 0;

    *up = false;
    if (holder.kind != HOLDER_ACCOUNT || !connected)
        return RC_OK;
    enum rc rc = platform(turn->op, &account);
    *up = account && holder.id == account;
    return rc;
}
