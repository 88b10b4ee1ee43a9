-- the members that the platform sets: what was read may be sent back
SET search_path = dpmeta, public;
SELECT '{"name":"read_only_a","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
SELECT id FROM register_data_product(:'doc');
SELECT id FROM register_schema('dp:read_only_a:t', '{"tableDescription":"T","columns":[]}');
SELECT id FROM register_schema('dp:read_only_a:u', '{"tableDescription":"U","columns":[]}');
SELECT id FROM report_load('dp:read_only_a', last_updated => '2026-01-01 00:00Z', row_count => 12);

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

-- read, send back: nothing changed; read, edit, send back
SELECT u.id, u.kind FROM get_data_product('dp:read_only_a') g, update_data_product('dp:read_only_a', g.document::jsonb) u;
SELECT u.id, u.kind, u.changes FROM get_data_product('dp:read_only_a') g,
	update_data_product('dp:read_only_a', g.document::jsonb || '{"description":"d2"}') u;
SELECT u.id, u.kind FROM get_schema('dp:read_only_a:t') g, update_schema('dp:read_only_a:t', g.document::jsonb) u;
SELECT u.id, u.kind FROM get_schema('dp:read_only_a:t') g,
	update_schema('dp:read_only_a:t', g.document::jsonb || '{"tableDescription":"T2"}') u;
SELECT u.id, u.kind FROM get_data_product('dp:read_only_a') g, patch_data_product('dp:read_only_a', g.document::jsonb) u;
SELECT u.id, u.kind FROM get_schema('dp:read_only_a:t') g, patch_schema('dp:read_only_a:t', g.document::jsonb) u;
-- by the ID of a version, and in a sync
SELECT u.id, u.kind FROM get_schema('dp:read_only_a:v1:t') g,
	update_schema('dp:read_only_a:v1.4:t', g.document::jsonb || '{"tableDescription":"T3"}') u;
SELECT u.id, u.kind FROM get_data_product('dp:read_only_a') g, get_schema('dp:read_only_a:t') t, get_schema('dp:read_only_a:u') w,
	sync_data_product(g.document::jsonb, jsonb_build_object('t', t.document::jsonb, 'u', w.document::jsonb)) u;
-- of an older major
SELECT id FROM delete_schema('dp:read_only_a:u');
SELECT u.id, u.kind FROM get_data_product('dp:read_only_a:v1') g,
	update_data_product('dp:read_only_a:v1', g.document::jsonb || '{"description":"maintained"}') u;
-- a table that is new in the version that it is registered in
SELECT id FROM register_schema('dp:read_only_a:n', '{"tableDescription":"N","columns":[],"id":"dp:read_only_a:v2.0:n",
	"dataProduct":{"id":"dp:read_only_a:v2.0","name":"read_only_a","version":"v2.0"}}');
-- a product that is new: what nobody has reported yet
SELECT id FROM register_data_product(:'doc'::jsonb || '{"name":"read_only_b","rowCount":null,"lastUpdated":null,
	"s3Location":null,"dpiaLocation":null,"schemas":[]}');

-- what is not so is refused by name, with all else that is wrong
SELECT * FROM pg_temp.faults($$SELECT dpmeta.update_data_product('dp:read_only_a',
	g.document::jsonb || '{"id":"dp:x:v1.0","name":"x","version":"v1.0","creationDate":1,"lastUpdated":null,
		"rowCount":13,"schemas":[],"domain":"none","more":1}') FROM dpmeta.get_data_product('dp:read_only_a') g$$)
WHERE pointer <> '/creationDate';
SELECT * FROM pg_temp.faults($$SELECT dpmeta.update_schema('dp:read_only_a:t', g.document::jsonb)
	FROM dpmeta.get_schema('dp:read_only_a:v1.1:t') g$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.patch_schema('dp:read_only_a:t', '{"id":null,"dataProduct":{"name":"read_only_a"}}')$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.patch_data_product('dp:read_only_a', '{"version":"v9.9"}')$$);
SELECT * FROM pg_temp.faults($$SELECT dpmeta.register_data_product((g.document::jsonb || '{"name":"read_only_c"}') - 'creationDate')
	FROM dpmeta.get_data_product('dp:read_only_a') g$$);
SELECT pointer, keyword FROM pg_temp.faults($$SELECT dpmeta.sync_data_product(
		(SELECT g.document::jsonb || '{"version":"v1.0"}' FROM dpmeta.get_data_product('dp:read_only_a') g),
		'{"t":{"tableDescription":"","columns":[],"id":"dp:read_only_a:v1.0:t"},
		"z":{"tableDescription":"","columns":[],"dataProduct":1}}')$$);
