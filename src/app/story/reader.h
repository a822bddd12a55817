/* The inside of story_parse.c: a sentence of a story read word by word.  Blanks
 * are passed over everywhere; full-width marks and ASCII ones are the same.  The
 * first mistake of a sentence is told where the reading stands. */
#ifndef APP_STORY_READER_H
#define APP_STORY_READER_H
#include "app/story/parse.h"

enum story_word {
#define STORY_WORD(name, zh, also, en) STORY_##name,
#include "app/story/words.def"
    STORY_WORDS
};

enum mark { MARK_SEPARATOR, MARK_COLON, MARK_EQUALS, MARK_DASH };

struct reader {
    struct arena    *arena;
    struct problems *problems;
    struct story    *story;
    struct str       whole, rest;
    int64_t          line;
    bool             bad; /* told already */
};

void reader_wrong(struct reader *r, const char *says);
bool reader_end(struct reader *r);
bool reader_at(struct reader *r, enum mark mark);
bool reader_mark(struct reader *r, enum mark mark); /* takes it */
bool reader_take(struct reader *r, enum story_word word);
/* `loose`: Chinese may go on without a blank (是滨湖社区的居民, 3小时). */
bool reader_spelling(struct reader *r, const struct story_spelling *word, bool loose);
bool reader_digits(struct reader *r, int64_t *number);
/* The words that may follow what an act is done with: ，因为 ，记作 ；同时 */
bool reader_tail_word(struct reader *r);

/* One word, or anything between quotes; `what` is said when nothing is there. */
struct str reader_name(struct reader *r, const char *what);
struct str reader_phrase(struct reader *r); /* up to a colon or separator */
struct str reader_value(struct reader *r);  /* up to the next pair or tail word */
struct str reader_rest(struct reader *r);

#endif
