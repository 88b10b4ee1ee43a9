/*
 * How what is registered differs from a live PostgreSQL schema.  It is all read with
 * the caller's rights, as register_catalog_schema() reads it.  Names are compared as
 * they are after folding, which leaves names as dpmeta takes them as they are.  An
 * update has this very file.
 */

/* Both are objects of tables by name, as sync_data_product() takes them. */
CREATE FUNCTION dpmeta.drift_between(registered jsonb, live jsonb)
	RETURNS TABLE (change text, table_name text, column_name text, registered text, live text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH pair AS (
		SELECT coalesce(o.key, n.key) AS table_name, o.value AS old, n.value AS new
		FROM jsonb_each(drift_between.registered) o
		FULL JOIN jsonb_each(drift_between.live) n ON n.key = o.key
	), pair_column AS (
		SELECT p.table_name, c.column_name, c.old, c.new, c.place
		FROM pair p
		CROSS JOIN LATERAL (
			SELECT coalesce(o.value->>'name', n.value->>'name') AS column_name,
				o.value AS old, n.value AS new, coalesce(o.place, n.place) AS place
			FROM jsonb_array_elements(p.old->'columns') WITH ORDINALITY o(value, place)
			FULL JOIN jsonb_array_elements(p.new->'columns') WITH ORDINALITY n(value, place)
				ON n.value->>'name' = o.value->>'name') c
		WHERE p.old IS NOT NULL AND p.new IS NOT NULL
	), difference AS (
		SELECT CASE WHEN p.old IS NULL THEN 'table-added' ELSE 'table-removed' END AS change,
			p.table_name, NULL::text AS column_name, NULL::text AS registered, NULL::text AS live, 0::bigint AS place
		FROM pair p
		WHERE p.old IS NULL OR p.new IS NULL
		UNION ALL
		-- who writes no comment does not say that there is nothing to say
		SELECT 'table-description-changed', p.table_name, NULL, p.old->>'tableDescription', p.new->>'tableDescription', 0
		FROM pair p
		WHERE p.new->>'tableDescription' <> '' AND p.new->>'tableDescription' <> p.old->>'tableDescription'
		UNION ALL
		SELECT CASE WHEN c.old IS NULL THEN 'column-added' ELSE 'column-removed' END,
			c.table_name, c.column_name, c.old->>'type', c.new->>'type', c.place
		FROM pair_column c
		WHERE c.old IS NULL OR c.new IS NULL
		UNION ALL
		SELECT m.change, c.table_name, c.column_name, m.registered, m.live, c.place
		FROM pair_column c
		CROSS JOIN LATERAL (VALUES
			('column-type-changed', c.old->>'type', c.new->>'type'),
			('column-required-changed', coalesce(c.old->>'required', 'false'), coalesce(c.new->>'required', 'false')),
			('column-primary-key-changed', coalesce(c.old->>'primaryKey', 'false'), coalesce(c.new->>'primaryKey', 'false')),
			('column-partition-changed', coalesce(c.old->>'partition', 'false'), coalesce(c.new->>'partition', 'false')),
			('column-description-changed', c.old->>'description', nullif(c.new->>'description', ''))) m(change, registered, live)
		WHERE c.old IS NOT NULL AND c.new IS NOT NULL AND m.registered <> m.live
	)
	SELECT d.change, d.table_name, d.column_name, d.registered, d.live
	FROM difference d
	ORDER BY d.table_name COLLATE "C", d.place, d.column_name COLLATE "C", d.change COLLATE "C"
$$;
COMMENT ON FUNCTION dpmeta.drift_between(jsonb, jsonb) IS
	'private: how the tables that are registered differ from live ones, both by name';

CREATE FUNCTION dpmeta.schema_drift(schema regnamespace, data_product text DEFAULT NULL,
									only_tables text[] DEFAULT NULL, except_tables text[] DEFAULT NULL,
									names jsonb DEFAULT '{}', extensions boolean DEFAULT false)
	RETURNS TABLE (change text, table_name text, column_name text, registered text, live text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	product		CONSTANT text := coalesce(data_product, (
		SELECT dpmeta.catalog_name(n.nspname::text, true) FROM pg_namespace n WHERE n.oid = schema::oid));
	live		jsonb;
	stored		jsonb;
BEGIN
	-- an error says that there is none
	PERFORM FROM dpmeta.get_data_product(concat('dp:', product)::dpmeta.dpid);
	live := dpmeta.catalog_schemas(schema, true, only_tables, except_tables, names, extensions);
	SELECT coalesce(jsonb_object_agg(s.table_name, jsonb_build_object(
			'tableDescription', s.description, 'columns', s.columns)), '{}')
	INTO stored
	FROM dpmeta.schemas s
	WHERE s.data_product = product AND s.is_current
		-- what is not looked at does not differ
		AND (only_tables IS NULL OR live ? s.table_name OR s.table_name = ANY (only_tables))
		AND NOT (coalesce(s.table_name = ANY (except_tables), false) AND NOT live ? s.table_name);
	RETURN QUERY
	SELECT d.change, d.table_name, d.column_name, d.registered, d.live
	FROM dpmeta.drift_between(stored, live) d
	WHERE coalesce(concat_ws('.', d.table_name, d.column_name) <> ALL (except_tables), true);
END
$$;
COMMENT ON FUNCTION dpmeta.schema_drift(regnamespace, text, text[], text[], jsonb, boolean) IS
	'how the current version of a data product (by default that of the schema''s name) differs from the live tables and views of a PostgreSQL schema, foreign tables too, one row for each difference; only_tables, except_tables (also table.column), names and extensions as in catalog_schemas(). A description differs only where there is a comment. Raises 42501 with all that you may not read, MD002 or MD003 when there is no such data product';

CREATE FUNCTION dpmeta.drift(schema regnamespace)
	RETURNS TABLE (change text, table_name text, column_name text, registered text, live text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT d.change, d.table_name, d.column_name, d.registered, d.live
	FROM dpmeta.schema_drift(drift.schema) d;
END;
COMMENT ON FUNCTION dpmeta.drift(regnamespace) IS
	'how the data product of a PostgreSQL schema''s name differs from the live schema; schema_drift() has options';

CREATE FUNCTION dpmeta.drift(id dpmeta.dpid, relation regclass)
	RETURNS TABLE (change text, table_name text, column_name text, registered text, live text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	document	CONSTANT json := (SELECT r.document FROM dpmeta.get_schema(id) r);
	called		CONSTANT text := dpmeta.table_name(id);
	schema		regnamespace;
	name		text;
	found		jsonb;
BEGIN
	SELECT c.relnamespace, c.relname INTO schema, name FROM pg_class c WHERE c.oid = relation;
	PERFORM dpmeta.check_catalog_rights(schema, ARRAY[name], NULL, true);
	found := dpmeta.catalog_definitions(schema, true, ARRAY[name], NULL, jsonb_build_object(name, called), true);
	IF NOT found ? called THEN
		RAISE '% is neither a table nor a view that stays', relation
			USING ERRCODE = 'wrong_object_type',
				HINT = 'Give a table, a foreign table, a view or a materialized view, and no temporary one.';
	END IF;
	RETURN QUERY
	SELECT d.change, d.table_name, d.column_name, d.registered, d.live
	FROM dpmeta.drift_between(jsonb_build_object(called, document), found) d;
END
$$;
COMMENT ON FUNCTION dpmeta.drift(dpmeta.dpid, regclass) IS
	'how a table that is registered differs from a live table or view, a foreign table too, one row for each difference. A description differs only where there is a comment. Raises 42501 with all that you may not read, and as get_schema() does';
