/* The server's side of linli-decode: owns the process, hands it one picture or
 * table at a time, and starts another when it dies.  A picture over which it dies twice is
 * judged LOST; that the first death was nobody's fault (the kernel short of
 * memory, an operator's kill) costs a second try and nothing else.
 *
 * Not for request threads: a picture may take DECODER_WAIT_MS.  One decoder, one
 * thread. */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H
#include <sys/types.h>

#include "base/rc.h"
#include "decode/wire.h"

enum { DECODER_WAIT_MS = 20000 }; /* twice its processor time, then it is ended */

struct decoder;

struct decoded {
    enum verdict verdict;
    int64_t      width, height; /* upright, as it was sent */
    bool         has_place;
    double       lat, lng;
    bool         since_1904;
    struct str   screen, thumb; /* JPEG; absent unless the verdict is OK */
};

/* `program` is the path of linli-decode; the process starts with the first
 * picture. */
MUST_USE enum rc decoder_open(struct str program, struct decoder **decoder);
void             decoder_close(struct decoder **decoder);

/* `input` is a file to read from its start.  RC_OK whatever the verdict;
 * RC_UNAVAILABLE when no decoder can be started (the picture is not to blame: ask
 * again later); RC_NO_MEMORY when the arena is too small. */
MUST_USE enum rc decoder_ask(struct decoder *decoder, struct arena *arena, int input,
                             struct decoded *decoded);

/* The same, with these places of it blurred beyond recognition. */
MUST_USE enum rc decoder_ask_marked(struct decoder *decoder, struct arena *arena, int input,
                                    const struct decode_mark *marks, size_t nmarks,
                                    struct decoded *decoded);

/* An xlsx: screen is its first sheet as CSV, thumb the sheet's name (sheet.h). */
MUST_USE enum rc decoder_ask_table(struct decoder *decoder, struct arena *arena, int input,
                                   struct decoded *decoded);

/* The same by a process of its own, for those who have no decoder: tables are rare.  Where
 * linli-decode stands is said once, before there are threads; RC_UNAVAILABLE until then. */
void             decoder_stands(struct str program);
MUST_USE enum rc decoder_read_table(struct arena *arena, int input,
                                    struct decoded *decoded);

/* The process, 0 when there is none: for whoever watches it. */
pid_t decoder_process(const struct decoder *decoder);

#endif
