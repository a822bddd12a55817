#include "engine/notice/notice_store.h"

#include "base/area.h"
#include "db/db.h"
#include "guard/actor.h"
#include "registry/person.h"

#define LAST_OF_ALL STR("\xf4\x8f\xbf\xbf") /* sorts behind every text */

/* ----------------------------------------------------------------- notices */

#define N(member) FIELD(struct notice, member, OPTIONAL)
static const struct field notice_fields[] = {
    N(county),    N(id),
    N(area),      N(audience),
    N(role),      N(houses),
    N(asks),      N(state),
    N(version),   N(newest),
    N(waits),     N(title),
    N(made_by),   FIELD_TIME(struct notice, at_ms, OPTIONAL),
    N(until_ms),  FIELD_TIME(struct notice, reminded_ms, OPTIONAL),
    N(reminders), N(corrections),
};

static const struct stmt insert = {
    .name = "notice_insert",
    .sql = "INSERT INTO notices (:names) VALUES (:values)",
    DB_RECORD(notice_fields),
};
static const struct stmt by_id = {
    .name = "notice_by_id",
    .sql = "SELECT :names FROM notices WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(notice_fields),
};
static const struct stmt update = {
    .name = "notice_update",
    .sql = "UPDATE notices SET state = $4, version = $5, newest = $6, title = $7,"
           " at_ms = $8, until_ms = $9, reminded_ms = $10, reminders = $11, waits = $12,"
           " corrections = $13"
           " WHERE county = $1 AND id = $2 AND newest = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_INT, KIND_INT, KIND_TEXT,
              KIND_TIME, KIND_INT, KIND_TIME, KIND_INT, KIND_BOOL, KIND_INT),
};
static const struct stmt by_writer = {
    .name = "notice_by_writer",
    .sql = "SELECT :names FROM notices WHERE county = $1 AND made_by = $2 AND id < $3"
           " ORDER BY id DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(notice_fields),
};
static const struct stmt count_by_writer = {
    .name = "notice_count_by_writer",
    .sql = "SELECT count(*) AS n FROM (SELECT id FROM notices WHERE county = $1"
           " AND made_by = $2 AND id >= $3 LIMIT $4) AS written",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

/* ------------------------------------------------------------------- texts */

#define T(member) FIELD(struct notice_text, member, OPTIONAL)
static const struct field text_fields[] = {
    T(county),
    T(notice),
    T(version),
    T(title),
    T(words),
    T(question),
    T(photos),
    T(until_ms),
    T(reason),
    T(state),
    T(written_by),
    T(written_ms),
    FIELD_ID(struct notice_text, decided_by, OPTIONAL),
    FIELD_TIME(struct notice_text, decided_ms, OPTIONAL),
    T(why),
};

static const struct stmt insert_text = {
    .name = "notice_text_insert",
    .sql = "INSERT INTO notice_texts (:names) VALUES (:values)",
    DB_RECORD(text_fields),
};
static const struct stmt text_by_version = {
    .name = "notice_text_by_version",
    .sql = "SELECT :names FROM notice_texts WHERE county = $1 AND notice = $2"
           " AND version = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(text_fields),
};
static const struct stmt texts_of = {
    .name = "notice_texts_of",
    .sql = "SELECT :names FROM notice_texts WHERE county = $1 AND notice = $2"
           " ORDER BY version DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(text_fields),
};
static const struct stmt decide_text = {
    .name = "notice_text_decide",
    .sql = "UPDATE notice_texts SET state = $4, decided_by = $5, decided_ms = $6, why = $7"
           " WHERE county = $1 AND notice = $2 AND version = $3 AND state = 'waiting'",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_ID, KIND_TIME, KIND_TEXT),
};

/* -------------------------------------------------------------------- keys */

static const struct field key_fields[] = {
    FIELD(struct notice_key, county, OPTIONAL),
    FIELD(struct notice_key, key, OPTIONAL),
    FIELD(struct notice_key, mark, OPTIONAL),
    FIELD(struct notice_key, notice, OPTIONAL),
    FIELD(struct notice_key, version, OPTIONAL),
    FIELD(struct notice_key, until_ms, OPTIONAL),
};

