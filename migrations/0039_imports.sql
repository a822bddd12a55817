-- Cases that came from another system's files 历史工单导入: by that system's own number, so
-- that the same file twice makes nothing double.

CREATE TABLE case_imports (
    county  BIGINT NOT NULL,
    source  TEXT   NOT NULL,          -- 12345
    number  TEXT   NOT NULL,          -- there
    case_id BIGINT NOT NULL,
    PRIMARY KEY (county, source, number)
);
