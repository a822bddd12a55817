-- Who and where.  Areas are reference data, the same for every county; all
-- else belongs to one county and has its number first in the key.

CREATE TABLE areas (
    code     TEXT PRIMARY KEY,        -- 2, 4, 6, 9, 12 or 15 digits
    parent   TEXT   NOT NULL,         -- '' for a province
    level    BIGINT NOT NULL,         -- 1 province … 6 grid
    name     TEXT   NOT NULL,
    kind     TEXT   NOT NULL,         -- urban-rural class of the statistics bureau, or ''
    source   TEXT   NOT NULL          -- where the row is from
);
CREATE INDEX areas_parent ON areas (parent, code);
CREATE INDEX areas_name ON areas (name, code);

CREATE TABLE counties (               -- permanent numbers; codes change, numbers never
    number   BIGINT NOT NULL,
    code     TEXT   NOT NULL,         -- 2, 4 or 6 digits
    from_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,         -- 0: still so
    PRIMARY KEY (number, from_ms)
);
CREATE INDEX counties_code ON counties (code, until_ms);

CREATE TABLE orgs (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    name     TEXT   NOT NULL,
    kind     TEXT   NOT NULL,         -- 'government', 'property', 'utility', 'community' …
    area     TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX orgs_area ON orgs (county, area, id);

CREATE TABLE org_duties (             -- what an organisation is there for, and where
    county   BIGINT NOT NULL,
    duty     TEXT   NOT NULL,
    area     TEXT   NOT NULL,
    org      BIGINT NOT NULL,
    PRIMARY KEY (county, duty, area, org)
);

CREATE TABLE accounts (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    login    TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    client   TEXT   NOT NULL,         -- 'resident', 'grid', 'desk': where it starts
    person   BIGINT,
    password TEXT,                    -- argon2id, in its own text form
    phone    @bytes@,                 -- sealed
    state    TEXT   NOT NULL,         -- 'active', 'closed'
    version  BIGINT NOT NULL,
    made_ms  BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);

CREATE TABLE logins (                 -- small and global: which county a login is in
    login    TEXT PRIMARY KEY,
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL
);

CREATE TABLE account_codes (          -- one-time codes, to set the first password
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    code     @bytes@ NOT NULL,        -- SM3
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (county, account)
);

CREATE TABLE holds (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    duty     TEXT   NOT NULL,
    role     TEXT   NOT NULL,
    area     TEXT   NOT NULL,
    org      BIGINT,
    stands_in_for BIGINT,
    from_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,         -- 0: open
    PRIMARY KEY (county, account, id)
);
CREATE INDEX holds_duty ON holds (county, duty, area, id);
CREATE INDEX holds_org ON holds (county, org, id);
CREATE INDEX holds_area ON holds (county, area, id);

CREATE TABLE houses (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    compound TEXT   NOT NULL,
    building TEXT   NOT NULL,
    unit     TEXT   NOT NULL,
    room     TEXT   NOT NULL,
    community TEXT  NOT NULL,
    grid     TEXT   NOT NULL,
    lat      @real@,
    lng      @real@,
    cell     BIGINT NOT NULL,         -- of a lattice of about 100 m; 0: no place
    PRIMARY KEY (county, id)
);
CREATE INDEX houses_grid ON houses (county, grid, id);
CREATE INDEX houses_cell ON houses (county, cell, id);

CREATE TABLE households (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    house    BIGINT NOT NULL,
    head     BIGINT,
    PRIMARY KEY (county, id)
);
CREATE INDEX households_house ON households (county, house);

CREATE TABLE people (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    name     TEXT   NOT NULL,
    sex      TEXT   NOT NULL,         -- GB/T 2261.1: '1', '2', '9', '0'
    birth    TEXT   NOT NULL,         -- '1944-03-09'
    id_number @bytes@,                -- sealed
    id_index  @bytes@,                -- blind
    phone    @bytes@,                 -- sealed
    phone_index @bytes@,              -- blind
    household BIGINT,
    relation TEXT   NOT NULL,         -- GB/T 4761, to the head
    street   TEXT   NOT NULL,
    community TEXT  NOT NULL,
    grid     TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    made_ms  BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX people_name ON people (county, name, id);
CREATE INDEX people_grid ON people (county, grid, name, id);
CREATE INDEX people_household ON people (county, household);
CREATE INDEX people_id_index ON people (county, id_index);
CREATE INDEX people_phone_index ON people (county, phone_index);
