-- What must be said in more than one place is compared here.
SET search_path = dpmeta, public;

/*
 * Which revision of a table holds in which version: C says it for one resource,
 * table_at() and version_tables() for statements, the view version_table for the
 * views.  A long random history has trunks, branches, tombstones, restorations
 * and names registered again.
 */
CREATE FUNCTION pg_temp.any_of(VARIADIC choices text[]) RETURNS text
	LANGUAGE sql VOLATILE
	RETURN choices[1 + floor(random() * cardinality(choices))::int];

-- one of the product's versions or majors, or none
CREATE FUNCTION pg_temp.any_version() RETURNS text
	LANGUAGE sql VOLATILE
BEGIN ATOMIC
	SELECT coalesce((
		SELECT pg_temp.any_of('', ':v' || major(v.version), ':v' || major(v.version), ':' || v.version::text)
		FROM dpmeta.product_version v JOIN dpmeta.product p USING (product_id)
		WHERE p.name = 'agreement'
		ORDER BY random() LIMIT 1), '');
END;

CREATE PROCEDURE pg_temp.change()
	LANGUAGE plpgsql
AS $$
DECLARE
	product dpid := 'dp:agreement' || pg_temp.any_version();
	schema_id dpid := product::text || ':' || pg_temp.any_of('a', 'b', 'c', 'd');
	type text := pg_temp.any_of('int', 'int', 'int', 'int', 'int', 'int', 'int', 'string');
	document jsonb := jsonb_build_object('tableDescription', round(random() * 5)::text,
		'columns', jsonb_build_array(jsonb_build_object('name', 'c', 'type', type, 'description', '')));
BEGIN
	CASE floor(random() * 20)::int
		WHEN 0, 1, 2, 3, 4, 5 THEN
			PERFORM register_schema(schema_id, document);
		WHEN 6 THEN
			PERFORM delete_schema(schema_id);
		WHEN 7 THEN
			-- one version, and all but never more
			IF product::text LIKE '%.%' OR random() < 0.02 THEN
				PERFORM delete_data_product(product);
			END IF;
		WHEN 8 THEN
			PERFORM restore_data_product(product);
		ELSE
			PERFORM update_schema(schema_id, document);
	END CASE;
EXCEPTION WHEN OTHERS THEN
	-- many a random change may not be made
	IF SQLSTATE NOT IN ('MD002', 'MD003', 'MD004', 'MD005', 'MD011', 'MD012') THEN
		RAISE;
	END IF;
END
$$;

CREATE PROCEDURE pg_temp.register()
	LANGUAGE plpgsql
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM data_products WHERE name = 'agreement') THEN
		PERFORM register_data_product('{"name": "agreement", "description": "d",
			"domain": "LAA", "dataProductOwner": "o@example.org",
			"dataProductOwnerDisplayName": "O", "email": "e@example.org",
			"status": "draft", "retentionPeriod": 30, "dpiaRequired": false}');
	END IF;
END
$$;

-- a branch without a table that the trunk has where they part
CALL pg_temp.register();
\set schema '{"tableDescription":"","columns":[{"name":"c","type":"int","description":""}]}'
SELECT id FROM register_schema('dp:agreement:a', :'schema');
SELECT id FROM register_schema('dp:agreement:b', :'schema');
SELECT id FROM patch_schema('dp:agreement:a', '{"columns":[]}');
SELECT id FROM delete_data_product('dp:agreement:v1.2');
SELECT id FROM patch_schema('dp:agreement:v1:a', '{"tableDescription":"without b"}');
-- and which gets it later
SELECT id FROM register_schema('dp:agreement:v1:b', :'schema');
SELECT id FROM patch_schema('dp:agreement:v1:b', '{"tableDescription":"of major 1"}');

SELECT setseed(0.5);
DO $$
BEGIN
	FOR i IN 1..1000 LOOP
		CALL pg_temp.register();
		CALL pg_temp.change();
	END LOOP;
END
$$;

CREATE TEMP VIEW history AS
	SELECT p.product_id, p.name, p.trunk AS head, v.version, v.trunk, v.deleted_at IS NULL AS live
	FROM product p JOIN product_version v USING (product_id)
	WHERE p.name = 'agreement';
CREATE TEMP VIEW by_c AS
	SELECT h.version, t.id, table_name(t.id::dpid),
		r.document->'tableDescription' AS description, r.document->'columns' AS columns
	FROM history h
	CROSS JOIN get_data_product(dpid(h.name, h.version)) d
	CROSS JOIN jsonb_to_recordset(d.document::jsonb->'schemas') t (id text)
	CROSS JOIN LATERAL (SELECT get_schema.document::jsonb FROM get_schema(t.id::dpid)) r
	WHERE h.live;
