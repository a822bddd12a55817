#include "guard/actor.h"
#include "scene/check.h"
#include "scene/schema.h"

/* What a `by` rule asks of the asker: being something to the case, or a duty. */
struct atom {
    bool          is_duty;
    enum relation relation;
    struct str    word; /* the duty; the relation in Chinese */
};

enum { ATOMS_MAX = BY_WORDS_MAX, MAKERS_MAX = 1 << ATOMS_MAX };
struct atoms {
    struct atom all[ATOMS_MAX];
    size_t      n; /* counted beyond ATOMS_MAX */
};

static const struct str relation_zh[] = {
#define RELATION(name, word, zh) [RELATION_##name] = STR_INIT(zh),
#include "scene/words.def"
};

static void add_atom(struct atoms *atoms, struct atom atom)
{
    for (size_t i = 0; i < atoms->n && i < ATOMS_MAX; i++)
        if (str_eq(atoms->all[i].word, atom.word))
            return;
    if (atoms->n < ATOMS_MAX)
        atoms->all[atoms->n] = atom;
    atoms->n++;
}

static struct atoms atoms_of(struct arena *arena, const struct scene_rule *by)
{
    size_t                     n = 0;
    const struct rule_mention *mentions = rule_mentions(arena, by->rule, &n);
    struct atoms               atoms = { .n = 0 };

    for (size_t i = 0; mentions && i < n; i++) {
        if (str_eq(mentions[i].kind, STR("duty")))
            add_atom(&atoms, (struct atom){ .is_duty = true, .word = mentions[i].text });
        for (enum relation r = 0; mentions[i].name && r < RELATION_COUNT; r++)
            if (str_eq(mentions[i].name->zh, relation_zh[r]))
                add_atom(&atoms, (struct atom){ .relation = r, .word = relation_zh[r] });
    }
    return atoms;
}

/* Somebody who is exactly what the bits of `set` say. */
static enum rule_truth by_set(const struct scene *scene, const struct case_kind *kind,
                              const struct scene_move *move, const struct atoms *atoms,
                              unsigned set)
{
    static const struct str everywhere = STR_INIT("10"), here = STR_INIT("100000000001001");
    struct hold             holds[ATOMS_MAX];
    struct actor            actor = { .kind = ACTOR_PERSON, .account = 1, .holds = holds };
    struct case_record      record = {
             .scene = scene, .kind = kind, .area = here, .asker = &actor
    };

    for (size_t i = 0; i < atoms->n; i++) {
        const struct atom *atom = &atoms->all[i];

        if (!(set >> i & 1))
            continue;
        if (atom->is_duty)
            holds[actor.nholds++] = (struct hold){ .duty = atom->word, .area = everywhere };
        else
            record.relations |= 1u << atom->relation;
    }
    return case_rule_test(move->by, &record, NULL);
}

static struct str words_of(struct arena *arena, const struct atoms *atoms, unsigned set)
{
    struct str parts[ATOMS_MAX];
    size_t     n = 0;

    for (size_t i = 0; i < atoms->n; i++)
        if (set >> i & 1)
            parts[n++] = atoms->all[i].word;
    return n ? str_join(arena, parts, n, STR(" 且 ")) : STR("谁都可以");
}

static bool holds_a_smaller(const unsigned *found, size_t n, unsigned set)
{
    for (size_t i = 0; i < n; i++)
        if ((found[i] & set) == found[i])
            return true;
    return false;
}

/* Who is shut out although the set would do: "，承办方除外". */
static struct str but_not(struct arena *arena, const struct scene *scene,
                          const struct case_kind *kind, const struct scene_move *move,
                          const struct atoms *atoms, unsigned set)
{
    struct str text = STR("");

    for (size_t i = 0; i < atoms->n; i++)
        if (!(set >> i & 1) && by_set(scene, kind, move, atoms, set | 1u << i) == RULE_NO)
            text = str_fmt(arena, "%.*s，%.*s除外", STR_ARG(text),
                           STR_ARG(atoms->all[i].word));
    return text;
}

