#include "http/live_stream.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/metric.h"

/* ---- events ---- */

struct told *told_new(int64_t county, int64_t seq, struct str type, struct str data)
{
    char id[64];
    int  id_len =
        snprintf(id, sizeof id, "id: %lld-%lld\n", (long long)county, (long long)seq);
    size_t       room = (size_t)id_len + type.len + data.len + sizeof "event: \ndata: \n\n";
    struct told *told = malloc(sizeof *told + room);

    if (!told)
        return NULL;
    int n = snprintf(told->text, room, "%sevent: %.*s\ndata: %.*s\n\n", id, STR_ARG(type),
                     STR_ARG(data));
    *told = (struct told){ .refs = 1, .id_len = (size_t)id_len, .len = (size_t)n };
    return told;
}

void told_drop(struct told *told)
{
    if (--told->refs == 0)
        free(told);
}

/* ---- whose it is ---- */

static struct str keep(char **at, struct str text)
{
    if (!text.at)
        return STR_NONE;
    struct str kept = str_slice(*at, text.len);
    if (text.len)
        memcpy(*at, text.at, text.len);
    *at += text.len;
    return kept;
}

/* A copy in one block, since a stream lives for hours and an arena's blocks are large. */
static struct actor *actor_kept(const struct actor *actor)
{
    size_t room = sizeof *actor + actor->nholds * sizeof *actor->holds + actor->name.len +
                  actor->home.len;

    for (size_t i = 0; i < actor->nholds; i++)
        room += actor->holds[i].duty.len + actor->holds[i].area.len;
    struct actor *kept = malloc(room);
    if (!kept)
        return NULL;
    struct hold *holds = (struct hold *)(kept + 1);
    char        *at = (char *)(holds + actor->nholds);
    *kept = *actor;
    kept->holds = holds;
    kept->name = keep(&at, actor->name);
    kept->home = keep(&at, actor->home);
    for (size_t i = 0; i < actor->nholds; i++) {
        holds[i] = actor->holds[i];
        holds[i].duty = keep(&at, actor->holds[i].duty);
        holds[i].area = keep(&at, actor->holds[i].area);
    }
    return kept;
}

bool stream_belongs(struct live_stream *stream, const struct actor *actor)
{
    struct actor *kept = actor_kept(actor);

    if (!kept)
        return false;
    free(stream->actor);
    stream->actor = kept;
    return true;
}

struct live_stream *stream_new(struct live *live, const struct live_guest *guest)
{
    const struct http_credential *shown = &guest->credential;
    size_t                        texts = shown->secret.len + shown->address.len;
    struct live_stream           *stream = calloc(1, sizeof *stream + texts);

    if (!stream)
        return NULL;
    char *at = (char *)(stream + 1);
    stream->live = live;
    stream->connection = guest->connection;
    stream->fd = guest->fd;
    stream->subscriber = address_subscriber(guest->address);
    stream->local = guest->local;
    stream->account = guest->actor->account;
    stream->kind = shown->kind;
    stream->secret = keep(&at, shown->secret);
    stream->address = keep(&at, shown->address);
    stream->behind = guest->resumes;
    stream->county = guest->county;
    stream->seq = guest->seq;
    stream->checked_us = stream->said_us = clock_mono_us();
    if (stream_belongs(stream, guest->actor))
        return stream;
    free(stream);
    return NULL;
}

void stream_free(struct live_stream *stream)
{
    free(stream->actor);
    free(stream);
}

/* ---- what it says ---- */

void stream_wake(struct live_stream *stream)
{
    if (!stream->asleep)
        return;
    stream->asleep = false;
    MHD_resume_connection(stream->connection);
}

static void drop_first(struct live_stream *stream)
{
    told_drop(stream->places[stream->first].told);
    stream->first = (stream->first + 1) % HTTP_STREAM_EVENTS_MAX;
    stream->n--;
    stream->said = 0;
}

void stream_end(struct live_stream *stream)
{
    if (!stream->ended)
        stream->ended_us = clock_mono_us();
    stream->ended = true;
    while (stream->n)
        drop_first(stream);
    stream_wake(stream);
}

void stream_push(struct live_stream *stream, struct told *told, bool with_id)
{
    if (stream->ended || stream->n == HTTP_STREAM_EVENTS_MAX) {
        metric_add(METRIC_STREAMS_DROPPED, 0, !stream->ended);
        stream_end(stream);
        return;
    }
    size_t last = (stream->first + stream->n++) % HTTP_STREAM_EVENTS_MAX;
    stream->places[last] = (struct place){ told, with_id };
    told->refs++;
    metric_add(METRIC_EVENTS, 0, 1);
    stream_wake(stream);
}

static size_t copy(char *to, size_t room, struct str text)
{
    size_t n = text.len < room ? text.len : room;

    if (n)
        memcpy(to, text.at, n);
    return n;
}

static size_t say_first(struct live_stream *stream, char *to, size_t room)
{
    const struct place *place = &stream->places[stream->first];
    struct str          text = str_slice(place->told->text, place->told->len);

    if (!place->with_id)
        text = str_skip(text, place->told->id_len);
    text = str_skip(text, stream->said);
    size_t n = copy(to, room, text);
    stream->said += n;
    if (n == text.len)
        drop_first(stream);
    return n;
}

/* 0: nothing to say, and asleep until there is. */
ssize_t stream_say(struct live_stream *stream, char *to, size_t room, int64_t now_us)
{
    size_t n = 0;

    if (stream->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (!stream->greeted)
        n = copy(to, room, STR("retry: 3000\n\n"));
    else if (stream->n)
        n = say_first(stream, to, room);
    else if (stream->beat)
        n = copy(to, room, STR(":\n\n"));
    stream->greeted = true;
    stream->beat = false;
    if (n) {
        stream->said_us = now_us;
        return (ssize_t)n;
    }
    stream->asleep = true;
    MHD_suspend_connection(stream->connection);
    return 0;
}

bool stream_stuck(const struct live_stream *stream, int64_t now_us)
{
    return stream->ended && !stream->gone &&
           now_us - stream->ended_us > HTTP_STREAM_LINGER_MS * INT64_C(1000);
}

bool stream_hung_up(const struct live_stream *stream)
{
    struct pollfd ear = { stream->fd, POLLRDHUP, 0 };

    return poll(&ear, 1, 0) > 0;
}
