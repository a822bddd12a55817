/* Functions that this program does not use, whoever writes it: a call does not
 * compile.  The build includes this before every file (meson.build); the headers that
 * declare them come first.  What to take instead: struct str and str_fmt() for
 * text, str_int64() for numbers, the arena for memory, thread_start(), clock_now_ms(),
 * random_bytes(); nothing starts a shell. */
#ifndef BASE_FORBIDDEN_H
#define BASE_FORBIDDEN_H
#include <alloca.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <wchar.h>

#undef alloca
#undef strdupa
#undef strndupa
#pragma GCC poison strcpy stpcpy strcat strncpy stpncpy strncat wcscpy wcscat
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison alloca strdupa strndupa
#pragma GCC poison system popen
#pragma GCC poison strtok strtok_r setlocale
#pragma GCC poison tmpnam tempnam mktemp
#pragma GCC poison asctime ctime localtime gmtime
#pragma GCC poison drand48 srandom

#endif
