#include "engine/case/clock.h"
#include "engine/case/view.h"

const struct field clock_fields[CLOCK_NFIELDS] = {
    FIELD(struct shown_clock, which, OPTIONAL),
    FIELD(struct shown_clock, title, OPTIONAL),
    FIELD(struct shown_clock, state, OPTIONAL,
          .note = STR_INIT("far、soon、late 在走，hold 停着，kept 按时做到，done 做到了")),
    FIELD_TIME(struct shown_clock, at, OPTIONAL),
    FIELD(struct shown_clock, missed, OPTIONAL, .note = STR_INIT("超时过几级")),
};

static struct str state_of(const struct op *op, const struct case_row *row,
                           const struct clock_state *clock)
{
    if (clock->met_ms)
        return clock->missed ? STR("done") : STR("kept");
    return row->paused_ms || row->first_id ? STR("hold")
                                           : due_state(clock->due_ms, op->now_ms);
}

enum rc case_show_clocks(struct op *op, const struct a_case *it, struct list *shown)
{
    struct shown_clock *all = arena_many(op->arena, CLOCK_COUNT, struct shown_clock);
    struct clocks       clocks;
    size_t              n = 0;

    enum rc rc = clocks_read(op, it->row.clocks, &clocks);
    if (rc != RC_OK || !all)
        return rc != RC_OK ? rc : RC_TOO_LARGE;
    for (size_t i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_state *clock = &clocks.of[i];
        if (clock->due_ms)
            all[n++] = (struct shown_clock){ .which = clock_word((enum clock_name)i),
                                             .title = clock_title((enum clock_name)i),
                                             .state = state_of(op, &it->row, clock),
                                             .at = clock->due_ms,
                                             .missed = clock->missed };
    }
    *shown = (struct list){ all, n };
    return RC_OK;
}
