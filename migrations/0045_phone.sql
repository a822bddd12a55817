-- Cases that somebody took down for another: a call, a visit, a letter, on behalf.
CREATE TABLE case_intakes (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    taken_by BIGINT NOT NULL,         -- account that wrote it down, and that noted the consent
    agreed   TEXT   NOT NULL,         -- how the person agreed: 'oral', 'written' …; '': not asked
    written  TEXT   NOT NULL,         -- date on the letter, '2026-11-20'; '': none
    sealed   @bytes@ NOT NULL,        -- JSON: name, phone, relation, note, with the person's key
    PRIMARY KEY (county, case_id)
);

-- Answered cases that are still to be called back; a row goes when somebody was reached.
CREATE TABLE case_callbacks (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    tries    BIGINT NOT NULL,         -- how often nobody was reached
    tried_ms BIGINT,                  -- when last
    next_ms  BIGINT NOT NULL,         -- not before then; at first when it was answered
    PRIMARY KEY (county, case_id)
);
CREATE INDEX case_callbacks_next ON case_callbacks (county, next_ms, case_id);
