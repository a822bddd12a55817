#include "engine/case/case_acts.h"

#include "base/json.h"
#include "engine/case/intake.h"
#include "engine/case/lists.h"
#include "engine/case/public.h"
#include "engine/case/rates.h"
#include "engine/case/targets.h"
#include "engine/case/minutes.h"
#include "engine/case/papers.h"
#include "engine/case/view.h"
#include "engine/photo/photo.h"
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

static const struct field consent_fields[] = {
    FIELD(struct consent, private, OPTIONAL, .title = STR_INIT("不公开")),
    FIELD(struct consent, named, OPTIONAL, .title = STR_INIT("公开时写上姓")),
};
static const struct field open_fields[] = {
    FIELD(struct open_args, scene, REQUIRED, .max = 60, .title = STR_INIT("场景")),
    FIELD(struct open_args, kind, REQUIRED, .max = 60, .title = STR_INIT("哪类办件")),
    FIELD_RAW(struct open_args, fields, REQUIRED, .title = STR_INIT("填的内容"),
              .note = STR_INIT("按场景声明的字段")),
    FIELD(struct open_args, channel, .max = 20, .title = STR_INIT("渠道"),
          .note = STR_INIT("不写就是自己能用的第一个")),
    FIELD_STRUCT(struct open_args, intake, intake_fields, .title = STR_INIT("替谁登记"),
                 .note = STR_INIT("来电、窗口、来信、代办时写")),
    FIELD_STRUCT(struct open_args, consent, consent_fields, .title = STR_INIT("公开意愿"),
                 .note = STR_INIT("不说就按场景的默认，不写姓名")),
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

const struct field move_target_fields[] = {
    FIELD(struct move_target, kind, REQUIRED, .max = 10, .title = STR_INIT("对象种类"),
          .note = STR_INIT("account、org 或 duty")),
    FIELD_ID(struct move_target, id, .title = STR_INIT("编号")),
    FIELD(struct move_target, duty, .max = 30, .title = STR_INIT("职责")),
    FIELD(struct move_target, area, .max = 15, .title = STR_INIT("辖区")),
};
const struct field move_targets_fields[] = {
    FIELD(struct move_target, kind, REQUIRED, .max = 10, .title = STR_INIT("对象种类"),
          .note = STR_INIT("account、org 或 duty")),
    FIELD_ID(struct move_target, id, .title = STR_INIT("编号")),
    FIELD(struct move_target, duty, .max = 30, .title = STR_INIT("职责")),
    FIELD(struct move_target, area, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct move_target, task, .max = 500, .title = STR_INIT("请他办什么"),
          .note = STR_INIT("不写就是说明里写的")),
};
static const struct field mark_fields[] = {
    FIELD(struct photo_mark, shape, REQUIRED, .max = 4, .title = STR_INIT("形状"),
          .note = STR_INIT("box 方的，oval 圆的")),
    FIELD(struct photo_mark, x, REQUIRED, .title = STR_INIT("左边，占宽的几分之几")),
    FIELD(struct photo_mark, y, REQUIRED, .title = STR_INIT("上边，占高的几分之几")),
    FIELD(struct photo_mark, w, REQUIRED, .title = STR_INIT("多宽")),
    FIELD(struct photo_mark, h, REQUIRED, .title = STR_INIT("多高")),
};
static const struct field wish_fields[] = {
    FIELD_ID(struct photo_wish, id, REQUIRED, .title = STR_INIT("照片")),
    FIELD_LIST(struct photo_wish, marks, struct photo_mark, mark_fields,
               .max = PHOTO_MARKS_MAX, .title = STR_INIT("打码的地方")),
};
#define PUBLIC_TEXTS(type)                                                                 \
    FIELD(type, title, .max = 60, .title = STR_INIT("题目")),                              \
        FIELD(type, says, .max = 2000, .title = STR_INIT("反映的内容")),                   \
        FIELD(type, answer, .max = 2000, .title = STR_INIT("答复"))
static const struct field public_fields[] = {
    PUBLIC_TEXTS(struct public_text),
    FIELD_LIST(struct public_text, photos, struct photo_wish, wish_fields,
               .max = PHOTOS_PUBLIC_MAX, .title = STR_INIT("公开的照片"),
               .note = STR_INIT("没有列出的不公开")),
};
static const struct field move_term_fields[] = {
    FIELD(struct move_term, who, REQUIRED, .max = 60, .title = STR_INIT("谁")),
    FIELD(struct move_term, what, REQUIRED, .max = 200, .title = STR_INIT("做什么")),
    FIELD(struct move_term, by, REQUIRED, .max = 10, .title = STR_INIT("哪天以前"),
          .note = STR_INIT("例如 2026-11-30")),
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
    FIELD_STRUCT(struct move_args, target, move_target_fields, .title = STR_INIT("派给谁")),
    FIELD(struct move_args, stars, .min = 1, .max = 5, .title = STR_INIT("星级")),
    FIELD_LIST(struct move_args, targets, struct move_target, move_targets_fields,
               .max = PARTS_PER_CASE_MAX, .title = STR_INIT("请哪几方协办")),
    FIELD(struct move_args, part, .min = 1, .max = PARTS_PER_CASE_MAX,
          .title = STR_INIT("哪一份协办")),
    FIELD(struct move_args, category, .max = 60, .title = STR_INIT("改成哪一类")),
    FIELD_RAW(struct move_args, place, .title = STR_INIT("改到哪里"),
              .note = STR_INIT("和报的时候的位置一样写")),
    FIELD(struct move_args, other, .max = 20, .title = STR_INIT("另一件"),
          .note = STR_INIT("编号，例如 1122-0003，或者 id")),
    FIELD(struct move_args, note, .max = 1000, .title = STR_INIT("内部备注"),
          .note = STR_INIT("只给办的人看")),
    FIELD_STRUCT(struct move_args, consent, consent_fields, .title = STR_INIT("公开意愿")),
    FIELD_STRUCT(struct move_args, public, public_fields, .title = STR_INIT("公开内容")),
    FIELD_TIME(struct move_args, held, .title = STR_INIT("什么时候")),
    FIELD(struct move_args, venue, .max = 60, .title = STR_INIT("在哪里")),
    FIELD_LIST_OF(struct move_args, present, KIND_TEXT, .max = MINUTES_PRESENT_MAX,
                  .title = STR_INIT("在场的有谁")),
    FIELD_LIST(struct move_args, terms, struct move_term, move_term_fields,
               .max = PAPER_TERMS_MAX, .title = STR_INIT("约定")),
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
    (void)view;
    return case_clock(op, ((const struct id_args *)in)->id);
}

/* ---------------------------------------------------------------- reading */

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct a_case         it;

    enum rc rc = case_find(op, args->id, &it);
    return rc == RC_OK ? show_whole(op, &it, view) : rc;
}

