#include "registry/called.h"

#include <string.h>

#include "guard/cache.h"
#include "registry/account_store.h"

enum { SETS = 64, DUTY_SETS = 16, KEEP_MS = 5000, WORD_BYTES = 96 };

struct key {
    char text[2 * WORD_BYTES];
};

struct word {
    unsigned char len;
    char          bytes[WORD_BYTES];
};

struct kept {
    int64_t     read_ms;
    struct word name, duty;
};

struct duty_key {
    int64_t    batch;
    struct key duty;
};

struct on_duty {
    size_t  n;
    int64_t accounts[ON_DUTY_MAX];
};

static struct cache *names, *on_duty;

enum rc called_open(void)
{
    static const struct cache_plan plan = {
        .sets = SETS,
        .key_size = sizeof(struct key),
        .value_size = sizeof(struct kept),
        .keep_ms = KEEP_MS,
    };
    static const struct cache_plan duty_plan = {
        .sets = DUTY_SETS,
        .key_size = sizeof(struct duty_key),
        .value_size = sizeof(struct on_duty),
        .keep_ms = KEEP_MS,
    };

    names = cache_new(&plan);
    on_duty = cache_new(&duty_plan);
    return names && on_duty ? RC_OK : RC_NO_MEMORY;
}

void called_close(void)
{
    cache_free(&names);
    cache_free(&on_duty);
}

void called_changed(void)
{
    if (names)
        cache_empty(names);
    if (on_duty)
        cache_empty(on_duty);
}

static bool word_put(struct word *word, struct str text)
{
    if (text.len > WORD_BYTES)
        return false;
    word->len = (unsigned char)text.len;
    if (text.len)
        memcpy(word->bytes, text.at, text.len);
    return true;
}

static struct str word_get(struct op *op, const struct word *word)
{
    return str_copy(op->arena, str_slice(word->bytes, word->len));
}

static bool recall(struct op *op, const struct key *key, struct called *called)
{
    struct kept kept;

    if (!names || !cache_find(names, key, &kept) || op->now_ms < kept.read_ms ||
        op->now_ms - kept.read_ms > KEEP_MS)
        return false;
    *called = (struct called){ word_get(op, &kept.name), word_get(op, &kept.duty) };
    return true;
}

static void remember(struct op *op, const struct key *key, const struct called *called)
{
    struct kept kept = { .read_ms = op->now_ms };

    if (names && word_put(&kept.name, called->name) && word_put(&kept.duty, called->duty))
        cache_keep(names, key, &kept);
}

struct called called_account(struct op *op, int64_t id)
{
    struct key    key = { "a" };
    struct called called = { STR_INIT(""), STR_INIT("") };

    memcpy(key.text + 1, &id, sizeof id);
    if (!id || recall(op, &key, &called))
        return called;
    if (account_select_called(op, id, &called) == RC_OK)
        remember(op, &key, &called);
    return called;
}

static bool key_of_duty(struct key *key, struct str duty, struct str area)
{
    if (duty.len + area.len + 2 > sizeof key->text || !duty.len || !area.len)
        return false;
    *key = (struct key){ "d" };
    memcpy(key->text + 1, duty.at, duty.len);
    memcpy(key->text + duty.len + 2, area.at, area.len);
    return true;
}

struct called called_alone(struct op *op, struct str duty, struct str area)
{
    struct key    key;
    struct called called = { STR_INIT(""), STR_INIT("") };
    struct list   found;
    bool          fits = key_of_duty(&key, duty, area);

    if (fits && recall(op, &key, &called))
        return called;
    if (hold_select_duty(op, duty, area, 2, &found) != RC_OK)
        return called;
    if (found.n == 1)
        called = (struct called){ ((const struct colleague *)found.at)->name, duty };
    if (fits)
        remember(op, &key, &called);
    return called;
}

static size_t first_of(const struct on_duty *found, int64_t *accounts, size_t most)
{
    size_t n = found->n < most ? found->n : most;

    memcpy(accounts, found->accounts, n * sizeof *accounts);
    return n;
}

size_t called_on_duty(struct op *op, struct str duty, struct str area, int64_t *accounts,
                      size_t most)
{
    struct duty_key key = { .batch = op->batch };
    struct on_duty  found = { 0 };
    struct list     rows;

    assert(most <= ON_DUTY_MAX);
    bool keeps = on_duty && op->batch && key_of_duty(&key.duty, duty, area);
    if (keeps && cache_find(on_duty, &key, &found))
        return first_of(&found, accounts, most);
    if (hold_select_duty(op, duty, area, keeps ? ON_DUTY_MAX : most, &rows) != RC_OK)
        return 0;
    for (; found.n < rows.n; found.n++)
        found.accounts[found.n] = ((const struct colleague *)rows.at)[found.n].account;
    if (keeps)
        cache_keep(on_duty, &key, &found);
    return first_of(&found, accounts, most);
}
