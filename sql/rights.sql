-- which change needs whom, by whatever way it is made
SET client_min_messages = warning;
SET search_path = dpmeta, pg_catalog;
CREATE ROLE dpmeta_test_producer;
CREATE ROLE dpmeta_test_steward;
SELECT grant_producer('dpmeta_test_producer'), grant_steward('dpmeta_test_steward');

CREATE FUNCTION pg_temp.try(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	kind	text;
BEGIN
	EXECUTE 'SELECT to_jsonb(r)->>''kind'' FROM dpmeta.' || call || ' r' INTO kind;
	RETURN kind;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.document(status text, description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('description', description, 'domain', 'HQ', 'dataProductOwner', 'o@x.org',
		'dataProductOwnerDisplayName', 'O', 'email', 'o@x.org', 'status', status, 'retentionPeriod', 1,
		'dpiaRequired', false) $$;
CREATE FUNCTION pg_temp.named(status text, description text DEFAULT 'd') RETURNS jsonb LANGUAGE sql AS
	$$ SELECT '{"name": "rights"}' || pg_temp.document(status, description) $$;
\set lines '{"lines": {"tableDescription": "", "columns": []}}'

-- a status of a steward's: nobody else gives it, and nobody else takes it away
SET ROLE dpmeta_test_producer;
SELECT status, dry_run, pg_temp.try(format('register_data_product(pg_temp.named(%L), dry_run => %L)', status, dry_run))
FROM unnest('{published,retired}'::text[]) status, unnest('{t,f}'::bool[]) dry_run;
SELECT pg_temp.try($$register_data_product(pg_temp.named('draft'))$$);
SELECT pg_temp.try(format('sync_data_product(pg_temp.named(''draft''), %L)', :'lines'));
RESET ROLE;
CREATE TABLE pg_temp.step (n integer, role text, call text);
INSERT INTO pg_temp.step VALUES
	(1, 'dpmeta_test_producer', $$update_data_product('dp:rights', pg_temp.document('published'))$$),
	(2, 'dpmeta_test_producer', $$update_data_product('dp:rights', pg_temp.document('published'), dry_run => true)$$),
	(3, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "retired"}')$$),
	(4, 'dpmeta_test_producer', $$sync_data_product(pg_temp.named('published'), '{"lines": {"tableDescription": "", "columns": []}}')$$),
	(5, 'dpmeta_test_steward', $$patch_data_product('dp:rights', '{"status": "published"}')$$),
	(6, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"description": "other"}')$$),
	(7, 'dpmeta_test_producer', $$update_data_product('dp:rights', pg_temp.document('published', 'third'))$$),
	(8, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "draft"}')$$),
	(9, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "draft"}', dry_run => true)$$),
	(10, 'dpmeta_test_producer', $$update_data_product('dp:rights:v1', pg_temp.document('draft'))$$),
	(11, 'dpmeta_test_producer', $$sync_data_product(pg_temp.named('draft'), '{"lines": {"tableDescription": "", "columns": []}}')$$),
	(12, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "retired"}')$$),
	(13, 'dpmeta_test_steward', $$patch_data_product('dp:rights', '{"status": "retired"}')$$),
	(14, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "published"}')$$),
	(15, 'dpmeta_test_producer', $$patch_data_product('dp:rights', '{"status": "draft"}')$$),
	(16, 'dpmeta_test_steward', $$patch_data_product('dp:rights', '{"status": "draft"}')$$),
	-- a table goes by a steward's hand, whoever says how
	(20, 'dpmeta_test_producer', $$sync_data_product(pg_temp.named('draft', 'third'), '{}')$$),
	(21, 'dpmeta_test_producer', $$sync_data_product(pg_temp.named('draft', 'third'), '{"others": {"tableDescription": "", "columns": []}}')$$),
	(22, 'dpmeta_test_producer', $$sync_data_product(pg_temp.named('draft', 'third'), '{}', dry_run => true)$$),
	(23, 'dpmeta_test_producer', $$delete_schema('dp:rights:lines')$$),
	(24, 'dpmeta_test_steward', $$sync_data_product(pg_temp.named('draft', 'third'), '{}')$$);
CREATE FUNCTION pg_temp.run(role text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result	text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	result := pg_temp.try(call);
	RESET ROLE;
	RETURN result;
END $$;
GRANT USAGE ON SCHEMA dpmeta TO dpmeta_test_producer;
SELECT n, substr(role, 13) AS role, pg_temp.run(role, call) FROM (SELECT * FROM pg_temp.step ORDER BY n) s;

-- the same for a live PostgreSQL schema that lost a table
CREATE SCHEMA rights_live CREATE TABLE one (a integer) CREATE TABLE two (a integer);
GRANT USAGE ON SCHEMA rights_live TO dpmeta_test_producer;
GRANT SELECT ON ALL TABLES IN SCHEMA rights_live TO dpmeta_test_producer;
\set member '{"domain": "HQ", "dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org", "retentionPeriod": 1, "dpiaRequired": false}'
SELECT pg_temp.run('dpmeta_test_producer', format('register_catalog_schema(''rights_live'', %L)', :'member'));
DROP TABLE rights_live.two;
SELECT pg_temp.run('dpmeta_test_producer', $$register_catalog_schema('rights_live')$$);
SELECT kind FROM register_catalog_schema('rights_live');
SELECT pg_temp.run('dpmeta_test_producer', $$register_catalog_schema('rights_live', '{"status": "published"}')$$);

-- a replay is asked for its right as the write was
SELECT kind FROM register_data_product('{"name": "rights_b"}' || pg_temp.document('published'), idempotent => true, actor => 'x', actor_roles => '{steward}');
SELECT kind FROM patch_data_product('dp:rights_b', '{"status": "draft"}', idempotency_key => 'k', actor => 'x', actor_roles => '{steward}');
SELECT role, pg_temp.try(format($$patch_data_product('dp:rights_b', '{"status": "draft"}', idempotency_key => 'k', actor => 'x', actor_roles => %L)$$, ARRAY[role])),
	pg_temp.try(format($$register_data_product('{"name": "rights_b"}' || pg_temp.document('published'), idempotent => true, actor => 'x', actor_roles => %L)$$, ARRAY[role]))
FROM unnest('{reader,producer,steward}'::text[]) role;

-- Every function that writes asks for the role that it is granted to, of whom it is
-- called for too.  Nothing that it is asked to do exists, so that the right is what
-- it asks for first.
SELECT p.proname, r.role, o.role AS lower, pg_temp.try(format('%I(%s, actor => ''x'', actor_roles => %L)', p.proname,
	(SELECT string_agg(CASE t.name WHEN 'document' THEN '''{"name": "rights_no"}'' || pg_temp.document(''draft'')'
			WHEN 'id' THEN CASE WHEN p.proname LIKE '%schema' THEN '''dp:rights_no:t''' ELSE '''dp:rights_no''' END
			WHEN 'name' THEN '''rights_no''' WHEN 'sunset' THEN '''2030-01-01''' WHEN 'schema' THEN '''rights_live''' ELSE '''{}''' END, ', ' ORDER BY t.n)
	 FROM unnest(p.proargnames) WITH ORDINALITY t(name, n) WHERE t.n <= p.pronargs - p.pronargdefaults), ARRAY[o.role])) AS refused
FROM role_rights() r
JOIN pg_proc p ON p.proname = r.name AND p.pronamespace = 'dpmeta'::regnamespace
JOIN role_rights() o ON o.rung < r.rung
WHERE 'actor' = ANY (p.proargnames) AND r.role <> 'front'
GROUP BY 1, 2, 3, p.proargnames, p.pronargs, p.pronargdefaults
ORDER BY 1, 3;

SELECT purge_data_product(name) > 0 FROM unnest('{rights,rights_live,rights_b}'::text[]) name;
DROP SCHEMA rights_live CASCADE;
SELECT revoke_reader('dpmeta_test_producer'), revoke_reader('dpmeta_test_steward');
REVOKE USAGE ON SCHEMA dpmeta FROM dpmeta_test_producer;
DROP ROLE dpmeta_test_producer, dpmeta_test_steward;
