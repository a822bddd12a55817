#include "scene/scene.h"

#include <stdlib.h>

#include "base/blank.h"
#include "scene/check.h"
#include "scene/read.h"

/* A scene of 256 KB comes to some 3 MiB, its trees to some 4. */
enum { SCENE_ARENA_BYTES = 8 << 20, SCRATCH_BYTES = 16 << 20 };

static const struct str duties_list = STR_INIT("lists/duties");

/* ---- reading ---- */

static bool copy_lists(struct scene *scene, const struct scene_pack *pack)
{
    struct scene_list *lists = arena_many(&scene->arena, pack->nlists, struct scene_list);

    if (!lists || pack->nlists > SCENE_LISTS_MAX)
        return false;
    for (size_t i = 0; i < pack->nlists; i++)
        lists[i] =
            (struct scene_list){ .name = str_copy(&scene->arena, pack->lists[i].name),
                                 .text = str_copy(&scene->arena, pack->lists[i].text),
                                 .file = str_copy(&scene->arena, pack->lists[i].file) };
    scene->lists = lists;
    scene->nlists = pack->nlists;
    return true;
}

static struct scene *scene_new(const struct scene_pack *pack)
{
    struct scene *scene = calloc(1, sizeof *scene);

    if (!scene)
        return NULL;
    arena_init(&scene->arena, SCENE_ARENA_BYTES);
    scene->file = str_copy(&scene->arena, pack->file);
    scene->text = str_copy(&scene->arena, pack->text);
    scene->version = pack->version;
    if (!copy_lists(scene, pack))
        scene_free(&scene);
    return scene;
}

void scene_free(struct scene **scene)
{
    if (!*scene)
        return;
    arena_free(&(*scene)->arena);
    free(*scene);
    *scene = NULL;
}

static void read_duties(struct reader *reader)
{
    struct scene *scene = reader->scene;

    for (size_t i = 0; i < scene->nlists; i++) {
        uint32_t file = (uint32_t)i + 1;

        if (!str_eq(scene->lists[i].name, duties_list))
            continue;
        struct node *root =
            yaml_tree(reader->scratch, (struct yaml_file){ file_name(scene, file), file },
                      scene->lists[i].text, reader->problems);
        reader->file = file;
        if (root)
            read_map(reader, &duties_schema, root, scene);
        reader->file = 0;
        return;
    }
    problem_at(reader->problems, scene->file, 1, 1, "没有职责列表“lists/duties.yaml”。");
}

/* A yes-or-no field called `urgent` says what is urgent unless a rule does. */
static void urgent_by_field(struct reader *reader, struct case_kind *kind,
                            const struct case_envs *envs)
{
    const struct scene_field *field = kind_field(kind, STR("urgent"));
    struct rule_source source = { .text = STR("urgent"), .where = reader->scene->file };
    struct scene_rule *rule = arena_new(reader->arena, struct scene_rule);

    if (kind->urgent || !field || field->asks != ASKS_YESNO || !rule)
        return;
    *rule = (struct scene_rule){ .at = field->at, .text = source.text };
    rule->rule = rule_parse(reader->arena, case_env(envs, ABOUT_URGENCY), source,
                            RULE_TRUTH, reader->problems);
    kind->urgent = rule;
}

/* Until when a clock runs, where the scene does not say: nobody waits for an answer or a
 * word of how far it is when it is done. */
static void complete_clocks(struct case_kind *kind)
{
    if (kind->begins >= kind->nstates)
        return;
    uint64_t every = UINT64_MAX >> (SCENE_STATES_MAX - kind->nstates);
    uint64_t ends = kind->ends | kind->clocks[CLOCK_RESOLVE].until;

    for (enum clock_name name = 0; name < CLOCK_COUNT; name++) {
        struct scene_clock *clock = &kind->clocks[name];

        if (clock->limit.kind != SPAN_NONE && !clock->until)
            clock->until =
                name == CLOCK_ACCEPT ? every & ~(UINT64_C(1) << kind->begins) : ends;
    }
}

