/* A person as staff see them: masked, or in clear for who gave a reason. */
#ifndef REGISTRY_PERSON_VIEW_H
#define REGISTRY_PERSON_VIEW_H
#include "registry/person.h"

struct person_shown {
    int64_t    id;
    struct str name, sex, birth, phone, id_number, address, area, area_path;
    bool       shielded;
};
enum { PERSON_SHOWN_NFIELDS = 10 };
extern const struct field person_shown_fields[PERSON_SHOWN_NFIELDS];

/* May op's actor see where the person is?  Everybody may of who is not shielded. */
bool             person_located(const struct op *op, const struct person *person);
MUST_USE enum rc person_show(struct op *op, const struct person *person, bool clear,
                             struct person_shown *shown);

#endif
