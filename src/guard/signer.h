/* Who signs the journal's heads.  A provider outside the database holds the private key:
 * a directory of files here (beside the master keys, never in a backup of the database),
 * a card or a signing server elsewhere.  Its public keys are for everybody, above all for
 * those who check on us: `linli journal key` prints them.
 *
 * When a new key is made, the public half of the old one stays, so that what it signed
 * can still be checked.  One provider per process, opened before threads start. */
#ifndef GUARD_SIGNER_H
#define GUARD_SIGNER_H
#include "base/rc.h"
#include "guard/sm2.h"

enum { SIGNER_KEYS_MAX = 32 };

struct sm2_publics {
    struct sm2_public of[SIGNER_KEYS_MAX]; /* oldest first; the last one signs */
    size_t            n;
};

struct signer_provider {
    struct str name;
    void      *context;
    enum rc (*sign)(void *context, struct arena *arena, struct str text,
                    struct str *signature);
    struct sm2_publics publics;
    void (*close)(void *context);
};

/* Takes the provider over. */
void signer_open(const struct signer_provider *provider);
void signer_close(void); /* also when none was opened */

MUST_USE enum rc signer_sign(struct arena *arena, struct str text, struct str *signature);
const struct sm2_publics *signer_publics(void);
/* sm2_name() of the key that signs. */
struct str signer_key(struct arena *arena);

#endif
