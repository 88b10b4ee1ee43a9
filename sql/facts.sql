-- what stands beside the versions: facts of loads, sunset dates; and what a DBA removes for good
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Facts", "domain": "HQ", "dataProductOwner": "facts@example.org",
	"dataProductOwnerDisplayName": "Facts", "email": "facts@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.facts(document json) RETURNS text LANGUAGE sql
RETURN concat_ws(' ', document->'lastUpdated', document->'dpiaLocation', document->'s3Location', document->'rowCount');
CREATE FUNCTION pg_temp.events(of text) RETURNS TABLE (action text, from_version dpmeta.dpversion, to_version dpmeta.dpversion, kind text, changes jsonb)
LANGUAGE sql BEGIN ATOMIC
	SELECT e.action, e.from_version, e.to_version, e.kind, e.changes
	FROM dpmeta.event e JOIN dpmeta.product p USING (product_id) WHERE p.name = events.of ORDER BY e.event_id;
END;

-- a tag by its version and how many others of that were seen before
CREATE TEMP TABLE seen (version text, etag text PRIMARY KEY, number bigint);
CREATE FUNCTION pg_temp.tag(etag text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF tag.etag !~ '^v[0-9]+\.[0-9]+-[0-9a-f]{32}$' THEN
		RETURN tag.etag;
	END IF;
	INSERT INTO seen SELECT split_part(tag.etag, '-', 1), tag.etag, count(*) FROM seen s WHERE s.version = split_part(tag.etag, '-', 1)
	ON CONFLICT DO NOTHING;
	RETURN (SELECT s.version || '-' || s.number FROM seen s WHERE s.etag = tag.etag);
END $$;
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.register_data_product(pg_temp.doc('name', 'facts_a'));
-- no version is made, and the entity tag is another
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a', '2026-03-01 12:00+01', 9223372036854775807, 's3://bucket/"x"');
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.get_data_product('dp:facts_a:v1.0');
-- null leaves a fact as it was
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a:v1', row_count => 0);
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a:v1.0', dpia_location => 'https://example.org/dpia');
-- what is known already changes nothing
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a', '2026-03-01T11:00:00Z', 0);
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a');
-- the next version carries them on, and the one before keeps its own
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.update_data_product('dp:facts_a', pg_temp.doc('description', 'More'));
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.report_load('dp:facts_a', row_count => 12);
SELECT id, pg_temp.tag(etag) AS etag, pg_temp.facts(document) FROM dpmeta.get_data_product('dp:facts_a:v1.0');
SELECT * FROM pg_temp.events('facts_a');
-- if_match goes by the tag as it is now
SELECT pg_temp.try($$ SELECT dpmeta.patch_data_product('dp:facts_a', '{"description": "x"}', if_match => ARRAY[(SELECT etag FROM seen WHERE version = 'v1.1' AND number = 0)]) $$);
SELECT id, pg_temp.tag(etag) AS etag FROM dpmeta.patch_data_product('dp:facts_a', '{"description": "x"}', if_match => ARRAY[(SELECT etag FROM seen WHERE version = 'v1.1' AND number = 1)]);

-- what is refused
SELECT pg_temp.try('SELECT dpmeta.report_load(' || p || ')')
FROM unnest(ARRAY['''dp:facts_none''', '''dp:facts_a:v2''', '''dp:facts_a:t''', 'NULL', '''dp:facts_a'', ''infinity''', '''dp:facts_a'', ''0001-01-01 BC''',
	'''dp:facts_a'', ''10000-01-01Z''', '''dp:facts_a'', row_count => -1', '''dp:facts_a'', s3_location => ''''', '''dp:facts_a'', dpia_location => repeat(''x'', 2049)',
	'''dp:facts_a'', actor => ''someone'', actor_roles => ''{king}''']) p;

-- sunset
SELECT id, pg_temp.tag(etag) AS etag, sunset FROM dpmeta.set_sunset('facts_a', '2027-01-31');
SELECT sunset FROM dpmeta.get_data_product('dp:facts_a:v1.0');
SELECT sunset FROM dpmeta.list_data_products(owner => 'facts@example.org');
SELECT sunset FROM dpmeta.set_sunset('facts_a', '2027-01-31');
SELECT sunset FROM dpmeta.update_data_product('dp:facts_a', pg_temp.doc('description', 'Again'));
SELECT sunset FROM dpmeta.set_sunset('facts_a', NULL);
SELECT * FROM pg_temp.events('facts_a') WHERE action = 'set-sunset';
SELECT pg_temp.try('SELECT dpmeta.set_sunset(' || p || ')')
FROM unnest(ARRAY['''facts_none'', ''2027-01-01''', '''Facts'', ''2027-01-01''', 'NULL, NULL', '''facts_a'', ''infinity''', '''facts_a'', ''-infinity''', '''facts_a'', ''10000-01-01''',
	'''facts_a'', ''0001-12-31 BC''', '''facts_a'', ''2027-01-01'', ''someone'', ''{producer}''']) p;

-- neither of these for what is deleted
SELECT id FROM dpmeta.delete_data_product('dp:facts_a');
SELECT pg_temp.try($$ SELECT dpmeta.report_load('dp:facts_a', row_count => 1) $$), pg_temp.try($$ SELECT dpmeta.set_sunset('facts_a', '2027-01-01') $$);

-- purged: nothing is left but the name, its numbers and that it happened
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'facts_b'), idempotent => true);
SELECT id FROM dpmeta.register_schema('dp:facts_b:t', '{"tableDescription": "", "columns": [{"name": "a", "type": "int", "description": ""}]}');
SELECT id FROM dpmeta.delete_schema('dp:facts_b:t');
SELECT product_id FROM dpmeta.product WHERE name = 'facts_b' \gset
SELECT dpmeta.purge_data_product('facts_b');
SELECT current, trunk, deleted_at = changed_at AS deleted, retired_at, sunset, domain, status, owner, tags, search FROM dpmeta.product WHERE product_id = :product_id;
SELECT (SELECT count(*) FROM dpmeta.product_version WHERE product_id = :product_id) + (SELECT count(*) FROM dpmeta.table_schema WHERE product_id = :product_id)
	+ (SELECT count(*) FROM dpmeta.table_range WHERE product_id = :product_id) + (SELECT count(*) FROM dpmeta.idempotency_key WHERE product_id = :product_id) AS left;
