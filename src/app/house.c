#include "app/house.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings.h"
#include "app/signing.h"
#include "app/start.h"
#include "app/reach.h"
#include "app/tables.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/examine.h"
#include "db/migrate.h"
#include "db/roles.h"
#include "decode/decoder.h"
#include "engine/case/case.h"
#include "engine/export/export.h"
#include "engine/open311/open311.h"
#include "engine/notice/notice.h"
#include "engine/photo/photo.h"
#include "gate/journal_store.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"
#include "guard/lockout.h"
#include "guard/password.h"
#include "guard/session.h"
#include "guard/signer_folder.h"
#include "registry/area.h"
#include "registry/called.h"
#include "scene/scenes.h"

static const struct hold operator_holds[] = {
    { .duty = STR_INIT("本机操作员"), .role = ROLE_OPERATOR, .area = STR_INIT("*") },
};

struct actor house_local_actor(void)
{
    return (struct actor){ .kind = ACTOR_LOCAL,
                           .name = STR("本机操作员"),
                           .holds = operator_holds,
                           .nholds = COUNT(operator_holds) };
}

struct actor house_clock_actor(void)
{
    return (struct actor){ .kind = ACTOR_CLOCK,
                           .name = STR("系统"),
                           .holds = operator_holds,
                           .nholds = COUNT(operator_holds) };
}

/* An installation from before heads were signed gets its first key now. */
static enum rc open_signer(const struct config *config, struct problems *problems)
{
    struct signer_provider provider;

    enum rc rc = signer_folder_open(problems, config->keys, &provider);
    if (rc == RC_NOT_FOUND) {
        rc = signer_folder_make(problems, config->keys);
        log_event(LOG_WARN, "heads.key_made", LOG_TEXT("folder", config->keys));
        if (rc == RC_OK)
            rc = signer_folder_open(problems, config->keys, &provider);
    }
    if (rc == RC_OK)
        signer_open(&provider);
    return rc;
}

static enum rc open_keys(const struct config *config, struct problems *problems)
{
    struct key_provider provider;

    enum rc rc = keys_folder_open(problems, config->keys, &provider);
    if (rc == RC_OK)
        rc = keys_open(&provider);
    if (rc == RC_OK)
        rc = open_signer(config, problems);
    if (rc == RC_OK)
        rc = photos_open(problems, config->files);
    if (rc == RC_OK)
        rc = exports_open(problems, config->files);
    if (rc == RC_OK)
        rc = sessions_open();
    if (rc == RC_OK)
        rc = called_open();
    if (rc == RC_OK)
        rc = passwords_open();
    decoder_stands(config->decode);
    if (rc == RC_UNAVAILABLE)
        problem_add(
            problems, STR_NONE,
            "不能锁定存放密钥的内存：请提高内存锁定限额（ulimit -l 65536）再启动。");
    return rc;
}

/* Photos are seen by whoever may see the case's inside, or the notice. */
static bool owner_sees(struct op *op, int64_t owner)
{
    return case_inside(op, owner) || notice_sees(op, owner);
}

static enum rc read_mark(struct house *house, struct str name, bool *set)
{
    struct op  op;
    struct str value;

    op_init(&op, &house->arena, clock_now_ms());
    op.db = house->db;
    enum rc rc = installation_find(&op, name, &value);
    *set = rc == RC_OK && str_eq(value, STR("yes"));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc read_marks(struct house *house)
{
    enum rc rc = read_mark(house, HOUSE_DEMO, &house->demo);

    return rc == RC_OK ? read_mark(house, HOUSE_MADE, &house->made) : rc;
}

/* Whose rows live elsewhere is not opened any more, or there would be two of it. */
static enum rc refuse_moved(struct house *house, struct problems *problems)
{
    struct op  op;
    struct str to;

