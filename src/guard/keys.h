/* Keys.  Each person has one key for life, 32 random bytes, and the county has
 * one of its own (person 0).  It stands in the table person_keys wrapped by a
 * master key, which a provider keeps outside the database: a directory of files
 * here, a hardware module elsewhere.  From it the two keys that seal the person's
 * values are derived.  Destroying the person's key makes every sealed value of
 * theirs unreadable, wherever a copy lies; the row stays as a mark, so that no
 * second key is ever made and a restored backup can be brought up to date.
 *
 * A master key changes without touching what is sealed: the newest wraps what is
 * new, keys_rewrap() wraps the old again, and then its file may go.
 *
 * One provider per process, opened before threads start.  Keys in use are kept
 * in locked memory and shared by all threads. */
#ifndef GUARD_KEYS_H
#define GUARD_KEYS_H
#include "base/op.h"
#include "guard/sm.h"

enum { KEY_BYTES = 32 };

/* Where master keys live.  `bound` ties a wrapped key to its person: unwrapping
 * it for another one must fail with RC_INTERNAL. */
struct key_provider {
    struct str name;
    void      *context;
    enum rc (*wrap)(void *context, struct arena *arena, struct str bound,
                    const unsigned char key[KEY_BYTES], int64_t *master,
                    struct str *wrapped);
    enum rc (*unwrap)(void *context, int64_t master, struct str bound, struct str wrapped,
                      unsigned char key[KEY_BYTES]);
    /* The key of all blind indexes (blind.h): never in a database or backup. */
    enum rc (*index_key)(void *context, unsigned char key[KEY_BYTES]);
    int64_t (*newest)(void *context); /* the master that wrap() uses */
    void (*close)(void *context);
};

/* Takes the provider over.  RC_UNAVAILABLE when memory cannot be locked or OpenSSL
 * lacks SM3 and SM4, or what the provider said. */
MUST_USE enum rc keys_open(const struct key_provider *provider);
void             keys_close(void);
struct str       keys_provider_name(void);

/* What seals and opens the values of one person.  On the stack of whoever uses
 * it, and wiped there by keys_wipe(). */
struct person_key {
    int64_t       county, person;
    unsigned char enc[SM4_KEY_BYTES], mac[SM3_BYTES];
};

enum keys_make { KEYS_FIND, KEYS_MAKE };

/* The key of a person of op's county.  RC_GONE: destroyed.  RC_NOT_FOUND: never
 * made, and KEYS_FIND.  Making writes, so it belongs into a writing act. */
MUST_USE enum rc keys_person(struct op *op, int64_t person, enum keys_make make,
                             struct person_key *key);
void             keys_wipe(struct person_key *key);

/* For good, also when the person never had a key.  Never person 0. */
MUST_USE enum rc keys_destroy(struct op *op, int64_t person);

/* Wraps again, under the newest master, up to `most` keys of persons after
 * *person; *person becomes the last one looked at, *done their number: 0 at the
 * end.  One chunk of a job. */
enum { KEYS_REWRAP_MAX = 1000 };
MUST_USE enum rc keys_rewrap(struct op *op, int64_t *person, int64_t *done);

/* Keys of what is no person's (the vault of files): wrapped by the newest master,
 * tied to `bound`, and kept by whoever asked. */
MUST_USE enum rc keys_wrap(struct arena *arena, struct str bound,
                           const unsigned char key[KEY_BYTES], int64_t *master,
                           struct str *wrapped);
MUST_USE enum rc keys_unwrap(int64_t master, struct str bound, struct str wrapped,
                             unsigned char key[KEY_BYTES]);
int64_t          keys_newest_master(void);

/* A key derived from the index key, for blind.h. */
void keys_for_index(struct str label, unsigned char key[SM3_BYTES]);

#endif
