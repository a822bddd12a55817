-- The guard: keys of persons, sessions, keys of machines, failed sign-ins.

CREATE TABLE person_keys (
    county  BIGINT NOT NULL,
    person  BIGINT NOT NULL,          -- 0: the county's own key
    master  BIGINT NOT NULL,          -- which master key wraps it
    wrapped @bytes@,                  -- NULL: destroyed, never to be made again
    at_ms   BIGINT NOT NULL,
    PRIMARY KEY (county, person)
);

CREATE TABLE sessions (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    token    @bytes@ NOT NULL,        -- SM3 of the token
    account  BIGINT NOT NULL,
    client   TEXT   NOT NULL,         -- its kind, which sets the limits
    made_ms  BIGINT NOT NULL,
    seen_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,         -- by idleness or age, whichever comes first
    address  TEXT   NOT NULL,
    agent    TEXT   NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX sessions_token ON sessions (county, token);
CREATE INDEX sessions_account ON sessions (county, account, id);
CREATE INDEX sessions_until ON sessions (county, until_ms);

CREATE TABLE machine_keys (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    token    @bytes@ NOT NULL,        -- SM3 of the token
    account  BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    areas    TEXT   NOT NULL,         -- codes with blanks between; '': all of the account's
    rights   TEXT   NOT NULL,         -- words with blanks between; '': all of the account's
    made_ms  BIGINT NOT NULL,
    made_by  BIGINT NOT NULL,         -- account
    until_ms BIGINT NOT NULL,
    ended_ms BIGINT,                  -- revoked
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX machine_keys_token ON machine_keys (county, token);

CREATE TABLE sign_in_fails (
    county   BIGINT NOT NULL,
    mark     @bytes@ NOT NULL,        -- of account and address, account, or address
    fails    BIGINT NOT NULL,
    last_ms  BIGINT NOT NULL,
    PRIMARY KEY (county, mark)
);
CREATE INDEX sign_in_fails_last ON sign_in_fails (county, last_ms);
