/* Where everything is, from the environment, the installed program's file (settings.h)
 * and the command line.  One variable
 * says most: LINLI_DB, a file or postgresql://…; keys and files stand beside the
 * file, or in LINLI_HOME. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

struct config {
    struct str db;     /* LINLI_DB, var/linli.db */
    struct str owner;  /* LINLI_DB_MIGRATE: PostgreSQL as the tables' owner; absent: db */
    struct str home;   /* LINLI_HOME; the database file's folder, or var */
    struct str keys;   /* LINLI_KEYS, HOME/keys: never inside a backup of HOME */
    struct str files;  /* HOME/files: the vault */
    struct str heads;  /* LINLI_HEADS, HOME/heads: signed heads, for others to fetch */
    struct str spool;  /* HOME/spool: what is being received */
    struct str socket; /* HOME/linli.sock: the command line's door to a running server */
    struct str share;  /* LINLI_SHARE: data/, scenes/, web/ */
    struct str listen; /* LINLI_LISTEN, 127.0.0.1:LINLI_PORT (8080) */
    /* On the network: a certificate and its key (PEM files) here, or proxies in front. */
    struct str tls_cert, tls_key; /* LINLI_TLS_CERT, LINLI_TLS_KEY */
    struct str origins; /* LINLI_ORIGINS: "https://linli.example.cn", with blanks between */
    struct str proxies; /* LINLI_PROXIES: networks whose X-Forwarded-For is believed */
    struct str offices; /* LINLI_OFFICES: networks of whole offices: higher limits */
    struct str open311; /* LINLI_OPEN311: codes of the counties open to public platforms */
    struct str upper;   /* LINLI_UPPER: 420602=https://…: the platforms above counties */
    struct str upper_ca; /* LINLI_UPPER_CA: a PEM file by which they are known */
    struct str upper_networks; /* LINLI_UPPER_NETWORKS: inner networks they may lie in */
    struct str backups; /* LINLI_BACKUPS: where backups are put */
    struct str decode;  /* the linli-decode beside this program */
    enum log_level
           log;     /* LINLI_LOG: debug, info, warn, error; info while serving, else warn */
    bool   chinese; /* help and messages, by LC_ALL, LC_MESSAGES, LANG */
    bool   test_clock; /* serve --test-clock: the clock may be moved; never on real data */
    size_t batch_max;  /* serve --batch N: for the benchmark's comparison; 0: ordinary */
};

/* For that command. */
void config_read(struct arena *arena, const char *command, struct config *config);

#endif
