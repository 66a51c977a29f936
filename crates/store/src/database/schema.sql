-- Filings, their journal and what belongs to them. Moments are ISO 8601 in UTC, amounts decimal digits.

CREATE TABLE filings (
    number          INTEGER PRIMARY KEY,            -- in the order they were begun
    id              TEXT NOT NULL UNIQUE,
    environment     TEXT NOT NULL,                  -- practice, test, production: one history each
    org_number      TEXT NOT NULL,
    company_name    TEXT,
    category        TEXT NOT NULL,                  -- meldingskategori
    period_element  TEXT NOT NULL,                  -- e.g. skattleggingsperiodeToMaaneder
    period_value    TEXT NOT NULL,                  -- e.g. mars-april
    period_year     INTEGER NOT NULL,
    assessed_vat    TEXT NOT NULL,
    sha256          TEXT NOT NULL,                  -- of the return as sent
    file_name       TEXT NOT NULL,
    authorization   TEXT NOT NULL,
    filed_by        TEXT NOT NULL,
    correction      INTEGER NOT NULL CHECK (correction IN (0, 1)),
    state           TEXT NOT NULL,
    step            TEXT NOT NULL,                  -- the next step
    delivered       TEXT NOT NULL CHECK (delivered IN ('no', 'yes', 'unknown')),
    instance        TEXT,                           -- {partyId}/{instanceGuid}
    problem         TEXT,                           -- JSON
    begun_at        TEXT NOT NULL,
    delivered_at    TEXT,
    payment_amount  TEXT,
    payment_kid     TEXT,
    payment_account TEXT,
    payment_due     TEXT,
    archive_folder  TEXT,                           -- relative to the archive
    files           TEXT NOT NULL DEFAULT '[]',     -- JSON
    search          TEXT NOT NULL                   -- lower case: company, number, KID, amounts
) STRICT;

-- A period lies open once at a time: two windows, or a window and the command line, cannot both begin it.
CREATE UNIQUE INDEX one_undelivered_filing
    ON filings (environment, org_number, category, period_element, period_value, period_year)
    WHERE delivered <> 'yes' AND state NOT IN ('refused', 'abandoned');

CREATE INDEX filings_of_a_period
    ON filings (environment, org_number, category, period_year, period_element, period_value, number);
CREATE INDEX filings_by_state ON filings (environment, state, number);
-- Everything a search looks at, so that it reads this index and not the table.
CREATE INDEX filings_to_search ON filings (environment, number, state, search);
CREATE UNIQUE INDEX one_filing_an_instance ON filings (environment, instance) WHERE instance IS NOT NULL;

-- Before a remote step its intention, after it its outcome.
CREATE TABLE journal (
    number  INTEGER PRIMARY KEY,
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    at      TEXT NOT NULL,
    step    TEXT NOT NULL,
    entry   TEXT NOT NULL CHECK (entry IN ('intention', 'done', 'refused', 'unknown', 'found')),
    note    TEXT
) STRICT;
CREATE INDEX journal_of_a_filing ON journal (filing, number);

CREATE TABLE timeline (
    number  INTEGER PRIMARY KEY,
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    at      TEXT NOT NULL,
    event   TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_of_a_filing ON timeline (filing, number);

-- What is sent, byte for byte, whatever becomes of the file it came from.
CREATE TABLE documents (
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (filing, name)
) STRICT;

-- Names of companies, as the authority last gave them.
CREATE TABLE companies (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (environment, org_number)
) STRICT;

CREATE TABLE preferences (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;
