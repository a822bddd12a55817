-- Applications for services: how often the applicant was asked for more papers, which a
-- scene may allow once.

ALTER TABLE cases ADD COLUMN supplements BIGINT NOT NULL DEFAULT 0;