static void read_kinds(struct reader *reader, struct case_kind *kinds)
{
    struct case_envs *envs[SCENE_KINDS_MAX];

    for (size_t i = 0; i < reader->scene->nkinds; i++) {
        envs[i] = case_envs_new(reader->arena, reader->scene, &kinds[i]);
        if (!envs[i])
            return;
    }
    read_references(reader, envs);
    for (size_t i = 0; i < reader->scene->nkinds; i++)
        urgent_by_field(reader, &kinds[i], envs[i]);
    for (size_t i = 0; i < reader->scene->nkinds; i++)
        complete_clocks(&kinds[i]);
}

static void read_all(struct reader *reader)
{
    struct scene *scene = reader->scene;

    read_duties(reader);
    struct node *root = yaml_tree(reader->scratch, (struct yaml_file){ scene->file, 0 },
                                  scene->text, reader->problems);
    if (!root)
        return;
    read_map(reader, &scene_schema, root, scene);
    read_kinds(reader, reader->kinds);
    check_scene(scene, reader->scratch, reader->problems);
}

/* In the order of the files' lines, however they were found. */
static bool stands_before(const struct problem *a, const struct problem *b)
{
    int files = str_cmp(a->where, b->where);

    if (files)
        return files < 0;
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

static void sort(struct problems *problems)
{
    struct problem *rest = problems->first, *next;

    problems->first = NULL;
    for (; rest; rest = next) {
        struct problem **at = &problems->first;

        next = rest->next;
        while (*at && !stands_before(rest, *at))
            at = &(*at)->next;
        rest->next = *at;
        *at = rest;
    }
    for (struct problem *last = problems->first; last; last = last->next)
        problems->last = last;
}

enum rc scene_read(const struct scene_pack *pack, struct problems *problems,
                   struct scene **into)
{
    struct scene *scene = scene_new(pack);
    struct arena  scratch;
    size_t        before = problems->n;

    *into = NULL;
    if (!scene)
        return RC_TOO_LARGE;
    arena_init(&scratch, SCRATCH_BYTES);
    struct reader reader = {
        .arena = &scene->arena, .scratch = &scratch, .scene = scene, .problems = problems
    };
    reader.last = &reader.first;
    read_all(&reader);
    bool over = scene->arena.over || scratch.over;
    arena_free(&scratch);
    if (over || problems->n > before) {
        scene_free(&scene);
        sort(problems);
        return over ? RC_TOO_LARGE : RC_INVALID;
    }
    *into = scene;
    return RC_OK;
}

/* ---- looking things up ---- */

const struct case_kind *scene_kind(const struct scene *scene, struct str name)
{
    for (size_t i = 0; i < scene->nkinds; i++)
        if (str_eq(scene->kinds[i].name, name))
            return &scene->kinds[i];
    return NULL;
}

const struct scene_duty *scene_duty(const struct scene *scene, struct str name)
{
    for (size_t i = 0; i < scene->nduties; i++)
        if (str_eq(scene->duties[i].name, name))
            return &scene->duties[i];
    return NULL;
}

const struct scene_field *kind_field(const struct case_kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->nfields; i++)
        if (str_eq(kind->fields[i].name, name))
            return &kind->fields[i];
    return NULL;
}

const struct scene_state *kind_state(const struct case_kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->nstates; i++)
        if (str_eq(kind->states[i].name, name))
            return &kind->states[i];
    return NULL;
}

const struct scene_move *kind_move(const struct case_kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->nmoves; i++)
        if (str_eq(kind->moves[i].name, name))
            return &kind->moves[i];
    return NULL;
}

const struct scene_window *kind_window(const struct case_kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->nwindows; i++)
        if (str_eq(kind->windows[i].name, name))
            return &kind->windows[i];
    return NULL;
}

bool window_takes(const struct scene_window *window, struct str category)
{
    for (size_t i = 0; i < window->nitems; i++)
        if (str_eq(window->items[i], category))
            return true;
    return !window->nitems;
}

struct str window_hours(struct arena *arena, const struct scene_window *window)
{
    return str_join(arena, window->hours, window->nhours, STR(" "));
}

struct str asks_word(enum asks asks)
{
    return asks_words.all[asks].word;
}

size_t move_leads_to(const struct scene_move *move, size_t from)
{
    return move->to == MOVE_STAYS ? from : move->to;
}

static const struct scene_field *first_that_asks(const struct case_kind *kind,
                                                 enum asks               asks)
{
    for (size_t i = 0; i < kind->nfields; i++)
        if (kind->fields[i].asks == asks)
            return &kind->fields[i];
    return NULL;
}

