#include "engine/appoint/telling.h"

#include "base/clock.h"
#include "gate/journal.h"
#include "gate/telling.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "registry/area.h"

enum { KEEPERS_TOLD = 20, TOLD_MAX = KEEPERS_TOLD + 1 };

/* All that was decided with: the journal alone says who had which seat when. */
struct said {
    struct list tell; /* struct telling */
    struct str  scene, kind, at_window, area, state, category, reason;
    int64_t     starts, seat, case_id, account, taken_by;
};
#define S(member) FIELD(struct said, member, OPTIONAL)
static const struct field said_fields[] = {
    FIELD_TELL(struct said),
    S(scene),
    S(kind),
    S(at_window),
    S(area),
    S(state),
    S(category),
    S(reason),
    FIELD_TIME(struct said, starts, OPTIONAL),
    S(seat),
    FIELD_ID(struct said, case_id, OPTIONAL),
    FIELD_ID(struct said, account, OPTIONAL),
    FIELD_ID(struct said, taken_by, OPTIONAL),
};

struct turn {
    struct op                *op;
    const struct window      *window;
    const struct appointment *row;
    struct telling           *tell;
    size_t                    n;
};

static enum rc begin(struct turn *turn, struct op *op, const struct window *window,
                     const struct appointment *row)
{
    *turn = (struct turn){ op, window, row, arena_many(op->arena, TOLD_MAX, struct telling),
                           0 };
    return turn->tell ? RC_OK : RC_TOO_LARGE;
}

static enum rc end(const struct turn *turn)
{
    const struct appointment *row = turn->row;

    journal_about(turn->op, row->id, row->version - 1, row->version, row->person);
    return journal_says(turn->op, said_fields, COUNT(said_fields),
                        &(struct said){ .tell = { turn->tell, turn->n },
                                        .scene = row->scene,
                                        .kind = row->kind,
                                        .at_window = row->at_window,
                                        .area = row->area,
                                        .state = row->state,
                                        .category = row->category,
                                        .reason = row->reason,
                                        .starts = row->starts_ms,
                                        .seat = row->seat,
                                        .case_id = row->case_id,
                                        .account = row->account,
                                        .taken_by = row->taken_by });
}

static void tell(struct turn *turn, int64_t account, struct str title, struct str says)
{
    if (account && account != turn->op->actor->account && turn->n < TOLD_MAX)
        turn->tell[turn->n++] = (struct telling){ account, title, says, true };
}

/* ---------------------------------------------------------------- wordings */

struct str appoint_when(struct op *op, int64_t starts_ms)
{
    return clock_zh(op->arena, starts_ms, op->now_ms);
}

/* A window that was taken out of its scene has no title any more. */
static struct str place_of(const struct turn *turn)
{
    return turn->window->rules ? window_place(turn->op, turn->window)
                               : area_name(turn->op, turn->row->area);
}

struct str appoint_bring(struct op *op, const struct window *window, struct str category)
{
    const struct scene_option *option =
        window->kind ? kind_option(window->kind, category) : NULL;
    size_t      n = option ? option->guide.nmaterials : 0;
    struct str *titles = arena_many(op->arena, n + 1, struct str);

    for (size_t i = 0; titles && i < n; i++)
        titles[i] = option->guide.materials[i].title;
    return n && titles ? str_cat(op->arena, STR("带上"),
                                 str_join(op->arena, titles, n, STR("、")), STR("。"))
                       : STR("");
}

/* "11 月 24 日 9:00，滨湖社区便民服务中心窗口，办高龄津贴" */
static struct str what_when(const struct turn *turn)
{
    struct op *op = turn->op;

    return str_cat(op->arena, appoint_when(op, turn->row->starts_ms), STR("，"),
                   place_of(turn), STR("，办"), turn->row->category);
}

/* ------------------------------------------------------------ each occasion */

