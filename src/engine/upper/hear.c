#include "engine/upper/hear.h"

#include "base/json.h"
#include "engine/upper/say.h"
#include "guard/actor.h"
#include "guard/sm.h"

const struct field hear_fields[HEAR_NFIELDS] = {
    FIELD(struct hear_args, message, REQUIRED, .max = 64, .title = STR_INIT("消息编号"),
          .note = STR_INIT("由平台定，同一条重发时不变")),
    FIELD(struct hear_args, kind, REQUIRED, .max = 20, .title = STR_INIT("说什么"),
          .note = STR_INIT("accepted、progress、returned、resolved、withdrawn、handed")),
    FIELD_ID(struct hear_args, case_id, OPTIONAL, .title = STR_INIT("办件"),
             .note = STR_INIT("handed 时不写")),
    FIELD(struct hear_args, number, .max = 60, .title = STR_INIT("平台的编号")),
    FIELD(struct hear_args, seq, REQUIRED, .min = 1, .max = INT64_C(1) << 50,
          .title = STR_INIT("第几条"), .note = STR_INIT("同一件事里一条比一条大")),
    FIELD(struct hear_args, text, .max = UPPER_TEXT_MAX, .title = STR_INIT("说明")),
    FIELD_LIST_OF(struct hear_args, photos, KIND_ID, .max = PHOTOS_PER_CASE_MAX,
                  .title = STR_INIT("照片")),
    FIELD(struct hear_args, scene, .max = 60, .title = STR_INIT("场景")),
    FIELD(struct hear_args, case_kind, .max = 60, .title = STR_INIT("办件类别")),
    FIELD_RAW(struct hear_args, fields, OPTIONAL, .title = STR_INIT("填写的内容")),
};
const struct field hear_answer_fields[HEAR_ANSWER_NFIELDS] = {
    FIELD(struct hear_answer, message, OPTIONAL),
    FIELD_ID(struct hear_answer, case_id, OPTIONAL),
    FIELD(struct hear_answer, number, OPTIONAL),
    FIELD(struct hear_answer, state, OPTIONAL),
    FIELD(struct hear_answer, state_title, OPTIONAL),
    FIELD(struct hear_answer, taken, OPTIONAL),
};

/* ------------------------------------------------------- handed down to us */

static bool takes_cases(const struct case_kind *kind)
{
    for (size_t i = 0; i < kind->nmoves; i++)
        if (kind->moves[i].upper != ANSWERS_NOTHING)
            return true;
    return false;
}

static enum rc open_case(struct op *op, const struct hear_args *args,
                         struct upper_link *link, struct a_case *it)
{
    struct open_args opening = { .scene = args->scene,
                                 .kind = args->case_kind,
                                 .fields = args->fields,
                                 .channel = STR("upper"),
                                 .words_max = UPPER_TEXT_MAX };

    enum rc rc = case_open(op, &opening, it);
    if (rc == RC_OK && !takes_cases(it->kind))
        rc = fail(op, RC_REFUSED, "case_kind", "这类办件不从上级平台接。");
    if (rc == RC_OK && !actor_may(op->actor, RIGHT_UPPER, it->row.area))
        rc = fail(op, RC_DENIED, "fields", "这个地点不在贵平台的辖区里。");
    if (rc != RC_OK)
        return rc;
    *link = (struct upper_link){ .county = op->county,
                                 .case_id = it->row.id,
                                 .account = op->actor->account,
                                 .way = WAY_IN,
                                 .theirs = args->number };
    return RC_OK;
}

static enum rc hear_handed(struct op *op, const struct hear_args *args,
                           struct upper_link *link, struct a_case *it)
{
    if (!args->scene.len || !args->case_kind.len || !args->fields.at || !args->number.len)
        return fail(op, RC_INVALID, "kind",
                    "交下来的事要写 scene、case_kind、number 和 fields。");
    enum rc rc = upper_link_theirs(op, op->actor->account, args->number, link);
    if (rc == RC_OK)
        return fail(op, RC_CONFLICT, "number",
                    "%.*s 已经交下来过，是这里的 %lld。要补充请用 progress。",
                    STR_ARG(args->number), (long long)link->case_id);
    return rc == RC_NOT_FOUND ? open_case(op, args, link, it) : rc;
}

