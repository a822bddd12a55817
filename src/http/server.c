#include "http/server.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/listen.h"
#include "http/openapi.h"
#include "http/request.h"
#include "http/ui.h"

enum {
    THREADS = 8,
    LOCAL_THREADS = 2,
    POOL_BYTES = 28 << 10, /* of a connection, for heads; touched only as needed */
    WAIT_MS = 5,           /* between two looks whether the last answers are over */
    ARENA_BYTES = (4 << 20) + OPENAPI_BYTES_MAX,
    /* Connections, those that are being cut, and what else a server has open. */
    DESCRIPTORS = 2 * HTTP_CONNECTIONS_MAX + 1024,
};

struct http {
    struct serving     serving;
    struct arena       arena; /* as long as the server */
    struct MHD_Daemon *remote, *local;
    uint16_t           port;
    struct str         socket; /* absent once it is removed */
};

/* ---- connections ---- */

static enum MHD_Result admit_connection(void *context, const struct sockaddr *from,
                                        socklen_t len)
{
    struct http *http = context;

    (void)len;
    (void)sched_yield(); /* the next is for the others, which this one woke, too */
    if (http->serving.stopping)
        return MHD_NO;
    if (from->sa_family == AF_UNIX)
        return MHD_YES;
    return links_admit(http->serving.links, address_of(from)) ? MHD_YES : MHD_NO;
}

static int fd_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* Only this machine's root and our own user may act for it. */
static bool peer_trusted(int fd)
{
    struct ucred peer;
    socklen_t    len = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == 0 || peer.uid == geteuid());
}

static void remote_connection(void *context, struct MHD_Connection *connection, void **link,
                              enum MHD_ConnectionNotificationCode what)
{
    struct http *http = context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const struct sockaddr *from =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                ->client_addr;
        *link = links_add(http->serving.links, fd_of(connection), address_of(from), false);
    } else if (*link) {
        links_remove(http->serving.links, (struct link **)link);
    }
}

static void local_connection(void *context, struct MHD_Connection *connection, void **link,
                             enum MHD_ConnectionNotificationCode what)
{
    struct http   *http = context;
    struct address nowhere = { 0 };

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd = fd_of(connection);
        *link = peer_trusted(fd) ? links_add(http->serving.links, fd, nowhere, true) : NULL;
    } else if (*link) {
        links_remove(http->serving.links, (struct link **)link);
    }
}

/* Paths and arguments reach us as they were sent: uri.c decodes them, once. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

/* ---- libmicrohttpd ---- */

static void library_says(void *context, const char *format, va_list args) PRINTF(2, 0);

static void library_says(void *context, const char *format, va_list args)
{
    char text[256];

    (void)context;
    (void)vsnprintf(text, sizeof text, format, args);
    log_event(LOG_DEBUG, "http.library", LOG_TEXT("says", str_of(text)));
}

static struct MHD_Daemon *start_daemon(struct http *http, int fd, size_t threads,
                                       MHD_NotifyConnectionCallback notify,
                                       struct MHD_OptionItem       *tls)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG |
                     (tls[0].option == MHD_OPTION_END ? 0 : MHD_USE_TLS);
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the library's threads inherit it */
    // clang-format off
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, admit_connection, http, request_step, &http->serving,
        MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL,
        MHD_OPTION_ARRAY, tls,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(2 * HTTP_CONNECTIONS_MAX), /* ours is exact */
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(HTTP_UPLOAD_MS / 1000),  /* so are ours */
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, &http->serving,
        MHD_OPTION_NOTIFY_COMPLETED, request_over, &http->serving,
        MHD_OPTION_NOTIFY_CONNECTION, notify, http,
        MHD_OPTION_END);
    // clang-format on
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return daemon;
}

static enum rc start_remote(struct http *http, const struct http_options *options, int fd)
{
    static char           priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_KEY, 0, str_z(&http->arena, options->tls_key) },
        { MHD_OPTION_HTTPS_MEM_CERT, 0, str_z(&http->arena, options->tls_cert) },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, priorities },
        { MHD_OPTION_END, 0, NULL },
    };
    bool   here = options->transport == HTTP_TLS;
    size_t threads = options->threads ? options->threads : THREADS;

    http->remote = start_daemon(http, fd, threads, remote_connection, here ? tls : &tls[3]);
    return http->remote ? RC_OK : RC_UNAVAILABLE;
}

/* Whoever has the socket is the only server of this installation. */
static enum rc listen_socket(struct http *http, struct str path, int *fd)
{
    *fd = path.at ? listen_locally(path) : -1;
    if (*fd >= 0)
        http->socket = str_copy(&http->arena, path);
    return *fd >= 0 || !path.at ? RC_OK : RC_UNAVAILABLE;
}

