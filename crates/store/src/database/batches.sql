-- Batches: many returns filed in one go. The filings carry their own state; a batch is which belong together, and whether
-- the rest of it is still wanted.
CREATE TABLE batches (
    number          INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    environment     TEXT NOT NULL,
    authorization   TEXT NOT NULL,
    filed_by        TEXT NOT NULL,
    started_at      TEXT NOT NULL,
    closed          INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
) STRICT;

CREATE TABLE batch_filings (
    batch   INTEGER NOT NULL REFERENCES batches (number) ON DELETE CASCADE,
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    PRIMARY KEY (batch, filing)
) STRICT;
CREATE INDEX batch_of_a_filing ON batch_filings (filing);
