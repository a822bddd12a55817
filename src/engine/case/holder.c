#include "engine/case/holder.h"

#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"
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

static struct str org_name(struct op *op, int64_t id)
{
    struct org org;

    return org_find(op, id, &org) == RC_OK ? org.name : STR("");
}

/* The one colleague with the duty there; none when there are several. */
static bool only_one(struct op *op, struct holder holder, struct colleague *one)
{
    struct list found;

    if (colleagues_with_duty(op, holder.duty, holder.area, 2, &found) != RC_OK ||
        found.n != 1)
        return false;
    *one = *(const struct colleague *)found.at;
    return true;
}

/* `one`: who alone has the duty, or NULL. */
static struct str title_of(struct op *op, struct holder holder, const struct colleague *one)
{
    struct str area;

    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return account_title(op, holder.id);
    case HOLDER_ORG:
        return org_name(op, holder.id);
    case HOLDER_DUTY:
        if (one)
            return str_fmt(op->arena, "%.*s %.*s", STR_ARG(holder.duty),
                           STR_ARG(one->name));
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

static struct str label_of(struct op *op, struct holder holder, const struct colleague *one)
{
    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return shorten(account_name(op, holder.id));
    case HOLDER_ORG:
        return shorten(org_name(op, holder.id));
    case HOLDER_DUTY:
        return shorten(one ? one->name : holder.duty);
    case HOLDER_NONE:
        break;
    }
    return STR("");
}

static const struct colleague *alone(struct op *op, struct holder holder,
                                     struct colleague *one)
{
    return holder.kind == HOLDER_DUTY && only_one(op, holder, one) ? one : NULL;
}

struct str holder_title(struct op *op, struct str text)
{
    struct holder    holder = holder_read(text);
    struct colleague one;

    return title_of(op, holder, alone(op, holder, &one));
}

struct str holder_label(struct op *op, struct str text)
{
    struct holder    holder = holder_read(text);
    struct colleague one;

    return label_of(op, holder, alone(op, holder, &one));
}

static void name_holder(struct op *op, struct holder holder, struct holder_name *name)
{
    struct colleague        one;
    const struct colleague *found = alone(op, holder, &one);

    if (holder.kind == HOLDER_ACCOUNT) {
        account_names(op, holder.id, &name->label, &name->title);
        name->label = shorten(name->label);
        return;
    }
    name->title = title_of(op, holder, found);
    name->label = label_of(op, holder, found);
}

static const struct holder_name *known_as(struct op *op, struct a_case *it, struct str text)
{
    static const struct holder_name nobody = { 0 };
    struct holder_names            *names = it->names;

    if (!names)
        names = it->names = arena_new(op->arena, struct holder_names);
    if (!names)
        return &nobody;
    for (size_t i = 0; i < HOLDER_NAMES && i < names->n; i++)
        if (str_eq(names->known[i].text, text))
            return &names->known[i];
    struct holder_name *name = &names->known[names->n++ % HOLDER_NAMES];
    name->text = text;
    name_holder(op, holder_read(text), name);
    return name;
}

struct str case_holder_title(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.holder)->title;
}

struct str case_holder_label(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.holder)->label;
}

struct str case_before_label(struct op *op, struct a_case *it)
{
    return known_as(op, it, it->row.before)->label;
}

size_t holder_people(struct op *op, struct holder holder, int64_t *accounts, size_t most)
{
    struct list found = { 0 };
    enum rc     rc = RC_OK;

    if (holder.kind == HOLDER_ACCOUNT && most) {
        accounts[0] = holder.id;
        return 1;
    }
    if (holder.kind == HOLDER_ORG)
        rc = colleagues_of_org(op, holder.id, most, &found);
    if (holder.kind == HOLDER_DUTY)
        rc = colleagues_with_duty(op, holder.duty, holder.area, most, &found);
    const struct colleague *people = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        accounts[i] = people[i].account;
    return rc == RC_OK ? found.n : 0;
}

/* A duty counts in exactly its area: the one above has a holder of its own. */
bool holder_is(const struct actor *actor, struct str text)
{
    struct holder holder = holder_read(text);

    switch (holder.kind) {
    case HOLDER_ACCOUNT:
        return actor->account == holder.id;
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
    struct str *texts = arena_many(op->arena, actor->nholds * 2 + 1, struct str);

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
        if (hold->org)
            add_text(texts, n,
                     holder_write(
                         op, (struct holder){ HOLDER_ORG, hold->org, STR_NONE, STR_NONE }));
    }
    return texts;
}

/* --------------------------------------------------------------- finding */

static bool anybody(struct op *op, struct holder holder)
{
    int64_t one;

    return holder_people(op, holder, &one, 1) > 0;
}

/* The duty in its area, or the first above it that somebody holds; when nobody
 * does all the way up, the topmost, so that it stands somewhere. */
static struct holder manned(struct op *op, const struct a_case *it, struct holder holder)
{
    for (;;) {
        const struct scene_duty *duty = scene_duty(it->scene, holder.duty);
        if (anybody(op, holder) || !duty || !duty->above.len)
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
    return anybody(op, *holder) ? RC_OK : RC_NOT_FOUND;
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
        return rc == RC_NOT_FOUND || (rc == RC_OK && !anybody(op, *holder)) ? nobody(op)
                                                                            : rc;
    }
    holder->kind = HOLDER_DUTY;
    if (!str_eq(target->kind, STR("duty")) || !target->duty.len ||
        !area_level(target->area))
        return nobody(op);
    return anybody(op, *holder) ? RC_OK : nobody(op);
}
