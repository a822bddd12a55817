#include "engine/photo/copy.h"

#include <math.h>
#include <sodium.h>

#include "base/json.h"
#include "base/random.h"
#include "engine/photo/photo_rules.h"

static_assert((int)PHOTO_MARKS_MAX == (int)DECODE_MARKS_MAX,
              "what is marked can be blurred");

static const struct field mark_fields[] = {
    FIELD(struct photo_mark, shape, OPTIONAL), FIELD(struct photo_mark, x, OPTIONAL),
    FIELD(struct photo_mark, y, OPTIONAL),     FIELD(struct photo_mark, w, OPTIONAL),
    FIELD(struct photo_mark, h, OPTIONAL),
};

/* ------------------------------------------------------------------ marks */

static bool mark_is_whole(const struct photo_mark *mark)
{
    return (str_eq(mark->shape, STR("box")) || str_eq(mark->shape, STR("oval"))) &&
           mark->x >= 0 && mark->y >= 0 && mark->w > 0 && mark->h > 0 &&
           mark->x + mark->w <= 1.001 && mark->y + mark->h <= 1.001;
}

static bool marks_are_whole(const struct list *marks)
{
    for (size_t i = 0; i < marks->n; i++)
        if (!mark_is_whole((const struct photo_mark *)marks->at + i))
            return false;
    return true;
}

static struct str marks_write(struct op *op, const struct list *marks)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_open(&out, '[');
    for (size_t i = 0; i < marks->n; i++)
        json_struct(&out, mark_fields, COUNT(mark_fields),
                    (const struct photo_mark *)marks->at + i);
    json_close(&out, ']');
    return json_done(&out);
}

static int32_t thousandths(double part)
{
    return (int32_t)lround(part * 1000);
}

size_t copy_marks(struct arena *arena, const struct photo_copy *copy,
                  struct decode_mark marks[DECODE_MARKS_MAX])
{
    struct json_member member;
    size_t             n = 0;

    for (struct str rest = json_inside(copy->marks);
         n < DECODE_MARKS_MAX && json_member(arena, &rest, &member);) {
        struct photo_mark mark = { 0 };
        struct problems   ignored;
        problems_init(&ignored, arena);
        if (json_read(arena, member.value, mark_fields, COUNT(mark_fields), &mark,
                      &ignored) != RC_OK)
            continue;
        marks[n++] =
            (struct decode_mark){ str_eq(mark.shape, STR("oval")) ? MARK_OVAL : MARK_BOX,
                                  thousandths(mark.x), thousandths(mark.y),
                                  thousandths(mark.w), thousandths(mark.h) };
    }
    return n;
}

/* ---------------------------------------------------------------- copying */

static enum rc check_wish(struct op *op, int64_t owner, const struct photo_wish *wish,
                          size_t n)
{
    struct photo photo;

    enum rc rc = photo_select(op, wish->id, &photo);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && photo.owner != owner))
        return fail(op, RC_REFUSED, "public/photos", "第 %zu 张照片不是这件事的。", n);
    if (rc == RC_OK && !str_eq(photo.state, PHOTO_READY))
        return fail(op, RC_REFUSED, "public/photos",
                    "第 %zu 张照片还没有处理好，请等一会儿。", n);
    if (rc == RC_OK && !marks_are_whole(&wish->marks))
        return fail(op, RC_INVALID, "public/photos", "第 %zu 张照片上打码的地方不对。", n);
    return rc;
}

static struct photo_copy *same(const struct list *copies, int64_t photo, struct str marks)
{
    struct photo_copy *copy = copies->at;

    for (size_t i = 0; i < copies->n; i++)
        if (copy[i].photo == photo && str_eq(copy[i].marks, marks) &&
            !str_eq(copy[i].state, COPY_FAILED))
            return &copy[i];
    return NULL;
}

static enum rc add_copy(struct op *op, int64_t owner, int64_t photo, struct str marks)
{
    unsigned char chance[16];

    random_bytes(chance, sizeof chance);
    return copy_insert(
        op, &(struct photo_copy){ .county = op->county,
                                  .id = op_new_id(op),
                                  .photo = photo,
                                  .owner = owner,
                                  .key = str_hex(op->arena, chance, sizeof chance),
                                  .marks = marks,
                                  .state = PHOTO_NEW });
}

/* What is wished for and there stays; its row's id is taken out of those to go. */
static enum rc make_one(struct op *op, int64_t owner, const struct photo_wish *wish,
                        struct list *there)
{
    struct str         marks = marks_write(op, &wish->marks);
    struct photo_copy *copy = same(there, wish->id, marks);

    if (!marks.at)
        return RC_TOO_LARGE;
    if (!copy)
        return add_copy(op, owner, wish->id, marks);
    copy->id = 0;
    return RC_OK;
}

static enum rc let_go(struct op *op, const struct list *copies)
{
    const struct photo_copy *copy = copies->at;
    enum rc                  rc = RC_OK;

    for (size_t i = 0; i < copies->n && rc == RC_OK; i++)
        if (copy[i].id)
            rc = copy_set_gone(op, copy[i].id);
    return rc;
}

enum rc photo_copy(struct op *op, int64_t owner, const struct list *wishes)
{
    const struct photo_wish *wish = wishes->at;
    struct list              there;

    enum rc rc = copy_of_owner(op, owner, &there);
    for (size_t i = 0; i < wishes->n && rc == RC_OK; i++)
        rc = check_wish(op, owner, &wish[i], i + 1);
    for (size_t i = 0; i < wishes->n && rc == RC_OK; i++)
        rc = make_one(op, owner, &wish[i], &there);
    return rc == RC_OK ? let_go(op, &there) : rc;
}

enum rc photo_uncopy(struct op *op, int64_t owner)
{
    return photo_copy(op, owner, &(struct list){ 0 });
}

/* ---------------------------------------------------------------- looking */

static enum rc addresses(struct op *op, int64_t owner, bool ready, struct list *shown)
{
    struct list copies;

    enum rc                  rc = copy_of_owner(op, owner, &copies);
    const struct photo_copy *copy = copies.at;
    struct photo_address    *all =
        rc == RC_OK ? arena_many(op->arena, copies.n + 1, struct photo_address) : NULL;
    if (!all)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    *shown = (struct list){ all, 0 };
    for (size_t i = 0; i < copies.n; i++)
        if (!ready || str_eq(copy[i].state, PHOTO_READY))
            all[shown->n++] = (struct photo_address){ copy[i].id, copy[i].key,
                                                      copy[i].photo, copy[i].marks };
    return RC_OK;
}

enum rc photo_copies(struct op *op, int64_t owner, struct list *copies)
{
    return addresses(op, owner, false, copies);
}

enum rc photo_copies_ready(struct op *op, int64_t owner, struct list *copies)
{
    return addresses(op, owner, true, copies);
}

enum rc copy_find(struct op *op, int64_t id, struct str key, struct photo_copy *copy)
{
    enum rc rc = copy_select(op, id, copy);

    bool same = rc == RC_OK && copy->key.len == key.len &&
                sodium_memcmp(copy->key.at, key.at, key.len) == 0;
    if (rc == RC_OK && (!same || !str_eq(copy->state, PHOTO_READY)))
        rc = RC_NOT_FOUND;
    return rc;
}
