#include "registry/look.h"

#include "base/clock.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/look_store.h"

enum { SECURITY_MAX = 20 };

struct str look_word(enum look_kind kind)
{
    static const struct str words[] = {
        [LOOK_PAGE] = STR_INIT("page"),     [LOOK_CLEAR] = STR_INIT("clear"),
        [LOOK_LIST] = STR_INIT("list"),     [LOOK_LISTED] = STR_INIT("listed"),
        [LOOK_EXPORT] = STR_INIT("export"), [LOOK_OVER] = STR_INIT("over"),
        [LOOK_CASE] = STR_INIT("case"),     [LOOK_CALL] = STR_INIT("call"),
        [LOOK_NUMBER] = STR_INIT("number"), [LOOK_REACH] = STR_INIT("reach"),
    };

    return words[kind];
}

/* What such a look shows of a person. */
static struct str shown_by(enum look_kind kind)
{
    if (kind == LOOK_OVER)
        return STR("");
    if (kind == LOOK_CALL)
        return STR("phone*");
    if (kind == LOOK_NUMBER || kind == LOOK_REACH)
        return STR("phone");
    if (kind == LOOK_CASE)
        return STR("case");
    return kind == LOOK_CLEAR ? STR("name sex birth phone id_number address")
                              : STR("name* sex birth* phone* id_number* address*");
}

/* ------------------------------------------------------------ the journal */

struct said {
    struct list tell; /* struct telling */
    struct str  kind, area, by, fields, tie, reason;
    struct list people; /* int64_t */
};
static const struct field said_fields[] = {
    FIELD_TELL(struct said),
    FIELD(struct said, kind, OPTIONAL),
    FIELD(struct said, area, OPTIONAL),
    FIELD(struct said, by, OPTIONAL),
    FIELD(struct said, fields, OPTIONAL),
    FIELD(struct said, tie, OPTIONAL),
    FIELD(struct said, reason, OPTIONAL),
    FIELD_LIST_OF(struct said, people, KIND_ID, OPTIONAL),
};

static enum rc say(struct op *op, int64_t person, const struct said *said)
{
    journal_about(op, person, 0, 0, person);
    return journal_says(op, said_fields, COUNT(said_fields), said);
}

/* The security administrators are told; nobody else sees it. */
static enum rc tell_security(struct op *op, struct str title, struct str says,
                             struct said *said)
{
    struct list ids;

    enum rc         rc = accounts_with_role(op, ROLE_SECURITY, SECURITY_MAX, &ids);
    struct telling *rows = arena_many(op->arena, SECURITY_MAX, struct telling);
    const int64_t  *accounts = ids.at;
    if (rc != RC_OK || !rows)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    for (size_t i = 0; i < ids.n; i++)
        rows[i] = (struct telling){ accounts[i], title, says, true };
    said->tell = (struct list){ rows, ids.n };
    return RC_OK;
}

/* ---------------------------------------------------------------- budgets */

static int64_t budget_of_hold(const struct hold *hold)
{
    if (area_level(hold->area) <= LEVEL_COUNTY)
        return LOOKS_OTHERS;
#define BUDGET(role_, n)                                                                   \
    if (hold->role == (role_))                                                             \
        return (n);
    LOOK_BUDGETS(BUDGET)
#undef BUDGET
    return LOOKS_OTHERS;
}

/* Of the widest of those duties that let somebody look there. */
static int64_t budget_of(const struct actor *actor, struct str area)
{
    int64_t most = 0;

    for (size_t i = 0; i < actor->nholds; i++) {
        const struct hold *hold = &actor->holds[i];
        bool               reads = role_rights(hold->role) >> RIGHT_PERSON_READ & 1;
        if (reads && area_within(area, hold->area) && budget_of_hold(hold) > most)
            most = budget_of_hold(hold);
    }
    return most;
}

static int64_t today(const struct op *op)
{
    return id_floor(op->county, clock_day_begins(op->now_ms));
}

