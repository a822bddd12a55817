-- Second factors, what each kind of account is asked for, and what a session still
-- owes before it may do anything.

CREATE TABLE totps (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    secret   @bytes@,                 -- sealed with the county's key
    pending  @bytes@,                 -- shown, but no code of it was given yet
    step     BIGINT NOT NULL,         -- the last one that was accepted
    confirmed BIGINT NOT NULL,        -- when; 0: there is no secret yet
    PRIMARY KEY (county, account)
);

CREATE TABLE passkeys (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    credential @bytes@ NOT NULL,      -- as the authenticator names it
    rp       TEXT   NOT NULL,         -- the host it was made for
    algorithm BIGINT NOT NULL,        -- COSE
    public   @bytes@ NOT NULL,
    counter  BIGINT NOT NULL,         -- as last told; does it keep one, it only grows
    title    TEXT   NOT NULL,
    made_ms  BIGINT NOT NULL,
    used_ms  BIGINT NOT NULL,
    PRIMARY KEY (county, account, id)
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (county, credential);

CREATE TABLE recovery_codes (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    code     @bytes@ NOT NULL,        -- SM3
    PRIMARY KEY (county, account, code)
);

CREATE TABLE challenges (             -- one a session, for one answer
    county   BIGINT NOT NULL,
    session  BIGINT NOT NULL,
    purpose  TEXT   NOT NULL,         -- 'make', 'show'
    challenge TEXT  NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (county, session)
);
CREATE INDEX challenges_until ON challenges (county, until_ms);

CREATE TABLE policies (               -- what differs from the program's own
    county   BIGINT NOT NULL,
    kind     TEXT   NOT NULL,         -- 'resident', 'staff', 'admin'
    chars    BIGINT NOT NULL,         -- of a password, at least
    classes  BIGINT NOT NULL,         -- of small, capital, digit, other: so many, 0: any
    days     BIGINT NOT NULL,         -- until it must be changed, 0: never
    factor   TEXT   NOT NULL,         -- 'none', 'totp', 'passkey'
    PRIMARY KEY (county, kind)
);

-- Who was signed in before there were factors signs in once more.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN passed TEXT NOT NULL DEFAULT 'nothing';
ALTER TABLE sessions ADD COLUMN owes   TEXT NOT NULL DEFAULT 'factor';

ALTER TABLE accounts ADD COLUMN password_ms BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET password_ms = made_ms;
