#include "engine/case/view.h"

#include "engine/case/links_store.h"

const struct field link_fields[LINK_NFIELDS] = {
    FIELD_ID(struct shown_link, id, OPTIONAL),
    FIELD(struct shown_link, number, OPTIONAL),
    FIELD(struct shown_link, how, OPTIONAL),
    FIELD(struct shown_link, says, OPTIONAL),
    FIELD(struct shown_link, state_title, OPTIONAL),
    FIELD(struct shown_link, who, OPTIONAL),
    FIELD_TIME(struct shown_link, at, OPTIONAL),
    FIELD_TIME(struct shown_link, ended, OPTIONAL),
    FIELD(struct shown_link, first, OPTIONAL),
};

/* From this case's side. */
static struct str link_says(const struct case_link *link, bool to_first)
{
    if (str_eq(link->how, STR("split")))
        return to_first ? STR("从那一件拆分出来") : STR("拆分出去，单独办");
    if (link->ended_ms)
        return to_first ? STR("随它一起办过，后来分开了") : STR("随这一件办过，后来分开了");
    if (str_eq(link->how, STR("merged")))
        return to_first ? STR("并入了那一件") : STR("并入了这一件");
    return to_first ? STR("同一件事，随它一起办") : STR("同一件事，随这一件一起办");
}

static enum rc show_link(struct op *op, const struct a_case *it,
                         const struct case_link *link, struct shown_link *shown)
{
    struct a_case other;
    bool          to_first = link->case_id == it->row.id;

    enum rc rc = case_load(op, to_first ? link->first_id : link->case_id, &other);
    if (rc != RC_OK)
        return rc;
    bool seen = case_may_see(op, &other);
    if (!seen && other.kind->confidential)
        return RC_NOT_FOUND;
    *shown = (struct shown_link){
        .id = seen ? other.row.id : 0,
        .number = other.row.number,
        .how = link->how,
        .says = link_says(link, to_first),
        .state_title = other.kind->states[other.state].title,
        .who = link->ended_ms ? link->ended_who : link->who,
        .at = link->made_ms,
        .ended = link->ended_ms,
        .first = to_first,
    };
    return RC_OK;
}

static enum rc add(struct op *op, const struct a_case *it, const struct list *links,
                   struct list *shown)
{
    const struct case_link *link = links->at;
    enum rc                 rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < links->n; i++) {
        rc = show_link(op, it, &link[i], (struct shown_link *)shown->at + shown->n);
        shown->n += rc == RC_OK;
        rc = rc == RC_NOT_FOUND ? RC_OK : rc; /* not for these eyes */
    }
    return rc;
}

enum rc case_show_links(struct op *op, const struct a_case *it, struct list *shown)
{
    struct list to, from;

    enum rc rc = link_select_case(op, it->row.id, &to);
    if (rc == RC_OK)
        rc = link_select_first(op, it->row.id, &from);
    if (rc != RC_OK)
        return rc;
    *shown =
        (struct list){ arena_many(op->arena, to.n + from.n + 1, struct shown_link), 0 };
    if (!shown->at)
        return RC_TOO_LARGE;
    rc = add(op, it, &to, shown);
    return rc == RC_OK ? add(op, it, &from, shown) : rc;
}
