#include "engine/photo/photo_work.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rounds.h"
#include "decode/decoder.h"
#include "engine/photo/copy.h"
#include "engine/photo/photo.h"
#include "engine/photo/photo_rules.h"
#include "gate/gate.h"

enum {
    LOOSE_AT_ONCE = 200,
    COPIES_AT_ONCE = 4,
    LOOK_MS = 10000, /* without being woken */
    PAUSE_MS = 2000, /* after one that could not be made */
    SWEEP_MS = 3600000,
    ARRIVAL_OLD_MS = 3600000, /* no request takes that long */
};

struct photo_work {
    struct worker   worker;
    struct decoder *decoder;
    struct arena    arena;    /* of one photo */
    int64_t         sweep_ms; /* when to sweep next */
    int64_t         before;   /* this round's last photo, INT64_MAX at its start */
    int64_t again_us; /* when what could not be made is tried again, 0 when all could */
    int64_t newest;   /* of this round, 0 at its start */
    int64_t back;     /* where it goes on after what has just come */
    struct rounds rounds;
};

static void *run(void *context);

static void begin_round(struct photo_work *work)
{
    work->before = work->back = INT64_MAX;
    work->newest = 0;
    work->again_us = 0;
}

enum rc photo_work_start(const struct worker *worker, struct str decode,
                         struct photo_work **started)
{
    struct photo_work *work = calloc(1, sizeof *work);

    *started = NULL;
    if (!work)
        return RC_NO_MEMORY;
    work->worker = *worker;
    begin_round(work);
    arena_init(&work->arena, ARENA_IMPORT_BYTES);
    enum rc rc = decoder_open(decode, &work->decoder);
    if (rc == RC_OK && !rounds_start(&work->rounds, run, work)) {
        decoder_close(&work->decoder);
        rc = RC_NO_MEMORY;
    }
    if (rc == RC_OK) {
        *started = work;
        return RC_OK;
    }
    arena_free(&work->arena);
    free(work);
    return rc;
}

void photo_work_stop(struct photo_work **stopping)
{
    struct photo_work *work = *stopping;

    if (!work)
        return;
    rounds_stop(&work->rounds); /* until then lines land and wake it */
    decoder_close(&work->decoder);
    arena_free(&work->arena);
    free(work);
    *stopping = NULL;
}

void photo_work_landed(struct photo_work *work, const struct line *line)
{
    if (str_eq(line->act, STR("photo.upload")) || str_eq(line->act, STR("person.delete")) ||
        str_eq(line->act, STR("case.move")))
        rounds_wake(&work->rounds);
}

/* ---- asking acts ---- */

static void start_op(struct photo_work *work, struct op *op)
{
    arena_free(&work->arena);
    arena_init(&work->arena, ARENA_IMPORT_BYTES);
    worker_op(&work->worker, &work->arena, op);
}

static enum rc ask(struct photo_work *work, const char *act, void *args)
{
    return worker_ask_with(&work->worker, &work->arena, act, args);
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

static enum rc keep(struct photo_work *work, int64_t id, const struct decoded *decoded)
{
    struct vault *kept = photo_vaults().kept;

    if (decoded->verdict != VERDICT_OK)
        return RC_OK;
    enum rc rc =
        vault_put(kept, photo_file(&work->arena, id, PHOTO_SCREEN), decoded->screen);
    if (rc == RC_OK)
        rc = vault_put(kept, photo_file(&work->arena, id, PHOTO_THUMB), decoded->thumb);
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

static enum rc remove_made(struct photo_work *work, int64_t id)
{
    struct vault *kept = photo_vaults().kept;

    enum rc rc = vault_remove(kept, photo_file(&work->arena, id, PHOTO_SCREEN));
    return rc == RC_OK ? vault_remove(kept, photo_file(&work->arena, id, PHOTO_THUMB)) : rc;
}

static enum rc remove_files(struct photo_work *work, const struct photo *photo)
{
    enum rc rc = remove_made(work, photo->id);

    if (rc == RC_OK && photo->arrived.len)
        rc = vault_remove(photo_vaults().arrivals, photo->arrived);
    return rc;
}

static enum rc make(struct photo_work *work, const struct photo *photo)
{
    struct decoded decoded;

