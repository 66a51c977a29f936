-- What the archive is known by: the manifests that this database has written, and what they are sealed with.

CREATE TABLE manifests (
    filing     INTEGER PRIMARY KEY REFERENCES filings (number) ON DELETE CASCADE,
    sha256     TEXT NOT NULL,                       -- of the manifest's bytes
    sealed_by  TEXT                                 -- name of the key, if the folder is sealed
) STRICT;

-- A row says of itself whether it is as it was written: what it is about, where it was delivered, and what is to be paid.
ALTER TABLE filings ADD COLUMN sum TEXT;

-- Rows that were damaged, as far as they can be told, out of everybody's way.
CREATE TABLE set_aside (
    number   INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    what     TEXT NOT NULL,
    content  TEXT NOT NULL                          -- JSON
) STRICT;

-- After the history was lost: the companies whose instances at Altinn have been looked through since, or that a person
-- has said to go on with.
CREATE TABLE settled (
    environment  TEXT NOT NULL,
    org_number   TEXT NOT NULL,
    PRIMARY KEY (environment, org_number)
) STRICT;
