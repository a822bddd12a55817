#include "engine/notice/notice.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/plain.h"
#include "engine/notice/notice_rules.h"
#include "engine/photo/photo.h"
#include "gate/journal.h"
#include "guard/actor.h"
#include "guard/seal.h"
#include "registry/area.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

/* -------------------------------------------------------------- what is asked */

static bool is_one_of(struct str word, struct str a, struct str b, struct str c)
{
    return str_eq(word, a) || str_eq(word, b) || str_eq(word, c);
}

/* Those who work in areas; not residents, machines and administrators. */
static bool may_be_told(enum role role)
{
    return role == ROLE_GRID_WORKER || role == ROLE_DESK || role == ROLE_LEADER ||
           role == ROLE_CENTRE || role == ROLE_HANDLER || role == ROLE_PROTECTOR ||
           role == ROLE_POLICE;
}

static enum rc check_house(struct op *op, const struct person_house *houses, size_t i)
{
    const struct person_house *house = &houses[i];

    if (house->unit.len && !house->building.len)
        return fail(op, RC_INVALID, "houses", "第 %zu 处写了单元，没有写楼栋。", i + 1);
    if (str_has(house->compound, STR("|")) || str_has(house->building, STR("|")) ||
        str_has(house->unit, STR("|")))
        return fail(op, RC_INVALID, "houses", "第 %zu 处的名称里不能有“|”。", i + 1);
    for (size_t j = 0; j < i; j++)
        if (house_within(house, &houses[j]) || house_within(&houses[j], house))
            return fail(op, RC_INVALID, "houses", "第 %zu 处和第 %zu 处重了，请去掉一处。",
                        j + 1, i + 1);
    return RC_OK;
}

static enum rc check_houses(struct op *op, const struct notice_new *made)
{
    const struct person_house *houses = made->houses.at;
    enum rc                    rc = RC_OK;

    if (!made->houses.n)
        return fail(op, RC_INVALID, "houses", "请写明是哪些小区、楼栋。");
    if (area_level(made->area) < LEVEL_COMMUNITY)
        return fail(op, RC_INVALID, "area", "按房子发的通知，辖区请选到社区或网格。");
    for (size_t i = 0; i < made->houses.n && rc == RC_OK; i++)
        rc = check_house(op, houses, i);
    return rc;
}

static enum rc check_audience(struct op *op, const struct notice_new *made)
{
    bool role = str_eq(made->audience, AUDIENCE_ROLE),
         houses = str_eq(made->audience, AUDIENCE_HOUSES);

    if (!is_one_of(made->audience, AUDIENCE_ALL, AUDIENCE_ROLE, AUDIENCE_HOUSES))
        return fail(
            op, RC_INVALID, "audience",
            "发给谁只能是 all（全体居民）、role（某种职责的人）或 houses（某些楼栋）。");
    if (!role && made->role.len)
        return fail(op, RC_INVALID, "role", "发给居民的通知不用选角色。");
    if (role && !may_be_told(role_of_word(made->role)))
        return fail(op, RC_INVALID, "role",
                    "请选工作人员的一种角色，例如 grid-worker 网格员。");
    if (!houses && made->houses.n)
        return fail(op, RC_INVALID, "houses", "不按房子发的通知，不用写小区、楼栋。");
    return houses ? check_houses(op, made) : RC_OK;
}

static enum rc check_until(struct op *op, int64_t until)
{
    if (until && until <= op->now_ms)
        return fail(op, RC_INVALID, "until", "有效期已经过了，请选以后的时间。");
    if (until > op->now_ms + NOTICE_DAYS_MAX * DAY_MS)
        return fail(op, RC_INVALID, "until", "有效期最长 %d 天。", NOTICE_DAYS_MAX);
    return RC_OK;
}

static enum rc check_words(struct op *op, const struct notice_words *words, struct str asks)
{
    if (str_eq(asks, ASKS_ANSWER) && !str_trim(words->question).len)
        return fail(op, RC_INVALID, "question", "要回执的通知，请写明请大家回答什么。");
    if (!str_eq(asks, ASKS_ANSWER) && words->question.len)
        return fail(op, RC_INVALID, "question", "不要回执的通知，不用写要回答什么。");
    return check_until(op, words->until);
}

