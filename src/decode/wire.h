/* What the server and linli-decode say to each other, over one SOCK_SEQPACKET
 * pair: a message is whole or it is not there.  The server asks with three file
 * descriptors (the file to read; where the screen size and the thumbnail
 * go), the decoder answers when it has written them.  Both come from one build
 * on one machine, so the structs travel as they are.
 *
 * The decoder reads what strangers sent and must be thought of as theirs: what
 * it answers is checked as input from outside (decode_answer_whole). */
#ifndef DECODE_WIRE_H
#define DECODE_WIRE_H
#include "base/limits.h"

enum verdict {
#define VERDICT(name, word, says) VERDICT_##name,
#include "decode/verdict.def"
#undef VERDICT
    VERDICT_COUNT
};
struct str verdict_word(enum verdict verdict);
struct str verdict_says(enum verdict verdict);

enum {
    DECODE_SCREEN_SIDE = 1600,
    DECODE_THUMB_SIDE = 400,
    DECODE_SCREEN_BYTES_MAX = 768 << 10, /* an answer fits a request's arena */
    DECODE_THUMB_BYTES_MAX = 128 << 10,
    DECODE_TABLE_BYTES_MAX = 1 << 20, /* as CSV */
    DECODE_NAME_BYTES_MAX = 124,      /* of a sheet: 31 characters */
    DECODE_SOCKET = 3,
};

enum { DECODE_INPUT, DECODE_SCREEN, DECODE_THUMB, DECODE_FILES };
/* What is asked: two sizes of a picture; or a sheet as CSV, and its name as the thumb. */
enum { DECODE_PICTURE, DECODE_TABLE };

enum { DECODE_MARKS_MAX = 30 };
enum { MARK_BOX, MARK_OVAL };
/* What is to be made unrecognisable: thousandths of the upright picture's sides. */
struct decode_mark {
    int32_t shape, x, y, w, h;
};

struct decode_ask {
    uint32_t           magic;
    uint32_t           job; /* comes back in the answer */
    int32_t            what, nmarks;
    struct decode_mark marks[DECODE_MARKS_MAX];
};

struct decode_answer {
    uint32_t magic;
    uint32_t job;
    int32_t  verdict;
    int32_t  width, height; /* upright, as it was sent */
    int32_t  orientation;   /* EXIF 1 … 8, before it was turned upright */
    int32_t  has_place;     /* 0 or 1 */
    int32_t  screen_bytes, thumb_bytes;
    int32_t  since_1904; /* of a table: 0 or 1 */
    double   lat, lng;   /* WGS-84 degrees */
};

enum { DECODE_ASK_MAGIC = 0x4c444131, DECODE_ANSWER_MAGIC = 0x4c444231 };

/* Is this `got` bytes an answer to the asking with every member inside its range? */
bool decode_answer_whole(const struct decode_answer *answer, size_t got,
                         const struct decode_ask *ask);

#endif