static const struct stmt insert_key = {
    .name = "notice_key_insert",
    .sql = "INSERT INTO notice_keys (:names) VALUES (:values)",
    DB_RECORD(key_fields),
};
static const struct stmt delete_keys = {
    .name = "notice_keys_delete",
    .sql = "DELETE FROM notice_keys WHERE county = $1 AND notice = $2 AND key >= $3"
           " AND key < $4",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
};
static const struct stmt renew_keys = {
    .name = "notice_keys_renew",
    .sql = "UPDATE notice_keys SET mark = $3 WHERE county = $1 AND notice = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt key_page = {
    .name = "notice_key_page",
    .sql = "SELECT :names FROM notice_keys WHERE county = $1 AND key = $2"
           " AND mark < $3 ORDER BY mark DESC LIMIT $4",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(key_fields),
};
static const struct stmt keys_unread = {
    .name = "notice_keys_unread",
    .sql = "SELECT count(*) AS n FROM (SELECT k.notice FROM notice_keys k"
           " WHERE k.county = $1 AND k.key IN ($5, $6, $7, $8, $9, $10, $11, $12)"
           " AND k.until_ms > $2 AND NOT EXISTS (SELECT 1 FROM notice_receipts r"
           " WHERE r.county = k.county AND r.reader = $3 AND r.notice = k.notice"
           " AND r.version >= k.version AND r.done = 1) LIMIT $4) AS unread",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT,
              KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT),
    DB_NUMBER_ROW,
};

/* ---------------------------------------------------------------- receipts */

#define C(member) FIELD(struct receipt, member, OPTIONAL)
static const struct field receipt_fields[] = {
    C(county),
    C(reader),
    C(notice),
    C(version),
    C(account),
    C(area),
    C(done),
    C(read_ms),
    FIELD_TIME(struct receipt, done_ms, OPTIONAL),
    FIELD_BYTES(struct receipt, answer, OPTIONAL),
};

static const struct stmt put_receipt = {
    .name = "notice_receipt_put",
    .sql = "INSERT INTO notice_receipts (:names) VALUES (:values)"
           " ON CONFLICT (county, reader, notice) DO UPDATE SET :excluded",
    DB_RECORD(receipt_fields),
    .nkeys = 3,
};
static const struct stmt receipt_of = {
    .name = "notice_receipt_of",
    .sql = "SELECT :names FROM notice_receipts WHERE county = $1"
           " AND reader = $2 AND notice = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(receipt_fields),
};
static const struct stmt uncount_receipts = {
    .name = "notice_receipts_uncount",
    .sql = "INSERT INTO notice_tallies (county, notice, version, area, opened, done)"
           " SELECT county, notice, version, area, -1, -done FROM notice_receipts"
           " WHERE county = $1 AND reader = $2 ON CONFLICT (county, notice, version, area)"
           " DO UPDATE SET opened = notice_tallies.opened + excluded.opened,"
           " done = notice_tallies.done + excluded.done",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt delete_receipts = {
    .name = "notice_receipts_delete",
    .sql = "DELETE FROM notice_receipts WHERE county = $1 AND reader = $2",
    DB_PARAMS(KIND_INT, KIND_INT),
};
static const struct stmt answered = {
    .name = "notice_receipts_answered",
    .sql = "SELECT :names FROM notice_receipts WHERE county = $1"
           " AND notice = $2 AND area >= $4 AND area < $5 AND (area, reader) > ($6, $7)"
           " AND version = $3 AND answer IS NOT NULL ORDER BY area, reader LIMIT $8",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT,
              KIND_INT),
    DB_ROW(receipt_fields),
};

