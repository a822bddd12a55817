/* Cuts a rule's text into words, in either language.  Full-width forms of ASCII
 * count as the ASCII ones.  Chinese is written without blanks: a run of letters
 * that is no word as a whole is cut where it falls apart into words that the
 * environment knows, longest first: 紧急且年龄 is 紧急, 且, 年龄. */
#ifndef RULE_LEX_H
#define RULE_LEX_H
#include "rule/node.h"

enum token_kind {
    T_END,
    T_BAD, /* what is wrong stands in token.wrong */
    T_NUMBER,
    T_TEXT,
    T_DATE,
    T_TIME,
    T_WORD,
    T_OPEN,
    T_CLOSE,
    T_SET,
    T_SET_END,
    T_COMMA,
    T_DOT,
    T_EQ,
    T_NE,
    T_LT,
    T_LE,
    T_GT,
    T_GE,
    T_ADD,
    T_SUB,
    T_MUL,
    T_DIV,
    T_OR,
    T_AND,
    T_NOT,
    T_ISNT,   /* 不是: `not` before a test, `!=` between two things */
    T_HAVENT, /* 没有: `no` before an event, `not` before anything else */
    T_IN,
    T_BETWEEN,
    T_TO, /* 到: the "and" of a between */
    T_FOR,
    T_WITHIN,
    T_AT,     /* 在: `in` before a set, `within` before a number */
    T_INSIDE, /* 内, which may follow a within's duration */
    T_NO,
};

struct token {
    enum token_kind             kind;
    struct str                  text;    /* as written; of a T_TEXT: between its quotes */
    size_t                      at, end; /* offsets in the source */
    int64_t                     line, column;
    struct rule_number          number; /* T_NUMBER */
    const struct rule_unit_row *unit;   /* T_NUMBER, NULL: none */
    int64_t                     when;   /* T_DATE: days; T_TIME: ms */
    const char                 *wrong;  /* T_BAD: a sentence */
};

struct lexer {
    struct str             text; /* valid UTF-8 */
    const struct rule_env *env;
    size_t                 at;
    int64_t                line, column; /* of `at`, counted in characters */
};

struct token lex(struct lexer *lexer);
void         lex_back(struct lexer *lexer, const struct token *to);
bool         lex_is_letter(uint32_t point);

/* ------------------------------------------- the fixed words (words.c) */

enum token_kind             word_kind(struct str word); /* T_WORD: no keyword */
const struct rule_unit_row *word_unit(struct str rest,
                                      size_t    *bytes); /* longest at its start */
const struct rule_unit_row *word_units(size_t *n);
struct str                  word_of_kind(enum token_kind kind, enum rule_words words);
struct str                  word_keyword(size_t i); /* absent beyond the last */

/* ----------------------------------------------- the environment (env.c) */

/* A path of one or several words, each in either language: resolve.on_time. */
const struct rule_name     *env_name(const struct rule_env *env, const struct str *parts,
                                     size_t n);
const struct rule_function *env_function(const struct rule_env *env, struct str word);
/* Index of the parameter, .nparams when there is none. */
size_t env_param(const struct rule_function *function, struct str word);
/* Does the word mean anything: a name or part of one, a function, a parameter? */
bool env_knows(const struct rule_env *env, struct str word);
/* rule_nearest() among the functions only. */
struct str env_nearest_function(struct arena *arena, const struct rule_env *env,
                                struct str word);
/* The row of a closed list; NULL: not in it. */
const struct rule_choice *env_choice(const struct rule_choice *choices, size_t n,
                                     struct str text);

#endif
