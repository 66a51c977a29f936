-- What desks do is told while they do it, and seen by the others.

-- What is being filed at this moment, whatever has been filed in all the years before.
CREATE INDEX claims_held ON register.claims (environment) WHERE phase <> 'free';
-- What has changed since somebody looked last.
CREATE INDEX filings_changed ON register.filings (environment, changed_at, id);

-- A filing as its desk has it. Who holds the period's claim writes; when nobody does, the desk whose filing it is, which
-- tells what became of it. A desk that has been followed changes nothing of what its follower has written. The same once more is
-- no change. Who may file for a company may name it.
CREATE OR REPLACE FUNCTION register.save_filing(p_filing jsonb, p_era bigint, p_fence bigint) RETURNS text
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
    SELECT k.* INTO c FROM register.claims k
    WHERE k.environment = f.environment AND k.org_number = f.org_number AND k.category = f.category
        AND k.period_from = f.period_from AND k.period_to = f.period_to
    FOR SHARE;
    SELECT k.* INTO was FROM register.filings k WHERE k.environment = f.environment AND k.id = f.id FOR UPDATE;
    IF was.id IS NOT NULL AND (was.org_number, was.category, was.period_from, was.period_to)
        <> (f.org_number, f.category, f.period_from, f.period_to) THEN
        RAISE EXCEPTION 'a filing stays of its company and period' USING ERRCODE = 'MB003';
    END IF;
    -- A number lower than the one it was last written under is a desk's that has been followed.
    IF c.era IS NOT NULL AND (p_era, p_fence) IS DISTINCT FROM (c.era, c.fence)
        AND (c.phase <> 'free' OR c.filing = f.id)
        AND (c.filing = f.id OR was.desk IS DISTINCT FROM f.desk)
        -- What a desk brought along, or has told before it was given its claim, is its own.
        AND NOT (c.filing = f.id AND c.desk = f.desk AND c.phase = 'free') THEN
        RETURN 'stale';
    END IF;
    IF was.id IS NOT NULL AND was.desk <> f.desk AND (p_era, p_fence) IS DISTINCT FROM (c.era, c.fence) THEN
        RETURN 'stale';
    END IF;
    -- What was delivered stays delivered.
    IF was.delivered = 'yes' AND f.delivered <> 'yes' THEN
        RETURN 'stale';
    END IF;
    f.era := p_era;
    f.fence := p_fence;
    f.timeline := coalesce(f.timeline, '[]');
    f.is_correction := coalesce(f.is_correction, false);
    f.changed_at := clock_timestamp();
    IF was.id IS NOT NULL AND to_jsonb(was) - ARRAY['changed_at'] = to_jsonb(f) - ARRAY['changed_at'] THEN
        RETURN 'done';
    END IF;
    IF p_filing ->> 'company_name' <> '' THEN
        INSERT INTO register.companies (org_number, name) VALUES (f.org_number, left(p_filing ->> 'company_name', 300))
        ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO register.filings SELECT f.*
    ON CONFLICT (environment, id) DO UPDATE SET
        state = excluded.state, delivered = excluded.delivered, is_correction = excluded.is_correction,
        verdict = excluded.verdict, instance = excluded.instance, sum = excluded.sum,
        return_sha256 = excluded.return_sha256, timeline = excluded.timeline, payment = excluded.payment,
        role = excluded.role, desk = excluded.desk, era = excluded.era, fence = excluded.fence,
        changed_at = excluded.changed_at, delivered_at = excluded.delivered_at, filed_by = excluded.filed_by;
    RETURN 'done';
END
$$;

UPDATE register.format SET version = 6, oldest = 4;
