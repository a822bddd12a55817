-- What the public may see of cases that are open to public platforms, as Open311 tells
-- it; made by the follower "open311".  Nothing of the reporter comes into these tables.

CREATE TABLE open311_requests (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- the case
    code     TEXT   NOT NULL,         -- of the service
    open     BIGINT NOT NULL,
    status   TEXT   NOT NULL,         -- IN_PROGRESS
    notes    TEXT   NOT NULL,         -- the state's title
    service  TEXT   NOT NULL,         -- the service's name
    says     TEXT,                    -- description, where nobody has to look at it first
    agency   TEXT   NOT NULL,
    updated_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,       -- since when it has this state
    due_ms   BIGINT,
    area     TEXT   NOT NULL,
    address  TEXT   NOT NULL,
    lat      @real@ NOT NULL,
    lng      @real@ NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX open311_requests_code ON open311_requests (county, code, id);
CREATE INDEX open311_requests_open ON open311_requests (county, open, id);
CREATE INDEX open311_requests_both ON open311_requests (county, code, open, id);

CREATE TABLE open311_updates (        -- a change of state each
    county   BIGINT NOT NULL,
    seq      BIGINT NOT NULL,         -- the journal line it tells of
    id       BIGINT NOT NULL,         -- the case
    at_ms    BIGINT NOT NULL,
    status   TEXT   NOT NULL,
    says     TEXT   NOT NULL,
    PRIMARY KEY (county, seq)
);
CREATE INDEX open311_updates_at ON open311_updates (county, at_ms, seq);
CREATE INDEX open311_updates_of ON open311_updates (county, id);

CREATE TABLE open311_heard (          -- updates that platforms sent us
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,         -- the platform's
    name     TEXT   NOT NULL,         -- its update_id
    id       BIGINT NOT NULL,         -- the case
    said_ms  BIGINT NOT NULL,         -- when it was so, by the platform
    PRIMARY KEY (county, account, name)
);
CREATE INDEX open311_heard_of ON open311_heard (county, id, said_ms);
