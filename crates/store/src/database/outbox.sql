-- A desk at the office register: what is to be told there still, and what was last seen there of the other desks.

ALTER TABLE register_claims ADD COLUMN era INTEGER;     -- the claim that the filing was given last
ALTER TABLE register_claims ADD COLUMN fence INTEGER;
-- a person has looked in Altinn herself at what could not be read
ALTER TABLE register_claims ADD COLUMN looked INTEGER NOT NULL DEFAULT 0 CHECK (looked IN (0, 1));

-- Written with the change itself, taken out when the register has it.
CREATE TABLE register_outbox (
    filing  TEXT PRIMARY KEY,                           -- the filing's key
    change  INTEGER NOT NULL DEFAULT 1,                 -- counts its changes: only what was told is taken out
    refused TEXT                                        -- why the register did not take this change
) STRICT;

-- Filings of other desks as they were last seen.
CREATE TABLE register_filings (
    environment    TEXT NOT NULL,
    id             TEXT NOT NULL,
    org_number     TEXT NOT NULL,
    category       TEXT NOT NULL,
    period_element TEXT NOT NULL,
    period_value   TEXT NOT NULL,
    period_year    INTEGER NOT NULL,
    state          TEXT NOT NULL,
    delivered      TEXT NOT NULL,
    delivered_at   TEXT,
    person         TEXT NOT NULL,
    desk           TEXT NOT NULL,
    changed_at     INTEGER NOT NULL,                    -- by the server's clock, microseconds
    PRIMARY KEY (environment, id)
) STRICT;

CREATE INDEX register_filings_changed ON register_filings (environment, changed_at);
CREATE INDEX register_filings_of_duty ON register_filings (environment, org_number, category, period_year);
