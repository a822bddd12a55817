-- Joint handling 联办: each helper's part of a case, with its own answer and its own
-- clock.  Who is asked finds it by one index, in the order in which it is due.

CREATE TABLE case_parts (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    part     BIGINT NOT NULL,         -- 1, 2, … of the case
    holder   TEXT   NOT NULL,         -- as in cases: 'a:account', 'o:org', 'd:duty@area'
    task     TEXT   NOT NULL,         -- what is asked for
    state    TEXT   NOT NULL,         -- open, answered, excused
    asked_by BIGINT NOT NULL,         -- account
    asked_ms BIGINT NOT NULL,
    warn_ms  BIGINT NOT NULL,
    due_ms   BIGINT NOT NULL,         -- far away: no limit
    warned   BIGINT NOT NULL,
    late     BIGINT NOT NULL,
    ended_ms BIGINT,
    ended_by BIGINT,                  -- account
    answer   TEXT   NOT NULL,         -- or why it was excused
    PRIMARY KEY (county, case_id, part)
);
CREATE INDEX case_parts_holder ON case_parts (county, holder, due_ms, case_id)
    WHERE state = 'open';

ALTER TABLE cases ADD COLUMN parts_open BIGINT NOT NULL DEFAULT 0;

-- Who is responsible for what, where it was decided 权属裁定: routing suggests it for what
-- is alike, and follows it where the scene says so.

CREATE TABLE precedents (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    scene    TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    category TEXT   NOT NULL,
    area     TEXT   NOT NULL,         -- of the case, down to its community
    words    TEXT   NOT NULL,         -- its title
    holder   TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    case_id  BIGINT NOT NULL,
    number   TEXT   NOT NULL,         -- the case's, for people
    decided_by BIGINT NOT NULL,       -- account
    decided_ms BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX precedents_category ON precedents (county, scene, category, id);
CREATE INDEX precedents_case ON precedents (county, case_id);

-- Leave 请假代班: who stands in for whom, from when until when.  While it lasts the duties
-- of whoever is away are the other's, too.

CREATE TABLE stand_ins (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    account  BIGINT NOT NULL,         -- who is away
    stand_in BIGINT NOT NULL,
    from_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,         -- brought forward when it ends early
    reason   TEXT   NOT NULL,
    made_by  BIGINT NOT NULL,
    made_ms  BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX stand_ins_account ON stand_ins (county, account, until_ms);
CREATE INDEX stand_ins_stand_in ON stand_ins (county, stand_in, until_ms);
