-- The claims of periods. `register.claim` decides as `claim::decide` of the program does (crates/register/src/claim.rs says
-- why; tests/decisions.rs compares the two).

CREATE TABLE register.claims (
    environment register.environment NOT NULL,
    org_number register.org_number NOT NULL,
    category register.category NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    era bigint NOT NULL,
    fence bigint NOT NULL,
    phase text NOT NULL CHECK (phase IN ('free', 'held', 'delivering')),
    desk uuid NOT NULL REFERENCES register.desks,
    filing text NOT NULL CHECK (length(filing) BETWEEN 1 AND 100),
    role text NOT NULL REFERENCES register.bookkeepers,
    instance text CHECK (length(instance) BETWEEN 1 AND 200),
    -- Whose the instance is, when its holder is followed by another.
    made_role text,
    made_desk uuid,
    made_filing text,
    search boolean NOT NULL DEFAULT false,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (environment, org_number, category, period_from, period_to),
    CHECK (period_from <= period_to),
    -- What may be delivered is known, or searched for.
    CHECK (phase <> 'delivering' OR instance IS NOT NULL OR search),
    CHECK (NOT search OR phase = 'delivering')
);

-- What has been delivered, and by whom. Nothing is ever taken from it.
CREATE TABLE register.deliveries (
    environment register.environment NOT NULL,
    org_number register.org_number NOT NULL,
    category register.category NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    instance text NOT NULL CHECK (length(instance) BETWEEN 1 AND 200),
    filing text NOT NULL,
    role text NOT NULL,
    desk uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (environment, org_number, category, period_from, period_to, instance)
);

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.claims
    FOR EACH ROW EXECUTE FUNCTION register.audited();
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON register.deliveries
    FOR EACH ROW EXECUTE FUNCTION register.audited();
CREATE TRIGGER deliveries_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON register.deliveries
    FOR EACH STATEMENT EXECUTE FUNCTION register.keeps();

CREATE FUNCTION register.delivered(p_claim register.claims) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(d.instance ORDER BY d.instance COLLATE "C"), '{}') FROM register.deliveries d
    WHERE (d.environment, d.org_number, d.category, d.period_from, d.period_to)
        = (p_claim.environment, p_claim.org_number, p_claim.category, p_claim.period_from, p_claim.period_to)
$$;

