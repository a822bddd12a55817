/* The rule language: one line of text that says when, whom or how long, in
 * English or Chinese words (docs/rules.md):
 *
 *     age >= 80 and not tag("高龄津贴") and area in "420602001"
 *     年龄 ≥ 80 且 非 标签（“高龄津贴”） 且 辖区 属于 “420602001”
 *
 * rule_parse() reads a text against an environment, the tables of names and
 * functions that mean something where the rule stands, and gives a checked,
 * frozen tree or says what is wrong, with line, column and the nearest right
 * word.  A parsed rule lives in its arena, never changes, and may be run by any
 * number of threads.  Running it on a record takes no memory and at most
 * RULE_STEPS_MAX steps.
 *
 * What a record does not know is unknown, and so is a test on it: rules are
 * three-valued (Kleene: `no and unknown` is no, `yes or unknown` is yes).  A
 * rule that comes out unknown is not satisfied, and `why` says what was missing.
 *
 * Whoever runs rules another way (the population on bitmaps, a stream of
 * readings) walks the tree in rule/node.h. */
#ifndef RULE_RULE_H
#define RULE_RULE_H
#include "base/arena.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/str.h"

enum {
    RULE_PARAMS_MAX = 8, /* of one function */
    RULE_ARGS_MAX = 16,  /* of one call */
    RULE_SCALE_MAX = 9,  /* decimals of a number */
};

/* Types.  One bit each, so that a parameter (`takes`) or a caller (`expected`)
 * can accept several: RULE_DATE | RULE_TIME.  A set's type has RULE_SET added:
 * RULE_TEXT | RULE_SET; where several are accepted that means one or a set. */
enum rule_type {
    RULE_TRUTH = 1 << 0,    /* yes, no                                    条件 */
    RULE_NUMBER = 1 << 1,   /* exact decimal; 10% is 0.1                  数   */
    RULE_MONEY = 1 << 2,    /* number of fen                              金额 */
    RULE_LENGTH = 1 << 3,   /* number of metres                           长度 */
    RULE_TEXT = 1 << 4,     /*                                            文字 */
    RULE_DATE = 1 << 5,     /*                                            日期 */
    RULE_TIME = 1 << 6,     /*                                            时刻 */
    RULE_DURATION = 1 << 7, /*                                            时长 */
    RULE_PLACE = 1 << 8,    /*                                            位置 */
    RULE_AREA = 1 << 9,     /* compared by level: below counts as `in`    辖区 */
    RULE_PERSON = 1 << 10,  /*                                            人   */
    RULE_TARGET = 1 << 11,  /* who gets a thing: duty("网格员") in `to:`  承办 */
    RULE_EFFECT = 1 << 12,  /* what is done: tell(reporter) in `do:`      动作 */
    RULE_EVENT = 1 << 13,   /* what happens at times: a reading           事件 */
    RULE_RULE = 1 << 14,    /* parameters only: a rule run on sub-records 规则 */
    RULE_SET = 1 << 15,
    RULE_ANY = RULE_RULE - 1 + RULE_SET, /* any of these, or a set of any */
};

struct rule; /* node.h */
struct rule_env;
struct rule_record;
struct rule_run; /* one evaluation under way */

/* ------------------------------------------------------------ values */

struct rule_number {
    int64_t digits; /* the number times 10^scale */
    int     scale;  /* 0 … RULE_SCALE_MAX */
};

enum rule_unit { RULE_MS, RULE_WORKING_MS, RULE_WORKING_DAYS, RULE_MONTHS };

struct rule_span { /* a duration; of different units: not comparable, unknown */
    int64_t        n;
    enum rule_unit unit;
};

struct rule_place { /* of a place or an area; either part may be missing */
    bool       located;
    double     lat, lng; /* WGS-84 degrees, when located */
    struct str area;     /* code: 42, 4206, 420602, 420602001, … */
};

struct rule_value {
    unsigned type; /* one of enum rule_type, perhaps with RULE_SET; 0: argument not given */
    bool     known;
    union {
        bool               truth;
        struct rule_number number; /* also money (fen) and length (m) */
        struct str         text;
        int64_t            days; /* date: days since 1970-01-01, civil, Beijing */
        int64_t            ms;   /* time: UTC */
        struct rule_span   span;
        struct rule_place  place; /* also an area */
        int64_t            id;    /* person */
        const void        *of;    /* target, effect, event: whatever the caller made */
        const struct rule *rule;  /* for a RULE_RULE parameter */
        struct {
            const struct rule_value *items;
            size_t                   n;
        } set;
    };
    struct str note; /* known: where from ("户籍库，2026-03-01"), may be absent;
                        unknown: what is missing ("出生日期"), absent: the name itself */
};

