#include "app/doctor/doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/tables.h"
#include "base/clock.h"
#include "base/json.h"
#include "db/migrate.h"
#include "guard/keys.h"
#include "guard/keys_folder.h"

enum { DOCTOR_BYTES = 64 << 20, QUICK_BYTES = 512 << 20 };

// clang-format off
static const struct check checks[] = {
    { "user",        "运行用户", "user",            doctor_user },
    { "keys",        "密钥",     "keys",            doctor_keys },
    { "memory",      "锁定内存", "locked memory",   doctor_memory },
    { "swap",        "交换区",   "swap",            doctor_swap },
    { "limits",      "系统限额", "limits",          doctor_limits },
    { "folders",     "目录",     "folders",         doctor_folders },
    { "disk",        "磁盘空间", "disk space",      doctor_disk },
    { "inodes",      "文件数",   "inodes",          doctor_inodes },
    { "sync",        "落盘速度", "sync speed",      doctor_sync },
    { "ntp",         "对时",     "time service",    doctor_ntp },
    { "database",    "数据库",   "database",        doctor_database },
    { "soundness",   "数据完好", "soundness",       doctor_soundness },
    { "settings",    "数据库设置", "settings",      doctor_settings },
    { "migrations",  "表结构",   "migrations",      doctor_migrations },
    { "person-keys", "个人密钥", "person keys",     doctor_person_keys },
    { "clock",       "时钟",     "clock",           doctor_clock },
    { "journal",     "日志链",   "journal",         doctor_journal },
    { "heads",       "链头签名", "signed heads",    doctor_heads },
    { "followers",   "跟随者",   "followers",       doctor_followers },
    { "server",      "服务",     "server",          doctor_server },
    { "leases",      "县区归属", "leases",          doctor_leases },
    { "certificate", "证书",     "certificate",     doctor_certificate },
    { "decoder",     "照片解码", "picture decoder", doctor_decoder },
    { "web",         "网页文件", "web files",       doctor_web },
    { "upper",       "上级平台", "platform above",  doctor_upper },
    { "backups",     "备份",     "backups",         doctor_backups },
};
// clang-format on

struct finding find(struct doctor *doctor, enum finding_state state, const char *zh,
                    const char *en, ...)
{
    struct finding finding = { .state = state };
    va_list        args;

    va_start(args, en);
    finding.says = str_vfmt(doctor->arena, doctor->config->chinese ? zh : en, args);
    va_end(args);
    return finding;
}

struct finding find_todo(struct finding finding, struct doctor *doctor, const char *zh,
                         const char *en)
{
    finding.todo = str_of(doctor->config->chinese ? zh : en);
    return finding;
}

void doctor_op(struct doctor *doctor, struct op *op)
{
    op_init(op, doctor->arena, clock_now_ms());
    op->db = doctor->db;
}

/* ---- what the checks share ---- */

static void open_keys(struct doctor *doctor)
{
    struct key_provider provider;

    problems_init(&doctor->keys, doctor->arena);
    enum rc rc = keys_folder_open(&doctor->keys, doctor->config->keys, &provider);
    if (rc == RC_OK)
        rc = keys_open(&provider);
    doctor->keys_open = rc == RC_OK;
}

/* Every page of a file is read where that takes seconds, or where it was asked for. */
static bool small_or_full(struct doctor *doctor)
{
    struct stat file;

    return doctor->full || (stat(str_z(doctor->arena, doctor->config->db), &file) == 0 &&
                            file.st_size < QUICK_BYTES);
}

static void open_database(struct doctor *doctor)
{
    struct str where = doctor->config->db;

    examine(doctor->arena, where, small_or_full(doctor), &doctor->database);
    doctor->catalogue = tables_catalogue();
    doctor->migrated = doctor->database.reached ? migrate_check(where) : RC_UNAVAILABLE;
    if (doctor->migrated != RC_OK || !doctor->catalogue ||
        db_open(where, DB_READ, doctor->catalogue, &doctor->db) != RC_OK)
        doctor->db = NULL;
}

