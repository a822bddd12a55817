#include "engine/case/links.h"

#include "base/json.h"
#include "engine/case/links_store.h"
#include "engine/case/seal.h"

static struct str as_json(struct op *op, struct str text)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_text(&out, text);
    return json_done(&out);
}

static const struct scene_field *first_text(const struct case_kind *kind)
{
    for (size_t i = 0; i < kind->nfields; i++)
        if (kind->fields[i].asks == ASKS_TEXT)
            return &kind->fields[i];
    return NULL;
}

static void leave_photos(struct answers *answers)
{
    for (size_t i = 0; i < answers->kind->nfields; i++)
        if (answers->kind->fields[i].asks == ASKS_PHOTOS) {
            answers->raw[i] = STR_NONE;
            answers->values[i] = (struct rule_value){ 0 };
        }
    answers->photos = (struct list){ 0 };
}

/* The other matter's: category and text as they are told; photos stay where they were
 * sent, the rest is the same. */
static enum rc other_answers(struct turn *turn, struct answers *answers)
{
    const struct a_case    *it = turn->it;
    const struct move_args *args = turn->args;
    struct op              *op = turn->op;
    struct str              opened;

    enum rc rc = case_unseal(op, &it->row, &opened);
    if (rc == RC_OK)
        rc = answers_load(op, it->scene, it->kind, it->row.fields, opened, answers);
    if (rc != RC_OK)
        return rc;
    leave_photos(answers);
    rc = answers_put(op, answers, kind_category(it->kind),
                     as_json(op, str_trim(args->category)), STR("category"));
    return rc == RC_OK ? answers_put(op, answers, first_text(it->kind),
                                     as_json(op, str_trim(args->text)), STR("text"))
                       : rc;
}

enum rc links_split(struct turn *turn)
{
    struct op     *op = turn->op;
    struct answers answers;
    struct a_case  made;

    enum rc rc = other_answers(turn, &answers);
    if (rc == RC_OK)
        rc = case_open_beside(turn, &answers, &made);
    if (rc != RC_OK)
        return rc;
    struct case_link link = {
        .county = made.row.county,
        .case_id = made.row.id,
        .link = 1,
        .first_id = turn->it->row.id,
        .how = STR("split"),
        .who = news_who(turn),
        .made_ms = op->now_ms,
        .ended_who = STR(""),
    };
    turn->line.helpers = made.row.number;
    rc = link_insert(op, &link);
    return rc == RC_OK ? case_put_first(op, made.row.id, turn->it->row.id) : rc;
}
