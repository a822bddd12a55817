#include "engine/case/alike.h"

#include <math.h>

#include "base/json.h"
#include "base/words.h"
#include "engine/case/case_store.h"
#include "engine/case/fields.h"
#include "engine/case/links_store.h"
#include "engine/case/sight.h"
#include "guard/actor.h"
#include "scene/scenes.h"

enum {
    ALIKE_MAX = 5,
    LOOKED_AT = 50, /* of one cell: the newest */
    WORDS_MAX = 100,
    READ_MAX = 10, /* the best of them by all else: their words are read */
};
#define DAY_MS       INT64_C(86400000)
#define WORDS_ALIKE  (1.0 / 3)
#define METRES_A_DEG (6371008.8 * 3.14159265358979 / 180)

const struct field alike_shown_fields[ALIKE_NFIELDS] = {
    FIELD_ID(struct alike_shown, id, OPTIONAL),
    FIELD(struct alike_shown, category, OPTIONAL),
    FIELD(struct alike_shown, state_title, OPTIONAL),
    FIELD(struct alike_shown, distance, OPTIONAL),
    FIELD(struct alike_shown, promise, OPTIONAL),
    FIELD_TIME(struct alike_shown, when, OPTIONAL),
    FIELD_LIST_OF(struct alike_shown, why, KIND_TEXT, OPTIONAL),
    FIELD(struct alike_shown, me_too, OPTIONAL),
    FIELD(struct alike_shown, you, OPTIONAL),
    FIELD(struct alike_shown, number, OPTIONAL),
    FIELD(struct alike_shown, title, OPTIONAL),
};

/* What is looked for. */
struct wanted {
    struct op              *op;
    const struct scene     *scene;
    const struct case_kind *kind;
    int64_t                 id; /* the case itself; 0: not sent yet */
    struct str              category;
    double                  lat, lng;
    struct list             words; /* struct str */
    int64_t                 near_m, staff_m;
};
/* One that was found. */
struct near {
    const struct case_row *row;
    double                 metres, words, rank;
    bool                   staff; /* may the asker know which it is? */
};
struct nearest {
    struct near of[READ_MAX];
    size_t      n, most;
};

/* ----------------------------------------------------------------- words */

/* Texts that everybody who sees the case reads; personal ones stand elsewhere. */
static enum rc words_of(struct op *op, const struct case_kind *kind, struct str fields,
                        struct list *words)
{
    struct json_member member;
    struct str         all = STR(""), text;

    for (struct str rest = json_inside(fields); json_member(op->arena, &rest, &member);) {
        const struct scene_field *field = kind_field(kind, member.key);
        if (field && field->asks == ASKS_TEXT && json_type(member.value) == JSON_STRING &&
            json_value_text(op->arena, member.value, &text))
            all = str_cat(op->arena, all, STR("。"), text);
    }
    return words_asked(op->arena, all, WORDS_MAX, words);
}

static bool has_word(const struct list *words, struct str word)
{
    const struct str *all = words->at;

    for (size_t i = 0; i < words->n; i++)
        if (str_eq(all[i], word))
            return true;
    return false;
}

/* Words that both have, of all that one of them has. */
static double words_alike(const struct list *a, const struct list *b)
{
    const struct str *words = a->at;
    size_t            shared = 0;

    for (size_t i = 0; i < a->n; i++)
        shared += has_word(b, words[i]);
    size_t all = a->n + b->n - shared;
    return all ? (double)shared / (double)all : 0;
}

/* ----------------------------------------------------------------- place */

/* Metres between two places nearby (equirectangular, within 0.1 % below 10 km). */
static double metres(const struct wanted *want, const struct case_row *row)
{
    double radians = acos(-1.0) / 180;
    double x =
        (row->lng - want->lng) * METRES_A_DEG * cos((want->lat + row->lat) / 2 * radians);
    double y = (row->lat - want->lat) * METRES_A_DEG;

    return sqrt(x * x + y * y);
}

/* A band, not a distance: nobody is found by three askings. */
static struct str band(double m)
{
    return m <= 50    ? STR("50 米内")
           : m <= 100 ? STR("100 米内")
           : m <= 250 ? STR("250 米内")
                      : STR("附近");
}

static struct str distance(struct op *op, const struct near *near)
{
    return near->staff ? str_fmt(op->arena, "%d 米", (int)lround(near->metres / 10) * 10)
                       : band(near->metres);
}

/* --------------------------------------------------------------- ranking */

