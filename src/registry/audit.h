/* What the audit administrator reads of the journal: acts, for app's tables. */
#ifndef REGISTRY_AUDIT_H
#define REGISTRY_AUDIT_H
#include "gate/act.h"

extern const struct act audit_acts[];

#endif
