#include "decode/wire.h"
#include "engine/photo/copy.h"
#include "engine/photo/photo.h"
#include "engine/photo/photo_rules.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "registry/area.h"

/* ---- what is shown ---- */

struct shown {
    int64_t    id;
    struct str state, says, place;
    int64_t    width, height;
};
static const struct field shown_fields[] = {
    FIELD_ID(struct shown, id, REQUIRED, .title = STR_INIT("照片")),
    FIELD(struct shown, state, REQUIRED, .title = STR_INIT("状态"),
          .note = STR_INIT("new 刚收到，ready 可以看了，refused 没有收下")),
    FIELD(struct shown, says, .title = STR_INIT("没有收下的原因")),
    FIELD(struct shown, width, .title = STR_INIT("宽，像素；还不知道时为 0")),
    FIELD(struct shown, height, .title = STR_INIT("高，像素；还不知道时为 0")),
    FIELD_RAW(struct shown, place, .grade = GRADE_SENSITIVE, .title = STR_INIT("拍摄地点"),
              .note = STR_INIT("{lat, lng} 或 null；只给上传的人看")),
};

static enum verdict verdict_of(struct str word)
{
    for (int i = 0; i < VERDICT_COUNT; i++)
        if (str_eq(word, verdict_word((enum verdict)i)))
            return (enum verdict)i;
    return VERDICT_LOST;
}

static enum rc show_photo(struct op *op, const struct photo *photo, struct view *view)
{
    struct shown shown = { .id = photo->id,
                           .state = photo->state,
                           .width = photo->width,
                           .height = photo->height };

    if (str_eq(photo->state, PHOTO_REFUSED))
        shown.says = verdict_says(verdict_of(photo->verdict));
    enum rc rc = photo_place_of(op, photo, &shown.place);
    if (rc == RC_OK)
        view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return rc;
}

/* ---- uploading ---- */

struct upload_args {
    struct str     area;
    struct arrival arrival; /* by receive() */
};
static const struct field upload_fields[] = {
    FIELD(struct upload_args, area, .max = 15, .title = STR_INIT("辖区"),
          .note = STR_INIT("这张照片要用在哪里；不说就是自己的县区")),
};

static enum rc receive(struct op *op, void *in)
{
    struct upload_args *args = in;

    if (!op->actor->account)
        return fail(op, RC_DENIED, NULL, "用自己的账号登录以后才能传照片。");
    if (args->area.len) {
        enum rc rc = county_of_area(op, args->area, &op->county);
        if (rc != RC_OK)
            return rc == RC_NOT_FOUND ? fail(op, RC_REFUSED, "area", "没有这个辖区。") : rc;
    }
    return photo_receive(op, &args->arrival);
}

static enum rc upload(struct op *op, const void *in, struct view *view)
{
    const struct upload_args *args = in;
    struct photo              photo;

    enum rc rc = photo_add(op, &args->arrival, &photo);
    if (rc != RC_OK)
        return rc;
    journal_about(op, photo.id, 0, 0, photo.person);
    view->status = 201;
    return show_photo(op, &photo, view);
}

/* ---- looking ---- */

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("照片")),
};

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;
    struct photo          photo;

    enum rc rc = photo_find(op, args->id, &photo);
    return rc == RC_OK ? show_photo(op, &photo, view) : rc;
}

struct image_args {
    int64_t    id;
    struct str size;
};
static const struct field image_fields[] = {
    FIELD_ID(struct image_args, id, REQUIRED, .title = STR_INIT("照片")),
    FIELD(struct image_args, size, .max = 10, .title = STR_INIT("大小"),
          .note = STR_INIT("thumb 小图，screen 大图（不说就是它）")),
};

static enum rc image(struct op *op, const void *in, struct view *view)
{
    const struct image_args *args = in;
    struct str               size = args->size.at ? args->size : PHOTO_SCREEN, bytes;
    struct photo             photo;

    if (!str_eq(size, PHOTO_SCREEN) && !str_eq(size, PHOTO_THUMB))
        return fail(op, RC_INVALID, "size", "大小只能是 thumb 或 screen。");
    enum rc rc = photo_find(op, args->id, &photo);
    if (rc == RC_OK && !str_eq(photo.state, PHOTO_READY))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = vault_load(photo_vaults().kept, op->arena,
                        photo_file(op->arena, photo.id, size), DECODE_SCREEN_BYTES_MAX,
                        &bytes);
    if (rc == RC_OK)
        view_file(view, STR("image/jpeg"), bytes);
    return rc;
}

/* ---- copies for the public ---- */

struct copy_args {
    int64_t    id;
    struct str key, size;
};
static const struct field copy_fields[] = {
    FIELD_ID(struct copy_args, id, REQUIRED, .title = STR_INIT("公开的照片")),
    FIELD(struct copy_args, key, REQUIRED, .max = 32, .title = STR_INIT("地址里的钥匙")),
    FIELD(struct copy_args, size, .max = 10, .title = STR_INIT("大小"),
          .note = STR_INIT("thumb 小图，screen 大图（不说就是它）")),
};

static enum rc public_image(struct op *op, const void *in, struct view *view)
{
    const struct copy_args *args = in;
    struct str              size = args->size.at ? args->size : PHOTO_SCREEN, bytes;
    struct photo_copy       copy;

