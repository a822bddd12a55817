#include "town_cases.h"

#include <stdio.h>

#include "base/clock.h"
#include "engine/case/case_store.h"

struct asking town_report(struct town *t, const char *login, const char *fields)
{
    return town_ask(t, login, "case.open",
                    "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":%s}", fields);
}

int64_t town_case_in(struct town *t, const char *login, const char *category,
                     const char *area)
{
    struct str    fields = str_fmt(&t->arena,
                                   "{\"category\":\"%s\",\"what\":\"3 "
                                      "栋门口的事。第二句。\",\"contact\":\"13712345520\","
                                      "\"where\":{\"lat\":32.0103,\"lng\":112.1201,\"source\":"
                                      "\"gps\",\"words\":\"3 栋门口\",\"area\":\"%s\"}}",
                                   category, area);
    struct asking opened = town_report(t, login, str_z(&t->arena, fields));

    CHECK_INT(town_must(opened), RC_OK);
    return town_id(t, &opened, "id");
}

int64_t town_case(struct town *t, const char *login, const char *category)
{
    return town_case_in(t, login, category, TOWN_GRID);
}

int64_t town_due(struct town *t, int64_t id)
{
    return town_count(t, "SELECT coalesce(due_ms, 0) FROM cases WHERE id = %lld",
                      (long long)id);
}

int64_t town_version(struct town *t, int64_t id)
{
    return town_count(t, "SELECT version FROM cases WHERE id = %lld", (long long)id);
}

struct asking town_move_at(struct town *t, const char *login, int64_t id, int64_t version,
                           const char *move, const char *more)
{
    return town_ask(t, login, "case.move",
                    "{\"id\":\"%lld\",\"version\":%lld,\"move\":\"%s\"%s}", (long long)id,
                    (long long)version, move, more);
}

struct asking town_move(struct town *t, const char *login, int64_t id, const char *move,
                        const char *more)
{
    return town_move_at(t, login, id, town_version(t, id), move, more);
}

static struct asking send_to(struct town *t, const char *login, int64_t id,
                             const char *kind, int64_t to)
{
    struct str more = str_fmt(&t->arena, ",\"target\":{\"kind\":\"%s\",\"id\":\"%lld\"}",
                              kind, (long long)to);

    return town_move(t, login, id, "dispatch", str_z(&t->arena, more));
}

struct asking town_send(struct town *t, const char *login, int64_t id, const char *to)
{
    return send_to(t, login, id, "account", town_account(t, to));
}

struct asking town_send_org(struct town *t, const char *login, int64_t id, int64_t org)
{
    return send_to(t, login, id, "org", org);
}

struct asking town_finish(struct town *t, const char *login, int64_t id)
{
    struct str more = str_fmt(&t->arena, ",\"text\":\"换好了\",\"photos\":[\"%lld\"]",
                              (long long)town_photo(t, login));

    return town_move(t, login, id, "answer", str_z(&t->arena, more));
}

struct case_whole town_look(struct town *t, const char *login, int64_t id)
{
    struct case_whole whole = { 0 };
    struct problems   problems;
    struct asking     shown =
        town_ask(t, login, "case.show", "{\"id\":\"%lld\"}", (long long)id);

    CHECK_INT(town_must(shown), RC_OK);
    problems_init(&problems, &t->arena);
    enum rc rc = json_read(&t->arena, town_answer(&shown), whole_fields, WHOLE_NFIELDS,
                           &whole, &problems);
    if (rc != RC_OK)
        fail_msg("%.*s: %.*s", STR_ARG(problems.first->where),
                 STR_ARG(problems.first->says));
    return whole;
}

struct str town_state(struct town *t, int64_t id)
{
    struct case_row row;

    (void)town_account(t, "mali"); /* the operation's time is now */
    CHECK_INT(case_select(&t->op, id, &row), RC_OK);
    return row.state;
}

bool town_may(struct town *t, const char *login, int64_t id, const char *move)
{
    struct case_whole        whole = town_look(t, login, id);
    const struct shown_move *moves = whole.moves.at;

    for (size_t i = 0; i < whole.moves.n; i++)
        if (str_eq(moves[i].name, str_of(move)))
            return true;
    return false;
}

int64_t town_photo(struct town *t, const char *login)
{
    static int64_t count;
    int64_t        id = id_floor(TOWN_NUMBER, clock_now_ms()) + ++count;

    (void)town_count(
        t,
        "INSERT INTO photos (county, id, uploader, person, state, verdict, arrived,"
        " bytes, width, height) VALUES (%d, %lld, %lld, 0, 'ready', 'ok', '', 1, 8, 8)",
        TOWN_NUMBER, (long long)id, (long long)town_account(t, login));
    return id;
}

size_t town_messages(struct town *t, const char *login)
{
    return (size_t)town_count(t, "SELECT count(*) FROM inbox WHERE account = %lld",
                              (long long)town_account(t, login));
}

struct str town_newest(struct town *t, const char *login)
{
    struct asking got = town_ask(t, login, "inbox.list", "{\"limit\":1}");

    if (town_items(t, &got) == 0)
        return STR("");
    struct json_member first;
    struct str         items = town_member(t, town_answer(&got), "items");
    struct str         rest = json_inside(items);
    assert_true(json_member(&t->arena, &rest, &first));
    return town_member(t, first.value, "says");
}

size_t town_tick(struct town *t)
{
    static const struct hold holds[] = {
        { .duty = STR_INIT("本机操作员"), .role = ROLE_OPERATOR, .area = STR_INIT("*") },
    };
    const struct actor clock = { .kind = ACTOR_CLOCK,
                                 .holds = holds,
                                 .nholds = COUNT(holds) };
    struct list        found;

    (void)town_account(t, "mali");
    CHECK_INT(case_due(&t->op, &(struct due_case){ 0 }, 100, &found), RC_OK);
    const struct due_case *due = found.at;
    for (size_t i = 0; i < found.n; i++)
        CHECK_INT(town_must(town_ask_as(
                      t, &clock, "case.clock",
                      str_fmt(&t->arena, "{\"id\":\"%lld\"}", (long long)due[i].id))),
                  RC_OK);
    return found.n;
}
