-- Answers about SAF-T files, by company and accounting system: a code, an account, a rule. No names of customers.
CREATE TABLE books_answers (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    system      TEXT NOT NULL,                 -- what the file calls the accounting system
    question    TEXT NOT NULL,                 -- e.g. unmapped_code:V9
    period      TEXT NOT NULL,                 -- e.g. 2026-2; empty for every period
    answer      TEXT NOT NULL,
    at          TEXT NOT NULL,
    PRIMARY KEY (environment, org_number, system, question, period)
) STRICT;
