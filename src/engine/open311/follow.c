/* What the public may see of a case, kept from the journal: the county's follower. */
#include "base/json.h"
#include "engine/case/case.h"
#include "engine/open311/county.h"
#include "engine/open311/open311_store.h"
#include "engine/open311/service.h"
#include "gate/journal.h"
#include "registry/area.h"
#include "registry/org.h"

/* May the public see that field of these cases without anybody having looked at it? */
static bool is_public(const struct case_kind *kind, const struct scene_field *field)
{
    uint64_t bit = UINT64_C(1) << (field - kind->fields);

    return field->grade < GRADE_PERSONAL && !(kind->shown.hide & bit) &&
           !(kind->shown.review & bit);
}

/* Of kinds that are open to platforms; not where its reporter does not want it. */
static bool is_shown(const struct a_case *it, bool private)
{
    return it->kind->nopen311 && !private && !it->row.shielded;
}

/* --------------------------------------------------------------------- rows */

/* An organisation by its name; people by their duty and where, never by their own name. */
static struct str agency(struct op *op, const struct a_case *it,
                         const struct case_line *line)
{
    const struct case_row *row = &it->row;
    struct org             org;

    if (line->holder_org && org_find(op, line->holder_org, &org) == RC_OK)
        return org.name;
    if (!row->duty.len)
        return STR("");
    return str_fmt(op->arena, "%.*s %.*s", STR_ARG(area_name(op, row->duty_area)),
                   STR_ARG(row->duty));
}

static struct str words(struct op *op, const struct a_case *it,
                        const struct scene_field *field)
{
    struct json_member member;
    struct str         text = STR_NONE;

    if (!field || !is_public(it->kind, field))
        return STR_NONE;
    for (struct str rest = json_inside(it->row.fields);
         json_member(op->arena, &rest, &member);)
        if (str_eq(member.key, field->name) && json_type(member.value) == JSON_STRING &&
            json_value_text(op->arena, member.value, &text))
            return text;
    return STR_NONE;
}

static struct request_row row_of(struct op *op, const struct a_case *it,
                                 const struct case_line *line)
{
    const struct case_row *row = &it->row;
    struct service_parts   parts = service_parts(it->kind);
    enum public_status     status = kind_status(it->kind, it->state);
    struct str             category = parts.of[PART_CATEGORY] ? row->category : STR_NONE;

    struct request_row shown = {
        .county = op->county,
        .id = row->id,
        .code = service_code(op, it->scene, it->kind, category),
        .open = status_is_open(status),
        .status = status_word(status),
        .notes = it->kind->states[it->state].title,
        .service = category.len ? category : it->kind->title,
        .says = words(op, it, parts.of[PART_WORDS]),
        .agency = agency(op, it, line),
        .due_ms = row->closed_ms ? 0 : row->due_ms,
        .area = row->community.len ? row->community : row->street,
        .address = STR(""),
    };
    if (parts.of[PART_PLACE] && is_public(it->kind, parts.of[PART_PLACE])) {
        shown.address = row->place;
        shown.lat = row->lat;
        shown.lng = row->lng;
    }
    return shown;
}

static enum rc keep_request(struct op *op, const struct line *line,
                            const struct case_line *said, const struct a_case *it,
                            struct str reviewed)
{
    struct request_row before = { 0 }, now = row_of(op, it, said);

    if (reviewed.at)
        now.says = reviewed;

    enum rc rc = open311_select(op, it->row.id, &before);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    now.updated_ms = line->at_ms;
    now.changed_ms = rc == RC_OK && !str_eq(said->from, said->to) ? line->at_ms
                     : rc == RC_OK                                ? before.changed_ms
                                                                  : line->at_ms;
    return open311_put(op, &now);
}

/* ------------------------------------------------------------------ updates */

static size_t state_of(const struct case_kind *kind, struct str name)
{
    const struct scene_state *state = kind_state(kind, name);

    return state ? (size_t)(state - kind->states) : 0;
}

/* A move that changed the state, in the scene's own words: what people wrote to one
 * another is theirs. */
static enum rc keep_update(struct op *op, const struct line *line,
                           const struct case_line *said, const struct a_case *it)
{
    const struct scene_move *move = said->move.len ? kind_move(it->kind, said->move) : NULL;

    if (!move || str_eq(said->from, said->to))
        return RC_OK;
    enum public_status status = kind_status(it->kind, state_of(it->kind, said->to));
    return open311_update_add(op, &(struct update_row){
                                      .county = op->county,
                                      .seq = line->seq,
                                      .id = it->row.id,
                                      .at_ms = line->at_ms,
                                      .status = status_word(status),
                                      .says = move_says(op->arena, move, STR("承办方")),
                                  });
}

/* ----------------------------------------------------------------- follower */

static enum rc follow(struct op *op, const struct line *line)
{
    struct case_line said;
    struct a_case    it;

    if (!open311_here(op))
        return RC_OK;
    enum rc rc = case_line_read(op, line, &said);
    if (rc == RC_OK)
        rc = case_load(op, line->subject, &it);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    bool private;
    struct str reviewed;
    rc = case_publicity(op, &it, &private, &reviewed);
    if (rc != RC_OK || !it.kind->nopen311)
        return rc;
    if (!is_shown(&it, private)) /* also what was shown until now */
        return open311_delete(op, it.row.id);
    rc = keep_request(op, line, &said, &it, reviewed);
    return rc == RC_OK ? keep_update(op, line, &said, &it) : rc;
}

const struct follower open311_follower = { .name = "open311", .line = follow };

/* ------------------------------------------------------------------ privacy */

static enum rc drop(struct op *op, const struct whose *whose)
{
    const int64_t *subjects = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; i < whose->subjects.n && rc == RC_OK; i++)
        rc = open311_delete(op, subjects[i]);
    return rc;
}

static enum rc shield(struct op *op, struct whose *whose, bool shielded)
{
    return shielded ? drop(op, whose) : RC_OK;
}

static enum rc forget(struct op *op, struct whose *whose)
{
    return drop(op, whose);
}

const struct person_keeper open311_keeper = { .name = "open311",
                                              .shield = shield,
                                              .forget = forget };
