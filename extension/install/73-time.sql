/*
 * Times past in SQL: what was current when, and what there was at a time.  An
 * update has this very file.
 */

CREATE VIEW dpmeta.data_product_history AS
	SELECT dpmeta.full_id_text(p.name, v.version) COLLATE dpmeta.version_order AS id,
		p.name AS data_product,
		dpmeta.version_text(v.version) COLLATE dpmeta.version_order AS version,
		dpmeta.major(v.version) AS major,
		dpmeta.minor(v.version) AS minor,
		y.valid_from,
		y.valid_until,
		v.metadata->>'domain' AS domain,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata->>'status' AS status,
		v.metadata->>'description' AS description
	FROM dpmeta.product p
	JOIN dpmeta.validity y ON y.product_id = p.product_id
	JOIN dpmeta.product_version v ON v.product_id = y.product_id AND v.version = y.version
	WHERE dpmeta.found_by(p.name, v.version);

COMMENT ON VIEW dpmeta.data_product_history IS
	'one row for each time during which a version was current: the newest live one of its data product. Several rows for a version that was deleted and restored. "valid_from <= T AND (valid_until > T OR valid_until IS NULL)" is the platform at T';
COMMENT ON COLUMN dpmeta.data_product_history.id IS 'fully versioned ID';
COMMENT ON COLUMN dpmeta.data_product_history.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.data_product_history.version IS 'version; ordered by number, v1.10 after v1.9';
COMMENT ON COLUMN dpmeta.data_product_history.major IS 'major part of the version, a number';
COMMENT ON COLUMN dpmeta.data_product_history.minor IS 'minor part of the version, a number';
COMMENT ON COLUMN dpmeta.data_product_history.valid_from IS 'when the version became current';
COMMENT ON COLUMN dpmeta.data_product_history.valid_until IS 'when it ceased to be current; NULL while it is';
COMMENT ON COLUMN dpmeta.data_product_history.domain IS 'domain, as this version says';
COMMENT ON COLUMN dpmeta.data_product_history.data_product_owner IS 'owner, as this version says';
COMMENT ON COLUMN dpmeta.data_product_history.status IS 'draft, published or retired, as this version says';
COMMENT ON COLUMN dpmeta.data_product_history.description IS 'what the data product is, as this version says';

/*
 * The versions that were live at a time, with what stood beside them then.  Null stands
 * for all data products; infinity for now.
 */
CREATE FUNCTION dpmeta.versions_at(as_of timestamptz, data_product text)
	RETURNS TABLE (product_id bigint, name text, head dpmeta.dpversion, version dpmeta.dpversion,
		trunk dpmeta.dpversion, is_current boolean, created_at timestamptz, metadata jsonb,
		facts jsonb, registered_at timestamptz, retired_at timestamptz, sunset date)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.product_id, p.name, p.trunk, v.version, v.trunk,
		s.current IS NOT NULL AND v.version = s.current, v.created_at, v.metadata,
		coalesce((SELECT f.facts
				  FROM dpmeta.past_facts f
				  WHERE f.product_id = v.product_id AND f.version = v.version
					AND f.valid_until > versions_at.as_of
				  ORDER BY f.valid_until LIMIT 1), v.facts),
		s.registered_at, s.retired_at, s.sunset
	FROM (
		SELECT a.product_id, a.name, a.trunk
		FROM dpmeta.product a
		WHERE versions_at.data_product IS NULL
		UNION ALL
		SELECT o.product_id, o.name, o.trunk
		FROM dpmeta.product o
		WHERE o.name = versions_at.data_product
	) p
	CROSS JOIN LATERAL (
		SELECT s.current, s.registered_at, s.retired_at, s.sunset
		FROM dpmeta.product_state s
		WHERE s.product_id = p.product_id AND s.valid_from <= versions_at.as_of
		ORDER BY s.valid_from DESC LIMIT 1
	) s
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	WHERE v.created_at <= versions_at.as_of
		AND (v.deleted_at IS NULL OR v.deleted_at > versions_at.as_of)
		AND NOT EXISTS (
			SELECT FROM dpmeta.undone_deletion u
			WHERE u.product_id = v.product_id AND u.version = v.version
				AND u.deleted_at <= versions_at.as_of AND u.restored_at > versions_at.as_of);