static_assert(offsetof(struct list_args, filter) == 0, "its fields are the filter's");
static const struct field list_fields[] = {
    FILTER_VIEW,
    FILTER_FIELDS,
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
    struct list cards;
    rc = lists_cards(op, &rows, &cards);
    if (rc == RC_OK)
        view_page(view, card_fields, CARD_NFIELDS, cards, sizeof(struct case_card), next);
    return rc;
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

struct targets_args {
    int64_t    id;
    struct str move;
};
static const struct field targets_args[] = {
    FIELD_ID(struct targets_args, id, REQUIRED, .title = STR_INIT("办件")),
    FIELD(struct targets_args, move, .max = 60, .title = STR_INIT("环节"),
          .note = STR_INIT("场景说这一步先找谁，他们就排在前面")),
};

static enum rc targets(struct op *op, const void *in, struct view *view)
{
    const struct targets_args *args = in;
    struct a_case              it;
    struct list                found;

    enum rc rc = case_find(op, args->id, &it);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_CASE_WORK, STR_NONE))
        return fail(op, RC_DENIED, NULL, "派单由社区和承办单位来做。");
    if (rc == RC_OK)
        rc = targets_of(op, &it, args->move, &found);
    if (rc == RC_OK)
        view_page(view, target_shown_fields, TARGET_NFIELDS, found,
                  sizeof(struct target_shown), STR_NONE);
    return rc;
}

/* ------------------------------------------------------------- publicity */

static enum rc draft(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct public_draft   drafted;

    enum rc rc = public_draft(op, args->id, &drafted);
    if (rc == RC_OK)
        view_struct(view, draft_fields, DRAFT_NFIELDS, &drafted);
    return rc;
}

