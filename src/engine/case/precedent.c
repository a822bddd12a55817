#include "engine/case/precedent.h"

#include "base/clock.h"
#include "guard/actor.h"
#include "registry/area.h"

enum {
    LOOKED_AT = 50, /* newest of the category */
    PAIRS_MAX = 64, /* of one title */
    ALIKE = 50,     /* per 100: routing follows it */
};

/* --------------------------------------------------------------- likeness */

struct pairs {
    uint64_t of[PAIRS_MAX];
    size_t   n;
};

static bool is_mark(uint32_t c)
{
    return c < 0x80 ? !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                        (c >= 'A' && c <= 'Z'))
                    : (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF0F) ||
                          (c >= 0xFF1A && c <= 0xFF20);
}

static struct pairs pairs_of(struct str text)
{
    struct pairs pairs = { .n = 0 };
    uint32_t     last = 0;

    while (text.len && pairs.n < PAIRS_MAX) {
        uint32_t c = (uint32_t)str_utf8_next(&text);
        if (is_mark(c)) {
            last = 0;
            continue;
        }
        if (last)
            pairs.of[pairs.n++] = (uint64_t)last << 32 | c;
        last = c;
    }
    return pairs;
}

static bool has_pair(const struct pairs *pairs, uint64_t pair)
{
    for (size_t i = 0; i < pairs->n; i++)
        if (pairs->of[i] == pair)
            return true;
    return false;
}

int likeness(struct str a, struct str b)
{
    struct pairs        of_a = pairs_of(a), of_b = pairs_of(b);
    const struct pairs *shorter = of_a.n <= of_b.n ? &of_a : &of_b;
    const struct pairs *longer = shorter == &of_a ? &of_b : &of_a;
    int                 shared = 0;

    for (size_t i = 0; i < shorter->n; i++)
        shared += has_pair(longer, shorter->of[i]);
    return shorter->n ? shared * 100 / (int)shorter->n : 0;
}

/* ---------------------------------------------------------------- keeping */

static struct str area_of(const struct case_row *row)
{
    return row->community.len ? row->community : row->street;
}

enum rc precedent_keep(struct turn *turn)
{
    const struct case_row *row = &turn->it->row;
    struct op             *op = turn->op;

    turn_answers_by_route(turn);
    turn_answers_for(turn, holder_read(row->holder));
    return precedent_insert(op, &(struct precedent){ .county = row->county,
                                                     .id = op_new_id(op),
                                                     .scene = row->scene,
                                                     .kind = row->kind,
                                                     .category = row->category,
                                                     .area = area_of(row),
                                                     .words = row->title,
                                                     .holder = row->holder,
                                                     .reason = str_trim(turn->line.reason),
                                                     .case_id = row->id,
                                                     .number = row->number,
                                                     .decided_by = op->actor->account,
                                                     .decided_ms = op->now_ms });
}

/* ---------------------------------------------------------------- finding */

/* What lies nearer counts first, then what sounds alike, then what is newer. */
static int weight(const struct a_case *it, const struct precedent *precedent)
{
    int near = 0;

    for (int level = LEVEL_COUNTY; level <= LEVEL_COMMUNITY; level++) {
        struct str here = area_at_level(it->row.area, level);
        near += here.at && area_within(precedent->area, here);
    }
    return near * 50 + likeness(it->row.title, precedent->words);
}

static bool is_there(const struct precedent *found, size_t n, struct str holder)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(found[i].holder, holder))
            return true;
    return false;
}

static const struct precedent *heaviest(const struct a_case *it, const struct list *rows,
                                        const struct list *found)
{
    const struct precedent *row = rows->at, *best = NULL;

    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(row[i].kind, it->row.kind) &&
            !is_there(found->at, found->n, row[i].holder) &&
            (!best || weight(it, &row[i]) > weight(it, best)))
            best = &row[i];
    return best;
}

enum rc precedents_like(struct op *op, const struct a_case *it, size_t most,
                        struct list *found)
{
    struct precedent       *best = arena_many(op->arena, most, struct precedent);
    const struct precedent *next;
    struct list             rows = { 0 };

    *found = (struct list){ best, 0 };
    if (!best)
        return RC_TOO_LARGE;
    enum rc rc = precedent_select(op, it->row.scene, it->row.category, LOOKED_AT, &rows);
    while (rc == RC_OK && found->n < most && (next = heaviest(it, &rows, found)))
        best[found->n++] = *next;
    return rc;
}

enum rc precedent_for(struct op *op, const struct a_case *it, struct precedent *found)
{
    struct list rows = { 0 };

    enum rc rc = precedent_select(op, it->row.scene, it->row.category, LOOKED_AT, &rows);
    const struct precedent *row = rows.at, *best = NULL;
    int                     most = ALIKE - 1;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        int like = likeness(it->row.title, row[i].words);
        if (str_eq(row[i].kind, it->row.kind) && str_eq(row[i].area, area_of(&it->row)) &&
            like > most && holder_works(op, holder_read(row[i].holder))) {
            best = &row[i];
            most = like;
        }
    }
    if (rc != RC_OK || !best)
        return rc == RC_OK ? RC_NOT_FOUND : rc;
    *found = *best;
    return RC_OK;
}

struct str precedent_says(struct op *op, const struct precedent *precedent)
{
    return str_fmt(op->arena, "%.*s %.*s 号裁定，%.*s",
                   STR_ARG(clock_zh(op->arena, precedent->decided_ms, op->now_ms)),
                   STR_ARG(precedent->number),
                   STR_ARG(str_sentence(op->arena, precedent->reason)));
}
