-- Periods for which nothing will be delivered here, each with the reason that a person gave: they are late no longer.
CREATE TABLE put_aside (
    environment    TEXT NOT NULL,
    org_number     TEXT NOT NULL,
    category       TEXT NOT NULL,              -- meldingskategori
    period_element TEXT NOT NULL,              -- e.g. skattleggingsperiodeToMaaneder
    period_value   TEXT NOT NULL,              -- e.g. mars-april
    period_year    INTEGER NOT NULL,
    reason         TEXT NOT NULL,
    at             TEXT NOT NULL,
    PRIMARY KEY (environment, org_number, category, period_element, period_value, period_year)
) STRICT;
