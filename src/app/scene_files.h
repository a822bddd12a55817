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
/* One file, at most as large as a scene. */
MUST_USE enum rc scene_files_text(struct arena *arena, struct str path, struct str *text,
                                  struct problems *problems);
/* The scenes of a folder, each a folder of its own with a scene.yaml, in the order of
 * their names; those that begin with "_" are templates.  struct str: their paths. */
MUST_USE enum rc scene_files_all(struct arena *arena, struct str folder,
                                 struct list *paths);
/* Tells which of the stories that the scene names are not in its folder. */
void scene_files_stories(struct arena *arena, const struct scene *scene,
                         struct problems *problems);
/* The body of POST /scenes: the scene and those of its lists that it uses; the area
 * may be absent. */
struct str scene_files_body(struct arena *arena, const struct scene *scene,
                            struct str area);

#endif
