/* A scene as text again. */
#ifndef SCENE_SCENE_PRINT_H
#define SCENE_SCENE_PRINT_H
#include "rule/rule.h"
#include "scene/scene.h"

struct json_out;

/* "3 working days", "3 个工作日"; absent for SPAN_NONE. */
struct str span_text(struct arena *arena, struct span span, enum rule_words words);

/* Canonical YAML in English or Chinese words; with the same lists it reads back to
 * the same scene.  Absent when the arena's budget is gone. */
struct str scene_print(struct arena *arena, const struct scene *scene,
                       enum rule_words words);
/* For clients to draw themselves from: GET /scenes/{name} of docs/api.md. */
void scene_json(struct json_out *out, const struct scene *scene);

#endif
