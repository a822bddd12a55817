/* Appointments and windows as they are answered.  Inside engine/appoint only. */
#ifndef ENGINE_APPOINT_VIEW_H
#define ENGINE_APPOINT_VIEW_H
#include "engine/appoint/rules.h"

struct view;

/* What acts about a window ask for. */
#define WINDOW_FIELDS(type)                                                                \
    FIELD(type, scene, REQUIRED, .max = 40, .title = STR_INIT("场景")),                    \
        FIELD(type, kind, REQUIRED, .max = 40, .title = STR_INIT("哪类办件")),             \
        FIELD(type, window, REQUIRED, .max = 40, .title = STR_INIT("窗口")),               \
        FIELD(type, area, REQUIRED, .max = 15, .title = STR_INIT("哪里的窗口"))
#define KEY_OF(args)                                                                       \
    ((struct window_key){ (args)->scene, (args)->kind, (args)->window, (args)->area })

struct shown_slot {
    int64_t starts, ends;
    int64_t free;
};
enum { SHOWN_SLOT_NFIELDS = 3 };
extern const struct field shown_slot_fields[SHOWN_SLOT_NFIELDS];

struct shown_appointment {
    int64_t           id, version;
    struct str        code, state, state_title;
    struct str        scene, kind, window, window_title, area, area_name;
    struct str        category;
    int64_t           case_id;
    int64_t           starts, ends, booked;
    bool              own;
    struct str        says;   /* one sentence for whoever comes */
    struct str        bring;  /* what to bring; empty: nothing is known of that */
    struct str        reason; /* it was cancelled or displaced for */
    bool              may_change, may_mark, must_call;
    int64_t           change_until;
    struct shown_slot offer; /* of one displaced: the next that is free; starts 0: none */
    struct str name, phone, note, agreed, by; /* for staff, masked by what they are */
};
enum { SHOWN_NFIELDS = 30 };
extern const struct field shown_appointment_fields[SHOWN_NFIELDS];

#define ANSWERS_ONE .answer = shown_appointment_fields, .nanswer = SHOWN_NFIELDS

MUST_USE enum rc appoint_show(struct op *op, const struct appointment *row,
                              struct shown_appointment *shown);
MUST_USE enum rc appoint_show_all(struct op *op, struct list rows, struct view *view);
MUST_USE enum rc appoint_answer(struct op *op, const struct appointment *row,
                                struct view *view);

struct shown_window {
    struct str  scene, kind, window, title, area, area_name;
    struct list items; /* struct str: what it is for */
    int64_t     slot_minutes, people, ahead_days;
    struct str  says; /* its rules, in sentences */
    bool        kept; /* somebody keeps it now */
    int64_t     missed;
    bool        barred, yours; /* the asker: did not come too often; keeps it */
};
enum { SHOWN_WINDOW_NFIELDS = 15 };
extern const struct field shown_window_fields[SHOWN_WINDOW_NFIELDS];
MUST_USE enum rc          window_show(struct op *op, const struct window *window,
                                      struct shown_window *shown);

#endif
