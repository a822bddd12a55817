#include "gate/view.h"
#include "guard/keys.h"
#include "registry/master.h"

struct rewrap_args {
    int64_t county, person;
};
static const struct field rewrap_fields[] = {
    FIELD(struct rewrap_args, county, REQUIRED, .min = 0, .max = COUNTY_MAX,
          .title = STR_INIT("区县的永久编号")),
    FIELD_ID(struct rewrap_args, person, OPTIONAL, .title = STR_INIT("从哪一位之后起"),
             .note = STR_INIT("不写：从头起")),
};
struct rewrapped {
    int64_t person, done, master;
};
static const struct field rewrapped_fields[] = {
    FIELD_ID(struct rewrapped, person, OPTIONAL, .title = STR_INIT("到哪一位了")),
    FIELD(struct rewrapped, done, OPTIONAL, .title = STR_INIT("换了几把"),
          .note = STR_INIT("0：都换完了")),
    FIELD(struct rewrapped, master, OPTIONAL, .title = STR_INIT("用的是第几号主密钥")),
};

static enum rc to_county(struct op *op, void *in)
{
    op->county = ((const struct rewrap_args *)in)->county;
    return RC_OK;
}

static enum rc rewrap(struct op *op, const void *in, struct view *view)
{
    const struct rewrap_args *args = in;
    struct rewrapped          now = { .master = keys_newest_master() };
    int64_t after = args->person ? args->person : -1; /* 0 has a key: the county's own */

    enum rc rc = keys_rewrap(op, &after, &now.done);
    now.person = after > 0 ? after : 0;
    if (rc == RC_OK)
        view_struct(view, rewrapped_fields, COUNT(rewrapped_fields), &now);
    return rc;
}

const struct act master_acts[] = {
    { .name = "master.rewrap",
      .method = POST,
      .path = "/masters/rewrap",
      .title = STR_INIT("改用新的主密钥"),
      .note = STR_INIT("一次一千把；linli keys rewrap 做完全部。"),
      .right = RIGHT_LOCAL,
      .writes = true,
      ARGS(struct rewrap_args, rewrap_fields),
      ANSWER(struct rewrapped, rewrapped_fields),
      .ready = to_county,
      .run = rewrap },
    { .name = NULL },
};
