#include "base/problem.h"

void problems_init(struct problems *problems, struct arena *arena)
{
    *problems = (struct problems){ .arena = arena };
}

static PRINTF(5, 0) void add(struct problems *problems, struct str where, int64_t line,
                             int64_t column, const char *format, va_list args)
{
    if (++problems->n > PROBLEMS_MAX)
        return;
    struct problem *problem = arena_new(problems->arena, struct problem);
    if (!problem)
        return;
    problem->where = str_copy(problems->arena, where);
    problem->says = str_vfmt(problems->arena, format, args);
    problem->line = line;
    problem->column = column;
    if (problems->last)
        problems->last->next = problem;
    else
        problems->first = problem;
    problems->last = problem;
}

void problem_add(struct problems *problems, struct str where, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, where, 0, 0, format, args);
    va_end(args);
}

void problem_at(struct problems *problems, struct str where, int64_t line, int64_t column,
                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, where, line, column, format, args);
    va_end(args);
}
