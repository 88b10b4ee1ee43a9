-- what a table's schema may say of columns and of the table, and what each change makes
SET search_path = dpmeta, public;
SELECT '{"name":"members_a","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
SELECT id FROM register_data_product(:'doc');
-- A write, and each of its changes.
CREATE FUNCTION pg_temp.step(columns text, tags text DEFAULT '{}')
	RETURNS TABLE (id dpmeta.dpid, kind text, change jsonb)
LANGUAGE sql AS $$
	SELECT w.id, w.kind, c.value
	FROM dpmeta.update_schema('dp:members_a:t', jsonb_build_object('tableDescription', 'T',
			'columns', columns::jsonb, 'tags', tags::jsonb)) w
	LEFT JOIN LATERAL jsonb_array_elements(w.changes) c ON true
$$;

-- what is false or empty is not kept, so that a document without it is the same
SELECT document FROM register_schema('dp:members_a:t', '{"tableDescription":"T","tags":{},"columns":[
	{"name":"a","type":"int","description":"","required":false,"primaryKey":false,"partition":false,"tags":{}},
	{"name":"b","type":"int","description":""}]}');
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":""},
	{"name":"b","type":"int","description":"","tags":{},"required":false}]');

-- minor: required, tags
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":"","required":true,"tags":{"pii":"no"}},
	{"name":"b","type":"int","description":""}]', '{"layer":"raw"}');
SELECT document FROM get_schema('dp:members_a:t');
-- nothing: the same in another order
SELECT * FROM pg_temp.step('[{"tags":{"pii":"no"},"required":true,"name":"a","type":"int","description":""},
	{"name":"b","type":"int","description":""}]', '{"layer":"raw"}');
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":"","required":true,"tags":{"pii":"yes"}},
	{"name":"b","type":"int","description":""}]', '{"layer":"clean","team":"x"}');
-- major: no longer required; any change of the key and of the partitions
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":""},
	{"name":"b","type":"int","description":""}]');
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":"","primaryKey":true},
	{"name":"b","type":"int","description":"","partition":true}]');
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":"","partition":true},
	{"name":"b","type":"int","description":"","primaryKey":true}]');
-- a column that is new is no change of one
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":"","partition":true},
	{"name":"b","type":"int","description":"","primaryKey":true},
	{"name":"c","type":"int","description":"","primaryKey":true,"required":true,"tags":{"k":"v"}}]');
-- a merge patch of the table's tags
SELECT document->'tags' AS tags, changes FROM patch_schema('dp:members_a:t', '{"tags":{"a":"1","b":"2"}}');
SELECT document->'tags' AS tags, changes FROM patch_schema('dp:members_a:t', '{"tags":{"a":null}}');
SELECT document->'tags' AS tags, changes FROM patch_schema('dp:members_a:t', '{"tags":null}');

-- what is wrong
SELECT f->>'pointer' AS pointer, f->>'message' AS message
FROM (SELECT jsonb_array_elements(jsonb_agg(jsonb_build_object('pointer', v.instance_pointer, 'message', v.message))) AS f
	FROM validate(model('schema'), '{"tableDescription":"T","tags":{"a":1,"":"b"},"columns":[
		{"name":"a","type":"int","description":"","required":"yes","primaryKey":null,"partition":1,"tags":[],
		 "renamedFrom":"A"}]}', true) v) w;

-- the views have all of this, and as of a time
SELECT kind FROM patch_schema('dp:members_a:t', '{"tags":{"layer":"raw"}}');
SELECT table_name, column_count, tags FROM schemas WHERE data_product = 'members_a' AND is_current;
SELECT column_name, required, primary_key, partition, tags FROM columns
WHERE data_product = 'members_a' AND is_current ORDER BY ordinal_position;
SELECT version, tags FROM schemas WHERE data_product = 'members_a' AND tags <> '{}' ORDER BY version;
SELECT (SELECT count(*) FROM (SELECT * FROM schemas WHERE data_product = 'members_a'
		EXCEPT ALL SELECT * FROM schemas_at(NULL, 'members_a')) a) AS schemas_differ,
	(SELECT count(*) FROM (SELECT * FROM columns_at(NULL, 'members_a')
		EXCEPT ALL SELECT * FROM columns WHERE data_product = 'members_a') a) AS columns_differ,
	(SELECT count(*) > 20 FROM columns_at(NULL, 'members_a')) AS many;

