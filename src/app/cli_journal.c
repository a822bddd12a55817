#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/house.h"
#include "app/report.h"
#include "base/clock.h"
#include "guard/signer_folder.h"
#include "registry/area.h"

enum { CLI_BYTES = 64 << 20, HEADS_BYTES = 1 << 30, HEADS_PAGE = 200 };

/* Exit codes of `verify` beside those of all commands. */
enum { WHOLE = 0, NOT_WHOLE = 1, NOT_UNDERSTOOD = 2, HEADS_NOT_TRUE = 3 };

/* ------------------------------------------------------------- verifying */

struct verifying {
    const struct config *config;
    struct house        *house;
    struct arena         arena; /* of the heads */
    struct problems      problems;
    struct str           county, against, key;
    struct sm2_publics   publics;
    struct head_files    files;
};

static void start_op(struct house *house, struct arena *arena, struct op *op)
{
    arena_init(arena, CLI_BYTES);
    op_init(op, arena, clock_now_ms());
    op->db = house->db;
}

static struct str name_of(struct op *op, int64_t county)
{
    struct str code;

    return county && county_code(op, county, &code) == RC_OK ? area_name(op, code)
                                                             : STR("本机");
}

/* True: nothing is wrong.  A county without a line and without a head is not worth a
 * word. */
static bool verify_county(struct verifying *v, int64_t county, bool *any)
{
    struct arena   arena;
    struct op      op;
    struct verdict verdict;
    struct list    heads = head_files_of(&v->files, county);

    start_op(v->house, &arena, &op);
    op.county = county;
    enum rc rc = journal_inspect(&op, county, heads.at, heads.n, &verdict);
    if (rc != RC_OK) {
        ask_tell(&op.problems, rc);
    } else if (verdict.lines || verdict.fault) {
        struct report report = { .chinese = v->config->chinese,
                                 .against = v->against.at,
                                 .county = name_of(&op, county),
                                 .now_ms = op.now_ms };
        report_verdict(&report, &arena, &verdict);
        *any = true;
    }
    arena_free(&arena);
    return rc == RC_OK && !verdict.fault;
}

/* All that have lines or signed heads, or the one of that code. */
static enum rc counties_asked(struct verifying *v, struct op *op, bool *asked)
{
    struct list found = { 0 };
    int64_t     one = 0;

    if (v->county.at) {
        enum rc rc = county_of_area(op, v->county, &one);
        if (rc == RC_NOT_FOUND)
            rc = fail(op, rc, NULL, "没有编码为 %.*s 的县区。", STR_ARG(v->county));
        asked[one] = rc == RC_OK;
        return rc;
    }
    enum rc        rc = journal_counties(op, &found);
    const int64_t *numbers = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        asked[numbers[i]] = true;
    for (size_t i = 0; i < v->files.n; i++)
        asked[v->files.heads[i].county] = true;
    return rc;
}

static int verify_counties(struct verifying *v)
{
    struct arena arena;
    struct op    op;
    bool         asked[COUNTY_MAX + 1] = { false }, any = false, whole = true;

    start_op(v->house, &arena, &op);
    enum rc rc = counties_asked(v, &op, asked);
    if (rc != RC_OK)
        ask_tell(&op.problems, rc);
    for (int64_t county = 0; rc == RC_OK && county <= COUNTY_MAX; county++)
        if (asked[county])
            whole &= verify_county(v, county, &any);
    if (rc == RC_OK && !any)
        puts(v->config->chinese ? "日志链是空的。" : "the journal is empty.");
    arena_free(&arena);
    return rc == RC_OK && whole ? WHOLE : NOT_WHOLE;
}

/* Whoever can write the tables can perhaps write the key folder, too. */
static enum rc keys_asked(struct verifying *v)
{
    if (v->key.at)
        return head_keys_read(v->key, &v->problems, &v->publics);
    fputs(v->config->chinese
              ? "用的是本机密钥目录里的公钥；审计的人应当用自己另存的公钥：--key 文件。\n"
              : "the public keys are this machine's own; whoever audits it gives theirs: "
                "--key FILE\n",
          stderr);
    v->publics = *signer_publics();
    return RC_OK;
}

static int verify_against(struct verifying *v)
{
    enum rc rc = v->against.at ? keys_asked(v) : RC_OK;

    if (rc == RC_OK && v->against.at)
        rc = head_files_read(&v->arena, v->against, &v->publics, &v->problems, &v->files);
    if (rc != RC_OK) {
        ask_tell(&v->problems, rc);
        return NOT_UNDERSTOOD;
    }
    bool believed = report_bad_heads(&v->files, v->config->chinese);
    int  code = verify_counties(v);
    return code == WHOLE && !believed ? HEADS_NOT_TRUE : code;
}