static enum rc check_new(struct op *op, const struct notice_new *made)
{
    if (area_level(made->area) < LEVEL_COUNTY)
        return fail(op, RC_INVALID, "area", "请选到区县或以下的辖区。");
    if (!actor_may(op->actor, RIGHT_NOTICE_WRITE, made->area))
        return fail(op, RC_DENIED, "area", "这个辖区的通知不归您发。");
    if (!is_one_of(made->asks, ASKS_NOTHING, ASKS_READ, ASKS_ANSWER))
        return fail(
            op, RC_INVALID, "asks",
            "要不要回执只能是 nothing（不用）、read（已阅）或 answer（回一句话）。");
    enum rc rc = check_audience(op, made);
    return rc == RC_OK ? check_words(op, &made->words, made->asks) : rc;
}

/* Since midnight in Beijing. */
static enum rc check_day(struct op *op)
{
    int64_t n;

    enum rc rc = notice_count_by(op, op->actor->account,
                                 id_floor(op->county, clock_day_begins(op->now_ms)),
                                 NOTICES_PER_DAY_MAX, &n);
    if (rc == RC_OK && n >= NOTICES_PER_DAY_MAX)
        return fail(op, RC_TOO_MANY, NULL, "今天已经写了 %d 条通知，请明天再写。",
                    NOTICES_PER_DAY_MAX);
    return rc;
}

/* ------------------------------------------------------------------ review */

enum rc notice_review(struct op *op, struct str area, bool *review)
{
    enum rc rc = RC_NOT_FOUND;

    *review = true;
    for (int level = area_level(area); level >= LEVEL_COMMUNITY && rc == RC_NOT_FOUND;
         level--)
        rc = policy_select(op, area_at_level(area, level), review);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

bool notice_is_out(const struct notice *notice)
{
    return notice->version > 0;
}

/* -------------------------------------------------------------------- keys */

static enum rc put_key(struct op *op, const struct notice *notice, struct str key,
                       int64_t mark)
{
    bool withdrawn = str_eq(notice->state, NOTICE_WITHDRAWN);

    return key_insert(op,
                      &(struct notice_key){ .county = op->county,
                                            .key = key,
                                            .mark = mark,
                                            .notice = notice->id,
                                            .version = notice->version,
                                            .until_ms = withdrawn ? 0 : notice->until_ms });
}

static enum rc put_staff_keys(struct op *op, const struct notice *notice, char letter,
                              int64_t mark)
{
    enum rc rc = RC_OK;

    for (int level = area_level(notice->area); level >= LEVEL_COUNTY && rc == RC_OK;
         level--)
        rc = put_key(op, notice, staff_key(op, letter, area_at_level(notice->area, level)),
                     mark);
    return rc;
}

/* Under all its keys anew, on top of every list. */
static enum rc put_keys(struct op *op, const struct notice *notice)
{
    int64_t     mark = op_new_id(op);
    struct list keys = { 0 };

    enum rc rc = keys_delete(op, notice->id, STR("a"), STR("z"));
    if (rc == RC_OK)
        rc = notice_keys(op, notice, &keys);
    const struct str *all = keys.at;
    for (size_t i = 0; rc == RC_OK && i < keys.n; i++)
        rc = put_key(op, notice, all[i], mark);
    if (rc == RC_OK && notice->houses.len)
        rc =
            put_key(op, notice,
                    staff_key(op, 'b', area_at_level(notice->area, LEVEL_COMMUNITY)), mark);
    return rc == RC_OK ? put_staff_keys(op, notice, 's', mark) : rc;
}

/* It waits for a second person, or no longer. */
static enum rc put_waiting(struct op *op, struct notice *notice, bool waits)
{
    notice->waits = waits;
    enum rc rc = keys_delete(op, notice->id, STR("w:"), STR("w;"));

