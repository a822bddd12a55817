#include "registry/called.h"

#include <string.h>

#include "db/memo.h"
#include "guard/cache.h"
#include "registry/account_store.h"
#include "registry/org.h"

enum { SETS = 64, KEEP_MS = 5000, WORD_BYTES = 96 };

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

struct on_duty {
    size_t  n;
    int64_t accounts[ON_DUTY_MAX];
};

static struct cache *names;

enum rc called_open(void)
{
    static const struct cache_plan plan = {
        .sets = SETS,
        .key_size = sizeof(struct key),
        .value_size = sizeof(struct kept),
        .keep_ms = KEEP_MS,
    };
    names = cache_new(&plan);
    return names ? RC_OK : RC_NO_MEMORY;
}

void called_close(void)
{
    cache_free(&names);
}

void called_changed(struct op *op)
{
    if (names)
        cache_empty(names);
    memo_drop(op->db);
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

struct str called_org(struct op *op, int64_t id)
{
    struct key    key = { "o" };
    struct called called = { STR_INIT(""), STR_INIT("") };
    struct org    org;

    memcpy(key.text + 1, &id, sizeof id);
    if (!id || recall(op, &key, &called))
        return called.name;
    if (org_find(op, id, &org) == RC_OK) {
        called.name = org.name;
        remember(op, &key, &called);
    }
    return called.name;
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

static enum rc read_on_duty(struct op *op, struct str duty, struct str area, size_t most,
                            struct on_duty *found)
{
    struct list rows;

    *found = (struct on_duty){ 0 };
    enum rc rc = hold_select_duty(op, duty, area, most, &rows);
    for (; rc == RC_OK && found->n < rows.n; found->n++)
        found->accounts[found->n] = ((const struct colleague *)rows.at)[found->n].account;
    return rc;
}

size_t called_on_duty(struct op *op, struct str duty, struct str area, int64_t *accounts,
                      size_t most)
{
    struct str key = str_fmt(op->arena, "duty %lld %.*s %.*s", (long long)op->county,
                             STR_ARG(duty), STR_ARG(area));
    const struct on_duty *found = memo_find(op->db, key);
    struct arena         *keeps = memo_arena(op->db);
    struct on_duty        read, *kept;

    assert(most <= ON_DUTY_MAX);
    if (!found) {
        if (read_on_duty(op, duty, area, keeps ? ON_DUTY_MAX : most, &read) != RC_OK)
            return 0;
        found = &read;
        kept = keeps ? arena_new(keeps, struct on_duty) : NULL;
        if (kept)
            *kept = read;
        memo_add(op->db, key, kept);
    }
    size_t n = found->n < most ? found->n : most;
    memcpy(accounts, found->accounts, n * sizeof *accounts);
    return n;
}
