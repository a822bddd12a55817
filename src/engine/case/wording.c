#include "engine/case/wording.h"

#include <stdlib.h>

#include "base/area.h"
#include "base/blank.h"
#include "base/clock.h"
#include "base/words.h"
#include "engine/case/holder.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "scene/scenes.h"

enum {
    TERMS_MAX = 800, /* of one article */
    ASKED_MAX = 12,  /* words of what was typed last */
    WITH_TERM = 100, /* articles looked at for each */
    SUGGESTED_MAX = 5,
    TYPED_BYTES = 400, /* the end of what was typed tells what it is about */
};

/* ---------------------------------------------------------- what is filled in */

/* {办件号} and the like, in the text of a template. */
static struct str number_of(struct op *op, struct a_case *it)
{
    (void)op;
    return it->row.number;
}

static struct str due_of(struct op *op, struct a_case *it)
{
    return it->row.due_ms ? clock_zh(op->arena, it->row.due_ms, op->now_ms) : STR("近日");
}

static const struct {
    struct str name;
    struct str (*fills)(struct op *op, struct a_case *it);
} blanks[] = {
    { STR_INIT("办件号"), number_of },
    { STR_INIT("时限"), due_of },
    { STR_INIT("承办方"), case_holder_title },
};

static struct str fill(struct op *op, struct a_case *it, struct str text)
{
    struct str out = STR("");

    while (text.at && text.len) {
        struct blank piece = blank_next(text);
        struct str   filled = STR("");
        for (size_t i = 0; piece.name.at && i < COUNT(blanks); i++)
            if (str_eq(blanks[i].name, piece.name))
                filled = blanks[i].fills(op, it);
        out = str_fmt(op->arena, "%.*s%.*s%.*s", STR_ARG(out), STR_ARG(piece.before),
                      STR_ARG(filled));
        text = piece.rest;
    }
    return out;
}

static bool is_blank(struct str name)
{
    for (size_t i = 0; i < COUNT(blanks); i++)
        if (str_eq(blanks[i].name, name))
            return true;
    return false;
}

static enum rc check_blanks(struct op *op, const char *where, struct str text)
{
    while (text.at && text.len) {
        struct blank piece = blank_next(text);
        if (piece.name.at && !is_blank(piece.name))
            return fail(op, RC_INVALID, where,
                        "“{%.*s}”不会填。能填的是 {办件号}、{时限}、{承办方}。",
                        STR_ARG(piece.name));
        text = piece.rest;
    }
    return RC_OK;
}

/* ------------------------------------------------------------------ keeping */

static enum rc check_scene(struct op *op, const struct wording *it)
{
    const struct scene *scene;

    if (!it->scene.len)
        return str_eq(it->kind, WORDING_TEMPLATE)
                   ? fail(op, RC_INVALID, "scene", "请选这是哪个场景的答复。")
                   : RC_OK;
    enum rc rc = scenes_now(op, it->scene, &scene);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_INVALID, "scene", "没有“%.*s”这个场景。", STR_ARG(it->scene));
    if (rc != RC_OK || !it->state.len)
        return rc;
    for (size_t i = 0; i < scene->nkinds; i++)
        if (kind_state(&scene->kinds[i], it->state))
            return RC_OK;
    return fail(op, RC_INVALID, "state", "“%.*s”里没有“%.*s”这个状态。",
                STR_ARG(scene->title), STR_ARG(it->state));
}

static enum rc check(struct op *op, const struct wording *it)
{
    bool article = str_eq(it->kind, WORDING_ARTICLE);

    if (!article && !str_eq(it->kind, WORDING_TEMPLATE))
        return fail(op, RC_INVALID, "kind", "种类是 template 或 article。");
    if (!actor_may(op->actor, RIGHT_WORDING_WRITE, it->area))
        return fail(op, RC_DENIED, "area", "这个辖区的常用文字不归您维护。");
    if (article && !it->source.len)
        return fail(op, RC_INVALID, "source", "请写明出处：哪份文件、哪一条。");
    if (article && it->until_ms && it->until_ms <= op->now_ms)
        return fail(op, RC_INVALID, "until", "有效期已经过了，请写以后的日期。");
    enum rc rc = check_scene(op, it);
    if (rc == RC_OK && !article)
        rc = check_blanks(op, "words", it->words);
    if (rc == RC_OK && !article)
        rc = check_blanks(op, "inner_words", it->inner_words);
    return rc;
}

