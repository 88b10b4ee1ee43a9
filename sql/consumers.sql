-- who reads a data product
SET search_path = dpmeta, public;
SELECT '{"name":"consumed","description":"d","domain":"OPG",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
SELECT '{"tableDescription":"T","columns":[{"name":"id","type":"int","description":""},{"name":"n","type":"int","description":""}]}' AS tab \gset
SELECT (sync_data_product(:'doc', jsonb_build_object('lines', :'tab'::jsonb, 'heads', :'tab'::jsonb))).kind AS made;
CREATE FUNCTION pg_temp.fails(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE statement;
	RETURN 'it does not';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, regexp_replace(detail, '"[0-9a-f]{32}"', 'TAG'));
END
$$;

-- they are registered, which makes no version
SELECT kind, document::jsonb - '{registered,changed,registeredBy}'::text[] AS document, etag IS NOT NULL AS tagged
	FROM put_consumer('dp:consumed', 'finance', '{"contact":"fin@example.org","version":"v1","tables":["lines"]}');
SELECT kind FROM put_consumer('dp:consumed', 'hr', '{"contact":"hr@example.org","version":"v1.0"}');
SELECT kind FROM put_consumer('dp:consumed', 'all', '{"contact":"a@example.org","version":"v1","tables":null}');
SELECT version FROM data_products WHERE name = 'consumed';
-- the same again is nothing; a change is one; a dry run is none
SELECT p.kind, p.document::text = g::text AS same
	FROM get_consumer('dp:consumed', 'hr') g, put_consumer('dp:consumed', 'hr', g::jsonb) p;
SELECT kind, document->>'contact' AS contact FROM put_consumer('dp:consumed', 'hr', '{"contact":"new@example.org","version":"v1.0"}', dry_run => true);
SELECT kind FROM put_consumer('dp:consumed', 'new', '{"contact":"new@example.org","version":"v1.0"}', dry_run => true);
SELECT kind FROM delete_consumer('dp:consumed', 'hr', dry_run => true);
SELECT jsonb_path_query_array(list_consumers('dp:consumed')::jsonb, '$[*].name') AS every,
	jsonb_path_query_array(list_consumers('dp:consumed:v1.0')::jsonb, '$[*].name') AS of_the_version,
	get_consumer('dp:consumed', 'hr')->>'contact' AS contact;
SELECT p.etag IS NOT DISTINCT FROM content_etag(get_consumer('dp:consumed', 'hr')) AS same_tag, p.kind
	FROM put_consumer('dp:consumed', 'hr', '{"contact":"hr2@example.org","version":"v1.0"}',
		if_match => ARRAY[content_etag(get_consumer('dp:consumed', 'hr'))]) p;
-- what is refused
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'hr', '{"contact":"x","version":"v1"}', if_match => '{x}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'Bad Name', '{"contact":"x","version":"v1"}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'x', '{"contact":"x","version":"1","more":1}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'x', '{"contact":"x","version":"v9999999999"}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'x', '{"contact":"x","version":"v2"}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'x', '{"contact":"x","version":"v1","tables":["lines","none","v1"]}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed', 'x', '{"name":"y","contact":"x","version":"v1","registered":"now"}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:consumed:lines', 'x', '{"contact":"x","version":"v1"}')$$);
SELECT pg_temp.fails($$SELECT put_consumer('dp:not_consumed', 'x', '{"contact":"x","version":"v1"}')$$);
SELECT pg_temp.fails($$SELECT get_consumer('dp:consumed', 'x')$$);
SELECT pg_temp.fails($$SELECT delete_consumer('dp:consumed', 'x')$$);

-- who reads what a write breaks is named: those of the major, and of the tables
SELECT jsonb_set(:'tab', '{columns,1,type}', '"bigint"') AS broken \gset
SELECT w.kind, w.document::jsonb->'affectedConsumers' AS affected
	FROM update_schema('dp:consumed:heads', :'broken', dry_run => true) w;
SELECT w.kind, jsonb_path_query_array(w.document::jsonb, '$.affectedConsumers[*].name') AS affected
	FROM update_schema('dp:consumed:lines', :'broken', dry_run => true) w;
SELECT w.kind, w.document::jsonb->'affectedConsumers' AS affected
	FROM update_schema('dp:consumed:lines', jsonb_set(:'tab', '{tableDescription}', '"U"'), dry_run => true) w;
SELECT w.kind, jsonb_path_query_array(w.document::jsonb, '$.affectedConsumers[*].name') AS affected
	FROM update_schema('dp:consumed:lines', :'broken', idempotent => true) w;
SELECT g.etag = w.etag AS same_tag, w.replayed, jsonb_path_query_array(w.document::jsonb, '$.affectedConsumers[*].name') AS affected
	FROM get_schema('dp:consumed:lines') g, update_schema('dp:consumed:lines', :'broken', idempotent => true) w;
