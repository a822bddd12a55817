-- 百姓通: notices with their receipts, and everybody's own matters beside them.  What is
-- written at publication does not grow with how many are to read it.  engine/notice/.

CREATE TABLE notices (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    area     TEXT   NOT NULL,
    audience TEXT   NOT NULL,         -- all, role, houses
    role     TEXT   NOT NULL,         -- of those who hold it; '' for others
    houses   TEXT   NOT NULL,         -- JSON: [{compound, building, unit}]
    asks     TEXT   NOT NULL,         -- nothing, read, answer
    state    TEXT   NOT NULL,         -- waiting, returned, standing, withdrawn
    version  BIGINT NOT NULL,         -- of the text that is out; 0: none yet
    newest   BIGINT NOT NULL,         -- of the newest text
    waits    BIGINT NOT NULL,         -- the newest waits for a second person
    title    TEXT   NOT NULL,         -- of the text that is out, or the first one's
    made_by  BIGINT NOT NULL,
    at_ms    BIGINT,                  -- when what is out went out
    until_ms BIGINT NOT NULL,         -- it stands so long
    reminded_ms BIGINT,
    reminders BIGINT NOT NULL,
    corrections BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX notices_made_by ON notices (county, made_by, id);

CREATE TABLE notice_texts (           -- nothing is written over: each version stays
    county   BIGINT NOT NULL,
    notice   BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    words    TEXT   NOT NULL,
    question TEXT   NOT NULL,
    photos   TEXT   NOT NULL,         -- JSON: ids
    until_ms BIGINT NOT NULL,
    reason   TEXT   NOT NULL,         -- why it was corrected or withdrawn
    state    TEXT   NOT NULL,         -- waiting, out, returned, withdrawn
    written_by BIGINT NOT NULL,
    written_ms BIGINT NOT NULL,
    decided_by BIGINT,                -- the second person
    decided_ms BIGINT,
    why      TEXT   NOT NULL,         -- it was returned
    PRIMARY KEY (county, notice, version)
);

-- By what a list finds its notices: p:AREA everybody living there, h:COMMUNITY|… a house's
-- people, r:ROLE@AREA who holds it there; of staff s:AREA what lies in it, b:COMMUNITY its houses',
-- w:AREA what waits for a second person.
CREATE TABLE notice_keys (
    county   BIGINT NOT NULL,
    key      TEXT   NOT NULL,
    mark     BIGINT NOT NULL,         -- an id of the time: newest first
    notice   BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (county, key, mark)
);
CREATE INDEX notice_keys_standing ON notice_keys (county, key, until_ms);
CREATE INDEX notice_keys_notice ON notice_keys (county, notice);

CREATE TABLE notice_receipts (        -- of those who read, and nobody else
    county   BIGINT NOT NULL,
    reader   BIGINT NOT NULL,         -- the person, or the account of somebody who is none
    notice   BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    area     TEXT   NOT NULL,         -- where the reader is counted
    done     BIGINT NOT NULL,         -- nothing more is asked of the reader
    read_ms  BIGINT NOT NULL,
    done_ms  BIGINT,
    answer   @bytes@,                 -- sealed
    PRIMARY KEY (county, reader, notice)
);
CREATE INDEX notice_receipts_notice ON notice_receipts (county, notice, area, reader);
CREATE INDEX notice_receipts_reader ON notice_receipts (county, notice, reader);

CREATE TABLE notice_tallies (
    county   BIGINT NOT NULL,
    notice   BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    area     TEXT   NOT NULL,
    opened   BIGINT NOT NULL,
    done     BIGINT NOT NULL,
    PRIMARY KEY (county, notice, version, area)
);

CREATE TABLE notice_policies (        -- none: a second person looks at it
    county   BIGINT NOT NULL,
    area     TEXT   NOT NULL,
    review   BIGINT NOT NULL,
    PRIMARY KEY (county, area)
);

-- How many live where, kept beside the people.
CREATE TABLE census (
    county   BIGINT NOT NULL,
    grid     TEXT   NOT NULL,
    people   BIGINT NOT NULL,
    PRIMARY KEY (county, grid)
);
INSERT INTO census (county, grid, people)
    SELECT county, grid, count(*) FROM people WHERE grid <> '' GROUP BY county, grid;
CREATE INDEX houses_compound ON houses (county, community, compound, building, unit);

-- Each matter as its reporter's list and the shares know it; the follower "notice" keeps it.
CREATE TABLE matters (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- the case
    reporter BIGINT,                  -- account
    mark     BIGINT NOT NULL,         -- an id of the time of its newest news
    read_mark BIGINT NOT NULL,        -- the reporter has read up to here
    day_ms   BIGINT NOT NULL,         -- when the day began on which it was reported
    area     TEXT   NOT NULL,         -- '': it is not counted
    org      BIGINT,
    quick    BIGINT NOT NULL,         -- it was done within 24 h, and has stayed so
    PRIMARY KEY (county, id)
);
CREATE INDEX matters_reporter ON matters (county, reporter, mark) WHERE reporter IS NOT NULL;

CREATE TABLE matter_days (
    county   BIGINT NOT NULL,
    scope    TEXT   NOT NULL,         -- a:AREA at each level, o:ORG@COUNTY
    day_ms   BIGINT NOT NULL,
    reported BIGINT NOT NULL,
    quick    BIGINT NOT NULL,
    PRIMARY KEY (county, scope, day_ms)
);
