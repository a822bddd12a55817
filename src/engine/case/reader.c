#include "engine/case/reader.h"

#include "guard/actor.h"
#include "guard/mask.h"
#include "registry/account.h"

bool is_reporter(const struct op *op, const struct case_row *row)
{
    return op->actor->account && op->actor->account == row->reporter;
}

bool hides_place(const struct op *op, const struct case_row *row)
{
    return row->shielded && !is_reporter(op, row) &&
           !actor_may(op->actor, RIGHT_SHIELDED_READ, row->area);
}

bool came_from_outside(const struct case_row *row)
{
    return str_eq(row->channel, STR("open311"));
}

struct str masked_name(struct op *op, int64_t account, bool clear)
{
    struct str name = account_name(op, account);

    return clear || !name.len ? name : mask_name(op->arena, name);
}