CREATE TEMP VIEW by_version_tables AS
	SELECT h.version, h.live, t.table_name, t.table_schema_id
	FROM history h, version_tables(h.product_id, h.version, h.trunk, h.head) t;
CREATE TEMP VIEW by_table_at AS
	SELECT h.version, n.table_name, t.table_schema_id
	FROM history h
	CROSS JOIN (VALUES ('a'), ('b'), ('c'), ('d')) n (table_name)
	CROSS JOIN table_at(h.product_id, n.table_name, h.version, h.trunk) t
	WHERE t.table_schema_id IS NOT NULL;
CREATE TEMP VIEW by_view AS
	SELECT version, table_name, table_schema_id FROM version_table WHERE name = 'agreement';

-- a history that has everything in it
SELECT count(*) > 50 AS versions, count(*) FILTER (WHERE NOT live) > 5 AS tombstones,
	count(DISTINCT major(version)) > 3 AS majors,
	count(*) FILTER (WHERE version <> trunk) > 10 AS on_branches,
	(SELECT count(*) FROM by_c) > 20 AS tables
FROM history;
SELECT count(*) > 1 AS branches FROM (
	SELECT DISTINCT branch FROM table_range r JOIN product p USING (product_id)
	WHERE p.name = 'agreement' AND branch <> 0) b;
SELECT count(*) > 0 AS branch_lacks_table FROM table_range WHERE table_schema_id IS NULL;

-- none of these has a row
SELECT 'version_tables' AS only_in, version, table_name, table_schema_id FROM by_version_tables
EXCEPT SELECT 'version_tables', * FROM by_table_at
UNION ALL
(SELECT 'table_at', * FROM by_table_at
 EXCEPT SELECT 'table_at', version, table_name, table_schema_id FROM by_version_tables);

SELECT 'version_tables' AS only_in, version, table_name, table_schema_id FROM by_version_tables WHERE live
EXCEPT SELECT 'version_tables', * FROM by_view
UNION ALL
(SELECT 'view', * FROM by_view
 EXCEPT SELECT 'view', version, table_name, table_schema_id FROM by_version_tables WHERE live);

WITH by_sql AS (
	SELECT t.version, t.table_name, s.definition->'tableDescription' AS description,
		s.definition->'columns' AS columns
	FROM by_version_tables t JOIN table_schema s USING (table_schema_id)
	WHERE t.live
)
(SELECT 'C' AS only_in, version, table_name, description, columns FROM by_c
 EXCEPT SELECT 'C', * FROM by_sql)
UNION ALL
(SELECT 'SQL', * FROM by_sql
 EXCEPT SELECT 'SQL', version, table_name, description, columns FROM by_c);

/*
 * What was live and what was current at a time: C says it of one version, of a data
 * product and of a list of its versions, versions_at() for the views of a time, the
 * statement of list_data_products_at() and data_product_history each for itself.
 */
CREATE TEMP TABLE times AS
	SELECT DISTINCT at FROM (
		SELECT e.occurred_at AS at, row_number() OVER (ORDER BY e.event_id) AS n,
			e.action IN ('delete', 'restore', 'register') AS matters
		FROM event e JOIN product p USING (product_id)
		WHERE p.name = 'agreement') e
	WHERE n % 30 = 0 OR matters;
SELECT count(*) > 20 AS times FROM times;

CREATE FUNCTION pg_temp.resolved(id dpid, at timestamptz) RETURNS SETOF dpversion
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN QUERY SELECT version(r.id) FROM get_data_product(resolved.id, resolved.at) r;
EXCEPTION WHEN SQLSTATE 'MD002' OR SQLSTATE 'MD003' THEN
	-- there was none
	NULL;
END
$$;
CREATE FUNCTION pg_temp.listed(at timestamptz, deleted boolean) RETURNS SETOF dpversion
	LANGUAGE plpgsql
AS $$
DECLARE
	page	record;
	after	dpversion;
BEGIN
	LOOP
		SELECT v.document::jsonb AS versions, v.next INTO page
		FROM list_versions('dp:agreement', listed.deleted, 1000, after, listed.at) v;
		RETURN QUERY SELECT version((one->>'id')::dpid)
			FROM jsonb_array_elements(page.versions) one WHERE one->>'deleted' IS NULL;
		EXIT WHEN page.next IS NULL;
		after := page.next;
	END LOOP;
