#include "engine/case/case_acts.h"

#include "base/json.h"
#include "engine/case/holder.h"
#include "engine/case/lists.h"
#include "engine/case/view.h"
#include "gate/view.h"
#include "registry/area.h"

static enum rc show_whole(struct op *op, struct a_case *it, struct view *view)
{
    struct case_whole whole;

    enum rc rc = case_whole(op, it, &whole);
    if (rc != RC_OK)
        return rc;
    view->version = it->row.version;
    view_struct(view, whole_fields, WHOLE_NFIELDS, &whole);
    return RC_OK;
}

static enum rc show_card(struct op *op, struct a_case *it, struct view *view)
{
    struct case_card card;

    enum rc rc = case_card(op, it, &card);
    if (rc != RC_OK)
        return rc;
    view->version = it->row.version;
    view_struct(view, card_fields, CARD_NFIELDS, &card);
    return RC_OK;
}

/* ---------------------------------------------------------------- opening */

static const struct field open_fields[] = {
    FIELD(struct open_args, scene, REQUIRED, .max = 60, .title = STR_INIT("场景")),
    FIELD(struct open_args, kind, REQUIRED, .max = 60, .title = STR_INIT("哪类办件")),
    FIELD_RAW(struct open_args, fields, REQUIRED, .title = STR_INIT("填的内容"),
              .note = STR_INIT("按场景声明的字段")),
    FIELD(struct open_args, channel, .max = 20, .title = STR_INIT("渠道")),
};

/* The case belongs to the county of its place; without one, to the reporter's. */
static enum rc find_county(struct op *op, void *in)
{
    const struct open_args *args = in;
    struct json_member      field, part;
    struct str              area = STR_NONE;

    for (struct str rest = json_inside(args->fields);
         json_member(op->arena, &rest, &field);) {
        if (json_type(field.value) != JSON_OBJECT)
            continue;
        for (struct str in_place = json_inside(field.value);
             json_member(op->arena, &in_place, &part);)
            if (str_eq(part.key, STR("area")) && json_type(part.value) == JSON_STRING &&
                !json_value_text(op->arena, part.value, &area))
                return RC_OK; /* told by case_open, with the field */
    }
    if (!area.at || !area_level(area))
        return RC_OK;
    enum rc rc = county_of_area(op, area, &op->county);
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* told by case_open, with the field */
}

static enum rc open_case(struct op *op, const void *in, struct view *view)
{
    struct a_case it;

    enum rc rc = case_open(op, in, &it);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    return show_card(op, &it, view);
}

static enum rc preview(struct op *op, const void *in, struct view *view)
{
    struct case_outlook outlook;

    enum rc rc = case_outlook(op, in, &outlook);
    if (rc == RC_OK)
        view_struct(view, outlook_fields, OUTLOOK_NFIELDS, &outlook);
    return rc;
}

/* ----------------------------------------------------------------- moving */

static const struct field target_fields[] = {
    FIELD(struct move_target, kind, REQUIRED, .max = 10, .title = STR_INIT("对象种类"),
          .note = STR_INIT("account、org 或 duty")),
    FIELD_ID(struct move_target, id, .title = STR_INIT("编号")),
    FIELD(struct move_target, duty, .max = 30, .title = STR_INIT("职责")),
    FIELD(struct move_target, area, .max = 15, .title = STR_INIT("辖区")),
};
static const struct field move_args_fields[] = {
    FIELD_ID(struct move_args, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD(struct move_args, version, REQUIRED, .min = 1, .max = INT64_MAX,
          .title = STR_INIT("版本"),
          .note = STR_INIT("您看到的那一版；不是最新时得到 409")),
    FIELD(struct move_args, move, REQUIRED, .max = 60, .title = STR_INIT("环节")),
    FIELD(struct move_args, text, .max = 1000, .title = STR_INIT("说明")),
    FIELD(struct move_args, reason, .max = 500, .title = STR_INIT("原因")),
    FIELD_LIST_OF(struct move_args, photos, KIND_ID, .max = PHOTOS_PER_CASE_MAX,
                  .title = STR_INIT("照片")),
    FIELD_STRUCT(struct move_args, target, target_fields, .title = STR_INIT("派给谁")),
    FIELD(struct move_args, stars, .min = 1, .max = 5, .title = STR_INIT("星级")),
};

static enum rc move(struct op *op, const void *in, struct view *view)
{
    struct a_case it;

    enum rc rc = case_move(op, in, &it);
    return rc == RC_OK ? show_card(op, &it, view) : rc;
}

struct id_args {
    int64_t id;
};
static const struct field id_args[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("办件")),
};

static enum rc look(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct a_case         it;

    enum rc rc = case_clock(op, args->id, &it);
    return rc == RC_OK ? show_card(op, &it, view) : rc;
}

/* ---------------------------------------------------------------- reading */

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct a_case         it;

    enum rc rc = case_find(op, args->id, &it);
    return rc == RC_OK ? show_whole(op, &it, view) : rc;
}

static const struct field list_fields[] = {
    FIELD(struct list_args, view, REQUIRED, .max = 10, .title = STR_INIT("看哪些"),
          .note = STR_INIT("mine 我报的，inbox 辖区的，tasks 我手上的")),
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct list_args, bucket, .max = 10, .title = STR_INIT("状态"),
          .note = STR_INIT("waiting、handling、late、answered、ended")),
    FIELD(struct list_args, category, .max = 60, .title = STR_INIT("类别")),
    FIELD(struct list_args, cursor, .max = 60),
    FIELD(struct list_args, limit, .min = 1, .max = PAGE_MAX, .title = STR_INIT("条数")),
};

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list rows;
    struct str  next;

    enum rc rc = lists_page(op, in, &rows, &next);
    if (rc != RC_OK)
        return rc;
    struct holder_names *names = arena_new(op->arena, struct holder_names);
    struct case_card    *cards = arena_many(op->arena, rows.n + 1, struct case_card);
    for (size_t i = 0; names && cards && i < rows.n && rc == RC_OK; i++)
        rc = case_card_of_row(op, (const struct case_row *)rows.at + i, names, &cards[i]);
    if (!names || !cards || rc != RC_OK)
        return names && cards ? rc : RC_TOO_LARGE;
    view_page(view, card_fields, CARD_NFIELDS, (struct list){ cards, rows.n },
              sizeof *cards, next);
    return RC_OK;
}

