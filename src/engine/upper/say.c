#include "engine/upper/say.h"

#include "base/json.h"
#include "registry/area.h"

struct said_field {
    struct str name, title, text;
};
static const struct field said_field_fields[] = {
    FIELD(struct said_field, name, OPTIONAL),
    FIELD(struct said_field, title, OPTIONAL),
    FIELD(struct said_field, text, OPTIONAL),
};
struct said {
    int64_t     message;
    struct str  kind;
    int64_t     seq, case_id;
    struct str  number, theirs;
    int64_t     at;
    struct str  scene, case_kind, category, title, state, state_title;
    bool        done, late, urgent;
    struct str  area, area_name, place;
    double      lat, lng;
    int64_t     due;
    struct str  text;
    struct list fields; /* struct said_field */
    struct list photos; /* int64_t */
};
static const struct field said_fields[] = {
    FIELD_ID(struct said, message, OPTIONAL),
    FIELD(struct said, kind, OPTIONAL),
    FIELD(struct said, seq, OPTIONAL),
    FIELD_ID(struct said, case_id, OPTIONAL),
    FIELD(struct said, number, OPTIONAL),
    FIELD(struct said, theirs, OPTIONAL),
    FIELD_TIME(struct said, at, OPTIONAL),
    FIELD(struct said, scene, OPTIONAL),
    FIELD(struct said, case_kind, OPTIONAL),
    FIELD(struct said, category, OPTIONAL),
    FIELD(struct said, title, OPTIONAL),
    FIELD(struct said, state, OPTIONAL),
    FIELD(struct said, state_title, OPTIONAL),
    FIELD(struct said, done, OPTIONAL),
    FIELD(struct said, late, OPTIONAL),
    FIELD(struct said, urgent, OPTIONAL),
    FIELD(struct said, area, OPTIONAL),
    FIELD(struct said, area_name, OPTIONAL),
    FIELD(struct said, place, OPTIONAL),
    FIELD(struct said, lat, OPTIONAL),
    FIELD(struct said, lng, OPTIONAL),
    FIELD_TIME(struct said, due, OPTIONAL),
    FIELD(struct said, text, OPTIONAL),
    FIELD_LIST(struct said, fields, struct said_field, said_field_fields, OPTIONAL),
    FIELD_LIST_OF(struct said, photos, KIND_ID, OPTIONAL),
};

/* ------------------------------------------------------- what was filled in */

static struct str value_text(struct op *op, struct str value)
{
    struct str text;

    if (json_type(value) == JSON_STRING)
        return json_value_text(op->arena, value, &text) ? text : STR("");
    if (json_type(value) == JSON_TRUE || json_type(value) == JSON_FALSE)
        return json_type(value) == JSON_TRUE ? STR("是") : STR("否");
    return value;
}

/* A place is told apart; photos too; what is personal is not among the row's fields. */
static bool is_told(const struct scene_field *field)
{
    return field && field->asks != ASKS_PLACE && field->asks != ASKS_PHOTOS &&
           field->grade < GRADE_PERSONAL;
}

static enum rc read_fields(struct op *op, const struct a_case *it, struct said *said)
{
    struct said_field *all = arena_many(op->arena, SCENE_FIELDS_MAX, struct said_field);
    struct json_member member;

    if (!all)
        return RC_TOO_LARGE;
    said->fields.at = all;
    for (struct str rest = json_inside(it->row.fields);
         json_member(op->arena, &rest, &member) && said->fields.n < SCENE_FIELDS_MAX;) {
        const struct scene_field *field = kind_field(it->kind, member.key);
        if (is_told(field))
            all[said->fields.n++] = (struct said_field){ field->name, field->title,
                                                         value_text(op, member.value) };
    }
    return RC_OK;
}

