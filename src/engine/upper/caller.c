/* Who signed a request, and whether it is said for the first time. */
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "engine/upper/keys.h"
#include "guard/signature.h"
#include "engine/upper/upper.h"
#include "guard/actor.h"
#include "guard/sm.h"
#include "registry/account.h"

/* Nonces that were heard, as long as their time could still be taken.  They are kept by
 * this process: after a restart a request that was heard before is the same message, which
 * is done once for good (hear.c). */
static struct {
    pthread_mutex_t lock;
    struct heard_nonce {
        unsigned char name[SM3_BYTES];
        int64_t       until_ms;
    } all[UPPER_NONCES_MAX];
} nonces = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* RC_CONFLICT: heard before; RC_TOO_MANY: no room for another one. */
static enum rc note(const unsigned char name[SM3_BYTES], int64_t now_ms)
{
    struct heard_nonce *room = NULL;
    enum rc             rc = RC_OK;

    pthread_mutex_lock(&nonces.lock);
    for (size_t i = 0; i < UPPER_NONCES_MAX && rc == RC_OK; i++) {
        struct heard_nonce *one = &nonces.all[i];
        if (one->until_ms <= now_ms)
            room = one;
        else if (memcmp(one->name, name, SM3_BYTES) == 0)
            rc = RC_CONFLICT;
    }
    if (rc == RC_OK && !room)
        rc = RC_TOO_MANY;
    if (rc == RC_OK) {
        memcpy(room->name, name, SM3_BYTES);
        room->until_ms = now_ms + UPPER_NONCE_MS;
    }
    pthread_mutex_unlock(&nonces.lock);
    return rc;
}

static enum rc first_time(struct op *op, const struct signature *signature)
{
    unsigned char name[SM3_BYTES];

    sm3(PARTS(signature->key, STR(" "), signature->nonce), name);
    enum rc rc = note(name, op->now_ms);
    if (rc == RC_CONFLICT)
        return fail(op, RC_UNAUTHENTICATED, "nonce",
                    "这个请求已经收到过一次（nonce 相同）。重发请重新签名，编号不变。");
    if (rc == RC_TOO_MANY)
        return fail(op, rc, NULL, "十分钟内的请求太多了，请稍后再发。");
    return rc;
}

static enum rc in_time(struct op *op, const struct signature *signature)
{
    int64_t time_ms = 0;
    bool    number = str_int64(signature->time, &time_ms);
    int64_t ahead = number ? time_ms - op->now_ms : INT64_MAX;
    int64_t off_s = (ahead < 0 ? -ahead : ahead) / 1000;

    if (ahead >= -UPPER_SKEW_MS && ahead <= UPPER_SKEW_MS)
        return RC_OK;
    return fail(op, RC_UNAUTHENTICATED, "time",
                "贵平台的时钟比这里%s %lld 分 %lld 秒，超过了 5 分钟。请先校时再发。",
                ahead < 0 ? "慢" : "快", (long long)(off_s / 60), (long long)(off_s % 60));
}

static enum rc right_key(struct op *op, const struct upper_caller *caller,
                         const struct signature *signature, int64_t *account)
{
    struct signed_request request = { SIGN_DOWN, caller->method, caller->target };
    struct upper_key      key;
    struct str            secret = STR_NONE;
    int64_t               id = 0;

    bool number = str_int64(signature->key, &id);
    op->county = id_county(id);
    enum rc rc = number ? upper_key_open(op, id, &key, &secret) : RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_UNAUTHENTICATED, "key",
                    "没有这把密钥，或者已经停用。请向区县的系统管理员要新的。");
    if (rc != RC_OK)
        return rc;
    *account = key.account;
    if (signature_holds(op->arena, secret, &request, signature))
        return RC_OK;
    return fail(op, RC_UNAUTHENTICATED, "mac",
                "签名不对。请核对密钥、方法、路径、时间、nonce 和正文摘要的写法。");
}

static enum rc platform_actor(struct op *op, int64_t account, struct actor *actor)
{
    enum rc rc = account_actor(op, account, actor);

    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_UNAUTHENTICATED : rc;
    actor->kind = ACTOR_MACHINE;
    actor->only = UINT64_C(1) << RIGHT_UPPER;
    return RC_OK;
}

enum rc upper_caller(struct op *op, const struct upper_caller *caller, struct actor *actor)
{
    struct signature signature;
    int64_t          account = 0;

    if (!signature_read(caller->authorization, &signature))
        return fail(op, RC_UNAUTHENTICATED, "Authorization",
                    "签名头的写法不对：LINLI-HMAC-SM3 key=…,time=…,nonce=…,digest=…,mac=…");
    enum rc rc = right_key(op, caller, &signature, &account);
    if (rc == RC_OK)
        rc = in_time(op, &signature);
    if (rc == RC_OK)
        rc = first_time(op, &signature);
    return rc == RC_OK ? platform_actor(op, account, actor) : rc;
}
