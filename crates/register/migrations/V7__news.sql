-- What others have filed is looked up by company where a bookkeeper sees some of them only.

-- The companies of a role, then what is not too old, then what is new: all of it in the index.
CREATE INDEX filings_changed_of ON register.filings (org_number, environment, period_to, changed_at, id);

-- Filings of other desks that have changed after a moment and, of that moment, after a key; the first first. Row-level security
-- holds within: what the role may see is said once more in a form that an index is found for. The plan is made for the role's own
-- companies, because for all of them another index is the right one.
CREATE FUNCTION register.changed_filings(p_environment text, p_after timestamptz, p_after_id text, p_of date, p_desk uuid,
    p_most bigint)
RETURNS TABLE (org_number text, category text, period_from date, period_to date, id text, state text, delivered text,
    delivered_at timestamptz, name text, desk text, changed_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    hers text[] := register.companies_of('see');
BEGIN
    RETURN QUERY
        SELECT f.org_number::text, f.category::text, f.period_from, f.period_to, f.id, f.state, f.delivered, f.delivered_at,
            CASE WHEN f.fence IS NULL THEN coalesce(f.filed_by, b.name) ELSE b.name END, k.name, f.changed_at
        FROM register.filings f
        LEFT JOIN register.bookkeepers b ON b.role = f.role
        LEFT JOIN register.desks k ON k.id = f.desk
        WHERE f.environment = p_environment AND (f.changed_at, f.id) > (p_after, p_after_id) AND f.period_to >= p_of
            AND f.desk <> p_desk AND (hers IS NULL OR f.org_number = ANY (hers))
        ORDER BY f.changed_at, f.id LIMIT p_most;
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.changed_filings(text, timestamptz, text, date, uuid, bigint) TO %I',
        current_database() || '_bookkeepers');
END
$$;

UPDATE register.format SET version = 7, oldest = 4;
