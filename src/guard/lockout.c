#include "guard/lockout.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#include <sodium.h>

#include "base/limits.h"
#include "base/plant.h"
#include "guard/guard_store.h"
#include "guard/sm.h"

#define MINUTE_MS INT64_C(60000)

/* First those of passwords, then those of codes. */
enum scope {
    SCOPE_PAIR,
    SCOPE_ACCOUNT,
    SCOPE_ADDRESS,
    SCOPE_CODE_PAIR,
    SCOPE_CODE,
    SCOPES,
    SCOPES_PASSWORD = SCOPE_CODE_PAIR,
};

static const struct scope_row {
    struct str word;
    int64_t    most;     /* so many are free */
    int64_t    peace_ms; /* forgotten after so long without another */
} scopes[SCOPES] = {
    [SCOPE_PAIR] = { STR_INIT("pair"), SIGN_IN_PAIR_MAX, SIGN_IN_PEACE_MS },
    [SCOPE_ACCOUNT] = { STR_INIT("account"), SIGN_IN_ACCOUNT_MAX, SIGN_IN_PEACE_MS },
    [SCOPE_ADDRESS] = { STR_INIT("address"), SIGN_IN_ADDRESS_MAX, 1 * MINUTE_MS },
    [SCOPE_CODE_PAIR] = { STR_INIT("code pair"), SIGN_IN_CODE_PAIR_MAX, SIGN_IN_PEACE_MS },
    [SCOPE_CODE] = { STR_INIT("code"), SIGN_IN_CODE_MAX, SIGN_IN_PEACE_MS },
};

enum { MARK_BYTES = 16, SETS = 4096, WAYS = 8, WAIT_MAX_MS = 8000, LOAD_MAX = SETS * WAYS };

struct count {
    unsigned char mark[MARK_BYTES];
    int64_t       county, fails, last_ms; /* last_ms 0: empty */
    bool          changed;                /* since lockout_keep() */
};

static struct count counts[SETS][WAYS];
static unsigned char
    shuffle[crypto_shorthash_KEYBYTES]; /* so that nobody can aim at a set */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t  shuffled = PTHREAD_ONCE_INIT;

static void make_shuffle(void)
{
    crypto_shorthash_keygen(shuffle);
}

/* ---- counting, under the lock ---- */

static struct count *oldest_of(struct count set[WAYS])
{
    struct count *oldest = &set[0];

    for (size_t way = 1; way < WAYS; way++)
        if (set[way].last_ms < oldest->last_ms)
            oldest = &set[way];
    return oldest;
}

/* A clock that was put back must not lock anybody out for as long as it was wrong. */
static struct count *not_in_future(struct count *count, int64_t now_ms)
{
    if (count->last_ms > now_ms)
        count->last_ms = now_ms;
    return count;
}

/* The count of a mark; a new one takes the place of the oldest in its set. */
static struct count *count_of(int64_t county, const unsigned char mark[MARK_BYTES],
                              int64_t now_ms)
{
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t      number;

    crypto_shorthash(hash, mark, MARK_BYTES, shuffle);
    memcpy(&number, hash, sizeof number);
    struct count *set = counts[number % SETS];
    for (size_t way = 0; way < WAYS; way++)
        if (set[way].last_ms && set[way].county == county &&
            memcmp(set[way].mark, mark, MARK_BYTES) == 0)
            return not_in_future(&set[way], now_ms);
    struct count *fresh = oldest_of(set);
    *fresh = (struct count){ .county = county, .last_ms = now_ms };
    memcpy(fresh->mark, mark, MARK_BYTES);
    return fresh;
}

static int64_t fails_now(const struct count *count, enum scope scope, int64_t now_ms)
{
    return now_ms - count->last_ms < scopes[scope].peace_ms ? count->fails : 0;
}

static void add_fails(struct count *count, enum scope scope, int64_t by, int64_t now_ms)
{
    int64_t fails = fails_now(count, scope, now_ms) + by;

    count->fails = fails > 0 ? fails : 0;
    if (by > 0)
        count->last_ms = now_ms;
    count->changed = true;
}

/* ---- marks ---- */

