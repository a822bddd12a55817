#include "scene/checking.h"

#include "base/blank.h"
#include "guard/actor.h"

static void check_duties(struct check *check);
static void check_kind(struct check *check);
static void check_fields(struct check *check);
static void check_moves(struct check *check);
static void check_calls(struct check *check);
static void check_paths(struct check *check);
static void check_routes(struct check *check);

void check_scene(const struct scene *scene, struct arena *scratch,
                 struct problems *problems)
{
    struct check check = { .scene = scene, .scratch = scratch, .problems = problems };

    check_duties(&check);
    for (size_t i = 0; i < scene->nkinds; i++) {
        check.kind = &scene->kinds[i];
        check_kind(&check);
    }
    check_indicators(&check);
}

static void check_kind(struct check *check)
{
    check_fields(check);
    check_moves(check);
    check_calls(check);
    check_paths(check);
    check_clocks(check);
    check_routes(check);
    check_effects(check, check->kind->overdue, check->kind->noverdue, NULL);
    check_alike(check);
    check_confidential(check);
    check_papers(check);
    check_windows(check);
    check_open311(check);
    check_upper(check);
}

static bool readable(const struct scene_rule *rule)
{
    return rule && rule->rule;
}

const struct rule_mention *check_mentions(struct check            *check,
                                          const struct scene_rule *rule, size_t *n)
{
    return readable(rule) ? rule_mentions(check->scratch, rule->rule, n) : NULL;
}

/* ---- duties ---- */

static bool goes_round(const struct scene *scene, const struct scene_duty *duty)
{
    const struct scene_duty *above = scene_duty(scene, duty->above);

    for (size_t i = 0; above && above != duty && i < scene->nduties; i++)
        above = scene_duty(scene, above->above);
    return above == duty;
}

static void check_duties(struct check *check)
{
    for (size_t i = 0; i < check->scene->nduties; i++) {
        const struct scene_duty *duty = &check->scene->duties[i];
        const struct scene_duty *above = scene_duty(check->scene, duty->above);

        if (str_empty(duty->above))
            continue;
        if (!above)
            tell(check, duty->at, "“%.*s”上报给“%.*s”，可是没有这个职责。",
                 STR_ARG(duty->name), STR_ARG(duty->above));
        else if (above->level > duty->level)
            tell(check, duty->at, "“%.*s”上报给“%.*s”，可是那个职责的辖区更小。",
                 STR_ARG(duty->name), STR_ARG(duty->above));
        else if (goes_round(check->scene, duty))
            tell(check, duty->at, "“%.*s”往上报，又会回到“%.*s”。", STR_ARG(duty->name),
                 STR_ARG(duty->name));
    }
}

/* ---- fields ---- */

static void check_field_name(struct check *check, const struct scene_field *field)
{
    if (!is_name(field->name))
        return; /* told while reading */
    if (!rule_is_word(field->name))
        tell(check, field->at,
             "字段不能叫“%.*s”：规则里认不出这个名称。请换成字母、数字和“_”。",
             STR_ARG(field->name));
    else if (case_word_taken(field->name))
        tell(check, field->at, "字段不能叫“%.*s”：每件办件都已经有这一项，规则里会分不清。",
             STR_ARG(field->name));
}

static bool promises_freely(const struct scene_option *option)
{
    return option->guide.promise.kind != SPAN_NONE && str_empty(option->guide.source);
}

static void check_field_options(struct check *check, const struct scene_field *field)
{
    bool choice = field->asks == ASKS_CHOICE;

    if (choice && field->noptions == 0 && str_empty(field->from))
        tell(check, field->at,
             "“%.*s”是选择，要写 options（选项）或 from（取自哪个列表）。",
             STR_ARG(field->name));
    for (size_t i = 0; i < field->noptions; i++)
        if (promises_freely(&field->options[i]))
            tell(check, field->options[i].at,
                 "“%.*s”有承诺（promise），要写来源（source），没有就写“示例，待核定”。",
                 STR_ARG(field->options[i].value));
    if (!choice && field->noptions)
        tell(check, field->at, "“%.*s”有选项，类型就要写 choice（选择）。",
             STR_ARG(field->name));
}

/* A question can only depend on what was answered before it. */
static void check_ask(struct check *check, const struct scene_field *field)
{
    size_t                     n = 0;
    const struct rule_mention *mentions = check_mentions(check, field->ask, &n);

    for (size_t i = 0; mentions && i < n; i++) {
        const struct scene_field *other = mentions[i].name ? mentions[i].name->of : NULL;

        if (other && other >= field)
            tell(check, field->ask->at, "“%.*s”何时问要看“%.*s”，所以“%.*s”要排在它前面。",
                 STR_ARG(field->name), STR_ARG(other->name), STR_ARG(other->name));
    }
}

