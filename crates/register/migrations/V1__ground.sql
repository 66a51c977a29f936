-- The ground of the register: eras of the server, bookkeepers and their rights, desks, and the record of every change.
--
-- Everything lies in the schema `register`, made by `register create`, and belongs to the role `DATABASE_owner`, as whom
-- migrations run. Bookkeepers are in the role `DATABASE_bookkeepers`. Every SECURITY DEFINER function has a fixed
-- search_path and names everything with its schema.

-- Everybody may call a new function otherwise; of a schema alone that cannot be taken back.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE DOMAIN register.org_number AS text CHECK (VALUE ~ '^[0-9]{9}$');
CREATE DOMAIN register.environment AS text CHECK (VALUE IN ('practice', 'test', 'production'));
CREATE DOMAIN register.category AS text CHECK (VALUE ~ '^[a-zA-Z]{1,40}$');

-- Which version the schema has, and the oldest version whose programs may still use it.
CREATE TABLE register.format (
    version integer NOT NULL,
    oldest integer NOT NULL,
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
);
INSERT INTO register.format (version, oldest) VALUES (1, 1);

-- An era ends where the server may have lost what was written last: at a promotion (another timeline), in another cluster
-- (another system identifier), or when an administrator says that a backup was restored. The number is drawn, not counted:
-- a counted one could be given twice when the row that counted is lost itself.
CREATE TABLE register.eras (
    era bigint PRIMARY KEY DEFAULT ('x' || substr(md5(gen_random_uuid()::text), 1, 15))::bit(60)::bigint,
    server text NOT NULL UNIQUE,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE register.restores (
    at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
    by text NOT NULL DEFAULT session_user
);

CREATE FUNCTION register.server() RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system())
        || '/' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)
        || '/' || (SELECT count(*)::text FROM register.restores)
$$;

