/* What somebody sees of a delicate value.  Each field has a grade (field.h); an
 * actor sees up to some grade in clear, and what is above it masked in the way
 * of its kind: enough to recognise what one knows already, too little to learn it.
 *
 *     陈秀英 → 陈**    13797555520 → 137****5520    42060219…123X → 420***********123X
 *
 * Masks are put on by the server, never by a client. */
#ifndef GUARD_MASK_H
#define GUARD_MASK_H
#include "base/field.h"

enum mask {
    MASK_WHOLE, /* nothing of it: *** */
    MASK_NAME,  /* the first character */
    MASK_PHONE, /* the first three and the last four; of short ones less */
    MASK_ID,    /* the first three and the last four */
};

/* The value itself when its grade is at most what may be seen; the masked one
 * otherwise.  Absent stays absent. */
struct str mask(struct arena *arena, enum mask how, enum grade grade, enum grade seen,
                struct str value);

struct str mask_name(struct arena *arena, struct str name);
struct str mask_phone(struct arena *arena, struct str phone);
struct str mask_id(struct arena *arena, struct str id_number);

#endif
