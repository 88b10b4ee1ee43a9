-- reading one resource: products, schemas, versions and changes, by every form of ID
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Reads", "domain": "HQ", "dataProductOwner": "reads@example.org",
	"dataProductOwnerDisplayName": "Reads", "email": "reads@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.tbl(VARIADIC columns text[]) RETURNS jsonb LANGUAGE sql
RETURN jsonb_build_object('tableDescription', 'A table', 'columns',
	(SELECT coalesce(jsonb_agg(jsonb_build_object('name', split_part(c, ' ', 1), 'type', split_part(c, ' ', 2), 'description', '')), '[]')
	 FROM unnest(columns) c));
-- what a statement raises
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;

-- v1.0; v1.1 adds a table; v1.2 another; v2.0 changes a type; v3.0 is without the first; v1.3 is on a branch
SELECT id, kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'reads_a'));
SELECT id, kind FROM dpmeta.register_schema('dp:reads_a:t', pg_temp.tbl('a int', 'b string'));
SELECT id, kind FROM dpmeta.register_schema('dp:reads_a:u', pg_temp.tbl(VARIADIC '{}'));
SELECT id, kind FROM dpmeta.update_schema('dp:reads_a:t', pg_temp.tbl('a bigint', 'b string'));
SELECT id, kind FROM dpmeta.delete_schema('dp:reads_a:t');
SELECT id, kind FROM dpmeta.update_data_product('dp:reads_a:v1', pg_temp.doc('description', 'Maintained'));

-- each form resolves
SELECT i, r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#') AS etag, r.successor, r.document->>'description', r.document->'schemas'
FROM unnest('{dp:reads_a,dp:reads_a:v1,dp:reads_a:v2,dp:reads_a:v3,dp:reads_a:v1.0,dp:reads_a:v1.1,dp:reads_a:v1.2,dp:reads_a:v1.3,dp:reads_a:v2.0}'::dpmeta.dpid[]) i,
	dpmeta.get_data_product(i) r;
SELECT i, r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#') AS etag, r.successor, r.document->'columns'->0->>'type'
FROM unnest('{dp:reads_a:u,dp:reads_a:v1:t,dp:reads_a:v2:t,dp:reads_a:v1.1:t,dp:reads_a:v1.3:t,dp:reads_a:v1.3:u,dp:reads_a:v2.0:t}'::dpmeta.dpid[]) i,
	dpmeta.get_schema(i) r;

-- the members in their order
SELECT string_agg(k, ' ') FROM dpmeta.get_data_product('dp:reads_a') r, json_object_keys(r.document) k;
SELECT document::jsonb - 'creationDate' FROM dpmeta.get_data_product('dp:reads_a:v1.0');
SELECT document FROM dpmeta.get_schema('dp:reads_a:v1.1:t');

-- null in, null out
SELECT dpmeta.get_data_product(NULL), dpmeta.get_schema(NULL),
	dpmeta.list_versions(NULL), dpmeta.list_changes('dp:reads_a', NULL);

-- what does not resolve
SELECT pg_temp.try(format('SELECT dpmeta.get_data_product(%L)', i))
FROM unnest('{dp:reads_none,dp:reads_a:v1.4,dp:reads_a:v4,dp:reads_a:v2147483647.2147483647,dp:reads_a:t,dp:reads_a:v1.0:t,dp:Reads}'::text[]) i;
SELECT pg_temp.try(format('SELECT dpmeta.get_schema(%L)', i))
FROM unnest('{dp:reads_none:t,dp:reads_a:v9:t,dp:reads_a:x,dp:reads_a:t,dp:reads_a:v3.0:t,dp:reads_a:v1.0:t,dp:reads_a,dp:reads_a:v1}'::text[]) i;