CREATE FUNCTION register.era(OUT era bigint, OUT is_first boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    here text := register.server();
BEGIN
    SELECT e.era INTO era FROM register.eras e WHERE e.server = here;
    IF era IS NULL THEN
        INSERT INTO register.eras (server) VALUES (here) ON CONFLICT (server) DO NOTHING;
        SELECT e.era INTO era FROM register.eras e WHERE e.server = here;
    END IF;
    is_first := (SELECT count(*) = 1 FROM (SELECT FROM register.eras LIMIT 2) two);
END
$$;

CREATE TABLE register.bookkeepers (
    role text PRIMARY KEY CHECK (role ~ '^[a-z][a-z0-9_.-]{0,62}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    administers boolean NOT NULL DEFAULT false,
    stand_in text REFERENCES register.bookkeepers,
    away_until date,
    admitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at timestamptz
);

-- Who may do what for whom, as the firm's policy says (docs/work-policy.md).
CREATE TABLE register.rights (
    role text NOT NULL REFERENCES register.bookkeepers,
    permission text NOT NULL CHECK (permission IN ('see', 'check', 'prepare', 'file')),
    company text NOT NULL CHECK (company = 'all' OR company ~ '^[0-9]{9}$'),
    PRIMARY KEY (role, permission, company)
);

CREATE TABLE register.policy (
    version integer PRIMARY KEY,
    content jsonb NOT NULL,
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE register.desks (
    id uuid PRIMARY KEY,
    role text NOT NULL REFERENCES register.bookkeepers,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    program text NOT NULL CHECK (length(program) <= 40),
    first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who asks. `session_user` is who has signed in, also within a SECURITY DEFINER function, and nobody changes her own.

CREATE FUNCTION register.is_admitted() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM register.bookkeepers b WHERE b.role = session_user AND b.revoked_at IS NULL)
$$;

CREATE FUNCTION register.administers() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM register.bookkeepers b WHERE b.role = session_user AND b.revoked_at IS NULL AND b.administers
    )
$$;

CREATE FUNCTION register.may(p_permission text, p_company text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT register.is_admitted() AND EXISTS (
        SELECT FROM register.rights r
        WHERE r.role = session_user AND r.permission = p_permission AND r.company IN ('all', p_company)
    )
$$;

-- The companies of a permission; NULL is all of them. Asked once a statement, not once a row.
CREATE FUNCTION register.companies_of(p_permission text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN NOT register.is_admitted() THEN '{}'
        WHEN bool_or(r.company = 'all') THEN NULL
        ELSE coalesce(array_agg(r.company), '{}')
    END
    FROM register.rights r WHERE r.role = session_user AND r.permission = p_permission
$$;

-- The desk that the session says it is, if that is one of hers.
CREATE FUNCTION register.desk() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.id FROM register.desks d
    WHERE d.id::text = current_setting('momsbud.desk', true) AND d.role = session_user
$$;

CREATE FUNCTION register.must_be_admitted() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT register.is_admitted() THEN
        RAISE EXCEPTION 'this role is not admitted to the register' USING ERRCODE = 'MB001';
    END IF;
END
$$;

CREATE FUNCTION register.must_have(p_permission text, p_company text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_be_admitted();
    IF NOT register.may(p_permission, p_company) THEN
        RAISE EXCEPTION 'the policy does not permit % for this company', p_permission USING ERRCODE = 'MB002';
    END IF;
END
$$;

-- Every change: who, when, from which desk, what was there and what is.
CREATE TABLE register.audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    role text NOT NULL DEFAULT session_user,
    desk uuid,
    what text NOT NULL,
    of text NOT NULL,
    org_number text,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_of_company ON register.audit (org_number, number);

CREATE FUNCTION register.keeps() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'MB003';
END
$$;

CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON register.audit
    FOR EACH STATEMENT EXECUTE FUNCTION register.keeps();

-- Writes the change down and tells whoever listens which table has changed; who may read it reads it. Nothing of what has
-- changed goes with the notification: any role of the database may listen.
CREATE FUNCTION register.audited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'bytes' END;
    is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'bytes' END;
BEGIN
    -- A lease that is renewed and a desk that is seen again are no changes.
    IF was - 'lease_until' - 'last_seen' IS DISTINCT FROM is_now - 'lease_until' - 'last_seen' THEN
        INSERT INTO register.audit (desk, what, of, org_number, before, after)
        VALUES (register.desk(), lower(TG_OP), TG_TABLE_NAME, coalesce(is_now, was) ->> 'org_number', was, is_now);
        PERFORM pg_notify('momsbud_register', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END
$$;

-- Eleven digits that are somebody's national id (a date, two check digits): never shared.
CREATE FUNCTION register.has_national_id(p_text text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    candidate text;
    digit integer[];
    first integer;
    second integer;
BEGIN
    FOR candidate IN
        SELECT m[1] FROM regexp_matches(regexp_replace(p_text, '(\d{6})[  ](\d{5})', '\1\2', 'g'),
                                        '(?<![0-9])([0-9]{11})(?![0-9])', 'g') m
    LOOP
        digit := string_to_array(candidate, NULL)::integer[];
        first := (3*digit[1] + 7*digit[2] + 6*digit[3] + digit[4] + 8*digit[5] + 9*digit[6] + 4*digit[7] + 5*digit[8]
            + 2*digit[9] + digit[10]) % 11;
        second := (5*digit[1] + 4*digit[2] + 3*digit[3] + 2*digit[4] + 7*digit[5] + 6*digit[6] + 5*digit[7]
            + 4*digit[8] + 3*digit[9] + 2*digit[10] + digit[11]) % 11;
        -- D numbers add 40 to the day, synthetic persons 40 or 80 to the month.
        IF first = 0 AND second = 0
            AND (10*digit[1] + digit[2]) % 40 BETWEEN 1 AND 31
            AND (10*digit[3] + digit[4]) % 40 BETWEEN 1 AND 12 THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;

CREATE FUNCTION register.without_national_ids() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Only what is text for people: account numbers, identifiers and sums can look the same.
    IF register.has_national_id((to_jsonb(NEW)
        - ARRAY['payment', 'id', 'desk', 'return_sha256', 'instance', 'sum', 'role', 'by'])::text) THEN
        RAISE EXCEPTION 'a national id does not go into the register' USING ERRCODE = 'MB004';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.bookkeepers
    FOR EACH ROW EXECUTE FUNCTION register.audited();
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.rights
    FOR EACH ROW EXECUTE FUNCTION register.audited();
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.policy
    FOR EACH ROW EXECUTE FUNCTION register.audited();
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.desks
    FOR EACH ROW EXECUTE FUNCTION register.audited();

-- A desk says who it is once a session, and is known by that from then on.
CREATE FUNCTION register.come_in(p_desk uuid, p_name text, p_program text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.must_be_admitted();
    INSERT INTO register.desks AS d (id, role, name, program) VALUES (p_desk, session_user, p_name, p_program)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, program = excluded.program, last_seen = clock_timestamp()
        WHERE d.role = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this desk belongs to another bookkeeper' USING ERRCODE = 'MB005';
    END IF;
END
$$;

ALTER TABLE register.eras ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.restores ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.bookkeepers ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.rights ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.desks ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.audit ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen ON register.bookkeepers FOR SELECT USING ((SELECT register.is_admitted()));
CREATE POLICY seen ON register.desks FOR SELECT USING ((SELECT register.is_admitted()));
CREATE POLICY seen ON register.policy FOR SELECT USING ((SELECT register.is_admitted()));
CREATE POLICY seen ON register.rights FOR SELECT
    USING ((role = session_user AND (SELECT register.is_admitted())) OR (SELECT register.administers()));
CREATE POLICY seen ON register.audit FOR SELECT USING (
    (SELECT register.administers())
    OR (org_number IS NOT NULL
        AND ((SELECT register.companies_of('see')) IS NULL OR org_number = ANY ((SELECT register.companies_of('see'))::text[])))
);

-- Whoever holds a right of no kind reads no table and calls no function.
REVOKE ALL ON ALL TABLES IN SCHEMA register FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA register FROM PUBLIC;

DO $$
DECLARE
    them text := current_database() || '_bookkeepers';
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA register TO %I', them);
    EXECUTE format('GRANT SELECT ON register.format, register.bookkeepers, register.rights, register.policy, register.desks, '
        'register.audit TO %I', them);
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.is_admitted(), register.administers(), '
        'register.may(text, text), register.companies_of(text), register.desk(), '
        'register.come_in(uuid, text, text) TO %I', them);
END
$$;

INSERT INTO register.eras (server) VALUES (register.server());