    if (!str_eq(size, PHOTO_SCREEN) && !str_eq(size, PHOTO_THUMB))
        return fail(op, RC_INVALID, "size", "大小只能是 thumb 或 screen。");
    enum rc rc = copy_find(op, args->id, args->key, &copy);
    if (rc == RC_OK)
        rc =
            vault_load(photo_vaults().kept, op->arena, photo_file(op->arena, copy.id, size),
                       DECODE_SCREEN_BYTES_MAX, &bytes);
    if (rc == RC_OK)
        view_file(view, STR("image/jpeg"), bytes);
    return rc;
}

/* ---- the worker's ---- */

struct copied_args {
    int64_t id;
    bool    ready;
};
static const struct field copied_fields[] = {
    FIELD_ID(struct copied_args, id, REQUIRED),
    FIELD(struct copied_args, ready, OPTIONAL),
};

static enum rc copied(struct op *op, const void *in, struct view *view)
{
    const struct copied_args *args = in;

    (void)view;
    enum rc rc = copy_set_made(op, args->id, args->ready);
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

static enum rc forget_copy(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    return copy_delete_gone(op, args->id);
}

static const struct field made_fields[] = {
    FIELD_ID(struct photo_made, id, REQUIRED),
    FIELD(struct photo_made, verdict, REQUIRED, .max = 20),
    FIELD(struct photo_made, width, .min = 0, .max = DECODE_SIDE_MAX),
    FIELD(struct photo_made, height, .min = 0, .max = DECODE_SIDE_MAX),
    FIELD(struct photo_made, has_place, OPTIONAL),
    FIELD_STRUCT(struct photo_made, place, photo_place_fields, OPTIONAL),
};
/* What the journal keeps of it: not the place. */
static const struct field verdict_fields[] = { FIELD(struct photo_made, verdict,
                                                     REQUIRED) };

static enum rc record(struct op *op, const void *in, struct view *view)
{
    const struct photo_made *made = in;
    struct photo             photo;

    (void)view;
    enum rc rc = photo_record(op, made, &photo);
    if (rc != RC_OK)
        return rc;
    journal_about(op, photo.id, 0, 0, photo.person);
    return journal_says(op, verdict_fields, COUNT(verdict_fields), made);
}

static enum rc drop(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    enum rc rc = photo_set_gone(op, args->id);
    if (rc == RC_OK)
        journal_about(op, args->id, 0, 0, 0);
    return rc;
}

static enum rc forget(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    return photo_delete_gone(op, args->id);
}

const struct act photo_acts[] = {
    { .name = "photo.upload",
      .method = POST,
      .path = "/photos",
      .title = STR_INIT("传一张照片"),
      .note = STR_INIT("正文就是图片：JPG、PNG 或 WebP，不超过 12 MB。拍摄信息会去掉。"),
      .right = RIGHT_SELF,
      .writes = true,
      .streams = true,
      .slow = true,
      ARGS(struct upload_args, upload_fields),
      ANSWER(struct shown, shown_fields),
      .ready = receive,
      .run = upload },
    { .name = "photo.open311",
      .title = STR_INIT("公众平台传一张照片"),
      .right = RIGHT_OPEN311,
      .writes = true,
      .streams = true,
      .slow = true,
      ARGS(struct upload_args, upload_fields),
      ANSWER(struct shown, shown_fields),
      .ready = receive,
      .run = upload },
    { .name = "photo.upper",
      .method = POST,
      .path = "/upper/photos",
      .title = STR_INIT("上级平台传一张照片"),
      .note = STR_INIT("正文就是图片，要签名（docs/upper.md）。编号写进接着发的消息。"),
      .right = RIGHT_UPPER,
      .writes = true,
      .streams = true,
      .slow = true,
      ARGS(struct upload_args, upload_fields),
      ANSWER(struct shown, shown_fields),
      .ready = receive,
      .run = upload },
    { .name = "photo.show",
      .method = GET,
      .path = "/photos/{id}",
      .title = STR_INIT("照片收下了没有"),
      .right = RIGHT_SELF,
      ARGS(struct id_args, id_fields),
      ANSWER(struct shown, shown_fields),
      .run = show },
    { .name = "photo.image",
      .method = GET,
      .path = "/photos/{id}/image",
      .title = STR_INIT("看照片"),
      .note = STR_INIT("还没有处理好时是 404。"),
      .right = RIGHT_SELF,
      ARGS(struct image_args, image_fields),
      .run = image },
    { .name = "photo.public",
      .method = GET,
      .path = "/photos/public/{id}/{key}",
      .title = STR_INIT("看公开的照片"),
      .note = STR_INIT("审过、打过码的；撤下以后是 404。"),
      .right = RIGHT_ANYONE,
      ARGS(struct copy_args, copy_fields),
      .run = public_image },
    { .name = "photo.copied",
      .title = STR_INIT("公开的照片做好了"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct copied_args, copied_fields),
      .run = copied },
    { .name = "photo.forget-copy",
      .title = STR_INIT("公开的照片的文件已删除"),
      .right = RIGHT_LOCAL,
      .writes = true,
      .quiet = true,
      ARGS(struct id_args, id_fields),
      .run = forget_copy },
    { .name = "photo.made",
      .title = STR_INIT("照片处理好了"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct photo_made, made_fields),
      .run = record },
    { .name = "photo.drop",
      .title = STR_INIT("清理没有用上的照片"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .run = drop },
    { .name = "photo.forget",
      .title = STR_INIT("照片的文件已删除"),
      .right = RIGHT_LOCAL,
      .writes = true,
      .quiet = true,
      ARGS(struct id_args, id_fields),
      .run = forget },
    { .name = NULL },
};
