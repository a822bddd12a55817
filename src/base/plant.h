/* Holes, so that tools/attack can show that what it lets loose on the server finds them:
 * a scanner that finds nothing proves nothing until it has found something.  They exist
 * only in a build of their own (meson -Dplant=true), which no release type allows, which
 * nothing installs, and whose program runs only with LINLI_PLANT set to the one hole that
 * is wanted.  Everywhere else plant_is() is false before the compiler is done. */
#ifndef BASE_PLANT_H
#define BASE_PLANT_H
#include <stdbool.h>

enum plant {
    PLANT_NONE,
    PLANT_SQL,      /* an argument becomes part of a statement */
    PLANT_XSS,      /* and of a page */
    PLANT_OVERFLOW, /* and is copied by the length that it tells itself */
    PLANT_IDOR,     /* anybody's thing for whoever knows its number */
    PLANT_SLOW,     /* no deadlines */
    PLANT_BARE,     /* no security headers */
    PLANT_LOCKOUT,  /* passwords may be guessed for ever */
};

#ifdef LINLI_PLANTED
bool plant_is(enum plant hole);
/* Reads LINLI_PLANT; false: it is not set, and the program must not run. */
bool plant_start(void);
#else
#define plant_is(hole) ((void)(hole), false)
#define plant_start()  true
#endif

#endif
