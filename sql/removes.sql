-- deleting products, majors and versions, and restoring them
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Removes", "domain": "HQ", "dataProductOwner": "removes@example.org",
	"dataProductOwnerDisplayName": "Removes", "email": "removes@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.tbl(type text) RETURNS jsonb LANGUAGE sql
RETURN jsonb_build_object('tableDescription', 'A table', 'columns',
	jsonb_build_array(jsonb_build_object('name', 'a', 'type', type, 'description', '')));
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail	text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN regexp_replace(concat_ws(' ', sqlstate, sqlerrm, nullif(detail, '')), '-[0-9a-f]{32}"', '-#"');
END $$;
-- the versions, deleted ones in brackets, and the current one
CREATE FUNCTION pg_temp.state(of text) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(CASE WHEN e->>'deleted' IS NULL THEN e->>'version' ELSE format('[%s]', e->>'version') END, ' ')
	FROM dpmeta.list_versions(('dp:' || of)::dpmeta.dpid, true) r, json_array_elements(r.document) e)
	|| coalesce((SELECT ', current ' || current::text || ' ' || status || ' ' || tags::text FROM dpmeta.product WHERE name = of AND current IS NOT NULL), ', none');
CREATE FUNCTION pg_temp.del(id text) RETURNS text LANGUAGE sql AS
$$ SELECT concat_ws(' ', r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#'), r.kind, r.changes, r.document) FROM dpmeta.delete_data_product(id::dpmeta.dpid) r $$;
CREATE FUNCTION pg_temp.res(id text) RETURNS text LANGUAGE sql AS
$$ SELECT concat_ws(' ', r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#'), r.kind, r.changes, r.document->'schemas') FROM dpmeta.restore_data_product(id::dpmeta.dpid) r $$;

-- v1.0, v1.1 (table), v1.2 (published), v2.0 (type changed), v2.1 (tags)
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'removes_a'));
SELECT id FROM dpmeta.register_schema('dp:removes_a:t', pg_temp.tbl('int'));
SELECT id FROM dpmeta.update_data_product('dp:removes_a', pg_temp.doc('status', 'published'));
SELECT id FROM dpmeta.update_schema('dp:removes_a:t', pg_temp.tbl('string'));
SELECT id FROM dpmeta.update_data_product('dp:removes_a', pg_temp.doc('status', 'retired') || '{"tags": {"k": "v"}}');
SELECT pg_temp.state('removes_a');

-- one version: the newest live one is current
SELECT pg_temp.del('dp:removes_a:v2.1');
SELECT pg_temp.state('removes_a');
SELECT pg_temp.try($$ SELECT dpmeta.get_data_product('dp:removes_a:v2.1') $$);
SELECT pg_temp.try($$ SELECT dpmeta.get_schema('dp:removes_a:v2.1:t') $$);
SELECT pg_temp.try($$ SELECT dpmeta.list_versions('dp:removes_a:v2.1') $$);
SELECT pg_temp.try($$ SELECT dpmeta.list_changes('dp:removes_a:v2.1', 'v1.0') $$);
SELECT pg_temp.try($$ SELECT dpmeta.list_changes('dp:removes_a', 'v2.1') $$);
SELECT (dpmeta.get_data_product('dp:removes_a')).retired_at;
SELECT pg_temp.try($$ SELECT dpmeta.delete_data_product('dp:removes_a:v2.1') $$);
-- and back
SELECT pg_temp.res('dp:removes_a:v2.1');
SELECT pg_temp.state('removes_a'), (dpmeta.get_data_product('dp:removes_a')).retired_at IS NOT NULL AS retired;

-- one that is not current, not the newest of its major: no way back
SELECT pg_temp.del('dp:removes_a:v1.1');
SELECT pg_temp.state('removes_a');
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_a:v1.1') $$);
-- a whole major, then what of it was deleted together
SELECT pg_temp.del('dp:removes_a:v1');
SELECT pg_temp.state('removes_a');
SELECT pg_temp.try($$ SELECT dpmeta.get_data_product('dp:removes_a:v1') $$);
SELECT pg_temp.try($$ SELECT dpmeta.list_versions('dp:removes_a:v1') $$);
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_a:v1.0') $$);
SELECT pg_temp.res('dp:removes_a:v1');
SELECT pg_temp.state('removes_a');
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_a:v1') $$);

-- the newest major, and a version made in the older one meanwhile
SELECT pg_temp.del('dp:removes_a:v2');
SELECT pg_temp.state('removes_a');
SELECT id FROM dpmeta.update_data_product('dp:removes_a', pg_temp.doc('description', 'Meanwhile'));
SELECT pg_temp.state('removes_a');
SELECT pg_temp.res('dp:removes_a:v2');
SELECT pg_temp.state('removes_a');
SELECT i, r.document->>'description', r.document->'schemas' FROM unnest('{dp:removes_a:v1,dp:removes_a:v2.0,dp:removes_a}'::dpmeta.dpid[]) i, dpmeta.get_data_product(i) r;

-- the product: what is not live stays as it is
SELECT pg_temp.del('dp:removes_a:v2.0');
SELECT pg_temp.del('dp:removes_a');
SELECT pg_temp.state('removes_a');
SELECT pg_temp.try(format('SELECT dpmeta.%s(%L)', f, i))
FROM unnest('{get_data_product,list_versions,delete_data_product}'::text[]) f, unnest('{dp:removes_a,dp:removes_a:v1,dp:removes_a:v1.0}'::text[]) i ORDER BY f, i;
SELECT pg_temp.res('dp:removes_a');
SELECT pg_temp.state('removes_a'), (dpmeta.get_data_product('dp:removes_a')).retired_at IS NOT NULL AS retired;
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_a') $$);

