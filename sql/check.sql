-- whether the store keeps its invariants: a store of its own, which comes back at the end
BEGIN;
SET LOCAL search_path = dpmeta, pg_catalog;
SET LOCAL client_min_messages = warning;
TRUNCATE product CASCADE;

CREATE FUNCTION pg_temp.product(name text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('name', name, 'description', 'Made by a test', 'domain', 'HQ',
		'dataProductOwner', 'ann@example.org', 'dataProductOwnerDisplayName', 'Ann',
		'email', 'ann@example.org', 'status', 'draft', 'retentionPeriod', 30, 'dpiaRequired', false) || more $$;
CREATE FUNCTION pg_temp.columns(VARIADIC names text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tableDescription', '', 'columns',
		jsonb_agg(jsonb_build_object('name', n, 'type', 'int', 'description', ''))) FROM unnest(names) n $$;

-- an empty store keeps them
SELECT count(*) > 25 AS many, sum(violations), count(example), count(DISTINCT name) = count(*) AS each_once FROM dpmeta.check();

-- all kinds of writes: a trunk, a branch, tombstones between and at the end, both restored
SELECT id FROM register_data_product(pg_temp.product('shop', '{"tags": {"team": "red"}}'), idempotency_key => 'a key');
SELECT id FROM register_schema('dp:shop:lines', pg_temp.columns('a', 'b'), idempotent => true);
SELECT id FROM register_schema('dp:shop:orders', pg_temp.columns('a'));
SELECT id FROM register_schema('dp:shop:customers', pg_temp.columns('a'));
SELECT id FROM update_schema('dp:shop:lines', pg_temp.columns('a', 'b', 'c'));
SELECT id FROM report_load('dp:shop', '2026-01-01 00:00+00', 7, 's3://shop', 'https://example.org/dpia');
SELECT id FROM update_schema('dp:shop:lines', pg_temp.columns('b'));
SELECT id FROM update_schema('dp:shop:v1:lines', pg_temp.columns('a', 'b', 'c', 'd'));
SELECT id FROM register_schema('dp:shop:v1:more', pg_temp.columns('a'));
SELECT id FROM delete_schema('dp:shop:orders');
SELECT id FROM delete_data_product('dp:shop:v3.0');
SELECT id FROM delete_data_product('dp:shop:v1.6');
SELECT id FROM update_schema('dp:shop:v1:lines', pg_temp.columns('a', 'b', 'c', 'd', 'e'));
SELECT id FROM delete_schema('dp:shop:orders');
SELECT id FROM delete_data_product('dp:shop:v1');
SELECT id FROM restore_data_product('dp:shop:v1');
SELECT id FROM delete_data_product('dp:shop');
SELECT id FROM restore_data_product('dp:shop');
SELECT id FROM register_data_product(pg_temp.product('numbers'));
SELECT id FROM patch_data_product('dp:numbers', '{"retentionPeriod": 1}');
SELECT id FROM patch_data_product('dp:numbers', '{"retentionPeriod": 2}');
SELECT id FROM delete_data_product('dp:numbers:v1.2');
SELECT id FROM patch_data_product('dp:numbers', '{"retentionPeriod": 3}');
SELECT id FROM register_data_product(pg_temp.product('counted'));
SELECT id FROM patch_data_product('dp:counted', '{"retentionPeriod": 1}');
SELECT id FROM patch_data_product('dp:counted', '{"retentionPeriod": 2}');
-- registered again, with the tables that it had before and without
SELECT id FROM sync_data_product(pg_temp.product('again'), jsonb_build_object('t', pg_temp.columns('a')));
SELECT id FROM delete_data_product('dp:again');
SELECT id FROM register_data_product(pg_temp.product('again'));
SELECT id FROM delete_data_product('dp:again');
SELECT id FROM register_data_product(pg_temp.product('again'));
SELECT id FROM register_data_product(pg_temp.product('thrice'));
SELECT id FROM delete_data_product('dp:thrice');
SELECT id FROM register_data_product(pg_temp.product('thrice'));
SELECT id FROM delete_data_product('dp:thrice');
SELECT id FROM register_data_product(pg_temp.product('thrice'));
-- deleted bit by bit, purged, purged and registered again
SELECT id FROM register_data_product(pg_temp.product('gone'));
SELECT id FROM patch_data_product('dp:gone', '{"dataProductOwner": "bob"}');
SELECT id FROM delete_data_product('dp:gone:v1.1');
SELECT id FROM delete_data_product('dp:gone');
SELECT id FROM register_data_product(pg_temp.product('purged'));
SELECT id FROM register_schema('dp:purged:lines', pg_temp.columns('a'), idempotent => true);
SELECT id FROM delete_data_product('dp:purged');
SELECT purge_data_product('purged');
SELECT id FROM register_data_product(pg_temp.product('anew'));
SELECT purge_data_product('anew');
SELECT id FROM register_data_product(pg_temp.product('anew'));
-- beside the versions
SELECT id FROM register_data_product(pg_temp.product('old', '{"status": "published"}'));
SELECT id FROM patch_data_product('dp:old', '{"status": "retired"}');
SELECT id FROM set_sunset('old', '2030-01-01');
SELECT id FROM register_data_product(pg_temp.product('long',
	jsonb_build_object('description', (SELECT string_agg('word' || i, ' ') FROM generate_series(1, 7000) i))));
SELECT set_domains(ARRAY['HQ', 'Sales']);
SELECT id FROM register_data_product(pg_temp.product('sold', '{"domain": "Sales"}'));
SELECT set_domains('{}') IS NOT NULL AS shipped;
SELECT id FROM register_catalog_schema('information_schema', pg_temp.product('catalog'));
SELECT purge_idempotency_keys();

SELECT name, meaning, violations, example FROM dpmeta.check();

-- what is broken by hand is seen, and nothing else
CREATE FUNCTION pg_temp.seen(VARIADIC breaks text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	found	text[];
	break	text;
BEGIN
	BEGIN
		FOREACH break IN ARRAY breaks LOOP
			EXECUTE break;
		END LOOP;
		-- numbers are those of the sequences, wherever these stand
		found := ARRAY(SELECT concat_ws(', ', c.name, c.violations, regexp_replace(c.example, '_id \d+', '_id #'))
			FROM dpmeta.check() c WHERE c.violations > 0);
		RAISE SQLSTATE 'ZZ999';
	EXCEPTION WHEN SQLSTATE 'ZZ999' THEN
		RETURN QUERY SELECT unnest(found);
	END;
END
$$;
CREATE FUNCTION pg_temp.id(name text) RETURNS bigint LANGUAGE sql AS $$
	SELECT p.product_id FROM dpmeta.product p WHERE p.name = $1 $$;
SET LOCAL session_replication_role = replica;

SELECT pg_temp.seen($$DELETE FROM product_version WHERE product_id = pg_temp.id('gone')$$,
	$$UPDATE event SET action = 'purge' WHERE product_id = pg_temp.id('gone')$$);
SELECT pg_temp.seen($$UPDATE product SET current = 'v2.0' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET trunk = 'v9.0' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET deleted_at = now() WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET deleted_at = NULL WHERE name = 'gone'$$);
SELECT pg_temp.seen($$UPDATE product SET deleted_at = deleted_at + interval '1 s' WHERE name = 'gone'$$);
SELECT pg_temp.seen($$UPDATE product SET registered_at = registered_at + interval '1 s' WHERE name = 'again'$$);
SELECT pg_temp.seen($$UPDATE product SET retired_at = now() WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET retired_at = NULL WHERE name = 'old'$$);

-- numbers and times of versions
SELECT pg_temp.seen($$DELETE FROM product_version WHERE product_id = pg_temp.id('counted') AND version = 'v1.1'$$,
	$$DELETE FROM event WHERE product_id = pg_temp.id('counted') AND to_version = 'v1.1'$$,
	$$UPDATE event SET from_version = 'v1.0' WHERE product_id = pg_temp.id('counted') AND from_version = 'v1.1'$$);
SELECT pg_temp.seen($$DELETE FROM product_version WHERE product_id = pg_temp.id('thrice') AND version = 'v2.0'$$,
	$$DELETE FROM event WHERE product_id = pg_temp.id('thrice') AND 'v2.0' IN (from_version, to_version)$$);
SELECT pg_temp.seen($$UPDATE product_version SET trunk = 'v1.99' WHERE product_id = pg_temp.id('shop') AND version = 'v1.5'$$);
SELECT pg_temp.seen($$UPDATE product_version SET trunk = 'v2.0' WHERE product_id = pg_temp.id('shop') AND version = 'v1.5'$$);
-- the first version and the second one change places in time
SELECT pg_temp.seen(
	$$UPDATE event SET kind = 'none' WHERE product_id = pg_temp.id('numbers') AND to_version <= 'v1.1'$$,
	$$UPDATE event SET kind = 'none', from_version = NULL, to_version = CASE to_version WHEN 'v1.0'::dpversion
		THEN 'v1.1'::dpversion ELSE 'v1.0' END WHERE product_id = pg_temp.id('numbers') AND to_version <= 'v1.1' AND action <> 'delete'$$,
	$$UPDATE event SET kind = CASE WHEN minor(to_version) = 0 THEN 'initial' ELSE 'minor' END
		WHERE product_id = pg_temp.id('numbers') AND to_version <= 'v1.1' AND action <> 'delete'$$,
	$$UPDATE event SET kind = 'deletion' WHERE product_id = pg_temp.id('numbers') AND action = 'delete'$$,
	$$UPDATE product_version v SET created_at = e.occurred_at FROM event e
		WHERE e.product_id = v.product_id AND e.to_version = v.version AND e.kind IN ('initial', 'minor')
			AND v.product_id = pg_temp.id('numbers')$$,
	$$UPDATE product p SET registered_at = v.created_at FROM product_version v
		WHERE v.product_id = p.product_id AND v.version = 'v1.0' AND p.name = 'numbers'$$);
SELECT pg_temp.seen($$UPDATE product_version SET document = jsonb_set(document::jsonb, '{email}', '"x"')::json
	WHERE product_id = pg_temp.id('numbers') AND version = 'v1.1'$$);
SELECT pg_temp.seen($$UPDATE product_version SET facts = '{"rowCount": 8}' WHERE product_id = pg_temp.id('shop') AND version = 'v2.0'$$);
SELECT pg_temp.seen($$UPDATE product_version SET document = jsonb_set(document::jsonb, '{creationDate}', '"2020-01-01T00:00:00.000000Z"')::json
	WHERE product_id = pg_temp.id('numbers') AND version = 'v1.1'$$);

-- what the extension is made of
SELECT pg_temp.seen('ALTER TABLE event DISABLE TRIGGER event_arrived');
SELECT pg_temp.seen('ALTER TABLE domain ENABLE TRIGGER USER');
SELECT pg_temp.seen('ALTER TABLE table_range DISABLE TRIGGER ALL');
SELECT pg_temp.seen('DROP TRIGGER domain_arrived ON domain');
SELECT pg_temp.seen('DROP INDEX product_domain_idx');
SELECT pg_temp.seen($$UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'event_version_idx'::regclass$$);
SELECT pg_temp.seen('ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_pkey');
SELECT pg_temp.seen('ALTER TABLE event DROP CONSTRAINT event_product_id_fkey');
SELECT pg_temp.seen($$UPDATE model SET schema = schema - 'required' WHERE name = 'schema'$$);
SELECT pg_temp.seen($$UPDATE model SET schema = jsonb_set(schema, '{properties,email}', '{}') WHERE name = 'data-product'$$);
SELECT pg_temp.seen($$CREATE OR REPLACE FUNCTION dpmeta.life() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN 'x'$$);
SELECT pg_temp.seen('CREATE OR REPLACE VIEW tags AS SELECT id, data_product, key, key AS value FROM tags');
SELECT pg_temp.seen('ALTER FUNCTION stats() VOLATILE', 'ALTER TABLE event ALTER actor DROP NOT NULL',
	'ALTER TABLE product ENABLE ROW LEVEL SECURITY');
-- what a DBA may do is not
SELECT pg_temp.seen('CREATE INDEX ON event (actor)', 'ALTER TABLE event SET (autovacuum_vacuum_scale_factor = 0.01)',
	'ALTER TABLE event ALTER actor SET STATISTICS 500', 'REINDEX TABLE event', $$SELECT dpmeta.set_domains('{HQ,Sales}')$$,
	$$SELECT dpmeta.grant_reader('pg_monitor')$$);

-- copies
SELECT pg_temp.seen($$UPDATE product SET owner = 'x' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET domain = 'x' WHERE name = 'gone'$$);
SELECT pg_temp.seen($$UPDATE product SET tags = '{}' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE product SET search = '' WHERE name IN ('shop', 'long')$$);

-- tables
SELECT pg_temp.seen($$UPDATE table_range SET until = 'v3.0'
	WHERE product_id = pg_temp.id('shop') AND table_name = 'lines' AND branch = 0 AND since = 'v1.1'$$);
SELECT pg_temp.seen($$UPDATE table_range SET until = NULL
	WHERE product_id = pg_temp.id('shop') AND table_name = 'lines' AND branch = 0 AND since = 'v1.1'$$);
SELECT pg_temp.seen($$UPDATE table_range SET until = 'v1.77'
	WHERE product_id = pg_temp.id('shop') AND table_name = 'lines' AND branch = 0 AND until = 'v2.0'$$);
SELECT pg_temp.seen($$DELETE FROM table_schema WHERE product_id = pg_temp.id('shop') AND table_schema_id IN (
	SELECT table_schema_id FROM table_range WHERE table_name = 'customers')$$);
SELECT pg_temp.seen($$INSERT INTO table_schema (product_id, definition, document)
	SELECT product_id, definition, document FROM table_schema WHERE product_id = pg_temp.id('shop') LIMIT 1$$);
SELECT pg_temp.seen($$UPDATE table_schema SET document = '{"columns": []}' WHERE product_id = pg_temp.id('again')$$);
-- a table that is nowhere any more, and one that goes on after its removal
SELECT pg_temp.seen($$WITH r AS (DELETE FROM table_range WHERE product_id = pg_temp.id('shop') AND table_name = 'customers' RETURNING *)
	DELETE FROM table_schema s USING r WHERE s.table_schema_id = r.table_schema_id$$);
SELECT pg_temp.seen($$UPDATE table_range SET until = NULL WHERE product_id = pg_temp.id('shop') AND table_name = 'orders'
	AND since = (SELECT max(since) FROM table_range WHERE product_id = pg_temp.id('shop') AND table_name = 'orders')$$);

-- the log
SELECT pg_temp.seen($$UPDATE event SET kind = 'none' WHERE product_id = pg_temp.id('numbers') AND to_version = 'v1.1' AND kind = 'minor'$$);
SELECT pg_temp.seen($$UPDATE event SET from_version = 'v7.7' WHERE product_id = pg_temp.id('shop') AND action = 'report'$$);
SELECT pg_temp.seen($$UPDATE event SET kind = 'major' WHERE product_id = pg_temp.id('numbers') AND kind = 'minor'$$);
SELECT pg_temp.seen($$UPDATE event SET occurred_at = occurred_at - interval '1 day' WHERE product_id = pg_temp.id('shop') AND action = 'report'$$);
SELECT pg_temp.seen($$UPDATE product SET changed_at = changed_at + interval '1 s' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$UPDATE event SET kind = 'none' WHERE product_id = pg_temp.id('gone') AND action = 'delete'$$);
SELECT pg_temp.seen($$UPDATE event SET transaction_id = '9999999999999' WHERE product_id = pg_temp.id('old')$$);

-- what is no document at all is seen, too
SELECT pg_temp.seen($$UPDATE event SET changes = '7' WHERE product_id = pg_temp.id('counted')$$);
SELECT pg_temp.seen($$UPDATE event SET changes = '[7, [], {"table": {}}]' WHERE product_id = pg_temp.id('counted')$$);
SELECT pg_temp.seen($$UPDATE product_version SET metadata = '[]', facts = '7', document = '"x"' WHERE product_id = pg_temp.id('again')$$,
	$$UPDATE table_schema SET definition = '7', document = '[]' WHERE product_id = pg_temp.id('again')$$,
	$$UPDATE product SET tags = '7' WHERE name = 'again'$$);
SELECT pg_temp.seen($$UPDATE model SET schema = '7'$$);

-- the rest
SELECT pg_temp.seen($$UPDATE idempotency_key SET version = 'v8.8' WHERE product_id = pg_temp.id('shop') AND NOT automatic$$);
SELECT pg_temp.seen($$DELETE FROM product WHERE name = 'old'$$);
SELECT pg_temp.seen($$INSERT INTO event (event_id, occurred_at, product_id, action, kind, actor, changes) OVERRIDING SYSTEM VALUE
	SELECT 1000000000000000, changed_at + interval '1 s', product_id, 'report', 'none', 'x', '[]' FROM product WHERE name = 'shop'$$,
	$$UPDATE product SET changed_at = changed_at + interval '1 s' WHERE name = 'shop'$$);
SELECT pg_temp.seen($$DELETE FROM model WHERE name = 'schema'$$);
SELECT pg_temp.seen($$UPDATE model SET schema = jsonb_set(schema, '{properties,domain,enum}', '["x"]') WHERE name = 'data-product'$$);
SELECT pg_temp.seen($$DELETE FROM life$$);
SELECT pg_temp.seen($$INSERT INTO life VALUES (gen_random_uuid())$$);
-- each of them is broken above
SELECT sum(violations) FROM dpmeta.check();

-- whoever may call it needs no right to the tables
CREATE ROLE dpmeta_test_watcher;
GRANT USAGE ON SCHEMA dpmeta TO dpmeta_test_watcher;
GRANT EXECUTE ON FUNCTION dpmeta.check() TO dpmeta_test_watcher;
SET LOCAL ROLE dpmeta_test_watcher;
SELECT sum(violations) FROM dpmeta.check();
SAVEPOINT s;
SELECT dpmeta.check_log();
ROLLBACK TO s;
RESET ROLE;
ROLLBACK;
