#include "guard/file_seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "base/random.h"
#include "guard/sm.h"

enum { CHUNK = 64 << 10, TAG = 16, NONCE = 12, SALT = 32, MAGIC = 8, HEAD = MAGIC + SALT };

static const char magic[MAGIC] = { 'l', 'i', 'n', 'l', 'i', ' ', '1', '\n' };

/* One file being sealed or opened. */
struct run {
    EVP_CIPHER_CTX *cipher;
    unsigned char   key[FILE_KEY_BYTES];
    uint32_t        chunk; /* the next one's number */
    unsigned char   buffer[CHUNK + TAG];
};

static void must(int answer)
{
    assert(answer == 1); /* OpenSSL without AES-GCM or memory: nothing can go on */
}

static struct run *run_new(const unsigned char key[FILE_KEY_BYTES], const char salt[SALT])
{
    struct run *run = calloc(1, sizeof *run);

    if (!run)
        return NULL;
    run->cipher = EVP_CIPHER_CTX_new();
    must(run->cipher != NULL);
    sm3_hkdf(str_slice((const char *)key, FILE_KEY_BYTES), str_slice(salt, SALT),
             STR("linli file"), run->key, sizeof run->key);
    return run;
}

static void run_free(struct run *run)
{
    EVP_CIPHER_CTX_free(run->cipher);
    sodium_memzero(run, sizeof *run);
    free(run);
}

/* Seven zeros, the chunk's number, and whether it is the last. */
static void start_chunk(struct run *run, bool last, int sealing)
{
    unsigned char nonce[NONCE] = { 0 };

    for (size_t i = 0; i < 4; i++)
        nonce[7 + i] = (unsigned char)(run->chunk >> (24 - 8 * i));
    nonce[11] = last;
    run->chunk++;
    must(EVP_CipherInit_ex(run->cipher, EVP_aes_256_gcm(), NULL, run->key, nonce, sealing));
}

