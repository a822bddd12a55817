#include "guard/machine.h"

#include "base/arena.h"
#include "guard/guard_store.h"
#include "guard/token.h"

#define PREFIX STR("lk_")
#define DAY_MS INT64_C(86400000)

const struct field machine_key_fields[MACHINE_KEY_FIELDS] = {
    FIELD_ID(struct machine_key, id, REQUIRED),
    FIELD_ID(struct machine_key, account, .title = STR_INIT("账号")),
    FIELD(struct machine_key, title, .max = 60, .title = STR_INIT("用途")),
    FIELD_TIME(struct machine_key, made, .title = STR_INIT("生成时间")),
    FIELD_ID(struct machine_key, made_by, .title = STR_INIT("生成人")),
    FIELD_TIME(struct machine_key, until, .title = STR_INIT("有效期至")),
    FIELD_TIME(struct machine_key, ended, .title = STR_INIT("收回时间")),
    FIELD_LIST_OF(struct machine_key, areas, KIND_TEXT, .max = MACHINE_NARROW_MAX,
                  .title = STR_INIT("限于辖区")),
    FIELD_LIST_OF(struct machine_key, rights, KIND_TEXT, .max = MACHINE_NARROW_MAX,
                  .title = STR_INIT("限于权限")),
};

/* ---- making ---- */

static bool right_of_word(struct str word, enum right *right)
{
    for (*right = 0; *right < RIGHT_COUNT; (*right)++)
        if (str_eq(right_word(*right), word))
            return true;
    return false;
}

static void check(struct op *op, const struct machine_key *asked)
{
    const struct str *areas = asked->areas.at, *rights = asked->rights.at;
    enum right        right;

    if (str_empty(str_trim(asked->title)))
        problem_add(&op->problems, STR("title"), "请写明这把密钥给谁用。");
    if (asked->until <= op->now_ms ||
        asked->until > op->now_ms + MACHINE_KEY_LIFE_DAYS * DAY_MS)
        problem_add(&op->problems, STR("until"), "有效期要在今天以后、%d 天以内。",
                    MACHINE_KEY_LIFE_DAYS);
    for (size_t i = 0; i < asked->areas.n; i++)
        if (area_level(areas[i]) == 0)
            problem_add(&op->problems, STR("areas"), "「%.*s」不是辖区代码。",
                        STR_ARG(areas[i]));
    for (size_t i = 0; i < asked->rights.n; i++)
        if (!right_of_word(rights[i], &right))
            problem_add(&op->problems, STR("rights"), "没有「%.*s」这项权限。",
                        STR_ARG(rights[i]));
}

static struct str join(struct arena *arena, struct list words)
{
    return str_join(arena, words.at, words.n, STR(" "));
}

enum rc machine_key_make(struct op *op, struct machine_key *asked, struct str *text)
{
    size_t before = op->problems.n;

    check(op, asked);
    if (op->problems.n > before)
        return RC_INVALID;
    struct token token = token_new(op->arena, PREFIX, op->county, text);
    asked->county = op->county;
    asked->id = op_new_id(op);
    asked->made = op->now_ms;
    asked->made_by = op->actor ? op->actor->account : 0;
    asked->ended = 0;
    struct machine_row row = {
        .id = asked->id,
        .account = asked->account,
        .made_ms = asked->made,
        .made_by = asked->made_by,
        .until_ms = asked->until,
        .token = PART_OF(token.hash),
        .title = str_trim(asked->title),
        .areas = join(op->arena, asked->areas),
        .rights = join(op->arena, asked->rights),
    };
    return op->arena->over ? RC_NO_MEMORY : machine_row_add(op, &row);
}

enum rc machine_key_end(struct op *op, int64_t id)
{
    return machine_row_end(op, id);
}

enum rc machine_keys_end_of(struct op *op, int64_t account)
{
    return machine_rows_end_of(op, account);
}

/* ---- reading ---- */

static struct list words_of(struct arena *arena, struct str joined)
{
    struct str *words = arena_many(arena, MACHINE_NARROW_MAX, struct str);
    struct list list = { .at = words };

    while (words && !str_empty(joined) && list.n < MACHINE_NARROW_MAX) {
        struct str_cut cut = str_cut(joined, ' ');
        words[list.n++] = cut.head;
        joined = cut.tail;
    }
    return list;
}

static struct machine_key key_of(struct arena *arena, int64_t county,
                                 const struct machine_row *row)
{
    return (struct machine_key){
        .county = county,
        .id = row->id,
        .account = row->account,
        .made = row->made_ms,
        .made_by = row->made_by,
        .until = row->until_ms,
        .ended = row->ended_ms,
        .title = row->title,
        .areas = words_of(arena, row->areas),
        .rights = words_of(arena, row->rights),
    };
}

enum rc machine_key_list(struct op *op, int64_t id, size_t most, struct list *keys)
{
    struct list list;

    enum rc rc = machine_rows_after(op, id, most, &list);
    if (rc != RC_OK)
        return rc;
    const struct machine_row *rows = list.at;
    struct machine_key       *into = arena_many(op->arena, list.n, struct machine_key);
    *keys = (struct list){ .at = into, .n = into ? list.n : 0 };
    for (size_t i = 0; i < keys->n; i++)
        into[i] = key_of(op->arena, op->county, &rows[i]);
    return op->arena->over ? RC_TOO_LARGE : RC_OK;
}

bool machine_county(struct str text, int64_t *county)
{
    struct token token;
    bool         is_one = token_read(PREFIX, text, &token);

    *county = is_one ? token.county : 0;
    return is_one;
}

enum rc machine_key_find(struct op *op, struct str text, struct machine_key *key)
{
    struct token       token;
    struct machine_row row = { 0 };

    if (!token_read(PREFIX, text, &token))
        return RC_UNAUTHENTICATED;
    enum rc rc = machine_row_find(op, token.county, PART_OF(token.hash), &row);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && (row.ended_ms || op->now_ms >= row.until_ms)))
        return RC_UNAUTHENTICATED;
    if (rc == RC_OK)
        *key = key_of(op->arena, token.county, &row);
    return rc;
}

/* ---- narrowing ---- */

uint64_t machine_key_rights(const struct machine_key *key)
{
    const struct str *words = key->rights.at;
    enum right        right;

    if (key->rights.n == 0)
        return 0;
    uint64_t bits = UINT64_C(1) << RIGHT_ANYONE; /* never 0, which would be no narrowing */
    for (size_t i = 0; i < key->rights.n; i++)
        if (right_of_word(words[i], &right))
            bits |= UINT64_C(1) << right;
    return bits;
}

/* The smaller of two areas of which one lies within the other. */
static bool overlap(struct str a, struct str b, struct str *smaller)
{
    *smaller = area_within(a, b) ? a : b;
    return area_within(a, b) || area_within(b, a);
}

enum rc machine_key_holds(struct arena *arena, const struct machine_key *key,
                          const struct hold *holds, size_t n, struct list *left)
{
    const struct str *areas = key->areas.at;
    size_t            times = key->areas.n ? key->areas.n : 1;
    struct hold      *into = arena_array(arena, n * times, sizeof *into);

    *left = (struct list){ .at = into };
    for (size_t i = 0; into && i < n * times; i++) {
        struct hold hold = holds[i / times];
        if (key->areas.n == 0 || overlap(hold.area, areas[i % times], &hold.area))
            into[left->n++] = hold;
    }
    return into || n == 0 ? RC_OK : RC_TOO_LARGE;
}
