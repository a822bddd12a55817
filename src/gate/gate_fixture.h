/* What the gate's tests share: a database with a gate over it, in county 7, acts
 * that write a note, and a follower that counts lines and notices one that was
 * skipped or came twice. */
#ifndef GATE_GATE_FIXTURE_H
#define GATE_GATE_FIXTURE_H
#include "database.h"

#include "base/arena.h"
#include "gate/gate.h"
#include "gate/verify.h"

enum { COUNTY = 7 };

struct house {
    struct str           where;
    struct db_catalogue *catalogue;
    struct gate_options  options; /* of the next gate */
    struct gate         *gate;
    struct db           *db;
    struct arena         arena;
};

extern const struct actor somebody, other, nobody;
extern _Atomic int        note_runs, taken_runs, landed_lines;
extern _Atomic bool       follower_fails, follower_clashes;
extern _Atomic int        note_stops; /* so many notes stop half way and set … */
extern _Atomic bool       note_waits; /* … until it is false again */

void open_house(struct house *h, void **state);
void open_gate(struct house *h);
void close_house(struct house *h);

struct asking ask(struct house *h, const struct actor *actor, const char *act,
                  const char *body, const char *key);
/* `file`: the hash of what was received. */
struct asking ask_with(struct house *h, const struct actor *actor, const char *act,
                       const char *body, const char *key, struct str file);
/* One more note by somebody. */
enum rc note(struct house *h);
/* The verdict on the chain against these heads. */
void inspect(struct house *h, const struct list *heads, struct verdict *verdict);
/* Lines of the chain; *broken: the first that does not fit, 0: none. */
int64_t verify(struct house *h, int64_t *broken);
/* The line and its payload, as somebody with all rights removes them; op writes. */
enum rc line_away(struct op *op, int64_t seq);
/* To read with, or to write past the gate. */
struct op house_op(struct house *h, struct db *db);
/* As the follower counted them. */
int64_t lines_followed(const struct house *h);

#endif