-- the last version deleted by its own ID deletes the product, too
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'removes_b'));
SELECT pg_temp.del('dp:removes_b:v1.0');
SELECT pg_temp.try($$ SELECT dpmeta.get_data_product('dp:removes_b') $$);
SELECT pg_temp.res('dp:removes_b');
SELECT pg_temp.del('dp:removes_b');
SELECT pg_temp.res('dp:removes_b:v1.0');
-- registered again: the next major, and no way back to what was before
SELECT pg_temp.del('dp:removes_b');
SELECT id, kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'removes_b'));
SELECT pg_temp.try(format('SELECT dpmeta.restore_data_product(%L)', i)) FROM unnest('{dp:removes_b,dp:removes_b:v1,dp:removes_b:v1.0}'::text[]) i;
SELECT pg_temp.del('dp:removes_b');
SELECT pg_temp.res('dp:removes_b');
SELECT pg_temp.state('removes_b');
-- a version made after a deletion has a number of its own
SELECT id FROM dpmeta.update_data_product('dp:removes_b', pg_temp.doc('description', 'One'));
SELECT pg_temp.del('dp:removes_b:v2.1');
SELECT id FROM dpmeta.update_data_product('dp:removes_b', pg_temp.doc('description', 'Two'));
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_b:v2.1') $$);
SELECT pg_temp.state('removes_b');

-- what never was, and what is no product
SELECT pg_temp.try(format('SELECT dpmeta.%s(%L)', f, i))
FROM unnest('{delete_data_product,restore_data_product}'::text[]) f,
	unnest('{dp:removes_none,dp:removes_b:v3,dp:removes_b:v1.1,dp:removes_b:t}'::text[]) i ORDER BY f, i;
SELECT pg_temp.try($$ SELECT dpmeta.delete_data_product(NULL) $$);

-- If-Match
SELECT pg_temp.try($$ SELECT dpmeta.delete_data_product('dp:removes_b', if_match => ARRAY[(dpmeta.get_data_product('dp:removes_b:v2.0')).etag]) $$);
SELECT pg_temp.try($$ SELECT dpmeta.delete_data_product('dp:removes_b', if_match => '{}') $$);
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_b:v2.1', if_match => '{*}') $$);
-- a dry run writes nothing
SELECT count(*) FROM dpmeta.event \gset before_
SELECT id, etag, document, kind, changes FROM dpmeta.delete_data_product('dp:removes_b', dry_run => true);
SELECT id, etag, document, kind, changes FROM dpmeta.delete_data_product('dp:removes_b:v2.0', '{*}', true);
SELECT pg_temp.state('removes_b'), (SELECT count(*) FROM dpmeta.event) = :before_count AS same;
SELECT id FROM dpmeta.delete_data_product('dp:removes_b', if_match => ARRAY['v9.9-0', (dpmeta.get_data_product('dp:removes_b:v2.2')).etag]);
SELECT id, etag, document, kind, changes FROM dpmeta.restore_data_product('dp:removes_b', dry_run => true);
SELECT pg_temp.state('removes_b');
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_b', if_match => '{*}') $$);

-- stewards only
SELECT pg_temp.try($$ SELECT dpmeta.delete_data_product('dp:removes_a', actor => 'someone', actor_roles => '{producer}') $$);
SELECT pg_temp.try($$ SELECT dpmeta.restore_data_product('dp:removes_b', actor => 'someone') $$);
SELECT id FROM dpmeta.delete_data_product('dp:removes_a', actor => 'someone', actor_roles => '{steward}');

-- the log
SELECT e.action, e.from_version, e.to_version, e.kind, e.actor = session_user AS own, jsonb_path_query_array(e.changes, '$[*].version') AS versions
FROM dpmeta.event e JOIN dpmeta.product p USING (product_id)
WHERE p.name = 'removes_a' AND e.action IN ('delete', 'restore') ORDER BY e.event_id;
-- time goes on within a product, even in one transaction
SELECT bool_and(e.occurred_at > e.before) FROM (
	SELECT occurred_at, lag(occurred_at) OVER (PARTITION BY product_id ORDER BY event_id) AS before
	FROM dpmeta.event JOIN dpmeta.product USING (product_id) WHERE name LIKE 'removes%') e WHERE e.before IS NOT NULL;

SELECT dpmeta.purge_data_product('removes_a'), dpmeta.purge_data_product('removes_b');

-- a purge reads no table anew for each of its revisions
SELECT id FROM dpmeta.sync_data_product(pg_temp.doc('name', 'removes_many'),
	(SELECT jsonb_object_agg('t' || n, '{"tableDescription": "", "columns": [{"name": "c", "type": "int", "description": ""}]}'::jsonb)
	 FROM generate_series(1, 50) n));
DISCARD PLANS;
BEGIN;
SET LOCAL enable_seqscan = off;
SELECT dpmeta.purge_data_product('removes_many');
SELECT relname, seq_scan < 10 AS few FROM pg_stat_xact_user_tables
WHERE schemaname = 'dpmeta' AND relname IN ('table_range', 'table_schema', 'event', 'idempotency_key') ORDER BY 1;
COMMIT;
