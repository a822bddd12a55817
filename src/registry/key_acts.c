#include "gate/journal.h"
#include "gate/view.h"
#include "guard/machine.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/registry.h"

enum { PAGE = 50 };

static const struct field make_fields[] = {
    FIELD(struct machine_key, title, REQUIRED, .max = 60, .title = STR_INIT("谁的机器")),
    FIELD_ID(struct machine_key, account, REQUIRED, .title = STR_INIT("以哪个账号办事")),
    FIELD_TIME(struct machine_key, until, REQUIRED, .title = STR_INIT("用到什么时候")),
    FIELD_LIST_OF(struct machine_key, areas, KIND_TEXT, .max = MACHINE_NARROW_MAX,
                  .title = STR_INIT("只限这些辖区")),
    FIELD_LIST_OF(struct machine_key, rights, KIND_TEXT, .max = MACHINE_NARROW_MAX,
                  .title = STR_INIT("只限这些权限")),
};
struct made {
    int64_t    id;
    struct str key;
};
static const struct field made_fields[] = {
    FIELD_ID(struct made, id, OPTIONAL),
    FIELD(struct made, key, OPTIONAL, .note = STR_INIT("只显示这一次")),
};

/* Keys are of the county of their account. */
static enum rc to_county(struct op *op, void *in)
{
    op->county = id_county(((const struct machine_key *)in)->account);
    return county_yours(op, RIGHT_KEY_WRITE);
}

static enum rc yours(struct op *op, void *in)
{
    (void)in;
    return county_yours(op, RIGHT_KEY_WRITE);
}

/* A key does what its account may: never a person's doing, and never what keeps the
 * three administrators apart.  Somebody's own account would let the system administrator
 * read cases as them, past their second factor. */
static enum rc for_a_machine(struct op *op, int64_t account)
{
    struct actor   actor;
    struct account whose = { 0 };

    enum rc rc = account_actor(op, account, &actor);
    if (rc == RC_OK)
        rc = account_find(op, account, &whose);
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, "account", "没有这个账号，或者已经停用。");
    if (rc == RC_OK && actor_may(&actor, RIGHT_UPPER, STR_NONE))
        return fail(op, RC_DENIED, "account",
                    "上级平台的账号只认签名，不发接口密钥。请到“上级平台”页面做密钥。");
    if (rc == RC_OK && (actor.person || actor_administers(&actor)))
        return fail(op, RC_DENIED, "account",
                    "接口密钥要用给机器开的账号，不能用居民或管理员的账号。");
    if (rc == RC_OK && whose.password.at)
        return fail(op, RC_DENIED, "account",
                    "这个账号有人用密码登录。接口密钥要用给机器另开的账号。");
    return rc;
}

static enum rc make(struct op *op, const void *in, struct view *view)
{
    struct machine_key asked = *(const struct machine_key *)in;
    struct made        made;

    enum rc rc = for_a_machine(op, asked.account);
    if (rc == RC_OK)
        rc = machine_key_make(op, &asked, &made.key);
    if (rc != RC_OK)
        return rc;
    made.id = asked.id;
    journal_about(op, asked.id, 0, 1, 0);
    view->status = 201;
    view_struct(view, made_fields, COUNT(made_fields), &made);
    return RC_OK;
}

struct id_args {
    int64_t id;
};
static const struct field id_fields[] = {
    FIELD_ID(struct id_args, id, REQUIRED, .title = STR_INIT("密钥编号")),
};

static enum rc end(struct op *op, const void *in, struct view *view)
{
    const struct id_args *args = in;

    (void)view;
    enum rc rc = machine_key_end(op, args->id);
    if (rc == RC_OK)
        journal_about(op, args->id, 1, 2, 0);
    return rc;
}

struct list_args {
    struct str area;
    int64_t    cursor;
};
static const struct field list_fields[] = {
    FIELD(struct list_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_ID(struct list_args, cursor, OPTIONAL),
};

static enum rc list_ready(struct op *op, void *in)
{
    return county_look(op, RIGHT_KEY_WRITE, ((const struct list_args *)in)->area);
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list keys;

    enum rc rc = machine_key_list(op, ((const struct list_args *)in)->cursor, PAGE, &keys);
    if (rc != RC_OK)
        return rc;
    const struct machine_key *rows = keys.at;
    struct str                next = keys.n == PAGE
                                         ? str_fmt(op->arena, "%lld", (long long)rows[PAGE - 1].id)
                                         : STR_NONE;
    view_page(view, machine_key_fields, MACHINE_KEY_FIELDS, keys, sizeof *rows, next);
    return RC_OK;
}

const struct act key_acts[] = {
    { .name = "key.make",
      .method = POST,
      .path = "/keys",
      .title = STR_INIT("发一个接口密钥"),
      .right = RIGHT_KEY_WRITE,
      .writes = true,
      ARGS(struct machine_key, make_fields),
      ANSWER(struct made, made_fields),
      .ready = to_county,
      .run = make },
    { .name = "key.end",
      .method = POST,
      .path = "/keys/{id}/end",
      .title = STR_INIT("停用接口密钥"),
      .right = RIGHT_KEY_WRITE,
      .writes = true,
      ARGS(struct id_args, id_fields),
      .ready = yours,
      .run = end },
    { .name = "key.list",
      .method = GET,
      .path = "/keys",
      .title = STR_INIT("列出接口密钥"),
      .right = RIGHT_KEY_WRITE,
      ARGS(struct list_args, list_fields),
      .answer = machine_key_fields,
      .nanswer = MACHINE_KEY_FIELDS,
      .many = true,
      .ready = list_ready,
      .run = list },
    { .name = NULL },
};
