-- What of a case the public may see, as it was reviewed: beside the case, whose own words
-- stay as they were written.

CREATE TABLE case_public (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    private  BIGINT NOT NULL,         -- its reporter does not want it public
    named    BIGINT NOT NULL,         -- and agrees to be called by their surname
    state    TEXT   NOT NULL,         -- '', out
    title    TEXT   NOT NULL,
    says     TEXT   NOT NULL,         -- what was reported
    answer   TEXT   NOT NULL,
    agency   TEXT   NOT NULL,         -- who answered, never a person's name
    category TEXT   NOT NULL,
    street   TEXT   NOT NULL,
    community TEXT  NOT NULL,
    reviewed_ms BIGINT NOT NULL,
    reviewed_by BIGINT NOT NULL,      -- account
    PRIMARY KEY (county, case_id)
);
CREATE INDEX case_public_county ON case_public (county, reviewed_ms, case_id)
    WHERE state = 'out';
CREATE INDEX case_public_street ON case_public (county, street, reviewed_ms, case_id)
    WHERE state = 'out';
CREATE INDEX case_public_community ON case_public (county, community, reviewed_ms, case_id)
    WHERE state = 'out';

-- Copies of photos for the public: made anew, with what was marked blurred, under ids and
-- keys of their own.

CREATE TABLE photo_copies (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    photo    BIGINT NOT NULL,
    owner    BIGINT NOT NULL,         -- what the photo is attached to
    key      TEXT   NOT NULL,         -- 128 bits of chance, part of the address
    marks    TEXT   NOT NULL,         -- JSON: what is blurred
    state    TEXT   NOT NULL,         -- new, ready, failed, gone
    PRIMARY KEY (county, id)
);
CREATE INDEX photo_copies_owner ON photo_copies (county, owner, id);
CREATE INDEX photo_copies_new ON photo_copies (id) WHERE state = 'new';
CREATE INDEX photo_copies_gone ON photo_copies (id) WHERE state = 'gone';

-- Who has had a case in hand, as in cases.holder: they neither rate it nor do its call-back.

CREATE TABLE case_hands (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    hand     TEXT   NOT NULL,
    PRIMARY KEY (county, case_id, hand)
);
INSERT INTO case_hands (county, case_id, hand)
    SELECT county, id, holder FROM cases
    UNION SELECT county, id, before FROM cases WHERE before <> '';

-- What became of each answer that was given: what the rates are reckoned from.

CREATE TABLE case_results (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    round    BIGINT NOT NULL,         -- 1, 2, … of the case
    scene    TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    org      TEXT   NOT NULL,         -- who answered: 'o:org', or 'd:duty@area'
    area     TEXT   NOT NULL,
    answered_ms BIGINT NOT NULL,
    responded BIGINT NOT NULL,        -- 0 no such deadline, 1 in time, 2 late; so the next
    in_time  BIGINT NOT NULL,
    call     TEXT   NOT NULL,         -- '', reached, missed, refused
    rated    BIGINT NOT NULL,         -- by its reporter
    solved   BIGINT NOT NULL,         -- 0 nobody said, 1 yes, 2 no
    stars    BIGINT NOT NULL,         -- 0: none
    PRIMARY KEY (county, case_id, round)
);
CREATE INDEX case_results_kind ON case_results (county, scene, kind, answered_ms);
