/* Which act a method and a path mean. */
#include "http/route.h"
#include "http/uri.h"
#include "test.h"

static enum rc run(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args, (void)view;
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "case.list", .method = GET, .path = "/cases", .run = run },
    { .name = "case.open", .method = POST, .path = "/cases", .run = run },
    { .name = "case.counts", .method = GET, .path = "/cases/counts", .run = run },
    { .name = "case.read", .method = GET, .path = "/cases/{id}", .run = run },
    { .name = "case.move", .method = POST, .path = "/cases/{id}/moves", .run = run },
    { .name = "case.undo",
      .method = DELETE,
      .path = "/cases/{case}/moves/{move}",
      .run = run },
    { .name = "session.keep", .run = run }, /* a timer's: has no path */
    { .name = "session.end", .method = DELETE, .path = "/sessions/current", .run = run },
    { 0 },
};

static struct arena   arena;
static struct router *router;
static struct route   route;

static int prepare(void **state)
{
    static const struct act *const tables[] = { acts };

    (void)state;
    arena_init(&arena, ARENA_REQUEST_BYTES);
    acts_register(tables, 1, false);
    router = router_new(&arena);
    return router == NULL;
}

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static enum rc find(const char *method, const char *path)
{
    struct target   target;
    struct problems problems;

    problems_init(&problems, &arena);
    CHECK(target_parse(&arena, str_of(path), &target, &problems) == RC_OK);
    return router_find(router, method_of(str_of(method)), target.segments, target.nsegments,
                       &route);
}

static void check_act(const char *method, const char *path, const char *name)
{
    CHECK(find(method, path) == RC_OK);
    assert_string_equal(route.act->name, name);
}

TEST(paths_lead_to_their_acts)
{
    check_act("GET", "/cases", "case.list");
    check_act("POST", "/cases", "case.open");
    check_act("GET", "/cases/counts", "case.counts");
    check_act("GET", "/cases/count", "case.read");
    check_act("DELETE", "/sessions/current", "session.end");
}

TEST(parameters_are_named_as_their_act_names_them)
{
    check_act("POST", "/cases/counts/moves", "case.move");
    CHECK_INT(route.nargs, 1);
    CHECK_TEXT(route.args[0].name, STR("id"));
    CHECK_TEXT(route.args[0].value, STR("counts"));
    check_act("DELETE", "/cases/12/moves/%E6%98%A5", "case.undo");
    CHECK_INT(route.nargs, 2);
    CHECK_TEXT(route.args[0].name, STR("case"));
    CHECK_TEXT(route.args[1].value, STR("春"));
}

TEST(another_method_is_told_what_goes)
{
    CHECK(find("DELETE", "/cases") == RC_METHOD);
    CHECK_TEXT(route.allow, STR("GET, HEAD, POST, OPTIONS"));
    CHECK(find("BREW", "/cases/1/moves") == RC_METHOD);
    CHECK_TEXT(route.allow, STR("POST, OPTIONS"));
}

TEST(other_paths_lead_nowhere)
{
    static const char *const none[] = {
        "/",         "/case",           "/cases/", "/cases/1/", "/cases/1/moves/",
        "/sessions", "/sessions/other", "/Cases"
    };

    for (size_t i = 0; i < COUNT(none); i++)
        if (find("GET", none[i]) != RC_NOT_FOUND)
            fail_msg("%s leads somewhere", none[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_their_acts),
        cmocka_unit_test(parameters_are_named_as_their_act_names_them),
        cmocka_unit_test(another_method_is_told_what_goes),
        cmocka_unit_test(other_paths_lead_nowhere),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
