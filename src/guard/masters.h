/* Master keys in locked memory, out of reach between uses, and the provider that
 * wraps with them: SM4-CTR and HMAC-SM3 over what the key is bound to.  For
 * providers that hold the bytes themselves (keys_folder.c); a hardware module
 * implements struct key_provider without this. */
#ifndef GUARD_MASTERS_H
#define GUARD_MASTERS_H
#include "guard/keys.h"

enum { MASTERS_MAX = 32 };

struct masters;

MUST_USE struct masters *masters_new(void); /* NULL: memory cannot be locked */
void                     masters_free(struct masters **masters);
void                     masters_put(struct masters *masters, int64_t number,
                                     const unsigned char key[KEY_BYTES]);
void masters_put_index(struct masters *masters, const unsigned char key[KEY_BYTES]);

/* Takes the masters over: its close() frees them. */
struct key_provider masters_provider(struct masters *masters, struct str name);

#endif
