-- The ground: who owns a county, its journal, what was asked before, and what
-- was refused.  County numbers come first in every key.

CREATE TABLE installation (
    name  TEXT PRIMARY KEY,           -- 'demo', 'made', …
    value TEXT NOT NULL
);

CREATE TABLE leases (
    county   BIGINT PRIMARY KEY,
    owner    TEXT   NOT NULL,         -- a server's random name
    address  TEXT   NOT NULL,         -- where it is reached
    fence    BIGINT NOT NULL,         -- grows with every change of owner
    until_ms BIGINT NOT NULL
);

CREATE TABLE journal (
    county   BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    at_ms    BIGINT NOT NULL,
    act      TEXT   NOT NULL,
    actor    BIGINT NOT NULL,
    subject  BIGINT NOT NULL,
    before   BIGINT NOT NULL,
    after    BIGINT NOT NULL,
    payload_hash @bytes@ NOT NULL,    -- SM3 of salt + payload
    hash     @bytes@ NOT NULL,        -- SM3 of the line before's hash + this line
    PRIMARY KEY (county, seq)
);
CREATE INDEX journal_subject ON journal (county, subject, seq);

CREATE TABLE journal_payloads (
    county   BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    person   BIGINT NOT NULL,         -- whose key; 0: the county's
    sealed   @bytes@ NOT NULL,        -- salt + payload
    PRIMARY KEY (county, seq)
);

CREATE TABLE heads (                  -- the last line, so that a missing tail shows
    county   BIGINT PRIMARY KEY,
    seq      BIGINT NOT NULL,
    hash     @bytes@ NOT NULL
);

CREATE TABLE cursors (
    county   BIGINT NOT NULL,
    follower TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    PRIMARY KEY (county, follower)
);

CREATE TABLE asked (                  -- answers kept for repeated keys
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    act      TEXT   NOT NULL,
    key      TEXT   NOT NULL,
    body     @bytes@ NOT NULL,        -- SM3
    status   BIGINT NOT NULL,
    version  BIGINT NOT NULL,         -- of the thing shown
    answer   @bytes@ NOT NULL,        -- sealed with the county's key
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (county, account, act, key)
);
CREATE INDEX asked_at ON asked (county, at_ms);

CREATE TABLE refusals (               -- counted by the minute
    county   BIGINT NOT NULL,
    minute   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    act      TEXT   NOT NULL,
    word     TEXT   NOT NULL,
    times    BIGINT NOT NULL,
    PRIMARY KEY (county, minute, account, act, word)
);

CREATE TABLE jobs (                   -- resumable: chunk acts of at most 1,000 rows
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    source   TEXT   NOT NULL,
    done     BIGINT NOT NULL,
    total    BIGINT NOT NULL,
    state    TEXT   NOT NULL,
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
