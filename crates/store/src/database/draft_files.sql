-- Files as they were dropped are kept as drafts too: until something of one is changed it is sent byte for byte.
ALTER TABLE draft_making ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
-- JSON, what a return was made of, where it was made from SAF-T files (crates/filing/src/saft/kept.rs).
ALTER TABLE draft_making ADD COLUMN books TEXT;
-- What goes with a draft's return. The files lie in the data folder (crate::attachments::store).
CREATE TABLE draft_attachments (
    draft  TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    id     TEXT NOT NULL,
    place  INTEGER NOT NULL,                   -- 1, 2, 3 … in the order they were added
    name   TEXT NOT NULL,
    size   INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft, id)
) STRICT;
CREATE INDEX drafts_made ON draft_making (made);