static void check_fields(struct check *check)
{
    for (size_t i = 0; i < check->kind->nfields; i++) {
        const struct scene_field *field = &check->kind->fields[i];
        bool limited = field->asks == ASKS_TEXT || field->asks == ASKS_PHOTOS;
        bool delicate = field->asks == ASKS_PHONE || field->asks == ASKS_PERSON;

        check_field_name(check, field);
        check_ask(check, field);
        if (field->asks == ASKS_COUNT)
            continue;
        check_field_options(check, field);
        if (field->max && !limited)
            tell(check, field->at, "“%.*s”不能写 max（最多）：只有文字和照片有数量。",
                 STR_ARG(field->name));
        if (field->asks == ASKS_PHOTOS && field->max > PHOTOS_PER_CASE_MAX)
            tell(check, field->at, "照片最多 %d 张。", PHOTOS_PER_CASE_MAX);
        if (field->voice && field->asks != ASKS_TEXT)
            tell(check, field->at, "“%.*s”不能用说的：只有文字可以。",
                 STR_ARG(field->name));
        if (delicate && field->grade < GRADE_PERSONAL)
            tell(check, field->at,
                 "“%.*s”是个人信息，要写 grade: personal（分级: 个人），这样才会加密保存。",
                 STR_ARG(field->name));
    }
}

/* ---- moves ---- */

static void check_maker(struct check *check, const struct scene_move *move)
{
    size_t              n = 0;
    const struct maker *makers =
        move_makers(check->scratch, check->scene, check->kind, move, &n);

    if (!makers)
        tell(check, move->by->at, "这条规则里的职责和身份太多了，最多 %d 个。",
             BY_WORDS_MAX);
    else if (n == 0)
        tell(check, move->by->at, "没有人能办“%.*s”：这条规则永远不会满足。",
             STR_ARG(move->name));
    else if (str_eq(makers[0].who, STR("谁都可以")))
        tell(check, move->by->at, "“%.*s”谁都能办。请写清楚由谁办。", STR_ARG(move->name));
}

/* Duties that a rule names must be of roles that may work on cases at all. */
static void check_roles(struct check *check, const struct scene_move *move)
{
    size_t                     n = 0;
    const struct rule_mention *mentions = check_mentions(check, move->by, &n);

    for (size_t i = 0; mentions && i < n; i++) {
        const struct scene_duty *duty = str_eq(mentions[i].kind, STR("duty"))
                                            ? scene_duty(check->scene, mentions[i].text)
                                            : NULL;
        enum role                role = duty ? role_of_word(duty->role) : ROLE_NONE;

        if (duty && !(role_rights(role) >> RIGHT_CASE_WORK & 1))
            tell(check, move->by->at, "“%.*s”的角色是“%.*s”，没有“%.*s”的权限。",
                 STR_ARG(duty->name), STR_ARG(role_title(role)),
                 STR_ARG(right_title(RIGHT_CASE_WORK)));
    }
}

static void check_by(struct check *check, const struct scene_move *move)
{
    if (!readable(move->by))
        return;
    check_maker(check, move);
    check_roles(check, move);
}

static void check_target(struct check *check, const struct scene_move *move)
{
    bool         given = move->needs & (NEEDS_TARGET | NEEDS_TARGETS);
    struct blank blank = blank_next(move->told);

    for (size_t i = 0; i < move->nfirst; i++)
        if (!scene_duty(check->scene, move->first[i]))
            tell(check, move->at, "没有“%.*s”这个职责，first（先找）找不到人。",
                 STR_ARG(move->first[i]));
    if (move->nfirst && !given)
        tell(check, move->at,
             "“%.*s”不选对象：写 first（先找），needs（要填）里就要有 target（对象）。",
             STR_ARG(move->name));
    if (blank.name.at && (!str_eq(blank.name, STR(TOLD_TARGET)) ||
                          !(move->needs & NEEDS_TARGET) || blank_next(blank.rest).name.at))
        tell(check, move->at,
             "told（说成）里只能空一处“{" TOLD_TARGET
             "}”，needs（要填）里还要有 target（对象）。");
}

static void check_twin_title(struct check *check, const struct scene_move *move)
{
    for (const struct scene_move *other = check->kind->moves; other < move; other++)
        if ((other->from & move->from) && !str_empty(move->title) &&
            str_eq(other->title, move->title))
            tell(check, move->at, "“%.*s”和第 %u 行的动作同名，办的人分不清。",
                 STR_ARG(move->title), other->at.line);
}

