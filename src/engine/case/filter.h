/* Which cases: the one way to say so.  Lists, searching, personal views and whatever is
 * done to many cases at once take a filter, and all of them mean the same by it.  Where to
 * look first is the question's business (an index of lists, of words, of places: lists.h,
 * search.h); a filter says of each row that is found whether it is meant. */
#ifndef ENGINE_CASE_FILTER_H
#define ENGINE_CASE_FILTER_H
#include "engine/case/case.h"
#include "gate/view.h"

enum { FILTER_METRES_MAX = 1000, FILTER_DAYS_MAX = 3650 };

struct case_filter {
    struct str
        view; /* inbox (or absent): of an area; tasks: in my hands; mine: I reported */
    struct str area;   /* absent: the widest of mine */
    struct str bucket; /* waiting, handling, late, answered, ended */
    struct str category, scene, kind, state, channel;
    bool       urgent, supervised;
    int64_t    since, until; /* reported then */
    int64_t    days;         /* … or in the last so many; 0: whenever */
    double     lat, lng;     /* both 0: anywhere; else not further than … */
    int64_t    metres;       /* … 0: FILTER_METRES_MAX */
    struct str words;        /* all of them, or a number; see search.h */
};

/* In tables of arguments whose struct begins with a filter.  Words and places are said
 * apart: no URL shows them. */
// clang-format off
#define FILTER_FIELDS                                                                       \
    FIELD(struct case_filter, area, .max = 15, .title = STR_INIT("辖区")),                  \
    FIELD(struct case_filter, bucket, .max = 10, .title = STR_INIT("状态"),                 \
          .note = STR_INIT("waiting、handling、late、answered、ended")),                    \
    FIELD(struct case_filter, category, .max = 60, .title = STR_INIT("类别")),              \
    FIELD(struct case_filter, scene, .max = 60, .title = STR_INIT("场景")),                 \
    FIELD(struct case_filter, kind, .max = 60, .title = STR_INIT("哪类办件")),              \
    FIELD(struct case_filter, state, .max = 60, .title = STR_INIT("环节状态")),             \
    FIELD(struct case_filter, channel, .max = 20, .title = STR_INIT("渠道")),               \
    FIELD(struct case_filter, urgent, .title = STR_INIT("只要紧急的")),                     \
    FIELD(struct case_filter, supervised, .title = STR_INIT("只要督办的")),                 \
    FIELD_TIME(struct case_filter, since, .title = STR_INIT("从什么时候报的起")),           \
    FIELD_TIME(struct case_filter, until, .title = STR_INIT("到什么时候报的为止")),         \
    FIELD(struct case_filter, days, .min = 0, .max = FILTER_DAYS_MAX,                       \
          .title = STR_INIT("最近几天报的"))
#define FILTER_VIEW                                                                         \
    FIELD(struct case_filter, view, .max = 10, .title = STR_INIT("看哪些"),                 \
          .note = STR_INIT("mine 我报的，inbox 辖区的，tasks 我手上的"))
#define FILTER_FOUND                                                                        \
    FIELD(struct case_filter, words, .max = 60, .title = STR_INIT("找什么"),                \
          .note = STR_INIT("几个词、办件号或办件号的前几位；都有的才算")),                  \
    FIELD(struct case_filter, lat, .grade = GRADE_SENSITIVE, .title = STR_INIT("纬度")),    \
    FIELD(struct case_filter, lng, .grade = GRADE_SENSITIVE, .title = STR_INIT("经度")),    \
    FIELD(struct case_filter, metres, .min = 0, .max = FILTER_METRES_MAX,                   \
          .title = STR_INIT("离那里几米以内"))
// clang-format on
enum { FILTER_NFIELDS = 17 };
extern const struct field filter_fields[FILTER_NFIELDS]; /* all of them */

enum filter_view { VIEW_INBOX, VIEW_TASKS, VIEW_MINE };
/* RC_INVALID, told; *view then says where to look. */
MUST_USE enum rc filter_check(struct op *op, const struct case_filter *filter,
                              enum filter_view *view);
/* The area of an inbox, absent in the filter or not, with op->county set to its county.
 * RC_DENIED outside the reader's areas, RC_INVALID above a county. */
MUST_USE enum rc filter_area(struct op *op, const struct case_filter *filter,
                             struct str *area);
/* Is the row meant?  Words and what the question itself looked for (view, area) are not
 * asked again. */
bool filter_takes(const struct op *op, const struct case_filter *filter,
                  const struct case_row *row);
/* Does the point lie in it? */
bool filter_is_near(const struct case_filter *filter, const struct case_row *row);

/* Where rows come from, in an order of its own.  A page reads on until it is full, and at
 * most so many rows: what is left is the next page's, also of a page with nothing on it. */
struct found {
    struct list      rows;    /* struct case_row, behind the mark that was given */
    struct page_mark reached; /* nothing up to here is left out */
    bool             over;    /* there are no more */
};
struct source {
    enum rc (*more)(struct op *op, struct source *source, struct page_mark after,
                    size_t most, struct found *found);
    struct page_mark (*mark)(const struct case_row *row);
    /* Beside the filter; NULL: all. */
    enum rc (*takes)(struct op *op, struct source *source, const struct case_row *row,
                     bool *taken);
    void *beside; /* what `takes` needs to know, where that is not the source's own */
};
enum { FILTER_LOOKED_AT = 400 }; /* rows, at most, for one page */
/* `cursor` absent: from the first; *next absent: it was the last. */
MUST_USE enum rc filter_page(struct op *op, const struct case_filter *filter,
                             struct source *source, struct str cursor, size_t limit,
                             struct list *rows, struct str *next);

#endif
