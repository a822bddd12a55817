/* Who is to read a notice, and how many of them have. */
#include "engine/notice/notice_rules.h"
#include "registry/census.h"

static enum rc people_of_houses(struct op *op, const struct notice *notice, struct str part,
                                int64_t *should)
{
    struct list houses;
    int64_t     n;

    enum rc                    rc = notice_houses(op, notice, &houses);
    const struct person_house *rows = houses.at;
    for (size_t i = 0; rc == RC_OK && i < houses.n; i++) {
        rc = house_people_count(op, &rows[i], part, &n);
        *should += n;
    }
    return rc;
}

enum rc notice_counted(struct op *op, const struct notice *notice, struct str part,
                       struct notice_count *count)
{
    struct tally tally = { 0 };
    enum rc      rc;

    *count = (struct notice_count){ 0 };
    if (notice->houses.len)
        rc = people_of_houses(op, notice, part, &count->should);
    else if (notice->role.len)
        rc = holders_count(op, notice->role, part, &count->should);
    else
        rc = census_count(op, part, &count->should);
    if (rc == RC_OK && notice_is_out(notice))
        rc = tally_sum(op, notice, part, &tally);
    count->opened = tally.opened;
    count->done = tally.done;
    return rc;
}
