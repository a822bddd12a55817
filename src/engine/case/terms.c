#include "engine/case/terms.h"

#include "base/json.h"
#include "base/limits.h"
#include "engine/case/case_store.h"
#include "engine/case/channel.h"
#include "engine/case/line.h"
#include "engine/case/intake.h"
#include "engine/case/seal.h"
#include "engine/case/search.h"
#include "engine/case/search_store.h"
#include "gate/journal.h"
#include "registry/area.h"

/* Grows with every change of what is kept of a case: tells what was kept the old way. */
enum { CUT_NOW = 2, LINES_MAX = 200, TERM_BYTES = 8 };

/* A case's terms being collected. */
struct keeping {
    struct op       *op;
    struct blind_key key; /* of its street */
    struct terms    *terms;
    struct str       title; /* absent once its words are kept */
};

struct str terms_street(struct str area)
{
    struct str street = area_at_level(area, LEVEL_STREET);

    return street.at ? street : area;
}

int64_t terms_spot(struct str area)
{
    enum { STREET_DIGITS = 9, SPOT_DIGITS = 6 };
    int64_t spot = 0;

    for (size_t i = STREET_DIGITS; i < STREET_DIGITS + SPOT_DIGITS; i++)
        spot = spot * 10 + (i < area.len ? area.at[i] - '0' : 0);
    return spot;
}

/* ------------------------------------------------------------- collecting */

static void keep_term(struct keeping *keeping, struct str word)
{
    struct terms *terms = keeping->terms;
    int64_t       term = blind_word(&keeping->key, word);

    for (size_t i = 0; i < terms->n; i++)
        if (terms->at[i] == term)
            return;
    if (terms->n < TERMS_PER_CASE_MAX)
        terms->at[terms->n++] = term;
}

static enum rc keep_words(struct keeping *keeping, struct str text)
{
    struct arena_mark mark = arena_mark(keeping->op->arena);
    struct list       words;

    enum rc           rc = words_kept(keeping->op->arena, text, TERMS_PER_CASE_MAX, &words);
    const struct str *word = words.at;
    for (size_t i = 0; rc == RC_OK && i < words.n; i++)
        keep_term(keeping, word[i]);
    arena_back(keeping->op->arena, mark);
    return rc;
}

static enum rc keep_number(struct keeping *keeping, struct str number)
{
    enum rc rc = keep_words(keeping, number);

    for (size_t n = NUMBER_FIRST; n <= number.len && rc == RC_OK; n++) {
        struct str word =
            str_cat(keeping->op->arena, STR(TERM_NUMBER), str_slice(number.at, n));
        if (!word.at)
            return RC_TOO_LARGE;
        keep_term(keeping, word);
    }
    return rc;
}

/* An answer: mostly the title is its beginning. */
static enum rc keep_answer(struct keeping *keeping, struct str text)
{
    if (str_starts(text, keeping->title))
        keeping->title = STR_NONE;
    return keep_words(keeping, text);
}

/* Whatever was answered in words; places are told by the row. */
static enum rc keep_answers(struct keeping *keeping, struct str fields)
{
    struct json_member member;
    struct str         text;
    enum rc            rc = RC_OK;

    for (struct str rest = json_inside(fields);
         rc == RC_OK && json_member(keeping->op->arena, &rest, &member);)
        if (json_type(member.value) == JSON_STRING &&
            json_value_text(keeping->op->arena, member.value, &text))
            rc = keep_answer(keeping, text);
    return rc;
}

static enum rc keep_phone(struct keeping *keeping, struct str text)
{
    struct arena *arena = keeping->op->arena;
    struct str word = str_cat(arena, STR(TERM_PHONE), code_clean(arena, CODE_PHONE, text));

    if (!word.at)
        return RC_TOO_LARGE;
    keep_term(keeping, word);
    return RC_OK;
}

/* Of what is sealed only telephones, which are found whole or not at all. */
static enum rc keep_phones(struct keeping *keeping, const struct a_case *it)
{
    struct op         *op = keeping->op;
    struct json_member member;
    struct str         opened, text;

    enum rc rc = case_unseal(op, &it->row, &opened);
    if (rc != RC_OK || !opened.len)
        return rc;
    for (struct str rest = json_inside(opened);
         rc == RC_OK && json_member(op->arena, &rest, &member);) {
        const struct scene_field *field = kind_field(it->kind, member.key);
        if (field && field->asks == ASKS_PHONE && json_type(member.value) == JSON_STRING &&
            json_value_text(op->arena, member.value, &text))
            rc = keep_phone(keeping, text);
    }
    return rc;
}

/* Whoever it was taken down for is found by the number that they gave. */
static enum rc keep_intake(struct keeping *keeping, const struct case_row *row)
{
    enum channel       channel = channel_of(row);
    struct intake_kept kept;

    if (channel < CHANNEL_COUNT && channel_takes(channel) != TAKES_PERSON)
        return RC_OK;
    enum rc rc = intake_of(keeping->op, row, &kept);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return kept.told.phone.len ? keep_phone(keeping, kept.told.phone) : RC_OK;
}

/* What was said so far, from the journal; not by the clock, which says the same of all. */
static enum rc keep_lines(struct keeping *keeping, const struct case_row *row)
{
    struct case_line read;
    struct list      lines;

    enum rc rc = journal_read(keeping->op, row->county, row->id, 0, LINES_MAX, &lines);
    const struct line *line = lines.at;
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++)
        if (case_line_read(keeping->op, &line[i], &read) == RC_OK &&
            (line[i].actor || read.who.len))
            rc = keep_words(keeping, read.text);
    return rc;
}

static enum rc collect(struct keeping *keeping, const struct a_case *it)
{
    const struct case_row *row = &it->row;

