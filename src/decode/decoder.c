#include "decode/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

struct decoder {
    char             *program;
    pid_t             process; /* 0: none */
    int               socket;
    int               jobs; /* of this process */
    uint32_t          job;  /* of all */
    struct decode_ask ask;  /* the one under way */
};

static bool    start(struct decoder *decoder);
static void    end(struct decoder *decoder);
static bool    exchange(struct decoder *decoder, const int files[DECODE_FILES],
                        struct decode_answer *answer);
static enum rc collect(const struct decoder *decoder, struct arena *arena,
                       const int files[DECODE_FILES], const struct decode_answer *answer,
                       struct decoded *decoded);

enum rc decoder_open(struct str program, struct decoder **decoder)
{
    struct decoder *made = calloc(1, sizeof *made);

    *decoder = made;
    if (!made)
        return RC_NO_MEMORY;
    made->socket = -1;
    made->program = strndup(program.at, program.len);
    if (made->program)
        return RC_OK;
    decoder_close(decoder);
    return RC_NO_MEMORY;
}

void decoder_close(struct decoder **decoder)
{
    if (!*decoder)
        return;
    end(*decoder);
    free((*decoder)->program);
    free(*decoder);
    *decoder = NULL;
}

pid_t decoder_process(const struct decoder *decoder)
{
    return decoder->process;
}

/* One try with fresh files to write to, so that nothing of a death is left in
 * them.  RC_GONE: it died over this picture. */
static enum rc try(struct decoder *decoder, struct arena *arena, int input,
                   struct decoded *decoded)
{
    struct decode_answer answer;
    int                  files[DECODE_FILES] = {
                         [DECODE_INPUT] = input,
                         [DECODE_SCREEN] = memfd_create("screen", MFD_CLOEXEC),
                         [DECODE_THUMB] = memfd_create("thumb", MFD_CLOEXEC),
    };
    enum rc rc = RC_UNAVAILABLE;

    if (files[DECODE_SCREEN] >= 0 && files[DECODE_THUMB] >= 0 && start(decoder))
        rc = exchange(decoder, files, &answer)
                 ? collect(decoder, arena, files, &answer, decoded)
                 : RC_GONE;
    if (files[DECODE_SCREEN] >= 0)
        close(files[DECODE_SCREEN]);
    if (files[DECODE_THUMB] >= 0)
        close(files[DECODE_THUMB]);
    return rc;
}

static enum rc ask_twice(struct decoder *decoder, struct arena *arena, int input,
                         struct decoded *decoded)
{
    enum { TRIES = 2 };

    for (int i = 0; i < TRIES; i++) {
        *decoded = (struct decoded){ .verdict = VERDICT_LOST };
        enum rc rc = try(decoder, arena, input, decoded);
        if (rc != RC_OK || ++decoder->jobs == DECODE_JOBS_MAX)
            end(decoder);
        if (rc != RC_GONE)
            return rc;
    }
    return RC_OK;
}

enum rc decoder_ask(struct decoder *decoder, struct arena *arena, int input,
                    struct decoded *decoded)
{
    return decoder_ask_marked(decoder, arena, input, NULL, 0, decoded);
}

static enum rc ask_and_count(struct decoder *decoder, struct arena *arena, int input,
                             struct decoded *decoded)
{
    int64_t began_us = clock_mono_us();

    enum rc rc = ask_twice(decoder, arena, input, decoded);
    metric_observe(METRIC_DECODE_SECONDS, 0, clock_mono_us() - began_us);
    metric_count(METRIC_DECODES, rc == RC_OK ? verdict_word(decoded->verdict).at : "none");
    return rc;
}

enum rc decoder_ask_marked(struct decoder *decoder, struct arena *arena, int input,
                           const struct decode_mark *marks, size_t nmarks,
                           struct decoded *decoded)
{
    assert(nmarks <= DECODE_MARKS_MAX);
    decoder->ask = (struct decode_ask){ .magic = DECODE_ASK_MAGIC,
                                        .what = DECODE_PICTURE,
                                        .nmarks = (int32_t)nmarks };
    if (nmarks)
        memcpy(decoder->ask.marks, marks, nmarks * sizeof *marks);
    return ask_and_count(decoder, arena, input, decoded);
}

enum rc decoder_ask_table(struct decoder *decoder, struct arena *arena, int input,
                          struct decoded *decoded)
{
    decoder->ask = (struct decode_ask){ .magic = DECODE_ASK_MAGIC, .what = DECODE_TABLE };
    return ask_and_count(decoder, arena, input, decoded);
}

static char stands[PATH_MAX];

void decoder_stands(struct str program)
{
    assert(program.len < sizeof stands);
    memcpy(stands, program.at, program.len);
    stands[program.len] = 0;
}

enum rc decoder_read_table(struct arena *arena, int input, struct decoded *decoded)
{
    struct decoder *decoder;

