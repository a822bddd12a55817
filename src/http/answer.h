/* Answers, all dressed alike. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H
#include "http/request.h"

struct answer {
    unsigned   status;
    struct str type; /* absent: no body */
    struct str body; /* lives until the request is over */
    struct str etag, cookie, allow, location;
    int64_t    retry_s;
    bool       file;     /* what somebody sent us, shown as is: nothing in it may run */
    bool       repeated; /* Idempotent-Replayed */
    bool       close;    /* after an answer that came before the body */
    bool       signed_out;
};

enum MHD_Result answer_send(struct request *request, const struct answer *answer);
/* What the request's problems say; RC_OK is none. */
enum MHD_Result answer_problem(struct request *request, enum rc rc,
                               const struct problems *problems);
/* After how many seconds it may be asked again; 0: that is not what is wrong. */
int64_t answer_retry(const struct request *request, int status);
/* What the gate made of it. */
enum MHD_Result answer_asking(struct request *request);

/* The headers that everything carries. */
enum dress { DRESS_API, DRESS_FILE, DRESS_PAGE };
struct MHD_Response *answer_lend(struct str body); /* which must outlive it */
bool answer_dress(struct MHD_Response *response, enum dress dress, bool secure);

#endif