static struct str or_empty(struct str s)
{
    return s.at ? str_trim(s) : STR("");
}

static void fill_in(struct op *op, const struct wording_args *args, struct wording *it)
{
    it->state = or_empty(args->state);
    it->categories =
        or_empty(str_join(op->arena, args->categories.at, args->categories.n, STR(",")));
    it->title = or_empty(args->title);
    it->words = or_empty(args->words);
    it->inner_words = or_empty(args->inner_words);
    it->source = or_empty(args->source);
    it->until_ms = args->until;
    it->made_by = op->actor->account;
    it->made_ms = op->now_ms;
}

/* What it is found by; nothing of what is ended, or of a template. */
static enum rc keep_terms(struct op *op, const struct wording *it)
{
    struct list terms;

    enum rc rc = wording_terms_end(op, it->id);
    if (rc != RC_OK || it->ended || !str_eq(it->kind, WORDING_ARTICLE))
        return rc;
    rc = words_kept(op->arena,
                    str_fmt(op->arena, "%.*s %.*s", STR_ARG(it->title), STR_ARG(it->words)),
                    TERMS_MAX, &terms);
    for (size_t i = 0; rc == RC_OK && i < terms.n; i++)
        rc = wording_term_put(op, it->id, ((const struct str *)terms.at)[i]);
    return rc;
}

static enum rc check_room(struct op *op, const struct wording *it)
{
    struct list found;

    enum rc rc = wording_select_kept(op, it->kind, 0, WORDINGS_MAX, &found);
    return rc == RC_OK && found.n == WORDINGS_MAX
               ? fail(op, RC_REFUSED, NULL, "已经有 %d 条了，请先停用不用的。",
                      WORDINGS_MAX)
               : rc;
}

enum rc wording_make(struct op *op, const struct wording_args *args, struct wording *it)
{
    *it = (struct wording){ .county = op->county,
                            .version = 1,
                            .kind = args->kind,
                            .area = args->area,
                            .scene = or_empty(args->scene) };
    fill_in(op, args, it);
    enum rc rc = check(op, it);
    if (rc == RC_OK)
        rc = check_room(op, it);
    if (rc != RC_OK)
        return rc;
    it->id = op_new_id(op);
    rc = wording_insert(op, it);
    return rc == RC_OK ? keep_terms(op, it) : rc;
}

static enum rc find_mine(struct op *op, int64_t id, int64_t version, struct wording *it)
{
    enum rc rc = wording_select(op, id, it);
    if (rc == RC_OK && (it->ended || !actor_may(op->actor, RIGHT_WORDING_WRITE, it->area)))
        return RC_NOT_FOUND;
    if (rc == RC_OK && it->version != version)
        return fail(op, RC_CONFLICT, NULL, "刚才有人改过，请看最新的再改。");
    return rc;
}

static enum rc store(struct op *op, struct wording *it)
{
    it->version++;
    enum rc rc = wording_update(op, it);
    if (rc == RC_NOT_FOUND)
        return RC_CONFLICT;
    return rc == RC_OK ? keep_terms(op, it) : rc;
}

enum rc wording_change(struct op *op, const struct wording_args *args, struct wording *it)
{
    enum rc rc = find_mine(op, args->id, args->version, it);
    if (rc != RC_OK)
        return rc;
    fill_in(op, args, it);
    rc = check(op, it);
    return rc == RC_OK ? store(op, it) : rc;
}

enum rc wording_end(struct op *op, int64_t id, int64_t version, struct wording *it)
{
    enum rc rc = find_mine(op, id, version, it);
    if (rc != RC_OK)
        return rc;
    it->ended = true;
    it->made_by = op->actor->account;
    it->made_ms = op->now_ms;
    return store(op, it);
}

enum rc wording_list(struct op *op, struct str kind, int64_t before, size_t most,
                     struct list *found)
{
    return wording_select_kept(op, kind, before, most, found);
}

/* ------------------------------------------------------------ for a case */

static bool has_category(const struct wording *it, struct str category)
{
    struct str_cut cut = { .tail = it->categories, .ok = true };

    while (cut.ok) {
        cut = str_cut(cut.tail, ',');
        if (str_eq(cut.head, category))
            return true;
    }
    return false;
}