static const struct stmt add_tally = {
    .name = "notice_tally_add",
    .sql = "INSERT INTO notice_tallies (county, notice, version, area, opened, done)"
           " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (county, notice, version, area)"
           " DO UPDATE SET opened = notice_tallies.opened + excluded.opened,"
           " done = notice_tallies.done + excluded.done",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_INT, KIND_INT),
};
static const struct field tally_fields[] = {
    FIELD(struct tally, opened, OPTIONAL),
    FIELD(struct tally, done, OPTIONAL),
};
static const struct stmt sum_tally = {
    .name = "notice_tally_sum",
    .sql = "SELECT CAST(coalesce(sum(opened), 0) AS BIGINT) AS opened,"
           " CAST(coalesce(sum(done), 0) AS BIGINT) AS done FROM notice_tallies"
           " WHERE county = $1 AND notice = $2 AND version = $3 AND area >= $4"
           " AND area < $5",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT),
    DB_ROW(tally_fields),
};

/* ---------------------------------------------------------------- policies */

static const struct stmt policy_of = {
    .name = "notice_policy_of",
    .sql = "SELECT review AS n FROM notice_policies WHERE county = $1 AND area = $2",
    DB_PARAMS(KIND_INT, KIND_TEXT),
    DB_NUMBER_ROW,
};
static const struct stmt put_policy = {
    .name = "notice_policy_put",
    .sql = "INSERT INTO notice_policies (county, area, review) VALUES ($1, $2, $3)"
           " ON CONFLICT (county, area) DO UPDATE SET review = excluded.review",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_BOOL),
};

/* ----------------------------------------------------------- who is to read */

static const struct field missing_fields[] = {
    FIELD(struct missing, id, OPTIONAL),      FIELD(struct missing, name, OPTIONAL),
    FIELD(struct missing, area, OPTIONAL),    FIELD_ID(struct missing, account, OPTIONAL),
    FIELD_ID(struct missing, hold, OPTIONAL),
};
#define WITHOUT_RECEIPT(who)                                                               \
    " AND NOT EXISTS (SELECT 1 FROM notice_receipts r WHERE r.county = $1"                 \
    " AND r.notice = $2 AND r.reader = " who " AND r.version >= $3 AND r.done = 1)"

static const struct stmt missing_people = {
    .name = "notice_missing_people",
    .sql = "SELECT p.id AS id, p.name AS name, p.grid AS area, (SELECT min(a.id)"
           " FROM accounts a WHERE a.county = $1 AND a.person = p.id"
           " AND a.person IS NOT NULL) AS account, CAST(NULL AS BIGINT) AS hold"
           " FROM people p WHERE p.county = $1 AND p.grid = $4"
           " AND (p.name, p.id) > ($5, $6) AND p.shielded <= $7" WITHOUT_RECEIPT(
               "p.id") " ORDER BY p.name, p.id LIMIT $8",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_INT, KIND_BOOL,
              KIND_INT),
    DB_ROW(missing_fields),
};
/* A hold of the role that is in force, and the same account's first one of them: who holds
 * several is one reader. */
#define IN_FORCE(h, role, now)                                                             \
    h ".role = " role " AND " h ".from_ms <= " now " AND (" h ".until_ms = 0 OR " h        \
      ".until_ms > " now ")"
#define FIRST_HOLD(from, until, role, now)                                                 \
    " AND NOT EXISTS (SELECT 1 FROM holds e WHERE e.county = h.county"                     \
    " AND e.account = h.account AND e.id < h.id AND e.area >= " from                       \
    " AND e.area < " until " AND " IN_FORCE("e", role, now) ")"