/* Sets in order of their size, so that what holds a smaller one is left out. */
const struct maker *move_makers(struct arena *arena, const struct scene *scene,
                                const struct case_kind *kind, const struct scene_move *move,
                                size_t *n)
{
    struct atoms atoms = atoms_of(arena, move->by);
    unsigned     found[MAKERS_MAX];

    *n = 0;
    if (atoms.n > ATOMS_MAX)
        return NULL;
    unsigned      all = 1u << atoms.n;
    struct maker *makers = arena_many(arena, all, struct maker);
    for (int size = 0; makers && size <= (int)atoms.n; size++)
        for (unsigned set = 0; set < all; set++) {
            if (__builtin_popcount(set) != size || holds_a_smaller(found, *n, set))
                continue;
            enum rule_truth truth = by_set(scene, kind, move, &atoms, set);
            if (truth == RULE_NO)
                continue;
            found[*n] = set;
            makers[(*n)++] = (struct maker){
                .who = words_of(arena, &atoms, set),
                .but = but_not(arena, scene, kind, move, &atoms, set),
                .depends = truth == RULE_UNKNOWN,
            };
        }
    return makers;
}

/* ---- the table ---- */

static struct str needs_text(struct arena *arena, unsigned needs)
{
    struct str parts[NEEDS_COUNT];
    size_t     n = 0;

    for (size_t i = 0; i < NEEDS_COUNT; i++)
        if (needs >> i & 1)
            parts[n++] = needs_words.all[i].zh;
    return n ? str_join(arena, parts, n, STR("、")) : STR("");
}

static struct str states_text(struct arena *arena, const struct case_kind *kind,
                              uint64_t bits)
{
    struct str parts[SCENE_STATES_MAX];
    size_t     n = 0;

    for (size_t i = 0; i < kind->nstates; i++)
        if (bits >> i & 1)
            parts[n++] = kind->states[i].title;
    return str_join(arena, parts, n, STR("、"));
}

static struct str makers_text(struct arena *arena, const struct scene *scene,
                              const struct case_kind *kind, const struct scene_move *move)
{
    size_t              n = 0;
    const struct maker *makers = move_makers(arena, scene, kind, move, &n);
    struct str         *parts = arena_many(arena, n, struct str);

    for (size_t i = 0; parts && i < n; i++)
        parts[i] =
            str_fmt(arena, "%.*s%.*s%s", STR_ARG(makers[i].who), STR_ARG(makers[i].but),
                    makers[i].depends ? "（还要看内容）" : "");
    return parts ? str_join(arena, parts, n, STR("；")) : STR_NONE;
}

static struct str move_row(struct arena *arena, const struct scene *scene,
                           const struct case_kind *kind, const struct scene_move *move)
{
    struct str when = move->when ? rule_print(arena, move->when->rule, RULE_ZH) : STR("");

    return str_fmt(
        arena, "| %.*s | %.*s | %.*s | %.*s | %.*s | %.*s |\n", STR_ARG(move->title),
        STR_ARG(makers_text(arena, scene, kind, move)),
        STR_ARG(states_text(arena, kind, move->from)),
        STR_ARG(move->to == MOVE_STAYS ? STR("不变") : kind->states[move->to].title),
        STR_ARG(when), STR_ARG(needs_text(arena, move->needs)));
}

/* Who may see the reporter's telephone is told beside who may make which move. */
static struct str calls_row(struct arena *arena, const struct scene *scene,
                            const struct case_kind *kind)
{
    const struct scene_move look = { .by = kind->calls };

    return kind->calls ? str_fmt(arena, "| 看报事人的电话 | %.*s | 在办的 | 不变 |  |  |\n",
                                 STR_ARG(makers_text(arena, scene, kind, &look)))
                       : STR("");
}

static struct str kind_table(struct arena *arena, const struct scene *scene,
                             const struct case_kind *kind)
{
    struct str parts[SCENE_MOVES_MAX + 2];

    parts[0] = str_fmt(arena,
                       "%.*s\n| 动作 | 谁能办 | 从 | 到 | 条件 | 要填 |\n"
                       "| --- | --- | --- | --- | --- | --- |\n",
                       STR_ARG(kind->title));
    for (size_t i = 0; i < kind->nmoves; i++)
        parts[i + 1] = move_row(arena, scene, kind, &kind->moves[i]);
    parts[kind->nmoves + 1] = calls_row(arena, scene, kind);
    return str_join(arena, parts, kind->nmoves + 2, STR(""));
}

struct str scene_table(struct arena *arena, const struct scene *scene)
{
    struct str parts[SCENE_KINDS_MAX];

    for (size_t i = 0; i < scene->nkinds; i++)
        parts[i] = kind_table(arena, scene, &scene->kinds[i]);
    return str_join(arena, parts, scene->nkinds, STR("\n"));
}
