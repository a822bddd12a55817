/* The workers of a house, for photos and for exports: each with a connection of its
 * own, acting as the clock. */
#ifndef APP_DECODING_H
#define APP_DECODING_H
#include "app/house.h"

struct decoding;

MUST_USE enum rc decoding_start(struct house *house, struct decoding **decoding);
void             decoding_landed(struct decoding *decoding, const struct line *line);
void             decoding_stop(struct decoding **decoding);

#endif
