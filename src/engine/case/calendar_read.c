/* A calendar's file: closed words with their Chinese twins, every mistake told with file,
 * line and column, as of scenes. */
#include "engine/case/calendar.h"

#include <stdlib.h>

#include "rule/rule.h"
#include "scene/yaml.h"

enum { SPAN_DAYS_MAX = 366, WORD_CHARS_MAX = 200 };

struct reading {
    struct arena        *arena;
    struct str           file;
    struct problems     *problems;
    struct calendar     *calendar;
    struct calendar_day *days;
    size_t               n;
};

#define told(reading, at, ...)                                                             \
    problem_at((reading)->problems, (reading)->file, (at).line, (at).column, __VA_ARGS__)

/* ---------------------------------------------------------------- words */

struct word_of {
    struct str word, zh;
};
enum { KEY_CALENDAR, KEY_TITLE, KEY_SOURCE, KEY_FIRST, KEY_LAST, KEY_WEEK, KEY_DAYS };
static const struct word_of file_words[] = {
    [KEY_CALENDAR] = { STR_INIT("calendar"), STR_INIT("日历") },
    [KEY_TITLE] = { STR_INIT("title"), STR_INIT("标题") },
    [KEY_SOURCE] = { STR_INIT("source"), STR_INIT("来源") },
    [KEY_FIRST] = { STR_INIT("first"), STR_INIT("第一天") },
    [KEY_LAST] = { STR_INIT("last"), STR_INIT("最后一天") },
    [KEY_WEEK] = { STR_INIT("week"), STR_INIT("每周") },
    [KEY_DAYS] = { STR_INIT("days"), STR_INIT("日子") },
};
static const struct word_of week_words[] = {
    /* 0 Sunday */
    { STR_INIT("sun"), STR_INIT("周日") }, { STR_INIT("mon"), STR_INIT("周一") },
    { STR_INIT("tue"), STR_INIT("周二") }, { STR_INIT("wed"), STR_INIT("周三") },
    { STR_INIT("thu"), STR_INIT("周四") }, { STR_INIT("fri"), STR_INIT("周五") },
    { STR_INIT("sat"), STR_INIT("周六") },
};
enum { KEY_DAY, KEY_TO, KEY_WORKS, KEY_HOURS, KEY_CALLED };
static const struct word_of day_words[] = {
    [KEY_DAY] = { STR_INIT("day"), STR_INIT("日") },
    [KEY_TO] = { STR_INIT("to"), STR_INIT("到") },
    [KEY_WORKS] = { STR_INIT("works"), STR_INIT("上班") },
    [KEY_HOURS] = { STR_INIT("hours"), STR_INIT("时段") },
    [KEY_CALLED] = { STR_INIT("title"), STR_INIT("标题") },
};

static struct str all_words(struct arena *arena, const struct word_of *words, size_t n)
{
    struct str parts[16];

    for (size_t i = 0; i < n; i++)
        parts[i] =
            str_fmt(arena, "%.*s（%.*s）", STR_ARG(words[i].word), STR_ARG(words[i].zh));
    return str_join(arena, parts, n, STR("、"));
}

/* Its index; n, told, when there is none. */
static size_t word_at(struct reading *r, const struct node *node,
                      const struct word_of *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(node->key, words[i].word) || str_eq(node->key, words[i].zh))
            return i;
    struct str all = all_words(r->arena, words, n);
    told(r, node->key_at, "没有“%.*s”这一项；可以写的是%.*s。", STR_ARG(node->key),
         STR_ARG(all));
    return n;
}

/* --------------------------------------------------------------- values */

static struct str read_text(struct reading *r, const struct node *node)
{
    struct str text = node->kind == NODE_SCALAR ? str_trim(node->text) : STR_NONE;

    if (!text.len || str_chars(text) > WORD_CHARS_MAX) {
        told(r, node->at, "这里要写一段文字，最多 %d 个字。", WORD_CHARS_MAX);
        return STR("");
    }
    return str_copy(r->arena, text);
}

