/* The few words that we add to C17, in plain capitals. */
#ifndef BASE_LANG_H
#define BASE_LANG_H
#include <assert.h>
#include <stddef.h>

#define MUST_USE           __attribute__((warn_unused_result))
#define PRINTF(text, args) __attribute__((format(printf, text, args)))
#define NO_RETURN          __attribute__((noreturn))
#define COUNT(array)       (sizeof(array) / sizeof((array)[0]))

#endif
