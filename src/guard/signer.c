#include "guard/signer.h"

/* Opened once, before threads start; afterwards only read. */
static struct signer_provider provider;

void signer_open(const struct signer_provider *opened)
{
    assert(opened->publics.n > 0);
    provider = *opened;
}

void signer_close(void)
{
    if (provider.close)
        provider.close(provider.context);
    provider = (struct signer_provider){ 0 };
}

enum rc signer_sign(struct arena *arena, struct str text, struct str *signature)
{
    assert(provider.sign);
    return provider.sign(provider.context, arena, text, signature);
}

const struct sm2_publics *signer_publics(void)
{
    return &provider.publics;
}

struct str signer_key(struct arena *arena)
{
    assert(provider.publics.n > 0);
    return sm2_name(arena, &provider.publics.of[provider.publics.n - 1]);
}
