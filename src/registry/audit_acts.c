/* What the audit administrator reads, and what is kept for them: signed heads of the
 * journal, and the public keys to check them with. */
#include "base/json.h"
#include "gate/heads.h"
#include "gate/refusals.h"
#include "gate/view.h"
#include "guard/signer.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/audit.h"

enum { PAGE = 200, LINES_PAGE = 50 };

/* ------------------------------------------------------------ signed heads */

struct heads_args {
    struct str area;
    int64_t    since, cursor;
};
static const struct field heads_fields[] = {
    FIELD(struct heads_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_TIME(struct heads_args, since, OPTIONAL, .title = STR_INIT("从什么时候签的起")),
    FIELD_ID(struct heads_args, cursor, OPTIONAL),
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
    struct str area, act, source;
    int64_t    account, since, until;
    struct str cursor;
    bool       nowhere;
};
static const struct field refusals_fields[] = {
    FIELD(struct refusals_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD(struct refusals_args, nowhere, OPTIONAL, .title = STR_INIT("不归哪个区县的"),
          .note = STR_INIT("用没有的账号登录、没有登录就来问的")),
    FIELD_ID(struct refusals_args, account, OPTIONAL, .title = STR_INIT("谁")),
    FIELD(struct refusals_args, act, .max = 40, .title = STR_INIT("想做什么"),
          .note = STR_INIT("操作的名字，如 session.open")),
    FIELD(struct refusals_args, source, .max = REFUSALS_ADDRESS_CHARS,
          .title = STR_INIT("从哪个网络地址")),
    FIELD_TIME(struct refusals_args, since, OPTIONAL, .title = STR_INIT("从什么时候起")),
    FIELD_TIME(struct refusals_args, until, OPTIONAL, .title = STR_INIT("到什么时候")),
    FIELD(struct refusals_args, cursor, .max = 160),
};
struct refusal_shown {
    int64_t    at, account;
    struct str name, act, act_title, word, title, source;
    int64_t    times;
};
static const struct field refusal_shown_fields[] = {
    FIELD_TIME(struct refusal_shown, at, OPTIONAL, .title = STR_INIT("哪一分钟")),
    FIELD_ID(struct refusal_shown, account, OPTIONAL, .title = STR_INIT("谁"),
             .note = STR_INIT("没有登录的为空")),
    FIELD(struct refusal_shown, name, OPTIONAL),
    FIELD(struct refusal_shown, act, OPTIONAL, .title = STR_INIT("想做什么")),
    FIELD(struct refusal_shown, act_title, OPTIONAL),
    FIELD(struct refusal_shown, word, OPTIONAL, .title = STR_INIT("为什么没做成")),
    FIELD(struct refusal_shown, title, OPTIONAL),
    FIELD(struct refusal_shown, source, .grade = GRADE_PERSONAL,
          .title = STR_INIT("从哪个网络地址"),
          .note = STR_INIT("一分钟里来处太多时，后面的不分来处")),
    FIELD(struct refusal_shown, times, OPTIONAL, .title = STR_INIT("几次")),
};

static enum rc bad_cursor(struct op *op)
{
    return fail(op, RC_INVALID, "cursor", "这个翻页位置不对，请从头再看。");
}

static enum rc your_countys(struct op *op, void *in)
{
    const struct refusals_args *args = in;

    if (!args->nowhere)
        return county_look(op, RIGHT_JOURNAL_READ, args->area);
    op->county = 0; /* nobody's, and about nobody: any audit may look */
    return RC_OK;
}

/* "minute:account:act:word:address" of the last row of the page before. */
static bool read_cursor(struct str cursor, struct refusal *before)
{
    struct str_cut minute = str_cut(cursor, ':'), account = str_cut(minute.tail, ':');
    struct str_cut act = str_cut(account.tail, ':'), word = str_cut(act.tail, ':');

    before->act = act.head;
    before->word = word.head;
    before->address = word.tail;
    return word.ok && str_int64(minute.head, &before->minute) &&
           str_int64(account.head, &before->account) && before->minute >= 0 &&
           before->minute < INT64_MAX;
}

static struct str cursor_of(struct op *op, const struct refusal *row)
{
    return str_fmt(op->arena, "%lld:%lld:%.*s:%.*s:%.*s", (long long)row->minute,
                   (long long)row->account, STR_ARG(row->act), STR_ARG(row->word),
                   STR_ARG(row->address));
}

static struct str title_of(struct str word)
{
    for (enum rc rc = 0; rc < RC_COUNT; rc++)
        if (str_eq(rc_word(rc), word))
            return rc_title(rc);
    return word;
}

static struct str act_title(struct str name)
{
    const struct act *act = acts_find(name);

    return act ? act->title : name;
}

static struct refusal_shown show_refusal(struct op *op, const struct refusal *row)
{
    return (struct refusal_shown){ .at = row->minute * REFUSALS_MINUTE_MS,
                                   .account = row->account,
                                   .name = account_title(op, row->account),
                                   .act = row->act,
                                   .act_title = act_title(row->act),
                                   .word = row->word,
                                   .title = title_of(row->word),
                                   .source = row->address,
                                   .times = row->times };
}

static enum rc show_refusals(struct op *op, struct list found, struct view *view)
{
    const struct refusal *rows = found.at;
    struct refusal_shown *shown = arena_many(op->arena, found.n + 1, struct refusal_shown);
    struct str            next = STR_NONE;

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        shown[i] = show_refusal(op, &rows[i]);
    if (found.n == PAGE)
        next = cursor_of(op, &rows[PAGE - 1]);
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
              .act = args->act,
              .address = args->source,
              .since_minute = args->since / REFUSALS_MINUTE_MS,
              .until_minute = until / REFUSALS_MINUTE_MS,
    };
    struct list found;

    if (args->cursor.at && !read_cursor(args->cursor, &asked.before))
        return bad_cursor(op);
    enum rc rc = refusals_before(op, &asked, PAGE, &found);
    return rc == RC_OK ? show_refusals(op, found, view) : rc;
}

/* ------------------------------------------------------------------- lines */

struct lines_args {
    struct str kind, area;
    int64_t    account, since, until;
    struct str cursor;
};
static const struct field lines_fields[] = {
    FIELD(struct lines_args, kind, REQUIRED, .max = 10, .title = STR_INIT("哪一类"),
          .note = STR_INIT("sign-in 登录、rights 账号和权限、export 导出、deletion 注销")),
    FIELD(struct lines_args, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
    FIELD_ID(struct lines_args, account, OPTIONAL, .title = STR_INIT("谁"),
             .note = STR_INIT("谁做的，或对谁做的：账号或居民")),
    FIELD_TIME(struct lines_args, since, OPTIONAL, .title = STR_INIT("从什么时候起")),
    FIELD_TIME(struct lines_args, until, OPTIONAL, .title = STR_INIT("到什么时候")),
    FIELD(struct lines_args, cursor, .max = 50),
};
struct line_shown {
    int64_t    seq, at;
    struct str act, title;
    int64_t    account, subject;
    struct str who, whom, says;
};
static const struct field line_shown_fields[] = {
    FIELD(struct line_shown, seq, OPTIONAL, .title = STR_INIT("日志链第几行")),
    FIELD_TIME(struct line_shown, at, OPTIONAL),
    FIELD(struct line_shown, act, OPTIONAL, .title = STR_INIT("做了什么")),
    FIELD(struct line_shown, title, OPTIONAL),
    FIELD_ID(struct line_shown, account, OPTIONAL, .title = STR_INIT("谁做的"),
             .note = STR_INIT("登录前的、系统自己做的为空")),
    FIELD_ID(struct line_shown, subject, OPTIONAL, .title = STR_INIT("对谁、对什么做的")),
    FIELD(struct line_shown, who, OPTIONAL),
    FIELD(struct line_shown, whom, OPTIONAL, .note = STR_INIT("是账号时，它是谁的")),
    FIELD(struct line_shown, says, .grade = GRADE_PERSONAL, .title = STR_INIT("内容"),
          .note = STR_INIT("本人注销后没有了")),
};

static enum rc lines_ready(struct op *op, void *in)
{
    const struct lines_args *args = in;

    if (audit_kind_of(args->kind) == AUDIT_KINDS)
        return fail(op, RC_INVALID, "kind",
                    "要看的是 sign-in、rights、export 或 deletion。");
    return county_look(op, RIGHT_JOURNAL_READ, args->area);
}

/* What is shown of a line's payload, and nothing else of it. */
static const struct {
    const char *member, *title;
} shown_members[] = {
    { "login", "登录名" },       { "duty", "职责" },       { "role", "角色" },
    { "area", "辖区" },          { "kind", "种类" },       { "chars", "密码至少几个字" },
    { "classes", "至少几类字" }, { "days", "多少天一换" }, { "factor", "第二重验证" },
    { "title", "名称" },         { "passed", "已验证" },   { "owes", "还差" },
    { "format", "格式" },        { "rows", "行数" },       { "state", "结果" },
    { "shielded", "受保护" },    { "reason", "原因" },
};
static const struct {
    const char *word, *says;
} shown_words[] = {
    { "nothing", "没有" },      { "none", "不要求" },     { "totp", "动态口令" },
    { "passkey", "通行密钥" },  { "recovery", "恢复码" }, { "demo", "演示登录" },
    { "factor", "第二重验证" }, { "enrolment", "绑定" },  { "password", "改密码" },
    { "resident", "居民" },     { "staff", "工作人员" },  { "admin", "管理员" },
    { "people", "居民名单" },   { "cases", "办件名单" },  { "waiting", "等另一个人同意" },
    { "agreed", "已同意" },     { "ready", "可以下载" },  { "done", "已办" },
    { "refused", "没有同意" },  { "gone", "已过期" },     { "deletion", "注销" },
    { "true", "是" },           { "false", "否" },
};

static struct str in_words(struct op *op, const char *member, struct str text)
{
    if (str_eq(str_of(member), STR("area")))
        return area_path(op, text, LEVEL_COUNTY);
    if (role_of_word(text) != ROLE_NONE && str_eq(str_of(member), STR("role")))
        return role_title(role_of_word(text));
    for (size_t i = 0; i < COUNT(shown_words); i++)
        if (str_eq(str_of(shown_words[i].word), text))
            return str_of(shown_words[i].says);
    return text;
}

static struct str says_of(struct op *op, struct str payload)
{
    struct str parts[COUNT(shown_members)];
    size_t     n = 0;

    for (size_t i = 0; payload.len && i < COUNT(shown_members); i++) {
        struct str text = json_pick_text(op->arena, payload, shown_members[i].member);
        if (text.len)
            parts[n++] = str_fmt(op->arena, "%s：%.*s", shown_members[i].title,
                                 STR_ARG(in_words(op, shown_members[i].member, text)));
    }
    return str_join(op->arena, parts, n, STR("，"));
}

static struct line_shown show_line(struct op *op, const struct line *line)
{
    return (struct line_shown){ .seq = line->seq,
                                .at = line->at_ms,
                                .act = line->act,
                                .title = act_title(line->act),
                                .account = line->actor,
                                .subject = line->subject,
                                .who = account_title(op, line->actor),
                                .whom = account_title(op, line->subject),
                                .says = says_of(op, line->payload) };
}

static enum rc show_lines(struct op *op, struct list found, struct view *view)
{
    const struct line *lines = found.at;
    struct line_shown *shown = arena_many(op->arena, found.n + 1, struct line_shown);
    struct str         next = STR_NONE;

    if (!shown)
        return RC_TOO_LARGE;
    for (size_t i = 0; i < found.n; i++)
        shown[i] = show_line(op, &lines[i]);
    if (found.n == LINES_PAGE)
        next = page_mark_write(op->arena, (struct page_mark){ lines[LINES_PAGE - 1].at_ms,
                                                              lines[LINES_PAGE - 1].seq });
    view_page(view, line_shown_fields, COUNT(line_shown_fields),
              (struct list){ shown, found.n }, sizeof *shown, next);
    return RC_OK;
}

static enum rc list_lines(struct op *op, const void *in, struct view *view)
{
    const struct lines_args *args = in;
    struct page_mark         mark = { 0 };
    struct list              found;

    if (args->cursor.at && !page_mark_read(args->cursor, &mark))
        return bad_cursor(op);
    struct audit_asked asked = { .kind = audit_kind_of(args->kind),
                                 .account = args->account,
                                 .since_ms = args->since,
                                 .until_ms = args->until ? args->until : op->now_ms + 1,
                                 .before_ms = mark.sort,
                                 .before_seq = mark.id };
    enum rc            rc = audit_lines(op, &asked, LINES_PAGE, &found);
    return rc == RC_OK ? show_lines(op, found, view) : rc;
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
      .note = STR_INIT(
          "没通过的登录、不归他管的、找不到的、太频繁的，按分钟计数，新的在前，留七个月。"),
      .right = RIGHT_JOURNAL_READ,
      ARGS(struct refusals_args, refusals_fields),
      ANSWER(struct refusal_shown, refusal_shown_fields),
      .many = true,
      .ready = your_countys,
      .run = list_refusals },
    { .name = "journal.list",
      .method = GET,
      .path = "/journal/lines",
      .title = STR_INIT("登录、权限、导出和注销的记录"),
      .note = STR_INIT("日志链里的原行，新的在前；没做成的在“没做成的尝试”里。"),
      .right = RIGHT_JOURNAL_READ,
      ARGS(struct lines_args, lines_fields),
      ANSWER(struct line_shown, line_shown_fields),
      .many = true,
      .ready = lines_ready,
      .run = list_lines },
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
