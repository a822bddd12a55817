-- Calendars: which were loaded, of which days, and from what source; when offices are
-- open, by weekday and by day ("8:30-12:00 14:00-17:30").

CREATE TABLE calendars (
    county   BIGINT NOT NULL,
    name     TEXT   NOT NULL,         -- cn-2026
    title    TEXT   NOT NULL,
    source   TEXT   NOT NULL,
    first    TEXT   NOT NULL,         -- what it says of days outside these is nothing
    last     TEXT   NOT NULL,
    loaded_ms BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);
CREATE TABLE calendar_week (          -- none: Monday to Friday, 8:30 to 17:30
    county   BIGINT NOT NULL,
    weekday  BIGINT NOT NULL,         -- 0 Sunday … 6 Saturday
    hours    TEXT   NOT NULL,         -- '': a day off
    PRIMARY KEY (county, weekday)
);
ALTER TABLE calendar_days ADD COLUMN hours TEXT NOT NULL DEFAULT ''; -- '': its weekday's

-- After a calendar was loaded, its cases are looked at again, a chunk at a time; no row:
-- all have been.
CREATE TABLE calendar_recounts (
    county   BIGINT NOT NULL,
    after_ms BIGINT NOT NULL,         -- next_ms and id of the last that was looked at
    after_id BIGINT NOT NULL,
    PRIMARY KEY (county)
);

-- What is due is walked in order, over those that could not be done just now.
DROP INDEX cases_next;
CREATE INDEX cases_next ON cases (next_ms, id) WHERE next_ms IS NOT NULL;
