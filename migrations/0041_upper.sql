-- The event platform above a county: its keys, which cases are with it or came from it,
-- what is to be sent there, what it has said.  engine/upper/.

CREATE TABLE upper_keys (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    account  BIGINT NOT NULL,         -- the platform's
    made_ms  BIGINT NOT NULL,
    made_by  BIGINT NOT NULL,
    until_ms BIGINT,                  -- NULL: until another one is made
    secret   @bytes@ NOT NULL,        -- sealed with the county's key
    PRIMARY KEY (county, id)
);
CREATE INDEX upper_keys_of ON upper_keys (county, account, id);

CREATE TABLE upper_links (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    way      TEXT   NOT NULL,         -- out: handed up; in: handed down from there
    theirs   TEXT   NOT NULL,         -- its number there; empty: not told yet
    open     BIGINT NOT NULL,         -- out: it is with the platform now
    sent_seq BIGINT NOT NULL,         -- newest of what we said, and of what it said
    heard_seq BIGINT NOT NULL,
    PRIMARY KEY (county, case_id)
);
CREATE INDEX upper_links_theirs ON upper_links (county, account, way, theirs);

CREATE TABLE upper_outbox (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- what the platform knows the message by
    case_id  BIGINT NOT NULL,
    number   TEXT   NOT NULL,
    seq      BIGINT NOT NULL,         -- within the case
    kind     TEXT   NOT NULL,         -- handed, update, recalled
    body     TEXT   NOT NULL,         -- JSON as it is sent; empty: its person was deleted
    photos   TEXT   NOT NULL,         -- ids, sent before it
    state    TEXT   NOT NULL,         -- queued (behind another of the case), waiting, sent, stuck, dropped
    made_ms  BIGINT NOT NULL,
    since_ms BIGINT NOT NULL,         -- when its turn came
    next_ms  BIGINT NOT NULL,         -- not tried before
    tries    BIGINT NOT NULL,
    why      TEXT   NOT NULL,         -- of the last try; why it was dropped
    ended_ms BIGINT,
    PRIMARY KEY (county, id)
);
CREATE INDEX upper_outbox_due ON upper_outbox (state, next_ms, id);
CREATE INDEX upper_outbox_state ON upper_outbox (county, state, id);
CREATE INDEX upper_outbox_of ON upper_outbox (county, case_id, seq);

CREATE TABLE upper_heard (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    message  TEXT   NOT NULL,         -- its own id of what it said
    digest   @bytes@ NOT NULL,        -- of what it said
    case_id  BIGINT NOT NULL,
    answer   TEXT   NOT NULL,         -- told again when it is said again
    at_ms    BIGINT NOT NULL,
    PRIMARY KEY (county, account, message)
);
CREATE INDEX upper_heard_at ON upper_heard (county, at_ms);
