-- Who works at the office and who is responsible for which company, as the office register said last.

CREATE TABLE register_colleagues (
    role       TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    away_until TEXT,                                        -- the last day
    stand_in   TEXT,                                        -- the role of who stands in for her meanwhile
    me         INTEGER NOT NULL CHECK (me IN (0, 1))        -- whose desk this is
) STRICT;

CREATE TABLE register_responsibles (
    org_number TEXT PRIMARY KEY,
    role       TEXT NOT NULL
) STRICT;