-- a rename is one change, with what else changed of the column
SELECT * FROM pg_temp.step('[{"name":"a","type":"int","description":""},{"name":"b","type":"int","description":""},
	{"name":"c","type":"struct<x:int>","description":"C"}]');
SELECT * FROM pg_temp.step('[{"name":"d","type":"int","description":"","renamedFrom":"a"},
	{"name":"b","type":"int","description":""},
	{"name":"e","type":"struct<x:int,y:int>","description":"E","renamedFrom":"c"}]');
SELECT document FROM get_schema('dp:members_a:t');
-- two swap their names
SELECT * FROM pg_temp.step('[{"name":"b","type":"int","description":"","renamedFrom":"d"},
	{"name":"d","type":"int","description":"","renamedFrom":"b"},
	{"name":"e","type":"struct<x:int,y:int>","description":"E"}]');
-- one takes the name of another that goes
SELECT * FROM pg_temp.step('[{"name":"b","type":"int","description":""},
	{"name":"e","type":"int","description":"","renamedFrom":"d"}]');
-- history follows: the views, and the difference of versions that are far from each other
SELECT from_version, to_version, column_name, old_value, new_value
FROM changes WHERE data_product = 'members_a' AND change = 'column-renamed' ORDER BY event_id, column_name;
SELECT d.document->'kind' AS kind, c.value
FROM list_changes('dp:members_a', 'v5.0') d,
	jsonb_array_elements(d.document::jsonb->'changes') c;
-- a change inside a type has its path, in the log and between two times
SELECT to_version, change, column_name, path, old_value, new_value FROM changes
WHERE data_product = 'members_a' AND path IS NOT NULL ORDER BY event_id;
SELECT c.change, c.column_name, c.path, c.new_value FROM
	(SELECT max(valid_until) FILTER (WHERE version = 'v5.0') - interval '1 microsecond' AS before,
		max(valid_from) FILTER (WHERE version = 'v6.0') AS after
	 FROM data_product_history WHERE data_product = 'members_a') t,
	changes_between(t.before, t.after) c
WHERE c.data_product = 'members_a' AND c.path IS NOT NULL;
-- in a patch, too, and in a sync; but not of a table that is new
SELECT kind, changes FROM patch_schema('dp:members_a:t', '{"columns":[
	{"name":"b","type":"int","description":""},{"name":"f","type":"int","description":"","renamedFrom":"e"}]}');
SELECT kind, changes FROM sync_data_product(:'doc', '{"t":{"tableDescription":"T","columns":[
	{"name":"b","type":"int","description":""},{"name":"g","type":"int","description":"","renamedFrom":"f"}]}}');

-- what cannot be
CREATE FUNCTION pg_temp.faults(statement text) RETURNS TABLE (pointer text, message text)
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT f->>'pointer', f->>'message' FROM jsonb_array_elements(detail::jsonb) f;
END
$$;
SELECT * FROM pg_temp.faults($$SELECT dpmeta.update_schema('dp:members_a:t', '{"tableDescription":"T","columns":[
	{"name":"b","type":"int","description":""},
	{"name":"h","type":"int","description":"","renamedFrom":"none"},
	{"name":"i","type":"int","description":"","renamedFrom":"g"},
	{"name":"j","type":"int","description":"","renamedFrom":"g"},
	{"name":"k","type":"int","description":"","renamedFrom":"b"}]}')$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.register_schema('dp:members_a:u', '{"tableDescription":"T","columns":[
	{"name":"b","type":"int","description":"","renamedFrom":"a"}]}')$$);
