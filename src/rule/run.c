/* The interpreter.  A node is run by its row in a table: values by eval(),
 * truths by decide(), which also says which clause decided. */
#include "base/area.h"
#include "rule/sum.h"
#include "rule/number.h"

struct rule_run {
    int  steps;
    bool stopped;
};

struct verdict {
    enum rule_truth    truth;
    const struct rule *clause; /* that decided */
    struct str         missing;
};

typedef void eval_fn(struct rule_run *run, const struct rule_record *record,
                     const struct rule *node, struct rule_value *value);

static eval_fn *const evals[RULE_NODE_COUNT];
static struct verdict decide(struct rule_run *run, const struct rule_record *record,
                             const struct rule *node);

static struct str own_name(const struct rule_name *name)
{
    return name->zh.len ? name->zh : name->name;
}

static bool count_step(struct rule_run *run)
{
    if (++run->steps > RULE_STEPS_MAX)
        run->stopped = true;
    return !run->stopped;
}

/* Gives the node's value; unknown once the steps are used up. */
static void eval(struct rule_run *run, const struct rule_record *record,
                 const struct rule *node, struct rule_value *value)
{
    *value = rule_unknown(node->type, STR_NONE);
    if (count_step(run))
        evals[node->kind](run, record, node, value);
    assert(!value->known || value->type == node->type); /* or its union is misread */
}

/* ---------------------------------------------------------------- truths */

static struct verdict flipped(struct verdict verdict)
{
    if (verdict.truth != RULE_UNKNOWN)
        verdict.truth = verdict.truth == RULE_YES ? RULE_NO : RULE_YES;
    return verdict;
}

/* `decisive` ends it: no in a chain of and, yes in a chain of or. */
static struct verdict decide_chain(struct rule_run *run, const struct rule_record *record,
                                   const struct rule *node, enum rule_truth decisive)
{
    struct verdict whole = decide(run, record, node->first);

    for (const struct rule *part = node->first->next; part && whole.truth != decisive;
         part = part->next) {
        struct verdict verdict = decide(run, record, part);
        if (verdict.truth == decisive ||
            (verdict.truth == RULE_UNKNOWN && whole.truth != RULE_UNKNOWN))
            whole = verdict;
    }
    return whole;
}

static struct verdict decide(struct rule_run *run, const struct rule_record *record,
                             const struct rule *node)
{
    struct rule_value value;

    if (node->kind == RULE_NODE_AND)
        return decide_chain(run, record, node, RULE_NO);
    if (node->kind == RULE_NODE_OR)
        return decide_chain(run, record, node, RULE_YES);
    if (node->kind == RULE_NODE_NOT)
        return flipped(decide(run, record, node->first));
    eval(run, record, node, &value);
    enum rule_truth truth = !value.known ? RULE_UNKNOWN : value.truth ? RULE_YES : RULE_NO;
    return (struct verdict){ truth, node, value.note };
}

static void set_truth(struct rule_value *value, enum rule_truth truth, struct str missing)
{
    *value = truth == RULE_UNKNOWN ? rule_unknown(RULE_TRUTH, missing)
                                   : rule_truth_value(truth == RULE_YES);
}

static void eval_logic(struct rule_run *run, const struct rule_record *record,
                       const struct rule *node, struct rule_value *value)
{
    struct verdict verdict = decide(run, record, node);

    set_truth(value, verdict.truth, verdict.missing);
}

static void eval_over(struct rule_run *run, const struct rule_record *record,
                      const struct rule *node, struct rule_value *value)
{
    struct verdict now = { .truth = RULE_UNKNOWN };

    if (node->over.test)
        now = decide(run, record, node->over.test);
    else
        now.missing = own_name(node->over.name);
    if (record->over)
        set_truth(value, record->over(record, &node->over, now.truth), now.missing);
    else
        value->note = STR("持续了多久");
}

/* ----------------------------------------------------------- comparisons */

