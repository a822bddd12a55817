#include "engine/case/seal.h"

#include "guard/seal.h"

enum rc case_seal(struct op *op, const struct case_row *row, struct str clear,
                  struct str *sealed)
{
    return seal(op, PLACE("cases", "sealed", row->id, row->person), clear, sealed);
}

enum rc case_unseal(struct op *op, const struct case_row *row, struct str *clear)
{
    *clear = STR_NONE;
    if (!row->sealed.len)
        return RC_OK;
    enum rc rc =
        unseal(op, PLACE("cases", "sealed", row->id, row->person), row->sealed, clear);
    return rc == RC_GONE ? RC_OK : rc;
}
