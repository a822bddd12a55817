#include "engine/case/holder.h"

#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/leave.h"
#include "registry/called.h"
#include "registry/org.h"

enum { PEOPLE_MAX = 20, LABEL_CHARS = 4 };

struct holder holder_read(struct str text)
{
    struct holder holder = { 0 };

    if (text.len < 3)
        return holder;
    struct str rest = str_skip(text, 2);
    if (text.at[0] == 'a' && str_int64(rest, &holder.id))
        holder.kind = HOLDER_ACCOUNT;
    else if (text.at[0] == 'o' && str_int64(rest, &holder.id))
        holder.kind = HOLDER_ORG;
    else if (text.at[0] == 'd') {
        struct str_cut cut = str_cut(rest, '@');
        holder = (struct holder){ .kind = HOLDER_DUTY, .duty = cut.head, .area = cut.tail };
    }
    return holder;
}

struct str holder_write(struct op *op, struct holder holder)
{
    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return str_fmt(op->arena, "a:%lld", (long long)holder.id);
    case HOLDER_ORG:
        return str_fmt(op->arena, "o:%lld", (long long)holder.id);
    case HOLDER_DUTY:
        return str_fmt(op->arena, "d:%.*s@%.*s", STR_ARG(holder.duty),
                       STR_ARG(holder.area));
    case HOLDER_NONE:
        break;
    }
    return STR("");
}

/* `alone`: the name of who alone has the duty, or empty. */
static struct str title_of(struct op *op, struct holder holder, struct str alone)
{
    struct str area;

    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return account_title(op, holder.id);
    case HOLDER_ORG:
        return called_org(op, holder.id);
    case HOLDER_DUTY:
        if (alone.len)
            return str_fmt(op->arena, "%.*s %.*s", STR_ARG(holder.duty), STR_ARG(alone));
        area = area_name(op, holder.area);
        return str_fmt(op->arena, "%.*s（%.*s）", STR_ARG(holder.duty), STR_ARG(area));
    case HOLDER_NONE:
        break;
    }
    return STR("");
}

static struct str shorten(struct str text)
{
    struct str rest = text;

    for (int i = 0; i < LABEL_CHARS && rest.len; i++)
        (void)str_utf8_next(&rest);
    return str_slice(text.at, text.len - rest.len);
}

static struct str label_of(struct op *op, struct holder holder, struct str alone)
{
    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return shorten(account_name(op, holder.id));
    case HOLDER_ORG:
        return shorten(called_org(op, holder.id));
    case HOLDER_DUTY:
        return shorten(alone.len ? alone : holder.duty);
    case HOLDER_NONE:
        break;
    }
    return STR("");
}

static struct str alone_of(struct op *op, struct holder holder)
{
    return holder.kind == HOLDER_DUTY ? called_alone(op, holder.duty, holder.area).name
                                      : STR_NONE;
}

struct str holder_title(struct op *op, struct str text)
{
    struct holder holder = holder_read(text);

    return title_of(op, holder, alone_of(op, holder));
}

struct str holder_label(struct op *op, struct str text)
{
    struct holder holder = holder_read(text);

    return label_of(op, holder, alone_of(op, holder));
}

static struct holder_names *names_of(struct op *op, struct a_case *it)
{
    if (!it->names)
        it->names = arena_new(op->arena, struct holder_names);
    return it->names;
}

/* Where the name is kept, or a place for it: after a few that are taken the first gives
 * way. */
static struct known_name *slot_of(struct op *op, struct a_case *it, struct str text)
{
    static const struct known_name nothing = { 0 };
    struct holder_names           *names = names_of(op, it);
    size_t                         home = str_hash(text) % NAMES_KEPT;

    if (!names)
        return NULL;
    for (size_t i = 0; i < NAMES_TRIED; i++) {
        struct known_name *name = &names->known[(home + i) % NAMES_KEPT];
        if (!name->text.at)
            name->text = text;
        if (str_eq(name->text, text))
            return name;
    }
    names->known[home] = nothing;
    names->known[home].text = text;
    return &names->known[home];
}

static struct str area_from_county(struct op *op, struct str code)
{
    return area_path(op, code, LEVEL_COUNTY);
}

/* One of its names, made when it is asked for first. */
static struct str known_as(struct op *op, struct a_case *it, struct str text,
                           enum known_how how)
{
    static struct str (*const ways[KNOWN_HOW])(struct op *, struct str) = {
        [AS_TITLE] = holder_title,
        [AS_LABEL] = holder_label,
        [AS_AREA] = area_name,
        [AS_AREA_PATH] = area_from_county,
    };
    struct known_name *name = slot_of(op, it, text);

