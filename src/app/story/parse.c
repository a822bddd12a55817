#include "app/story/parse.h"

#include "app/story/reader.h"

static const struct story_spelling flags[] = {
#define STORY_FLAG(zh, also, en, path, value) STORY_SPELLING(zh, also, en),
#include "app/story/words.def"
};
static const struct {
    struct story_spelling word;
    int64_t               ms;
} units[] = {
#define STORY_UNIT(zh, also, en, ms) { STORY_SPELLING(zh, also, en), ms },
#include "app/story/words.def"
};

/* The label of a case; absent for the one at hand. */
static struct str take_case(struct reader *r)
{
    return reader_take(r, STORY_CASE)
               ? STR_NONE
               : reader_name(r, "这里应当是“办件”，或者前面“记作”的名字。");
}

static void take_pairs(struct reader *r, struct story_act *act)
{
    do {
        struct story_pair pair = { .name = reader_name(
                                       r, "这里应当是一项的名称，例如“类别=井盖缺失”。") };
        if (!reader_mark(r, MARK_EQUALS))
            reader_wrong(r, "名称后面应当是“=”，例如“类别=井盖缺失”。");
        pair.value = reader_value(r);
        if (act->npairs == STORY_PAIRS_MAX)
            reader_wrong(r, "一句话里最多写 32 项。");
        if (r->bad)
            return;
        act->pairs[act->npairs++] = pair;
        if (reader_end(r))
            return;
        struct reader probe = *r;
        (void)reader_mark(&probe, MARK_SEPARATOR);
        if (reader_tail_word(&probe))
            return;
    } while (reader_mark(r, MARK_SEPARATOR));
}

static struct str take_target(struct reader *r)
{
    struct str target = reader_phrase(r);

    if (str_empty(target))
        reader_wrong(r, "“给”后面应当写交给谁，例如“派单 给 刘敏”。");
    return target;
}

/* ---- somebody does something ---- */

static enum story_thing take_making(struct reader *r)
{
    static const struct {
        enum story_word  word;
        enum story_thing thing;
    } rows[] = { { STORY_REPORTS, THING_CASE },
                 { STORY_SENDS, THING_NOTICE },
                 { STORY_BOOKS, THING_APPOINTMENT } };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (reader_take(r, rows[i].word))
            return rows[i].thing;
    return THING_NONE;
}

/* Behind the name: 报 身边问题：…, 发 通知：…, 派单 给 刘敏, 把 井盖 派单 给 刘敏：… */
static void take_doing(struct reader *r, struct story_act *act)
{
    act->makes = take_making(r);
    if (!act->makes && reader_take(r, STORY_ABOUT))
        act->about = take_case(r);
    if (!act->makes || !reader_at(r, MARK_COLON))
        act->what = reader_name(r, "这里应当是要做的事，例如“报 身边问题”或“受理”。");
    if (!act->makes && reader_take(r, STORY_TO))
        act->target = take_target(r);
    if (reader_mark(r, MARK_COLON))
        take_pairs(r, act);
}

static void take_because(struct reader *r, struct story_step *step)
{
    struct reader probe = *r;
    int64_t       code = 0;

    probe.bad = true;
    if (str_int64(reader_name(&probe, ""), &code) && code >= 400 && code < 500) {
        step->code = code;
        *r = probe;
        r->bad = false;
    }
    if (!reader_end(r))
        step->because = reader_value(r);
}

static struct story_act *add_act(struct reader *r, struct story_step *step)
{
    if (step->nacts == STORY_TOGETHER_MAX) {
        reader_wrong(r, "同时最多 4 个人。");
        return &step->acts[0];
    }
    return &step->acts[step->nacts++];
}

/* ，记作 甲   ；同时 孙丽 受理   ，因为 403 “…” */
static void take_tails(struct reader *r, struct story_step *step)
{
    while (!r->bad && reader_mark(r, MARK_SEPARATOR)) {
        struct story_act *act = &step->acts[step->nacts - 1];
        if (act->makes && reader_take(r, STORY_LABEL)) {
            act->label = reader_name(r, "“记作”后面应当是给它起的名字。");
        } else if (step->verb == STEP_REFUSED && reader_take(r, STORY_BECAUSE)) {
            take_because(r, step);
        } else if (step->verb == STEP_DO && reader_take(r, STORY_TOGETHER)) {
            act = add_act(r, step);
            act->who = reader_name(r, "“同时”后面应当是人的名字。");
            take_doing(r, act);
        } else {
            reader_wrong(r, "逗号后面应当是下一项（写成“名称=内容”）、“记作 "
                            "…”，或者“；同时 …”、“，因为 …”。");
        }
    }
}