static bool read_day(struct reading *r, const struct node *node, int64_t *day)
{
    if (node->kind == NODE_SCALAR && rule_read_date(str_trim(node->text), day))
        return true;
    told(r, node->at, "这里要写一天，例如 2026-10-01。");
    return false;
}

static bool read_truth(struct reading *r, const struct node *node, bool *truth)
{
    struct str text = node->kind == NODE_SCALAR ? str_trim(node->text) : STR_NONE;

    *truth = str_eq(text, STR("true")) || str_eq(text, STR("是"));
    if (*truth || str_eq(text, STR("false")) || str_eq(text, STR("否")))
        return true;
    told(r, node->at, "这里要写 true（是）或 false（否）。");
    return false;
}

/* [8:30-12:00, 14:00-17:30] */
static bool read_hours(struct reading *r, const struct node *node, struct offices *offices)
{
    struct str         parts[OFFICES_MAX];
    size_t             n = 0;
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    size_t             items = node->kind == NODE_LIST ? node->n : 1;

    for (; item && n < OFFICES_MAX; item = node->kind == NODE_LIST ? item->next : NULL)
        parts[n++] = item->kind == NODE_SCALAR ? str_trim(item->text) : STR("?");
    if (items <= OFFICES_MAX &&
        offices_read(str_join(r->arena, parts, n, STR(" ")), offices))
        return true;
    told(r, node->at,
         "时段要写成 [8:30-12:00, 14:00-17:30]：从早到晚，不重叠，最多 %d 段。",
         OFFICES_MAX);
    return false;
}

static void read_week(struct reading *r, const struct node *node)
{
    size_t open = 0;

    for (const struct node *child = node->kind == NODE_MAP ? node->first : NULL; child;
         child = child->next) {
        size_t weekday = word_at(r, child, week_words, COUNT(week_words));
        if (weekday < COUNT(week_words) &&
            read_hours(r, child, &r->calendar->week[weekday]))
            open += r->calendar->week[weekday].n;
    }
    if (!open)
        told(r, node->at,
             "“每周”里至少要有一天办公，例如 mon: [8:30-12:00, 14:00-17:30]。");
}

/* ----------------------------------------------------------------- days */

struct row {
    int64_t        from, to;
    bool           works, worked; /* `works`, and whether it was written */
    struct offices offices;
    struct str     title;
};

static void read_member(struct reading *r, const struct node *node, struct row *row)
{
    switch (word_at(r, node, day_words, COUNT(day_words))) {
    case KEY_DAY:
        if (read_day(r, node, &row->from) && !row->to)
            row->to = row->from;
        break;
    case KEY_TO:
        (void)!read_day(r, node, &row->to);
        break;
    case KEY_WORKS:
        row->worked = read_truth(r, node, &row->works);
        break;
    case KEY_HOURS:
        (void)!read_hours(r, node, &row->offices);
        break;
    case KEY_CALLED:
        row->title = read_text(r, node);
        break;
    }
}

/* The row that says of it so far; what is written later counts. */
static struct calendar_day *day_row(struct reading *r, int64_t day)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->days[i].day == day)
            return &r->days[i];
    if (r->n == CALENDAR_DAYS_MAX)
        return NULL;
    r->days[r->n] = (struct calendar_day){ .day = -1 };
    return &r->days[r->n++];
}

/* Hours alone are other hours of days that are worked anyway. */
static void put_day(struct reading *r, const struct node *node, const struct row *row,
                    int64_t day)
{
    bool only_hours = row->offices.n && !row->worked;
    bool weekday = r->calendar->week[(day % 7 + 11) % 7].n > 0;

    struct calendar_day *it = day_row(r, day);
    if (!it) {
        told(r, node->at, "日子太多了，一本日历最多 %d 天。", CALENDAR_DAYS_MAX);
        return;
    }
    bool works =
        only_hours ? (it->day == day ? it->works : weekday) : row->worked && row->works;
    *it = (struct calendar_day){
        .day = day, .works = works, .offices = row->offices, .title = row->title
    };
}