const struct scene_field *kind_category(const struct case_kind *kind)
{
    return first_that_asks(kind, ASKS_CHOICE);
}

const struct scene_field *kind_place(const struct case_kind *kind)
{
    return first_that_asks(kind, ASKS_PLACE);
}

static const struct scene_option *option_of(const struct scene_field *field,
                                            struct str                value)
{
    for (size_t i = 0; field && i < field->noptions; i++)
        if (str_eq(field->options[i].value, value))
            return &field->options[i];
    return NULL;
}

bool field_is_akin(const struct scene_field *field, struct str one, struct str other)
{
    const struct scene_option *a = option_of(field, one), *b = option_of(field, other);

    return str_eq(one, other) || (a && b && a->group.len && str_eq(a->group, b->group));
}

int64_t kind_near_m(const struct case_kind *kind, struct str category)
{
    const struct scene_option *option = kind_option(kind, category);

    return option && option->near_m ? option->near_m : kind->alike.distance_m;
}

const struct scene_option *kind_option(const struct case_kind *kind, struct str category)
{
    return option_of(kind_category(kind), category);
}

struct span kind_promise(const struct case_kind *kind, struct str category)
{
    const struct scene_option *option = kind_option(kind, category);

    return option ? option->guide.promise : (struct span){ SPAN_NONE, 0 };
}

struct str needs_word(enum needs_bit needs)
{
    return needs_words.all[needs].word;
}

struct str clock_word(enum clock_name clock)
{
    return clock_words.all[clock].word;
}

struct str clock_title(enum clock_name clock)
{
    return clock_words.all[clock].zh;
}

struct str effect_word(enum effect_kind effect)
{
    return effect_words.all[effect].word;
}

bool move_does(const struct scene_move *move, enum effect_kind effect)
{
    for (size_t i = 0; i < move->neffects; i++)
        if (move->effects[i].kind == effect)
            return true;
    return false;
}

/* ---- of one, or of many at once ---- */

enum { ONE, MANY };
static const bool asked_of_many[] = {
#define NEEDS(name, word, zh, of, note) [NEEDS_BIT_##name] = (of) == MANY,
#include "scene/words.def"
};
static const bool done_to_many[] = {
#define EFFECT(name, word, zh, takes, of, note) [EFFECT_##name] = (of) == MANY,
#include "scene/words.def"
};

bool move_of_many(const struct scene_move *move)
{
    bool many = true;

    for (enum needs_bit bit = 0; bit < NEEDS_COUNT; bit++)
        many = many && (!(move->needs >> bit & 1) || asked_of_many[bit]);
    for (size_t i = 0; i < move->neffects; i++)
        many = many && done_to_many[move->effects[i].kind];
    return many;
}

struct str move_says(struct arena *arena, const struct scene_move *move, struct str target)
{
    struct blank blank = blank_next(move->told.len ? move->told : move->title);

    return blank.name.at ? str_cat(arena, blank.before, target, blank.rest) : blank.before;
}

struct str answers_word(enum platform_answer answer)
{
    return answers_words.all[answer].word;
}

struct str channel_word(enum channel channel)
{
    return channel_words.all[channel].word;
}

struct str channel_title(enum channel channel)
{
    return channel_words.all[channel].zh;
}

bool channel_of_word(struct str word, enum channel *channel)
{
    for (size_t i = 0; i < channel_words.n; i++)
        if (str_eq(channel_words.all[i].word, word)) {
            *channel = (enum channel)i;
            return true;
        }
    return false;
}

bool kind_takes(const struct case_kind *kind, enum channel channel)
{
    return (!kind->channels || kind->channels >> channel & 1) &&
           (channel != CHANNEL_OPEN311 || kind->nopen311);
}

struct str status_word(enum public_status status)
{
    return status_words.all[status].word;
}

bool status_is_open(enum public_status status)
{
    static const bool open[] = {
#define STATUS(name, word, zh, open_, note) [STATUS_##name] = (open_),
#include "scene/words.def"
    };

    return open[status];
}

enum public_status kind_status(const struct case_kind *kind, size_t state)
{
    for (size_t i = 0; i < kind->nopen311; i++)
        if (kind->open311[i].in >> state & 1)
            return kind->open311[i].status;
    return kind->ends >> state & 1 ? STATUS_CLOSED : STATUS_OPEN;
}
