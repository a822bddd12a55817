#include "app/cli_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/scene_files.h"
#include "app/scene_template.h"
#include "base/json.h"
#include "scene/check.h"
#include "scene/scene_print.h"

enum { DONE = 0, MISTAKES = 1, NOT_UNDERSTOOD = 2 };
/* A scene, its lists and what is printed of them. */
enum { CLI_BYTES = 32 << 20 };

struct options {
    const char *file;   /* the first word that is no option */
    const char *more;   /* the second */
    const char *value;  /* of the option that the subcommand takes */
    bool        second; /* an option without a value was given */
    bool        understood;
};

/* `--with VALUE`, `--alone`, and at most two other words. */
static struct options read_options(int argc, char **argv, const char *with,
                                   const char *alone)
{
    struct options options = { .understood = true };

    for (int i = 1; i < argc; i++) {
        if (with && strcmp(argv[i], with) == 0 && i + 1 < argc)
            options.value = argv[++i];
        else if (alone && strcmp(argv[i], alone) == 0)
            options.second = true;
        else if (argv[i][0] == '-')
            options.understood = false;
        else if (!options.file)
            options.file = argv[i];
        else if (!options.more)
            options.more = argv[i];
        else
            options.understood = false;
    }
    options.understood &= options.file != NULL;
    return options;
}

static int usage(const char *how)
{
    fprintf(stderr, "用法：linli scene %s\n", how);
    return NOT_UNDERSTOOD;
}

static int print(struct str text)
{
    return fwrite(text.at, 1, text.len, stdout) == text.len ? DONE : MISTAKES;
}

void cli_tell(const struct problems *problems)
{
    for (const struct problem *problem = problems->first; problem;
         problem = problem->next) {
        fprintf(stderr, "%.*s:", STR_ARG(problem->where));
        if (problem->line)
            fprintf(stderr, "%lld:%lld:", (long long)problem->line,
                    (long long)problem->column);
        fprintf(stderr, " %.*s\n", STR_ARG(problem->says));
    }
    if (problems->n > PROBLEMS_MAX)
        fprintf(stderr, "还有 %zu 处没有列出。\n", problems->n - PROBLEMS_MAX);
}

struct scene *cli_scene_read(struct arena *arena, const char *path)
{
    struct problems   problems;
    struct scene_pack pack;
    struct scene     *scene = NULL;

    problems_init(&problems, arena);
    enum rc rc = scene_files_read(arena, str_of(path), &pack, &problems);
    if (rc == RC_OK)
        rc = scene_read(&pack, &problems, &scene);
    if (rc == RC_OK)
        scene_files_stories(arena, scene, &problems);
    if (rc == RC_TOO_LARGE && !problems.n)
        problem_add(&problems, str_of(path), "场景太大了，请分成几个。");
    cli_tell(&problems);
    if (problems.n)
        scene_free(&scene);
    return scene;
}

/* ---- check ---- */

static int compare(struct arena *arena, const char *old_path, const struct scene *scene)
{
    struct scene *old = cli_scene_read(arena, old_path);

    if (!old)
        return MISTAKES;
    struct str changes = scene_changes(arena, old, scene);
    printf("\n%s\n", changes.len ? "和原来的版本相比（在办的事仍按原来的版本办完）："
                                 : "和原来的版本相比，在办的事都能接着办。");
    scene_free(&old);
    return print(changes);
}

int cli_scene_check(int argc, char **argv)
{
    struct options options = read_options(argc, argv, "--was", NULL);
    struct arena   arena;
    int            result = MISTAKES;

    if (!options.understood || options.more)
        return usage("check FILE [--was OLD]");
    arena_init(&arena, CLI_BYTES);
    struct scene *scene = cli_scene_read(&arena, options.file);
    if (scene) {
        result = print(scene_table(&arena, scene));
        if (options.value)
            result = compare(&arena, options.value, scene);
    }
    scene_free(&scene);
    arena_free(&arena);
    return result;
}

/* ---- show ---- */

static struct str shown(struct arena *arena, const struct scene *scene,
                        struct options options)
{
    struct json_out out;

