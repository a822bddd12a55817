#include "engine/photo/photo_work.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "decode/decoder.h"
#include "engine/photo/photo.h"
#include "engine/photo/photo_rules.h"
#include "gate/gate.h"

enum {
    LOOSE_AT_ONCE = 200,
    LOOK_MS = 10000, /* without being woken */
    PAUSE_MS = 2000, /* after a round in which one could not be made */
    SWEEP_MS = 3600000,
    ARRIVAL_OLD_MS = 3600000, /* no request takes that long */
};

struct photo_work {
    struct photo_work_options options;
    struct decoder           *decoder;
    struct arena              arena;    /* of one photo */
    int64_t                   sweep_ms; /* when to sweep next */
    int64_t                   before; /* this round's last photo, INT64_MAX at its start */
    bool                      failed; /* one of this round */
    int64_t                   newest; /* of this round, 0 at its start */
    int64_t                   back;   /* where it goes on after what has just come */

    pthread_t       thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t  wake;
    bool            woken, stopping;
};

static void *run(void *context);

static void begin_round(struct photo_work *work)
{
    work->before = work->back = INT64_MAX;
    work->newest = 0;
    work->failed = false;
}

enum rc photo_work_start(const struct photo_work_options *options,
                         struct photo_work              **started)
{
    struct photo_work *work = calloc(1, sizeof *work);

    *started = NULL;
    if (!work)
        return RC_NO_MEMORY;
    work->options = *options;
    begin_round(work);
    arena_init(&work->arena, ARENA_IMPORT_BYTES);
    pthread_mutex_init(&work->lock, NULL);
    pthread_cond_init(&work->wake, NULL);
    enum rc rc = decoder_open(options->decode, &work->decoder);
    if (rc == RC_OK && !thread_start(&work->thread, run, work)) {
        decoder_close(&work->decoder);
        rc = RC_NO_MEMORY;
    }
    if (rc == RC_OK)
        *started = work;
    else
        free(work);
    return rc;
}

void photo_work_stop(struct photo_work **stopping)
{
    struct photo_work *work = *stopping;

    *stopping = NULL;
    if (!work)
        return;
    pthread_mutex_lock(&work->lock);
    work->stopping = true;
    pthread_cond_signal(&work->wake);
    pthread_mutex_unlock(&work->lock);
    pthread_join(work->thread, NULL);
    decoder_close(&work->decoder);
    arena_free(&work->arena);
    pthread_cond_destroy(&work->wake);
    pthread_mutex_destroy(&work->lock);
    free(work);
}

void photo_work_landed(struct photo_work *work, const struct line *line)
{
    if (!str_eq(line->act, STR("photo.upload")) && !str_eq(line->act, STR("person.delete")))
        return;
    pthread_mutex_lock(&work->lock);
    work->woken = true;
    pthread_cond_signal(&work->wake);
    pthread_mutex_unlock(&work->lock);
}

/* ---- asking acts ---- */

static void start_op(struct photo_work *work, struct op *op)
{
    arena_free(&work->arena);
    arena_init(&work->arena, ARENA_IMPORT_BYTES);
    op_init(op, &work->arena, clock_now_ms());
    op->db = work->options.db;
    op->actor = work->options.clock;
}

static enum rc ask(struct photo_work *work, const char *act, void *args)
{
    struct asking asking = { .arena = &work->arena,
                             .act = acts_find(str_of(act)),
                             .actor = work->options.clock,
                             .args = args };

    assert(asking.act);
    gate_ask_wait(work->options.gate, &asking, work->options.db);
    return asking.rc;
}

/* ---- one photo ---- */

/* The original, out of its vault, in memory that has a descriptor. */
static enum rc take_original(const struct photo *photo, int *file)
{
    *file = memfd_create("photo", MFD_CLOEXEC);
    return *file < 0 ? RC_UNAVAILABLE
                     : vault_copy(photo_vaults().arrivals, photo->arrived, *file);
}

static enum rc decode(struct photo_work *work, const struct photo *photo,
                      struct decoded *decoded)
{
    int file;

