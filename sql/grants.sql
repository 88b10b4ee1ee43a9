-- who may do what
SET client_min_messages = warning;
CREATE ROLE dpmeta_test_nobody;
CREATE ROLE "dpmeta test reader";
CREATE ROLE dpmeta_test_producer;
CREATE ROLE dpmeta_test_steward;
CREATE ROLE dpmeta_test_front;
CREATE ROLE dpmeta_test_platform;

-- Every function is in one place: computing only (open to all), of one rung, or
-- the owner's.  A new one has to be given one.
CREATE TEMP VIEW placed AS
	SELECT p.proname::text AS name, p.oid,
		CASE
			WHEN p.provolatile = 'i' THEN 'everyone'
			WHEN r.role IS NOT NULL THEN r.role
			ELSE 'owner'
		END AS place
	FROM pg_proc p
	LEFT JOIN dpmeta.role_rights() r ON r.kind = 'function' AND r.name = p.proname
	WHERE p.pronamespace = 'dpmeta'::regnamespace;
SELECT name AS "has no place" FROM placed
WHERE place = 'owner' AND name NOT LIKE 'grant\_%' AND name NOT LIKE 'revoke\_%' AND name NOT IN (
	-- for a DBA
	'check', 'cut_log', 'purge_data_product', 'purge_idempotency_keys', 'set_domains', 'register_json_schema', 'unregister_json_schema',
	'owner', 'set_owner', 'forget_dropped_roles', 'publish', 'take_over', 'renew_times',
	-- called by the others only
	'catalogue', 'catalogue_counts', 'catalogue_rows', 'change_right', 'change_rights', 'check_catalogue', 'check_copies', 'check_event_cursor', 'check_grantee', 'check_log', 'check_owner', 'check_products',
	'check_rest', 'check_search', 'check_tables', 'check_times', 'check_versions', 'checked_json_schema_uri', 'count_stats', 'domain_changed',
	'version_changes', 'versions_at', 'columns_arrived', 'columns_known', 'columns_left', 'event_arrived', 'forget_kinds', 'example_domain', 'granted_rung', 'last_common_event', 'life', 'named_owner_rights', 'named_owners', 'owner_rights', 'read_filters', 'refresh_models', 'run_as', 'search_guess', 'search_headline', 'search_hits', 'search_meant', 'search_parts', 'search_query', 'search_rows', 'search_words', 'searchable', 'stats_are_true', 'table_at', 'version_tables')
	-- what a function of that name does as the owner
	AND name NOT IN (SELECT 'as_owner_' || o.name FROM placed o)
ORDER BY name;
-- All belongs to a superuser, and runs as one only to deal with rights and to change the models.
SELECT i.type, i.identity AS "belongs to no superuser"
FROM pg_shdepend s
JOIN pg_depend d ON d.classid = s.classid AND d.objid = s.objid AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dpmeta')
JOIN pg_roles r ON r.oid = s.refobjid AND NOT r.rolsuper
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.deptype = 'o';
SELECT p.proname AS "runs as a superuser" FROM pg_proc p
WHERE p.pronamespace = 'dpmeta'::regnamespace AND p.prosecdef
	AND p.proname !~ '^(grant|revoke)_(reader|producer|steward|front)$'
ORDER BY p.proname COLLATE "C";
SELECT p.proname || '()' AS "is open to all" FROM pg_proc p
WHERE p.pronamespace = 'dpmeta'::regnamespace AND p.proname ~ '^as_owner_|^run_as$'
	AND has_function_privilege('dpmeta_test_nobody', p.oid, 'EXECUTE');
SELECT r.role, r.name AS "in the list twice" FROM dpmeta.role_rights() r GROUP BY 1, 2 HAVING count(*) > 1;
SELECT c.relname AS "view that nobody may read"
FROM pg_class c
WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind = 'v'
	AND NOT EXISTS (SELECT FROM dpmeta.role_rights() r WHERE r.kind = 'view' AND r.name = c.relname)
ORDER BY 1;

