-- Who is responsible for whom is handed over in one piece, and who stands in for whom is somebody who is there.

-- Hands companies (a list of `org_number` and `name`) over to one bookkeeper, or to nobody: all of them or none. Whoever was
-- responsible before is no more.
CREATE FUNCTION register.hand_over(p_companies jsonb, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hers text[] := register.companies_of('prepare');
    numbers text[] := ARRAY(SELECT DISTINCT c.entry ->> 'org_number' FROM jsonb_array_elements(p_companies) c (entry));
BEGIN
    PERFORM register.must_be_admitted();
    IF p_role IS NOT NULL
        AND NOT EXISTS (SELECT FROM register.bookkeepers b WHERE b.role = p_role AND b.revoked_at IS NULL) THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
    IF hers IS NOT NULL AND NOT numbers <@ hers THEN
        RAISE EXCEPTION 'the policy does not permit prepare for every one of these companies' USING ERRCODE = 'MB002';
    END IF;
    IF EXISTS (SELECT FROM unnest(numbers) n (number) WHERE p_role IS NOT NULL AND NOT EXISTS (
        SELECT FROM register.rights r
        WHERE r.role = p_role AND r.permission = 'see' AND r.company IN ('all', n.number))) THEN
        RAISE EXCEPTION 'she may not see every one of these companies' USING ERRCODE = 'MB010';
    END IF;
    -- In one order, so that two who hand over the same companies wait for each other.
    INSERT INTO register.companies (org_number, name)
    SELECT DISTINCT ON (1) c.entry ->> 'org_number',
        left(coalesce(nullif(c.entry ->> 'name', ''), c.entry ->> 'org_number'), 300)
    FROM jsonb_array_elements(p_companies) c (entry) ORDER BY 1
    ON CONFLICT DO NOTHING;
    -- Whoever comes at the same moment comes before or after: one is responsible then, not both.
    PERFORM FROM register.companies k WHERE k.org_number = ANY (numbers) ORDER BY k.org_number FOR UPDATE;
    DELETE FROM register.responsibles r WHERE r.org_number = ANY (numbers) AND r.role IS DISTINCT FROM p_role;
    INSERT INTO register.responsibles AS r (org_number, role)
    SELECT n.number, p_role FROM unnest(numbers) n (number) WHERE p_role IS NOT NULL
    ON CONFLICT (org_number, role) DO UPDATE SET until = NULL WHERE r.until IS NOT NULL;
END
$$;

-- Who is away until when, and who stands in for her: her own word, or an administrator's.
CREATE OR REPLACE FUNCTION register.set_away(p_role text, p_until date, p_stand_in text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_be_admitted();
    IF p_role <> session_user THEN
        PERFORM register.must_administer();
    END IF;
    IF p_stand_in IS NOT NULL AND (p_stand_in = p_role OR NOT EXISTS (
        SELECT FROM register.bookkeepers b WHERE b.role = p_stand_in AND b.revoked_at IS NULL)) THEN
        RAISE EXCEPTION 'no such bookkeeper to stand in' USING ERRCODE = 'MB009';
    END IF;
    UPDATE register.bookkeepers b
    SET away_until = p_until, stand_in = CASE WHEN p_until IS NOT NULL THEN p_stand_in END
    WHERE b.role = p_role AND b.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
END
$$;

DO $$
DECLARE
    them text := current_database() || '_bookkeepers';
BEGIN
    -- By hand nobody makes somebody responsible whom the function refuses.
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON register.responsibles FROM %I', them);
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.hand_over(jsonb, text) TO %I', them);
END
$$;

UPDATE register.format SET version = 9, oldest = 4;