static void take_acts(struct reader *r, struct story_step *step, enum story_verb verb,
                      struct str who)
{
    step->verb = verb;
    step->acts = arena_many(r->arena, STORY_TOGETHER_MAX, struct story_act);
    if (!step->acts) {
        reader_wrong(r, "故事太长了。");
        return;
    }
    struct story_act *act = add_act(r, step);
    act->who = who;
    take_doing(r, act);
    take_tails(r, step);
}

/* ---- time ---- */

static void take_duration(struct reader *r, struct story_step *step)
{
    static const char says[] = "这里应当是过了多久，例如“3 小时”、“2 天 30 分钟”。";

    step->verb = STEP_PASS;
    do {
        int64_t number;
        size_t  unit = 0;
        bool    digits = reader_digits(r, &number);
        while (unit < COUNT(units) && !reader_spelling(r, &units[unit].word, true))
            unit++;
        if (!digits || unit == COUNT(units) || number > 3650 * 24)
            reader_wrong(r, says);
        else
            step->for_ms += number * units[unit].ms;
    } while (!r->bad && !reader_end(r));
}

static bool take_date(struct reader *r, struct story_moment *moment)
{
    int64_t month, day;

    if (!reader_digits(r, &moment->year) || !reader_mark(r, MARK_DASH) ||
        !reader_digits(r, &month) || !reader_mark(r, MARK_DASH) || !reader_digits(r, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    moment->day = DAY_DATE;
    moment->month = (int)month;
    moment->mday = (int)day;
    return true;
}

static bool take_day(struct reader *r, struct story_moment *moment)
{
    static const struct {
        enum story_word word;
        enum story_day  day;
    } days[] = { { STORY_TODAY, DAY_TODAY },
                 { STORY_TOMORROW, DAY_TOMORROW },
                 { STORY_WORKDAY, DAY_WORKDAY },
                 { STORY_MONDAY, DAY_MONDAY } };

    for (size_t i = 0; i < COUNT(days); i++)
        if (reader_take(r, days[i].word)) {
            moment->day = days[i].day;
            return true;
        }
    return take_date(r, moment);
}

static bool take_hour(struct reader *r, struct story_moment *moment)
{
    int64_t hour, minute;

    if (!reader_digits(r, &hour) || !reader_mark(r, MARK_COLON) ||
        !reader_digits(r, &minute) || hour > 23 || minute > 59)
        return false;
    moment->minute = (int)(hour * 60 + minute);
    return true;
}

static void take_moment(struct reader *r, struct story_step *step)
{
    step->verb = STEP_TIME;
    if (!take_day(r, &step->moment) || !take_hour(r, &step->moment))
        reader_wrong(
            r, "这里应当是时间，例如“2026-11-23 9:00”、“明天 9:00”、“下一个工作日 9:00”。");
}

bool story_moment_read(struct arena *arena, struct str text, struct story_moment *moment)
{
    struct reader r = { .arena = arena, .whole = text, .rest = text, .bad = true };

    *moment = (struct story_moment){ .day = DAY_TODAY };
    if (take_hour(&r, moment) && reader_end(&r))
        return true;
    r.rest = text;
    return take_day(&r, moment) && take_hour(&r, moment) && reader_end(&r);
}

/* ---- the three kinds of sentences ---- */

static bool take_time(struct reader *r, struct story_step *step)
{
    if (reader_take(r, STORY_AFTER))
        take_duration(r, step);
    else if (reader_take(r, STORY_TIME_IS))
        take_moment(r, step);
    return step->verb == STEP_PASS || step->verb == STEP_TIME;
}

static void read_given(struct reader *r, struct story_step *step)
{
    step->verb = STEP_PERSON;
    if (take_time(r, step))
        return;
    step->who = reader_name(r, "“假如”后面应当是人或时间，例如“假如 王芳 是 居民”。");
    if (reader_end(r))
        return;
    if (reader_take(r, STORY_IS)) {
        step->value = reader_rest(r);
    } else {
        take_acts(r, step, STEP_DO, step->who);
    }
}

static void read_when(struct reader *r, struct story_step *step)
{
    step->verb = STEP_PERSON;
    if (!take_time(r, step))
        take_acts(
            r, step, STEP_DO,
            reader_name(
                r, "“当”后面应当是谁做什么，例如“当 周岚 受理”，或者“当 过了 3 小时”。"));
}

static bool take_flag(struct reader *r, struct story_step *step)
{
    for (step->flag = 0; step->flag < COUNT(flags); step->flag++)
        if (reader_spelling(r, &flags[step->flag], false))
            return true;
    return false;
}

/* 是, 不是, 含, 不含 and the value. */
static void take_comparison(struct reader *r, struct story_step *step, struct str fact)
{
    step->verb = STEP_FACT;
    step->fact = fact;
    step->not = reader_take(r, STORY_IS_NOT);
    step->whole = step->not || reader_take(r, STORY_IS);
    if (!step->whole) {
        step->not = reader_take(r, STORY_HAS_NOT);
        if (!step->not &&!reader_take(r, STORY_HAS))
            reader_wrong(r, "没看懂。要看的写成“办件 在 待受理”、“承办方 是 刘敏”、“王芳 "
                            "收到消息”等；要做的用“当”开头。");
    }
    step->value = reader_value(r);
    if (str_empty(step->value))
        reader_wrong(r, "这里应当写是什么。");
}

/* 办件 在 待受理   办件 已督办   井盖 的 承办方 是 刘敏   类别 是 井盖缺失 */
static void take_fact(struct reader *r, struct story_step *step)
{
    bool       at_hand = reader_take(r, STORY_CASE);
    struct str thing =
        at_hand ? STR_NONE
                : reader_name(r, "这里应当是“办件”，或者它的一项，例如“承办方”。");

    if ((step->not = reader_take(r, STORY_NOT_IN)) || reader_take(r, STORY_IN)) {
        step->verb = STEP_FACT;
        step->about = thing;
        step->whole = true;
        step->fact = STR("状态");
        step->value = reader_value(r);
        if (str_empty(step->value))
            reader_wrong(r, "“在”后面应当是状态，例如“办件 在 待受理”。");
    } else if (take_flag(r, step)) {
        step->verb = STEP_FLAG;
        step->about = thing;
    } else if (reader_take(r, STORY_OF)) {
        step->about = thing;
        take_comparison(r, step,
                        reader_name(r, "“的”后面应当是办件的一项，例如“承办方”。"));
    } else if (at_hand) {
        reader_wrong(r, "没看懂。可以写“办件 在 待受理”、“办件 已督办”。");
    } else {
        take_comparison(r, step, thing);
    }
}

static void take_seen(struct reader *r, struct story_step *step)
{
    struct reader before = *r;

    step->verb = STEP_SEEN;
    step->about = take_case(r);
    if (!reader_end(r)) {
        *r = before;
        step->about = STR_NONE;
        take_fact(r, step);
    }
}

static bool take_who(struct reader *r, struct story_step *step, struct str who)
{
    step->who = who;
    if (reader_take(r, STORY_MAY_NOT)) {
        take_acts(r, step, STEP_REFUSED, who);
    } else if (reader_take(r, STORY_MAY)) {
        take_acts(r, step, STEP_MAY, who);
    } else if ((step->not = reader_take(r, STORY_SEES_NOT))) {
        step->verb = STEP_SEEN;
        step->about = take_case(r);
    } else if (reader_take(r, STORY_SEES)) {
        take_seen(r, step);
    } else if ((step->not = reader_take(r, STORY_LISTS_NOT)) ||
               reader_take(r, STORY_LISTS)) {
        step->verb = STEP_LISTED;
        step->about = take_case(r);
    } else if ((step->not = reader_take(r, STORY_GETS_NOT)) || reader_take(r, STORY_GETS)) {
        step->verb = STEP_MESSAGE;
        (void)reader_take(r, STORY_HAS);
        step->value = reader_value(r);
    } else {
        step->who = STR_NONE;
        return false;
    }
    return true;
}

static void read_then(struct reader *r, struct story_step *step)
{
    struct reader before;

    if (reader_take(r, STORY_ONE_DONE)) {
        step->verb = STEP_ONE_DONE;
        return;
    }
    if (reader_take(r, STORY_TOLD_WHO)) {
        step->verb = STEP_TOLD_WHO;
        return;
    }
    before = *r;
    struct str who = STR_NONE;
    if (!reader_take(r, STORY_CASE))
        who = reader_name(r, "“那么”后面应当是看到的情形，例如“那么 办件 在 待受理”。");
    if (r->bad || (who.at && take_who(r, step, who)))
        return;
    *r = before;
    take_fact(r, step);
}

/* ---- lines ---- */

static void read_heading(struct reader *r, struct str *into)
{
    (void)reader_mark(r, MARK_COLON);
    *into = reader_rest(r);
    if (str_empty(*into))
        reader_wrong(r, "后面应当写名称。");
}

static bool take_keyword(struct reader *r, enum story_word *kind)
{
    static const enum story_word kinds[] = { STORY_GIVEN, STORY_WHEN, STORY_THEN };

    if (reader_take(r, STORY_AND) || reader_take(r, STORY_BUT)) {
        if (*kind == STORY_WORDS)
            reader_wrong(r, "第一句不能用“并且”，请用“假如”、“当”或“那么”开头。");
        return true;
    }
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (reader_take(r, kinds[i])) {
            *kind = kinds[i];
            return true;
        }
    return false;
}

static void read_step(struct reader *r, enum story_word kind)
{
    struct story *story = r->story;

    if (story->n == STORY_STEPS_MAX) {
        reader_wrong(r, "一个故事最多 500 句，请分成几个。");
        return;
    }
    struct story_step *step = &story->steps[story->n];
    *step = (struct story_step){ .line = r->line, .text = str_trim(r->whole) };
    if (kind == STORY_GIVEN)
        read_given(r, step);
    else if (kind == STORY_WHEN)
        read_when(r, step);
    else
        read_then(r, step);
    if (!reader_end(r))
        reader_wrong(r,
                     "这里多出了文字。名字和动作之间请空一格；带空格的内容请放在引号里。");
    story->n += !r->bad;
}

static void read_line(struct reader *r, enum story_word *kind)
{
    if (reader_end(r) || r->rest.at[0] == '#')
        return;
    if (reader_take(r, STORY_STORY)) {
        read_heading(r, &r->story->title);
    } else if (reader_take(r, STORY_SCENE)) {
        read_heading(r, &r->story->scene);
    } else if (take_keyword(r, kind)) {
        if (!r->bad)
            read_step(r, *kind);
    } else {
        reader_wrong(r, "每句话要用“假如”、“当”、“那么”、“并且”开头，说明用“#”开头。");
    }
}

enum rc story_parse(struct arena *arena, struct str file, struct str text,
                    struct story *story, struct problems *problems)
{
    size_t          before = problems->n;
    enum story_word kind = STORY_WORDS;

    *story = (struct story){ .file = file, .title = file };
    story->steps = arena_many(arena, STORY_STEPS_MAX, struct story_step);
    if (!str_utf8(text))
        problem_add(problems, file, "文件不是 UTF-8 编码。");
    else if (text.len > STORY_BYTES_MAX || !story->steps)
        problem_add(problems, file, "文件太大了，最多 %d KB。", STORY_BYTES_MAX >> 10);
    if (problems->n > before)
        return RC_INVALID;
    struct str_cut cut = { .tail = text, .ok = true };
    for (int64_t line = 1; cut.ok; line++) {
        cut = str_cut(cut.tail, '\n');
        struct str whole = cut.head;
        if (str_ends(whole, STR("\r")))
            whole.len--;
        struct reader r = { arena, problems, story, whole, whole, line, false };
        read_line(&r, &kind);
    }
    if (str_empty(story->scene))
        problem_at(problems, file, 1, 1, "还没有写是哪个场景，例如“场景：随手拍”。");
    return problems->n > before ? RC_INVALID : RC_OK;
}
