-- Who held a confidential case: they see it after it went on to somebody else.

CREATE TABLE case_held (
    county   BIGINT NOT NULL,
    case_id  BIGINT NOT NULL,
    holder   TEXT   NOT NULL,         -- as in cases: 'a:account', 'o:org', 'd:duty@area'
    PRIMARY KEY (county, case_id, holder)
);
