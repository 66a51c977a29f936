-- Integrations, authorizations and their sealed secrets. Part of the database's first migration; harmless when run again.

CREATE TABLE IF NOT EXISTS integrations (
    environment TEXT NOT NULL,          -- practice, test, production
    id          TEXT NOT NULL,
    settings    TEXT NOT NULL,          -- JSON, without secrets
    PRIMARY KEY (environment, id)
) STRICT;

CREATE TABLE IF NOT EXISTS authorizations (
    id           TEXT PRIMARY KEY,      -- random; says nothing of the person
    environment  TEXT NOT NULL,
    integration  TEXT NOT NULL,
    person_salt  BLOB NOT NULL,
    person       BLOB NOT NULL,         -- SHA-256 of salt and pairwise sub
    name         TEXT,
    masked_id    TEXT,
    scopes       TEXT NOT NULL,         -- granted, separated by spaces
    granted_at   TEXT NOT NULL,         -- ISO 8601, UTC
    ends_at      TEXT NOT NULL,
    current      INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1))
) STRICT;

-- One person is signed in at a time, in each environment.
CREATE UNIQUE INDEX IF NOT EXISTS one_current_authorization ON authorizations (environment) WHERE current = 1;

CREATE TABLE IF NOT EXISTS secrets (
    purpose   TEXT NOT NULL,
    id        TEXT NOT NULL,
    sealed    BLOB NOT NULL,            -- version, nonce, XChaCha20-Poly1305 ciphertext
    stored_at TEXT NOT NULL,
    PRIMARY KEY (purpose, id)
) STRICT;