-- versions, newest first, of all, of a major, of one
SELECT e->>'id' AS id, e->>'kind' AS kind, e->'changes' AS changes, e->'deleted' AS deleted
FROM dpmeta.list_versions('dp:reads_a') r, json_array_elements(r.document) e;
SELECT i, r.id, (SELECT json_agg(e->'version') FROM json_array_elements(r.document) e)
FROM unnest('{dp:reads_a:v1,dp:reads_a:v2,dp:reads_a:v1.2}'::dpmeta.dpid[]) i, dpmeta.list_versions(i) r;
SELECT string_agg(k, ' ') FROM dpmeta.list_versions('dp:reads_a:v1.0') r, json_object_keys(r.document->0) k;
SELECT bool_and(e->>'actor' = session_user AND e->>'created' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$')
FROM dpmeta.list_versions('dp:reads_a') r, json_array_elements(r.document) e;
SELECT pg_temp.try(format('SELECT dpmeta.list_versions(%L)', i))
FROM unnest('{dp:reads_none,dp:reads_a:v4,dp:reads_a:v1.9,dp:reads_a:t}'::text[]) i;

-- the tag is of the content: the same until it changes
SELECT count(DISTINCT etag), bool_and(length(etag) = 32)
FROM (SELECT (dpmeta.list_versions('dp:reads_a')).etag UNION ALL SELECT (dpmeta.list_versions('dp:reads_a', true)).etag
	UNION ALL SELECT (dpmeta.list_versions('dp:reads_a:v1')).etag) t;

-- changes between any two live versions, either way
SELECT i, f, r.id, r.document
FROM (VALUES ('dp:reads_a', 'v2.0'), ('dp:reads_a', 'v1.0'), ('dp:reads_a:v1', 'v1.0'), ('dp:reads_a:v2', 'v1.2'),
	('dp:reads_a:v1.2', 'v2.0'), ('dp:reads_a:v1.3', 'v1.2'), ('dp:reads_a:v2.0', 'v2.0')) v(i, f),
	dpmeta.list_changes(i::dpmeta.dpid, f::dpmeta.dpversion) r;
SELECT pg_temp.try(format('SELECT dpmeta.list_changes(%L, %L)', i, f))
FROM (VALUES ('dp:reads_a', 'v1.9'), ('dp:reads_a:v9', 'v1.0'), ('dp:reads_a:u', 'v1.0'), ('dp:reads_none', 'v1.0'), ('dp:reads_a', '1.0')) v(i, f);

-- retired
SELECT id, retired_at IS NOT NULL AS retired FROM dpmeta.update_data_product('dp:reads_a', pg_temp.doc('status', 'retired'));
SELECT r.retired_at IS NOT NULL AS retired FROM unnest('{dp:reads_a,dp:reads_a:v1}'::dpmeta.dpid[]) i, dpmeta.get_data_product(i) r;
SELECT (dpmeta.list_versions('dp:reads_a')).retired_at IS NOT NULL AS retired, (dpmeta.get_schema('dp:reads_a:u')).retired_at IS NOT NULL AS retired;

-- a query sees one state, its snapshot's, whatever it calls
SELECT (dpmeta.patch_data_product('dp:reads_a', '{"description": "Later"}')).id, (dpmeta.get_data_product('dp:reads_a')).id;

SELECT dpmeta.purge_data_product('reads_a');

-- naming the successor reads none of its documents, however large
BEGIN;
-- what is counted here is what this process does
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP VIEW reads_toast AS
	SELECT sum(s.idx_scan) AS scans FROM pg_stat_xact_all_tables s JOIN pg_class c ON c.reltoastrelid = s.relid
	WHERE c.oid IN ('dpmeta.product_version'::regclass, 'dpmeta.table_schema'::regclass);
CREATE FUNCTION pg_temp.noise() RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(md5(i::text), ' ') FROM generate_series(1, 500) i);
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'reads_big'));
SELECT id FROM dpmeta.register_schema('dp:reads_big:t', pg_temp.tbl('a int'));
SELECT id FROM dpmeta.update_schema('dp:reads_big:t', pg_temp.tbl('a bigint') || jsonb_build_object('tableDescription', pg_temp.noise()));
SELECT id FROM dpmeta.update_data_product('dp:reads_big', pg_temp.doc('description', pg_temp.noise()));
SELECT scans FROM reads_toast \gset before_
SELECT id, successor FROM dpmeta.get_schema('dp:reads_big:v1:t');
SELECT scans - :before_scans AS read FROM reads_toast;
SELECT octet_length(document::text) > 16000 AS large FROM dpmeta.get_schema('dp:reads_big:t');
SELECT scans - :before_scans > 0 AS read FROM reads_toast;

-- the versions of a major read no more events than made them
CREATE TEMP VIEW reads_events AS
	SELECT idx_tup_fetch AS fetched FROM pg_stat_xact_all_tables WHERE relid = 'dpmeta.event'::regclass;
SELECT fetched FROM reads_events \gset before_
SELECT json_array_length(document) AS versions FROM dpmeta.list_versions('dp:reads_big:v1');
SELECT fetched - :before_fetched AS read FROM reads_events;
ROLLBACK;
