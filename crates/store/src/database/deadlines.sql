-- Which periods a company files, and what has been said about them.

CREATE TABLE duties (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    category    TEXT NOT NULL,              -- meldingskategori
    kind        TEXT NOT NULL,              -- e.g. skattleggingsperiodeToMaaneder
    first_day   TEXT NOT NULL,              -- of the first period that is followed
    learnt_to   TEXT NOT NULL,              -- first day of the newest period that the kind was learnt from
    chosen      INTEGER NOT NULL CHECK (chosen IN (0, 1)),   -- by the user; nothing is learnt over it
    followed    INTEGER NOT NULL CHECK (followed IN (0, 1)),
    PRIMARY KEY (environment, org_number, category)
) STRICT;

-- Companies without reminders.
CREATE TABLE muted (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    PRIMARY KEY (environment, org_number)
) STRICT;

-- Each reminder once: what was told, or passed over because a later one of the same subject was told with it.
CREATE TABLE reminders (
    environment TEXT NOT NULL,
    subject     TEXT NOT NULL,
    occasion    TEXT NOT NULL,
    due_at      TEXT NOT NULL,
    told_at     TEXT NOT NULL,
    passed_over INTEGER NOT NULL CHECK (passed_over IN (0, 1)),
    PRIMARY KEY (environment, subject, occasion)
) STRICT;

-- What is on display, by the subject that replaces itself.
CREATE TABLE notices (
    environment   TEXT NOT NULL,
    notice        TEXT NOT NULL,
    at            TEXT NOT NULL,
    snoozed_until TEXT,
    dismissed     INTEGER NOT NULL DEFAULT 0 CHECK (dismissed IN (0, 1)),
    PRIMARY KEY (environment, notice)
) STRICT;

-- When reminders were last looked after: how long the program has been away.
CREATE TABLE reminder_watch (
    environment TEXT PRIMARY KEY,
    last_at     TEXT NOT NULL
) STRICT;

-- What reminders ask of the history, however long it is.
CREATE INDEX filings_by_due ON filings (environment, payment_due) WHERE payment_due IS NOT NULL;
CREATE INDEX filings_by_delivery ON filings (environment, delivered_at) WHERE delivered_at IS NOT NULL;
