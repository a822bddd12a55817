-- Cases.  The rows that lists show carry their street, community, grid and
-- holder, each leading an index with bucket and sort time, so that a page is read
-- in order from one index and nothing is sorted.

CREATE TABLE cases (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    number   TEXT   NOT NULL,         -- 1120-0047, for people
    scene    TEXT   NOT NULL,
    scene_version BIGINT NOT NULL,    -- the one it was opened under
    kind     TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    bucket   TEXT   NOT NULL,         -- waiting, handling, answered, ended
    version  BIGINT NOT NULL,
    channel  TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    category TEXT   NOT NULL,
    urgent   BIGINT NOT NULL,
    fields   TEXT   NOT NULL,         -- JSON: what may stand in clear
    sealed   @bytes@,                 -- JSON: what may not, with the person's key
    reporter BIGINT,                  -- account
    person   BIGINT NOT NULL,         -- whose key; 0: the county's
    area     TEXT   NOT NULL,
    street   TEXT   NOT NULL,
    community TEXT  NOT NULL,
    grid     TEXT   NOT NULL,
    lat      @real@ NOT NULL,
    lng      @real@ NOT NULL,
    cell     BIGINT NOT NULL,         -- of the map's lattice, for likeness; 0: no place
    place    TEXT   NOT NULL,         -- in words
    holder   TEXT   NOT NULL,         -- 'a:account', 'o:org', 'd:duty@area'
    before   TEXT   NOT NULL,         -- the holder before
    duty     TEXT   NOT NULL,         -- who answers for it at its level …
    duty_area TEXT  NOT NULL,         -- … and where
    supervised BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    answered_ms BIGINT,
    closed_ms BIGINT,
    clocks   TEXT   NOT NULL,         -- JSON: start, due, met, warned, late of each
    due_ms   BIGINT,                  -- of the clock that runs out next
    due_clock TEXT  NOT NULL,
    paused_ms BIGINT,
    pause_reason TEXT NOT NULL,
    next_ms  BIGINT,                  -- when the clock must look again
    sort_ms  BIGINT NOT NULL,         -- open: due; ended: closed
    stars    BIGINT NOT NULL,         -- 0: not rated
    rating   TEXT   NOT NULL,
    photos   BIGINT NOT NULL,         -- how many
    PRIMARY KEY (county, id)
);
CREATE INDEX cases_county ON cases (county, bucket, sort_ms, id);
CREATE INDEX cases_street ON cases (county, street, bucket, sort_ms, id);
CREATE INDEX cases_community ON cases (county, community, bucket, sort_ms, id);
CREATE INDEX cases_grid ON cases (county, grid, bucket, sort_ms, id);
CREATE INDEX cases_holder ON cases (county, holder, bucket, sort_ms, id);
CREATE INDEX cases_reporter ON cases (county, reporter, id);
CREATE INDEX cases_cell ON cases (county, cell, id);
CREATE INDEX cases_next ON cases (next_ms) WHERE next_ms IS NOT NULL;

CREATE TABLE calendar_days (          -- days that are not as their weekday is
    county   BIGINT NOT NULL,
    day      TEXT   NOT NULL,         -- 2026-10-01
    works    BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    PRIMARY KEY (county, day)
);
