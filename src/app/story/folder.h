/* Temporary folders of stories: made, copied, removed with all that is in them. */
#ifndef APP_STORY_FOLDER_H
#define APP_STORY_FOLDER_H
#include <stdbool.h>

#include "base/lang.h"

enum { STORY_PATH_MAX = 256 };

MUST_USE bool folder_make(char path[STORY_PATH_MAX]); /* in TMPDIR, a new name */
/* Files and folders with their rights; `to` is there already. */
MUST_USE bool folder_copy(const char *from, const char *to);
void          folder_remove(const char *path);

#endif