-- at first nobody may do anything but compute
CREATE TEMP VIEW rights AS
	SELECT r.rolname AS role, 'schema' AS kind, 'dpmeta' AS name
	FROM pg_roles r
	WHERE has_schema_privilege(r.oid, 'dpmeta', 'USAGE')
	UNION ALL
	SELECT r.rolname, 'relation', c.relname
	FROM pg_roles r, pg_class c
	WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'p', 'm', 'f')
		AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE,SELECT,UPDATE')
			ELSE has_table_privilege(r.oid, c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')
				OR has_any_column_privilege(r.oid, c.oid, 'SELECT,INSERT,UPDATE,REFERENCES') END
	UNION ALL
	SELECT r.rolname, 'function', p.name
	FROM pg_roles r, placed p
	WHERE p.place <> 'everyone' AND has_function_privilege(r.oid, p.oid, 'EXECUTE');
SELECT * FROM rights WHERE role LIKE 'dpmeta%test%';
SELECT p.oid::regprocedure AS "does not compute for all" FROM placed p
WHERE p.place = 'everyone' AND NOT has_function_privilege('dpmeta_test_nobody', p.oid, 'EXECUTE');

SELECT dpmeta.grant_reader('"dpmeta test reader"');
SELECT dpmeta.grant_producer('dpmeta_test_producer');
SELECT dpmeta.grant_steward('dpmeta_test_steward');
SELECT dpmeta.grant_front('dpmeta_test_front');
-- a role has what its rung and those below list, no more and no less
WITH rung(role, rung) AS (
	VALUES ('dpmeta_test_nobody', 0), ('dpmeta test reader', 1), ('dpmeta_test_producer', 2),
		('dpmeta_test_steward', 3), ('dpmeta_test_front', 4)
), expected AS (
	SELECT g.role, CASE r.kind WHEN 'view' THEN 'relation' ELSE r.kind END AS kind, r.name
	FROM rung g
	JOIN dpmeta.role_rights() r ON r.rung <= g.rung
	WHERE r.kind = 'view' OR EXISTS (SELECT FROM placed p WHERE p.name = r.name AND p.place <> 'everyone')
	UNION ALL
	SELECT g.role, 'schema', 'dpmeta' FROM rung g WHERE g.rung > 0
), found AS (
	SELECT DISTINCT role::text, kind, name::text FROM rights WHERE role LIKE 'dpmeta%test%'
)
SELECT 'missing' AS what, m.* FROM (TABLE expected EXCEPT TABLE found) m
UNION ALL
SELECT 'too much', t.* FROM (TABLE found EXCEPT TABLE expected) t;
SELECT role, count(*) > 10 AS has_many FROM rights WHERE role LIKE 'dpmeta%test%' GROUP BY role ORDER BY role COLLATE "C";

-- a reader reads the views and not what lies behind them
SET ROLE "dpmeta test reader";
SELECT count(*) >= 0 AS reads FROM dpmeta.data_products;
SELECT count(*) >= 0 AS reads FROM dpmeta.data_product_versions;
SELECT count(*) >= 0 AS reads FROM dpmeta.schemas;
SELECT count(column_type) >= 0 AS reads FROM dpmeta.columns;
SELECT count(*) >= 0 AS reads FROM dpmeta.tags;
SELECT count(*) >= 0 AS reads FROM dpmeta.events;
SELECT count(*) >= 0 AS reads FROM dpmeta.changes;
SELECT count(*) >= 0 AS reads FROM dpmeta.problems;
SELECT count(*) >= 0 AS reads FROM dpmeta.column_type_stats;
SELECT jsonb_typeof(dpmeta.stats()) AS reads;
SELECT count(*) FROM dpmeta.product;
SELECT count(*) FROM dpmeta.version_table;
INSERT INTO dpmeta.domain VALUES ('mine');
SELECT dpmeta.change_rights('grant', 'dpmeta_test_nobody', 1, 4);
SELECT dpmeta.grant_reader('dpmeta_test_nobody');
SELECT dpmeta.check_actor('another', '{reader}');
RESET ROLE;
SET ROLE dpmeta_test_nobody;
SELECT count(*) FROM dpmeta.data_products;
SELECT dpmeta.stats();
RESET ROLE;

-- each revoke leaves the rung below
SELECT dpmeta.revoke_front('dpmeta_test_front');
SELECT dpmeta.revoke_steward('dpmeta_test_steward');
SELECT dpmeta.revoke_producer('dpmeta_test_producer');
SELECT dpmeta.revoke_reader('"dpmeta test reader"');
SELECT r.role, max(l.rung) FROM rights r JOIN dpmeta.role_rights() l ON l.name = r.name
WHERE r.role LIKE 'dpmeta%test%' GROUP BY r.role ORDER BY r.role COLLATE "C";
SELECT dpmeta.revoke_reader(oid::regrole) FROM pg_roles WHERE rolname LIKE 'dpmeta%test%' ORDER BY rolname COLLATE "C";
SELECT * FROM rights WHERE role LIKE 'dpmeta%test%';

-- granting can be left to another, who needs no other right
GRANT USAGE ON SCHEMA dpmeta TO dpmeta_test_platform;
GRANT EXECUTE ON FUNCTION dpmeta.grant_reader(regrole) TO dpmeta_test_platform;
SET ROLE dpmeta_test_platform;
SELECT dpmeta.grant_reader('dpmeta_test_nobody');
SELECT dpmeta.grant_steward('dpmeta_test_nobody');
RESET ROLE;
SELECT r.role, max(l.rung) FROM rights r JOIN dpmeta.role_rights() l ON l.name = r.name
WHERE r.role = 'dpmeta_test_nobody' GROUP BY r.role;
SELECT dpmeta.grant_reader('dpmeta_test_absent');
SELECT dpmeta.grant_reader(0);
SELECT dpmeta.grant_reader(NULL);

-- the functions run as whom the owner names, who has no right but theirs
CREATE ROLE dpmeta_test_owner;
CREATE ROLE dpmeta_test_another;
SELECT dpmeta.owner() = current_user::regrole AS "is the superuser's";
SELECT dpmeta.set_owner('dpmeta_test_owner');
SELECT dpmeta.owner();
SELECT has_table_privilege('dpmeta_test_owner', 'dpmeta.product', 'UPDATE') AS updates,
	has_table_privilege('dpmeta_test_owner', 'dpmeta.product', 'TRUNCATE, REFERENCES, TRIGGER') AS more,
	has_schema_privilege('dpmeta_test_owner', 'dpmeta', 'CREATE') AS creates,
	has_function_privilege('dpmeta_test_owner', 'dpmeta.register_data_product(jsonb, text[], boolean, text, boolean, text, text[])',
		'EXECUTE') AS writes_by_itself;
SELECT array_length(dpmeta.domains(), 1) > 1 AS reads, jsonb_typeof(dpmeta.stats()) AS figures;
REVOKE SELECT ON dpmeta.domain, dpmeta.product FROM dpmeta_test_owner;
\set SHOW_CONTEXT never
SELECT dpmeta.domains();
SELECT * FROM dpmeta.list_data_products();
SELECT dpmeta.delete_data_product('dp:dpmeta_test_none');
\set SHOW_CONTEXT errors
-- another takes over
SELECT dpmeta.set_owner('dpmeta_test_another');
SELECT dpmeta.owner();
SELECT DISTINCT role FROM rights WHERE role ~ '_(owner|another)$' ORDER BY role;
SELECT dpmeta.set_owner(NULL);
SELECT DISTINCT role FROM rights WHERE role ~ '_(owner|another)$' ORDER BY role;
SELECT dpmeta.set_owner('dpmeta_test_absent');
\set VERBOSITY sqlstate
SELECT dpmeta.set_owner(current_user::regrole);
\set VERBOSITY default
SELECT dpmeta.owner() = current_user::regrole AS "is the superuser's";
SET ROLE dpmeta_test_platform;
SELECT dpmeta.set_owner('dpmeta_test_owner');
SELECT dpmeta.run_as(10, 'SELECT 1');
RESET ROLE;

DROP VIEW rights, placed;
REVOKE ALL ON SCHEMA dpmeta FROM dpmeta_test_platform;
REVOKE ALL ON FUNCTION dpmeta.grant_reader(regrole) FROM dpmeta_test_platform;
SELECT dpmeta.revoke_reader('dpmeta_test_nobody');
DROP ROLE dpmeta_test_nobody, "dpmeta test reader", dpmeta_test_producer, dpmeta_test_steward,
	dpmeta_test_front, dpmeta_test_platform, dpmeta_test_owner, dpmeta_test_another;