    op_init(&op, &house->arena, clock_now_ms());
    op.db = house->db;
    enum rc rc = installation_find(&op, HOUSE_MOVED, &to);
    if (rc == RC_OK) {
        problem_add(problems, STR_NONE,
                    "这个数据库已经搬到 %.*s，这里的不再使用：请把 LINLI_DB 改成新的地址。",
                    STR_ARG(str_cut(to, ' ').head));
        return RC_REFUSED;
    }
    if (rc == RC_NOT_FOUND)
        rc = installation_find(&op, HOUSE_MOVING, &to);
    if (rc == RC_OK) {
        problem_add(problems, STR_NONE,
                    "这个数据库正在搬到 %.*s：请再运行 linli move 把它搬完，"
                    "或者用 linli move --cancel 放弃，继续用这里的。",
                    STR_ARG(str_cut(to, ' ').head));
        return RC_REFUSED;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void make_folder(struct house *house, struct str path)
{
    char *z = str_z(&house->arena, path);

    if (z)
        (void)mkdir(z, 0700); /* there already: well; not made: told by whoever needs it */
}

/* "postgresql://linli:secret@…": whoever may look at the service's environment reads it. */
static void warn_of_password(struct str where)
{
    struct str_cut address = str_cut(where, '@');
    struct str     user = str_starts(where, STR("postgres")) && address.ok
                              ? str_skip(address.head, str_cut(where, '/').head.len + 2)
                              : STR("");

    if (str_cut(user, ':').ok)
        log_event(LOG_WARN, "db.password_in_environment",
                  LOG_TEXT("instead", STR("passfile= in LINLI_DB, or ~/.pgpass")));
}

/* Where the server may change tables, whoever takes it over can undo its journal. */
static void warn_of_one_role(struct house *house)
{
    struct examination found;

    if (!str_starts(house->config->db, STR("postgres")))
        return;
    examine(&house->arena, house->config->db, false, &found);
    if (found.superuser || found.may_create)
        log_event(LOG_WARN, "db.one_role",
                  LOG_TEXT("instead", STR("LINLI_DB_MIGRATE as the tables' owner, LINLI_DB "
                                          "as a member of linli_run")));
}

static enum rc tell_open311(struct house *house)
{
    struct str *codes = arena_many(&house->arena, OPEN311_COUNTIES_MAX, struct str);

    if (!codes)
        return RC_NO_MEMORY;
    open311_told(&(struct open311_options){
        codes, settings_words(house->config->open311, codes, OPEN311_COUNTIES_MAX),
        house->demo });
    return RC_OK;
}

static enum rc open_rooms(struct house *house, struct problems *problems)
{
    const struct config *config = house->config;

    warn_of_password(config->db);
    make_folder(house, config->files);
    make_folder(house, config->spool);
    enum rc rc = migrate_check(config->db);
    if (rc != RC_OK) {
        problem_add(
            problems, STR_NONE,
            "数据库还没有建好，或不是这个版本的：先运行 linli init 或 linli migrate。");
        return rc;
    }
    rc = open_keys(config, problems);
    house->catalogue = rc == RC_OK ? tables_catalogue() : NULL;
    if (!house->catalogue)
        return rc == RC_OK ? RC_NO_MEMORY : rc;
    rc = db_open(config->db, DB_READ, house->catalogue, &house->db);
    if (rc == RC_OK)
        rc = read_marks(house);
    if (rc == RC_OK)
        rc = refuse_moved(house, problems);
    if (rc == RC_OK)
        rc = tell_open311(house);
    if (rc == RC_OK)
        rc = reach_open(&house->arena, config, problems);
    photos_owner(owner_sees);
    tables_acts(house->demo);
    start_tell(house->demo, STR(LINLI_VERSION));
    return rc;
}

/* What is kept in memory of a county beside its chain. */
static enum rc county_taken(void *context, struct op *op)
{
    (void)context;
    area_memory_empty();
    return lockout_load(op);
}

static struct str boot_id(struct arena *arena)
{
    enum { BOOT_ID_BYTES = 36 };
    char   *text = arena_take(arena, BOOT_ID_BYTES);
    int     file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 && text ? read(file, text, BOOT_ID_BYTES) : -1;

    if (file >= 0)
        (void)close(file);
    return got == BOOT_ID_BYTES ? str_slice(text, BOOT_ID_BYTES) : STR_NONE;
}

/* The lock's file, locked by nobody else; -1 otherwise. */
static int lock_home(struct arena *arena, const struct config *config)
{
    char *path = str_z(arena, str_fmt(arena, "%.*s/owner.lock", STR_ARG(config->home)));
    int   lock = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        (void)close(lock);
        lock = -1;
    }
    return lock;
}

enum rc house_lock(const struct config *config, struct problems *problems, int *lock)
{
    *lock = lock_home(problems->arena, config);
    if (*lock >= 0)
        return RC_OK;
    problem_add(problems, config->home,
                "服务器或另一个 linli 命令正在这里工作，请先停下它。");
    return RC_REFUSED;
}

/* One process at a time works in a home, as whoever has its lock.  It is named after
 * that lock, so that the next one succeeds to the counties of one that was killed
 * without waiting for the leases to expire.  Absent: the home is in use, or a copy of
 * it could have the same name. */
static struct str house_name(struct house *house)
{
    struct arena *arena = &house->arena;
    struct str    boot = boot_id(arena);
    struct stat   file;

    house->lock = lock_home(arena, house->config);
    if (house->lock < 0 || !boot.at || fstat(house->lock, &file) != 0)
        return STR_NONE;
    return str_fmt(arena, "%.*s-%llx-%llx", STR_ARG(boot), (unsigned long long)file.st_dev,
                   (unsigned long long)file.st_ino);
}

static enum rc open_all(struct house *house, house_landed *landed, void *context,
                        struct problems *problems)
{
    const struct config *config = house->config;