/* Whole or not at all; partial transfers and signals are gone on with. */
static bool write_whole(int file, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len) {
        ssize_t wrote = write(file, at, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

static bool read_whole(int file, void *bytes, size_t len)
{
    char *at = bytes;

    while (len) {
        ssize_t got = read(file, at, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

/* ---- sealing ---- */

static bool seal_chunk(struct run *run, int file, struct str chunk, bool last)
{
    int n = 0, rest = 0;

    start_chunk(run, last, 1);
    must(EVP_CipherUpdate(run->cipher, run->buffer, &n, (const unsigned char *)chunk.at,
                          (int)chunk.len));
    must(EVP_CipherFinal_ex(run->cipher, run->buffer + n, &rest));
    assert((size_t)n == chunk.len && rest == 0);
    must(EVP_CIPHER_CTX_ctrl(run->cipher, EVP_CTRL_GCM_GET_TAG, TAG, run->buffer + n));
    return write_whole(file, run->buffer, chunk.len + TAG);
}

/* What is not yet a full chunk waits: only the end knows which one is the last. */
struct sealing {
    struct run   *run;
    int           file;
    size_t        waiting;
    unsigned char chunk[CHUNK];
};

void sealing_drop(struct sealing **sealing)
{
    if (!*sealing)
        return;
    if ((*sealing)->run)
        run_free((*sealing)->run);
    sodium_memzero(*sealing, sizeof **sealing);
    free(*sealing);
    *sealing = NULL;
}

enum rc sealing_begin(int file, const unsigned char key[FILE_KEY_BYTES],
                      struct sealing **sealing)
{
    struct sealing *made = calloc(1, sizeof *made);
    char            head[HEAD];

    *sealing = made;
    if (!made)
        return RC_NO_MEMORY;
    memcpy(head, magic, MAGIC);
    random_bytes(head + MAGIC, SALT);
    made->file = file;
    made->run = run_new(key, head + MAGIC);
    enum rc rc = !made->run                      ? RC_NO_MEMORY
                 : write_whole(file, head, HEAD) ? RC_OK
                                                 : RC_UNAVAILABLE;
    if (rc != RC_OK)
        sealing_drop(sealing);
    return rc;
}

static bool seal_waiting(struct sealing *s, bool last)
{
    struct str chunk = str_slice((const char *)s->chunk, s->waiting);

    s->waiting = 0;
    return seal_chunk(s->run, s->file, chunk, last);
}

enum rc sealing_add(struct sealing *s, struct str bytes)
{
    while (bytes.len) {
        if (s->waiting == CHUNK && !seal_waiting(s, false))
            return RC_UNAVAILABLE;
        size_t room = CHUNK - s->waiting, n = bytes.len < room ? bytes.len : room;
        memcpy(s->chunk + s->waiting, bytes.at, n);
        s->waiting += n;
        bytes = str_skip(bytes, n);
    }
    return RC_OK;
}

/* A file always has a last chunk, an empty file an empty one. */
enum rc sealing_end(struct sealing **sealing)
{
    bool written = seal_waiting(*sealing, true);

    sealing_drop(sealing);
    return written ? RC_OK : RC_UNAVAILABLE;
}

enum rc file_seal(int file, const unsigned char key[FILE_KEY_BYTES], struct str bytes)
{
    struct sealing *sealing;

    enum rc rc = sealing_begin(file, key, &sealing);
    if (rc == RC_OK)
        rc = sealing_add(sealing, bytes);
    if (rc == RC_OK)
        return sealing_end(&sealing);
    sealing_drop(&sealing);
    return rc;
}

/* ---- opening ---- */

bool file_sealed_holds(int64_t size, size_t *bytes)
{
    if (size < HEAD + TAG)
        return false;
    size_t sealed = (size_t)size - HEAD,
           chunks = (sealed + CHUNK + TAG - 1) / (CHUNK + TAG);
    *bytes = sealed - chunks * TAG;
    /* A last chunk shorter than its tag, or an empty one behind others. */
    size_t last = sealed - (chunks - 1) * (CHUNK + TAG);
    return last > TAG || (last == TAG && chunks == 1);
}

/* Reads one chunk and opens it where it stands. */
static bool open_chunk(struct run *run, int file, size_t len, bool last)
{
    int n = 0, rest = 0;

    if (!read_whole(file, run->buffer, len + TAG))
        return false;
    start_chunk(run, last, 0);
    must(EVP_CIPHER_CTX_ctrl(run->cipher, EVP_CTRL_GCM_SET_TAG, TAG, run->buffer + len));
    must(EVP_CipherUpdate(run->cipher, run->buffer, &n, run->buffer, (int)len));
    return EVP_CipherFinal_ex(run->cipher, run->buffer + n, &rest) == 1;
}

struct opening {
    struct run *run;
    int         file;
    size_t      left;       /* that no chunk was read of */
    size_t      at, opened; /* of run->buffer: what was given out, what is there */
};

void opening_end(struct opening **opening)
{
    if (!*opening)
        return;
    if ((*opening)->run)
        run_free((*opening)->run);
    free(*opening);
    *opening = NULL;
}

static enum rc next_chunk(struct opening *o);

enum rc opening_begin(int file, int64_t size, const unsigned char key[FILE_KEY_BYTES],
                      struct opening **opening)
{
    struct opening *made = calloc(1, sizeof *made);
    char            head[HEAD];
    enum rc         rc = made ? RC_OK : RC_NO_MEMORY;

    *opening = made;
    if (rc == RC_OK && (!file_sealed_holds(size, &made->left) ||
                        !read_whole(file, head, HEAD) || memcmp(head, magic, MAGIC) != 0))
        rc = RC_CONFLICT;
    if (rc == RC_OK && !(made->run = run_new(key, head + MAGIC)))
        rc = RC_NO_MEMORY;
    if (rc == RC_OK) {
        made->file = file;
        rc = next_chunk(made); /* an empty one proves itself, too */
    }
    if (rc != RC_OK)
        opening_end(opening);
    return rc;
}

size_t opening_left(const struct opening *opening)
{
    return opening->left + opening->opened - opening->at;
}

static enum rc next_chunk(struct opening *o)
{
    size_t chunk = o->left <= CHUNK ? o->left : CHUNK;

    if (!open_chunk(o->run, o->file, chunk, o->left <= CHUNK))
        return RC_CONFLICT;
    o->left -= chunk;
    o->at = 0;
    o->opened = chunk;
    return RC_OK;
}

/* What is opened and not yet given out, at most so much; the next chunk is opened when
 * there is none. */
static enum rc next_bytes(struct opening *o, size_t most, struct str *bytes)
{
    enum rc rc = o->at < o->opened ? RC_OK : o->left ? next_chunk(o) : RC_CONFLICT;

    if (rc != RC_OK)
        return rc;
    size_t there = o->opened - o->at;
    *bytes = str_slice((const char *)o->run->buffer + o->at, there < most ? there : most);
    o->at += bytes->len;
    return RC_OK;
}

enum rc opening_read(struct opening *opening, char *into, size_t len)
{
    struct str bytes;

    while (len) {
        enum rc rc = next_bytes(opening, len, &bytes);
        if (rc != RC_OK)
            return rc;
        memcpy(into, bytes.at, bytes.len);
        into += bytes.len;
        len -= bytes.len;
    }
    return RC_OK;
}

/* ---- whole files ---- */

static enum rc begin_whole(int file, const unsigned char key[FILE_KEY_BYTES], size_t len,
                           struct opening **opening)
{
    struct stat stat;

    *opening = NULL;
    if (fstat(file, &stat) != 0)
        return RC_UNAVAILABLE;
    enum rc rc = opening_begin(file, stat.st_size, key, opening);
    return rc == RC_OK && opening_left(*opening) != len ? RC_CONFLICT : rc;
}

enum rc file_unseal(int file, const unsigned char key[FILE_KEY_BYTES], char *into,
                    size_t len)
{
    struct opening *opening;

    enum rc rc = begin_whole(file, key, len, &opening);
    if (rc == RC_OK)
        rc = opening_read(opening, into, len);
    opening_end(&opening);
    return rc;
}

enum rc file_unseal_to(int file, const unsigned char key[FILE_KEY_BYTES], int into,
                       size_t len)
{
    struct opening *opening;
    struct str      bytes;

    enum rc rc = begin_whole(file, key, len, &opening);
    while (rc == RC_OK && opening_left(opening)) {
        rc = next_bytes(opening, CHUNK, &bytes);
        if (rc == RC_OK && !write_whole(into, bytes.at, bytes.len))
            rc = RC_UNAVAILABLE;
    }
    opening_end(&opening);
    return rc;
}