/* An address as far as one subscriber has it alone: IPv6 is given out by /64. */
struct str lockout_network(struct str address, unsigned char bytes[16])
{
    char text[INET6_ADDRSTRLEN];

    if (address.len == 0 || address.len >= sizeof text)
        return address;
    memcpy(text, address.at, address.len);
    text[address.len] = 0;
    return inet_pton(AF_INET6, text, bytes) == 1 ? str_slice((const char *)bytes, 8)
                                                 : address;
}

struct marks {
    unsigned char of[SCOPES][MARK_BYTES];
};

static struct marks marks_of(const struct op *op, struct str login, struct str address)
{
    unsigned char bytes[16], hash[SM3_BYTES];
    struct str    network = lockout_network(address, bytes);
    struct marks  marks;

    for (enum scope scope = SCOPE_PAIR; scope < SCOPES; scope++) {
        bool          anywhere = scope == SCOPE_ACCOUNT || scope == SCOPE_CODE;
        struct str    who = scope == SCOPE_ADDRESS ? STR("") : login;
        struct str    whence = anywhere ? STR("") : network;
        const int64_t numbers[] = { op->county, (int64_t)who.len, (int64_t)whence.len };
        sm3(PARTS(scopes[scope].word, PART_OF(numbers), who, whence), hash);
        memcpy(marks.of[scope], hash, MARK_BYTES);
    }
    return marks;
}

/* ---- trying ---- */

static enum rc locked(struct op *op, const char *where, int64_t left_ms)
{
    return fail(op, RC_TOO_MANY, where, "输错的次数多了，请 %d 分钟后再试。",
                (int)((left_ms + MINUTE_MS - 1) / MINUTE_MS));
}

static int64_t wait_of(int64_t fails)
{
    int64_t over = fails - scopes[SCOPE_ACCOUNT].most;

    return over <= 0 ? 0 : over > 3 ? WAIT_MAX_MS : 500 << over;
}

/* What stands against this try, under the lock. */
struct against {
    bool    pair, address;
    int64_t pair_left_ms, account_fails;
};

static struct against look(const struct op *op, const struct marks *marks)
{
    int64_t             fails[SCOPES_PASSWORD];
    const struct count *count[SCOPES_PASSWORD];

    for (enum scope scope = SCOPE_PAIR; scope < SCOPES_PASSWORD; scope++) {
        count[scope] = count_of(op->county, marks->of[scope], op->now_ms);
        fails[scope] = fails_now(count[scope], scope, op->now_ms);
    }
    return (struct against){
        .pair = fails[SCOPE_PAIR] >= scopes[SCOPE_PAIR].most,
        .address = fails[SCOPE_ADDRESS] >= scopes[SCOPE_ADDRESS].most,
        .pair_left_ms =
            count[SCOPE_PAIR]->last_ms + scopes[SCOPE_PAIR].peace_ms - op->now_ms,
        .account_fails = fails[SCOPE_ACCOUNT],
    };
}

static void add_to_all(const struct op *op, const struct marks *marks,
                       const int64_t by[SCOPES_PASSWORD])
{
    for (enum scope scope = SCOPE_PAIR; scope < SCOPES_PASSWORD; scope++)
        add_fails(count_of(op->county, marks->of[scope], op->now_ms), scope, by[scope],
                  op->now_ms);
}

enum rc lockout_try(struct op *op, struct str login, struct str address, int64_t *wait_ms)
{
    static const int64_t one_more[SCOPES_PASSWORD] = { 1, 1, 1 };
    struct marks         marks = marks_of(op, login, address);

    pthread_once(&shuffled, make_shuffle);
    pthread_mutex_lock(&lock);
    struct against against = look(op, &marks);
    if (!against.pair && !against.address)
        add_to_all(op, &marks, one_more);
    pthread_mutex_unlock(&lock);
    *wait_ms = wait_of(against.account_fails + 1);
    if (plant_is(PLANT_LOCKOUT))
        return RC_OK;
    if (against.pair)
        return locked(op, "password", against.pair_left_ms);
    return against.address
               ? fail(op, RC_TOO_MANY, NULL, "这里登录得太频繁了，请过一分钟再试。")
               : RC_OK;
}