static bool same_fields(const struct wanted *want, const struct case_row *row)
{
    const struct scene_field *category = kind_category(want->kind);

    return !want->category.len || !category ||
           !(want->kind->alike.same >> (category - want->kind->fields) & 1) ||
           field_is_akin(category, row->category, want->category);
}

static bool may_be_same(const struct wanted *want, const struct case_row *row)
{
    return row->id != want->id && (!want->id || row->first_id != want->id) &&
           str_eq(row->scene, want->scene->name) && str_eq(row->kind, want->kind->name) &&
           row->opened_ms >= want->op->now_ms - want->kind->alike.within_ms &&
           !str_eq(row->bucket, STR("ended")) && same_fields(want, row);
}

static double rank(const struct wanted *want, const struct near *near)
{
    const struct case_row *row = near->row;
    double                 farthest = (double)(near->staff ? want->staff_m : want->near_m);
    double                 age = (double)(want->op->now_ms - row->opened_ms);

    return 40 * (1 - near->metres / farthest) + 30 * near->words +
           20 * (1 - age / (double)want->kind->alike.within_ms) +
           (str_eq(row->category, want->category) ? 10 : 0);
}

/* In its place among the best. */
static void keep(struct nearest *best, struct near near)
{
    if (best->n == best->most && best->of[best->most - 1].rank >= near.rank)
        return;
    size_t i = best->n < best->most ? best->n++ : best->most - 1;
    for (; i > 0 && best->of[i - 1].rank < near.rank; i--)
        best->of[i] = best->of[i - 1];
    best->of[i] = near;
}

/* Is it for the asker's eyes, and near enough for them? */
static bool is_near(const struct wanted *want, const struct case_row *row,
                    struct near *near)
{
    const struct actor *actor = want->op->actor;
    struct a_case       it = { .row = *row, .kind = want->kind };

    *near = (struct near){ .row = row, .metres = metres(want, row) };
    near->staff = want->kind->confidential || actor_may(actor, RIGHT_CASE_READ, row->area);
    if (!sight_of_row(want->op, row))
        return false;
    if (row->shielded && !actor_may(actor, RIGHT_SHIELDED_READ, row->area))
        return false;
    if (!near->staff && !case_is_public(&it) && row->reporter != actor->account)
        return false;
    return near->metres <= (double)(near->staff ? want->staff_m : want->near_m);
}

static void look_at(const struct wanted *want, const struct case_row *row,
                    struct nearest *found)
{
    struct near near;

    if (!may_be_same(want, row) || !is_near(want, row, &near))
        return;
    near.rank = rank(want, &near);
    keep(found, near);
}

static enum rc read_words(const struct wanted *want, const struct nearest *found,
                          struct nearest *best)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < found->n; i++) {
        struct near near = found->of[i];
        struct list words = { 0 };
        if (want->words.n)
            rc = words_of(want->op, want->kind, near.row->fields, &words);
        near.words = words_alike(&want->words, &words);
        near.rank = rank(want, &near);
        keep(best, near);
    }
    return rc;
}

/* Every cell that the circle touches. */
static enum rc look_round(const struct wanted *want, struct nearest *best)
{
    double  far_m = (double)(want->staff_m > want->near_m ? want->staff_m : want->near_m);
    double  up = far_m / METRES_A_DEG, radians = acos(-1.0) / 180;
    double  aside = up / fmax(cos(want->lat * radians), 0.01), step = 1 / CELLS_PER_DEGREE;
    int64_t since =
        id_floor(want->op->county, want->op->now_ms - want->kind->alike.within_ms);
    enum rc rc = RC_OK;

    for (double lat = floor((want->lat - up) / step) * step + step / 2;
         rc == RC_OK && lat - step / 2 <= want->lat + up; lat += step)
        for (double lng = floor((want->lng - aside) / step) * step + step / 2;
             rc == RC_OK && lng - step / 2 <= want->lng + aside; lng += step) {
            struct list rows;
            rc = case_select_cell(want->op, case_cell(lat, lng), since, LOOKED_AT, &rows);
            const struct case_row *row = rows.at;
            for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
                look_at(want, &row[i], best);
        }
    return rc;
}

/* --------------------------------------------------------------- showing */

static struct str how_long_ago(struct op *op, int64_t ms)
{
    int64_t days = (op->now_ms - ms) / DAY_MS;

    return days < 1 ? STR("今天") : str_fmt(op->arena, "%lld 天前", (long long)days);
}