-- in a batch, all tables' faults come at once, each with its place
SELECT * FROM pg_temp.faults(format($$SELECT dpmeta.sync_data_product(%L, '{
	"t":{"tableDescription":"T","columns":[{"name":"x","type":"long","description":""}]},
	"U~/u":{"tableDescription":"T","columns":[{"name":"y","type":"int","description":1}]},
	"v1":{"tableDescription":"T"}, "w":1}')$$, :'doc'::jsonb || '{"domain":"none","x":1}'));
SELECT * FROM pg_temp.faults(format($$SELECT dpmeta.sync_data_product(%L, '{
	"t":{"tableDescription":"T","columns":[{"name":"x","type":"int","description":"","renamedFrom":"none"}]},
	"u":{"tableDescription":"T","columns":[{"name":"y","type":"int","description":"","renamedFrom":"none"}]}}')$$,
	:'doc'));

-- inside of types: each change has its path and its kind
CREATE FUNCTION pg_temp.types(old text, new text) RETURNS TABLE (kind text, change jsonb)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dpmeta.sync_data_product((SELECT metadata || '{"name":"members_b"}' FROM dpmeta.data_product_versions
			WHERE data_product = 'members_a' AND is_current),
		jsonb_build_object('t', jsonb_build_object('tableDescription', '', 'columns',
			jsonb_build_array(jsonb_build_object('name', 'c', 'type', old, 'description', '')))));
	RETURN QUERY SELECT w.kind, c.value
	FROM dpmeta.update_schema('dp:members_b:t', jsonb_build_object('tableDescription', '', 'columns',
			jsonb_build_array(jsonb_build_object('name', 'c', 'type', new, 'description', '')))) w
	LEFT JOIN LATERAL jsonb_array_elements(w.changes - 'table' - 'column') c ON true;
END
$$;
SELECT t.old, t.new, c.kind, c.change - '{table,column,columnFrom,columnTo}'::text[] AS change
FROM (VALUES ('int', 'bigint'), ('int', 'Integer'), ('array<int>', 'array<bigint>'), ('array<int>', 'int'),
	('map<int,string>', 'map<bigint,string>'), ('map<int,map<int,date>>', 'map<int,map<int,int>>'),
	('decimal(10,2)', 'decimal(12,2)'), ('array<decimal(10,2)>', 'array<decimal(12,2)>'),
	('struct<a:int>', 'struct<a:int,b:array<int>>'), ('struct<a:int,b:int>', 'struct<b:int,a:int>'),
	('struct<a:int,b:int>', 'struct<b:int,c:date,a:int>'), ('struct<a:int,b:int>', 'struct<b:int>'),
	('struct<a:int>', 'struct<b:int>'), ('struct<userId:int>', 'struct<userid:int>'),
	('struct<a:int,b:decimal(5,1)>', 'struct<a:date,b:decimal(5,2)>'),
	('array<struct<sku:int,n:map<string,struct<v:int>>>>',
	 'array<struct<n:map<string,struct<v:date,w:int>>,sku:bigint>>'),
	('struct<a:struct<b:struct<c:int>>>', 'struct<a:struct<b:struct<c:int,d:int>>>'),
	('struct<A-$:int>', 'struct<A-$:date>')) t (old, new),
	pg_temp.types(t.old, t.new) c;
-- the whole types are beside those at the place
SELECT c.change FROM pg_temp.types('struct<a:array<int>,b:int>', 'struct<a:array<date>>') c;

-- what is listed of large types is bounded, and of the right kind
SELECT c.kind, count(*), count(c.change->'columnFrom') AS whole,
	pg_column_size(jsonb_agg(c.change)) < 16 * 65536 AS bounded,
	jsonb_agg(DISTINCT c.change->'change') AS changes
FROM (SELECT repeat('struct<' || repeat('x', 120) || ':', 30) || 'struct<' AS deep, repeat('>', 31) AS deep_end) d,
	pg_temp.types(deep || 'a:int' || deep_end,
		deep || 'a:int' || (SELECT string_agg(',f' || i || ':int', '') FROM generate_series(1, 4000) i) || deep_end) c
GROUP BY c.kind;
SELECT c.kind, count(*) > 8 AS many, bool_or(c.change->>'path' IS NULL) AS told_as_one,
	pg_column_size(jsonb_agg(c.change)) < 16 * 65536 AS bounded
FROM (SELECT repeat('struct<' || repeat('x', 120) || ':', 30) || 'struct<' AS deep, repeat('>', 31) AS deep_end) d,
	pg_temp.types(deep || 'a:int' || (SELECT string_agg(',f' || i || ':int', '') FROM generate_series(1, 4000) i) || deep_end,
		deep || 'a:int' || (SELECT string_agg(',f' || i || ':date', '') FROM generate_series(1, 4000) i) || deep_end) c
GROUP BY c.kind;
