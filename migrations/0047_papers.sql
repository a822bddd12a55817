-- Confidential cases, and what is put on paper of any case.

-- Who looked at the inside of a confidential case, found by the case.
CREATE INDEX looks_case ON looks (county, tie_id, id) WHERE kind = 'case';

CREATE TABLE case_minutes (           -- sessions of a mediation, as they were written down
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    n        BIGINT NOT NULL,         -- 1, 2, …: in the order of writing
    held_ms  BIGINT NOT NULL,         -- when it was
    account  BIGINT NOT NULL,         -- who wrote it down
    person   BIGINT NOT NULL,         -- whose key; 0: the county's
    says     @bytes@ NOT NULL,        -- sealed: where, who was present, what was said
    PRIMARY KEY (county, case_id, n)
);

CREATE TABLE papers (                 -- a file that anybody who holds it can check
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- carries when
    case_id  BIGINT NOT NULL,
    kind     TEXT   NOT NULL,         -- as the scene names it
    title    TEXT   NOT NULL,
    org      TEXT   NOT NULL,         -- who issued it
    account  BIGINT NOT NULL,         -- who had it made
    person   BIGINT NOT NULL,         -- whose key; 0: the county's
    code     @bytes@ NOT NULL,        -- SM3 of its check code
    says     @bytes@ NOT NULL,        -- sealed: what stands in it, and the code
    state    TEXT   NOT NULL,         -- new, valid, replaced
    file     @bytes@,                 -- sealed, the PDF; NULL: not made yet
    sm3      @bytes@,                 -- of the PDF
    signature @bytes@,                -- SM2, over the code's and the file's
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX papers_code ON papers (county, code);
CREATE INDEX papers_case ON papers (county, case_id, id);
CREATE INDEX papers_new ON papers (id) WHERE state = 'new';
