-- The models: what a valid document of a data product or of a table's schema is.

CREATE TABLE dpmeta.model (
	name text COLLATE "C" PRIMARY KEY,
	schema jsonb NOT NULL
);
COMMENT ON TABLE dpmeta.model IS
	'The JSON Schema models that documents are held to; kept in step with dpmeta.domain.';

CREATE TABLE dpmeta.domain (
	name text COLLATE "C" PRIMARY KEY
		CHECK (char_length(name) BETWEEN 1 AND 128)
);
COMMENT ON TABLE dpmeta.domain IS
	'The domains that a data product may belong to; while it is empty, those that are shipped.';
SELECT pg_catalog.pg_extension_config_dump('dpmeta.domain', '');

CREATE FUNCTION dpmeta.default_domains() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['HQ', 'HMPPS', 'OPG', 'LAA', 'HMCTS', 'CICA', 'Platforms'];
COMMENT ON FUNCTION dpmeta.default_domains() IS
	'The domains that count while dpmeta.domain is empty.';

CREATE FUNCTION dpmeta.domains() RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT COALESCE(pg_catalog.array_agg(d.name ORDER BY d.name), dpmeta.default_domains())
	FROM dpmeta.domain d;
END;
COMMENT ON FUNCTION dpmeta.domains() IS
	'The domains that a data product may belong to.';

CREATE FUNCTION dpmeta.model(name text) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT m.schema FROM dpmeta.model m WHERE m.name OPERATOR(pg_catalog.=) $1;
END;
CREATE FUNCTION dpmeta.example_domain() RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN 'HMPPS' OPERATOR(pg_catalog.=) ANY (dpmeta.domains())
		THEN 'HMPPS' ELSE (dpmeta.domains())[1] END;
COMMENT ON FUNCTION dpmeta.example_domain() IS
	'private: a domain to show in examples.';

CREATE FUNCTION dpmeta.domain_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.refresh_models();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION dpmeta.domain_changed() IS
	'private: keeps the models in step with dpmeta.domain, however that is changed.';

CREATE TRIGGER domain_changed
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dpmeta.domain
	FOR EACH STATEMENT EXECUTE FUNCTION dpmeta.domain_changed();
-- also for a restore or a subscription, which switch ordinary triggers off
ALTER TABLE dpmeta.domain ENABLE ALWAYS TRIGGER domain_changed;

CREATE FUNCTION dpmeta.set_domains(names text[]) RETURNS text[]
	LANGUAGE sql VOLATILE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	DELETE FROM dpmeta.domain
		WHERE NOT (name OPERATOR(pg_catalog.=) ANY (COALESCE(names, '{}')));
	INSERT INTO dpmeta.domain (name)
		SELECT DISTINCT n FROM pg_catalog.unnest(names) n
		ON CONFLICT (name) DO NOTHING;
	SELECT dpmeta.domains();
END;
COMMENT ON FUNCTION dpmeta.set_domains(text[]) IS
	'Replaces the domains that a data product may belong to; an empty array brings back those that are shipped. Registered products keep theirs.';

REVOKE ALL ON FUNCTION dpmeta.set_domains(text[]), dpmeta.example_domain(), dpmeta.domain_changed() FROM PUBLIC;
REVOKE ALL ON TABLE dpmeta.model, dpmeta.domain FROM PUBLIC;
