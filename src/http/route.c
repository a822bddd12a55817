#include "http/route.h"

#include <string.h>

struct node {
    struct node      *next;  /* sibling */
    struct node      *words; /* children by their word */
    struct node      *param; /* the child that takes any word */
    struct str        word;
    const struct act *acts[METHODS_END];
    struct str        allow;
};

struct router {
    struct node root;
};

static const struct str methods[METHODS_END] = {
    [GET] = STR_INIT("GET"),     [POST] = STR_INIT("POST"),     [PUT] = STR_INIT("PUT"),
    [PATCH] = STR_INIT("PATCH"), [DELETE] = STR_INIT("DELETE"),
};

enum method method_of(struct str word)
{
    for (int i = GET; i < METHODS_END; i++)
        if (str_eq(methods[i], word))
            return (enum method)i;
    return (enum method)0;
}

struct str method_word(enum method method)
{
    return methods[method];
}

static bool is_param(struct str segment)
{
    return str_starts(segment, STR("{")) && str_ends(segment, STR("}"));
}

static struct node *word_child(const struct node *node, struct str word)
{
    for (struct node *child = node->words; child; child = child->next)
        if (str_eq(child->word, word))
            return child;
    return NULL;
}

static struct node *child_for(struct arena *arena, struct node *node, struct str segment)
{
    struct node *child = is_param(segment) ? node->param : word_child(node, segment);

    if (child)
        return child;
    child = arena_new(arena, struct node);
    if (!child)
        return NULL;
    child->word = segment;
    if (is_param(segment)) {
        node->param = child;
    } else {
        child->next = node->words;
        node->words = child;
    }
    return child;
}

static struct str allow_of(struct arena *arena, const struct node *node)
{
    struct str words[METHODS_END + 2];
    size_t     n = 0;

    for (int i = GET; i < METHODS_END; i++) {
        if (node->acts[i])
            words[n++] = methods[i];
        if (node->acts[i] && i == GET)
            words[n++] = STR("HEAD");
    }
    words[n++] = STR("OPTIONS");
    return str_join(arena, words, n, STR(", "));
}

static bool add(struct arena *arena, struct router *router, const struct act *act)
{
    struct node *node = &router->root;
    struct str   rest = str_skip(str_of(act->path), 1);

    for (bool more = true; more && node;) {
        struct str_cut parts = str_cut(rest, '/');
        node = child_for(arena, node, parts.head);
        rest = parts.tail;
        more = parts.ok;
    }
    if (!node)
        return false;
    assert(act->method >= GET && act->method < METHODS_END && !node->acts[act->method]);
    node->acts[act->method] = act;
    node->allow = allow_of(arena, node);
    return node->allow.at != NULL;
}

struct router *router_new(struct arena *arena)
{
    struct router *router = arena_new(arena, struct router);

    for (size_t i = 0; router && i < acts_count(); i++)
        if (acts_at(i)->path &&
            !add(arena, router, acts_at(i))) /* timers' acts have none */
            return NULL;
    return router;
}

/* As deep as the path has segments; a word is tried before a parameter. */
static const struct node *walk(const struct node *node, const struct str *segments,
                               size_t n)
{
    if (n == 0)
        return node->allow.at ? node : NULL;
    const struct node *child = word_child(node, segments[0]);
    const struct node *found = child ? walk(child, segments + 1, n - 1) : NULL;
    if (!found && node->param && segments[0].len)
        found = walk(node->param, segments + 1, n - 1);
    return found;
}

/* Names come from the act's own path: two acts may call one place differently. */
static void bind(const struct act *act, const struct str *segments, struct route *route)
{
    struct str rest = str_skip(str_of(act->path), 1);

    for (bool more = true; more; segments++) {
        struct str_cut parts = str_cut(rest, '/');
        struct str     word = parts.head;
        if (is_param(word)) {
            assert(route->nargs < ROUTE_ARGS_MAX);
            route->args[route->nargs++] =
                (struct gate_arg){ str_slice(word.at + 1, word.len - 2), *segments };
        }
        rest = parts.tail;
        more = parts.ok;
    }
}

enum rc router_find(const struct router *router, enum method method,
                    const struct str *segments, size_t n, struct route *route)
{
    const struct node *node = walk(&router->root, segments, n);

    *route = (struct route){ 0 };
    if (!node)
        return RC_NOT_FOUND;
    route->allow = node->allow;
    route->act = node->acts[method];
    if (!route->act)
        return RC_METHOD;
    bind(route->act, segments, route);
    return RC_OK;
}
