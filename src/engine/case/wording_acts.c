#include "engine/case/case_acts.h"
#include "engine/case/wording.h"
#include "gate/journal.h"
#include "gate/view.h"
#include "registry/account.h"
#include "registry/area.h"

enum { PAGE = 50, CATEGORIES_MAX = 20 };

/* ------------------------------------------------------------- what is shown */

struct shown {
    int64_t     id, version;
    struct str  kind, area, area_name, scene, state;
    struct list categories; /* struct str */
    struct str  title, words, inner_words, source;
    int64_t     until, made;
    struct str  made_by;
    bool        yours;
};
static const struct field shown_fields[] = {
    FIELD_ID(struct shown, id, REQUIRED),
    FIELD(struct shown, version, OPTIONAL),
    FIELD(struct shown, kind, OPTIONAL),
    FIELD(struct shown, area, OPTIONAL),
    FIELD(struct shown, area_name, OPTIONAL),
    FIELD(struct shown, scene, OPTIONAL),
    FIELD(struct shown, state, OPTIONAL),
    FIELD_LIST_OF(struct shown, categories, KIND_TEXT, OPTIONAL),
    FIELD(struct shown, title, OPTIONAL),
    FIELD(struct shown, words, OPTIONAL),
    FIELD(struct shown, inner_words, OPTIONAL),
    FIELD(struct shown, source, OPTIONAL),
    FIELD_TIME(struct shown, until, OPTIONAL),
    FIELD_TIME(struct shown, made, OPTIONAL),
    FIELD(struct shown, made_by, OPTIONAL),
    FIELD(struct shown, yours, OPTIONAL, .title = STR_INIT("归您维护")),
};

static struct list split(struct op *op, struct str categories)
{
    struct str *all = arena_many(op->arena, CATEGORIES_MAX, struct str);
    size_t      n = 0;

    while (all && categories.len && n < CATEGORIES_MAX) {
        struct str_cut cut = str_cut(categories, ',');
        all[n++] = cut.head;
        categories = cut.tail;
    }
    return (struct list){ all, n };
}

static struct shown show(struct op *op, const struct wording *it)
{
    struct area area;
    bool        known = area_find(op, it->area, &area) == RC_OK;

    return (struct shown){ .id = it->id,
                           .version = it->version,
                           .kind = it->kind,
                           .area = it->area,
                           .area_name = known ? area.name : it->area,
                           .scene = it->scene,
                           .state = it->state,
                           .categories = split(op, it->categories),
                           .title = it->title,
                           .words = it->words,
                           .inner_words = it->inner_words,
                           .source = it->source,
                           .until = it->until_ms,
                           .made = it->made_ms,
                           .made_by = account_title(op, it->made_by),
                           .yours = actor_may(op->actor, RIGHT_WORDING_WRITE, it->area) };
}

static enum rc show_all(struct op *op, struct list found, struct str next,
                        struct view *view)
{
    const struct wording *all = found.at;
    struct shown         *rows = arena_many(op->arena, found.n + 1, struct shown);

    if (!rows)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        rows[i] = show(op, &all[i]);
    view_page(view, shown_fields, COUNT(shown_fields), (struct list){ rows, found.n },
              sizeof *rows, next);
    return RC_OK;
}

static enum rc show_one(struct op *op, const struct wording *it, int64_t before,
                        struct view *view)
{
    struct shown shown = show(op, it);

    journal_about(op, it->id, before, it->version, 0);
    view->version = it->version;
    view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return RC_OK;
}

/* ------------------------------------------------------------------ keeping */

#define WORDS                                                                              \
    FIELD(struct wording_args, state, .max = 60, .title = STR_INIT("状态"),                \
          .note = STR_INIT("不写就是哪个都行")),                                           \
        FIELD_LIST_OF(struct wording_args, categories, KIND_TEXT, .max = CATEGORIES_MAX,   \
                      .title = STR_INIT("类别"), .note = STR_INIT("不写就是哪类都行")),    \
        FIELD(struct wording_args, title, REQUIRED, .max = 60, .title = STR_INIT("标题")), \
        FIELD(struct wording_args, words, REQUIRED, .max = 1000,                           \
              .title = STR_INIT("文字"),                                                   \
              .note = STR_INIT("模板里可以写 {办件号}、{时限}、{承办方}")),                \
        FIELD(struct wording_args, inner_words, .max = 1000,                               \
              .title = STR_INIT("给同事看的话")),                                          \
        FIELD(struct wording_args, source, .max = 200, .title = STR_INIT("出处")),         \
        FIELD_TIME(struct wording_args, until, .title = STR_INIT("有效期到"))

static const struct field make_fields[] = {
    FIELD(struct wording_args, kind, REQUIRED, .max = 10, .title = STR_INIT("种类"),
          .note = STR_INIT("template 答复模板，article 政策问答")),
    FIELD(struct wording_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct wording_args, scene, .max = 60, .title = STR_INIT("场景")),
    WORDS,
};
static const struct field change_fields[] = {
    FIELD_ID(struct wording_args, id, REQUIRED, .title = STR_INIT("哪一条")),
    FIELD(struct wording_args, version, REQUIRED, .min = 1, .max = INT64_MAX,
          .title = STR_INIT("版本")),
    WORDS,
};
static const struct field end_fields[] = {
    FIELD_ID(struct wording_args, id, REQUIRED, .title = STR_INIT("哪一条")),
    FIELD(struct wording_args, version, REQUIRED, .min = 1, .max = INT64_MAX,
          .title = STR_INIT("版本")),
};

