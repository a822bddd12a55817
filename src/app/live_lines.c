#include "app/door.h"

#include "base/json.h"
#include "engine/case/case.h"
#include "engine/notice/notice.h"
#include "engine/notify/notify.h"

static enum rc lines(void *context, struct op *op, int64_t county, int64_t after_seq,
                     size_t most, struct list *found)
{
    (void)context;
    op->county = county;
    return journal_read(op, county, 0, after_seq, most, found);
}

/* What changed, not how it is now: whoever may know fetches it, with their own rights. */
static struct str case_data(struct op *op, const struct line *line,
                            const struct case_line *read)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_open(&out, '{');
    json_key(&out, STR("case"));
    json_id(&out, line->subject);
    json_key(&out, STR("state"));
    json_text(&out, read->to);
    json_key(&out, STR("version"));
    json_int(&out, read->version);
    json_key(&out, STR("move"));
    json_text(&out, read->move);
    json_close(&out, '}');
    return json_done(&out);
}

static struct live_event case_event(struct op *op, const struct line *line,
                                    const struct case_line *read)
{
    struct live_event event = {
        .type = STR("case"),
        .data = case_data(op, line, read),
        .audience = { .county = line->county,
                      .right = read->confidential ? RIGHT_ANYONE : RIGHT_CASE_READ,
                      .area = read->area },
    };
    struct live_audience *audience = &event.audience;

    if (read->reporter)
        audience->accounts[audience->naccounts++] = read->reporter;
    if (read->holder_account)
        audience->accounts[audience->naccounts++] = read->holder_account;
    audience->org = read->holder_org;
    return event;
}

/* Everybody told by the line, some at a time: an event names only so many. */
static size_t inbox_events(const struct line *line, const struct list *told,
                           struct live_event *events, size_t room)
{
    const struct telling *rows = told->at;
    size_t                n = 0;

    for (size_t i = 0; i < told->n; i++) {
        if (i % LIVE_ACCOUNTS_MAX == 0) {
            if (n == room)
                break;
            events[n++] = (struct live_event){ .type = STR("inbox"),
                                               .data = STR("{\"new\":true}"),
                                               .audience = { .county = line->county,
                                                             .right = RIGHT_ANYONE } };
        }
        struct live_audience *audience = &events[n - 1].audience;
        audience->accounts[audience->naccounts++] = rows[i].account;
    }
    return n;
}

/* Whoever may have it to read; what it says they fetch. */
static enum rc notice_event(struct op *op, const struct line *line,
                            struct live_event *event)
{
    struct str area;

    enum rc rc = notice_line_area(op, line, &area);
    *event = (struct live_event){
        .type = STR("notice"),
        .data = STR("{\"new\":true}"),
        .audience = { .county = line->county,
                      .right = RIGHT_NOTICE_WATCH,
                      .area = area,
                      .residents = true },
    };
    return rc;
}

static enum rc events(void *context, struct op *op, const struct line *line,
                      struct list *found)
{
    struct live_event *made = arena_many(op->arena, LIVE_EVENTS_MAX, struct live_event);
    struct case_line   read;
    struct list        told;
    size_t             n = 0;

    (void)context;
    if (!made)
        return RC_TOO_LARGE;
    enum rc rc = case_line_read(op, line, &read);
    if (rc == RC_OK)
        made[n++] = case_event(op, line, &read);
    else if (rc == RC_NOT_FOUND && (rc = notice_event(op, line, &made[n])) == RC_OK)
        n++;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = notify_told(op->arena, line->payload, &told);
    if (rc == RC_OK)
        n += inbox_events(line, &told, made + n, LIVE_EVENTS_MAX - n);
    *found = (struct list){ made, n };
    return rc;
}

static bool may(void *context, const struct actor *actor,
                const struct live_audience *audience)
{
    (void)context;
    for (size_t i = 0; i < audience->naccounts; i++)
        if (actor->account && actor->account == audience->accounts[i])
            return true;
    if (audience->org && actor_in_org(actor, audience->org))
        return true;
    if (audience->residents && actor->home.len && area_within(actor->home, audience->area))
        return true;
    return audience->right != RIGHT_ANYONE &&
           actor_may(actor, audience->right, audience->area);
}

struct live_door door_live(void)
{
    return (struct live_door){ .lines = lines, .events = events, .may = may };
}
