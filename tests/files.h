/* Files of the source tree, for tests that read what people write. */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H
#include "base/str.h"

/* The file at a path below the source's root; fails the test when it is not there. */
struct str test_file(struct arena *arena, struct str path);
/* A folder with all that is in it. */
void test_remove_folder(const char *path);
/* Names in a folder that end so, in order, without the ending; *n counts. */
struct str *test_names(struct arena *arena, struct str folder, struct str ending,
                       size_t *n);

#endif
