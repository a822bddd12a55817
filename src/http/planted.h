/* The row of places[] (admit.c) that a build with holes has more than others. */
#ifndef HTTP_PLANTED_H
#define HTTP_PLANTED_H

#ifdef LINLI_PLANTED
#include "http/request.h"

enum MHD_Result serve_planted(struct request *request);
#define PLANTED_PLACE { "planted", STR_INIT("/planted"), serve_planted, anybody },
#else
#define PLANTED_PLACE
#endif

#endif
