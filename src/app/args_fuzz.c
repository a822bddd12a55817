/* What anybody can send to any act: the first byte picks the act, the first line is the
 * query, the rest is the body.  It is read into the act's struct or refused with a
 * sentence; texts that were taken are valid, within their length, and hide nothing. */
#include "app/tables.h"
#include "base/plain.h"
#include "gate/gate.h"
#include "http/uri.h"
#include "fuzz.h"

static void check_text(const struct field *field, struct str text)
{
    demand(str_utf8(text) && (!field->max || str_chars(text) <= (size_t)field->max));
    while (text.len)
        demand(plain_point(str_utf8_next(&text)));
}

static void check_taken(const struct asking *asking)
{
    const struct act *act = asking->act;

    for (size_t i = 0; i < act->nargs; i++) {
        const struct field *field = &act->args[i];
        const char         *at = (const char *)asking->args + field->offset;
        if (field->kind == KIND_TEXT)
            check_text(field, *(const struct str *)(const void *)at);
        if (field->kind == KIND_LIST && field->max)
            demand(((const struct list *)(const void *)at)->n <= (size_t)field->max);
    }
}

static void read_args(struct arena *arena, const struct act *act, struct str query,
                      struct str body)
{
    struct asking   asking = { .arena = arena, .act = act };
    struct problems problems;
    struct target  *target = arena_new(arena, struct target);

    problems_init(&problems, arena);
    struct str raw = str_fmt(arena, "/x?%.*s", STR_ARG(query));
    if (!target || !raw.at || target_parse(arena, raw, target, &problems) != RC_OK)
        return;
    enum rc rc = gate_read_args(&asking, target->query, target->nquery, body);
    demand(rc == RC_OK || rc == RC_TOO_LARGE || asking.problems.n > 0);
    demand_told(&asking.problems);
    if (rc == RC_OK)
        check_taken(&asking);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    static bool  registered;
    struct arena arena;

    if (!registered)
        tables_acts(true);
    registered = true;
    if (n < 2)
        return 0;
    struct str_cut cut = str_cut(str_slice((const char *)data + 1, n - 1), '\n');
    arena_init(&arena, ARENA_REQUEST_BYTES);
    read_args(&arena, acts_at(data[0] % acts_count()), cut.head, cut.tail);
    arena_free(&arena);
    return 0;
}