static const struct stmt missing_holders = {
    .name = "notice_missing_holders",
    .sql =
        "SELECT a.id AS id, a.name AS name, h.area AS area, a.id AS account,"
        " h.id AS hold FROM holds h JOIN accounts a ON a.county = h.county"
        " AND a.id = h.account AND a.state = 'active' WHERE h.county = $1"
        " AND h.area >= $4 AND h.area < $5 AND (h.area, h.id) > ($6, $7)"
        " AND " IN_FORCE("h", "$8", "$9") FIRST_HOLD("$4", "$5", "$8", "$9")
            WITHOUT_RECEIPT("coalesce(a.person, a.id)") " ORDER BY h.area, h.id LIMIT $10",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT,
              KIND_TEXT, KIND_INT, KIND_INT),
    DB_ROW(missing_fields),
};
static const struct stmt count_holders = {
    .name = "notice_count_holders",
    .sql = "SELECT count(*) AS n FROM holds h JOIN accounts a"
           " ON a.county = h.county AND a.id = h.account AND a.state = 'active'"
           " WHERE h.county = $1 AND h.area >= $2 AND h.area < $3"
           " AND " IN_FORCE("h", "$4", "$5") FIRST_HOLD("$2", "$3", "$4", "$5"),
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_INT),
    DB_NUMBER_ROW,
};
static const struct stmt count_house_people = {
    .name = "notice_count_house_people",
    .sql = "SELECT count(*) AS n FROM houses h JOIN households o ON o.county = h.county"
           " AND o.house = h.id JOIN people p ON p.county = o.county AND p.household = o.id"
           " WHERE h.county = $1 AND h.community = $2 AND h.compound = $3"
           " AND h.building >= $4 AND h.building <= $5 AND h.unit >= $6 AND h.unit <= $7"
           " AND p.grid >= $8 AND p.grid < $9",
    DB_PARAMS(KIND_INT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT, KIND_TEXT,
              KIND_TEXT, KIND_TEXT),
    DB_NUMBER_ROW,
};

const struct stmts notice_stmts = {
    .all = (const struct stmt *const[]){ &insert,
                                         &by_id,
                                         &update,
                                         &by_writer,
                                         &count_by_writer,
                                         &insert_text,
                                         &text_by_version,
                                         &texts_of,
                                         &decide_text,
                                         &insert_key,
                                         &delete_keys,
                                         &renew_keys,
                                         &key_page,
                                         &keys_unread,
                                         &put_receipt,
                                         &receipt_of,
                                         &uncount_receipts,
                                         &delete_receipts,
                                         &answered,
                                         &add_tally,
                                         &sum_tally,
                                         &policy_of,
                                         &put_policy,
                                         &missing_people,
                                         &missing_holders,
                                         &count_holders,
                                         &count_house_people,
                                         NULL },
};

static enum rc one_touched(enum rc rc, int64_t touched)
{
    return rc == RC_OK && touched == 0 ? RC_NOT_FOUND : rc;
}

enum rc notice_insert(struct op *op, const struct notice *notice)
{
    return db_put(op->db, &insert, notice, NULL);
}

enum rc notice_select(struct op *op, int64_t id, struct notice *notice)
{
    return db_one(op->db, op->arena, &by_id, DB_VALUES(DB_INT(id_county(id)), DB_INT(id)),
                  notice);
}

enum rc notice_update(struct op *op, const struct notice *notice, int64_t newest)
{
    int64_t touched = 0;

    enum rc rc = db_run(op->db, &update,
                        DB_VALUES(DB_INT(op->county), DB_INT(notice->id), DB_INT(newest),
                                  DB_TEXT(notice->state), DB_INT(notice->version),
                                  DB_INT(notice->newest), DB_TEXT(notice->title),
                                  DB_TIME(notice->at_ms), DB_INT(notice->until_ms),
                                  DB_TIME(notice->reminded_ms), DB_INT(notice->reminders),
                                  DB_BOOL(notice->waits), DB_INT(notice->corrections)),
                        &touched);
    return one_touched(rc, touched);
}

enum rc notice_select_by(struct op *op, int64_t account, int64_t before, size_t most,
                         struct list *notices)
{
    return db_all(op->db, op->arena, &by_writer,
                  DB_VALUES(DB_INT(op->county), DB_INT(account),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct notice), most, notices);
}

enum rc notice_count_by(struct op *op, int64_t account, int64_t from, size_t most,
                        int64_t *n)
{
    return db_number(
        op->db, op->arena, &count_by_writer,
        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(from), DB_INT((int64_t)most)),
        n);
}

