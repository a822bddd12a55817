/* Blanks in a text that somebody else wrote: "您的事 {办件号} 办好了". */
#ifndef BASE_BLANK_H
#define BASE_BLANK_H
#include "base/str.h"

/* The text up to the next {…}, the name in it, and what follows; no name at the end. */
struct blank {
    struct str before, name, rest;
};
struct blank blank_next(struct str text);

#endif
