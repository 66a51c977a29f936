-- An instance at Altinn is one company's: no claim, delivery or filing names it for another. And what the record of changes
-- has kept of KIDs and accounts that nobody owes is taken out of it.

-- What Altinn knows an instance by: its key, whatever number of a party is written before it, and in whatever letters.
CREATE FUNCTION register.instance_key(p_instance text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT lower(regexp_replace(p_instance, '^.*/', ''))
$$;

CREATE INDEX claims_of_instance ON register.claims (environment, register.instance_key(instance))
    WHERE instance IS NOT NULL;
CREATE INDEX deliveries_of_instance ON register.deliveries (environment, register.instance_key(instance));
CREATE INDEX filings_of_instance ON register.filings (environment, register.instance_key(instance))
    WHERE instance IS NOT NULL;

-- Bound is the instance and not the number of its party: whoever may file for one company could name another's number for it
-- first, and keep that one from filing. An instance's key is known to nobody before it is there.
CREATE FUNCTION register.one_companys_instance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted text := register.instance_key(NEW.instance);
    ours boolean;
    others boolean;
BEGIN
    IF wanted IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.environment, OLD.org_number, OLD.instance) IS NOT DISTINCT FROM (NEW.environment, NEW.org_number, NEW.instance) THEN
            RETURN NEW;
        END IF;
    END IF;
    -- Who names it at the same moment comes before or after.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.environment || ' ' || wanted, 0));
    -- Whoever has named it before it was named for another company too is kept from nothing.
    SELECT bool_or(n.org_number = NEW.org_number), bool_or(n.org_number <> NEW.org_number) INTO ours, others FROM (
        SELECT k.org_number FROM register.claims k WHERE k.environment = NEW.environment
            AND k.instance IS NOT NULL AND register.instance_key(k.instance) = wanted
        UNION ALL SELECT d.org_number FROM register.deliveries d WHERE d.environment = NEW.environment
            AND register.instance_key(d.instance) = wanted
        UNION ALL SELECT f.org_number FROM register.filings f WHERE f.environment = NEW.environment
            AND f.instance IS NOT NULL AND register.instance_key(f.instance) = wanted) n;
    IF others AND NOT ours THEN
        RAISE EXCEPTION 'the instance is another company''s' USING ERRCODE = 'MB011';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER one_companys_instance BEFORE INSERT OR UPDATE ON register.claims
    FOR EACH ROW EXECUTE FUNCTION register.one_companys_instance();
CREATE TRIGGER one_companys_instance BEFORE INSERT ON register.deliveries
    FOR EACH ROW EXECUTE FUNCTION register.one_companys_instance();
CREATE TRIGGER one_companys_instance BEFORE INSERT OR UPDATE ON register.filings
    FOR EACH ROW EXECUTE FUNCTION register.one_companys_instance();

-- Of before the eighth version, and what that one wrote down when it emptied the rows.
ALTER TABLE register.audit DISABLE TRIGGER audit_keeps;
UPDATE register.audit a SET
    before = CASE WHEN o.was THEN a.before ELSE jsonb_set(a.before, '{payment}', 'null') END,
    after = CASE WHEN o.is_now THEN a.after ELSE jsonb_set(a.after, '{payment}', 'null') END
FROM (
    SELECT number,
        before ->> 'payment' IS NULL OR coalesce(before ->> 'environment' = 'production'
            AND before ->> 'state' = 'received' AND (before ->> 'sum')::numeric > 0, false) AS was,
        after ->> 'payment' IS NULL OR coalesce(after ->> 'environment' = 'production'
            AND after ->> 'state' = 'received' AND (after ->> 'sum')::numeric > 0, false) AS is_now
    FROM register.audit WHERE of = 'filings'
) o
WHERE o.number = a.number AND (NOT o.was OR NOT o.is_now);
ALTER TABLE register.audit ENABLE TRIGGER audit_keeps;

UPDATE register.format SET version = 10, oldest = 4;
