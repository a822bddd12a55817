-- Scenes: every version that was ever loaded, as it was written, with the lists it
-- came with.  Running cases name the version they were opened under, so nothing
-- here is changed or deleted but `state`.

CREATE TABLE scenes (
    county   BIGINT NOT NULL,
    name     TEXT   NOT NULL,
    version  BIGINT NOT NULL,         -- 1, 2, …
    id       BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    state    TEXT   NOT NULL,         -- 'now', 'past'
    checksum @bytes@ NOT NULL,        -- SM3 of body
    body     TEXT   NOT NULL,         -- JSON: {yaml, lists: [{name, yaml}]}
    loaded_ms BIGINT NOT NULL,
    loaded_by BIGINT NOT NULL,        -- account; 0: whoever worked at this machine
    PRIMARY KEY (county, name, version)
);
CREATE INDEX scenes_now ON scenes (county, state, name, version);
