/* The statements of what the audit administrator looks for.  Inside registry/ only. */
#ifndef REGISTRY_AUDIT_STORE_H
#define REGISTRY_AUDIT_STORE_H
#include "base/field.h"
#include "base/op.h"

struct audit_row {
    int64_t    county;
    struct str kind;
    int64_t    account, at_ms, seq;
};
/* From since_ms on, before a line; newest first. */
struct audit_range {
    struct str kind;
    int64_t    account, since_ms, before_ms, before_seq;
};
MUST_USE enum rc audit_insert(struct op *op, const struct audit_row *row);
MUST_USE enum rc audit_select(struct op *op, const struct audit_range *range, size_t most,
                              struct list *rows);

#endif
