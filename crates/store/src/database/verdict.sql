-- What Skatteetaten thinks of a delivered return, read from its valideringsresultat, and the label it has put on it (JSON:
-- label and description). NULL until that has been read; filings of before are looked at once more at the start.

ALTER TABLE filings ADD COLUMN verdict TEXT;
ALTER TABLE filings ADD COLUMN substatus TEXT;
