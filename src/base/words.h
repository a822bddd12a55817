/* Words of a text, for finding texts by words.  Chinese is written without blanks, and
 * where a word ends depends on what stands around it (上海|路灯, 上海路|灯), so a text is
 * kept by two ways of cutting it: every two characters that stand side by side (井盖 is
 * found in 老旧井盖坏了), and whatever ICU cuts off as a word by itself where it is one
 * character or in letters and digits.  A question is cut by ICU into the words that
 * whoever asks had in mind; of a longer word every pair must be there.
 *
 * Before that all is made alike: full width and half width, large and small letters
 * (Unicode's NFKC case folding).  Characters that say nothing by themselves (的, 了) are
 * no words.  Any thread may ask. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H
#include "base/arena.h"
#include "base/field.h"
#include "base/rc.h"

enum { WORD_BYTES_MAX = 60 }; /* of one; what is longer is cut there */

/* As it is compared: of one width and in small letters; absent without memory. */
struct str words_folded(struct arena *arena, struct str text);
/* All words by which the text is found, none twice, in their order, at most `most`; struct
 * str.  RC_TOO_LARGE without memory, RC_INTERNAL without ICU's tables. */
MUST_USE enum rc words_kept(struct arena *arena, struct str text, size_t most,
                            struct list *words);
/* Those that must all be kept of a text for it to answer the question; none when the
 * question says nothing. */
MUST_USE enum rc words_asked(struct arena *arena, struct str question, size_t most,
                             struct list *words);

#endif
