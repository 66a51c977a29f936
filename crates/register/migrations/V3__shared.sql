-- What the desks share. Every table with a company is behind row-level security: seen by who may see the company, changed by
-- who may do that for it. Filings and documents are written through functions, which know claims and sums.

CREATE TABLE register.companies (
    org_number register.org_number PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    name_is_typed boolean NOT NULL DEFAULT false,
    added_by text NOT NULL DEFAULT session_user,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE register.duties (
    environment register.environment NOT NULL,
    org_number register.org_number NOT NULL REFERENCES register.companies,
    category register.category NOT NULL,
    term text NOT NULL CHECK (term ~ '^[a-zA-Z]{1,40}$'),
    since date NOT NULL,
    until date CHECK (until >= since),
    PRIMARY KEY (environment, org_number, category, since)
);

-- Who is responsible for a company. Several may be; the one who was first is told first.
CREATE TABLE register.responsibles (
    org_number register.org_number NOT NULL REFERENCES register.companies,
    role text NOT NULL REFERENCES register.bookkeepers,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    until date,
    PRIMARY KEY (org_number, role)
);
CREATE INDEX responsibles_of_role ON register.responsibles (role);

CREATE TABLE register.filings (
    environment register.environment NOT NULL,
    id text NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
    org_number register.org_number NOT NULL,
    category register.category NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    state text NOT NULL CHECK (state ~ '^[a-zA-Z_]{1,40}$'),
    delivered text NOT NULL CHECK (delivered IN ('no', 'unknown', 'yes')),
    is_correction boolean NOT NULL DEFAULT false,
    verdict text,
    instance text,
    sum numeric(18, 2),
    return_sha256 bytea CHECK (octet_length(return_sha256) = 32),
    timeline jsonb NOT NULL DEFAULT '[]',
    payment jsonb,
    role text NOT NULL REFERENCES register.bookkeepers,
    desk uuid NOT NULL REFERENCES register.desks,
    -- The claim under which it was last written; none where it was filed without the register.
    era bigint,
    fence bigint,
    began_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at timestamptz,
    PRIMARY KEY (environment, id)
);
CREATE INDEX filings_newest ON register.filings (environment, began_at DESC, id);
CREATE INDEX filings_of_period ON register.filings (org_number, environment, period_from DESC, category);
CREATE INDEX filings_open ON register.filings (environment, changed_at)
    WHERE state NOT IN ('received', 'refused', 'abandoned');

CREATE TABLE register.drafts (
    id uuid PRIMARY KEY,
    environment register.environment NOT NULL,
    org_number register.org_number NOT NULL,
    category register.category NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    content jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    made_by text NOT NULL DEFAULT session_user,
    handed_to text REFERENCES register.bookkeepers,
    sign_off text CHECK (sign_off IN ('asked', 'given', 'refused')),
    signed_by text REFERENCES register.bookkeepers,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX drafts_of_company ON register.drafts (org_number);

-- Answers to questions of a ledger, and layouts of spreadsheets, learnt for a company.
CREATE TABLE register.learnt (
    org_number register.org_number NOT NULL,
    kind text NOT NULL CHECK (kind IN ('answer', 'layout')),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 300),
    value jsonb NOT NULL,
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_number, kind, key)
);

CREATE TABLE register.notes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_number register.org_number NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notes_of_company ON register.notes (org_number);

-- Reminders that somebody does not want: her own, and nobody else's.
CREATE TABLE register.mutes (
    org_number register.org_number NOT NULL,
    role text NOT NULL DEFAULT session_user REFERENCES register.bookkeepers,
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    until timestamptz,
    PRIMARY KEY (org_number, role, subject)
);

