-- What somebody is told: one row a message, made by the follower "notify".

CREATE TABLE inbox (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    seq      BIGINT NOT NULL,         -- the journal line it tells of
    at_ms    BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    says     TEXT   NOT NULL,
    subject  BIGINT,                  -- the case
    PRIMARY KEY (county, account, id)
);
CREATE UNIQUE INDEX inbox_line ON inbox (county, seq, account);

CREATE TABLE inbox_read (             -- everything up to here was read
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    PRIMARY KEY (county, account)
);
