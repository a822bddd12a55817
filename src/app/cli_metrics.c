#include <stdio.h>

#include "app/ask.h"
#include "app/commands.h"
#include "base/metric.h"

enum { CLI_BYTES = 8 << 20 };

/* `linli metrics`: those of the running server; `--table`: what each of them means. */
int command_metrics(struct config *config, int argc, char **argv)
{
    struct arena arena;
    struct str   text = STR_NONE;
    enum rc      rc = RC_OK;

    arena_init(&arena, CLI_BYTES);
    if (option_has(argc, argv, "--table"))
        text = metric_table(&arena);
    else
        rc = caller_get(config, &arena, STR("/metrics"), &text);
    if (rc == RC_OK)
        printf("%.*s", STR_ARG(text));
    else
        fputs(config->chinese ? "没有在运行的服务器（或者它不答复）。\n"
                              : "no server is running here, or it does not answer\n",
              stderr);
    arena_free(&arena);
    return rc == RC_OK ? 0 : 1;
}