-- One request about one period, in one statement. Which arguments a request has: `Request` in claim.rs.
CREATE FUNCTION register.claim(
    p_request text,
    p_environment text,
    p_org_number text,
    p_category text,
    p_from date,
    p_to date,
    p_filing text,
    p_seen integer,
    p_era bigint,
    p_fence bigint,
    p_instance text,
    p_lease interval,
    OUT answer text,
    OUT era bigint,
    OUT fence bigint,
    OUT instance text,
    OUT search boolean,
    OUT delivered text[],
    OUT who_role text,
    OUT who_name text,
    OUT who_desk uuid,
    OUT who_desk_name text,
    OUT who_filing text,
    OUT since timestamptz,
    OUT until timestamptz
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    here record;
    me uuid;
    c register.claims;
    n register.claims;
    known text[] := '{}';
    ours boolean;
    lost boolean;
    doubt boolean;
    is_done boolean := false;
BEGIN
    PERFORM register.must_have('file', p_org_number);
    me := register.desk();
    IF me IS NULL THEN
        RAISE EXCEPTION 'the session has not said which desk it is' USING ERRCODE = 'MB006';
    END IF;
    -- A claim that a failover loses is no claim: whatever the server's default is, its standbys are waited for.
    IF current_setting('synchronous_commit') IN ('off', 'local') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    SELECT e.era, e.is_first INTO here FROM register.era() e;

    LOOP
        SELECT k.* INTO c FROM register.claims k
        WHERE k.environment = p_environment AND k.org_number = p_org_number AND k.category = p_category
            AND k.period_from = p_from AND k.period_to = p_to
        FOR UPDATE;
        EXIT WHEN FOUND;
        -- claim::first
        IF p_request <> 'take' THEN
            answer := 'stale';
            RETURN;
        END IF;
        IF p_seen > 0 AND here.is_first THEN
            answer := 'filed';
            delivered := '{}';
            RETURN;
        END IF;
        INSERT INTO register.claims AS k (environment, org_number, category, period_from, period_to, era, fence, phase,
            desk, filing, role, search, lease_until)
        VALUES (p_environment, p_org_number, p_category, p_from, p_to, here.era, 1,
            CASE WHEN here.is_first THEN 'held' ELSE 'delivering' END,
            me, p_filing, session_user, NOT here.is_first, clock_timestamp() + p_lease)
        ON CONFLICT DO NOTHING RETURNING k.* INTO n;
        IF FOUND THEN
            answer := CASE WHEN here.is_first THEN 'clear' ELSE 'in doubt' END;
            era := n.era;
            fence := n.fence;
            search := n.search;
            delivered := '{}';
            RETURN;
        END IF;
        -- Another was faster; hers is there now.
    END LOOP;

    known := register.delivered(c);
    n := c;

    IF p_request = 'take' THEN
        -- claim::take
        ours := c.desk = me AND c.filing = p_filing;
        IF c.phase <> 'free' AND c.lease_until > clock_timestamp() AND NOT ours THEN
            answer := CASE WHEN c.phase = 'delivering' THEN 'busy delivering' ELSE 'busy' END;
        ELSE
            lost := c.era <> here.era;
            doubt := c.phase = 'delivering' OR lost;
            IF cardinality(known) <> p_seen AND NOT doubt THEN
                answer := 'filed';
            ELSE
                n.era := here.era;
                n.fence := c.fence + 1;
                n.phase := CASE WHEN doubt THEN 'delivering' ELSE 'held' END;
                n.instance := CASE WHEN doubt OR (ours AND c.phase = 'held') THEN c.instance END;
                n.search := lost OR (c.phase = 'delivering' AND c.search);
                n.desk := me;
                n.filing := p_filing;
                n.role := session_user;
                n.since := clock_timestamp();
                n.lease_until := clock_timestamp() + p_lease;
                answer := CASE WHEN doubt THEN 'in doubt' ELSE 'clear' END;
                instance := CASE WHEN doubt THEN n.instance
                    WHEN c.phase = 'held' AND n.instance IS NULL THEN c.instance END;
            END IF;
        END IF;
        era := n.era;
        fence := n.fence;
        search := n.search;
        delivered := known;
        who_desk := c.desk;
        who_filing := c.filing;
        since := c.since;
        until := c.lease_until;
        SELECT b.role, b.name INTO who_role, who_name FROM register.bookkeepers b WHERE b.role = c.role;
        SELECT d.name INTO who_desk_name FROM register.desks d WHERE d.id = c.desk;
        IF answer NOT IN ('clear', 'in doubt') THEN
            RETURN;
        END IF;
    ELSE
        -- claim::held
        IF c.era = here.era AND p_era = c.era AND p_fence = c.fence AND c.desk = me
            AND c.filing = p_filing THEN
            CASE p_request
                WHEN 'renew' THEN
                    n.lease_until := clock_timestamp() + p_lease;
                    IF c.phase = 'held' AND p_instance IS NOT NULL THEN
                        n.instance := p_instance;
                    END IF;
                    is_done := c.phase <> 'free';
                WHEN 'deliver' THEN
                    is_done := c.phase = 'held'
                        OR (c.phase = 'delivering' AND NOT c.search AND c.instance = p_instance);
                    n.phase := 'delivering';
                    n.instance := p_instance;
                    n.lease_until := clock_timestamp() + p_lease;
                WHEN 'delivered' THEN
                    is_done := true;
                    n.phase := 'free';
                    n.instance := NULL;
                    n.search := false;
                    INSERT INTO register.deliveries (environment, org_number, category, period_from, period_to, instance,
                        filing, role, desk)
                    SELECT c.environment, c.org_number, c.category, c.period_from, c.period_to, p_instance,
                        m.filing, m.role, m.desk
                    FROM (VALUES (c.made_filing, c.made_role, c.made_desk, 1), (p_filing, session_user::text, me, 2))
                        AS m (filing, role, desk, place)
                    WHERE m.place = CASE WHEN c.instance = p_instance AND c.made_filing IS NOT NULL THEN 1 ELSE 2 END
                    ON CONFLICT DO NOTHING;
                WHEN 'settle' THEN
                    is_done := c.phase <> 'held';
                    n.phase := 'free';
                    n.instance := NULL;
                    n.search := false;
                WHEN 'release' THEN
                    is_done := c.phase <> 'delivering';
                    n.phase := 'free';
                    n.instance := NULL;
            END CASE;
        END IF;
        IF NOT is_done THEN
            answer := 'stale';
            RETURN;
        END IF;
        answer := 'done';
    END IF;

    IF n.instance IS NULL THEN
        n.made_role := NULL;
        n.made_desk := NULL;
        n.made_filing := NULL;
    ELSIF n.instance IS DISTINCT FROM c.instance THEN
        n.made_role := session_user;
        n.made_desk := me;
        n.made_filing := p_filing;
    END IF;
    UPDATE register.claims k SET made_role = n.made_role, made_desk = n.made_desk, made_filing = n.made_filing, era = n.era, fence = n.fence, phase = n.phase, desk = n.desk, filing = n.filing,
        role = n.role, instance = n.instance, search = n.search, since = n.since, lease_until = n.lease_until
    WHERE k.environment = c.environment AND k.org_number = c.org_number AND k.category = c.category
        AND k.period_from = c.period_from AND k.period_to = c.period_to;
END
$$;

ALTER TABLE register.claims ENABLE ROW LEVEL SECURITY;
ALTER TABLE register.deliveries ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    them text := current_database() || '_bookkeepers';
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['claims', 'deliveries'] LOOP
        EXECUTE format('CREATE POLICY seen ON register.%I FOR SELECT USING ((SELECT register.companies_of(''see'')) IS NULL '
            'OR org_number = ANY ((SELECT register.companies_of(''see''))::text[]))', tbl);
        EXECUTE format('GRANT SELECT ON register.%I TO %I', tbl, them);
    END LOOP;
    EXECUTE format('GRANT EXECUTE ON FUNCTION register.claim(text, text, text, text, date, date, text, integer, bigint, '
        'bigint, text, interval) TO %I', them);
END
$$;
