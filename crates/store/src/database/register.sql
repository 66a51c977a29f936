-- A desk at the office register: what a person had been shown when she filed, and what the register is to be told yet.

CREATE TABLE register_claims (
    filing  TEXT PRIMARY KEY,                               -- the filing's key
    seen    INTEGER NOT NULL DEFAULT 0,                     -- deliveries of the period that she had been shown
    open    INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1)),  -- to be delivered, and the register not told what became of it
    without INTEGER NOT NULL DEFAULT 0 CHECK (without IN (0, 1)),   -- a person has said to file without the register
    twice   INTEGER NOT NULL DEFAULT 0 CHECK (twice IN (0, 1))  -- others have filed the period meanwhile
) STRICT;
