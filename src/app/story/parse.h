/* Stories 故事: what is done with a scene and what must come of it, one sentence a
 * line, in words that a community's staff write themselves (docs/stories.md has
 * the language).  Parsing knows no scene and asks no server: the names of people,
 * moves, fields and states are looked up when the story runs.  Every mistake is
 * told with line and column.  The parsed story borrows from its text. */
#ifndef APP_STORY_PARSE_H
#define APP_STORY_PARSE_H
#include "base/problem.h"
#include "base/rc.h"

enum {
    STORY_BYTES_MAX = 256 << 10,
    STORY_STEPS_MAX = 500,
    STORY_PAIRS_MAX = 32,
    STORY_TOGETHER_MAX = 4,
};

/* What is written as 中文, another 中文 (may be empty), or English. */
struct story_spelling {
    struct str zh, also, en;
};
/* Names of a table are asked for as they were written, or in English. */
#define STORY_SPELLING(zh, also, en)                                                       \
    {                                                                                      \
        STR_INIT(zh), STR_INIT(also), STR_INIT(en)                                         \
    }
bool story_spelt(const struct story_spelling *spelling, struct str word);

struct story_pair { /* 类别=井盖缺失 */
    struct str name, value;
};

/* What stories are about. */
enum story_thing {
    THING_NONE,
#define STORY_THING(name, zh, also, en, path) THING_##name,
#include "app/story/words.def"
    THINGS
};

/* Somebody does something: makes a thing (reports a case, sends a notice, books an
 * appointment), or does something to one. */
struct story_act {
    struct str       who;
    enum story_thing makes;
    struct str what;  /* made: the case kind (absent: the only one), the window; the move */
    struct str about; /* the thing's label or noun, absent: the case at hand */
    struct str target; /* whom it is given to */
    struct str label;  /* what the new thing will be called */
    struct story_pair pairs[STORY_PAIRS_MAX];
    size_t            npairs;
};

enum story_verb {
    STEP_PERSON,   /* who is; value: words about them */
    STEP_TIME,     /* at moment */
    STEP_PASS,     /* for_ms */
    STEP_DO,       /* acts, all at once */
    STEP_REFUSED,  /* acts[0] is refused, because */
    STEP_MAY,      /* who is offered the move acts[0].what */
    STEP_FACT,     /* fact compared with value */
    STEP_FLAG,     /* flag */
    STEP_SEEN,     /* who may open the case; `not` */
    STEP_LISTED,   /* it stands in who's list; `not` */
    STEP_MESSAGE,  /* who was told value; `not` */
    STEP_ONE_DONE, /* of the acts before */
    STEP_TOLD_WHO,
};

enum story_day { DAY_TODAY, DAY_TOMORROW, DAY_WORKDAY, DAY_MONDAY, DAY_DATE };
struct story_moment {
    enum story_day day;
    int64_t        year; /* DAY_DATE */
    int            month, mday;
    int            minute; /* of the day */
};

struct story_step {
    int64_t         line;
    struct str      text; /* the line as it was written */
    enum story_verb verb;
    bool not ;
    struct str          who;   /* absent: whoever reported the case */
    struct str          about; /* the thing's label or noun, absent: the case at hand */
    struct str          fact, value;
    bool                whole; /* fact is the value, not only has it */
    size_t              flag;  /* row of STORY_FLAG */
    struct story_act   *acts;
    size_t              nacts;
    int64_t             code; /* 0: any refusal */
    struct str          because;
    int64_t             for_ms;
    struct story_moment moment;
};

struct story {
    struct str         file, title, scene;
    struct story_step *steps;
    size_t             n;
};

/* RC_INVALID with every mistake told; where: the file. */
MUST_USE enum rc story_parse(struct arena *arena, struct str file, struct str text,
                             struct story *story, struct problems *problems);
/* 明天 9:00, 9:00 (today); false when it is none. */
MUST_USE bool story_moment_read(struct arena *arena, struct str text,
                                struct story_moment *moment);

#endif
