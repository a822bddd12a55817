-- Words are hashed in another way (guard/blind.h), so all that was kept of them says
-- nothing any more: `linli search rebuild` keeps them anew.  The number leads the key, as it
-- nearly always tells two rows apart by itself, and a county never does.

DROP TABLE case_terms;
CREATE TABLE case_terms (
    county   BIGINT NOT NULL,
    term     BIGINT NOT NULL,         -- a word in a street
    id       BIGINT NOT NULL,         -- the case
    spot     BIGINT NOT NULL,         -- where in the street: community and grid, six digits
    PRIMARY KEY (term, county, id)
)@by_key@;
DELETE FROM case_found_by;
DELETE FROM search_rebuilds;
