#include "base/json.h"
#include "scene/scene_print.h"
#include "scene/schema.h"

static void text(struct json_out *out, const char *key, struct str value)
{
    json_key(out, str_of(key));
    json_text(out, value);
}

/* In English words, so that clients know one language of rules. */
static void rule(struct json_out *out, const char *key, const struct scene_rule *of)
{
    text(out, key, of ? rule_print(out->arena, of->rule, RULE_EN) : STR_NONE);
}

static void truth(struct json_out *out, const char *key, bool value)
{
    json_key(out, str_of(key));
    json_bool(out, value);
}

static void number(struct json_out *out, const char *key, int64_t value)
{
    json_key(out, str_of(key));
    json_int(out, value);
}

static void open_list(struct json_out *out, const char *key)
{
    json_key(out, str_of(key));
    json_open(out, '[');
}

static void texts(struct json_out *out, const char *key, const struct str *all, size_t n)
{
    open_list(out, key);
    for (size_t i = 0; i < n; i++)
        json_text(out, all[i]);
    json_close(out, ']');
}

static void states(struct json_out *out, const char *key, const struct case_kind *kind,
                   uint64_t bits)
{
    open_list(out, key);
    for (size_t i = 0; i < kind->nstates; i++)
        if (bits >> i & 1)
            json_text(out, kind->states[i].name);
    json_close(out, ']');
}

static void fields(struct json_out *out, const char *key, const struct case_kind *kind,
                   uint64_t bits)
{
    open_list(out, key);
    for (size_t i = 0; i < kind->nfields; i++)
        if (bits >> i & 1)
            json_text(out, kind->fields[i].name);
    json_close(out, ']');
}

static void text_if(struct json_out *out, const char *key, struct str value)
{
    if (value.at)
        text(out, key, value);
}

