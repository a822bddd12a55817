/* A new master key (guard/keys.h): the keys of persons are wrapped again under it, in
 * chunks, while the server works; then the old master's file may go. */
#ifndef REGISTRY_MASTER_H
#define REGISTRY_MASTER_H
#include "gate/act.h"

extern const struct act master_acts[];

#endif
