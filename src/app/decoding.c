#include "app/decoding.h"

#include <stdlib.h>

#include "engine/export/export_work.h"
#include "engine/photo/photo_work.h"

struct decoding {
    struct photo_work  *work;
    struct export_work *exports;
    struct db          *db, *exports_db;
    struct actor        clock;
};

enum rc decoding_start(struct house *house, struct decoding **started)
{
    struct decoding *decoding = calloc(1, sizeof *decoding);

    *started = decoding;
    if (!decoding)
        return RC_NO_MEMORY;
    decoding->clock = house_clock_actor();
    enum rc rc = db_open(house->config->db, DB_READ_MORE, house->catalogue, &decoding->db);
    if (rc == RC_OK)
        rc = photo_work_start(&(struct photo_work_options){ .decode = house->config->decode,
                                                            .gate = house->gate,
                                                            .db = decoding->db,
                                                            .clock = &decoding->clock },
                              &decoding->work);
    if (rc == RC_OK)
        rc = db_open(house->config->db, DB_READ_MORE, house->catalogue,
                     &decoding->exports_db);
    if (rc == RC_OK)
        rc = export_work_start(&(struct export_work_options){ .gate = house->gate,
                                                              .db = decoding->exports_db,
                                                              .clock = &decoding->clock },
                               &decoding->exports);
    if (rc != RC_OK)
        decoding_stop(started);
    return rc;
}

void decoding_landed(struct decoding *decoding, const struct line *line)
{
    if (decoding && decoding->work)
        photo_work_landed(decoding->work, line);
}

void decoding_stop(struct decoding **stopping)
{
    struct decoding *decoding = *stopping;

    if (!decoding)
        return;
    export_work_stop(&decoding->exports);
    photo_work_stop(&decoding->work);
    db_close(&decoding->exports_db);
    db_close(&decoding->db);
    free(decoding);
    *stopping = NULL;
}
