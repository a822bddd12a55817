/* What the platform is told, written from the journal: the county's follower. */
#include "engine/upper/keys.h"
#include "engine/upper/say.h"
#include "gate/journal.h"

/* What a line means for the platform; absent: nothing it does not know.  The link is
 * changed with it. */
static struct str meaning(struct upper_link *link, bool is_up, bool by_platform)
{
    if (str_eq(link->way, WAY_IN))
        return by_platform ? STR_NONE : SAYS_UPDATE;
    bool was_up = link->open;
    link->open = is_up;
    if (is_up && !was_up)
        return SAYS_HANDED;
    if (by_platform || !was_up)
        return STR_NONE;
    return is_up ? SAYS_UPDATE : SAYS_RECALLED;
}

static enum rc tell(struct op *op, struct upper_link *link, struct str kind,
                    const struct line *line, const struct case_line *said)
{
    struct a_case it;
    enum rc       rc = RC_OK;

    if (kind.at)
        rc = case_load(op, line->subject, &it);
    if (kind.at && rc == RC_OK)
        rc = upper_say(op, link, kind, &it, said, line->at_ms);
    return rc == RC_OK ? upper_link_put(op, link) : rc;
}

static enum rc follow(struct op *op, const struct line *line)
{
    struct case_line  said;
    struct upper_link link;
    int64_t           account;

    if (!upper_here(op))
        return RC_OK;
    enum rc rc = case_line_read(op, line, &said);
    if (rc == RC_OK)
        rc = upper_account(op, &account);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    bool is_up = said.holder_account == account;
    rc = upper_link_find(op, line->subject, &link);
    if (rc == RC_NOT_FOUND && !is_up)
        return RC_OK;
    if (rc == RC_NOT_FOUND)
        link = (struct upper_link){ .county = op->county,
                                    .case_id = line->subject,
                                    .way = WAY_OUT,
                                    .theirs = STR("") };
    else if (rc != RC_OK)
        return rc;
    link.account = account;
    struct str kind = meaning(&link, is_up, line->actor == account);
    rc = tell(op, &link, kind, line, &said);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

const struct follower upper_follower = { .name = "upper", .line = follow };
