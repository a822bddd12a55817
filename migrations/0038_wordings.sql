-- What staff keep to write with: templates of answers 答复模板 by scene, state and
-- category, and articles on policies 政策问答.

CREATE TABLE wordings (
    county     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    kind       TEXT   NOT NULL,       -- template, article
    area       TEXT   NOT NULL,       -- for cases in it
    scene      TEXT   NOT NULL,       -- '': every one
    state      TEXT   NOT NULL,       -- '': every one
    categories TEXT   NOT NULL,       -- with a comma between; '': every one
    title      TEXT   NOT NULL,
    words      TEXT   NOT NULL,       -- what the reporter may read
    inner_words TEXT  NOT NULL,       -- what is for colleagues alone
    source     TEXT   NOT NULL,       -- of an article: where it is written
    until_ms   BIGINT,                -- of an article: valid until
    made_by    BIGINT NOT NULL,       -- account, of this version
    made_ms    BIGINT NOT NULL,
    ended      BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX wordings_kept ON wordings (county, kind, id) WHERE ended = 0;
CREATE INDEX wordings_scene ON wordings (county, scene, id)
    WHERE ended = 0 AND kind = 'template';

-- Words by which an article is found while somebody types.
CREATE TABLE wording_terms (
    county BIGINT NOT NULL,
    term   TEXT   NOT NULL,
    id     BIGINT NOT NULL,
    PRIMARY KEY (county, term, id)
);
CREATE INDEX wording_terms_id ON wording_terms (county, id);
