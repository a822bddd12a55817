#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/progress.h"
#include "base/json.h"

enum { SEARCH_BYTES = 16 << 20, PERMILLE = 1000 };

struct rebuilding {
    const struct config *config;
    struct caller       *caller;
    struct arena        *arena;
    struct progress      progress;
    size_t               before; /* thousandths of counties that are done */
    int64_t              cases;  /* of all counties */
};

struct chunk {
    bool    resumed, over;
    int64_t cases, permille;
};

static bool yes(struct arena *arena, struct str answer, const char *name)
{
    return str_eq(json_pick(arena, answer, name), STR("true"));
}

static int ask_chunk(struct rebuilding *r, int64_t county, struct chunk *chunk)
{
    struct str answer, body = str_fmt(r->arena, "{\"county\":%lld}", (long long)county);

    int code = caller_ask(r->caller, r->arena, STR("case.remake-words"), body, &answer);
    if (code)
        return code;
    *chunk = (struct chunk){ .resumed = yes(r->arena, answer, "resumed"),
                             .over = yes(r->arena, answer, "over") };
    bool read = str_int64(json_pick_text(r->arena, answer, "cases"), &chunk->cases) &&
                str_int64(json_pick_text(r->arena, answer, "permille"), &chunk->permille);
    return read ? 0 : 1;
}

/* Each chunk is an act of its own, which also notes how far it came. */
static int rebuild_county(struct rebuilding *r, int64_t county)
{
    struct chunk chunk = { 0 };
    int          code = 0;

    for (bool first = true; code == 0 && !chunk.over; first = false) {
        struct arena_mark mark = arena_mark(r->arena);
        code = ask_chunk(r, county, &chunk);
        if (code == 0 && first && chunk.resumed)
            fputs(r->config->chinese ? "接着上次停下的地方做。\n"
                                     : "going on where it was broken off\n",
                  stderr);
        progress_at(&r->progress, r->before + (size_t)chunk.permille);
        arena_back(r->arena, mark);
    }
    r->before += PERMILLE;
    r->cases += chunk.cases;
    return code;
}

static int rebuild(const struct config *config, struct arena *arena)
{
    struct problems   problems;
    struct list       counties = { 0 };
    struct rebuilding r = { .config = config, .arena = arena };

    problems_init(&problems, arena);
    enum rc rc = ask_counties(config, arena, &problems, &counties);
    if (rc != RC_OK) {
        ask_tell(&problems, rc);
        return 1;
    }
    r.caller = caller_open(config);
    int code = r.caller ? 0 : 1;
    progress_begin(&r.progress, config->chinese ? "重做检索词" : "words of cases",
                   counties.n * PERMILLE);
    for (size_t i = 0; code == 0 && i < counties.n; i++)
        code = rebuild_county(&r, ((const int64_t *)counties.at)[i]);
    if (code == 0)
        progress_end(&r.progress);
    caller_close(&r.caller);
    if (code == 0)
        printf(config->chinese ? "%lld 件的检索词都重做了。\n"
                               : "the words of %lld cases are made anew\n",
               (long long)r.cases);
    return code;
}

int command_search(struct config *config, int argc, char **argv)
{
    struct arena arena;

    if (argc != 2 || strcmp(argv[1], "rebuild") != 0) {
        fputs(config->chinese ? "用法：linli search rebuild\n"
                              : "usage: linli search rebuild\n",
              stderr);
        return 2;
    }
    arena_init(&arena, SEARCH_BYTES);
    int code = rebuild(config, &arena);
    arena_free(&arena);
    return code;
}