/* "社区值守 周岚（滨湖社区）": duty, name and place of who looks, as they are now. */
static struct str who_looks(struct op *op, enum right right, struct str area)
{
    const struct actor *actor = op->actor;

    for (size_t i = 0; i < actor->nholds; i++)
        if (role_rights(actor->holds[i].role) >> right & 1 &&
            area_within(area, actor->holds[i].area)) {
            struct str place = area_name(op, actor->holds[i].area);
            return str_fmt(op->arena, "%.*s %.*s（%.*s）", STR_ARG(actor->holds[i].duty),
                           STR_ARG(actor->name), STR_ARG(place));
        }
    return actor->name.at ? actor->name : STR("");
}

/* ---------------------------------------------------------------- looking */

static bool by_case(enum look_kind kind)
{
    return kind == LOOK_CASE || kind == LOOK_NUMBER || kind == LOOK_REACH;
}

static struct look new_look(struct op *op, int64_t person, enum look_kind kind,
                            struct str area)
{
    return (struct look){
        .county = op->county,
        .id = op_new_id(op),
        .account = op->actor->account,
        .person = person,
        .kind = look_word(kind),
        .who = who_looks(op, by_case(kind) ? RIGHT_CASE_WORK : RIGHT_PERSON_READ, area),
        .fields = shown_by(kind),
        .tie = STR("")
    };
}

/* One more than there are today: kept, and told once a day. */
static enum rc refuse(struct op *op, int64_t person, struct str area, int64_t budget,
                      enum rc *refused)
{
    struct look look = new_look(op, person, LOOK_OVER, area);
    struct said said = { .kind = look.kind };
    int64_t     before = 0;

    *refused = fail(op, RC_DENIED, NULL,
                    "您今天已经看了 %lld 位手上没有事的居民，请明天再看；有急事请找领导。",
                    (long long)budget);
    enum rc rc = look_count_paid(op, look.account, 0, today(op), look.kind, &before);
    if (rc == RC_OK && before == 0) {
        look.person = 0; /* the day's first is remembered as such */
        rc = tell_security(
            op, STR("查看居民信息超出了当天的次数"),
            str_fmt(op->arena,
                    "%.*s今天看了 %lld 位手上没有事的居民，再看时没有让看，请了解情况。",
                    STR_ARG(look.who), (long long)budget),
            &said);
    }
    if (rc == RC_OK)
        rc = look_insert(op, &look);
    return rc == RC_OK ? say(op, person, &said) : rc;
}

/* What it costs: 1, or 0 when this person was paid for today. */
static enum rc cost(struct op *op, int64_t person, struct str area, struct look *look,
                    enum rc *refused)
{
    int64_t budget = budget_of(op->actor, area), spent = 0, paid = 0;

    enum rc rc = person
                     ? look_count_paid(op, look->account, person, today(op), STR(""), &paid)
                     : RC_OK;
    if (rc != RC_OK || paid)
        return rc;
    rc = look_count_costs(op, look->account, today(op), &spent);
    look->costs = 1;
    if (rc == RC_OK && spent >= budget)
        rc = refuse(op, person, area, budget, refused);
    return rc;
}

static enum rc seal_reason(struct op *op, struct str reason, struct look *look)
{
    if (!reason.len)
        return RC_OK;
    return seal(op, PLACE("looks", "reason", look->id, look->person), reason,
                &look->reason);
}

static enum rc keep(struct op *op, const struct person *person, struct str reason,
                    struct look *look)
{
    struct said said = {
        .kind = look->kind, .fields = look->fields, .tie = look->tie, .reason = reason
    };

    enum rc rc = seal_reason(op, reason, look);
    if (rc == RC_OK)
        rc = look_insert(op, look);
    if (rc == RC_OK && person->decoy)
        rc = tell_security(op, STR("有人打开了诱饵人员"),
                           str_fmt(op->arena, "%.*s打开了诱饵人员的信息，请了解情况。",
                                   STR_ARG(look->who)),
                           &said);
    return rc == RC_OK ? say(op, person->id, &said) : rc;
}

