#include "guard/origin.h"

#include <strings.h>

static bool same_word(struct str a, struct str b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/* The media type alone: "application/json; charset=utf-8" is JSON. */
static bool takes(const struct origin_asking *asking)
{
    struct str type = str_trim(str_cut(asking->content_type, ';').head);

    if (asking->ncontent_types == 0)
        return true;
    for (size_t i = 0; i < asking->ncontent_types; i++)
        if (same_word(type, asking->content_types[i]))
            return true;
    return false;
}

static bool from_elsewhere(const struct origin_asking *asking)
{
    if (asking->fetch_site.at && !str_eq(asking->fetch_site, STR("same-origin")))
        return true;
    if (!asking->origin.at) /* no browser, or one that tells by Sec-Fetch-Site */
        return false;
    for (size_t i = 0; i < asking->nown; i++)
        if (same_word(asking->origin, asking->own[i]))
            return false;
    return true; /* also "null": a sandboxed frame, a file */
}

enum rc origin_check(const struct origin_asking *asking)
{
    if (!asking->writes)
        return RC_OK;
    if (from_elsewhere(asking) || !str_eq(asking->own_header, STR("1")))
        return RC_DENIED;
    return takes(asking) ? RC_OK : RC_UNSUPPORTED;
}