/* The pair is trusted again; the account forgets only this try, since others may
 * be guessing at the same time; the address has tried once more. */
void lockout_passed(struct op *op, struct str login, struct str address)
{
    static const int64_t passed[SCOPES_PASSWORD] = {
        [SCOPE_PAIR] = INT32_MIN, [SCOPE_ACCOUNT] = -1
    };
    struct marks marks = marks_of(op, login, address);

    pthread_mutex_lock(&lock);
    add_to_all(op, &marks, passed);
    pthread_mutex_unlock(&lock);
}

/* ---- codes ---- */

static struct marks marks_of_code(struct op *op, int64_t account, struct str address)
{
    return marks_of(op, str_fmt(op->arena, "%lld", (long long)account), address);
}

enum rc lockout_try_code(struct op *op, int64_t account, struct str address)
{
    struct marks marks = marks_of_code(op, account, address);
    int64_t      left_ms = 0;

    pthread_once(&shuffled, make_shuffle);
    pthread_mutex_lock(&lock);
    for (enum scope scope = SCOPE_CODE_PAIR; scope <= SCOPE_CODE; scope++) {
        struct count *count = count_of(op->county, marks.of[scope], op->now_ms);
        if (fails_now(count, scope, op->now_ms) >= scopes[scope].most)
            left_ms = count->last_ms + scopes[scope].peace_ms - op->now_ms;
    }
    for (enum scope scope = SCOPE_CODE_PAIR; scope <= SCOPE_CODE && !left_ms; scope++)
        add_fails(count_of(op->county, marks.of[scope], op->now_ms), scope, 1, op->now_ms);
    pthread_mutex_unlock(&lock);
    return left_ms ? locked(op, "code", left_ms) : RC_OK;
}

void lockout_passed_code(struct op *op, int64_t account, struct str address)
{
    struct marks marks = marks_of_code(op, account, address);

    pthread_mutex_lock(&lock);
    add_fails(count_of(op->county, marks.of[SCOPE_CODE_PAIR], op->now_ms), SCOPE_CODE_PAIR,
              INT32_MIN, op->now_ms);
    add_fails(count_of(op->county, marks.of[SCOPE_CODE], op->now_ms), SCOPE_CODE, -1,
              op->now_ms);
    pthread_mutex_unlock(&lock);
}

/* ---- the table ---- */

/* The next changed count of the county from *at on. */
static bool take_changed(int64_t county, size_t *at, struct count *one)
{
    struct count *all = &counts[0][0];
    bool          took = false;

    pthread_mutex_lock(&lock);
    for (; *at < (size_t)SETS * WAYS && !took; (*at)++)
        if (all[*at].changed && all[*at].county == county) {
            all[*at].changed = false;
            *one = all[*at];
            took = true;
        }
    pthread_mutex_unlock(&lock);
    return took;
}

enum rc lockout_keep(struct op *op)
{
    enum rc      rc = RC_OK;
    struct count one;

    for (size_t at = 0; rc == RC_OK && take_changed(op->county, &at, &one);)
        rc = fails_row_put(
            op, &(struct fails_row){ PART_OF(one.mark), one.fails, one.last_ms });
    return rc == RC_OK ? fails_rows_sweep(op, op->now_ms - scopes[SCOPE_PAIR].peace_ms)
                       : rc;
}

enum rc lockout_load(struct op *op)
{
    struct list list;

    enum rc rc =
        fails_rows_since(op, op->now_ms - scopes[SCOPE_PAIR].peace_ms, LOAD_MAX, &list);
    const struct fails_row *rows = list.at;
    pthread_once(&shuffled, make_shuffle);
    pthread_mutex_lock(&lock);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
        if (rows[i].mark.len != MARK_BYTES)
            continue;
        struct count *count =
            count_of(op->county, (const unsigned char *)rows[i].mark.at, rows[i].last_ms);
        count->fails = rows[i].fails;
        count->last_ms = rows[i].last_ms;
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

void lockout_forget(void)
{
    pthread_mutex_lock(&lock);
    memset(counts, 0, sizeof counts);
    pthread_mutex_unlock(&lock);
}
