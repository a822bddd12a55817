#include "scene/scene_acts.h"

#include "gate/journal.h"
#include "gate/view.h"
#include "guard/sm.h"
#include "registry/area.h"
#include "scene/check.h"
#include "scene/pack.h"
#include "scene/scene_print.h"
#include "scene/scene_store.h"
#include "scene/scenes.h"

/* What is worked out beside a request's own memory: tables of rights. */
enum { WORK_BYTES = 8 << 20 };

/* ---- which county ---- */

/* The account's own, or the one that the area lies in: for whoever works at this
 * machine or above the county. */
static enum rc find_county(struct op *op, struct str area)
{
    if (str_empty(area))
        return RC_OK;
    enum rc rc = county_of_area(op, area, &op->county);
    return rc == RC_NOT_FOUND
               ? fail(op, RC_INVALID, "area", "没有这个区县：%.*s。", STR_ARG(area))
               : rc;
}

/* Scenes are a county's: a hold in one of its streets is not enough. */
static enum rc may_in_county(struct op *op, enum right right)
{
    struct str code;

    if (!op->county)
        return fail(op, RC_INVALID, "area", "请说明是哪个区县，例如 420602。");
    enum rc rc = county_code(op, op->county, &code);
    if (rc == RC_OK && !actor_may(op->actor, right, code))
        return fail(op, RC_DENIED, NULL, "这个区县的场景不归您管。");
    return rc;
}

enum rc county_asked(struct op *op, struct str area, enum right right)
{
    enum rc rc = find_county(op, area);

    return rc == RC_OK ? may_in_county(op, right) : rc;
}

/* ---- reading what was sent ---- */

struct load_args {
    struct str  yaml;
    struct list lists; /* struct pack_list */
    struct str  area;
    /* by `ready` */
    struct str name, title, changes, table;
};
static const struct field load_fields[] = {
    FIELD(struct load_args, yaml, REQUIRED, .title = STR_INIT("场景的 YAML")),
    FIELD_LIST(struct load_args, lists, struct pack_list, pack_list_fields,
               .max = SCENE_LISTS_MAX, .title = STR_INIT("场景用到的列表")),
    FIELD(struct load_args, area, .max = 15, .title = STR_INIT("哪个区县")),
};

static enum rc read_sent(struct op *op, const struct load_args *args,
                         struct problems *problems, struct scene **scene)
{
    struct scene_pack pack;

    *scene = NULL;
    enum rc rc =
        pack_of(op->arena, &(struct pack_args){ args->yaml, args->lists }, 0, &pack);
    return rc == RC_OK ? scene_read(&pack, problems, scene) : rc;
}

/* Against the version in force; absent when there is none. */
static enum rc changes_of(struct op *op, const struct scene *scene, struct arena *work,
                          struct str *changes)
{
    const struct scene *now;

    *changes = STR_NONE;
    enum rc rc = op->county ? scenes_now(op, scene->name, &now) : RC_NOT_FOUND;
    if (rc == RC_OK)
        *changes = str_copy(op->arena, scene_changes(work, now, scene));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc work_out(struct op *op, const struct scene *scene, struct load_args *args)
{
    struct arena work;

    arena_init(&work, WORK_BYTES);
    args->name = str_copy(op->arena, scene->name);
    args->title = str_copy(op->arena, scene->title);
    args->table = str_copy(op->arena, scene_table(&work, scene));
    enum rc rc = changes_of(op, scene, &work, &args->changes);
    arena_free(&work);
    return rc;
}

static struct str place_of(struct arena *arena, const struct problem *problem)
{
    return str_fmt(arena, "%.*s:%lld:%lld", STR_ARG(problem->where),
                   (long long)problem->line, (long long)problem->column);
}

/* ---- load ---- */

static enum rc ready_to_load(struct op *op, void *in)
{
    struct load_args *args = in;
    struct problems   problems;
    struct scene     *scene;