static enum rc enter(struct op *op, void *in)
{
    return county_enter(op, ((const struct wording_args *)in)->area);
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    struct wording it;

    enum rc rc = wording_make(op, in, &it);
    if (rc != RC_OK)
        return rc;
    view->status = 201;
    return show_one(op, &it, 0, view);
}

static enum rc change(struct op *op, const void *in, struct view *view)
{
    struct wording it;

    enum rc rc = wording_change(op, in, &it);
    return rc == RC_OK ? show_one(op, &it, it.version - 1, view) : rc;
}

static enum rc end(struct op *op, const void *in, struct view *view)
{
    const struct wording_args *args = in;
    struct wording             it;

    enum rc rc = wording_end(op, args->id, args->version, &it);
    if (rc != RC_OK)
        return rc;
    journal_about(op, it.id, it.version - 1, it.version, 0);
    (void)view;
    return RC_OK;
}

/* ------------------------------------------------------------------ reading */

struct list_args {
    struct str kind;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, kind, REQUIRED, .max = 10, .title = STR_INIT("种类")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};

static enum rc list(struct op *op, const void *in, struct view *view)
{
    const struct list_args *args = in;
    struct list             found;

    enum rc rc = wording_list(op, args->kind, args->cursor, PAGE, &found);
    if (rc != RC_OK)
        return rc;
    const struct wording *last = (const struct wording *)found.at + PAGE - 1;
    return show_all(
        op, found,
        found.n == PAGE ? str_fmt(op->arena, "%lld", (long long)last->id) : STR_NONE, view);
}

struct case_args {
    int64_t id;
};
static const struct field case_args_fields[] = {
    FIELD_ID(struct case_args, id, REQUIRED, .title = STR_INIT("办件")),
};

static enum rc for_case(struct op *op, const void *in, struct view *view)
{
    struct a_case it;
    struct list   found;

    enum rc rc = case_find(op, ((const struct case_args *)in)->id, &it);
    if (rc == RC_OK)
        rc = wording_for_case(op, &it, &found);
    return rc == RC_OK ? show_all(op, found, STR_NONE, view) : rc;
}

struct suggest_args {
    struct str typed, area, category;
};
static const struct field suggest_fields[] = {
    FIELD(struct suggest_args, typed, REQUIRED, .max = 1000, .grade = GRADE_PERSONAL,
          .title = STR_INIT("写到哪里了")),
    FIELD(struct suggest_args, area, REQUIRED, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct suggest_args, category, .max = 60, .title = STR_INIT("类别")),
};

static enum rc enter_suggest(struct op *op, void *in)
{
    return county_enter(op, ((const struct suggest_args *)in)->area);
}

static enum rc suggest(struct op *op, const void *in, struct view *view)
{
    const struct suggest_args *args = in;
    struct list                found;

    enum rc rc = wording_suggest(op, args->typed, args->area,
                                 args->category.at ? args->category : STR(""), &found);
    return rc == RC_OK ? show_all(op, found, STR_NONE, view) : rc;
}

#define SHOWN .answer = shown_fields, .nanswer = COUNT(shown_fields)
const struct act wording_acts[] = {
    { .name = "wording.list",
      .method = GET,
      .path = "/wordings",
      .title = STR_INIT("答复模板、政策问答"),
      .note = STR_INIT("在用的，新的在前。"),
      .right = RIGHT_CASE_WORK,
      ARGS(struct list_args, list_fields),
      SHOWN,
      .many = true,
      .run = list },
    { .name = "wording.make",
      .method = POST,
      .path = "/wordings",
      .title = STR_INIT("添一条答复模板或政策问答"),
      .right = RIGHT_WORDING_WRITE,
      .writes = true,
      ARGS(struct wording_args, make_fields),
      SHOWN,
      .ready = enter,
      .run = make },
    { .name = "wording.change",
      .method = POST,
      .path = "/wordings/{id}",
      .title = STR_INIT("改一条答复模板或政策问答"),
      .right = RIGHT_WORDING_WRITE,
      .writes = true,
      ARGS(struct wording_args, change_fields),
      SHOWN,
      .run = change },
    { .name = "wording.end",
      .method = POST,
      .path = "/wordings/{id}/end",
      .title = STR_INIT("停用一条答复模板或政策问答"),
      .right = RIGHT_WORDING_WRITE,
      .writes = true,
      ARGS(struct wording_args, end_fields),
      .run = end },
    { .name = "wording.suggest",
      .method = POST,
      .path = "/wordings/suggest",
      .title = STR_INIT("写着的时候找政策问答"),
      .note = STR_INIT("写的内容在正文里，不进地址，什么也不记下。"),
      .right = RIGHT_CASE_WORK,
      ARGS(struct suggest_args, suggest_fields),
      SHOWN,
      .many = true,
      .ready = enter_suggest,
      .run = suggest },
    { .name = "case.wordings",
      .method = GET,
      .path = "/cases/{id}/wordings",
      .title = STR_INIT("这件事可以用的答复模板"),
      .note = STR_INIT("办件号、时限、承办方已经填好。"),
      .right = RIGHT_CASE_WORK,
      ARGS(struct case_args, case_args_fields),
      SHOWN,
      .many = true,
      .run = for_case },
    { .name = NULL },
};
