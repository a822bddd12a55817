#include "engine/case/sight.h"

#include "base/words.h"
#include "engine/case/inside.h"
#include "engine/case/parts.h"
#include "engine/case/reader.h"
#include "engine/case/sight_store.h"
#include "engine/case/terms.h"
#include "guard/actor.h"
#include "registry/account.h"
#include "scene/scenes.h"

/* ------------------------------------------------------------ confidential */

static bool helps(struct op *op, struct a_case *it)
{
    struct case_parts *parts;

    if (op->actor->kind == ACTOR_NOBODY || parts_of(op, it, &parts) != RC_OK)
        return false;
    for (size_t i = 0; i < parts->n; i++)
        if (holder_is(op->actor, parts->all[i].holder))
            return true;
    return false;
}

static bool held_it(struct op *op, const struct case_row *row)
{
    struct list held;

    if (op->actor->kind == ACTOR_NOBODY ||
        held_select(op, row->id, HOLDERS_KEPT_MAX, &held) != RC_OK)
        return false;
    for (size_t i = 0; i < held.n; i++)
        if (holder_is(op->actor, ((const struct str *)held.at)[i]))
            return true;
    return false;
}

/* By a duty: a scene with a move that anybody could make is not taken (scene/check.c). */
static bool has_a_move(struct op *op, struct a_case *it)
{
    struct turn turn;

    if (!actor_may(op->actor, RIGHT_CASE_WORK, it->row.area) ||
        turn_start(&turn, op, it) != RC_OK)
        return false;
    struct case_record record = turn_record(&turn);
    for (size_t i = 0; i < it->kind->nmoves; i++)
        if (case_rule_test(it->kind->moves[i].by, &record, NULL) == RULE_YES)
            return true;
    return false;
}

static bool has_a_hand_in_it(struct op *op, struct a_case *it)
{
    return helps(op, it) || held_it(op, &it->row) || has_a_move(op, it);
}

/* ------------------------------------------------------------------ asking */

bool case_may_read_notes(struct op *op, struct a_case *it)
{
    if (case_holds(op->actor, &it->row))
        return true;
    if (it->kind->confidential)
        return has_a_hand_in_it(op, it);
    return actor_may(op->actor, RIGHT_CASE_READ, it->row.area) || parts_mine(op, it);
}

bool case_may_see(struct op *op, struct a_case *it)
{
    return is_reporter(op, &it->row) || case_may_read_notes(op, it);
}

static const struct case_kind *kind_of_row(struct op *op, const struct case_row *row)
{
    const struct scene *scene;

    return scenes_at(op, row->scene, row->scene_version, &scene) == RC_OK
               ? scene_kind(scene, row->kind)
               : NULL;
}

/* A list's row is not all of the case: of a confidential one the whole is asked. */
bool sight_of_row(struct op *op, const struct case_row *row)
{
    struct arena_mark       mark = arena_mark(op->arena);
    const struct case_kind *kind = kind_of_row(op, row);
    struct a_case           it;

    if (!kind || !kind->confidential)
        return kind != NULL;
    bool seen = case_find(op, row->id, &it) == RC_OK;
    arena_back(op->arena, mark);
    return seen;
}

/* The inside is open to them, or a look without a reason opens it. */
static bool may_open(struct op *op, struct a_case *it)
{
    enum inside inside;

    return inside_of(op, it, &inside) == RC_OK && inside != INSIDE_ASKS;
}

static bool on_its_card(struct op *op, const struct case_row *row, const struct str *words,
                        size_t n)
{
    struct str card =
        str_cat(op->arena, STR(TERM_NUMBER), row->number, STR("\n"), row->title);

    card = words_folded(op->arena, card);
    for (size_t i = 0; i < n; i++)
        if (!card.at || !str_has(card, words[i]))
            return false;
    return true;
}

bool sight_of_words(struct op *op, const struct case_row *row, const struct str *words,
                    size_t n)
{
    struct arena_mark       mark = arena_mark(op->arena);
    const struct case_kind *kind = kind_of_row(op, row);
    struct a_case           it;

    if (!kind || !kind->confidential)
        return kind != NULL;
    bool may = on_its_card(op, row, words, n) ||
               (case_find(op, row->id, &it) == RC_OK && may_open(op, &it));
    arena_back(op->arena, mark);
    return may;
}

/* ----------------------------------------------------------------- keeping */

enum rc sight_keep(struct op *op, const struct a_case *it)
{
    return it->kind->confidential ? held_insert(op, it->row.id, it->row.holder) : RC_OK;
}

/* ----------------------------------------------------------------- telling */

/* What a clock says is nobody's words. */
static bool account_may_hear(struct turn *turn, int64_t account)
{
    struct op          *op = turn->op;
    const struct actor *asker = op->actor;
    struct actor        told;

    if (account_actor(op, account, &told) != RC_OK)
        return false;
    op->actor = &told;
    bool may = case_may_see(op, turn->it) && (turn->line.late || may_open(op, turn->it));
    op->actor = asker;
    return may;
}

void sight_of_told(struct turn *turn, struct list *told)
{
    struct telling *all = told->at;
    struct a_case  *it = turn->it;

    for (size_t i = 0; it->kind->confidential && i < told->n; i++) {
        if (account_may_hear(turn, all[i].account))
            continue;
        all[i].title = it->kind->title;
        all[i].says =
            str_fmt(turn->op->arena,
                    "有一件保密的%.*s要请您督促，现在由%.*s承办。内容只有经手的"
                    "人看得到。",
                    STR_ARG(it->kind->title), STR_ARG(case_holder_title(turn->op, it)));
        all[i].apart = true;
    }
}
