/* The acts that tell a client where it is: GET /start, and the test clock. */
#ifndef APP_START_H
#define APP_START_H
#include "gate/act.h"

extern const struct act start_acts[];

/* Told once at the start. */
void start_tell(bool demo, struct str version);

#endif
