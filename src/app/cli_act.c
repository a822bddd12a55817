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

/* ------------------------------------------------------- answers, to be read */

static void show_row(struct arena *arena, struct str row)
{
    struct json_member member;
    bool               first = true;

    for (struct str rest = json_inside(row); json_member(arena, &rest, &member);
         first = false)
        printf("%s%.*s", first ? "" : "\t",
               STR_ARG(json_pick_text(arena, member.value, "")));
    putchar('\n');
}

static void show_heads(struct arena *arena, struct str row)
{
    struct json_member member;
    bool               first = true;

    for (struct str rest = json_inside(row); json_member(arena, &rest, &member);
         first = false)
        printf("%s%.*s", first ? "" : "\t", STR_ARG(member.key));
    putchar('\n');
}

/* A page as a line of names and a line for each, with tabs between. */
static void show_page(struct arena *arena, struct str items)
{
    struct json_member row;
    bool               first = true;

    for (struct str rest = json_inside(items); json_member(arena, &rest, &row);
         first = false) {
        if (first)
            show_heads(arena, row.value);
        show_row(arena, row.value);
    }
}

static void show_answer(struct arena *arena, struct str answer)
{
    struct str         items = json_pick(arena, answer, "items");
    struct json_member member;

    if (items.at) {
        show_page(arena, items);
        return;
    }
    for (struct str rest = json_inside(answer); json_member(arena, &rest, &member);)
        printf("%.*s\t%.*s\n", STR_ARG(member.key),
               STR_ARG(json_pick_text(arena, member.value, "")));
}

static void show_json(struct arena *arena, struct str answer)
{
    (void)arena;
    printf("%.*s\n", STR_ARG(answer));
}

static int ask_and_show(struct config *config, struct str act, struct str body,
                        void (*show)(struct arena *arena, struct str answer))
{
    struct arena   arena;
    struct str     answer;
    struct caller *caller = caller_open(config);

    if (!caller)
        return 1;
    arena_init(&arena, CLI_BYTES);
    int code = caller_ask(caller, &arena, act, body, &answer);
    if (code == 0 && answer.len)
        show(&arena, answer);
    caller_close(&caller);
    arena_free(&arena);
    return code;
}

int command_act(struct config *config, int argc, char **argv)
{
    if (argc < 2)
        return list_acts(STR_NONE);
    return ask_and_show(config, str_of(argv[1]), argc > 2 ? str_of(argv[2]) : STR("{}"),
                        show_json);
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
    struct str        noun = str_fmt(&arena, "%s.", argv[0]);
    struct str        name = str_fmt(&arena, "%s%s", noun.at, argc > 1 ? argv[1] : "");
    const struct act *act = acts_find(name);
    int               code = -1;
    if (!act) {
        if (argc > 1)
            fprintf(stderr, "没有“%s %s”。有的是：\n", argv[0], argv[1]);
        for (size_t i = 0; i < acts_count() && code == -1; i++)
            if (str_starts(str_of(acts_at(i)->name), noun))
                code = list_acts(noun);
        arena_free(&arena);
        return code == -1 ? -1 : argc > 1 ? 2 : 0;
    }
    json_out_init(&out, &arena);
    json_open(&out, '{');
    bool raw = argc > 2 && strcmp(argv[argc - 1], "--json") == 0;
    for (int i = 2; i < argc - raw; i++)
        put_word(&out, &arena, act, str_of(argv[i]));
    json_close(&out, '}');
    code = ask_and_show(config, name, json_done(&out), raw ? show_json : show_answer);
    arena_free(&arena);
    return code;
}