static enum rc start_local(struct http *http, int fd)
{
    struct MHD_OptionItem none = { MHD_OPTION_END, 0, NULL };

    if (fd < 0)
        return RC_OK;
    http->local = start_daemon(http, fd, LOCAL_THREADS, local_connection, &none);
    if (!http->local)
        (void)close(fd);
    return http->local ? RC_OK : RC_UNAVAILABLE;
}

/* ---- start ---- */

/* A login's usual 1024 descriptors would be the real limit of connections. */
static void want_descriptors(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max < DESCRIPTORS ? files.rlim_max : DESCRIPTORS;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < DESCRIPTORS)
        log_event(LOG_WARN, "http.descriptors", LOG_INT("most", (int64_t)files.rlim_cur));
}

static enum rc unsafe(const char *why)
{
    log_event(LOG_ERROR, "http.unsafe", LOG_TEXT("why", str_of(why)));
    return RC_REFUSED;
}

static enum rc safe(const struct http_options *options, const struct endpoint *endpoint)
{
    bool here = address_loopback(endpoint->address);
    bool plain = options->transport == HTTP_PLAIN;

    if (options->unlimited && !clock_unlocked())
        return unsafe("a server without limits must have its clock unlocked");
    if (options->demo && !here)
        return unsafe("a demonstration database is served on a loopback address only");
    if (plain && !here)
        return unsafe("plain HTTP is served on a loopback address only");
    if (!plain && options->origins.n == 0)
        return unsafe("TLS needs the origin by which pages are reached");
    if (options->transport == HTTP_TLS && (!options->tls_cert.at || !options->tls_key.at))
        return unsafe("TLS needs a certificate and a key");
    if (options->transport == HTTP_BEHIND_PROXY && options->proxies.n == 0)
        return unsafe("a proxy in front needs to be listed");
    return RC_OK;
}

static enum rc read_networks(struct arena *arena, struct http_texts texts,
                             struct networks *networks)
{
    struct network *at = arena_many(arena, texts.n, struct network);

    if (!at)
        return RC_NO_MEMORY;
    for (size_t i = 0; i < texts.n; i++)
        if (!network_parse(texts.at[i], &at[i]))
            return unsafe("a listed network is no address and no prefix");
    *networks = (struct networks){ at, texts.n };
    return RC_OK;
}

/* Those of the options, and on a plain loopback its own. */
static enum rc set_origins(struct http *http, const struct http_options *options)
{
    static const char *const own[] = { "127.0.0.1", "localhost", "[::1]" };
    struct str *at = arena_many(&http->arena, options->origins.n + COUNT(own), struct str);
    size_t      n = 0;

    if (!at)
        return RC_NO_MEMORY;
    for (; n < options->origins.n; n++)
        at[n] = str_copy(&http->arena, options->origins.at[n]);
    for (size_t i = 0; options->transport == HTTP_PLAIN && i < COUNT(own); i++)
        at[n++] = str_fmt(&http->arena, "http://%s:%u", own[i], (unsigned)http->port);
    http->serving.origins = (struct http_texts){ at, n };
    return RC_OK;
}

/* The web client's, and the description of the interface with its page. */
static enum rc open_files(struct http *http, const struct http_options *options)
{
    struct serving *serving = &http->serving;
    struct files   *files = serving->files = files_new(serving->secure);
    struct str      description = openapi_text(&http->arena, options->version);
    const struct {
        struct str path, bytes;
    } ours[] = {
        { STR("/api/v1/openapi.json"), description },
        { STR("/api/index.html"), str_of(ui_index_html) },
        { STR("/api/page.js"), str_of(ui_page_js) },
        { STR("/api/page.css"), str_of(ui_page_css) },
    };
    enum rc rc = files && description.at ? RC_OK : RC_NO_MEMORY;

    for (size_t i = 0; rc == RC_OK && i < COUNT(ours); i++)
        rc = files_add(files, ours[i].path, ours[i].bytes);
    if (rc == RC_OK && options->web.at)
        rc = files_read(files, options->web);
    if (rc == RC_OK)
        files_sort(files);
    return rc;
}

static enum rc open_parts(struct http *http, const struct http_options *options)
{
    struct serving *serving = &http->serving;

