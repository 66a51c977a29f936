-- Leafing through the history without a search, and filtering it by period, without reading what a search looks at.

CREATE INDEX IF NOT EXISTS filings_in_order ON filings (environment, number);
CREATE INDEX IF NOT EXISTS filings_by_period
    ON filings (environment, period_year, period_element, period_value, number);
