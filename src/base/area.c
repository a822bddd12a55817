#include "base/area.h"

int area_level(struct str area)
{
    static const int level_of_length[] = {
        [2] = 1, [4] = 2, [6] = 3, [9] = 4, [12] = 5, [15] = 6
    };

    for (size_t i = 0; i < area.len; i++)
        if (area.at[i] < '0' || area.at[i] > '9')
            return 0;
    return area.len < COUNT(level_of_length) ? level_of_length[area.len] : 0;
}

bool area_within(struct str area, struct str within)
{
    return area_level(within) > 0 && area_level(area) > 0 && str_starts(area, within);
}

struct str area_past(struct arena *arena, struct str area)
{
    return str_fmt(arena, "%.*s:", STR_ARG(area));
}