struct area_args {
    struct str area;
};
static const struct field area_args[] = {
    FIELD(struct area_args, area, .max = 15, .title = STR_INIT("辖区")),
};

static enum rc counts(struct op *op, const void *in, struct view *view)
{
    const struct area_args *args = in;
    struct case_counts      counts;

    enum rc rc = lists_counts(op, args->area, &counts);
    if (rc == RC_OK)
        view_struct(view, counts_fields, COUNTS_NFIELDS, &counts);
    return rc;
}

static const struct field alike_fields[] = {
    FIELD(struct alike_args, scene, REQUIRED, .max = 60),
    FIELD(struct alike_args, kind, REQUIRED, .max = 60),
    FIELD(struct alike_args, category, .max = 60),
    FIELD(struct alike_args, lat, REQUIRED),
    FIELD(struct alike_args, lng, REQUIRED),
    FIELD(struct alike_args, area, .max = 15),
};

static enum rc find_alike_county(struct op *op, void *in)
{
    const struct alike_args *args = in;

    if (!args->area.at || !area_level(args->area))
        return RC_OK;
    enum rc rc = county_of_area(op, args->area, &op->county);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc alike(struct op *op, const void *in, struct view *view)
{
    struct list found;

    enum rc rc = lists_alike(op, in, &found);
    if (rc == RC_OK)
        view_page(view, alike_shown_fields, ALIKE_NFIELDS, found,
                  sizeof(struct alike_shown), STR_NONE);
    return rc;
}

static enum rc targets(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct a_case         it;
    struct list           found;

    enum rc rc = case_find(op, args->id, &it);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_WORK, STR_NONE))
        return fail(op, RC_DENIED, NULL, "派单由社区和承办单位来做。");
    if (rc == RC_OK)
        rc = lists_targets(op, &it, &found);
    if (rc == RC_OK)
        view_page(view, target_shown_fields, TARGET_NFIELDS, found,
                  sizeof(struct target_shown), STR_NONE);
    return rc;
}

const struct act case_acts[] = {
    { .name = "case.open",
      .method = POST,
      .path = "/cases",
      .title = STR_INIT("报一件事"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct open_args, open_fields),
      .answer = card_fields,
      .nanswer = CARD_NFIELDS,
      .ready = find_county,
      .run = open_case },
    { .name = "case.preview",
      .method = POST,
      .path = "/cases/preview",
      .title = STR_INIT("报之前看看"),
      .note = STR_INIT("会到谁手里、什么时候答复；什么也不写下。"),
      .right = RIGHT_SELF,
      ARGS(struct open_args, open_fields),
      .answer = outlook_fields,
      .nanswer = OUTLOOK_NFIELDS,
      .ready = find_county,
      .run = preview },
    { .name = "case.move",
      .method = POST,
      .path = "/cases/{id}/moves",
      .title = STR_INIT("办一步"),
      .note = STR_INIT("谁能办哪一步由场景决定。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct move_args, move_args_fields),
      .answer = card_fields,
      .nanswer = CARD_NFIELDS,
      .run = move },
    { .name = "case.clock",
      .title = STR_INIT("看时限"),
      .note = STR_INIT("到时提醒、督办、上报；由时钟来做。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct id_args, id_args),
      .run = look },
    { .name = "case.show",
      .method = GET,
      .path = "/cases/{id}",
      .title = STR_INIT("看一件办件"),
      .right = RIGHT_SELF,
      ARGS(struct id_args, id_args),
      .answer = whole_fields,
      .nanswer = WHOLE_NFIELDS,
      .run = show },
    { .name = "case.list",
      .method = GET,
      .path = "/cases",
      .title = STR_INIT("列出办件"),
      .right = RIGHT_SELF,
      ARGS(struct list_args, list_fields),
      .answer = card_fields,
      .nanswer = CARD_NFIELDS,
      .many = true,
      .run = list },
    { .name = "case.counts",
      .method = GET,
      .path = "/cases/counts",
      .title = STR_INIT("各状态、各辖区有几件"),
      .right = RIGHT_CASE_READ,
      ARGS(struct area_args, area_args),
      .answer = counts_fields,
      .nanswer = COUNTS_NFIELDS,
      .run = counts },
    { .name = "case.alike",
      .method = GET,
      .path = "/cases/alike",
      .title = STR_INIT("附近有没有报过"),
      .note = STR_INIT("不给出姓名和别人写的内容。"),
      .right = RIGHT_SELF,
      ARGS(struct alike_args, alike_fields),
      .answer = alike_shown_fields,
      .nanswer = ALIKE_NFIELDS,
      .many = true,
      .ready = find_alike_county,
      .run = alike },
    { .name = "case.targets",
      .method = GET,
      .path = "/cases/{id}/targets",
      .title = STR_INIT("可以派给谁"),
      .right = RIGHT_SELF,
      ARGS(struct id_args, id_args),
      .answer = target_shown_fields,
      .nanswer = TARGET_NFIELDS,
      .many = true,
      .run = targets },
    { .name = NULL },
};
