-- pg_upgrade makes functions before operator classes, and so knows no order of
-- dpversion yet where it reads a body that has one: this one becomes text.

CREATE OR REPLACE FUNCTION dpmeta.table_at(product_id bigint, table_name text,
								version dpmeta.dpversion, trunk dpmeta.dpversion)
	RETURNS TABLE (table_schema_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
AS $$
	SELECT r.table_schema_id
	FROM (
		(SELECT b.table_schema_id, b.until, 1 AS rank
		 FROM dpmeta.table_range b
		 WHERE b.product_id OPERATOR(pg_catalog.=) table_at.product_id
			AND b.table_name OPERATOR(pg_catalog.=) table_at.table_name
			AND b.branch OPERATOR(pg_catalog.=) dpmeta.major(table_at.version)
			AND b.since OPERATOR(dpmeta.<=) table_at.version
			AND table_at.trunk OPERATOR(dpmeta.<>) table_at.version
		 ORDER BY b.since DESC LIMIT 1)
		UNION ALL
		(SELECT t.table_schema_id, t.until, 2
		 FROM dpmeta.table_range t
		 WHERE t.product_id OPERATOR(pg_catalog.=) table_at.product_id
			AND t.table_name OPERATOR(pg_catalog.=) table_at.table_name
			AND t.branch OPERATOR(pg_catalog.=) 0
			AND t.since OPERATOR(dpmeta.<=) table_at.trunk
		 ORDER BY t.since DESC LIMIT 1)
	) r
	WHERE r.until IS NULL
		OR r.until OPERATOR(dpmeta.>)
			CASE WHEN r.rank OPERATOR(pg_catalog.=) 1 THEN table_at.version ELSE table_at.trunk END
	ORDER BY r.rank LIMIT 1
$$;
