-- What the three administrators look at.
CREATE TABLE audit_lines (            -- which lines of the journal are about what, and whom
    county   BIGINT NOT NULL,
    kind     TEXT   NOT NULL,         -- sign-in, rights, export, deletion
    account  BIGINT NOT NULL,         -- who did it, and once more to whom; 0: every line
    at_ms    BIGINT NOT NULL,
    seq      BIGINT NOT NULL,         -- of the journal
    PRIMARY KEY (county, kind, account, at_ms, seq)
);
-- Refused attempts say from where, and are found by that and by what was attempted.
CREATE TABLE refusals_by (
    county   BIGINT NOT NULL,
    minute   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    act      TEXT   NOT NULL,
    word     TEXT   NOT NULL,
    address  TEXT   NOT NULL,         -- '': this machine, or one of too many in that minute
    times    BIGINT NOT NULL,
    PRIMARY KEY (county, minute, account, act, word, address)
);
INSERT INTO refusals_by (county, minute, account, act, word, address, times)
    SELECT county, minute, account, act, word, '', times FROM refusals;
DROP TABLE refusals;
ALTER TABLE refusals_by RENAME TO refusals;
CREATE INDEX refusals_account ON refusals (county, account, minute, act, word, address);
CREATE INDEX refusals_act ON refusals (county, act, minute, account, word, address);
CREATE INDEX refusals_address ON refusals (county, address, minute, account, act, word);
-- Accounts are looked for by name; decoys are some among many.
CREATE INDEX accounts_name ON accounts (county, name, id);
CREATE INDEX people_decoys ON people (county, id) WHERE decoy = 1;
