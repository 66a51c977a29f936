-- What goes with a filing's return. The files lie in the data folder (crate::attachments::store) until the archive has
-- them.

CREATE TABLE attachments (
    filing        INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    place         INTEGER NOT NULL,                 -- 1, 2, 3 … in the order they are sent
    name          TEXT NOT NULL,
    content_type  TEXT NOT NULL,
    size          INTEGER NOT NULL,                 -- bytes
    sha256        TEXT NOT NULL,
    element       TEXT,                             -- the data element at Altinn, once it is there
    PRIMARY KEY (filing, place)
) STRICT;

-- Who signed, when that was another than the one who filled in.
ALTER TABLE filings ADD COLUMN signed_by TEXT;
