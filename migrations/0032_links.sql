-- The same thing reported twice.  A later report follows the first (same), is put into it
-- (merged), or was cut out of it (split); rows stay when it is over, as history on both
-- sides.  A neighbour who met it, too, hears of the answers.

CREATE TABLE case_links (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,         -- the later one
    link     BIGINT NOT NULL,         -- 1, 2, … of that case
    first_id BIGINT NOT NULL,
    how      TEXT   NOT NULL,         -- same, merged, split
    who      TEXT   NOT NULL,         -- as neighbours may read it
    made_ms  BIGINT NOT NULL,
    ended_ms BIGINT,
    ended_who TEXT  NOT NULL,
    told     BIGINT NOT NULL,         -- what the later case's own line has said: 1 its beginning, 2 its end
    heard    BIGINT NOT NULL,         -- up to which line of the first it has followed
    PRIMARY KEY (county, case_id, link)
);
CREATE INDEX case_links_first ON case_links (county, first_id, case_id);

CREATE TABLE case_followers (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    at_ms    BIGINT NOT NULL,
    reported BIGINT NOT NULL,         -- their own report was merged into it
    PRIMARY KEY (county, case_id, account)
);
CREATE INDEX case_followers_account ON case_followers (county, account, at_ms);

ALTER TABLE cases ADD COLUMN first_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN linked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN me_too BIGINT NOT NULL DEFAULT 0;
