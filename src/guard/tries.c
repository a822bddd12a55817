#include "guard/tries.h"

#include <pthread.h>
#include <string.h>

#include "base/limits.h"
#include "guard/lockout.h"

enum { PLACES = 8192, ADDRESS_BYTES = 16 };

struct wrong {
    unsigned char from[ADDRESS_BYTES];
    int64_t       times, since_ms; /* since_ms 0: nobody */
};
static struct wrong    table[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Of that network; another one's, or one that is over, begins anew.  Under the lock. */
static struct wrong *wrong_of(const struct op *op)
{
    unsigned char from[ADDRESS_BYTES] = { 0 }, bytes[ADDRESS_BYTES];
    struct str    network = lockout_network(op->address, bytes);

    memcpy(from, network.at, network.len < sizeof from ? network.len : sizeof from);
    struct wrong *wrong =
        &table[str_hash(str_slice((const char *)from, sizeof from)) % PLACES];
    if (memcmp(wrong->from, from, sizeof from) != 0 || op->now_ms < wrong->since_ms ||
        op->now_ms - wrong->since_ms >= PAPER_CODES_MS)
        *wrong = (struct wrong){ .since_ms = op->now_ms };
    memcpy(wrong->from, from, sizeof from);
    return wrong;
}

enum rc tries_begin(struct op *op)
{
    if (!op->address.at)
        return RC_OK;
    pthread_mutex_lock(&lock);
    struct wrong *wrong = wrong_of(op);
    bool          over = wrong->times >= PAPER_CODES_MAX;
    wrong->times += !over;
    pthread_mutex_unlock(&lock);
    return over ? fail(op, RC_TOO_MANY, "code", "输错的次数多了，请过 %d 分钟再试。",
                       PAPER_CODES_MS / 60000)
                : RC_OK;
}

void tries_passed(const struct op *op)
{
    if (!op->address.at)
        return;
    pthread_mutex_lock(&lock);
    struct wrong *wrong = wrong_of(op);
    wrong->times -= wrong->times > 0;
    pthread_mutex_unlock(&lock);
}

void tries_forget(void)
{
    pthread_mutex_lock(&lock);
    memset(table, 0, sizeof table);
    pthread_mutex_unlock(&lock);
}
