/* The scenes in force.  The database keeps every version of every scene of a
 * county, memory keeps those that were asked for: frozen, found without a lock,
 * never let go, since running cases live by the version they were opened under.
 * What an act loads is in force when its transaction has committed: the journal's
 * followers and the live stream hear of it by the line of scene.load, and
 * scenes_landed() puts it into force here. */
#ifndef SCENE_SCENES_H
#define SCENE_SCENES_H
#include "base/op.h"
#include "scene/scene.h"

struct line;

/* The newest version of the county's scene, and a certain one.  Looked up in the
 * database when memory has none.  RC_NOT_FOUND. */
MUST_USE enum rc scenes_now(struct op *op, struct str name, const struct scene **scene);
MUST_USE enum rc scenes_at(struct op *op, struct str name, int64_t version,
                           const struct scene **scene);
/* All scenes of the county, newest versions, by home.order: for /start. */
enum { SCENES_MAX = 200 };
MUST_USE enum rc scenes_all(struct op *op, const struct scene *const **scenes, size_t *n);

/* Called for every line that has been committed (gate_options.landed). */
void scenes_landed(const struct line *line);

/* When nobody reads any more (the house is closed, another database is opened):
 * lets all of them go. */
void scenes_close(void);

#endif
