/* Residents who do not exist: names, ages, homes, numbers that pass their checks. */
#ifndef APP_DEMO_PEOPLE_H
#define APP_DEMO_PEOPLE_H
#include "base/json.h"
#include "base/random.h"

enum { DEMO_GRIDS = 13, DEMO_COMPOUNDS = 9, DEMO_HOUSEHOLDS = 7829 };

struct demo_compound {
    struct str name, property;
    int        grids, first_grid; /* its grids, numbered from 1 */
    int        share;             /* of the households, percent */
    double     lat, lng;
};
extern const struct demo_compound demo_compounds[DEMO_COMPOUNDS];

/* Writes the i-th household's home into `out` as person.register takes it; how many
 * live there, and the first one's name (in the arena).  The first households are those of
 * people with a name in the stories. */
int        demo_home(struct dice *dice, int i, struct json_out *out, struct arena *arena,
                     struct str *head);
struct str demo_grid(struct arena *arena, int grid);
struct str demo_name(struct dice *dice, struct arena *arena, struct str family, bool male);

#endif
