/* Organisations 单位: departments, property companies, utilities, residents'
 * committees.  What one is there for is a duty in an area (公用事业 in 襄城区); its
 * people hold duties for it (account.h). */
#ifndef REGISTRY_ORG_H
#define REGISTRY_ORG_H
#include "base/field.h"
#include "base/op.h"

struct org {
    int64_t    id;
    struct str name, kind, area;
    int64_t    version;
};

struct org_new {
    struct str  name, kind, area;
    struct list duties; /* struct org_duty */
};
struct org_duty {
    struct str duty, area; /* area absent: the organisation's own */
};

MUST_USE enum rc org_make(struct op *op, const struct org_new *made, int64_t *id);
MUST_USE enum rc org_find(struct op *op, int64_t id, struct org *org);
/* By area code and below, newest last. */
MUST_USE enum rc org_list(struct op *op, struct str area, int64_t after, size_t most,
                          struct list *orgs);
/* RC_REFUSED, told, while somebody holds a duty for it.  It stays named where it was. */
MUST_USE enum rc org_end(struct op *op, int64_t id);
/* The organisation with that duty in the area or, failing that, nearest above. */
MUST_USE enum rc org_with_duty(struct op *op, struct str duty, struct str area,
                               struct org *org);
/* All with some duty in the area or above it: for dispatching by hand. */
MUST_USE enum rc org_serving(struct op *op, struct str area, size_t most,
                             struct list *orgs);

extern const struct field org_fields[];
extern const size_t       org_nfields;

#endif
