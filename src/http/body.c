/* Receiving: a JSON body into the arena, a file onto the disk, neither beyond its
 * limit.  A file is nobody's but ours (0600, a name from the kernel's chance) and is
 * removed when the request is over; an act that keeps it has moved or copied it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "http/open311/parts.h"
#include "http/request.h"

enum { FIRST_ROOM = 4096, NAME_BYTES = 16 };

bool body_expected(const struct request *r)
{
    return r->heads.transfer.at ||
           (r->heads.content_length.at && !str_eq(r->heads.content_length, STR("0")));
}

static enum rc open_file(struct request *r)
{
    unsigned char name[NAME_BYTES];

    random_bytes(name, sizeof name);
    struct str hex = str_hex(&r->arena, name, sizeof name);
    r->body.path =
        str_fmt(&r->arena, "%.*s/%.*s", STR_ARG(r->serving->spool), STR_ARG(hex));
    char *path = str_z(&r->arena, r->body.path);
    if (!path)
        return RC_NO_MEMORY;
    r->body.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (r->body.fd >= 0) {
        r->body.hash = sm3_begin();
        return RC_OK;
    }
    log_event(LOG_ERROR, "http.spool", LOG_TEXT("request", r->id), LOG_INT("errno", errno));
    r->body.path = STR_NONE;
    return RC_UNAVAILABLE;
}

enum rc body_begin(struct request *r)
{
    int64_t length = 0;

    if (r->parts)
        return parts_begin(r->parts, r->connection);
    if (r->route.act->streams)
        return open_file(r);
    if (!body_expected(r))
        return RC_OK;
    if (!r->heads.content_length.at || !str_int64(r->heads.content_length, &length))
        length = FIRST_ROOM; /* chunked: grows */
    r->body.room = (size_t)length;
    r->body.at = arena_take(&r->arena, r->body.room);
    return r->body.at ? RC_OK : RC_NO_MEMORY;
}

static enum rc write_file(struct request *r, const char *piece, size_t len)
{
    sm3_add(r->body.hash, str_slice(piece, len));
    while (len) {
        ssize_t wrote = write(r->body.fd, piece, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            log_event(LOG_ERROR, "http.spool", LOG_TEXT("request", r->id),
                      LOG_INT("errno", errno));
            return RC_UNAVAILABLE;
        }
        piece += wrote;
        len -= (size_t)wrote;
    }
    return RC_OK;
}

static enum rc append(struct request *r, const char *piece, size_t len)
{
    struct body *body = &r->body;
    size_t       room = body->room;

    while (room < body->len + len)
        room = room ? room * 2 : FIRST_ROOM;
    if (room > body->room) {
        char *grown = arena_grow(&r->arena, body->at, body->room, room);
        if (!grown)
            return RC_TOO_LARGE;
        body->at = grown;
        body->room = room;
    }
    memcpy(body->at + body->len, piece, len);
    return RC_OK;
}

enum rc body_take(struct request *r, const char *piece, size_t len)
{
    if (len > r->body.most - r->body.len)
        return RC_TOO_LARGE;
    enum rc rc = r->parts          ? parts_take(r->parts, piece, len)
                 : r->body.fd >= 0 ? write_file(r, piece, len)
                                   : append(r, piece, len);
    if (rc == RC_OK)
        r->body.len += len;
    return rc;
}

void body_end(struct request *r)
{
    if (r->body.fd >= 0) {
        (void)close(r->body.fd);
        sm3_end(&r->body.hash, r->body.hashed);
    }
    r->body.fd = -1;
}

void body_drop(struct request *r)
{
    body_end(r);
    parts_drop(r->parts);
    char *path = r->body.path.at ? str_z(&r->spare, r->body.path) : NULL;
    if (path)
        (void)unlink(path);
}

/* Ours by its name: other things may lie there. */
static bool is_received(const char *name)
{
    size_t digits = strspn(name, "0123456789abcdef");

    return digits == (size_t)2 * NAME_BYTES && name[digits] == '\0';
}

void body_sweep(struct str spool)
{
    char path[PATH_MAX];
    int  len = snprintf(path, sizeof path, "%.*s", STR_ARG(spool));
    DIR *folder = len > 0 && (size_t)len < sizeof path ? opendir(path) : NULL;
    int  n = 0;

    if (!folder)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        n += is_received(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) == 0;
    (void)closedir(folder);
    if (n)
        log_event(LOG_INFO, "http.spool-swept", LOG_INT("files", n));
}
