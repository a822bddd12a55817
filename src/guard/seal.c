#include "guard/seal.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/random.h"

enum { VERSION = 1, AFTER_VERSION = 1, AFTER_IV = AFTER_VERSION + SM4_IV_BYTES };

/* Numbers and lengths of the place in one fixed shape, so that no two places
 * give the same bytes. */
struct frame {
    unsigned char bytes[4 * 8 + 8];
};

static void put_number(unsigned char into[8], uint64_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        into[i] = (unsigned char)number;
}

static struct frame frame_of(const struct person_key *key, const struct place *place)
{
    struct frame frame;

    put_number(frame.bytes, (uint64_t)key->county);
    put_number(frame.bytes + 8, (uint64_t)key->person);
    put_number(frame.bytes + 16, (uint64_t)place->row);
    put_number(frame.bytes + 24, place->table.len);
    put_number(frame.bytes + 32, place->column.len);
    return frame;
}

static void mac_of(const struct person_key *key, const struct place *place,
                   struct str covered, unsigned char mac[SM3_BYTES])
{
    struct frame frame = frame_of(key, place);

    sm3_hmac(PART_OF(key->mac),
             PARTS(PART_OF(frame.bytes), place->table, place->column, covered), mac);
}

struct str seal_with(struct arena *arena, const struct person_key *key,
                     const struct place *place, struct str plain)
{
    unsigned char *at = plain.at ? arena_take(arena, plain.len + SEAL_OVERHEAD) : NULL;

    if (!at)
        return STR_NONE;
    struct str covered = str_slice((const char *)at, AFTER_IV + plain.len);
    at[0] = VERSION;
    random_bytes(at + AFTER_VERSION, SM4_IV_BYTES);
    sm4_ctr(key->enc, at + AFTER_VERSION, plain, at + AFTER_IV);
    mac_of(key, place, covered, at + covered.len);
    return str_slice((const char *)at, covered.len + SM3_BYTES);
}

struct str unseal_with(struct arena *arena, const struct person_key *key,
                       const struct place *place, struct str sealed)
{
    const unsigned char *at = (const unsigned char *)sealed.at;
    unsigned char        mac[SM3_BYTES];

    if (sealed.len < SEAL_OVERHEAD || at[0] != VERSION)
        return STR_NONE;
    struct str covered = str_slice(sealed.at, sealed.len - SM3_BYTES);
    mac_of(key, place, covered, mac);
    if (sodium_memcmp(mac, at + covered.len, SM3_BYTES) != 0)
        return STR_NONE;
    struct str     ciphertext = str_skip(covered, AFTER_IV);
    unsigned char *plain = arena_take(arena, ciphertext.len + 1);
    if (!plain)
        return STR_NONE;
    sm4_ctr(key->enc, at + AFTER_VERSION, ciphertext, plain);
    return str_slice((const char *)plain, ciphertext.len);
}

enum rc seal(struct op *op, const struct place *place, struct str plain, struct str *sealed)
{
    struct person_key key;

    *sealed = STR_NONE;
    if (!plain.at)
        return RC_OK;
    enum rc rc = keys_person(op, place->person, KEYS_MAKE, &key);
    if (rc == RC_OK) {
        *sealed = seal_with(op->arena, &key, place, plain);
        rc = sealed->at ? RC_OK : RC_TOO_LARGE;
    }
    keys_wipe(&key);
    return rc;
}

static enum rc broken(const struct op *op, const struct place *place)
{
    if (op->arena->over)
        return RC_TOO_LARGE;
    log_event(LOG_ERROR, "seal.broken", LOG_TEXT("table", place->table),
              LOG_TEXT("column", place->column), LOG_INT("row", place->row),
              LOG_INT("county", op->county));
    return RC_INTERNAL;
}

enum rc unseal(struct op *op, const struct place *place, struct str sealed,
               struct str *plain)
{
    struct person_key key;

    *plain = STR_NONE;
    if (!sealed.at)
        return RC_OK;
    enum rc rc = keys_person(op, place->person, KEYS_FIND, &key);
    if (rc == RC_NOT_FOUND) /* a key row that is no longer there is as good as destroyed */
        rc = RC_GONE;
    if (rc == RC_OK) {
        *plain = unseal_with(op->arena, &key, place, sealed);
        rc = plain->at ? RC_OK : broken(op, place);
    }
    keys_wipe(&key);
    return rc;
}
