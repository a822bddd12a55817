#include "registry/audit.h"

#include "registry/audit_store.h"

static const struct str words[AUDIT_KINDS] = {
    [AUDIT_SIGN_IN] = STR_INIT("sign-in"),
    [AUDIT_RIGHTS] = STR_INIT("rights"),
    [AUDIT_EXPORT] = STR_INIT("export"),
    [AUDIT_DELETION] = STR_INIT("deletion"),
};

/* A second person's word may be about either. */
static const struct {
    struct str      act;
    enum audit_kind kind;
} about[] = {
    { STR_INIT("session.open"), AUDIT_SIGN_IN },
    { STR_INIT("session.totp"), AUDIT_SIGN_IN },
    { STR_INIT("session.passkey"), AUDIT_SIGN_IN },
    { STR_INIT("session.recovery"), AUDIT_SIGN_IN },
    { STR_INIT("session.close"), AUDIT_SIGN_IN },
    { STR_INIT("session.end"), AUDIT_SIGN_IN },
    { STR_INIT("demo.sign-in"), AUDIT_SIGN_IN },
    { STR_INIT("account.claim"), AUDIT_SIGN_IN },
    { STR_INIT("account.make"), AUDIT_RIGHTS },
    { STR_INIT("account.code"), AUDIT_RIGHTS },
    { STR_INIT("account.close"), AUDIT_RIGHTS },
    { STR_INIT("account.reopen"), AUDIT_RIGHTS },
    { STR_INIT("account.sign-out"), AUDIT_RIGHTS },
    { STR_INIT("hold.give"), AUDIT_RIGHTS },
    { STR_INIT("hold.end"), AUDIT_RIGHTS },
    { STR_INIT("session.password"), AUDIT_RIGHTS },
    { STR_INIT("factor.totp-confirm"), AUDIT_RIGHTS },
    { STR_INIT("factor.totp-end"), AUDIT_RIGHTS },
    { STR_INIT("factor.passkey-add"), AUDIT_RIGHTS },
    { STR_INIT("factor.passkey-end"), AUDIT_RIGHTS },
    { STR_INIT("factor.recovery"), AUDIT_RIGHTS },
    { STR_INIT("factor.reset"), AUDIT_RIGHTS },
    { STR_INIT("policy.set"), AUDIT_RIGHTS },
    { STR_INIT("key.make"), AUDIT_RIGHTS },
    { STR_INIT("key.end"), AUDIT_RIGHTS },
    { STR_INIT("scene.load"), AUDIT_RIGHTS },
    { STR_INIT("person.shield"), AUDIT_RIGHTS },
    { STR_INIT("decoy.make"), AUDIT_RIGHTS },
    { STR_INIT("decoy.end"), AUDIT_RIGHTS },
    { STR_INIT("export.ask"), AUDIT_EXPORT },
    { STR_INIT("export.made"), AUDIT_EXPORT },
    { STR_INIT("export.fetch"), AUDIT_EXPORT },
    { STR_INIT("request.agree"), AUDIT_EXPORT },
    { STR_INIT("request.refuse"), AUDIT_EXPORT },
    { STR_INIT("deletion.ask"), AUDIT_DELETION },
    { STR_INIT("request.agree"), AUDIT_DELETION },
    { STR_INIT("request.refuse"), AUDIT_DELETION },
    { STR_INIT("person.delete"), AUDIT_DELETION },
    { STR_INIT("person.forget"), AUDIT_DELETION },
};

enum audit_kind audit_kind_of(struct str word)
{
    enum audit_kind kind = 0;

    while (kind < AUDIT_KINDS && !str_eq(words[kind], word))
        kind++;
    return kind;
}

/* ----------------------------------------------------------- the follower */

static enum rc note(struct op *op, const struct line *line, enum audit_kind kind)
{
    struct audit_row row = {
        .county = line->county, .kind = words[kind], .at_ms = line->at_ms, .seq = line->seq
    };

    enum rc rc = audit_insert(op, &row);
    if (rc == RC_OK && line->actor) {
        row.account = line->actor;
        rc = audit_insert(op, &row);
    }
    if (rc == RC_OK && line->subject && line->subject != line->actor) {
        row.account = line->subject;
        rc = audit_insert(op, &row);
    }
    return rc;
}

static enum rc follow(struct op *op, const struct line *line)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < COUNT(about) && rc == RC_OK; i++)
        if (str_eq(about[i].act, line->act))
            rc = note(op, line, about[i].kind);
    return rc;
}

const struct follower audit_follower = { .name = "audit", .line = follow };

/* ----------------------------------------------------------------- reading */

enum rc audit_lines(struct op *op, const struct audit_asked *asked, size_t most,
                    struct list *lines)
{
    struct list        found;
    struct audit_range range = {
        .kind = words[asked->kind],
        .account = asked->account,
        .since_ms = asked->since_ms,
        .before_ms = asked->before_seq ? asked->before_ms : asked->until_ms,
        .before_seq = asked->before_seq,
    };

    enum rc rc = audit_select(op, &range, most, &found);
    if (rc != RC_OK)
        return rc;
    struct line *at = arena_many(op->arena, found.n + 1, struct line);
    if (!at)
        return RC_TOO_LARGE;
    const struct audit_row *rows = found.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++)
        rc = journal_at(op, op->county, rows[i].seq, &at[i]);
    *lines = (struct list){ at, found.n };
    return rc;
}
