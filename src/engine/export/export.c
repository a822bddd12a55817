#include "engine/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/export/export_rules.h"
#include "guard/actor.h"
#include "guard/keys.h"
#include "guard/seal.h"
#include "registry/account.h"
#include "registry/area.h"
#include "registry/forget.h"
#include "registry/look.h"

enum { LEADERS_MAX = 20 };

/* Told once, before threads start; afterwards only read. */
static const struct export_source *const *sources;
static struct vault                      *vault;

void exports_told(const struct export_source *const *told)
{
    sources = told;
}

const struct export_source *export_source(struct str kind)
{
    for (size_t i = 0; sources && sources[i]; i++)
        if (str_eq(kind, str_of(sources[i]->kind)))
            return sources[i];
    return NULL;
}

enum rc exports_open(struct problems *problems, struct str files)
{
    return vault_open(problems, str_fmt(problems->arena, "%.*s/exports", STR_ARG(files)),
                      &vault);
}

void exports_close(void)
{
    vault_close(&vault);
}

struct vault *exports_vault(void)
{
    assert(vault);
    return vault;
}

struct str export_file(struct arena *arena, int64_t id)
{
    return str_fmt(arena, "export/%lld", (long long)id);
}

/* ------------------------------------------------------------- the order */

struct place_in_order {
    unsigned char by[SM3_BYTES];
    int64_t       id;
};

static int by_place(const void *a, const void *b)
{
    return memcmp(a, b, SM3_BYTES);
}

void export_order(int64_t export, int64_t *ids, size_t n)
{
    struct place_in_order *places = calloc(n + 1, sizeof *places);
    unsigned char          key[SM3_BYTES];

    keys_for_index(STR("linli export order"), key);
    for (size_t i = 0; places && i < n; i++) {
        places[i].id = ids[i];
        sm3_hmac(str_slice((const char *)key, sizeof key),
                 PARTS(str_slice((const char *)&export, sizeof export),
                       str_slice((const char *)&ids[i], sizeof ids[i])),
                 places[i].by);
    }
    if (places)
        qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; places && i < n; i++)
        ids[i] = places[i].id;
    free(places);
}

/* ---------------------------------------------------------------- asking */

static const struct field kept_fields[] = {
    FIELD(struct export_args, born_from, OPTIONAL),
    FIELD(struct export_args, born_until, OPTIONAL),
    FIELD(struct export_args, bucket, OPTIONAL),
};

enum rc export_read_args(struct op *op, const struct request *request,
                         struct export_args *args)
{
    struct problems ignored;

    *args = (struct export_args){ 0 };
    problems_init(&ignored, op->arena);
    enum rc rc = json_read(op->arena, request->args, kept_fields, COUNT(kept_fields), args,
                           &ignored);
    args->kind = request->kind;
    args->area = request->area;
    args->format = request->format;
    return rc;
}

static struct str write_args(struct op *op, const struct export_args *args)
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, kept_fields, COUNT(kept_fields), args);
    return json_done(&out);
}

static enum rc check_ask(struct op *op, const struct export_args *args,
                         const struct export_source *source)
{
    bool csv = str_eq(args->format, STR("csv"));

    if (!source)
        return fail(op, RC_INVALID, "kind", "没有这种名单。");
    if (!csv && !str_eq(args->format, STR("xlsx")))
        return fail(op, RC_INVALID, "format", "格式是 xlsx 或 csv。");
    if (area_level(args->area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_PERSON_EXPORT, args->area) ||
        !actor_may(op->actor, source->right, args->area))
        return fail(op, RC_DENIED, "area", "这个辖区的名单不归您导出。");
    return RC_OK;
}

static enum rc check_rows(struct op *op, const struct export_args *args, size_t n)
{
    size_t most = str_eq(args->format, STR("csv")) ? EXPORT_CSV_ROWS_MAX : EXPORT_ROWS_MAX;

    if (n == 0)
        return fail(op, RC_REFUSED, NULL, "没有符合条件的，不用导出。");
    if (n > most)
        return fail(op, RC_REFUSED, NULL, "超过 %zu 行了，请缩小范围，分几次导出。", most);
    return RC_OK;
}