    enum rc rc = keep_number(keeping, row->number);
    if (rc == RC_OK)
        rc = keep_words(keeping, row->category);
    if (rc == RC_OK)
        rc = keep_answers(keeping, row->fields);
    if (rc == RC_OK)
        rc = keep_words(keeping, keeping->title);
    if (rc == RC_OK)
        rc = keep_words(keeping, row->place);
    if (rc == RC_OK)
        rc = keep_phones(keeping, it);
    if (rc == RC_OK)
        rc = keep_intake(keeping, row);
    return rc == RC_OK && row->version > 1 ? keep_lines(keeping, row) : rc;
}

static void begin(struct op *op, const struct case_row *row, struct terms *terms,
                  struct keeping *keeping)
{
    *keeping = (struct keeping){ .op = op, .terms = terms, .title = row->title };
    blind_open(&keeping->key, TERMS_COLUMN, terms_street(row->area));
}

enum rc terms_of(struct op *op, const struct a_case *it, struct terms *terms)
{
    struct keeping keeping;

    terms->n = 0;
    begin(op, &it->row, terms, &keeping);
    enum rc rc = collect(&keeping, it);
    blind_close(&keeping.key);
    return rc;
}

enum rc terms_add_number(struct op *op, const struct case_row *row, struct terms *terms)
{
    struct keeping keeping;

    begin(op, row, terms, &keeping);
    enum rc rc = keep_number(&keeping, row->number);
    blind_close(&keeping.key);
    return rc;
}

/* ---------------------------------------------------------------- keeping */

static struct str packed(struct arena *arena, const struct terms *terms)
{
    char *bytes = arena_many(arena, terms->n * TERM_BYTES + 1, char);

    for (size_t i = 0; bytes && i < terms->n * TERM_BYTES; i++)
        bytes[i] = (char)((uint64_t)terms->at[i / TERM_BYTES] >> i % TERM_BYTES * 8);
    return str_slice(bytes, bytes ? terms->n * TERM_BYTES : 0);
}

size_t terms_unpack(struct str bytes, int64_t *terms, size_t most)
{
    size_t n = bytes.len / TERM_BYTES;

    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++) {
        uint64_t term = 0;
        for (size_t b = 0; b < TERM_BYTES; b++)
            term |= (uint64_t)(unsigned char)bytes.at[i * TERM_BYTES + b] << b * 8;
        terms[i] = (int64_t)term;
    }
    return n;
}

enum rc terms_row(struct op *op, const struct case_row *row, const struct terms *terms,
                  struct found_by *kept)
{
    *kept = (struct found_by){ .county = row->county,
                               .id = row->id,
                               .cut = CUT_NOW,
                               .spot = terms_spot(row->area),
                               .terms = packed(op->arena, terms) };
    return kept->terms.at ? RC_OK : RC_TOO_LARGE;
}

/* From the `first` on they are new. */
static enum rc store(struct op *op, const struct case_row *row, const struct terms *terms,
                     size_t first)
{
    struct found_by kept;

    enum rc rc = terms_row(op, row, terms, &kept);
    if (rc == RC_OK)
        rc = search_add(op, row->id, kept.spot, terms->at + first, terms->n - first);
    return rc == RC_OK ? search_put_terms(op, &kept) : rc;
}

enum rc search_forget(struct op *op, int64_t id)
{
    struct found_by kept;
    int64_t         terms[TERMS_PER_CASE_MAX];

    enum rc rc = search_select_terms(op, id, &kept);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    size_t n = terms_unpack(kept.terms, terms, TERMS_PER_CASE_MAX);
    rc = search_drop(op, id, terms, n);
    return rc == RC_OK ? search_delete_terms(op, id) : rc;
}

enum rc search_keep_new(struct op *op, const struct a_case *it)
{
    struct terms terms;

    enum rc rc = terms_of(op, it, &terms);
    return rc == RC_OK ? store(op, &it->row, &terms, 0) : rc;
}

enum rc search_keep(struct op *op, const struct a_case *it)
{
    struct terms terms;

    enum rc rc = terms_of(op, it, &terms);
    if (rc == RC_OK)
        rc = search_forget(op, it->row.id);
    return rc == RC_OK ? store(op, &it->row, &terms, 0) : rc;
}

enum rc search_keep_more(struct op *op, const struct case_row *row, struct str text)
{
    struct found_by kept;
    struct terms    terms;
    struct keeping  keeping;

    if (!str_trim(text).len)
        return RC_OK;
    enum rc rc = search_select_terms(op, row->id, &kept);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc; /* search rebuild reads it, too */
    size_t n = terms.n = terms_unpack(kept.terms, terms.at, TERMS_PER_CASE_MAX);
    begin(op, row, &terms, &keeping);
    rc = keep_words(&keeping, text);
    blind_close(&keeping.key);
    return rc == RC_OK && terms.n > n ? store(op, row, &terms, n) : rc;
}

/* ----------------------------------------------------------------- asking */

enum rc terms_has(struct op *op, const struct case_row *row, const struct str *words,
                  size_t n, bool *has)
{
    struct blind_key key;
    struct found_by  kept;
    int64_t          terms[TERMS_PER_CASE_MAX];

    *has = false;
    enum rc rc = search_select_terms(op, row->id, &kept);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    size_t kept_n = terms_unpack(kept.terms, terms, TERMS_PER_CASE_MAX), found = 0;
    blind_open(&key, TERMS_COLUMN, terms_street(row->area));
    for (size_t i = 0; i < n && found == i; i++) {
        int64_t term = blind_word(&key, words[i]);
        for (size_t t = 0; t < kept_n && found == i; t++)
            found += terms[t] == term;
    }
    blind_close(&key);
    *has = found == n;
    return RC_OK;
}
