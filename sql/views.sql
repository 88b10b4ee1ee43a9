-- the views over base tables filled by hand, so that times and corner cases are known
BEGIN;
SET LOCAL search_path = dpmeta, pg_catalog;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO';

-- Stable as what it calls, or else each call would be a plan of its own.
CREATE FUNCTION pg_temp.metadata(name text, more jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN jsonb_build_object('name', name, 'description', 'about ' || name, 'domain', 'HQ',
		'dataProductOwner', 'owner@x.org', 'dataProductOwnerDisplayName', 'O',
		'dataProductMaintainer', NULL, 'dataProductMaintainerDisplayName', NULL,
		'email', 'team@x.org', 'status', 'draft', 'retentionPeriod', 30,
		'dpiaRequired', false, 'tags', '{}'::jsonb) || more;

CREATE FUNCTION pg_temp.make_product(name text, current dpversion, trunk dpversion, tags jsonb DEFAULT '{}')
	RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO dpmeta.product (name, current, trunk, registered_at, changed_at, deleted_at,
								domain, status, owner, tags, search)
	VALUES (name, current, trunk, '2026-01-01', '2026-02-01',
			CASE WHEN current IS NULL THEN timestamptz '2026-02-01' END,
			'HQ', 'draft', 'owner@x.org', tags, '')
	RETURNING product_id $$;

CREATE FUNCTION pg_temp.make_version(of_product text, version dpversion, trunk dpversion, base dpversion,
									 kind text, changes jsonb, deleted boolean DEFAULT false)
	RETURNS void LANGUAGE sql AS $$
	INSERT INTO dpmeta.product_version (product_id, version, trunk, created_at, deleted_at,
										metadata, facts, document)
	SELECT product_id, version, make_version.trunk, timestamptz '2026-01-01' + interval '1 day' * minor(version),
		CASE WHEN deleted THEN timestamptz '2026-02-01' END,
		pg_temp.metadata(name),
		'{"rowCount": 12, "lastUpdated": "2026-01-05T04:03:02.000001Z", "s3Location": "s3://b/k"}', '{}'
	FROM dpmeta.product WHERE name = of_product;
	INSERT INTO dpmeta.event (occurred_at, product_id, action, from_version, to_version, kind,
							  actor, session_role, changes)
	SELECT timestamptz '2026-01-01' + interval '1 day' * minor(version), product_id,
		CASE WHEN base IS NULL THEN 'register' ELSE 'update' END, base, version, kind,
		'ann', 'front', changes
	FROM dpmeta.product WHERE name = of_product $$;

CREATE FUNCTION pg_temp.make_range(of_product text, table_name text, branch integer, since dpversion,
								   until dpversion, columns text[])
	RETURNS void LANGUAGE sql AS $$
	WITH definition AS (
		INSERT INTO dpmeta.table_schema (product_id, definition, document)
		SELECT product_id, jsonb_build_object('tableDescription', 'about ' || table_name, 'columns',
			coalesce((SELECT jsonb_agg(jsonb_build_object('name', c.name, 'type', 'decimal(9,2)',
														  'description', 'about ' || c.name) ORDER BY c.n)
					  FROM unnest(columns) WITH ORDINALITY c(name, n)), '[]')), '{}'
		FROM dpmeta.product WHERE name = of_product AND columns IS NOT NULL
		RETURNING table_schema_id)
	INSERT INTO dpmeta.table_range (product_id, table_name, branch, since, until, table_schema_id)
	SELECT product_id, table_name, branch, since, until, (SELECT table_schema_id FROM definition)
	FROM dpmeta.product WHERE name = of_product $$;

-- A trunk v1.0 v1.1 v2.0 v2.1, and a branch of major 1, v1.2 and v1.3.
SELECT pg_temp.make_product('views_a', 'v2.1', 'v2.1', '{"team": "blue", "tier": "1"}') IS NOT NULL AS made;
SELECT pg_temp.make_version('views_a', 'v1.0', 'v1.0', NULL, 'initial', '[]');
SELECT pg_temp.make_version('views_a', 'v1.1', 'v1.1', 'v1.0', 'minor',
	'[{"change": "column-added", "kind": "minor", "table": "t1", "column": "b", "to": "decimal(9,2)"}]');
SELECT pg_temp.make_version('views_a', 'v2.0', 'v2.0', 'v1.1', 'major',
	'[{"change": "table-removed", "kind": "major", "table": "t2"},
	  {"change": "metadata-changed", "kind": "minor", "member": "description", "from": "a", "to": "b"}]');
SELECT pg_temp.make_version('views_a', 'v2.1', 'v2.1', 'v2.0', 'minor', '[{"change": "table-added", "kind": "minor", "table": "t3"}]');
SELECT pg_temp.make_version('views_a', 'v1.2', 'v1.1', 'v1.1', 'minor', '[]');
SELECT pg_temp.make_version('views_a', 'v1.3', 'v1.1', 'v1.2', 'minor', '[]');
SELECT pg_temp.make_range('views_a', 't1', 0, 'v1.0', 'v1.1', '{a}');
SELECT pg_temp.make_range('views_a', 't1', 0, 'v1.1', NULL, '{a,b}');
SELECT pg_temp.make_range('views_a', 't2', 0, 'v1.0', 'v2.0', '{x}');
SELECT pg_temp.make_range('views_a', 't3', 0, 'v2.1', NULL, '{}');
SELECT pg_temp.make_range('views_a', 't1', 1, 'v1.3', NULL, '{a,b,c}');
SELECT pg_temp.make_range('views_a', 't2', 1, 'v1.3', NULL, NULL);
SELECT pg_temp.make_range('views_a', 't9', 1, 'v1.2', 'v1.3', '{y}');
SELECT pg_temp.make_range('views_a', 't9', 1, 'v1.3', NULL, '{y,z}');
-- The head of the trunk is deleted, an older version is current.
SELECT pg_temp.make_product('views_b', 'v1.0', 'v2.0') IS NOT NULL AS made;
SELECT pg_temp.make_version('views_b', 'v1.0', 'v1.0', NULL, 'initial', '[]');
SELECT pg_temp.make_version('views_b', 'v2.0', 'v2.0', 'v1.0', 'major', '[]', true);
SELECT pg_temp.make_range('views_b', 't1', 0, 'v1.0', 'v2.0', '{a}');
SELECT pg_temp.make_range('views_b', 't1', 0, 'v2.0', NULL, '{b}');
-- All of it is deleted.
SELECT pg_temp.make_product('views_c', NULL, 'v1.0') IS NOT NULL AS made;
SELECT pg_temp.make_version('views_c', 'v1.0', 'v1.0', NULL, 'initial', '[]', true);
SELECT pg_temp.make_range('views_c', 't1', 0, 'v1.0', NULL, '{a}');

\x
SELECT * FROM data_products WHERE name LIKE 'views\_%' ORDER BY name;
\x
SELECT id, data_product, version, is_current, is_live, created_at::date, deleted_at::date, created_by, action,
	kind, base_version, change_count, table_count, description, domain, status, data_product_owner
FROM data_product_versions WHERE data_product LIKE 'views\_%' ORDER BY data_product, version;
SELECT id, version, is_current, table_name, description, column_count, unchanged_since
FROM schemas WHERE data_product LIKE 'views\_%' ORDER BY id;
SELECT * FROM schemas WHERE id = 'dp:views_a:v1.3:t9';
SELECT id, is_current, table_name, ordinal_position, column_name, column_type, base_type(column_type), description
FROM columns WHERE data_product LIKE 'views\_%' AND (is_current OR version = 'v1.3') ORDER BY id, ordinal_position;
SELECT * FROM tags WHERE data_product LIKE 'views\_%' ORDER BY key;
SELECT occurred_at::date, data_product, action, table_name, kind, from_version, to_version, actor, session_role,
	change_count, transaction_id IS NOT NULL AS has_transaction
FROM events WHERE data_product = 'views_a' ORDER BY event_id;
SELECT data_product, from_version, to_version, actor, kind, change, table_name, column_name, member, old_value, new_value, path
FROM changes WHERE data_product LIKE 'views\_%' ORDER BY event_id, change;

-- the views and version_tables() agree on every live version
WITH by_function AS (
	SELECT p.name, v.version, t.table_name, t.table_schema_id
	FROM product p
	JOIN product_version v USING (product_id)
	CROSS JOIN LATERAL version_tables(p.product_id, v.version, v.trunk, p.trunk) t
	WHERE v.deleted_at IS NULL
), by_view AS (
	SELECT name, version, table_name, table_schema_id FROM version_table
)
SELECT 'view only' AS found, v.* FROM (TABLE by_view EXCEPT TABLE by_function) v
UNION ALL
SELECT 'function only', f.* FROM (TABLE by_function EXCEPT TABLE by_view) f;

-- Ten thousand more, to see that conditions reach indexes through the views.
INSERT INTO product (name, current, trunk, registered_at, changed_at, domain, status, owner, tags, search)
SELECT 'views_n' || i, 'v1.1', 'v1.1', now(), now(), 'd' || i % 200, 'published', 'o' || i % 500,
	jsonb_build_object('team', 't' || i % 500), ''
FROM generate_series(1, 10000) i;
INSERT INTO product_version (product_id, version, trunk, created_at, metadata, document)
SELECT product_id, v, v, now(), pg_temp.metadata(name), '{}'
FROM product, unnest('{v1.0,v1.1}'::dpversion[]) v WHERE name LIKE 'views\_n%';
INSERT INTO table_schema (product_id, definition, document)
SELECT product_id, '{"tableDescription": "", "columns": []}', '{}' FROM product WHERE name LIKE 'views\_n%';
INSERT INTO table_range (product_id, table_name, branch, since, table_schema_id)
SELECT product_id, 't', 0, 'v1.0', table_schema_id FROM table_schema JOIN product USING (product_id)
WHERE name LIKE 'views\_n%';
INSERT INTO event (occurred_at, product_id, action, to_version, kind, actor, changes)
SELECT now() - interval '1 hour' * substr(name, 8)::integer, product_id, 'register', version, 'initial', 'seed', '[]'
FROM product_version JOIN product USING (product_id) WHERE name LIKE 'views\_n%';
ANALYZE product, product_version, table_schema, table_range, event;

-- the base tables that a query reads whole, and the most rows that any step gives
CREATE FUNCTION pg_temp.cost_of(query text, OUT read_whole text, OUT most_rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	plan	jsonb;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
	SELECT string_agg(DISTINCT n->>'Relation Name', ', ') FILTER (WHERE n->>'Node Type' = 'Seq Scan'),
		max((n->>'Actual Rows')::numeric * (n->>'Actual Loops')::bigint)
	INTO read_whole, most_rows
	FROM jsonb_path_query(plan, 'strict $.**{0 to last} ? (@."Node Type" like_regex ".")') n;
END $$;

SELECT q.query, c.read_whole, c.most_rows < 500 AS few_rows
FROM (VALUES
	(1, $$SELECT * FROM data_products WHERE name = 'views_n77'$$),
	(2, $$SELECT * FROM data_products WHERE id = 'dp:views_n77:v1.1'$$),
	(3, $$SELECT * FROM data_products WHERE 'dp:views_n77:v1.1' = id$$),
	(4, $$SELECT * FROM data_products WHERE domain = 'd7'$$),
	(5, $$SELECT * FROM data_products WHERE data_product_owner = 'o7'$$),
	(6, $$SELECT * FROM data_products WHERE tags @> '{"team": "t7"}'$$),
	(7, $$SELECT * FROM data_product_versions WHERE data_product = 'views_n77'$$),
	(8, $$SELECT * FROM data_product_versions WHERE id = 'dp:views_n77:v1.1'$$),
	(9, $$SELECT * FROM schemas WHERE data_product = 'views_n77' AND is_current$$),
	(10, $$SELECT * FROM schemas WHERE id = 'dp:views_n77:v1.1:t'$$),
	(11, $$SELECT * FROM columns WHERE data_product = 'views_n77'$$),
	(12, $$SELECT * FROM columns WHERE id = 'dp:views_a:v1.3:t1'$$),
	(13, $$SELECT * FROM tags WHERE data_product = 'views_n77'$$),
	(14, $$SELECT * FROM events WHERE data_product = 'views_n77'$$),
	(15, $$SELECT * FROM events WHERE occurred_at BETWEEN now() - interval '1005 hours' AND now() - interval '1000 hours'$$),
	(16, $$SELECT * FROM changes WHERE data_product = 'views_a'$$),
	(17, $$SELECT * FROM problems WHERE data_product = 'views_n77'$$),
	(18, $$SELECT * FROM problems WHERE id = 'dp:views_n77:v1.1'$$),
	(19, $$SELECT * FROM tags WHERE id = 'dp:views_n77:v1.1'::varchar$$),
	(20, $$SELECT * FROM columns WHERE data_product = 'views_n77' AND version = 'v1.0'$$),
	(21, $$SELECT * FROM columns WHERE id IN ('dp:views_a:v1.3:t1', 'dp:views_n77:v1.0:t')$$),
	(22, $$SELECT * FROM (VALUES ('dp:views_a:v1.3:t1'::varchar), ('dp:views_n77:v1.0:t')) w(id) JOIN columns c ON c.id = w.id$$),
	(23, $$SELECT (SELECT count(*) FROM schemas s WHERE s.id = w.id) FROM (VALUES ('dp:views_a:v1.3:t1'::text), ('dp:views_n77:v1.0:t')) w(id)$$),
	(24, $$SELECT * FROM (VALUES ('x')) w(x) LEFT JOIN schemas s ON s.id = 'dp:views_n77:v1.0:t'$$),
	(25, $$SELECT * FROM data_product_versions WHERE id LIKE 'dp:views\_a:%'$$),
	(26, $$SELECT max(version) FROM data_product_versions WHERE data_product = 'views_n77'$$)
) q(n, query)
CROSS JOIN LATERAL pg_temp.cost_of(q.query) c
ORDER BY q.n;

-- an ID with fewer parts is another one, and a condition by parameter works too
SELECT count(*) FROM data_products WHERE id = 'dp:views_n77';
SELECT count(*) FROM data_products WHERE id = 'dp:views_n77:v1';
SELECT count(*) FROM columns WHERE id = 'dp:views_a:v1.3';
SELECT count(*) FROM data_products WHERE NOT id = 'dp:views_n77:v1.1' AND name LIKE 'views\_n%';
SET plan_cache_mode = force_generic_plan;
PREPARE by_id(varchar) AS SELECT table_name, count(*) FROM columns WHERE id = $1 GROUP BY 1;
EXECUTE by_id('dp:views_a:v1.3:t1');
EXECUTE by_id('dp:views_a:v1.3');
EXECUTE by_id(NULL);
RESET plan_cache_mode;
-- a version that is no version is no error, and one that is not written so is another
SELECT count(*) FROM schemas WHERE version = 'v1';
SELECT count(*) FROM schemas WHERE version = 'v01.0' OR version = 'V1.0';
-- ordered by number
SELECT array_agg(version ORDER BY version) AS ordered, max(version) FROM data_product_versions WHERE data_product = 'views_a';
-- without ICU, that is by bytes
SELECT array[min(v), max(v)] = CASE o.collprovider WHEN 'i' THEN array['v1.9', 'v10.0'] ELSE array['v1.10', 'v9.1'] END AS ordered
FROM unnest('{v1.9,v1.10,v10.0,v9.1}'::text[]) u(t), LATERAL (SELECT t COLLATE version_order) c(v), pg_collation o
WHERE o.oid = 'dpmeta.version_order'::regcollation GROUP BY o.collprovider;
-- and without a search path
SET LOCAL search_path = pg_catalog;
SELECT id FROM dpmeta.schemas WHERE version > 'v1.2' AND id LIKE 'dp:views\_a:%' ORDER BY version, id;
SET LOCAL search_path = dpmeta, pg_catalog;
-- joined by ID
SELECT s.id, t.key FROM data_products d JOIN tags t USING (id) JOIN schemas s ON s.data_product = d.name AND s.is_current
WHERE d.name = 'views_a' ORDER BY 1, 2;
SELECT id FROM schemas WHERE id IN (SELECT dpid('views_a', version, 't1') FROM data_product_versions WHERE data_product = 'views_a')
ORDER BY id;
ROLLBACK;
