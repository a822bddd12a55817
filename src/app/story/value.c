#include "app/story/doing.h"

#include <ctype.h>

#include "app/ask.h"
#include "app/demo/demo.h"
#include "app/story/photo.h"
#include "app/story/run.h"
#include "base/clock.h"

enum { DAY_MS = 24 * 3600 * 1000 };

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

bool doing_area(struct doing *doing, struct str name, struct str *code)
{
    struct story_world *world = doing->world;
    struct str          path;

    *code = name;
    if (name.len && isdigit((unsigned char)name.at[0]))
        return true;
    path = str_fmt(&world->scratch, "/areas?parent=" DEMO_COUNTY "&name=%.*s",
                   STR_ARG(ask_escaped(&world->scratch, name)));
    struct story_request found = story_get(world, doing->who, path);
    *code = json_pick_text(&world->scratch, found.answer, "items/*/code");
    story_want(world, "有这个辖区：“%.*s”", STR_ARG(name));
    return code->len || story_answered(world, &found);
}

static bool put_area(struct doing *doing, struct str value)
{
    struct str code;

    if (!doing_area(doing, value, &code))
        return false;
    json_text(&doing->out, code);
    return true;
}

/* "在 滨湖社区 3 栋门口": the area, and what follows. */
static bool put_within(struct doing *doing, struct str *words)
{
    struct str_cut in = str_cut(*words, ' '), area = str_cut(str_trim(in.tail), ' ');

    if (!str_eq(in.head, STR("在")) || str_empty(area.head))
        return true;
    *words = str_trim(area.tail);
    json_key(&doing->out, STR("area"));
    return put_area(doing, area.head);
}

/* 32.0103,112.1201 and words, if there are any. */
static bool put_place(struct doing *doing, struct str value)
{
    struct str_cut east = str_cut(value, ','), words = str_cut(str_trim(east.tail), ' ');
    double         lat, lng;

    if (!east.ok || !json_value_real(str_trim(east.head), &lat) ||
        !json_value_real(words.head, &lng)) {
        story_want(doing->world, "位置写成“纬度,经度”，后面可以写几个字，例如“32.0103,112."
                                 "1201 3 栋门口”、“32.0103,112.1201 在 滨湖社区 3 栋门口”");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("lat"));
    json_real(&doing->out, lat);
    json_key(&doing->out, STR("lng"));
    json_real(&doing->out, lng);
    json_key(&doing->out, STR("source"));
    json_text(&doing->out, STR("map"));
    struct str says = str_trim(words.tail);
    bool       placed = put_within(doing, &says);
    json_key(&doing->out, STR("words"));
    json_text(&doing->out, str_empty(says) ? value : says);
    json_close(&doing->out, '}');
    return placed;
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

/* 不公开、匿名公开、署名公开 */
static bool put_consent(struct doing *doing, struct str value)
{
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("private"));
    json_bool(&doing->out, str_eq(value, STR("不公开")));
    json_key(&doing->out, STR("named"));
    json_bool(&doing->out, str_eq(value, STR("署名公开")));
    json_close(&doing->out, '}');
    return true;
}

/* 题目 / 反映的内容 / 答复 */
static bool put_public(struct doing *doing, struct str value)
{
    static const char *const members[] = { "title", "says", "answer" };
    struct str_cut           cut = { .tail = value, .ok = true };

    json_open(&doing->out, '{');
    for (size_t i = 0; i < COUNT(members) && cut.ok; i++) {
        cut = str_cut(cut.tail, '/');
        json_key(&doing->out, str_of(members[i]));
        json_text(&doing->out, str_trim(cut.head));
    }
    json_close(&doing->out, '}');
    return true;
}

/* By the name that the story gave it; any other text as it stands. */
static bool put_case(struct doing *doing, struct str value)
{
    struct story_world *world = doing->world;

    for (size_t i = 0; i < world->nitems; i++)
        if (str_eq(world->items[i].label, value)) {
            json_text(&doing->out, world->items[i].id);
            return true;
        }
    return put_text(doing, value);
}

