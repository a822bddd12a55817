/* A scene in its folder: scene.yaml, its own lists/ and those of the folder above,
 * which all scenes of a place share; its own come first. */
#ifndef APP_SCENE_FILES_H
#define APP_SCENE_FILES_H
#include "base/problem.h"
#include "base/rc.h"
#include "scene/scene.h"

/* `path`: the file, or its folder.  RC_NOT_FOUND, RC_TOO_LARGE, told. */
MUST_USE enum rc scene_files_read(struct arena *arena, struct str path,
                                  struct scene_pack *pack, struct problems *problems);
/* Tells which of the stories that the scene names are not in its folder. */
void scene_files_stories(struct arena *arena, const struct scene *scene,
                         struct problems *problems);
/* The body of POST /scenes: the scene and those of its lists that it uses; the area
 * may be absent. */
struct str scene_files_body(struct arena *arena, const struct scene *scene,
                            struct str area);

#endif