-- Payment files that have been made, so that nobody pays twice.
CREATE TABLE register.payment_files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    environment register.environment NOT NULL,
    org_number register.org_number NOT NULL,
    filing text NOT NULL,
    format text NOT NULL CHECK (length(format) BETWEEN 1 AND 40),
    amount numeric(18, 2) NOT NULL CHECK (amount > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The archive: what a document is called in which filing, and each content once.
CREATE TABLE register.documents (
    sha256 bytea PRIMARY KEY CHECK (sha256 = sha256(bytes)),
    bytes bytea NOT NULL
);
ALTER TABLE register.documents ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE register.manifests (
    environment register.environment NOT NULL,
    filing text NOT NULL,
    org_number register.org_number NOT NULL,
    name text NOT NULL CHECK (name ~ '^[^/\\]{1,200}$' AND name NOT IN ('.', '..')),
    sha256 bytea NOT NULL REFERENCES register.documents,
    by text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (environment, filing, name),
    FOREIGN KEY (environment, filing) REFERENCES register.filings
);
CREATE INDEX manifests_of_document ON register.manifests (sha256);

-- A filing as its desk has it. Who holds the period's claim writes; when nobody does, the desk whose filing it is, which
-- tells what became of it. A desk that has been followed changes nothing of what its follower has written.
CREATE FUNCTION register.save_filing(p_filing jsonb, p_era bigint, p_fence bigint) RETURNS text
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
        AND (c.filing = f.id OR was.desk IS DISTINCT FROM f.desk) THEN
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
    INSERT INTO register.filings SELECT f.*
    ON CONFLICT (environment, id) DO UPDATE SET
        state = excluded.state, delivered = excluded.delivered, is_correction = excluded.is_correction,
        verdict = excluded.verdict, instance = excluded.instance, sum = excluded.sum,
        return_sha256 = excluded.return_sha256, timeline = excluded.timeline, payment = excluded.payment,
        role = excluded.role, desk = excluded.desk, era = excluded.era, fence = excluded.fence,
        changed_at = excluded.changed_at, delivered_at = excluded.delivered_at;
    RETURN 'done';
END
$$;

-- A document of a filing. The same content is kept once; another content under a name that is there is refused.
CREATE FUNCTION register.keep_document(p_environment text, p_filing text, p_name text, p_sha256 bytea, p_bytes bytea)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    company text;
    there bytea;
BEGIN
    SELECT k.org_number INTO company FROM register.filings k
    WHERE k.environment = p_environment AND k.id = p_filing;
    -- The same words whether there is no such filing or it is none of hers.
    PERFORM register.must_have('file', coalesce(company, ''));
    IF company IS NULL THEN
        RAISE EXCEPTION 'the policy does not permit file for this company' USING ERRCODE = 'MB002';
    END IF;
    -- Two desks with the same document, one after the other.
    PERFORM FROM register.filings k WHERE k.environment = p_environment AND k.id = p_filing FOR UPDATE;
    IF p_sha256 <> sha256(p_bytes) THEN
        RETURN 'damaged';
    END IF;
    SELECT m.sha256 INTO there FROM register.manifests m
    WHERE m.environment = p_environment AND m.filing = p_filing AND m.name = p_name;
    IF there IS NULL THEN
        INSERT INTO register.documents (sha256, bytes) VALUES (p_sha256, p_bytes) ON CONFLICT DO NOTHING;
        INSERT INTO register.manifests (environment, filing, org_number, name, sha256)
        VALUES (p_environment, p_filing, company, p_name, p_sha256);
        RETURN 'done';
    END IF;
    RETURN CASE WHEN there = p_sha256 THEN 'done' ELSE 'other' END;
END
$$;

DO $$
DECLARE
    them text := current_database() || '_bookkeepers';
    tbl text;
    permission text;
    seen text := '((SELECT register.companies_of(''see'')) IS NULL '
        'OR org_number = ANY ((SELECT register.companies_of(''see''))::text[]))';
    of_permission text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['companies', 'duties', 'responsibles', 'filings', 'drafts', 'learnt', 'notes', 'mutes',
        'payment_files', 'documents', 'manifests'] LOOP
        EXECUTE format('ALTER TABLE register.%I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('GRANT SELECT ON register.%I TO %I', tbl, them);
        EXECUTE format('CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.%I '
            'FOR EACH ROW EXECUTE FUNCTION register.audited()', tbl);
        IF tbl NOT IN ('documents', 'mutes') THEN
            EXECUTE format('CREATE POLICY seen ON register.%I FOR SELECT USING (%s)', tbl, seen);
        END IF;
    END LOOP;
    FOREACH tbl IN ARRAY ARRAY['companies', 'filings', 'learnt', 'notes'] LOOP
        EXECUTE format('CREATE TRIGGER without_national_ids BEFORE INSERT OR UPDATE ON register.%I '
            'FOR EACH ROW EXECUTE FUNCTION register.without_national_ids()', tbl);
    END LOOP;
    -- A document is seen by who sees a filing that has it: the policy of manifests holds within this one.
    EXECUTE 'CREATE POLICY seen ON register.documents FOR SELECT USING (EXISTS ('
        'SELECT FROM register.manifests m WHERE m.sha256 = documents.sha256))';
    EXECUTE format('CREATE POLICY own ON register.mutes USING (role = session_user AND %s) '
        'WITH CHECK (role = session_user AND %s)', seen, seen);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON register.mutes TO %I', them);

    FOR tbl, permission IN VALUES ('companies', 'prepare'), ('duties', 'prepare'), ('responsibles', 'prepare'),
        ('drafts', 'prepare'), ('learnt', 'prepare') LOOP
        of_permission := replace(seen, '''see''', quote_literal(permission));
        EXECUTE format('CREATE POLICY made ON register.%I FOR INSERT WITH CHECK (%s)', tbl, of_permission);
        EXECUTE format('CREATE POLICY changed ON register.%I FOR UPDATE USING (%s) WITH CHECK (%s)', tbl, of_permission,
            of_permission);
        EXECUTE format('GRANT INSERT, UPDATE ON register.%I TO %I', tbl, them);
    END LOOP;
    FOREACH tbl IN ARRAY ARRAY['duties', 'responsibles', 'drafts'] LOOP
        EXECUTE format('CREATE POLICY removed ON register.%I FOR DELETE USING (%s)', tbl,
            replace(seen, '''see''', '''prepare'''));
        EXECUTE format('GRANT DELETE ON register.%I TO %I', tbl, them);
    END LOOP;
    -- A note is its writer's.
    of_permission := replace(seen, '''see''', '''prepare''');
    EXECUTE format('CREATE POLICY made ON register.notes FOR INSERT WITH CHECK (by = session_user AND %s)', of_permission);
    EXECUTE format('CREATE POLICY changed ON register.notes FOR UPDATE USING (by = session_user AND %s) '
        'WITH CHECK (by = session_user AND %s)', of_permission, of_permission);
    EXECUTE format('CREATE POLICY removed ON register.notes FOR DELETE USING (by = session_user AND %s)', of_permission);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON register.notes TO %I', them);
    EXECUTE format('CREATE POLICY made ON register.payment_files FOR INSERT WITH CHECK (by = session_user AND %s)',
        replace(seen, '''see''', '''file'''));
    EXECUTE format('GRANT INSERT ON register.payment_files TO %I', them);

    EXECUTE format('GRANT EXECUTE ON FUNCTION register.save_filing(jsonb, bigint, bigint), '
        'register.keep_document(text, text, text, bytea, bytea) TO %I', them);
END
$$;
