#include "registry/area.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gate/journal.h"
#include "guard/actor.h"
#include "registry/area_store.h"

static const struct {
    size_t     digits;
    struct str title;
} levels[] = {
    [LEVEL_PROVINCE] = { 2, STR_INIT("省") },
    [LEVEL_CITY] = { 4, STR_INIT("市") },
    [LEVEL_COUNTY] = { 6, STR_INIT("县区") },
    [LEVEL_STREET] = { 9, STR_INIT("乡镇街道") },
    [LEVEL_COMMUNITY] = { 12, STR_INIT("村社区") },
    [LEVEL_GRID] = { 15, STR_INIT("网格") },
};

struct str area_level_title(int level)
{
    return level >= LEVEL_PROVINCE && level <= LEVEL_GRID ? levels[level].title : STR("");
}

struct str area_at_level(struct str code, int level)
{
    assert(level >= LEVEL_PROVINCE && level <= LEVEL_GRID);
    return code.len >= levels[level].digits ? str_slice(code.at, levels[level].digits)
                                            : STR_NONE;
}

struct str area_parent(struct str code)
{
    int level = area_level(code);

    return level > LEVEL_PROVINCE ? area_at_level(code, level - 1) : STR_NONE;
}

struct str area_short_name(struct str name)
{
    static const struct {
        struct str tail, keeps;
    } tails[] = {
        { STR_INIT("社区居民委员会"), STR_INIT("社区") },
        { STR_INIT("社区居委会"), STR_INIT("社区") },
        { STR_INIT("村村民委员会"), STR_INIT("村") },
        { STR_INIT("村村委会"), STR_INIT("村") },
        { STR_INIT("村委会"), STR_INIT("村") },
    };

    for (size_t i = 0; i < COUNT(tails); i++)
        if (str_ends(name, tails[i].tail) && name.len > tails[i].tail.len)
            return str_slice(name.at, name.len - tails[i].tail.len + tails[i].keeps.len);
    return name;
}

/* ---------------------------------------------------------- names in memory */

/* Open addressing over codes; when half full it is emptied and fills again with
 * what is asked for: simpler than ageing, and a county fits many times over. */
enum { MEMORY_SLOTS = 1 << 16, NAME_BYTES = 96, CODE_BYTES = 16 };

struct remembered {
    char          code[CODE_BYTES];
    unsigned char len;
    char          name[NAME_BYTES];
};

static pthread_rwlock_t   memory_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct remembered *memory;
static size_t             memory_used;

static struct remembered *slot_of(struct str code)
{
    size_t i = str_hash(code) % MEMORY_SLOTS;

    while (memory[i].len && !str_eq(str_of(memory[i].code), code))
        i = (i + 1) % MEMORY_SLOTS;
    return &memory[i];
}

static struct str recall(struct op *op, struct str code)
{
    struct str name = STR_NONE;

    pthread_rwlock_rdlock(&memory_lock);
    if (memory) {
        const struct remembered *slot = slot_of(code);
        if (slot->len)
            name = str_copy(op->arena, str_slice(slot->name, slot->len));
    }
    pthread_rwlock_unlock(&memory_lock);
    return name;
}

static void remember(struct str code, struct str name)
{
    if (!code.len || code.len >= CODE_BYTES || !name.len || name.len > NAME_BYTES)
        return;
    pthread_rwlock_wrlock(&memory_lock);
    if (!memory)
        memory = calloc(MEMORY_SLOTS, sizeof *memory);
    if (memory && memory_used >= MEMORY_SLOTS / 2) {
        memset(memory, 0, MEMORY_SLOTS * sizeof *memory);
        memory_used = 0;
    }
    struct remembered *slot = memory ? slot_of(code) : NULL;
    if (slot && !slot->len) {
        memcpy(slot->code, code.at, code.len);
        memcpy(slot->name, name.at, name.len);
        slot->len = (unsigned char)name.len;
        memory_used++;
    }
    pthread_rwlock_unlock(&memory_lock);
}

void area_memory_empty(void)
{
    pthread_rwlock_wrlock(&memory_lock);
    free(memory);
    memory = NULL;
    memory_used = 0;
    pthread_rwlock_unlock(&memory_lock);
}

void area_landed(const struct line *line)
{
    if (str_eq(line->act, STR("area.put")))
        area_memory_empty();
}

/* -------------------------------------------------------------- looking up */

enum rc area_find(struct op *op, struct str code, struct area *area)
{
    if (!area_level(code))
        return fail(op, RC_NOT_FOUND, "code", "没有代码是“%.*s”的辖区。", STR_ARG(code));
    return area_select(op, code, area);
}

struct str area_name(struct op *op, struct str code)
{
    struct area area;

    if (!code.len)
        return STR("");
    struct str name = recall(op, code);
    if (name.at)
        return name;
    if (!area_level(code) || area_select(op, code, &area) != RC_OK)
        return code;
    remember(code, area.name);
    return area.name;
}

struct str area_path(struct op *op, struct str code, int from_level)
{
    struct str parts[LEVEL_GRID];
    size_t     n = 0;

