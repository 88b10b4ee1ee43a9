-- contracts that are written by the Open Data Contract Standard
SET search_path = dpmeta, public;
SELECT '{"name":"odcs","description":"What it''s\nfor","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"Olga Owner","dataProductMaintainer":"m@example.org",
	"dataProductMaintainerDisplayName":"Max","email":"e@example.org",
	"status":"published","retentionPeriod":30,"dpiaRequired":true,"tags":{"a:b":"c:d","e":"","f%3A":"%25"},
	"tables":[{"name":"lines","tableDescription":"It''s a line","tags":{"layer":"raw"},"columns":[
		{"name":"id","type":"bigint","description":"Its number","primaryKey":true,"required":true},
		{"name":"day","type":"date","description":"","partition":true},
		{"name":"price","type":"decimal(10,2)","description":"","tags":{"pii":"no"}},
		{"name":"deep","type":"array<struct<a-b:int,C:map<string,varchar(3)>>>","description":""}]},
		{"name":"empty","tableDescription":"","columns":[]}]}' AS doc \gset
CREATE FUNCTION pg_temp.faults(statement text) RETURNS TABLE (pointer text, message text) LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT f->>'pointer', f->>'message' FROM jsonb_array_elements(detail::jsonb) f;
END
$$;
SELECT (put_contract('dp:odcs', :'doc')).kind;
SELECT (report_load('dp:odcs', '2026-01-31 03:00Z', 7, 's3://data/odcs', 'https://dpia.example.org')).id;
-- out and in again is the same contract, and nothing is left out
SELECT w.kind, w.changes, w.document::jsonb ? 'warnings' AS warned
	FROM get_contract('dp:odcs') g, put_contract('dp:odcs', format_contract(g.document, 'odcs')::jsonb, strict => true) w;
-- also where there is none
SELECT (delete_data_product('dp:odcs')).kind FROM get_contract('dp:odcs') g, set_config('test.odcs', format_contract(g.document, 'odcs'), false);
SELECT w.kind FROM put_contract('dp:odcs', current_setting('test.odcs')::jsonb, strict => true) w;
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each(g.document::jsonb) WHERE :'doc'::jsonb ? key)
		= :'doc'::jsonb || jsonb_build_object('tables', jsonb_build_array(:'doc'::jsonb#>'{tables,1}', :'doc'::jsonb#>'{tables,0}')) AS same
	FROM get_contract('dp:odcs') g;
-- what others write: what has no counterpart is told
SELECT '{"apiVersion":"v3.0.2","kind":"DataContract","id":"53581432-6c55-4ba2-a65f-72344a91553a","name":"My orders","version":"2.7.0",
	"status":"proposed","domain":"HQ","tenant":"t","dataProduct":"p","description":{"purpose":"For all","usage":"u"},"tags":["x","y:z"],
	"team":[{"username":"o","role":"owner","dateIn":"2026-01-01"},{"username":"d","role":"DBA"}],
	"support":[{"channel":"#c","url":"https://chat.example.org"},{"channel":"mail","url":"mailto:e@example.org","scope":"issues"}],
	"slaProperties":[{"property":"latency","value":4,"unit":"d"},{"property":"retention","value":9,"unit":"d"}],
	"customProperties":[{"property":"dpiaRequired","value":false},{"property":"other","value":1}],
	"servers":[{"server":"s","type":"s3"}],"price":{"priceAmount":1},"roles":[],
	"schema":[{"name":"tbl","physicalName":"tbl_1","physicalType":"table","businessName":"B","description":"T","dataGranularityDescription":"g",
		"quality":[{"type":"text"}],"properties":[
		{"name":"a","logicalType":"integer","physicalType":"BIGINT","primaryKey":true,"primaryKeyPosition":1,"unique":true,"criticalDataElement":false},
		{"name":"b","logicalType":"string","physicalType":"VARCHAR2(10)","description":"d","classification":"secret"},
		{"name":"c","logicalType":"array","items":{"logicalType":"object","properties":[{"name":"x","logicalType":"number"},{"name":"y","logicalType":"date"}]}},
		{"name":"d"},{"name":"e","logicalType":"timestamp","required":true,"partitioned":true}]}]}' AS foreign_one \gset
SELECT jsonb_pretty(w.document::jsonb - 'changes') FROM put_contract('dp:odcs_foreign', :'foreign_one', dry_run => true) w;
SELECT r.contract->'tables' AS tables, r.contract - 'tables' AS rest FROM read_odcs(:'foreign_one') r;
SELECT * FROM pg_temp.faults(format('SELECT put_contract(%L, %L, strict => true)', 'dp:odcs_foreign', :'foreign_one')) LIMIT 3;
SELECT count(*) FROM data_products WHERE name = 'odcs_foreign';
SELECT w.kind, jsonb_array_length(w.document::jsonb->'warnings') AS warnings FROM put_contract('dp:odcs_foreign', :'foreign_one') w;
-- the answer can be sent back
SELECT w.kind FROM put_contract('dp:odcs_foreign', :'foreign_one') a, put_contract('dp:odcs_foreign', a.document::jsonb) w;
-- what is refused
SELECT * FROM pg_temp.faults($$SELECT put_contract('dp:odcs_x', '{"kind":"DataContract","apiVersion":"v2.2.2"}')$$);
SELECT * FROM pg_temp.faults($$SELECT put_contract('dp:odcs_x', '{"kind":"DataContract","apiVersion":"v3.1.0","schema":"x","team":1,"tags":{"a":1},"support":[1],"slaProperties":[null],"customProperties":["x"]}')$$);
SELECT * FROM pg_temp.faults($$SELECT put_contract('dp:odcs_x', '{"kind":"DataContract","apiVersion":"v3.1.0","name":"odcs_y","schema":[{"name":"v1","properties":[{"name":"A b"},7]},null]}')$$);
SELECT w.contract FROM read_odcs('{"apiVersion":"v3.1.0"}') w;
SELECT w.warnings FROM read_odcs('{"apiVersion":"v3.1.0","schema":"x","team":1,"tags":{"a":1},"support":[1],"slaProperties":[null],"customProperties":["x"]}') w;
