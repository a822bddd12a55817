#include "rule/lex.h"

/* Every spelling of a keyword; the first English and the first Chinese row of a
 * kind are the ones to show. */
static const struct keyword {
    struct str      word;
    enum token_kind kind;
    bool            zh;
} keywords[] = {
    // clang-format off
    { STR_INIT("or"),       T_OR },      { STR_INIT("或"),     T_OR, true },
    { STR_INIT("或者"),     T_OR, true },
    { STR_INIT("and"),      T_AND },     { STR_INIT("且"),     T_AND, true },
    { STR_INIT("并且"),     T_AND, true },{ STR_INIT("而且"),  T_AND, true },
    { STR_INIT("和"),       T_AND, true },{ STR_INIT("与"),    T_AND, true },
    { STR_INIT("not"),      T_NOT },     { STR_INIT("非"),     T_NOT, true },
    { STR_INIT("不"),       T_NOT, true },
    { STR_INIT("不是"),     T_ISNT, true },
    { STR_INIT("没有"),     T_HAVENT, true },
    { STR_INIT("in"),       T_IN },      { STR_INIT("属于"),   T_IN, true },
    { STR_INIT("between"),  T_BETWEEN }, { STR_INIT("介于"),   T_BETWEEN, true },
    { STR_INIT("到"),       T_TO, true },{ STR_INIT("至"),     T_TO, true },
    { STR_INIT("for"),      T_FOR },     { STR_INIT("持续"),   T_FOR, true },
    { STR_INIT("within"),   T_WITHIN },
    { STR_INIT("在"),       T_AT, true },
    { STR_INIT("内"),       T_INSIDE, true },{ STR_INIT("以内"), T_INSIDE, true },
    { STR_INIT("之内"),     T_INSIDE, true },
    { STR_INIT("no"),       T_NO },      { STR_INIT("无"),     T_NO, true },
    { STR_INIT("等于"),     T_EQ, true },{ STR_INIT("是"),     T_EQ, true },
    { STR_INIT("为"),       T_EQ, true },
    { STR_INIT("不等于"),   T_NE, true },
    { STR_INIT("小于"),     T_LT, true },{ STR_INIT("低于"),   T_LT, true },
    { STR_INIT("少于"),     T_LT, true },{ STR_INIT("早于"),   T_LT, true },
    { STR_INIT("小于等于"), T_LE, true },{ STR_INIT("不大于"), T_LE, true },
    { STR_INIT("不超过"),   T_LE, true },{ STR_INIT("至多"),   T_LE, true },
    { STR_INIT("不高于"),   T_LE, true },{ STR_INIT("不晚于"), T_LE, true },
    { STR_INIT("大于"),     T_GT, true },{ STR_INIT("高于"),   T_GT, true },
    { STR_INIT("多于"),     T_GT, true },{ STR_INIT("超过"),   T_GT, true },
    { STR_INIT("晚于"),     T_GT, true },
    { STR_INIT("大于等于"), T_GE, true },{ STR_INIT("不小于"), T_GE, true },
    { STR_INIT("不低于"),   T_GE, true },{ STR_INIT("不少于"), T_GE, true },
    { STR_INIT("至少"),     T_GE, true },{ STR_INIT("不早于"), T_GE, true },
    // clang-format on
};

