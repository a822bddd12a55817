/* The client's side of http_fixture.h. */
#include "http/http_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

struct http *http;

int reach(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(http_port(http)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

int reach_local(const char *path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

void say(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

void say_text(int fd, const char *text)
{
    say(fd, text, strlen(text));
}

struct str hear_part(int fd, struct str part, long wait_ms)
{
    static _Thread_local char heard[64 << 10];
    struct str                text = { heard, 0 };
    int64_t                   until_us = clock_mono_us() + wait_ms * 1000;

    while (text.len < sizeof heard && !(part.len && str_has(text, part))) {
        struct pollfd ear = { fd, POLLIN, 0 };
        int64_t       left = (until_us - clock_mono_us()) / 1000;
        if (left <= 0 || poll(&ear, 1, (int)left) <= 0)
            break;
        ssize_t n = recv(fd, heard + text.len, sizeof heard - text.len, 0);
        if (n <= 0)
            break;
        text.len += (size_t)n;
    }
    return text;
}

struct str hear(int fd, long wait_ms)
{
    return hear_part(fd, STR_NONE, wait_ms);
}

bool hung_up(int fd, long wait_ms)
{
    struct pollfd ear = { fd, POLLIN | POLLRDHUP, 0 };
    char          byte;

    return poll(&ear, 1, (int)wait_ms) > 0 && recv(fd, &byte, 1, MSG_DONTWAIT) <= 0;
}

struct str talk(const char *text, size_t len)
{
    int fd = reach();

    say(fd, text, len);
    struct str answer = hear(fd, 3000);
    (void)close(fd);
    return answer;
}

/* One request that asks for the end of the connection, so that the answer is whole. */
struct str ask(const char *method, const char *path, const char *headers, const char *body)
{
    static _Thread_local char text[32 << 10];
    int                       n = snprintf(text, sizeof text,
                                           "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s",
                                           method, path, http_port(http), headers);

    if (body)
        n += snprintf(text + n, sizeof text - (size_t)n, "Content-Length: %zu\r\n\r\n%s",
                      strlen(body), body);
    else
        n += snprintf(text + n, sizeof text - (size_t)n, "\r\n");
    return talk(text, (size_t)n);
}

int status_of(struct str answer)
{
    int64_t status = 0;

    if (!str_starts(answer, STR("HTTP/1.1 ")) || answer.len < 12)
        return 0;
    return str_int64(str_slice(answer.at + 9, 3), &status) ? (int)status : 0;
}

size_t times(struct str text, struct str part)
{
    size_t n = 0;

    for (; text.len >= part.len; text = str_skip(text, 1))
        n += str_starts(text, part);
    return n;
}
