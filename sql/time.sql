-- reading as of a time: whatever was read at a time is read again as of it
\set VERBOSITY terse
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Time", "domain": "HQ", "dataProductOwner": "time@example.org",
	"dataProductOwnerDisplayName": "Time", "email": "time@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.tbl(type text) RETURNS jsonb LANGUAGE sql
RETURN jsonb_build_object('tableDescription', 'A table', 'columns',
	jsonb_build_array(jsonb_build_object('name', 'a', 'type', type, 'description', '')));

/*
 * What each ID reads as now: its answer, or the error.  A time that comes later is
 * one at which nothing can have been different yet.
 */
CREATE TEMP TABLE seen (step integer, at timestamptz, call text, answer text);
CREATE FUNCTION pg_temp.answer(call text, at text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer	text;
BEGIN
	EXECUTE format('SELECT string_agg(r::text, E''\n'') FROM ' || call || ' r', at) INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.look(step integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	call	text;
BEGIN
	PERFORM pg_sleep(0.002);
	FOREACH call IN ARRAY (
			SELECT array_agg(format('dpmeta.get_data_product(%L, %%L)', id))
			FROM unnest('{dp:time_a,dp:time_a:v1,dp:time_a:v1.0,dp:time_a:v1.1,dp:time_a:v1.3,dp:time_a:v2,dp:time_a:v2.0,dp:time_a:v3,dp:time_b}'::text[]) id)
		|| (SELECT array_agg(format('dpmeta.get_schema(%L, %%L)', id))
			FROM unnest('{dp:time_a:t,dp:time_a:v1:t,dp:time_a:v2:t,dp:time_a:u,dp:time_a:v1.1:t}'::text[]) id)
		|| ARRAY['dpmeta.list_versions(''dp:time_a'', as_of => %L)',
			'dpmeta.list_versions(''dp:time_a'', deleted => true, as_of => %L)',
			'dpmeta.list_versions(''dp:time_a:v1'', as_of => %L)',
			'dpmeta.list_changes(''dp:time_a'', ''v1.0'', as_of => %L)',
			'dpmeta.list_data_products_at(as_of => %L, owner => ''time@example.org'')',
			'dpmeta.list_data_products_at(as_of => %L, domain => ''OPG'')',
			'dpmeta.list_data_products_at(as_of => %L, status => ''retired'', q => ''ended'')',
			'dpmeta.list_data_products_at(as_of => %L, tag => ''a:b'')',
			'dpmeta.list_data_products_at(as_of => %L, owner => ''time@example.org'', deleted => true)',
			'dpmeta.data_products_page_at(as_of => %L, owner => ''time@example.org'', page_size => 1)']
	LOOP
		INSERT INTO seen VALUES (look.step, clock_timestamp(), call, pg_temp.answer(call, NULL));
	END LOOP;
	PERFORM pg_sleep(0.002);
END $$;

-- each step changes something, and looks at everything
SELECT pg_temp.look(0);
SELECT kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'time_a'));
SELECT pg_temp.look(1);
SELECT kind FROM dpmeta.register_schema('dp:time_a:t', pg_temp.tbl('int'));
SELECT pg_temp.look(2);
SELECT kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'time_b', 'domain', 'OPG'));
SELECT id FROM dpmeta.report_load('dp:time_a', '2026-01-01', 10);
SELECT pg_temp.look(3);
SELECT id FROM dpmeta.report_load('dp:time_a', '2026-01-02', s3_location => 's3://a');
SELECT pg_temp.look(4);
SELECT kind FROM dpmeta.update_schema('dp:time_a:t', pg_temp.tbl('bigint'));
SELECT id FROM dpmeta.report_load('dp:time_a:v1', '2026-01-03');
SELECT pg_temp.look(5);
-- maintenance of an older major
SELECT kind FROM dpmeta.update_data_product('dp:time_a:v1', pg_temp.doc('description', 'Maintained'));
SELECT pg_temp.look(6);
SELECT kind FROM dpmeta.delete_data_product('dp:time_a:v2');
SELECT pg_temp.look(7);
SELECT kind FROM dpmeta.register_schema('dp:time_a:u', pg_temp.tbl('date'));
SELECT pg_temp.look(8);
SELECT kind FROM dpmeta.restore_data_product('dp:time_a:v2');
SELECT pg_temp.look(9);
SELECT kind FROM dpmeta.update_data_product('dp:time_a', '{"tags": {"a": "b"}}' || pg_temp.doc('status', 'retired', 'description', 'Ended'));
SELECT id FROM dpmeta.set_sunset('time_a', '2050-01-01');
SELECT pg_temp.look(10);
SELECT id FROM dpmeta.set_sunset('time_a', NULL);
SELECT kind FROM dpmeta.delete_data_product('dp:time_a:v1.0');
SELECT pg_temp.look(11);
SELECT kind FROM dpmeta.delete_data_product('dp:time_a');
SELECT pg_temp.look(12);
SELECT kind FROM dpmeta.restore_data_product('dp:time_a');
SELECT pg_temp.look(13);
SELECT kind FROM dpmeta.delete_data_product('dp:time_a');
SELECT kind FROM dpmeta.delete_data_product('dp:time_b');
SELECT pg_temp.look(14);
SELECT kind FROM dpmeta.register_data_product(pg_temp.doc('name', 'time_a', 'domain', 'OPG'));
SELECT pg_temp.look(15);