    serving->door = options->door;
    serving->gate = options->gate;
    serving->spool = str_copy(&http->arena, options->spool);
    serving->secure = options->transport != HTTP_PLAIN;
    serving->demo = options->demo;
    serving->open311 = options->open311;
    enum rc rc = read_networks(&http->arena, options->proxies, &serving->proxies);
    if (rc == RC_OK)
        rc = read_networks(&http->arena, options->offices, &serving->offices);
    if (rc != RC_OK)
        return rc;
    serving->links = links_open(&(struct links_options){
        .proxies = serving->proxies,
        .offices = serving->offices,
        .unlimited = options->unlimited,
    });
    serving->router = router_new(&http->arena);
    serving->slow = slow_open(HTTP_SLOW_THREADS, HTTP_SLOW_QUEUE_MAX);
    serving->rates = options->unlimited ? NULL : rates_new();
    serving->readers =
        options->where.at ? readers_open(options->where, options->catalogue) : NULL;
    if (options->live.lines) {
        serving->live = live_open(&(struct live_options){
            serving->door, options->live, serving->readers, options->unlimited });
        rc = serving->live ? RC_OK : RC_NO_MEMORY;
    }
    if (rc == RC_OK)
        rc = open_files(http, options);
    if (rc != RC_OK)
        return rc;
    return serving->links && serving->router && serving->slow &&
                   (serving->rates || options->unlimited) &&
                   (serving->readers || !options->where.at)
               ? RC_OK
               : RC_NO_MEMORY;
}

static enum rc start_daemons(struct http *http, const struct http_options *options,
                             const struct endpoint *endpoint)
{
    int fd = listen_on(endpoint), local = -1;

    if (fd < 0)
        return RC_UNAVAILABLE;
    http->port = listen_port(fd);
    enum rc rc = set_origins(http, options);
    if (rc == RC_OK)
        rc = listen_socket(http, options->socket, &local);
    if (rc == RC_OK)
        body_sweep(options->spool);
    if (rc == RC_OK)
        rc = start_remote(http, options, fd);
    if (rc != RC_OK)
        (void)close(fd);
    if (rc != RC_OK && local >= 0)
        (void)close(local);
    return rc == RC_OK ? start_local(http, local) : rc;
}

static enum rc open_all(struct http *http, const struct http_options *options)
{
    struct endpoint endpoint = { 0 };

    if (!endpoint_parse(options->listen, &endpoint))
        return unsafe("the address to listen on must be like 127.0.0.1:8080");
    enum rc rc = safe(options, &endpoint);
    if (rc == RC_OK)
        rc = open_parts(http, options);
    if (rc != RC_OK)
        return rc;
    return start_daemons(http, options, &endpoint);
}

enum rc http_start(const struct http_options *options, struct http **http)
{
    struct http *one = calloc(1, sizeof *one);

    *http = NULL;
    if (!one)
        return RC_NO_MEMORY;
    arena_init(&one->arena, ARENA_BYTES);
    want_descriptors();
    enum rc rc = open_all(one, options);
    if (rc != RC_OK)
        http_close(&one);
    *http = one; /* not before it is whole: http_landed() may already be called */
    return rc;
}

void http_landed(struct http *http, const struct line *line)
{
    if (http->serving.live)
        live_landed(http->serving.live, line->county, line->seq);
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

/* ---- stop ---- */

static void stop_listening(struct MHD_Daemon *daemon)
{
    MHD_socket fd = daemon ? MHD_quiesce_daemon(daemon) : MHD_INVALID_SOCKET;

    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
}

static void wait_a_little(void)
{
    thread_pause(WAIT_MS);
}

static size_t streams(struct serving *serving)
{
    return serving->live ? live_count(serving->live) : 0;
}

/* Answers get their time; what the gate was given is waited for in any case, since its
 * connection is suspended. */
static void wait_for_answers(struct serving *serving)
{
    int64_t until_us = clock_mono_us() + HTTP_STOP_MS * INT64_C(1000);

    while ((serving->under_way || streams(serving)) && clock_mono_us() < until_us)
        wait_a_little();
    serving->closing = true;
    while (serving->suspended)
        wait_a_little();
}

void http_stop(struct http *http)
{
    struct serving *serving = &http->serving;

    serving->stopping = true;
    stop_listening(http->remote);
    stop_listening(http->local);
    if (http->socket.at)
        (void)unlink(str_z(&http->arena, http->socket));
    http->socket = STR_NONE;
    if (serving->live)
        live_finish(serving->live);
    wait_for_answers(serving);
    slow_close(&serving->slow);
    if (http->remote)
        MHD_stop_daemon(http->remote);
    if (http->local)
        MHD_stop_daemon(http->local);
    http->remote = http->local = NULL;
}

void http_close(struct http **http)
{
    struct http *one = *http;

    if (!one)
        return;
    struct serving *serving = &one->serving;
    http_stop(one);
    live_close(&serving->live);
    links_close(&serving->links);
    rates_free(&serving->rates);
    readers_close(&serving->readers);
    files_free(&serving->files);
    arena_free(&one->arena);
    free(one);
    *http = NULL;
}
