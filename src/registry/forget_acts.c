#include "gate/journal.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/forget.h"
#include "registry/registry.h"

/* What the journal keeps: whose, not what. */
struct said {
    int64_t person;
};
static const struct field said_fields[] = { FIELD_ID(struct said, person, OPTIONAL) };

static enum rc say(struct op *op, int64_t person)
{
    journal_about(op, person, 0, 0, 0);
    return journal_says(op, said_fields, COUNT(said_fields), &(struct said){ person });
}

/* ------------------------------------------------------------ one's own */

struct delete_args {
    struct str confirm;
};
static const struct field delete_fields[] = {
    FIELD(struct delete_args, confirm, REQUIRED, .max = 10, .title = STR_INIT("确认"),
          .note = STR_INIT("写“注销”两个字")),
};

static enum rc delete_ready(struct op *op, void *in)
{
    (void)in;
    if (!op->actor->person)
        return fail(op, RC_DENIED, NULL, "您的账号没有对应的居民信息，请找社区办理。");
    op->county = id_county(op->actor->person);
    return RC_OK;
}

static enum rc delete_self(struct op *op, const void *in, struct view *view)
{
    const struct delete_args *args = in;
    int64_t                   person = op->actor->person;

    if (!str_eq(args->confirm, STR("注销")))
        return fail(op, RC_REFUSED, "confirm",
                    "注销以后什么都找不回来。确定的话，请写“注销”两个字。");
    enum rc rc = person_may_go(op, person);
    if (rc == RC_OK)
        rc = person_forget(op, person);
    view->session = STR("");
    return rc == RC_OK ? say(op, person) : rc;
}

/* ---------------------------------------------- again, and in other counties */

struct forget_args {
    int64_t county, person;
};
static const struct field forget_fields[] = {
    FIELD(struct forget_args, county, REQUIRED, .min = 1, .max = COUNTY_MAX),
    FIELD_ID(struct forget_args, person, REQUIRED),
};

static enum rc forget_ready(struct op *op, void *in)
{
    op->county = ((const struct forget_args *)in)->county;
    return RC_OK;
}

static enum rc forget(struct op *op, const void *in, struct view *view)
{
    const struct forget_args *args = in;

    (void)view;
    enum rc rc = person_forget(op, args->person);
    return rc == RC_OK ? say(op, args->person) : rc;
}

const struct act forget_acts[] = {
    { .name = "person.delete",
      .method = POST,
      .path = "/me/deletion",
      .title = STR_INIT("注销我的账号和信息"),
      .note = STR_INIT("马上生效，找不回来：姓名、号码、报过的事和照片都删掉，账号停用。"),
      .right = RIGHT_SELF,
      .writes = true,
      ARGS(struct delete_args, delete_fields),
      .ready = delete_ready,
      .run = delete_self },
    { .name = "person.forget",
      .title = STR_INIT("再删一遍"),
      .note = STR_INIT("恢复备份以后，或他在别的区县还留有东西时。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct forget_args, forget_fields),
      .ready = forget_ready,
      .run = forget },
    { .name = NULL },
};
