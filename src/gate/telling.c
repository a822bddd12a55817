#include "gate/telling.h"

const struct field telling_fields[TELLING_NFIELDS] = {
    FIELD_ID(struct telling, account, OPTIONAL),
    FIELD(struct telling, title, OPTIONAL),
    FIELD(struct telling, says, OPTIONAL),
    FIELD(struct telling, apart, OPTIONAL),
};