static const struct field texts_fields[] = { PUBLIC_TEXTS(struct public_text) };

static enum rc check_texts(struct op *op, const void *in, struct view *view)
{
    struct list found;

    enum rc rc = public_findings(op, in, &found);
    if (rc == RC_OK)
        view_page(view, finding_fields, FINDING_NFIELDS, found,
                  sizeof(struct public_finding), STR_NONE);
    return rc;
}

static const struct field public_list_fields[] = {
    FIELD(struct public_list_args, area, .max = 15, .title = STR_INIT("辖区"),
          .note = STR_INIT("区县、街道或社区；不说就是自己住的街道")),
    FIELD(struct public_list_args, cursor, .max = 60),
    FIELD(struct public_list_args, limit, .min = 1, .max = PAGE_MAX,
          .title = STR_INIT("条数")),
};

static enum rc list_public(struct op *op, const void *in, struct view *view)
{
    struct list shown;
    struct str  next;

    enum rc rc = public_list(op, in, &shown, &next);
    if (rc == RC_OK)
        view_page(view, shown_case_fields, SHOWN_NFIELDS, shown,
                  sizeof(struct public_shown), next);
    return rc;
}

/* ----------------------------------------------------------------- rates */

static const struct field rates_args_fields[] = {
    FIELD(struct rates_args, scene, REQUIRED, .max = 60, .title = STR_INIT("场景")),
    FIELD(struct rates_args, kind, REQUIRED, .max = 60, .title = STR_INIT("哪类办件")),
    FIELD(struct rates_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct rates_args, by, .max = 4, .title = STR_INIT("按什么分"),
          .note = STR_INIT("org 单位（不说就是它），area 下一级辖区")),
    FIELD_TIME(struct rates_args, from, .title = STR_INIT("从什么时候答复的"),
               .note = STR_INIT("不说就是本月")),
    FIELD_TIME(struct rates_args, to, .title = STR_INIT("到什么时候")),
};

static enum rc rates(struct op *op, const void *in, struct view *view)
{
    struct case_rates counted;

    enum rc rc = case_rates(op, in, &counted);
    if (rc == RC_OK)
        view_struct(view, rates_fields, RATES_NFIELDS, &counted);
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
    { .name = "case.targets",
      .method = GET,
      .path = "/cases/{id}/targets",
      .title = STR_INIT("可以派给谁"),
      .right = RIGHT_SELF,
      ARGS(struct targets_args, targets_args),
      .answer = target_shown_fields,
      .nanswer = TARGET_NFIELDS,
      .many = true,
      .run = targets },
    { .name = "case.draft",
      .method = GET,
      .path = "/cases/{id}/public",
      .title = STR_INIT("看一件办件拟公开的内容"),
      .note = STR_INIT("给审核的人看：原文、拟公开的文字和照片、里面的号码。"),
      .right = RIGHT_SELF,
      ARGS(struct id_args, id_args),
      .answer = draft_fields,
      .nanswer = DRAFT_NFIELDS,
      .run = draft },
    { .name = "case.check",
      .method = POST,
      .path = "/cases/public/check",
      .title = STR_INIT("查文字里的电话和证件号码"),
      .right = RIGHT_CASE_READ,
      ARGS(struct public_text, texts_fields),
      .answer = finding_fields,
      .nanswer = FINDING_NFIELDS,
      .many = true,
      .run = check_texts },
    { .name = "case.public",
      .method = GET,
      .path = "/cases/public",
      .title = STR_INIT("公开的办件"),
      .note = STR_INIT("审过的文字和照片，新的在前。"),
      .right = RIGHT_SELF,
      ARGS(struct public_list_args, public_list_fields),
      .answer = shown_case_fields,
      .nanswer = SHOWN_NFIELDS,
      .many = true,
      .run = list_public },
    { .name = "case.rates",
      .method = GET,
      .path = "/cases/rates",
      .title = STR_INIT("三率：响应、解决、满意"),
      .note = STR_INIT("公式在场景里写明；联系不上、不愿答、没有评价的分开数。"),
      .right = RIGHT_CASE_READ,
      ARGS(struct rates_args, rates_args_fields),
      .answer = rates_fields,
      .nanswer = RATES_NFIELDS,
      .run = rates },
    { .name = NULL },
};
