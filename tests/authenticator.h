/* A passkey as a telephone keeps it, and the browser around it: makes a key pair, signs
 * what it is asked.  Each piece can be told wrong, for tests of who is refused. */
#ifndef TESTS_AUTHENTICATOR_H
#define TESTS_AUTHENTICATOR_H
#include <openssl/evp.h>

#include "base/arena.h"
#include "guard/passkey.h"

struct authenticator {
    EVP_PKEY     *pair;
    unsigned char credential[32];
    uint32_t      counter; /* grows with each answer; stays 0 when it does not count */
    bool          counts, absent; /* absent: nobody touched it */
};

void authenticator_open(struct authenticator *it);
void authenticator_close(struct authenticator *it);

/* What the page was asked, as the browser saw it. */
struct page {
    struct str origin, rp, challenge;
    bool       framed; /* inside somebody else's page */
};
struct passkey_told authenticator_makes(struct authenticator *it, struct arena *arena,
                                        const struct page *page);
struct passkey_told authenticator_shows(struct authenticator *it, struct arena *arena,
                                        const struct page *page);
/* As it goes over the wire. */
struct str base64url(struct arena *arena, struct str bytes);

#endif
