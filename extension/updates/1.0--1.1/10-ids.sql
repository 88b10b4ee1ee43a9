-- The condition on an ID in a view: its planner support no longer makes what it is
-- called for, and knows which parts of an ID are there.

CREATE FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.full_id(name text, version dpmeta.dpversion) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME', 'dpid_construct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.full_id(name text, version dpmeta.dpversion, table_name text)
	RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME', 'dpid_construct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) IS
	'private: =, for the planner support of that, which must not make what it is called for';
COMMENT ON FUNCTION dpmeta.full_id(text, dpmeta.dpversion) IS
	'private: the ID of a version in the views; all parts of it are known to the planner to be there';
COMMENT ON FUNCTION dpmeta.full_id(text, dpmeta.dpversion, text) IS
	'private: the ID of a table in the views; all parts of it are known to the planner to be there';

REVOKE EXECUTE ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid),
	dpmeta.full_id(text, dpmeta.dpversion), dpmeta.full_id(text, dpmeta.dpversion, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid),
	dpmeta.full_id(text, dpmeta.dpversion), dpmeta.full_id(text, dpmeta.dpversion, text) TO PUBLIC;

CREATE OR REPLACE VIEW dpmeta.data_products AS
	SELECT dpmeta.full_id(p.name, v.version) AS id,
		p.name,
		v.version,
		v.metadata->>'description' AS description,
		p.domain,
		p.owner AS data_product_owner,
		v.metadata->>'dataProductOwnerDisplayName' AS data_product_owner_display_name,
		v.metadata->>'dataProductMaintainer' AS data_product_maintainer,
		v.metadata->>'dataProductMaintainerDisplayName' AS data_product_maintainer_display_name,
		v.metadata->>'email' AS email,
		p.status,
		(v.metadata->>'retentionPeriod')::integer AS retention_period,
		(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
		p.tags,
		p.registered_at,
		v.created_at AS version_created_at,
		p.retired_at,
		p.sunset,
		(v.facts->>'lastUpdated')::timestamptz AS last_updated,
		v.facts->>'dpiaLocation' AS dpia_location,
		v.facts->>'s3Location' AS s3_location,
		(v.facts->>'rowCount')::bigint AS row_count,
		(SELECT count(*)
		 FROM dpmeta.version_table t
		 WHERE t.product_id = p.product_id AND t.version = v.version) AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v
		ON v.product_id = p.product_id AND v.version = p.current;

CREATE OR REPLACE VIEW dpmeta.data_product_versions AS
	SELECT dpmeta.full_id(p.name, v.version) AS id,
		p.name AS data_product,
		v.version,
		p.current IS NOT NULL AND v.version = p.current AS is_current,
		v.deleted_at IS NULL AS is_live,
		v.created_at,
		v.deleted_at,
		e.actor AS created_by,
		e.action,
		e.kind,
		e.from_version AS base_version,
		pg_catalog.jsonb_array_length(e.changes) AS change_count,
		e.changes,
		v.metadata->>'description' AS description,
		v.metadata->>'domain' AS domain,
		v.metadata->>'status' AS status,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata,
		CASE WHEN v.deleted_at IS NULL THEN
			(SELECT count(*)
			 FROM dpmeta.version_table t
			 WHERE t.product_id = p.product_id AND t.version = v.version)
		END AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	LEFT JOIN dpmeta.event e
		ON e.product_id = v.product_id
		AND e.to_version = v.version
		AND e.kind IN ('initial', 'minor', 'major');

CREATE OR REPLACE VIEW dpmeta.schemas AS
	SELECT dpmeta.full_id(t.name, t.version, t.table_name) AS id,
		t.name AS data_product,
		t.version,
		t.is_current,
		t.table_name,
		s.definition->>'tableDescription' AS description,
		pg_catalog.jsonb_array_length(s.definition->'columns') AS column_count,
		t.since AS unchanged_since,
		s.definition->'columns' AS columns
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id;

CREATE OR REPLACE VIEW dpmeta.columns AS
	SELECT dpmeta.full_id(t.name, t.version, t.table_name) AS id,
		t.name AS data_product,
		t.version,
		t.is_current,
		t.table_name,
		c.ordinality::integer AS ordinal_position,
		c.value->>'name' AS column_name,
		(c.value->>'type')::dpmeta.column_type AS column_type,
		c.value->>'description' AS description
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(s.definition->'columns')
		WITH ORDINALITY c(value, ordinality);

CREATE OR REPLACE VIEW dpmeta.tags AS
	SELECT dpmeta.full_id(p.name, p.current) AS id,
		p.name AS data_product,
		t.key,
		t.value
	FROM dpmeta.product p
	CROSS JOIN LATERAL pg_catalog.jsonb_each_text(p.tags) t(key, value)
	WHERE p.current IS NOT NULL;

CREATE OR REPLACE VIEW dpmeta.problems AS
	SELECT d.id, d.name AS data_product, d.domain, d.data_product_owner, x.problem
	FROM (
		SELECT dpmeta.full_id(p.name, p.current) AS id, p.name, p.domain,
			p.owner AS data_product_owner, p.status, p.retired_at, p.sunset,
			v.metadata->>'description' AS description,
			(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
			v.facts->>'dpiaLocation' AS dpia_location,
			(v.facts->>'lastUpdated')::timestamptz AS last_updated,
			EXISTS (SELECT FROM dpmeta.version_table t
					WHERE t.product_id = p.product_id
						AND t.version = v.version) AS has_tables
		FROM dpmeta.product p
		JOIN dpmeta.product_version v
			ON v.product_id = p.product_id AND v.version = p.current
	) d
	CROSS JOIN LATERAL (VALUES
		('no description', d.description !~ E'\\S'),
		('no owner', d.data_product_owner !~ E'\\S'),
		('published without tables', d.status = 'published' AND NOT d.has_tables),
		('published without a required assessment',
		 d.status = 'published' AND d.dpia_required AND d.dpia_location IS NULL),
		('published and never loaded', d.status = 'published' AND d.last_updated IS NULL),
		('retired without a sunset date', d.status = 'retired' AND d.sunset IS NULL),
		('past its sunset date', d.sunset < (now() AT TIME ZONE 'UTC')::date)
	) x(problem, holds)
	WHERE x.holds;
