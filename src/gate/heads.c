#include "gate/heads.h"

#include "base/clock.h"
#include "guard/signer.h"
#include "guard/sm.h"

/* What is signed. */
static struct str text_of(struct arena *arena, const struct head *head)
{
    return str_fmt(arena, "linli-head-1 county=%lld seq=%lld at=%.*s hash=%.*s key=%.*s",
                   (long long)head->county, (long long)head->seq,
                   STR_ARG(clock_iso(arena, head->at_ms)),
                   STR_ARG(str_hex(arena, head->hash.at, head->hash.len)),
                   STR_ARG(head->key));
}

struct str head_line(struct arena *arena, const struct head *head)
{
    return str_fmt(arena, "%.*s sm2=%.*s", STR_ARG(text_of(arena, head)),
                   STR_ARG(str_hex(arena, head->signature.at, head->signature.len)));
}

/* The value of the next word, "name=value"; absent when it is another word. */
static struct str word(struct str *rest, struct str name)
{
    struct str_cut next = str_cut(*rest, ' '), pair = str_cut(next.head, '=');

    *rest = next.tail;
    return pair.ok && str_eq(pair.head, name) ? pair.tail : STR_NONE;
}

/* Read, written again, and compared: there is one way to write a head. */
bool head_read(struct arena *arena, struct str line, struct head *head)
{
    struct str_cut kind = str_cut(line, ' ');
    struct str     rest = kind.tail;

    *head = (struct head){ 0 };
    if (line.len > HEAD_LINE_MAX || !str_eq(kind.head, STR("linli-head-1")))
        return false;
    bool numbers = str_int64(word(&rest, STR("county")), &head->county) &&
                   str_int64(word(&rest, STR("seq")), &head->seq) &&
                   clock_parse(word(&rest, STR("at")), &head->at_ms);
    head->hash = str_unhex(arena, word(&rest, STR("hash")));
    head->key = word(&rest, STR("key"));
    head->signature = str_unhex(arena, word(&rest, STR("sm2")));
    return numbers && head->county >= 0 && head->county <= COUNTY_MAX && head->seq > 0 &&
           head->hash.len == SM3_BYTES && head->signature.at &&
           str_eq(head_line(arena, head), line);
}

enum rc head_sign(struct arena *arena, const struct chain *end, int64_t now_ms,
                  struct head *head)
{
    *head = (struct head){ .county = end->county,
                           .seq = end->seq,
                           .at_ms = now_ms,
                           .hash = str_slice((const char *)end->hash, CHAIN_HASH_BYTES),
                           .key = signer_key(arena) };
    struct str text = text_of(arena, head);
    return text.at ? signer_sign(arena, text, &head->signature) : RC_TOO_LARGE;
}

enum head_trust head_check(struct arena *arena, const struct head *head,
                           const struct sm2_publics *publics)
{
    struct arena_mark mark = arena_mark(arena);
    enum head_trust   trust = HEAD_UNKNOWN_KEY;

    for (size_t i = 0; i < publics->n && trust == HEAD_UNKNOWN_KEY; i++)
        if (str_eq(sm2_name(arena, &publics->of[i]), head->key))
            trust = sm2_verify(&publics->of[i], text_of(arena, head), head->signature)
                        ? HEAD_TRUE
                        : HEAD_FORGED;
    arena_back(arena, mark);
    return trust;
}
