/* Ctrl-C and a polite kill while something long runs: it stops at the next good place
 * and clears away what is half done. */
#ifndef APP_KEEP_STOP_H
#define APP_KEEP_STOP_H
#include <stdbool.h>

void stop_watch(void); /* from here on */
bool stop_asked(void);

#endif