/* ---------------------------------------------------- of what both know */

static enum rc read_kind(struct op *op, struct str kind, enum platform_answer *answer)
{
    for (int i = ANSWERS_NOTHING + 1; i < ANSWERS_COUNT; i++)
        if (str_eq(answers_word((enum platform_answer)i), kind)) {
            *answer = (enum platform_answer)i;
            return RC_OK;
        }
    return fail(op, RC_INVALID, "kind",
                "没有“%.*s”这种消息。可以是 accepted、progress、returned、resolved、"
                "withdrawn、handed。",
                STR_ARG(kind));
}

static const struct scene_move *move_for(struct op *op, const struct a_case *it,
                                         enum platform_answer answer)
{
    for (size_t i = 0; i < it->kind->nmoves; i++)
        if (it->kind->moves[i].upper == answer &&
            case_may_move(op, it, &it->kind->moves[i]))
            return &it->kind->moves[i];
    return NULL;
}

static enum rc make_move(struct op *op, const struct hear_args *args,
                         const struct scene_move *move, struct a_case *it)
{
    bool             reason = move->needs & NEEDS_REASON;
    struct move_args making = { .id = it->row.id,
                                .version = it->row.version,
                                .move = move->name,
                                .text = reason ? STR_NONE : args->text,
                                .reason = reason ? args->text : STR_NONE,
                                .photos = args->photos };

    return case_move(op, &making, it);
}

static enum rc hear_answered(struct op *op, const struct hear_args *args,
                             const struct upper_link *link, struct a_case *it)
{
    enum platform_answer answer;

    enum rc rc = read_kind(op, args->kind, &answer);
    if (rc != RC_OK)
        return rc;
    const struct scene_move *move = move_for(op, it, answer);
    if (move)
        return make_move(op, args, move, it);
    if (answer == ANSWERS_PROGRESS && str_eq(link->way, WAY_IN) && args->text.len)
        return case_remark(op, it->row.id, args->text, STR("补充"), args->photos, it);
    return fail(op, RC_REFUSED, "kind", "这件事现在是“%.*s”，收不了“%.*s”。",
                STR_ARG(it->kind->states[it->state].title), STR_ARG(args->kind));
}

static enum rc find_known(struct op *op, const struct hear_args *args,
                          struct upper_link *link, struct a_case *it)
{
    enum rc rc = args->case_id ? upper_link_find(op, args->case_id, link) : RC_NOT_FOUND;

    if (rc == RC_OK && link->account != op->actor->account)
        rc = RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = case_load(op, args->case_id, it);
    if (rc == RC_NOT_FOUND)
        return fail(op, rc, "case_id", "没有这件事，或者没有交给过贵平台。");
    return rc;
}

/* Older than what it said of the case already: it changes nothing. */
static enum rc hear_known(struct op *op, const struct hear_args *args,
                          struct upper_link *link, struct a_case *it, bool *newer)
{
    enum rc rc = find_known(op, args, link, it);

    *newer = rc == RC_OK && args->seq > link->heard_seq;
    return *newer ? hear_answered(op, args, link, it) : rc;
}

/* ---------------------------------------------------------------- answers */

static enum rc answer_of(struct op *op, const struct hear_args *args,
                         const struct a_case *it, bool taken, struct str *answer)
{
    struct json_out    out;
    struct hear_answer says = { .message = args->message,
                                .case_id = it->row.id,
                                .number = it->row.number,
                                .state = it->row.state,
                                .state_title = it->kind->states[it->state].title,
                                .taken = taken };

    json_out_init(&out, op->arena);
    json_struct(&out, hear_answer_fields, HEAR_ANSWER_NFIELDS, &says);
    *answer = json_done(&out);
    return answer->at ? RC_OK : RC_TOO_LARGE;
}

