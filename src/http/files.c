#include "http/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/log.h"
#include "http/answer.h"

enum { FILES_MAX = 4096, DEPTH_MAX = 8 };

static const struct type {
    struct str  ending;
    const char *type;
    bool        text; /* worth compressing */
} types[] = {
    { STR_INIT(".html"), "text/html; charset=utf-8", true },
    { STR_INIT(".js"), "text/javascript; charset=utf-8", true },
    { STR_INIT(".mjs"), "text/javascript; charset=utf-8", true },
    { STR_INIT(".css"), "text/css; charset=utf-8", true },
    { STR_INIT(".json"), "application/json", true },
    { STR_INIT(".geojson"), "application/geo+json", true },
    { STR_INIT(".webmanifest"), "application/manifest+json", true },
    { STR_INIT(".map"), "application/json", true },
    { STR_INIT(".svg"), "image/svg+xml", true },
    { STR_INIT(".txt"), "text/plain; charset=utf-8", true },
    { STR_INIT(".wasm"), "application/wasm", true },
    { STR_INIT(".ico"), "image/x-icon", true },
    { STR_INIT(".png"), "image/png", false },
    { STR_INIT(".jpg"), "image/jpeg", false },
    { STR_INIT(".webp"), "image/webp", false },
    { STR_INIT(".woff2"), "font/woff2", false },
    { STR_INIT(".mp3"), "audio/mpeg", false },
    { STR_INIT(".ogg"), "audio/ogg", false },
};
static const struct type no_type = { STR_INIT(""), "application/octet-stream", false };

struct file {
    struct str           path;     /* as asked for: "/", "/desk/", "/assets/a.js" */
    char                 etag[20]; /* quoted */
    struct MHD_Response *plain, *same;
    struct MHD_Response *zipped; /* NULL when that is not worth it */
};

struct files {
    struct arena arena;
    bool         secure;
    size_t       n;
    struct file  all[FILES_MAX]; /* by path */
};

/* ---- ready-made answers ---- */

static const struct type *type_of(struct str name)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_ends(name, types[i].ending))
            return &types[i];
    return &no_type;
}

static struct MHD_Response *made(const struct files *files, const struct file *file,
                                 struct str body, const char *type, const char *encoding)
{
    struct MHD_Response *response = answer_lend(body);
    const char          *keep = str_starts(file->path, STR("/assets/"))
                                    ? "public, max-age=31536000, immutable"
                                    : "no-cache";

    bool ok =
        response && answer_dress(response, DRESS_PAGE, files->secure) &&
        MHD_add_response_header(response, "ETag", file->etag) &&
        MHD_add_response_header(response, "Cache-Control", keep) &&
        MHD_add_response_header(response, "Vary", "Accept-Encoding") &&
        (!type || MHD_add_response_header(response, "Content-Type", type)) &&
        (!encoding || MHD_add_response_header(response, "Content-Encoding", encoding));
    if (ok || !response)
        return response;
    MHD_destroy_response(response);
    return NULL;
}

/* Absent when it would not be a tenth smaller. */
static struct str zipped(struct arena *arena, struct str bytes)
{
    z_stream          stream = { 0 };
    struct arena_mark mark = arena_mark(arena);
    size_t            room = bytes.len - bytes.len / 10;
    unsigned char    *to = arena_take(arena, room + 1);

    if (!to || bytes.len < 256 ||
        deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, 0) != Z_OK)
        return STR_NONE;
    stream.next_in = (z_const Bytef *)(uintptr_t)bytes.at;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = to;
    stream.avail_out = (uInt)room;
    bool       whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    struct str text = str_slice((char *)to, stream.total_out);
    (void)deflateEnd(&stream);
    if (whole)
        return text;
    arena_back(arena, mark);
    return STR_NONE;
}

enum rc files_add(struct files *files, struct str path, struct str bytes)
{
    const struct type *type = type_of(path);
    struct file       *file = &files->all[files->n];

    if (files->n == FILES_MAX)
        return RC_TOO_LARGE;
    if (str_ends(path, STR("/index.html")))
        path.len -= STR("index.html").len;
    struct str small = type->text ? zipped(&files->arena, bytes) : STR_NONE;
    file->path = path;
    (void)snprintf(file->etag, sizeof file->etag, "\"%016llx\"",
                   (unsigned long long)str_hash(bytes));
    file->plain = made(files, file, bytes, type->type, NULL);
    file->same = made(files, file, STR_NONE, NULL, NULL);
    if (small.at)
        file->zipped = made(files, file, small, type->type, "gzip");
    files->n++;
    return file->plain && file->same && (file->zipped || !small.at) ? RC_OK : RC_NO_MEMORY;
}

