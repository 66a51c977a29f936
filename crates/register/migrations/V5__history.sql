-- What a desk had filed before it moved in, so that nobody files it again.

-- Who filed it, as her own desk calls her: before a desk has moved in that is another than whose role it is.
ALTER TABLE register.filings ADD COLUMN filed_by text CHECK (length(filed_by) <= 200);

-- A filing of a desk's own history. What is there already stays as it is. `busy`: another desk has the period at this moment;
-- the same is asked again when it has ended.
CREATE FUNCTION register.bring_filing(p_filing jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f register.filings := jsonb_populate_record(NULL::register.filings, p_filing);
    was register.filings;
    c register.claims;
BEGIN
    PERFORM register.must_have('file', f.org_number);
    f.role := session_user;
    f.desk := register.desk();
    IF f.desk IS NULL THEN
        RAISE EXCEPTION 'the session has not said which desk it is' USING ERRCODE = 'MB006';
    END IF;
    -- Whoever asks for the period at this moment comes before or after: the claim is there for both of them, and free.
    INSERT INTO register.claims (environment, org_number, category, period_from, period_to, era, fence, phase, desk,
        filing, role, lease_until)
    SELECT f.environment, f.org_number, f.category, f.period_from, f.period_to, e.era, 0, 'free', f.desk, f.id,
        session_user, clock_timestamp()
    FROM register.era() e ON CONFLICT DO NOTHING;
    SELECT k.* INTO c FROM register.claims k
    WHERE k.environment = f.environment AND k.org_number = f.org_number AND k.category = f.category
        AND k.period_from = f.period_from AND k.period_to = f.period_to
    FOR UPDATE;
    SELECT k.* INTO was FROM register.filings k WHERE k.environment = f.environment AND k.id = f.id FOR UPDATE;
    IF was.id IS NOT NULL AND (was.org_number, was.category, was.period_from, was.period_to)
        <> (f.org_number, f.category, f.period_from, f.period_to) THEN
        RETURN 'other';
    END IF;
    IF f.delivered = 'yes' AND f.instance IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.deliveries d WHERE d.environment = f.environment AND d.org_number = f.org_number
            AND d.category = f.category AND d.period_from = f.period_from AND d.period_to = f.period_to
            AND d.instance = f.instance) THEN
        -- A desk that files has been told what was delivered before it began: that does not change under it.
        IF c.phase <> 'free' AND c.filing <> f.id THEN
            RETURN 'busy';
        END IF;
        INSERT INTO register.deliveries (environment, org_number, category, period_from, period_to, instance, filing, role,
            desk, at)
        VALUES (f.environment, f.org_number, f.category, f.period_from, f.period_to, f.instance, f.id, session_user,
            f.desk, coalesce(f.delivered_at, f.began_at));
    END IF;
    IF was.id IS NOT NULL THEN
        RETURN CASE WHEN was.desk = f.desk OR (was.state, was.delivered) = (f.state, f.delivered) THEN 'there' ELSE 'other' END;
    END IF;
    f.era := NULL;
    f.fence := NULL;
    f.timeline := coalesce(f.timeline, '[]');
    f.is_correction := coalesce(f.is_correction, false);
    f.changed_at := clock_timestamp();
    INSERT INTO register.filings SELECT f.*;
    RETURN 'done';
END
$$;

CREATE TRIGGER without_national_ids_of_desks BEFORE INSERT OR UPDATE ON register.desks
    FOR EACH ROW EXECUTE FUNCTION register.without_national_ids();

DO $$
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.bring_filing(jsonb) TO %I', current_database() || '_bookkeepers');
END
$$;

UPDATE register.format SET version = 5, oldest = 4;
