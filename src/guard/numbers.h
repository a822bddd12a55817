/* Numbers of people in what somebody wrote: telephones, ID numbers, bank cards, number
 * plates, also where they are hidden in full-width digits, Chinese ones (一三八…), letters
 * that look like digits, or with blanks and dashes between.  For whoever reviews a text
 * before it becomes public; what was blacked out (139××××5566) is no number any more.
 *
 * An ID number and a bank card are told by their check digit, a plate by its province. */
#ifndef GUARD_NUMBERS_H
#define GUARD_NUMBERS_H
#include "base/arena.h"
#include "base/field.h"
#include "base/rc.h"

enum number_kind {
    NUMBER_MOBILE,
    NUMBER_LANDLINE,
    NUMBER_ID,
    NUMBER_CARD,
    NUMBER_PLATE,
    NUMBER_KINDS
};

struct number_found {
    enum number_kind kind;
    int64_t          at, chars; /* in characters; the first is 1 */
    struct str       text;      /* as it was written; borrowed */
};

/* struct number_found, in order.  RC_NO_MEMORY.  `text` is valid UTF-8. */
MUST_USE enum rc numbers_find(struct arena *arena, struct str text, struct list *found);

struct str number_title(enum number_kind kind); /* 手机号码 */
/* Must it be blacked out?  A plate may be what the text is about. */
bool number_blocks(enum number_kind kind);

#endif
