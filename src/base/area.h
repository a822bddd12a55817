/* Areas 辖区 by their codes: 42 province, 4206 city, 420602 county, 420602001
 * street, 420602001002 community, then three digits for the grid.  Every level
 * has its length, so what lies below an area begins with its code. */
#ifndef BASE_AREA_H
#define BASE_AREA_H
#include "base/str.h"

/* Is `area` the same as or below `within`?  Both whole levels, compared on level
 * boundaries: 4206 is not below 42060. */
bool area_within(struct str area, struct str within);
/* 2 → 1 province … 15 → 6 grid; 0 when the length is no level or not digits. */
int area_level(struct str area);
/* Where the codes of an area and of all below it end, for an index: they lie from `area`
 * until before this.  Codes are digits, and ":" sorts after "9". */
struct str area_past(struct arena *arena, struct str area);

#endif
