#include "app/scene_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

struct files {
    struct arena     *arena;
    struct problems  *problems;
    struct scene_list lists[SCENE_LISTS_MAX];
    size_t            n;
};

/* ---- one file ---- */

static struct str read_all(struct arena *arena, int fd, size_t size)
{
    char  *at = arena_take(arena, size + 1); /* so that an empty file is not absent */
    size_t got = 0;

    while (at && got < size) {
        ssize_t n = read(fd, at + got, size - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    return at ? str_slice(at, got) : STR_NONE;
}

enum rc scene_files_text(struct arena *arena, struct str path, struct str *text,
                         struct problems *problems)
{
    const char *name = str_z(arena, path);
    int         fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    struct stat about;
    enum rc     rc = RC_OK;

    if (fd < 0 || fstat(fd, &about) || !S_ISREG(about.st_mode)) {
        problem_add(problems, path, "读不了这个文件。");
        rc = RC_NOT_FOUND;
    } else if (about.st_size > SCENE_BYTES_MAX) {
        problem_add(problems, path, "文件太大了，最多 %d KB。", SCENE_BYTES_MAX >> 10);
        rc = RC_TOO_LARGE;
    } else {
        *text = read_all(arena, fd, (size_t)about.st_size);
    }
    if (fd >= 0)
        close(fd);
    return rc;
}

/* ---- the lists ---- */

static bool known(const struct files *files, struct str name)
{
    for (size_t i = 0; i < files->n; i++)
        if (str_eq(files->lists[i].name, name))
            return true;
    return false;
}

static enum rc add_list(struct files *files, struct str folder, struct str file)
{
    static const struct str ending = STR_INIT(".yaml");
    struct scene_list       list;

    if (!str_ends(file, ending) || str_starts(file, STR(".")))
        return RC_OK;
    list.name = str_fmt(files->arena, "lists/%.*s", (int)(file.len - ending.len), file.at);
    list.file = str_fmt(files->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file));
    if (known(files, list.name))
        return RC_OK;
    if (files->n == SCENE_LISTS_MAX) {
        problem_add(files->problems, folder, "列表文件太多了，最多 %d 个。",
                    SCENE_LISTS_MAX);
        return RC_TOO_LARGE;
    }
    enum rc rc = scene_files_text(files->arena, list.file, &list.text, files->problems);
    if (rc == RC_OK)
        files->lists[files->n++] = list;
    return rc;
}

/* A folder that is not there has no lists. */
static enum rc add_lists(struct files *files, struct str folder)
{
    const char     *name = str_z(files->arena, folder);
    struct dirent **entries = NULL;
    int             n = name ? scandir(name, &entries, NULL, alphasort) : -1;
    enum rc         rc = RC_OK;

    for (int i = 0; i < n; i++) {
        if (rc == RC_OK)
            rc = add_list(files, folder, str_of(entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static struct str folder_of(struct str path)
{
    while (path.len && path.at[path.len - 1] != '/')
        path.len--;
    return path.len ? str_slice(path.at, path.len - 1) : STR(".");
}

static bool is_folder(struct arena *arena, struct str path)
{
    const char *name = str_z(arena, path);
    struct stat about;

    return name && stat(name, &about) == 0 && S_ISDIR(about.st_mode);
}

enum rc scene_files_read(struct arena *arena, struct str path, struct scene_pack *pack,
                         struct problems *problems)
{
    struct files *files = arena_new(arena, struct files);

    if (!files)
        return RC_TOO_LARGE;
    files->arena = arena;
    files->problems = problems;
    if (is_folder(arena, path))
        path = str_fmt(arena, "%.*s/scene.yaml", STR_ARG(path));
    struct str folder = folder_of(path);
    struct str own = str_fmt(arena, "%.*s/lists", STR_ARG(folder));
    struct str shared = str_fmt(arena, "%.*s/../lists", STR_ARG(folder));

    *pack = (struct scene_pack){ .file = path, .lists = files->lists };
    enum rc rc = scene_files_text(arena, path, &pack->text, problems);
    if (rc == RC_OK)
        rc = add_lists(files, own);
    if (rc == RC_OK)
        rc = add_lists(files, shared);
    pack->nlists = files->n;
    return rc;
}

static int may_be_scene(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && entry->d_name[0] != '_';
}

enum rc scene_files_all(struct arena *arena, struct str folder, struct list *paths)
{
    const char     *name = str_z(arena, folder);
    struct dirent **entries = NULL;
    int             n = name ? scandir(name, &entries, may_be_scene, alphasort) : -1;
    struct str     *all = n >= 0 ? arena_many(arena, (size_t)n + 1, struct str) : NULL;

    *paths = (struct list){ .at = all };
    for (int i = 0; i < n; i++) {
        struct str path =
            str_fmt(arena, "%.*s/%s/scene.yaml", STR_ARG(folder), entries[i]->d_name);
        if (all && path.at && access(str_z(arena, path), F_OK) == 0)
            all[paths->n++] = path;
        free(entries[i]);
    }
    free(entries);
    return n < 0 ? RC_NOT_FOUND : all ? RC_OK : RC_NO_MEMORY;
}

void scene_files_stories(struct arena *arena, const struct scene *scene,
                         struct problems *problems)
{
    struct str folder = folder_of(scene->file);

    for (size_t i = 0; i < scene->nstories; i++) {
        struct str path =
            str_fmt(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(scene->stories[i]));
        const char *name = str_z(arena, path);

        if (name && access(name, R_OK))
            problem_add(problems, path, "没有这个故事文件，或者读不了。");
    }
}

/* ---- to be sent ---- */

static bool uses(const struct scene *scene, struct str list)
{
    if (str_eq(list, STR("lists/duties")))
        return true;
    for (size_t k = 0; k < scene->nkinds; k++)
        for (size_t f = 0; f < scene->kinds[k].nfields; f++)
            if (str_eq(scene->kinds[k].fields[f].from, list))
                return true;
    return false;
}

static void put_lists(struct json_out *out, const struct scene *scene)
{
    json_open(out, '[');
    for (size_t i = 0; i < scene->nlists; i++) {
        if (!uses(scene, scene->lists[i].name))
            continue;
        json_open(out, '{');
        json_key(out, STR("name"));
        json_text(out, scene->lists[i].name);
        json_key(out, STR("yaml"));
        json_text(out, scene->lists[i].text);
        json_close(out, '}');
    }
    json_close(out, ']');
}

struct str scene_files_body(struct arena *arena, const struct scene *scene, struct str area)
{
    struct json_out out;

    json_out_init(&out, arena);
    json_open(&out, '{');
    json_key(&out, STR("yaml"));
    json_text(&out, scene->text);
    json_key(&out, STR("lists"));
    put_lists(&out, scene);
    if (!str_empty(area)) {
        json_key(&out, STR("area"));
        json_text(&out, area);
    }
    json_close(&out, '}');
    return json_done(&out);
}
