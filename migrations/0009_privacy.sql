-- Persons: who looked at whom, whom hardly anybody may see, what leaves only when a
-- second person agrees, and who was deleted.

CREATE TABLE person_deletions (       -- a restore does these again
    county   BIGINT NOT NULL,         -- where something of theirs was; not always their own
    person   BIGINT NOT NULL,
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (county, person)
);

CREATE TABLE looks (                  -- one row a look and person
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- carries when
    account  BIGINT NOT NULL,
    person   BIGINT NOT NULL,         -- 0: a page of a list, followed by a row a person on it
    kind     TEXT   NOT NULL,         -- list, listed, page, clear, export, over
    who      TEXT   NOT NULL,         -- the looker's duty, name and area at that time
    fields   TEXT   NOT NULL,         -- what was shown, words with blanks between
    tie      TEXT   NOT NULL,         -- what they had to do with each other; '': nothing
    tie_id   BIGINT,                  -- the case, …
    reason   @bytes@,                 -- sealed with the person's key
    costs    BIGINT NOT NULL,         -- 1: counts against the day's untied look-ups
    PRIMARY KEY (county, id)
);
CREATE INDEX looks_person ON looks (county, person, id);
CREATE INDEX looks_account ON looks (county, account, id);
CREATE INDEX looks_costs ON looks (county, account, id) WHERE costs > 0;

CREATE TABLE requests (               -- what a second person must agree to
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- carries when
    kind     TEXT   NOT NULL,         -- people, cases: an export; deletion
    area     TEXT   NOT NULL,
    person   BIGINT NOT NULL,         -- of a deletion; 0: none
    args     TEXT   NOT NULL,         -- of an export, JSON
    format   TEXT   NOT NULL,         -- xlsx, csv
    purpose  @bytes@ NOT NULL,        -- sealed with the person's or the county's key
    nrows    BIGINT NOT NULL,         -- how many there were when it was asked
    asked_by BIGINT NOT NULL,         -- account
    state    TEXT   NOT NULL,         -- waiting, agreed, ready, done, refused, gone
    decided_by BIGINT,                -- account; NULL: nobody had to
    decided_ms BIGINT,
    until_ms BIGINT,                  -- when the file goes
    fetched  BIGINT NOT NULL,         -- how often
    PRIMARY KEY (county, id)
);
CREATE INDEX requests_mine ON requests (county, asked_by, id);
CREATE INDEX requests_waiting ON requests (county, state, area, id);
CREATE INDEX requests_work ON requests (id) WHERE state IN ('agreed', 'ready');

-- Shielded 受保护: seen by two roles alone.  A decoy 诱饵 is nobody.
ALTER TABLE people ADD COLUMN shielded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN decoy BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN shielded BIGINT NOT NULL DEFAULT 0;

-- A kept answer is sealed with the key of whom it is about, and goes with it.
ALTER TABLE asked ADD COLUMN person BIGINT NOT NULL DEFAULT 0;

CREATE INDEX accounts_person ON accounts (county, person, id) WHERE person IS NOT NULL;
CREATE INDEX holds_role ON holds (county, role, id);
CREATE INDEX person_keys_person ON person_keys (person, county);
CREATE INDEX photos_owner ON photos (county, owner, id) WHERE owner IS NOT NULL;
CREATE INDEX photos_gone ON photos (id) WHERE state = 'gone';