    if (!name)
        return STR("");
    if (!name->as[how].at)
        name->as[how] = ways[how](op, text);
    return name->as[how];
}

struct str case_holder_title(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.holder, AS_TITLE);
}

struct str case_holder_label(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.holder, AS_LABEL);
}

struct str case_before_label(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.before, AS_LABEL);
}

struct str case_area_name(struct op *op, struct a_case *it, struct str code)
{
    return known_as(op, it, code, AS_AREA);
}

struct str case_area_path(struct op *op, struct a_case *it, struct str code)
{
    return known_as(op, it, code, AS_AREA_PATH);
}

/* Told, too, of what comes to whoever is away. */
static size_t stand_ins_for(struct op *op, int64_t account, int64_t *accounts, size_t most)
{
    struct list found = { 0 };

    if (!most || leave_stand_ins(op, account, most, &found) != RC_OK)
        return 0;
    for (size_t i = 0; i < found.n; i++)
        accounts[i] = ((const int64_t *)found.at)[i];
    return found.n;
}

size_t holder_people(struct op *op, struct holder holder, int64_t *accounts, size_t most)
{
    struct list found = { 0 };
    enum rc     rc = RC_OK;

    if (holder.kind == HOLDER_ACCOUNT && most) {
        accounts[0] = holder.id;
        return 1 + stand_ins_for(op, holder.id, accounts + 1, most - 1);
    }
    if (holder.kind == HOLDER_DUTY)
        return called_on_duty(op, holder.duty, holder.area, accounts, most);
    if (holder.kind == HOLDER_ORG)
        rc = colleagues_of_org(op, holder.id, most, &found);
    const struct colleague *people = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        accounts[i] = people[i].account;
    return rc == RC_OK ? found.n : 0;
}

static int level_of_account(struct op *op, int64_t id)
{
    struct actor actor;
    int          highest = 0;

    if (account_actor(op, id, &actor) != RC_OK)
        return 0;
    for (size_t i = 0; i < actor.nholds; i++) {
        int level = area_level(actor.holds[i].area);
        if (!actor.holds[i].stands_in_for && (!highest || level < highest))
            highest = level;
    }
    return highest;
}

int holder_level(struct op *op, struct holder holder)
{
    struct org org;

    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return level_of_account(op, holder.id);
    case HOLDER_ORG:
        return org_find(op, holder.id, &org) == RC_OK ? area_level(org.area) : 0;
    case HOLDER_DUTY:
        return area_level(holder.area);
    case HOLDER_NONE:
        break;
    }
    return 0;
}

/* While it lasts: the hold is in force only then. */
static bool stands_in_for(const struct actor *actor, int64_t account)
{
    for (size_t i = 0; i < actor->nholds; i++)
        if (account && actor->holds[i].stands_in_for == account)
            return true;
    return false;
}

/* A duty counts in exactly its area: the one above has a holder of its own. */
bool holder_is(const struct actor *actor, struct str text)
{
    struct holder holder = holder_read(text);

    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return actor->account == holder.id || stands_in_for(actor, holder.id);
    case HOLDER_ORG:
        return actor_in_org(actor, holder.id);
    case HOLDER_DUTY:
        for (size_t i = 0; i < actor->nholds; i++)
            if (str_eq(actor->holds[i].duty, holder.duty) &&
                str_eq(actor->holds[i].area, holder.area))
                return true;
        return false;
    case HOLDER_NONE:
        break;
    }
    return false;
}

static void add_text(struct str *texts, size_t *n, struct str text)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(texts[i], text))
            return;
    texts[(*n)++] = text;
}

struct str *holder_texts(struct op *op, const struct actor *actor, size_t *n)
{
    struct str *texts = arena_many(op->arena, actor->nholds * 3 + 1, struct str);

    *n = 0;
    if (!texts)
        return NULL;
    add_text(texts, n,
             holder_write(op, (struct holder){ HOLDER_ACCOUNT, actor->account, STR_NONE,
                                               STR_NONE }));
    for (size_t i = 0; i < actor->nholds; i++) {
        const struct hold *hold = &actor->holds[i];
        add_text(
            texts, n,
            holder_write(op, (struct holder){ HOLDER_DUTY, 0, hold->duty, hold->area }));
        if (hold->stands_in_for)
            add_text(texts, n,
                     holder_write(op, (struct holder){ HOLDER_ACCOUNT, hold->stands_in_for,
                                                       STR_NONE, STR_NONE }));
        if (hold->org)
            add_text(texts, n,
                     holder_write(
                         op, (struct holder){ HOLDER_ORG, hold->org, STR_NONE, STR_NONE }));
    }
    return texts;
}

