-- Who is shielded: few of many, listed for who looks after them.

CREATE INDEX people_shielded ON people (county, id) WHERE shielded = 1;
