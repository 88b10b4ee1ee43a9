-- a data product with all of its tables as one document
SET search_path = dpmeta, public;
SELECT '{"name":"contracts","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false,
	"tables":[
		{"name":"lines","tableDescription":"L","columns":[{"name":"id","type":"bigint","description":"k"},{"name":"n","type":"int","description":""}]},
		{"name":"heads","tableDescription":"H","tags":{"layer":"raw"},"columns":[{"name":"id","type":"bigint","description":"k"}]}]}' AS doc \gset

CREATE FUNCTION pg_temp.faults(statement text) RETURNS TABLE (pointer text, keyword text, message text)
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT f->>'pointer', f->>'keyword', f->>'message' FROM jsonb_array_elements(detail::jsonb) f;
END
$$;
-- what a write makes, without the times
CREATE FUNCTION pg_temp.shown(w write_result) RETURNS TABLE (id text, kind text, tables jsonb, kept jsonb, changes jsonb)
LANGUAGE sql RETURN ROW(w.id::text, w.kind,
	jsonb_path_query_array(w.document::jsonb, '$.tables[*].name'), w.document::jsonb->'keptTables',
	(SELECT jsonb_agg(concat_ws(' ', c->>'change', c->>'table', c->>'column', c->>'member')) FROM jsonb_array_elements(w.changes) c));

-- of a product that is not there: the whole difference, and nothing is done
SELECT s.* FROM put_contract('dp:contracts', :'doc', dry_run => true) w, pg_temp.shown(w) s;
SELECT w.document FROM put_contract('dp:contracts', jsonb_set(:'doc', '{tables,1,columns}', '[]'), dry_run => true) w;
SELECT get_contract('dp:contracts');
-- it is made whole, as one version
SELECT s.* FROM put_contract('dp:contracts', :'doc') w, pg_temp.shown(w) s;
SELECT jsonb_pretty(g.document::jsonb - 'creationDate') FROM get_contract('dp:contracts') g;
SELECT g.etag = p.etag AS same_tag, g.id = p.id AS same_id,
	g.document::jsonb - 'tables' = p.document::jsonb - 'schemas' AS same_document
	FROM get_contract('dp:contracts') g, get_data_product('dp:contracts:v1') p;
SELECT action, to_version, kind FROM events WHERE data_product = 'contracts';
-- again: nothing
SELECT s.* FROM put_contract('dp:contracts', :'doc') w, pg_temp.shown(w) s;
-- GET, PUT; GET, edit, PUT
SELECT s.* FROM get_contract('dp:contracts') g, put_contract(g.id, g.document::jsonb) w, pg_temp.shown(w) s;
SELECT s.* FROM get_contract('dp:contracts') g, put_contract('dp:contracts', jsonb_set(g.document::jsonb || '{"description":"d2"}',
	'{tables,0,tableDescription}', '"H2"')) w, pg_temp.shown(w) s;
-- one table less, one more, one changed, one column renamed: one version; what is not named is kept and told
SELECT jsonb_set(:'doc'::jsonb, '{tables}', '[
	{"name":"lines","tableDescription":"L","columns":[{"name":"key","type":"bigint","description":"k","renamedFrom":"id"},{"name":"n","type":"bigint","description":""}]},
	{"name":"more","tableDescription":"M","columns":[]}]') AS next \gset
SELECT s.* FROM put_contract('dp:contracts', :'next', dry_run => true) w, pg_temp.shown(w) s;
SELECT w.document::jsonb->'version' AS version, w.document::jsonb->'keptTables' AS kept, jsonb_array_length(w.document::jsonb->'changes') AS changes
	FROM put_contract('dp:contracts', :'next', dry_run => true, prune => true) w;
