/* Whom a journal line tells, and in which words.  Whatever an act has to say to people
 * stands in the payload of its line as "tell", a list of these; engine/notify makes an
 * inbox row of each, http/ wakes their live streams. */
#ifndef GATE_TELLING_H
#define GATE_TELLING_H
#include "base/field.h"

struct telling {
    int64_t    account;
    struct str title, says;
    bool       apart; /* does not lead to the line's subject */
};
enum { TELLING_NFIELDS = 4 };
extern const struct field telling_fields[TELLING_NFIELDS];
/* In a record that has a `struct list tell` of them. */
#define FIELD_TELL(record)                                                                 \
    FIELD_LIST(record, tell, struct telling, telling_fields, OPTIONAL)

#endif
