#include "http/readers.h"

#include <pthread.h>
#include <stdlib.h>

struct readers {
    pthread_key_t              key;
    struct str                 where;
    const struct db_catalogue *catalogue;
};

static void close_one(void *value)
{
    struct db *db = value;

    db_close(&db);
}

struct readers *readers_open(struct str where, const struct db_catalogue *catalogue)
{
    struct readers *readers = calloc(1, sizeof *readers);

    if (!readers)
        return NULL;
    readers->where = where;
    readers->catalogue = catalogue;
    if (pthread_key_create(&readers->key, close_one) == 0)
        return readers;
    free(readers);
    return NULL;
}

void readers_close(struct readers **readers)
{
    if (*readers)
        pthread_key_delete((*readers)->key);
    free(*readers);
    *readers = NULL;
}

static enum rc open_mine(struct readers *readers, struct db **db)
{
    enum rc rc = db_open(readers->where, DB_READ_MORE, readers->catalogue, db);

    if (rc == RC_OK && pthread_setspecific(readers->key, *db) != 0) {
        db_close(db);
        rc = RC_NO_MEMORY;
    }
    return rc;
}

enum rc readers_mine(struct readers *readers, struct db **db)
{
    *db = pthread_getspecific(readers->key);
    if (!*db)
        return open_mine(readers, db) == RC_OK ? RC_OK : RC_UNAVAILABLE;
    if (!db_alive(*db) && db_reconnect(*db) != RC_OK)
        return RC_UNAVAILABLE;
    return RC_OK;
}
