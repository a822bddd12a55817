#include "db/roles.h"

#include "base/log.h"
#include "db/engine.h"

/* Once for a server; needs CREATEROLE. */
#define MAKE                                                                               \
    "DO $$ BEGIN\n"                                                                        \
    "  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'linli_run') THEN\n"          \
    "    CREATE ROLE linli_run NOLOGIN;\n"                                                 \
    "  END IF;\n"                                                                          \
    "  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'linli_read') THEN\n"         \
    "    CREATE ROLE linli_read NOLOGIN;\n"                                                \
    "  END IF;\n"                                                                          \
    "END $$;\n"

/* After every migration; the owner of the tables may. */
#define GRANT                                                                              \
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n"                                        \
    "GRANT USAGE ON SCHEMA public TO linli_run, linli_read;\n"                             \
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO linli_run;\n"  \
    "REVOKE UPDATE, DELETE ON journal, journal_payloads, signed_heads FROM linli_run;\n"   \
    "REVOKE INSERT, UPDATE, DELETE ON migrations FROM linli_run;\n"                        \
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO linli_read;\n"                         \
    "REVOKE SELECT ON accounts, sessions, machine_keys, person_keys, totps, passkeys,"     \
    " recovery_codes, challenges FROM linli_read;\n"

static enum rc run_text(struct str owner, const char *text)
{
    struct db *db = NULL;

    enum rc rc = db_open(owner, DB_WRITE, NULL, &db);
    if (rc == RC_OK)
        rc = db->engine->script(db, text);
    db_close(&db);
    return rc;
}

/* The roles may be there already, made by somebody with more rights. */
enum rc roles_grant(struct str owner)
{
    enum rc rc = run_text(owner, MAKE);

    if (rc != RC_OK && rc != RC_INTERNAL)
        return rc;
    rc = run_text(owner, GRANT);
    log_event(rc == RC_OK ? LOG_INFO : LOG_WARN,
              rc == RC_OK ? "db.roles_granted" : "db.roles_not_granted",
              LOG_TEXT("run", STR("linli_run")), LOG_TEXT("read", STR("linli_read")));
    return rc == RC_INTERNAL ? RC_DENIED : rc;
}

const char *roles_text(void)
{
    return MAKE GRANT;
}