struct rule_value rule_unknown(unsigned type, struct str missing);
struct rule_value rule_truth_value(bool truth);
struct rule_value rule_int(int64_t n);
struct rule_value rule_decimal(int64_t digits, int scale);
struct rule_value rule_money(int64_t fen);
struct rule_value rule_metres(int64_t m);
struct rule_value rule_text(struct str text); /* absent: unknown; so with the next four */
struct rule_value rule_area(struct str code);
struct rule_value rule_date(int64_t days);
struct rule_value rule_time(int64_t ms);   /* 0: unknown */
struct rule_value rule_person(int64_t id); /* 0: unknown */
struct rule_value rule_at(double lat, double lng, struct str area);
struct rule_value rule_span_value(int64_t n, enum rule_unit unit);
struct rule_value rule_opaque(unsigned type, const void *of);
struct rule_value rule_set(unsigned type, const struct rule_value *items, size_t n);

int64_t rule_today(int64_t now_ms);            /* days since 1970, Beijing */
int64_t rule_years(int64_t birth, int64_t on); /* full years between two dates, in days */
MUST_USE bool rule_read_date(struct str text, int64_t *days); /* "2026-11-22" */

/* ------------------------------------------------------- environment */

struct rule_name;
/* Gives the value of a name, of the very type that its row says; *value comes in
 * as unknown of it. */
typedef void rule_fetch(const struct rule_record *record, const struct rule_name *name,
                        struct rule_value *value);

struct rule_choice {     /* one of a closed list of texts */
    struct str word, zh; /* zh may be absent; both are accepted, `word` is compared */
};

struct rule_name {
    struct str name; /* "age", "resolve.on_time" */
    struct str zh;   /* twin, as many parts: "年龄", "办结.按时"; may be absent */
    unsigned   type;
    struct str doc;                    /* one Chinese sentence */
    int        slot;                   /* the caller's own number */
    const struct rule_choice *choices; /* texts: a literal beside it must be one of them */
    size_t                    nchoices;
    const void               *of;    /* the caller's own, e.g. the scene's field */
    rule_fetch               *fetch; /* NULL: the record's own */
};

struct rule_param {
    struct str name, zh;
    unsigned   takes; /* types or'ed; RULE_RULE stands alone */
    bool       optional;
    bool       many;  /* the last one: takes all further arguments */
    struct str names; /* its text names a "tag", "duty", "area" …:
                         see rule_mentions() */
    const struct rule_choice *choices;
    size_t                    nchoices;
    const struct rule_env    *env; /* RULE_RULE: of the sub-record; NULL: the same */
};

struct rule_function {
    struct str               name, zh;
    unsigned                 gives; /* one type */
    const struct rule_param *params;
    size_t                   nparams;
    struct str               doc;
    bool takes_unknown; /* otherwise an unknown argument makes it unknown */
    /* args: nargs values, by parameter order; a `many` parameter's follow one
     * another at the end; type 0 where an optional one was left out.
     * *result comes in as unknown of the right type. */
    void (*run)(struct rule_run *run, const struct rule_record *record,
                const struct rule_function *function, const struct rule_value *args,
                size_t nargs, struct rule_value *result);
    int                       slot;
    const struct rule_choice *choices; /* of the text that it gives */
    size_t                    nchoices;
    const void               *of;
};

struct rule_table {
    struct str                  title; /* heading in the docs: "通用" */
    const struct rule_name     *names;
    size_t                      nnames;
    const struct rule_function *functions;
    size_t                      nfunctions;
};

struct rule_env {
    const struct rule_table *const *tables; /* the first that has a word wins */
    size_t                          n;
    bool lasting; /* `for`, `within` and `no … for` mean something */
};

/* today, now; known, has, days_since, distance, level, area, matches: needs
 * nothing of the record but now_ms.  Stands in every environment. */
extern const struct rule_table rule_common;
/* age 年龄, birth 出生日期, area 辖区, home 住址 of a person, with these slots. */
extern const struct rule_table rule_person_table;
enum {
    RULE_PERSON_AGE,
    RULE_PERSON_BIRTH,
    RULE_PERSON_AREA,
    RULE_PERSON_HOME,
    RULE_PERSON_SLOTS
};

/* May this text stand as a name (a field's title as its Chinese twin)?  Letters
 * of any script, digits, "_"; no keyword, no unit. */
bool rule_is_word(struct str text);
/* What the text was most likely meant to be, among all words that the
 * environment knows, both twins for a sentence: "heart（心率）"; absent when
 * nothing is near. */
struct str rule_nearest(struct arena *arena, const struct rule_env *env, struct str text);
/* The same among a caller's own words. */
struct str rule_nearest_of(struct str text, const struct str *words, size_t n);

