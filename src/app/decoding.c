#include "app/decoding.h"

#include <stdlib.h>

#include "engine/photo/photo_work.h"

struct decoding {
    struct photo_work *work;
    struct db         *db;
    struct actor       clock;
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
    photo_work_stop(&decoding->work);
    db_close(&decoding->db);
    free(decoding);
    *stopping = NULL;
}
