#include "guard/totp.h"

#include <pthread.h>
#include <stdlib.h>

#include <liboath/oath.h>
#include <sodium.h>

#include "base/random.h"

enum { STEPS_ASIDE = 1 };

static void start(void)
{
    (void)oath_init(); /* no other of its calls is let near before; it cannot fail twice */
}

void totp_secret(unsigned char secret[TOTP_SECRET_BYTES])
{
    random_bytes(secret, TOTP_SECRET_BYTES);
}

struct str totp_text(struct arena *arena, struct str secret)
{
    char  *made = NULL;
    size_t n = 0;

    if (oath_base32_encode(secret.at, secret.len, &made, &n) != OATH_OK)
        return STR_NONE;
    struct str text = str_copy(arena, str_slice(made, n));
    sodium_memzero(made, n);
    free(made);
    return text;
}

/* What may stand in a URI's path and query without a word. */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

static struct str escaped(struct arena *arena, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    char             *into = arena_take(arena, 3 * text.len + 1);
    size_t            n = 0;

    for (size_t i = 0; into && i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain(text.at[i])) {
            into[n++] = text.at[i];
        } else {
            into[n++] = '%';
            into[n++] = digits[c >> 4];
            into[n++] = digits[c & 15];
        }
    }
    return into ? str_slice(into, n) : STR_NONE;
}

struct str totp_uri(struct arena *arena, struct str secret, struct str issuer,
                    struct str account)
{
    struct str key = totp_text(arena, secret), of = escaped(arena, issuer),
               who = escaped(arena, account);

    return str_fmt(arena, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s", STR_ARG(of),
                   STR_ARG(who), STR_ARG(key), STR_ARG(of));
}

static bool is_code_of(struct str secret, struct str code, int64_t step)
{
    char made[TOTP_DIGITS + 1];

    return oath_hotp_generate(secret.at, secret.len, (uint64_t)step, TOTP_DIGITS, false,
                              OATH_HOTP_DYNAMIC_TRUNCATION, made) == OATH_OK &&
           sodium_memcmp(made, code.at, TOTP_DIGITS) == 0;
}

int64_t totp_step(struct str secret, struct str code, int64_t now_ms, int64_t last)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    int64_t               now = now_ms / TOTP_STEP_MS, found = 0;

    pthread_once(&started, start);
    if (code.len != TOTP_DIGITS)
        return 0;
    for (int64_t step = now - STEPS_ASIDE; step <= now + STEPS_ASIDE; step++)
        if (step > last && is_code_of(secret, code, step) && !found)
            found = step;
    return found;
}
