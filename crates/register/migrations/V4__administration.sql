-- What administrators do. Each function asks whether its caller administers; none takes a password, only what a password is
-- verified with, because statements may be logged.

CREATE FUNCTION register.must_administer() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT register.administers()
        AND NOT pg_catalog.pg_has_role(session_user, current_database() || '_owner', 'MEMBER') THEN
        RAISE EXCEPTION 'this is for administrators' USING ERRCODE = 'MB002';
    END IF;
END
$$;

-- Admits a bookkeeper: a role that can sign in, without a right until the policy gives one. Only a role that was made here is
-- ever changed here.
CREATE FUNCTION register.admit(p_role text, p_name text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known boolean := EXISTS (SELECT FROM register.bookkeepers b WHERE b.role = p_role);
BEGIN
    PERFORM register.must_administer();
    IF p_role !~ '^[a-z][a-z0-9_.-]{0,62}$' OR p_role LIKE 'pg\_%' THEN
        RAISE EXCEPTION 'a role has small letters, digits and . _ -, and begins with a letter' USING ERRCODE = 'MB007';
    END IF;
    IF p_verifier !~ '^SCRAM-SHA-256\$[0-9]{4,8}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' THEN
        RAISE EXCEPTION 'only a SCRAM-SHA-256 verifier goes over the wire' USING ERRCODE = 'MB007';
    END IF;
    IF NOT known AND EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = p_role) THEN
        RAISE EXCEPTION 'the server has a role of this name already' USING ERRCODE = 'MB008';
    END IF;
    IF known THEN
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', p_role, p_verifier);
    ELSE
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L CONNECTION LIMIT 16', p_role, p_verifier);
    END IF;
    EXECUTE format('GRANT %I TO %I', current_database() || '_bookkeepers', p_role);
    INSERT INTO register.bookkeepers AS b (role, name) VALUES (p_role, p_name)
    ON CONFLICT (role) DO UPDATE SET name = excluded.name, revoked_at = NULL;
END
$$;

-- Revokes a bookkeeper: she sees nothing from this moment, in sessions that are open as well, and cannot sign in again.
-- What she has done stays hers by name.
CREATE FUNCTION register.revoke(p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    UPDATE register.bookkeepers b SET revoked_at = clock_timestamp(), administers = false
    WHERE b.role = p_role AND b.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
    DELETE FROM register.rights r WHERE r.role = p_role;
    EXECUTE format('ALTER ROLE %I NOLOGIN', p_role);
    EXECUTE format('REVOKE %I FROM %I', current_database() || '_bookkeepers', p_role);
END
$$;

-- Gives exactly these rights: a list of {"permission", "company"}. Who may do something for a company may see it.
CREATE FUNCTION register.set_rights(p_role text, p_rights jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    IF NOT EXISTS (SELECT FROM register.bookkeepers b WHERE b.role = p_role AND b.revoked_at IS NULL) THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
    DELETE FROM register.rights r WHERE r.role = p_role AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(p_rights) g (entry)
        WHERE g.entry ->> 'company' = r.company AND r.permission IN (g.entry ->> 'permission', 'see')
    );
    INSERT INTO register.rights (role, permission, company)
        SELECT DISTINCT p_role, p.permission, g.entry ->> 'company'
        FROM jsonb_array_elements(p_rights) g (entry),
            LATERAL (VALUES (g.entry ->> 'permission'), ('see')) p (permission)
        ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION register.set_administers(p_role text, p_administers boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    UPDATE register.bookkeepers b SET administers = p_administers WHERE b.role = p_role AND b.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
END
$$;

-- The firm's policy, a version up.
CREATE FUNCTION register.set_policy(p_version integer, p_content jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    IF p_version <= (SELECT coalesce(max(p.version), 0) FROM register.policy p) THEN
        RAISE EXCEPTION 'a policy of this version or a later one is there' USING ERRCODE = 'MB003';
    END IF;
    INSERT INTO register.policy (version, content) VALUES (p_version, p_content);
END
$$;

-- Said after a backup has been restored into the same cluster, where nothing else shows it: a new era begins.
CREATE FUNCTION register.restored() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    INSERT INTO register.restores DEFAULT VALUES;
    PERFORM register.era();
END
$$;

-- Who is away until when, and who stands in for her: her own word, or an administrator's.
CREATE FUNCTION register.set_away(p_role text, p_until date, p_stand_in text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_be_admitted();
    IF p_role <> session_user THEN
        PERFORM register.must_administer();
    END IF;
    UPDATE register.bookkeepers b SET away_until = p_until, stand_in = p_stand_in
    WHERE b.role = p_role AND b.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such bookkeeper' USING ERRCODE = 'MB009';
    END IF;
END
$$;

-- What of the register does not hold together; nothing is the answer that is hoped for.
CREATE FUNCTION register.check_up(OUT complaint text, OUT of text) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_administer();
    RETURN QUERY
        SELECT 'sum', encode(d.sha256, 'hex') FROM register.documents d WHERE d.sha256 <> sha256(d.bytes);
    RETURN QUERY
        SELECT 'unreferenced', encode(d.sha256, 'hex') FROM register.documents d
        WHERE NOT EXISTS (SELECT FROM register.manifests m WHERE m.sha256 = d.sha256);
    RETURN QUERY
        SELECT 'company', m.filing FROM register.manifests m JOIN register.filings f
            ON f.environment = m.environment AND f.id = m.filing
        WHERE f.org_number <> m.org_number;
    RETURN QUERY
        SELECT 'undelivered', f.id FROM register.filings f
        WHERE f.delivered = 'yes' AND f.instance IS NOT NULL AND f.fence IS NOT NULL AND NOT EXISTS (
            SELECT FROM register.deliveries d WHERE d.environment = f.environment AND d.instance = f.instance);
    RETURN QUERY
        SELECT 'role', b.role FROM register.bookkeepers b
        WHERE b.revoked_at IS NULL
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = b.role AND r.rolcanlogin);
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.admit(text, text, text), register.revoke(text), '
        'register.set_rights(text, jsonb), register.set_administers(text, boolean), '
        'register.set_policy(integer, jsonb), register.restored(), register.set_away(text, date, text), '
        'register.check_up() TO %I', current_database() || '_bookkeepers');
END
$$;

UPDATE register.format SET version = 4, oldest = 4;
