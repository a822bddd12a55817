/* Calendars from the command line, for init too.  Exit codes as caller_ask(). */
#ifndef APP_CLI_CALENDAR_H
#define APP_CLI_CALENDAR_H
#include "app/ask.h"

int calendar_load(struct caller *caller, struct str path, struct str area);
/* The one that this version comes with. */
int calendar_load_usual(struct caller *caller, const struct config *config,
                        struct str area);

#endif
