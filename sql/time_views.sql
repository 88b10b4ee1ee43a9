-- times past in SQL: the views as they were, what was current when, and the difference
\set VERBOSITY terse
SET TimeZone = 'UTC';
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Time", "domain": "HQ", "dataProductOwner": "time@example.org",
	"dataProductOwnerDisplayName": "Time", "email": "time@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.tbl(type text) RETURNS jsonb LANGUAGE sql
RETURN jsonb_build_object('tableDescription', 'A table', 'columns',
	jsonb_build_array(jsonb_build_object('name', 'a', 'type', type, 'description', '')));

-- the views of each time, and the time
CREATE TEMP TABLE seen (step integer, at timestamptz);
CREATE TEMP TABLE seen_rows (step integer, what text, line text);
CREATE FUNCTION pg_temp.look(step integer) RETURNS void LANGUAGE sql AS $$
	SELECT pg_sleep(0.002);
	INSERT INTO seen VALUES (look.step, clock_timestamp());
	INSERT INTO seen_rows
		SELECT look.step, 'product', d::text FROM dpmeta.data_products d WHERE d.name ~ '^timev_'
		UNION ALL SELECT look.step, 'schema', s::text FROM dpmeta.schemas s WHERE s.data_product ~ '^timev_'
		UNION ALL SELECT look.step, 'column', c::text FROM dpmeta.columns c WHERE c.data_product ~ '^timev_';
	SELECT pg_sleep(0.002);
$$;
SET client_min_messages = warning;
DO $$
DECLARE
	change	text;
	step	integer := 0;
BEGIN
	FOREACH change IN ARRAY ARRAY[
		$c$register_data_product(pg_temp.doc('name', 'timev_a'))$c$,
		$c$register_schema('dp:timev_a:t', pg_temp.tbl('int'))$c$,
		$c$register_data_product(pg_temp.doc('name', 'timev_b', 'domain', 'OPG', 'status', 'retired'))$c$,
		$c$report_load('dp:timev_a', '2026-01-01', 10)$c$,
		$c$update_schema('dp:timev_a:t', pg_temp.tbl('bigint'))$c$,
		$c$report_load('dp:timev_a:v1', '2026-01-03')$c$,
		$c$update_data_product('dp:timev_a:v1', pg_temp.doc('description', 'Maintained'))$c$,
		$c$delete_data_product('dp:timev_a:v2')$c$,
		$c$register_schema('dp:timev_a:u', pg_temp.tbl('date'))$c$,
		$c$restore_data_product('dp:timev_a:v2')$c$,
		$c$set_sunset('timev_b', '2050-01-01')$c$,
		$c$delete_data_product('dp:timev_a:v1.1')$c$,
		$c$delete_data_product('dp:timev_a')$c$,
		$c$restore_data_product('dp:timev_a')$c$,
		$c$delete_data_product('dp:timev_b')$c$,
		$c$delete_data_product('dp:timev_a')$c$,
		$c$register_data_product(pg_temp.doc('name', 'timev_a', 'domain', 'OPG'))$c$]
	LOOP
		PERFORM pg_temp.look(step);
		EXECUTE 'SELECT dpmeta.' || change;
		step := step + 1;
	END LOOP;
	PERFORM pg_temp.look(step);
END $$;
RESET client_min_messages;

-- all of it is there still: for the whole platform, and for one data product
SELECT count(*), count(DISTINCT line) FROM seen_rows;
CREATE FUNCTION pg_temp.rows_at(t timestamptz, one text) RETURNS TABLE (what text, line text) LANGUAGE sql AS $$
	SELECT 'product', d::text FROM dpmeta.data_products_at(t, one) d WHERE d.name ~ '^timev_'
	UNION ALL SELECT 'schema', s::text FROM dpmeta.schemas_at(t, one) s WHERE s.data_product ~ '^timev_'
	UNION ALL SELECT 'column', c::text FROM dpmeta.columns_at(t, one) c WHERE c.data_product ~ '^timev_' $$;
