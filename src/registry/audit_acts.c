/* What the audit administrator reads, and what is kept for them: signed heads of the
 * journal, and the public keys to check them with. */
#include "gate/heads.h"
#include "gate/refusals.h"
#include "gate/view.h"
#include "guard/signer.h"
#include "registry/area.h"
#include "registry/audit.h"

enum { PAGE = 200 };

/* ------------------------------------------------------------ signed heads */

struct heads_args {
    struct str area;
    int64_t    since, cursor;
};
static const struct field heads_fields[] = {
    FIELD(struct heads_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_TIME(struct heads_args, since, OPTIONAL, .title = STR_INIT("从什么时候签的起")),
    FIELD(struct heads_args, cursor, .min = 1, .max = INT64_MAX),
};
struct head_shown {
    int64_t    seq, at;
    struct str key, line;
};
static const struct field head_shown_fields[] = {
    FIELD(struct head_shown, seq, OPTIONAL, .title = STR_INIT("链到第几行")),
    FIELD_TIME(struct head_shown, at, OPTIONAL, .title = STR_INIT("签名时间")),
    FIELD(struct head_shown, key, OPTIONAL, .title = STR_INIT("签名密钥")),
    FIELD(struct head_shown, line, OPTIONAL, .title = STR_INIT("签过名的链头"),
          .note = STR_INIT("原样交给核对的人保存")),
};

static enum rc your_county(struct op *op, void *in)
{
    return county_look(op, RIGHT_JOURNAL_READ, ((const struct heads_args *)in)->area);
}

static enum rc show_heads(struct op *op, struct list found, struct view *view)
{
    const struct head *heads = found.at;
    struct head_shown *shown = arena_many(op->arena, found.n + 1, struct head_shown);

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        shown[i] = (struct head_shown){ heads[i].seq, heads[i].at_ms, heads[i].key,
                                        head_line(op->arena, &heads[i]) };
    struct str next = found.n == PAGE
                          ? str_fmt(op->arena, "%lld", (long long)heads[found.n - 1].seq)
                          : STR_NONE;
    view_page(view, head_shown_fields, COUNT(head_shown_fields),
              (struct list){ shown, found.n }, sizeof *shown, next);
    return RC_OK;
}

static enum rc list_heads(struct op *op, const void *in, struct view *view)
{
    const struct heads_args *args = in;
    struct list              found;
    int64_t                  after = args->cursor;
    enum rc                  rc = RC_OK;

    if (!after && args->since)
        rc = heads_since(op, op->county, args->since, &after);
    if (rc == RC_OK)
        rc = heads_after(op, op->county, after, PAGE, &found);
    return rc == RC_OK ? show_heads(op, found, view) : rc;
}

/* ------------------------------------------------------------- public keys */

struct key_shown {
    struct str key, pem;
};
static const struct field key_shown_fields[] = {
    FIELD(struct key_shown, key, OPTIONAL, .title = STR_INIT("名字")),
    FIELD(struct key_shown, pem, OPTIONAL, .title = STR_INIT("公钥")),
};

static enum rc list_keys(struct op *op, const void *in, struct view *view)
{
    const struct sm2_publics *publics = signer_publics();
    struct key_shown          shown[SIGNER_KEYS_MAX];

    (void)in;
    for (size_t i = 0; i < publics->n; i++)
        shown[i] = (struct key_shown){ sm2_name(op->arena, &publics->of[i]),
                                       sm2_pem(op->arena, &publics->of[i]) };
    view_page(view, key_shown_fields, COUNT(key_shown_fields),
              (struct list){ shown, publics->n }, sizeof *shown, STR_NONE);
    return RC_OK;
}

/* ---------------------------------------------------------------- refusals */

struct refusals_args {
    struct str area;
    int64_t    account, since, until;
    struct str cursor;
};
static const struct field refusals_fields[] = {
    FIELD(struct refusals_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_ID(struct refusals_args, account, OPTIONAL, .title = STR_INIT("谁")),
    FIELD_TIME(struct refusals_args, since, OPTIONAL, .title = STR_INIT("从什么时候起")),
    FIELD_TIME(struct refusals_args, until, OPTIONAL, .title = STR_INIT("到什么时候")),
    FIELD(struct refusals_args, cursor, .max = 120),
};
struct refusal_shown {
    int64_t    at, account;
    struct str act, word, title;
    int64_t    times;
};
static const struct field refusal_shown_fields[] = {
    FIELD_TIME(struct refusal_shown, at, OPTIONAL, .title = STR_INIT("哪一分钟")),
    FIELD_ID(struct refusal_shown, account, OPTIONAL, .title = STR_INIT("谁"),
             .note = STR_INIT("没有登录的为空")),
    FIELD(struct refusal_shown, act, OPTIONAL, .title = STR_INIT("想做什么")),
    FIELD(struct refusal_shown, word, OPTIONAL, .title = STR_INIT("为什么没做成")),
    FIELD(struct refusal_shown, title, OPTIONAL),
    FIELD(struct refusal_shown, times, OPTIONAL, .title = STR_INIT("几次")),
};

static enum rc your_countys(struct op *op, void *in)
{
    return county_look(op, RIGHT_JOURNAL_READ, ((const struct refusals_args *)in)->area);
}

/* "minute:account:act:word" of the last row of the page before. */
static bool after_cursor(struct str cursor, struct refusal *after)
{
    struct str_cut minute = str_cut(cursor, ':'), account = str_cut(minute.tail, ':');
    struct str_cut act = str_cut(account.tail, ':');

    after->act = act.head;
    after->word = act.tail;
    return act.ok && str_int64(minute.head, &after->minute) &&
           str_int64(account.head, &after->account);
}

static struct str title_of(struct str word)
{
    for (enum rc rc = 0; rc < RC_COUNT; rc++)
        if (str_eq(rc_word(rc), word))
            return rc_title(rc);
    return word;
}

static enum rc show_refusals(struct op *op, struct list found, struct view *view)
{
    const struct refusal *rows = found.at;
    struct refusal_shown *shown = arena_many(op->arena, found.n + 1, struct refusal_shown);
    struct str            next = STR_NONE;

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        shown[i] = (struct refusal_shown){ rows[i].minute * REFUSALS_MINUTE_MS,
                                           rows[i].account,
                                           rows[i].act,
                                           rows[i].word,
                                           title_of(rows[i].word),
                                           rows[i].times };
    if (found.n == PAGE)
        next = str_fmt(op->arena, "%lld:%lld:%.*s:%.*s", (long long)rows[PAGE - 1].minute,
                       (long long)rows[PAGE - 1].account, STR_ARG(rows[PAGE - 1].act),
                       STR_ARG(rows[PAGE - 1].word));
    view_page(view, refusal_shown_fields, COUNT(refusal_shown_fields),
              (struct list){ shown, found.n }, sizeof *shown, next);
    return RC_OK;
}

static enum rc list_refusals(struct op *op, const void *in, struct view *view)
{
    const struct refusals_args *args = in;
    int64_t                     until = args->until ? args->until : op->now_ms;
    struct refusals_asked       asked = {
              .account = args->account,
              .after.minute = args->since / REFUSALS_MINUTE_MS,
              .until_minute = until / REFUSALS_MINUTE_MS + 1,
    };
    struct list found;

    if (args->cursor.at && !after_cursor(args->cursor, &asked.after))
        return fail(op, RC_INVALID, "cursor", "这个翻页位置不对，请从头再看。");
    enum rc rc = refusals_after(op, &asked, PAGE, &found);
    return rc == RC_OK ? show_refusals(op, found, view) : rc;
}

/* ----------------------------------------------------------------- keeping */

struct keep_args {
    struct str  line;
    struct head head; /* by ready */
};
static const struct field keep_fields[] = {
    FIELD(struct keep_args, line, REQUIRED, .max = HEAD_LINE_MAX),
};

static enum rc keep_ready(struct op *op, void *in)
{
    struct keep_args *args = in;

    if (!head_read(op->arena, args->line, &args->head) ||
        head_check(op->arena, &args->head, signer_publics()) != HEAD_TRUE)
        return fail(op, RC_REFUSED, "line", "这不是本机密钥签过名的链头。");
    op->county = args->head.county;
    return RC_OK;
}

static enum rc keep(struct op *op, const void *in, struct view *view)
{
    (void)view;
    return heads_keep(op, &((const struct keep_args *)in)->head);
}

const struct act audit_acts[] = {
    { .name = "journal.heads",
      .method = GET,
      .path = "/journal/heads",
      .title = STR_INIT("签过名的链头"),
      .note = STR_INIT("另存一份在别处，以后就能证明日志链有没有被改写。"),
      .right = RIGHT_JOURNAL_READ,
      ARGS(struct heads_args, heads_fields),
      ANSWER(struct head_shown, head_shown_fields),
      .many = true,
      .ready = your_county,
      .run = list_heads },
    { .name = "journal.keys",
      .method = GET,
      .path = "/journal/keys",
      .title = STR_INIT("核对链头用的公钥"),
      .note = STR_INIT("最后一把是现在用的；换下来的也留着，以前的链头要用它核对。"),
      .right = RIGHT_JOURNAL_READ,
      ANSWER(struct key_shown, key_shown_fields),
      .many = true,
      .run = list_keys },
    { .name = "refusal.list",
      .method = GET,
      .path = "/refusals",
      .title = STR_INIT("没做成的尝试"),
      .note =
          STR_INIT("没通过的登录、不归他管的、找不到的、太频繁的，按分钟计数，留七个月。"),
      .right = RIGHT_JOURNAL_READ,
      ARGS(struct refusals_args, refusals_fields),
      ANSWER(struct refusal_shown, refusal_shown_fields),
      .many = true,
      .ready = your_countys,
      .run = list_refusals },
    { .name = "journal.head-keep",
      .title = STR_INIT("记下一个签过名的链头"),
      .right = RIGHT_LOCAL,
      .writes = true,
      .quiet = true,
      ARGS(struct keep_args, keep_fields),
      .ready = keep_ready,
      .run = keep },
    { .name = NULL },
};
