#include "engine/case/fields.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "guard/actor.h"
#include "guard/codes.h"
#include "guard/mask.h"
#include "registry/area.h"
#include "registry/person.h"

enum { TITLE_CHARS_MAX = 30, WORDS_CHARS_MAX = 200 };
/* The land and sea of China with room around it: what lies outside is a slip. */
static const double LAT_MIN = 3, LAT_MAX = 54, LNG_MIN = 73, LNG_MAX = 136;

static const struct field place_fields[] = {
    FIELD(struct case_place, lat, .title = STR_INIT("纬度")),
    FIELD(struct case_place, lng, .title = STR_INIT("经度")),
    FIELD(struct case_place, source, .max = 20, .title = STR_INIT("来源")),
    FIELD(struct case_place, words, .max = WORDS_CHARS_MAX, .title = STR_INIT("位置说明")),
    FIELD(struct case_place, area, .max = 15, .title = STR_INIT("辖区")),
};

struct reading {
    struct op                *op;
    struct answers           *answers;
    const struct scene_field *field;
    size_t                    i;
    struct str                where;
};

static void wrong(const struct reading *r, const char *says)
{
    problem_add(&r->op->problems, r->where, "%s", says);
}

static bool text_of(const struct reading *r, struct str raw, struct str *text)
{
    if (json_type(raw) == JSON_STRING && json_value_text(r->op->arena, raw, text))
        return true;
    problem_add(&r->op->problems, r->where, "%.*s要写成文字。", STR_ARG(r->field->title));
    return false;
}

/* -------------------------------------------------- one function per type */

static struct rule_value read_choice(const struct reading *r, struct str raw)
{
    struct str text;

    if (!text_of(r, raw, &text))
        return (struct rule_value){ 0 };
    for (size_t i = 0; i < r->field->noptions; i++)
        if (str_eq(r->field->options[i].value, text))
            return rule_text(r->field->options[i].value);
    problem_add(&r->op->problems, r->where, "%.*s里没有“%.*s”这一项，请从列出的里面选。",
                STR_ARG(r->field->title), STR_ARG(text));
    return (struct rule_value){ 0 };
}

static struct rule_value read_yesno(const struct reading *r, struct str raw)
{
    enum json_type type = json_type(raw);

    if (type == JSON_TRUE || type == JSON_FALSE)
        return rule_truth_value(type == JSON_TRUE);
    problem_add(&r->op->problems, r->where, "%.*s要回答是或否。", STR_ARG(r->field->title));
    return (struct rule_value){ 0 };
}

static struct rule_value read_text(const struct reading *r, struct str raw)
{
    struct str text;

    if (!text_of(r, raw, &text))
        return (struct rule_value){ 0 };
    size_t  chars = str_chars(text);
    int64_t most =
        r->field->max > r->answers->words_max ? r->field->max : r->answers->words_max;
    if ((int64_t)chars > most) {
        problem_add(&r->op->problems, r->where, "%.*s最多写 %lld 个字，现在有 %zu 个。",
                    STR_ARG(r->field->title), (long long)most, chars);
        return (struct rule_value){ 0 };
    }
    return str_trim(text).len ? rule_text(text) : (struct rule_value){ 0 };
}

static struct rule_value read_photos(const struct reading *r, struct str raw)
{
    struct str         rest = json_inside(raw);
    struct json_member member;
    struct list       *photos = &r->answers->photos;
    int64_t           *ids = arena_many(r->op->arena, (size_t)r->field->max + 1, int64_t);

    if (json_type(raw) != JSON_ARRAY || !ids) {
        wrong(r, "照片要给出一列编号。");
        return (struct rule_value){ 0 };
    }
    size_t n = 0;
    while (json_member(r->op->arena, &rest, &member)) {
        struct str text = STR_NONE;
        if (n == (size_t)r->field->max) {
            problem_add(&r->op->problems, r->where, "最多 %lld 张照片，请删掉几张。",
                        (long long)r->field->max);
            break;
        }
        if (json_type(member.value) != JSON_STRING ||
            !json_value_text(r->op->arena, member.value, &text) ||
            !str_int64(text, &ids[n]) || ids[n] <= 0) {
            wrong(r, "照片的编号不对，请重新选照片。");
            return (struct rule_value){ 0 };
        }
        n++;
    }
    *photos = (struct list){ ids, n };
    return n ? rule_int((int64_t)n) : (struct rule_value){ 0 };
}