    enum rc rc = decode(work, photo, &decoded);
    if (rc == RC_OK)
        rc = keep(work, photo->id, &decoded);
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
        rc = gate_elsewhere(work->worker.gate, photo->county) ? RC_UNAVAILABLE
                                                              : make(work, photo);
    }
    if (rc != RC_OK)
        work->again_us = clock_mono_us() + PAUSE_MS * INT64_C(1000);
    return found.n > 0;
}

/* ---- copies for the public ---- */

/* What was made of the photo, which is a JPEG of ours: read again as what strangers sent.
 */
static enum rc draw_copy(struct photo_work *work, const struct photo_copy *copy,
                         struct decoded *decoded)
{
    struct decode_mark marks[DECODE_MARKS_MAX];
    size_t             n = copy_marks(&work->arena, copy, marks);

    int file = memfd_create("photo", MFD_CLOEXEC);
    if (file < 0)
        return RC_UNAVAILABLE;
    enum rc rc = vault_copy(photo_vaults().kept,
                            photo_file(&work->arena, copy->photo, PHOTO_SCREEN), file);
    if (rc == RC_OK)
        rc = decoder_ask_marked(work->decoder, &work->arena, file, marks, n, decoded);
    close(file);
    if (rc == RC_NOT_FOUND || rc == RC_INTERNAL) {
        *decoded = (struct decoded){ .verdict = VERDICT_LOST };
        rc = RC_OK;
    }
    return rc;
}

static enum rc make_copy(struct photo_work *work, const struct photo_copy *copy)
{
    struct decoded decoded;

    enum rc rc = draw_copy(work, copy, &decoded);
    if (rc == RC_OK)
        rc = keep(work, copy->id, &decoded);
    if (rc == RC_OK)
        rc = ask(work, "photo.copied", &(struct {
                     int64_t id;
                     bool    ready;
                 }){ copy->id, decoded.verdict == VERDICT_OK });
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* taken back meanwhile: swept below */
}

static enum rc drop_copy(struct photo_work *work, const struct photo_copy *copy)
{
    int64_t id = copy->id;
    enum rc rc = remove_made(work, id);

    return rc == RC_OK ? ask(work, "photo.forget-copy", &id) : rc;
}

typedef enum rc copy_list(struct op *op, size_t most, struct list *copies);
typedef enum rc copy_work(struct photo_work *work, const struct photo_copy *copy);

/* A few at a time, as much as their memory holds.  True: there may be more. */
static bool work_copies(struct photo_work *work, copy_list *list, copy_work *each)
{
    struct op   op;
    struct list found = { 0 };
    bool        done = false;

    start_op(work, &op);
    if (list(&op, COPIES_AT_ONCE, &found) != RC_OK)
        return false;
    const struct photo_copy *copies = found.at;
    for (size_t i = 0; i < found.n; i++) {
        if (gate_elsewhere(work->worker.gate, copies[i].county))
            continue;
        enum rc rc = each(work, &copies[i]);
        done |= rc == RC_OK;
        if (rc != RC_OK) {
            work->again_us = clock_mono_us() + PAUSE_MS * INT64_C(1000);
            log_event(LOG_WARN, "photo.copy", LOG_INT("copy", copies[i].id),
                      LOG_TEXT("why", rc_word(rc)));
        }
    }
    return done;
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
        if (gate_elsewhere(work->worker.gate, photos[i].county))
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
    if (work->again_us)
        (void)rounds_pause(&work->rounds, PAUSE_MS);
    else
        (void)rounds_rest(&work->rounds, LOOK_MS);
    begin_round(work);
}

/* What has just come is next.  What could not be made for a while (a full disk) does not
 * wait for a long round's end. */
static void take_new_first(struct photo_work *work)
{
    bool woken = rounds_woken(&work->rounds);

    if (work->again_us && clock_mono_us() >= work->again_us)
        begin_round(work);
    if (!woken)
        return;
    if (work->before < work->back)
        work->back = work->before;
    work->before = INT64_MAX;
}

static void *run(void *context)
{
    struct photo_work *work = context;

    while (rounds_go_on(&work->rounds)) {
        take_new_first(work);
        sweep(work);
        sweep_gone(work);
        bool dropped = work_copies(work, copy_list_gone, drop_copy);
        bool copied = work_copies(work, copy_list_new, make_copy);
        if (!make_next(work) && !dropped && !copied)
            rest(work);
    }
    return NULL;
}