-- all of it is there still
SELECT count(*) > 300 AS many, count(DISTINCT answer) > 100 AS different FROM seen;
SELECT step, call, left(answer, 60) AS then, left(again, 60) AS again
FROM seen, pg_temp.answer(call, at::text) again
WHERE answer IS DISTINCT FROM again;

-- the log says the same
CREATE TEMP TABLE kept AS
	SELECT 'state' AS what, s::text AS row FROM dpmeta.product_state s
	UNION ALL SELECT 'undone', u::text FROM dpmeta.undone_deletion u
	UNION ALL SELECT 'facts', f::text FROM dpmeta.past_facts f;
SELECT DISTINCT what FROM kept ORDER BY what;
SELECT dpmeta.renew_times();
TABLE kept EXCEPT (
	SELECT 'state', s::text FROM dpmeta.product_state s
	UNION ALL SELECT 'undone', u::text FROM dpmeta.undone_deletion u
	UNION ALL SELECT 'facts', f::text FROM dpmeta.past_facts f);
SELECT (SELECT count(*) FROM kept) = (SELECT count(*) FROM dpmeta.product_state)
	+ (SELECT count(*) FROM dpmeta.undone_deletion) + (SELECT count(*) FROM dpmeta.past_facts) AS as_many;

-- times that cannot be
SELECT dpmeta.get_data_product('dp:time_a', 'infinity');
SELECT dpmeta.get_data_product('dp:time_a', '-infinity');
SELECT dpmeta.get_data_product('dp:time_a', '2200-01-01Z') IS NULL;
SELECT t, dpmeta.read_time(t) AT TIME ZONE 'UTC' FROM unnest('{2026-01-31T12:00:00Z,2026-01-31t12:00:00.25+01:30,2016-12-31T23:59:60Z}'::text[]) t;
SELECT dpmeta.read_time('yesterday');
SELECT dpmeta.read_time('2026-02-30T00:00:00Z');
SELECT dpmeta.read_time('2026-01-01');
SELECT dpmeta.read_time('0000-01-01T00:00:00Z');

-- before a cut of the log
SELECT dpmeta.cut_log(max(at)) > 0 AS cut FROM seen;
SELECT DISTINCT pg_temp.answer(call, at::text) LIKE 'MD010%' AS refused FROM seen WHERE step < 15;
SELECT count(*) FROM dpmeta.past_facts;
-- each time is said in its place
CREATE FUNCTION pg_temp.hint(t timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint	text;
BEGIN
	PERFORM dpmeta.as_of(t);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' / ', SQLERRM, hint);
END $$;
SELECT pg_temp.hint('2020-01-01Z') LIKE
	'%"2019-12-31 16:00:00-08" / The log was cut before 2%. Give that time or a later one.' AS said;

-- a purge takes all of it along
SELECT dpmeta.purge_data_product('time_a') > 0 AS purged;
SELECT count(*) FROM dpmeta.product_state s JOIN dpmeta.product p USING (product_id) WHERE p.name = 'time_a';
SELECT dpmeta.purge_data_product('time_b') > 0 AS purged;
