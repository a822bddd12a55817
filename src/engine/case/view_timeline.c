#include "engine/case/line.h"
#include "engine/case/reader.h"
#include "engine/case/view.h"
#include "gate/journal.h"
#include "registry/account.h"

enum { STEPS_MAX = 500 };

static struct str step_who(struct op *op, const struct a_case *it, const struct line *line,
                           const struct case_line *step)
{
    if (line->actor == 0) /* the clock's, or what somebody did to the case it follows */
        return step->who.len ? step->who : STR("到时自动");
    if (line->actor == op->actor->account)
        return STR("您");
    if (line->actor == it->row.reporter && !came_from_outside(&it->row)) {
        struct str name =
            hides_place(op, &it->row) ? STR("") : masked_name(op, line->actor, false);
        if (!name.len)
            return STR("居民");
        return str_fmt(op->arena, "居民 %.*s", STR_ARG(name));
    }
    struct str title = account_title(op, line->actor);
    return title.len ? title : step->who;
}

static struct str step_title(struct op *op, const struct a_case *it,
                             const struct case_line *step)
{
    if (step->move_title.len && step->target.len)
        return str_fmt(op->arena, "%.*s，交给%.*s", STR_ARG(step->move_title),
                       STR_ARG(step->target));
    if (step->move_title.len && step->helpers.len)
        return str_fmt(op->arena, "%.*s：%.*s", STR_ARG(step->move_title),
                       STR_ARG(step->helpers));
    if (step->move_title.len)
        return step->move_title;
    if (step->move.len) /* the clock's */
        return step->late ? str_fmt(op->arena, "%.*s现在由%.*s负责。", STR_ARG(step->text),
                                    STR_ARG(step->holder_title))
                          : step->text;
    return it->row.photos ? str_fmt(op->arena, "用%.*s发出，%zu 张照片",
                                    STR_ARG(it->scene->title), step->photos.n)
                          : str_fmt(op->arena, "用%.*s发出", STR_ARG(it->scene->title));
}

/* Nothing but a note: not there for others. */
static bool is_note(const struct case_line *step)
{
    return step->note.len && !step->text.len && !step->reason.len && !step->photos.n &&
           str_eq(step->from, step->to);
}

/* RC_NOT_FOUND: not for this reader. */
static enum rc show_step(struct op *op, const struct a_case *it, const struct line *line,
                         bool notes, struct shown_step *shown)
{
    struct case_line step;

    enum rc rc = case_line_read(op, line, &step);
    if (rc == RC_NOT_FOUND) {
        *shown = (struct shown_step){ .seq = line->seq,
                                      .at = line->at_ms,
                                      .act = line->act,
                                      .title = STR("内容已按本人要求删除") };
        return RC_OK;
    }
    if (rc == RC_OK && !notes && is_note(&step))
        return RC_NOT_FOUND;
    bool said_by_person = step.move_title.len > 0;
    *shown = (struct shown_step){
        .seq = line->seq,
        .at = line->at_ms,
        .act = line->act,
        .move = step.move,
        .title = step_title(op, it, &step),
        .text = !said_by_person ? STR_NONE
                : step.text.len ? step.text
                                : step.reason,
        .who = step_who(op, it, line, &step),
        .state = step.state_title,
        .photos = step.photos,
        .late = step.late,
        .route = step.route,
        .note = notes ? step.note : STR_NONE,
    };
    return rc;
}

/* A line after which somebody else has it. */
static void show_tenure(struct op *op, const struct a_case *it, const struct line *line,
                        struct str *holder, struct list *holders)
{
    struct case_line step;

    if (case_line_read(op, line, &step) != RC_OK || !step.holder.len ||
        str_eq(step.holder, *holder))
        return;
    *holder = step.holder;
    ((struct shown_tenure *)holders->at)[holders->n++] = (struct shown_tenure){
        .title = step.holder_title,
        .at = line->at_ms,
        .how = step.move_title.len ? step.move_title
               : step.late         ? STR("超时上报")
               : step.move.len     ? STR("到时自动")
                                   : STR("登记分派"),
        .by = step_who(op, it, line, &step),
        .why = step.route.len ? step.route : step.reason,
    };
}

enum rc case_show_timeline(struct op *op, struct a_case *it, struct case_whole *whole)
{
    struct list lines;
    struct str  holder = STR("");
    bool        notes = case_may_read_notes(op, it);

    enum rc rc = journal_read(op, it->row.county, it->row.id, 0, STEPS_MAX, &lines);
    if (rc != RC_OK)
        return rc;
    struct shown_step   *steps = arena_many(op->arena, lines.n + 1, struct shown_step);
    struct shown_tenure *tenures = arena_many(op->arena, lines.n + 1, struct shown_tenure);
    if (!steps || !tenures)
        return RC_TOO_LARGE;
    whole->holders.at = tenures;
    size_t n = 0; /* newest on top */
    for (size_t i = 0; i < lines.n && rc == RC_OK; i++) {
        const struct line *line = (const struct line *)lines.at + i;
        rc = show_step(op, it, line, notes, &steps[lines.n - 1 - n]);
        n += rc == RC_OK;
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
        show_tenure(op, it, line, &holder, &whole->holders);
    }
    whole->timeline = (struct list){ steps + (lines.n - n), n };
    return rc;
}
