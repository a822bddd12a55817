#include "app/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/settings.h"

static struct str folder_of(struct arena *arena, struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/')
            return str_copy(arena, str_slice(path.at, i > 1 ? i - 1 : 1));
    return STR(".");
}

/* The folder of this very program, so that a checkout and an installation both
 * find what belongs to them. */
static struct str program_folder(struct arena *arena)
{
    char    path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);

    return n > 0 ? folder_of(arena, str_slice(path, (size_t)n)) : STR(".");
}

static bool is_folder(struct arena *arena, struct str path)
{
    char *z = str_z(arena, path);

    return z && access(z, R_OK) == 0;
}

/* build/../ of a checkout, /usr/share/linli of an installation. */
static struct str share_folder(struct arena *arena, struct str program)
{
    struct str checkout = str_fmt(arena, "%.*s/..", STR_ARG(program));

    if (is_folder(arena, str_fmt(arena, "%.*s/data/counties.csv", STR_ARG(checkout))))
        return checkout;
    return STR("/usr/share/linli");
}

static bool speaks_chinese(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "zh", 2) == 0;
    }
    return false;
}

static enum log_level log_level(struct str word, enum log_level otherwise)
{
    static const struct str words[] = { [LOG_DEBUG] = STR_INIT("debug"),
                                        [LOG_INFO] = STR_INIT("info"),
                                        [LOG_WARN] = STR_INIT("warn"),
                                        [LOG_ERROR] = STR_INIT("error") };

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq(word, words[i]))
            return (enum log_level)i;
    return otherwise;
}

/* The installed program alone: a checkout on the same machine is left to itself. */
static struct settings settings_of(struct arena *arena, struct str program)
{
    const char *named = getenv("LINLI_CONF");

    if (named && *named)
        return settings_read(arena, named);
    return settings_read(arena, str_eq(program, STR("/usr/bin")) ? SETTINGS_FILE : NULL);
}

static void read_network(struct arena *arena, const struct settings *settings,
                         struct config *config)
{
    struct str port = setting(settings, "LINLI_PORT", STR("8080"));
    struct str here = str_fmt(arena, "127.0.0.1:%.*s", STR_ARG(port));

    config->listen = setting(settings, "LINLI_LISTEN", here);
    config->tls_cert = setting(settings, "LINLI_TLS_CERT", STR_NONE);
    config->tls_key = setting(settings, "LINLI_TLS_KEY", STR_NONE);
    config->origins = setting(settings, "LINLI_ORIGINS", STR_NONE);
    config->proxies = setting(settings, "LINLI_PROXIES", STR_NONE);
    config->offices = setting(settings, "LINLI_OFFICES", STR_NONE);
}

void config_read(struct arena *arena, const char *command, struct config *config)
{
    struct str      bin = program_folder(arena);
    struct settings settings = settings_of(arena, bin);

    *config = (struct config){ .db = setting(&settings, "LINLI_DB", STR("var/linli.db")),
                               .chinese = speaks_chinese() };
    config->owner = setting(&settings, "LINLI_DB_MIGRATE", STR_NONE);
    config->log = log_level(setting(&settings, "LINLI_LOG", STR("")),
                            strcmp(command, "serve") == 0 ? LOG_INFO : LOG_WARN);
    bool file = !str_starts(config->db, STR("postgres"));
    config->home =
        setting(&settings, "LINLI_HOME", file ? folder_of(arena, config->db) : STR("var"));
    config->keys = setting(&settings, "LINLI_KEYS",
                           str_fmt(arena, "%.*s/keys", STR_ARG(config->home)));
    config->files = str_fmt(arena, "%.*s/files", STR_ARG(config->home));
    config->heads = setting(&settings, "LINLI_HEADS",
                            str_fmt(arena, "%.*s/heads", STR_ARG(config->home)));
    config->spool = str_fmt(arena, "%.*s/spool", STR_ARG(config->home));
    config->socket = str_fmt(arena, "%.*s/linli.sock", STR_ARG(config->home));
    config->share = setting(&settings, "LINLI_SHARE", share_folder(arena, bin));
    config->decode = str_fmt(arena, "%.*s/linli-decode", STR_ARG(bin));
    config->open311 = setting(&settings, "LINLI_OPEN311", STR_NONE);
    config->upper = setting(&settings, "LINLI_UPPER", STR_NONE);
    config->upper_ca = setting(&settings, "LINLI_UPPER_CA", STR_NONE);
    config->upper_networks = setting(&settings, "LINLI_UPPER_NETWORKS", STR_NONE);
    config->backups = setting(&settings, "LINLI_BACKUPS", STR_NONE);
    read_network(arena, &settings, config);
}
