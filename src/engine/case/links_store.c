#include "engine/case/links_store.h"

#include "db/db.h"
#include "engine/case/case_acts.h"

enum { LINKS_MAX = 500 };

#define L(member) FIELD(struct case_link, member, OPTIONAL)
static const struct field link_fields[] = {
    L(county),    L(case_id), L(link),    L(first_id),
    L(how),       L(who),     L(made_ms), FIELD_TIME(struct case_link, ended_ms, OPTIONAL),
    L(ended_who), L(told),    L(heard),
};

#define W(member) FIELD(struct follower_row, member, OPTIONAL)
static const struct field follower_fields[] = {
    W(county), W(case_id), W(account), W(at_ms), W(reported),
};

/* ------------------------------------------------------------ statements */

static const struct stmt insert = {
    .name = "link_insert",
    .sql = "INSERT INTO case_links (:names) VALUES (:values)",
    DB_RECORD(link_fields),
};
static const struct stmt update = {
    .name = "link_update",
    .sql = "UPDATE case_links SET ended_ms = $4, ended_who = $5, told = $6, heard = $7"
           " WHERE county = $1 AND case_id = $2 AND link = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TIME, KIND_TEXT, KIND_INT, KIND_INT),
};
static const struct stmt newest = {
    .name = "link_newest",
    .sql = "SELECT :names FROM case_links WHERE county = $1 AND case_id = $2"
           " ORDER BY link DESC LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT),
    DB_ROW(link_fields),
};
static const struct stmt of_case = {
    .name = "link_of_case",
    .sql = "SELECT :names FROM case_links WHERE county = $1 AND case_id = $2"
           " ORDER BY link LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(link_fields),
};
static const struct stmt of_first = {
    .name = "link_of_first",
    .sql = "SELECT :names FROM case_links WHERE county = $1 AND first_id = $2"
           " ORDER BY case_id LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(link_fields),
};
static const struct stmt put_first = {
    .name = "case_put_first",
    .sql = "UPDATE cases SET first_id = $3, next_ms = $4 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt wake = {
    .name = "case_wake",
    .sql = "UPDATE cases SET next_ms = $3 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt wake_linked = {
    .name = "case_wake_linked",
    .sql = "UPDATE cases SET next_ms = $3 WHERE county = $1 AND id IN (SELECT case_id FROM"
           " case_links WHERE county = $1 AND first_id = $2 AND how = 'same'"
           " AND ended_ms IS NULL)",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt count_linked = {
    .name = "case_count_linked",
    .sql = "UPDATE cases SET linked = linked + $3 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt count_me_too = {
    .name = "case_count_me_too",
    .sql = "UPDATE cases SET me_too = me_too + $3 WHERE county = $1 AND id = $2",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt by_number = {
    .name = "case_by_number",
    .sql = "SELECT id AS n FROM cases WHERE county = $1 AND id >= $2 AND id < $3"
           " AND number = $4 ORDER BY id LIMIT 1",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_TEXT),
    DB_NUMBER_ROW,
};
static const struct stmt follow = {
    .name = "follower_insert",
    .sql = "INSERT INTO case_followers (:names) VALUES (:values)",
    DB_RECORD(follower_fields),
};
static const struct stmt unfollow = {
    .name = "follower_delete",
    .sql = "DELETE FROM case_followers WHERE county = $1 AND case_id = $2 AND account = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
};
static const struct stmt follower = {
    .name = "follower_one",
    .sql = "SELECT :names FROM case_followers WHERE county = $1"
           " AND case_id = $2 AND account = $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(follower_fields),
};
static const struct stmt followers = {
    .name = "followers_of_case",
    .sql = "SELECT :names FROM case_followers WHERE county = $1"
           " AND case_id = $2 ORDER BY account LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(follower_fields),
};
static const struct stmt followed = {
    .name = "followed_by",
    .sql = "SELECT :names FROM case_followers WHERE county = $1"
           " AND account = $2 ORDER BY at_ms DESC LIMIT $3",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT),
    DB_ROW(follower_fields),
};
static const struct stmt since = {
    .name = "follower_count_since",
    .sql = "SELECT count(*) AS n FROM (SELECT case_id FROM case_followers WHERE county = $1"
           " AND account = $2 AND at_ms >= $3 LIMIT $4) AS today",
    DB_PARAMS(KIND_INT, KIND_INT, KIND_INT, KIND_INT),
    DB_NUMBER_ROW,
};

