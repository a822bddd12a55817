-- Heads of the journal, signed by a key outside this database: what was exported, kept
-- here too so that it can be asked for.  Nothing is ever changed or removed.

CREATE TABLE signed_heads (
    county    BIGINT NOT NULL,
    seq       BIGINT NOT NULL,        -- the line that the chain ended with
    at_ms     BIGINT NOT NULL,        -- signed
    hash      @bytes@ NOT NULL,       -- of that line
    key       TEXT   NOT NULL,        -- which key signed
    signature @bytes@ NOT NULL,       -- SM2
    PRIMARY KEY (county, seq)
);
CREATE INDEX signed_heads_at ON signed_heads (county, at_ms, seq);