END;
COMMENT ON FUNCTION dpmeta.versions_at(timestamptz, text) IS
	'private: the versions that were live at a time, of one data product or of all';

CREATE FUNCTION dpmeta.data_products_at(as_of timestamptz, data_product text DEFAULT NULL)
	RETURNS SETOF dpmeta.data_products
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 1000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	t	timestamptz := coalesce(dpmeta.as_of(data_products_at.as_of), 'infinity');
BEGIN
	RETURN QUERY
	SELECT dpmeta.full_id_text(v.name, v.version), v.name, v.name, dpmeta.version_text(v.version),
		dpmeta.major(v.version), dpmeta.minor(v.version), v.metadata->>'description',
		v.metadata->>'domain', v.metadata->>'dataProductOwner',
		v.metadata->>'dataProductOwnerDisplayName', v.metadata->>'dataProductMaintainer',
		v.metadata->>'dataProductMaintainerDisplayName', v.metadata->>'email',
		v.metadata->>'status', (v.metadata->>'retentionPeriod')::integer,
		(v.metadata->>'dpiaRequired')::boolean, v.metadata->'tags', v.registered_at,
		v.created_at, v.retired_at, v.sunset, (v.facts->>'lastUpdated')::timestamptz,
		v.facts->>'dpiaLocation', v.facts->>'s3Location', (v.facts->>'rowCount')::bigint,
		(SELECT count(*) FROM dpmeta.version_tables(v.product_id, v.version, v.trunk, v.head))
	FROM dpmeta.versions_at(t, data_products_at.data_product) v
	WHERE v.is_current;
END
$$;
COMMENT ON FUNCTION dpmeta.data_products_at(timestamptz, text) IS
	'the view data_products as it was at a time (null: now), of one data product or of all; raises MD010 for a time that is still to come or is before log_kept_since()';

CREATE FUNCTION dpmeta.schemas_at(as_of timestamptz, data_product text DEFAULT NULL)
	RETURNS SETOF dpmeta.schemas
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 10000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	t	timestamptz := coalesce(dpmeta.as_of(schemas_at.as_of), 'infinity');
BEGIN
	RETURN QUERY
	SELECT dpmeta.full_id_text(v.name, v.version, h.table_name), v.name,
		dpmeta.version_text(v.version), dpmeta.major(v.version), dpmeta.minor(v.version),
		v.is_current, v.metadata->>'domain', v.metadata->>'dataProductOwner',
		v.metadata->>'status', h.table_name, s.definition->>'tableDescription',
		s.column_count, s.described_count,
		dpmeta.version_text(h.since), s.definition->'columns',
		coalesce(s.definition->'tags', '{}')
	FROM dpmeta.versions_at(t, schemas_at.data_product) v
	JOIN dpmeta.any_version_table h ON h.product_id = v.product_id AND h.version = v.version
	JOIN dpmeta.table_schema s ON s.table_schema_id = h.table_schema_id;
END
$$;
COMMENT ON FUNCTION dpmeta.schemas_at(timestamptz, text) IS
	'the view schemas as it was at a time (null: now), of one data product or of all, with the tables of versions that were deleted since';

