-- Words of all cases being made anew (linli search rebuild): how far it has come, so that
-- one that was broken off goes on.

CREATE TABLE search_rebuilds (
    county   BIGINT NOT NULL,
    stage    BIGINT NOT NULL,         -- 0: rows that should not be go; 1: cases are kept again
    term     BIGINT NOT NULL,         -- stage 0: the row that was looked at last
    id       BIGINT NOT NULL,         -- … and its case; stage 1: the case kept last
    first_id BIGINT NOT NULL,         -- the oldest and the newest case at its beginning
    last_id  BIGINT NOT NULL,
    cases    BIGINT NOT NULL,         -- kept again so far
    PRIMARY KEY (county)
);