    if (!stands[0])
        return RC_UNAVAILABLE;
    enum rc rc = decoder_open(str_of(stands), &decoder);
    if (rc == RC_OK)
        rc = decoder_ask_table(decoder, arena, input, decoded);
    decoder_close(&decoder);
    return rc;
}

/* It gets our end of the talk as descriptor 3, no environment (that is where keys
 * would hide), no descriptor of ours, and the signals as they were at birth. */
static bool spawn(const char *program, int theirs, pid_t *process)
{
    char *argv[] = { strdup("linli-decode"), NULL }, *environment[] = { NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t          attributes;
    sigset_t                   none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, theirs, DECODE_SOCKET);
    for (int i = 0; i < DECODE_SOCKET; i++)
        posix_spawn_file_actions_addopen(&files, i, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, DECODE_SOCKET + 1);
    int failed = posix_spawn(process, program, &files, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    free(argv[0]);
    return failed == 0;
}

static bool start(struct decoder *decoder)
{
    int pair[2];

    if (decoder->process)
        return true;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    bool started = spawn(decoder->program, pair[1], &decoder->process);
    close(pair[1]);
    if (!started) {
        close(pair[0]);
        decoder->process = 0;
        log_event(LOG_ERROR, "decoder.missing",
                  LOG_TEXT("program", str_of(decoder->program)));
        return false;
    }
    decoder->socket = pair[0];
    decoder->jobs = 0;
    return true;
}

/* How it ended stands in the log when it was not by its own will. */
static void end(struct decoder *decoder)
{
    int status = 0;

    if (!decoder->process)
        return;
    close(decoder->socket);
    kill(decoder->process, SIGKILL);
    while (waitpid(decoder->process, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        log_event(LOG_WARN, "decoder.died", LOG_INT("signal", WTERMSIG(status)));
    else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        log_event(LOG_ERROR, "decoder.unconfined", LOG_INT("status", WEXITSTATUS(status)));
    decoder->process = 0;
    decoder->socket = -1;
}

static bool ask(struct decoder *decoder, const int files[DECODE_FILES])
{
    union {
        struct cmsghdr head;
        char           room[CMSG_SPACE(DECODE_FILES * sizeof(int))];
    } control = { 0 };
    struct iovec  part = { &decoder->ask, sizeof decoder->ask };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control };

    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(DECODE_FILES * sizeof(int));
    memcpy(CMSG_DATA(rights), files, DECODE_FILES * sizeof(int));
    return sendmsg(decoder->socket, &message, MSG_NOSIGNAL) == sizeof decoder->ask;
}

/* Readable, or hung up, within the time; a signal does not make it longer. */
static bool wait_for(int socket)
{
    int64_t       until_us = clock_mono_us() + DECODER_WAIT_MS * INT64_C(1000);
    struct pollfd poll_for = { .fd = socket, .events = POLLIN };

    for (;;) {
        int64_t left_ms = (until_us - clock_mono_us()) / 1000;
        if (left_ms <= 0)
            return false;
        int ready = poll(&poll_for, 1, (int)left_ms);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

static bool exchange(struct decoder *decoder, const int files[DECODE_FILES],
                     struct decode_answer *answer)
{
    decoder->ask.job = ++decoder->job;
    if (!ask(decoder, files) || !wait_for(decoder->socket))
        return false;
    ssize_t got = recv(decoder->socket, answer, sizeof *answer, 0);
    return got > 0 && decode_answer_whole(answer, (size_t)got, &decoder->ask);
}

/* The file as the decoder says it is: that long. */
static struct str take(struct arena *arena, int file, int32_t bytes)
{
    size_t len = (size_t)bytes;
    char  *at = arena_take(arena, len);

    if (!at || pread(file, at, len, 0) != bytes)
        return STR_NONE;
    return str_slice(at, len);
}

static bool is_jpeg(struct str bytes)
{
    return str_starts(bytes, STR("\xff\xd8\xff"));
}

static enum rc collect(const struct decoder *decoder, struct arena *arena,
                       const int files[DECODE_FILES], const struct decode_answer *answer,
                       struct decoded *decoded)
{
    decoded->verdict = (enum verdict)answer->verdict;
    if (decoded->verdict != VERDICT_OK)
        return RC_OK;
    decoded->screen = take(arena, files[DECODE_SCREEN], answer->screen_bytes);
    decoded->thumb = take(arena, files[DECODE_THUMB], answer->thumb_bytes);
    if (arena->over)
        return RC_NO_MEMORY;
    decoded->since_1904 = answer->since_1904;
    if (decoder->ask.what == DECODE_TABLE)
        return str_utf8(decoded->screen) && str_utf8(decoded->thumb) ? RC_OK : RC_GONE;
    decoded->width = answer->width;
    decoded->height = answer->height;
    decoded->has_place = answer->has_place;
    decoded->lat = answer->lat;
    decoded->lng = answer->lng;
    return is_jpeg(decoded->screen) && is_jpeg(decoded->thumb) ? RC_OK : RC_GONE;
}