/* ---- reading the folder ---- */

static enum rc add_folder(struct files *files, int at, struct str path, int depth);

static enum rc read_all(struct files *files, int fd, size_t size, struct str *bytes)
{
    char  *to = arena_take(&files->arena, size + 1);
    size_t n = 0;

    while (to && n < size) {
        ssize_t got = read(fd, to + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return RC_UNAVAILABLE;
        n += (size_t)got;
    }
    *bytes = str_slice(to, n);
    return to ? RC_OK : RC_TOO_LARGE;
}

static enum rc add_entry(struct files *files, int folder, const char *name, struct str path,
                         int depth)
{
    struct stat info;
    struct str  bytes;
    int         fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    enum rc     rc = RC_OK;

    if (fd < 0)
        return errno == ELOOP ? RC_OK : RC_UNAVAILABLE; /* links are passed over */
    if (fstat(fd, &info) != 0)
        rc = RC_UNAVAILABLE;
    else if (S_ISDIR(info.st_mode))
        return add_folder(files, fd, str_fmt(&files->arena, "%.*s/", STR_ARG(path)),
                          depth + 1);
    else if (S_ISREG(info.st_mode))
        rc = read_all(files, fd, (size_t)info.st_size, &bytes);
    (void)close(fd);
    return rc == RC_OK && S_ISREG(info.st_mode) ? files_add(files, path, bytes) : rc;
}

/* Takes `at` over. */
static enum rc add_folder(struct files *files, int at, struct str path, int depth)
{
    DIR    *folder = depth > DEPTH_MAX ? NULL : fdopendir(at);
    enum rc rc = folder ? RC_OK : RC_TOO_LARGE;

    if (!folder)
        (void)close(at);
    for (struct dirent *entry; rc == RC_OK && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        struct str name = str_fmt(&files->arena, "%.*s%s", STR_ARG(path), entry->d_name);
        rc = name.at ? add_entry(files, at, entry->d_name, name, depth) : RC_TOO_LARGE;
    }
    if (folder)
        (void)closedir(folder);
    return rc;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

enum rc files_read(struct files *files, struct str folder)
{
    char   *path = str_z(&files->arena, folder);
    int     at = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    enum rc rc = at < 0 ? RC_NOT_FOUND : add_folder(files, at, STR("/"), 0);

    log_event(rc == RC_OK ? LOG_INFO : LOG_ERROR, "http.files", LOG_TEXT("folder", folder),
              LOG_TEXT("rc", rc_word(rc)), LOG_INT("files", (int64_t)files->n),
              LOG_INT("bytes", (int64_t)files->arena.taken));
    return rc;
}

void files_sort(struct files *files)
{
    qsort(files->all, files->n, sizeof files->all[0], by_path);
}

struct files *files_new(bool secure)
{
    struct files *files = calloc(1, sizeof *files);

    if (files) {
        arena_init(&files->arena, HTTP_FILES_BYTES_MAX);
        files->secure = secure;
    }
    return files;
}

void files_free(struct files **files)
{
    struct files *one = *files;

    for (size_t i = 0; one && i < one->n; i++) {
        struct MHD_Response *all[] = { one->all[i].plain, one->all[i].same,
                                       one->all[i].zipped };
        for (size_t j = 0; j < COUNT(all); j++)
            if (all[j])
                MHD_destroy_response(all[j]);
    }
    if (one)
        arena_free(&one->arena);
    free(one);
    *files = NULL;
}

/* ---- finding ---- */

static const struct file *find(const struct files *files, struct str path)
{
    struct file wanted = { .path = path };

    return bsearch(&wanted, files->all, files->n, sizeof wanted, by_path);
}

bool files_folder(const struct files *files, struct str path)
{
    for (size_t i = 0; i < files->n; i++)
        if (files->all[i].path.len == path.len + 1 &&
            str_starts(files->all[i].path, path) && str_ends(files->all[i].path, STR("/")))
            return true;
    return false;
}

enum rc files_find(const struct files *files, struct str path, struct str etags,
                   struct str encodings, struct file_answer *answer)
{
    if (str_ends(path, STR("/index.html")))
        path.len -= STR("index.html").len;
    const struct file *file = find(files, path);
    if (!file)
        return RC_NOT_FOUND;
    if (etags.at && etag_listed(etags, str_of(file->etag)))
        *answer = (struct file_answer){ file->same, 304 };
    else if (file->zipped && encoding_taken(encodings, STR("gzip")))
        *answer = (struct file_answer){ file->zipped, 200 };
    else
        *answer = (struct file_answer){ file->plain, 200 };
    return RC_OK;
}
