/* `linli doctor`: looks at everything that has gone wrong somewhere before, and says in
 * plain words what to do about it.  Each check is a row of a table (doctor.c) and finds
 * one thing; it changes nothing, and may run beside a serving linli.  Inside
 * app/doctor/. */
#ifndef APP_DOCTOR_DOCTOR_H
#define APP_DOCTOR_DOCTOR_H
#include "app/config.h"
#include "base/problem.h"
#include "db/db.h"
#include "db/examine.h"

enum finding_state {
    FINDING_GOOD,
    FINDING_MIND, /* works, but should be seen to */
    FINDING_BAD,  /* does not work, or data is in danger */
    FINDING_NONE, /* nothing to look at here */
};

struct finding {
    enum finding_state state;
    struct str         says, todo; /* in the reader's language; todo absent: nothing */
};

/* What the checks share. */
struct doctor {
    const struct config *config;
    struct arena        *arena;
    bool                 full; /* --full: whole journal, every page */
    bool                 postgres;
    struct problems      keys; /* what is wrong with the keys */
    bool                 keys_open;
    struct examination   database;
    struct db_catalogue *catalogue;
    struct db           *db; /* NULL: it cannot be read */
    enum rc              migrated;
    struct str           metrics; /* of the running server; absent: none runs */
};

typedef struct finding check_run(struct doctor *doctor);

struct check {
    const char *name; /* for machines */
    const char *zh, *en;
    check_run  *run;
};

/* A finding, said in both languages with the same arguments in the same order. */
struct finding find(struct doctor *doctor, enum finding_state state, const char *zh,
                    const char *en, ...) PRINTF(3, 5) PRINTF(4, 5);
/* The same with what to do. */
struct finding find_todo(struct finding finding, struct doctor *doctor, const char *zh,
                         const char *en);
void           doctor_op(struct doctor *doctor, struct op *op);

check_run doctor_user, doctor_keys, doctor_memory, doctor_person_keys; /* keys.c */
check_run doctor_disk, doctor_inodes, doctor_sync, doctor_folders,
    doctor_swap, /* machine.c */
    doctor_limits, doctor_ntp;
check_run doctor_database, doctor_soundness, doctor_settings,
    doctor_migrations, /* data.c */
    doctor_clock, doctor_journal, doctor_heads, doctor_followers, doctor_backups;
check_run doctor_server, doctor_leases, doctor_certificate, doctor_decoder, /* parts.c */
    doctor_web;
check_run doctor_upper; /* upper.c */

#endif