CREATE FUNCTION dpmeta.columns_at(as_of timestamptz, data_product text DEFAULT NULL)
	RETURNS SETOF dpmeta.columns
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 100000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	t	timestamptz := coalesce(dpmeta.as_of(columns_at.as_of), 'infinity');
BEGIN
	RETURN QUERY
	SELECT dpmeta.full_id_text(v.name, v.version, h.table_name), v.name,
		dpmeta.version_text(v.version), dpmeta.major(v.version), dpmeta.minor(v.version),
		v.is_current, v.metadata->>'domain', v.metadata->>'dataProductOwner',
		v.metadata->>'status', h.table_name, c.ordinality::integer, c.value->>'name',
		c.value->>'type', c.value->>'description',
		coalesce((c.value->>'required')::boolean, false),
		coalesce((c.value->>'primaryKey')::boolean, false),
		coalesce((c.value->>'partition')::boolean, false),
		coalesce(c.value->'tags', '{}')
	FROM dpmeta.versions_at(t, columns_at.data_product) v
	JOIN dpmeta.any_version_table h ON h.product_id = v.product_id AND h.version = v.version
	JOIN dpmeta.table_schema s ON s.table_schema_id = h.table_schema_id
	CROSS JOIN LATERAL jsonb_array_elements(s.definition->'columns')
		WITH ORDINALITY c(value, ordinality);
END
$$;
COMMENT ON FUNCTION dpmeta.columns_at(timestamptz, text) IS
	'the view columns as it was at a time (null: now), of one data product or of all, with the tables of versions that were deleted since';

CREATE FUNCTION dpmeta.version_changes(name text, from_version dpmeta.dpversion,
									   to_version dpmeta.dpversion) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'dpmeta_version_changes' LANGUAGE C
	STABLE STRICT PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION dpmeta.version_changes(text, dpmeta.dpversion, dpmeta.dpversion) IS
	'private: the differences between two versions of a data product, whatever became of them';

/*
 * Only data products that something happened to are looked at.
 */
CREATE FUNCTION dpmeta.changes_between(from_time timestamptz, to_time timestamptz)
	RETURNS TABLE (data_product text, domain text, data_product_owner text, status text,
		from_version text, to_version text, kind text, change text, table_name text,
		column_name text, member text, old_value jsonb, new_value jsonb, path text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 100000 ROWS 1000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	t0	timestamptz := coalesce(dpmeta.as_of(changes_between.from_time), 'infinity');
	t1	timestamptz := coalesce(dpmeta.as_of(changes_between.to_time), 'infinity');
BEGIN
	RETURN QUERY
	SELECT p.name, v.metadata->>'domain', v.metadata->>'dataProductOwner', v.metadata->>'status',
		dpmeta.version_text(o.current), dpmeta.version_text(n.current),
		c.value->>'kind', c.value->>'change', c.value->>'table', c.value->>'column',
		c.value->>'member', c.value->'from', c.value->'to', c.value->>'path'
	FROM (
		SELECT DISTINCT s.product_id
		FROM dpmeta.product_state s
		WHERE s.valid_from > least(t0, t1) AND s.valid_from <= greatest(t0, t1) AND s.is_new
	) touched
	JOIN dpmeta.product p ON p.product_id = touched.product_id
	LEFT JOIN LATERAL (
		SELECT s.current
		FROM dpmeta.product_state s
		WHERE s.product_id = p.product_id AND s.valid_from <= t0
		ORDER BY s.valid_from DESC LIMIT 1
	) o ON true
	LEFT JOIN LATERAL (
		SELECT s.current
		FROM dpmeta.product_state s
		WHERE s.product_id = p.product_id AND s.valid_from <= t1
		ORDER BY s.valid_from DESC LIMIT 1
	) n ON true
	JOIN dpmeta.product_version v
		ON v.product_id = p.product_id AND v.version = coalesce(n.current, o.current)
	CROSS JOIN LATERAL jsonb_array_elements(CASE
		WHEN o.current IS NULL THEN jsonb '[{"change": "data-product-added", "kind": "minor"}]'
		WHEN n.current IS NULL THEN jsonb '[{"change": "data-product-removed", "kind": "major"}]'
		ELSE dpmeta.version_changes(p.name, o.current, n.current) END) c(value)
	WHERE o.current IS DISTINCT FROM n.current
	ORDER BY p.name COLLATE "C";
END
$$;
COMMENT ON FUNCTION dpmeta.changes_between(timestamptz, timestamptz) IS
	'the net difference of the whole platform between two times (null: now): one row for each change from the version that was current at the first to the one that was at the second, of each data product; data-product-added and data-product-removed where there was none. In the other direction if the second time is earlier';