static bool fits(const struct wording *it, const struct case_row *row)
{
    return area_within(row->area, it->area) &&
           (!it->state.len || str_eq(it->state, row->state)) &&
           (!it->categories.len || has_category(it, row->category));
}

/* What is meant for less comes first. */
static int exact_first(const void *a, const void *b)
{
    const struct wording *one = a, *other = b;
    int                   mine = (one->categories.len > 0) * 2 + (one->state.len > 0);
    int                   theirs = (other->categories.len > 0) * 2 + (other->state.len > 0);

    return mine != theirs ? theirs - mine : (one->id > other->id) - (one->id < other->id);
}

enum rc wording_for_case(struct op *op, struct a_case *it, struct list *found)
{
    op->county = it->row.county;
    enum rc rc = wording_select_templates(op, it->row.scene, WORDINGS_MAX, found);
    if (rc != RC_OK)
        return rc;
    struct wording *all = found->at;
    size_t          n = 0;
    for (size_t i = 0; i < found->n; i++)
        if (fits(&all[i], &it->row))
            all[n++] = all[i];
    for (size_t i = 0; i < n; i++) {
        all[i].words = fill(op, it, all[i].words);
        all[i].inner_words = fill(op, it, all[i].inner_words);
    }
    qsort(all, n, sizeof *all, exact_first);
    found->n = n;
    return RC_OK;
}

/* --------------------------------------------------------------- suggesting */

struct hit {
    int64_t id, words; /* how many of the words it has */
};

static int most_words_first(const void *a, const void *b)
{
    const struct hit *one = a, *other = b;

    if (one->words != other->words)
        return one->words < other->words ? 1 : -1;
    return (one->id < other->id) - (one->id > other->id);
}

static size_t add_hit(struct hit *hits, size_t n, int64_t id)
{
    size_t i = 0;

    while (i < n && hits[i].id != id)
        i++;
    hits[i].id = id;
    hits[i].words++;
    return i == n ? n + 1 : n;
}

static enum rc find_hits(struct op *op, const struct list *asked, struct hit *hits,
                         size_t *n)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < asked->n; i++) {
        struct list ids;
        rc = wording_select_term(op, ((const struct str *)asked->at)[i], WITH_TERM, &ids);
        for (size_t k = 0; rc == RC_OK && k < ids.n; k++)
            *n = add_hit(hits, *n, ((const int64_t *)ids.at)[k]);
    }
    return rc;
}

static bool in_force(const struct op *op, const struct wording *it, struct str area,
                     struct str category)
{
    return !it->ended && (!it->until_ms || it->until_ms > op->now_ms) &&
           area_within(area, it->area) &&
           (!it->categories.len || !category.len || has_category(it, category));
}

static struct str end_of(struct str typed)
{
    size_t from = typed.len > TYPED_BYTES ? typed.len - TYPED_BYTES : 0;

    while (from < typed.len && ((unsigned char)typed.at[from] & 0xC0) == 0x80)
        from++; /* not within a character */
    return str_slice(typed.at + from, typed.len - from);
}

enum rc wording_suggest(struct op *op, struct str typed, struct str area,
                        struct str category, struct list *found)
{
    struct hit     *hits = arena_many(op->arena, ASKED_MAX * WITH_TERM + 1, struct hit);
    struct wording *best = arena_many(op->arena, SUGGESTED_MAX, struct wording);
    struct list     asked;
    size_t          n = 0;

    *found = (struct list){ best, 0 };
    if (!hits || !best)
        return RC_TOO_LARGE;
    enum rc rc = words_asked(op->arena, end_of(typed), ASKED_MAX, &asked);
    if (rc == RC_OK)
        rc = find_hits(op, &asked, hits, &n);
    qsort(hits, n, sizeof *hits, most_words_first);
    int64_t least = asked.n > 2 ? 2 : 1; /* one word of many is chance */
    for (size_t i = 0; rc == RC_OK && i < n && found->n < SUGGESTED_MAX; i++) {
        if (hits[i].words < least)
            break;
        rc = wording_select(op, hits[i].id, &best[found->n]);
        found->n += rc == RC_OK && in_force(op, &best[found->n], area, category);
    }
    return rc;
}
