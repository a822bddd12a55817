/* Any text as a story: read to the end, every mistake told in a place of it. */
#include "app/story/parse.h"
#include "base/arena.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena    arena;
    struct problems problems;
    struct story    story;

    arena_init(&arena, 16 << 20);
    problems_init(&problems, &arena);
    struct str text = str_slice((const char *)data, n);
    enum rc    rc = story_parse(&arena, STR("x"), text, &story, &problems);
    demand((rc == RC_OK) == (problems.n == 0));
    demand_told(&problems);
    arena_free(&arena);
    return 0;
}
