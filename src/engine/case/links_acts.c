#include "engine/case/case_acts.h"

#include "base/id.h"
#include "engine/case/alike.h"
#include "engine/case/me_too.h"
#include "gate/view.h"
#include "registry/area.h"

static const struct field alike_fields[] = {
    FIELD(struct alike_args, scene, .max = 60),
    FIELD(struct alike_args, kind, .max = 60),
    FIELD(struct alike_args, category, .max = 60),
    FIELD(struct alike_args, lat, .title = STR_INIT("纬度")),
    FIELD(struct alike_args, lng, .title = STR_INIT("经度")),
    FIELD(struct alike_args, area, .max = 15),
    FIELD(struct alike_args, words, .max = 200, .title = STR_INIT("正在写的情况")),
    FIELD_ID(struct alike_args, id, .title = STR_INIT("办件"),
             .note = STR_INIT("写了就找和这一件相似的，别的都不用写")),
};

static enum rc find_county(struct op *op, void *in)
{
    const struct alike_args *args = in;

    if (args->id)
        op->county = id_county(args->id);
    if (args->id || !args->area.at || !area_level(args->area))
        return RC_OK;
    enum rc rc = county_of_area(op, args->area, &op->county);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc alike(struct op *op, const void *in, struct view *view)
{
    const struct alike_args *args = in;
    struct list              found;

    if (!args->id && (!args->scene.at || !args->kind.at))
        return fail(op, RC_INVALID, "scene", "请写是哪个场景的哪类办件，或者哪一件。");
    enum rc rc = alike_find(op, args, &found);
    if (rc == RC_OK)
        view_page(view, alike_shown_fields, ALIKE_NFIELDS, found,
                  sizeof(struct alike_shown), STR_NONE);
    return rc;
}

/* ----------------------------------------------------------------- me, too */

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("办件")),
};

static enum rc say_or_end(struct op *op, const void *in, struct view *view,
                          enum rc run(struct op *op, int64_t id,
                                      struct me_too_shown *shown))
{
    struct me_too_shown shown;

    enum rc rc = run(op, ((const struct id_args *)in)->id, &shown);
    if (rc == RC_OK)
        view_struct(view, me_too_fields, ME_TOO_NFIELDS, &shown);
    return rc;
}

static enum rc say(struct op *op, const void *in, struct view *view)
{
    return say_or_end(op, in, view, me_too_say);
}

static enum rc end(struct op *op, const void *in, struct view *view)
{
    return say_or_end(op, in, view, me_too_end);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list shown;

    (void)in;
    enum rc rc = me_too_list(op, &shown);
    if (rc == RC_OK)
        view_page(view, me_too_fields, ME_TOO_NFIELDS, shown, sizeof(struct me_too_shown),
                  STR_NONE);
    return rc;
}

const struct act link_acts[] = {
    { .name = "case.alike",
      .method = GET,
      .path = "/cases/alike",
      .title = STR_INIT("附近有没有报过"),
      .note = STR_INIT("说为什么像同一件；不给邻居看姓名和别人写的内容。"),
      .right = RIGHT_SELF,
      ARGS(struct alike_args, alike_fields),
      .answer = alike_shown_fields,
      .nanswer = ALIKE_NFIELDS,
      .many = true,
      .ready = find_county,
      .run = alike },
    { .name = "case.me_too",
      .method = POST,
      .path = "/cases/{id}/me-too",
      .title = STR_INIT("我也遇到了"),
      .note = STR_INIT("公开的办件，有进展会告诉您；说几次都算一次。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .answer = me_too_fields,
      .nanswer = ME_TOO_NFIELDS,
      .run = say },
    { .name = "case.me_too_end",
      .method = POST,
      .path = "/cases/{id}/me-too/end",
      .title = STR_INIT("收回“我也遇到了”"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .answer = me_too_fields,
      .nanswer = ME_TOO_NFIELDS,
      .run = end },
    { .name = "case.me_too_list",
      .method = GET,
      .path = "/cases/me-too",
      .title = STR_INIT("我说过“我也遇到了”的"),
      .right = RIGHT_SELF,
      .answer = me_too_fields,
      .nanswer = ME_TOO_NFIELDS,
      .many = true,
      .run = list },
    { .name = NULL },
};