static void materials(struct json_out *out, const struct scene_guide *of)
{
    open_list(out, "materials");
    for (size_t i = 0; i < of->nmaterials; i++) {
        json_open(out, '{');
        text(out, "title", of->materials[i].title);
        text(out, "example", of->materials[i].example);
        truth(out, "original", of->materials[i].original);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* Only what was written: most options are no services. */
static void guide(struct json_out *out, const struct scene_guide *of)
{
    text_if(out, "who", of->who);
    text_if(out, "guide", of->says);
    if (of->nmaterials)
        materials(out, of);
    if (of->nsteps)
        texts(out, "steps", of->steps, of->nsteps);
    text_if(out, "promise", span_text(out->arena, of->promise, RULE_ZH));
    text_if(out, "result", of->result);
    text_if(out, "fetch", of->fetch);
    text_if(out, "source", of->source);
}

static void option(struct json_out *out, const struct scene_option *of)
{
    json_open(out, '{');
    text(out, "value", of->value);
    text(out, "group", of->group);
    text(out, "code", of->code);
    text(out, "note", of->note);
    guide(out, &of->guide);
    json_close(out, '}');
}

static void field(struct json_out *out, const struct scene_field *of)
{
    json_open(out, '{');
    text(out, "name", of->name);
    text(out, "title", of->title);
    text(out, "type", asks_word(of->asks));
    text(out, "help", of->help);
    truth(out, "required", of->required);
    number(out, "max", of->max);
    truth(out, "voice", of->voice);
    rule(out, "ask", of->ask);
    rule(out, "default", of->fills);
    text(out, "grade", grade_words.all[of->grade].word);
    text(out, "from", of->from);
    open_list(out, "options");
    for (size_t i = 0; i < of->noptions; i++)
        option(out, &of->options[i]);
    json_close(out, ']');
    json_close(out, '}');
}

static void stop(struct json_out *out, const struct scene_stop *of)
{
    json_open(out, '{');
    rule(out, "when", of->when);
    text(out, "say", of->say);
    json_close(out, '}');
}

static void state(struct json_out *out, const struct scene_state *of)
{
    json_open(out, '{');
    text(out, "name", of->name);
    text(out, "title", of->title);
    json_close(out, '}');
}

static void move(struct json_out *out, const struct case_kind *kind,
                 const struct scene_move *of)
{
    json_open(out, '{');
    text(out, "name", of->name);
    text(out, "title", of->title);
    states(out, "from", kind, of->from);
    text(out, "to", of->to == MOVE_STAYS ? STR_NONE : kind->states[of->to].name);
    rule(out, "by", of->by);
    rule(out, "when", of->when);
    open_list(out, "needs");
    for (enum needs_bit bit = 0; bit < NEEDS_COUNT; bit++)
        if (of->needs >> bit & 1)
            json_text(out, needs_word(bit));
    json_close(out, ']');
    json_close(out, '}');
}

static void limit(struct json_out *out, const struct scene_limit *of)
{
    json_open(out, '{');
    rule(out, "when", of->when);
    text(out, "limit", span_text(out->arena, of->limit, RULE_EN));
    text(out, "urgent", span_text(out->arena, of->urgent, RULE_EN));
    json_close(out, '}');
}

static void clocks(struct json_out *out, const struct case_kind *kind)
{
    json_key(out, STR("clocks"));
    json_open(out, '{');
    for (enum clock_name name = 0; name < CLOCK_COUNT; name++) {
        const struct scene_clock *clock = &kind->clocks[name];

        if (clock->limit.kind == SPAN_NONE)
            continue;
        json_key(out, clock_word(name));
        json_open(out, '{');
        text(out, "limit", span_text(out->arena, clock->limit, RULE_EN));
        text(out, "limit_text", span_text(out->arena, clock->limit, RULE_ZH));
        text(out, "urgent", span_text(out->arena, clock->urgent, RULE_EN));
        text(out, "urgent_text", span_text(out->arena, clock->urgent, RULE_ZH));
        states(out, "until", kind, clock->until);
        texts(out, "pause", clock->pause, clock->npause);
        truth(out, "promised", clock->promised);
        open_list(out, "by");
        for (size_t i = 0; i < clock->nby; i++)
            limit(out, &clock->by[i]);
        json_close(out, ']');
        json_close(out, '}');
    }
    json_close(out, '}');
}

static void likeness(struct json_out *out, const struct case_kind *kind)
{
    json_key(out, STR("alike"));
    if (!kind->alike.distance_m) {
        json_null(out);
        return;
    }
    json_open(out, '{');
    number(out, "distance_m", kind->alike.distance_m);
    number(out, "staff_m", kind->alike.staff_m);
    number(out, "within_ms", kind->alike.within_ms);
    fields(out, "same", kind, kind->alike.same);
    json_close(out, '}');
}

static void channels(struct json_out *out, const struct case_kind *kind)
{
    open_list(out, "channels");
    for (enum channel channel = 0; channel < CHANNEL_COUNT; channel++)
        if (kind_takes(kind, channel))
            json_text(out, channel_word(channel));
    json_close(out, ']');
}

static void openness(struct json_out *out, const struct case_kind *kind)
{
    truth(out, "confidential", kind->confidential);
    json_key(out, STR("public"));
    json_open(out, '{');
    truth(out, "default", kind->shown.shown);
    fields(out, "hide", kind, kind->shown.hide);
    fields(out, "review", kind, kind->shown.review);
    json_close(out, '}');
}

static void rates(struct json_out *out, const struct case_kind *kind)
{
    open_list(out, "rates");
    for (size_t i = 0; i < kind->nrates; i++) {
        json_open(out, '{');
        text(out, "name", kind->rates[i].name);
        text(out, "title", kind->rates[i].title);
        rule(out, "of", kind->rates[i].of);
        rule(out, "good", kind->rates[i].good);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void kind_lists(struct json_out *out, const struct case_kind *kind)
{
    open_list(out, "fields");
    for (size_t i = 0; i < kind->nfields; i++)
        field(out, &kind->fields[i]);
    json_close(out, ']');
    open_list(out, "stop");
    for (size_t i = 0; i < kind->nstops; i++)
        stop(out, &kind->stops[i]);
    json_close(out, ']');
    open_list(out, "states");
    for (size_t i = 0; i < kind->nstates; i++)
        state(out, &kind->states[i]);
    json_close(out, ']');
    open_list(out, "moves");
    for (size_t i = 0; i < kind->nmoves; i++)
        move(out, kind, &kind->moves[i]);
    json_close(out, ']');
}

static void case_kind(struct json_out *out, const struct case_kind *kind)
{
    json_open(out, '{');
    text(out, "name", kind->name);
    text(out, "title", kind->title);
    rule(out, "urgent", kind->urgent);
    kind_lists(out, kind);
    text(out, "begins", kind->states[kind->begins].name);
    states(out, "ends", kind, kind->ends);
    clocks(out, kind);
    likeness(out, kind);
    openness(out, kind);
    channels(out, kind);
    rates(out, kind);
    json_close(out, '}');
}

void scene_json(struct json_out *out, const struct scene *scene)
{
    json_open(out, '{');
    text(out, "name", scene->name);
    text(out, "title", scene->title);
    number(out, "version", scene->version);
    json_key(out, STR("home"));
    json_open(out, '{');
    texts(out, "for", scene->home.people, scene->home.npeople);
    text(out, "icon", scene->home.icon);
    if (scene->home.says.at)
        text(out, "says", scene->home.says);
    number(out, "order", scene->home.order);
    json_close(out, '}');
    open_list(out, "cases");
    for (size_t i = 0; i < scene->nkinds; i++)
        case_kind(out, &scene->kinds[i]);
    json_close(out, ']');
    json_close(out, '}');
}
