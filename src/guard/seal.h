/* Sealed values: ID numbers, telephones, health, positions, journal payloads.
 * Encrypted and authenticated with the key of the person they are about (SM4-CTR,
 * then HMAC-SM3), and bound to the very place where they stand, so that a value
 * copied into another row, column or person's record does not open:
 *
 *     version 1 | iv 16 | ciphertext | mac 32 over place, version, iv, ciphertext
 *
 * A person has one key for life, so the person is the key's id; which master
 * wraps it changes without touching what is sealed (keys.h). */
#ifndef GUARD_SEAL_H
#define GUARD_SEAL_H
#include "guard/keys.h"

enum { SEAL_OVERHEAD = 1 + SM4_IV_BYTES + SM3_BYTES };

/* Where a sealed value stands. */
struct place {
    struct str table, column;
    int64_t    row;
    int64_t    person; /* whose key; 0: the county's */
};
#define PLACE(table_, column_, row_, person_)                                              \
    (&(const struct place){ .table = STR(table_),                                          \
                            .column = STR(column_),                                        \
                            .row = (row_),                                                 \
                            .person = (person_) })

/* In a writing act: makes the person's key when there is none.  An absent text
 * gives an absent one.  RC_GONE: the person's key was destroyed. */
MUST_USE enum rc seal(struct op *op, const struct place *place, struct str plain,
                      struct str *sealed);
/* RC_GONE: the key is destroyed, nobody can read it any more.  RC_INTERNAL: the
 * value is not what was sealed here; logged. */
MUST_USE enum rc unseal(struct op *op, const struct place *place, struct str sealed,
                        struct str *plain);

/* The same with a key in hand, for many values of one person; place->person is
 * not looked at.  Absent when the arena is full, or (unseal_with) when the value
 * is not what was sealed here. */
struct str seal_with(struct arena *arena, const struct person_key *key,
                     const struct place *place, struct str plain);
struct str unseal_with(struct arena *arena, const struct person_key *key,
                       const struct place *place, struct str sealed);

#endif