static void check_moves(struct check *check)
{
    for (size_t i = 0; i < check->kind->nmoves; i++) {
        const struct scene_move *move = &check->kind->moves[i];

        check_by(check, move);
        if (!str_empty(move->say) && !move->when)
            tell(check, move->at, "没有 when（当），say（说）的话永远不会说。");
        check_target(check, move);
        check_twin_title(check, move);
        check_effects(check, move->effects, move->neffects, move);
        if ((move->from & check->kind->ends) && !move->when && move->to != MOVE_STAYS)
            tell(check, move->at,
                 "“%.*s”从已经结束的状态出去，要写 when（当），例如 days_since(closed_at) "
                 "<= 15。",
                 STR_ARG(move->title));
    }
}

/* Who sees telephones is told as who makes a move is. */
static void check_calls(struct check *check)
{
    const struct scene_move look = { .name = STR("calls"), .by = check->kind->calls };

    check_by(check, &look);
}

/* ---- the graph of states ---- */

static bool readable_graph(const struct case_kind *kind)
{
    bool readable = kind->begins < kind->nstates && kind->ends && kind->nmoves;

    for (size_t i = 0; readable && i < kind->nmoves; i++)
        readable = kind->moves[i].from &&
                   (kind->moves[i].to < kind->nstates || kind->moves[i].to == MOVE_STAYS);
    return readable;
}

/* All states that `from` leads to, itself included. */
static uint64_t reached(const struct case_kind *kind, uint64_t from)
{
    uint64_t before;

    do {
        before = from;
        for (size_t i = 0; i < kind->nmoves; i++)
            if ((kind->moves[i].from & from) && kind->moves[i].to != MOVE_STAYS)
                from |= UINT64_C(1) << kind->moves[i].to;
    } while (from != before);
    return from;
}

static void check_state(struct check *check, size_t i, uint64_t reachable)
{
    const struct case_kind   *kind = check->kind;
    const struct scene_state *state = &kind->states[i];
    uint64_t                  bit = UINT64_C(1) << i, left = 0;

    for (size_t m = 0; m < kind->nmoves; m++) {
        size_t to = move_leads_to(&kind->moves[m], i);
        if ((kind->moves[m].from & bit) && to != i)
            left |= UINT64_C(1) << to;
    }
    if (!check_has(reachable, i))
        tell(check, state->at, "没有动作能到“%.*s”（%.*s）。", STR_ARG(state->name),
             STR_ARG(state->title));
    else if (check_has(kind->ends, i))
        return;
    else if (!left)
        tell(check, state->at,
             "谁也离不开“%.*s”（%.*s）：没有从它出发的动作。办完了的状态请写进 "
             "ends（结束于）。",
             STR_ARG(state->name), STR_ARG(state->title));
    else if (!(reached(kind, bit) & kind->ends))
        tell(check, state->at, "到了“%.*s”（%.*s）就再也办不完：没有路通到结束的状态。",
             STR_ARG(state->name), STR_ARG(state->title));
}

static void check_paths(struct check *check)
{
    const struct case_kind *kind = check->kind;

    if (!readable_graph(kind))
        return;
    if (check_has(kind->ends, kind->begins))
        tell(check, kind->at,
             "“%.*s”一登记就结束了：begins（开始于）不能也在 ends（结束于）里。",
             STR_ARG(kind->name));
    uint64_t reachable = reached(kind, UINT64_C(1) << kind->begins);
    for (size_t i = 0; i < kind->nstates; i++)
        check_state(check, i, reachable);
}

/* ---- routes ---- */

/* Somewhere in a community, with no grid: what every case knows at least. */
static const struct str community = STR_INIT("100000000001");

static void check_last_route(struct check *check, const struct scene_route *last)
{
    struct case_record record = { .scene = check->scene,
                                  .kind = check->kind,
                                  .area = community,
                                  .county = str_slice(community.at, 6) };
    struct case_target target;

    if (last->when)
        tell(check, last->at, "最后一条分派不能有 when（当）：每件事都要有人接。");
    else if (readable(last->to) && check->scene->nduties &&
             !case_rule_target(last->to, &record, &target))
        tell(check, last->to->at,
             "最后一条分派要总能找到人：有的地方没有网格，请交给社区或更上一级的职责。");
}

static void check_routes(struct check *check)
{
    const struct case_kind *kind = check->kind;

    for (size_t i = 0; i < kind->nroutes; i++) {
        const struct scene_route  *route = &kind->routes[i];
        size_t                     n = 0;
        const struct rule_mention *mentions = check_mentions(check, route->to, &n);

        if (i + 1 < kind->nroutes && !route->when)
            tell(check, route->at, "这一条没有 when（当），后面的分派永远轮不到。");
        for (size_t m = 0; mentions && m < n; m++)
            if (mentions[m].name && mentions[m].name->type == RULE_TARGET)
                tell(check, route->to->at, "刚登记的事还没有承办方，不能分派给“%.*s”。",
                     STR_ARG(mentions[m].name->zh));
    }
    if (kind->nroutes)
        check_last_route(check, &kind->routes[kind->nroutes - 1]);
}
