#include "app/story/story.h"

#include <stdio.h>
#include <string.h>

#include "app/story/run.h"
#include "app/story/server.h"
#include "base/clock.h"

enum { DONE = 0, FAILED = 1, NOT_UNDERSTOOD = 2 };
enum { STORY_ARENA_BYTES = 64 << 20 };

struct options {
    const char *server, *database, *from;
    bool        check, verbose, understood;
    char      **files;
    int         nfiles;
};

static struct options read_options(int argc, char **argv)
{
    struct options options = { .understood = true };
    int            i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--server") && i + 1 < argc)
            options.server = argv[++i];
        else if (!strcmp(argv[i], "--database") && i + 1 < argc)
            options.database = argv[++i];
        else if (!strcmp(argv[i], "--from") && i + 1 < argc)
            options.from = argv[++i];
        else if (!strcmp(argv[i], "--check"))
            options.check = true;
        else if (!strcmp(argv[i], "--verbose"))
            options.verbose = true;
        else
            options.understood = false;
    }
    options.files = argv + i;
    options.nfiles = argc - i;
    options.understood &=
        options.nfiles > 0 &&
        (options.server != NULL) + (options.database != NULL) + (options.from != NULL) < 2;
    return options;
}

/* ---- reading ---- */

static struct str read_file(struct arena *arena, const char *path)
{
    FILE  *file = fopen(path, "re");
    char  *text = arena_take(arena, STORY_BYTES_MAX + 1);
    size_t n = file && text ? fread(text, 1, STORY_BYTES_MAX + 1, file) : 0;
    bool   whole = file && !ferror(file);

    if (file)
        (void)fclose(file);
    return whole ? str_slice(text, n) : STR_NONE;
}

static bool read_story(struct arena *arena, const char *path, struct story *story)
{
    struct str      text = read_file(arena, path);
    struct problems problems;

    if (!text.at) {
        fprintf(stderr, "%s: 读不了这个文件。\n", path);
        return false;
    }
    problems_init(&problems, arena);
    if (story_parse(arena, str_of(path), text, story, &problems) == RC_OK)
        return true;
    for (const struct problem *p = problems.first; p; p = p->next)
        fprintf(stderr, "%.*s:%lld:%lld: %.*s\n", STR_ARG(p->where), (long long)p->line,
                (long long)p->column, STR_ARG(p->says));
    return false;
}

/* ---- running ---- */

static bool run_step(struct story_world *world, size_t i)
{
    const struct story_step *step = &world->story->steps[i];
    bool one_only = i + 1 < world->story->n && step[1].verb == STEP_ONE_DONE;

    switch (step->verb) {
    case STEP_TIME:
    case STEP_PASS:
        return story_set_time(world, step);
    case STEP_DO:
        return story_do(world, step, one_only);
    case STEP_REFUSED:
        return story_refused(world, step);
    case STEP_PERSON:
    case STEP_MAY:
    case STEP_FACT:
    case STEP_FLAG:
    case STEP_SEEN:
    case STEP_LISTED:
    case STEP_MESSAGE:
    case STEP_ONE_DONE:
    case STEP_TOLD_WHO:
        break;
    }
    return story_expect(world, step);
}

static void tell_miss(const struct story_world *world, int64_t line, struct str text)
{
    printf("✗ %.*s\n", STR_ARG(world->story->title));
    printf("%.*s:%lld: %.*s\n", STR_ARG(world->story->file), (long long)line,
           STR_ARG(text));
    printf("    应当：%.*s\n    实际：%.*s\n", STR_ARG(world->want), STR_ARG(world->got));
}

static bool run_steps(struct story_world *world, bool verbose)
{
    for (size_t i = 0; i < world->story->n; i++) {
        const struct story_step *step = &world->story->steps[i];
        struct arena_mark        mark = arena_mark(&world->scratch);
        int64_t                  from_us = clock_mono_us();
        bool                     true_now = run_step(world, i);
        arena_back(&world->scratch, mark);
        if (!true_now) {
            tell_miss(world, step->line, step->text);
            return false;
        }
        if (verbose)
            printf("  %5lld ms  %.*s\n", (long long)(clock_mono_us() - from_us) / 1000,
                   STR_ARG(step->text));
    }
    return true;
}

static bool run_story(struct arena *arena, const struct story *story, struct str server,
                      const struct options *options)
{
    struct story_http  *http = story_http_open(server);
    struct story_world *world = arena_new(arena, struct story_world);
    int64_t             from_us = clock_mono_us();
    bool                came_true = false;

    if (http && world) {
        if (!story_world_open(world, arena, http, story))
            tell_miss(world, 1, STR("（开始）"));
        else if ((came_true = run_steps(world, options->verbose)))
            printf("✓ %.*s（%zu 句，%.1f 秒）\n", STR_ARG(story->title), story->n,
                   (double)(clock_mono_us() - from_us) / 1e6);
        story_world_close(world);
    }
    story_http_close(&http);
    return came_true;
}

/* On the server that is given, or on one of its own. */
static bool run_file(const char *path, struct str server, const struct story_ground *ground,
                     const struct options *options)
{
    struct arena         arena;
    struct story         story;
    struct story_server *own = NULL;

    arena_init(&arena, STORY_ARENA_BYTES);
    bool good = read_story(&arena, path, &story);
    if (good && options->check)
        printf("%s：%zu 句，写法没有错。\n", path, story.n);
    if (good && !options->check) {
        if (str_empty(server) && (own = story_server_start(ground)))
            server = story_server_url(own);
        good = !str_empty(server) && run_story(&arena, &story, server, options);
        (void)fflush(stdout);
        story_server_stop(&own, !good);
    }
    arena_free(&arena);
    return good;
}

static int run_files(const struct options *options, struct str server,
                     const struct story_ground *ground)
{
    int bad = 0;

    for (int i = 0; i < options->nfiles; i++)
        bad += !run_file(options->files[i], server, ground, options);
    if (bad && !options->check)
        printf("%d 个故事里有 %d 个没有成真。\n", options->nfiles, bad);
    return bad ? FAILED : DONE;
}

static int run_on_ground(const struct options *options)
{
    struct story_ground *ground = options->from ? story_ground_of(options->from)
                                                : story_ground_make(options->database);
    struct story_server *shared = NULL;
    int                  result = FAILED;

    if (ground && !options->database)
        result = run_files(options, STR_NONE, ground);
    else if (ground && (shared = story_server_start(ground)))
        result = run_files(options, story_server_url(shared), ground);
    story_server_stop(&shared, false);
    story_ground_remove(&ground);
    return result;
}

int story_main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);

    if (!options.understood) {
        fprintf(stderr,
                "用法：linli story [--server URL | --database WHERE | --from FOLDER]"
                " [--check] [--verbose] FILE…\n");
        return NOT_UNDERSTOOD;
    }
    if (options.server || options.check)
        return run_files(&options, str_of(options.server), NULL);
    return run_on_ground(&options);
}