static const struct rule_unit_row units[] = {
    // clang-format off
    { STR_INIT("s"), STR_INIT("s"), STR_INIT("秒"),
      { STR_INIT("sec"), STR_INIT("second"), STR_INIT("seconds") },
      RULE_DURATION, 1000, 0, RULE_MS },
    { STR_INIT("min"), STR_INIT("min"), STR_INIT("分钟"),
      { STR_INIT("minute"), STR_INIT("minutes") }, RULE_DURATION, 60000, 0, RULE_MS },
    { STR_INIT("h"), STR_INIT("h"), STR_INIT("小时"),
      { STR_INIT("hour"), STR_INIT("hours"), STR_INIT("个小时") },
      RULE_DURATION, 3600000, 0, RULE_MS },
    { STR_INIT("day"), STR_INIT("days"), STR_INIT("天"),
      { STR_INIT("d"), STR_INIT("日") }, RULE_DURATION, 86400000, 0, RULE_MS },
    { STR_INIT("week"), STR_INIT("weeks"), STR_INIT("周"),
      { STR_INIT("星期"), STR_INIT("个星期") }, RULE_DURATION, 604800000, 0, RULE_MS },
    { STR_INIT("working hour"), STR_INIT("working hours"), STR_INIT("个工作小时"),
      { STR_INIT("working h"), STR_INIT("工作小时") },
      RULE_DURATION, 3600000, 0, RULE_WORKING_MS },
    { STR_INIT("working day"), STR_INIT("working days"), STR_INIT("个工作日"),
      { STR_INIT("工作日") }, RULE_DURATION, 1, 0, RULE_WORKING_DAYS },
    { STR_INIT("month"), STR_INIT("months"), STR_INIT("个月"),
      { STR_INIT("月") }, RULE_DURATION, 1, 0, RULE_MONTHS },
    { STR_INIT("year"), STR_INIT("years"), STR_INIT("年"),
      { { 0 } }, RULE_DURATION, 12, 0, RULE_MONTHS },
    { STR_INIT("m"), STR_INIT("m"), STR_INIT("米"), { STR_INIT("metres") },
      RULE_LENGTH, 1, 0, RULE_MS },
    { STR_INIT("km"), STR_INIT("km"), STR_INIT("公里"), { STR_INIT("千米") },
      RULE_LENGTH, 1000, 0, RULE_MS },
    { STR_INIT("fen"), STR_INIT("fen"), STR_INIT("分"), { { 0 } }, RULE_MONEY, 1, 0, RULE_MS },
    { STR_INIT("yuan"), STR_INIT("yuan"), STR_INIT("元"), { { 0 } }, RULE_MONEY, 100, 0, RULE_MS },
    { STR_INIT("%"), STR_INIT("%"), STR_INIT("%"), { STR_INIT("％") }, RULE_NUMBER, 1, 2, RULE_MS },
    { STR_INIT("person"), STR_INIT("people"), STR_INIT("人"), { { 0 } }, RULE_NUMBER, 1, 0, RULE_MS },
    { STR_INIT("household"), STR_INIT("households"), STR_INIT("户"), { { 0 } },
      RULE_NUMBER, 1, 0, RULE_MS },
    { STR_INIT("year old"), STR_INIT("years old"), STR_INIT("岁"), { STR_INIT("周岁") },
      RULE_NUMBER, 1, 0, RULE_MS },
    // clang-format on
};

enum token_kind word_kind(struct str word)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (str_eq(keywords[i].word, word))
            return keywords[i].kind;
    return T_WORD;
}

struct str word_of_kind(enum token_kind kind, enum rule_words words)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (keywords[i].kind == kind && keywords[i].zh == (words == RULE_ZH))
            return keywords[i].word;
    return STR_NONE;
}

struct str word_keyword(size_t i)
{
    return i < COUNT(keywords) ? keywords[i].word : STR_NONE;
}

const struct rule_unit_row *word_units(size_t *n)
{
    *n = COUNT(units);
    return units;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

/* Bytes of rest that spell the word, a blank in it standing for any number of
 * them; 0 when they do not, or when an English word goes on. */
static size_t spelled(struct str rest, struct str word)
{
    size_t at = 0;

    for (size_t i = 0; i < word.len; i++) {
        if (at == rest.len ||
            (word.at[i] == ' ' ? !is_blank(rest.at[at]) : word.at[i] != rest.at[at]))
            return 0;
        at++;
        while (word.at[i] == ' ' && at < rest.len && is_blank(rest.at[at]))
            at++;
    }
    bool goes_on =
        at && at < rest.len && ascii_letter(rest.at[at - 1]) && ascii_letter(rest.at[at]);
    return goes_on ? 0 : at;
}

const struct rule_unit_row *word_unit(struct str rest, size_t *bytes)
{
    const struct rule_unit_row *best = NULL;

    *bytes = 0;
    for (size_t i = 0; i < COUNT(units); i++) {
        const struct rule_unit_row *unit = &units[i];
        const struct str            ways[] = { unit->one,     unit->many,    unit->zh,
                                               unit->also[0], unit->also[1], unit->also[2] };
        for (size_t k = 0; k < COUNT(ways); k++) {
            size_t n = spelled(rest, ways[k]);
            if (n > *bytes) {
                *bytes = n;
                best = unit;
            }
        }
    }
    return best;
}

bool rule_is_word(struct str text)
{
    size_t n;

    if (str_empty(text) || !str_utf8(text) || word_kind(text) != T_WORD ||
        (text.at[0] >= '0' && text.at[0] <= '9'))
        return false;
    for (struct str rest = text; rest.len;)
        if (!lex_is_letter(str_utf8_next(&rest)))
            return false;
    return !word_unit(text, &n) || n < text.len;
}
