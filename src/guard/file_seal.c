#include "guard/file_seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

/* A file always has a last chunk, an empty file an empty one. */
static bool seal_chunks(struct run *run, int file, struct str bytes)
{
    for (;;) {
        bool       last = bytes.len <= CHUNK;
        struct str chunk = str_slice(bytes.at, last ? bytes.len : CHUNK);
        if (!seal_chunk(run, file, chunk, last))
            return false;
        if (last)
            return true;
        bytes = str_skip(bytes, CHUNK);
    }
}

enum rc file_seal(int file, const unsigned char key[FILE_KEY_BYTES], struct str bytes)
{
    char head[HEAD];

    memcpy(head, magic, MAGIC);
    random_bytes(head + MAGIC, SALT);
    struct run *run = run_new(key, head + MAGIC);
    if (!run)
        return RC_NO_MEMORY;
    bool written = write_whole(file, head, HEAD) && seal_chunks(run, file, bytes);
    run_free(run);
    return written ? RC_OK : RC_UNAVAILABLE;
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

/* Where what was opened goes: memory, or a file. */
struct sink {
    char *at; /* NULL: the file */
    int   file;
};

static bool sink_take(struct sink *sink, const unsigned char *bytes, size_t len)
{
    if (!sink->at)
        return write_whole(sink->file, bytes, len);
    memcpy(sink->at, bytes, len);
    sink->at += len;
    return true;
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

static enum rc open_chunks(struct run *run, int file, size_t len, struct sink *sink)
{
    for (;;) {
        bool   last = len <= CHUNK;
        size_t chunk = last ? len : CHUNK;
        if (!open_chunk(run, file, chunk, last))
            return RC_CONFLICT;
        if (!sink_take(sink, run->buffer, chunk))
            return RC_UNAVAILABLE;
        if (last)
            return RC_OK;
        len -= CHUNK;
    }
}

static enum rc unseal(int file, const unsigned char key[FILE_KEY_BYTES], size_t len,
                      struct sink sink)
{
    char head[HEAD];

    if (!read_whole(file, head, HEAD) || memcmp(head, magic, MAGIC) != 0)
        return RC_CONFLICT;
    struct run *run = run_new(key, head + MAGIC);
    if (!run)
        return RC_NO_MEMORY;
    enum rc rc = open_chunks(run, file, len, &sink);
    run_free(run);
    return rc;
}

enum rc file_unseal(int file, const unsigned char key[FILE_KEY_BYTES], char *into,
                    size_t len)
{
    return unseal(file, key, len, (struct sink){ .at = into, .file = -1 });
}

enum rc file_unseal_to(int file, const unsigned char key[FILE_KEY_BYTES], int into,
                       size_t len)
{
    return unseal(file, key, len, (struct sink){ .file = into });
}
