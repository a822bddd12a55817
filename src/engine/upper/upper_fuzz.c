/* Any header is a signature or none; what is read, written and read again is the same;
 * any body is a message or is refused with its mistakes told. */
#include "base/json.h"
#include "engine/upper/hear.h"
#include "guard/signature.h"
#include "fuzz.h"

static void header(struct arena *arena, struct str text)
{
    struct signature one, two;

    if (!signature_read(text, &one))
        return;
    struct str written = signature_write(arena, &one);
    assert(!written.at || signature_read(written, &two));
    assert(!written.at || str_eq(one.mac, two.mac));
}

static void body(struct arena *arena, struct str text)
{
    struct problems  problems;
    struct hear_args args = { 0 };

    problems_init(&problems, arena);
    enum rc rc = json_read(arena, text, hear_fields, HEAR_NFIELDS, &args, &problems);
    assert(rc != RC_INVALID || problems.n > 0);
    assert(rc != RC_OK || (args.message.len > 0 && args.seq > 0));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena   arena;
    struct str_cut cut = str_cut(str_slice((const char *)data, n), '\n');

    arena_init(&arena, 1 << 20);
    header(&arena, cut.head);
    body(&arena, cut.tail);
    arena_free(&arena);
    return 0;
}
