-- a data product in the formats that others speak
SET search_path = dpmeta, public;
SELECT (sync_data_product('{"name":"formats","description":"What it''s \\ for | <b>\nmore","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"Olga Owner","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":true,"tags":{"a:b":"c:d","e":"","f%3A":"g"}}', '{
	"lines": {"tableDescription": "It''s a \"line\"", "tags": {"layer": "raw"}, "columns": [
		{"name":"id","type":"bigint","description":"Its, number","primaryKey":true},
		{"name":"part","type":"smallint","description":"","primaryKey":true},
		{"name":"day","type":"date","description":"The day","partition":true,"required":true},
		{"name":"1st","type":"utinyint","description":"a | b"},
		{"name":"t1","type":"tinyint","description":""}, {"name":"t2","type":"usmallint","description":""},
		{"name":"t3","type":"uint","description":""}, {"name":"t4","type":"ubigint","description":""},
		{"name":"f","type":"float","description":""}, {"name":"d","type":"double","description":""},
		{"name":"price","type":"decimal(10,2)","description":"","required":true,"tags":{"pii":"no"}},
		{"name":"c","type":"char(3)","description":""}, {"name":"v","type":"varchar(20)","description":""},
		{"name":"w","type":"varchar","description":""}, {"name":"s","type":"string","description":""},
		{"name":"b","type":"binary","description":""}, {"name":"at","type":"timestamp","description":""},
		{"name":"ok","type":"boolean","description":""}, {"name":"n","type":"int","description":""},
		{"name":"many","type":"array<int>","description":""},
		{"name":"deep","type":"array<array<struct<a-b:int,a$b:map<string,uint>,C:struct<c:decimal(3,1)>>>>","description":""},
		{"name":"by","type":"map<int,struct<x:varchar(3)>>","description":""}]},
	"empty": {"tableDescription": "", "columns": []}}')).kind AS made;

SELECT jsonb_pretty(column_type_tree('array<struct<a:map<char(3),decimal(10,2)>,b:varchar>>'));
SELECT jsonb_pretty(format_schema(g.document, 'json-schema')::jsonb) FROM get_schema('dp:formats:lines') g;
SELECT row_schema('dp:formats:empty');
-- of all tables
SELECT f::jsonb->'$id' AS id, jsonb_object_keys(f::jsonb->'$defs') FROM get_contract('dp:formats') g, format_contract(g.document, 'json-schema') f;
SELECT check_schema(f::jsonb) FROM get_contract('dp:formats') g, format_contract(g.document, 'json-schema') f;
SELECT jsonb_pretty(format_schema(g.document, 'avro')::jsonb) FROM get_schema('dp:formats:lines') g;
SELECT jsonb_array_length(format_contract(g.document, 'avro')::jsonb) FROM get_contract('dp:formats') g;
SELECT avro_names(ARRAY['a-b', 'a$b', 'a_b', '1']);

-- PostgreSQL does what it is told
SELECT format_contract(g.document, 'postgresql') AS ddl FROM get_contract('dp:formats') g \gset
\echo :ddl
:ddl
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(a.attrelid, a.attnum)
	FROM pg_attribute a WHERE a.attrelid = 'formats.lines'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'formats.lines'::regclass ORDER BY conname;
SELECT obj_description('formats.lines'::regclass), obj_description('formats'::regnamespace);
INSERT INTO formats.lines (id, part, day, "1st", t4, price, deep, b, at) VALUES
	(1, 1, '2026-01-31', 255, 18446744073709551615, 12345678.99, '[[{"a-b":1}]]', '\x00ff', '2026-01-31 12:00:00.5');
-- and a row of it keeps the contract
SELECT is_valid(row_schema('dp:formats:lines'), to_jsonb(l) || '{"b": "AP8="}') FROM formats.lines l;
SELECT v FROM validate(row_schema('dp:formats:lines'), '{"id":9223372036854775808,"day":"2026-02-30","1st":256,
	"price":1.005,"c":"four","b":"no!","at":"now","deep":[[{"a-b":"x","other":1}]],"by":{"1":{"x":"long one"}},"no":1}') v;
INSERT INTO formats.lines (id, part, day, "1st", price) VALUES (2, 1, '2026-01-31', 256, 1);
DROP SCHEMA formats CASCADE;
SELECT postgresql_name('select'), postgresql_name(repeat('a', 70)), length(postgresql_name(repeat('b', 128)));

SELECT format_schema(g.document, 'athena') FROM get_schema('dp:formats:lines') g;
SELECT jsonb_pretty(format_schema(g.document, 'glue')::jsonb) FROM get_schema('dp:formats:lines') g;
SELECT jsonb_pretty(format_contract(g.document, 'glue')::jsonb #- '{TableInputs,1}') FROM get_contract('dp:formats') g;
SELECT jsonb_pretty(format_contract(g.document, 'odcs')::jsonb - 'contractCreatedTs') FROM get_contract('dp:formats') g;
SELECT jsonb_pretty(format_contract(g.document, 'odps')::jsonb - 'productCreatedTs') FROM get_contract('dp:formats') g;
SELECT jsonb_pretty(format_contract(g.document, 'dcat')::jsonb - 'dcterms:issued') FROM get_contract('dp:formats') g;
SELECT replace(format_contract(g.document, 'csv'), E'\r', '') FROM get_contract('dp:formats') g;
SELECT format_contract(g.document, 'markdown') FROM get_contract('dp:formats') g;
-- a product without tables, one that is read by a steward, with all facts
SELECT (register_data_product('{"name":"formats_bare","description":"d","domain":"HQ",
	"dataProductOwner":"o","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"published","retentionPeriod":0,"dpiaRequired":false}')).kind AS made;
SELECT (report_load('dp:formats_bare', '2026-01-31 03:00Z', 7, 's3://data/bare/', 'https://dpia.example.org')).id AS reported;
SELECT f, regexp_replace(format_contract(g.document, f), '"productCreatedTs":"[^"]*"', '"productCreatedTs":0') AS text FROM get_contract('dp:formats_bare') g,
	unnest(ARRAY['odps', 'json-schema', 'avro', 'postgresql', 'athena', 'glue', 'csv', 'markdown']) f;
SELECT format_contract(g.document, NULL) = g.document::text AS same FROM get_contract('dp:formats') g;
SELECT format_contract(g.document, 'xml') FROM get_contract('dp:formats') g;
-- as of a time, and of an old version
SELECT (update_schema('dp:formats:empty', '{"tableDescription":"later","columns":[]}')).kind AS written;
SELECT s#>>'{description}' FROM get_schema('dp:formats:v1.0:empty') g, LATERAL (SELECT format_schema(g.document, 'json-schema')::jsonb) f(s);
