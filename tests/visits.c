#include "visits.h"

#include "base/json.h"
#include "files.h"

struct str visit_scene(struct town *t)
{
    return test_file(&t->arena, STR("scenes/service/scene.yaml"));
}

void visit_load(struct town *t, struct str yaml)
{
    town_load_text(t, yaml, (const char *const[]){ "duties", "services", NULL });
}

void visit_town(struct town *t, void **state)
{
    town_open(t, state);
    visit_load(t, visit_scene(t));
    town_employ(t, "dengli", "邓丽", "服务专员", "desk", TOWN_COMMUNITY);
}

#define BOOK "{" VISIT_WINDOW ",\"starts\":\"%s\",\"category\":\"高龄津贴\"%s%s}"

struct asking visit_book(struct town *t, const char *login, const char *starts)
{
    return town_ask(t, login, "appoint.book", BOOK, starts, "", "");
}

struct asking visit_book_for(struct town *t, const char *login, const char *starts,
                             const char *who)
{
    return town_ask(t, login, "appoint.book", BOOK, starts, ",", who);
}

int64_t visit_booked(struct town *t, const char *login, const char *starts)
{
    struct asking got = visit_book(t, login, starts);

    ALLOWED(got);
    return town_id(t, &got, "id");
}

struct asking visit_change(struct town *t, const char *login, const char *act, int64_t id,
                           const char *more)
{
    return town_ask(t, login, act, "{\"id\":\"%lld\"%s}", (long long)id, more);
}

struct asking visit_mark(struct town *t, const char *login, int64_t id, bool came)
{
    return visit_change(t, login, "appoint.mark", id,
                        came ? ",\"came\":true" : ",\"came\":false");
}

struct str visit_seen(struct town *t, const char *login, int64_t id, const char *what)
{
    struct asking got = visit_change(t, login, "appoint.show", id, "");

    ALLOWED(got);
    return json_pick_text(&t->arena, town_answer(&got), what);
}