    enum rc rc = take_original(photo, &file);
    if (rc == RC_OK)
        rc = decoder_ask(work->decoder, &work->arena, file, decoded);
    if (file >= 0)
        close(file);
    if (rc != RC_NOT_FOUND && rc != RC_INTERNAL)
        return rc;
    /* The original is lost or spoilt: no later try will find it. */
    log_event(LOG_ERROR, "photo.no_original", LOG_INT("photo", photo->id));
    *decoded = (struct decoded){ .verdict = VERDICT_LOST };
    return RC_OK;
}

static enum rc keep(struct photo_work *work, const struct photo *photo,
                    const struct decoded *decoded)
{
    struct vault *kept = photo_vaults().kept;

    if (decoded->verdict != VERDICT_OK)
        return RC_OK;
    enum rc rc =
        vault_put(kept, photo_file(&work->arena, photo->id, PHOTO_SCREEN), decoded->screen);
    if (rc == RC_OK)
        rc = vault_put(kept, photo_file(&work->arena, photo->id, PHOTO_THUMB),
                       decoded->thumb);
    return rc;
}

static enum rc record(struct photo_work *work, const struct photo *photo,
                      const struct decoded *decoded)
{
    struct photo_made made = {
        .id = photo->id,
        .verdict = verdict_word(decoded->verdict),
        .width = decoded->width,
        .height = decoded->height,
        .has_place = decoded->has_place,
        .place = { decoded->lat, decoded->lng },
    };

    return ask(work, "photo.made", &made);
}

static enum rc remove_files(struct photo_work *work, const struct photo *photo)
{
    struct photo_vaults vaults = photo_vaults();

    enum rc rc =
        vault_remove(vaults.kept, photo_file(&work->arena, photo->id, PHOTO_SCREEN));
    if (rc == RC_OK)
        rc = vault_remove(vaults.kept, photo_file(&work->arena, photo->id, PHOTO_THUMB));
    if (rc == RC_OK && photo->arrived.len)
        rc = vault_remove(vaults.arrivals, photo->arrived);
    return rc;
}

static enum rc make(struct photo_work *work, const struct photo *photo)
{
    struct decoded decoded;

    enum rc rc = decode(work, photo, &decoded);
    if (rc == RC_OK)
        rc = keep(work, photo, &decoded);
    if (rc == RC_OK)
        rc = record(work, photo, &decoded);
    if (rc == RC_NOT_FOUND) /* dropped meanwhile */
        return remove_files(work, photo);
    if (rc == RC_OK)
        rc = vault_remove(photo_vaults().arrivals, photo->arrived);
    if (rc != RC_OK)
        log_event(LOG_WARN, "photo.not_made", LOG_INT("photo", photo->id),
                  LOG_TEXT("why", rc_word(rc)));
    return rc;
}

/* What has just come is taken before the rest of the round, which then goes on where it
 * was: what could not be made now is not tried again and again. */
static enum rc find_next(struct photo_work *work, struct op *op, struct list *found)
{
    enum rc             rc = photo_list_new(op, work->before, 1, found);
    const struct photo *photo = found->at;

    if (rc != RC_OK || !found->n || photo->id > work->newest || photo->id <= work->back)
        return rc;
    work->before = work->back;
    return photo_list_new(op, work->before, 1, found);
}

/* The next of this round, which goes from the newest to the oldest and passes over
 * those that cannot be made now.  False at its end. */
static bool make_next(struct photo_work *work)
{
    struct op   op;
    struct list found = { 0 };

    start_op(work, &op);
    enum rc rc = find_next(work, &op, &found);
    if (rc == RC_OK && found.n) {
        const struct photo *photo = found.at;
        work->before = photo->id;
        if (photo->id > work->newest)
            work->newest = photo->id;
        /* Another server's photo: its worker makes it; ours, should that one die. */
        rc = gate_elsewhere(work->options.gate, photo->county) ? RC_UNAVAILABLE
                                                               : make(work, photo);
    }
    work->failed = work->failed || rc != RC_OK;
    return found.n > 0;
}

/* ---- sweeping ---- */

/* In steps that can each be done again: no longer seen, no longer there, forgotten. */
static enum rc drop(struct photo_work *work, const struct photo *photo)
{
    int64_t id = photo->id;
    enum rc rc = RC_OK;

