/* XML of an answer: its JSON written once more, element by element, so that both say the
 * same.  A member is an element of its name, null an empty one, an element of a list has
 * the list's name in the singular.  UTF-8 with its declaration; what XML 1.0 cannot hold
 * is left out. */
#ifndef HTTP_OPEN311_XML_H
#define HTTP_OPEN311_XML_H
#include "base/arena.h"
#include "base/str.h"

/* `json` is checked; the root's name, and that of each element when it is a list.  Absent
 * when the arena's budget is gone. */
struct str xml_of(struct arena *arena, struct str json, struct str root, struct str item);

#endif
