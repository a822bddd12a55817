#include "scene/scenes.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "gate/journal.h"
#include "scene/pack.h"
#include "scene/scene_store.h"

/* What was read stays: entries are put in front of a chain, never changed but for
 * `settled`, never taken out, so finding needs no lock.  An entry that was read on
 * the writer may belong to a transaction that is yet to fail, after which another
 * text may come by the same version; until it is settled, it is found by its row's
 * id alone. */
struct entry {
    struct entry *next;
    int64_t       county, id;
    atomic_bool   settled; /* known to be committed */
    struct scene *scene;
};

enum { CHAINS = 256 };
static _Atomic(struct entry *) chains[CHAINS];
static pthread_mutex_t         adding = PTHREAD_MUTEX_INITIALIZER;

static _Atomic(struct entry *) *chain_of(int64_t county, struct str name)
{
    return &chains[(str_hash(name) ^ (uint64_t)county) % CHAINS];
}

static struct entry *by_id(int64_t county, struct str name, int64_t id)
{
    struct entry *entry =
        atomic_load_explicit(chain_of(county, name), memory_order_acquire);

    while (entry && (entry->id != id || entry->county != county))
        entry = entry->next;
    return entry;
}

static const struct scene *settled(int64_t county, struct str name, int64_t version)
{
    struct entry *entry =
        atomic_load_explicit(chain_of(county, name), memory_order_acquire);

    for (; entry; entry = entry->next)
        if (entry->county == county && entry->scene->version == version &&
            str_eq(entry->scene->name, name) && atomic_load(&entry->settled))
            return entry->scene;
    return NULL;
}

/* Takes the scene; another thread may have been faster. */
static struct entry *add(int64_t county, int64_t id, struct scene *scene)
{
    _Atomic(struct entry *) *chain = chain_of(county, scene->name);

    pthread_mutex_lock(&adding);
    struct entry *entry = by_id(county, scene->name, id);
    if (!entry && (entry = calloc(1, sizeof *entry))) {
        entry->county = county;
        entry->id = id;
        entry->scene = scene;
        entry->next = atomic_load_explicit(chain, memory_order_relaxed);
        atomic_store_explicit(chain, entry, memory_order_release);
    }
    pthread_mutex_unlock(&adding);
    if (!entry || entry->scene != scene)
        scene_free(&scene);
    return entry;
}

/* What stands in the database was checked when it was loaded; one that is refused
 * now was checked by another version of this program. */
static enum rc read_row(struct op *op, const struct scene_head *head, struct entry **entry)
{
    struct problems problems;
    struct scene   *scene = NULL;
    struct str      body;

    problems_init(&problems, op->arena);
    enum rc rc = scene_select_body(op, head->name, head->version, &body);
    if (rc == RC_OK)
        rc = pack_read(op->arena, body, head->version, &problems, &scene);
    if (rc == RC_INVALID)
        return fail(op, RC_UNAVAILABLE, NULL, "场景“%.*s”要重新装入：第 %lld 行，%.*s",
                    STR_ARG(head->title), (long long)problems.first->line,
                    STR_ARG(problems.first->says));
    if (rc != RC_OK)
        return rc;
    *entry = add(op->county, head->id, scene);
    return *entry ? RC_OK : RC_NO_MEMORY;
}

static enum rc find(struct op *op, const struct scene_head *head,
                    const struct scene **scene)
{
    struct entry *entry = by_id(op->county, head->name, head->id);

    if (!entry) {
        enum rc rc = read_row(op, head, &entry);
        if (rc != RC_OK)
            return rc;
        assert(entry);
    }
    if (!op->ids) /* a reader sees only what is committed */
        atomic_store(&entry->settled, true);
    *scene = entry->scene;
    return RC_OK;
}

enum rc scenes_now(struct op *op, struct str name, const struct scene **scene)
{
    struct scene_head head;

    enum rc rc = scene_select_now(op, name, &head);
    return rc == RC_OK ? find(op, &head, scene) : rc;
}

enum rc scenes_at(struct op *op, struct str name, int64_t version,
                  const struct scene **scene)
{
    struct scene_head head;

    *scene = settled(op->county, name, version);
    if (*scene)
        return RC_OK;
    enum rc rc = scene_select_at(op, name, version, &head);
    return rc == RC_OK ? find(op, &head, scene) : rc;
}

static int by_order(const void *a, const void *b)
{
    const struct scene *left = *(const struct scene *const *)a;
    const struct scene *right = *(const struct scene *const *)b;

    if (left->home.order != right->home.order)
        return left->home.order < right->home.order ? -1 : 1;
    return str_cmp(left->name, right->name);
}

enum rc scenes_all(struct op *op, const struct scene *const **scenes, size_t *n)
{
    struct list heads;

    enum rc rc = scene_select_all(op, SCENES_MAX, &heads);
    if (rc != RC_OK)
        return rc;
    const struct scene_head *head = heads.at;
    const struct scene     **all = arena_many(op->arena, heads.n, const struct scene *);
    if (!all)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < heads.n && rc == RC_OK; i++)
        rc = find(op, &head[i], &all[i]);
    qsort(all, heads.n, sizeof(const struct scene *), by_order);
    *scenes = all;
    *n = heads.n;
    return rc;
}

void scenes_landed(const struct line *line)
{
    if (!str_eq(line->act, STR("scene.load")))
        return;
    for (size_t i = 0; i < CHAINS; i++)
        for (struct entry *entry = atomic_load_explicit(&chains[i], memory_order_acquire);
             entry; entry = entry->next)
            if (entry->county == line->county && entry->id == line->subject)
                atomic_store(&entry->settled, true);
}

void scenes_close(void)
{
    for (size_t i = 0; i < CHAINS; i++) {
        struct entry *entry = atomic_exchange(&chains[i], NULL), *next;

        for (; entry; entry = next) {
            next = entry->next;
            scene_free(&entry->scene);
            free(entry);
        }
    }
}
