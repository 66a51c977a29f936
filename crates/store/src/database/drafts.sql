-- Returns in the making: what has been typed, and what lies in the wastebasket for thirty days.
CREATE TABLE drafts (
    id          TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,                 -- as typed so far
    draft       TEXT NOT NULL,                 -- JSON, crates/drafts/src/draft.rs
    revision    INTEGER NOT NULL,              -- one more at every change
    created     TEXT NOT NULL,
    changed     TEXT NOT NULL,
    discarded   TEXT,                          -- when it was put in the wastebasket
    filed       INTEGER NOT NULL DEFAULT 0     -- it went there because it was filed
) STRICT;
CREATE INDEX drafts_of_environment ON drafts (environment, discarded);
