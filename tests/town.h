/* A small town for tests of the registry and the engines: two communities of one
 * street with a grid each or two, the people of 随手拍 in their duties, 随手拍 itself
 * loaded, everything asked through the real gate.  Its clock stands where a test
 * puts it (and runs on from there).
 *
 *     TEST(a_sentence) {
 *         struct town t;
 *         town_open(&t, state);
 *         struct asking got = town_ask(&t, "zhoulan", "case.list", "{\"view\":\"inbox\"}");
 *         …
 *         town_close(&t);
 *     }
 *
 * Wang Fang 王芳 (wangfang) and Zhao Jianguo 赵建国 (zhaojianguo) live in grid 3 of
 * 滨湖社区; zhoulan minds its desk, sunli leads it, liumin and chentao work its grids
 * 3 and 5; mali minds the desk of the community next to it; wuqiang the street's,
 * tangrui leads the street, hejing is the county's centre; lishifu is of the
 * property company 山水家园物业, gaogong of the gas works 襄城燃气; system, security
 * and audit are the three administrators. */
#ifndef TESTS_TOWN_H
#define TESTS_TOWN_H
#include "database.h"

#include "base/arena.h"
#include "base/op.h"
#include "gate/gate.h"

#define TOWN_COUNTY    "420602"
#define TOWN_STREET    "420602004"
#define TOWN_COMMUNITY "420602004008"
#define TOWN_GRID      "420602004008003"
#define TOWN_NEXT      "420602004006" /* the community next to it */
enum { TOWN_NUMBER = 7 };
#define TOWN_BEGINS "2026-11-23T09:00:00+08:00" /* a Monday */

struct town {
    struct str           where;
    struct arena         arena;
    struct db_catalogue *catalogue;
    struct gate         *gate;
    struct db           *db;            /* a reader's */
    struct op            op;            /* for reading past the acts */
    int64_t              property, gas; /* organisations */
};

void town_open(struct town *t, void **state);
void town_close(struct town *t);
void town_restart(struct town *t); /* the gate is closed and opened again */

int64_t town_at(const char *iso); /* ISO 8601 */
void    town_clock(struct town *t, const char *iso);
void    town_later(struct town *t, int64_t ms); /* on from now */

int64_t      town_account(struct town *t, const char *login);
struct actor town_actor(struct town *t,
                        const char  *login); /* "": nobody, "*": this machine */

/* Asks an act as somebody; the body by printf. */
struct asking town_ask(struct town *t, const char *login, const char *act, const char *body,
                       ...) PRINTF(4, 5);
struct asking town_ask_as(struct town *t, const struct actor *actor, const char *act,
                          struct str body);
struct asking town_ask_keyed(struct town *t, const struct actor *actor, const char *act,
                             struct str body, const char *key); /* Idempotency-Key */
struct str    town_answer(struct asking *asking);               /* its JSON, absent: none */
struct str    town_told(const struct asking *asking);  /* the first problem's sentence */
struct str    town_where(const struct asking *asking); /* … and its place */
/* The member's text, or its JSON when it is no text; fails the test when missing. */
struct str town_member(struct town *t, struct str object, const char *name);
int64_t    town_id(struct town *t, struct asking *asking, const char *name);
/* How many elements the member `items` has. */
size_t    town_items(struct town *t, struct asking *asking);
int64_t   town_count(struct town *t, const char *sql, ...) PRINTF(2, 3);
long long town_person(struct town *t, const char *name);
/* … looked at, for that reason. */
struct asking town_look_up(struct town *t, const char *login, long long person,
                           const char *reason);
#define TOWN_REASON "核对低保材料"
/* Does it stand in the database in clear: anywhere in the file, deleted parts and log
 * included, or in some row where there is no file? */
bool town_stores(struct town *t, const char *what);

#define REFUSED(got, code, sentence)                                                       \
    do {                                                                                   \
        struct asking got_ = (got);                                                        \
        CHECK_TEXT(town_told(&got_), STR(sentence));                                       \
        CHECK_INT(got_.rc, (code));                                                        \
    } while (0)
#define ALLOWED(got) CHECK_INT(town_must(got), RC_OK)
enum rc
town_must(struct asking asking); /* its rc; says the sentence when it is not RC_OK */

/* Every statement of the program, and every act. */
extern const struct stmts *const town_stmts[];
extern const size_t              town_nstmts;

/* The scene, with one word of it replaced (NULL: as it is), loaded by the system
 * administrator. */
void town_load_scene(struct town *t, const char *from, const char *to);
/* Another one, with those of scenes/lists/ that it takes; ends with NULL. */
void town_load_text(struct town *t, struct str yaml, const char *const *lists);
/* Somebody more at a desk of the county. */
void town_employ(struct town *t, const char *login, const char *name, const char *duty,
                 const char *role, const char *area);

#endif
