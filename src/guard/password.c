#include "guard/password.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/thread.h"
#include "guard/secret.h"

enum { PASSES = 2, MEMORY_BYTES = 19 << 20 };
static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "as libsodium writes it");

enum state { FREE, WAITING };

struct slot {
    enum state     state;
    bool           making;        /* a hash, instead of checking one */
    uint64_t       turn;          /* who came first */
    int64_t        not_before_ms; /* of clock_mono_us() */
    bool           held;
    password_done *done;
    void          *context;
    size_t         len;
    char           password[PASSWORD_BYTES_MAX];
    char           hash[PASSWORD_HASH_BYTES];
};

/* One queue per process; everything below is under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  changed;
static pthread_t       worker;
static struct secret  *memory;
static struct slot    *slots;
static size_t          nheld;
static uint64_t        turns;
static bool            closing;
static char            nobody[PASSWORD_HASH_BYTES]; /* a hash that nothing matches */

/* ---- hashing ---- */

static bool make_hash(const char *password, size_t len, char hash[PASSWORD_HASH_BYTES])
{
    return crypto_pwhash_str_alg(hash, password, len, PASSES, MEMORY_BYTES,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static struct password_answer check_hash(const struct slot *slot)
{
    errno = 0;
    bool right = crypto_pwhash_str_verify(slot->hash, slot->password, slot->len) == 0;
    bool failed = !right && errno == ENOMEM;
    return (struct password_answer){ .rc = failed ? RC_UNAVAILABLE : RC_OK,
                                     .right = right };
}

/* The slot is the worker's own copy. */
static void answer(struct slot *slot)
{
    struct password_answer answer = { .rc = RC_UNAVAILABLE };

    if (!slot->making)
        answer = check_hash(slot);
    else if (make_hash(slot->password, slot->len, slot->hash))
        answer = (struct password_answer){ .rc = RC_OK, .hash = str_of(slot->hash) };
    slot->done(slot->context, &answer);
}

/* ---- the worker ---- */

static int64_t mono_ms(void)
{
    return clock_mono_us() / 1000;
}

/* The first that came among those that need not wait any more. */
static struct slot *next_due(int64_t now_ms)
{
    struct slot *next = NULL;

    for (struct slot *slot = slots; slot < slots + PASSWORD_QUEUE_MAX; slot++)
        if (slot->state == WAITING && (slot->not_before_ms <= now_ms || closing) &&
            (!next || slot->turn < next->turn))
            next = slot;
    return next;
}

static int64_t earliest_ms(void)
{
    int64_t earliest = INT64_MAX;

    for (const struct slot *slot = slots; slot < slots + PASSWORD_QUEUE_MAX; slot++)
        if (slot->state == WAITING && slot->not_before_ms < earliest)
            earliest = slot->not_before_ms;
    return earliest;
}

static void wait_for_change(void)
{
    int64_t earliest = earliest_ms();

    if (earliest == INT64_MAX) {
        pthread_cond_wait(&changed, &lock);
        return;
    }
    struct timespec until = { .tv_sec = earliest / 1000,
                              .tv_nsec = earliest % 1000 * 1000000 };
    (void)pthread_cond_timedwait(&changed, &lock, &until);
}

/* Frees the slot and hands its content out in `mine`. */
static void take(struct slot *slot, struct slot *mine)
{
    *mine = *slot;
    if (slot->held)
        nheld--;
    sodium_memzero(slot, sizeof *slot);
}

static void *work(void *own)
{
    static const struct password_answer too_late = { .rc = RC_UNAVAILABLE };
    struct slot                        *mine = own;

    pthread_mutex_lock(&lock);
    for (;;) {
        struct slot *slot = next_due(mono_ms());
        if (!slot && closing)
            break;
        if (!slot) {
            wait_for_change();
            continue;
        }
        take(slot, mine);
        bool late = closing;
        pthread_mutex_unlock(&lock);
        if (late)
            mine->done(mine->context, &too_late);
        else
            answer(mine);
        sodium_memzero(mine, sizeof *mine);
        pthread_mutex_lock(&lock);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* The slots, and one more as the worker's own. */
enum rc passwords_open(void)
{
    pthread_condattr_t monotonic;
    unsigned char      secret[32];

    memory = secret_new((PASSWORD_QUEUE_MAX + 1) * sizeof(struct slot));
    if (!memory)
        return RC_UNAVAILABLE;
    slots = (struct slot *)(void *)secret_at(memory);
    closing = false;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    random_bytes(secret, sizeof secret);
    if (make_hash((const char *)secret, sizeof secret, nobody) &&
        thread_start(&worker, work, &slots[PASSWORD_QUEUE_MAX]))
        return RC_OK;
    slots = NULL;
    secret_free(&memory);
    return RC_UNAVAILABLE;
}

void passwords_close(void)
{
    if (!slots)
        return;
    pthread_mutex_lock(&lock);
    closing = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(worker, NULL);
    pthread_cond_destroy(&changed);
    slots = NULL;
    secret_free(&memory);
}

/* ---- asking ---- */

static struct slot *free_slot(void)
{
    for (struct slot *slot = slots; slot < slots + PASSWORD_QUEUE_MAX; slot++)
        if (slot->state == FREE)
            return slot;
    return NULL;
}

static enum rc queue(const struct slot *asked, struct str password, struct str hash)
{
    assert(slots);
    pthread_mutex_lock(&lock);
    struct slot *slot =
        closing || (asked->held && nheld == PASSWORD_HELD_MAX) ? NULL : free_slot();
    if (slot) {
        *slot = *asked;
        slot->state = WAITING;
        slot->turn = turns++;
        slot->len = password.len;
        memcpy(slot->password, password.at, password.len);
        if (hash.len)
            memcpy(slot->hash, hash.at, hash.len);
        nheld += asked->held;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&lock);
    return slot ? RC_OK : RC_TOO_MANY;
}

/* A password that cannot be one is checked like any other, so that it takes as
 * long; as one byte that no policy lets through. */
static struct str possible(struct str password)
{
    return password.len == 0 || password.len > PASSWORD_BYTES_MAX ? STR("\x01") : password;
}

enum rc password_ask(struct str password, struct str hash, int64_t wait_ms,
                     password_done *done, void *context)
{
    bool        known = hash.len > 0 && hash.len < PASSWORD_HASH_BYTES;
    struct slot asked = {
        .held = wait_ms > 0,
        .not_before_ms = wait_ms > 0 ? mono_ms() + wait_ms : 0,
        .done = done,
        .context = context,
    };

    return queue(&asked, possible(password), known ? hash : str_of(nobody));
}

enum rc password_ask_hash(struct str password, password_done *done, void *context)
{
    struct slot asked = { .making = true, .done = done, .context = context };

    assert(password.len > 0 && password.len <= PASSWORD_BYTES_MAX);
    return queue(&asked, password, STR_NONE);
}

/* ---- waiting for the answer ---- */

struct waiter {
    pthread_mutex_t        lock;
    pthread_cond_t         told;
    bool                   over;
    struct password_answer answer;
    char                   hash[PASSWORD_HASH_BYTES];
};

static void tell_waiter(void *context, const struct password_answer *answer)
{
    struct waiter *waiter = context;

    pthread_mutex_lock(&waiter->lock);
    waiter->answer = *answer;
    if (answer->hash.len)
        memcpy(waiter->hash, answer->hash.at, answer->hash.len + 1);
    waiter->over = true;
    pthread_cond_signal(&waiter->told);
    pthread_mutex_unlock(&waiter->lock);
}

static void wait_for(struct waiter *waiter)
{
    pthread_mutex_lock(&waiter->lock);
    while (!waiter->over)
        pthread_cond_wait(&waiter->told, &waiter->lock);
    pthread_mutex_unlock(&waiter->lock);
}

enum rc password_check(struct str password, struct str hash, int64_t wait_ms, bool *right)
{
    struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };

    *right = false;
    enum rc rc = password_ask(password, hash, wait_ms, tell_waiter, &waiter);
    if (rc != RC_OK)
        return rc;
    wait_for(&waiter);
    *right = waiter.answer.rc == RC_OK && waiter.answer.right;
    return waiter.answer.rc;
}

enum rc password_hash(struct arena *arena, struct str password, struct str *hash)
{
    struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };

    *hash = STR_NONE;
    enum rc rc = password_ask_hash(password, tell_waiter, &waiter);
    if (rc != RC_OK)
        return rc;
    wait_for(&waiter);
    if (waiter.answer.rc != RC_OK)
        return waiter.answer.rc;
    *hash = str_copy(arena, str_of(waiter.hash));
    return hash->at ? RC_OK : RC_NO_MEMORY;
}