    enum rc rc = county_asked(op, args->area, RIGHT_SCENE_WRITE);
    if (rc != RC_OK)
        return rc;
    problems_init(&problems, op->arena);
    rc = read_sent(op, args, &problems, &scene);
    for (const struct problem *one = problems.first; one; one = one->next)
        problem_add(&op->problems, place_of(op->arena, one), "%.*s", STR_ARG(one->says));
    if (rc == RC_OK)
        rc = work_out(op, scene, args);
    scene_free(&scene);
    return rc;
}

struct loaded {
    struct str name, title;
    int64_t    version;
    bool       changed; /* false: that very text is in force already */
    struct str changes, table;
};
static const struct field loaded_fields[] = {
    FIELD(struct loaded, name, OPTIONAL),
    FIELD(struct loaded, title, OPTIONAL),
    FIELD(struct loaded, version, OPTIONAL),
    FIELD(struct loaded, changed, OPTIONAL, .note = STR_INIT("否：这一版已经在用了")),
    FIELD(struct loaded, changes, OPTIONAL,
          .note = STR_INIT("和在用的版本相比少了什么，一行一条")),
    FIELD(struct loaded, table, OPTIONAL, .note = STR_INIT("谁能办什么，Markdown 表")),
};

struct load_line { /* what the journal keeps */
    struct str name;
    int64_t    version;
    struct str checksum;
};
static const struct field load_line_fields[] = {
    FIELD(struct load_line, name, OPTIONAL),
    FIELD(struct load_line, version, OPTIONAL),
    FIELD_BYTES(struct load_line, checksum, OPTIONAL),
};

static enum rc keep(struct op *op, struct scene_head *head, struct str body)
{
    head->id = op_new_id(op);
    head->version++;
    head->loaded = op->now_ms;
    head->loaded_by = op->actor->account;
    enum rc rc = scene_insert(op, head, body);
    return rc == RC_OK ? scene_update_past(op, head->name, head->version) : rc;
}

static enum rc load(struct op *op, const void *in, struct view *view)
{
    const struct load_args *args = in;
    struct scene_head       head = { .version = 0 };
    unsigned char           sum[SM3_BYTES];
    struct str body = pack_json(op->arena, &(struct pack_args){ args->yaml, args->lists });

    sm3(PARTS(body), sum);
    struct str checksum = str_slice((const char *)sum, sizeof sum);
    enum rc    rc = scene_select_now(op, args->name, &head);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    int64_t before = head.version;
    bool    changed = !str_eq(head.checksum, checksum);
    head.name = args->name;
    head.title = args->title;
    head.checksum = checksum;
    rc = changed ? keep(op, &head, body) : RC_OK;
    if (rc != RC_OK)
        return rc;
    journal_about(op, head.id, before, head.version, 0);
    view->status = changed ? 201 : 200;
    view->version = head.version;
    view_struct(view, loaded_fields, COUNT(loaded_fields),
                &(struct loaded){ head.name, head.title, head.version, changed,
                                  args->changes, args->table });
    return journal_says(op, load_line_fields, COUNT(load_line_fields),
                        &(struct load_line){ head.name, head.version, checksum });
}

/* ---- check ---- */

struct told { /* a mistake */
    struct str where, says;
    int64_t    line, column;
};
static const struct field told_fields[] = {
    FIELD(struct told, where, OPTIONAL, .title = STR_INIT("文件")),
    FIELD(struct told, line, OPTIONAL, .title = STR_INIT("行")),
    FIELD(struct told, column, OPTIONAL, .title = STR_INIT("列")),
    FIELD(struct told, says, OPTIONAL, .title = STR_INIT("哪里不对，怎样改")),
};
struct checked {
    bool        whole;
    struct list mistakes;
    struct str  changes, table;
};
static const struct field checked_fields[] = {
    FIELD(struct checked, whole, OPTIONAL, .note = STR_INIT("是：没有错，可以装入")),
    FIELD_LIST(struct checked, mistakes, struct told, told_fields, .max = PROBLEMS_MAX),
    FIELD(struct checked, changes, OPTIONAL,
          .note = STR_INIT("和在用的版本相比少了什么，一行一条")),
    FIELD(struct checked, table, OPTIONAL, .note = STR_INIT("谁能办什么，Markdown 表")),
};

static struct list mistakes(struct arena *arena, const struct problems *problems)
{
    struct told *all = arena_many(arena, PROBLEMS_MAX, struct told);
    size_t       n = 0;

    for (const struct problem *one = problems->first; all && one; one = one->next)
        all[n++] = (struct told){ one->where, one->says, one->line, one->column };
    return (struct list){ .at = all, .n = n };
}

static enum rc ready_to_check(struct op *op, void *in)
{
    return find_county(op, ((const struct load_args *)in)->area);
}

static enum rc check(struct op *op, const void *in, struct view *view)
{
    struct load_args args = *(const struct load_args *)in;
    struct problems  problems;
    struct scene    *scene;