static bool in_china(const struct case_place *place)
{
    return place->lat >= LAT_MIN && place->lat <= LAT_MAX && place->lng >= LNG_MIN &&
           place->lng <= LNG_MAX;
}

/* All of them give WGS-84; a place in another datum would be some hundred metres off. */
static bool known_source(struct str source)
{
    static const struct str known[] = { STR_INIT("gps"), STR_INIT("photo"), STR_INIT("map"),
                                        STR_INIT("area"), STR_INIT("words") };

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(known[i], source))
            return true;
    return str_empty(source);
}

static struct rule_value read_place(const struct reading *r, struct str raw)
{
    struct case_place *place = &r->answers->place;

    if (json_type(raw) != JSON_OBJECT) {
        wrong(r, "位置要给出坐标或文字说明。");
        return (struct rule_value){ 0 };
    }
    enum rc rc = json_read_at(r->op->arena, raw, r->where, place_fields,
                              COUNT(place_fields), place, &r->op->problems);
    bool    located = place->lat != 0 || place->lng != 0;
    if (rc == RC_OK && located && !in_china(place))
        wrong(r, "这个坐标不在中国境内，请重新定位，或写清楚在哪里。");
    if (rc == RC_OK && !known_source(place->source))
        wrong(r, "位置的来源要写 gps、photo、map、area 或 words，坐标是 WGS-84 的。");
    if (rc == RC_OK && place->area.at && area_level(place->area) < LEVEL_COUNTY)
        wrong(r, "辖区要到区县以下，请选到社区。");
    if (rc == RC_OK && !located && !str_trim(place->words).len && !place->area.at)
        return (struct rule_value){ 0 };
    struct rule_value value = rule_at(place->lat, place->lng, place->area);
    value.place.located = located;
    return value;
}

static struct rule_value read_phone(const struct reading *r, struct str raw)
{
    struct str text;

    if (!text_of(r, raw, &text))
        return (struct rule_value){ 0 };
    text = code_clean(r->op->arena, CODE_PHONE, text);
    if (!text.len)
        return (struct rule_value){ 0 };
    struct str says = code_says(r->op->arena, CODE_PHONE, text, r->op->now_ms);
    if (says.at)
        problem_add(&r->op->problems, r->where, "%.*s", STR_ARG(says));
    return rule_text(text);
}

static struct rule_value read_number(const struct reading *r, struct str raw)
{
    int64_t number;

    if (json_type(raw) == JSON_NUMBER && json_value_int(raw, &number))
        return rule_int(number);
    problem_add(&r->op->problems, r->where, "%.*s要填整数。", STR_ARG(r->field->title));
    return (struct rule_value){ 0 };
}

static struct rule_value read_date(const struct reading *r, struct str raw)
{
    struct str text;
    int64_t    days;

    if (!text_of(r, raw, &text))
        return (struct rule_value){ 0 };
    if (rule_read_date(text, &days))
        return rule_date(days);
    problem_add(&r->op->problems, r->where, "%.*s要写成 2026-11-22 这样的日期。",
                STR_ARG(r->field->title));
    return (struct rule_value){ 0 };
}

static struct rule_value read_person(const struct reading *r, struct str raw)
{
    struct str text;
    int64_t    id;

    if (!text_of(r, raw, &text))
        return (struct rule_value){ 0 };
    if (str_int64(text, &id) && id > 0)
        return rule_person(id);
    wrong(r, "没有认出是哪个人，请重新选。");
    return (struct rule_value){ 0 };
}

typedef struct rule_value reader(const struct reading *r, struct str raw);
static reader *const      readers[ASKS_COUNT] = {
         [ASKS_CHOICE] = read_choice, [ASKS_YESNO] = read_yesno, [ASKS_TEXT] = read_text,
         [ASKS_PHOTOS] = read_photos, [ASKS_PLACE] = read_place, [ASKS_PHONE] = read_phone,
         [ASKS_NUMBER] = read_number, [ASKS_DATE] = read_date,   [ASKS_PERSON] = read_person,
};

/* --------------------------------------------------------------- reading */

static struct str where_of(struct op *op, struct str name)
{
    return str_fmt(op->arena, "fields/%.*s", STR_ARG(name));
}

