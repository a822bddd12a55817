-- Appointments at windows: who comes when, and when a window is closed though its scene and
-- the calendar would have it open.  Which windows there are, scenes say.  engine/appoint/.

CREATE TABLE appointments (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,         -- carries when it was booked
    scene    TEXT   NOT NULL,         -- the window: scene, kind and name, …
    kind     TEXT   NOT NULL,
    at_window TEXT  NOT NULL,
    area     TEXT   NOT NULL,         -- … in that area
    starts_ms BIGINT NOT NULL,
    ends_ms  BIGINT NOT NULL,
    seat     BIGINT,                  -- 1, 2, … of its slot; NULL: it takes none up
    state    TEXT   NOT NULL,         -- booked, displaced, cancelled, came, missed
    version  BIGINT NOT NULL,
    category TEXT   NOT NULL,
    case_id  BIGINT,
    account  BIGINT,                  -- whose it is, as far as they have one
    person   BIGINT NOT NULL,         -- whose key; 0: the county's
    taken_by BIGINT,                  -- account, when staff booked it for them
    agreed   TEXT   NOT NULL,         -- how they agreed to that
    code     TEXT   NOT NULL,         -- shown at the window
    sealed   @bytes@,                 -- name, telephone, note
    reason   TEXT   NOT NULL,         -- why it was cancelled or cannot be kept
    reminded BIGINT NOT NULL,
    next_ms  BIGINT,                  -- when it is to be looked at
    PRIMARY KEY (county, id)
);

-- Nobody sits on another's lap: the database itself refuses it.
CREATE UNIQUE INDEX appointments_seat
    ON appointments (county, scene, kind, at_window, area, starts_ms, seat) WHERE seat IS NOT NULL;
-- What a window has before it, and had.
CREATE INDEX appointments_window
    ON appointments (county, scene, kind, at_window, area, starts_ms, id);
CREATE INDEX appointments_account ON appointments (county, account, starts_ms, id)
    WHERE account IS NOT NULL;
CREATE INDEX appointments_booked ON appointments (county, account, id)
    WHERE account IS NOT NULL;
CREATE INDEX appointments_case ON appointments (county, case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX appointments_open ON appointments (county, starts_ms) WHERE state = 'booked';
CREATE INDEX appointments_next ON appointments (next_ms, id) WHERE next_ms IS NOT NULL;

CREATE TABLE window_closures (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    scene    TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    at_window TEXT  NOT NULL,
    area     TEXT   NOT NULL,
    from_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,         -- when it opens again
    reason   TEXT   NOT NULL,
    account  BIGINT NOT NULL,         -- who closed it
    PRIMARY KEY (county, id)
);
CREATE INDEX window_closures_window
    ON window_closures (county, scene, kind, at_window, area, until_ms);
