#include "engine/upper/keys.h"

#include <sodium.h>

#include "base/random.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "registry/account.h"

enum rc upper_account(struct op *op, int64_t *account)
{
    struct list ids;

    enum rc rc = accounts_with_role(op, ROLE_UPPER, 2, &ids);
    if (rc != RC_OK)
        return rc;
    if (!ids.n)
        return RC_NOT_FOUND;
    *account = *(const int64_t *)ids.at;
    return RC_OK;
}

static bool is_valid(const struct op *op, const struct upper_key *key)
{
    return !key->until_ms || key->until_ms > op->now_ms;
}

enum rc upper_keys(struct op *op, struct list *keys)
{
    int64_t account;

    *keys = (struct list){ 0 };
    enum rc rc = upper_account(op, &account);
    if (rc == RC_OK)
        rc = upper_key_select(op, account, UPPER_KEYS_MAX, keys);
    struct upper_key *all = keys->at;
    size_t            n = 0;
    for (size_t i = 0; rc == RC_OK && i < keys->n; i++)
        if (is_valid(op, &all[i]))
            all[n++] = all[i];
    keys->n = n;
    return rc;
}

static struct place place_of(int64_t id)
{
    return (struct place){ STR("upper_keys"), STR("secret"), id, 0 };
}

enum rc upper_key_open(struct op *op, int64_t id, struct upper_key *key, struct str *secret)
{
    struct place place = place_of(id);

    enum rc rc = upper_key_find(op, id, key);
    if (rc == RC_OK && !is_valid(op, key))
        rc = RC_NOT_FOUND;
    return rc == RC_OK ? unseal(op, &place, key->secret, secret) : rc;
}

/* The one that was in force ends, a week later. */
static enum rc end_others(struct op *op, int64_t account)
{
    struct list keys;

    enum rc                 rc = upper_key_select(op, account, UPPER_KEYS_MAX, &keys);
    const struct upper_key *all = keys.at;
    for (size_t i = 0; rc == RC_OK && i < keys.n; i++)
        if (!all[i].until_ms)
            rc = upper_key_until(op, all[i].id, op->now_ms + UPPER_OVERLAP_MS);
    return rc;
}

enum rc upper_key_make(struct op *op, struct upper_key *key, struct str *shown)
{
    unsigned char bytes[UPPER_SECRET_BYTES];

    *key = (struct upper_key){ .county = op->county,
                               .id = op_new_id(op),
                               .made_ms = op->now_ms,
                               .made_by = op->actor->account };
    enum rc rc = upper_account(op, &key->account);
    if (rc == RC_NOT_FOUND)
        return fail(
            op, RC_REFUSED, NULL,
            "还没有上级平台的账号。请安全管理员先开一个账号，给它“上级平台”的职责。");
    if (rc == RC_OK)
        rc = end_others(op, key->account);
    if (rc != RC_OK)
        return rc;
    struct place place = place_of(key->id);
    random_bytes(bytes, sizeof bytes);
    rc = seal(op, &place, PART_OF(bytes), &key->secret);
    *shown = str_hex(op->arena, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return rc == RC_OK ? upper_key_insert(op, key) : rc;
}

enum rc upper_key_end(struct op *op, int64_t id)
{
    struct upper_key key;

    enum rc rc = upper_key_find(op, id, &key);
    if (rc == RC_OK && !is_valid(op, &key))
        rc = RC_NOT_FOUND;
    return rc == RC_OK ? upper_key_until(op, id, op->now_ms) : rc;
}