    enum rc rc = open_rooms(house, problems);
    if (rc == RC_OK && landed)
        warn_of_one_role(house);
    if (rc == RC_OK)
        rc = gate_open(&(struct gate_options){ .where = config->db,
                                               .address = config->listen,
                                               .name = house_name(house),
                                               .serves = landed != NULL,
                                               .catalogue = house->catalogue,
                                               .taken = county_taken,
                                               .followers = &tables_followers,
                                               .writer = { .batch_max = config->batch_max },
                                               .landed = landed,
                                               .context = context },
                       &house->gate);
    return rc;
}

static struct house *empty_house(const struct config *config)
{
    struct house *house = calloc(1, sizeof *house);

    if (house) {
        house->config = config;
        house->lock = -1;
        arena_init(&house->arena, ARENA_REQUEST_BYTES);
    }
    return house;
}

enum rc house_open(const struct config *config, house_landed *landed, void *context,
                   struct problems *problems, struct house **opened)
{
    struct house *house = empty_house(config);

    *opened = NULL;
    enum rc rc = house ? open_all(house, landed, context, problems) : RC_NO_MEMORY;
    if (rc != RC_OK)
        house_close(&house);
    *opened = house;
    return rc;
}

/* As the owner, who then says what the server itself may.  A server that may change no
 * table finds that there is nothing to change. */
static enum rc bring_up(const struct config *config, struct problems *problems,
                        size_t *applied)
{
    *applied = 0;
    if (!config->owner.at && str_starts(config->db, STR("postgres")) &&
        migrate_check(config->db) == RC_OK)
        return RC_OK;
    if (!config->owner.at)
        return migrate(config->db, applied);
    enum rc rc = migrate(config->owner, applied);
    if (rc == RC_OK && roles_grant(config->owner) != RC_OK) {
        problem_add(problems, STR("LINLI_DB_MIGRATE"),
                    "这个角色不能建角色或授权。请让数据库管理员在这个库里执行：\n%s",
                    roles_text());
        rc = RC_DENIED;
    }
    return rc;
}

enum rc house_migrate(const struct config *config, struct problems *problems,
                      size_t *applied)
{
    enum rc rc = bring_up(config, problems, applied);

    if (rc == RC_DENIED && !problems->n)
        problem_add(problems, STR("LINLI_DB"),
                    "PostgreSQL 不在本机，却没有要求核对它的证书：请在地址里加 "
                    "sslmode=verify-full 和 sslrootcert=…。");
    if (rc == RC_DENIED)
        return rc;
    if (rc == RC_CONFLICT)
        problem_add(
            problems, STR_NONE,
            "这个数据库是别的版本建的，没有动它；请用建它的那个版本，或换一个数据库。");
    else if (rc != RC_OK)
        problem_add(problems, STR_NONE,
                    "数据库打不开，或者升级没有成功：%.*s。原因在上面的日志里。",
                    STR_ARG(rc_title(rc)));
    return rc;
}

enum rc house_open_to_read(const struct config *config, struct problems *problems,
                           struct house **opened)
{
    struct house *house = empty_house(config);

    enum rc rc = house ? open_rooms(house, problems) : RC_NO_MEMORY;
    if (rc != RC_OK)
        house_close(&house);
    *opened = house;
    return rc;
}

void house_close_gate(struct house *house)
{
    if (house->gate)
        signing_round(house, house->db, &house->arena);
    gate_close(&house->gate);
}

void house_close(struct house **closing)
{
    struct house *house = *closing;

    if (!house)
        return;
    house_close_gate(house);
    db_close(&house->db);
    if (house->lock >= 0)
        (void)close(house->lock);
    open311_told(&(struct open311_options){ 0 });
    reach_close();
    if (house->catalogue) {
        scenes_close();
        passwords_close();
        called_close();
        sessions_close();
        exports_close();
        photos_close();
        signer_close();
        keys_close();
    }
    db_catalogue_free(&house->catalogue);
    arena_free(&house->arena);
    free(house);
    *closing = NULL;
}

enum rc house_mark(struct house *house, struct str name)
{
    struct op  op;
    struct db *db;

    enum rc rc = db_open(house->config->db, DB_WRITE, house->catalogue, &db);
    if (rc != RC_OK)
        return rc;
    op_init(&op, &house->arena, clock_now_ms());
    op.db = db;
    rc = installation_set(&op, name, STR("yes"));
    db_close(&db);
    if (rc == RC_OK)
        rc = read_marks(house);
    tables_acts(house->demo);
    return rc;
}

struct house_answer house_ask(struct house *house, struct arena *arena,
                              const struct actor *actor, const char *act, struct str body)
{
    struct asking asking = { .arena = arena,
                             .act = acts_find(str_of(act)),
                             .actor = actor };

    if (!asking.act)
        return (struct house_answer){ .rc = RC_NOT_FOUND };
    asking.rc = gate_read_args(&asking, NULL, 0, body);
    if (asking.rc == RC_OK)
        gate_ask_wait(house->gate, &asking, house->db);
    struct str text =
        asking.rc == RC_OK && asking.view.out.len ? json_done(&asking.view.out) : STR_NONE;
    return (struct house_answer){ asking.rc, text, asking.problems };
}