bool piece_next(struct piece *piece, struct str mark)
{
    size_t at = 0;

    if (!piece->rest.len)
        return false;
    while (at < piece->rest.len && !str_starts(str_skip(piece->rest, at), mark))
        at++;
    bool last = at >= piece->rest.len;
    piece->text = str_trim(str_slice(piece->rest.at, at));
    piece->rest = last ? STR_NONE : str_skip(piece->rest, at + mark.len);
    return true;
}
/* 张三、李四 */
static bool put_names(struct doing *doing, struct str value)
{
    json_open(&doing->out, '[');
    for (struct piece piece = { .rest = value }; piece_next(&piece, STR("、"));)
        json_text(&doing->out, piece.text);
    json_close(&doing->out, ']');
    return true;
}

/* 9:00 of this day, 明天 9:00, by the server. */
static bool put_time(struct doing *doing, struct str value)
{
    struct arena       *arena = &doing->world->scratch;
    struct story_moment moment;
    int64_t             now_ms;

    if (!story_moment_read(arena, value, &moment)) {
        story_want(doing->world, "时间写成“9:00”（当天的），或者“明天 9:00”");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    if (!story_now(doing->world, &now_ms))
        return false;
    json_text(&doing->out, clock_iso(arena, story_moment_ms(&moment, now_ms)));
    return true;
}

/* What is called otherwise in the interface. */
static bool put_word(struct doing *doing, struct str value)
{
    static const struct {
        struct story_spelling word;
        struct str            means;
    } choices[] = {
#define STORY_CHOICE(zh, also, en, word) { STORY_SPELLING(zh, also, en), STR_INIT(word) },
#include "app/story/words.def"
    };

    for (size_t i = 0; i < COUNT(choices); i++)
        if (story_spelt(&choices[i].word, value))
            return put_text(doing, choices[i].means);
    return put_text(doing, value);
}

/* 楼上：修好防水：7 */
static bool put_term(struct doing *doing, struct str value)
{
    struct piece piece = { .rest = value };
    int64_t      now_ms, days;
    struct str   part[3] = { 0 };

    for (size_t i = 0; i < COUNT(part) && piece_next(&piece, STR("：")); i++)
        part[i] = piece.text;
    if (!part[2].at || !str_int64(part[2], &days)) {
        story_want(doing->world, "约定写成“谁：做什么：几天以内；……”");
        return story_got(doing->world, "%.*s", STR_ARG(value));
    }
    if (!story_now(doing->world, &now_ms))
        return false;
    struct str by = clock_iso(&doing->world->scratch, now_ms + days * DAY_MS);
    json_open(&doing->out, '{');
    json_key(&doing->out, STR("who"));
    json_text(&doing->out, part[0]);
    json_key(&doing->out, STR("what"));
    json_text(&doing->out, part[1]);
    json_key(&doing->out, STR("by"));
    json_text(&doing->out, str_slice(by.at, 10));
    json_close(&doing->out, '}');
    return true;
}

static bool put_terms(struct doing *doing, struct str value)
{
    json_open(&doing->out, '[');
    for (struct piece piece = { .rest = value }; piece_next(&piece, STR("；"));)
        if (!put_term(doing, piece.text))
            return false;
    json_close(&doing->out, ']');
    return true;
}

/* By the field's type in the scene. */
bool doing_put_value(struct doing *doing, struct str type, struct str value)
{
    static const struct {
        struct str type;
        bool (*put)(struct doing *doing, struct str value);
    } rows[] = {
        { STR_INIT("yesno"), put_yesno },   { STR_INIT("number"), put_number },
        { STR_INIT("place"), put_place },   { STR_INIT("photos"), put_photos },
        { STR_INIT("case"), put_case },     { STR_INIT("consent"), put_consent },
        { STR_INIT("public"), put_public }, { STR_INIT("names"), put_names },
        { STR_INIT("time"), put_time },     { STR_INIT("terms"), put_terms },
        { STR_INIT("area"), put_area },     { STR_INIT("word"), put_word },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_eq(rows[i].type, type))
            return rows[i].put(doing, value);
    return put_text(doing, value);
}
