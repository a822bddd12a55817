#include <ctype.h>

#include "app/story/photo.h"
#include "app/story/run.h"
#include "base/clock.h"

/* One act on its way to the server. */
struct doing {
    struct story_world     *world;
    const struct story_act *act;
    struct story_person    *who;
    struct story_case      *about; /* moves */
    struct str              kind;  /* the scene's case kind, JSON */
    struct str              move;  /* moves: the scene's move, JSON */
    struct json_out         out;
};

/* ---- values as their fields take them ---- */

static bool put_text(struct doing *doing, struct str value)
{
    json_text(&doing->out, value);
    return true;
}

static bool put_yesno(struct doing *doing, struct str value)
{
    static const struct story_spelling words[] = { STORY_SPELLING("是", "true", "yes"),
                                                   STORY_SPELLING("否", "false", "no") };
    bool yes = story_spelt(&words[0], value), no = story_spelt(&words[1], value);

    if (!yes && !no) {
        story_want(doing->world, "是或者否");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    json_bool(&doing->out, yes);
    return true;
}

/* As it was written; when it is no number the server shall say so. */
static bool put_number(struct doing *doing, struct str value)
{
    double number;

    if (json_value_real(value, &number))
        json_raw(&doing->out, value);
    else
        json_text(&doing->out, value);
    return true;
}

/* 32.0103,112.1201 and words, if there are any. */
static bool put_place(struct doing *doing, struct str value)
{
    struct str_cut east = str_cut(value, ','), words = str_cut(str_trim(east.tail), ' ');
    double         lat, lng;

    if (!east.ok || !json_value_real(str_trim(east.head), &lat) ||
        !json_value_real(words.head, &lng)) {
        story_want(
            doing->world,
            "位置写成“纬度,经度”，后面可以写几个字，例如“32.0103,112.1201 3 栋门口”");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("lat"));
    json_real(&doing->out, lat);
    json_key(&doing->out, STR("lng"));
    json_real(&doing->out, lng);
    json_key(&doing->out, STR("source"));
    json_text(&doing->out, STR("map"));
    json_key(&doing->out, STR("words"));
    json_text(&doing->out, str_empty(str_trim(words.tail)) ? value : str_trim(words.tail));
    json_close(&doing->out, '}');
    return true;
}

/* As a phone does it: sent, and not waited for until it has been made. */
static bool send_photo(struct doing *doing, struct str *id)
{
    struct story_world  *world = doing->world;
    struct story_request request = { .method = "POST",
                                     .path = STR("/photos"),
                                     .body = story_photo(&world->scratch, world->seed++),
                                     .type = STR("image/png") };

    story_ask_all(world, &doing->who, &request, 1);
    *id = json_pick_text(&world->scratch, request.answer, "id");
    if (story_ok(&request) && id->len)
        return true;
    story_want(world, "照片收下了");
    return story_answered(world, &request);
}

/* 2 张 */
static bool put_photos(struct doing *doing, struct str value)
{
    size_t n = 0, digits = 0;

    while (digits < value.len && digits < 3 && isdigit((unsigned char)value.at[digits]))
        n = n * 10 + (size_t)(value.at[digits++] - '0');
    struct str unit = str_trim(str_skip(value, digits));
    if (!digits || !(str_empty(unit) || str_eq(unit, STR("张")))) {
        story_want(doing->world, "照片写成“2 张”");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    json_open(&doing->out, '[');
    for (size_t i = 0; i < n; i++) {
        struct str id;
        if (!send_photo(doing, &id))
            return false;
        json_text(&doing->out, id);
    }
    json_close(&doing->out, ']');
    return true;
}

/* By the field's type in the scene. */
static bool put_value(struct doing *doing, struct str type, struct str value)
{
    static const struct {
        struct str type;
        bool (*put)(struct doing *doing, struct str value);
    } rows[] = {
        { STR_INIT("yesno"), put_yesno },
        { STR_INIT("number"), put_number },
        { STR_INIT("place"), put_place },
        { STR_INIT("photos"), put_photos },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_eq(rows[i].type, type))
            return rows[i].put(doing, value);
    return put_text(doing, value);
}

/* ---- bodies ---- */

static const struct {
    struct story_spelling word;
    struct str            member, type;
} needs[] = {
#define STORY_NEED(zh, also, en, member, type)                                             \
    { STORY_SPELLING(zh, also, en), STR_INIT(member), STR_INIT(type) },
#include "app/story/words.def"
};

/* What a move is made with: the row, COUNT(needs) when it is a field of its own. */
static size_t need_of(struct str name)
{
    size_t i = 0;

    while (i < COUNT(needs) && !story_spelt(&needs[i].word, name))
        i++;
    return i;
}

static bool put_field(struct doing *doing, const struct story_pair *pair)
{
    struct story_world *world = doing->world;
    struct str field = story_titled(world, doing->kind, "fields", pair->name, "这一项：");

    if (str_empty(field))
        return false;
    json_key(&doing->out, json_pick_text(&world->scratch, field, "name"));
    return put_value(doing, json_pick_text(&world->scratch, field, "type"), pair->value);
}

static bool put_fields(struct doing *doing)
{
    const struct story_act *act = doing->act;

    json_key(&doing->out, STR("fields"));
    json_open(&doing->out, '{');
    for (size_t i = 0; i < act->npairs; i++)
        if ((act->reports || need_of(act->pairs[i].name) == COUNT(needs)) &&
            !put_field(doing, &act->pairs[i]))
            return false;
    json_close(&doing->out, '}');
    return true;
}

static bool put_needs(struct doing *doing)
{
    const struct story_act *act = doing->act;
    bool                    fields = false;

    for (size_t i = 0; i < act->npairs; i++) {
        size_t need = need_of(act->pairs[i].name);
        if (need == COUNT(needs)) {
            fields = true;
            continue;
        }
        json_key(&doing->out, needs[need].member);
        if (!put_value(doing, needs[need].type, act->pairs[i].value))
            return false;
    }
    return !fields || put_fields(doing);
}

/* Every word of the name stands in what is offered. */
static bool fits(struct arena *arena, struct str target, struct str name)
{
    struct str title = json_pick_text(arena, target, "title");
    struct str note = json_pick_text(arena, target, "note");
    struct str shown = str_fmt(arena, "%.*s %.*s", STR_ARG(title), STR_ARG(note));

    for (struct str_cut cut = { .tail = name, .ok = true }; cut.ok;) {
        cut = str_cut(cut.tail, ' ');
        if (!str_has(shown, str_trim(cut.head)))
            return false;
    }
    return true;
}

static void copy_member(struct doing *doing, struct str from, const char *name)
{
    struct str value = json_pick(&doing->world->scratch, from, name);

    json_key(&doing->out, str_of(name));
    if (json_type(value) == JSON_NULL)
        json_null(&doing->out);
    else
        json_raw(&doing->out, value);
}

static void put_account(struct doing *doing, struct str account)
{
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("kind"));
    json_text(&doing->out, STR("account"));
    json_key(&doing->out, STR("id"));
    json_text(&doing->out, account);
    json_close(&doing->out, '}');
}

/* From what the server offers to this person; somebody who is offered nothing
 * still tries, by the account. */
static bool put_target(struct doing *doing)
{
    struct story_world *world = doing->world;
    struct arena       *arena = &world->scratch;
    struct str          name = doing->act->target, offered = STR("");
    struct json_member  entry;
    struct str path = str_fmt(arena, "/cases/%.*s/targets", STR_ARG(doing->about->id));
    struct story_request request = story_get(world, doing->who, path);

    json_key(&doing->out, STR("target"));
    struct str items =
        story_ok(&request) ? json_pick(arena, request.answer, "items") : STR_NONE;
    for (struct str rest = json_inside(items); json_member(arena, &rest, &entry);) {
        if (fits(arena, entry.value, name)) {
            json_open(&doing->out, '{');
            static const char *const members[] = { "kind", "id", "duty", "area" };
            for (size_t i = 0; i < COUNT(members); i++)
                copy_member(doing, entry.value, members[i]);
            json_close(&doing->out, '}');
            return true;
        }
        offered = str_fmt(arena, "%.*s%s%.*s", STR_ARG(offered), offered.len ? "、" : "",
                          STR_ARG(json_pick_text(arena, entry.value, "title")));
    }
    if (!story_ok(&request)) {
        struct story_person *person = story_person(world, name);
        if (person)
            put_account(doing, person->account);
        return person != NULL;
    }
    story_want(world, "可以交给“%.*s”", STR_ARG(name));
    return story_got(world, "可以交给的有：%.*s", STR_ARG(offered));
}

/* The version that this person sees; one who may see nothing tries the reporter's. */
static bool seen_version(struct doing *doing, int64_t *version)
{
    struct story_world  *world = doing->world;
    struct arena        *arena = &world->scratch;
    struct str           path = str_fmt(arena, "/cases/%.*s", STR_ARG(doing->about->id));
    struct story_request request = story_get(world, doing->who, path);

    if (!story_ok(&request))
        request = story_get(world, doing->about->reporter, path);
    if (json_value_int(json_pick(arena, request.answer, "version"), version))
        return true;
    story_want(world, "办件有版本");
    return story_answered(world, &request);
}

static bool put_move(struct doing *doing)
{
    int64_t version;

    json_key(&doing->out, STR("move"));
    json_text(&doing->out, json_pick_text(&doing->world->scratch, doing->move, "name"));
    if (!seen_version(doing, &version))
        return false;
    json_key(&doing->out, STR("version"));
    json_int(&doing->out, version);
    return (str_empty(doing->act->target) || put_target(doing)) && put_needs(doing);
}

static bool put_report(struct doing *doing)
{
    json_key(&doing->out, STR("scene"));
    json_text(&doing->out, doing->world->scene_name);
    json_key(&doing->out, STR("kind"));
    json_text(&doing->out, json_pick_text(&doing->world->scratch, doing->kind, "name"));
    return put_fields(doing);
}

/* ---- doing ---- */

static bool find_kind(struct doing *doing)
{
    struct story_world *world = doing->world;
    struct str          cases = json_pick(&world->scratch, world->scene, "cases");
    struct json_member  only, second;

    if (!str_empty(doing->act->what)) {
        doing->kind =
            story_titled(world, world->scene, "cases", doing->act->what, "办件：");
        return !str_empty(doing->kind);
    }
    struct str rest = json_inside(cases);
    bool       one = json_member(&world->scratch, &rest, &only) &&
               !json_member(&world->scratch, &rest, &second);
    doing->kind = one ? only.value : STR_NONE;
    story_want(world, "报的是哪一种办件");
    return one || story_got(world, "场景里有几种，请写在“报”后面");
}

static bool find_move(struct doing *doing)
{
    doing->about = story_case(doing->world, doing->act->about);
    if (!doing->about)
        return false;
    doing->kind = doing->about->kind;
    doing->move =
        story_titled(doing->world, doing->kind, "moves", doing->act->what, "动作");
    return !str_empty(doing->move);
}

static bool prepare(struct doing *doing, struct story_request *request)
{
    struct arena *arena = &doing->world->scratch;

    doing->who = story_person(doing->world, doing->act->who);
    if (!doing->who || !(doing->act->reports ? find_kind(doing) : find_move(doing)))
        return false;
    json_out_init(&doing->out, arena);
    json_open(&doing->out, '{');
    if (!(doing->act->reports ? put_report(doing) : put_move(doing)))
        return false;
    json_close(&doing->out, '}');
    *request = (struct story_request){ .method = "POST",
                                       .path = STR("/cases"),
                                       .body = json_done(&doing->out) };
    if (!doing->act->reports)
        request->path = str_fmt(arena, "/cases/%.*s/moves", STR_ARG(doing->about->id));
    return true;
}

/* Everybody is made ready first, so that they act on the same version at once. */
static bool prepare_all(struct story_world *world, const struct story_step *step,
                        struct doing *doing, struct story_request *requests)
{
    struct story_person *who[STORY_TOGETHER_MAX];

    for (size_t i = 0; i < step->nacts; i++) {
        doing[i] = (struct doing){ .world = world, .act = &step->acts[i] };
        if (!prepare(&doing[i], &requests[i]))
            return false;
        who[i] = doing[i].who;
    }
    story_ask_all(world, who, requests, step->nacts);
    world->ndone = step->nacts;
    for (size_t i = 0; i < step->nacts; i++)
        world->done[i] =
            (struct story_outcome){ who[i], requests[i].status,
                                    str_copy(world->arena,
                                             story_says(&world->scratch, &requests[i])) };
    return true;
}

static bool done_well(struct doing *doing, const struct story_request *request)
{
    if (doing->act->reports) {
        struct str id = json_pick_text(&doing->world->scratch, request->answer, "id");
        doing->about =
            story_case_add(doing->world, doing->act->label, id, doing->kind, doing->who);
    }
    if (doing->about)
        doing->world->at_hand = doing->about;
    return doing->about != NULL;
}

bool story_do(struct story_world *world, const struct story_step *step, bool one_only)
{
    struct doing         doing[STORY_TOGETHER_MAX];
    struct story_request requests[STORY_TOGETHER_MAX];

    if (!prepare_all(world, step, doing, requests))
        return false;
    for (size_t i = 0; i < step->nacts; i++) {
        if (story_ok(&requests[i])) {
            if (!done_well(&doing[i], &requests[i]))
                return false;
        } else if (!one_only || requests[i].status < 400 || requests[i].status >= 500) {
            story_want(world, "%.*s办成了", STR_ARG(doing[i].who->name));
            return story_got(world, "%.*s", STR_ARG(world->done[i].says));
        }
    }
    return true;
}

bool story_refused(struct story_world *world, const struct story_step *step)
{
    struct doing         doing[STORY_TOGETHER_MAX];
    struct story_request requests[STORY_TOGETHER_MAX];

    if (!prepare_all(world, step, doing, requests))
        return false;
    int64_t    status = requests[0].status;
    struct str says = world->done[0].says;
    struct str code =
        step->code ? str_fmt(&world->scratch, "（%d）", (int)step->code) : STR("");
    story_want(world, "不让办%.*s%s%.*s", STR_ARG(code),
               step->because.len ? "，提示里有：" : "", STR_ARG(step->because));
    /* 400 says that the story itself filled something in wrongly. */
    bool refused = step->code          ? status == step->code
                   : step->because.len ? status >= 400 && status < 500
                                       : status > 400 && status < 500;
    return (refused && str_has(says, step->because)) ||
           story_got(world, "%.*s", STR_ARG(story_ok(&requests[0]) ? STR("办成了") : says));
}

/* ---- time ---- */

static bool is_workday(int weekday)
{
    return weekday >= 1 && weekday <= 5;
}

static int64_t moment_ms(const struct story_moment *moment, int64_t now_ms)
{
    enum { DAY_MS = 24 * 3600 * 1000 };
    bool         later = moment->day == DAY_TOMORROW || moment->day == DAY_WORKDAY;
    struct civil civil = clock_civil(later ? now_ms + DAY_MS : now_ms);

    while (moment->day == DAY_WORKDAY && !is_workday(civil.weekday))
        civil = clock_civil(clock_of_civil(civil) + DAY_MS);
    if (moment->day == DAY_DATE) {
        civil.year = moment->year;
        civil.month = moment->month;
        civil.day = moment->mday;
    }
    civil.hour = moment->minute / 60;
    civil.minute = moment->minute % 60;
    civil.second = civil.ms = 0;
    return clock_of_civil(civil);
}

static bool server_now(struct story_world *world, int64_t *now_ms)
{
    struct story_request request = story_get(world, &world->people[0], STR("/start"));

    if (clock_parse(json_pick_text(&world->scratch, request.answer, "now"), now_ms))
        return true;
    story_want(world, "服务器说现在几点");
    return story_answered(world, &request);
}

bool story_set_time(struct story_world *world, const struct story_step *step)
{
    struct json_out out;
    int64_t         now_ms, to_ms;

    if (!server_now(world, &now_ms))
        return false;
    to_ms =
        step->verb == STEP_PASS ? now_ms + step->for_ms : moment_ms(&step->moment, now_ms);
    struct str now = clock_iso(&world->scratch, now_ms),
               to = clock_iso(&world->scratch, to_ms);
    story_want(world, "时间往后走到 %.*s", STR_ARG(to));
    if (to_ms < now_ms)
        return story_got(world, "服务器上已经是 %.*s", STR_ARG(now));
    json_out_init(&out, &world->scratch);
    json_open(&out, '{');
    json_key(&out, STR("now"));
    json_time(&out, to_ms);
    json_close(&out, '}');
    struct story_request request =
        story_ask(world, &world->people[0], "POST", STR("/clock"), json_done(&out));
    return story_ok(&request) || story_answered(world, &request);
}