    if (!str_eq(photo->state, PHOTO_GONE))
        rc = ask(work, "photo.drop", &id);
    if (rc == RC_OK)
        rc = remove_files(work, photo);
    return rc == RC_OK ? ask(work, "photo.forget", &id) : rc;
}

static void drop_all(struct photo_work *work, const struct list *found)
{
    const struct photo *photos = found->at;

    for (size_t i = 0; i < found->n; i++) {
        if (gate_elsewhere(work->options.gate, photos[i].county))
            continue;
        enum rc dropped = drop(work, &photos[i]);
        if (dropped != RC_OK)
            log_event(LOG_WARN, "photo.not_dropped", LOG_INT("photo", photos[i].id),
                      LOG_TEXT("why", rc_word(dropped)));
    }
}

static void sweep_loose(struct photo_work *work)
{
    struct op   op;
    struct list found;

    start_op(work, &op);
    int64_t before_ms = op.now_ms - PHOTOS_LOOSE_HOURS * INT64_C(3600000);
    if (photo_list_loose(&op, id_floor(0, before_ms), LOOSE_AT_ONCE, &found) == RC_OK)
        drop_all(work, &found);
}

/* Those of deleted persons are not waited for. */
static void sweep_gone(struct photo_work *work)
{
    struct op   op;
    struct list found;

    start_op(work, &op);
    if (photo_list_gone(&op, LOOSE_AT_ONCE, &found) == RC_OK)
        drop_all(work, &found);
}

/* Originals whose request was refused after they were sealed, or whose row has gone
 * its way: those that no new photo names. */
static void sweep_arrivals(struct photo_work *work)
{
    struct op   op;
    struct list found;
    int64_t     removed = 0;
    enum { MOST = 2 * PHOTOS_WAITING_MAX };

    start_op(work, &op);
    enum rc             rc = photo_list_new(&op, INT64_MAX, MOST, &found);
    struct str         *ids = arena_many(&work->arena, found.n + 1, struct str);
    const struct photo *photos = found.at;
    if (rc != RC_OK || !ids || found.n == MOST)
        return; /* not all of them: another time */
    for (size_t i = 0; i < found.n; i++)
        ids[i] = photos[i].arrived;
    rc = vault_sweep(photo_vaults().arrivals, &work->arena, ids, found.n, ARRIVAL_OLD_MS,
                     &removed);
    if (rc == RC_OK && removed)
        log_event(LOG_INFO, "photo.arrivals_swept", LOG_INT("files", removed));
}

static void sweep(struct photo_work *work)
{
    int64_t now_ms = clock_now_ms();

    if (now_ms < work->sweep_ms && work->sweep_ms - now_ms <= SWEEP_MS)
        return; /* unless the clock was put back since */
    work->sweep_ms = now_ms + SWEEP_MS;
    sweep_loose(work);
    sweep_arrivals(work);
}

/* ---- the thread ---- */

/* At the end of a round: until woken, or for as long as it is worth waiting. */
static void rest(struct photo_work *work)
{
    int64_t wait_ms = work->failed ? PAUSE_MS : LOOK_MS;
    int64_t until_us = clock_mono_us() + wait_ms * 1000;

    pthread_mutex_lock(&work->lock);
    while (!work->stopping && (work->failed || !work->woken) &&
           thread_wait_until(&work->wake, &work->lock, until_us))
        ;
    work->woken = false;
    pthread_mutex_unlock(&work->lock);
    begin_round(work);
}

/* What has just come is next. */
static bool goes_on(struct photo_work *work)
{
    pthread_mutex_lock(&work->lock);
    bool on = !work->stopping;
    if (work->woken) {
        work->woken = false;
        if (work->before < work->back)
            work->back = work->before;
        work->before = INT64_MAX;
    }
    pthread_mutex_unlock(&work->lock);
    return on;
}

static void *run(void *context)
{
    struct photo_work *work = context;

    while (goes_on(work)) {
        sweep(work);
        sweep_gone(work);
        if (!make_next(work))
            rest(work);
    }
    return NULL;
}