static enum rc say_why(const struct wanted *want, const struct near *near, struct list *why)
{
    struct op  *op = want->op;
    struct str *says = arena_many(op->arena, 4, struct str);

    *why = (struct list){ says, 0 };
    if (!says)
        return RC_TOO_LARGE;
    says[why->n++] = distance(op, near);
    if (want->category.len)
        says[why->n++] =
            str_eq(near->row->category, want->category) ? STR("同类") : STR("同一大类");
    says[why->n++] = how_long_ago(op, near->row->opened_ms);
    if (near->words >= WORDS_ALIKE)
        says[why->n++] = STR("词语相近");
    return RC_OK;
}

/* One whole sentence, without what is whose. */
static struct str stands(const struct case_row *row)
{
    return str_eq(row->bucket, STR("answered"))  ? STR("已经办好了。")
           : str_eq(row->bucket, STR("waiting")) ? STR("正等着有人接手。")
           : row->paused_ms ? STR("暂缓办理，条件到了接着办。")
                            : STR("已经有人在办了。");
}

static enum rc show(const struct wanted *want, const struct near *near,
                    struct alike_shown *shown)
{
    const struct case_row    *row = near->row;
    const struct scene_state *state = kind_state(want->kind, row->state);
    struct follower_row       follower;
    bool own = row->reporter && row->reporter == want->op->actor->account;

    *shown = (struct alike_shown){
        .id = row->id,
        .category = row->category,
        .when = row->opened_ms,
        .state_title = state ? state->title : STR("在办"),
        .distance = distance(want->op, near),
        .promise = stands(row),
        .me_too = row->me_too,
        .number = near->staff || own ? row->number : STR_NONE,
        .title = near->staff || own ? row->title : STR_NONE,
        .you = own,
    };
    enum rc rc = say_why(want, near, &shown->why);
    if (rc != RC_OK || own)
        return rc;
    rc = follower_select(want->op, row->id, want->op->actor->account, &follower);
    shown->you = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* ---------------------------------------------------------------- asking */

/* Of a case: everything is as it stands there. */
static enum rc want_case(struct op *op, int64_t id, struct wanted *want)
{
    struct a_case it;

    enum rc rc = case_find(op, id, &it);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_READ, it.row.area) &&
        !case_holds(op->actor, &it.row))
        return fail(op, RC_DENIED, "id", "是不是同一件事，由办的人来看。");
    if (rc != RC_OK)
        return rc;
    want->scene = it.scene;
    want->kind = it.kind;
    want->id = id;
    want->category = it.row.category;
    want->lat = it.row.lat;
    want->lng = it.row.lng;
    return words_of(op, it.kind, it.row.fields, &want->words);
}

static enum rc want_report(struct op *op, const struct alike_args *args,
                           struct wanted *want)
{
    enum rc rc = scenes_now(op, args->scene, &want->scene);

    if (rc != RC_OK)
        return rc;
    want->kind = scene_kind(want->scene, args->kind);
    want->category = args->category;
    want->lat = args->lat;
    want->lng = args->lng;
    return words_asked(op->arena, args->words.at ? args->words : STR(""), WORDS_MAX,
                       &want->words);
}

enum rc alike_find(struct op *op, const struct alike_args *args, struct list *found)
{
    struct wanted  want = { .op = op };
    struct nearest near = { .most = READ_MAX }, best = { .most = ALIKE_MAX };

    *found = (struct list){ arena_many(op->arena, ALIKE_MAX, struct alike_shown), 0 };
    if (!found->at)
        return RC_TOO_LARGE;
    enum rc rc = args->id ? want_case(op, args->id, &want) : want_report(op, args, &want);
    if (rc != RC_OK || !want.kind || !want.kind->alike.distance_m ||
        (want.lat == 0 && want.lng == 0))
        return rc;
    want.near_m = kind_near_m(want.kind, want.category);
    want.staff_m = want.kind->alike.staff_m;
    if (want.staff_m < want.near_m)
        want.staff_m = want.near_m;
    if (!actor_may(op->actor, RIGHT_CASE_READ, STR_NONE))
        want.staff_m = want.near_m; /* nobody's staff looks no farther */
    rc = look_round(&want, &near);
    if (rc == RC_OK)
        rc = read_words(&want, &near, &best);
    for (; rc == RC_OK && found->n < best.n; found->n++)
        rc = show(&want, &best.of[found->n], (struct alike_shown *)found->at + found->n);
    return rc;
}