/* Those that it was reported with. */
static void first_photos(struct op *op, const struct a_case *it, struct said *said)
{
    struct str *ids = arena_many(op->arena, PHOTOS_PER_CASE_MAX, struct str);
    int64_t    *all = arena_many(op->arena, PHOTOS_PER_CASE_MAX, int64_t);

    said->photos.at = all;
    for (size_t f = 0; ids && all && f < it->kind->nfields; f++) {
        if (it->kind->fields[f].asks != ASKS_PHOTOS)
            continue;
        struct str path = str_cat(op->arena, it->kind->fields[f].name, STR("/*"));
        size_t     n = json_pick_all(op->arena, it->row.fields, path, ids,
                                     PHOTOS_PER_CASE_MAX - said->photos.n);
        for (size_t i = 0; i < n; i++)
            said->photos.n += str_int64(ids[i], &all[said->photos.n]);
    }
}

/* ------------------------------------------------------------------ writing */

/* Where somebody is whom nobody may find stays here. */
static void say_place(struct op *op, const struct a_case *it, struct said *said)
{
    const struct case_row *row = &it->row;

    said->area = row->community.len ? row->community : row->street;
    said->area_name = area_path(op, said->area, LEVEL_COUNTY);
    if (row->shielded)
        return;
    said->place = row->place;
    said->lat = row->lat;
    said->lng = row->lng;
}

/* The reporter hears what the reporter is told; who has to resolve it hears all. */
static bool may_hear(const struct upper_link *link, const struct case_line *line)
{
    const struct telling *tell = line->tell.at;

    for (size_t i = 0; i < line->tell.n; i++)
        if (tell[i].account == link->account)
            return true;
    return str_eq(link->way, WAY_OUT);
}

static void say_line(const struct upper_link *link, const struct case_line *line,
                     struct said *said)
{
    said->late = line->late;
    if (!may_hear(link, line))
        return;
    said->text = line->text.len ? line->text : line->reason;
    if (!said->photos.n && !str_eq(said->kind, SAYS_RECALLED))
        said->photos = line->photos;
}

static struct said said_of(struct op *op, const struct a_case *it)
{
    const struct case_row *row = &it->row;

    return (struct said){
        .message = op_new_id(op),
        .case_id = row->id,
        .number = row->number,
        .scene = row->scene,
        .case_kind = row->kind,
        .category = row->category,
        .title = row->title,
        .state = row->state,
        .state_title = it->kind->states[it->state].title,
        .done = str_eq(row->bucket, STR("answered")) || str_eq(row->bucket, STR("ended")),
        .urgent = row->urgent,
        .due = row->due_ms,
    };
}

static struct str ids_text(struct op *op, struct list ids)
{
    const int64_t *all = ids.at;
    struct str     text = STR("");

    for (size_t i = 0; i < ids.n; i++)
        text = str_fmt(op->arena, "%.*s%s%lld", STR_ARG(text), i ? " " : "",
                       (long long)all[i]);
    return text;
}

static enum rc put(struct op *op, const struct upper_link *link, const struct said *said)
{
    struct json_out out;
    int64_t         open = 0;

    json_out_init(&out, op->arena);
    json_struct(&out, said_fields, COUNT(said_fields), said);
    struct upper_message message = {
        .county = op->county,
        .id = said->message,
        .case_id = said->case_id,
        .number = said->number,
        .seq = link->sent_seq,
        .kind = said->kind,
        .body = json_done(&out),
        .photos = ids_text(op, said->photos),
        .made_ms = op->now_ms,
        .since_ms = op->now_ms,
        .next_ms = op->now_ms,
        .why = STR(""),
    };
    enum rc rc = upper_message_open(op, said->case_id, &open);
    if (rc != RC_OK || !message.body.at || !message.photos.at)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    message.state = open ? MESSAGE_QUEUED : MESSAGE_WAITING;
    return upper_message_insert(op, &message);
}

enum rc upper_say(struct op *op, struct upper_link *link, struct str kind,
                  const struct a_case *it, const struct case_line *line, int64_t at_ms)
{
    struct said said = said_of(op, it);

    link->sent_seq++;
    said.kind = kind;
    said.seq = link->sent_seq;
    said.theirs = link->theirs;
    said.at = at_ms;
    if (str_eq(kind, SAYS_HANDED))
        first_photos(op, it, &said);
    say_place(op, it, &said);
    say_line(link, line, &said);
    enum rc rc = read_fields(op, it, &said);
    return rc == RC_OK ? put(op, link, &said) : rc;
}
