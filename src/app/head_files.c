#include "app/head_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_BYTES = 64 << 10 };

struct reading {
    struct arena             *arena;
    struct arena              scratch;
    const struct sm2_publics *publics;
    struct problems          *problems;
    struct head_files        *files;
    size_t                    room;
};

/* ---- a line ---- */

static void note_bad(struct reading *r, enum bad_head kind, struct str file, size_t line)
{
    struct bad_heads *bad = &r->files->bad[kind];

    if (bad->n++ == 0) {
        bad->file = file;
        bad->line = line;
    }
}

static bool make_room(struct reading *r)
{
    size_t had = r->room;

    if (r->files->n < r->room)
        return true;
    r->room = had ? 2 * had : 1024;
    r->files->heads = arena_grow(r->arena, r->files->heads, had * sizeof *r->files->heads,
                                 r->room * sizeof *r->files->heads);
    return r->files->heads != NULL;
}

/* The signature has been checked and is not needed any more. */
static enum rc keep(struct reading *r, const struct head *head)
{
    if (!make_room(r))
        return RC_TOO_LARGE;
    r->files->heads[r->files->n++] = (struct head){ .county = head->county,
                                                    .seq = head->seq,
                                                    .at_ms = head->at_ms,
                                                    .hash = str_copy(r->arena, head->hash),
                                                    .key = str_copy(r->arena, head->key) };
    return r->arena->over ? RC_TOO_LARGE : RC_OK;
}

static enum rc take_line(struct reading *r, struct str text, struct str file, size_t line)
{
    struct arena_mark mark = arena_mark(&r->scratch);
    struct head       head;
    enum rc           rc = RC_OK;

    if (!head_read(&r->scratch, text, &head)) {
        note_bad(r, BAD_UNREADABLE, file, line);
    } else {
        enum head_trust trust = head_check(&r->scratch, &head, r->publics);
        if (trust == HEAD_TRUE)
            rc = keep(r, &head);
        else
            note_bad(r, trust == HEAD_FORGED ? BAD_FORGED : BAD_KEY, file, line);
    }
    arena_back(&r->scratch, mark);
    return rc;
}

/* ---- a file ---- */

static enum rc cannot_open(struct problems *problems, struct str path)
{
    problem_add(problems, path, "打不开：%s。", strerror(errno));
    return RC_NOT_FOUND;
}

static enum rc read_file(struct reading *r, struct str path)
{
    char   text[2 * HEAD_LINE_MAX];
    char  *z = str_z(r->arena, path);
    FILE  *file = z ? fopen(z, "re") : NULL;
    size_t line = 0;

    if (!file)
        return cannot_open(r->problems, path);
    enum rc rc = RC_OK;
    while (rc == RC_OK && fgets(text, sizeof text, file))
        rc = take_line(r, str_trim(str_of(text)), path, ++line);
    (void)fclose(file);
    return rc;
}

static int only_heads(const struct dirent *entry)
{
    return str_ends(str_of(entry->d_name), STR(".heads"));
}

static enum rc read_folder(struct reading *r, struct str path)
{
    struct dirent **names = NULL;
    char           *z = str_z(r->arena, path);
    int             n = z ? scandir(z, &names, only_heads, alphasort) : -1;
    enum rc         rc = RC_OK;

    if (n < 0)
        return errno == ENOTDIR ? read_file(r, path) : cannot_open(r->problems, path);
    for (int i = 0; i < n; i++) {
        if (rc == RC_OK)
            rc =
                read_file(r, str_fmt(r->arena, "%.*s/%s", STR_ARG(path), names[i]->d_name));
        free(names[i]);
    }
    free(names);
    return rc;
}

/* ---- all ---- */

static int by_place(const void *a, const void *b)
{
    const struct head *one = a, *two = b;

    if (one->county != two->county)
        return one->county < two->county ? -1 : 1;
    return one->seq < two->seq ? -1 : one->seq > two->seq;
}

enum rc head_files_read(struct arena *arena, struct str path,
                        const struct sm2_publics *publics, struct problems *problems,
                        struct head_files *files)
{
    struct reading r = {
        .arena = arena, .publics = publics, .problems = problems, .files = files
    };

    *files = (struct head_files){ 0 };
    arena_init(&r.scratch, KEYS_BYTES);
    enum rc rc = read_folder(&r, path);
    arena_free(&r.scratch);
    if (rc == RC_OK && files->n)
        qsort(files->heads, files->n, sizeof *files->heads, by_place);
    return rc;
}

struct list head_files_of(const struct head_files *files, int64_t county)
{
    size_t from = 0;

    while (from < files->n && files->heads[from].county < county)
        from++;
    size_t to = from;
    while (to < files->n && files->heads[to].county == county)
        to++;
    return (struct list){ files->heads ? files->heads + from : NULL, to - from };
}

enum rc head_keys_read(struct str path, struct problems *problems,
                       struct sm2_publics *publics)
{
    struct arena *arena = problems->arena;
    char         *text = arena_take(arena, KEYS_BYTES);
    char         *z = str_z(arena, path);
    FILE         *file = z ? fopen(z, "re") : NULL;

    *publics = (struct sm2_publics){ 0 };
    if (!file || !text) {
        if (file)
            (void)fclose(file);
        return cannot_open(problems, path);
    }
    struct str rest = str_slice(text, fread(text, 1, KEYS_BYTES, file));
    (void)fclose(file);
    while (publics->n < SIGNER_KEYS_MAX && sm2_pem_read(&rest, &publics->of[publics->n]))
        publics->n++;
    if (publics->n)
        return RC_OK;
    problem_add(problems, path, "里面没有 SM2 公钥（linli journal key 会打印出来）。");
    return RC_REFUSED;
}
