/* Grades: what is delicate is marked so in every field table of every act, stands in no
 * address, and comes into no log, no live event and no message. */
#include "town_cases.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/door.h"
#include "gate/act.h"
#include "gate/journal.h"

#define PHONE  "13712345520"
#define NUMBER "420602198805020026"
#define REASON "核对低保材料"

/* Names that mean the same wherever they stand, and how delicate that is at least. */
static const struct {
    const char *name;
    enum grade  least;
} owed[] = {
    { "id_number", GRADE_SENSITIVE }, { "password", GRADE_SENSITIVE },
    { "lat", GRADE_SENSITIVE },       { "lng", GRADE_SENSITIVE },
    { "phone", GRADE_PERSONAL },      { "birth", GRADE_PERSONAL },
    { "address", GRADE_PERSONAL },    { "purpose", GRADE_PERSONAL },
};

/* Where a thing is that is reported, not where a person is or lives. */
static bool is_a_things_place(const struct act *act, struct str name)
{
    return strcmp(act->name, "case.alike") == 0 &&
           (str_eq(name, STR("lat")) || str_eq(name, STR("lng")));
}

typedef void each_field(const struct act *act, const struct field *field);

static void walk(const struct act *act, const struct field *fields, size_t n,
                 each_field *each)
{
    for (size_t i = 0; i < n; i++) {
        each(act, &fields[i]);
        walk(act, fields[i].sub, fields[i].nsub, each);
    }
}

static void has_its_grade(const struct act *act, const struct field *field)
{
    for (size_t i = 0; i < COUNT(owed); i++)
        if (str_eq(field->name, str_of(owed[i].name)) && field->grade < owed[i].least &&
            !is_a_things_place(act, field->name))
            fail_msg("%s: %.*s is more delicate than its table says", act->name,
                     STR_ARG(field->name));
}

static void may_stand_in_an_address(const struct act *act, const struct field *field)
{
    if (field->grade >= GRADE_PERSONAL)
        fail_msg("%s: %.*s would stand in an address", act->name, STR_ARG(field->name));
}

TEST(what_is_delicate_is_marked_in_every_table)
{
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < acts_count(); i++) {
        const struct act *act = acts_at(i);
        walk(act, act->args, act->nargs, has_its_grade);
        walk(act, act->answer, act->nanswer, has_its_grade);
    }
    town_close(&t);
}

/* A GET's arguments are its query; every act's path names some of them. */
TEST(what_is_delicate_stands_in_no_address)
{
    struct town t;

    town_open(&t, state);
    for (size_t i = 0; i < acts_count(); i++) {
        const struct act *act = acts_at(i);
        if (act->path && act->method == GET)
            walk(act, act->args, act->nargs, may_stand_in_an_address);
        for (size_t f = 0; act->path && f < act->nargs; f++) {
            struct str in_path = str_fmt(&t.arena, "{%.*s}", STR_ARG(act->args[f].name));
            if (str_has(str_of(act->path), in_path))
                may_stand_in_an_address(act, &act->args[f]);
        }
    }
    town_close(&t);
}

/* ---- what really comes out ---- */

static const char *const delicate[] = { PHONE,        NUMBER,   "王芳",
                                        "1988-05-02", "302 室", REASON };

static void says_nothing_delicate(struct str text, const char *where)
{
    for (size_t i = 0; i < COUNT(delicate); i++)
        if (str_has(text, str_of(delicate[i])))
            fail_msg("%s stands in %s: %.*s", delicate[i], where, STR_ARG(text));
}

static void given_a_busy_day(struct town *t)
{
    long long wangfang =
        (long long)town_count(t, "SELECT id FROM people WHERE name = '王芳'");
    int64_t id = town_case(t, "wangfang", "树木绿化");

    ALLOWED(town_send(t, "zhoulan", id, "liumin"));
    ALLOWED(town_finish(t, "liumin", id));
    ALLOWED(town_ask(t, "zhoulan", "person.search",
                     "{\"area\":\"" TOWN_COMMUNITY "\",\"phone\":\"" PHONE "\"}"));
    ALLOWED(town_ask(t, "zhoulan", "person.look",
                     "{\"id\":\"%lld\",\"reason\":\"" REASON "\"}", wangfang));
    ALLOWED(town_ask(t, "zhoulan", "person.reveal",
                     "{\"id\":\"%lld\",\"reason\":\"" REASON "\"}", wangfang));
    CHECK_INT(town_ask(t, "chentao", "person.look",
                       "{\"id\":\"%lld\",\"reason\":\"" REASON "\"}", wangfang)
                  .rc,
              RC_NOT_FOUND);
    ALLOWED(town_ask(t, "zhoulan", "deletion.ask",
                     "{\"id\":\"%lld\",\"purpose\":\"" REASON "\"}", wangfang));
    (void)town_ask(t, "wangfang", "case.open", "{\"scene\":\"" PHONE "\"}");
}

TEST(messages_and_live_events_say_nothing_delicate)
{
    struct town      t;
    struct list      lines, events;
    struct live_door door = door_live();

    town_open(&t, state);
    given_a_busy_day(&t);
    for (size_t i = 0; i < COUNT(delicate); i++)
        CHECK_INT(town_count(&t,
                             "SELECT count(*) FROM inbox WHERE title LIKE '%%%s%%' OR says"
                             " LIKE '%%%s%%'",
                             delicate[i], delicate[i]),
                  0);
    (void)town_account(&t, "mali");
    CHECK_INT(journal_read(&t.op, TOWN_NUMBER, 0, 0, 5000, &lines), RC_OK);
    const struct line *line = lines.at;
    size_t             seen = 0;
    for (size_t i = 0; i < lines.n; i++) {
        CHECK_INT(door.events(door.context, &t.op, &line[i], &events), RC_OK);
        const struct live_event *event = events.at;
        for (size_t e = 0; e < events.n; e++, seen++)
            says_nothing_delicate(event[e].data, "a live event");
    }
    CHECK(seen > 5);
    town_close(&t);
}

TEST(the_log_says_nothing_delicate)
{
    struct town t;
    int         kept = dup(STDERR_FILENO), log = memfd_create("log", MFD_CLOEXEC);

    assert_true(kept >= 0 && log >= 0);
    (void)fflush(stderr);
    assert_true(dup2(log, STDERR_FILENO) >= 0);
    town_open(&t, state);
    given_a_busy_day(&t);
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    off_t size = lseek(log, 0, SEEK_END);
    char *text = arena_take(&t.arena, (size_t)size + 1);
    assert_true(size > 0 && pread(log, text, (size_t)size, 0) == size);
    says_nothing_delicate(str_slice(text, (size_t)size), "the log");
    (void)close(log);
    (void)close(kept);
    town_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(what_is_delicate_is_marked_in_every_table),
        ON_SQLITE(what_is_delicate_stands_in_no_address),
        ON_BOTH(messages_and_live_events_say_nothing_delicate),
        ON_SQLITE(the_log_says_nothing_delicate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
