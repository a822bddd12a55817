/* Sessions: who signed in, with what, until when.  A session ends by itself when
 * it was not used for a while and in any case after some longer time, both set by
 * its kind of client; it is ended by signing out, by a change of password or
 * duty, by an administrator.  The cookie's token is 256 random bits (token.h).
 *
 * What was found is believed for at most five seconds, and ending one ends that
 * at once: on another server, and for a stream that is open, five seconds later.
 * One that was made in the future, by a clock that has been put back since by more than
 * an hour, is over: it would last for as long as the clock was wrong.
 * That somebody was there is noted in memory and written by session_keep(), which
 * a timer runs every few seconds: a lost note costs a twentieth of the idle time.
 *
 * The account's name and duties are not here: registry/ reads them by account. */
#ifndef GUARD_SESSION_H
#define GUARD_SESSION_H
#include "base/field.h"
#include "base/op.h"
#include "guard/actor.h"

// clang-format off
/* CLIENT(name, word, idle, whole), both in seconds */
#define CLIENTS(CLIENT)                                   \
    CLIENT(RESIDENT, "resident", 30 * 86400, 90 * 86400)  \
    CLIENT(STAFF,    "staff",    30 * 60,    12 * 3600)   \
    CLIENT(ADMIN,    "admin",    15 * 60,    8 * 3600)    \
    CLIENT(KIOSK,    "kiosk",    60,         10 * 60)
// clang-format on

enum client {
#define CLIENT_NAME(name, word, idle, whole) CLIENT_##name,
    CLIENTS(CLIENT_NAME)
#undef CLIENT_NAME
        CLIENT_COUNT
};
struct str client_word(enum client client);

struct session {
    int64_t     county, id, account;
    enum client client;
    enum passed passed;
    enum owes   owes;
    int64_t     made_ms, seen_ms, until_ms;
};

/* Signs in: a new session of op's county, from op's address.  `token` is for the cookie
 * alone. */
struct session_new {
    int64_t     account;
    enum client client;
    enum passed passed;
    enum owes   owes;
    int64_t     since_ms; /* when the password was given, for the whole time; 0: now */
};
MUST_USE enum rc session_open(struct op *op, const struct session_new *made,
                              struct session *session, struct str *token);

/* Another token for op's own session, whose old one ends: more was proved, or what was
 * known of it changed.  Its whole time goes on.  RC_UNAUTHENTICATED when it has none. */
MUST_USE enum rc session_renew(struct op *op, const struct session_new *made,
                               struct session *session, struct str *token);

/* The session of a cookie, in the county that the token names, which is op's from then on.
 * RC_UNAUTHENTICATED when there is none or it is over. */
MUST_USE enum rc session_find(struct op *op, struct str token, struct session *session);
/* The same, but not a sign that somebody is there: for a stream that is open. */
MUST_USE enum rc session_peek(struct op *op, struct str token, struct session *session);

/* RC_NOT_FOUND when it is not one of the account's. */
MUST_USE enum rc session_end(struct op *op, int64_t account, int64_t id);
/* All of the account but one (0: really all): a new password, a duty taken away. */
MUST_USE enum rc session_end_all(struct op *op, int64_t account, int64_t except);

/* All of that kind in op's county, here at once and elsewhere within five seconds: more
 * is asked of them now. */
MUST_USE enum rc sessions_end_kind(struct op *op, enum client kind);

/* The account's own list, newest first. */
struct session_shown {
    int64_t    id, made, seen, until;
    struct str client, address, agent;
    bool       current; /* the one that asks */
};
enum { SESSION_SHOWN_FIELDS = 8 };
extern const struct field session_shown_fields[SESSION_SHOWN_FIELDS];
MUST_USE enum rc          session_list(struct op *op, int64_t account, struct list *shown);

/* Writes down who was seen in op's county and removes what is over: a writing
 * act of the clock's, without a journal line, every ten seconds. */
MUST_USE enum rc session_keep(struct op *op);

/* Before threads start and after they ended. */
MUST_USE enum rc sessions_open(void);
void             sessions_close(void);

#endif