enum rc text_insert(struct op *op, const struct notice_text *text)
{
    return db_put(op->db, &insert_text, text, NULL);
}

enum rc text_select(struct op *op, int64_t notice, int64_t version,
                    struct notice_text *text)
{
    return db_one(op->db, op->arena, &text_by_version,
                  DB_VALUES(DB_INT(id_county(notice)), DB_INT(notice), DB_INT(version)),
                  text);
}

enum rc text_select_all(struct op *op, int64_t notice, size_t most, struct list *texts)
{
    return db_all(
        op->db, op->arena, &texts_of,
        DB_VALUES(DB_INT(id_county(notice)), DB_INT(notice), DB_INT((int64_t)most)),
        sizeof(struct notice_text), most, texts);
}

enum rc text_decide(struct op *op, const struct notice_text *text)
{
    int64_t touched = 0;

    enum rc rc =
        db_run(op->db, &decide_text,
               DB_VALUES(DB_INT(op->county), DB_INT(text->notice), DB_INT(text->version),
                         DB_TEXT(text->state), DB_ID(op->actor->account),
                         DB_TIME(op->now_ms), DB_TEXT(text->why)),
               &touched);
    return one_touched(rc, touched);
}

enum rc key_insert(struct op *op, const struct notice_key *key)
{
    return db_put(op->db, &insert_key, key, NULL);
}

enum rc keys_delete(struct op *op, int64_t notice, struct str from, struct str until)
{
    return db_run(
        op->db, &delete_keys,
        DB_VALUES(DB_INT(op->county), DB_INT(notice), DB_TEXT(from), DB_TEXT(until)), NULL);
}

enum rc keys_renew(struct op *op, int64_t notice, int64_t mark)
{
    return db_run(op->db, &renew_keys,
                  DB_VALUES(DB_INT(op->county), DB_INT(notice), DB_INT(mark)), NULL);
}

enum rc key_select_page(struct op *op, struct str key, int64_t before, size_t most,
                        struct list *keys)
{
    return db_all(op->db, op->arena, &key_page,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(key),
                            DB_INT(before ? before : INT64_MAX), DB_INT((int64_t)most)),
                  sizeof(struct notice_key), most, keys);
}

enum rc keys_count_unread(struct op *op, const struct str *keys, size_t n, int64_t reader,
                          size_t most, int64_t *unread)
{
    struct db_value values[4 + KEYS_AT_ONCE] = { DB_INT(op->county), DB_INT(op->now_ms),
                                                 DB_INT(reader), DB_INT((int64_t)most) };

    assert(n <= KEYS_AT_ONCE);
    for (size_t i = 0; i < KEYS_AT_ONCE; i++)
        values[4 + i] = DB_TEXT(i < n ? keys[i] : STR(""));
    return db_number(op->db, op->arena, &keys_unread, values, COUNT(values), unread);
}

enum rc receipt_put(struct op *op, const struct receipt *receipt)
{
    return db_put(op->db, &put_receipt, receipt, NULL);
}

