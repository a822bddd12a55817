#include "guard/signer_folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "guard/key_files.h"
#include "guard/secret.h"

enum { NAME_MAX_BYTES = 32, PEM_MAX = 1024 };
static_assert((int)SM2_PRIVATE_BYTES == (int)KEY_BYTES, "one kind of key file");

struct pen {
    pthread_mutex_t lock; /* showing and hiding is for the whole process */
    struct secret  *secret;
};

/* ---- signing ---- */

static void pen_free(void *context)
{
    struct pen *pen = context;

    secret_free(&pen->secret);
    pthread_mutex_destroy(&pen->lock);
    free(pen);
}

static struct pen *pen_new(const unsigned char key[KEY_BYTES])
{
    struct pen *pen = calloc(1, sizeof *pen);

    if (!pen)
        return NULL;
    pthread_mutex_init(&pen->lock, NULL);
    pen->secret = secret_new(KEY_BYTES);
    if (!pen->secret) {
        pen_free(pen);
        return NULL;
    }
    memcpy(secret_at(pen->secret), key, KEY_BYTES);
    secret_hide(pen->secret);
    return pen;
}

static enum rc pen_sign(void *context, struct arena *arena, struct str text,
                        struct str *signature)
{
    struct pen *pen = context;

    pthread_mutex_lock(&pen->lock);
    secret_show(pen->secret);
    *signature = sm2_sign(arena, secret_at(pen->secret), text);
    secret_hide(pen->secret);
    pthread_mutex_unlock(&pen->lock);
    return signature->at ? RC_OK : RC_INTERNAL;
}

/* ---- files ---- */

static void name_of(char name[NAME_MAX_BYTES], int number, const char *end)
{
    (void)snprintf(name, NAME_MAX_BYTES, "heads-%d.%s", number, end);
}

/* What the folder says of the key of that number. */
static bool there(int folder, int number, const char *end)
{
    char name[NAME_MAX_BYTES];

    name_of(name, number, end);
    return key_file_there(folder, name);
}

static int newest_in(int folder)
{
    int number = SIGNER_KEYS_MAX;

    while (number > 0 && !there(folder, number, "key"))
        number--;
    return number;
}

static enum rc read_pem(struct problems *problems, int folder, int number,
                        struct sm2_public *public_key)
{
    char name[NAME_MAX_BYTES], text[PEM_MAX];

    name_of(name, number, "pem");
    int     file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, sizeof text) : -1;
    if (file >= 0)
        close(file);
    struct str rest = str_slice(text, got > 0 ? (size_t)got : 0);
    return sm2_pem_read(&rest, public_key)
               ? RC_OK
               : key_file_refuse(problems, name, "不是 SM2 公钥");
}

static enum rc write_pair(struct problems *problems, int folder, int number)
{
    char              name[NAME_MAX_BYTES];
    unsigned char     key[KEY_BYTES];
    struct sm2_public public_key;

    sm2_make(key);
    bool       made = sm2_public_of(key, &public_key);
    struct str pem = made ? sm2_pem(problems->arena, &public_key) : STR_NONE;
    name_of(name, number, "pem");
    enum rc rc = pem.at ? key_file_put(problems, folder, name, 0644, pem) : RC_INTERNAL;
    name_of(name, number, "key");
    if (rc == RC_OK)
        rc = key_file_make(problems, folder, name, key);
    sodium_memzero(key, sizeof key);
    return rc;
}

/* After all that were ever made: a number names one key for good. */
enum rc signer_folder_make(struct problems *problems, struct str path)
{
    int folder = key_folder_open(problems, path), number = SIGNER_KEYS_MAX;

    if (folder < 0)
        return RC_REFUSED;
    while (number > 0 && !there(folder, number, "pem") && !there(folder, number, "key"))
        number--;
    enum rc rc = number == SIGNER_KEYS_MAX
                     ? key_file_refuse(problems, "heads", "太多了，最多 32 个")
                     : write_pair(problems, folder, number + 1);
    close(folder);
    return rc;
}

/* ---- opening ---- */

/* The public halves below the one that signs. */
static enum rc read_older(struct problems *problems, int folder, int newest,
                          struct sm2_publics *publics)
{
    enum rc rc = RC_OK;

    for (int number = 1; number < newest; number++) {
        if (!there(folder, number, "pem"))
            continue;
        enum rc one = read_pem(problems, folder, number, &publics->of[publics->n]);
        publics->n += one == RC_OK;
        rc = one == RC_OK ? rc : one;
    }
    return rc;
}

/* A public key that is not the private one's would make honest heads look forged. */
static enum rc check_pair(struct problems *problems, int folder, int number,
                          const struct sm2_public *public_key)
{
    struct sm2_public shown;
    char              name[NAME_MAX_BYTES];

    if (!there(folder, number, "pem"))
        return RC_OK;
    enum rc rc = read_pem(problems, folder, number, &shown);
    name_of(name, number, "pem");
    return rc != RC_OK || memcmp(&shown, public_key, sizeof shown) == 0
               ? rc
               : key_file_refuse(problems, name, "不是同号私钥的公钥");
}

static enum rc read_newest(struct problems *problems, int folder, int number,
                           struct signer_provider *provider)
{
    char               name[NAME_MAX_BYTES];
    unsigned char      key[KEY_BYTES];
    struct sm2_public *public_key = &provider->publics.of[provider->publics.n++];

    name_of(name, number, "key");
    enum rc rc = key_file_read(problems, folder, name, key);
    if (rc == RC_OK && !sm2_public_of(key, public_key))
        rc = key_file_refuse(problems, name, "不是 SM2 私钥");
    if (rc == RC_OK)
        rc = check_pair(problems, folder, number, public_key);
    if (rc == RC_OK) {
        provider->context = pen_new(key);
        rc = provider->context ? RC_OK : RC_UNAVAILABLE;
    }
    sodium_memzero(key, sizeof key);
    return rc;
}

enum rc signer_folder_open(struct problems *problems, struct str path,
                           struct signer_provider *provider)
{
    int folder = key_folder_open(problems, path);

    *provider = (struct signer_provider){ .name = STR("folder"),
                                          .sign = pen_sign,
                                          .close = pen_free };
    if (folder < 0)
        return RC_REFUSED;
    int     newest = newest_in(folder);
    enum rc rc =
        newest ? read_older(problems, folder, newest, &provider->publics) : RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = read_newest(problems, folder, newest, provider);
    close(folder);
    return rc;
}

enum rc signer_memory_open(struct signer_provider *provider)
{
    unsigned char key[KEY_BYTES];

    sm2_make(key);
    *provider = (struct signer_provider){ .name = STR("memory"),
                                          .context = pen_new(key),
                                          .sign = pen_sign,
                                          .publics.n = 1,
                                          .close = pen_free };
    bool made = provider->context && sm2_public_of(key, &provider->publics.of[0]);
    sodium_memzero(key, sizeof key);
    return made ? RC_OK : RC_UNAVAILABLE;
}