enum rc tell_booked(struct op *op, const struct window *window,
                    const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    tell(&turn, row->account, STR("替您约好了"),
         str_cat(op->arena, op->actor->name, STR("替您约了："), what_when(&turn),
                 STR("。到了报预约码 "), row->code, STR("。"),
                 appoint_bring(op, window, row->category),
                 STR("不是您的意思，请取消或者告诉社区。")));
    return end(&turn);
}

enum rc tell_moved(struct op *op, const struct window *window,
                   const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    tell(&turn, row->account, STR("预约改了时间"),
         str_cat(op->arena, op->actor->name, STR("替您改到："), what_when(&turn),
                 STR("。预约码不变："), row->code, STR("。")));
    return end(&turn);
}

enum rc tell_cancelled(struct op *op, const struct window *window,
                       const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    tell(&turn, row->account, STR("预约取消了"),
         str_cat(op->arena, what_when(&turn), STR("的预约取消了："),
                 str_sentence(op->arena, row->reason)));
    return end(&turn);
}

static struct str missed_says(const struct turn *turn)
{
    const struct window *window = turn->window;
    struct op           *op = turn->op;
    struct str           what = what_when(turn);
    struct str           rule = STR("");

    if (window->rules && window->rules->missed)
        rule = str_fmt(op->arena, "%lld 天里没来 %lld 次，就要打电话或者到窗口才能约。",
                       (long long)(window->rules->missed_ms / DAY_MS),
                       (long long)window->rules->missed);
    return str_cat(op->arena, what, STR("，窗口记的是没有来。"), rule,
                   STR("记错了请告诉窗口。"));
}

enum rc tell_marked(struct op *op, const struct window *window,
                    const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    if (str_eq(row->state, STATE_MISSED))
        tell(&turn, row->account, STR("约了没有来"), missed_says(&turn));
    return end(&turn);
}

enum rc tell_reminded(struct op *op, const struct window *window,
                      const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    tell(&turn, row->account, STR("明天有预约"),
         str_cat(op->arena, what_when(&turn), STR("。到了报预约码 "), row->code, STR("。"),
                 appoint_bring(op, window, row->category),
                 STR("来不了请早点取消，让给别人。")));
    return end(&turn);
}

/* Whoever has no account is telephoned by those who keep the window. */
static enum rc tell_keepers(struct turn *turn, struct str says)
{
    struct list found = { 0 };

    enum rc                 rc = turn->window->rules
                                     ? colleagues_with_duty(turn->op, turn->window->rules->duty,
                                                            turn->row->area, KEEPERS_TOLD, &found)
                                     : RC_OK;
    const struct colleague *keepers = found.at;
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        tell(turn, keepers[i].account, STR("请打电话改约"), says);
    return rc;
}

static struct str offer(const struct turn *turn)
{
    struct slot slot;
    int64_t     after = turn->row->starts_ms;

    if (!turn->window->rules ||
        slot_after(turn->op, turn->window,
                   after > turn->op->now_ms ? after : turn->op->now_ms, &slot) != RC_OK)
        return STR("请重新约，或者打电话问问。");
    return str_cat(turn->op->arena, STR("最近还空着的是 "),
                   appoint_when(turn->op, slot.starts_ms), STR("，点“改时间”就能约。"));
}

enum rc tell_displaced(struct op *op, const struct window *window,
                       const struct appointment *row)
{
    struct turn turn;

    enum rc rc = begin(&turn, op, window, row);
    if (rc != RC_OK)
        return rc;
    struct str what = str_cat(op->arena, what_when(&turn), STR("的预约办不成了："),
                              str_sentence(op->arena, row->reason));
    if (row->account)
        tell(&turn, row->account, STR("预约要改时间"),
             str_cat(op->arena, what, offer(&turn)));
    else
        rc = tell_keepers(&turn, str_cat(op->arena, STR("预约码 "), row->code, STR("，"),
                                         what, STR("约的人没有账号，请打电话改约。")));
    return rc == RC_OK ? end(&turn) : rc;
}
