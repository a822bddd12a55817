/* What came of verifying a journal, in sentences (docs/journal.md tells how to read them).
 * What is whole goes to standard output, what is not to standard error. */
#ifndef APP_REPORT_H
#define APP_REPORT_H
#include "app/head_files.h"
#include "gate/verify.h"

struct report {
    bool       chinese;
    bool       against; /* signed heads were given */
    struct str county;  /* its name */
    int64_t    now_ms;
};

void report_verdict(const struct report *report, struct arena *arena,
                    const struct verdict *verdict);
/* Lines of the files that prove nothing.  True: there were none. */
bool report_bad_heads(const struct head_files *files, bool chinese);

#endif