enum rc look_at(struct op *op, const struct person *person, enum look_kind kind,
                struct str reason, struct tie *tie, enum rc *refused)
{
    struct look look = new_look(op, person->id, kind, person->grid);

    *refused = RC_OK;
    reason = str_trim(reason);
    enum rc rc = keepers_tie(op, person->id, tie);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    bool tied = rc == RC_OK;
    if (!tied && !reason.len)
        return fail(op, RC_REFUSED, "reason",
                    "您手上没有这位居民的事。请写明为什么要看，本人能看到。");
    look.tie = tie->says;
    look.tie_id = tie->id;
    rc = tied ? RC_OK : cost(op, person->id, person->grid, &look, refused);
    return rc == RC_OK && *refused == RC_OK ? keep(op, person, reason, &look) : rc;
}

/* Confidential cases have no decoys and no budget: there are few who may, and each says
 * why. */
enum rc look_inside(struct op *op, const struct looked_case *at, struct str reason)
{
    struct look look = new_look(op, at->person, LOOK_CASE, at->area);

    reason = str_trim(reason);
    if (!at->tie.len && !reason.len)
        return fail(op, RC_REFUSED, "reason",
                    "这件事是保密的，现在不在您手上。请写明为什么要看，报的人能看到。");
    look.tie = at->tie.at ? at->tie : STR("");
    look.tie_id = at->id;
    return keep(op, &(struct person){ .id = at->person }, reason, &look);
}

enum rc look_number(struct op *op, enum look_kind kind, const struct looked_case *at,
                    const struct person *people, size_t n)
{
    int64_t *ids = arena_many(op->arena, n + 1, int64_t);
    enum rc  rc = ids ? RC_OK : RC_TOO_LARGE;

    for (size_t i = 0; rc == RC_OK && (i < n || i == 0); i++) {
        struct look look = new_look(op, n ? people[i].id : 0, kind, at->area);
        look.tie = at->tie;
        look.tie_id = at->id;
        ids[i] = look.person;
        rc = look_insert(op, &look);
    }
    if (rc != RC_OK)
        return rc;
    return say(op, n == 1 ? ids[0] : 0,
               &(struct said){ .kind = look_word(kind),
                               .area = at->area,
                               .fields = shown_by(kind),
                               .tie = at->tie,
                               .people = { ids, n } });
}

enum rc look_inside_last(struct op *op, int64_t account, int64_t case_id, int64_t *at_ms)
{
    int64_t last = 0;

    enum rc rc = look_last_case(op, account, case_id, &last);
    *at_ms = last ? id_ms(last) : 0;
    return rc;
}

enum rc look_denied(struct op *op, int64_t person)
{
    return say(op, person, &(struct said){ .kind = STR("denied") });
}

/* ------------------------------------------------------------------ lists */

/* Has the looker something to do for each of them?  Ends at the first for whom not. */
static enum rc all_tied(struct op *op, const struct person *people, size_t n, bool *tied)
{
    struct arena_mark mark = arena_mark(op->arena);
    struct tie        tie;
    enum rc           rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = keepers_tie(op, people[i].id, &tie);
        arena_back(op->arena, mark);
    }
    *tied = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc keep_listed(struct op *op, enum look_kind kind, struct str area,
                           const struct person *people, size_t n, int64_t *ids)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        struct look look = new_look(op, people[i].id, kind, area);
        ids[i] = people[i].id;
        rc = look_insert(op, &look);
    }
    return rc;
}

