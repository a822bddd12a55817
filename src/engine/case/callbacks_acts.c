#include "engine/case/callbacks.h"
#include "engine/case/case_acts.h"
#include "engine/case/lists.h"
#include "engine/case/view.h"
#include "gate/view.h"

/* -------------------------------------------------------------- the list */

static const struct field list_fields[] = {
    FIELD(struct callbacks_args, area, .max = 15, .title = STR_INIT("辖区")),
    FIELD(struct callbacks_args, cursor, .max = 60),
    FIELD(struct callbacks_args, limit, .min = 1, .max = PAGE_MAX,
          .title = STR_INIT("条数")),
};

struct shown_call {
    struct str move, outcome;
};
static const struct field call_fields[] = {
    FIELD(struct shown_call, move, .title = STR_INIT("环节")),
    FIELD(struct shown_call, outcome, .title = STR_INIT("回访结果"),
          .note =
              STR_INIT("solved 已解决，unsolved 没解决，missed 没打通，refused 不愿答")),
};
struct shown_callback {
    struct case_card card;
    int64_t          tries, tried, next;
    struct str       said;
    struct list      calls; /* struct shown_call */
};
static const struct field callback_fields[] = {
    FIELD_STRUCT(struct shown_callback, card, card_fields, OPTIONAL),
    FIELD(struct shown_callback, tries, OPTIONAL, .title = STR_INIT("打过几次没打通")),
    FIELD_TIME(struct shown_callback, tried, OPTIONAL, .title = STR_INIT("上次什么时候")),
    FIELD_TIME(struct shown_callback, next, OPTIONAL,
               .title = STR_INIT("什么时候以后再打")),
    FIELD(struct shown_callback, said, OPTIONAL, .title = STR_INIT("上次怎么没打通")),
    FIELD_LIST(struct shown_callback, calls, struct shown_call, call_fields, OPTIONAL,
               .title = STR_INIT("打完记哪一步")),
};

static struct str outcome_of(const struct scene_move *move)
{
    static const struct {
        enum effect_kind effect;
        struct str       word;
    } words[] = {
        { EFFECT_CALL_SOLVED, STR_INIT("solved") },
        { EFFECT_CALL_UNSOLVED, STR_INIT("unsolved") },
        { EFFECT_CALL_MISSED, STR_INIT("missed") },
        { EFFECT_CALL_REFUSED, STR_INIT("refused") },
    };

    for (size_t i = 0; i < move->neffects; i++)
        for (size_t k = 0; k < COUNT(words); k++)
            if (move->effects[i].kind == words[k].effect)
                return words[k].word;
    return STR_NONE;
}

static enum rc show_calls(struct op *op, const struct list *calls, struct list *shown)
{
    const struct scene_move *const *move = calls->at;
    struct shown_call *all = arena_many(op->arena, calls->n + 1, struct shown_call);

    *shown = (struct list){ all, calls->n };
    for (size_t i = 0; all && i < calls->n; i++)
        all[i] = (struct shown_call){ move[i]->name, outcome_of(move[i]) };
    return all ? RC_OK : RC_TOO_LARGE;
}

static enum rc cards_of(struct op *op, const struct list *found, struct list *cards)
{
    const struct callback *callback = found->at;
    struct case_row       *rows = arena_many(op->arena, found->n + 1, struct case_row);

    for (size_t i = 0; rows && i < found->n; i++)
        rows[i] = callback[i].row;
    return rows ? lists_cards(op, &(struct list){ rows, found->n }, cards) : RC_TOO_LARGE;
}

static enum rc list(struct op *op, const void *in, struct view *view)
{
    struct list found, cards = { 0 };
    struct str  next;

    enum rc rc = callbacks_page(op, in, &found, &next);
    if (rc == RC_OK)
        rc = cards_of(op, &found, &cards);
    struct shown_callback *shown =
        rc == RC_OK ? arena_many(op->arena, found.n + 1, struct shown_callback) : NULL;
    if (!shown)
        return rc == RC_OK ? RC_TOO_LARGE : rc;
    const struct callback  *callback = found.at;
    const struct case_card *card = cards.at;
    for (size_t i = 0; i < found.n && rc == RC_OK; i++) {
        shown[i] = (struct shown_callback){ .card = card[i],
                                            .tries = callback[i].tries,
                                            .tried = callback[i].tried_ms,
                                            .next = callback[i].next_ms,
                                            .said = callback[i].said };
        rc = show_calls(op, &callback[i].calls, &shown[i].calls);
    }
    if (rc == RC_OK)
        view_page(view, callback_fields, COUNT(callback_fields),
                  (struct list){ shown, found.n }, sizeof *shown, next);
    return rc;
}

/* ------------------------------------------------------------- the number */

struct number_args {
    int64_t id;
};
static const struct field number_args[] = {
    FIELD_ID(struct number_args, id, REQUIRED, .title = STR_INIT("办件")),
};
struct number {
    struct str phone;
};
static const struct field number_fields[] = {
    FIELD(struct number, phone, .grade = GRADE_PERSONAL, .title = STR_INIT("电话")),
};

static enum rc number(struct op *op, const void *in, struct view *view)
{
    struct number number = { 0 };

    enum rc rc = callback_number(op, ((const struct number_args *)in)->id, &number.phone);
    if (rc == RC_OK)
        view_struct(view, number_fields, COUNT(number_fields), &number);
    return rc;
}

const struct act callback_acts[] = {
    { .name = "case.callbacks",
      .method = GET,
      .path = "/cases/callbacks",
      .title = STR_INIT("等回访的办件"),
      .note = STR_INIT("自己能回访的：场景说归谁，办过的人除外；没打过的在前。"),
      .right = RIGHT_CASE_READ,
      ARGS(struct callbacks_args, list_fields),
      .answer = callback_fields,
      .nanswer = COUNT(callback_fields),
      .many = true,
      .run = list },
    { .name = "look.number",
      .method = POST,
      .path = "/cases/{id}/number",
      .title = STR_INIT("报事人的电话号码"),
      .note = STR_INIT("只给能回访的人，和场景说在办的时候能看的人；每一次都记下，本人看得"
                       "到。"),
      .right = RIGHT_CASE_WORK,
      .writes = true,
      .unkept = true,
      ARGS(struct number_args, number_args),
      ANSWER(struct number, number_fields),
      .run = number },
    { .name = NULL },
};