static void read_member(struct op *op, struct answers *answers, struct json_member member)
{
    const struct case_kind   *kind = answers->kind;
    const struct scene_field *field = kind_field(kind, member.key);
    struct str                where = where_of(op, member.key);

    if (!field) {
        problem_add(&op->problems, where, "“%.*s”里没有“%.*s”这一项。",
                    STR_ARG(kind->title), STR_ARG(member.key));
        return;
    }
    if (json_type(member.value) == JSON_NULL)
        return;
    size_t         i = (size_t)(field - kind->fields);
    struct reading r = { op, answers, field, i, where };
    answers->values[i] = readers[field->asks](&r, member.value);
    if (answers->values[i].type)
        answers->raw[i] = member.value;
}

static enum rc make_room(struct op *op, const struct case_kind *kind,
                         struct answers *answers)
{
    *answers = (struct answers){
        .kind = kind,
        .raw = arena_many(op->arena, kind->nfields + 1, struct str),
        .values = arena_many(op->arena, kind->nfields + 1, struct rule_value),
    };
    return answers->raw && answers->values ? RC_OK : RC_TOO_LARGE;
}

static void read_members(struct op *op, struct answers *answers, struct str object)
{
    struct json_member member;

    for (struct str rest = json_inside(object); json_member(op->arena, &rest, &member);)
        read_member(op, answers, member);
}

/* ---- what is filled in for the person: `default` ---- */

static bool mentioned(struct op *op, struct str object, struct str name)
{
    struct json_member member;

    for (struct str rest = json_inside(object); json_member(op->arena, &rest, &member);)
        if (str_eq(member.key, name))
            return true;
    return false;
}

/* What the register knows of the asker, which no client has in clear. */
static void know_me(struct op *op, struct case_record *record)
{
    struct person       person;
    struct person_clear clear = { 0 };
    int64_t             born;

    if (!op->actor->person || person_find(op, op->actor->person, &person) != RC_OK)
        return;
    if (rule_read_date(person.birth, &born))
        record->my_age = rule_years(born, rule_today(op->now_ms));
    if (person_open(op, &person, &clear) == RC_OK && clear.phone.len)
        record->my_phone = clear.phone;
}

/* A home is known as an area. */
static void place_json(struct json_out *out, struct str area)
{
    json_open(out, '{');
    json_key(out, STR("source"));
    json_text(out, STR("area"));
    json_key(out, STR("area"));
    json_text(out, area);
    json_close(out, '}');
}

static struct str json_of(struct op *op, struct rule_value value)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    if (value.known && value.type == RULE_TEXT && value.text.len)
        json_text(&out, value.text);
    else if (value.known && value.type == RULE_TRUTH)
        json_bool(&out, value.truth);
    else if (value.known && value.type == RULE_NUMBER && value.number.scale == 0)
        json_int(&out, value.number.digits);
    else if (value.known && value.type == RULE_PLACE && value.place.area.len)
        place_json(&out, value.place.area);
    else
        json_null(&out);
    return json_done(&out);
}

/* What is asked and was not sent takes its default; an empty answer (null) was meant. */
static void fill_in(struct op *op, const struct scene *scene, struct str sent,
                    struct answers *answers)
{
    struct case_record record = answers_record(op, scene, answers, NULL);
    bool               asked = false;

    for (size_t i = 0; i < answers->kind->nfields; i++) {
        const struct scene_field *field = &answers->kind->fields[i];
        if (!field->fills || mentioned(op, sent, field->name) ||
            case_rule_test(field->ask, &record, NULL) != RULE_YES)
            continue;
        if (!asked)
            know_me(op, &record);
        asked = true;
        read_member(op, answers,
                    (struct json_member){
                        field->name, json_of(op, case_rule_value(field->fills, &record)) });
    }
}

/* A field is owed when it is required and asked at all; an `ask` that cannot be
 * told yet counts as not asked. */
static void check_owed(struct op *op, const struct scene *scene, struct answers *answers)
{
    struct case_record record = answers_record(op, scene, answers, NULL);

    for (size_t i = 0; i < answers->kind->nfields; i++) {
        const struct scene_field *field = &answers->kind->fields[i];
        if (field->required && !answers->values[i].type &&
            case_rule_test(field->ask, &record, NULL) == RULE_YES)
            problem_add(&op->problems, where_of(op, field->name), "还没有填%.*s。",
                        STR_ARG(field->title));
    }
}

