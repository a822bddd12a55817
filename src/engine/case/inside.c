#include "engine/case/inside.h"

#include "engine/case/parts.h"
#include "engine/case/reader.h"
#include "guard/actor.h"
#include "registry/look.h"

struct str inside_word(enum inside inside)
{
    static const struct str words[] = {
        [INSIDE_TIED] = STR_INIT("tied"),
        [INSIDE_ASKS] = STR_INIT("asks"),
    };

    return inside == INSIDE_OPEN ? STR_NONE : words[inside];
}

/* What the asker has to do with it now; absent: they once had, or could. */
static struct str what_for(struct op *op, struct a_case *it)
{
    const char *as = case_holds(op->actor, &it->row) ? "承办"
                     : parts_mine(op, it)            ? "协办"
                     : is_reporter(op, &it->row)     ? "代报"
                                                     : NULL;

    return as ? str_fmt(op->arena, "%s办件 %.*s", as, STR_ARG(it->row.number)) : STR_NONE;
}

enum rc inside_of(struct op *op, struct a_case *it, enum inside *inside)
{
    int64_t at_ms = 0;

    *inside = INSIDE_OPEN;
    if (!it->kind->confidential || (is_reporter(op, &it->row) && it->row.person))
        return RC_OK;
    enum rc rc = look_inside_last(op, op->actor->account, it->row.id, &at_ms);
    if (rc != RC_OK || (at_ms && op->now_ms - at_ms < INSIDE_OPEN_MS))
        return rc;
    *inside = what_for(op, it).at ? INSIDE_TIED : INSIDE_ASKS;
    return RC_OK;
}

enum rc inside_look(struct op *op, struct a_case *it, struct str reason)
{
    struct looked_case at = { it->row.id, it->row.person, it->row.area, what_for(op, it) };
    enum inside        inside;

    enum rc rc = inside_of(op, it, &inside);
    return rc == RC_OK && inside != INSIDE_OPEN ? look_inside(op, &at, reason) : rc;
}

bool case_inside(struct op *op, int64_t id)
{
    struct a_case it;
    enum inside   inside;

    return case_find(op, id, &it) == RC_OK && inside_of(op, &it, &inside) == RC_OK &&
           inside == INSIDE_OPEN;
}
