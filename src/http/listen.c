#include "http/listen.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum { BACKLOG = 1024 };

bool endpoint_parse(struct str text, struct endpoint *endpoint)
{
    size_t  colon = text.len;
    int64_t port;

    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    struct str host = str_slice(text.at, colon ? colon - 1 : 0);
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host.at + 1, host.len - 2);
    if (!str_int64(str_skip(text, colon), &port) || port < 0 || port > 65535 ||
        !address_parse(host, &endpoint->address))
        return false;
    *endpoint = (struct endpoint){ .address = endpoint->address };
    endpoint->len = address_to(endpoint->address, (uint16_t)port, &endpoint->at.any);
    return true;
}

int listen_on(const struct endpoint *endpoint)
{
    int fd =
        socket(endpoint->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1, off = 0;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (endpoint->at.any.sa_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, &endpoint->at.any, endpoint->len) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    log_event(LOG_ERROR, "http.listen", LOG_INT("errno", errno));
    (void)close(fd);
    return -1;
}

static bool answers(const struct endpoint *endpoint)
{
    int  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool taken = fd >= 0 && connect(fd, &endpoint->at.any, endpoint->len) == 0;

    if (fd >= 0)
        (void)close(fd);
    return taken;
}

int listen_locally(struct str path)
{
    struct endpoint endpoint = { .len = sizeof endpoint.at.local };

    if (path.len >= sizeof endpoint.at.local.sun_path)
        return -1;
    endpoint.at.local.sun_family = AF_UNIX;
    memcpy(endpoint.at.local.sun_path, path.at, path.len);
    if (answers(&endpoint)) {
        log_event(LOG_ERROR, "http.socket-taken", LOG_TEXT("path", path));
        return -1;
    }
    (void)unlink(endpoint.at.local.sun_path);
    mode_t before = umask(0177);
    int    fd = listen_on(&endpoint);
    (void)umask(before);
    return fd;
}

uint16_t listen_port(int fd)
{
    union socket_address at = { 0 };
    socklen_t            len = sizeof at;

    if (getsockname(fd, &at.any, &len) != 0)
        return 0;
    return ntohs(at.any.sa_family == AF_INET ? at.v4.sin_port : at.v6.sin6_port);
}
