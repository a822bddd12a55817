/* What the demonstration is made with: the house, the dice, whom it has made so far.
 * demo.c makes places and people, life.c what happens to them. */
#ifndef APP_DEMO_MAKER_H
#define APP_DEMO_MAKER_H
#include "app/house.h"
#include "app/workers.h"
#include "base/json.h"
#include "base/random.h"

enum { DEMO_STAFF_MAX = 48, DEMO_REPORTERS = 40, DEMO_DAYS = 40, DEMO_BYTES = 64 << 20 };

struct maker {
    const struct config *config;
    struct house        *house;
    struct workers      *workers;
    struct arena         arena;   /* for what stays */
    struct arena         scratch; /* for one act */
    struct dice          dice;
    int64_t              staff[DEMO_STAFF_MAX]; /* accounts, as demo.c lists them */
    int64_t              grid_workers[16];      /* by grid, from 1 */
    int64_t              desk, leader, street, caller, centre, property, gas, property_org;
    int64_t              reporters[DEMO_REPORTERS];
    size_t               nstaff, nreporters;
    enum rc              rc; /* of the first local act that was refused */
};

/* The answer, absent when it was refused; of the local operator's acts that ends all. */
struct str demo_ask(struct maker *m, const char *act, struct str body);
struct str demo_ask_as(struct maker *m, const struct actor *actor, const char *act,
                       struct str body);
int64_t    demo_id(struct maker *m, struct str answer, const char *path); /* 0: none */
void       demo_new_scratch(struct maker *m);

/* Forty days of mishaps, until now. */
void demo_live(struct maker *m, int64_t now_ms);

#endif
