#include "engine/upper/upper.h"

#include "engine/upper/say.h"
#include "engine/upper/upper_store.h"
#include "registry/area.h"

/* Told once, before threads start; afterwards only read. */
static struct upper_options options;

void upper_told(const struct upper_options *told)
{
    options = *told;
}

const struct upper_options *upper_options_told(void)
{
    return &options;
}

const struct upper_platform *upper_platform(struct op *op)
{
    struct str code;

    if (!options.n || county_code(op, op->county, &code) != RC_OK)
        return NULL;
    for (size_t i = 0; i < options.n; i++)
        if (str_eq(options.platforms[i].county, code))
            return &options.platforms[i];
    return NULL;
}

bool upper_here(struct op *op)
{
    return upper_platform(op) != NULL;
}

/* ---- what the settings say ---- */

static bool is_code(struct str text)
{
    bool digits = text.len == 6;

    for (size_t i = 0; digits && i < text.len; i++)
        digits = text.at[i] >= '0' && text.at[i] <= '9';
    return digits;
}

/* No user, no query, no fragment, nothing that must be escaped: this is signed as it
 * stands. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] >= 0x7f ||
            strchr("@?#%\\\"<>{}|^`", text.at[i]))
            return false;
    return text.len > 0;
}

/* A number, not a name that begins like one. */
static bool here_only(struct str host)
{
    size_t n = 0;

    while (n < host.len && (host.at[n] == '.' || (host.at[n] >= '0' && host.at[n] <= '9')))
        n++;
    bool number = n == host.len || host.at[n] == ':' || host.at[n] == '/';
    return (number && str_starts(host, STR("127."))) ||
           str_starts(host, STR("localhost:")) || str_starts(host, STR("[::1]"));
}

bool upper_platform_parse(struct arena *arena, struct str text,
                          struct upper_platform *platform)
{
    struct str_cut sides = str_cut(text, '=');
    struct str     base = sides.tail;
    bool           tls = str_starts(base, STR("https://"));

    if (!sides.ok || !is_code(sides.head) || (!tls && !str_starts(base, STR("http://"))))
        return false;
    struct str rest = str_skip(base, tls ? 8 : 7);
    if (!is_plain(rest) || rest.at[0] == '/' || (!tls && !here_only(rest)))
        return false;
    while (str_ends(base, STR("/")))
        base.len--;
    *platform = (struct upper_platform){ sides.head, str_cat(arena, base, STR("/")) };
    return platform->base.at != NULL;
}

enum rc upper_each(struct op *op, enum rc (*each)(void *context, struct op *op),
                   void      *context)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < options.n && rc == RC_OK; i++) {
        rc = county_of_area(op, options.platforms[i].county, &op->county);
        if (rc == RC_OK)
            rc = each(context, op);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    return rc;
}

enum rc upper_waiting(struct op *op, struct upper_waiting *waiting)
{
    int64_t stuck_ms = 0;

    enum rc rc = upper_message_count_all(op, MESSAGE_WAITING, &waiting->waiting,
                                         &waiting->oldest_ms);
    if (rc == RC_OK)
        rc = upper_message_count_all(op, MESSAGE_STUCK, &waiting->stuck, &stuck_ms);
    if (stuck_ms && (!waiting->oldest_ms || stuck_ms < waiting->oldest_ms))
        waiting->oldest_ms = stuck_ms;
    return rc;
}

/* ---- what is kept of persons ---- */

static enum rc blank(struct op *op, const struct whose *whose)
{
    const int64_t *subjects = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; i < whose->subjects.n && rc == RC_OK; i++)
        rc = upper_message_drop(op, subjects[i], STR("反映的人已经注销，不再发。"));
    for (size_t i = 0; i < whose->subjects.n && rc == RC_OK; i++)
        rc = upper_message_blank(op, subjects[i]);
    return rc;
}

static enum rc forget(struct op *op, struct whose *whose)
{
    return blank(op, whose);
}

const struct person_keeper upper_keeper = { .name = "upper", .forget = forget };
