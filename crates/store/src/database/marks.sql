-- What is known of an integration beside its settings. Harmless when run again.
CREATE TABLE IF NOT EXISTS integration_marks (
    environment TEXT NOT NULL,
    id          TEXT NOT NULL,
    chosen      INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),  -- the one that sign-ins go through
    checked_at  TEXT,                   -- when the self-check was run last, ISO 8601, UTC
    to_mend     INTEGER,                -- how many fields it found to mend
    PRIMARY KEY (environment, id)
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS one_chosen_integration ON integration_marks (environment) WHERE chosen = 1;