    return rc == RC_OK && waits ? put_staff_keys(op, notice, 'w', op_new_id(op)) : rc;
}

/* ---------------------------------------------------------------- going out */

static void put_out(struct op *op, struct a_notice *it)
{
    it->row.corrections += notice_is_out(&it->row);
    it->row.state = NOTICE_STANDING;
    it->row.version = it->text.version;
    it->row.title = it->text.title;
    it->row.until_ms = it->text.until_ms;
    it->row.at_ms = op->now_ms;
}

static struct str photos_write(struct op *op, struct list photos)
{
    struct json_out out;
    const int64_t  *ids = photos.at;

    json_out_init(&out, op->arena);
    json_open(&out, '[');
    for (size_t i = 0; i < photos.n; i++)
        json_id(&out, ids[i]);
    json_close(&out, ']');
    return json_done(&out);
}

static struct notice_text text_of(struct op *op, const struct notice *notice,
                                  const struct notice_words *words, struct str reason)
{
    return (struct notice_text){
        .county = op->county,
        .notice = notice->id,
        .version = notice->newest,
        .title = str_trim(words->title),
        .words = str_trim(words->words),
        .question = words->question.at ? str_trim(words->question) : STR(""),
        .photos = photos_write(op, words->photos),
        .until_ms = words->until ? words->until : op->now_ms + NOTICE_DAYS * DAY_MS,
        .reason = reason,
        .state = TEXT_WAITING,
        .written_by = op->actor->account,
        .written_ms = op->now_ms,
        .why = STR(""),
    };
}

/* The newest text goes out, or waits for somebody else's look at it. */
static enum rc settle(struct op *op, struct a_notice *it)
{
    bool review;

    enum rc rc = notice_review(op, it->row.area, &review);
    if (rc != RC_OK)
        return rc;
    if (!review) {
        it->text.state = TEXT_OUT;
        put_out(op, it);
    } else if (!notice_is_out(&it->row)) {
        it->row.state = NOTICE_WAITING;
        it->row.until_ms = it->text.until_ms;
        it->row.title = it->text.title;
    }
    rc = text_insert(op, &it->text);
    return rc == RC_OK ? (review ? put_waiting(op, &it->row, true) : put_keys(op, &it->row))
                       : rc;
}

enum rc notice_write(struct op *op, const struct notice_new *made, struct a_notice *it)
{
    enum rc rc = check_new(op, made);
    if (rc == RC_OK)
        rc = check_day(op);
    if (rc != RC_OK)
        return rc;
    it->row = (struct notice){
        .county = op->county,
        .id = op_new_id(op),
        .area = made->area,
        .audience = made->audience,
        .role = made->role.at ? made->role : STR(""),
        .houses = made->houses.n ? notice_houses_write(op, made->houses) : STR(""),
        .asks = made->asks,
        .newest = 1,
        .made_by = op->actor->account,
    };
    it->text = text_of(op, &it->row, &made->words, STR(""));
    rc = photo_attach(op, made->words.photos.at, made->words.photos.n, it->row.id);
    if (rc == RC_OK)
        rc = settle(op, it);
    return rc == RC_OK ? notice_insert(op, &it->row) : rc;
}

/* -------------------------------------------------------------- correcting */

/* One that the actor writes in, in this act. */
static enum rc find_to_write(struct op *op, int64_t id, struct notice *notice)
{
    enum rc rc = notice_find(op, id, notice);

    if (rc == RC_OK && !actor_may(op->actor, RIGHT_NOTICE_WRITE, notice->area))
        return fail(op, RC_DENIED, NULL, "这个辖区的通知不归您发。");
    if (rc == RC_OK && str_eq(notice->state, NOTICE_WITHDRAWN))
        return fail(op, RC_REFUSED, NULL, "这条通知已经撤回了。");
    return rc;
}

/* Photos that the text before had stay; others must be the writer's own. */
static enum rc attach_new(struct op *op, const struct notice_text *before,
                          struct list photos, int64_t notice)
{
    const int64_t *ids = photos.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; i < photos.n && rc == RC_OK; i++) {
        struct str quoted = str_fmt(op->arena, "\"%lld\"", (long long)ids[i]);
        if (!str_has(before->photos, quoted))
            rc = photo_attach(op, &ids[i], 1, notice);
    }
    return rc;
}