const struct stmts link_stmts = {
    .all = (const struct stmt *const[]){ &insert, &update, &newest, &of_case, &of_first,
                                         &put_first, &wake, &wake_linked, &count_linked,
                                         &count_me_too, &by_number, &follow, &unfollow,
                                         &follower, &followers, &followed, &since, NULL },
};

/* ----------------------------------------------------------------- links */

enum rc link_insert(struct op *op, const struct case_link *link)
{
    return db_put(op->db, &insert, link, NULL);
}

enum rc link_update(struct op *op, const struct case_link *link)
{
    return db_run(op->db, &update,
                  DB_VALUES(DB_INT(link->county), DB_INT(link->case_id), DB_INT(link->link),
                            DB_TIME(link->ended_ms), DB_TEXT(link->ended_who),
                            DB_INT(link->told), DB_INT(link->heard)),
                  NULL);
}

enum rc link_select_newest(struct op *op, int64_t case_id, struct case_link *link)
{
    return db_one(op->db, op->arena, &newest,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id)), link);
}

static enum rc select_links(struct op *op, const struct stmt *stmt, int64_t id,
                            struct list *links)
{
    return db_all(op->db, op->arena, stmt,
                  DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(LINKS_MAX)),
                  sizeof(struct case_link), LINKS_MAX, links);
}

enum rc link_select_case(struct op *op, int64_t case_id, struct list *links)
{
    return select_links(op, &of_case, case_id, links);
}

enum rc link_select_first(struct op *op, int64_t first_id, struct list *links)
{
    return select_links(op, &of_first, first_id, links);
}

/* ----------------------------------------------------------- beside turns */

/* One number of a case, or of those that it names. */
static enum rc put(struct op *op, const struct stmt *stmt, int64_t id, int64_t number)
{
    return db_run(op->db, stmt,
                  DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(number)), NULL);
}

enum rc case_put_first(struct op *op, int64_t id, int64_t first_id)
{
    return db_run(
        op->db, &put_first,
        DB_VALUES(DB_INT(id_county(id)), DB_INT(id), DB_INT(first_id), DB_INT(op->now_ms)),
        NULL);
}

enum rc case_wake(struct op *op, int64_t id)
{
    return put(op, &wake, id, op->now_ms);
}

enum rc case_wake_linked(struct op *op, int64_t first_id)
{
    return put(op, &wake_linked, first_id, op->now_ms);
}

enum rc case_count_linked(struct op *op, int64_t id, int64_t more)
{
    return put(op, &count_linked, id, more);
}

enum rc case_count_me_too(struct op *op, int64_t id, int64_t more)
{
    return put(op, &count_me_too, id, more);
}

enum rc case_select_number(struct op *op, struct str number, int64_t first, int64_t past,
                           int64_t *id)
{
    return db_number(
        op->db, op->arena, &by_number,
        DB_VALUES(DB_INT(op->county), DB_INT(first), DB_INT(past), DB_TEXT(number)), id);
}

/* ------------------------------------------------------------- followers */

enum rc follower_insert(struct op *op, const struct follower_row *row)
{
    return db_put(op->db, &follow, row, NULL);
}

enum rc follower_delete(struct op *op, int64_t case_id, int64_t account, bool *was)
{
    int64_t touched = 0;

    enum rc rc = db_run(
        op->db, &unfollow,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(account)), &touched);
    *was = touched > 0;
    return rc;
}

enum rc follower_select(struct op *op, int64_t case_id, int64_t account,
                        struct follower_row *row)
{
    return db_one(op->db, op->arena, &follower,
                  DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(account)),
                  row);
}

enum rc followers_of_case(struct op *op, int64_t case_id, struct list *rows)
{
    return db_all(
        op->db, op->arena, &followers,
        DB_VALUES(DB_INT(id_county(case_id)), DB_INT(case_id), DB_INT(ME_TOO_PER_CASE_MAX)),
        sizeof(struct follower_row), ME_TOO_PER_CASE_MAX, rows);
}

enum rc followed_by(struct op *op, int64_t account, size_t most, struct list *rows)
{
    return db_all(op->db, op->arena, &followed,
                  DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT((int64_t)most)),
                  sizeof(struct follower_row), most, rows);
}

enum rc follower_count_since(struct op *op, int64_t account, int64_t since_ms, int64_t most,
                             int64_t *n)
{
    return db_number(
        op->db, op->arena, &since,
        DB_VALUES(DB_INT(op->county), DB_INT(account), DB_INT(since_ms), DB_INT(most)), n);
}