static void read_row(struct reading *r, const struct node *node)
{
    const struct calendar *calendar = r->calendar;
    struct row             row = { .title = STR("") };

    for (const struct node *child = node->kind == NODE_MAP ? node->first : NULL; child;
         child = child->next)
        read_member(r, child, &row);
    if (!row.from) {
        told(r, node->at, "每一条要写 day（日），例如 {day: 2026-10-01, title: 国庆节}。");
        return;
    }
    if (row.to < row.from || row.to - row.from > SPAN_DAYS_MAX ||
        row.from < calendar->first || row.to > calendar->last) {
        told(r, node->at,
             "这几天要从前往后，并且在 first（第一天）到 last（最后一天）之间。");
        return;
    }
    for (int64_t day = row.from; day <= row.to; day++)
        put_day(r, node, &row, day);
}

static void read_rows(struct reading *r, const struct node *node)
{
    if (node->kind != NODE_LIST)
        told(r, node->at, "“日子”应当是一个列表，每一条以“- ”开头。");
    else
        for (const struct node *child = node->first; child; child = child->next)
            read_row(r, child);
}

static int by_day(const void *a, const void *b)
{
    int64_t left = ((const struct calendar_day *)a)->day;
    int64_t right = ((const struct calendar_day *)b)->day;

    return (left > right) - (left < right);
}

/* ----------------------------------------------------------------- file */

/* Days come last, whatever their place: they lean on all the others. */
static void read_file(struct reading *r, const struct node *root)
{
    const struct node *found[COUNT(file_words)] = { NULL };
    struct calendar   *calendar = r->calendar;

    for (const struct node *node = root->first; node; node = node->next) {
        size_t key = word_at(r, node, file_words, COUNT(file_words));
        if (key < COUNT(file_words))
            found[key] = node;
    }
    for (size_t i = 0; i < COUNT(file_words); i++)
        if (!found[i] && i != KEY_DAYS) {
            told(r, root->at, "日历里少了“%.*s”（%.*s）。", STR_ARG(file_words[i].word),
                 STR_ARG(file_words[i].zh));
            return;
        }
    calendar->name = read_text(r, found[KEY_CALENDAR]);
    calendar->title = read_text(r, found[KEY_TITLE]);
    calendar->source = read_text(r, found[KEY_SOURCE]);
    bool bounded = read_day(r, found[KEY_FIRST], &calendar->first) &&
                   read_day(r, found[KEY_LAST], &calendar->last);
    read_week(r, found[KEY_WEEK]);
    if (bounded && calendar->last < calendar->first)
        told(r, found[KEY_LAST]->at, "最后一天在第一天之前。");
    else if (bounded && found[KEY_DAYS])
        read_rows(r, found[KEY_DAYS]);
}

enum rc calendar_read(struct arena *arena, struct str file, struct str text,
                      struct problems *problems, struct calendar *calendar)
{
    size_t         before = problems->n;
    struct reading r = { .arena = arena,
                         .file = file,
                         .problems = problems,
                         .calendar = calendar,
                         .days =
                             arena_many(arena, CALENDAR_DAYS_MAX, struct calendar_day) };

    *calendar = (struct calendar){ 0 };
    if (!r.days || text.len > CALENDAR_BYTES_MAX)
        return RC_TOO_LARGE;
    struct node *root = yaml_tree(arena, (struct yaml_file){ file, 0 }, text, problems);
    if (root)
        read_file(&r, root);
    if (!root || problems->n > before)
        return RC_INVALID;
    qsort(r.days, r.n, sizeof *r.days, by_day);
    calendar->days = (struct list){ r.days, r.n };
    return arena->over ? RC_TOO_LARGE : RC_OK;
}