enum rc notice_correct(struct op *op, int64_t id, int64_t version,
                       const struct notice_words *words, struct str reason,
                       struct a_notice *it)
{
    struct notice_text before;

    enum rc rc = find_to_write(op, id, &it->row);
    if (rc == RC_OK)
        rc = check_words(op, words, it->row.asks);
    if (rc != RC_OK)
        return rc;
    if (it->row.waits)
        return fail(op, RC_REFUSED, NULL, "上一次写的还在等复核，请等定下来再改。");
    if (version != it->row.newest)
        return fail(op, RC_CONFLICT, "version", "这条通知刚刚有人改过，请看了新的再改。");
    rc = text_select(op, id, it->row.newest, &before);
    if (rc == RC_OK)
        rc = attach_new(op, &before, words->photos, id);
    if (rc != RC_OK)
        return rc;
    it->row.newest++;
    it->text = text_of(op, &it->row, words, str_trim(reason));
    rc = settle(op, it);
    return rc == RC_OK ? notice_update(op, &it->row, version) : rc;
}

enum rc notice_decide(struct op *op, int64_t id, int64_t version, struct str why,
                      struct a_notice *it)
{
    enum rc rc = notice_find(op, id, &it->row);
    if (rc == RC_OK)
        rc = text_select(op, id, it->row.newest, &it->text);
    if (rc != RC_OK)
        return rc;
    if (!actor_may(op->actor, RIGHT_NOTICE_AGREE, it->row.area))
        return fail(op, RC_DENIED, NULL, "这个辖区的通知不归您复核。");
    if (version != it->row.newest || !str_eq(it->text.state, TEXT_WAITING))
        return fail(op, RC_CONFLICT, "version", "这条通知已经有人定了，或刚刚改过。");
    if (it->text.written_by == op->actor->account)
        return fail(op, RC_DENIED, NULL, "自己写的要由另一个人复核。");
    if (!why.len && it->text.until_ms <= op->now_ms)
        return fail(op, RC_REFUSED, NULL, "它的有效期已经过了，请退回去改一个时间。");
    it->text.state = why.len ? TEXT_RETURNED : TEXT_OUT;
    it->text.why = why;
    rc = text_decide(op, &it->text);
    if (rc == RC_OK)
        rc = put_waiting(op, &it->row, false);
    if (!why.len)
        put_out(op, it);
    else if (!notice_is_out(&it->row))
        it->row.state = NOTICE_RETURNED;
    if (rc == RC_OK && !why.len)
        rc = put_keys(op, &it->row);
    return rc == RC_OK ? notice_update(op, &it->row, version) : rc;
}

/* At once and by one person: what is wrong must not stand for want of a second one. */
enum rc notice_withdraw(struct op *op, int64_t id, struct str reason, struct a_notice *it)
{
    enum rc rc = find_to_write(op, id, &it->row);
    if (rc == RC_OK)
        rc = text_select(op, id, notice_is_out(&it->row) ? it->row.version : it->row.newest,
                         &it->text);
    if (rc != RC_OK)
        return rc;
    int64_t newest = it->row.newest;
    it->row.newest++;
    it->text.version = it->row.newest;
    it->text.state = TEXT_WITHDRAWN;
    it->text.reason = str_trim(reason);
    it->text.written_by = op->actor->account;
    it->text.written_ms = op->now_ms;
    it->text.decided_by = it->text.decided_ms = 0;
    it->row.state = NOTICE_WITHDRAWN;
    rc = put_waiting(op, &it->row, false);
    if (rc == RC_OK)
        rc = text_insert(op, &it->text);
    if (rc == RC_OK && notice_is_out(&it->row)) {
        it->row.version = it->text.version;
        rc = put_keys(op, &it->row);
    }
    return rc == RC_OK ? notice_update(op, &it->row, newest) : rc;
}