    for (int level = from_level; level <= area_level(code); level++)
        parts[n++] = area_name(op, area_at_level(code, level));
    return str_join(op->arena, parts, n, STR(" "));
}

enum rc area_children(struct op *op, struct str parent, struct str after, size_t most,
                      struct list *areas)
{
    return area_select_children(op, parent, after, most, areas);
}

enum rc area_named(struct op *op, struct str name, struct str within, size_t most,
                   struct list *areas)
{
    struct list found;

    enum rc rc = area_select_named(op, name, most, &found);
    if (rc != RC_OK)
        return rc;
    struct area *all = found.at;
    size_t       kept = 0;
    for (size_t i = 0; i < found.n; i++)
        if (!within.len || area_within(all[i].code, within))
            all[kept++] = all[i];
    *areas = (struct list){ all, kept };
    return RC_OK;
}

/* ---------------------------------------------------------------- changing */

static enum rc check_row(struct op *op, size_t i, const struct area_row *row)
{
    struct area parent;
    int         level = area_level(row->code);

    if (!level)
        return fail(op, RC_REFUSED, "rows",
                    "第 %zu 行：“%.*s”不是辖区代码，要 2、4、6、9、12 或 15 位数字。",
                    i + 1, STR_ARG(row->code));
    if (level == LEVEL_PROVINCE)
        return RC_OK;
    enum rc rc = area_select(op, area_parent(row->code), &parent);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_REFUSED, "rows", "第 %zu 行：%.*s 的上级 %.*s 还没有装入。",
                    i + 1, STR_ARG(row->code), STR_ARG(area_parent(row->code)));
    return rc;
}

enum rc area_put(struct op *op, const struct area_row *rows, size_t n, struct str source,
                 int64_t *changed)
{
    for (size_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        enum rc           rc = check_row(op, i, &rows[i]);
        if (rc != RC_OK)
            return rc;
        struct str parent = area_parent(rows[i].code);
        rc = area_upsert(op, &(struct area){
                                 .code = rows[i].code,
                                 .parent = parent.at ? parent : STR(""),
                                 .level = area_level(rows[i].code),
                                 .name = area_short_name(str_trim(rows[i].name)),
                                 .kind = STR(""),
                                 .source = source,
                             });
        if (rc != RC_OK)
            return rc;
        arena_back(op->arena, mark);
    }
    *changed = (int64_t)n;
    return RC_OK;
}

enum rc county_of_area(struct op *op, struct str code, int64_t *number)
{
    int level = area_level(code);

    for (level = level > LEVEL_COUNTY ? LEVEL_COUNTY : level; level >= LEVEL_PROVINCE;
         level--) {
        enum rc rc = county_select(op, area_at_level(code, level), number);
        if (rc != RC_NOT_FOUND)
            return rc;
    }
    return RC_NOT_FOUND;
}

enum rc county_enter(struct op *op, struct str area)
{
    enum rc rc = area_level(area) ? county_of_area(op, area, &op->county) : RC_NOT_FOUND;

    return rc == RC_NOT_FOUND ? fail(op, RC_REFUSED, "area",
                                     "“%.*s”不在任何已登记的区县里。", STR_ARG(area))
                              : rc;
}

enum rc county_yours(struct op *op, enum right right)
{
    struct str code;

    enum rc rc = county_code(op, op->county, &code);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (actor_may(op->actor, right, rc == RC_OK ? code : AREA_EVERYWHERE))
        return RC_OK;
    return fail(op, RC_DENIED, NULL, "这个区县的这类事不归您管。");
}

enum rc county_look(struct op *op, enum right right, struct str area)
{
    if (!area.at && !op->county)
        return fail(op, RC_REFUSED, "area", "请写明是哪个区县。");
    enum rc rc = area.at ? county_enter(op, area) : RC_OK;
    return rc == RC_OK ? county_yours(op, right) : rc;
}

enum rc county_code(struct op *op, int64_t number, struct str *code)
{
    return county_select_code(op, number, code);
}

enum rc county_put(struct op *op, int64_t number, struct str code)
{
    struct str had;
    int64_t    other;
    int        level = area_level(code);

    if (level < LEVEL_PROVINCE || level > LEVEL_COUNTY)
        return fail(op, RC_REFUSED, "rows", "“%.*s”不是省、市或县区的代码。",
                    STR_ARG(code));
    enum rc rc = county_select_code(op, number, &had);
    if (rc == RC_OK && !str_eq(had, code))
        return fail(op, RC_REFUSED, "rows", "永久编号 %lld 已经给了 %.*s，不能再给 %.*s。",
                    (long long)number, STR_ARG(had), STR_ARG(code));
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = county_select(op, code, &other);
    if (rc == RC_OK)
        return fail(op, RC_REFUSED, "rows", "%.*s 的永久编号是 %lld，不能再改成 %lld。",
                    STR_ARG(code), (long long)other, (long long)number);
    return rc == RC_NOT_FOUND ? county_insert(op, number, code) : rc;
}