EXCEPTION WHEN SQLSTATE 'MD003' THEN
	NULL;
END
$$;
CREATE TEMP TABLE live AS
	SELECT 'get' AS by, t.at, r.version FROM times t, history h, pg_temp.resolved(dpid(h.name, h.version), t.at) r(version)
	UNION ALL
	SELECT 'list', t.at, l.version FROM times t, pg_temp.listed(t.at, false) l(version)
	UNION ALL
	SELECT 'list of all', t.at, l.version FROM times t, pg_temp.listed(t.at, true) l(version)
	UNION ALL
	SELECT 'at', t.at, v.version FROM times t, versions_at(t.at, 'agreement') v;
SELECT by, count(*) > 200 AS many FROM live GROUP BY by ORDER BY by;
CREATE TEMP TABLE was_current AS
	SELECT 'get' AS by, t.at, r.version FROM times t, pg_temp.resolved('dp:agreement', t.at) r(version)
	UNION ALL
	SELECT 'list', t.at, version(l.id) FROM times t, list_data_products_at(t.at, page_size => 1000) l
	WHERE name(l.id) = 'agreement'
	UNION ALL
	SELECT 'at', t.at, v.version FROM times t, versions_at(t.at, 'agreement') v WHERE v.is_current
	UNION ALL
	SELECT 'newest', l.at, max(l.version) FROM live l WHERE l.by = 'get' GROUP BY l.at
	UNION ALL
	SELECT 'history', t.at, h.version::dpversion FROM times t JOIN data_product_history h
		ON h.data_product = 'agreement' AND h.valid_from <= t.at AND (h.valid_until > t.at OR h.valid_until IS NULL);
SELECT by, count(*) > 15 AS many FROM was_current GROUP BY by ORDER BY by;
-- none of these has a row
SELECT at, version, string_agg(by, ', ' ORDER BY by) AS only_by FROM live
GROUP BY at, version HAVING count(*) <> 4;
SELECT at, version, string_agg(by, ', ' ORDER BY by) AS only_by FROM was_current
GROUP BY at, version HAVING count(*) <> 5;

-- what docs/architecture.md and docs/versions.svg draw
SELECT id FROM register_data_product('{"name": "agreement_drawn", "description": "d",
	"domain": "LAA", "dataProductOwner": "o@example.org",
	"dataProductOwnerDisplayName": "O", "email": "e@example.org",
	"status": "draft", "retentionPeriod": 30, "dpiaRequired": false}');
SELECT id FROM register_schema('dp:agreement_drawn:lines', :'schema');
SELECT id FROM patch_schema('dp:agreement_drawn:lines', '{"tableDescription": "lines"}');
SELECT id FROM patch_schema('dp:agreement_drawn:lines',
	'{"columns": [{"name": "c", "type": "bigint", "description": ""}]}');
SELECT id FROM patch_schema('dp:agreement_drawn:v1:lines', '{"tableDescription": "old lines"}');
SELECT id FROM register_schema('dp:agreement_drawn:returns', :'schema');
SELECT r.table_name, r.branch, r.since, r.until,
	rank() OVER (ORDER BY r.table_schema_id) AS revision
FROM table_range r JOIN product p USING (product_id)
WHERE p.name = 'agreement_drawn' ORDER BY revision;
SELECT v.version, v.trunk
FROM product_version v JOIN product p USING (product_id)
WHERE p.name = 'agreement_drawn' AND v.version <> v.trunk;

/*
 * The standard dialect of JSON Schema is a constant in C and the default of the
 * functions that take a dialect.
 */
SELECT p.oid::regprocedure AS another_default
FROM pg_proc p
WHERE p.pronamespace = 'dpmeta'::regnamespace AND 'dialect' = ANY (p.proargnames)
	AND p.pronargdefaults > 0
	AND pg_get_function_arguments(p.oid) NOT LIKE '%dialect text DEFAULT ''2020-12''::text%';
-- prefixItems came with it
SELECT NOT is_valid('{"prefixItems": [{"type": "string"}]}', '[1]') AS by_the_constant,
	validate_output('{"prefixItems": [{"type": "string"}]}', '[1]')->'valid' = 'false' AS by_the_default,
	is_valid('{"prefixItems": [{"type": "string"}]}', '[1]', false, '2019-09') AS by_an_older_one;

-- such a history keeps the invariants; it goes, because whole views of it take long
SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0 AND example LIKE '%agreement%';
SELECT count(dpmeta.purge_data_product(name)) FROM dpmeta.product WHERE name ~ '^agreement';