    problems_init(&problems, op->arena);
    enum rc rc = read_sent(op, &args, &problems, &scene);
    if (rc == RC_OK)
        rc = work_out(op, scene, &args);
    scene_free(&scene);
    if (rc != RC_OK && rc != RC_INVALID)
        return rc;
    view_struct(view, checked_fields, COUNT(checked_fields),
                &(struct checked){ rc == RC_OK, mistakes(op->arena, &problems),
                                   args.changes, args.table });
    return RC_OK;
}

/* ---- list and show ---- */

struct list_args {
    struct str area;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("哪个区县")),
};
static const struct field head_fields[] = {
    FIELD(struct scene_head, name, OPTIONAL),
    FIELD(struct scene_head, title, OPTIONAL),
    FIELD(struct scene_head, version, OPTIONAL),
    FIELD_TIME(struct scene_head, loaded, OPTIONAL),
    FIELD_ID(struct scene_head, loaded_by, OPTIONAL),
};

static enum rc ready_to_list(struct op *op, void *in)
{
    return county_asked(op, ((const struct list_args *)in)->area, RIGHT_SCENE_READ);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list heads;

    (void)in;
    enum rc rc = scene_select_all(op, SCENES_MAX, &heads);
    if (rc != RC_OK)
        return rc;
    view_page(view, head_fields, COUNT(head_fields), heads, sizeof(struct scene_head),
              STR_NONE);
    return RC_OK;
}

struct show_args {
    struct str name;
    int64_t    version;
    struct str area;
};
static const struct field show_fields[] = {
    FIELD(struct show_args, name, REQUIRED, .max = 64, .title = STR_INIT("场景的名称")),
    FIELD(struct show_args, version, .min = 1, .max = INT64_MAX,
          .title = STR_INIT("哪一版；不写就是在用的")),
    FIELD(struct show_args, area, .max = 15, .title = STR_INIT("哪个区县")),
};

static enum rc ready_to_show(struct op *op, void *in)
{
    return find_county(op, ((const struct show_args *)in)->area);
}

static enum rc show(struct op *op, const void *in, struct view *view)
{
    const struct show_args *args = in;
    const struct scene     *scene;

    enum rc rc = args->version ? scenes_at(op, args->name, args->version, &scene)
                               : scenes_now(op, args->name, &scene);
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, "name", "没有这个场景。");
    if (rc != RC_OK)
        return rc;
    view->version = scene->version;
    scene_json(&view->out, scene);
    return RC_OK;
}

const struct act scene_acts[] = {
    { .name = "scene.load",
      .method = POST,
      .path = "/scenes",
      .title = STR_INIT("装入场景"),
      .note = STR_INIT("检查无误就成为新的一版；在办的事仍按原来的版本办完。"),
      .right = RIGHT_SCENE_WRITE,
      .writes = true,
      ARGS(struct load_args, load_fields),
      ANSWER(struct loaded, loaded_fields),
      .ready = ready_to_load,
      .run = load },
    { .name = "scene.check",
      .method = POST,
      .path = "/scenes/check",
      .title = STR_INIT("检查场景"),
      .note = STR_INIT("说出所有的错、谁能办什么、和在用的版本差在哪里；什么也不改。"),
      .right = RIGHT_SCENE_READ,
      ARGS(struct load_args, load_fields),
      ANSWER(struct checked, checked_fields),
      .ready = ready_to_check,
      .run = check },
    { .name = "scene.list",
      .method = GET,
      .path = "/scenes",
      .title = STR_INIT("列出场景"),
      .right = RIGHT_SCENE_READ,
      ARGS(struct list_args, list_fields),
      ANSWER(struct scene_head, head_fields),
      .many = true,
      .ready = ready_to_list,
      .run = list },
    { .name = "scene.show",
      .method = GET,
      .path = "/scenes/{name}",
      .title = STR_INIT("看场景"),
      .note = STR_INIT("客户端照着它画出填写和办理的页面。"),
      .right = RIGHT_SELF,
      ARGS(struct show_args, show_fields),
      .ready = ready_to_show,
      .run = show },
    { .name = NULL },
};
