#include "app/start.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/notice/notice.h"
#include "engine/notify/notify.h"
#include "gate/view.h"
#include "registry/me.h"
#include "scene/scenes.h"

enum { TEXT_CHARS_MAX = 1000 };

static bool       is_demo;
static struct str program_version;

void start_tell(bool demo, struct str version)
{
    is_demo = demo;
    program_version = version;
}

static void put_limits(struct json_out *out)
{
    static const struct {
        struct str name;
        int64_t    number;
    } limits[] = { { STR_INIT("photo_bytes"), PHOTO_BYTES_MAX },
                   { STR_INIT("photos"), PHOTOS_PER_CASE_MAX },
                   { STR_INIT("text"), TEXT_CHARS_MAX },
                   { STR_INIT("page"), PAGE_MAX } };

    json_key(out, STR("limits"));
    json_open(out, '{');
    for (size_t i = 0; i < COUNT(limits); i++) {
        json_key(out, limits[i].name);
        json_int(out, limits[i].number);
    }
    json_close(out, '}');
}

static enum rc put_me(struct op *op, struct json_out *out)
{
    struct me me;
    int64_t   unread = 0, news = 0;

    json_key(out, STR("me"));
    if (!op->actor->account) {
        json_null(out);
    } else {
        enum rc rc = me_of(op, op->actor, &me);
        if (rc == RC_OK && !op->actor->owes)
            rc = notify_unread(op, op->actor->account, &unread);
        if (rc == RC_OK && !op->actor->owes)
            rc = notice_unread(op, &news);
        if (rc != RC_OK)
            return rc;
        json_struct(out, me_fields, ME_NFIELDS, &me);
    }
    json_key(out, STR("unread"));
    json_int(out, unread);
    json_key(out, STR("news"));
    json_int(out, news);
    return RC_OK;
}

static void put_scene(struct json_out *out, const struct scene *scene)
{
    json_open(out, '{');
    json_key(out, STR("name"));
    json_text(out, scene->name);
    json_key(out, STR("title"));
    json_text(out, scene->title);
    json_key(out, STR("version"));
    json_int(out, scene->version);
    json_key(out, STR("home"));
    json_open(out, '{');
    json_key(out, STR("for"));
    json_open(out, '[');
    for (size_t i = 0; i < scene->home.npeople; i++)
        json_text(out, scene->home.people[i]);
    json_close(out, ']');
    json_key(out, STR("icon"));
    json_text(out, scene->home.icon);
    if (scene->home.says.at) {
        json_key(out, STR("says"));
        json_text(out, scene->home.says);
    }
    json_key(out, STR("order"));
    json_int(out, scene->home.order);
    json_close(out, '}');
    json_key(out, STR("cases"));
    json_open(out, '[');
    for (size_t i = 0; i < scene->nkinds; i++) {
        json_open(out, '{');
        json_key(out, STR("name"));
        json_text(out, scene->kinds[i].name);
        json_key(out, STR("title"));
        json_text(out, scene->kinds[i].title);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}

static enum rc put_scenes(struct op *op, struct json_out *out)
{
    const struct scene *const *scenes = NULL;
    size_t                     n = 0;

    enum rc rc = op->actor->owes ? RC_OK : scenes_all(op, &scenes, &n);
    if (rc != RC_OK)
        return rc;
    json_key(out, STR("scenes"));
    json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        put_scene(out, scenes[i]);
    json_close(out, ']');
    return RC_OK;
}

static bool may_try(const struct actor *actor, const struct act *act)
{
    bool open = actor->owes == OWES_NOTHING || act->owing >> actor->owes & 1;

    return act->path && open &&
           (act->right == RIGHT_ANYONE ||
            (act->right == RIGHT_SELF && actor->kind != ACTOR_NOBODY) ||
            actor_may(actor, act->right, STR_NONE));
}

static void put_acts(struct op *op, struct json_out *out)
{
    json_key(out, STR("acts"));
    json_open(out, '[');
    for (size_t i = 0; i < acts_count(); i++)
        if (may_try(op->actor, acts_at(i)))
            json_text(out, str_of(acts_at(i)->name));
    json_close(out, ']');
}

static enum rc start(struct op *op, const void *in, struct view *view)
{
    struct json_out *out = &view->out;

    (void)in;
    json_open(out, '{');
    json_key(out, STR("version"));
    json_text(out, program_version);
    json_key(out, STR("now"));
    json_time(out, op->now_ms);
    json_key(out, STR("demo"));
    json_bool(out, is_demo);
    put_limits(out);
    enum rc rc = put_me(op, out);
    if (rc == RC_OK)
        rc = put_scenes(op, out);
    if (rc != RC_OK)
        return rc;
    put_acts(op, out);
    json_close(out, '}');
    return RC_OK;
}

struct clock_args {
    int64_t now;
};
static const struct field clock_fields[] = {
    FIELD_TIME(struct clock_args, now, REQUIRED, .title = STR_INIT("现在")),
};

static enum rc set_clock(struct op *op, const void *in, struct view *view)
{
    (void)view;
    if (!clock_set_ms(((const struct clock_args *)in)->now))
        return fail(op, RC_DENIED, NULL, "这个服务器的时钟是锁住的。");
    return RC_OK;
}

static enum rc only_unlocked(struct op *op, void *in)
{
    (void)in;
    return clock_unlocked() ? RC_OK : fail(op, RC_NOT_FOUND, NULL, "没有找到。");
}

const struct act start_acts[] = {
    { .name = "start",
      .method = GET,
      .path = "/start",
      .title = STR_INIT("开始"),
      .note = STR_INIT("版本、限额、我是谁、能办什么。"),
      .right = RIGHT_ANYONE,
      .owing = OWING_ANYTHING,
      .run = start },
    { .name = "clock.set",
      .method = POST,
      .path = "/clock",
      .title = STR_INIT("拨动时钟"),
      .note = STR_INIT("只在测试用的演示服务器上有。"),
      .right = RIGHT_ANYONE,
      .demo = true,
      .writes = true,
      .quiet = true,
      ARGS(struct clock_args, clock_fields),
      .ready = only_unlocked,
      .run = set_clock },
    { .name = NULL },
};
