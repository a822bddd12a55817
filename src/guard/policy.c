#include "guard/policy.h"

#include "guard/factor_store.h"

enum { CHARS_MAX = 64, CLASSES_MAX = 4, DAYS_MAX = 3650 };

const struct field policy_fields[POLICY_FIELDS] = {
    FIELD(struct policy, kind, REQUIRED, .max = 10, .title = STR_INIT("哪类账号"),
          .note = STR_INIT("resident、staff 或 admin")),
    FIELD(struct policy, chars, REQUIRED, .min = 8, .max = CHARS_MAX,
          .title = STR_INIT("密码至少几个字")),
    FIELD(struct policy, classes, .min = 0, .max = CLASSES_MAX,
          .title = STR_INIT("密码至少几类字"),
          .note = STR_INIT("小写、大写、数字、其他；0 是不要求")),
    FIELD(struct policy, days, .min = 0, .max = DAYS_MAX,
          .title = STR_INIT("密码多少天一换"), .note = STR_INIT("0 是不要求")),
    FIELD(struct policy, factor, REQUIRED, .max = 10, .title = STR_INIT("第二重验证"),
          .note = STR_INIT("none、totp（动态口令或通行密钥）或 passkey（通行密钥）")),
    FIELD(struct policy, area, .max = 15, .title = STR_INIT("哪个区县"),
          .note = STR_INIT("不写时是自己的")),
};

static const struct policy defaults[] = {
    [CLIENT_RESIDENT] = { .chars = 8, .factor = STR_INIT("none") },
    [CLIENT_STAFF] = { .chars = 12, .factor = STR_INIT("totp") },
    [CLIENT_ADMIN] = { .chars = 15, .factor = STR_INIT("passkey") },
};

static const struct str factors[] = {
    [DEMAND_NONE] = STR_INIT("none"),
    [DEMAND_TOTP] = STR_INIT("totp"),
    [DEMAND_PASSKEY] = STR_INIT("passkey"),
};

struct policy policy_default(enum client kind)
{
    assert(kind < COUNT(defaults));
    struct policy policy = defaults[kind];
    policy.kind = client_word(kind);
    return policy;
}

enum rc policy_of(struct op *op, enum client kind, struct policy *policy)
{
    *policy = policy_default(kind);
    enum rc rc = policy_row_find(op, policy->kind, policy);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum demand policy_demand(const struct policy *policy)
{
    for (enum demand demand = DEMAND_NONE; demand < DEMAND_PASSKEY; demand++)
        if (str_eq(factors[demand], policy->factor))
            return demand;
    return DEMAND_PASSKEY;
}

static enum rc known_factor(struct op *op, struct str factor)
{
    for (size_t i = 0; i < COUNT(factors); i++)
        if (str_eq(factors[i], factor))
            return RC_OK;
    return fail(op, RC_INVALID, "factor", "第二重验证要写 none、totp 或 passkey。");
}

enum rc policy_set(struct op *op, const struct policy *policy)
{
    enum client kind = CLIENT_RESIDENT;

    while (kind < COUNT(defaults) && !str_eq(client_word(kind), policy->kind))
        kind++;
    if (kind == COUNT(defaults))
        return fail(op, RC_INVALID, "kind", "账号分 resident、staff、admin 三类。");
    if (policy->chars < defaults[kind].chars)
        return fail(op, RC_REFUSED, "chars", "这类账号的密码至少要 %lld 个字。",
                    (long long)defaults[kind].chars);
    if (kind == CLIENT_RESIDENT && policy->days)
        return fail(op, RC_REFUSED, "days", "居民的密码不要求定期更换。");
    enum rc rc = known_factor(op, policy->factor);
    /* Administrators without a name to call the server by have no passkey: a code does. */
    if (rc == RC_OK && kind != CLIENT_RESIDENT && policy_demand(policy) == DEMAND_NONE)
        rc = fail(op, RC_REFUSED, "factor", "工作人员和管理员登录要有第二重验证。");
    if (rc == RC_OK)
        rc = policy_row_put(op, policy);
    return rc == RC_OK ? sessions_end_kind(op, kind) : rc;
}
