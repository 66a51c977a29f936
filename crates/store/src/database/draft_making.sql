-- What belongs to a draft beside what is typed: the file it mends, and the return that was made of it last.
CREATE TABLE draft_making (
    draft         TEXT NOT NULL PRIMARY KEY REFERENCES drafts (id) ON DELETE CASCADE,
    original      BLOB,                    -- the file as it was dropped, byte for byte
    changes       TEXT,                    -- JSON, what was mended of it
    made          TEXT,                    -- SHA-256 of the return that was made of it last
    made_revision INTEGER                  -- and which revision of the draft that was
) STRICT;
-- What the columns of a spreadsheet were said to be, by the names of its columns.
CREATE TABLE sheet_layouts (
    columns TEXT NOT NULL PRIMARY KEY,     -- JSON, each column's number and name
    layout  TEXT NOT NULL                  -- JSON, crates/drafts/src/sheet/columns.rs
) STRICT;
