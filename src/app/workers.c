#include "app/workers.h"

#include <stdlib.h>

#include "engine/case/case_work.h"
#include "engine/export/export_work.h"
#include "engine/photo/photo_work.h"
#include "engine/upper/upper_work.h"

/* Whoever is connected to no platform needs no worker for it either. */
static bool has_upper(const struct config *config)
{
    return config->upper.len > 0;
}

static const struct {
    const struct worker_task *task;
    bool (*wanted)(const struct config *config); /* NULL: always */
} tasks[] = {
    { &export_work, NULL },
    { &paper_work, NULL },
    { &upper_work, has_upper },
};

struct workers {
    struct actor       clock;
    struct db         *photos_db;
    struct photo_work *photos;
    struct {
        struct db            *db;
        struct worker_thread *thread;
    } tasks[COUNT(tasks)];
};

static enum rc open_db(struct house *house, struct db **db)
{
    return db_open(house->config->db, DB_READ_MORE, house->catalogue, db);
}

static enum rc start_photos(struct house *house, struct workers *workers)
{
    enum rc rc = open_db(house, &workers->photos_db);

    if (rc != RC_OK)
        return rc;
    return photo_work_start(
        &(struct worker){ house->gate, workers->photos_db, &workers->clock },
        house->config->decode, &workers->photos);
}

static enum rc start_task(struct house *house, struct workers *workers, size_t i)
{
    if (tasks[i].wanted && !tasks[i].wanted(house->config))
        return RC_OK;
    enum rc rc = open_db(house, &workers->tasks[i].db);
    if (rc != RC_OK)
        return rc;
    return worker_start(
        &(struct worker){ house->gate, workers->tasks[i].db, &workers->clock },
        tasks[i].task, &workers->tasks[i].thread);
}

enum rc workers_start(struct house *house, struct workers **started)
{
    struct workers *workers = calloc(1, sizeof *workers);

    *started = workers;
    if (!workers)
        return RC_NO_MEMORY;
    workers->clock = house_clock_actor();
    enum rc rc = start_photos(house, workers);
    for (size_t i = 0; rc == RC_OK && i < COUNT(tasks); i++)
        rc = start_task(house, workers, i);
    if (rc != RC_OK)
        workers_stop(started);
    return rc;
}

void workers_landed(struct workers *workers, const struct line *line)
{
    if (workers && workers->photos)
        photo_work_landed(workers->photos, line);
}

void workers_stop(struct workers **stopping)
{
    struct workers *workers = *stopping;

    if (!workers)
        return;
    for (size_t i = 0; i < COUNT(tasks); i++) {
        worker_stop(&workers->tasks[i].thread);
        db_close(&workers->tasks[i].db);
    }
    photo_work_stop(&workers->photos);
    db_close(&workers->photos_db);
    free(workers);
    *stopping = NULL;
}