/* --------------------------------------------------------------- finding */

bool holder_works(struct op *op, struct holder holder)
{
    struct account account;
    int64_t        one;

    if (holder.kind == HOLDER_ACCOUNT)
        return account_find(op, holder.id, &account) == RC_OK &&
               str_eq(account.state, STR("active"));
    return holder_people(op, holder, &one, 1) > 0;
}

/* The duty in its area, or the first above it that somebody holds; when nobody
 * does all the way up, the topmost, so that it stands somewhere. */
static struct holder manned(struct op *op, const struct a_case *it, struct holder holder)
{
    for (;;) {
        const struct scene_duty *duty = scene_duty(it->scene, holder.duty);
        if (holder_works(op, holder) || !duty || !duty->above.len)
            return holder;
        const struct scene_duty *above = scene_duty(it->scene, duty->above);
        struct str area = above ? area_at_level(it->row.area, above->level) : STR_NONE;
        if (!area.at)
            return holder;
        holder = (struct holder){ HOLDER_DUTY, 0, above->name, area };
    }
}

enum rc holder_of_target(struct op *op, const struct a_case *it,
                         const struct case_target *target, struct holder *holder)
{
    struct org org;
    enum rc    rc = RC_OK;

    switch (target->kind) {
    case TARGET_RELATION:
        *holder =
            target->relation == RELATION_REPORTER
                ? (struct holder){ HOLDER_ACCOUNT, it->row.reporter, STR_NONE, STR_NONE }
                : holder_read(it->row.holder);
        return RC_OK;
    case TARGET_DUTY:
        *holder =
            manned(op, it, (struct holder){ HOLDER_DUTY, 0, target->duty, target->area });
        return RC_OK;
    case TARGET_ORG:
        rc = org_with_duty(op, target->duty, target->area.at ? target->area : it->row.area,
                           &org);
        *holder = (struct holder){ HOLDER_ORG, org.id, STR_NONE, STR_NONE };
        return rc == RC_NOT_FOUND
                   ? fail(op, RC_REFUSED, "target", "这里没有负责“%.*s”的单位。",
                          STR_ARG(target->duty))
                   : rc;
    }
    return RC_INTERNAL;
}

enum rc holder_above(struct op *op, const struct a_case *it, struct holder *holder)
{
    const struct scene_duty *duty = scene_duty(it->scene, it->row.duty);
    const struct scene_duty *above =
        duty && duty->above.len ? scene_duty(it->scene, duty->above) : NULL;
    struct str area = above ? area_at_level(it->row.area, above->level) : STR_NONE;

    if (!area.at)
        return RC_NOT_FOUND;
    *holder = manned(op, it, (struct holder){ HOLDER_DUTY, 0, above->name, area });
    return holder_works(op, *holder) ? RC_OK : RC_NOT_FOUND;
}

static enum rc nobody(struct op *op)
{
    return fail(op, RC_REFUSED, "target", "没有找到要派给的人或单位，请重新选。");
}

enum rc holder_chosen(struct op *op, const struct move_target *target,
                      struct holder *holder)
{
    struct account account;
    struct org     org;
    enum rc        rc;

    *holder =
        (struct holder){ .id = target->id, .duty = target->duty, .area = target->area };
    if (str_eq(target->kind, STR("account"))) {
        holder->kind = HOLDER_ACCOUNT;
        rc = account_find(op, target->id, &account);
        bool works = rc == RC_OK && str_eq(account.state, STR("active")) &&
                     !str_eq(account.client, STR("resident"));
        return rc == RC_NOT_FOUND || (rc == RC_OK && !works) ? nobody(op) : rc;
    }
    if (str_eq(target->kind, STR("org"))) {
        holder->kind = HOLDER_ORG;
        rc = org_find(op, target->id, &org);
        return rc == RC_NOT_FOUND || (rc == RC_OK && !holder_works(op, *holder))
                   ? nobody(op)
                   : rc;
    }
    holder->kind = HOLDER_DUTY;
    if (!str_eq(target->kind, STR("duty")) || !target->duty.len ||
        !area_level(target->area))
        return nobody(op);
    return holder_works(op, *holder) ? RC_OK : nobody(op);
}
