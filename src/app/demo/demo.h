/* The demonstration: 滨湖社区 of 襄城区 檀溪街道 with 13 grids, 9 compounds, 7,829
 * households and some 21,000 residents who do not exist, staff at every level from
 * city to grid, and some hundreds of cases in all states.  Seeded: the same people
 * and the same mishaps each time.  Everything is done by acts, as it would be in
 * life, on a clock that starts forty days ago. */
#ifndef APP_DEMO_H
#define APP_DEMO_H
#include <stdint.h>

#include "app/config.h"

#define DEMO_COUNTY    "420602"
#define DEMO_STREET    "420602004"
#define DEMO_COMMUNITY "420602004008"

/* Sets this process's clock back, before anything is written; the time it is. */
int64_t demo_begin(void);
/* Exit code.  The database has areas and scenes; lives on until now_ms. */
int demo_make(const struct config *config, int64_t now_ms);

#endif