static enum rc check_stops(struct op *op, const struct scene *scene,
                           struct answers *answers)
{
    struct case_record record = answers_record(op, scene, answers, NULL);

    for (size_t i = 0; i < answers->kind->nstops; i++) {
        const struct scene_stop *stop = &answers->kind->stops[i];
        if (case_rule_test(stop->when, &record, NULL) == RULE_YES)
            return fail(op, RC_REFUSED, NULL, "%.*s", STR_ARG(stop->say));
    }
    return RC_OK;
}

/* The first sentence, at most TITLE_CHARS_MAX characters of it. */
static struct str first_sentence(struct op *op, struct str text)
{
    static const char *const ends[] = { "。", "！", "？", "；", "\n", "，" };
    struct str               head = str_trim(text);

    for (size_t i = 0; i < COUNT(ends); i++) {
        const char *end =
            head.len ? memmem(head.at, head.len, ends[i], strlen(ends[i])) : NULL;
        bool comma = i + 1 == COUNT(ends);
        if (end && end != head.at && (!comma || str_chars(head) > TITLE_CHARS_MAX))
            head.len = (size_t)(end - head.at);
    }
    if (str_chars(head) <= TITLE_CHARS_MAX)
        return head;
    struct str rest = head;
    for (int i = 0; i < TITLE_CHARS_MAX - 1; i++)
        (void)str_utf8_next(&rest);
    return str_fmt(op->arena, "%.*s…", (int)(rest.at - head.at), head.at);
}

/* The first that was answered and may stand in clear; absent: none was. */
static struct str first_answer(const struct answers *answers, enum asks asks)
{
    const struct case_kind *kind = answers->kind;

    for (size_t i = 0; i < kind->nfields; i++)
        if (kind->fields[i].asks == asks && kind->fields[i].grade < GRADE_PERSONAL &&
            answers->values[i].type)
            return answers->values[i].text;
    return STR_NONE;
}

/* A case is called by the first sentence of its first text, or by its kind.  The title goes
 * where the inside does not (sight.h, inside.h): a confidential one has nobody's words. */
static void name_case(struct op *op, struct answers *answers)
{
    const struct case_kind *kind = answers->kind;
    struct str              said = first_answer(answers, ASKS_TEXT);
    struct str              category = first_answer(answers, ASKS_CHOICE);

    answers->category = category.at ? category : STR("");
    if (kind->confidential)
        answers->title = category.at ? str_fmt(op->arena, "%.*s：%.*s",
                                               STR_ARG(kind->title), STR_ARG(category))
                                     : kind->title;
    else
        answers->title = said.at ? first_sentence(op, said) : kind->title;
}

enum rc answers_read(struct op *op, const struct scene *scene, const struct case_kind *kind,
                     struct str fields, int64_t words_max, struct answers *answers)
{
    enum rc rc = make_room(op, kind, answers);
    if (rc != RC_OK)
        return rc;
    answers->words_max = words_max;
    if (json_type(fields) != JSON_OBJECT)
        return fail(op, RC_INVALID, "fields", "填的内容要是一组字段。");
    size_t before = op->problems.n;
    read_members(op, answers, fields);
    fill_in(op, scene, fields, answers);
    rc = check_stops(op, scene, answers);
    if (rc != RC_OK)
        return rc;
    check_owed(op, scene, answers);
    if (op->problems.n != before)
        return RC_INVALID;
    name_case(op, answers);
    return RC_OK;
}

enum rc answers_load(struct op *op, const struct scene *scene, const struct case_kind *kind,
                     struct str fields, struct str opened, struct answers *answers)
{
    (void)scene;
    enum rc rc = make_room(op, kind, answers);
    if (rc != RC_OK)
        return rc;
    answers->words_max = INT64_MAX; /* it was taken as it stands */
    read_members(op, answers, fields);
    if (opened.len)
        read_members(op, answers, opened);
    name_case(op, answers);
    return RC_OK;
}

enum rc answers_put(struct op *op, struct answers *answers, const struct scene_field *field,
                    struct str raw, struct str where)
{
    size_t         i = (size_t)(field - answers->kind->fields);
    struct reading r = { op, answers, field, i, where };
    size_t         before = op->problems.n;

