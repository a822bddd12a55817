#include "notices.h"

#include "base/json.h"

struct asking notice_waiting(struct town *t, const char *how)
{
    return town_ask(t, "zhoulan", "notice.write", "{" NOTICE_HERE "," NOTICE_SAYS ",%s}",
                    how);
}

struct asking notice_approved(struct town *t, const char *login, int64_t id, int version)
{
    return town_ask(t, login, "notice.approve", "{\"id\":\"%lld\",\"version\":%d}",
                    (long long)id, version);
}

int64_t notice_given(struct town *t, const char *how)
{
    struct asking made = notice_waiting(t, how);

    ALLOWED(made);
    int64_t id = town_id(t, &made, "id");
    ALLOWED(notice_approved(t, "sunli", id, 1));
    return id;
}

struct asking notice_reads(struct town *t, const char *login, int64_t id, int version,
                           const char *more)
{
    return town_ask(t, login, "notice.read", "{\"id\":\"%lld\",\"version\":%d%s}",
                    (long long)id, version, more);
}

struct str notice_seen(struct town *t, const char *login, int64_t id, const char *path)
{
    struct asking got =
        town_ask(t, login, "notice.show", "{\"id\":\"%lld\"}", (long long)id);

    ALLOWED(got);
    return json_pick_text(&t->arena, town_answer(&got), path);
}