static void open_doctor(struct doctor *doctor)
{
    doctor->postgres = str_starts(doctor->config->db, STR("postgres"));
    if (caller_get(doctor->config, doctor->arena, STR("/metrics"), &doctor->metrics) !=
        RC_OK)
        doctor->metrics = STR_NONE;
    open_keys(doctor);
    open_database(doctor);
}

static void close_doctor(struct doctor *doctor)
{
    db_close(&doctor->db);
    db_catalogue_free(&doctor->catalogue);
    if (doctor->keys_open)
        keys_close();
}

/* ---- telling ---- */

/* Columns of what a Chinese character takes twice of. */
static int width_of(const char *text)
{
    int width = 0;

    for (struct str rest = str_of(text); rest.len;)
        width += str_utf8_next(&rest) < 0x2e80 ? 1 : 2;
    return width;
}

enum { TITLE_COLUMNS = 17 };

static void print_row(const struct doctor *doctor, const struct check *check,
                      const struct finding *finding)
{
    static const char *const marks[] = { [FINDING_GOOD] = "✓",
                                         [FINDING_MIND] = "!",
                                         [FINDING_BAD] = "✗",
                                         [FINDING_NONE] = "-" };
    const char              *title = doctor->config->chinese ? check->zh : check->en;

    printf("%s %s%*s%.*s\n", marks[finding->state], title, TITLE_COLUMNS - width_of(title),
           "", STR_ARG(finding->says));
    if (finding->todo.at)
        printf("  %*s→ %.*s\n", TITLE_COLUMNS, "", STR_ARG(finding->todo));
}

static void put_row(struct json_out *out, const struct doctor *doctor,
                    const struct check *check, const struct finding *finding)
{
    static const char *const words[] = { [FINDING_GOOD] = "good",
                                         [FINDING_MIND] = "mind",
                                         [FINDING_BAD] = "bad",
                                         [FINDING_NONE] = "none" };

    json_open(out, '{');
    json_key(out, STR("name"));
    json_text(out, str_of(check->name));
    json_key(out, STR("title"));
    json_text(out, str_of(doctor->config->chinese ? check->zh : check->en));
    json_key(out, STR("state"));
    json_text(out, str_of(words[finding->state]));
    json_key(out, STR("says"));
    json_text(out, finding->says);
    json_key(out, STR("todo"));
    json_text(out, finding->todo);
    json_close(out, '}');
}

static void print_end(const struct doctor *doctor, const int counts[])
{
    printf(doctor->config->chinese ? "\n%d 项好，%d 项要留意，%d 项要马上处理。\n"
                                   : "\n%d good, %d to mind, %d to be seen to at once.\n",
           counts[FINDING_GOOD], counts[FINDING_MIND], counts[FINDING_BAD]);
}

static int run_checks(struct doctor *doctor, bool json)
{
    int             counts[FINDING_NONE + 1] = { 0 };
    struct json_out out;

    json_out_init(&out, doctor->arena);
    json_open(&out, '[');
    for (size_t i = 0; i < COUNT(checks); i++) {
        struct finding finding = checks[i].run(doctor);
        counts[finding.state]++;
        if (json)
            put_row(&out, doctor, &checks[i], &finding);
        else
            print_row(doctor, &checks[i], &finding);
    }
    json_close(&out, ']');
    if (json)
        printf("%.*s\n", (int)out.len, json_done(&out).at);
    else
        print_end(doctor, counts);
    return counts[FINDING_BAD] > 0;
}

int command_doctor(struct config *config, int argc, char **argv)
{
    struct arena  arena;
    struct doctor doctor = { .config = config,
                             .arena = &arena,
                             .full = option_has(argc, argv, "--full") };

    log_threshold(LOG_ERROR + 1); /* the table says it, in better words */
    arena_init(&arena, DOCTOR_BYTES);
    open_doctor(&doctor);
    int code = run_checks(&doctor, option_has(argc, argv, "--json"));
    close_doctor(&doctor);
    arena_free(&arena);
    return code;
}