    if (!options.second)
        return scene_print(arena, scene,
                           options.value && strcmp(options.value, "zh") == 0 ? RULE_ZH
                                                                             : RULE_EN);
    json_out_init(&out, arena);
    scene_json(&out, scene);
    return str_fmt(arena, "%.*s\n", STR_ARG(json_done(&out)));
}

int cli_scene_show(int argc, char **argv)
{
    struct options options = read_options(argc, argv, "--lang", "--json");
    struct arena   arena;
    int            result = MISTAKES;

    if (!options.understood || options.more ||
        (options.value && strcmp(options.value, "zh") && strcmp(options.value, "en")))
        return usage("show FILE [--lang zh|en] [--json]");
    arena_init(&arena, CLI_BYTES);
    struct scene *scene = cli_scene_read(&arena, options.file);
    if (scene)
        result = print(shown(&arena, scene, options));
    scene_free(&scene);
    arena_free(&arena);
    return result;
}

/* ---- new ---- */

static struct str filled_in(struct arena *arena, struct str text, struct str mark,
                            struct str with)
{
    struct str parts[64];
    size_t     n = 0, from = 0;

    for (size_t i = 0; i + mark.len <= text.len && n + 2 < COUNT(parts);) {
        if (!str_starts(str_skip(text, i), mark)) {
            i++;
            continue;
        }
        parts[n++] = str_slice(text.at + from, i - from);
        parts[n++] = with;
        from = i += mark.len;
    }
    parts[n++] = str_skip(text, from);
    return str_join(arena, parts, n, STR(""));
}

static bool is_folder_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9' && i) && !(c == '-' && i))
            return false;
    }
    return name.len > 0 && name.len <= 32;
}

/* That folder and those above it. */
static bool make_folders(char *folder)
{
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool made = mkdir(folder, 0755) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return mkdir(folder, 0755) == 0 || errno == EEXIST;
}

static int write_new(char *folder, const char *path, struct str text)
{
    int fd = -1;

    if (!folder || !path || !make_folders(folder) ||
        (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) < 0) {
        fprintf(stderr, "%s: %s\n", path ? path : "",
                errno == EEXIST ? "已经有这个场景了。" : "写不了这个文件。");
        return MISTAKES;
    }
    bool written = write(fd, text.at, text.len) == (ssize_t)text.len;
    if (close(fd) || !written) {
        fprintf(stderr, "%s: 没有写完，请看磁盘是否满了。\n", path);
        return MISTAKES;
    }
    printf("%s\n", path);
    return DONE;
}

int cli_scene_new(int argc, char **argv)
{
    struct options options = read_options(argc, argv, "--in", NULL);
    struct str     name = str_of(options.file), title = str_of(options.more);
    struct arena   arena;

    if (!options.understood)
        return usage("new NAME [TITLE] [--in scenes]");
    if (!is_folder_name(name)) {
        fprintf(stderr, "%s: 名称用小写字母、数字和“-”，以字母开头，最多 32 个。\n",
                options.file);
        return MISTAKES;
    }
    if (str_empty(title))
        title = STR("新场景");
    arena_init(&arena, CLI_BYTES);
    struct str folder =
        str_fmt(&arena, "%s/%.*s", options.value ? options.value : "scenes", STR_ARG(name));
    struct str path = str_fmt(&arena, "%.*s/scene.yaml", STR_ARG(folder));
    struct str text = filled_in(&arena, str_of(scene_template), STR("@name@"), name);
    int        result = write_new(str_z(&arena, folder), str_z(&arena, path),
                                  filled_in(&arena, text, STR("@title@"), title));
    arena_free(&arena);
    return result;
}

/* ---- load ---- */

int cli_scene_load(int argc, char **argv, cli_ask *ask, void *context)
{
    struct options options = read_options(argc, argv, "--area", NULL);
    struct arena   arena;
    int            result = MISTAKES;

    if (!options.understood || options.more)
        return usage("load FILE [--area 420602]");
    arena_init(&arena, CLI_BYTES);
    struct scene *scene = cli_scene_read(&arena, options.file);
    if (scene)
        result = ask(context, STR("scene.load"),
                     scene_files_body(&arena, scene, str_of(options.value)));
    scene_free(&scene);
    arena_free(&arena);
    return result;
}
