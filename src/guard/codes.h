/* Numbers that people copy from cards and telephones: mobile and telephone
 * numbers, ID numbers (GB 11643) and credit codes (GB 32100).  A check gives the
 * sentence that stands under the field while it is being filled in, or nothing
 * when all is well: what is missing comes before what is wrong.  The clients say
 * the same sentences; tests/vectors/codes.json binds both. */
#ifndef GUARD_CODES_H
#define GUARD_CODES_H
#include "base/arena.h"
#include "base/str.h"

enum code {
    CODE_MOBILE, /* 手机号, 11 digits */
    CODE_PHONE,  /* a mobile number, or a landline with its area code */
    CODE_ID,     /* 身份证号, 18 digits, the last may be X */
    CODE_CREDIT, /* 统一社会信用代码, 18 of 31 characters */
};

/* As it is stored and indexed: blanks, hyphens and brackets gone, full-width
 * forms and small letters turned, "+86" before a mobile number dropped. */
struct str code_clean(struct arena *arena, enum code code, struct str text);

/* Absent: the cleaned text is right.  `now_ms` refuses birthdays to come. */
struct str code_says(struct arena *arena, enum code code, struct str clean, int64_t now_ms);

/* What a right ID number tells. */
struct code_person {
    int  year, month, day;
    bool male;
};
struct code_person code_person(struct str id_number);

/* "mobile", "phone", "id", "credit"; false for any other word. */
MUST_USE bool code_of_word(struct str word, enum code *code);

#endif
