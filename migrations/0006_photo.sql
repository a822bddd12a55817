-- Photos.  The files are in the vault; a row names them by its id.

CREATE TABLE photos (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,
    uploader BIGINT NOT NULL,         -- account
    person   BIGINT NOT NULL,         -- whose key seals the place; 0: the county's
    owner    BIGINT,                  -- what it is attached to; NULL: nothing yet
    state    TEXT   NOT NULL,         -- new, ready, refused, gone
    verdict  TEXT   NOT NULL,         -- the decoder's word, '' while new
    arrived  TEXT   NOT NULL,         -- the original's id in the vault of arrivals
    bytes    BIGINT NOT NULL,         -- as it was sent
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    place    @bytes@,                 -- where it was taken, sealed
    PRIMARY KEY (county, id)
);
CREATE INDEX photos_uploader ON photos (county, uploader, id);
CREATE INDEX photos_waiting ON photos (id) WHERE state = 'new';
CREATE INDEX photos_loose ON photos (id) WHERE owner IS NULL;