SELECT * FROM pg_temp.events('facts_b');
SELECT pg_temp.try(format('SELECT dpmeta.%s', c))
FROM unnest(ARRAY['get_data_product(''dp:facts_b'')', 'get_data_product(''dp:facts_b:v1'')',
	'get_data_product(''dp:facts_b:v2.0'')', 'get_data_product(''dp:facts_b:v3'')',
	'get_schema(''dp:facts_b:v1.1:t'')',
	'list_versions(''dp:facts_b'')', 'list_versions(''dp:facts_b'', true)', 'restore_data_product(''dp:facts_b'')', 'restore_data_product(''dp:facts_b:v1'')', 'delete_data_product(''dp:facts_b:v1.0'')',
	'purge_data_product(''facts_none'')', 'purge_data_product(''Facts'')']) c;
SELECT dpmeta.purge_data_product('facts_b');
-- the name goes on at the next major
SELECT id, kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'facts_b'), idempotent => true);
SELECT document->'schemas' FROM dpmeta.get_data_product('dp:facts_b');
SELECT e->>'id' FROM dpmeta.list_versions('dp:facts_b', true) r, json_array_elements(r.document) e;
SELECT pg_temp.try($$ SELECT dpmeta.get_data_product('dp:facts_b:v1') $$);

-- keys past their time
SELECT dpmeta.purge_idempotency_keys();
SET dpmeta.idempotency_retention = '1s';
UPDATE dpmeta.idempotency_key SET created_at = created_at - interval '2s' WHERE product_id = :product_id;
SELECT dpmeta.purge_idempotency_keys() > 0 AS some;
SELECT count(*) FROM dpmeta.idempotency_key WHERE product_id = :product_id;
RESET dpmeta.idempotency_retention;

SELECT dpmeta.version();
SELECT dpmeta.purge_data_product('facts_a'), dpmeta.purge_data_product('facts_b');
