#include "app/report.h"

#include <stdio.h>

#include "base/clock.h"

/* Both of the same meaning; the second for whoever does not read Chinese. */
#define SAY(report, out, zh, en, ...)                                                      \
    ((report)->chinese ? fprintf((out), zh "\n", __VA_ARGS__)                              \
                       : fprintf((out), en "\n", __VA_ARGS__))

static struct str when(const struct report *report, struct arena *arena, int64_t at_ms)
{
    return report->chinese ? clock_zh(arena, at_ms, report->now_ms)
                           : clock_iso(arena, at_ms);
}

/* ---- whole ---- */

static void whole_against(const struct report *r, struct arena *arena,
                          const struct verdict *v)
{
    const struct head *last = v->holds;
    long long          lines = v->lines;

    if (!last) {
        SAY(r, stdout, "%.*s：%lld 行，完整；给出的文件里没有它的链头，所以没有签名为证。",
            "%.*s: %lld lines, whole; no signed head of it was given, so nothing proves "
            "it.",
            STR_ARG(r->county), lines);
        return;
    }
    struct str at = when(r, arena, last->at_ms);
    SAY(r, stdout,
        "%.*s：%lld 行，完整；经过 %zu 个签过名的链头，最后一个签到第 %lld "
        "行（%.*s），其后 "
        "%lld 行还没有签名为证。",
        "%.*s: %lld lines, whole; it passes through %zu signed heads, the last at line "
        "%lld "
        "(%.*s); %lld lines after it are not covered yet.",
        STR_ARG(r->county), lines, v->passed, (long long)last->seq, STR_ARG(at),
        lines - last->seq);
}

/* ---- not whole ---- */

/* A line between the last proven one and this, changed together with its own hash, shows
 * in the same way. */
static const char *doubt(const struct report *r, const struct verdict *v)
{
    if ((v->holds ? v->holds->seq : 0) == v->line - 1)
        return "";
    return r->chinese
               ? "（也可能是它前面、还没有签名为证的一行，连自己的哈希一起被改了）"
               : " (or a line before it that no signature proves was, together with its "
                 "own hash)";
}

static void say_fault(const struct report *r, const struct verdict *v)
{
    long long line = v->line, other = v->other;

    switch (v->fault) {
    case FAULT_NONE:
    case FAULT_COUNT:
        break;
    case FAULT_CHANGED:
        SAY(r, stderr, "  第 %lld 行被改过：内容和写下时的哈希不符%s。",
            "  line %lld was changed: its contents do not fit its hash%s.", line,
            doubt(r, v));
        break;
    case FAULT_CONTENT:
        SAY(r, stderr,
            "  第 %lld 行的内容被换过或拿走了：行本身没有动，封存的内容和它对不上。",
            "  line %lld: its sealed payload was replaced or taken away; the line itself "
            "is as "
            "it was.",
            line);
        break;
    case FAULT_REMOVED:
        SAY(r, stderr, "  第 %lld 行到第 %lld 行被删掉了。",
            "  lines %lld to %lld were removed.", line, other);
        break;
    case FAULT_ADDED:
        SAY(r, stderr, "  第 %lld 行到第 %lld 行是后来塞进去的，不是按规矩写的。",
            "  lines %lld to %lld were put in afterwards.", line, other);
        break;
    case FAULT_SWAPPED:
        SAY(r, stderr, "  第 %lld 行和第 %lld 行互相换了位置。",
            "  lines %lld and %lld stand in each other's place.", line, other);
        break;
    case FAULT_UNLINKED:
        SAY(r, stderr, "  从第 %lld 行起不止一行不对：它和前一行、后一行都接不上。",
            "  from line %lld on more than one line is wrong: it joins neither the one "
            "before "
            "nor the one behind.",
            line);
        break;
    case FAULT_CUT:
        SAY(r, stderr,
            "  从第 %lld 行起没有了，而链曾经至少到过第 %lld "
            "行：末尾被删，或者恢复过更早的备份。",
            "  nothing from line %lld on, though the chain once reached line %lld: its end "
            "was "
            "removed, or an older backup was restored.",
            line, other);
        break;
    case FAULT_REWRITTEN:
        SAY(r, stderr,
            "  第 %lld 行到第 %lld 行之间被整段改写，哈希也全部重算过：单看链是通的，"
            "和签过名的链头不符。",
            "  between lines %lld and %lld the chain was rewritten with all its hashes: by "
            "itself it looks whole, but a signed head says otherwise.",
            line, other);
        break;
    }
}

static void say_disproof(const struct report *r, struct arena *arena,
                         const struct verdict *v)
{
    const struct head *head = v->disproof;

    if (!head) {
        SAY(r, stderr, "  证据：%s。", "  evidence: %s.",
            r->chinese ? "还没有签过名的链头盖住这里，只有链自己作证"
                       : "the chain alone; no signed head covers this place");
        return;
    }
    struct str at = when(r, arena, head->at_ms);
    SAY(r, stderr, "  证据：第 %lld 行的链头，%.*s 签名，密钥 %.*s。",
        "  evidence: the head of line %lld, signed %.*s by key %.*s.", (long long)head->seq,
        STR_ARG(at), STR_ARG(head->key));
}

static void say_trusted(const struct report *r, struct arena *arena,
                        const struct verdict *v)
{
    if (!v->holds) {
        SAY(r, stderr, "  可信：%s。", "  to be trusted: %s.",
            r->chinese ? "在它之前没有一个对得上的链头" : "no head before it agrees");
        return;
    }
    struct str at = when(r, arena, v->holds->at_ms);
    SAY(r, stderr, "  可信：第 1 行到第 %lld 行，有 %.*s 的签名为证。",
        "  to be trusted: lines 1 to %lld, as signed %.*s.", (long long)v->holds->seq,
        STR_ARG(at));
}

void report_verdict(const struct report *r, struct arena *arena, const struct verdict *v)
{
    if (v->fault) {
        SAY(r, stderr, "%.*s：日志链不对。", "%.*s: the journal is not what it was.",
            STR_ARG(r->county));
        say_fault(r, v);
        say_disproof(r, arena, v);
        if (r->against)
            say_trusted(r, arena, v);
    } else if (r->against) {
        whole_against(r, arena, v);
    } else {
        SAY(r, stdout, "%.*s：%lld 行，完整。", "%.*s: %lld lines, whole.",
            STR_ARG(r->county), (long long)v->lines);
    }
}

/* ---- heads that prove nothing ---- */

bool report_bad_heads(const struct head_files *files, bool chinese)
{
    static const struct {
        const char *zh, *en;
    } says[BAD_COUNT] = {
        [BAD_UNREADABLE] = { "不是链头", "no heads at all" },
        [BAD_FORGED] = { "签名不对，是伪造的或被改过",
                         "with a signature that is wrong: forged" },
        [BAD_KEY] = { "不是所给的密钥签的", "signed by a key that was not given" },
    };
    bool none = true;

    for (size_t i = 0; i < BAD_COUNT; i++) {
        const struct bad_heads *bad = &files->bad[i];
        if (!bad->n)
            continue;
        none = false;
        if (chinese)
            fprintf(stderr,
                    "链头文件里有 %zu 行%s，都没有当作证据；第一处：%.*s 第 %zu 行。\n",
                    bad->n, says[i].zh, STR_ARG(bad->file), bad->line);
        else
            fprintf(stderr,
                    "%zu lines of the heads are %s, and prove nothing; first: %.*s:%zu\n",
                    bad->n, says[i].en, STR_ARG(bad->file), bad->line);
    }
    return none;
}