static int verify(struct config *config, int argc, char **argv)
{
    struct verifying v = { .config = config,
                           .county = option(argc, argv, "--county"),
                           .against = option(argc, argv, "--against"),
                           .key = option(argc, argv, "--key") };

    arena_init(&v.arena, HEADS_BYTES);
    problems_init(&v.problems, &v.arena);
    enum rc rc = house_open_to_read(config, &v.problems, &v.house);
    if (rc != RC_OK)
        ask_tell(&v.problems, rc);
    int code = rc == RC_OK ? verify_against(&v) : NOT_WHOLE;
    house_close(&v.house);
    arena_free(&v.arena);
    return code;
}

/* ------------------------------------------------------------ handing out */

static enum rc print_county(struct op *op, int64_t county, int64_t since_ms)
{
    struct list found = { .n = HEADS_PAGE };
    int64_t     after = 0;
    enum rc     rc = since_ms ? heads_since(op, county, since_ms, &after) : RC_OK;

    while (rc == RC_OK && found.n == HEADS_PAGE) {
        struct arena_mark mark = arena_mark(op->arena);
        rc = heads_after(op, county, after, HEADS_PAGE, &found);
        const struct head *heads = found.at;
        for (size_t i = 0; rc == RC_OK && i < found.n; i++) {
            printf("%.*s\n", STR_ARG(head_line(op->arena, &heads[i])));
            after = heads[i].seq;
        }
        arena_back(op->arena, mark);
    }
    return rc;
}

/* In the form of the files: fit for `verify --against`. */
static int print_asked(struct verifying *v, int64_t since_ms)
{
    struct arena arena;
    struct op    op;
    bool         asked[COUNTY_MAX + 1] = { false };

    start_op(v->house, &arena, &op);
    enum rc rc = counties_asked(v, &op, asked);
    for (int64_t county = 0; rc == RC_OK && county <= COUNTY_MAX; county++)
        if (asked[county])
            rc = print_county(&op, county, since_ms);
    if (rc != RC_OK)
        ask_tell(&op.problems, rc);
    arena_free(&arena);
    return rc == RC_OK ? 0 : 1;
}

static int print_heads(struct config *config, int argc, char **argv)
{
    struct verifying v = { .config = config, .county = option(argc, argv, "--county") };
    struct str       since = option(argc, argv, "--since");
    int64_t          since_ms = 0;

    if (since.at && !clock_parse(since, &since_ms)) {
        fputs(config->chinese ? "时间要这样写：--since 2026-11-01T00:00+08:00\n"
                              : "a time is written so: --since 2026-11-01T00:00+08:00\n",
              stderr);
        return NOT_UNDERSTOOD;
    }
    arena_init(&v.arena, CLI_BYTES);
    problems_init(&v.problems, &v.arena);
    enum rc rc = house_open_to_read(config, &v.problems, &v.house);
    if (rc != RC_OK)
        ask_tell(&v.problems, rc);
    int code = rc == RC_OK ? print_asked(&v, since_ms) : 1;
    house_close(&v.house);
    arena_free(&v.arena);
    return code;
}

int journal_print_keys(const struct config *config)
{
    struct arena           arena;
    struct problems        problems;
    struct signer_provider signer;

    arena_init(&arena, CLI_BYTES);
    problems_init(&problems, &arena);
    enum rc rc = signer_folder_open(&problems, config->keys, &signer);
    if (rc != RC_OK)
        ask_tell(&problems, rc);
    for (size_t i = 0; rc == RC_OK && i < signer.publics.n; i++) {
        const struct sm2_public *key = &signer.publics.of[i];
        printf(config->chinese ? "链头公钥 %.*s\n%.*s" : "public key of heads %.*s\n%.*s",
               STR_ARG(sm2_name(&arena, key)), STR_ARG(sm2_pem(&arena, key)));
    }
    if (rc == RC_OK)
        signer.close(signer.context);
    arena_free(&arena);
    return rc == RC_OK ? 0 : 1;
}

static int print_keys(struct config *config, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return journal_print_keys(config);
}

int command_journal(struct config *config, int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(struct config *config, int argc, char **argv);
    } verbs[] = { { "verify", verify }, { "heads", print_heads }, { "key", print_keys } };

    for (size_t i = 0; argc > 1 && i < COUNT(verbs); i++)
        if (strcmp(argv[1], verbs[i].word) == 0)
            return verbs[i].run(config, argc - 1, argv + 1);
    return command_noun(config, argc, argv) == -1 ? 2 : 0;
}
