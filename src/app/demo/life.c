#include <stdio.h>
#include <string.h>

#include "app/demo/cases.h"
#include "app/demo/demo.h"
#include "app/demo/maker.h"
#include "app/demo/people.h"
#include "app/progress.h"
#include "app/timer.h"
#include "base/clock.h"
#include "base/thread.h"
#include "engine/case/case.h"
#include "registry/account.h"

enum {
    PAST = 260, /* spread over the days before yesterday: most have come to an end */
    NEW = 8,    /* came in within the last two hours: the desk has not seen them yet */
    HELD = 26,  /* of yesterday and today: somebody is at it */
    DONE = 10,  /* answered this morning: nobody has said yet whether it is well */
    ALL = PAST + NEW + HELD + DONE,
    MINUTE = 60 * 1000,
    HOUR = 60 * MINUTE,
    PHOTO_TRIES = 600,
    PHOTO_WAIT_MS = 50,
    READ_HOURS = 5, /* what came later is still unread */
};
#define DAY   (INT64_C(24) * HOUR)
#define NEVER INT64_MAX

enum stage {
    STAGE_PLANNED,
    STAGE_OPENED,
    STAGE_ACCEPTED,
    STAGE_SENT,
    STAGE_ANSWERED,
    STAGE_LATE,
    STAGE_AGAIN,
    STAGE_CALLED,
};

/* The life of one mishap, as it was planned. */
struct life {
    int64_t                     at_ms; /* of its next step */
    enum stage                  stage;
    int64_t                     id, reporter, handler; /* case, accounts */
    const struct demo_mishap   *mishap;
    const struct demo_compound *compound;
    int                         grid;
    int                         luck; /* 0 … 99 */
    bool    pictured;                 /* reported with a photo: only what is looked at */
    int64_t halts_ms;                 /* no step after that one */
};

/* ------------------------------------------------------------ doing a step */

static bool become(struct maker *m, int64_t account, struct actor *actor)
{
    struct op op;

    op_init(&op, &m->scratch, clock_now_ms());
    op.db = m->house->db;
    return account_actor(&op, account, actor) == RC_OK;
}

static int64_t version_of(struct maker *m, const struct actor *actor, int64_t id)
{
    struct op     op;
    struct a_case it;

    op_init(&op, &m->scratch, clock_now_ms());
    op.db = m->house->db;
    op.actor = actor;
    op.county = id_county(id);
    return case_find(&op, id, &it) == RC_OK ? it.row.version : 0;
}

static bool move(struct maker *m, const struct life *life, int64_t account,
                 const char *name, struct str more)
{
    struct actor actor;

    if (!become(m, account, &actor))
        return false;
    int64_t    version = version_of(m, &actor, life->id);
    struct str body =
        str_fmt(&m->scratch, "{\"id\":\"%lld\",\"version\":%lld,\"move\":\"%s\"%.*s}",
                (long long)life->id, (long long)version, name, STR_ARG(more));
    return version && demo_ask_as(m, &actor, "case.move", body).at;
}

/* Forty days of photos in some seconds: the decoder is waited for. */
static int64_t add_photo(struct maker *m, const struct actor *actor, struct str name)
{
    struct str    path = str_fmt(&m->scratch, "%.*s/data/demo/%.*s.jpg",
                                 STR_ARG(m->config->share), STR_ARG(name));
    struct asking asking = { .arena = &m->scratch,
                             .act = acts_find(STR("photo.upload")),
                             .actor = actor,
                             .upload = path };

    for (int tries = 0; tries == 0 || (asking.rc == RC_BUSY && tries < PHOTO_TRIES);
         tries++) {
        if (tries)
            thread_pause(PHOTO_WAIT_MS);
        asking.rc = gate_read_args(&asking, NULL, 0, STR("{}"));
        if (asking.rc == RC_OK)
            gate_ask_wait(m->house->gate, &asking, m->house->db);
    }
    return asking.rc == RC_OK ? demo_id(m, json_done(&asking.view.out), "id") : 0;
}

