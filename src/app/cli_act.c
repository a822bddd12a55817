#include <stdio.h>
#include <string.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/tables.h"
#include "base/json.h"

enum { CLI_BYTES = 16 << 20 };

static void show_act(const struct act *act)
{
    printf("%-18s %.*s%s%.*s\n", act->name, STR_ARG(act->title), act->note.len ? "。" : "",
           STR_ARG(act->note));
    for (size_t i = 0; i < act->nargs; i++)
        printf("    %-14.*s %.*s%s%s%.*s\n", STR_ARG(act->args[i].name),
               STR_ARG(act->args[i].title), act->args[i].required ? "（必填）" : "",
               act->args[i].note.len ? "：" : "", STR_ARG(act->args[i].note));
}

static int list_acts(struct str of)
{
    tables_acts(true);
    for (size_t i = 0; i < acts_count(); i++)
        if (!of.at || str_starts(str_of(acts_at(i)->name), of))
            show_act(acts_at(i));
    return 0;
}

static int ask_and_show(struct config *config, struct str act, struct str body)
{
    struct arena   arena;
    struct str     answer;
    struct caller *caller = caller_open(config);

    if (!caller)
        return 1;
    arena_init(&arena, CLI_BYTES);
    int code = caller_ask(caller, &arena, act, body, &answer);
    if (code == 0 && answer.len)
        printf("%.*s\n", STR_ARG(answer));
    caller_close(&caller);
    arena_free(&arena);
    return code;
}

int command_act(struct config *config, int argc, char **argv)
{
    if (argc < 2)
        return list_acts(STR_NONE);
    return ask_and_show(config, str_of(argv[1]), argc > 2 ? str_of(argv[2]) : STR("{}"));
}

/* name=value; a value that is itself JSON of the right kind is taken as such. */
static void put_word(struct json_out *out, struct arena *arena, const struct act *act,
                     struct str word)
{
    struct str_cut      cut = str_cut(word, '=');
    const struct field *field = field_find(act->args, act->nargs, cut.head);
    struct problems     ignored;

    problems_init(&ignored, arena);
    bool text = !field || field->kind == KIND_TEXT || field->kind == KIND_ID ||
                field->kind == KIND_TIME || field->kind == KIND_BYTES;
    json_key(out, cut.head);
    if (text || json_check(arena, cut.tail, &ignored) != RC_OK)
        json_text(out, cut.tail);
    else
        json_raw(out, cut.tail);
}

int command_noun(struct config *config, int argc, char **argv)
{
    struct arena    arena;
    struct json_out out;

    tables_acts(true);
    arena_init(&arena, CLI_BYTES);
    struct str noun = str_fmt(&arena, "%s.", argv[0]);
    struct str name = str_fmt(&arena, "%s%s", noun.at, argc > 1 ? argv[1] : "");
    const struct act *act = acts_find(name);
    int               code = -1;
    if (!act) {
        for (size_t i = 0; i < acts_count() && code == -1; i++)
            if (str_starts(str_of(acts_at(i)->name), noun))
                code = list_acts(noun);
        arena_free(&arena);
        return code == -1 ? -1 : argc > 1 ? 2 : 0;
    }
    json_out_init(&out, &arena);
    json_open(&out, '{');
    for (int i = 2; i < argc; i++)
        put_word(&out, &arena, act, str_of(argv[i]));
    json_close(&out, '}');
    code = ask_and_show(config, name, json_done(&out));
    arena_free(&arena);
    return code;
}
