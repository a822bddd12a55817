#include "http/open311/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"

enum { READER_BYTES = 32 << 10, NAME_BYTES = 16, FIRST_ROOM = 512 };

/* ------------------------------------------------------------------- files */

static enum rc open_file(struct parts *parts)
{
    unsigned char chance[NAME_BYTES];

    if (parts->nfiles == PHOTOS_PER_CASE_MAX) {
        problem_add(parts->problems, STR("media"), "最多 %d 张照片，请删掉几张。",
                    PHOTOS_PER_CASE_MAX);
        return RC_INVALID;
    }
    random_bytes(chance, sizeof chance);
    struct str hex = str_hex(parts->arena, chance, sizeof chance);
    struct str path =
        str_fmt(parts->arena, "%.*s/%.*s", STR_ARG(parts->spool), STR_ARG(hex));
    char *z = path.at ? str_z(parts->arena, path) : NULL;
    if (!z)
        return RC_NO_MEMORY;
    parts->fd = open(z, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (parts->fd < 0)
        return RC_UNAVAILABLE;
    parts->files[parts->nfiles++].path = path;
    parts->run = sm3_begin();
    parts->bytes = 0;
    return RC_OK;
}

static void end_file(struct parts *parts)
{
    if (parts->fd < 0)
        return;
    (void)close(parts->fd);
    parts->fd = -1;
    sm3_end(&parts->run, parts->files[parts->nfiles - 1].hash);
}

static enum rc write_file(struct parts *parts, const char *piece, size_t len)
{
    parts->bytes += len;
    if (parts->bytes > HTTP_UPLOAD_BYTES_MAX)
        return RC_TOO_LARGE;
    sm3_add(parts->run, str_slice(piece, len));
    while (len) {
        ssize_t wrote = write(parts->fd, piece, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return RC_UNAVAILABLE;
        piece += wrote;
        len -= (size_t)wrote;
    }
    return RC_OK;
}

/* ------------------------------------------------------------------- texts */

static enum rc end_text(struct parts *parts)
{
    struct str name = parts->name;

    parts->name = STR_NONE;
    if (!name.at)
        return RC_OK;
    return form_add(parts->arena, parts->form, name, str_slice(parts->value, parts->len),
                    parts->problems);
}

static enum rc begin_text(struct parts *parts, const char *name)
{
    parts->name = str_copy(parts->arena, str_of(name));
    parts->len = 0;
    parts->room = FIRST_ROOM;
    parts->value = arena_take(parts->arena, parts->room);
    return parts->name.at && parts->value ? RC_OK : RC_TOO_LARGE;
}

static enum rc add_text(struct parts *parts, const char *piece, size_t len)
{
    size_t room = parts->room;

    parts->texts += len;
    if (parts->texts > HTTP_BODY_BYTES_MAX)
        return RC_TOO_LARGE;
    while (room < parts->len + len)
        room *= 2;
    if (room > parts->room) {
        char *grown = arena_grow(parts->arena, parts->value, parts->room, room);
        if (!grown)
            return RC_TOO_LARGE;
        parts->value = grown;
        parts->room = room;
    }
    memcpy(parts->value + parts->len, piece, len);
    parts->len += len;
    return RC_OK;
}

/* ------------------------------------------------------------------ pieces */

/* What was arriving has come to its end; something else begins. */
static enum rc next_part(struct parts *parts, const char *name, bool file)
{
    end_file(parts);
    enum rc rc = end_text(parts);
    if (rc == RC_OK && file && !parts->nfiles)
        rc = parts->may_store(parts->context);
    if (rc != RC_OK)
        return rc;
    return file ? open_file(parts) : begin_text(parts, name);
}

static enum MHD_Result piece_of_part(void *context, enum MHD_ValueKind kind,
                                     const char *name, const char *file, const char *type,
                                     const char *encoding, const char *data,
                                     uint64_t offset, size_t len)
{
    struct parts *parts = context;

    (void)kind, (void)type, (void)encoding;
    if (offset == 0) /* a file without a name is a field that nobody filled */
        parts->rc = next_part(parts, name, file && *file);
    if (parts->rc == RC_OK && len)
        parts->rc =
            parts->fd >= 0 ? write_file(parts, data, len) : add_text(parts, data, len);
    return parts->rc == RC_OK ? MHD_YES : MHD_NO;
}

enum rc parts_begin(struct parts *parts, struct MHD_Connection *connection)
{
    parts->fd = -1;
    parts->reader =
        MHD_create_post_processor(connection, READER_BYTES, piece_of_part, parts);
    if (parts->reader)
        return RC_OK;
    problem_add(parts->problems, STR("Content-Type"),
                "multipart/form-data 里没有 boundary。");
    return RC_INVALID;
}

static enum rc broken(struct parts *parts)
{
    problem_add(parts->problems, STR_NONE, "表单没有传完整，或者格式不对。");
    return RC_INVALID;
}

enum rc parts_take(struct parts *parts, const char *piece, size_t len)
{
    if (MHD_post_process(parts->reader, piece, len) == MHD_YES)
        return RC_OK;
    return parts->rc == RC_OK ? broken(parts) : parts->rc;
}

enum rc parts_end(struct parts *parts)
{
    enum MHD_Result whole = MHD_destroy_post_processor(parts->reader);

    parts->reader = NULL;
    end_file(parts);
    enum rc rc = parts->rc == RC_OK ? end_text(parts) : parts->rc;
    return rc == RC_OK && whole != MHD_YES ? broken(parts) : rc;
}

void parts_drop(struct parts *parts)
{
    if (!parts)
        return;
    if (parts->reader)
        (void)MHD_destroy_post_processor(parts->reader);
    parts->reader = NULL;
    end_file(parts);
    for (size_t i = 0; i < parts->nfiles; i++) {
        char *path = str_z(parts->arena, parts->files[i].path);
        if (path)
            (void)unlink(path);
    }
    parts->nfiles = 0;
}
