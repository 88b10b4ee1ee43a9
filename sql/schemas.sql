-- the schemas of tables: what each change makes of the version
SET search_path = dpmeta, public;
\set VERBOSITY sqlstate
SELECT '{"name":"schemas_a","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
SELECT id FROM register_data_product(:'doc');

-- a table added is a minor; types are stored in canonical spelling
SELECT id, regexp_replace(etag, '-[0-9a-f]{32}$', '-#') AS etag, document, kind, changes FROM register_schema('dp:schemas_a:t',
	'{"tableDescription":"T","columns":[{"name":"a","type":"integer","description":"A"},{"name":"b","type":"array< map<string , decimal(4)> >","description":""}]}');
SELECT register_schema('dp:schemas_a:t', '{"tableDescription":"T","columns":[]}');
-- nothing changed
SELECT id, kind FROM update_schema('dp:schemas_a:t',
	'{"columns":[{"type":"int","name":"a","description":"A"},{"name":"b","type":"array<map<string,decimal(4,0)>>","description":""}],"tableDescription":"T"}');
-- minor: description of the table, of a column; order; a column added
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"tableDescription":"T2"}');
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"a","type":"int","description":"A2"},{"name":"b","type":"array<map<string,decimal(4,0)>>","description":""}]}');
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"b","type":"array<map<string,decimal(4,0)>>","description":""},{"name":"a","type":"int","description":"A2"}]}');
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"b",
	"type":"array<map<string,decimal(4,0)>>","description":""},{"name":"c","type":"date",
	"description":""},{"name":"a","type":"int","description":"A2"}]}');
-- major: a type changed, a column removed, one renamed
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"b",
	"type":"string","description":""},{"name":"c","type":"date","description":""},{"name":"a",
	"type":"int","description":"A2"}]}');
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"b","type":"string","description":""},{"name":"a","type":"int","description":"A2"}]}');
SELECT id, changes FROM patch_schema('dp:schemas_a:t', '{"columns":[{"name":"b","type":"string","description":""},{"name":"z","type":"int","description":"A2"}]}');
-- each version reads as it was written
SELECT v.version, r.document->'columns' AS columns
FROM product_version v JOIN product p USING (product_id), get_schema(dpid(p.name, v.version, 't')) r
WHERE p.name = 'schemas_a' AND v.version > 'v1.0' ORDER BY v.version;

-- faults
\set VERBOSITY default
SELECT update_schema('dp:schemas_a:t', '{"columns":[{"name":"A","type":"int32","description":""},{"name":"b","type":"int"},{"name":"b","type":"int","description":"","x":1}]}');
SELECT update_schema('dp:schemas_a:t', ('{"tableDescription":"","columns":[{"name":"a","description":"","type":"' || repeat('array<', 5000) || 'int' || repeat('>', 5000) || '"}]}')::jsonb);
\set VERBOSITY sqlstate
SELECT get_schema('dp:schemas_a:none');
SELECT get_schema('dp:schemas_a:v1.0:t');
SELECT get_schema('dp:schemas_a');
SELECT update_schema('dp:schemas_a:none', '{"tableDescription":"","columns":[]}');

-- a table removed is a major; it is gone from there on, and can come back
SELECT id, kind, changes FROM delete_schema('dp:schemas_a:t');
SELECT get_schema('dp:schemas_a:t');
SELECT delete_schema('dp:schemas_a:t');
SELECT id FROM get_schema('dp:schemas_a:v4:t');
SELECT id, kind FROM register_schema('dp:schemas_a:t', '{"tableDescription":"again","columns":[]}');

-- made equal to a whole description, in one version
SELECT id, kind, changes FROM sync_data_product('{"name":"schemas_b","description":"d",
	"domain":"OPG","dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O",
	"email":"e@example.org","status":"draft","retentionPeriod":30,"dpiaRequired":false}',
	'{"one":{"tableDescription":"1","columns":[]},"three":{"tableDescription":"3","columns":[]},"two":{"tableDescription":"2","columns":[]}}');
SELECT id, kind FROM sync_data_product('{"name":"schemas_b","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}',
	'{"one":{"tableDescription":"1","columns":[]},"three":{"tableDescription":"3","columns":[]},"two":{"tableDescription":"2","columns":[]}}');
SELECT id, kind, changes, document->'schemas' AS schemas FROM sync_data_product('{"name":"schemas_b",
	"description":"d2","domain":"OPG","dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft","retentionPeriod":30,"dpiaRequired":false}',
	'{"four":{"tableDescription":"4","columns":[]},"two":{"tableDescription":"II","columns":[]},"three":{"tableDescription":"3","columns":[]}}');
SELECT sync_data_product('{"name":"schemas_b","description":"d2","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}', '{"v1":{"tableDescription":"4",
	"columns":[]}}');

-- a small document may break its model in very many places: so many are told
CREATE FUNCTION pg_temp.count_faults(columns integer, OUT message text, OUT faults integer) LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM dpmeta.register_schema('dp:schemas_b:t', jsonb_build_object('tableDescription', 't', 'columns',
		(SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, columns))));
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	faults := jsonb_array_length(detail::jsonb);
END $$;
SELECT n, f.* FROM (VALUES (333), (334), (100000)) v (n), pg_temp.count_faults(n) f;
