/* Where a list goes on, as somebody may write it into the address of any list.  It is
 * refused with a sentence, or it is a place that we could have written, in the very words
 * in which we would have: no two texts are one place. */
#include "app/tables.h"
#include "gate/gate.h"
#include "gate/view.h"
#include "http/uri.h"
#include "fuzz.h"

static const struct field *cursor_of(const struct act *act)
{
    for (size_t i = 0; i < act->nargs; i++)
        if (str_eq(act->args[i].name, STR("cursor")))
            return &act->args[i];
    return NULL;
}

static void check_number(struct arena *arena, int64_t number, struct str cursor)
{
    demand(number > 0);
    demand(str_eq(str_fmt(arena, "%lld", (long long)number), cursor));
}

static void check_mark(struct arena *arena, struct str cursor)
{
    struct page_mark mark, again;

    if (!page_mark_read(cursor, &mark))
        return;
    struct str written = page_mark_write(arena, mark);
    demand(mark.id > 0 && str_eq(written, cursor));
    demand(page_mark_read(written, &again) && again.sort == mark.sort &&
           again.id == mark.id);
}

static void read_by(struct arena *arena, const struct act *act, const struct field *field,
                    const struct target *target)
{
    struct asking asking = { .arena = arena, .act = act };

    enum rc rc = gate_read_args(&asking, target->query, target->nquery, STR_NONE);
    demand(rc == RC_OK || rc == RC_TOO_LARGE || asking.problems.n > 0);
    demand_told(&asking.problems);
    if (rc != RC_OK)
        return;
    const void *at = (const char *)asking.args + field->offset;
    if (field->kind == KIND_ID)
        check_number(arena, *(const int64_t *)at, target->query[0].value);
    else
        check_mark(arena, *(const struct str *)at);
}

/* Each request has memory of its own. */
static void ask(const struct act *act, const struct field *field,
                const struct target *target)
{
    struct arena arena;

    arena_init(&arena, ARENA_REQUEST_BYTES);
    read_by(&arena, act, field, target);
    arena_free(&arena);
}

static void ask_all(struct arena *arena, struct str text)
{
    struct problems problems;
    struct target  *target = arena_new(arena, struct target);

    problems_init(&problems, arena);
    struct str raw = str_fmt(arena, "/x?cursor=%.*s", STR_ARG(text));
    if (!target || !raw.at || target_parse(arena, raw, target, &problems) != RC_OK ||
        target->nquery != 1)
        return;
    for (size_t i = 0; i < acts_count(); i++) {
        const struct act   *act = acts_at(i);
        const struct field *field = cursor_of(act);
        if (field)
            ask(act, field, target);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    static bool  registered;
    struct arena arena;

    if (!registered)
        tables_acts(true);
    registered = true;
    arena_init(&arena, ARENA_REQUEST_BYTES);
    ask_all(&arena, str_slice((const char *)data, n));
    check_mark(&arena, str_slice((const char *)data, n));
    arena_free(&arena);
    return 0;
}
