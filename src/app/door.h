/* Who stands at the door: a cookie, a bearer key or the local socket made an actor;
 * and what the live stream may tell whom. */
#ifndef APP_DOOR_H
#define APP_DOOR_H
#include "http/server.h"

struct http_door door_of(struct gate *gate);
struct live_door door_live(void);

#endif
