-- Finding cases by words.  A row for each word of each case, in the order in which pages
-- show them: the newest first.  No word stands here: a number does, made of the word and
-- the street under a key that is in no database (guard/blind.h), so that whoever searches
-- within a street reads that street's rows and no others.

CREATE TABLE case_terms (
    county   BIGINT NOT NULL,
    term     BIGINT NOT NULL,         -- a word in a street
    id       BIGINT NOT NULL,         -- the case
    spot     BIGINT NOT NULL,         -- where in the street: community and grid, six digits
    PRIMARY KEY (county, term, id)
)@by_key@;

CREATE TABLE case_found_by (          -- all words of a case, to take them away
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- the case
    cut      BIGINT NOT NULL,         -- by which way of cutting texts
    spot     BIGINT NOT NULL,
    terms    @bytes@ NOT NULL,        -- eight bytes each
    PRIMARY KEY (county, id)
);
