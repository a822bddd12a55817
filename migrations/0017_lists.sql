-- Lists of one category.  Without an index of its own such a page is looked for among all
-- cases of the bucket: seconds among a million, when the category is a rare one.

CREATE INDEX cases_county_category ON cases (county, category, bucket, sort_ms, id);
CREATE INDEX cases_street_category ON cases (county, street, category, bucket, sort_ms, id);
CREATE INDEX cases_community_category ON cases (county, community, category, bucket, sort_ms, id);
CREATE INDEX cases_grid_category ON cases (county, grid, category, bucket, sort_ms, id);

-- What is not ended, counted for every area that it lies in, beside the case: the desk
-- shows these numbers with every list.

CREATE TABLE case_counts (
    county   BIGINT NOT NULL,
    parent   TEXT   NOT NULL,         -- the area's: what lies below one stands together
    area     TEXT   NOT NULL,         -- '': no area of that level is known
    bucket   TEXT   NOT NULL,         -- waiting, handling, answered
    n        BIGINT NOT NULL,
    PRIMARY KEY (county, parent, area, bucket)
);
INSERT INTO case_counts (county, parent, area, bucket, n)
    SELECT county, substr(street, 1, 4), substr(street, 1, 6), bucket, count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 2, 3, 4;
INSERT INTO case_counts (county, parent, area, bucket, n)
    SELECT county, substr(street, 1, 6), street, bucket, count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 2, 3, 4;
INSERT INTO case_counts (county, parent, area, bucket, n)
    SELECT county, street, community, bucket, count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 2, 3, 4;
INSERT INTO case_counts (county, parent, area, bucket, n)
    SELECT county, community, grid, bucket, count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 2, 3, 4;
