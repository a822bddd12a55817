#include "app/reach.h"

#include "app/settings.h"
#include "engine/case/case.h"
#include "engine/upper/upper.h"
#include "http/address.h"

enum { NETWORKS_MAX = 32 };

/* Networks that are nobody's on the Internet; the last ones carry IPv4 inside IPv6. */
static const struct str inner[] = {
    STR_INIT("0.0.0.0/8"),    STR_INIT("10.0.0.0/8"),     STR_INIT("100.64.0.0/10"),
    STR_INIT("127.0.0.0/8"),  STR_INIT("169.254.0.0/16"), STR_INIT("172.16.0.0/12"),
    STR_INIT("192.0.0.0/24"), STR_INIT("192.168.0.0/16"), STR_INIT("198.18.0.0/15"),
    STR_INIT("224.0.0.0/3"),  STR_INIT("::/128"),         STR_INIT("::1/128"),
    STR_INIT("fc00::/7"),     STR_INIT("fe80::/10"),      STR_INIT("ff00::/8"),
    STR_INIT("64:ff9b::/96"), STR_INIT("2002::/16"),
};

/* Told once, before threads start; afterwards only read. */
static struct network  inner_networks[COUNT(inner)];
static struct network  listed[NETWORKS_MAX];
static struct networks allowed = { listed, 0 };

bool reach_may(const struct sockaddr *to)
{
    struct address address = address_of(to);

    return networks_hold(allowed, address) ||
           !networks_hold((struct networks){ inner_networks, COUNT(inner) }, address);
}

static enum rc read_networks(const struct config *config, struct problems *problems)
{
    struct str words[NETWORKS_MAX];
    size_t     n = settings_words(config->upper_networks, words, NETWORKS_MAX);

    for (size_t i = 0; i < COUNT(inner); i++)
        if (!network_parse(inner[i], &inner_networks[i]))
            return RC_INTERNAL;
    for (allowed.n = 0; allowed.n < n; allowed.n++)
        if (!network_parse(words[allowed.n], &listed[allowed.n])) {
            problem_add(problems, STR_NONE,
                        "LINLI_UPPER_NETWORKS 里的“%.*s”不是网段，例如 10.1.0.0/16。",
                        STR_ARG(words[allowed.n]));
            return RC_REFUSED;
        }
    return RC_OK;
}

static enum rc read_platforms(struct arena *arena, const struct config *config,
                              struct problems *problems, struct upper_options *options)
{
    struct str             words[UPPER_PLATFORMS_MAX];
    struct upper_platform *all =
        arena_many(arena, UPPER_PLATFORMS_MAX, struct upper_platform);

    if (!all)
        return RC_NO_MEMORY;
    options->n = settings_words(config->upper, words, UPPER_PLATFORMS_MAX);
    for (size_t i = 0; i < options->n; i++)
        if (!upper_platform_parse(arena, words[i], &all[i])) {
            problem_add(problems, STR_NONE,
                        "LINLI_UPPER 里的“%.*s”要写成 420602=https://平台的地址/路径。",
                        STR_ARG(words[i]));
            return RC_REFUSED;
        }
    options->platforms = all;
    return RC_OK;
}

enum rc reach_open(struct arena *arena, const struct config *config,
                   struct problems *problems)
{
    struct upper_options options = { .may_reach = reach_may };

    enum rc rc = read_networks(config, problems);
    if (rc == RC_OK)
        rc = read_platforms(arena, config, problems, &options);
    if (rc != RC_OK)
        return rc;
    if (config->upper_ca.len)
        options.ca = str_z(arena, config->upper_ca);
    upper_told(&options);
    case_platform(upper_here);
    return RC_OK;
}

void reach_close(void)
{
    upper_told(&(struct upper_options){ 0 });
    allowed.n = 0;
}
