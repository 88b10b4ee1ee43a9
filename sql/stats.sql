-- the figures, over a store that holds nothing else; it comes back at the end
BEGIN;
SET LOCAL search_path = dpmeta, pg_catalog;
SET LOCAL timezone = 'Pacific/Auckland';
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
TRUNCATE product CASCADE;

-- an empty store has figures too
SELECT jsonb_pretty(stats() - 'time' #- '{changes,perDay}' #- '{changes,perWeek}');
SELECT count(*), sum((d->>'versions')::integer),
	min(d->>'day') = ((now() AT TIME ZONE 'UTC')::date - 29)::text AS from_29_days_ago,
	max(d->>'day') = ((now() AT TIME ZONE 'UTC')::date)::text AS to_today
FROM jsonb_array_elements(stats() #> '{changes,perDay}') d;

-- five of HQ, one of them deleted, and one of OPG; a and b have two versions
INSERT INTO product (name, current, trunk, registered_at, changed_at, domain, status, owner, tags, search, sunset)
SELECT 'stats_' || n, CASE WHEN n <> 'deleted' THEN v::dpversion END, v::dpversion, now(), now(),
	CASE WHEN n = 'f' THEN 'OPG' ELSE 'HQ' END, s, CASE WHEN n = 'd' THEN ' ' ELSE 'o@x.org' END, '{}', '',
	CASE WHEN n = 'd' THEN date '2020-01-01' END
FROM (VALUES ('a', 'v1.1', 'draft'), ('b', 'v2.0', 'published'), ('c', 'v1.0', 'published'), ('d', 'v1.0', 'retired'),
	('f', 'v1.0', 'retired'), ('deleted', 'v1.0', 'draft')) p(n, v, s);
INSERT INTO product_version (product_id, version, trunk, created_at, deleted_at, metadata, facts, document)
SELECT product_id, v, v, now(), CASE WHEN current IS NULL THEN now() END,
	jsonb_build_object('name', name, 'description', CASE name WHEN 'stats_a' THEN '' ELSE 'd' END,
		'dpiaRequired', name = 'stats_b'),
	CASE name WHEN 'stats_b' THEN '{"lastUpdated": "2026-01-01T00:00:00Z"}'::jsonb ELSE '{}' END, '{}'
FROM product, LATERAL (SELECT DISTINCT unnest(ARRAY['v1.0', trunk])) v(v);
WITH s AS (
	INSERT INTO table_schema (product_id, definition, document)
	SELECT product_id, '{"tableDescription": "", "columns": [
		{"name": "a", "type": "int", "description": "x"}, {"name": "b", "type": "int", "description": ""},
		{"name": "c", "type": "array<string>", "description": ""}]}', '{}' FROM product WHERE name <> 'stats_c'
	RETURNING *)
INSERT INTO table_range (product_id, table_name, branch, since, table_schema_id)
SELECT product_id, 't' || n, 0, 'v1.0', table_schema_id
FROM s JOIN product USING (product_id), generate_series(1, CASE name WHEN 'stats_b' THEN 3 ELSE 1 END) n;
INSERT INTO event (occurred_at, product_id, action, to_version, kind, actor, changes)
SELECT now() - interval '24 hours' * e.days, product_id, 'update', e.version::dpversion, e.kind, e.actor, '[]'
FROM (VALUES ('a', 'v1.0', 60, 'initial', 'ann'), ('a', 'v1.1', 6, 'minor', 'ann'), ('b', 'v1.0', 29, 'initial', 'bob'),
	('b', 'v2.0', 0, 'major', 'bob'), ('c', 'v1.0', 8, 'initial', 'bob'), ('d', 'v1.0', 30, 'initial', 'cat'),
	('f', 'v1.0', 1, 'initial', 'cat'), ('deleted', 'v1.0', 0, 'initial', 'cat'), ('deleted', NULL, 0, 'deletion', 'cat'),
	('a', 'v1.1', 0, 'none', 'ann')) e(n, version, days, kind, actor)
JOIN product ON name = 'stats_' || e.n;