static int sign(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* -1, 0, 1 for values of one type; false when they have no order: durations of
 * different units. */
static bool compare(const struct rule_value *a, const struct rule_value *b, int *order)
{
    switch (a->type) {
    case RULE_NUMBER:
    case RULE_MONEY:
    case RULE_LENGTH:
        *order = number_cmp(a->number, b->number);
        return true;
    case RULE_TEXT:
        *order = str_cmp(a->text, b->text);
        return true;
    case RULE_AREA:
        *order = str_cmp(a->place.area, b->place.area);
        return true;
    case RULE_PERSON:
        *order = sign(a->id, b->id);
        return true;
    case RULE_DATE:
    case RULE_TIME:
        *order = a->type == b->type && a->type == RULE_TIME
                     ? sign(a->ms, b->ms)
                     : sign(value_days(a), value_days(b));
        return true;
    case RULE_DURATION:
        *order = sign(a->span.n, b->span.n);
        return a->span.unit == b->span.unit;
    default:
        return false;
    }
}

static bool holds(enum rule_node kind, int order)
{
    switch ((int)kind) {
    case RULE_NODE_EQ:
        return order == 0;
    case RULE_NODE_NE:
        return order != 0;
    case RULE_NODE_LT:
        return order < 0;
    case RULE_NODE_LE:
        return order <= 0;
    case RULE_NODE_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* a, b by the node's comparison. */
static void eval_pair(enum rule_node kind, const struct rule_value *a,
                      const struct rule_value *b, struct rule_value *value)
{
    int order = 0;

    if (!a->known)
        value->note = a->note;
    else if (!b->known)
        value->note = b->note;
    else if (!compare(a, b, &order))
        value->note = STR("可以相比的时长：单位不同");
    else
        *value = rule_truth_value(holds(kind, order));
}

static void eval_compare(struct rule_run *run, const struct rule_record *record,
                         const struct rule *node, struct rule_value *value)
{
    struct rule_value a, b;

    eval(run, record, node->first, &a);
    eval(run, record, node->first->next, &b);
    eval_pair(node->kind, &a, &b, value);
}

static enum rule_truth truth_of(const struct rule_value *value)
{
    return !value->known ? RULE_UNKNOWN : value->truth ? RULE_YES : RULE_NO;
}

static void eval_between(struct rule_run *run, const struct rule_record *record,
                         const struct rule *node, struct rule_value *value)
{
    struct rule_value thing, bound, above = *value, below = *value;

    eval(run, record, node->first, &thing);
    eval(run, record, node->first->next, &bound);
    eval_pair(RULE_NODE_GE, &thing, &bound, &above);
    eval(run, record, node->first->next->next, &bound);
    eval_pair(RULE_NODE_LE, &thing, &bound, &below);
    if (truth_of(&above) == RULE_NO || truth_of(&below) == RULE_NO)
        *value = rule_truth_value(false);
    else
        *value = above.known ? below : above;
}

/* ----------------------------------------------------------------- in */

static void eval_member(const struct rule_value *thing, const struct rule_value *item,
                        struct rule_value *value)
{
    bool area = item->type == RULE_AREA;

    if (area && thing->known && item->known && !thing->place.area.len)
        value->note = STR("所在辖区");
    else if (area && thing->known && item->known)
        *value = rule_truth_value(area_within(thing->place.area, item->place.area));
    else
        eval_pair(RULE_NODE_EQ, thing, item, value);
}

/* Looks at one more item: yes ends it, unknown is kept.  True: ended. */
static bool found_in(const struct rule_value *thing, const struct rule_value *item,
                     struct rule_value *value)
{
    struct rule_value one = rule_unknown(RULE_TRUTH, STR_NONE);

    eval_member(thing, item, &one);
    if (!one.known || one.truth)
        *value = one;
    return one.known && one.truth;
}

static void find_in_items(struct rule_run *run, const struct rule_value *thing,
                          const struct rule_value *set, struct rule_value *value)
{
    for (size_t i = 0; i < set->set.n && count_step(run); i++)
        if (found_in(thing, &set->set.items[i], value))
            return;
}

static void find_in_parts(struct rule_run *run, const struct rule_record *record,
                          const struct rule_value *thing, const struct rule *set,
                          struct rule_value *value)
{
    struct rule_value item;

    for (const struct rule *part = set->first; part; part = part->next) {
        eval(run, record, part, &item);
        if (found_in(thing, &item, value))
            return;
    }
}

static void eval_in(struct rule_run *run, const struct rule_record *record,
                    const struct rule *node, struct rule_value *value)
{
    const struct rule *right = node->first->next;
    struct rule_value  thing, set;

    eval(run, record, node->first, &thing);
    *value = rule_truth_value(false);
    if (right->kind == RULE_NODE_SET && !right->constant) {
        find_in_parts(run, record, &thing, right, value);
        return;
    }
    eval(run, record, right, &set);
    if (!set.known)
        *value = rule_unknown(RULE_TRUTH, set.note);
    else if (set.type & RULE_SET)
        find_in_items(run, &thing, &set, value);
    else
        (void)found_in(&thing, &set, value);
}

/* ------------------------------------------------------------ arithmetic */

static void eval_arithmetic(struct rule_run *run, const struct rule_record *record,
                            const struct rule *node, struct rule_value *value)
{
    struct rule_value a, b;
    bool              done;

    eval(run, record, node->first, &a);
    eval(run, record, node->first->next, &b);
    if (!a.known || !b.known) {
        value->note = a.known ? b.note : a.note;
        return;
    }
    if (node->kind == RULE_NODE_ADD)
        done = sum_added(&a, &b, node->type, value);
    else if (node->kind == RULE_NODE_SUB)
        done = sum_subtracted(&a, &b, node->type, value);
    else
        done = sum_scaled(&a, &b, node->kind, node->type, value);
    if (!done)
        *value =
            rule_unknown(node->type, STR("算得出的结果（除数是零、数太大或时长单位不同）"));
}

static void eval_negate(struct rule_run *run, const struct rule_record *record,
                        const struct rule *node, struct rule_value *value)
{
    struct rule_value a;

    eval(run, record, node->first, &a);
    if (!a.known || !sum_negated(&a, value))
        *value = rule_unknown(node->type, a.note);
}

/* ----------------------------------------------------------------- leaves */

static void eval_const(struct rule_run *run, const struct rule_record *record,
                       const struct rule *node, struct rule_value *value)
{
    (void)run;
    (void)record;
    *value = node->literal.value;
}

static void eval_name(struct rule_run *run, const struct rule_record *record,
                      const struct rule *node, struct rule_value *value)
{
    (void)run;
    if (node->name->fetch)
        node->name->fetch(record, node->name, value);
    else if (record->fetch)
        record->fetch(record, node->name, value);
    if (!value->known && !value->note.len)
        value->note = own_name(node->name);
}

/* The argument's value into its place; false when the function then is unknown. */
static bool eval_argument(struct rule_run *run, const struct rule_record *record,
                          const struct rule_function *function, const struct rule *node,
                          struct rule_value *value)
{
    if (function->params[node->param].takes & RULE_RULE) {
        *value = (struct rule_value){ .type = RULE_RULE, .known = true, .rule = node };
        return true;
    }
    eval(run, record, node, value);
    return value->known || function->takes_unknown;
}

static void eval_call(struct rule_run *run, const struct rule_record *record,
                      const struct rule *node, struct rule_value *value)
{
    const struct rule_function *function = node->function;
    struct rule_value           args[RULE_ARGS_MAX + RULE_PARAMS_MAX]; /* given, left out */
    size_t                      n = 0;

    for (const struct rule *arg = node->first; arg; arg = arg->next) {
        while (n < arg->param) /* left out */
            args[n++] = (struct rule_value){ 0 };
        if (!eval_argument(run, record, function, arg, &args[n++])) {
            value->note = args[n - 1].note;
            return;
        }
    }
    while (n < function->nparams)
        args[n++] = (struct rule_value){ 0 };
    function->run(run, record, function, args, n, value);
    if (!value->known && !value->note.len)
        value->note = function->zh.len ? function->zh : function->name;
}

static eval_fn *const evals[] = {
    // clang-format off
    [RULE_NODE_OR] = eval_logic,       [RULE_NODE_AND] = eval_logic,
    [RULE_NODE_NOT] = eval_logic,      [RULE_NODE_FOR] = eval_over,
    [RULE_NODE_WITHIN] = eval_over,    [RULE_NODE_NO] = eval_over,
    [RULE_NODE_EQ] = eval_compare,     [RULE_NODE_NE] = eval_compare,
    [RULE_NODE_LT] = eval_compare,     [RULE_NODE_LE] = eval_compare,
    [RULE_NODE_GT] = eval_compare,     [RULE_NODE_GE] = eval_compare,
    [RULE_NODE_IN] = eval_in,          [RULE_NODE_BETWEEN] = eval_between,
    [RULE_NODE_ADD] = eval_arithmetic, [RULE_NODE_SUB] = eval_arithmetic,
    [RULE_NODE_MUL] = eval_arithmetic, [RULE_NODE_DIV] = eval_arithmetic,
    [RULE_NODE_NEGATE] = eval_negate,  [RULE_NODE_CONST] = eval_const,
    [RULE_NODE_NAME] = eval_name,      [RULE_NODE_CALL] = eval_call,
    [RULE_NODE_SET] = eval_const,
    // clang-format on
};

/* ---------------------------------------------------------------- doors */

static void tell_why(struct rule_why *why, const struct rule_run *run,
                     const struct rule *clause, struct str missing)
{
    if (!why)
        return;
    *why = (struct rule_why){ .line = clause->line,
                              .column = clause->column,
                              .missing = run->stopped ? STR("结果：要看的太多了") : missing,
                              .stopped = run->stopped };
}

enum rule_truth rule_test(const struct rule *rule, const struct rule_record *record,
                          struct rule_why *why)
{
    struct rule_run run = { 0 };

    struct verdict verdict = decide(&run, record, rule);
    tell_why(why, &run, verdict.clause, verdict.missing);
    return run.stopped ? RULE_UNKNOWN : verdict.truth;
}

struct rule_value rule_value(const struct rule *rule, const struct rule_record *record,
                             struct rule_why *why)
{
    struct rule_run   run = { 0 };
    struct rule_value value;

    eval(&run, record, rule, &value);
    tell_why(why, &run, rule, value.known ? STR_NONE : value.note);
    value.known = value.known && !run.stopped;
    return value;
}

bool rule_constant(const struct rule *rule, struct rule_value *value)
{
    static const struct rule_record nothing = { 0 };

    if (rule->constant)
        *value = rule_value(rule, &nothing, NULL);
    return rule->constant && value->known;
}

enum rule_truth rule_run(struct rule_run *run, const struct rule *rule,
                         const struct rule_record *sub)
{
    struct verdict verdict = decide(run, sub, rule);

    return run->stopped ? RULE_UNKNOWN : verdict.truth;
}
