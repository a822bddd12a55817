-- Of a call-back that reached nobody: what was noted (nobody answered, cut off …).
ALTER TABLE case_callbacks ADD COLUMN said TEXT NOT NULL DEFAULT '';

-- What was answered before call-backs were listed.
INSERT INTO case_callbacks (county, case_id, tries, next_ms)
    SELECT county, id, 0, answered_ms FROM cases
    WHERE bucket = 'answered' AND answered_ms IS NOT NULL;