SELECT s.* FROM put_contract('dp:contracts', :'next', idempotent => true) w, pg_temp.shown(w) s;
-- a retry tells the same, and one that prunes is another request
SELECT s.*, w.replayed FROM put_contract('dp:contracts', :'next', idempotent => true) w, pg_temp.shown(w) s;
SELECT jsonb_set(:'next', '{tables,0,columns,0}', '{"name":"key","type":"bigint","description":"k"}') AS next \gset
SELECT s.*, w.replayed FROM put_contract('dp:contracts', :'next', idempotent => true, idempotency_key => 'contracts') w, pg_temp.shown(w) s;
SELECT put_contract('dp:contracts', :'next', idempotent => true, idempotency_key => 'contracts', prune => true);
-- the answer is accepted as it is, with the names of what was kept
SELECT w.kind FROM put_contract('dp:contracts', :'next') a, put_contract('dp:contracts', a.document::jsonb) w;
-- removing needs a steward
CREATE ROLE contracts_producer;
SELECT grant_producer('contracts_producer');
SET ROLE contracts_producer;
SELECT s.kind FROM put_contract('dp:contracts', :'next') w, pg_temp.shown(w) s;
-- the detail names whoever runs this
\set VERBOSITY terse
SELECT put_contract('dp:contracts', :'next', prune => true);
\set VERBOSITY default
RESET ROLE;
SELECT revoke_reader('contracts_producer');
DROP ROLE contracts_producer;
SELECT s.* FROM put_contract('dp:contracts', :'next', prune => true) w, pg_temp.shown(w) s;
SELECT action, to_version, kind FROM events WHERE data_product = 'contracts' ORDER BY event_id;
SELECT table_name, column_name FROM columns WHERE data_product = 'contracts' AND is_current ORDER BY 1, 2;
-- any version, and any time
SELECT jsonb_path_query_array(g.document::jsonb, '$.tables[*].name') FROM get_contract('dp:contracts:v1.0') g;
SELECT g.id, jsonb_path_query_array(g.document::jsonb, '$.tables[*].name') FROM events e,
	get_contract('dp:contracts', e.occurred_at) g WHERE e.data_product = 'contracts' ORDER BY e.event_id;
SELECT get_contract('dp:contracts', 'epoch');
SELECT get_contract('dp:contracts:t');
SELECT get_contract(NULL);

-- a document of the product, with its tables added
SELECT w.kind FROM get_data_product('dp:contracts') p, get_contract('dp:contracts') g,
	put_contract('dp:contracts', p.document::jsonb || jsonb_build_object('tables', g.document::jsonb->'tables')) w;

-- conditions
\set VERBOSITY terse
SELECT put_contract('dp:contracts', :'next', if_match => '{x}');
\set VERBOSITY default
SELECT put_contract('dp:contracts_not', jsonb_set(:'next', '{name}', '"contracts_not"'), if_match => '{*}');
SELECT w.kind FROM get_contract('dp:contracts') g, put_contract('dp:contracts', :'next', if_match => ARRAY[g.etag]) w;
-- an ID with a version says what it starts from: it registers nothing
SELECT put_contract('dp:contracts:v1.0', :'next');
SELECT s.* FROM put_contract('dp:contracts:v3.0', :'next') w, pg_temp.shown(w) s;
SELECT put_contract('dp:contracts_not:v1.0', jsonb_set(:'next', '{name}', '"contracts_not"'));
SELECT put_contract('dp:contracts:v1', :'next');
SELECT s.* FROM put_contract('dp:contracts:v1', :'doc'::jsonb || '{"description":"maintained"}') w, pg_temp.shown(w) s;

-- what is wrong, with pointers from the top
SELECT * FROM pg_temp.faults($$SELECT dpmeta.put_contract('dp:contracts', g.document::jsonb
	|| '{"name":"x","version":"v9.9","schemas":[],"domain":"none","tables":[
		{"name":"v1","tableDescription":"","columns":[]},
		{"name":"A","tableDescription":"","columns":[{"name":"c","type":"intt","description":""}]},
		{"name":"t","tableDescription":"","columns":[]},{"name":"t","columns":[],"id":1}]}')
	FROM dpmeta.get_contract('dp:contracts') g$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.put_contract('dp:contracts', g.document::jsonb
	|| '{"tables":[{"name":"b","tableDescription":"","columns":[]},
		{"name":"lines","tableDescription":"","columns":[{"name":"z","type":"int","description":"","renamedFrom":"none"}]}]}')
	FROM dpmeta.get_contract('dp:contracts') g$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.put_contract('dp:contracts_not', (g.document::jsonb - 'creationDate'))
	FROM dpmeta.get_contract('dp:contracts') g$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.put_contract('dp:contracts', '[]')$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.put_contract('dp:contracts', '{"tables":{}}')$$) WHERE pointer <> '';
SELECT put_contract('dp:contracts', NULL);
SELECT put_contract(NULL, '{}');
SELECT put_contract('dp:contracts:t', '{}');

-- a deleted name is registered again
SELECT id FROM delete_data_product('dp:contracts');
SELECT get_contract('dp:contracts');
SELECT s.* FROM put_contract('dp:contracts', :'next') w, pg_temp.shown(w) s;

