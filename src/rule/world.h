/* For tests and the fuzzer: an environment read from the `name` lines of
 * tests/rules/names.rules, with a few functions over what a `when` line says of a
 * record, and the tables that the rules in scene files are written on. */
#ifndef RULE_WORLD_H
#define RULE_WORLD_H
#include "rule/rule.h"

enum { WORLD_NAMES_MAX = 64, WORLD_PAIRS_MAX = 32, WORLD_MEMBERS_MAX = 4 };

struct world {
    struct arena            *arena;
    struct rule_name         names[WORLD_NAMES_MAX];
    struct rule_table        table;
    const struct rule_table *tables[3];
    struct rule_env          env;
};

struct pair {
    struct str name, text;
};

struct sample { /* "age 83; tags 独居老人; quiet 7 h" */
    const struct world *world;
    struct pair         pairs[WORLD_PAIRS_MAX];
    size_t              n;
    struct sample      *members;
    size_t              nmembers;
    struct rule_record  record; /* of == this sample */
};

void world_init(struct world *world, struct arena *arena);
void world_name(struct world *world, struct str line); /* after "name " */
void sample_init(struct sample *sample, const struct world *world, int64_t now_ms);
void sample_read(struct sample *sample, struct str line); /* after "when " */
void sample_member(struct sample *sample, struct str line);

struct str take_word(struct str *rest);   /* up to a blank */
unsigned   type_of_word(struct str word); /* "number", "text*" for a set */

/* Environments of scene files: who may (`by:`), who gets (`to:`), what happens
 * (alarms). */
extern const struct rule_env by_env, to_env, alarm_env;

#endif