static bool send_to(struct maker *m, const struct life *life, int64_t by)
{
    bool       org = life->handler == m->property;
    int64_t    whom = org ? m->property_org : life->handler;
    struct str target = str_fmt(
        &m->scratch, ",\"target\":{\"kind\":\"%s\",\"id\":\"%lld\"},\"text\":\"%s\"",
        org ? "org" : "account", (long long)whom,
        org ? "请今天去看一下。" : "请先到现场看。");

    return move(m, life, by, "dispatch", target);
}

static bool answer(struct maker *m, const struct life *life, int64_t by)
{
    struct actor actor;
    int64_t photo = become(m, by, &actor) ? add_photo(m, &actor, life->mishap->after) : 0;

    return photo && move(m, life, by, "answer",
                         str_fmt(&m->scratch, ",\"text\":\"%.*s\",\"photos\":[\"%lld\"]",
                                 STR_ARG(life->mishap->answer), (long long)photo));
}

/* -------------------------------------------------------------- the stages */

static bool chance(const struct life *life, int from, int below)
{
    return life->luck >= from && life->luck < below;
}

static int64_t some(struct maker *m, int least, int more)
{
    return least + (int64_t)dice_below(&m->dice, (uint64_t)more);
}

static void next(struct life *life, enum stage stage, int64_t after_ms)
{
    life->stage = stage;
    life->at_ms = stage == STAGE_PLANNED || life->at_ms + after_ms > life->halts_ms
                      ? NEVER
                      : life->at_ms + after_ms;
}

static void ends(struct life *life)
{
    life->at_ms = NEVER;
}

static bool is_gas(const struct life *life)
{
    return str_eq(life->mishap->category, STR("燃气")) ||
           str_eq(life->mishap->category, STR("供水"));
}

static void step_planned(struct maker *m, struct life *life)
{
    const struct demo_mishap   *p = life->mishap;
    const struct demo_compound *compound = life->compound;
    struct actor                actor;

    if (!become(m, life->reporter, &actor)) {
        ends(life);
        return;
    }
    int64_t    photo = life->pictured ? add_photo(m, &actor, p->before) : 0;
    struct str photos =
        photo ? str_fmt(&m->scratch, "\"photos\":[\"%lld\"],", (long long)photo) : STR("");
    struct str body =
        str_fmt(&m->scratch,
                "{\"scene\":\"snap\",\"kind\":\"problem\",\"fields\":{\"category\":\"%.*"
                "s\",\"what\":\"%.*s\",%.*s"
                "\"where\":{\"lat\":%.5f,\"lng\":%.5f,\"source\":\"gps\",\"words\":\"%.*s "
                "%.*s\",\"area\":\"%.*s\"}}}",
                STR_ARG(p->category), STR_ARG(p->what), STR_ARG(photos),
                compound->lat + (double)some(m, 0, 300) / 1e5,
                compound->lng + (double)some(m, 0, 300) / 1e5, STR_ARG(compound->name),
                STR_ARG(p->place), STR_ARG(demo_grid(&m->scratch, life->grid)));
    life->id = demo_id(m, demo_ask_as(m, &actor, "case.open", body), "id");
    life->handler = is_gas(life) ? m->gas
                    : life->luck % 4 == 0 && life->compound == &demo_compounds[0]
                        ? m->property
                        : m->grid_workers[life->grid];
    if (life->id)
        next(life, STAGE_OPENED, some(m, 10, 80) * MINUTE);
    else
        ends(life);
}

static void step_opened(struct maker *m, struct life *life)
{
    if (chance(life, 0, 4)) {
        (void)move(m, life, m->desk, "refuse",
                   STR(",\"reason\":\"不在社区管的范围里，已告知您找产权单位。\""));
        ends(life);
    } else if (chance(life, 4, 7)) {
        (void)move(m, life, life->reporter, "withdraw", STR(""));
        ends(life);
    } else if (is_gas(life) || !move(m, life, m->desk, "accept", STR(""))) {
        (void)move(m, life, life->handler, "start",
                   STR("")); /* it came to them by itself */
        next(life, STAGE_SENT, some(m, 1, 6) * HOUR);
    } else {
        next(life, STAGE_ACCEPTED, some(m, 5, 100) * MINUTE);
    }
}

