#include "base/op.h"

void op_init(struct op *op, struct arena *arena, int64_t now_ms)
{
    *op = (struct op){ .arena = arena, .now_ms = now_ms };
    problems_init(&op->problems, arena);
}

int64_t op_new_id(struct op *op)
{
    assert(op->ids);
    return id_next(op->ids, op->now_ms);
}

enum rc(fail)(struct op *op, enum rc rc, const char *where, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str says = str_vfmt(op->arena, format, args);
    va_end(args);
    problem_add(&op->problems, str_of(where), "%.*s", STR_ARG(says));
    return rc;
}
