/* Any text as a story: read to the end, every mistake told in a place of it. */
#include <stdlib.h>

#include "app/story/parse.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena    arena;
    struct problems problems;
    struct story    story;

    arena_init(&arena, 16 << 20);
    problems_init(&problems, &arena);
    struct str text = str_slice((const char *)data, n);
    enum rc    rc = story_parse(&arena, STR("x"), text, &story, &problems);
    if ((rc == RC_OK) != (problems.n == 0))
        abort();
    for (const struct problem *p = problems.first; p; p = p->next)
        if (!str_utf8(p->says) || str_empty(p->says) || p->line < 0 || p->column < 0)
            abort();
    arena_free(&arena);
    return 0;
}