/* Everything that it says, so that another thing under the same id is seen. */
static void digest_of(struct op *op, const struct hear_args *args,
                      unsigned char digest[SM3_BYTES])
{
    struct json_out out;

    json_out_init(&out, op->arena);
    json_struct(&out, hear_fields, HEAR_NFIELDS, args);
    struct str text = json_done(&out);
    sm3(PARTS(text), digest);
}

static enum rc keep(struct op *op, const struct hear_args *args, struct upper_link *link,
                    struct str digest, struct str answer)
{
    if (args->seq > link->heard_seq)
        link->heard_seq = args->seq;
    if (args->number.len)
        link->theirs = args->number;
    enum rc rc = upper_link_put(op, link);
    if (rc != RC_OK)
        return rc;
    return upper_heard_insert(op, &(struct upper_heard){ .county = op->county,
                                                         .account = op->actor->account,
                                                         .message = args->message,
                                                         .digest = digest,
                                                         .case_id = link->case_id,
                                                         .answer = answer,
                                                         .at_ms = op->now_ms });
}

enum rc upper_hear(struct op *op, const struct hear_args *args, struct str *answer)
{
    unsigned char      digest[SM3_BYTES];
    struct upper_heard heard;
    struct upper_link  link = { 0 };
    struct a_case      it = { 0 };
    bool               taken = true;

    digest_of(op, args, digest);
    enum rc rc = upper_heard_find(op, op->actor->account, args->message, &heard);
    if (rc == RC_OK && !str_eq(heard.digest, PART_OF(digest)))
        return fail(op, RC_CONFLICT, "message",
                    "这个消息编号用过，内容不一样。新的消息请用新的编号。");
    *answer = heard.answer;
    if (rc != RC_NOT_FOUND)
        return rc;
    rc = str_eq(args->kind, STR("handed")) ? hear_handed(op, args, &link, &it)
                                           : hear_known(op, args, &link, &it, &taken);
    if (rc == RC_OK)
        rc = answer_of(op, args, &it, taken, answer);
    return rc == RC_OK ? keep(op, args, &link, PART_OF(digest), *answer) : rc;
}

/* ---------------------------------------------------------------- giving up */

/* The move by which it is taken back: one that gives it back and asks for words alone. */
static const struct scene_move *move_back(struct op *op, const struct a_case *it)
{
    for (size_t i = 0; i < it->kind->nmoves; i++) {
        const struct scene_move *move = &it->kind->moves[i];
        if (move_does(move, EFFECT_GIVE_BACK) &&
            !(move->needs & ~(unsigned)(NEEDS_REASON | NEEDS_TEXT)) &&
            case_may_move(op, it, move))
            return move;
    }
    return NULL;
}

static enum rc take_back(struct op *op, int64_t case_id, struct str reason)
{
    struct a_case it;

    enum rc rc = case_find(op, case_id, &it);
    if (rc != RC_OK)
        return rc;
    const struct scene_move *move = move_back(op, &it);
    if (!move)
        return fail(op, RC_REFUSED, "id",
                    "这件事现在是“%.*s”，您不能把它收回来。请让报上去的一方来收。",
                    STR_ARG(it.kind->states[it.state].title));
    return case_move(op,
                     &(struct move_args){ .id = case_id,
                                          .version = it.row.version,
                                          .move = move->name,
                                          .text = reason,
                                          .reason = reason },
                     &it);
}

enum rc upper_give_up(struct op *op, int64_t id, struct str reason)
{
    struct upper_message message;
    struct upper_link    link;

    enum rc rc = upper_message_find(op, id, &message);
    if (rc != RC_OK)
        return rc;
    if (str_eq(message.state, MESSAGE_SENT) || str_eq(message.state, MESSAGE_DROPPED))
        return fail(op, RC_REFUSED, "id", "这条消息已经结束了。");
    rc = upper_link_find(op, message.case_id, &link);
    if (rc == RC_OK)
        rc = upper_message_drop(op, message.case_id, reason);
    if (rc != RC_OK || str_eq(link.way, WAY_IN) || !link.open)
        return rc;
    return take_back(op, message.case_id, reason);
}