enum rc receipt_select(struct op *op, int64_t reader, int64_t notice,
                       struct receipt *receipt)
{
    *receipt = (struct receipt){ 0 };
    enum rc rc = db_one(
        op->db, op->arena, &receipt_of,
        DB_VALUES(DB_INT(id_county(notice)), DB_INT(reader), DB_INT(notice)), receipt);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc receipts_delete(struct op *op, int64_t reader)
{
    enum rc rc = db_run(op->db, &uncount_receipts,
                        DB_VALUES(DB_INT(op->county), DB_INT(reader)), NULL);

    return rc == RC_OK ? db_run(op->db, &delete_receipts,
                                DB_VALUES(DB_INT(op->county), DB_INT(reader)), NULL)
                       : rc;
}

enum rc receipts_answered(struct op *op, const struct notice *notice, struct str part,
                          const struct receipt *after, size_t most, struct list *receipts)
{
    return db_all(op->db, op->arena, &answered,
                  DB_VALUES(DB_INT(op->county), DB_INT(notice->id), DB_INT(notice->version),
                            DB_TEXT(part), DB_TEXT(area_past(op->arena, part)),
                            DB_TEXT(after->area), DB_INT(after->reader),
                            DB_INT((int64_t)most)),
                  sizeof(struct receipt), most, receipts);
}

enum rc tally_add(struct op *op, const struct receipt *receipt, struct tally tally)
{
    return db_run(op->db, &add_tally,
                  DB_VALUES(DB_INT(op->county), DB_INT(receipt->notice),
                            DB_INT(receipt->version), DB_TEXT(receipt->area),
                            DB_INT(tally.opened), DB_INT(tally.done)),
                  NULL);
}

enum rc tally_sum(struct op *op, const struct notice *notice, struct str part,
                  struct tally *tally)
{
    return db_one(op->db, op->arena, &sum_tally,
                  DB_VALUES(DB_INT(op->county), DB_INT(notice->id), DB_INT(notice->version),
                            DB_TEXT(part), DB_TEXT(area_past(op->arena, part))),
                  tally);
}

enum rc policy_select(struct op *op, struct str area, bool *review)
{
    int64_t n;

    enum rc rc = db_number(op->db, op->arena, &policy_of,
                           DB_VALUES(DB_INT(op->county), DB_TEXT(area)), &n);
    *review = rc != RC_OK || n != 0;
    return rc;
}

enum rc policy_put(struct op *op, struct str area, bool review)
{
    return db_run(op->db, &put_policy,
                  DB_VALUES(DB_INT(op->county), DB_TEXT(area), DB_BOOL(review)), NULL);
}

enum rc people_missing(struct op *op, const struct notice *notice, struct str grid,
                       const struct missing *after, bool shielded, size_t most,
                       struct list *missing)
{
    return db_all(op->db, op->arena, &missing_people,
                  DB_VALUES(DB_INT(op->county), DB_INT(notice->id), DB_INT(notice->version),
                            DB_TEXT(grid), DB_TEXT(after->name), DB_INT(after->id),
                            DB_BOOL(shielded), DB_INT((int64_t)most)),
                  sizeof(struct missing), most, missing);
}

enum rc holders_missing(struct op *op, const struct notice *notice, struct str part,
                        const struct missing *after, size_t most, struct list *missing)
{
    return db_all(op->db, op->arena, &missing_holders,
                  DB_VALUES(DB_INT(op->county), DB_INT(notice->id), DB_INT(notice->version),
                            DB_TEXT(part), DB_TEXT(area_past(op->arena, part)),
                            DB_TEXT(after->area), DB_INT(after->hold),
                            DB_TEXT(notice->role), DB_INT(op->now_ms),
                            DB_INT((int64_t)most)),
                  sizeof(struct missing), most, missing);
}

enum rc holders_count(struct op *op, struct str role, struct str part, int64_t *n)
{
    return db_number(op->db, op->arena, &count_holders,
                     DB_VALUES(DB_INT(op->county), DB_TEXT(part),
                               DB_TEXT(area_past(op->arena, part)), DB_TEXT(role),
                               DB_INT(op->now_ms)),
                     n);
}

enum rc house_people_count(struct op *op, const struct person_house *house, struct str part,
                           int64_t *n)
{
    bool building = house->building.len > 0, unit = house->unit.len > 0;

    return db_number(op->db, op->arena, &count_house_people,
                     DB_VALUES(DB_INT(op->county), DB_TEXT(house->community),
                               DB_TEXT(house->compound), DB_TEXT(house->building),
                               DB_TEXT(building ? house->building : LAST_OF_ALL),
                               DB_TEXT(house->unit),
                               DB_TEXT(unit ? house->unit : LAST_OF_ALL), DB_TEXT(part),
                               DB_TEXT(area_past(op->arena, part))),
                     n);
}