    if (field->asks == ASKS_PLACE) /* nothing is left of the old one */
        answers->place = (struct case_place){ 0 };
    struct rule_value value = readers[field->asks](&r, raw);

    if (op->problems.n != before)
        return RC_INVALID;
    if (!value.type)
        return fail(op, RC_INVALID, "fields", "%.*s没有填。", STR_ARG(field->title));
    answers->values[i] = value;
    answers->raw[i] = raw;
    name_case(op, answers);
    return RC_OK;
}

/* So many fields with photos at most were answered. */
static size_t photo_fields(const struct case_kind *kind, struct str fields)
{
    size_t n = 0;

    for (size_t i = 0; i < kind->nfields; i++)
        n += kind->fields[i].asks == ASKS_PHOTOS &&
             json_may_have(fields, kind->fields[i].name);
    return n;
}

enum rc answers_photos(struct op *op, const struct case_kind *kind, struct str fields,
                       struct list *photos)
{
    struct answers     answers = { .kind = kind };
    struct json_member member;
    size_t             left = photo_fields(kind, fields);
    struct str         rest = json_inside(fields);

    while (left && json_member(op->arena, &rest, &member)) {
        const struct scene_field *field = kind_field(kind, member.key);
        if (!field || field->asks != ASKS_PHOTOS)
            continue;
        left--;
        if (json_type(member.value) != JSON_NULL)
            (void)read_photos(&(struct reading){ op, &answers, field, 0, STR("fields") },
                              member.value);
    }
    *photos = answers.photos;
    return RC_OK;
}

/* --------------------------------------------------------------- writing */

struct str answers_write(struct op *op, const struct answers *answers, bool personal)
{
    struct json_out out;
    size_t          n = 0;

    json_out_init(&out, op->arena);
    json_open(&out, '{');
    for (size_t i = 0; i < answers->kind->nfields; i++) {
        const struct scene_field *field = &answers->kind->fields[i];
        if (!answers->raw[i].at || (field->grade >= GRADE_PERSONAL) != personal)
            continue;
        json_key(&out, field->name);
        json_raw(&out, answers->raw[i]);
        n++;
    }
    json_close(&out, '}');
    return personal && n == 0 ? STR_NONE : json_done(&out);
}

static struct str place_text(struct op *op, struct str raw)
{
    struct case_place place = { 0 };

    if (json_read(op->arena, raw, place_fields, COUNT(place_fields), &place,
                  &op->problems) != RC_OK)
        return STR("");
    struct str area = place.area.at ? area_path(op, place.area, LEVEL_STREET) : STR("");
    return area.len && place.words.len
               ? str_fmt(op->arena, "%.*s %.*s", STR_ARG(area), STR_ARG(place.words))
           : place.words.len ? place.words
                             : area;
}

struct str answer_text(struct op *op, const struct scene_field *field, struct str raw,
                       bool clear)
{
    struct str text = STR("");

    if (!raw.at)
        return STR("");
    switch (field->asks) {
    case ASKS_CHOICE:
    case ASKS_TEXT:
    case ASKS_DATE:
        return json_value_text(op->arena, raw, &text) ? text : STR("");
    case ASKS_PHONE:
        if (!json_value_text(op->arena, raw, &text))
            return STR("");
        return clear ? text : mask_phone(op->arena, text);
    case ASKS_YESNO:
        return json_type(raw) == JSON_TRUE ? STR("是") : STR("否");
    case ASKS_PLACE:
        return place_text(op, raw);
    case ASKS_NUMBER:
        return raw;
    case ASKS_PHOTOS:
    case ASKS_PERSON:
    case ASKS_COUNT:
        break;
    }
    return STR("");
}

struct case_record answers_record(struct op *op, const struct scene *scene,
                                  const struct answers *answers, const struct case_row *row)
{
    struct case_record record = {
        .scene = scene,
        .kind = answers->kind,
        .fields = answers->values,
        .now_ms = op->now_ms,
    };

    if (op->actor) {
        record.asker = op->actor;
        record.my_name = op->actor->name;
        record.my_home = op->actor->home;
    }
    if (row) {
        record.area = row->area;
        record.county = area_at_level(row->area, LEVEL_COUNTY);
        record.state = row->state;
        record.opened_ms = row->opened_ms;
        record.answered_ms = row->answered_ms;
        record.closed_ms = row->closed_ms;
        record.stars = row->stars;
    }
    return record;
}
