#include "scene/check.h"
#include "scene/schema.h"

/* What a case that runs under the old version has and the new one has not. */
struct diff {
    struct arena *arena;
    struct str    text;
};

static void say(struct diff *diff, struct str line)
{
    diff->text = str_fmt(diff->arena, "%.*s%.*s\n", STR_ARG(diff->text), STR_ARG(line));
}

static bool has_option(const struct scene_field *field, struct str value)
{
    for (size_t i = 0; i < field->noptions; i++)
        if (str_eq(field->options[i].value, value))
            return true;
    return false;
}

static void diff_options(struct diff *diff, const struct scene_field *old,
                         const struct scene_field *now)
{
    for (size_t i = 0; i < old->noptions; i++)
        if (!has_option(now, old->options[i].value))
            say(diff, str_fmt(diff->arena, "“%.*s”少了选项“%.*s”：选了它的事要改选。",
                              STR_ARG(now->title), STR_ARG(old->options[i].value)));
}

static void diff_fields(struct diff *diff, const struct case_kind *old,
                        const struct case_kind *now)
{
    for (size_t i = 0; i < old->nfields; i++) {
        const struct scene_field *was = &old->fields[i], *is = kind_field(now, was->name);

        if (!is)
            say(diff,
                str_fmt(diff->arena, "“%.*s”少了字段“%.*s”（%.*s）：填过的内容没有地方放。",
                        STR_ARG(now->title), STR_ARG(was->name), STR_ARG(was->title)));
        else if (is->asks != was->asks)
            say(diff, str_fmt(diff->arena, "字段“%.*s”从%.*s变成了%.*s：填过的内容对不上。",
                              STR_ARG(was->name), STR_ARG(asks_words.all[was->asks].zh),
                              STR_ARG(asks_words.all[is->asks].zh)));
        else
            diff_options(diff, was, is);
        if (is && is->grade < was->grade)
            say(diff, str_fmt(diff->arena,
                              "字段“%.*s”的分级降低了：原来加密保存的会有更多人看到。",
                              STR_ARG(was->name)));
    }
}

static void diff_states(struct diff *diff, const struct case_kind *old,
                        const struct case_kind *now)
{
    for (size_t i = 0; i < old->nstates; i++)
        if (!kind_state(now, old->states[i].name))
            say(diff,
                str_fmt(diff->arena,
                        "“%.*s”少了状态“%.*s”（%.*s）：停在这里的事要先移到别的状态。",
                        STR_ARG(now->title), STR_ARG(old->states[i].name),
                        STR_ARG(old->states[i].title)));
    for (size_t i = 0; i < old->nmoves; i++)
        if (!kind_move(now, old->moves[i].name))
            say(diff,
                str_fmt(diff->arena, "“%.*s”少了动作“%.*s”（%.*s）。", STR_ARG(now->title),
                        STR_ARG(old->moves[i].name), STR_ARG(old->moves[i].title)));
}

static struct str text_of_rule(const struct scene_rule *rule)
{
    return rule ? rule->text : STR("");
}

static void diff_sight(struct diff *diff, const struct case_kind *old,
                       const struct case_kind *now)
{
    struct str calls = text_of_rule(now->calls);

    if (old->confidential && !now->confidential)
        say(diff, str_fmt(diff->arena, "“%.*s”不再保密：以后报的会有更多人看到。",
                          STR_ARG(now->title)));
    if (calls.len && !str_eq(calls, text_of_rule(old->calls)))
        say(diff, str_fmt(diff->arena, "“%.*s”里能看报事人电话的人变了：%.*s。",
                          STR_ARG(now->title), STR_ARG(calls)));
}

struct str scene_changes(struct arena *arena, const struct scene *old,
                         const struct scene *now)
{
    struct diff diff = { .arena = arena, .text = STR("") };

    for (size_t i = 0; i < old->nkinds; i++) {
        const struct case_kind *was = &old->kinds[i], *is = scene_kind(now, was->name);

        if (!is) {
            say(&diff, str_fmt(arena, "少了办件“%.*s”（%.*s）。", STR_ARG(was->name),
                               STR_ARG(was->title)));
            continue;
        }
        diff_sight(&diff, was, is);
        diff_fields(&diff, was, is);
        diff_states(&diff, was, is);
    }
    for (size_t i = 0; i < old->nduties; i++)
        if (!scene_duty(now, old->duties[i].name))
            say(&diff, str_fmt(arena, "少了职责“%.*s”：持有它的人不再能办。",
                               STR_ARG(old->duties[i].name)));
    return diff.text;
}