-- the answer can be sent back
SELECT w.kind FROM update_schema('dp:consumed:heads', :'broken') a, update_schema('dp:consumed:heads', a.document::jsonb) w;
SELECT jsonb_path_query_array(w.document::jsonb, '$.affectedConsumers[*].name') AS affected, w.kind
	FROM put_contract('dp:consumed', :'doc'::jsonb || '{"tables":[]}', prune => true, dry_run => true) w;
SELECT kind FROM put_consumer('dp:consumed', 'new', '{"contact":"n@example.org","version":"v3"}');
SELECT a.document::jsonb->'affectedConsumers' AS affected, w.kind
	FROM put_contract('dp:consumed', :'doc'::jsonb || jsonb_build_object('tables', jsonb_build_array(:'tab'::jsonb || '{"name":"lines"}'))) a,
		put_contract('dp:consumed', a.document::jsonb) w;
SELECT kind FROM put_consumer('dp:consumed', 'new', '{"contact":"n@example.org","version":"v4"}');
SELECT jsonb_path_query_array(r->'affectedConsumers', '$[*].name') AS affected
	FROM jsonb_array_elements(put_contracts(jsonb_build_array(:'doc'::jsonb
		|| jsonb_build_object('tables', jsonb_build_array(:'broken'::jsonb || '{"name":"lines"}'))), dry_run => true)::jsonb) r;
-- who is on an old major
SELECT data_product, name, contact, version, tables, reads_version, current_version, is_on_old_major, domain, status
	FROM consumers WHERE data_product = 'consumed' ORDER BY name;

-- what is consumed is deleted by force only
SELECT pg_temp.fails($$SELECT delete_data_product('dp:consumed')$$);
SELECT pg_temp.fails($$SELECT delete_data_product('dp:consumed:v1')$$);
SELECT pg_temp.fails($$SELECT delete_schema('dp:consumed:lines')$$);
SELECT w.kind, w.document::jsonb->'affectedConsumers' AS affected FROM delete_data_product('dp:consumed:v1.0', dry_run => true) w;
SELECT jsonb_path_query_array(w.document::jsonb, '$.affectedConsumers[*].name') AS affected FROM delete_data_product('dp:consumed', dry_run => true) w;
SELECT w.document::jsonb->'affectedConsumers' AS affected FROM delete_schema('dp:consumed:lines', dry_run => true) w;
-- nobody gets a version that is not the newest of its major, unless by its number
SELECT name, reads_version FROM consumers WHERE data_product = 'consumed' ORDER BY name;
SELECT kind FROM delete_data_product('dp:consumed:v2.0', force => false);
SELECT kind FROM delete_schema('dp:consumed:lines', force => true);
SELECT kind FROM delete_data_product('dp:consumed', force => true);
SELECT name, reads_version, current_version, is_on_old_major FROM consumers WHERE data_product = 'consumed' ORDER BY name;
SELECT pg_temp.fails($$SELECT list_consumers('dp:consumed')$$);
SELECT kind FROM restore_data_product('dp:consumed');
SELECT kind, document->>'name' AS name, etag FROM delete_consumer('dp:consumed', 'hr');
SELECT action, kind, c->>'change' AS change, c->>'member' AS member, c#>>'{from,contact}' AS was, c#>>'{to,contact}' AS is_now
	FROM events, jsonb_array_elements(changes) c WHERE data_product = 'consumed' AND action LIKE '%consumer' ORDER BY event_id;
-- the times of before can be made anew from the log with these events in it
CREATE TEMP TABLE states AS SELECT s.* FROM dpmeta.product_state s JOIN dpmeta.product p USING (product_id) WHERE p.name = 'consumed';
SELECT renew_times();
(TABLE states EXCEPT SELECT s.* FROM dpmeta.product_state s) UNION ALL
(SELECT s.* FROM dpmeta.product_state s JOIN dpmeta.product p USING (product_id) WHERE p.name = 'consumed' EXCEPT TABLE states);

-- rights: any producer says it, and nobody else
CREATE ROLE consumers_reader;
SELECT grant_reader('consumers_reader');
SET ROLE consumers_reader;
SELECT count(*) FROM dpmeta.consumers WHERE data_product = 'consumed';
SELECT json_array_length(dpmeta.list_consumers('dp:consumed'));
SELECT dpmeta.put_consumer('dp:consumed', 'x', '{"contact":"x","version":"v1"}');
RESET ROLE;
SELECT revoke_reader('consumers_reader');
DROP ROLE consumers_reader;
SELECT purge_data_product('consumed') > 0 AS purged;
SELECT count(*) FROM consumers WHERE data_product = 'consumed';
