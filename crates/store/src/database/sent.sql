-- The history stands in the order that its column says: when a return was delivered, or, until it is, when it was begun.
-- The number settles which of two of the same moment comes first.

DROP INDEX filings_in_order;
DROP INDEX filings_by_period;
DROP INDEX filings_by_state;
DROP INDEX filings_to_search;
CREATE INDEX filings_in_order ON filings (environment, COALESCE(delivered_at, begun_at), number);
CREATE INDEX filings_by_period
    ON filings (environment, period_year, period_element, period_value, COALESCE(delivered_at, begun_at), number);
CREATE INDEX filings_by_state ON filings (environment, state, COALESCE(delivered_at, begun_at), number);
CREATE INDEX filings_to_search ON filings (environment, COALESCE(delivered_at, begun_at), number, state, search);
