-- questions about columns: by name and by pattern, found by an index; and all names
SET search_path = dpmeta, pg_catalog;
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.schema_of(VARIADIC names text[]) RETURNS jsonb
	LANGUAGE sql
	RETURN jsonb_build_object('tableDescription', '', 'columns', (
		SELECT jsonb_agg(jsonb_build_object('name', split_part(n, ' ', 1), 'type', split_part(n, ' ', 2),
											'description', CASE WHEN n ~ 'nino' THEN '' ELSE 'x' END))
		FROM unnest(names) n));
CREATE FUNCTION pg_temp.product(name text) RETURNS jsonb
	LANGUAGE sql
	RETURN jsonb_build_object('name', name, 'description', 'd', 'domain', 'HQ', 'dataProductOwner', 'o@example.org',
		'dataProductOwnerDisplayName', 'O', 'email', 'o@example.org', 'status', 'draft', 'retentionPeriod', 1,
		'dpiaRequired', false);

SELECT id FROM sync_data_product(pg_temp.product('columns_a'), jsonb_build_object(
	'people', pg_temp.schema_of('qq_nino string', 'qq_dob date'), 'other', pg_temp.schema_of('qq_id int')));
SELECT id FROM sync_data_product(pg_temp.product('columns_b'), jsonb_build_object(
	'staff', pg_temp.schema_of('qq_nino int', 'qq_nino_old string', 'qq_id int')));
SELECT id FROM update_schema('dp:columns_b:staff', pg_temp.schema_of('qq_nino int', 'qq_nino_old string', 'qq_id int', 'qq_late date'));
SELECT id FROM update_schema('dp:columns_b:staff', pg_temp.schema_of('qq_nino int', 'qq_id int', 'qq_late date'));
-- as in a store of many tables, where reading all of them takes long
SET enable_seqscan = off;
-- the planner is told of the names; which way it goes is for it to choose

CREATE FUNCTION pg_temp.plan(query text) RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	line		text;
	result		text := 'by reading all';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'column_names\((s\.)?definition\) (@>|&&)' THEN
			result := 'by its names';
		END IF;
	END LOOP;
	RETURN result;
END
$$;
-- what the index finds is what reading all finds
CREATE FUNCTION pg_temp.ask(condition text, expected text DEFAULT 'by its names') RETURNS TABLE (found text)
	LANGUAGE plpgsql
AS $$
DECLARE
	query		text := 'SELECT concat(id, ''.'', column_name) FROM dpmeta.columns WHERE ' || condition;
	all_read	text := replace(query, 'dpmeta.columns', '(SELECT * FROM dpmeta.columns OFFSET 0) c');
	differ		boolean;
BEGIN
	IF pg_temp.plan(query) <> expected THEN
		RAISE 'it is %: %', pg_temp.plan(query), query;
	END IF;
	EXECUTE format('SELECT EXISTS ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s))', query, all_read)
	INTO differ;
	IF differ THEN
		RAISE 'another way finds others: %', query;
	END IF;
	RETURN QUERY EXECUTE format('SELECT * FROM (%s) q(f) ORDER BY f COLLATE "C"', query);
END
$$;
SELECT pg_temp.ask('column_name = ''qq_nino''');
SELECT pg_temp.ask('''qq_nino'' = column_name AND is_current');
SELECT pg_temp.ask('is_current AND column_name ~ ''^qq_(nino|dob)$''');
SELECT pg_temp.ask('column_name ~* ''QQ_NINO_O''');
SELECT pg_temp.ask('is_current AND column_name LIKE ''qq\_l%''');
SELECT pg_temp.ask('is_current AND column_name ILIKE ''%Q_DOB''');
SELECT pg_temp.ask('is_current AND column_name IN (''qq_late'', ''qq_dob'')');
SELECT pg_temp.ask('column_name = ANY (ARRAY[''qq_dob'', NULL])');
SELECT pg_temp.ask('column_name ~ ''qq_no_such''');
SELECT pg_temp.ask('column_name = NULL', 'by reading all');
-- of these the index says nothing
SELECT pg_temp.ask('is_current AND data_product = ''columns_a'' AND column_name !~ ''nino''', 'by reading all');
SELECT pg_temp.ask('is_current AND data_product = ''columns_a'' AND (column_name = ''qq_dob'' OR table_name = ''other'')', 'by reading all');
SELECT pg_temp.ask('is_current AND column_name ~ ''qq_dob'' COLLATE "C"', 'by reading all');

