-- Personal views 我的视图: filters that somebody keeps under a name.  What they look for may
-- be a name or a telephone, so it stands sealed.

CREATE TABLE case_views (
    county   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    place    BIGINT NOT NULL,         -- in their menu: 1, 2, …
    title    TEXT   NOT NULL,
    filter   @bytes@ NOT NULL,        -- JSON, sealed
    PRIMARY KEY (county, account, id)
);