static void step_accepted(struct maker *m, struct life *life)
{
    if (chance(life, 7, 9)) /* lies about until the street asks */
        next(life, STAGE_LATE, 5 * DAY);
    else if (send_to(m, life, m->desk))
        next(life, STAGE_SENT, some(m, 2, 40) * HOUR);
    else
        ends(life);
}

static void step_sent(struct maker *m, struct life *life)
{
    if (chance(life, 9, 12)) { /* nobody comes */
        life->luck = 50;
        next(life, STAGE_LATE, 5 * DAY);
    } else if (chance(life, 12, 15)) {
        (void)(move(m, life, life->handler, "suspend",
                    STR(",\"reason\":\"等待专业单位\"")) &&
               move(m, life, m->leader, "allow", STR("")));
        life->luck = 50;
        next(life, STAGE_CALLED, 2 * DAY);
    } else if (answer(m, life, life->handler)) {
        next(life, STAGE_ANSWERED, some(m, 1, 50) * HOUR);
    } else {
        ends(life);
    }
}

static void step_late(struct maker *m, struct life *life)
{
    if (send_to(m, life, m->street) || send_to(m, life, m->centre))
        next(life, STAGE_SENT, some(m, 4, 20) * HOUR);
    else
        ends(life);
    life->luck = 65;
}

static void step_called(struct maker *m, struct life *life)
{
    (void)move(m, life, life->handler, "resume", STR(""));
    next(life, STAGE_SENT, some(m, 1, 5) * HOUR);
}

static void step_answered(struct maker *m, struct life *life)
{
    if (chance(life, 90, 100)) {
        (void)move(m, life, life->reporter, "reopen",
                   STR(",\"reason\":\"昨天又坏了，没有修好。\""));
        life->luck = 70;
        next(life, STAGE_AGAIN, some(m, 10, 30) * HOUR);
    } else if (chance(life, 80, 90)) { /* says nothing: the desk calls */
        life->luck = 101;
        next(life, STAGE_ANSWERED, 3 * DAY);
    } else if (life->luck > 100) {
        (void)move(m, life, m->caller, "follow_up",
                   STR(",\"stars\":5,\"text\":\"电话回访，居民说已经好了。\""));
        ends(life);
    } else {
        int stars = life->luck < 60 ? 5 : life->luck < 72 ? 4 : 3;
        (void)move(m, life, life->reporter, "rate",
                   str_fmt(&m->scratch, ",\"stars\":%d,\"text\":\"%s\"", stars,
                           stars == 5   ? "办得快，谢谢。"
                           : stars == 4 ? "办好了。"
                                        : "能办，就是慢了点。"));
        ends(life);
    }
}

/* It went up to the street with the complaint. */
static void step_again(struct maker *m, struct life *life)
{
    if (answer(m, life, m->street) || answer(m, life, m->centre))
        next(life, STAGE_ANSWERED, some(m, 2, 20) * HOUR);
    else
        ends(life);
}

static void step(struct maker *m, struct life *life)
{
    static void (*const steps[])(struct maker *, struct life *) = {
        [STAGE_PLANNED] = step_planned,   [STAGE_OPENED] = step_opened,
        [STAGE_ACCEPTED] = step_accepted, [STAGE_SENT] = step_sent,
        [STAGE_ANSWERED] = step_answered, [STAGE_LATE] = step_late,
        [STAGE_AGAIN] = step_again,       [STAGE_CALLED] = step_called,
    };

    demo_new_scratch(m);
    steps[life->stage](m, life);
}

/* ---------------------------------------------------------------- planning */

static struct life anywhere(struct maker *m)
{
    const struct demo_compound *compound =
        &demo_compounds[dice_below(&m->dice, DEMO_COMPOUNDS)];

    return (struct life){
        .mishap = &demo_mishaps[dice_below(&m->dice, demo_nmishaps)],
        .reporter = m->reporters[dice_below(&m->dice, m->nreporters)],
        .compound = compound,
        .grid = compound->first_grid + (int)dice_below(&m->dice, (uint64_t)compound->grids),
        .luck = (int)dice_below(&m->dice, 100),
        .halts_ms = NEVER,
    };
}

