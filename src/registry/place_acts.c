#include "base/area.h"
#include "gate/view.h"
#include "guard/actor.h"
#include "registry/area.h"
#include "registry/person.h"
#include "registry/registry.h"

struct near_args {
    double lat, lng;
};
static const struct field near_fields[] = {
    FIELD(struct near_args, lat, REQUIRED, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("纬度"), .note = STR_INIT("WGS-84")),
    FIELD(struct near_args, lng, REQUIRED, .grade = GRADE_SENSITIVE,
          .title = STR_INIT("经度")),
};

struct shown {
    struct str area, area_name, area_path, grid, grid_name;
};
static const struct field shown_fields[] = {
    FIELD(struct shown, area, OPTIONAL),      FIELD(struct shown, area_name, OPTIONAL),
    FIELD(struct shown, area_path, OPTIONAL), FIELD(struct shown, grid, OPTIONAL),
    FIELD(struct shown, grid_name, OPTIONAL),
};

static struct str own_place(const struct actor *actor)
{
    return actor->home.at ? actor->home : actor->nholds ? actor->holds[0].area : STR_NONE;
}

/* Areas have no outlines here: a point lies where the nearest registered house stands,
 * and far from all of them, where the asker is at home. */
static enum rc near(struct op *op, const void *in, struct view *view)
{
    const struct near_args *args = in;
    struct str              code;

    enum rc rc = house_near(op, args->lat, args->lng, &code);
    if (rc == RC_NOT_FOUND) {
        code = own_place(op->actor);
        rc = area_level(code) >= LEVEL_COMMUNITY ? RC_OK : rc;
    }
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, NULL, "还不知道这里是哪个社区，请选一下社区。");
    if (rc != RC_OK)
        return rc;
    struct str   community = area_at_level(code, LEVEL_COMMUNITY);
    bool         in_grid = area_level(code) == LEVEL_GRID;
    struct shown shown = {
        .area = community,
        .area_name = area_name(op, community),
        .area_path = area_path(op, community, LEVEL_COUNTY),
        .grid = in_grid ? code : STR_NONE,
        .grid_name = in_grid ? area_name(op, code) : STR_NONE,
    };
    view_struct(view, shown_fields, COUNT(shown_fields), &shown);
    return RC_OK;
}

const struct act place_acts[] = {
    { .name = "place.near",
      .method = POST, /* where somebody stands does not belong into an address */
      .path = "/places/near",
      .title = STR_INIT("这里是哪个社区"),
      .note = STR_INIT("看最近的已登记的房屋；附近没有时，是自己家所在的社区。"),
      .right = RIGHT_SELF,
      ARGS(struct near_args, near_fields),
      ANSWER(struct shown, shown_fields),
      .run = near },
    { .name = NULL },
};