enum rc look_through(struct op *op, struct str area, struct str by,
                     const struct person *people, size_t n, enum rc *refused)
{
    struct look look = new_look(op, 0, LOOK_LIST, area);
    int64_t    *ids = arena_many(op->arena, n + 1, int64_t);
    bool        tied;

    *refused = RC_OK;
    enum rc rc = ids ? all_tied(op, people, n, &tied) : RC_TOO_LARGE;
    if (rc == RC_OK && !tied)
        rc = cost(op, 0, area, &look, refused);
    if (rc != RC_OK || *refused != RC_OK)
        return rc;
    rc = look_insert(op, &look);
    if (rc == RC_OK)
        rc = keep_listed(op, LOOK_LISTED, area, people, n, ids);
    if (rc != RC_OK)
        return rc;
    return say(
        op, 0,
        &(struct said){ .kind = look.kind, .area = area, .by = by, .people = { ids, n } });
}

/* Those that were paid for are counted with them: there are few. */
static enum rc check_calls(struct op *op, int64_t account, struct str kind,
                           enum rc *refused)
{
    int64_t calls = 0;

    enum rc rc = look_count_paid(op, account, 0, today(op), kind, &calls);
    if (rc == RC_OK && calls >= LOOKS_CALLING)
        *refused = fail(op, RC_DENIED, NULL,
                        "您今天已经按来电号码查了 %lld 次，请换一位同事接听，或者找领导。",
                        (long long)calls);
    return rc;
}

enum rc look_calling(struct op *op, struct str area, const struct person *people, size_t n,
                     enum rc *refused)
{
    struct look look = new_look(op, 0, LOOK_CALL, area);
    int64_t    *ids = arena_many(op->arena, n + 1, int64_t);

    *refused = RC_OK;
    enum rc rc = ids ? check_calls(op, look.account, look.kind, refused) : RC_TOO_LARGE;
    if (rc != RC_OK || *refused != RC_OK)
        return rc;
    rc = look_insert(op, &look);
    if (rc == RC_OK)
        rc = keep_listed(op, LOOK_CALL, area, people, n, ids);
    if (rc != RC_OK)
        return rc;
    return say(op, 0,
               &(struct said){ .kind = look.kind,
                               .area = area,
                               .by = STR("phone"),
                               .reason = STR("来电"),
                               .people = { ids, n } });
}

enum rc look_exported(struct op *op, const struct actor *asker, struct str area,
                      const int64_t *people, size_t n)
{
    struct op as = *op;
    enum rc   rc = RC_OK;

    as.actor = asker;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        struct arena_mark mark = arena_mark(op->arena);
        struct look       look = new_look(&as, people[i], LOOK_EXPORT, area);
        rc = look_insert(op, &look);
        arena_back(op->arena, mark);
    }
    return rc;
}

/* ---------------------------------------------------------------- reading */

enum rc looks_at_person(struct op *op, int64_t person, int64_t before, size_t most,
                        struct list *looks)
{
    return look_select_person(op, person, before ? before : INT64_MAX, most, looks);
}

enum rc looks_at_case(struct op *op, int64_t case_id, int64_t before, size_t most,
                      struct list *looks)
{
    return look_select_case(op, case_id, before ? before : INT64_MAX, most, looks);
}

enum rc looks_by_account(struct op *op, int64_t account, int64_t from_ms, int64_t until_ms,
                         int64_t before, size_t most, struct list *looks)
{
    int64_t until = until_ms > ID_EPOCH_MS ? id_floor(op->county, until_ms) : INT64_MAX;
    int64_t from = from_ms > ID_EPOCH_MS ? id_floor(op->county, from_ms) : 0;

    return look_select_account(op, account, from, before && before < until ? before : until,
                               most, looks);
}

enum rc looks_opened(struct op *op, int64_t person, int64_t *times, int64_t *last_ms)
{
    int64_t last = 0;

    enum rc rc = look_count_opened(op, person, times, &last);
    *last_ms = last ? id_ms(last) : 0;
    return rc;
}

enum rc look_reason(struct op *op, const struct look *look, struct str *reason)
{
    *reason = STR_NONE;
    if (!look->reason.len)
        return RC_OK;
    enum rc rc =
        unseal(op, PLACE("looks", "reason", look->id, look->person), look->reason, reason);
    return rc == RC_GONE ? RC_OK : rc;
}