/* Where the demonstration's own people live and walk: grids 3 and 5, by turns. */
static void settle(struct life *life, size_t i)
{
    life->compound = &demo_compounds[i % 2 ? 3 : 0];
    life->grid = i % 2 ? 5 : 3;
}

static void plan_past(struct maker *m, struct life *lives, int64_t now_ms)
{
    for (int64_t i = 0; i < PAST; i++) {
        int64_t day = 2 + (DEMO_DAYS - 3) * (PAST - 1 - i) / PAST;
        lives[i] = anywhere(m);
        lives[i].at_ms = now_ms - day * DAY - some(m, 0, 12 * 60) * MINUTE;
        lives[i].pictured = i > PAST - 20;
        if (i % 30 == 0)
            lives[i].reporter = m->reporters[0];
    }
}

/* The newest: each goes so far and then waits for whoever tries the demonstration. */
static void plan_now(struct maker *m, struct life *lives, int64_t now_ms)
{
    for (int64_t i = 0; i < NEW + HELD + DONE; i++) {
        struct life *life = &lives[i];
        bool         held = i >= NEW, done = i >= NEW + HELD;
        *life = anywhere(m);
        life->pictured = i % 4 != 3;
        life->luck = done ? 85 : held && i % 13 == 0 ? 13 : 50 + (int)(i % 9);
        if (i % 5 == 0)
            life->reporter = m->reporters[i / 5 % 2];
        if (held && i % 2)
            settle(life, (size_t)i / 2);
        life->at_ms = now_ms - (!held  ? (4 + 12 * i) * MINUTE
                                : done ? 2 * DAY + i * 40 * MINUTE
                                       : 4 * HOUR + (i - NEW) * 55 * MINUTE);
        life->halts_ms = !held  ? life->at_ms
                         : done ? now_ms - 2 * HOUR
                                : life->at_ms + 3 * HOUR + 20 * MINUTE;
    }
}

/* ---------------------------------------------------------------- living it */

static struct life *next_life(struct life *lives)
{
    struct life *first = &lives[0];

    for (size_t i = 1; i < ALL; i++)
        if (lives[i].at_ms < first->at_ms)
            first = &lives[i];
    return first;
}

static void read_inbox(struct maker *m, int64_t account)
{
    struct actor actor;

    demo_new_scratch(m);
    if (!become(m, account, &actor))
        return;
    struct str newest = demo_ask_as(m, &actor, "inbox.list", STR("{\"limit\":1}"));
    int64_t    until = demo_id(m, newest, "items/*/id");
    if (until)
        (void)demo_ask_as(m, &actor, "inbox.read",
                          str_fmt(&m->scratch, "{\"until\":\"%lld\"}", (long long)until));
}

/* People look at their messages now and then. */
static void read_inboxes(struct maker *m)
{
    for (size_t i = 0; i < m->nstaff; i++)
        read_inbox(m, m->staff[i]);
    for (size_t i = 0; i < m->nreporters; i++)
        read_inbox(m, m->reporters[i]);
}

static void until(struct maker *m, int64_t ms)
{
    (void)clock_set_ms(ms);
    demo_new_scratch(m);
    enum rc rc = timer_round(m->house, m->house->db, &m->scratch);
    if (m->rc == RC_OK)
        m->rc = rc;
}

void demo_live(struct maker *m, int64_t now_ms)
{
    struct life    *lives = arena_many(&m->arena, ALL, struct life);
    struct progress progress;
    int64_t begin_ms = now_ms - DEMO_DAYS * DAY, read_ms = now_ms - READ_HOURS * HOUR;

    if (!lives || m->rc != RC_OK || !m->nreporters)
        return;
    plan_past(m, lives, now_ms);
    plan_now(m, lives + PAST, now_ms);
    progress_begin(&progress, "办件", DEMO_DAYS);
    for (struct life *life; m->rc == RC_OK && (life = next_life(lives))->at_ms < now_ms;) {
        if (life->at_ms > read_ms) {
            read_inboxes(m);
            read_ms = NEVER;
        }
        until(m, life->at_ms);
        step(m, life);
        progress_at(&progress, (size_t)((clock_now_ms() - begin_ms) / DAY));
    }
    until(m, now_ms);
    progress_end(&progress);
}