-- many tables, and none
SELECT s.id, s.kind, jsonb_array_length(s.changes) FROM put_contract('dp:contracts_many', jsonb_set(:'doc'::jsonb || '{"name":"contracts_many"}', '{tables}',
	(SELECT jsonb_agg(jsonb_build_object('name', 't' || n, 'tableDescription', '', 'columns', '[]'::jsonb)) FROM generate_series(1, 1000) n))) w, pg_temp.shown(w) s;
SELECT jsonb_array_length(g.document::jsonb->'tables') FROM get_contract('dp:contracts_many') g;
SELECT s.id, s.kind, jsonb_array_length(s.changes) FROM put_contract('dp:contracts_many', :'doc'::jsonb || '{"name":"contracts_many","tables":[]}', prune => true) w, pg_temp.shown(w) s;
SELECT g.document::jsonb->'tables' FROM get_contract('dp:contracts_many') g;

-- many at once: all of them or none, each in one version
CREATE FUNCTION pg_temp.document_faults(statement text) RETURNS TABLE (document int, pointer text, keyword text, message text)
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT (f->>'document')::int, f->>'pointer', f->>'keyword', f->>'message' FROM jsonb_array_elements(detail::jsonb) f;
END
$$;
SELECT jsonb_build_array(:'doc'::jsonb || '{"name":"contracts_b"}', :'doc'::jsonb || '{"name":"contracts_a","tables":[]}') AS docs \gset
SELECT e->>'id' AS id, e->>'version' AS version, e->>'kind' AS kind, jsonb_array_length(e->'changes') AS changes
	FROM put_contracts(:'docs', dry_run => true) r, jsonb_array_elements(r::jsonb) e;
SELECT count(*) FROM data_products WHERE data_product LIKE 'contracts\__';
SELECT e->>'id' AS id, e->>'version' AS version, e->>'kind' AS kind, jsonb_array_length(e->'changes') AS changes
	FROM put_contracts(:'docs', idempotent => true) r, jsonb_array_elements(r::jsonb) e;
-- in the order of names
SELECT data_product, to_version, action, kind FROM events WHERE data_product LIKE 'contracts\__' ORDER BY event_id;
-- a retry tells the same; without it, nothing changed
SELECT put_contracts(:'docs', idempotent => true)::jsonb @@ '$[*].kind == "initial"' AS replayed;
SELECT put_contracts(:'docs');
-- what they leave out is kept and told, or removed
SELECT put_contracts(jsonb_build_array(:'doc'::jsonb || '{"name":"contracts_b","tables":[]}'), dry_run => true);
SELECT e->>'version' AS version, e->>'kind' AS kind FROM put_contracts(jsonb_build_array(:'doc'::jsonb || '{"name":"contracts_b","tables":[]}'),
	prune => true) r, jsonb_array_elements(r::jsonb) e;
-- faults of all of them, with the number of the document
SELECT * FROM pg_temp.document_faults($$SELECT dpmeta.put_contracts(jsonb_build_array(
	(SELECT g.document::jsonb || '{"domain":"none"}' FROM dpmeta.get_contract('dp:contracts') g), '1',
	(SELECT g.document::jsonb - 'name' || '{"tables":[{"name":"t","tableDescription":"","columns":[{"name":"c","type":"intt","description":""}]}]}' FROM dpmeta.get_contract('dp:contracts') g),
	(SELECT g.document::jsonb - 'name' FROM dpmeta.get_contract('dp:contracts') g)))$$);
SELECT * FROM pg_temp.document_faults($$SELECT dpmeta.put_contracts(jsonb_build_array(g.document::jsonb, g.document::jsonb)) FROM dpmeta.get_contract('dp:contracts') g$$);
SELECT * FROM pg_temp.document_faults($$SELECT dpmeta.put_contracts(jsonb_build_array(g.document::jsonb || '{"description":"never"}',
	g.document::jsonb || '{"name":"contracts_z"}')) FROM dpmeta.get_contract('dp:contracts') g$$);
SELECT put_contracts(jsonb_build_array(:'doc'::jsonb || '{"name":"contracts_c"}', :'doc'::jsonb || '{"name":"contracts_d","status":"published"}'),
	actor => 'ann', actor_roles => '{producer}');
SELECT count(*) FROM data_products WHERE data_product IN ('contracts_c', 'contracts_d') OR description = 'never';
SELECT put_contracts('[]');
SELECT put_contracts('{}');
SELECT put_contracts(NULL);
-- the body of a request
SELECT read_documents(E'\n{"a":1}\r\n\n  {"b":"x\\ny"}\n'), read_documents(E' \n[1,\n2]'), read_documents('');
\set VERBOSITY terse
SELECT read_documents(E'{"a":1}\n{"a":\n1}');
\set VERBOSITY default
