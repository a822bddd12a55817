/* linli-decode: reads what strangers sent, so that the server need not.  Started
 * by the server with one socket as descriptor 3, an empty environment and nothing
 * else; has no keys, no network, no database and no name it could open.  Ends
 * when the server hangs up, after DECODE_JOBS_MAX pictures, or when a picture
 * kills it. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "decode/confine.h"
#include "decode/image.h"
#include "decode/sheet.h"
#include "base/forbidden.h"

/* Receives one asking with its descriptors; false when the server hung up or what
 * came is no asking. */
static bool receive(struct decode_ask *ask, int files[DECODE_FILES])
{
    union {
        struct cmsghdr head;
        char           room[CMSG_SPACE(DECODE_FILES * sizeof(int))];
    } control;
    struct iovec  part = { ask, sizeof *ask };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control };

    ssize_t         got = recvmsg(DECODE_SOCKET, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (got != sizeof *ask || ask->magic != DECODE_ASK_MAGIC || ask->nmarks < 0 ||
        ask->nmarks > DECODE_MARKS_MAX || !rights || rights->cmsg_type != SCM_RIGHTS ||
        rights->cmsg_len != CMSG_LEN(DECODE_FILES * sizeof(int)))
        return false;
    memcpy(files, CMSG_DATA(rights), DECODE_FILES * sizeof(int));
    return true;
}

static void make_picture(const struct decode_ask *ask, void *at, size_t len,
                         const int files[DECODE_FILES], struct decode_answer *answer)
{
    image_make(at, len,
               &(struct image_want){ ask->marks, (size_t)ask->nmarks, files[DECODE_SCREEN],
                                     files[DECODE_THUMB] },
               answer);
}

static bool put(int file, const char *at, size_t n)
{
    return write(file, at, n) == (ssize_t)n;
}

static void make_table(void *at, size_t len, const int files[DECODE_FILES],
                       struct decode_answer *answer)
{
    static struct sheet sheet;

    enum verdict verdict = sheet_read(str_slice(at, len), &sheet);
    if (verdict == VERDICT_OK && !(put(files[DECODE_SCREEN], sheet.csv, sheet.n) &&
                                   put(files[DECODE_THUMB], sheet.name, sheet.nname)))
        verdict = VERDICT_LOST;
    answer->verdict = (int32_t)verdict;
    answer->screen_bytes = (int32_t)sheet.n;
    answer->thumb_bytes = (int32_t)sheet.nname;
    answer->since_1904 = sheet.since_1904;
}

/* The file is mapped, not read: the server does not change it meanwhile. */
static void work(const struct decode_ask *ask, const int files[DECODE_FILES],
                 struct decode_answer *answer)
{
    bool  table = ask->what == DECODE_TABLE;
    off_t end = lseek(files[DECODE_INPUT], 0, SEEK_END);

    if (end <= 0 || end > (table ? IMPORT_BYTES_MAX : PHOTO_BYTES_MAX)) {
        answer->verdict = end > 0 ? VERDICT_BYTES : VERDICT_EMPTY;
        return;
    }
    size_t len = (size_t)end;
    void  *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, files[DECODE_INPUT], 0);
    if (at == MAP_FAILED) {
        answer->verdict = VERDICT_LOST;
        return;
    }
    if (table)
        make_table(at, len, files, answer);
    else
        make_picture(ask, at, len, files, answer);
    munmap(at, len);
}

static bool serve(void)
{
    struct decode_ask ask;
    int               files[DECODE_FILES];

    if (!receive(&ask, files) || !confine_time(DECODE_CPU_SECONDS))
        return false;
    struct decode_answer answer = { .magic = DECODE_ANSWER_MAGIC, .job = ask.job };
    work(&ask, files, &answer);
    for (size_t i = 0; i < DECODE_FILES; i++)
        close(files[i]);
    struct iovec  part = { &answer, sizeof answer };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    return sendmsg(DECODE_SOCKET, &message, MSG_NOSIGNAL) == sizeof answer;
}

int main(int argc, char **argv)
{
    int       kind;
    socklen_t size = sizeof kind;

    if (argc != 1 || getsockopt(DECODE_SOCKET, SOL_SOCKET, SO_TYPE, &kind, &size) != 0) {
        fputs("linli-decode is started by linli, not by hand.\n", stderr);
        return 2;
    }
    mallopt(M_ARENA_MAX, 1); /* each arena reserves 64 MiB of the addresses we have */
    if (!confine_early() || !image_start(argv[0]) || !confine_calls())
        return 1;
    for (int job = 0; job < DECODE_JOBS_MAX && serve(); job++)
        continue;
    _exit(0); /* the library's own farewell would ask for calls it no longer has */
}