/* --------------------------------------------------------------- reminding */

static enum rc check_hour(struct op *op)
{
    int hour = clock_civil(op->now_ms).hour;

    if (hour < NOTICE_REMIND_FROM || hour >= NOTICE_REMIND_UNTIL)
        return fail(op, RC_REFUSED, NULL,
                    "夜里（%d:00 至次日 %d:00）不打扰大家，请 %d:00 以后再提醒。",
                    NOTICE_REMIND_UNTIL, NOTICE_REMIND_FROM, NOTICE_REMIND_FROM);
    return RC_OK;
}

static enum rc check_remind(struct op *op, const struct notice *notice)
{
    int64_t last = notice->reminded_ms ? notice->reminded_ms : notice->at_ms;

    if (!str_eq(notice->state, NOTICE_STANDING))
        return fail(op, RC_REFUSED, NULL, "这条通知还没有发出去，不用提醒。");
    if (notice->until_ms <= op->now_ms)
        return fail(op, RC_REFUSED, NULL, "这条通知已经到期了，不用提醒。");
    if (op->now_ms - last < NOTICE_REMIND_MS)
        return fail(op, RC_REFUSED, NULL, "一天最多提醒一次，%.*s 以后可以再提醒。",
                    STR_ARG(clock_zh(op->arena, last + NOTICE_REMIND_MS, op->now_ms)));
    return check_hour(op);
}

enum rc notice_remind(struct op *op, int64_t id, struct a_notice *it)
{
    enum rc rc = find_to_write(op, id, &it->row);
    if (rc == RC_OK)
        rc = check_remind(op, &it->row);
    if (rc == RC_OK)
        rc = text_select(op, id, it->row.version, &it->text);
    if (rc != RC_OK)
        return rc;
    it->row.reminded_ms = op->now_ms;
    it->row.reminders++;
    rc = keys_renew(op, id, op_new_id(op));
    return rc == RC_OK ? notice_update(op, &it->row, it->row.newest) : rc;
}

/* ---------------------------------------------------------------- receipts */

static bool stands(const struct op *op, const struct notice *notice)
{
    return str_eq(notice->state, NOTICE_STANDING) && notice->until_ms > op->now_ms;
}

static enum rc check_said(struct op *op, const struct notice_said *said,
                          const struct notice *notice)
{
    if (said->version != notice->version)
        return fail(op, RC_CONFLICT, "version", "这条通知刚刚更正过，请看新的内容。");
    if (said->answer.len && !str_eq(notice->asks, ASKS_ANSWER))
        return fail(op, RC_REFUSED, "answer", "这条通知不用回话。");
    if ((said->confirms || said->answer.len) && !stands(op, notice))
        return fail(op, RC_REFUSED, NULL, "这条通知已经到期或撤回了，不用再回执。");
    if (said->confirms && str_eq(notice->asks, ASKS_ANSWER) && !str_trim(said->answer).len)
        return fail(op, RC_INVALID, "answer", "请写一句回话。");
    return RC_OK;
}

/* Staff who are no residents answer under the county's key: their place names them. */
#define ANSWER_PLACE(receipt, person)                                                      \
    PLACE("notice_receipts", "answer", (receipt)->notice ^ (receipt)->reader, (person))

static enum rc seal_answer(struct op *op, struct str answer, struct receipt *receipt)
{
    return seal(op, ANSWER_PLACE(receipt, op->actor->person), str_trim(answer),
                &receipt->answer);
}

enum rc notice_answer(struct op *op, const struct receipt *receipt, struct str *answer)
{
    int64_t person = receipt->reader != receipt->account ? receipt->reader : 0;

    *answer = STR_NONE;
    if (!receipt->answer.at)
        return RC_OK;
    enum rc rc = unseal(op, ANSWER_PLACE(receipt, person), receipt->answer, answer);
    return rc == RC_GONE ? RC_OK : rc;
}

