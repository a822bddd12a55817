-- Lists of one category.  Without an index of its own such a page is looked for among all
-- cases of the bucket: seconds among a million, when the category is a rare one.

CREATE INDEX cases_county_category ON cases (county, category, bucket, sort_ms, id);
CREATE INDEX cases_street_category ON cases (county, street, category, bucket, sort_ms, id);
CREATE INDEX cases_community_category ON cases (county, community, category, bucket, sort_ms, id);
CREATE INDEX cases_grid_category ON cases (county, grid, category, bucket, sort_ms, id);

-- What is not ended, counted beside the case: by community, from which streets and the
-- county are summed up, and by grid.  The desk shows these numbers with every list.

CREATE TABLE case_counts (
    county   BIGINT NOT NULL,
    level    BIGINT NOT NULL,         -- 5 community, 6 grid
    area     TEXT   NOT NULL,         -- of that level, or as deep as is known
    bucket   TEXT   NOT NULL,         -- waiting, handling, answered
    n        BIGINT NOT NULL,
    PRIMARY KEY (county, level, area, bucket)
);
INSERT INTO case_counts (county, level, area, bucket, n)
    SELECT county, 5, CASE WHEN community <> '' THEN community ELSE street END, bucket,
        count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 3, 4;
INSERT INTO case_counts (county, level, area, bucket, n)
    SELECT county, 6, CASE WHEN grid <> '' THEN grid WHEN community <> '' THEN community
        ELSE street END, bucket, count(*)
    FROM cases WHERE bucket <> 'ended' GROUP BY 1, 3, 4;