static enum rc keep(struct op *op, struct request *request, struct str purpose)
{
    request->county = op->county;
    request->id = op_new_id(op);
    request->asked_by = op->actor->account;
    enum rc rc = seal(op, PLACE("requests", "purpose", request->id, request->person),
                      str_trim(purpose), &request->purpose);
    return rc == RC_OK ? request_insert(op, request) : rc;
}

/* Those who answer for the area, the nearest first, but the asker. */
static enum rc who_may_agree(struct op *op, struct str area, struct list *tell)
{
    return accounts_that_may(op, RIGHT_PERSON_AGREE, area, op->actor->account, LEADERS_MAX,
                             tell);
}

enum rc export_ask(struct op *op, const struct export_args *args, struct request *request,
                   struct list *tell)
{
    const struct export_source *source = export_source(args->kind);
    struct list                 ids;

    *tell = (struct list){ 0 };
    enum rc rc = check_ask(op, args, source);
    if (rc == RC_OK)
        rc = source->ids(op, args, EXPORT_ROWS_MAX + 1, &ids);
    if (rc == RC_OK)
        rc = check_rows(op, args, ids.n);
    if (rc != RC_OK)
        return rc;
    bool alone = ids.n <= EXPORT_ALONE_MAX;
    *request = (struct request){ .kind = args->kind,
                                 .area = args->area,
                                 .args = write_args(op, args),
                                 .format = args->format,
                                 .nrows = (int64_t)ids.n,
                                 .state = alone ? REQUEST_AGREED : REQUEST_WAITING };
    rc = keep(op, request, args->purpose);
    return rc == RC_OK && !alone ? who_may_agree(op, args->area, tell) : rc;
}

enum rc deletion_ask(struct op *op, int64_t id, struct str purpose, struct request *request,
                     struct list *tell)
{
    struct person person;

    enum rc rc = person_find(op, id, &person);
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_PERSON_EXPORT, person.grid))
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = person_may_go(op, id);
    if (rc != RC_OK)
        return rc;
    *request = (struct request){ .kind = REQUEST_DELETION,
                                 .area = person.grid,
                                 .person = id,
                                 .args = STR("{}"),
                                 .format = STR(""),
                                 .nrows = 1,
                                 .state = REQUEST_WAITING };
    rc = keep(op, request, purpose);
    return rc == RC_OK ? who_may_agree(op, person.grid, tell) : rc;
}

enum rc request_purpose(struct op *op, const struct request *request, struct str *purpose)
{
    *purpose = STR("");
    if (!request->purpose.len)
        return RC_OK;
    enum rc rc = unseal(op, PLACE("requests", "purpose", request->id, request->person),
                        request->purpose, purpose);
    return rc == RC_GONE ? RC_OK : rc;
}

/* --------------------------------------------------------------- agreeing */

static enum rc carry_out(struct op *op, const struct request *request)
{
    if (!str_eq(request->kind, REQUEST_DELETION))
        return RC_OK; /* the worker makes it */
    enum rc rc = person_may_go(op, request->person);
    return rc == RC_OK ? person_forget(op, request->person) : rc;
}

enum rc request_answer(struct op *op, int64_t id, bool agrees, struct request *request)
{
    enum rc rc = request_select(op, id, request);

    if (rc == RC_OK && !actor_may(op->actor, RIGHT_PERSON_AGREE, request->area))
        rc = RC_NOT_FOUND;
    if (rc != RC_OK)
        return rc;
    if (request->asked_by == op->actor->account)
        return fail(op, RC_DENIED, NULL, "自己申请的要由另一个人来定。");
    bool deletion = str_eq(request->kind, REQUEST_DELETION);
    request->state = !agrees ? REQUEST_REFUSED : deletion ? REQUEST_DONE : REQUEST_AGREED;
    rc = request_decide(op, id, REQUEST_WAITING, request->state);
    if (rc == RC_NOT_FOUND)
        return fail(op, RC_CONFLICT, NULL, "这个申请已经有人定了。");
    return rc == RC_OK && agrees ? carry_out(op, request) : rc;
}

/* ------------------------------------------------------------- being seen */

enum rc export_seen(struct op *op, int64_t id, const int64_t *people, size_t n)
{
    struct request request;
    struct actor   asker;

    enum rc rc = request_select(op, id, &request);
    if (rc == RC_OK)
        rc = account_actor(op, request.asked_by, &asker);
    return rc == RC_OK ? look_exported(op, &asker, request.area, people, n) : rc;
}