/* What this reading adds to what was counted of the same version. */
static enum rc count_it(struct op *op, const struct receipt *before,
                        const struct receipt *now)
{
    bool         again = before->version == now->version;
    struct tally tally = { .opened = !again,
                           .done = now->done && !(again && before->done) };

    return tally.opened || tally.done ? tally_add(op, now, tally) : RC_OK;
}

static enum rc leave_receipt(struct op *op, const struct notice_said *said,
                             const struct notice *notice, const struct receipt *before,
                             struct receipt *receipt)
{
    bool says = said->confirms || said->answer.len;
    bool again = before->version == notice->version;

    if (again && !says)
        return RC_OK; /* nothing new */
    receipt->done = !stands(op, notice) || str_eq(notice->asks, ASKS_NOTHING) || says;
    receipt->done_ms = receipt->done ? op->now_ms : 0;
    enum rc rc = said->answer.len ? seal_answer(op, said->answer, receipt) : RC_OK;
    if (rc == RC_OK)
        rc = count_it(op, before, receipt);
    return rc == RC_OK ? receipt_put(op, receipt) : rc;
}

enum rc notice_receive(struct op *op, const struct notice_said *said, struct a_notice *it,
                       struct receipt *receipt)
{
    struct notice_reader reader;
    struct receipt       before = { 0 };
    struct str           area;
    bool                 has = false;

    enum rc rc = notice_find(op, said->id, &it->row);
    if (rc == RC_OK)
        rc = reader_of(op, &reader);
    if (rc == RC_OK)
        rc = reader_has(op, &reader, &it->row, &area, &has);
    if (rc == RC_OK && !has)
        return fail(op, RC_REFUSED, NULL, "这条通知不是发给您的，不用回执。");
    if (rc == RC_OK)
        rc = check_said(op, said, &it->row);
    if (rc == RC_OK)
        rc = receipt_select(op, reader.who, said->id, &before);
    if (rc != RC_OK)
        return rc;
    *receipt = before;
    if (before.version != it->row.version)
        *receipt = (struct receipt){ .county = op->county,
                                     .reader = reader.who,
                                     .notice = said->id,
                                     .version = it->row.version,
                                     .account = op->actor->account,
                                     .area = area,
                                     .read_ms = op->now_ms };
    return leave_receipt(op, said, &it->row, &before, receipt);
}

/* ------------------------------------------------------------------- seeing */

/* Has the actor something to watch in the area, or in a part of it? */
static bool watches(const struct actor *actor, struct str area, bool parts)
{
    for (size_t i = 0; i < actor->nholds; i++) {
        const struct hold *hold = &actor->holds[i];
        if ((role_rights(hold->role) >> RIGHT_NOTICE_WATCH & 1) &&
            (area_within(area, hold->area) || (parts && area_within(hold->area, area))))
            return true;
    }
    return false;
}

static enum rc reads(struct op *op, const struct notice *notice, bool *has)
{
    struct notice_reader reader;
    struct str           area;

    enum rc rc = reader_of(op, &reader);
    return rc == RC_OK ? reader_has(op, &reader, notice, &area, has) : rc;
}

enum rc notice_find(struct op *op, int64_t id, struct notice *notice)
{
    bool has = false;

    enum rc rc = notice_select(op, id, notice);
    bool    parts = rc == RC_OK && notice_is_out(notice) && !notice->role.len;
    if (rc != RC_OK || watches(op->actor, notice->area, parts))
        return rc;
    rc = notice_is_out(notice) ? reads(op, notice, &has) : RC_OK;
    return rc == RC_OK && !has ? RC_NOT_FOUND : rc;
}

bool notice_sees(struct op *op, int64_t id)
{
    struct notice notice;

    return notice_find(op, id, &notice) == RC_OK;
}

/* --------------------------------------------------------- deleted persons */

static enum rc forget(struct op *op, struct whose *whose)
{
    return receipts_delete(op, whose->person);
}

const struct person_keeper notice_keeper = { .name = "notice", .forget = forget };
