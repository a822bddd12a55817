/* Whatever is sent as a form: what comes out is short, shown text. */
#include <assert.h>

#include "http/open311/form.h"
#include "fuzz.h"

static void holds(struct str text)
{
    assert(text.len && str_utf8(text) && str_eq(text, str_trim(text)));
    for (struct str rest = text; rest.len;) {
        uint32_t point = str_utf8_next(&rest);
        assert(point >= 0x20 || point == '\n' || point == '\t');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena    arena;
    struct problems problems;
    struct form    *form = calloc(1, sizeof *form);

    arena_init(&arena, 4 << 20);
    problems_init(&problems, &arena);
    enum rc rc = form_read(&arena, str_slice((const char *)data, size), form, &problems);
    assert(form->n <= OPEN311_FORM_MAX);
    assert(rc != RC_INVALID || problems.n);
    for (size_t i = 0; i < form->n; i++) {
        holds(form->at[i].name);
        holds(form->at[i].value);
    }
    arena_free(&arena);
    free(form);
    return 0;
}