/* ----------------------------------------------------------- parsing */

struct rule_source {
    struct str text;
    struct str where;        /* for problems: "cases/problem/moves/reopen/when" */
    int64_t    line, column; /* of the text's first character, in its file; 0: 1 */
};

/* The rule, or NULL with the problems told (at least one).  `expected` is one
 * or several types.  All of env must outlive the rule.  The arena keeps the
 * rule; a few kilobytes. */
MUST_USE const struct rule *rule_parse(struct arena *arena, const struct rule_env *env,
                                       struct rule_source source, unsigned expected,
                                       struct problems *problems);

unsigned   rule_type(const struct rule *rule);
struct str rule_source_text(const struct rule *rule);

enum rule_words { RULE_EN, RULE_ZH };
/* Canonical text; parses to the same rule. */
struct str rule_print(struct arena *arena, const struct rule *rule, enum rule_words words);
struct str rule_type_word(unsigned type); /* "数", "文字", "一组文字" */

/* What a rule names, for checks that it exists (P6), that its author may use it,
 * and that it is not removed under it. */
struct rule_mention {
    const struct rule_name     *name; /* one of these three */
    const struct rule_function *function;
    struct str                  text; /* of a parameter with .names, or an area's code */
    struct str                  kind; /* with text: the parameter's .names, or "area" */
    int64_t                     line, column;
};
const struct rule_mention *rule_mentions(struct arena *arena, const struct rule *rule,
                                         size_t *n);

/* ----------------------------------------------------------- running */

enum rule_truth { RULE_NO, RULE_YES, RULE_UNKNOWN };

/* `test for 5 min`, `test within 10 min`, `no name for 6 h`. */
enum rule_over_kind { RULE_OVER_FOR, RULE_OVER_WITHIN, RULE_OVER_NO };
struct rule_over {
    enum rule_over_kind     kind;
    size_t                  index; /* 0, 1, … within the rule: to keep a state for each */
    struct rule_span        span;
    const struct rule      *test; /* FOR, WITHIN; NULL when it is a bare event */
    const struct rule_name *name; /* NO, or the bare event */
};
size_t rule_overs(const struct rule *rule); /* how many it has */

struct rule_record {
    rule_fetch *fetch; /* NULL: nothing is known */
    /* What lasted; only where env.lasting; NULL: unknown.  now = what the inner
     * test says of this record at this moment. */
    enum rule_truth (*over)(const struct rule_record *record, const struct rule_over *over,
                            enum rule_truth now);
    const void   *of;    /* the caller's record */
    struct arena *arena; /* for callbacks that build values; may be NULL */
    int64_t       now_ms;
};

/* Why a rule was not satisfied: the clause that decided. */
struct rule_why {
    int64_t    line, column;
    struct str missing; /* when unknown: what */
    bool       stopped; /* the step bound was reached; counts as unknown */
};

enum rule_truth rule_test(const struct rule *rule, const struct rule_record *record,
                          struct rule_why *why /* may be NULL */);
/* Any type; .known is false when it could not be told. */
struct rule_value rule_value(const struct rule *rule, const struct rule_record *record,
                             struct rule_why *why /* may be NULL */);
/* Constants (a duration, a number, a text without names): no record needed. */
MUST_USE bool rule_constant(const struct rule *rule, struct rule_value *value);

/* Within a function's run: a RULE_RULE argument on a sub-record, counted to the
 * same bound. */
enum rule_truth rule_run(struct rule_run *run, const struct rule *rule,
                         const struct rule_record *sub);

/* ------------------------------------------------------- explanation */

struct rule_clause {
    enum rule_truth truth;
    int64_t         line, column;
    struct str      rule;    /* the clause in Chinese words: 年龄 >= 80 */
    struct str      name;    /* the datum: "年龄"; absent when there is none */
    struct str      value;   /* as Chinese text: "83"; absent when unknown */
    struct str      from;    /* where it comes from, when the record said so */
    struct str      missing; /* when unknown */
    struct str      says;    /* a whole sentence */
};
/* One clause per test, in the order written.  NULL when the budget is gone. */
const struct rule_clause *rule_explain(struct arena *arena, const struct rule *rule,
                                       const struct rule_record *record, size_t *n);
/* A value as people read it: "83", "12.50 元", "3 个工作日", "2026 年 11 月 22 日". */
struct str rule_value_zh(struct arena *arena, const struct rule_value *value);

/* The words of the language and of an environment as Markdown, from the tables
 * that the parser reads: docs/rules.md, `linli scene words`, help pages. */
struct str rule_words(struct arena *arena, const struct rule_env *env);

#endif