SELECT * FROM (
	SELECT s.step, r.* FROM seen s, pg_temp.rows_at(s.at, NULL) r
	EXCEPT ALL SELECT * FROM seen_rows) wrong;
SELECT * FROM (
	SELECT * FROM seen_rows
	EXCEPT ALL SELECT s.step, r.* FROM seen s, pg_temp.rows_at(s.at, NULL) r) missing;
SELECT count(*) FROM (
	SELECT s.step, r.* FROM seen s, pg_temp.rows_at(s.at, 'timev_a') r
	UNION ALL SELECT s.step, r.* FROM seen s, pg_temp.rows_at(s.at, 'timev_b') r
	EXCEPT ALL SELECT * FROM seen_rows) wrong;
-- null is now
SELECT count(*) FROM (
	SELECT step, r.* FROM (SELECT max(step) AS step FROM seen) s, pg_temp.rows_at(NULL, NULL) r
	EXCEPT ALL SELECT * FROM seen_rows) wrong;

-- what was current when: once at each time, and what data_products_at() says
SELECT h.version, h.valid_until IS NULL AS lasts, h.domain, h.status,
	(SELECT min(s.step) FROM seen s WHERE s.at > h.valid_from) AS from_step,
	(SELECT min(s.step) FROM seen s WHERE s.at > h.valid_until) AS until_step
FROM dpmeta.data_product_history h WHERE h.data_product = 'timev_a' ORDER BY h.valid_from;
SELECT count(*) FROM (
	SELECT s.step, h.id FROM seen s JOIN dpmeta.data_product_history h
		ON h.valid_from <= s.at AND (h.valid_until > s.at OR h.valid_until IS NULL) AND h.data_product ~ '^timev_'
	EXCEPT ALL SELECT s.step, d.id FROM seen s, dpmeta.data_products_at(s.at) d WHERE d.name ~ '^timev_') wrong;
SELECT v.version, (SELECT min(s.step) FROM seen s WHERE s.at > v.valid_from) AS from_step,
	(SELECT min(s.step) FROM seen s WHERE s.at > v.valid_until) AS until_step
FROM dpmeta.data_product_versions v WHERE v.data_product = 'timev_a' ORDER BY v.major, v.minor;

-- the net difference
CREATE FUNCTION pg_temp.at(step integer) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT s.at FROM seen s WHERE s.step = $1 $$;
SELECT * FROM dpmeta.changes_between(pg_temp.at(0), pg_temp.at(3)) c WHERE c.data_product ~ '^timev_';
SELECT * FROM dpmeta.changes_between(pg_temp.at(3), pg_temp.at(5)) c WHERE c.data_product ~ '^timev_';
SELECT * FROM dpmeta.changes_between(pg_temp.at(5), pg_temp.at(3)) c WHERE c.data_product ~ '^timev_';
SELECT * FROM dpmeta.changes_between(pg_temp.at(3), NULL) c WHERE c.data_product ~ '^timev_';
-- deleted and restored between: nothing is different
SELECT count(*) FROM dpmeta.changes_between(pg_temp.at(12), pg_temp.at(14)) c WHERE c.data_product = 'timev_a';
SELECT dpmeta.changes_between('infinity', NULL);

-- one data product is found by its name
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line	text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Seq Scan on (product|product_version|product_state)\M' THEN
			RETURN NEXT line;
		END IF;
	END LOOP;
END $$;
SET enable_seqscan = off;
SELECT * FROM pg_temp.plan($$SELECT version FROM dpmeta.data_product_history WHERE data_product = 'timev_a'$$);
SELECT * FROM pg_temp.plan($$SELECT valid_from, valid_until FROM dpmeta.data_product_versions WHERE id = 'dp:timev_a:v1.0'$$);
RESET enable_seqscan;

SELECT dpmeta.purge_data_product(n) > 0 AS purged FROM unnest('{timev_a,timev_b}'::text[]) n;