SELECT jsonb_pretty(stats() - 'time' #- '{changes,perDay}' #- '{changes,perWeek}');
SELECT (now() AT TIME ZONE 'UTC')::date - (d->>'day')::date AS days_ago, d->'versions' AS versions, d->'breaking' AS breaking
FROM jsonb_array_elements(stats() #> '{changes,perDay}') d WHERE d->>'versions' <> '0' ORDER BY 1;
-- weeks begin on Monday, and the last one is this one
SELECT count(*), count(*) FILTER (WHERE extract(isodow FROM (w->>'week')::date) = 1) AS mondays,
	max((w->>'week')::date) = date_trunc('week', now() AT TIME ZONE 'UTC')::date AS this_week,
	sum((w->>'versions')::int) AS versions, sum((w->>'breaking')::int) AS breaking,
	sum((w->>'versions')::int) = (SELECT count(*) FROM event WHERE kind IN ('initial', 'minor', 'major')
		AND occurred_at >= date_trunc('week', now(), 'UTC') - interval '77 days') AS all_of_them
FROM jsonb_array_elements(stats() #> '{changes,perWeek}') w;
SELECT stats()->>'time' ~ '^....-..-..T..:..:..Z$' AS form, (stats()->>'time')::timestamptz = date_trunc('second', now()) AS time_is_now;

SELECT * FROM domain_stats ORDER BY domain COLLATE "C";
SELECT (now() AT TIME ZONE 'UTC')::date - day AS days_ago, versions, initial, minor, major, deletions, restorations, products, actors
FROM daily_stats ORDER BY 1;
SELECT actor, events, versions, major, products FROM actor_stats ORDER BY 1;
SELECT * FROM column_type_stats ORDER BY 1;
SELECT * FROM problems ORDER BY data_product COLLATE "C", problem COLLATE "C";
ROLLBACK;

-- figures are kept, so that a large store need not be counted again
SET search_path = dpmeta, pg_catalog;
CREATE FUNCTION pg_temp.given() RETURNS text
	LANGUAGE sql AS $$ SELECT CASE WHEN s ? 'kept' THEN 'kept' WHEN s ? 'products' THEN 'counted' END FROM dpmeta.stats() s $$;
CREATE FUNCTION pg_temp.keep(counted timestamptz, took interval, seen pg_snapshot) RETURNS void
	LANGUAGE sql AS $$ DELETE FROM dpmeta.stats_kept; INSERT INTO dpmeta.stats_kept VALUES (counted, took, seen, '{"kept": 1}') $$;
SELECT renew_stats() = count_stats() AS "renewed what there is";
SELECT count(*) FROM stats_kept;
SELECT seen AS now_seen FROM stats_kept \gset
-- while nothing is written they are true, however old they are in this hour
BEGIN;
SELECT FROM pg_temp.keep(now(), '1 second', :'now_seen');
SELECT pg_temp.given() AS "nothing was written since", renew_stats() ? 'kept' AS "no need to count";
SELECT FROM pg_temp.keep(now() - interval '1 day', '1 second', :'now_seen');
SELECT pg_temp.given() AS "in another hour";
ROLLBACK;
SELECT id FROM register_data_product('{"name": "stats_written", "description": "d", "domain": "HQ", "dataProductOwner": "o@example.org",
	"dataProductOwnerDisplayName": "O", "email": "o@example.org", "status": "draft", "retentionPeriod": 1, "dpiaRequired": false}');
BEGIN;
SELECT FROM pg_temp.keep(now(), '1 second', :'now_seen');
SELECT pg_temp.given() AS "written since, counting takes long", renew_stats() ? 'kept' AS "too early to count again";
SELECT FROM pg_temp.keep(now() - interval '100 seconds', '1 second', :'now_seen');
SELECT pg_temp.given() AS "some minutes old", renew_stats() ? 'products' AS "late enough to count again";
SELECT FROM pg_temp.keep(now() - interval '4 minutes', '1 second', :'now_seen');
SELECT pg_temp.given() AS "too old";
SELECT FROM pg_temp.keep(now(), '10 milliseconds', :'now_seen');
SELECT pg_temp.given() AS "counting is quick";
ROLLBACK;
-- who may only read gets figures, too
DELETE FROM stats_kept;
BEGIN READ ONLY;
SELECT renew_stats() ? 'products' AS counted;
ROLLBACK;
SELECT count(*) FROM stats_kept;
SELECT purge_data_product('stats_written');