-- from another relation, and beneath an outer join
SELECT w.name, c.data_product, c.table_name
FROM (VALUES ('qq_dob'), ('qq_none')) w(name) LEFT JOIN dpmeta.columns c ON c.column_name = w.name ORDER BY 1;

-- a plan that is kept finds what was added since
SET plan_cache_mode = force_generic_plan;
PREPARE late AS SELECT c.data_product, c.column_name FROM dpmeta.columns c WHERE c.is_current AND c.column_name ~ 'qq_la|qq_wh' ORDER BY 1, 2;
EXECUTE late;
SELECT id FROM register_schema('dp:columns_a:late', pg_temp.schema_of('qq_whatever int'));
EXECUTE late;
PREPARE any_one(text) AS SELECT count(*) FROM dpmeta.columns c WHERE c.is_current AND c.column_name ~ $1;
EXECUTE any_one('qq_nino');
EXECUTE any_one('qq_');
RESET plan_cache_mode;

-- by a role that may read the view and not ask for names
CREATE ROLE dpmeta_columns;
GRANT USAGE ON SCHEMA dpmeta TO dpmeta_columns;
GRANT SELECT ON dpmeta.columns TO dpmeta_columns;
SET ROLE dpmeta_columns;
SELECT count(*) FROM dpmeta.columns WHERE is_current AND column_name ~ 'qq_dob';
SELECT count(*) FROM dpmeta.columns WHERE is_current AND column_name = 'qq_dob';
RESET ROLE;
SELECT grant_reader('dpmeta_columns');
SET ROLE dpmeta_columns;
SELECT count(*) FROM dpmeta.columns WHERE is_current AND column_name ~ 'qq_dob';
-- all names, and those that have several types
SELECT column_name, string_agg(column_type, ', ' ORDER BY column_type) FROM dpmeta.column_names
WHERE column_name LIKE 'qq%' GROUP BY 1 ORDER BY 1;
SELECT column_name FROM dpmeta.column_names WHERE column_name LIKE 'qq%' GROUP BY 1 HAVING count(*) > 1;
-- how much is described
SELECT data_product, table_name, column_count, described_count FROM dpmeta.schemas
WHERE is_current AND data_product ~ '^columns_[ab]$' ORDER BY 1, 2;
RESET ROLE;
SELECT revoke_reader('dpmeta_columns');
DROP OWNED BY dpmeta_columns;
DROP ROLE dpmeta_columns;

-- what is no definition has no names
SELECT d, column_names(d), count_columns(d), count_described(d)
FROM (VALUES ('{}'::jsonb), ('[]'), ('1'), ('{"columns": 1}'), ('{"columns": [1, {}, {"name": 2}, {"name": "a"}]}')) v(d);

-- a purge takes the names along that no other product has
SELECT id FROM delete_data_product('dp:columns_a');
SELECT purge_data_product('columns_a') > 0 AS purged;
SELECT DISTINCT column_name FROM dpmeta.column_names WHERE column_name LIKE 'qq%' ORDER BY 1;
SELECT id FROM delete_data_product('dp:columns_b');
SELECT purge_data_product('columns_b') > 0 AS purged;
SELECT DISTINCT column_name FROM dpmeta.column_names WHERE column_name LIKE 'qq%' ORDER BY 1;
