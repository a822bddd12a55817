/* Handed to the platform above the county 报上级平台: the case is held by the platform's
 * account until that answers, gives it back, or somebody takes it back.  The clocks run
 * on, as the promise to the resident does; what runs out there stays there, is supervised,
 * and the platform is told (engine/upper/).  Inside engine/case only. */
#ifndef ENGINE_CASE_HAND_UP_H
#define ENGINE_CASE_HAND_UP_H
#include "engine/case/turn.h"

/* RC_REFUSED, told: no platform, or the case came from there. */
MUST_USE enum rc turn_hand_up(struct turn *turn);
/* Is it with the platform? */
MUST_USE enum rc turn_is_up(struct turn *turn, bool *up);

#endif
