-- How companies stand in Enhetsregisteret, as it said when it was asked last.
CREATE TABLE standings (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    standing    TEXT NOT NULL,
    asked       TEXT NOT NULL,
    PRIMARY KEY (environment, org_number)
) STRICT;
